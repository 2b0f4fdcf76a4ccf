/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-page.h"

#include "lks-cloud-account.h"
#include "lks-cloud-browser.h"
#include "lks-cloud-item.h"
#include "lks-cloud-tools.h"
#include "lks-secret-store.h"
#include "lks-sign-in.h"

#include <glib/gstdio.h>
#include <string.h>

#define SUBSCRIPTION "bbbbbbbb-2222-4333-8444-555555555555"
#define SECRET "emulated-client-secret"

/* The service says when to ask again about an operation; without that it would be asked later. */
#define SCENARIO                                                                                   \
  "{\"cloud\":{\"clientId\":\"" PAGE_CLIENT "\",\"tenant\":\"" PAGE_TENANT                         \
  "\",\"subscription\":\"" SUBSCRIPTION "\",\"pollSeconds\":0,\"operationMs\":0,"                  \
  "\"operations\":\"retry-after\","                                                                \
  "\"catalogs\":[{\"name\":\"plant7\",\"products\":[\"Pump\",\"Valve\"],\"devices\":3000},"        \
  "{\"name\":\"lab\",\"products\":[\"Rig\"],\"devices\":2}],"                                      \
  "\"faults\":[{\"kind\":\"status\",\"path\":\"/images\",\"status\":403,"                          \
  "\"code\":\"AuthorizationFailed\",\"message\":\"no right\"}]}}"

static const char *emulator;
static const char *folder; /* (nullable) */

const char *
page_get_emulator (void)
{
  return emulator;
}

/* ---- what is seen ---- */

GtkWidget *
page_find (CloudPage *f, GType type)
{
  return widget_find (GTK_WIDGET (f->home), type);
}

gboolean
page_shows (CloudPage *f, const char *text)
{
  return widget_shows (GTK_WIDGET (f->home), text);
}

GListModel *
page_get_rows (CloudPage *f)
{
  GtkWidget *view = page_find (f, GTK_TYPE_LIST_VIEW);

  return view != NULL ? G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (view))) : NULL;
}

guint
page_count_rows (CloudPage *f)
{
  GListModel *rows = page_get_rows (f);

  return rows != NULL ? g_list_model_get_n_items (rows) : 0;
}

static gboolean
find_row (CloudPage *f, const char *name, guint *out_row)
{
  GListModel *rows = page_get_rows (f);

  for (*out_row = 0; rows != NULL && *out_row < g_list_model_get_n_items (rows); (*out_row)++)
    {
      g_autoptr (LksCloudItem) item = g_list_model_get_item (rows, *out_row);

      if (g_str_equal (lks_cloud_item_get_resource (item)->name, name))
        return TRUE;
    }
  return FALSE;
}

/* The list of before may have as many rows: what is looked for comes. */
guint
page_find_row (CloudPage *f, const char *name)
{
  guint row;

  WAIT_UNTIL (find_row (f, name, &row));
  return row;
}

guint
page_get_depth (CloudPage *f)
{
  guint depth;

  g_object_get (page_find (f, LKS_TYPE_CLOUD_BROWSER), "depth", &depth, NULL);
  return depth;
}

void
page_take_picture_of (GtkWindow *window, const char *name)
{
  g_autofree char *path = folder != NULL ? g_strdup_printf ("%s/%s.png", folder, name) : NULL;

  if (path != NULL)
    widget_take_picture (window, path);
}

void
page_take_picture (CloudPage *f, const char *name)
{
  page_take_picture_of (f->window, name);
}

/* ---- set up ---- */

static void
trust_emulator (CloudPage *f)
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

/* A station, by its secret: nobody has to wait for a code. */
static void
add_account (CloudPage *f)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCloudTrust) trust = lks_cloud_trust_load_default (&error);
  g_autoptr (LksSecretStore) store = lks_secret_store_new ("sign-in");
  g_autoptr (LksCloudPlace) place =
      lks_cloud_place_new (f->process.cloud, f->process.cloud, PAGE_TENANT, PAGE_CLIENT, &error);
  g_autoptr (LksSignIn) service = lks_sign_in_new (place, trust, NULL);
  g_autoptr (LksSecret) secret = lks_secret_new (SECRET, strlen (SECRET));
  g_autoptr (LksCloudAccount) account = NULL;
  g_auto (LksTokens) tokens = { 0 };

  lks_sign_in_with_secret (service, secret, NULL, &tokens, &error);
  g_assert_no_error (error);
  account = lks_cloud_account_add (store, place, trust, LKS_ACCOUNT_KIND_SECRET, secret, &tokens,
                                   NULL, &error);
  g_assert_no_error (error);
}

static void
open_page (CloudPage *f)
{
  f->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_default_size (f->window, 900, 760);
  f->home = g_object_new (LKS_TYPE_CLOUD_HOME, NULL);
  gtk_window_set_child (f->window, GTK_WIDGET (f->home));
  lks_cloud_home_set_settings (f->home, f->settings);
  gtk_window_present (f->window);
}

static void
start_service (CloudPage *f, const char *scenario)
{
  emulator_process_start_with_cloud (&f->process, emulator, scenario);
  trust_emulator (f);
  f->settings = g_settings_new ("io.github.locksmith.Locksmith");
  g_settings_set_string (f->settings, "cloud-application", PAGE_CLIENT);
  g_settings_set_string (f->settings, "cloud-tenant", PAGE_TENANT);
  g_settings_set_string (f->settings, "cloud-sign-in-address", f->process.cloud);
  g_settings_set_string (f->settings, "cloud-resource-address", f->process.cloud);
}

static void
set_up_signed_out (CloudPage *f, gconstpointer unused)
{
  start_service (f, SCENARIO);
  open_page (f);
}

/* With somebody signed in, and the catalogs of @scenario on the page; it has two of them. */
void
page_open (CloudPage *f, const char *scenario)
{
  start_service (f, scenario);
  add_account (f);
  open_page (f);
  WAIT_UNTIL (page_count_rows (f) == 2);
}

static void
set_up (CloudPage *f, gconstpointer unused)
{
  page_open (f, SCENARIO);
}

void
page_close (CloudPage *f)
{
  GtkWidget *home = GTK_WIDGET (f->home);
  LksCloudDesk *desk = lks_cloud_home_get_desk (f->home);

  g_object_add_weak_pointer (G_OBJECT (home), (gpointer *) &home);
  g_object_add_weak_pointer (G_OBJECT (desk), (gpointer *) &desk);
  gtk_window_destroy (f->window);
  WAIT_UNTIL (home == NULL && desk == NULL); /* nothing that was under way holds them */
  g_object_unref (f->settings);
  emulator_process_stop (&f->process);
}

static void
tear_down (CloudPage *f, gconstpointer unused)
{
  page_close (f);
}

/* The program's arguments are EMULATOR [FOLDER]; with FOLDER it takes pictures there. */
void
page_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  gtk_init ();
  adw_init ();
  g_assert_cmpint (*argc, >=, 2);
  emulator = (*argv)[1];
  folder = *argc > 2 ? (*argv)[2] : NULL;
  load_style ();
}

/* Begins with somebody signed in, and the catalogs on the page. */
void
page_add_test (const char *path, CloudPageTest test)
{
  g_test_add (path, CloudPage, NULL, set_up, test, tear_down);
}

/* Begins with whoever the test before left signed in. */
void
page_add_test_alone (const char *path, CloudPageTest test)
{
  g_test_add (path, CloudPage, NULL, set_up_signed_out, test, tear_down);
}

/* ---- what is done ---- */

void
page_activate (CloudPage *f, const char *action)
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

void
page_open_row (CloudPage *f, guint position)
{
  g_signal_emit_by_name (page_find (f, GTK_TYPE_LIST_VIEW), "activate", position);
}

void
page_choose_listing (CloudPage *f, guint position)
{
  gtk_drop_down_set_selected (GTK_DROP_DOWN (page_find (f, GTK_TYPE_DROP_DOWN)), position);
}

void
page_search_for (CloudPage *f, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (page_find (f, GTK_TYPE_SEARCH_ENTRY)), text);
}

void
page_sign_in (CloudPage *f)
{
  WAIT_UNTIL (page_shows (f, "Sign In to the Cloud"));
  page_take_picture (f, "cloud-sign-in");
  page_activate (f, "sign-in.code");
  WAIT_UNTIL (page_count_rows (f) == 2);
}

void
page_sign_out (CloudPage *f)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (f->home), "cloud.sign-out", NULL));
  WAIT_UNTIL (page_shows (f, "Sign In to the Cloud"));
}

/* ---- dialogs ---- */

GtkWidget *
page_find_dialog (GType type)
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

GtkWidget *
page_open_dialog (CloudPage *f, const char *action, GType type)
{
  GtkWidget *dialog;

  g_assert_true (gtk_widget_activate_action (page_find (f, LKS_TYPE_CLOUD_TOOLS), action, NULL));
  WAIT_UNTIL ((dialog = page_find_dialog (type)) != NULL);
  return dialog;
}

/* Does it, and waits until the dialog is gone. */
void
page_finish_dialog (GtkWidget *dialog, const char *action)
{
  g_assert_true (widget_can (dialog, action));
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  gtk_widget_activate_action (dialog, action, NULL);
  WAIT_UNTIL (dialog == NULL);
}

void
page_close_dialog (GtkWidget *dialog)
{
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  gtk_window_close (GTK_WINDOW (dialog));
  WAIT_UNTIL (dialog == NULL);
}

/* Answers the question for a file, as somebody who types a whole path. */
void
page_save_into (CloudPage *f, const char *proposed, const char *name)
{
  g_autofree char *path = emulator_process_get_path (&f->process, name);
  g_autofree char *current = NULL;
  GtkWidget *chooser;

  WAIT_UNTIL ((chooser = page_find_dialog (GTK_TYPE_FILE_CHOOSER_DIALOG)) != NULL);
  current = gtk_file_chooser_get_current_name (GTK_FILE_CHOOSER (chooser));
  g_assert_true (g_str_has_prefix (current, proposed));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), path);
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_ACCEPT);
}
