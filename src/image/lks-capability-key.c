/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-capability-key.h"

#include "lks-cursor.h"

/* The header that boards read, followed by the whole file in base64 on one line (observed in a
 * client of the device REST API since 4.0). */
#define HEADER_PREFIX "AZSPHERE-CAPABILITIES: "

struct _LksCapabilityKey
{
  gatomicrefcount refs;
  LksCapabilityFile *file; /* (owned) */
  char *fingerprint;       /* (owned) */

  GMutex mutex;
  LksSecret *header; /* (owned) (nullable): NULL once revoked; guarded by @mutex */
  LksSecret *bytes;  /* (owned) (nullable): as @header */
};

G_DEFINE_BOXED_TYPE (LksCapabilityKey,
                     lks_capability_key,
                     lks_capability_key_ref,
                     lks_capability_key_unref)

static LksCapabilityFile *
parse (const LksSecret *bytes, GError **error)
{
  gsize size;
  gconstpointer data = lks_secret_get_data (bytes, &size);
  g_autoptr (GBytes) view = g_bytes_new_static (data, size); /* no copy */
  g_autoptr (LksCapabilityFile) file = lks_capability_file_parse (view, error);

  if (file == NULL)
    return NULL;
  if (file->capabilities->len == 0)
    {
      g_set_error_literal (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_UNSUPPORTED,
                           "this is the empty capability, which takes capabilities away and opens "
                           "nothing; download it again and name the kind that is wanted");
      return NULL;
    }

  return g_steal_pointer (&file);
}

/**
 * lks_capability_key_new:
 * @bytes: a whole capability file
 * @error: return location for a [error@Lks.ParseError]
 *
 * Returns: (transfer full): a key to the board that the file names, or NULL with @error set when
 *   it is no capability file or grants nothing
 */
LksCapabilityKey *
lks_capability_key_new (LksSecret *bytes, GError **error)
{
  g_autoptr (LksCapabilityFile) file = parse (bytes, error);
  LksCapabilityKey *self;

  if (file == NULL)
    return NULL;

  self = g_new0 (LksCapabilityKey, 1);
  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->mutex);
  self->file = g_steal_pointer (&file);
  self->fingerprint = lks_secret_dup_fingerprint (bytes);
  self->header = lks_secret_new_base64 (HEADER_PREFIX, bytes);
  self->bytes = lks_secret_ref (bytes);
  return self;
}

/**
 * lks_capability_key_ref:
 * @self: a key
 *
 * Returns: (transfer full): @self
 */
LksCapabilityKey *
lks_capability_key_ref (LksCapabilityKey *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * lks_capability_key_unref:
 * @self: (transfer full) (nullable): a key
 */
void
lks_capability_key_unref (LksCapabilityKey *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;

  g_clear_pointer (&self->header, lks_secret_unref);
  g_clear_pointer (&self->bytes, lks_secret_unref);
  lks_capability_file_free (self->file);
  g_free (self->fingerprint);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * lks_capability_key_get_file:
 * @self: a key
 *
 * Returns: (transfer none): what the file says: board, capabilities, signer
 */
const LksCapabilityFile *
lks_capability_key_get_file (const LksCapabilityKey *self)
{
  return self->file;
}

/**
 * lks_capability_key_get_fingerprint:
 * @self: a key
 *
 * Returns: (transfer none): SHA-256 of the file, 64 digits: names it in records without telling it
 */
const char *
lks_capability_key_get_fingerprint (const LksCapabilityKey *self)
{
  return self->fingerprint;
}

/**
 * lks_capability_key_is_for:
 * @self: a key
 * @device_id: (nullable): a device ID, 128 digits in either case
 *
 * Returns: whether the file names that board
 */
gboolean
lks_capability_key_is_for (const LksCapabilityKey *self, const char *device_id)
{
  return device_id != NULL && g_ascii_strcasecmp (self->file->device_id, device_id) == 0;
}

/**
 * lks_capability_key_dup_header:
 * @self: a key
 *
 * Any thread.
 *
 * Returns: (transfer full) (nullable): the whole header line for a request to that board, without
 *   line end; NULL once revoked
 */
LksSecret *
lks_capability_key_dup_header (LksCapabilityKey *self)
{
  LksSecret *header;

  g_mutex_lock (&self->mutex);
  header = self->header != NULL ? lks_secret_ref (self->header) : NULL;
  g_mutex_unlock (&self->mutex);
  return header;
}

/**
 * lks_capability_key_dup_bytes:
 * @self: a key
 *
 * For storing the capability on the board it is for. Any thread.
 *
 * Returns: (transfer full) (nullable): the whole file; NULL once revoked
 */
LksSecret *
lks_capability_key_dup_bytes (LksCapabilityKey *self)
{
  LksSecret *bytes;

  g_mutex_lock (&self->mutex);
  bytes = self->bytes != NULL ? lks_secret_ref (self->bytes) : NULL;
  g_mutex_unlock (&self->mutex);
  return bytes;
}

/**
 * lks_capability_key_revoke:
 * @self: a key
 *
 * Ends its use everywhere: no request that begins after this carries it, and its bytes are wiped
 * as soon as a request under way has ended. Any thread.
 */
void
lks_capability_key_revoke (LksCapabilityKey *self)
{
  LksSecret *header, *bytes;

  g_mutex_lock (&self->mutex);
  header = g_steal_pointer (&self->header);
  bytes = g_steal_pointer (&self->bytes);
  g_mutex_unlock (&self->mutex);
  g_clear_pointer (&header, lks_secret_unref);
  g_clear_pointer (&bytes, lks_secret_unref);
}
