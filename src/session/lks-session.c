/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-session.h"

struct _LksSession
{
  gatomicrefcount refs;
  LksSessionFields fields; /* its texts and its array are owned */
};

G_DEFINE_BOXED_TYPE (LksSession, lks_session, lks_session_ref, lks_session_unref)

/**
 * lks_session_new:
 * @fields: what is known of it; copied
 *
 * Returns: (transfer full): a session
 */
LksSession *
lks_session_new (const LksSessionFields *fields)
{
  LksSession *self = g_new0 (LksSession, 1);

  g_atomic_ref_count_init (&self->refs);
  self->fields = *fields;
  self->fields.id = g_strdup (fields->id);
  self->fields.device_id = g_strdup (fields->device_id);
  self->fields.fingerprint = g_strdup (fields->fingerprint);
  self->fields.capabilities =
      g_memdup2 (fields->capabilities, fields->n_capabilities * sizeof *fields->capabilities);
  self->fields.note = g_strdup (fields->note);
  self->fields.operator_name = g_strdup (fields->operator_name);
  self->fields.boot_id = g_strdup (fields->boot_id);
  self->fields.port = g_strdup (fields->port);
  return self;
}

/**
 * lks_session_ref:
 * @self: a session
 *
 * Returns: (transfer full): @self
 */
LksSession *
lks_session_ref (LksSession *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * lks_session_unref:
 * @self: (transfer full) (nullable): a session
 */
void
lks_session_unref (LksSession *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;

  g_free ((char *) self->fields.id);
  g_free ((char *) self->fields.device_id);
  g_free ((char *) self->fields.fingerprint);
  g_free ((guint *) self->fields.capabilities);
  g_free ((char *) self->fields.note);
  g_free ((char *) self->fields.operator_name);
  g_free ((char *) self->fields.boot_id);
  g_free ((char *) self->fields.port);
  g_free (self);
}

/**
 * lks_session_get_fields:
 * @self: a session
 *
 * Returns: (transfer none): what is known of it
 */
const LksSessionFields *
lks_session_get_fields (const LksSession *self)
{
  return &self->fields;
}

/**
 * lks_session_get_id:
 * @self: a session
 *
 * Returns: (transfer none): its UUID
 */
const char *
lks_session_get_id (const LksSession *self)
{
  return self->fields.id;
}

/**
 * lks_session_get_device_id:
 * @self: a session
 *
 * Returns: (transfer none): its board, 128 digits, lower case
 */
const char *
lks_session_get_device_id (const LksSession *self)
{
  return self->fields.device_id;
}

/**
 * lks_session_is_same:
 * @self: (nullable): a session
 * @other: (nullable): another
 *
 * Returns: whether both are one session, at whatever moment; two times none is the same, too
 */
gboolean
lks_session_is_same (const LksSession *self, const LksSession *other)
{
  if (self == NULL || other == NULL)
    return self == other;
  return g_str_equal (self->fields.id, other->fields.id);
}
