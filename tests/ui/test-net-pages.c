/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-control.h"
#include "keyboard.h"
#include "made-cert.h"
#include "servicing-steps.h"

/* A board's interfaces, proxy and certificates through the real program, with keys alone. The
 * boards are those of net-boards.json. With a folder as second argument a picture of the screen is
 * taken at every station.
 *
 * test-net-pages LOCKSMITH [FOLDER-FOR-PICTURES] */

static struct
{
  GSubprocess *program;    /* (owned) */
  AtspiAccessible *window; /* (owned) */
  char *folder;            /* (owned): of the certificates' files */
} world;

/* The focus stays where the page was chosen. */
static void
go_to_page (const char *page)
{
  keyboard_tab_to (world.window, ATSPI_ROLE_PAGE_TAB, page);
  keyboard_press (' ');
}

static void
wait_for_row (const char *pattern)
{
  g_object_unref (a11y_wait (world.window, ATSPI_ROLE_LIST_ITEM, pattern));
}

static void
wait_for_label (const char *pattern)
{
  g_object_unref (a11y_wait (world.window, ATSPI_ROLE_LABEL, pattern));
}

/* ---- network ---- */

static void
test_network_is_shown (void)
{
  world.window = a11y_wait_window ("Locksmith");
  wait_for_row ("*place 1-3, *");
  servicing_select_board (world.window, 0);
  go_to_page ("Network");
  wait_for_row ("Radio: On. Connected to an access point.*Plant*");
  wait_for_row ("Address: On. *");
  wait_for_row ("Internet: On. *");
  wait_for_row ("wlan0. Internet. Wi-Fi · * · address by DHCP · MAC *Connected to the internet.*");
  wait_for_row ("eth0. Internet. Ethernet · *MAC 02:00:00:00:00:04*");
  wait_for_row ("azspheresvc. Up. Service port, over this USB cable*");
  wait_for_row ("No proxy. None. The board goes to the internet directly.*");
  a11y_take_picture ("network");
}

/* The board says yes long before it is so. */
static void
test_switch (void)
{
  keyboard_activate (world.window, "Take wlan0 down");
  wait_for_row ("wlan0. Down. *Switched off. Bring it up to use it.*");
  wait_for_row ("Radio: O*");
  a11y_take_picture ("network-down");
  keyboard_activate (world.window, "Bring wlan0 up");
  wait_for_row ("wlan0. Internet. *");
}

/* The lists are made anew when an interface changes. Who is on a button of another row stays there,
 * and who is on one that there is no more stays in its row. */
static void
test_focus_stays (void)
{
  keyboard_tab_to (world.window, ATSPI_ROLE_PUSH_BUTTON, "Use a proxy");
  a11y_press (world.window, ATSPI_ROLE_PUSH_BUTTON, "Take wlan0 down");
  wait_for_row ("wlan0. Down. *");
  g_assert_true (a11y_is_focused (world.window, ATSPI_ROLE_PUSH_BUTTON, "Use a proxy"));

  keyboard_activate (world.window, "Bring wlan0 up");
  wait_for_row ("wlan0. Internet. *");
  g_assert_true (a11y_is_focused (world.window, ATSPI_ROLE_LIST_ITEM, "wlan0. *"));
}

static void
test_mac (void)
{
  g_autoptr (AtspiAccessible) dialog = NULL;

  keyboard_activate (world.window, "Change the MAC address of eth0");
  dialog = a11y_wait_dialog ("New MAC Address of eth0");
  a11y_type (dialog, "New MAC address", "02:00:00:00:00:05");
  a11y_take_picture ("network-mac");
  keyboard_activate (dialog, "Change Address*");
  wait_for_row ("eth0. *MAC 02:00:00:00:00:05*");
}

static void
test_proxy (void)
{
  g_autoptr (AtspiAccessible) dialog = NULL;
  g_autoptr (AtspiAccessible) question = NULL;

  keyboard_activate (world.window, "Use a proxy");
  dialog = a11y_wait_dialog ("Web Proxy");
  g_object_unref (a11y_wait (dialog, ATSPI_ROLE_STATUS_BAR,
                             "Give the proxy’s name or number, without http:// and path."));
  a11y_type (dialog, "Address*", "proxy.plant");
  a11y_type (dialog, "Port*", "3128");
  a11y_take_picture ("network-proxy");
  keyboard_activate (dialog, "Use Proxy");
  wait_for_row ("proxy.plant:3128. *without a password*");

  keyboard_activate (world.window, "Remove the proxy");
  question = a11y_wait_dialog ("Remove the Proxy?");
  keyboard_activate (question, "Remove Proxy*");
  wait_for_row ("No proxy. None. *");
}

/* ---- certificates ---- */

static void
add_certificate (const char *cert, const char *key, const char *id)
{
  g_autofree char *cert_path = g_build_filename (world.folder, cert, NULL);
  g_autofree char *key_path = g_build_filename (world.folder, key, NULL);
  g_autoptr (AtspiAccessible) dialog = NULL;

  keyboard_activate (world.window, "Add Certificate…");
  dialog = a11y_wait_dialog ("Add Certificate");
  keyboard_activate (dialog, "Choose the file with the certificate");
  keyboard_choose_file ("Choose the Certificate", cert_path);
  keyboard_activate (dialog, "Choose the file with the private key");
  keyboard_choose_file ("Choose the Private Key", key_path);
  a11y_type (dialog, "Identifier*", id);
  a11y_take_picture ("certificate-add");
  keyboard_activate (dialog, "Store");
}

static void
test_certificates_are_shown (void)
{
  servicing_select_board (world.window, 1);
  go_to_page ("Certificates");
  wait_for_label ("The store is empty. *");
  wait_for_label ("1000 bytes left in the store");
  a11y_take_picture ("certificates-empty");
}

static void
test_add_certificate (void)
{
  add_certificate ("pump.crt", "pump.key", "pump");
  wait_for_row ("pump. Valid. *pump*days left*used by Pump house*");
  a11y_take_picture ("certificates");
}

/* The rest of the store is too small; the reason stays in sight. */
static void
test_store_is_full (void)
{
  add_certificate ("pump.crt", "pump.key", "pump-2");
  wait_for_label ("The board has no room for this. Nothing was sent to it.");
  a11y_take_picture ("certificates-full");
  a11y_press (world.window, ATSPI_ROLE_PUSH_BUTTON, "Dismiss the message");
}

static void
test_remove_certificate (void)
{
  g_autoptr (AtspiAccessible) question = NULL;

  keyboard_activate (world.window, "Remove pump");
  question = a11y_wait_dialog ("Remove “pump”?");
  g_object_unref (
      a11y_wait (question, ATSPI_ROLE_LABEL,
                 "The stored network Pump house uses it and cannot connect without it."));
  a11y_take_picture ("certificate-remove");
  keyboard_activate (question, "Remove Certificate*");
  wait_for_label ("The store is empty. *");
}

/* ---- what goes wrong ---- */

static void
test_locked_board (void)
{
  servicing_select_board (world.window, 2);
  wait_for_label ("Locked for Servicing");
  a11y_press (world.window, ATSPI_ROLE_PAGE_TAB, "Network");
  wait_for_label ("Locked for Servicing");
}

static void
test_board_goes (void)
{
  bench_control_tell ("{\"command\":\"unplug\",\"board\":1}");
  servicing_select_board (world.window, 0);
  wait_for_row ("Internet: On. *");
}

static void
test_program_ends (void)
{
  g_autoptr (GError) error = NULL;

  a11y_press (world.window, ATSPI_ROLE_PUSH_BUTTON, "Close");
  g_assert_true (g_subprocess_wait_check (world.program, NULL, &error));
  g_assert_no_error (error);
}

static void
write_file (const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (world.folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

int
main (int argc, char **argv)
{
  g_autoptr (MadeCert) pump = made_cert_new_days ("pump", -1, 300);

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, >=, 2);
  a11y_set_pictures (argc > 2 ? argv[2] : NULL);
  world.folder = g_strdup (g_get_home_dir ());
  write_file ("pump.crt", pump->cert);
  write_file ("pump.key", pump->key);
  world.program = servicing_start_program (argv[1], argv[1], NULL);
  a11y_init ("locksmith");
  keyboard_init ();

  g_test_add_func ("/net-pages/01-network-is-shown", test_network_is_shown);
  g_test_add_func ("/net-pages/02-switch", test_switch);
  g_test_add_func ("/net-pages/03-focus-stays", test_focus_stays);
  g_test_add_func ("/net-pages/04-mac", test_mac);
  g_test_add_func ("/net-pages/05-proxy", test_proxy);
  g_test_add_func ("/net-pages/06-certificates-are-shown", test_certificates_are_shown);
  g_test_add_func ("/net-pages/07-add-certificate", test_add_certificate);
  g_test_add_func ("/net-pages/08-store-is-full", test_store_is_full);
  g_test_add_func ("/net-pages/09-remove-certificate", test_remove_certificate);
  g_test_add_func ("/net-pages/10-locked-board", test_locked_board);
  g_test_add_func ("/net-pages/11-board-goes", test_board_goes);
  g_test_add_func ("/net-pages/12-program-ends", test_program_ends);
  return g_test_run ();
}
