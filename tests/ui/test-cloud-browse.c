/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-cloud-browse EMULATOR [FOLDER]: who signs in and looks around in the cloud: lists, searches,
 * the card of a device. */
#include "cloud-page.h"

#include "lks-cloud-browser.h"
#include "lks-cloud-detail.h"
#include "lks-cloud-find-dialog.h"
#include "lks-cloud-list.h"

/* ---- the card of a device ---- */

static void
find_out_why (CloudPage *f)
{
  page_activate (f, "device.why");
  WAIT_UNTIL (page_shows (f, "Is anything deployed to the group?"));
  g_assert_true (page_shows (f, "Upload the image and deploy it to the group."));
  g_assert_true (page_shows (f, "Only the board itself knows"));
}

static void
download (CloudPage *f, guint n_kept)
{
  g_autoptr (LksVault) vault = lks_vault_new ();
  GListModel *items = lks_vault_get_items (vault);

  lks_cloud_desk_set_vault (lks_cloud_home_get_desk (f->home), vault);
  page_activate (f, "device.servicing");
  WAIT_UNTIL (g_list_model_get_n_items (items) == n_kept &&
              page_shows (f, "The capability is in the vault"));
}

/* Nobody hears that it was done. */
static void
move (CloudPage *f)
{
  g_autoptr (JsonObject) answer = NULL;
  GtkDropDown *choice;

  page_activate (f, "device.groups");
  choice = GTK_DROP_DOWN (page_find (f, GTK_TYPE_DROP_DOWN));
  WAIT_UNTIL (gtk_drop_down_get_model (choice) != NULL &&
              g_list_model_get_n_items (gtk_drop_down_get_model (choice)) == 10);
  gtk_drop_down_set_selected (choice, 9);
  answer = emulator_process_command (
      &f->process,
      "{\"command\":\"cloud-fault\",\"fault\":{\"kind\":\"cut\",\"method\":\"PATCH\"}}");
  g_assert_true (json_object_get_boolean_member (answer, "ok"));
  page_activate (f, "device.move");
  WAIT_UNTIL (page_shows (f, "The device is in Valve"));
  WAIT_UNTIL (page_shows (f, "RetailEval: early versions"));
}

/* What the group says is there without a question. */
static void
see_group (CloudPage *f)
{
  WAIT_UNTIL (page_shows (f, "Retail: released versions"));
  g_assert_true (page_shows (f, "What Its Device Group Says"));
  g_assert_true (page_shows (f, "OS only"));
  g_assert_true (page_shows (f, "Pump › Development"));
}

static void
use_card (CloudPage *f)
{
  see_group (f);
  find_out_why (f);
  page_take_picture (f, "cloud-why");
  download (f, 1);
  move (f);
  download (f, 2); /* which the service makes only for the group where the device is */
}

/* ---- the way through the lists ---- */

static void
test_way (CloudPage *f, gconstpointer unused)
{
  gboolean can_go_back;

  page_sign_in (f);
  g_assert_true (page_shows (f, "plant7"));
  page_take_picture (f, "cloud-catalogs");
  page_open_row (f, 0);
  g_assert_cmpuint (page_get_depth (f), ==, 2);
  WAIT_UNTIL (page_count_rows (f) == 2 && page_shows (f, "Pump"));
  WAIT_UNTIL (page_shows (f, "3000 devices belong to this catalog"));
  page_open_row (f, 0);
  WAIT_UNTIL (page_count_rows (f) == 5 && page_shows (f, "Production"));
  WAIT_UNTIL (page_shows (f, "1500 devices of this product"));
  page_take_picture (f, "cloud-groups");
  page_open_row (f, 0);
  WAIT_UNTIL (page_count_rows (f) > 50);
  WAIT_UNTIL (page_shows (f, "300 devices in this group"));
  page_take_picture (f, "cloud-devices");
  page_open_row (f, 1);
  WAIT_UNTIL (page_find (f, LKS_TYPE_CLOUD_DETAIL) != NULL);
  g_assert_true (page_shows (f, "Device ID"));
  use_card (f);
  page_take_picture (f, "cloud-device");

  g_object_get (f->home, "can-go-back", &can_go_back, NULL);
  g_assert_true (can_go_back);
  for (guint depth = page_get_depth (f); depth > 1; depth--)
    lks_cloud_home_go_back (f->home);
  g_assert_cmpuint (page_count_rows (f), ==, 2);
  g_object_get (f->home, "can-go-back", &can_go_back, NULL);
  g_assert_false (can_go_back);
  page_sign_out (f);
}

static LksCloudList *
get_list (CloudPage *f)
{
  GListModel *rows = page_get_rows (f);

  return rows != NULL ? LKS_CLOUD_LIST (gtk_no_selection_get_model (GTK_NO_SELECTION (rows)))
                      : NULL;
}

static void
scroll_down (CloudPage *f)
{
  GtkWidget *scrolled =
      gtk_widget_get_ancestor (page_find (f, GTK_TYPE_LIST_VIEW), GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));

  WAIT_UNTIL (gtk_adjustment_get_upper (adjustment) >
              2 * gtk_adjustment_get_page_size (adjustment));
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
}

static gboolean
is_paused (CloudPage *f)
{
  return get_list (f) != NULL && lks_cloud_list_get_state (get_list (f)) == LKS_CLOUD_LIST_PAUSED;
}

/* The list grows by what somebody wants to see, and a search looks at all. */
static void
test_growing (CloudPage *f, gconstpointer unused)
{
  guint n_rows;

  page_open_row (f, 0);
  WAIT_UNTIL (page_count_rows (f) == 2);
  page_choose_listing (f, 1);
  WAIT_UNTIL (page_count_rows (f) >= LKS_CLOUD_LIST_STEP && is_paused (f));
  n_rows = page_count_rows (f);
  g_assert_cmpuint (n_rows, <, PAGE_DEVICES / 4);

  scroll_down (f);
  WAIT_UNTIL (page_count_rows (f) > n_rows && is_paused (f));
  g_assert_cmpuint (page_count_rows (f), <, PAGE_DEVICES / 2);

  page_search_for (f, "valve");
  WAIT_UNTIL (page_shows (f, "Valve") && !page_shows (f, "Pump ›"));
  page_search_for (f, "there is no such thing");
  WAIT_UNTIL (page_shows (f, "Nothing Found"));
  page_take_picture (f, "cloud-nothing");
  page_sign_out (f);
}

static void
test_refused (CloudPage *f, gconstpointer unused)
{
  page_open_row (f, 0);
  WAIT_UNTIL (page_count_rows (f) == 2);
  page_choose_listing (f, 2);
  WAIT_UNTIL (page_shows (f, "The List Could Not Be Fetched"));
  g_assert_true (page_shows (f, "This account may not do that."));
  page_take_picture (f, "cloud-refused");
  page_activate (f, "list.refresh");
  WAIT_UNTIL (page_shows (f, "No image was uploaded into this catalog."));
  page_sign_out (f);
}

/* ---- who comes and goes ---- */

/* Who leaves while a list is being fetched leaves nothing behind: tear_down() waits for that. */
static void
test_leaving (CloudPage *f, gconstpointer unused)
{
  page_open_row (f, 0);
  page_choose_listing (f, 1);
  page_search_for (f, "not there");
  g_assert_cmpuint (page_get_depth (f), >=, 2);
}

/* A second program knows who is signed in: the test before did not sign out. */
static void
test_again (CloudPage *f, gconstpointer unused)
{
  g_autofree char *application = g_settings_get_string (f->settings, "cloud-application");

  g_assert_cmpstr (application, ==, PAGE_CLIENT);
  WAIT_UNTIL (page_find (f, LKS_TYPE_CLOUD_BROWSER) != NULL);
  page_sign_out (f);
}

/* What can never be right is said before anything is sent. */
static void
test_wrong_application (CloudPage *f, gconstpointer unused)
{
  g_settings_set_string (f->settings, "cloud-application", "mine");
  WAIT_UNTIL (page_shows (f, "Sign In to the Cloud"));
  page_activate (f, "sign-in.code");
  g_assert_true (page_shows (f, "This can never be accepted."));
}

/* ---- the Legacy service ---- */

/* Its tenants are catalogs like others; that it ends is said before and after the sign-in. */
static void
test_legacy (CloudPage *f, gconstpointer unused)
{
  g_autoptr (LksVault) vault = lks_vault_new ();

  g_settings_set_boolean (f->settings, "cloud-legacy", TRUE);
  WAIT_UNTIL (page_shows (f, "The vendor ends the Legacy service"));
  page_sign_in (f);
  g_assert_true (page_shows (f, "The vendor ends the Legacy service"));
  g_assert_true (page_shows (f, "(Legacy)"));
  g_assert_true (page_shows (f, "Legacy tenant"));
  page_take_picture (f, "cloud-legacy");
  page_open_row (f, 0);
  WAIT_UNTIL (page_count_rows (f) == 2 && page_shows (f, "Pump"));
  page_open_row (f, 0);
  WAIT_UNTIL (page_count_rows (f) == 5 && page_shows (f, "Production"));
  page_open_row (f, 0);
  WAIT_UNTIL (page_count_rows (f) > 50);
  page_open_row (f, 1);
  WAIT_UNTIL (page_find (f, LKS_TYPE_CLOUD_DETAIL) != NULL);
  g_assert_true (page_shows (f, "the tenant's role Contributor or Administrator"));
  g_assert_false (page_shows (f, "Owner"));
  lks_cloud_desk_set_vault (lks_cloud_home_get_desk (f->home), vault);
  page_activate (f, "device.servicing");
  WAIT_UNTIL (page_shows (f, "The capability is in the vault"));
  g_settings_set_boolean (f->settings, "cloud-legacy", FALSE);
  page_sign_out (f);
}

/* ---- which catalog owns a device? ---- */

static char *
dup_first_device (CloudPage *f)
{
  g_autoptr (LksCloudItem) item = g_list_model_get_item (page_get_rows (f), 0);

  return g_strdup (lks_cloud_item_get_resource (item)->name);
}

/* Typed in upper case, as a label has it; the second catalog owns it. */
static void
test_owner (CloudPage *f, gconstpointer unused)
{
  g_autofree char *stranger = g_strnfill (128, 'E');
  g_autofree char *id = NULL;
  g_autofree char *upper = NULL;
  GtkWidget *dialog;

  page_open_row (f, page_find_row (f, "lab"));
  WAIT_UNTIL (page_count_rows (f) == 1);
  page_choose_listing (f, 1);
  WAIT_UNTIL (page_count_rows (f) == 2);
  id = dup_first_device (f);
  upper = g_ascii_strup (id, -1);
  lks_cloud_home_go_back (f->home);

  dialog = page_open_dialog (f, "place.find", LKS_TYPE_CLOUD_FIND_DIALOG);
  widget_type (dialog, 0, "abc");
  g_assert_true (widget_shows (dialog, "128 hexadecimal digits"));
  g_assert_false (widget_can (dialog, "find.find"));
  widget_type (dialog, 0, stranger);
  gtk_widget_activate_action (dialog, "find.find", NULL);
  WAIT_UNTIL (
      widget_shows (dialog, "none of the 2 catalogs that this account sees owns the device"));
  page_take_picture_of (GTK_WINDOW (dialog), "cloud-no-owner");
  widget_type (dialog, 0, upper);
  gtk_widget_activate_action (dialog, "find.find", NULL);
  WAIT_UNTIL (widget_shows (dialog, "It belongs to lab › "));
  page_take_picture_of (GTK_WINDOW (dialog), "cloud-owner");
  page_finish_dialog (dialog, "find.show");
  WAIT_UNTIL (page_find (f, LKS_TYPE_CLOUD_DETAIL) != NULL && page_shows (f, "Device ID"));
  g_assert_true (page_shows (f, id));
  page_sign_out (f);
}

/* ---- what cannot be looked into ---- */

#define SECOND "cccccccc-2222-4333-8444-555555555555"
#define THIRD "dddddddd-2222-4333-8444-555555555555"
#define GAPS                                                                                       \
  "{\"cloud\":{\"clientId\":\"" PAGE_CLIENT "\",\"tenant\":\"" PAGE_TENANT                         \
  "\",\"pollSeconds\":0,\"operationMs\":0,\"moreSubscriptions\":[\"" THIRD "\",\"" SECOND "\"],"   \
  "\"catalogs\":[{\"name\":\"closed\",\"resourceGroup\":\"vault\"},"                               \
  "{\"name\":\"branch\",\"subscription\":\"" SECOND "\",\"products\":[\"Rig\"],\"devices\":2}],"   \
  "\"faults\":[{\"kind\":\"status\",\"path\":\"" THIRD "\",\"times\":0,\"status\":409,"            \
  "\"code\":\"MissingSubscriptionRegistration\",\"message\":\"not registered\"},"                  \
  "{\"kind\":\"status\",\"path\":\"catalogs/closed/\",\"times\":0,\"status\":403,"                 \
  "\"code\":\"AuthorizationFailed\",\"message\":\"no right\"}]}}"

static void
set_up_with_gaps (CloudPage *f, gconstpointer unused)
{
  page_open (f, GAPS);
}

static void
tear_down (CloudPage *f, gconstpointer unused)
{
  page_close (f);
}

/* One subscription and one catalog that cannot be looked into do not hide the others, and it is
 * said that they are left out. */
static void
test_gaps (CloudPage *f, gconstpointer unused)
{
  g_autofree char *stranger = g_strnfill (128, 'E');
  g_autofree char *id = NULL;
  GtkWidget *dialog;

  WAIT_UNTIL (page_shows (f, "2 in all\nLeft out: the subscription “Subscription 2”"));
  page_take_picture (f, "cloud-gaps");
  page_open_row (f, page_find_row (f, "branch"));
  WAIT_UNTIL (page_count_rows (f) == 1);
  page_choose_listing (f, 1);
  WAIT_UNTIL (page_count_rows (f) == 2);
  id = dup_first_device (f);
  lks_cloud_home_go_back (f->home);

  dialog = page_open_dialog (f, "place.find", LKS_TYPE_CLOUD_FIND_DIALOG);
  widget_type (dialog, 0, stranger);
  gtk_widget_activate_action (dialog, "find.find", NULL);
  WAIT_UNTIL (widget_shows (dialog, "this account cannot look everywhere"));
  g_assert_true (widget_shows (dialog, "the catalog closed (vault)"));
  page_take_picture_of (GTK_WINDOW (dialog), "cloud-not-certain");
  widget_type (dialog, 0, id);
  gtk_widget_activate_action (dialog, "find.find", NULL);
  WAIT_UNTIL (widget_shows (dialog, "It belongs to branch › "));
  page_close_dialog (dialog);
  page_sign_out (f);
}

int
main (int argc, char **argv)
{
  page_init (&argc, &argv);

  page_add_test_alone ("/cloud-browse/way", test_way);
  page_add_test ("/cloud-browse/growing", test_growing);
  page_add_test ("/cloud-browse/refused", test_refused);
  page_add_test ("/cloud-browse/leaving", test_leaving);
  page_add_test_alone ("/cloud-browse/again", test_again);
  page_add_test_alone ("/cloud-browse/wrong-application", test_wrong_application);
  page_add_test_alone ("/cloud-browse/legacy", test_legacy);
  page_add_test ("/cloud-browse/owner", test_owner);
  g_test_add ("/cloud-browse/gaps", CloudPage, NULL, set_up_with_gaps, test_gaps, tear_down);
  return g_test_run ();
}
