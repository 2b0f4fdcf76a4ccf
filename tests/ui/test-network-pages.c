/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keyboard.h"
#include "servicing-steps.h"

#include <gio/gio.h>
#include <string.h>

/* Servicing of a board's network through the real program, with keys alone: Tab, Enter, Space and
 * text; no pointer. The boards are those of network-boards.json. With a folder as second argument
 * a picture of the screen is taken at every station. */

#define RIGHT_KEY "the right key"
#define WRONG_KEY "the wrong key"

static struct
{
  GSubprocess *program;    /* (owned) */
  AtspiAccessible *window; /* (owned) */
} world;

static void
select_board (int row, const char *page)
{
  servicing_select_board (world.window, row);
  a11y_press (world.window, ATSPI_ROLE_PAGE_TAB, page);
}

static void
wait_for_row (const char *pattern)
{
  g_object_unref (a11y_wait (world.window, ATSPI_ROLE_LIST_ITEM, pattern));
}

static void
test_wifi_is_shown (void)
{
  world.window = a11y_wait_window ("Locksmith");
  g_object_unref (a11y_wait (world.window, ATSPI_ROLE_LIST_ITEM, "*place 1-3, *"));
  select_board (1, "Wi-Fi");
  wait_for_row ("Wi-Fi radio: Associated. Connected to an access point.*Plant*");
  wait_for_row ("Plant. Associated. Key (WPA2-PSK)*line-3*");
  wait_for_row ("Old workshop. Disabled. *");
  wait_for_row ("Pump house. Failed. Certificate (EAP-TLS)*The certificate has expired.*Expired*"
                "clock was not set*");
  a11y_take_picture ("wifi-networks");
}

static void
test_locked_board (void)
{
  select_board (2, "Wi-Fi");
  g_object_unref (a11y_wait (world.window, ATSPI_ROLE_LABEL, "Locked for Servicing"));
  a11y_take_picture ("wifi-locked");
}

static void
test_scan (void)
{
  select_board (0, "Wi-Fi");
  g_object_unref (
      a11y_wait (world.window, ATSPI_ROLE_LABEL, "No network is stored on this board*"));
  a11y_take_picture ("wifi-empty");
  keyboard_activate (world.window, "Scan");
  wait_for_row ("Plant. Strong. Key (WPA2-PSK) · -47 dBm at 2437 MHz · 2 access points*");
  wait_for_row ("Visitors & <Guests>. Weak. Open*");
  wait_for_row ("Old-Scanner. Weak. *none that the board has.*");
  wait_for_row ("Hidden network. *targeted scan.*");
  a11y_take_picture ("wifi-scan");
}

/* A wrong key is told in the row; the right one mends it. */
static void
test_add (void)
{
  g_autoptr (AtspiAccessible) dialog = NULL;

  keyboard_activate (world.window, "Add Plant");
  dialog = a11y_wait_dialog ("Add Wi-Fi Network");
  g_object_unref (a11y_wait (dialog, ATSPI_ROLE_INVALID, "The key has 8 to 63 characters."));
  a11y_type (dialog, "Key", WRONG_KEY);
  a11y_take_picture ("wifi-add");
  keyboard_activate (dialog, "Add Network");
  wait_for_row ("Plant. Failed. *The network does not accept the key.*WrongKey*");
  a11y_take_picture ("wifi-failed");
}

static void
test_change_key (void)
{
  g_autoptr (AtspiAccessible) dialog = NULL;

  keyboard_activate (world.window, "Change the key of Plant");
  dialog = a11y_wait_dialog ("New Key of “Plant”");
  a11y_type (dialog, "New key", RIGHT_KEY);
  a11y_take_picture ("wifi-key");
  keyboard_activate (dialog, "Change Key*");
  wait_for_row ("Plant. Associated. *");
  a11y_take_picture ("wifi-associated");
}

static void
test_forget (void)
{
  g_autoptr (AtspiAccessible) dialog = NULL;

  keyboard_activate (world.window, "Forget Plant");
  dialog = a11y_wait_dialog ("Forget “Plant”?");
  a11y_take_picture ("wifi-forget");
  keyboard_activate (dialog, "Forget Network*");
  g_object_unref (
      a11y_wait (world.window, ATSPI_ROLE_LABEL, "No network is stored on this board*"));
}

static void
test_program_ends (void)
{
  g_autoptr (GError) error = NULL;

  a11y_press (world.window, ATSPI_ROLE_PUSH_BUTTON, "Close");
  g_assert_true (g_subprocess_wait_check (world.program, NULL, &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, >=, 2);
  a11y_set_pictures (argc > 2 ? argv[2] : NULL);
  world.program = g_subprocess_new (0, &error, argv[1], NULL);
  g_assert_no_error (error);
  a11y_init ("locksmith");
  keyboard_init ();

  g_test_add_func ("/network-pages/1-wifi-is-shown", test_wifi_is_shown);
  g_test_add_func ("/network-pages/2-locked-board", test_locked_board);
  g_test_add_func ("/network-pages/3-scan", test_scan);
  g_test_add_func ("/network-pages/4-add", test_add);
  g_test_add_func ("/network-pages/5-change-key", test_change_key);
  g_test_add_func ("/network-pages/6-forget", test_forget);
  g_test_add_func ("/network-pages/9-program-ends", test_program_ends);
  return g_test_run ();
}
