/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-service-text.h"

#include "lks-device-id.h"
#include "lks-enums.h"
#include "lks-json.h"
#include "lks-record-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CAPABILITIES_MAX_BYTES 4096
#define CAPABILITY_MAX 255

/**
 * lks_service_task_title:
 * @task: what a session is for
 *
 * Returns: (transfer none): it in the user's language
 */
const char *
lks_service_task_title (LksServiceTask task)
{
  switch (task)
    {
    case LKS_SERVICE_TASK_OTHER:
      return _ ("Something Else");
    case LKS_SERVICE_TASK_WIFI:
      return _ ("Change Wi-Fi");
    case LKS_SERVICE_TASK_NETWORK:
      return _ ("Change Network Settings");
    case LKS_SERVICE_TASK_CERTIFICATES:
      return _ ("Change Certificates");
    case LKS_SERVICE_TASK_LOGS:
      return _ ("Save Logs");
    case LKS_SERVICE_TASK_RESTART:
      return _ ("Restart the Board");
    case LKS_SERVICE_TASK_APPLICATION:
      return _ ("Replace an Application");
    case LKS_SERVICE_TASK_KEYSTORE:
      return _ ("Install a Keystore or Board Configuration");
    case LKS_SERVICE_TASK_CONTROL:
      return _ ("Start and Stop Applications");
    case LKS_SERVICE_TASK_REMOVE:
      return _ ("Delete Applications");
    case LKS_SERVICE_TASK_DEVELOPMENT:
      return _ ("Install a Development Application");
    case LKS_SERVICE_TASK_DEBUG:
      return _ ("Debug an Application");
    case LKS_SERVICE_TASK_MEMORY:
      return _ ("Read Memory Use");
    }
  return "";
}

/**
 * lks_session_end_sentence:
 * @end: how a session ended
 *
 * Returns: (transfer none): a sentence in the user's language
 */
const char *
lks_session_end_sentence (LksSessionEnd end)
{
  switch (end)
    {
    case LKS_SESSION_END_NONE:
      return _ ("It has not ended yet.");
    case LKS_SESSION_END_USER:
      return _ ("It was ended by hand.");
    case LKS_SESSION_END_UNPLUGGED:
      return _ ("The board was unplugged.");
    case LKS_SESSION_END_OTHER_BOARD:
      return _ ("Another board was plugged in at its place.");
    case LKS_SESSION_END_SCREEN_LOCKED:
      return _ ("The screen was locked.");
    case LKS_SESSION_END_SUSPENDED:
      return _ ("The computer went to sleep.");
    case LKS_SESSION_END_TIMEOUT:
      return _ ("Its time was over.");
    case LKS_SESSION_END_LOGGED_OUT:
      return _ ("The user logged out.");
    case LKS_SESSION_END_PROGRAM_CLOSED:
      return _ ("Locksmith was closed.");
    case LKS_SESSION_END_PROGRAM_DIED:
      return _ ("The program that watched over it was killed.");
    case LKS_SESSION_END_COMPUTER_RESTARTED:
      return _ ("The computer was started anew.");
    case LKS_SESSION_END_CAPABILITY_GONE:
      return _ ("Its capability is not in the keyring any more.");
    case LKS_SESSION_END_NOT_ACCEPTED:
      return _ ("The board did not accept the capability.");
    case LKS_SESSION_END_DAMAGED:
      return _ ("What was kept of it could not be read.");
    }
  return "";
}

/* What the ledger says is a word of this program, but the file may be anybody's. */
static LksSessionEnd
find_end (LksServiceRecord *record)
{
  const LksServiceFields *fields = lks_service_record_get_fields (record);
  int end = LKS_SESSION_END_NONE;

  if (fields->end_reason != NULL &&
      !lks_enum_from_nick (LKS_TYPE_SESSION_END, fields->end_reason, &end))
    end = LKS_SESSION_END_NONE;
  return (LksSessionEnd) end;
}

/**
 * lks_service_record_to_title:
 * @record: a record
 *
 * Returns: (transfer full): which board it is about
 */
char *
lks_service_record_to_title (LksServiceRecord *record)
{
  /* Translators: the last six digits of a device ID */
  return g_strdup_printf (_ ("Board %s"), lks_device_id_get_short (
                                              lks_service_record_get_fields (record)->device_id));
}

/**
 * lks_service_record_to_subtitle:
 * @record: a record
 *
 * Returns: (transfer full): when, and by whom
 */
char *
lks_service_record_to_subtitle (LksServiceRecord *record)
{
  const LksServiceFields *fields = lks_service_record_get_fields (record);
  g_autofree char *time = lks_record_format_time (fields->started_us);

  /* Translators: a time and a person */
  return g_strdup_printf (_ ("%s · %s"), time, fields->operator_name);
}

/**
 * lks_service_record_to_search_text:
 * @record: a record
 *
 * Returns: (transfer full): everything a record can be found by
 */
char *
lks_service_record_to_search_text (LksServiceRecord *record)
{
  const LksServiceFields *fields = lks_service_record_get_fields (record);
  g_autofree char *time = lks_record_format_time (fields->started_us);
  g_autofree char *task = lks_service_record_to_task (record);
  LksSign sign = lks_sign_for_service_record (record);

  return g_strjoin (" ", fields->device_id, fields->port,
                    fields->usb_serial != NULL ? fields->usb_serial : "", fields->operator_name,
                    fields->station, task, fields->note != NULL ? fields->note : "", sign.word,
                    time, NULL);
}

/**
 * lks_service_record_to_task:
 * @record: a record
 *
 * Returns: (transfer full): what the session was for
 */
char *
lks_service_record_to_task (LksServiceRecord *record)
{
  const char *nick = lks_service_record_get_fields (record)->task;
  int task;

  return g_strdup (lks_enum_from_nick (LKS_TYPE_SERVICE_TASK, nick, &task)
                       ? lks_service_task_title ((LksServiceTask) task)
                       : nick);
}

/**
 * lks_service_record_to_ending:
 * @record: a record
 *
 * Returns: (transfer full): how the session ended
 */
char *
lks_service_record_to_ending (LksServiceRecord *record)
{
  const char *nick = lks_service_record_get_fields (record)->end_reason;
  LksSessionEnd end = find_end (record);

  if (nick != NULL && end == LKS_SESSION_END_NONE)
    return g_strdup (nick); /* a word of a newer Locksmith */
  return g_strdup (lks_session_end_sentence (end));
}

static void
append_capability (JsonArray *array, guint index, JsonNode *node, gpointer user_data)
{
  GString *text = user_data;
  g_autofree char *title = NULL;
  gint64 number;

  if (json_node_get_value_type (node) != G_TYPE_INT64)
    return;
  number = json_node_get_int (node);
  if (number < 0 || number > CAPABILITY_MAX)
    return;

  title = lks_capability_title ((guint32) number);
  g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", title);
}

/**
 * lks_service_record_to_capability:
 * @record: a record
 *
 * Returns: (transfer full): what the capability grants, and its fingerprint
 */
char *
lks_service_record_to_capability (LksServiceRecord *record)
{
  const LksServiceFields *fields = lks_service_record_get_fields (record);
  g_autoptr (LksJson) json =
      lks_json_parse ("capabilities", fields->capabilities, strlen (fields->capabilities),
                      CAPABILITIES_MAX_BYTES, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  if (json != NULL && JSON_NODE_HOLDS_ARRAY (lks_json_get_root (json)))
    json_array_foreach_element (json_node_get_array (lks_json_get_root (json)), append_capability,
                                text);
  g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", fields->fingerprint);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * lks_sign_for_service_record:
 * @record: a record
 *
 * Returns: whether the session goes on, ended in order, or ended because something went wrong
 */
LksSign
lks_sign_for_service_record (LksServiceRecord *record)
{
  const LksServiceFields *fields = lks_service_record_get_fields (record);

  if (fields->end_reason == NULL)
    return (LksSign){ "lks-open-symbolic", _ ("In Session"), "", LKS_TONE_WARNING };

  switch (find_end (record))
    {
    case LKS_SESSION_END_CAPABILITY_GONE:
    case LKS_SESSION_END_DAMAGED:
    case LKS_SESSION_END_NOT_ACCEPTED:
    case LKS_SESSION_END_OTHER_BOARD:
    case LKS_SESSION_END_PROGRAM_DIED:
      return (LksSign){ "lks-stopped-symbolic", _ ("Broken Off"), "", LKS_TONE_WARNING };
    case LKS_SESSION_END_COMPUTER_RESTARTED:
    case LKS_SESSION_END_LOGGED_OUT:
    case LKS_SESSION_END_NONE:
    case LKS_SESSION_END_PROGRAM_CLOSED:
    case LKS_SESSION_END_SCREEN_LOCKED:
    case LKS_SESSION_END_SUSPENDED:
    case LKS_SESSION_END_TIMEOUT:
    case LKS_SESSION_END_UNPLUGGED:
    case LKS_SESSION_END_USER:
      break;
    }
  return (LksSign){ "lks-locked-symbolic", _ ("Serviced"), "", LKS_TONE_GOOD };
}

/* What the requests that change a board mean (OpenAPI file of the device REST API). A path that
 * ends in "/" stands for all that begin with it; what follows names the thing. */
static const struct
{
  const char *method;
  const char *path;
  const char *words;
} changes[] = {
  { "POST", "/wifi/config/networks", N_ ("Wi-Fi network added") },
  { "PATCH", "/wifi/config/networks/", N_ ("Wi-Fi network %s changed") },
  { "DELETE", "/wifi/config/networks/", N_ ("Wi-Fi network %s forgotten") },
  { "PATCH", "/wifi/interface", N_ ("Wi-Fi settings changed") },
  { "POST", "/certstore/certs/", N_ ("Certificate %s added") },
  { "DELETE", "/certstore/certs/", N_ ("Certificate %s removed") },
  { "PATCH", "/net/interfaces/", N_ ("Network interface %s changed") },
  { "POST", "/net/proxy", N_ ("Proxy set") },
  { "DELETE", "/net/proxy", N_ ("Proxy removed") },
  { "PUT", "/update/stage", N_ ("Image sent") },
  { "POST", "/update/install", N_ ("Images installed") },
  { "PATCH", "/app/status/", N_ ("Application %s started or stopped") },
  { "DELETE", "/app/image/", N_ ("Application %s deleted") },
  { "DELETE", "/telemetry", N_ ("Telemetry cleared") },
  { "PUT", "/device/manufacturing_state", N_ ("Manufacturing state changed") },
  { "POST", "/restart", N_ ("Board restarted") },
};

/**
 * lks_service_change_to_words:
 * @method: the HTTP method of a request
 * @path: its path
 *
 * Returns: (transfer full): what it does to a board, in the user's language
 */
char *
lks_service_change_to_words (const char *method, const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      gboolean has_name = g_str_has_suffix (changes[i].path, "/");
      const char *name = path + strlen (changes[i].path);

      if (!g_str_equal (changes[i].method, method) ||
          !(has_name ? g_str_has_prefix (path, changes[i].path) && *name != '\0'
                     : g_str_equal (path, changes[i].path)))
        continue;
      if (!has_name)
        return g_strdup (_ (changes[i].words));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
      return g_strdup_printf (_ (changes[i].words), name);
#pragma GCC diagnostic pop
    }
  return g_strdup_printf ("%s %s", method, path);
}

/**
 * lks_sign_for_service_change:
 * @event: a change made in a session
 *
 * Returns: whether the board accepted it
 */
LksSign
lks_sign_for_service_change (const LksServiceEvent *event)
{
  if (event->http_status >= 200 && event->http_status <= 299)
    return (LksSign){ "lks-pass-symbolic", _ ("Done"), "", LKS_TONE_GOOD };
  if (event->http_status == 0)
    return (LksSign){ "lks-unknown-symbolic", _ ("No Answer"), "", LKS_TONE_WARNING };
  return (LksSign){ "lks-fail-symbolic", _ ("Refused"), "", LKS_TONE_BAD };
}
