/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-cloud-change EMULATOR [FOLDER]: what is changed in the cloud from the window: products
 * and groups, images, deployments. */
#include "cloud-page.h"

#include "lks-cloud-act-dialog.h"
#include "lks-cloud-catalog-dialog.h"
#include "lks-cloud-deploy-dialog.h"
#include "lks-cloud-detail.h"
#include "lks-cloud-edit-dialog.h"
#include "lks-cloud-group-form.h"
#include "lks-cloud-list-view.h"
#include "lks-cloud-tools.h"
#include "lks-cloud-upload-dialog.h"
#include "lks-sideload-plan.h"

#define COMPONENT "cccccccc-2222-4333-8444-555555555555"
#define IMAGE "dddddddd-2222-4333-8444-555555555555"
#define IMAGE_2 "eeeeeeee-2222-4333-8444-555555555555"

/* ---- products and device groups ---- */

/* What is wrong with a name is said while it is typed. */
static void
make_product (CloudPage *f, const char *name)
{
  GtkWidget *dialog = page_open_dialog (f, "place.add", LKS_TYPE_CLOUD_EDIT_DIALOG);

  g_assert_false (widget_can (dialog, "edit.apply"));
  widget_type (dialog, 0, "ab");
  g_assert_true (widget_shows (dialog, "A name has 3 to 50 characters."));
  widget_type (dialog, 0, "a/b");
  g_assert_true (widget_shows (dialog, "A name has letters from A to Z, digits, blanks and"));
  widget_type (dialog, 0, "Line ");
  g_assert_true (widget_shows (dialog, "A name does not begin or end with a blank."));
  g_assert_false (widget_can (dialog, "edit.apply"));
  page_take_picture_of (GTK_WINDOW (dialog), "cloud-new-product");
  widget_type (dialog, 0, name);
  widget_type (dialog, 1, "made in a test");
  g_assert_true (widget_shows (dialog, "Contributor or Owner"));
  page_finish_dialog (dialog, "edit.apply");
}

static void
choose_in_form (GtkWidget *dialog, const char *title, guint position)
{
  GQueue widgets = G_QUEUE_INIT;
  GtkWidget *widget;
  gboolean is_chosen = FALSE;

  g_queue_push_tail (&widgets, widget_find (dialog, LKS_TYPE_CLOUD_GROUP_FORM));
  while ((widget = g_queue_pop_head (&widgets)) != NULL)
    {
      if (ADW_IS_COMBO_ROW (widget) &&
          g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title))
        {
          adw_combo_row_set_selected (ADW_COMBO_ROW (widget), position);
          is_chosen = TRUE;
        }
      for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
           child = gtk_widget_get_next_sibling (child))
        g_queue_push_tail (&widgets, child);
    }
  g_assert_true (is_chosen);
}

static void
make_group (CloudPage *f, const char *name)
{
  GtkWidget *dialog = page_open_dialog (f, "place.add", LKS_TYPE_CLOUD_EDIT_DIALOG);

  widget_type (dialog, 0, name);
  choose_in_form (dialog, "Updates", 1);
  choose_in_form (dialog, "OS Versions", 1);
  g_assert_true (widget_shows (dialog, "what is deployed to the group does not reach them"));
  page_take_picture_of (GTK_WINDOW (dialog), "cloud-new-group");
  page_finish_dialog (dialog, "edit.apply");
}

/* Only what was changed is sent: the feed remains what it was. */
static void
change_group (CloudPage *f)
{
  GtkWidget *dialog = page_open_dialog (f, "place.edit", LKS_TYPE_CLOUD_EDIT_DIALOG);

  WAIT_UNTIL (widget_can (dialog, "edit.apply"));
  g_assert_true (widget_shows (dialog, "plant7 › Line 2 › Trial"));
  g_assert_true (widget_shows (dialog, "OS only"));
  choose_in_form (dialog, "Updates", 0);
  page_take_picture_of (GTK_WINDOW (dialog), "cloud-change-group");
  page_finish_dialog (dialog, "edit.apply");
}

static void
delete_place (CloudPage *f, const char *question)
{
  GtkWidget *dialog = page_open_dialog (f, "place.delete", LKS_TYPE_CLOUD_ACT_DIALOG);

  g_assert_true (widget_shows (dialog, question));
  g_assert_true (widget_shows (dialog, "This needs the role Azure Sphere Contributor or Owner."));
  page_take_picture_of (GTK_WINDOW (dialog), "cloud-delete");
  page_finish_dialog (dialog, "act.do");
}

static void
test_places (CloudPage *f, gconstpointer unused)
{
  page_open_row (f, page_find_row (f, "plant7"));
  WAIT_UNTIL (page_count_rows (f) == 2);
  make_product (f, "Line 2");
  WAIT_UNTIL (page_count_rows (f) == 3 && page_shows (f, "made in a test"));
  page_open_row (f, page_find_row (f, "Line 2"));
  WAIT_UNTIL (page_count_rows (f) == 5 && page_shows (f, "Production OS Evaluation"));
  page_take_picture (f, "cloud-tools");
  make_group (f, "Trial");
  WAIT_UNTIL (page_count_rows (f) == 6);
  page_open_row (f, page_find_row (f, "Trial"));
  WAIT_UNTIL (page_shows (f, "There are no devices here."));
  change_group (f);
  lks_cloud_home_go_back (f->home);
  WAIT_UNTIL (page_shows (f, "OS and application updates, early OS versions"));
  page_open_row (f, page_find_row (f, "Trial"));
  delete_place (f, "Delete the Device Group “Trial”?");
  WAIT_UNTIL (page_count_rows (f) == 5);
  delete_place (f, "Delete the Product “Line 2”?");
  WAIT_UNTIL (page_count_rows (f) == 2 && page_shows (f, "Pump"));
  page_sign_out (f);
}

/* ---- catalogs ---- */

#define SECOND "cccccccc-2222-4333-8444-555555555555"
#define SUBSCRIPTIONS                                                                              \
  "{\"cloud\":{\"clientId\":\"" PAGE_CLIENT "\",\"tenant\":\"" PAGE_TENANT                         \
  "\",\"pollSeconds\":0,\"operationMs\":0,\"moreSubscriptions\":[\"" SECOND "\"],"                 \
  "\"catalogs\":[{\"name\":\"plant7\",\"devices\":1,\"products\":[\"Pump\"]},"                     \
  "{\"name\":\"lab\",\"resourceGroup\":\"research\",\"subscription\":\"" SECOND "\"}]}}"

static void
set_up_subscriptions (CloudPage *f, gconstpointer unused)
{
  page_open (f, SUBSCRIPTIONS);
}

static void
tear_down (CloudPage *f, gconstpointer unused)
{
  page_close (f);
}

static void
type_tags (GtkWidget *dialog, const char *lines)
{
  GtkTextView *view = GTK_TEXT_VIEW (widget_find (dialog, GTK_TYPE_TEXT_VIEW));

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (view), lines, -1);
}

/* The resource groups are those of the subscription that is chosen. */
static void
choose_site (GtkWidget *dialog)
{
  AdwComboRow *subscription = ADW_COMBO_ROW (widget_find (dialog, ADW_TYPE_COMBO_ROW));

  WAIT_UNTIL (widget_shows (dialog, "factory"));
  g_assert_true (widget_shows (dialog, "Production"));
  adw_combo_row_set_selected (subscription, 1);
  g_assert_false (widget_can (dialog, "catalog.apply"));
  WAIT_UNTIL (widget_shows (dialog, SECOND) && widget_can (dialog, "catalog.apply"));
}

static void
make_catalog (CloudPage *f)
{
  GtkWidget *dialog = page_open_dialog (f, "place.add", LKS_TYPE_CLOUD_CATALOG_DIALOG);

  g_assert_true (widget_shows (dialog, "stay in it for ever"));
  g_assert_true (widget_shows (dialog, "Contributor or Owner"));
  g_assert_false (widget_can (dialog, "catalog.apply"));
  widget_type (dialog, 0, "no blanks");
  g_assert_true (widget_shows (dialog, "digits, hyphens and underlines."));
  page_take_picture_of (GTK_WINDOW (dialog), "cloud-new-catalog-wrong");
  widget_type (dialog, 0, "depot");
  type_tags (dialog, "line");
  g_assert_true (widget_shows (dialog, "it is NAME=VALUE"));
  type_tags (dialog, "line=7\ncost centre=4711");
  choose_site (dialog);
  page_take_picture_of (GTK_WINDOW (dialog), "cloud-new-catalog");
  page_finish_dialog (dialog, "catalog.apply");
}

/* What is there already is not made again, and is not changed by that. */
static void
fail_to_make_catalog (CloudPage *f)
{
  GtkWidget *dialog = page_open_dialog (f, "place.add", LKS_TYPE_CLOUD_CATALOG_DIALOG);

  widget_type (dialog, 0, "depot");
  choose_site (dialog);
  gtk_widget_activate_action (dialog, "catalog.apply", NULL);
  WAIT_UNTIL (widget_shows (dialog, "there is a catalog “depot” in the resource group already"));
  page_close_dialog (dialog);
}

static void
change_catalog (CloudPage *f, const char *before, const char *after)
{
  GtkWidget *dialog = page_open_dialog (f, "place.edit", LKS_TYPE_CLOUD_CATALOG_DIALOG);
  GtkTextBuffer *buffer;
  g_autofree char *text = NULL;

  WAIT_UNTIL (widget_can (dialog, "catalog.apply"));
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (widget_find (dialog, GTK_TYPE_TEXT_VIEW)));
  g_object_get (buffer, "text", &text, NULL);
  g_assert_cmpstr (text, ==, before);
  page_take_picture_of (GTK_WINDOW (dialog), "cloud-change-catalog");
  type_tags (dialog, after);
  page_finish_dialog (dialog, "catalog.apply");
}

static void
test_catalogs (CloudPage *f, gconstpointer unused)
{
  make_catalog (f);
  WAIT_UNTIL (page_count_rows (f) == 3);
  fail_to_make_catalog (f);
  page_open_row (f, page_find_row (f, "depot"));
  WAIT_UNTIL (page_shows (f, "0 devices belong to this catalog"));
  change_catalog (f, "cost centre=4711\nline=7", "");
  change_catalog (f, "", "line=8");
  change_catalog (f, "line=8", "line=9");
  delete_place (f, "Delete the Catalog “depot”?");
  WAIT_UNTIL (page_count_rows (f) == 2);
  page_sign_out (f);
}

/* The service's refusal is shown where it was asked, and can be tried again. */
static void
test_not_deleted (CloudPage *f, gconstpointer unused)
{
  GtkWidget *dialog;

  page_open_row (f, page_find_row (f, "plant7"));
  WAIT_UNTIL (page_count_rows (f) == 2);
  page_open_row (f, page_find_row (f, "Pump"));
  WAIT_UNTIL (page_count_rows (f) == 5);
  dialog = page_open_dialog (f, "place.delete", LKS_TYPE_CLOUD_ACT_DIALOG);
  gtk_widget_activate_action (dialog, "act.do", NULL);
  g_assert_false (widget_can (dialog, "act.do"));
  WAIT_UNTIL (widget_can (dialog, "act.do"));
  g_assert_true (widget_shows (dialog, "See the details for its reason."));
  page_take_picture_of (GTK_WINDOW (dialog), "cloud-not-deleted");
  gtk_window_close (GTK_WINDOW (dialog));
  g_assert_cmpuint (page_count_rows (f), ==, 5);
  page_sign_out (f);
}

/* ---- images ---- */

/* An application as somebody built it, for an image ID of its own. */
static char *
make_image (CloudPage *f, const char *name, const char *image_id)
{
  g_autofree char *file = g_strconcat (name, ".imagepackage", NULL);
  char *path = emulator_process_get_path (&f->process, file);
  g_autofree char *manifest = emulator_process_get_path (&f->process, "app_manifest.json");
  g_autofree char *text = g_strdup_printf (
      "{\"SchemaVersion\":1,\"Name\":\"%s\",\"ComponentId\":\"" COMPONENT
      "\",\"EntryPoint\":\"/bin/app\",\"Capabilities\":{},\"ApplicationType\":\"Default\"}",
      name);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;

  g_assert_true (g_file_set_contents (manifest, text, -1, NULL));
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, page_get_emulator (), "image",
                              "--state-dir", f->process.dir, "--component", COMPONENT, "--image",
                              image_id, "--name", name, "--manifest", manifest, "--program",
                              manifest, "--output", path, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
  return path;
}

static void
load_image (GtkWidget *dialog, const char *path)
{
  const char *const paths[] = { path, NULL };

  lks_cloud_upload_dialog_load (LKS_CLOUD_UPLOAD_DIALOG (dialog), paths);
}

/* What is no image is refused before anything is sent. */
static void
upload_image (CloudPage *f, const char *path)
{
  g_autofree char *manifest = emulator_process_get_path (&f->process, "app_manifest.json");
  GtkWidget *dialog = page_open_dialog (f, "place.add", LKS_TYPE_CLOUD_UPLOAD_DIALOG);

  g_assert_true (widget_shows (dialog, "The images go into the catalog plant7."));
  g_assert_true (widget_shows (dialog, "Azure Sphere Publisher"));
  load_image (dialog, manifest);
  WAIT_UNTIL (widget_shows (dialog, "app_manifest.json:"));
  g_assert_false (widget_can (dialog, "upload.begin"));
  page_take_picture_of (GTK_WINDOW (dialog), "cloud-no-image");
  load_image (dialog, path);
  WAIT_UNTIL (widget_can (dialog, "upload.begin"));
  g_assert_true (widget_shows (dialog, "Nothing was sent yet."));
  page_take_picture_of (GTK_WINDOW (dialog), "cloud-upload");
  gtk_widget_activate_action (dialog, "upload.begin", NULL);
  WAIT_UNTIL (widget_shows (dialog, "1 image is in the catalog."));
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  gtk_window_close (GTK_WINDOW (dialog));
  WAIT_UNTIL (dialog == NULL);
}

static void
list_images (CloudPage *f)
{
  page_open_row (f, page_find_row (f, "plant7"));
  WAIT_UNTIL (page_count_rows (f) == 2);
  page_choose_listing (f, 2);
  WAIT_UNTIL (page_shows (f, "The List Could Not Be Fetched"));
  page_activate (f, "list.refresh");
  WAIT_UNTIL (page_shows (f, "No image was uploaded into this catalog."));
}

static void
delete_image (CloudPage *f)
{
  GtkWidget *dialog;

  page_activate (f, "image.delete");
  WAIT_UNTIL ((dialog = page_find_dialog (LKS_TYPE_CLOUD_ACT_DIALOG)) != NULL);
  g_assert_true (widget_shows (dialog, "Delete the Image “Pumper”?"));
  g_assert_true (widget_shows (dialog, IMAGE));
  page_finish_dialog (dialog, "act.do");
}

/* What comes back is the same image, signed by the service. */
static void
test_images (CloudPage *f, gconstpointer unused)
{
  g_autofree char *path = make_image (f, "Pumper", IMAGE);
  g_autofree char *signed_path = emulator_process_get_path (&f->process, "signed");
  g_autoptr (LksSideloadPackage) before = lks_sideload_package_load (path, NULL);
  g_autoptr (LksSideloadPackage) after = NULL;
  g_autoptr (GError) error = NULL;

  list_images (f);
  upload_image (f, path);
  WAIT_UNTIL (page_count_rows (f) == 1 && page_shows (f, "Pumper"));
  page_open_row (f, 0);
  WAIT_UNTIL (page_find (f, LKS_TYPE_CLOUD_DETAIL) != NULL);
  page_take_picture (f, "cloud-image");
  page_activate (f, "image.download");
  page_save_into (f, "Pumper.imagepackage", "signed");
  WAIT_UNTIL (page_shows (f, "signed was written."));
  after = lks_sideload_package_load (signed_path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (after->inspection->metadata->image_id, ==, IMAGE);
  g_assert_false (g_bytes_equal (before->bytes, after->bytes));
  delete_image (f);
  WAIT_UNTIL (page_shows (f, "No image was uploaded into this catalog."));
  page_sign_out (f);
}

/* ---- deployments ---- */

static void
upload_both (CloudPage *f)
{
  g_autofree char *one = make_image (f, "Pumper", IMAGE);
  g_autofree char *two = make_image (f, "Pumper2", IMAGE_2);
  const char *const paths[] = { one, two, NULL };
  GtkWidget *dialog = page_open_dialog (f, "place.add", LKS_TYPE_CLOUD_UPLOAD_DIALOG);

  lks_cloud_upload_dialog_load (LKS_CLOUD_UPLOAD_DIALOG (dialog), paths);
  WAIT_UNTIL (widget_can (dialog, "upload.begin"));
  gtk_widget_activate_action (dialog, "upload.begin", NULL);
  WAIT_UNTIL (widget_shows (dialog, "2 images are in the catalog."));
  gtk_window_close (GTK_WINDOW (dialog));
  WAIT_UNTIL (page_count_rows (f) == 2);
}

/* Looks for the check button of an image by the row that has its name. */
static GtkCheckButton *
find_check (GtkWidget *widget, const char *name)
{
  GtkCheckButton *found = NULL;

  if (ADW_IS_ACTION_ROW (widget) &&
      g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), name))
    return GTK_CHECK_BUTTON (widget_find (widget, GTK_TYPE_CHECK_BUTTON));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_check (child, name);
  return found;
}

static GtkWidget *
open_deployment (CloudPage *f)
{
  GtkWidget *dialog = page_open_dialog (f, "place.add", LKS_TYPE_CLOUD_DEPLOY_DIALOG);

  g_assert_true (widget_shows (dialog, "Every device of plant7 › Pump › Production gets exactly"));
  g_assert_true (widget_shows (dialog, "Publisher cannot deploy."));
  WAIT_UNTIL (find_check (dialog, "Pumper2") != NULL);
  return dialog;
}

static void
deploy_first (CloudPage *f)
{
  GtkWidget *dialog = open_deployment (f);

  g_assert_false (widget_can (dialog, "deploy.do"));
  gtk_check_button_set_active (find_check (dialog, "Pumper"), TRUE);
  g_assert_true (widget_shows (dialog, "New on the devices: Pumper\nStays: nothing"));
  page_finish_dialog (dialog, "deploy.do");
  WAIT_UNTIL (page_count_rows (f) == 1 && page_shows (f, "In force: Pumper"));
}

/* Says what is replaced, and warns of two versions of one component. */
static void
deploy_second (CloudPage *f)
{
  GtkWidget *dialog = open_deployment (f);

  g_assert_true (gtk_check_button_get_active (find_check (dialog, "Pumper")));
  gtk_check_button_set_active (find_check (dialog, "Pumper2"), TRUE);
  g_assert_true (widget_shows (dialog, "versions of the same component"));
  gtk_check_button_set_active (find_check (dialog, "Pumper"), FALSE);
  g_assert_false (widget_shows (dialog, "versions of the same component"));
  g_assert_true (widget_shows (dialog, "New on the devices: Pumper2\nStays: nothing\n"
                                       "Is taken off them: Pumper"));
  page_take_picture_of (GTK_WINDOW (dialog), "cloud-deploy");
  page_finish_dialog (dialog, "deploy.do");
  WAIT_UNTIL (page_count_rows (f) == 2 && page_shows (f, "In force: Pumper2"));
  page_take_picture (f, "cloud-deployments");
}

/* A device of the group: what it shall have is told, what it has only when it is attached. */
static void
compare_device (CloudPage *f)
{
  page_choose_listing (f, 0);
  WAIT_UNTIL (page_count_rows (f) > 50);
  page_open_row (f, 0);
  WAIT_UNTIL (page_find (f, LKS_TYPE_CLOUD_DETAIL) != NULL);
  page_activate (f, "device.why");
  WAIT_UNTIL (page_shows (f, "Images of Its Device Group"));
  g_assert_true (page_shows (f, "Pumper2"));
  g_assert_true (page_shows (f, "Attach the board to see what it has."));
  page_take_picture (f, "cloud-target");
}

static void
test_deployments (CloudPage *f, gconstpointer unused)
{
  list_images (f);
  upload_both (f);
  page_choose_listing (f, 0);
  WAIT_UNTIL (page_count_rows (f) == 2 && page_shows (f, "Valve"));
  page_open_row (f, page_find_row (f, "Pump"));
  WAIT_UNTIL (page_count_rows (f) == 5);
  page_open_row (f, page_find_row (f, "Production"));
  WAIT_UNTIL (page_count_rows (f) > 0);
  page_choose_listing (f, 1);
  WAIT_UNTIL (page_shows (f, "Nothing was ever deployed here."));
  deploy_first (f);
  deploy_second (f);
  compare_device (f);
  page_sign_out (f);
}

int
main (int argc, char **argv)
{
  page_init (&argc, &argv);

  page_add_test ("/cloud-change/places", test_places);
  page_add_test ("/cloud-change/not-deleted", test_not_deleted);
  g_test_add ("/cloud-change/catalogs", CloudPage, NULL, set_up_subscriptions, test_catalogs,
              tear_down);
  page_add_test ("/cloud-change/images", test_images);
  page_add_test ("/cloud-change/deployments", test_deployments);
  return g_test_run ();
}
