/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-board.h"
#include "lks-cli-output.h"
#include "lks-cli.h"
#include "lks-cursor.h"
#include "lks-ledger.h"
#include "lks-run.h"
#include "lks-usb-error.h"
#include "lks-vault-error.h"

#include <string.h>

static JsonObject *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (text, &error);

  g_assert_no_error (error);
  return json_object_ref (json_node_get_object (node));
}

static void
test_table (void)
{
  static const char *const headings[] = { "PORT", "ID", "WHY", NULL };
  static const char *const first[] = { "1-2", "ünïcödé", "", NULL };
  static const char *const second[] = { "1-10.4", NULL, "no", NULL };
  g_autoptr (LksCliTable) table = lks_cli_table_new (headings);
  g_autofree char *text = NULL;

  lks_cli_table_add (table, first);
  lks_cli_table_add (table, second);
  text = lks_cli_table_format (table);
  g_assert_cmpstr (text, ==,
                   "PORT    ID       WHY\n"
                   "1-2     ünïcödé\n"
                   "1-10.4  –        no\n");
}

/* A board that sends terminal commands shows them instead of running them. */
static void
test_clean (void)
{
  g_autofree char *escape = lks_cli_clean ("a\033[2Jb\nc\xff");
  g_autofree char *nothing = lks_cli_clean (NULL);

  g_assert_cmpstr (escape, ==, "a\uFFFD[2Jb\uFFFDc\uFFFD");
  g_assert_cmpstr (nothing, ==, "–");
}

static void
test_capabilities (void)
{
  static const struct
  {
    const char *board;
    const char *text;
  } rows[] = {
    { "{\"capabilities\":null,\"capabilityNames\":null}", "–" },
    { "{}", "–" },
    { "{\"capabilities\":[],\"capabilityNames\":[]}", "none" },
    { "{\"capabilities\":[11,99],\"capabilityNames\":[\"appDevelopment\",\"unknown\"]}",
      "appDevelopment (11), unknown (99)" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (JsonObject) board = parse (rows[i].board);
      g_autofree char *text = lks_cli_dup_capabilities (board);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

static void
test_uptime (void)
{
  static const struct
  {
    const char *board;
    const char *text;
  } rows[] = {
    { "{\"uptimeSeconds\":null}", "–" },
    { "{}", "–" },
    { "{\"uptimeSeconds\":0}", "00:00:00" },
    { "{\"uptimeSeconds\":86399}", "23:59:59" },
    { "{\"uptimeSeconds\":183845}", "2 d 03:04:05" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (JsonObject) board = parse (rows[i].board);
      g_autofree char *text = lks_cli_dup_uptime (board);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

static void
test_get_text (void)
{
  g_autoptr (JsonObject) object = parse ("{\"a\":\"x\",\"b\":null,\"c\":7,\"d\":[]}");

  g_assert_cmpstr (lks_cli_get_text (object, "a"), ==, "x");
  g_assert_null (lks_cli_get_text (object, "b"));
  g_assert_null (lks_cli_get_text (object, "c"));
  g_assert_null (lks_cli_get_text (object, "d"));
  g_assert_null (lks_cli_get_text (object, "e"));
}

static void
assert_exit (GQuark domain, int code, LksCliExit expected)
{
  g_autoptr (GError) error = g_error_new_literal (domain, code, "message");

  g_assert_cmpint (lks_cli_exit_for_error (error), ==, expected);
}

static void
test_exit (void)
{
  assert_exit (LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE, LKS_CLI_EXIT_USAGE);
  assert_exit (LKS_CLI_ERROR, LKS_CLI_ERROR_AMBIGUOUS, LKS_CLI_EXIT_USAGE);
  assert_exit (LKS_CLI_ERROR, LKS_CLI_ERROR_NO_BOARD, LKS_CLI_EXIT_NO_BOARD);
  assert_exit (LKS_CLI_ERROR, LKS_CLI_ERROR_NOT_CONFIRMED, LKS_CLI_EXIT_REFUSED);
  assert_exit (LKS_CLI_ERROR, LKS_CLI_ERROR_NO_IDENTITY, LKS_CLI_EXIT_DEVICE);
  assert_exit (LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID, LKS_CLI_EXIT_USAGE);
  assert_exit (G_FILE_ERROR, G_FILE_ERROR_NOENT, LKS_CLI_EXIT_USAGE);
  assert_exit (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, LKS_CLI_EXIT_USAGE);
  assert_exit (LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_NOT_FOUND, LKS_CLI_EXIT_USAGE);
  assert_exit (LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID, LKS_CLI_EXIT_USAGE);
  assert_exit (LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_FULL, LKS_CLI_EXIT_REFUSED);
  assert_exit (LKS_RUN_ERROR, LKS_RUN_ERROR_REFUSED, LKS_CLI_EXIT_REFUSED);
  assert_exit (LKS_RUN_ERROR, LKS_RUN_ERROR_CONSENT, LKS_CLI_EXIT_REFUSED);
  assert_exit (LKS_RUN_ERROR, LKS_RUN_ERROR_IDENTITY, LKS_CLI_EXIT_REFUSED);
  assert_exit (LKS_RUN_ERROR, LKS_RUN_ERROR_NOT_UNDERSTOOD, LKS_CLI_EXIT_REFUSED);
  assert_exit (LKS_RUN_ERROR, LKS_RUN_ERROR_POWER_CYCLE, LKS_CLI_EXIT_DEVICE);
  assert_exit (LKS_RUN_ERROR, LKS_RUN_ERROR_UNRESOLVED, LKS_CLI_EXIT_DEVICE);
  assert_exit (LKS_RUN_ERROR, LKS_RUN_ERROR_NOT_PROVEN, LKS_CLI_EXIT_DEVICE);
  assert_exit (LKS_USB_ERROR, LKS_USB_ERROR_BUSY, LKS_CLI_EXIT_DEVICE);
  assert_exit (LKS_VAULT_ERROR, LKS_VAULT_ERROR_LOCKED, LKS_CLI_EXIT_VAULT);
  assert_exit (LKS_VAULT_ERROR, LKS_VAULT_ERROR_NOT_FOUND, LKS_CLI_EXIT_VAULT);
  assert_exit (LKS_BOARD_ERROR, LKS_BOARD_ERROR_NOT_READY, LKS_CLI_EXIT_DEVICE);
  assert_exit (LKS_BOARD_ERROR, LKS_BOARD_ERROR_IDENTITY, LKS_CLI_EXIT_REFUSED);
  assert_exit (LKS_BOARD_ERROR, LKS_BOARD_ERROR_DUPLICATE, LKS_CLI_EXIT_REFUSED);
  assert_exit (G_IO_ERROR, G_IO_ERROR_CANCELLED, LKS_CLI_EXIT_INTERRUPTED);
  assert_exit (G_IO_ERROR, G_IO_ERROR_FAILED, LKS_CLI_EXIT_DEVICE);
}

static void
test_error_json (void)
{
  g_autoptr (GError) error =
      g_error_new_literal (LKS_CLI_ERROR, LKS_CLI_ERROR_NO_BOARD, "nothing there");
  g_autoptr (JsonNode) node = lks_cli_error_to_json (error);
  g_autoptr (JsonNode) null = lks_cli_error_to_json (NULL);
  JsonObject *object = json_node_get_object (node);

  g_assert_cmpstr (lks_cli_get_text (object, "domain"), ==, "cli");
  g_assert_cmpstr (lks_cli_get_text (object, "code"), ==, "no-board");
  g_assert_cmpstr (lks_cli_get_text (object, "message"), ==, "nothing there");
  g_assert_nonnull (strstr (lks_cli_get_text (object, "advice"), "locksmithctl list"));
  g_assert_true (JSON_NODE_HOLDS_NULL (null));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/output/table", test_table);
  g_test_add_func ("/cli/output/clean", test_clean);
  g_test_add_func ("/cli/output/capabilities", test_capabilities);
  g_test_add_func ("/cli/output/uptime", test_uptime);
  g_test_add_func ("/cli/output/get-text", test_get_text);
  g_test_add_func ("/cli/exit", test_exit);
  g_test_add_func ("/cli/error-json", test_error_json);
  return g_test_run ();
}
