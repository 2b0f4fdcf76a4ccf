/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Preferences tell of the shared ledger. */
#include "lks-preferences.h"
#include "lks-share-text.h"

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

  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (f->ledger);
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

static LksPreferences *
show (Fixture *f, LksSharePusher *pusher, const GError *error)
{
  LksPreferences *preferences = lks_preferences_new (f->settings, lks_ledger_get_path (f->ledger));

  lks_preferences_set_share (preferences, pusher, error);
  gtk_window_present (GTK_WINDOW (preferences));
  return preferences;
}

/* A station that shares nothing hears nothing of it. */
static void
test_none (Fixture *f, gconstpointer unused)
{
  LksPreferences *preferences = show (f, NULL, NULL);

  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (find_share_row (preferences))));
  gtk_window_destroy (GTK_WINDOW (preferences));
}

static void
test_misunderstood (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = g_error_new_literal (LKS_SHARE_ERROR, LKS_SHARE_ERROR_INVALID,
                                                  "/etc/x.conf: [shared-ledger] has no user");
  LksPreferences *preferences = show (f, NULL, error);
  AdwActionRow *row = find_share_row (preferences);

  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (row)));
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
  gtk_window_destroy (GTK_WINDOW (preferences));
  g_assert_finalize_object (pusher);
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  TEST ("/share-row/none", test_none);
  TEST ("/share-row/misunderstood", test_misunderstood);
  TEST ("/share-row/server-away", test_server_away);

  return g_test_run ();
}
