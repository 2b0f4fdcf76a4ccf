/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Records page on a real ledger: what was done to boards, finalized and serviced. With the name
 * of a folder as its argument it takes pictures there; nothing is judged by them. */
#include "lks-ledger-service.h"
#include "lks-ledger-verify.h"
#include "lks-record-filter.h"
#include "lks-records-page.h"
#include "lks-service-text.h"
#include "lks-stats-dialog.h"
#include "lks-units-dialog.h"
#include "lks-verify-dialog.h"

#include "wait-until.h"
#include "widgets.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define DEVICE                                                                                     \
  "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"                               \
  "00112233445566778899aabbccddeeff00112233445566778899aabb00c0ffee"
#define FINGERPRINT "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define NOON_US G_GINT64_CONSTANT (1790000000000000)

static const char *pictures; /* (nullable): folder for pictures */

/* The application brings the style; pictures shall look like it. */
static void
take_picture (gpointer window, const char *name)
{
  static GtkCssProvider *provider;
  g_autofree char *path = NULL;

  if (pictures == NULL)
    return;
  if (provider == NULL)
    {
      provider = gtk_css_provider_new ();
      gtk_css_provider_load_from_resource (provider, "/io/github/locksmith/Locksmith/style.css");
      gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                                  GTK_STYLE_PROVIDER (provider),
                                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
      gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                        "/io/github/locksmith/Locksmith/icons");
    }
  path = g_strdup_printf ("%s/%s.png", pictures, name);
  widget_take_picture (window, path);
}

typedef struct
{
  char *folder;
  LksLedger *ledger;
  GtkWindow *window;
  LksRecordsPage *page;
} World;

static void
set_up (World *world, gconstpointer unused)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  world->folder = g_dir_make_tmp ("lks-records-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (world->folder, "ledger.sqlite", NULL);
  world->ledger = lks_ledger_open (path, &error);
  g_assert_no_error (error);
  world->page = g_object_new (LKS_TYPE_RECORDS_PAGE, NULL);
  world->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_default_size (world->window, 1200, 800); /* list and record side by side */
  gtk_window_set_child (world->window, GTK_WIDGET (world->page));
}

static void
tear_down (World *world, gconstpointer unused)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;
  LksLedger *ledger = world->ledger;

  gtk_window_destroy (world->window);
  /* A list that is still being read holds the ledger. */
  g_object_add_weak_pointer (G_OBJECT (ledger), (gpointer *) &world->ledger);
  g_object_unref (ledger);
  while (world->ledger != NULL)
    g_main_context_iteration (NULL, FALSE);
  dir = g_dir_open (world->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (world->folder, name, NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (world->folder), ==, 0);
  g_free (world->folder);
}

static void
begin (World *world, const char *id, gint64 started_us, const char *task)
{
  const LksServiceFields fields = {
    .id = id,
    .device_id = DEVICE,
    .port = "1-2",
    .operator_name = "Anna",
    .station = "laptop",
    .started_us = started_us,
    .task = task,
    .note = "new access point",
    .fingerprint = FINGERPRINT,
    .capabilities = "[13]",
    .document = "{\"before\":{\"manufacturingState\":\"DeviceComplete\",\"osVersion\":\"24.06\","
                "\"wifiNetworks\":1}}",
  };
  g_autoptr (GError) error = NULL;

  g_assert_true (lks_ledger_service_begin (world->ledger, &fields, &error));
  g_assert_no_error (error);
}

static void
append (World *world, const char *id, const char *path, const char *end)
{
  const LksServiceEvent event = {
    .session_id = id,
    .at_us = NOON_US + 5 * G_USEC_PER_SEC,
    .method = path != NULL ? "POST" : NULL,
    .path = path,
    .http_status = path != NULL ? 201 : 0,
    .reason = end,
    .document = end != NULL ? "{\"after\":{\"manufacturingState\":\"DeviceComplete\"}}" : "{}",
  };
  g_autoptr (GError) error = NULL;

  g_assert_true (lks_ledger_service_append (world->ledger, &event, &error));
  g_assert_no_error (error);
}

static gboolean
says (GtkWidget *widget, const char *text)
{
  const char *own = NULL;

  if (!gtk_widget_get_child_visible (widget) || !gtk_widget_get_visible (widget))
    return FALSE;
  if (GTK_IS_LABEL (widget))
    own = gtk_label_get_label (GTK_LABEL (widget));
  if (own != NULL && strstr (own, text) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (says (child, text))
      return TRUE;
  return FALSE;
}

static GtkSingleSelection *
get_selection (World *world)
{
  return GTK_SINGLE_SELECTION (
      G_OBJECT (gtk_widget_get_template_child (GTK_WIDGET (world->page), LKS_TYPE_RECORDS_PAGE,
                                               "selection")));
}

static guint
count (World *world)
{
  return g_list_model_get_n_items (G_LIST_MODEL (get_selection (world)));
}

/* A session that goes on is listed at once, what is done in it and its end follow by themselves. */
static void
test_session_grows (World *world, gconstpointer unused)
{
  static const char id[] = "6f1c8c2a-0000-4000-8000-000000000001";
  GtkWidget *page = GTK_WIDGET (world->page);

  lks_records_page_set_ledger (world->page, world->ledger);
  gtk_window_present (world->window);
  g_assert_true (says (page, "No Records Yet"));

  begin (world, id, NOON_US, "wifi");
  WAIT_UNTIL (count (world) == 1 && says (page, "In Session"));
  WAIT_UNTIL (says (page, "Nothing was changed"));
  g_assert_true (says (page, "Board c0ffee"));
  g_assert_true (says (page, "Change Wi-Fi"));
  g_assert_true (says (page, "new access point"));
  g_assert_true (says (page, FINGERPRINT));
  g_assert_true (says (page, "DeviceComplete, system 24.06, 1 Wi-Fi network"));

  append (world, id, "/wifi/config/networks", NULL);
  WAIT_UNTIL (says (page, "Wi-Fi network added"));
  g_assert_false (says (page, "Nothing was changed"));

  append (world, id, NULL, "unplugged");
  WAIT_UNTIL (says (page, "The board was unplugged."));
  WAIT_UNTIL (says (page, "Serviced"));
  g_assert_cmpuint (count (world), ==, 1);
}

static void
test_kinds_and_order (World *world, gconstpointer unused)
{
  static const char older[] = "6f1c8c2a-0000-4000-8000-000000000002";
  static const char newer[] = "6f1c8c2a-0000-4000-8000-000000000003";
  const LksRecordFields fields = {
    .run_id = "6f1c8c2a-0000-4000-8000-000000000009",
    .kind = "check",
    .device_id = DEVICE,
    .port = "1-2",
    .operator_name = "Anna",
    .station = "laptop",
    .started_us = NOON_US,
    .finished_us = NOON_US,
    .recipe_name = "shipping",
    .recipe_hash = FINGERPRINT,
    .recipe_text = "{}",
    .verdict = "PASS",
    .outcome = "ready",
    .document = "{\"steps\":[]}",
  };
  g_autoptr (LksRecord) record = lks_record_new (&fields);
  g_autoptr (LksServiceRecord) first = NULL;
  g_autoptr (LksRecord) second = NULL;
  GObject *kind =
      gtk_widget_get_template_child (GTK_WIDGET (world->page), LKS_TYPE_RECORDS_PAGE, "kind");
  g_autoptr (GError) error = NULL;

  begin (world, older, NOON_US - 1, "logs");
  g_assert_true (lks_ledger_add (world->ledger, record, &error));
  g_assert_no_error (error);
  begin (world, newer, NOON_US + 1, "a-task-of-the-future");

  lks_records_page_set_ledger (world->page, world->ledger);
  gtk_window_present (world->window);
  WAIT_UNTIL (count (world) == 3);
  first = g_list_model_get_item (G_LIST_MODEL (get_selection (world)), 0);
  second = g_list_model_get_item (G_LIST_MODEL (get_selection (world)), 1);
  g_assert_cmpstr (lks_service_record_get_id (first), ==, newer);
  g_assert_true (LKS_IS_RECORD (second));

  g_object_set (kind, "selected", 1, NULL);
  g_assert_cmpuint (count (world), ==, 1);
  WAIT_UNTIL (says (GTK_WIDGET (world->page), "Every check passed"));
  g_object_set (kind, "selected", 2, NULL);
  g_assert_cmpuint (count (world), ==, 2);
  WAIT_UNTIL (says (GTK_WIDGET (world->page), "a-task-of-the-future"));
}

/* ---- the check of the records ---- */

static LksStationKey *
make_key_cb (gpointer unused, GCancellable *cancellable, GError **error)
{
  return lks_station_key_generate (error);
}

/* Opens the dialog as the menu does. */
/* What an action of the page opens. */
static GtkWindow *
open_dialog (World *world, const char *action, GType type)
{
  g_autoptr (GList) windows = NULL;

  gtk_widget_activate_action (GTK_WIDGET (world->page), action, NULL);
  windows = gtk_window_list_toplevels ();
  for (GList *window = windows; window != NULL; window = window->next)
    if (g_type_is_a (G_OBJECT_TYPE (window->data), type))
      return window->data;
  g_assert_not_reached ();
}

static void
show_sessions (World *world)
{
  const LksStationKey *key = NULL;

  g_assert_true (lks_ledger_set_head_folder (world->ledger, world->folder, NULL));
  lks_ledger_set_key_source (world->ledger, make_key_cb, NULL, NULL);
  lks_ledger_want_key (world->ledger);
  while (key == NULL)
    {
      g_autofree char *reason = NULL;

      key = lks_ledger_get_station_key (world->ledger, &reason);
    }
  begin (world, "6f1c8c2a-0000-4000-8000-000000000004", NOON_US, "wifi");
  append (world, "6f1c8c2a-0000-4000-8000-000000000004", "/restart", NULL);
  lks_records_page_set_ledger (world->page, world->ledger);
  gtk_window_present (world->window);
  WAIT_UNTIL (count (world) == 1);
}

static void
test_verify_good (World *world, gconstpointer unused)
{
  GtkWindow *dialog;

  show_sessions (world);
  dialog = open_dialog (world, "records.verify", LKS_TYPE_VERIFY_DIALOG);
  WAIT_UNTIL (says (GTK_WIDGET (dialog), "Every record is as it was written, and signed."));
  g_assert_true (says (GTK_WIDGET (dialog), "the key of this station"));
  g_assert_true (says (GTK_WIDGET (dialog), "Up to entry 2 of 2, by the head that this station"));
  take_picture (dialog, "verify-good");
  gtk_window_destroy (dialog);
}

static void
run_sql (World *world, const char *sql)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (lks_ledger_get_path (world->ledger), &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
test_verify_bad (World *world, gconstpointer unused)
{
  GtkWindow *dialog;

  show_sessions (world);
  run_sql (world, "DROP TRIGGER service_sessions_never_change;"
                  "UPDATE service_sessions SET operator = 'Bert';"
                  "DROP TRIGGER signatures_never_go;"
                  "DELETE FROM signatures WHERE sequence = 2");
  dialog = open_dialog (world, "records.verify", LKS_TYPE_VERIFY_DIALOG);
  WAIT_UNTIL (says (GTK_WIDGET (dialog), "Not as Written"));
  g_assert_true (says (GTK_WIDGET (dialog), "1 entry was changed"));
  g_assert_true (says (GTK_WIDGET (dialog), "read the boards again"));
  g_assert_true (says (GTK_WIDGET (dialog), "Entry 1 of the chain, the beginning of servicing"));
  g_assert_true (says (GTK_WIDGET (dialog), "1 signature is wrong or gone"));
  g_assert_false (says (GTK_WIDGET (dialog), "entry is gone"));
  gtk_window_destroy (dialog);
}

static void
forget_note (World *world)
{
  g_autoptr (GDir) dir = g_dir_open (world->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (!g_str_has_prefix (name, "ledger.sqlite"))
      {
        g_autofree char *path = g_build_filename (world->folder, name, NULL);

        g_assert_cmpint (g_unlink (path), ==, 0);
      }
}

/* The newest is gone, and with it all that the file itself knew of it. */
static void
test_verify_cut (World *world, gconstpointer unused)
{
  GtkWindow *dialog;

  show_sessions (world);
  run_sql (world, "DROP TRIGGER service_events_never_go; DROP TRIGGER signatures_never_go;"
                  "DROP TRIGGER chain_never_goes;"
                  "DELETE FROM service_events; DELETE FROM signatures WHERE sequence = 2;"
                  "DELETE FROM chain WHERE sequence = 2;"
                  "UPDATE sqlite_sequence SET seq = 0 WHERE name = 'service_events'");
  dialog = open_dialog (world, "records.verify", LKS_TYPE_VERIFY_DIALOG);
  WAIT_UNTIL (says (GTK_WIDGET (dialog), "Not as Written"));
  g_assert_true (says (GTK_WIDGET (dialog), "1 noted entry is gone"));
  g_assert_true (says (GTK_WIDGET (dialog), "Entry 2, which this station noted as written"));
  take_picture (dialog, "verify-cut");
  gtk_window_destroy (dialog);

  forget_note (world);
  dialog = open_dialog (world, "records.verify", LKS_TYPE_VERIFY_DIALOG);
  WAIT_UNTIL (says (GTK_WIDGET (dialog), "Unchanged, End Not Proven"));
  g_assert_true (says (GTK_WIDGET (dialog), "By nothing beside the ledger itself"));
  take_picture (dialog, "verify-not-proven");
  gtk_window_destroy (dialog);
}

/* Everything is signed, but by somebody else's key. */
static void
test_verify_other_key (World *world, gconstpointer unused)
{
  g_autoptr (LksStationKey) other = lks_station_key_generate (NULL);
  g_autoptr (LksVerifyReport) report = NULL;
  GtkWindow *dialog;

  show_sessions (world);
  run_sql (world, "DROP TRIGGER signatures_never_go; DELETE FROM signatures;"
                  "DROP TRIGGER chain_never_changes; UPDATE chain SET key = NULL, unsigned = 'x'");
  report = lks_ledger_verify (world->ledger, &(LksVerifyOptions){ 0 }, NULL, NULL);
  report->n_problems = 0; /* whoever forges makes the hashes again; that is not tested here */
  g_assert_true (lks_ledger_sign (world->ledger, report, other, NULL));
  dialog = open_dialog (world, "records.verify", LKS_TYPE_VERIFY_DIALOG);
  WAIT_UNTIL (says (GTK_WIDGET (dialog), "Not as Written"));
  g_assert_true (says (GTK_WIDGET (dialog), "No good signature is of the key"));
  g_assert_true (says (GTK_WIDGET (dialog), "not the key of this station: ask whose it is"));
  gtk_window_destroy (dialog);
}

/* Closing ends the check; nothing of it comes back. */
static void
test_verify_closed (World *world, gconstpointer unused)
{
  show_sessions (world);
  gtk_window_destroy (open_dialog (world, "records.verify", LKS_TYPE_VERIFY_DIALOG));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* ---- statistics ---- */

/* A finalization as most of them are. */
static LksRecordFields
make_fields (const char *verdict, const char *device_id, gint64 started_us)
{
  return (LksRecordFields){
    .run_id = "6f1c8c2a-0000-4000-8000-000000000009",
    .kind = "finalize",
    .device_id = device_id,
    .port = "1-2",
    .operator_name = "Anna",
    .station = "laptop",
    .started_us = started_us,
    .finished_us = started_us + 9 * G_USEC_PER_SEC,
    .recipe_name = "shipping",
    .recipe_hash = FINGERPRINT,
    .recipe_text = "{}",
    .verdict = verdict,
    .outcome = "finalized",
    .document = "{\"steps\":[{\"name\":\"wifi-networks\",\"result\":\"fail\"}]}",
  };
}

static void
add_fields (World *world, const LksRecordFields *fields)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecord) record = lks_record_new (fields);

  g_assert_true (lks_ledger_add (world->ledger, record, &error));
  g_assert_no_error (error);
}

static void
add_unit (World *world,
          const char *verdict,
          const char *device_id,
          gint64 started_us,
          const char *label,
          const char *batch)
{
  LksRecordFields fields = make_fields (verdict, device_id, started_us);

  fields.label = label;
  fields.batch = batch;
  add_fields (world, &fields);
}

static void
add_run (World *world, const char *verdict, const char *device_id, gint64 started_us)
{
  add_unit (world, verdict, device_id, started_us, NULL, NULL);
}

static void
test_statistics (World *world, gconstpointer unused)
{
  g_autofree char *other = g_strnfill (128, '5');
  GtkWindow *dialog;
  GObject *period;

  add_unit (world, "FAIL", DEVICE, NOON_US, NULL, "4711");
  add_run (world, "PASS", DEVICE, NOON_US);
  add_run (world, "PASS", other, NOON_US);
  lks_records_page_set_ledger (world->page, world->ledger);
  gtk_window_present (world->window);
  WAIT_UNTIL (count (world) == 3);

  dialog = open_dialog (world, "records.statistics", LKS_TYPE_STATS_DIALOG);
  WAIT_UNTIL (says (GTK_WIDGET (dialog), "Passed in their first run"));
  g_assert_true (says (GTK_WIDGET (dialog), "1 of 2 (50.0 %)"));
  g_assert_true (says (GTK_WIDGET (dialog), "2 of 2 (100.0 %)"));
  g_assert_true (says (GTK_WIDGET (dialog), "Wi-Fi networks"));
  g_assert_false (says (GTK_WIDGET (dialog), "wifi-networks"));
  g_assert_true (says (GTK_WIDGET (dialog), "First Passes by Batch"));
  g_assert_true (says (GTK_WIDGET (dialog), "4711"));
  g_assert_true (says (GTK_WIDGET (dialog), "0 of 1 (0.0 %)"));
  g_assert_true (says (GTK_WIDGET (dialog), "No batch"));
  g_assert_true (says (GTK_WIDGET (dialog), "laptop 1-2"));
  g_assert_true (says (GTK_WIDGET (dialog), "9.0 s"));

  period = gtk_widget_get_template_child (GTK_WIDGET (dialog), LKS_TYPE_STATS_DIALOG, "period");
  g_object_set (period, "selected", 1, NULL);
  WAIT_UNTIL (says (GTK_WIDGET (dialog), "Nothing to Count"));
  gtk_window_destroy (dialog);
}

/* ---- boards ---- */

static void
add_proven (World *world, const char *device_id, gint64 started_us, const char *os_version)
{
  g_autofree char *document = g_strdup_printf (
      "{\"steps\":[{\"name\":\"verify-state\",\"result\":\"pass\","
      "\"evidence\":{\"read\":\"DeviceComplete\"}},{\"name\":\"verify-os-version\","
      "\"result\":\"pass\",\"evidence\":{\"read\":\"%s\"}}]}",
      os_version);
  LksRecordFields fields = make_fields ("PASS", device_id, started_us);

  fields.finished_us = started_us; /* before it is serviced */
  fields.document = document;
  add_fields (world, &fields);
}

/* Which boards there are, in which state, with which system, since when. */
static void
test_units (World *world, gconstpointer unused)
{
  static const char service[] = "6f1c8c2a-0000-4000-8000-000000000006";
  g_autofree char *other = g_strnfill (128, '5');
  GtkWindow *dialog;
  GObject *entry;

  add_proven (world, other, NOON_US - 3, "24.03");
  add_proven (world, DEVICE, NOON_US - 2, "24.06");
  add_run (world, "FAIL", other, NOON_US - 1);
  begin (world, service, NOON_US, "wifi");
  append (world, service, "/wifi/config/networks", NULL);
  lks_records_page_set_ledger (world->page, world->ledger);
  gtk_window_present (world->window);
  WAIT_UNTIL (count (world) == 4);

  dialog = open_dialog (world, "records.units", LKS_TYPE_UNITS_DIALOG);
  WAIT_UNTIL (says (GTK_WIDGET (dialog), "2 boards"));
  WAIT_UNTIL (says (GTK_WIDGET (dialog), "DeviceComplete, system 24.06, serviced once since"));
  g_assert_true (says (GTK_WIDGET (dialog), "Board c0ffee"));
  g_assert_true (says (GTK_WIDGET (dialog), "DeviceComplete, system 24.03"));
  g_assert_true (says (GTK_WIDGET (dialog), " · shipping · laptop · Anna"));
  take_picture (dialog, "units");

  entry =
      gtk_widget_get_template_child (GTK_WIDGET (dialog), LKS_TYPE_UNITS_DIALOG, "search_entry");
  gtk_editable_set_text (GTK_EDITABLE (entry), " system 24.03 ");
  WAIT_UNTIL (says (GTK_WIDGET (dialog), "1 board"));
  WAIT_UNTIL (!says (GTK_WIDGET (dialog), "Board c0ffee"));
  g_assert_true (says (GTK_WIDGET (dialog), "Board 555555"));
  gtk_window_destroy (dialog);
}

static void
test_no_units (World *world, gconstpointer unused)
{
  GtkWindow *dialog;

  add_run (world, "FAIL", DEVICE, NOON_US);
  lks_records_page_set_ledger (world->page, world->ledger);
  gtk_window_present (world->window);
  WAIT_UNTIL (count (world) == 1);
  dialog = open_dialog (world, "records.units", LKS_TYPE_UNITS_DIALOG);
  WAIT_UNTIL (says (GTK_WIDGET (dialog), "No Board Is Proven Yet"));
  take_picture (dialog, "units-none");
  gtk_window_destroy (dialog);
  gtk_window_destroy (
      open_dialog (world, "records.units", LKS_TYPE_UNITS_DIALOG)); /* while it reads */
}

/* ---- search ---- */

static void
search (World *world, const char *text)
{
  GObject *entry = gtk_widget_get_template_child (GTK_WIDGET (world->page), LKS_TYPE_RECORDS_PAGE,
                                                  "search_entry");

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

/* More than are listed: what is older is found all the same, and what is asked for twice, because
 * it is the oldest one of the list or the label is a batch too, is there once. */
static void
test_search_older (World *world, gconstpointer unused)
{
  g_autofree char *other = g_strnfill (128, '5');
  const guint n_listed = 2000;

  add_unit (world, "PASS", other, NOON_US - 1, "LAMP-1", "LAMP-1");
  add_unit (world, "PASS", DEVICE, NOON_US - 2, "LAMP-2", "LAMP-1");
  for (guint i = 0; i < n_listed; i++)
    add_run (world, "FAIL", DEVICE, NOON_US + i);
  while (g_main_context_iteration (NULL, FALSE)) /* that they were added was told to nobody */
    ;
  lks_records_page_set_ledger (world->page, world->ledger);
  gtk_window_present (world->window);
  WAIT_UNTIL (count (world) == n_listed);

  search (world, "no such record");
  WAIT_UNTIL (count (world) == 0);
  search (world, " 5555AA");
  search (world, " 555555 ");
  WAIT_UNTIL (count (world) == 1);
  search (world, "c0FFee");
  WAIT_UNTIL (count (world) == n_listed + 1);
  search (world, "LAMP-2");
  WAIT_UNTIL (count (world) == 1);
  search (world, "LAMP-1");
  WAIT_UNTIL (count (world) == 2);
  search (world, "");
  WAIT_UNTIL (count (world) == n_listed);
}

/* ---- filter ---- */

static GObject *
get_filter_child (World *world, const char *name)
{
  GObject *filter = gtk_widget_get_template_child (GTK_WIDGET (world->page), LKS_TYPE_RECORDS_PAGE,
                                                   "record_filter");

  return gtk_widget_get_template_child (GTK_WIDGET (filter), LKS_TYPE_RECORD_FILTER, name);
}

static void
set_filter (World *world, const char *name, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (get_filter_child (world, name)), text);
}

static void
clear_filter (World *world)
{
  GObject *filter = gtk_widget_get_template_child (GTK_WIDGET (world->page), LKS_TYPE_RECORDS_PAGE,
                                                   "record_filter");

  gtk_widget_activate_action (GTK_WIDGET (filter), "record-filter.clear", NULL);
}

static void
add_older (World *world)
{
  LksRecordFields fields = make_fields ("STOPPED", DEVICE, NOON_US - 30 * G_TIME_SPAN_DAY);

  fields.recipe_name = "heater";
  fields.recipe_hash = "1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  add_fields (world, &fields);
}

/* The ledger is asked: what is too old to be listed is found by its verdict, recipe and day. */
static void
test_filter_older (World *world, gconstpointer unused)
{
  g_autoptr (GDateTime) noon = g_date_time_new_from_unix_local (NOON_US / G_USEC_PER_SEC);
  g_autoptr (GDateTime) older = g_date_time_add_days (noon, -30);
  g_autofree char *day = g_date_time_format (older, "%F");
  g_autofree char *day_after = NULL;
  g_autoptr (GDateTime) after = g_date_time_add_days (older, 1);
  const guint n_listed = 2000;
  GtkMenuButton *button;

  day_after = g_date_time_format (after, "%F");
  add_older (world);
  for (guint i = 0; i < n_listed; i++)
    add_run (world, i % 2 == 0 ? "FAIL" : "PASS", DEVICE, NOON_US + i);
  while (g_main_context_iteration (NULL, FALSE)) /* that they were added was told to nobody */
    ;
  begin (world, "6f1c8c2a-0000-4000-8000-000000000005", NOON_US + n_listed, "wifi");
  lks_records_page_set_ledger (world->page, world->ledger);
  gtk_window_present (world->window);
  WAIT_UNTIL (count (world) == n_listed + 1);

  g_object_set (get_filter_child (world, "verdict"), "selected", 3, NULL);
  WAIT_UNTIL (count (world) == 1);
  WAIT_UNTIL (says (GTK_WIDGET (world->page), "heater"));
  g_object_set (get_filter_child (world, "verdict"), "selected", 1, NULL);
  WAIT_UNTIL (count (world) == n_listed / 2);
  set_filter (world, "recipe", " heater ");
  WAIT_UNTIL (count (world) == 0);
  g_object_set (get_filter_child (world, "verdict"), "selected", 0, NULL);
  WAIT_UNTIL (count (world) == 1);

  clear_filter (world);
  WAIT_UNTIL (count (world) == n_listed + 1);
  set_filter (world, "until", day);
  WAIT_UNTIL (count (world) == 1);
  set_filter (world, "since", day);
  WAIT_UNTIL (count (world) == 1);
  set_filter (world, "since", day_after);
  WAIT_UNTIL (count (world) == 0);
  set_filter (world, "until", "2026-1");
  WAIT_UNTIL (count (world) == n_listed + 1); /* no day: the session is within, too */
  g_assert_true (
      gtk_widget_has_css_class (GTK_WIDGET (get_filter_child (world, "until")), "error"));

  button = GTK_MENU_BUTTON (get_filter_child (world, "button"));
  gtk_menu_button_popup (button);
  WAIT_UNTIL (gtk_widget_get_mapped (GTK_WIDGET (gtk_menu_button_get_popover (button))));
  take_picture (world->window, "records");
  take_picture (gtk_menu_button_get_popover (button), "filter");
  gtk_menu_button_popdown (button);
}

/* What comes in while a filter is set is listed if it is wanted; a search stays within the filter.
 */
static void
test_filter_added (World *world, gconstpointer unused)
{
  g_autofree char *other = g_strnfill (128, '5');

  add_older (world);
  lks_records_page_set_ledger (world->page, world->ledger);
  gtk_window_present (world->window);
  WAIT_UNTIL (count (world) == 1);
  g_object_set (get_filter_child (world, "verdict"), "selected", 1, NULL);
  WAIT_UNTIL (count (world) == 0);
  g_assert_false (says (GTK_WIDGET (world->page), "No Records Yet"));

  add_run (world, "FAIL", other, NOON_US);
  add_run (world, "PASS", other, NOON_US + 1);
  WAIT_UNTIL (count (world) == 1);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (count (world), ==, 1);
  search (world, "c0ffee");
  WAIT_UNTIL (count (world) == 0);
  clear_filter (world);
  WAIT_UNTIL (count (world) == 1);
}

/* A station that works for months: what is listed is bounded, and has no evidence with it. */
static void
test_bounded (World *world, gconstpointer unused)
{
  const guint n_listed = 2000;
  GListModel *listed;

  for (guint i = 0; i < n_listed; i++)
    add_run (world, "FAIL", DEVICE, NOON_US + i);
  while (g_main_context_iteration (NULL, FALSE)) /* that they were added was told to nobody */
    ;
  lks_records_page_set_ledger (world->page, world->ledger);
  gtk_window_present (world->window);
  WAIT_UNTIL (count (world) == n_listed);

  for (guint i = 0; i < 30; i++)
    add_run (world, "PASS", DEVICE, NOON_US + n_listed + i);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  listed = G_LIST_MODEL (get_selection (world));
  g_assert_cmpuint (count (world), ==, n_listed);
  for (guint i = 0; i < n_listed; i++)
    {
      g_autoptr (LksRecord) record = g_list_model_get_item (listed, i);
      const LksRecordFields *fields = lks_record_get_fields (record);

      g_assert_cmpint (fields->started_us, ==, NOON_US + n_listed + 29 - i);
      g_assert_null (fields->document);
      g_assert_null (fields->recipe_text);
    }

  search (world, "ffee"); /* those that had to go are found */
  WAIT_UNTIL (count (world) == n_listed + 30);
}

static void
test_words (void)
{
  static const struct
  {
    const char *method, *path, *words;
  } cases[] = {
    { "POST", "/wifi/config/networks", "Wi-Fi network added" },
    { "DELETE", "/wifi/config/networks/3", "Wi-Fi network 3 forgotten" },
    { "DELETE", "/wifi/config/networks/", "DELETE /wifi/config/networks/" },
    { "POST", "/certstore/certs/root-1", "Certificate root-1 added" },
    { "POST", "/restart", "Board restarted" },
    { "POST", "/restart/now", "POST /restart/now" },
    { "DELETE", "/net/proxy", "Proxy removed" },
    { "PATCH", "/something/else", "PATCH /something/else" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = lks_service_change_to_words (cases[i].method, cases[i].path);

      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pictures = argc > 1 ? argv[1] : NULL;
  adw_init ();
  g_test_add ("/records-page/session-grows", World, NULL, set_up, test_session_grows, tear_down);
  g_test_add ("/records-page/kinds-and-order", World, NULL, set_up, test_kinds_and_order,
              tear_down);
  g_test_add ("/records-page/verify/good", World, NULL, set_up, test_verify_good, tear_down);
  g_test_add ("/records-page/verify/bad", World, NULL, set_up, test_verify_bad, tear_down);
  g_test_add ("/records-page/verify/cut", World, NULL, set_up, test_verify_cut, tear_down);
  g_test_add ("/records-page/verify/other-key", World, NULL, set_up, test_verify_other_key,
              tear_down);
  g_test_add ("/records-page/verify/closed", World, NULL, set_up, test_verify_closed, tear_down);
  g_test_add ("/records-page/statistics", World, NULL, set_up, test_statistics, tear_down);
  g_test_add ("/records-page/units", World, NULL, set_up, test_units, tear_down);
  g_test_add ("/records-page/no-units", World, NULL, set_up, test_no_units, tear_down);
  g_test_add ("/records-page/search-older", World, NULL, set_up, test_search_older, tear_down);
  g_test_add ("/records-page/filter/older", World, NULL, set_up, test_filter_older, tear_down);
  g_test_add ("/records-page/filter/added", World, NULL, set_up, test_filter_added, tear_down);
  g_test_add ("/records-page/bounded", World, NULL, set_up, test_bounded, tear_down);
  g_test_add_func ("/records-page/words", test_words);
  return g_test_run ();
}
