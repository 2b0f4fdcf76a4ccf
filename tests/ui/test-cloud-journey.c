/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "a11y.h"
#include "canary.h"
#include "emulator-process.h"
#include "keyboard.h"
#include "servicing-steps.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* The way through the cloud in the real program, with a keyring of its own and the board of
 * servicing.json plugged in: somebody signs in with a code, makes a device group, claims the board
 * into it, downloads a capability into the vault and signs out. Meanwhile and afterwards everything
 * is searched for the tokens and the capability.
 *
 * test-cloud-journey LOCKSMITH LOCKSMITHCTL LOCKSMITH-EMULATOR [FOLDER-FOR-PICTURES] */

#define CLIENT "11111111-2222-4333-8444-555555555555"
#define TENANT "aaaaaaaa-2222-4333-8444-555555555555"
#define SCENARIO                                                                                   \
  "{\"cloud\":{\"clientId\":\"" CLIENT "\",\"tenant\":\"" TENANT                                   \
  "\",\"person\":\"waits\",\"pollSeconds\":0,\"operationMs\":0,\"operations\":\"retry-after\","    \
  "\"catalogs\":[{\"name\":\"plant7\",\"products\":[\"Pump\"],\"devices\":300,"                    \
  "\"boards\":false}]}}"
#define TOKEN_MARK "EMUTOKEN-keep-this-secret" /* tokens of the emulated service are full of it */

typedef struct
{
  EmulatorProcess cloud;
  GSubprocess *program;    /* (owned) */
  AtspiAccessible *window; /* (owned) */
  const char *locksmithctl;
  const char *home; /* everything of this login is below it */
  char *log;        /* (owned): what the programs say */
  Canary *tokens;   /* (owned) */
  Canary *key;      /* (owned) (nullable): of the capability, once there is one */
} Run;

static Run run;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtspiEditableText, g_object_unref)

/* ---- the search ---- */

/* AddressSanitizer's shadow is larger than any disk. */
static gboolean
can_search_memory (void)
{
#ifdef __SANITIZE_ADDRESS__
  return FALSE;
#else
  return TRUE;
#endif
}

static CanaryMemory
count_in_program (Canary *canary)
{
  const char *id = g_subprocess_get_identifier (run.program);

  return canary_count_memory (canary, (GPid) g_ascii_strtoll (id, NULL, 10));
}

/* A list that was being read keeps the sign-in until it hears that it is not wanted any more. */
static void
await_wiped (Canary *canary)
{
  gint64 end_us = g_get_monotonic_time () + A11Y_WAIT_S * G_USEC_PER_SEC;

  while (count_in_program (canary).excluded > 0)
    g_assert_cmpint (g_get_monotonic_time (), <, end_us);
}

/* Of all processes that can be looked at, not only ours. */
static void
check_command_lines (Canary *canary)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc", 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *command_line = g_build_filename ("/proc", name, "cmdline", NULL);
      g_autofree char *environment = g_build_filename ("/proc", name, "environ", NULL);

      if (!g_ascii_isdigit (name[0]))
        continue;
      g_assert_cmpuint (canary_count_file (canary, command_line), ==, 0);
      g_assert_cmpuint (canary_count_file (canary, environment), ==, 0);
    }
}

/* Nowhere on disk, in what the programs say, and in what a core image would hold. */
static void
check_for (Canary *canary)
{
  guint files = 0;

  g_assert_cmpuint (canary_count_folder (canary, run.home, &files), ==, 0);
  g_assert_cmpuint (files, >, 5);
  check_command_lines (canary);
  if (can_search_memory ())
    g_assert_cmpuint (count_in_program (canary).core, ==, 0);
}

/* A search that finds nothing proves nothing unless it can find something: what this program looks
 * for is in its own memory, and a file is left where the other programs might leave one. */
static void
test_search_finds (void)
{
  g_autofree char *token = g_strconcat ("0.AX", TOKEN_MARK, "0123", NULL);
  g_autofree char *base64 = g_base64_encode ((const guchar *) token, strlen (token));
  g_autofree char *written = g_strconcat ("Authorization: Bearer ", token, "\n", base64, NULL);
  g_autofree char *path = g_build_filename (run.home, "data", "found", NULL);
  guint files = 0;

  g_assert_true (g_file_set_contents (path, written, -1, NULL));
  g_assert_cmpuint (canary_count_folder (run.tokens, run.home, &files), ==, 2);
  g_unlink (path);
  if (can_search_memory ())
    g_assert_cmpuint (canary_count_memory (run.tokens, getpid ()).core, >, 0);
}

/* ---- steps ---- */

static void
await_label (AtspiAccessible *below, const char *pattern)
{
  g_object_unref (a11y_wait (below, ATSPI_ROLE_LABEL, pattern));
}

static void
await_status (AtspiAccessible *below, const char *pattern)
{
  g_object_unref (a11y_wait (below, ATSPI_ROLE_STATUS_BAR, pattern));
}

static void
search_for (const char *text)
{
  g_autoptr (AtspiAccessible) entry = a11y_wait (run.window, ATSPI_ROLE_ENTRY, "Search the Cloud");
  g_autoptr (AtspiEditableText) editable = atspi_accessible_get_editable_text_iface (entry);

  g_assert_nonnull (editable);
  g_assert_true (atspi_editable_text_set_text_contents (editable, text, NULL));
}

/* Looks for it and opens it, as the list has it first then. */
static void
open_row (const char *search, const char *pattern)
{
  search_for (search);
  g_object_unref (a11y_wait (run.window, ATSPI_ROLE_LIST_ITEM, pattern));
  keyboard_tab_to (run.window, ATSPI_ROLE_LIST_ITEM, pattern);
  keyboard_press (KEY_RETURN);
}

/* What the page shows is what somebody types elsewhere; it stands below its title. */
static void
approve_code (void)
{
  g_autoptr (AtspiAccessible) title = a11y_wait (run.window, ATSPI_ROLE_LABEL, "Enter This Code");
  g_autoptr (AtspiAccessible) box = atspi_accessible_get_parent (title, NULL);
  g_autoptr (AtspiAccessible) label = a11y_wait (box, ATSPI_ROLE_LABEL, "?????????");
  g_autofree char *code = a11y_get_name (label);
  g_autofree char *request =
      g_strdup_printf ("{\"command\":\"cloud-approve\",\"userCode\":\"%s\"}", code);
  g_autoptr (JsonObject) answer = emulator_process_command (&run.cloud, request);

  g_assert_false (json_object_has_member (answer, "error"));
}

static void
test_sign_in (void)
{
  run.window = a11y_wait_window ("Locksmith");
  a11y_press (run.window, ATSPI_ROLE_PAGE_TAB, "Cloud");
  a11y_type (run.window, "Application ID", CLIENT);
  a11y_press (run.window, ATSPI_ROLE_PUSH_BUTTON, "Sign In with a Code");
  g_object_unref (a11y_wait (run.window, ATSPI_ROLE_PUSH_BUTTON, "Copy Code"));
  a11y_take_picture ("cloud-journey-code");
  approve_code ();
  g_object_unref (a11y_wait (run.window, ATSPI_ROLE_LIST_ITEM, "plant7, *"));

  if (can_search_memory ())
    g_assert_cmpuint (count_in_program (run.tokens).excluded, >, 0); /* it is signed in */
  check_for (run.tokens);
}

/* Its name is judged while it is typed. */
static void
make_group (const char *name)
{
  g_autoptr (AtspiAccessible) dialog = NULL;

  a11y_press (run.window, ATSPI_ROLE_PUSH_BUTTON, "New Device Group…");
  dialog = a11y_wait_dialog ("New Device Group");
  a11y_type (dialog, "Name", "Tri/al");
  await_status (dialog, "A name has letters from A to Z, digits*");
  a11y_take_picture ("cloud-journey-group");
  a11y_type (dialog, "Name", name);
  a11y_press (dialog, ATSPI_ROLE_PUSH_BUTTON, "Create");
  a11y_wait_gone ("New Device Group");
}

static void
test_group_is_made (void)
{
  open_row ("plant7", "plant7, *");
  g_object_unref (a11y_wait (run.window, ATSPI_ROLE_LIST_ITEM, "Pump, *"));
  open_row ("Pump", "Pump, *");
  g_object_unref (a11y_wait (run.window, ATSPI_ROLE_LIST_ITEM, "Production, *"));
  make_group ("Trial");
  open_row ("Trial", "Trial, *");
  await_label (run.window, "There are no devices here.");
}

/* For ever: only the whole name of the catalog opens the way. */
static void
test_board_is_claimed (void)
{
  g_autoptr (AtspiAccessible) dialog = NULL;

  a11y_press (run.window, ATSPI_ROLE_PUSH_BUTTON, "Claim into This Group…");
  dialog = a11y_wait_dialog ("Claim Devices");
  a11y_press (dialog, ATSPI_ROLE_PUSH_BUTTON, "Add Attached Boards");
  await_status (dialog, "1 device*");
  a11y_type (dialog, "Type the name of the catalog", "plant");
  g_assert_cmpuint (a11y_count (dialog, ATSPI_ROLE_LABEL, "*claimed, into*"), ==, 0);
  a11y_type (dialog, "Type the name of the catalog", "plant7");
  a11y_take_picture ("cloud-journey-claim");
  a11y_press (dialog, ATSPI_ROLE_PUSH_BUTTON, "Claim Forever");
  await_label (dialog, "*c0ffee: claimed, into Pump › Trial");
  a11y_press (dialog, ATSPI_ROLE_PUSH_BUTTON, "Close");
  a11y_wait_gone ("Claim Devices");
  check_for (run.tokens);
}

/* ---- the capability ---- */

/* What the vault gives away on demand. */
static void
learn_key (void)
{
  g_autofree char *path = g_build_filename (run.home, "out.cap", NULL);
  const char *const export[] = { run.locksmithctl, "capability", "export", "c0ffee", path, NULL };
  g_autoptr (GBytes) bytes = NULL;
  char *content;
  gsize size;

  servicing_run (export, NULL);
  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  g_unlink (path);
  bytes = g_bytes_new_take (content, size);
  run.key = canary_new (bytes);
}

static void
test_capability_is_downloaded (void)
{
  a11y_press (run.window, ATSPI_ROLE_PUSH_BUTTON, "Fetch Anew");
  open_row ("5ec0ffee", "5e5e*");
  a11y_press (run.window, ATSPI_ROLE_PUSH_BUTTON, "Download for Field Servicing");
  await_status (run.window, "The capability is in the vault, *");
  a11y_take_picture ("cloud-journey-capability");
  learn_key ();
  check_for (run.tokens);
  check_for (run.key);

  a11y_press (run.window, ATSPI_ROLE_PAGE_TAB, "Capabilities");
  g_object_unref (a11y_wait (run.window, ATSPI_ROLE_LIST_ITEM,
                             "Board c0ffee, fieldServicing, attached at place 1-1"));
  check_for (run.key);
}

/* ---- the end ---- */

static void
test_sign_out (void)
{
  a11y_press (run.window, ATSPI_ROLE_PAGE_TAB, "Cloud");
  keyboard_tab_to (run.window, ATSPI_ROLE_PUSH_BUTTON, "operator@plant.example");
  keyboard_press (KEY_RETURN);
  keyboard_tab_to (run.window, ATSPI_ROLE_MENU_ITEM, "Sign Out");
  keyboard_press (KEY_RETURN);
  await_label (run.window, "Sign In to the Cloud");
  check_for (run.tokens);
  check_for (run.key);
  if (can_search_memory ())
    await_wiped (run.tokens);
}

static void
test_program_ends (void)
{
  g_autoptr (GError) error = NULL;
  guint files = 0;

  a11y_press (run.window, ATSPI_ROLE_PUSH_BUTTON, "Close");
  g_assert_true (g_subprocess_wait_check (run.program, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (canary_count_folder (run.tokens, run.home, &files), ==, 0);
  g_assert_cmpuint (canary_count_folder (run.key, run.home, &files), ==, 0);
  emulator_process_stop (&run.cloud);
}

/* ---- before all that ---- */

/* What an administrator sets up: whom to trust, and where the cloud is. */
static void
set_up_cloud (const char *emulator)
{
  g_autofree char *trust = g_build_filename (run.home, "config/locksmith/cloud-trust.d", NULL);
  g_autofree char *settings = g_build_filename (run.home, "config/glib-2.0/settings", NULL);
  g_autofree char *pem_path = g_build_filename (trust, "emulated.pem", NULL);
  g_autofree char *key_path = g_build_filename (settings, "keyfile", NULL);
  g_autofree char *temporary = g_build_filename (run.home, "tmp", NULL);
  g_autofree char *ca = NULL;
  g_autofree char *pem = NULL;
  g_autofree char *keys = NULL;

  emulator_process_start_with_cloud (&run.cloud, emulator, SCENARIO);
  ca = emulator_process_get_path (&run.cloud, "ca.pem");
  keys = g_strdup_printf ("[io/github/locksmith/Locksmith]\ncloud-tenant='" TENANT "'\n"
                          "cloud-sign-in-address='%s'\ncloud-resource-address='%s'\n",
                          run.cloud.cloud, run.cloud.cloud);
  g_assert_true (g_file_get_contents (ca, &pem, NULL, NULL));
  g_assert_cmpint (g_mkdir_with_parents (trust, 0700), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (settings, 0700), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (temporary, 0700), ==, 0);
  g_assert_true (g_file_set_contents (pem_path, pem, -1, NULL));
  g_assert_true (g_file_set_contents (key_path, keys, -1, NULL));
  g_setenv ("GSETTINGS_BACKEND", "keyfile", TRUE);
  g_setenv ("TMPDIR", temporary, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, >=, 4);
  run.locksmithctl = argv[2];
  run.home = g_path_get_dirname (g_get_home_dir ());
  run.log = g_build_filename (run.home, "log", "locksmith", NULL);
  run.tokens = canary_new_for_text (TOKEN_MARK);
  a11y_set_pictures (argc > 4 ? argv[4] : NULL);
  set_up_cloud (argv[3]);
  run.program = servicing_start_program (argv[1], argv[2], run.log);
  a11y_init ("locksmith");
  keyboard_init ();

  g_test_add_func ("/cloud-journey/0-search-finds", test_search_finds);
  g_test_add_func ("/cloud-journey/1-sign-in", test_sign_in);
  g_test_add_func ("/cloud-journey/2-group-is-made", test_group_is_made);
  g_test_add_func ("/cloud-journey/3-board-is-claimed", test_board_is_claimed);
  g_test_add_func ("/cloud-journey/4-capability-is-downloaded", test_capability_is_downloaded);
  g_test_add_func ("/cloud-journey/5-sign-out", test_sign_out);
  g_test_add_func ("/cloud-journey/6-program-ends", test_program_ends);
  return g_test_run ();
}
