/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a session begins: checked, fetched, written down, shown to the board, and its answer
 * understood. */
#include "lks-session-keeper-private.h"

#include "lks-capability.h"
#include "lks-device-id.h"
#include "lks-device-images.h"
#include "lks-device-state.h"
#include "lks-session-refusal.h"

/* What the first request with the key brought; the worker's while it runs. */
typedef struct
{
  LksCapabilityKey *key; /* (owned) */
  char *device_id;       /* (owned) (nullable): asked again after a refusal */
  char *os_version;      /* (owned) (nullable): asked after a refusal */
  GError *refused;       /* (owned) (nullable) */
} First;

typedef struct
{
  LksBoard *board;           /* (owned) */
  LksVaultItem *item;        /* (owned) */
  char *id;                  /* (owned): of the session */
  char *note;                /* (owned) (nullable) */
  char *operator_name;       /* (owned) */
  char *operator_role;       /* (owned) (nullable) */
  char *batch;               /* (owned) (nullable) */
  LksSessionRequest request; /* its texts and objects are the owned ones above */
  LksCapabilityKey *key;     /* (owned) (nullable) */
} Start;

static void
first_free (gpointer data)
{
  First *first = data;

  lks_capability_key_unref (first->key);
  g_free (first->device_id);
  g_free (first->os_version);
  g_clear_error (&first->refused);
  g_free (first);
}

static void
start_free (gpointer data)
{
  Start *start = data;

  g_object_unref (start->board);
  g_object_unref (start->item);
  g_free (start->id);
  g_free (start->note);
  g_free (start->operator_name);
  g_free (start->operator_role);
  g_free (start->batch);
  lks_capability_key_unref (start->key);
  g_free (start);
}

static Start *
start_new (const LksSessionRequest *request)
{
  Start *start = g_new0 (Start, 1);

  start->board = g_object_ref (request->board);
  start->item = g_object_ref (request->item);
  start->id = g_uuid_string_random ();
  start->note = request->note != NULL ? g_utf8_make_valid (request->note, -1) : NULL;
  start->operator_name = g_utf8_make_valid (request->operator_name, -1);
  start->operator_role = g_strdup (request->operator_role);
  start->batch = request->batch != NULL ? g_utf8_make_valid (request->batch, -1) : NULL;
  start->request = *request;
  start->request.note = start->note;
  start->request.operator_name = start->operator_name;
  start->request.operator_role = start->operator_role;
  start->request.batch = start->batch;
  return start;
}

/* ---- before anything happens ---- */

static gboolean
refuse (GError **error, LksSessionError code, const char *message)
{
  g_set_error_literal (error, LKS_SESSION_ERROR, (int) code, message);
  return FALSE;
}

/* Only a finished board that is locked needs to be shown anything. */
static gboolean
check_board (LksBoardStatus *status, GError **error)
{
  const GError *problem = lks_board_status_get_error (status);
  const char *state = lks_board_status_get_manufacturing_state (status);

  if (lks_board_status_get_device_id (status) == NULL || state == NULL)
    {
      g_set_error (error, LKS_BOARD_ERROR, LKS_BOARD_ERROR_NOT_READY, "%s",
                   problem != NULL ? problem->message : "the board has not told who it is yet");
      return FALSE;
    }
  if (problem != NULL && problem->domain == LKS_BOARD_ERROR)
    {
      g_propagate_error (error, g_error_copy (problem)); /* two of them, or not the same twice */
      return FALSE;
    }
  if (!g_str_equal (state, "DeviceComplete"))
    return refuse (error, LKS_SESSION_ERROR_NOT_NEEDED,
                   "the board is not finished (DeviceComplete), so it serves everybody");
  if (lks_board_status_has_capability (status, LKS_CAPABILITY_APP_DEVELOPMENT) ||
      lks_board_status_has_capability (status, LKS_CAPABILITY_FIELD_SERVICING))
    return refuse (error, LKS_SESSION_ERROR_NOT_NEEDED,
                   "a capability is stored on the board, so it serves everybody; that is a danger "
                   "for a finished board: remove it");
  return TRUE;
}

static gboolean
check_limits (const LksSessionRequest *request, GError **error)
{
  if (request->minutes >= 1 && request->minutes <= LKS_SESSION_MINUTES_MAX &&
      request->grace_s <= LKS_SESSION_GRACE_MAX_S &&
      (request->note == NULL ||
       g_utf8_strlen (request->note, -1) <= LKS_SESSION_NOTE_CHARACTERS_MAX))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "a session lasts 1 to %d minutes, the board may be unplugged for 0 to %d seconds, "
               "and the note has at most %d characters",
               LKS_SESSION_MINUTES_MAX, LKS_SESSION_GRACE_MAX_S, LKS_SESSION_NOTE_CHARACTERS_MAX);
  return FALSE;
}

static gboolean
check_item (const LksSessionRequest *request, LksBoardStatus *status, GError **error)
{
  const char *device_id = lks_board_status_get_device_id (status);
  const char *item_id = lks_vault_item_get_device_id (request->item);

  if (g_ascii_strcasecmp (item_id, device_id) != 0)
    {
      g_set_error (error, LKS_SESSION_ERROR, LKS_SESSION_ERROR_OTHER_BOARD,
                   "the capability is for the board %s, and this is %s",
                   lks_device_id_get_short (item_id), lks_device_id_get_short (device_id));
      return FALSE;
    }
  if (!lks_service_task_suffices (request->task, lks_vault_item_get_capabilities (request->item)))
    {
      g_set_error (error, LKS_SESSION_ERROR, LKS_SESSION_ERROR_NO_CAPABILITY,
                   "the capability does not suffice: %s",
                   lks_service_task_get_rule (request->task)->reason);
      return FALSE;
    }
  return TRUE;
}

/* ---- the first request ---- */

/* Worker thread. Refused is an answer here; then the board is asked what may explain it, with
 * requests that it answers to everybody. */
static gboolean
ask_board (LksDevice *device, gpointer data, GCancellable *cancellable, GError **error)
{
  First *first = data;
  g_autoptr (GError) local = NULL;
  g_autoptr (LksDeviceSecurity) security = NULL;
  g_autoptr (LksComponents) components = lks_device_get_images (device, cancellable, &local);

  if (components != NULL)
    return TRUE;
  if (!g_error_matches (local, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED) &&
      !g_error_matches (local, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REJECTED) &&
      !g_error_matches (local, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BUSY))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  first->refused = g_steal_pointer (&local);
  security = lks_device_get_security_state (device, cancellable, error);
  if (security == NULL)
    return FALSE;
  first->device_id = g_strdup (security->device_id);
  first->os_version = lks_device_get_os_version (device, cancellable, NULL);
  return TRUE;
}

static char *
explain (First *first, gboolean *out_passes)
{
  const LksCapabilityFile *file = lks_capability_key_get_file (first->key);
  g_autofree char *keystore_reason = NULL;
  LksSessionRefusalFacts facts = {
    .file_device_id = file->device_id,
    .device_id = first->device_id,
    .capabilities = file->capabilities,
    .error = first->refused,
  };
  LksSessionRefusal refusal;

  facts.keystore =
      lks_keystore_judge (file->metadata->built_unix_s, first->os_version, &keystore_reason);
  facts.keystore_reason = keystore_reason;
  refusal = lks_session_refusal_judge (&facts);
  *out_passes = lks_session_refusal_passes (refusal);
  return lks_session_refusal_describe (refusal, &facts);
}

/* The board refuses: a session that opens nothing does not go on. */
static void
end_refused (LksSessionKeeper *self, GTask *task, First *first)
{
  gboolean passes = FALSE;
  g_autofree char *why = explain (first, &passes);

  if (!passes)
    lks_session_keeper_end (self, LKS_SESSION_END_NOT_ACCEPTED, NULL);
  g_task_return_new_error (task, LKS_SESSION_ERROR, LKS_SESSION_ERROR_NOT_ACCEPTED, "%s (%s)", why,
                           first->refused->message);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  LksSessionKeeper *self = g_task_get_source_object (task);
  Start *start = g_task_get_task_data (task);
  LksSession *session = lks_session_keeper_get_session (self);
  First *first = g_object_get_data (G_OBJECT (task), "first");
  g_autoptr (GError) error = NULL;
  gboolean is_answered = lks_board_run_finish (LKS_BOARD (source), result, &error);

  if (session == NULL || !g_str_equal (lks_session_get_id (session), start->id))
    g_task_return_new_error (task, LKS_SESSION_ERROR, LKS_SESSION_ERROR_NONE_ACTIVE,
                             "the session ended before the board had answered");
  else if (is_answered && first->refused != NULL)
    end_refused (self, task, first);
  else if (!is_answered)
    g_task_return_error (task, g_steal_pointer (&error)); /* it goes on; the board may come back */
  else
    {
      lks_vault_touch_async (lks_session_keeper_get_vault (self), start->item, NULL, NULL, NULL);
      g_task_return_boolean (task, TRUE);
    }
}

static void
ask_first (GTask *task, Start *start)
{
  First *first = g_new0 (First, 1);

  first->key = lks_capability_key_ref (start->key);
  g_object_set_data_full (G_OBJECT (task), "first", first, first_free);
  lks_board_run_async (start->board, ask_board, first, NULL, g_task_get_cancellable (task),
                       answered_cb, g_object_ref (task));
}

/* ---- begin ---- */

static gboolean
begin (LksSessionKeeper *self, Start *start, GError **error)
{
  const LksCapabilityFile *file = lks_capability_key_get_file (start->key);
  LksBoardStatus *status = lks_board_get_status (start->board);
  LksPort *port = lks_board_get_port (start->board);
  g_autoptr (JsonNode) before = lks_board_status_to_json (status);
  const LksSessionBeginning beginning = {
    .fields = {
      .id = start->id,
      .device_id = file->device_id,
      .fingerprint = lks_capability_key_get_fingerprint (start->key),
      .capabilities = (const guint *) file->capabilities->data,
      .n_capabilities = file->capabilities->len,
      .task = start->request.task,
      .note = start->note,
      .operator_name = start->operator_name,
      .ends_us = start->request.minutes * G_TIME_SPAN_MINUTE,
      .port = lks_port_get_path (port),
      .attach_number = lks_port_get_attach_number (port),
      .grace_s = start->request.grace_s,
      .survives_program = start->request.survives_program,
      .ends_on_lock = start->request.ends_on_lock,
    },
    .usb_serial = lks_port_get_usb_serial (port),
    .operator_role = start->operator_role,
    .batch = start->batch,
    .signer = file->metadata->signer_thumbprint,
    .before = before,
  };

  return check_board (status, error) && check_item (&start->request, status, error) &&
         lks_session_guard_begin (lks_session_keeper_get_guard (self), &beginning, error);
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  LksSessionKeeper *self = g_task_get_source_object (task);
  Start *start = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  start->key = lks_vault_fetch_key_finish (LKS_VAULT (source), result, &error);
  if (start->key != NULL && begin (self, start, &error) &&
      !lks_session_keeper_take_key (self, start->key))
    {
      lks_session_keeper_end (self, LKS_SESSION_END_CAPABILITY_GONE, NULL);
      refuse (&error, LKS_SESSION_ERROR_OTHER_BOARD, "the capability is for another board");
    }

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    ask_first (task, start);
}

/**
 * lks_session_keeper_start_async:
 * @self: a keeper
 * @request: what the user wants; copied
 * @cancellable: (nullable): a cancellable; what has begun by then goes on
 * @callback: called when the board has answered the first request that carried the capability
 * @user_data: for @callback
 *
 * Begins a session of a finished board: checks that it makes sense, gets the capability out of
 * the vault (which may ask the person to unlock it), writes the session down, and shows the
 * capability to the board.
 */
void
lks_session_keeper_start_async (LksSessionKeeper *self,
                                const LksSessionRequest *request,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  LksBoardStatus *status = lks_board_get_status (request->board);
  LksSession *active = lks_session_keeper_get_session (self);
  GError *error = NULL;

  g_task_set_source_tag (task, lks_session_keeper_start_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, start_new (request), start_free);
  if (active != NULL)
    g_set_error (&error, LKS_SESSION_ERROR, LKS_SESSION_ERROR_ACTIVE,
                 "a servicing session of the board %s goes on already",
                 lks_device_id_get_short (lks_session_get_device_id (active)));
  else if (check_limits (request, &error) && check_board (status, &error))
    check_item (request, status, &error);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  lks_vault_fetch_key_async (lks_session_keeper_get_vault (self), request->item, cancellable,
                             fetched_cb, g_object_ref (task));
}

/**
 * lks_session_keeper_start_finish:
 * @self: a keeper
 * @result: the result
 * @error: return location for an error: [error@Lks.SessionError] when it did not begin or the
 *   board does not accept the capability, [error@Lks.VaultError], [error@Lks.LedgerError]; any
 *   other error is about the board's first answer, and the session goes on
 *
 * Returns: whether the board has accepted the capability
 */
gboolean
lks_session_keeper_start_finish (LksSessionKeeper *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
