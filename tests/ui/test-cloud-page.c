/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-cloud-page EMULATOR [FOLDER]: the page of the cloud, with the emulated service and the real
 * keyring. With FOLDER it takes pictures there. */
#include "emulator-process.h"

#include "lks-claim-dialog.h"
#include "lks-cloud-act-dialog.h"
#include "lks-cloud-browser.h"
#include "lks-cloud-deploy-dialog.h"
#include "lks-cloud-detail.h"
#include "lks-cloud-edit-dialog.h"
#include "lks-cloud-export-bar.h"
#include "lks-cloud-find-dialog.h"
#include "lks-cloud-group-form.h"
#include "lks-cloud-home.h"
#include "lks-cloud-list-view.h"
#include "lks-cloud-list.h"
#include "lks-cloud-tools.h"
#include "lks-cloud-upload-dialog.h"
#include "lks-error-text.h"
#include "lks-message-page.h"
#include "lks-network-dialog.h"
#include "lks-os-book.h"
#include "lks-os-dialog.h"
#include "lks-route-dialog.h"
#include "lks-sideload-plan.h"

#include <glib/gstdio.h>

#define CLIENT "11111111-2222-4333-8444-555555555555"
#define TENANT "aaaaaaaa-2222-4333-8444-555555555555"
#define SUBSCRIPTION "bbbbbbbb-2222-4333-8444-555555555555"
#define N_DEVICES 3000
#define SCENARIO                                                                                   \
  "{\"cloud\":{\"clientId\":\"" CLIENT "\",\"tenant\":\"" TENANT                                   \
  "\",\"subscription\":\"" SUBSCRIPTION "\",\"pollSeconds\":0,\"operationMs\":0,"                  \
  "\"catalogs\":[{\"name\":\"plant7\",\"products\":[\"Pump\",\"Valve\"],\"devices\":3000},"        \
  "{\"name\":\"lab\",\"products\":[\"Rig\"],\"devices\":2}],"                                      \
  "\"faults\":[{\"kind\":\"status\",\"path\":\"/images\",\"status\":403,"                          \
  "\"code\":\"AuthorizationFailed\",\"message\":\"no right\"}]}}"

#define wait_until(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    while (!(condition))                                                                           \
      g_main_context_iteration (NULL, TRUE);                                                       \
  }                                                                                                \
  G_STMT_END

static const char *emulator;
static const char *folder; /* (nullable) */

typedef struct
{
  EmulatorProcess process;
  GSettings *settings;
  GtkWindow *window;
  LksCloudHome *home;
} Fixture;

/* Finds the first widget of @type below @widget that is shown. */
static GtkWidget *
find_widget (GtkWidget *widget, GType type)
{
  GtkWidget *found = NULL;

  if (!gtk_widget_get_child_visible (widget) || !gtk_widget_get_visible (widget))
    return NULL;
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_widget (child, type);
  return found;
}

static GtkWidget *
find (Fixture *f, GType type)
{
  return find_widget (GTK_WIDGET (f->home), type);
}

static gboolean
shows_text (GtkWidget *widget, const char *text)
{
  gboolean is_shown = FALSE;

  if (!gtk_widget_get_child_visible (widget) || !gtk_widget_get_visible (widget))
    return FALSE;
  if (GTK_IS_LABEL (widget) && g_strrstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && !is_shown;
       child = gtk_widget_get_next_sibling (child))
    is_shown = shows_text (child, text);
  return is_shown;
}

static gboolean
shows (Fixture *f, const char *text)
{
  return shows_text (GTK_WIDGET (f->home), text);
}

/* ---- pictures ---- */

/* What GTK would draw, so that no other window is in the picture. */
static void
take_window_picture (GtkWindow *window, const char *name)
{
  g_autofree char *path = NULL;
  g_autoptr (GdkPaintable) paintable = NULL;
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  GtkSnapshot *snapshot;

  if (folder == NULL)
    return;
  for (int i = 0; i < 40; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (10 * 1000); /* the last frame; nothing is judged by it */
    }
  path = g_strdup_printf ("%s/%s.png", folder, name);
  paintable = gtk_widget_paintable_new (GTK_WIDGET (window));
  snapshot = gtk_snapshot_new ();
  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (GTK_WIDGET (window)),
                          gtk_widget_get_height (GTK_WIDGET (window)));
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node, NULL);
  gdk_texture_save_to_png (texture, path);
}

static void
take_picture (Fixture *f, const char *name)
{
  take_window_picture (f->window, name);
}

/* ---- set up ---- */

static void
trust_emulator (Fixture *f)
{
  g_autofree char *dir =
      g_build_filename (g_get_user_config_dir (), "locksmith", "cloud-trust.d", NULL);
  g_autofree char *path = g_build_filename (dir, "emulated.pem", NULL);
  g_autofree char *ca = emulator_process_get_path (&f->process, "ca.pem");
  g_autofree char *pem = NULL;

  g_assert_true (g_file_get_contents (ca, &pem, NULL, NULL));
  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, pem, -1, NULL));
}

/* The application brings it; pictures shall look like it. */
static void
load_style (void)
{
  GtkCssProvider *provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/io/github/locksmith/Locksmith/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_object_unref (provider);
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  emulator_process_start_with_cloud (&f->process, emulator, SCENARIO);
  trust_emulator (f);
  f->settings = g_settings_new ("io.github.locksmith.Locksmith");
  g_settings_set_string (f->settings, "cloud-application", CLIENT);
  g_settings_set_string (f->settings, "cloud-tenant", TENANT);
  g_settings_set_string (f->settings, "cloud-sign-in-address", f->process.cloud);
  g_settings_set_string (f->settings, "cloud-resource-address", f->process.cloud);

  f->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_default_size (f->window, 900, 760);
  f->home = g_object_new (LKS_TYPE_CLOUD_HOME, NULL);
  gtk_window_set_child (f->window, GTK_WIDGET (f->home));
  lks_cloud_home_set_settings (f->home, f->settings);
  gtk_window_present (f->window);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  GtkWidget *home = GTK_WIDGET (f->home);

  g_object_add_weak_pointer (G_OBJECT (home), (gpointer *) &home);
  gtk_window_destroy (f->window);
  wait_until (home == NULL); /* nothing that was under way holds it */
  g_object_unref (f->settings);
  emulator_process_stop (&f->process);
}

/* ---- steps ---- */

static void
activate (Fixture *f, const char *action)
{
  GtkWidget *button = NULL;
  GQueue widgets = G_QUEUE_INIT;

  g_queue_push_tail (&widgets, f->home);
  while (button == NULL && !g_queue_is_empty (&widgets))
    {
      GtkWidget *widget = g_queue_pop_head (&widgets);

      if (GTK_IS_ACTIONABLE (widget) &&
          g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), action) == 0 &&
          gtk_widget_get_mapped (widget))
        button = widget;
      for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
           child = gtk_widget_get_next_sibling (child))
        g_queue_push_tail (&widgets, child);
    }
  g_queue_clear (&widgets);
  g_assert_nonnull (button);
  g_assert_true (gtk_widget_activate_action (button, action, NULL));
}

static GListModel *
get_rows (Fixture *f)
{
  GtkWidget *view = find (f, GTK_TYPE_LIST_VIEW);

  return view != NULL ? G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (view))) : NULL;
}

static guint
count_rows (Fixture *f)
{
  GListModel *rows = get_rows (f);

  return rows != NULL ? g_list_model_get_n_items (rows) : 0;
}

static void
open_row (Fixture *f, guint position)
{
  g_signal_emit_by_name (find (f, GTK_TYPE_LIST_VIEW), "activate", position);
}

static void
choose_listing (Fixture *f, guint position)
{
  gtk_drop_down_set_selected (GTK_DROP_DOWN (find (f, GTK_TYPE_DROP_DOWN)), position);
}

static void
search_for (Fixture *f, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (find (f, GTK_TYPE_SEARCH_ENTRY)), text);
}

static guint
get_depth (Fixture *f)
{
  guint depth;

  g_object_get (find (f, LKS_TYPE_CLOUD_BROWSER), "depth", &depth, NULL);
  return depth;
}

static void
sign_in (Fixture *f)
{
  wait_until (shows (f, "Sign In to the Cloud"));
  take_picture (f, "cloud-sign-in");
  activate (f, "sign-in.code");
  wait_until (count_rows (f) == 2);
}

static void
sign_out (Fixture *f)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (f->home), "cloud.sign-out", NULL));
  wait_until (shows (f, "Sign In to the Cloud"));
}

/* ---- the card of a device ---- */

static void
find_out_why (Fixture *f)
{
  activate (f, "device.why");
  wait_until (shows (f, "Is anything deployed to the group?"));
  g_assert_true (shows (f, "Upload the image and deploy it to the group."));
  g_assert_true (shows (f, "Only the board itself knows"));
}

static void
download (Fixture *f)
{
  g_autoptr (LksVault) vault = lks_vault_new ();
  GListModel *items = lks_vault_get_items (vault);

  lks_cloud_desk_set_vault (lks_cloud_home_get_desk (f->home), vault);
  activate (f, "device.servicing");
  wait_until (shows (f, "The capability is in the vault"));
  g_assert_cmpuint (g_list_model_get_n_items (items), ==, 1);
}

static void
move (Fixture *f)
{
  GtkDropDown *choice;

  activate (f, "device.groups");
  choice = GTK_DROP_DOWN (find (f, GTK_TYPE_DROP_DOWN));
  wait_until (gtk_drop_down_get_model (choice) != NULL &&
              g_list_model_get_n_items (gtk_drop_down_get_model (choice)) == 10);
  gtk_drop_down_set_selected (choice, 9);
  activate (f, "device.move");
  wait_until (shows (f, "The device is in Valve"));
}

static void
use_card (Fixture *f)
{
  find_out_why (f);
  take_picture (f, "cloud-why");
  download (f);
  move (f);
}

/* ---- tests ---- */

static void
test_way (Fixture *f, gconstpointer unused)
{
  gboolean can_go_back;

  sign_in (f);
  g_assert_true (shows (f, "plant7"));
  take_picture (f, "cloud-catalogs");
  open_row (f, 0);
  g_assert_cmpuint (get_depth (f), ==, 2);
  wait_until (count_rows (f) == 2 && shows (f, "Pump"));
  open_row (f, 0);
  wait_until (count_rows (f) == 5 && shows (f, "Production"));
  take_picture (f, "cloud-groups");
  open_row (f, 0);
  wait_until (count_rows (f) > 50);
  take_picture (f, "cloud-devices");
  open_row (f, 1);
  wait_until (find (f, LKS_TYPE_CLOUD_DETAIL) != NULL);
  g_assert_true (shows (f, "Device ID"));
  use_card (f);
  take_picture (f, "cloud-device");

  g_object_get (f->home, "can-go-back", &can_go_back, NULL);
  g_assert_true (can_go_back);
  for (guint depth = get_depth (f); depth > 1; depth--)
    lks_cloud_home_go_back (f->home);
  g_assert_cmpuint (count_rows (f), ==, 2);
  g_object_get (f->home, "can-go-back", &can_go_back, NULL);
  g_assert_false (can_go_back);
  sign_out (f);
}

static LksCloudList *
get_list (Fixture *f)
{
  GListModel *rows = get_rows (f);

  return rows != NULL ? LKS_CLOUD_LIST (gtk_no_selection_get_model (GTK_NO_SELECTION (rows)))
                      : NULL;
}

static void
scroll_down (Fixture *f)
{
  GtkWidget *scrolled =
      gtk_widget_get_ancestor (find (f, GTK_TYPE_LIST_VIEW), GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));

  wait_until (gtk_adjustment_get_upper (adjustment) >
              2 * gtk_adjustment_get_page_size (adjustment));
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
}

static gboolean
is_paused (Fixture *f)
{
  return get_list (f) != NULL && lks_cloud_list_get_state (get_list (f)) == LKS_CLOUD_LIST_PAUSED;
}

/* The list grows by what somebody wants to see, and a search looks at all. */
static void
test_growing (Fixture *f, gconstpointer unused)
{
  guint n_rows;

  sign_in (f);
  open_row (f, 0);
  wait_until (count_rows (f) == 2);
  choose_listing (f, 1);
  wait_until (count_rows (f) >= LKS_CLOUD_LIST_STEP && is_paused (f));
  n_rows = count_rows (f);
  g_assert_cmpuint (n_rows, <, N_DEVICES / 4);

  scroll_down (f);
  wait_until (count_rows (f) > n_rows && is_paused (f));
  g_assert_cmpuint (count_rows (f), <, N_DEVICES / 2);

  search_for (f, "valve");
  wait_until (shows (f, "Valve") && !shows (f, "Pump ›"));
  search_for (f, "there is no such thing");
  wait_until (shows (f, "Nothing Found"));
  take_picture (f, "cloud-nothing");
  sign_out (f);
}

static void
test_refused (Fixture *f, gconstpointer unused)
{
  sign_in (f);
  open_row (f, 0);
  wait_until (count_rows (f) == 2);
  choose_listing (f, 2);
  wait_until (shows (f, "The List Could Not Be Fetched"));
  g_assert_true (shows (f, "This account may not do that."));
  take_picture (f, "cloud-refused");
  activate (f, "list.refresh");
  wait_until (shows (f, "No image was uploaded into this catalog."));
  sign_out (f);
}

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

static GtkWidget *
find_file_chooser (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) toplevel = g_list_model_get_item (toplevels, i);

      if (GTK_IS_FILE_CHOOSER_DIALOG (toplevel) && gtk_widget_get_mapped (toplevel))
        return toplevel; /* GTK owns it */
    }
  return NULL;
}

/* The question for a file proposes a name; who gives up gets nothing. */
static void
ask_for_file (Fixture *f, const char *format, const char *proposed)
{
  GtkWidget *chooser;
  g_autofree char *name = NULL;

  gtk_widget_activate_action (find (f, LKS_TYPE_CLOUD_LIST_VIEW), "list.export", "s", format);
  wait_until ((chooser = find_file_chooser ()) != NULL);
  name = gtk_file_chooser_get_current_name (GTK_FILE_CHOOSER (chooser));
  g_assert_cmpstr (name, ==, proposed);
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_CANCEL);
  wait_until (find_file_chooser () == NULL);
  g_assert_false (gtk_widget_get_visible (find_export_bar (GTK_WIDGET (f->home))));
}

static void
export_devices (Fixture *f, LksCloudExportFormat format, const char *search, const char *path)
{
  GtkWidget *view = find (f, LKS_TYPE_CLOUD_LIST_VIEW);
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
  wait_until (!shows (f, "Exporting:"));
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
  g_assert_cmpuint (g_strv_length (lines), ==, 1 + N_DEVICES + 1);
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
  g_assert_cmpuint (json_array_get_length (devices), <, N_DEVICES);
  for (guint i = 0; i < json_array_get_length (devices); i++)
    g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (devices, i),
                                                    "product"),
                     ==, product);
}

/* All rows get into the file, however few of them are seen. */
static void
test_export (Fixture *f, gconstpointer unused)
{
  g_autofree char *csv = emulator_process_get_path (&f->process, "devices.csv");
  g_autofree char *json = emulator_process_get_path (&f->process, "devices.json");
  g_autofree char *nowhere = emulator_process_get_path (&f->process, "not/there.csv");

  sign_in (f);
  open_row (f, 0);
  wait_until (count_rows (f) == 2);
  choose_listing (f, 1);
  wait_until (count_rows (f) > 0);
  ask_for_file (f, "csv", "devices.csv");
  ask_for_file (f, "json", "devices.json");

  export_devices (f, LKS_CLOUD_EXPORT_CSV, "", csv);
  g_assert_true (shows (f, "3000 rows were written into devices.csv."));
  g_assert_cmpuint (count_rows (f), <, N_DEVICES);
  check_csv (csv);
  take_picture (f, "cloud-exported");
  activate (f, "export.dismiss");
  g_assert_false (shows (f, "devices.csv"));

  export_devices (f, LKS_CLOUD_EXPORT_JSON, "valve", json);
  check_json (json, "Valve");
  export_devices (f, LKS_CLOUD_EXPORT_CSV, NULL, nowhere);
  g_assert_true (shows (f, "there.csv was not written."));
  sign_out (f);
}

/* Who leaves in the middle of an export leaves nothing behind: neither a file, nor, as tear_down()
 * waits for it, anything at work. */
static void
test_export_left (Fixture *f, gconstpointer unused)
{
  g_autofree char *csv = emulator_process_get_path (&f->process, "left.csv");
  g_autoptr (GFile) file = g_file_new_for_path (csv);
  guint n_listings;
  LksCloudExportWish wish = { .format = LKS_CLOUD_EXPORT_CSV };
  GtkWidget *view;

  sign_in (f);
  open_row (f, 0);
  view = find (f, LKS_TYPE_CLOUD_LIST_VIEW);
  wish.desk = lks_cloud_home_get_desk (f->home);
  wish.scope = lks_cloud_list_view_get_scope (LKS_CLOUD_LIST_VIEW (view));
  wish.listing = &lks_cloud_listings_get (wish.scope, &n_listings)[1];
  g_object_add_weak_pointer (G_OBJECT (view), (gpointer *) &view);
  lks_cloud_export_bar_begin (LKS_CLOUD_EXPORT_BAR (find_export_bar (view)), &wish, file);
  lks_cloud_home_go_back (f->home);
  wait_until (view == NULL);
  g_assert_false (g_file_test (csv, G_FILE_TEST_EXISTS));
  sign_out (f);
}

/* Who leaves while a list is being fetched leaves nothing behind: tear_down() waits for that. */
static void
test_leaving (Fixture *f, gconstpointer unused)
{
  sign_in (f);
  open_row (f, 0);
  choose_listing (f, 1);
  search_for (f, "not there");
  g_assert_cmpuint (get_depth (f), >=, 2);
}

/* A second program knows who is signed in: the test before did not sign out. */
static void
test_again (Fixture *f, gconstpointer unused)
{
  g_autofree char *application = g_settings_get_string (f->settings, "cloud-application");

  g_assert_cmpstr (application, ==, CLIENT);
  wait_until (find (f, LKS_TYPE_CLOUD_BROWSER) != NULL);
  sign_out (f);
}

/* What can never be right is said before anything is sent. */
static void
test_wrong_application (Fixture *f, gconstpointer unused)
{
  g_settings_set_string (f->settings, "cloud-application", "mine");
  wait_until (shows (f, "Sign In to the Cloud"));
  activate (f, "sign-in.code");
  g_assert_true (shows (f, "This can never be accepted."));
}

static GtkWidget *
find_action_button (GtkWidget *dialog, const char *action)
{
  GtkWidget *button = NULL;
  GQueue widgets = G_QUEUE_INIT;

  g_queue_push_tail (&widgets, dialog);
  while (button == NULL && !g_queue_is_empty (&widgets))
    {
      GtkWidget *widget = g_queue_pop_head (&widgets);

      if (GTK_IS_BUTTON (widget) &&
          g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), action) == 0)
        button = widget;
      for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
           child = gtk_widget_get_next_sibling (child))
        g_queue_push_tail (&widgets, child);
    }
  g_queue_clear (&widgets);
  return button;
}

static GtkWidget *
open_claim_dialog (Fixture *f, const LksCloudScope *group, const char *ids)
{
  LksCloudDesk *desk = lks_cloud_home_get_desk (f->home);
  GtkWidget *dialog = GTK_WIDGET (lks_claim_dialog_new (f->window, desk, group));
  GtkTextView *view;

  gtk_window_present (GTK_WINDOW (dialog));
  view = GTK_TEXT_VIEW (find_widget (dialog, GTK_TYPE_TEXT_VIEW));
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (view), ids, -1);
  return dialog;
}

/* Only the catalog's whole name opens the way, and a second time finds what the first one did. */
static void
claim (Fixture *f, const char *ids, const char *outcome)
{
  GtkWidget *view = find (f, LKS_TYPE_CLOUD_LIST_VIEW);
  GtkWidget *dialog =
      open_claim_dialog (f, lks_cloud_list_view_get_scope (LKS_CLOUD_LIST_VIEW (view)), ids);
  GtkWidget *button = find_action_button (dialog, "claim.claim");
  GtkEditable *name = GTK_EDITABLE (find_widget (dialog, ADW_TYPE_ENTRY_ROW));

  g_assert_true (shows_text (dialog, "2 devices"));
  g_assert_false (gtk_widget_is_sensitive (button));
  gtk_editable_set_text (name, "plant");
  g_assert_false (gtk_widget_is_sensitive (button));
  gtk_editable_set_text (name, "plant7");
  g_assert_true (gtk_widget_is_sensitive (button));
  take_window_picture (GTK_WINDOW (dialog), "cloud-claim");
  gtk_widget_activate_action (button, "claim.claim", NULL);
  wait_until (shows_text (dialog, "In the catalog: 2. Not: 0."));
  wait_until (shows_text (dialog, outcome));
  take_window_picture (GTK_WINDOW (dialog), "cloud-claimed");
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  gtk_window_close (GTK_WINDOW (dialog));
  wait_until (dialog == NULL);
}

static void
test_claim (Fixture *f, gconstpointer unused)
{
  g_autofree char *one = g_strnfill (128, 'a');
  g_autofree char *two = g_strnfill (128, 'b');
  g_autofree char *ids = g_strdup_printf ("%s\n%s\n", one, two);

  sign_in (f);
  open_row (f, 0);
  wait_until (count_rows (f) == 2);
  open_row (f, 0);
  wait_until (count_rows (f) == 5);
  open_row (f, 2);
  wait_until (count_rows (f) > 0);
  claim (f, ids, "claimed, into Pump");
  claim (f, ids, "was in the catalog already");
  sign_out (f);
}

/* ---- products and device groups ---- */

static GtkWidget *
find_dialog (GType type)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) toplevel = g_list_model_get_item (toplevels, i);

      if (g_type_is_a (G_OBJECT_TYPE (toplevel), type) && gtk_widget_get_mapped (toplevel))
        return toplevel; /* GTK owns it */
    }
  return NULL;
}

static GtkWidget *
do_at_place (Fixture *f, const char *action, GType type)
{
  GtkWidget *dialog;

  g_assert_true (gtk_widget_activate_action (find (f, LKS_TYPE_CLOUD_TOOLS), action, NULL));
  wait_until ((dialog = find_dialog (type)) != NULL);
  return dialog;
}

/* The entry rows of a dialog, in their order: the name, if it can be given, and the description. */
static GtkEditable *
find_entry (GtkWidget *widget, guint *position)
{
  GtkEditable *found = NULL;

  if (!gtk_widget_get_child_visible (widget) || !gtk_widget_get_visible (widget))
    return NULL;
  if (ADW_IS_ENTRY_ROW (widget) && (*position)-- == 0)
    return GTK_EDITABLE (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_entry (child, position);
  return found;
}

static void
type (GtkWidget *dialog, guint position, const char *text)
{
  GtkEditable *entry = find_entry (dialog, &position);

  g_assert_nonnull (entry);
  gtk_editable_set_text (entry, text);
}

static gboolean
can_do (GtkWidget *dialog, const char *action)
{
  GtkWidget *button = find_action_button (dialog, action);

  return button != NULL && gtk_widget_is_sensitive (button);
}

/* Does it, and waits until the dialog is gone. */
static void
finish_dialog (GtkWidget *dialog, const char *action)
{
  g_assert_true (can_do (dialog, action));
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  gtk_widget_activate_action (dialog, action, NULL);
  wait_until (dialog == NULL);
}

/* What is wrong with a name is said while it is typed. */
static void
make_product (Fixture *f, const char *name)
{
  GtkWidget *dialog = do_at_place (f, "place.add", LKS_TYPE_CLOUD_EDIT_DIALOG);

  g_assert_false (can_do (dialog, "edit.apply"));
  type (dialog, 0, "ab");
  g_assert_true (shows_text (dialog, "A name has 3 to 50 characters."));
  type (dialog, 0, "a/b");
  g_assert_true (shows_text (dialog, "A name has letters from A to Z, digits, blanks and"));
  type (dialog, 0, "Line ");
  g_assert_true (shows_text (dialog, "A name does not begin or end with a blank."));
  g_assert_false (can_do (dialog, "edit.apply"));
  take_window_picture (GTK_WINDOW (dialog), "cloud-new-product");
  type (dialog, 0, name);
  type (dialog, 1, "made in a test");
  g_assert_true (shows_text (dialog, "Contributor or Owner"));
  finish_dialog (dialog, "edit.apply");
}

static void
choose_in_form (GtkWidget *dialog, const char *title, guint position)
{
  GQueue widgets = G_QUEUE_INIT;
  GtkWidget *widget;
  gboolean is_chosen = FALSE;

  g_queue_push_tail (&widgets, find_widget (dialog, LKS_TYPE_CLOUD_GROUP_FORM));
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
make_group (Fixture *f, const char *name)
{
  GtkWidget *dialog = do_at_place (f, "place.add", LKS_TYPE_CLOUD_EDIT_DIALOG);

  type (dialog, 0, name);
  choose_in_form (dialog, "Updates", 1);
  choose_in_form (dialog, "OS Versions", 1);
  g_assert_true (shows_text (dialog, "what is deployed to the group does not reach them"));
  take_window_picture (GTK_WINDOW (dialog), "cloud-new-group");
  finish_dialog (dialog, "edit.apply");
}

/* Only what was changed is sent: the feed remains what it was. */
static void
change_group (Fixture *f)
{
  GtkWidget *dialog = do_at_place (f, "place.edit", LKS_TYPE_CLOUD_EDIT_DIALOG);

  wait_until (can_do (dialog, "edit.apply"));
  g_assert_true (shows_text (dialog, "plant7 › Line 2 › Trial"));
  g_assert_true (shows_text (dialog, "OS only"));
  choose_in_form (dialog, "Updates", 0);
  take_window_picture (GTK_WINDOW (dialog), "cloud-change-group");
  finish_dialog (dialog, "edit.apply");
}

static void
delete_place (Fixture *f, const char *question)
{
  GtkWidget *dialog = do_at_place (f, "place.delete", LKS_TYPE_CLOUD_ACT_DIALOG);

  g_assert_true (shows_text (dialog, question));
  g_assert_true (shows_text (dialog, "This needs the role Azure Sphere Contributor or Owner."));
  take_window_picture (GTK_WINDOW (dialog), "cloud-delete");
  finish_dialog (dialog, "act.do");
}

static guint
find_row (Fixture *f, const char *name)
{
  GListModel *rows = get_rows (f);

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (LksCloudItem) item = g_list_model_get_item (rows, i);

      if (g_str_equal (lks_cloud_item_get_resource (item)->name, name))
        return i;
    }
  g_assert_not_reached ();
}

static void
test_places (Fixture *f, gconstpointer unused)
{
  sign_in (f);
  open_row (f, find_row (f, "plant7"));
  wait_until (count_rows (f) == 2);
  make_product (f, "Line 2");
  wait_until (count_rows (f) == 3 && shows (f, "made in a test"));
  open_row (f, find_row (f, "Line 2"));
  wait_until (count_rows (f) == 5 && shows (f, "Production OS Evaluation"));
  take_picture (f, "cloud-tools");
  make_group (f, "Trial");
  wait_until (count_rows (f) == 6);
  open_row (f, find_row (f, "Trial"));
  wait_until (shows (f, "There are no devices here."));
  change_group (f);
  lks_cloud_home_go_back (f->home);
  wait_until (shows (f, "OS and application updates, early OS versions"));
  open_row (f, find_row (f, "Trial"));
  delete_place (f, "Delete the Device Group “Trial”?");
  wait_until (count_rows (f) == 5);
  delete_place (f, "Delete the Product “Line 2”?");
  wait_until (count_rows (f) == 2 && shows (f, "Pump"));
  sign_out (f);
}

/* The service's refusal is shown where it was asked, and can be tried again. */
static void
test_not_deleted (Fixture *f, gconstpointer unused)
{
  GtkWidget *dialog;

  sign_in (f);
  open_row (f, find_row (f, "plant7"));
  wait_until (count_rows (f) == 2);
  open_row (f, find_row (f, "Pump"));
  wait_until (count_rows (f) == 5);
  dialog = do_at_place (f, "place.delete", LKS_TYPE_CLOUD_ACT_DIALOG);
  gtk_widget_activate_action (dialog, "act.do", NULL);
  g_assert_false (can_do (dialog, "act.do"));
  wait_until (can_do (dialog, "act.do"));
  g_assert_true (shows_text (dialog, "See the details for its reason."));
  take_window_picture (GTK_WINDOW (dialog), "cloud-not-deleted");
  gtk_window_close (GTK_WINDOW (dialog));
  g_assert_cmpuint (count_rows (f), ==, 5);
  sign_out (f);
}

/* ---- which catalog owns a device? ---- */

static char *
dup_first_device (Fixture *f)
{
  g_autoptr (LksCloudItem) item = g_list_model_get_item (get_rows (f), 0);

  return g_strdup (lks_cloud_item_get_resource (item)->name);
}

/* Typed in upper case, as a label has it; the second catalog owns it. */
static void
test_owner (Fixture *f, gconstpointer unused)
{
  g_autofree char *stranger = g_strnfill (128, 'E');
  g_autofree char *id = NULL;
  g_autofree char *upper = NULL;
  GtkWidget *dialog;

  sign_in (f);
  open_row (f, find_row (f, "lab"));
  wait_until (count_rows (f) == 1);
  choose_listing (f, 1);
  wait_until (count_rows (f) == 2);
  id = dup_first_device (f);
  upper = g_ascii_strup (id, -1);
  lks_cloud_home_go_back (f->home);

  dialog = do_at_place (f, "place.find", LKS_TYPE_CLOUD_FIND_DIALOG);
  type (dialog, 0, "abc");
  g_assert_true (shows_text (dialog, "128 hexadecimal digits"));
  g_assert_false (can_do (dialog, "find.find"));
  type (dialog, 0, stranger);
  gtk_widget_activate_action (dialog, "find.find", NULL);
  wait_until (shows_text (dialog, "none of the 2 catalogs that this account sees owns the device"));
  take_window_picture (GTK_WINDOW (dialog), "cloud-no-owner");
  type (dialog, 0, upper);
  gtk_widget_activate_action (dialog, "find.find", NULL);
  wait_until (shows_text (dialog, "It belongs to lab › "));
  take_window_picture (GTK_WINDOW (dialog), "cloud-owner");
  finish_dialog (dialog, "find.show");
  wait_until (find (f, LKS_TYPE_CLOUD_DETAIL) != NULL && shows (f, "Device ID"));
  g_assert_true (shows (f, id));
  sign_out (f);
}

/* ---- images ---- */

#define COMPONENT "cccccccc-2222-4333-8444-555555555555"
#define IMAGE "dddddddd-2222-4333-8444-555555555555"

/* An application as somebody built it, for an image ID of its own. */
static char *
make_image (Fixture *f, const char *name, const char *image_id)
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
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, emulator, "image", "--state-dir",
                              f->process.dir, "--component", COMPONENT, "--image", image_id,
                              "--name", name, "--manifest", manifest, "--program", manifest,
                              "--output", path, NULL);
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
upload_image (Fixture *f, const char *path)
{
  g_autofree char *manifest = emulator_process_get_path (&f->process, "app_manifest.json");
  GtkWidget *dialog = do_at_place (f, "place.add", LKS_TYPE_CLOUD_UPLOAD_DIALOG);

  g_assert_true (shows_text (dialog, "The images go into the catalog plant7."));
  g_assert_true (shows_text (dialog, "Azure Sphere Publisher"));
  load_image (dialog, manifest);
  wait_until (shows_text (dialog, "app_manifest.json:"));
  g_assert_false (can_do (dialog, "upload.begin"));
  take_window_picture (GTK_WINDOW (dialog), "cloud-no-image");
  load_image (dialog, path);
  wait_until (can_do (dialog, "upload.begin"));
  g_assert_true (shows_text (dialog, "Nothing was sent yet."));
  take_window_picture (GTK_WINDOW (dialog), "cloud-upload");
  gtk_widget_activate_action (dialog, "upload.begin", NULL);
  wait_until (shows_text (dialog, "1 image is in the catalog."));
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  gtk_window_close (GTK_WINDOW (dialog));
  wait_until (dialog == NULL);
}

/* Answers the question for a file, as somebody who types a whole path. */
static void
save_into (Fixture *f, const char *proposed, const char *name)
{
  g_autofree char *path = emulator_process_get_path (&f->process, name);
  g_autofree char *current = NULL;
  GtkWidget *chooser;

  wait_until ((chooser = find_file_chooser ()) != NULL);
  current = gtk_file_chooser_get_current_name (GTK_FILE_CHOOSER (chooser));
  g_assert_true (g_str_has_prefix (current, proposed));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), path);
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_ACCEPT);
}

static void
list_images (Fixture *f)
{
  open_row (f, find_row (f, "plant7"));
  wait_until (count_rows (f) == 2);
  choose_listing (f, 2);
  wait_until (shows (f, "The List Could Not Be Fetched"));
  activate (f, "list.refresh");
  wait_until (shows (f, "No image was uploaded into this catalog."));
}

static void
delete_image (Fixture *f)
{
  GtkWidget *dialog;

  activate (f, "image.delete");
  wait_until ((dialog = find_dialog (LKS_TYPE_CLOUD_ACT_DIALOG)) != NULL);
  g_assert_true (shows_text (dialog, "Delete the Image “Pumper”?"));
  g_assert_true (shows_text (dialog, IMAGE));
  finish_dialog (dialog, "act.do");
}

/* What comes back is the same image, signed by the service. */
static void
test_images (Fixture *f, gconstpointer unused)
{
  g_autofree char *path = make_image (f, "Pumper", IMAGE);
  g_autofree char *signed_path = emulator_process_get_path (&f->process, "signed");
  g_autoptr (LksSideloadPackage) before = lks_sideload_package_load (path, NULL);
  g_autoptr (LksSideloadPackage) after = NULL;
  g_autoptr (GError) error = NULL;

  sign_in (f);
  list_images (f);
  upload_image (f, path);
  wait_until (count_rows (f) == 1 && shows (f, "Pumper"));
  open_row (f, 0);
  wait_until (find (f, LKS_TYPE_CLOUD_DETAIL) != NULL);
  take_picture (f, "cloud-image");
  activate (f, "image.download");
  save_into (f, "Pumper.imagepackage", "signed");
  wait_until (shows (f, "signed was written."));
  after = lks_sideload_package_load (signed_path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (after->inspection->metadata->image_id, ==, IMAGE);
  g_assert_false (g_bytes_equal (before->bytes, after->bytes));
  delete_image (f);
  wait_until (shows (f, "No image was uploaded into this catalog."));
  sign_out (f);
}

/* ---- deployments ---- */

#define IMAGE_2 "eeeeeeee-2222-4333-8444-555555555555"

static void
upload_both (Fixture *f)
{
  g_autofree char *one = make_image (f, "Pumper", IMAGE);
  g_autofree char *two = make_image (f, "Pumper2", IMAGE_2);
  const char *const paths[] = { one, two, NULL };
  GtkWidget *dialog = do_at_place (f, "place.add", LKS_TYPE_CLOUD_UPLOAD_DIALOG);

  lks_cloud_upload_dialog_load (LKS_CLOUD_UPLOAD_DIALOG (dialog), paths);
  wait_until (can_do (dialog, "upload.begin"));
  gtk_widget_activate_action (dialog, "upload.begin", NULL);
  wait_until (shows_text (dialog, "2 images are in the catalog."));
  gtk_window_close (GTK_WINDOW (dialog));
  wait_until (count_rows (f) == 2);
}

/* Looks for the check button of an image by the row that has its name. */
static GtkCheckButton *
find_check (GtkWidget *widget, const char *name)
{
  GtkCheckButton *found = NULL;

  if (ADW_IS_ACTION_ROW (widget) &&
      g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), name))
    return GTK_CHECK_BUTTON (find_widget (widget, GTK_TYPE_CHECK_BUTTON));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_check (child, name);
  return found;
}

static GtkWidget *
open_deployment (Fixture *f)
{
  GtkWidget *dialog = do_at_place (f, "place.add", LKS_TYPE_CLOUD_DEPLOY_DIALOG);

  g_assert_true (shows_text (dialog, "Every device of plant7 › Pump › Production gets exactly"));
  g_assert_true (shows_text (dialog, "Publisher cannot deploy."));
  wait_until (find_check (dialog, "Pumper2") != NULL);
  return dialog;
}

static void
deploy_first (Fixture *f)
{
  GtkWidget *dialog = open_deployment (f);

  g_assert_false (can_do (dialog, "deploy.do"));
  gtk_check_button_set_active (find_check (dialog, "Pumper"), TRUE);
  g_assert_true (shows_text (dialog, "New on the devices: Pumper\nStays: nothing"));
  finish_dialog (dialog, "deploy.do");
  wait_until (count_rows (f) == 1);
  g_assert_true (shows (f, "In force: Pumper"));
}

/* Says what is replaced, and warns of two versions of one component. */
static void
deploy_second (Fixture *f)
{
  GtkWidget *dialog = open_deployment (f);

  g_assert_true (gtk_check_button_get_active (find_check (dialog, "Pumper")));
  gtk_check_button_set_active (find_check (dialog, "Pumper2"), TRUE);
  g_assert_true (shows_text (dialog, "versions of the same component"));
  gtk_check_button_set_active (find_check (dialog, "Pumper"), FALSE);
  g_assert_false (shows_text (dialog, "versions of the same component"));
  g_assert_true (shows_text (dialog, "New on the devices: Pumper2\nStays: nothing\n"
                                     "Is taken off them: Pumper"));
  take_window_picture (GTK_WINDOW (dialog), "cloud-deploy");
  finish_dialog (dialog, "deploy.do");
  wait_until (count_rows (f) == 2);
  g_assert_true (shows (f, "In force: Pumper2"));
  take_picture (f, "cloud-deployments");
}

/* A device of the group: what it shall have is told, what it has only when it is attached. */
static void
compare_device (Fixture *f)
{
  choose_listing (f, 0);
  wait_until (count_rows (f) > 50);
  open_row (f, 0);
  wait_until (find (f, LKS_TYPE_CLOUD_DETAIL) != NULL);
  activate (f, "device.why");
  wait_until (shows (f, "Images of Its Device Group"));
  g_assert_true (shows (f, "Pumper2"));
  g_assert_true (shows (f, "Attach the board to see what it has."));
  take_picture (f, "cloud-target");
}

static void
test_deployments (Fixture *f, gconstpointer unused)
{
  sign_in (f);
  list_images (f);
  upload_both (f);
  choose_listing (f, 0);
  wait_until (count_rows (f) == 2 && shows (f, "Valve"));
  open_row (f, find_row (f, "Pump"));
  wait_until (count_rows (f) == 5);
  open_row (f, find_row (f, "Production"));
  wait_until (count_rows (f) > 0);
  choose_listing (f, 1);
  wait_until (shows (f, "Nothing was ever deployed here."));
  deploy_first (f);
  deploy_second (f);
  compare_device (f);
  sign_out (f);
}

/* ---- certificates ---- */

static void
save_certificate (Fixture *f, const char *action, const char *name)
{
  g_autofree char *path = emulator_process_get_path (&f->process, name);
  g_autofree char *written = g_strdup_printf ("%s was written.", name);
  g_autofree char *content = NULL;
  gsize size_bytes;

  activate (f, action);
  save_into (f, "plant7-", name);
  wait_until (shows (f, written));
  g_assert_true (g_file_get_contents (path, &content, &size_bytes, NULL));
  g_assert_cmpint (content[0], ==, 0x30); /* DER begins a sequence */
}

static void
test_certificates (Fixture *f, gconstpointer unused)
{
  GtkWidget *detail;

  sign_in (f);
  open_row (f, find_row (f, "plant7"));
  wait_until (count_rows (f) == 2);
  choose_listing (f, 4);
  wait_until (count_rows (f) > 0 && shows (f, "Active"));
  open_row (f, 0);
  wait_until ((detail = find (f, LKS_TYPE_CLOUD_DETAIL)) != NULL);
  g_assert_false (can_do (detail, "certificate.prove"));
  save_certificate (f, "certificate.download", "one.cer");
  save_certificate (f, "certificate.chain", "chain.p7b");
  type (detail, 0, "0123ABCD");
  g_assert_true (can_do (detail, "certificate.prove"));
  save_certificate (f, "certificate.prove", "proof.cer");
  take_picture (f, "cloud-certificate");
  sign_out (f);
}

/* ---- a day without internet ---- */

static char *
list_lab (Fixture *f)
{
  g_autofree char *csv = emulator_process_get_path (&f->process, "lab.csv");
  char *text = NULL;

  open_row (f, 1);
  wait_until (count_rows (f) > 0);
  choose_listing (f, 1);
  wait_until (count_rows (f) == 2);
  export_devices (f, LKS_CLOUD_EXPORT_CSV, "", csv);
  g_assert_true (g_file_get_contents (csv, &text, NULL, NULL));
  return text;
}

static GtkWidget *
open_route (Fixture *f, const char *place)
{
  GtkWidget *dialog = GTK_WIDGET (
      lks_route_dialog_new (f->window, lks_cloud_home_get_desk (f->home), place, f->process.cloud));

  gtk_window_present (GTK_WINDOW (dialog));
  return dialog;
}

static void
close_route (GtkWidget *dialog)
{
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  gtk_window_close (GTK_WINDOW (dialog));
  wait_until (dialog == NULL);
}

static void
set_devices (GtkWidget *dialog, const char *text)
{
  GtkTextView *view = GTK_TEXT_VIEW (find_widget (dialog, GTK_TYPE_TEXT_VIEW));

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (view), text, -1);
}

static void
check_route (GtkWidget *dialog, const char *outcome)
{
  g_assert_true (gtk_widget_activate_action (dialog, "route.check", NULL));
  wait_until (shows_text (dialog, outcome));
}

/* Packed while somebody is signed in, and checked when nobody is. */
static void
test_route (Fixture *f, gconstpointer unused)
{
  g_autofree char *place = g_build_filename (g_get_user_data_dir (), "day", NULL);
  g_autofree char *stranger = g_strnfill (128, 'e');
  g_autoptr (LksVault) vault = lks_vault_new ();
  g_autofree char *list = NULL;
  GtkWidget *dialog;
  AdwComboRow *catalogs;

  sign_in (f);
  lks_cloud_desk_set_vault (lks_cloud_home_get_desk (f->home), vault);
  list = list_lab (f);
  dialog = open_route (f, place);
  catalogs = ADW_COMBO_ROW (find_widget (dialog, ADW_TYPE_COMBO_ROW));
  set_devices (dialog, list);
  g_assert_true (shows_text (dialog, "2 devices"));
  wait_until (adw_combo_row_get_model (catalogs) != NULL &&
              g_list_model_get_n_items (adw_combo_row_get_model (catalogs)) == 2);
  adw_combo_row_set_selected (catalogs, 1);
  take_window_picture (GTK_WINDOW (dialog), "route-form");
  g_assert_true (gtk_widget_activate_action (dialog, "route.pack", NULL));
  wait_until (shows_text (dialog, "Ready to leave: everything is there."));
  g_assert_true (shows_text (dialog, "It is in the vault"));
  g_assert_cmpuint (g_list_model_get_n_items (lks_vault_get_items (vault)), >=, 2);
  take_window_picture (GTK_WINDOW (dialog), "route-ready");
  close_route (dialog);
  sign_out (f);

  dialog = open_route (f, place);
  g_assert_true (shows_text (dialog, "2 devices"));
  wait_until (shows_text (dialog, "Nobody is signed in."));
  check_route (dialog, "Ready to leave: everything is there.");
  g_assert_true (gtk_widget_activate_action (dialog, "route.back", NULL));
  set_devices (dialog, stranger);
  check_route (dialog, "Not ready to leave: something is missing.");
  take_window_picture (GTK_WINDOW (dialog), "route-missing");
  close_route (dialog);
}

/* ---- the list of OS versions ---- */

/* What is no list takes no list's place. */
static void
import_broken (GtkWidget *dialog)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "broken.json", NULL);

  g_assert_true (g_file_set_contents (path, "{\"versions\":[{}]}", -1, NULL));
  lks_os_dialog_import (LKS_OS_DIALOG (dialog), path);
  wait_until (shows_text (dialog, "broken.json") || shows_text (dialog, "list of OS versions"));
  g_assert_true (shows_text (dialog, "The newest version is 24.03"));
}

static void
test_os_versions (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksOsBook) book = lks_os_book_ref_default ();
  GtkWidget *dialog = GTK_WIDGET (lks_os_dialog_new (f->window, f->process.cloud));

  gtk_window_present (GTK_WINDOW (dialog));
  g_assert_true (gtk_widget_activate_action (dialog, "os.fetch", NULL));
  wait_until (shows_text (dialog, "The newest version is 24.03"));
  g_assert_true (shows_text (dialog, "24.03, 23.05, 22.11"));
  import_broken (dialog);
  take_window_picture (GTK_WINDOW (dialog), "os-versions");
  g_assert_true (lks_os_book_is_older (book, "23.05"));
  g_assert_false (lks_os_book_is_older (book, "24.03"));
  g_assert_false (lks_os_book_is_older (book, "24.06"));      /* newer than the list */
  g_assert_false (lks_os_book_is_older (book, "of our own")); /* nothing is guessed */
  close_route (dialog);
}

/* The places of the emulated cloud are there; what else there is depends on this computer. */
static void
test_network (Fixture *f, gconstpointer unused)
{
  LksCloudTrust *trust = lks_cloud_desk_get_trust (lks_cloud_home_get_desk (f->home));
  LksNetworkDialog *dialog =
      lks_network_dialog_new (f->window, trust, f->process.cloud, f->process.cloud);
  const char *place = f->process.cloud + strlen ("https://");

  gtk_window_present (GTK_WINDOW (dialog));
  wait_until (shows_text (GTK_WIDGET (dialog), place));
  g_assert_true (shows_text (GTK_WIDGET (dialog), "Reached"));
  g_assert_true (shows_text (GTK_WIDGET (dialog), "prod.update.sphere.azure.net:80"));
  take_window_picture (GTK_WINDOW (dialog), "cloud-network");
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  gtk_widget_activate_action (GTK_WIDGET (dialog), "network.test", NULL);
  gtk_window_close (GTK_WINDOW (dialog)); /* in the middle of a test */
  wait_until (dialog == NULL);
}

/* ---- the Legacy service ---- */

/* Its tenants are catalogs like others; that it ends is said before and after the sign-in. */
static void
test_legacy (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksVault) vault = lks_vault_new ();

  g_settings_set_boolean (f->settings, "cloud-legacy", TRUE);
  wait_until (shows (f, "The vendor ends the Legacy service"));
  sign_in (f);
  g_assert_true (shows (f, "The vendor ends the Legacy service"));
  g_assert_true (shows (f, "(Legacy)"));
  g_assert_true (shows (f, "Legacy tenant"));
  take_picture (f, "cloud-legacy");
  open_row (f, 0);
  wait_until (count_rows (f) == 2 && shows (f, "Pump"));
  open_row (f, 0);
  wait_until (count_rows (f) == 5 && shows (f, "Production"));
  open_row (f, 0);
  wait_until (count_rows (f) > 50);
  open_row (f, 1);
  wait_until (find (f, LKS_TYPE_CLOUD_DETAIL) != NULL);
  lks_cloud_desk_set_vault (lks_cloud_home_get_desk (f->home), vault);
  activate (f, "device.servicing");
  wait_until (shows (f, "The capability is in the vault"));
  g_settings_set_boolean (f->settings, "cloud-legacy", FALSE);
  sign_out (f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  adw_init ();
  g_assert_cmpint (argc, >=, 2);
  emulator = argv[1];
  folder = argc > 2 ? argv[2] : NULL;
  load_style ();

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  TEST ("/cloud-page/way", test_way);
  TEST ("/cloud-page/growing", test_growing);
  TEST ("/cloud-page/refused", test_refused);
  TEST ("/cloud-page/export", test_export);
  TEST ("/cloud-page/export-left", test_export_left);
  TEST ("/cloud-page/leaving", test_leaving);
  TEST ("/cloud-page/again", test_again);
  TEST ("/cloud-page/wrong-application", test_wrong_application);
  TEST ("/cloud-page/legacy", test_legacy);
  TEST ("/cloud-page/claim", test_claim);
  TEST ("/cloud-page/places", test_places);
  TEST ("/cloud-page/not-deleted", test_not_deleted);
  TEST ("/cloud-page/owner", test_owner);
  TEST ("/cloud-page/images", test_images);
  TEST ("/cloud-page/deployments", test_deployments);
  TEST ("/cloud-page/certificates", test_certificates);
  TEST ("/cloud-page/route", test_route);
  TEST ("/cloud-page/os-versions", test_os_versions);
  TEST ("/cloud-page/network", test_network);
  return g_test_run ();
}
