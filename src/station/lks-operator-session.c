/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-operator-session.h"

#include "lks-boot-clock.h"
#include "lks-enums.h"
#include "lks-operator-check-private.h"
#include "lks-pin-store.h"
#include "lks-sign-in-journal.h"
#include "lks-worker.h"

struct _LksOperatorSession
{
  GObject parent_instance;

  LksStationConfig *config; /* (owned) */
  char *journal_path;       /* (owned) */
  char *tries_path;         /* (owned) */
  LksOperatorClock clock;

  gboolean required; /* as the user says; the configuration may say so, too */
  gboolean busy;
  LksOperatorRole role;
  char *name;        /* (owned) (nullable): NULL when nobody is signed in */
  char *batch;       /* (owned) (nullable) */
  GDateTime *since;  /* (owned) (nullable) */
  gint64 touched_us; /* monotonic */
};

G_DEFINE_FINAL_TYPE (LksOperatorSession, lks_operator_session, G_TYPE_OBJECT)

typedef enum
{
  PROP_SIGNED_IN = 1,
  PROP_NAME,
  PROP_ROLE,
  PROP_BATCH,
  PROP_SIGNED_IN_SINCE,
  PROP_REQUIRED,
  PROP_BUSY,
} LksOperatorSessionProperty;

static GParamSpec *properties[PROP_BUSY + 1];

static void
notify (LksOperatorSession *self, LksOperatorSessionProperty property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static gint64
get_real_us (gpointer unused)
{
  return g_get_real_time ();
}

static gint64
get_monotonic_us (gpointer unused)
{
  return lks_boot_clock_us (); /* whoever closes the lid goes away, too */
}

static void
set_busy (LksOperatorSession *self, gboolean busy)
{
  if (self->busy == busy)
    return;

  self->busy = busy;
  notify (self, PROP_BUSY);
}

/* The one place where somebody comes or goes. @name: (nullable) */
static void
set_person (LksOperatorSession *self, const char *name, LksOperatorRole role, const char *batch)
{
  g_object_freeze_notify (G_OBJECT (self));
  g_free (self->name);
  self->name = g_strdup (name);
  self->role = role;
  g_free (self->batch);
  self->batch = g_strdup (batch);
  g_clear_pointer (&self->since, g_date_time_unref);
  if (name != NULL)
    self->since = g_date_time_new_from_unix_local (self->clock.real_us (self->clock.user_data) /
                                                   G_USEC_PER_SEC);
  notify (self, PROP_SIGNED_IN);
  notify (self, PROP_NAME);
  notify (self, PROP_ROLE);
  notify (self, PROP_BATCH);
  notify (self, PROP_SIGNED_IN_SINCE);
  g_object_thaw_notify (G_OBJECT (self));
}

/* A line that cannot be written keeps nobody from going. */
static void
leave (LksOperatorSession *self, const char *how)
{
  const LksSignInEntry entry = {
    .event = "signed-out",
    .name = self->name,
    .role = lks_enum_to_nick (LKS_TYPE_OPERATOR_ROLE, (int) self->role),
    .how = how,
    .batch = self->batch,
    .at_us = self->clock.real_us (self->clock.user_data),
  };
  g_autoptr (GError) error = NULL;

  if (self->name == NULL)
    return;
  if (!lks_sign_in_journal_append (self->journal_path, &entry, FALSE, &error))
    g_message ("%s", error->message);
  set_person (self, NULL, LKS_OPERATOR_ROLE_NONE, NULL);
}

static void
lks_operator_session_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksOperatorSession *self = LKS_OPERATOR_SESSION (object);

  switch ((LksOperatorSessionProperty) prop_id)
    {
    case PROP_SIGNED_IN:
      g_value_set_boolean (value, self->name != NULL);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_ROLE:
      g_value_set_enum (value, (int) self->role);
      break;
    case PROP_BATCH:
      g_value_set_string (value, self->batch);
      break;
    case PROP_SIGNED_IN_SINCE:
      g_value_set_boxed (value, self->since);
      break;
    case PROP_REQUIRED:
      g_value_set_boolean (value, lks_operator_session_get_required (self));
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, self->busy);
      break;
    }
}

static void
lks_operator_session_set_property (GObject *object,
                                   guint prop_id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  g_assert (prop_id == PROP_REQUIRED);
  lks_operator_session_set_required (LKS_OPERATOR_SESSION (object), g_value_get_boolean (value));
}

static void
lks_operator_session_finalize (GObject *object)
{
  LksOperatorSession *self = LKS_OPERATOR_SESSION (object);

  lks_station_config_unref (self->config);
  g_free (self->journal_path);
  g_free (self->tries_path);
  g_free (self->name);
  g_free (self->batch);
  g_clear_pointer (&self->since, g_date_time_unref);
  G_OBJECT_CLASS (lks_operator_session_parent_class)->finalize (object);
}

static void
lks_operator_session_class_init (LksOperatorSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = lks_operator_session_get_property;
  object_class->set_property = lks_operator_session_set_property;
  object_class->finalize = lks_operator_session_finalize;

  properties[PROP_SIGNED_IN] = g_param_spec_boolean ("signed-in", NULL, NULL, FALSE, readable);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, readable);
  properties[PROP_ROLE] = g_param_spec_enum ("role", NULL, NULL, LKS_TYPE_OPERATOR_ROLE,
                                             LKS_OPERATOR_ROLE_NONE, readable);
  properties[PROP_BATCH] = g_param_spec_string ("batch", NULL, NULL, NULL, readable);
  properties[PROP_SIGNED_IN_SINCE] =
      g_param_spec_boxed ("signed-in-since", NULL, NULL, G_TYPE_DATE_TIME, readable);
  properties[PROP_REQUIRED] =
      g_param_spec_boolean ("required", NULL, NULL, FALSE, readable | G_PARAM_WRITABLE);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, readable);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
lks_operator_session_init (LksOperatorSession *self)
{
  self->clock = (LksOperatorClock){ get_real_us, get_monotonic_us, NULL };
}

/**
 * lks_operator_session_new:
 * @config: what holds for this station
 * @journal_path: where it is written down who came and went
 * @tries_path: where wrong PINs are counted
 *
 * Returns: (transfer full): a session in which nobody is signed in
 */
LksOperatorSession *
lks_operator_session_new (LksStationConfig *config,
                          const char *journal_path,
                          const char *tries_path)
{
  LksOperatorSession *self = g_object_new (LKS_TYPE_OPERATOR_SESSION, NULL);

  self->config = lks_station_config_ref (config);
  self->journal_path = g_strdup (journal_path);
  self->tries_path = g_strdup (tries_path);
  return self;
}

/**
 * lks_operator_session_new_default:
 * @config: what holds for this station
 *
 * Returns: (transfer full): a session that is kept in the folders of this user
 */
LksOperatorSession *
lks_operator_session_new_default (LksStationConfig *config)
{
  g_autofree char *journal_path = lks_sign_in_journal_dup_default_path ();
  g_autofree char *tries_path = lks_pin_store_dup_default_tries_path ();

  return lks_operator_session_new (config, journal_path, tries_path);
}

/**
 * lks_operator_session_set_clock:
 * @self: a session in which nobody is signed in
 * @clock: where it takes the time from
 */
void
lks_operator_session_set_clock (LksOperatorSession *self, const LksOperatorClock *clock)
{
  self->clock = *clock;
}

/**
 * lks_operator_session_get_config:
 * @self: a session
 *
 * Returns: (transfer none): what holds for this station
 */
LksStationConfig *
lks_operator_session_get_config (LksOperatorSession *self)
{
  return self->config;
}

/**
 * lks_operator_session_get_required:
 * @self: a session
 *
 * Returns: whether people have to sign in here
 */
gboolean
lks_operator_session_get_required (LksOperatorSession *self)
{
  return self->required || self->config->requires_sign_in;
}

/**
 * lks_operator_session_set_required:
 * @self: a session
 * @required: whether people have to sign in
 *
 * Where the administrator says that they have to, they have to anyway.
 */
void
lks_operator_session_set_required (LksOperatorSession *self, gboolean required)
{
  if (self->required == required)
    return;

  self->required = required;
  notify (self, PROP_REQUIRED);
}

/**
 * lks_operator_session_get_signed_in:
 * @self: a session
 *
 * Returns: whether somebody is signed in
 */
gboolean
lks_operator_session_get_signed_in (LksOperatorSession *self)
{
  return self->name != NULL;
}

/**
 * lks_operator_session_get_busy:
 * @self: a session
 *
 * Returns: whether somebody is just being signed in
 */
gboolean
lks_operator_session_get_busy (LksOperatorSession *self)
{
  return self->busy;
}

/**
 * lks_operator_session_get_name:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): who is signed in
 */
const char *
lks_operator_session_get_name (LksOperatorSession *self)
{
  return self->name;
}

/**
 * lks_operator_session_get_role:
 * @self: a session
 *
 * Returns: as what, NONE when nobody is signed in
 */
LksOperatorRole
lks_operator_session_get_role (LksOperatorSession *self)
{
  return self->role;
}

/**
 * lks_operator_session_get_batch:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the batch or order number that is worked on
 */
const char *
lks_operator_session_get_batch (LksOperatorSession *self)
{
  return self->batch;
}

/**
 * lks_operator_session_set_batch:
 * @self: a session
 * @batch: (nullable): the batch or order number that is worked on from now on
 * @error: return location for a [error@Lks.OperatorError], INVALID
 *
 * Returns: whether it can stand in a record
 */
gboolean
lks_operator_session_set_batch (LksOperatorSession *self, const char *batch, GError **error)
{
  g_autofree char *word =
      lks_operator_check_word (batch, "a batch", LKS_OPERATOR_BATCH_CHARACTERS_MAX, error);

  if (word == NULL)
    return FALSE;
  if (g_strcmp0 (*word != '\0' ? word : NULL, self->batch) == 0)
    return TRUE;

  g_free (self->batch);
  self->batch = *word != '\0' ? g_steal_pointer (&word) : NULL;
  notify (self, PROP_BATCH);
  return TRUE;
}

/**
 * lks_operator_session_get_since:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): since when somebody is signed in, local time
 */
GDateTime *
lks_operator_session_get_since (LksOperatorSession *self)
{
  return self->since;
}

/**
 * lks_operator_session_may:
 * @self: a session
 * @act: what is to be done
 *
 * Returns: whether it may be done now; where nobody has to sign in, everything may
 */
gboolean
lks_operator_session_may (LksOperatorSession *self, LksOperatorAct act)
{
  return !lks_operator_session_get_required (self) || self->role >= lks_operator_act_get_role (act);
}

static void
check_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (lks_operator_check_run (task_data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * lks_operator_session_sign_in_async:
 * @self: a session
 * @sign_in: what somebody shows
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * Signs somebody in, in place of whoever was before. That happened is on the disk first.
 */
void
lks_operator_session_sign_in_async (LksOperatorSession *self,
                                    const LksOperatorProof *sign_in,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  LksOperatorCheck *check;

  g_task_set_source_tag (task, lks_operator_session_sign_in_async);
  g_task_set_check_cancellable (task, FALSE); /* who is written down is signed in */
  if (self->busy)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING,
                               "somebody is being signed in already");
      return;
    }

  check = g_new0 (LksOperatorCheck, 1);
  check->config = lks_station_config_ref (self->config);
  check->journal_path = g_strdup (self->journal_path);
  check->tries_path = g_strdup (self->tries_path);
  check->text = g_strdup (sign_in->text);
  check->pin = sign_in->pin != NULL ? lks_secret_ref (sign_in->pin) : NULL;
  check->key_path = g_strdup (sign_in->key_path);
  check->batch = g_strdup (sign_in->batch);
  check->now_us = self->clock.real_us (self->clock.user_data);
  g_task_set_task_data (task, check, (GDestroyNotify) lks_operator_check_free);
  set_busy (self, TRUE);
  lks_worker_run_alone (task, check_in_thread);
}

/**
 * lks_operator_session_sign_in_finish:
 * @self: a session
 * @result: the result
 * @error: return location for a [error@Lks.OperatorError], a [error@Lks.VaultError], a
 *   [error@Lks.LedgerError] for a key file, `G_IO_ERROR_PENDING` or `G_IO_ERROR_CANCELLED`
 *
 * Returns: whether that person is signed in now; otherwise nothing has changed
 */
gboolean
lks_operator_session_sign_in_finish (LksOperatorSession *self, GAsyncResult *result, GError **error)
{
  LksOperatorCheck *check = g_task_get_task_data (G_TASK (result));
  gboolean is_good;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  is_good = g_task_propagate_boolean (G_TASK (result), error);
  if (check == NULL)
    return FALSE;

  set_busy (self, FALSE);
  if (!is_good)
    return FALSE;
  leave (self, "replaced");
  self->touched_us = self->clock.monotonic_us (self->clock.user_data);
  set_person (self, check->name, check->role, check->batch);
  return TRUE;
}

/**
 * lks_operator_session_sign_out:
 * @self: a session
 *
 * Runs that were begun go on; nothing else does.
 */
void
lks_operator_session_sign_out (LksOperatorSession *self)
{
  leave (self, "asked");
}

/**
 * lks_operator_session_touch:
 * @self: a session
 *
 * Somebody pressed a key, moved the mouse or scanned something.
 */
void
lks_operator_session_touch (LksOperatorSession *self)
{
  self->touched_us = self->clock.monotonic_us (self->clock.user_data);
}

/**
 * lks_operator_session_check_idle:
 * @self: a session
 *
 * Signs out whoever has not touched anything for too long; to be called now and then.
 *
 * Returns: whether somebody was signed out
 */
gboolean
lks_operator_session_check_idle (LksOperatorSession *self)
{
  const gint64 idle_us = self->clock.monotonic_us (self->clock.user_data) - self->touched_us;

  if (self->name == NULL || self->config->idle_minutes == 0 ||
      !lks_operator_session_get_required (self) ||
      idle_us < (gint64) self->config->idle_minutes * 60 * G_USEC_PER_SEC)
    return FALSE;

  leave (self, "idle");
  return TRUE;
}

/**
 * lks_operator_session_close:
 * @self: a session
 *
 * The program ends.
 */
void
lks_operator_session_close (LksOperatorSession *self)
{
  leave (self, "closed");
}
