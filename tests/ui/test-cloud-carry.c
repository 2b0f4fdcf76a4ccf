/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-cloud-carry EMULATOR [FOLDER]: what is carried away from the cloud: lists and certificates
 * in files, all that a day without internet needs; and whether this computer reaches the cloud. */
#include "cloud-page.h"

#include "lks-cloud-detail.h"
#include "lks-cloud-export-bar.h"
#include "lks-cloud-list-view.h"
#include "lks-network-dialog.h"
#include "lks-os-book.h"
#include "lks-os-dialog.h"
#include "lks-route-dialog.h"

/* ---- into a file ---- */

/* Also while it is hidden. */
static GtkWidget *
find_export_bar (GtkWidget *widget)
{
  GtkWidget *found = LKS_IS_CLOUD_EXPORT_BAR (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_export_bar (child);
  return found;
}

/* The question for a file proposes a name; who gives up gets nothing. */
static void
ask_for_file (CloudPage *f, const char *format, const char *proposed)
{
  GtkWidget *chooser;
  g_autofree char *name = NULL;

  gtk_widget_activate_action (page_find (f, LKS_TYPE_CLOUD_LIST_VIEW), "list.export", "s", format);
  WAIT_UNTIL ((chooser = page_find_dialog (GTK_TYPE_FILE_CHOOSER_DIALOG)) != NULL);
  name = gtk_file_chooser_get_current_name (GTK_FILE_CHOOSER (chooser));
  g_assert_cmpstr (name, ==, proposed);
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_CANCEL);
  WAIT_UNTIL (page_find_dialog (GTK_TYPE_FILE_CHOOSER_DIALOG) == NULL);
  g_assert_false (gtk_widget_get_visible (find_export_bar (GTK_WIDGET (f->home))));
}

static void
export_devices (CloudPage *f, LksCloudExportFormat format, const char *search, const char *path)
{
  GtkWidget *view = page_find (f, LKS_TYPE_CLOUD_LIST_VIEW);
  const LksCloudScope *scope = lks_cloud_list_view_get_scope (LKS_CLOUD_LIST_VIEW (view));
  g_autoptr (GFile) file = g_file_new_for_path (path);
  guint n_listings;
  const LksCloudExportWish wish = {
    .desk = lks_cloud_home_get_desk (f->home),
    .listing = &lks_cloud_listings_get (scope, &n_listings)[1],
    .scope = scope,
    .search = search,
    .format = format,
  };

  lks_cloud_export_bar_begin (LKS_CLOUD_EXPORT_BAR (find_export_bar (view)), &wish, file);
  WAIT_UNTIL (!page_shows (f, "Exporting:"));
}

static void
check_csv (const char *path)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "id,name,group,product,catalog,"));
  g_assert_true (g_str_has_suffix (text, "\r\n"));
  lines = g_strsplit (text, "\r\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 1 + PAGE_DEVICES + 1);
}

static void
check_json (const char *path, const char *product)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *devices;

  g_assert_true (json_parser_load_from_file (parser, path, NULL));
  devices = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)),
                                          "devices");
  g_assert_cmpuint (json_array_get_length (devices), >, 0);
  g_assert_cmpuint (json_array_get_length (devices), <, PAGE_DEVICES);
  for (guint i = 0; i < json_array_get_length (devices); i++)
    g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (devices, i),
                                                    "product"),
                     ==, product);
}

/* All rows get into the file, however few of them are seen. */
static void
test_export (CloudPage *f, gconstpointer unused)
{
  g_autofree char *csv = emulator_process_get_path (&f->process, "devices.csv");
  g_autofree char *json = emulator_process_get_path (&f->process, "devices.json");
  g_autofree char *nowhere = emulator_process_get_path (&f->process, "not/there.csv");

  page_open_row (f, 0);
  WAIT_UNTIL (page_count_rows (f) == 2);
  page_choose_listing (f, 1);
  WAIT_UNTIL (page_count_rows (f) > 0);
  ask_for_file (f, "csv", "devices.csv");
  ask_for_file (f, "json", "devices.json");

  export_devices (f, LKS_CLOUD_EXPORT_CSV, "", csv);
  g_assert_true (page_shows (f, "3000 rows were written into devices.csv."));
  g_assert_cmpuint (page_count_rows (f), <, PAGE_DEVICES);
  check_csv (csv);
  page_take_picture (f, "cloud-exported");
  page_activate (f, "export.dismiss");
  g_assert_false (page_shows (f, "devices.csv"));

  export_devices (f, LKS_CLOUD_EXPORT_JSON, "valve", json);
  check_json (json, "Valve");
  export_devices (f, LKS_CLOUD_EXPORT_CSV, NULL, nowhere);
  g_assert_true (page_shows (f, "there.csv was not written."));
  page_sign_out (f);
}

/* Who leaves in the middle of an export leaves nothing behind: neither a file, nor, as tear_down()
 * waits for it, anything at work. */
static void
test_export_left (CloudPage *f, gconstpointer unused)
{
  g_autofree char *csv = emulator_process_get_path (&f->process, "left.csv");
  g_autoptr (GFile) file = g_file_new_for_path (csv);
  guint n_listings;
  LksCloudExportWish wish = { .format = LKS_CLOUD_EXPORT_CSV };
  GtkWidget *view;

  page_open_row (f, 0);
  view = page_find (f, LKS_TYPE_CLOUD_LIST_VIEW);
  wish.desk = lks_cloud_home_get_desk (f->home);
  wish.scope = lks_cloud_list_view_get_scope (LKS_CLOUD_LIST_VIEW (view));
  wish.listing = &lks_cloud_listings_get (wish.scope, &n_listings)[1];
  g_object_add_weak_pointer (G_OBJECT (view), (gpointer *) &view);
  lks_cloud_export_bar_begin (LKS_CLOUD_EXPORT_BAR (find_export_bar (view)), &wish, file);
  lks_cloud_home_go_back (f->home);
  WAIT_UNTIL (view == NULL);
  g_assert_false (g_file_test (csv, G_FILE_TEST_EXISTS));
  page_sign_out (f);
}

/* ---- certificates ---- */

static void
save_certificate (CloudPage *f, const char *action, const char *name)
{
  g_autofree char *path = emulator_process_get_path (&f->process, name);
  g_autofree char *written = g_strdup_printf ("%s was written.", name);
  g_autofree char *content = NULL;
  gsize size_bytes;

  page_activate (f, action);
  page_save_into (f, "plant7-", name);
  WAIT_UNTIL (page_shows (f, written));
  g_assert_true (g_file_get_contents (path, &content, &size_bytes, NULL));
  g_assert_cmpint (content[0], ==, 0x30); /* DER begins a sequence */
}

static void
test_certificates (CloudPage *f, gconstpointer unused)
{
  GtkWidget *detail;

  page_open_row (f, page_find_row (f, "plant7"));
  WAIT_UNTIL (page_count_rows (f) == 2);
  page_choose_listing (f, 4);
  WAIT_UNTIL (page_count_rows (f) > 0 && page_shows (f, "Active"));
  page_open_row (f, 0);
  WAIT_UNTIL ((detail = page_find (f, LKS_TYPE_CLOUD_DETAIL)) != NULL);
  g_assert_false (widget_can (detail, "certificate.prove"));
  save_certificate (f, "certificate.download", "one.cer");
  save_certificate (f, "certificate.chain", "chain.p7b");
  widget_type (detail, 0, "0123ABCD");
  g_assert_true (widget_can (detail, "certificate.prove"));
  save_certificate (f, "certificate.prove", "proof.cer");
  page_take_picture (f, "cloud-certificate");
  page_sign_out (f);
}

/* ---- a day without internet ---- */

static char *
list_lab (CloudPage *f)
{
  g_autofree char *csv = emulator_process_get_path (&f->process, "lab.csv");
  char *text = NULL;

  page_open_row (f, 1);
  WAIT_UNTIL (page_count_rows (f) > 0);
  page_choose_listing (f, 1);
  WAIT_UNTIL (page_count_rows (f) == 2);
  export_devices (f, LKS_CLOUD_EXPORT_CSV, "", csv);
  g_assert_true (g_file_get_contents (csv, &text, NULL, NULL));
  return text;
}

static GtkWidget *
open_route (CloudPage *f, const char *place)
{
  GtkWidget *dialog = GTK_WIDGET (
      lks_route_dialog_new (f->window, lks_cloud_home_get_desk (f->home), place, f->process.cloud));

  gtk_window_present (GTK_WINDOW (dialog));
  return dialog;
}

static void
set_devices (GtkWidget *dialog, const char *text)
{
  GtkTextView *view = GTK_TEXT_VIEW (widget_find (dialog, GTK_TYPE_TEXT_VIEW));

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (view), text, -1);
}

static void
check_route (GtkWidget *dialog, const char *outcome)
{
  g_assert_true (gtk_widget_activate_action (dialog, "route.check", NULL));
  WAIT_UNTIL (widget_shows (dialog, outcome));
}

/* Packed while somebody is signed in, and checked when nobody is. */
static void
test_route (CloudPage *f, gconstpointer unused)
{
  g_autofree char *place = g_build_filename (g_get_user_data_dir (), "day", NULL);
  g_autofree char *stranger = g_strnfill (128, 'e');
  g_autoptr (LksVault) vault = lks_vault_new ();
  g_autofree char *list = NULL;
  GtkWidget *dialog;
  AdwComboRow *catalogs;

  lks_cloud_desk_set_vault (lks_cloud_home_get_desk (f->home), vault);
  list = list_lab (f);
  dialog = open_route (f, place);
  catalogs = ADW_COMBO_ROW (widget_find (dialog, ADW_TYPE_COMBO_ROW));
  set_devices (dialog, list);
  g_assert_true (widget_shows (dialog, "2 devices"));
  WAIT_UNTIL (adw_combo_row_get_model (catalogs) != NULL &&
              g_list_model_get_n_items (adw_combo_row_get_model (catalogs)) == 2);
  adw_combo_row_set_selected (catalogs, 1);
  page_take_picture_of (GTK_WINDOW (dialog), "route-form");
  g_assert_true (gtk_widget_activate_action (dialog, "route.pack", NULL));
  WAIT_UNTIL (widget_shows (dialog, "Ready to leave: everything is there."));
  g_assert_true (widget_shows (dialog, "It is in the vault"));
  g_assert_cmpuint (g_list_model_get_n_items (lks_vault_get_items (vault)), >=, 2);
  page_take_picture_of (GTK_WINDOW (dialog), "route-ready");
  page_close_dialog (dialog);
  page_sign_out (f);

  dialog = open_route (f, place);
  g_assert_true (widget_shows (dialog, "2 devices"));
  WAIT_UNTIL (widget_shows (dialog, "Nobody is signed in."));
  check_route (dialog, "Ready to leave: everything is there.");
  g_assert_true (gtk_widget_activate_action (dialog, "route.back", NULL));
  set_devices (dialog, stranger);
  check_route (dialog, "Not ready to leave: something is missing.");
  page_take_picture_of (GTK_WINDOW (dialog), "route-missing");
  page_close_dialog (dialog);
}

/* ---- the list of OS versions ---- */

static gboolean
is_working (GtkWidget *dialog)
{
  return widget_find (dialog, GTK_TYPE_SPINNER) != NULL;
}

/* What is no list takes no list's place. */
static void
import_broken (GtkWidget *dialog)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "broken.json", NULL);

  g_assert_true (g_file_set_contents (path, "{\"versions\":[{}]}", -1, NULL));
  lks_os_dialog_import (LKS_OS_DIALOG (dialog), path);
  WAIT_UNTIL (!is_working (dialog));
  g_assert_true (widget_shows (dialog, "broken.json") ||
                 widget_shows (dialog, "list of OS versions"));
  g_assert_true (widget_shows (dialog, "The newest version is 24.03"));
}

static void
test_os_versions (CloudPage *f, gconstpointer unused)
{
  g_autoptr (LksOsBook) book = lks_os_book_ref_default ();
  GtkWidget *dialog = GTK_WIDGET (lks_os_dialog_new (f->window, f->process.cloud));

  gtk_window_present (GTK_WINDOW (dialog));
  g_assert_true (gtk_widget_activate_action (dialog, "os.fetch", NULL));
  WAIT_UNTIL (!is_working (dialog));
  g_assert_true (widget_shows (dialog, "The newest version is 24.03"));
  g_assert_true (widget_shows (dialog, "24.03, 23.05, 22.11"));
  import_broken (dialog);
  page_take_picture_of (GTK_WINDOW (dialog), "os-versions");
  g_assert_true (lks_os_book_is_older (book, "23.05"));
  g_assert_false (lks_os_book_is_older (book, "24.03"));
  g_assert_false (lks_os_book_is_older (book, "24.06"));      /* newer than the list */
  g_assert_false (lks_os_book_is_older (book, "of our own")); /* nothing is guessed */
  page_close_dialog (dialog);
}

/* ---- the network ---- */

/* The places of the emulated cloud are there; what else there is depends on this computer. */
static void
test_network (CloudPage *f, gconstpointer unused)
{
  LksCloudTrust *trust = lks_cloud_desk_get_trust (lks_cloud_home_get_desk (f->home));
  LksNetworkDialog *dialog = lks_network_dialog_new (f->window, trust, f->process.cloud,
                                                     f->process.cloud, f->process.cloud);
  const char *place = f->process.cloud + strlen ("https://");

  gtk_window_present (GTK_WINDOW (dialog));
  WAIT_UNTIL (widget_shows (GTK_WIDGET (dialog), place));
  g_assert_true (widget_shows (GTK_WIDGET (dialog), "Reached"));
  g_assert_true (widget_shows (GTK_WIDGET (dialog), "The Legacy service, until it ends"));
  g_assert_true (widget_shows (GTK_WIDGET (dialog), "prod.update.sphere.azure.net:80"));
  page_take_picture_of (GTK_WINDOW (dialog), "cloud-network");
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  gtk_widget_activate_action (GTK_WIDGET (dialog), "network.test", NULL);
  gtk_window_close (GTK_WINDOW (dialog)); /* in the middle of a test */
  WAIT_UNTIL (dialog == NULL);
}

int
main (int argc, char **argv)
{
  page_init (&argc, &argv);

  page_add_test ("/cloud-carry/export", test_export);
  page_add_test ("/cloud-carry/export-left", test_export_left);
  page_add_test ("/cloud-carry/certificates", test_certificates);
  page_add_test ("/cloud-carry/route", test_route);
  page_add_test_alone ("/cloud-carry/os-versions", test_os_versions);
  page_add_test_alone ("/cloud-carry/network", test_network);
  return g_test_run ();
}
