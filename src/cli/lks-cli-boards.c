/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli.h"

#include "lks-cli-os-age.h"
#include "lks-cli-output.h"
#include "lks-cli-servicing.h"
#include "lks-cli-session.h"
#include "lks-device-id.h"
#include "lks-json.h"

#include <stdio.h>

#define PROBLEM_MAX_CHARS 64

/* The board knows only that it is shown a key; the rest is the session's. */
static void
tell_session (LksCliSession *session, LksBoard *board, JsonObject *object)
{
  LksSession *servicing = lks_cli_session_get_servicing (session);

  if (servicing != NULL &&
      g_strcmp0 (lks_board_get_device_id (board), lks_session_get_device_id (servicing)) == 0)
    json_object_set_object_member (object, "session", lks_cli_servicing_to_json (servicing));
}

static JsonArray *
build_array (LksCliSession *session, GPtrArray *boards)
{
  g_autoptr (LksOsShelf) shelf = lks_cli_os_shelf_load ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < boards->len; i++)
    {
      LksBoard *board = g_ptr_array_index (boards, i);
      LksBoardStatus *status = lks_board_get_status (board);
      JsonNode *node = lks_board_status_to_json (status);

      tell_session (session, board, json_node_get_object (node));
      lks_json_set_text (json_node_get_object (node), "newerOsVersion",
                         lks_os_shelf_get_newer (shelf, lks_board_status_get_os_version (status)));
      json_array_add_element (array, node);
    }
  return array;
}

static void
print_array (JsonArray *array)
{
  g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), array);

  lks_cli_print_json (node);
}

static const char *
get_error_message (JsonObject *board)
{
  JsonNode *node = json_object_get_member (board, "error");

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node)
             ? lks_cli_get_text (json_node_get_object (node), "message")
             : NULL;
}

/* The table has one line per board; `status` tells the rest. */
static char *
dup_short_problem (JsonObject *board)
{
  const char *message = get_error_message (board);
  g_autofree char *start = NULL;

  if (message == NULL)
    return g_strdup ("");
  if (g_utf8_strlen (message, -1) <= PROBLEM_MAX_CHARS)
    return g_strdup (message);

  start = g_utf8_substring (message, 0, PROBLEM_MAX_CHARS - 1);
  return g_strconcat (start, "…", NULL);
}

static void
print_table (JsonArray *boards)
{
  static const char *const headings[] = { "PORT", "USB SERIAL", "ADAPTER", "DEVICE ID", "STATE",
                                          "LOCK", "OS",         "UPTIME",  "PROBLEM",   NULL };
  g_autoptr (LksCliTable) table = lks_cli_table_new (headings);
  g_autofree char *text = NULL;

  for (guint i = 0; i < json_array_get_length (boards); i++)
    {
      JsonObject *board = json_array_get_object_element (boards, i);
      g_autofree char *uptime = lks_cli_dup_uptime (board);
      const char *id = lks_cli_get_text (board, "deviceId");
      g_autofree char *problem = dup_short_problem (board);
      const char *const cells[] = {
        lks_cli_get_text (board, "port"),
        lks_cli_get_text (board, "usbSerial"),
        lks_cli_get_text (board, "adapter"),
        id != NULL ? lks_device_id_get_short (id) : NULL,
        lks_cli_get_text (board, "manufacturingState"),
        lks_cli_get_text (board, "peripheralLock"),
        lks_cli_get_text (board, "osVersion"),
        uptime,
        problem,
        NULL,
      };

      lks_cli_table_add (table, cells);
    }

  text = lks_cli_table_format (table);
  fputs (text, stdout);
}

static void
print_line (const char *label, const char *text)
{
  g_autofree char *clean = lks_cli_clean (text);

  printf ("  %-20s %s\n", label, clean);
}

static void
print_session_line (JsonObject *board)
{
  JsonNode *node = json_object_get_member (board, "session");
  g_autofree char *capabilities = NULL;
  g_autofree char *text = NULL;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;

  capabilities = lks_cli_dup_capabilities (json_node_get_object (node));
  text = g_strdup_printf ("%s, until %s", capabilities,
                          lks_cli_get_text (json_node_get_object (node), "endsAt"));
  print_line ("Servicing session", text);
}

static void
print_os_line (JsonObject *board)
{
  const char *version = lks_cli_get_text (board, "osVersion");
  const char *newer = lks_cli_get_text (board, "newerOsVersion");
  g_autofree char *text =
      newer != NULL ? g_strdup_printf ("%s, which is old: %s is known", version, newer) : NULL;

  print_line ("OS version", text != NULL ? text : version);
}

static void
print_panel (JsonObject *board)
{
  g_autofree char *uptime = lks_cli_dup_uptime (board);
  g_autofree char *capabilities = lks_cli_dup_capabilities (board);
  g_autofree char *port = lks_cli_clean (lks_cli_get_text (board, "port"));
  g_autofree char *lock = lks_cli_clean (lks_cli_get_text (board, "peripheralLock"));
  const char *reason = lks_cli_get_text (board, "peripheralLockReason");
  g_autofree char *lock_and_reason =
      reason != NULL ? g_strdup_printf ("%s: %s", lock, reason) : g_strdup (lock);
  JsonNode *error = json_object_get_member (board, "error");

  printf ("Board at %s\n", port);
  print_line ("Device ID", lks_cli_get_text (board, "deviceId"));
  print_line ("Manufacturing state", lks_cli_get_text (board, "manufacturingState"));
  print_line ("Capabilities", capabilities);
  print_line ("Peripheral lock", lock_and_reason);
  print_session_line (board);
  print_os_line (board);
  print_line ("Uptime", uptime);
  print_line ("REST API version", lks_cli_get_text (board, "restApiVersion"));
  print_line ("USB serial", lks_cli_get_text (board, "usbSerial"));
  print_line ("Adapter", lks_cli_get_text (board, "adapter"));
  if (error != NULL && JSON_NODE_HOLDS_OBJECT (error))
    {
      print_line ("Problem", lks_cli_get_text (json_node_get_object (error), "message"));
      print_line ("What to do", lks_cli_get_text (json_node_get_object (error), "advice"));
    }
}

static gboolean
any_has_error (JsonArray *boards)
{
  for (guint i = 0; i < json_array_get_length (boards); i++)
    if (get_error_message (json_array_get_object_element (boards, i)) != NULL)
      return TRUE;

  return FALSE;
}

/* No board attached is an answer here, not an error. */
static GPtrArray *
find_attached (LksCliSession *session, GError **error)
{
  if (!lks_cli_session_settle (session, error))
    return NULL;
  if (g_list_model_get_n_items (G_LIST_MODEL (lks_cli_session_get_boards (session))) == 0)
    return g_ptr_array_new ();

  return lks_cli_session_select (session, NULL, FALSE, error);
}

/**
 * lks_cli_list:
 * @argc: how many arguments
 * @argv: the arguments; the first is the command
 *
 * Lists the attached boards.
 *
 * Returns: the exit status
 */
int
lks_cli_list (int argc, char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print a JSON array", NULL },
    { NULL },
  };
  g_autoptr (LksCliSession) session = NULL;
  g_autoptr (GPtrArray) boards = NULL;
  g_autoptr (JsonArray) array = NULL;
  g_autoptr (GError) error = NULL;

  if (!lks_cli_parse (entries, "list", "Lists the attached boards with their state.", &argc, &argv,
                      &error) ||
      !lks_cli_refuse_arguments (argc, argv, &error) ||
      (session = lks_cli_session_open (&error)) == NULL ||
      (boards = find_attached (session, &error)) == NULL)
    return (int) lks_cli_report_error (error, json);

  array = build_array (session, boards);
  if (json)
    print_array (array);
  else if (boards->len > 0)
    print_table (array);
  else
    fputs ("No board is attached.\n", stderr);

  return LKS_CLI_EXIT_DONE;
}

static void
print_panels (JsonArray *boards)
{
  for (guint i = 0; i < json_array_get_length (boards); i++)
    {
      if (i > 0)
        putchar ('\n');
      print_panel (json_array_get_object_element (boards, i));
    }
}

/**
 * lks_cli_status:
 * @argc: how many arguments
 * @argv: the arguments; the first is the command
 *
 * Tells everything known about one board or all.
 *
 * Returns: the exit status: LKS_CLI_EXIT_DEVICE when one of them has a problem
 */
int
lks_cli_status (int argc, char **argv)
{
  gboolean json = FALSE;
  g_auto (GStrv) wanted = NULL;
  const GOptionEntry entries[] = {
    { "board", 'b', 0, G_OPTION_ARG_STRING_ARRAY, &wanted,
      "Which board: its port, its device ID, or 4 or more digits at the end of that", "PORT|ID" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json,
      "Print a JSON object, for several boards an array of them", NULL },
    { NULL },
  };
  g_autoptr (LksCliSession) session = NULL;
  g_autoptr (GPtrArray) boards = NULL;
  g_autoptr (JsonArray) array = NULL;
  g_autoptr (GError) error = NULL;

  if (!lks_cli_parse (entries, "status",
                      "Tells everything known about a board, or about each attached one.", &argc,
                      &argv, &error) ||
      !lks_cli_refuse_arguments (argc, argv, &error) ||
      (session = lks_cli_session_open (&error)) == NULL ||
      !lks_cli_session_settle (session, &error) ||
      (boards = lks_cli_session_select (session, (const char *const *) wanted, FALSE, &error)) ==
          NULL)
    return (int) lks_cli_report_error (error, json);

  array = build_array (session, boards);
  if (json && boards->len == 1)
    lks_cli_print_json (json_array_get_element (array, 0));
  else if (json)
    print_array (array);
  else
    print_panels (array);

  return any_has_error (array) ? LKS_CLI_EXIT_DEVICE : LKS_CLI_EXIT_DONE;
}
