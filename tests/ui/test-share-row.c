/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Preferences tell of the shared ledger, and how it is named there. */
#include "keyring-daemon.h"
#include "lks-preferences.h"
#include "lks-secret-store.h"
#include "lks-share-dialog.h"
#include "lks-share-text.h"
#include "lks-station-share-file.h"
#include "lks-station-share.h"
#include "postgres.h"
#include "wait-until.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *folder;        /* (owned) */
  LksLedger *ledger;   /* (owned) */
  GSettings *settings; /* (owned) */
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  f->folder = g_dir_make_tmp ("lks-share-row-XXXXXX", NULL);
  path = g_build_filename (f->folder, "ledger.sqlite", NULL);
  f->ledger = lks_ledger_open (path, &error);
  g_assert_no_error (error);
  lks_ledger_journal_append (f->ledger,
                             &(LksJournalEntry){
                                 .run_id = "11111111-2222-4333-8444-555555555555",
                                 .device_id = "0000000000000000000000000000000000000000000000000000"
                                              "0000000000000000000000000000000000000000000000000000"
                                              "000000000000000000000000",
                                 .target = "DeviceComplete",
                                 .step = "set-state",
                                 .phase = "intent",
                                 .at_us = 1700000000000000,
                                 .data = "{}",
                             },
                             &error);
  g_assert_no_error (error);
  f->settings = g_settings_new ("io.github.locksmith.Locksmith");
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;

  WAIT_FINALIZED (f->ledger);
  g_object_unref (f->settings);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (f->folder);
  g_free (f->folder);
}

static LksShare *
open_cb (const LksSharePlace *place, GCancellable *cancellable, GError **error)
{
  return lks_share_open (place, NULL, cancellable, error);
}

static AdwActionRow *
find_share_row (LksPreferences *preferences)
{
  return ADW_ACTION_ROW (
      gtk_widget_get_template_child (GTK_WIDGET (preferences), LKS_TYPE_PREFERENCES, "share_row"));
}

static void
assert_has (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("“%s” is not in “%s”", part, text);
}

static char *picture; /* a folder for people to look at; nothing is judged by it */

static void
take_picture (const char *name)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.png", picture, name);
  g_autoptr (GSubprocess) import = NULL;
  gint64 end_us = g_get_monotonic_time () + 900 * 1000;

  if (picture == NULL)
    return;

  while (g_get_monotonic_time () < end_us)
    g_main_context_iteration (NULL, FALSE);
  import = g_subprocess_new (0, NULL, "import", "-window", "root", path, NULL);
  g_assert_true (g_subprocess_wait_check (import, NULL, NULL));
}

static LksPreferences *
show (Fixture *f, LksSharePusher *pusher, const GError *error)
{
  LksPreferences *preferences = lks_preferences_new (f->settings, lks_ledger_get_path (f->ledger));

  lks_preferences_set_share (preferences, pusher, error);
  gtk_window_present (GTK_WINDOW (preferences));
  return preferences;
}

static GtkWidget *
find_child (gpointer window, const char *name)
{
  return GTK_WIDGET (gtk_widget_get_template_child (window, G_OBJECT_TYPE (window), name));
}

static void
test_none (Fixture *f, gconstpointer unused)
{
  LksPreferences *preferences = show (f, NULL, NULL);

  assert_has (adw_action_row_get_subtitle (find_share_row (preferences)), "stay on this computer");
  g_assert_true (gtk_widget_get_sensitive (find_child (preferences, "share_button")));
  gtk_window_destroy (GTK_WINDOW (preferences));
}

static void
test_misunderstood (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = g_error_new_literal (LKS_SHARE_ERROR, LKS_SHARE_ERROR_INVALID,
                                                  "/etc/x.conf: [shared-ledger] has no user");
  LksPreferences *preferences = show (f, NULL, error);
  AdwActionRow *row = find_share_row (preferences);

  assert_has (adw_action_row_get_subtitle (row), "/etc/x.conf");
  gtk_window_destroy (GTK_WINDOW (preferences));
}

/* The row follows while the window is open, and the window may go at any time. */
static void
test_server_away (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksSharePlace) place = lks_share_place_new ("127.0.0.1", 1, "shop", "station-3");
  LksSharePusher *pusher = lks_share_pusher_new (f->ledger, place, open_cb);
  LksPreferences *preferences = show (f, pusher, NULL);
  AdwActionRow *row = find_share_row (preferences);

  assert_has (adw_action_row_get_subtitle (row), "127.0.0.1:1/shop\nNothing was copied yet.");
  while (lks_share_pusher_get_error (pusher) == NULL)
    g_main_context_iteration (NULL, TRUE);
  assert_has (adw_action_row_get_subtitle (row), "1 entry waits since 2023-11-1");
  assert_has (adw_action_row_get_subtitle (row), "does not answer");
  assert_has (adw_action_row_get_subtitle (row), "copied when it answers again");
  take_picture ("preferences");
  gtk_window_destroy (GTK_WINDOW (preferences));
  g_assert_finalize_object (pusher);
}

/* ---- naming it ---- */

static char *
dup_file (const char *name)
{
  return g_build_filename (g_get_user_config_dir (), "locksmith", "station.d", name, NULL);
}

/* What is saved is what is found, and has no password in it. */
static void
test_file (Fixture *f, gconstpointer unused)
{
  g_autofree char *path = lks_station_share_file_dup_path ();
  g_autoptr (LksSharePlace) place = lks_share_place_new ("ledger.example", 5433, "shop", "a b");
  g_autoptr (LksSharePlace) found = NULL;
  g_autoptr (LksSharePlace) none = NULL;
  g_autofree char *file = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  g_free (place->ssl_mode);
  place->ssl_mode = g_strdup ("verify-ca");
  place->ssl_root_cert = g_strdup ("/etc/ca.pem");
  g_assert_true (lks_station_share_file_save (place, &error));
  g_assert_no_error (error);
  g_assert_true (lks_station_find_share (&found, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (found->host, ==, "ledger.example");
  g_assert_cmpuint (found->port, ==, 5433);
  g_assert_cmpstr (found->database, ==, "shop");
  g_assert_cmpstr (found->user, ==, "a b");
  g_assert_cmpstr (found->ssl_mode, ==, "verify-ca");
  g_assert_cmpstr (found->ssl_root_cert, ==, "/etc/ca.pem");
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  file = lks_station_share_file_find (&error);
  g_assert_cmpstr (file, ==, path);
  g_assert_false (lks_station_share_file_is_fixed (file));

  g_free (place->ssl_mode);
  place->ssl_mode = g_strdup ("prefer");
  g_assert_false (lks_station_share_file_save (place, &error));
  g_assert_error (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_INVALID);
  g_clear_error (&error);

  g_assert_true (lks_station_share_file_save (NULL, &error));
  g_assert_true (lks_station_share_file_save (NULL, &error)); /* it is gone already */
  g_assert_no_error (error);
  g_assert_true (lks_station_find_share (&none, &error));
  g_assert_null (none);
}

/* What another file says wins: it is not changed here. */
static void
test_fixed (Fixture *f, gconstpointer unused)
{
  g_autofree char *path = dup_file ("zz-shop.conf");
  g_autofree char *folder = g_path_get_dirname (path);
  LksPreferences *preferences;
  GtkWidget *button;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (
      g_file_set_contents (path, "[shared-ledger]\nhost=h\ndatabase=d\nuser=u\n", -1, NULL));
  preferences = show (f, NULL, NULL);
  button = find_child (preferences, "share_button");
  g_assert_false (gtk_widget_get_sensitive (button));
  assert_has (gtk_widget_get_tooltip_text (button), "zz-shop.conf");
  gtk_window_destroy (GTK_WINDOW (preferences));
  g_unlink (path);
}

static void
enter (LksShareDialog *dialog, const char *row, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (find_child (dialog, row)), text);
}

static gboolean
find_text (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) &&
      strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (find_text (child, text))
      return TRUE;
  return FALSE;
}

/* A button whose action is disabled cannot be pressed. */
static gboolean
can_try (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget) &&
      g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), "share.try") == 0)
    return gtk_widget_is_sensitive (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (can_try (child))
      return TRUE;
  return FALSE;
}

static void
try_and_wait (LksShareDialog *dialog, const char *words)
{
  g_test_message ("%s", words);
  g_assert_true (can_try (GTK_WIDGET (dialog)));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "share.try", NULL));
  while (!find_text (GTK_WIDGET (dialog), words))
    g_main_context_iteration (NULL, TRUE);
}

static void
migrate (Postgres *server)
{
  g_autoptr (LksSharePlace) place = postgres_make_place (server, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksShare) share = lks_share_open (place, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (lks_share_migrate (share, LKS_SHARE_SCHEMA_VERSION, NULL, &error));
  g_assert_no_error (error);
}

/* Every verdict in words, with a real server; then it is saved. */
static void
test_dialog (Fixture *f, gconstpointer unused)
{
  Postgres *server = postgres_new ();
  g_autofree char *port = NULL;
  g_autoptr (LksSharePlace) found = NULL;
  LksShareDialog *dialog = lks_share_dialog_new (NULL);

  port = g_strdup_printf ("%u", postgres_get_port (server));
  gtk_window_present (GTK_WINDOW (dialog));
  g_assert_false (can_try (GTK_WIDGET (dialog)));
  enter (dialog, "host", "127.0.0.1");
  enter (dialog, "database", POSTGRES_DATABASE);
  enter (dialog, "user", "tester");
  adw_combo_row_set_selected (ADW_COMBO_ROW (find_child (dialog, "ssl_mode")), 3);
  enter (dialog, "port", "0");
  g_assert_false (can_try (GTK_WIDGET (dialog)));

  enter (dialog, "port", "1");
  try_and_wait (dialog, "does not answer");
  take_picture ("unreachable");
  enter (dialog, "port", port);
  enter (dialog, "user", "nobody");
  try_and_wait (dialog, "does not let this station in");
  enter (dialog, "user", "tester");
  try_and_wait (dialog, "no shared ledger in that database yet");
  migrate (server);
  try_and_wait (dialog, "has version 2");
  take_picture ("fine");

  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "share.save", NULL));
  while (dialog != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (lks_station_find_share (&found, NULL));
  g_assert_cmpuint (found->port, ==, postgres_get_port (server));
  g_assert_cmpstr (found->ssl_mode, ==, "disable");

  dialog = lks_share_dialog_new (found);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find_child (dialog, "user"))), ==,
                   "tester");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "share.stop", NULL));
  g_clear_pointer (&found, lks_share_place_free);
  g_assert_true (lks_station_find_share (&found, NULL));
  g_assert_null (found);
  postgres_free (server);
}

static LksShareDialog *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (LKS_IS_SHARE_DIALOG (window))
        return LKS_SHARE_DIALOG (window); /* GTK owns it */
    }
  g_assert_not_reached ();
}

static void
count_cb (guint *n_changes)
{
  (*n_changes)++;
}

static void
assert_kept (const char *expected)
{
  g_autoptr (LksSecretStore) store = lks_secret_store_new ("shared-ledger");
  g_autoptr (GError) error = NULL;
  g_autoptr (LksSecret) secret =
      lks_secret_store_look_up (store, "station-3@ledger.example:5432/shop", NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (secret);
  g_assert_cmpstr (lks_secret_get_text (secret), ==, expected);
}

/* The password goes into the keyring and nowhere else; without a keyring nothing is saved. */
static void
test_password (Fixture *f, gconstpointer unused)
{
  const char *password = "canary-of-a-password";
  g_autofree char *path = lks_station_share_file_dup_path ();
  KeyringDaemon *keyring = keyring_daemon_new (f->folder);
  LksPreferences *preferences = show (f, NULL, NULL);
  LksShareDialog *dialog;
  g_autofree char *text = NULL;
  guint n_changes = 0;

  g_signal_connect_swapped (preferences, "share-changed", G_CALLBACK (count_cb), &n_changes);
  g_signal_emit_by_name (find_child (preferences, "share_button"), "clicked");
  dialog = find_dialog ();
  enter (dialog, "host", "ledger.example");
  enter (dialog, "database", "shop");
  enter (dialog, "user", "station-3");
  enter (dialog, "password", password);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "share.save", NULL));
  while (!find_text (find_child (dialog, "error_note"), ""))
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  keyring_daemon_start (keyring, "keyring");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "share.save", NULL));
  while (n_changes == 0)
    g_main_context_iteration (NULL, TRUE);
  assert_kept (password);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  assert_has (text, "host=ledger.example");
  g_assert_null (strstr (text, "canary"));
  g_unlink (path);
  gtk_window_destroy (GTK_WINDOW (preferences));
  keyring_daemon_free (keyring);
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  picture = argc > 1 ? argv[1] : NULL;

  TEST ("/share-row/none", test_none);
  TEST ("/share-row/misunderstood", test_misunderstood);
  TEST ("/share-row/server-away", test_server_away);
  TEST ("/share-row/file", test_file);
  TEST ("/share-row/fixed", test_fixed);
  TEST ("/share-row/password", test_password);
  if (postgres_is_installed ())
    TEST ("/share-row/dialog", test_dialog);

  return g_test_run ();
}
