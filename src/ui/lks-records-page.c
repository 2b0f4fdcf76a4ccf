/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-records-page.h"

#include "lks-claim-bar.h"
#include "lks-error-text.h"
#include "lks-file-saver.h"
#include "lks-message-page.h"
#include "lks-older-records.h"
#include "lks-record-detail.h"
#include "lks-record-filter.h"
#include "lks-record-row.h"
#include "lks-record-text.h"
#include "lks-search-text.h"
#include "lks-service-detail.h"
#include "lks-service-text.h"
#include "lks-stats-dialog.h"
#include "lks-units-dialog.h"
#include "lks-verify-dialog.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* So many of the newest records that the filter lets through are listed; older ones are searched
 * for, or in an export. */
#define RECORDS_MAX 2000

/* What each way of exporting is. */
typedef struct
{
  const char *action;
  const char *file_name;
  LksExportFormat format;
  gboolean is_service;
} Export;

static const Export exports[] = {
  { "records.export-csv", "locksmith-records.csv", LKS_EXPORT_FORMAT_CSV, FALSE },
  { "records.export-json", "locksmith-records.json", LKS_EXPORT_FORMAT_JSON, FALSE },
  { "records.export-service-csv", "locksmith-servicing.csv", LKS_EXPORT_FORMAT_CSV, TRUE },
  { "records.export-service-json", "locksmith-servicing.json", LKS_EXPORT_FORMAT_JSON, TRUE },
};

struct _LksRecordsPage
{
  LksListPage parent_instance;

  GtkStack *stack;                /* template child */
  LksMessagePage *problem_page;   /* template child */
  AdwLeaflet *leaflet;            /* template child */
  GtkSearchEntry *search_entry;   /* template child */
  GtkSingleSelection *selection;  /* template child */
  GtkCustomFilter *filter;        /* (unowned) of the filter model */
  GtkDropDown *kind;              /* template child */
  LksRecordFilter *record_filter; /* template child */
  GtkStack *details;              /* template child */
  LksRecordDetail *detail;        /* template child */
  LksServiceDetail *service;      /* template child */

  LksLedger *ledger;             /* (owned) (nullable) */
  GListStore *records;           /* (owned) of LksRecord, newest first */
  LksOlderRecords *older;        /* (owned) what a search finds beyond @records */
  GListStore *sessions;          /* (owned) of LksServiceRecord, newest first */
  char *wanted;                  /* (owned) (nullable) folded search text */
  gboolean is_loaded;            /* or being loaded */
  GCancellable *listing;         /* (owned): of the lists that are being read */
  GCancellable *cancellable;     /* (owned) */
  GtkFileChooserNative *chooser; /* (owned) (nullable) while it is open */
  const Export *chosen_export;   /* (unowned): what @chooser is for */
};

G_DEFINE_FINAL_TYPE (LksRecordsPage, lks_records_page, LKS_TYPE_LIST_PAGE)

/* In the order of the drop-down list. */
typedef enum
{
  KIND_ALL,
  KIND_FINALIZATION,
  KIND_SERVICING,
} Kind;

static gboolean
is_of_kind (gpointer item, Kind kind)
{
  switch (kind)
    {
    case KIND_ALL:
      return TRUE;
    case KIND_FINALIZATION:
      return LKS_IS_RECORD (item);
    case KIND_SERVICING:
      return LKS_IS_SERVICE_RECORD (item);
    }
  return TRUE;
}

/* A session has no verdict and no recipe. */
static gboolean
filters_runs (LksRecordsPage *self)
{
  const LksLedgerQuery *query = lks_record_filter_get_query (self->record_filter);

  return query->verdict != NULL || query->recipe != NULL;
}

static gboolean
matches_cb (gpointer item, gpointer user_data)
{
  LksRecordsPage *self = user_data;

  if (!is_of_kind (item, (Kind) gtk_drop_down_get_selected (self->kind)))
    return FALSE;
  if (LKS_IS_SERVICE_RECORD (item) && filters_runs (self))
    return FALSE;
  if (self->wanted == NULL || *self->wanted == '\0')
    return TRUE;

  return strstr (lks_search_text_get (item), self->wanted) != NULL;
}

/* Without a search, or when everything is listed, there is nothing older to look for. */
static void
search_older (LksRecordsPage *self)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
  GListModel *records = G_LIST_MODEL (self->records);
  const gboolean has_older = g_list_model_get_n_items (records) >= RECORDS_MAX;

  if (self->ledger != NULL)
    lks_older_records_search (self->older, self->ledger, has_older ? g_strstrip (text) : "",
                              lks_record_filter_get_query (self->record_filter), records);
}

static void
search_changed_cb (LksRecordsPage *self)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));

  g_free (self->wanted);
  self->wanted = g_utf8_casefold (g_strstrip (text), -1);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  search_older (self);
}

static void
kind_changed_cb (LksRecordsPage *self)
{
  if (self->filter != NULL)
    gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
selected_cb (LksRecordsPage *self)
{
  gpointer selected = gtk_single_selection_get_selected_item (self->selection);

  if (self->ledger == NULL)
    return;

  if (LKS_IS_SERVICE_RECORD (selected))
    lks_service_detail_show (self->service, self->ledger, selected);
  else
    lks_record_detail_show (self->detail, self->ledger, selected);
  gtk_stack_set_visible_child (self->details, LKS_IS_SERVICE_RECORD (selected)
                                                  ? GTK_WIDGET (self->service)
                                                  : GTK_WIDGET (self->detail));
}

static gint64
get_start (gpointer item)
{
  return LKS_IS_RECORD (item) ? lks_record_get_fields (item)->started_us
                              : lks_service_record_get_fields (item)->started_us;
}

/* The newest first. */
static int
compare_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  gint64 start_a = get_start ((gpointer) a);
  gint64 start_b = get_start ((gpointer) b);

  return (start_a < start_b) - (start_a > start_b);
}

static void
show_page (LksRecordsPage *self)
{
  gboolean has_records = g_list_model_get_n_items (G_LIST_MODEL (self->records)) > 0;
  gboolean has_sessions = g_list_model_get_n_items (G_LIST_MODEL (self->sessions)) > 0;
  gboolean is_filtered = lks_record_filter_is_active (self->record_filter);
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_stack_set_visible_child_name (self->stack, has_records || has_sessions || is_filtered
                                                     ? "records"
                                                     : "empty");
  gtk_widget_action_set_enabled (widget, "records.export-csv", has_records);
  gtk_widget_action_set_enabled (widget, "records.export-json", has_records);
  gtk_widget_action_set_enabled (widget, "records.export-service-csv", has_sessions);
  gtk_widget_action_set_enabled (widget, "records.export-service-json", has_sessions);
}

static void
show_problem (LksRecordsPage *self, const GError *error)
{
  g_autofree char *text = lks_error_to_text (error);

  lks_message_page_set_description (self->problem_page, text);
  gtk_stack_set_visible_child_name (self->stack, "problem");
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = lks_ledger_list_finish (LKS_LEDGER (source), result, &error);
  LksRecordsPage *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (records == NULL)
    {
      show_problem (self, error);
      return;
    }

  g_list_store_splice (self->records, 0, g_list_model_get_n_items (G_LIST_MODEL (self->records)),
                       records->pdata, records->len);
  search_older (self);
  show_page (self);
  selected_cb (self);
}

static void
select_item (LksRecordsPage *self, gpointer wanted)
{
  GListModel *model = G_LIST_MODEL (self->selection);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (model, i);

      if (item == wanted)
        {
          gtk_single_selection_set_selected (self->selection, i);
          return;
        }
    }
}

static void
sessions_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) sessions =
      lks_ledger_service_list_finish (LKS_LEDGER (source), result, &error);
  LksRecordsPage *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (sessions == NULL)
    {
      show_problem (self, error);
      return;
    }

  g_list_store_splice (self->sessions, 0, g_list_model_get_n_items (G_LIST_MODEL (self->sessions)),
                       sessions->pdata, sessions->len);
  show_page (self);
  selected_cb (self);
}

static void
list_sessions (LksRecordsPage *self)
{
  const LksLedgerQuery *filter = lks_record_filter_get_query (self->record_filter);
  const LksLedgerQuery query = {
    .since_us = filter->since_us,
    .until_us = filter->until_us,
    .limit = RECORDS_MAX,
  };

  lks_ledger_service_list_async (self->ledger, &query, self->listing, sessions_listed_cb, self);
}

/* Reads what the filter lets through; what was being read is not wanted any more. */
static void
list_all (LksRecordsPage *self)
{
  LksLedgerQuery query = *lks_record_filter_get_query (self->record_filter);

  query.limit = RECORDS_MAX;
  g_cancellable_cancel (self->listing);
  g_object_unref (self->listing);
  self->listing = g_cancellable_new ();
  lks_ledger_list_async (self->ledger, &query, self->listing, listed_cb, self);
  list_sessions (self);
}

/* Reading waits until somebody looks: the start of the window does not need it. */
static void
ensure_loaded (LksRecordsPage *self)
{
  if (self->ledger == NULL || self->is_loaded || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  self->is_loaded = TRUE;
  list_all (self);
}

static void
filter_changed_cb (LksRecordsPage *self)
{
  if (self->is_loaded)
    list_all (self);
}

/* What is too old to be listed goes: a station that works for months does not grow. */
static void
trim (GListStore *store)
{
  const guint n_items = g_list_model_get_n_items (G_LIST_MODEL (store));

  if (n_items > RECORDS_MAX)
    g_list_store_splice (store, RECORDS_MAX, n_items - RECORDS_MAX, NULL, 0);
}

static gboolean
find_session (LksRecordsPage *self, const char *id, guint *out_position)
{
  GListModel *model = G_LIST_MODEL (self->sessions);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (LksServiceRecord) record = g_list_model_get_item (model, i);

      if (g_str_equal (lks_service_record_get_id (record), id))
        {
          *out_position = i;
          return TRUE;
        }
    }
  return FALSE;
}

/* One session of the list is read anew: it is usually the newest, and the others stay. */
static void
session_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksServiceRecord) record =
      lks_ledger_service_get_finish (LKS_LEDGER (source), result, &error);
  LksRecordsPage *self = user_data;
  gpointer selected;
  gboolean was_selected;
  guint position;

  if (record == NULL)
    return; /* the page is gone; or it is shown when it is listed next time */

  selected = gtk_single_selection_get_selected_item (self->selection);
  was_selected =
      LKS_IS_SERVICE_RECORD (selected) &&
      g_str_equal (lks_service_record_get_id (selected), lks_service_record_get_id (record));
  if (find_session (self, lks_service_record_get_id (record), &position))
    g_list_store_splice (self->sessions, position, 1, (gpointer *) &record, 1);
  else
    g_list_store_insert (self->sessions, 0, record);
  trim (self->sessions);
  if (was_selected)
    select_item (self, record);
  show_page (self);
}

static void
service_changed_cb (LksRecordsPage *self, const char *session_id)
{
  if (self->is_loaded)
    lks_ledger_service_get_async (self->ledger, session_id, self->cancellable, session_read_cb,
                                  self);
}

static void
added_cb (LksRecordsPage *self, LksRecord *record)
{
  /* What was added while the ledger was listed may be in the list already. */
  if (!self->is_loaded ||
      !lks_ledger_query_wants (lks_record_filter_get_query (self->record_filter),
                               lks_record_get_fields (record)) ||
      lks_record_is_listed (record, G_LIST_MODEL (self->records)))
    return;

  g_list_store_insert_sorted (self->records, record, compare_cb, NULL);
  trim (self->records);
  show_page (self);
}

static void
tell_exported (LksRecordsPage *self, const GError *error)
{
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (error != NULL)
    text = lks_error_to_sentence (error);
  else if (lks_record_filter_is_active (self->record_filter))
    text = g_strdup (_ ("The records that the filter lets through were exported."));
  else
    text = g_strdup (_ ("The records were exported."));
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-toast", "s", text);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  lks_ledger_export_finish (LKS_LEDGER (source), result, &error);
  tell_exported (user_data, error);
}

static void
service_exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  lks_ledger_service_export_finish (LKS_LEDGER (source), result, &error);
  tell_exported (user_data, error);
}

static void
chosen_cb (LksRecordsPage *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = NULL;
  LksLedgerQuery query = *lks_record_filter_get_query (self->record_filter);

  if (response != GTK_RESPONSE_ACCEPT)
    return;

  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (self->chosen_export->is_service)
    query.verdict = query.recipe = NULL; /* which sessions do not have */
  if (self->chosen_export->is_service)
    lks_ledger_service_export_async (self->ledger, &query, self->chosen_export->format, file,
                                     self->cancellable, service_exported_cb, self);
  else
    lks_ledger_export_async (self->ledger, &query, self->chosen_export->format, file,
                             self->cancellable, exported_cb, self);
}

static void
export_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksRecordsPage *self = LKS_RECORDS_PAGE (widget);

  if (self->chooser != NULL)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (exports); i++)
    if (g_str_equal (action_name, exports[i].action))
      self->chosen_export = &exports[i];

  self->chooser =
      lks_file_saver_open (widget, _ ("Export Records"), self->chosen_export->file_name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
verify_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksRecordsPage *self = LKS_RECORDS_PAGE (widget);
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (widget));

  if (self->ledger != NULL)
    gtk_window_present (GTK_WINDOW (lks_verify_dialog_new (parent, self->ledger)));
}

static void
statistics_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksRecordsPage *self = LKS_RECORDS_PAGE (widget);
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (widget));

  if (self->ledger != NULL)
    gtk_window_present (GTK_WINDOW (lks_stats_dialog_new (parent, self->ledger)));
}

static void
units_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksRecordsPage *self = LKS_RECORDS_PAGE (widget);
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (widget));

  if (self->ledger != NULL)
    gtk_window_present (GTK_WINDOW (lks_units_dialog_new (parent, self->ledger)));
}

static void
row_activated_cb (LksRecordsPage *self)
{
  lks_list_page_go_forward (LKS_LIST_PAGE (self));
}

static void
lks_records_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lks_records_page_parent_class)->map (widget);
  ensure_loaded (LKS_RECORDS_PAGE (widget));
}

static void
lks_records_page_dispose (GObject *object)
{
  LksRecordsPage *self = LKS_RECORDS_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->listing);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  adw_bin_set_child (ADW_BIN (self), NULL); /* the template would unparent it behind its back */
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_RECORDS_PAGE);
  g_clear_object (&self->ledger);
  g_clear_object (&self->records);
  g_clear_object (&self->older);
  g_clear_object (&self->sessions);
  G_OBJECT_CLASS (lks_records_page_parent_class)->dispose (object);
}

static void
lks_records_page_finalize (GObject *object)
{
  LksRecordsPage *self = LKS_RECORDS_PAGE (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->listing);
  g_free (self->wanted);
  G_OBJECT_CLASS (lks_records_page_parent_class)->finalize (object);
}

static void
lks_records_page_class_init (LksRecordsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lks_records_page_dispose;
  object_class->finalize = lks_records_page_finalize;
  widget_class->map = lks_records_page_map;

  g_type_ensure (LKS_TYPE_CLAIM_BAR);
  g_type_ensure (LKS_TYPE_MESSAGE_PAGE);
  g_type_ensure (LKS_TYPE_RECORD_DETAIL);
  g_type_ensure (LKS_TYPE_RECORD_FILTER);
  g_type_ensure (LKS_TYPE_RECORD_ROW);
  g_type_ensure (LKS_TYPE_SERVICE_DETAIL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-records-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LksRecordsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LksRecordsPage, problem_page);
  gtk_widget_class_bind_template_child (widget_class, LksRecordsPage, leaflet);
  gtk_widget_class_bind_template_child (widget_class, LksRecordsPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, LksRecordsPage, selection);
  gtk_widget_class_bind_template_child (widget_class, LksRecordsPage, kind);
  gtk_widget_class_bind_template_child (widget_class, LksRecordsPage, record_filter);
  gtk_widget_class_bind_template_child (widget_class, LksRecordsPage, details);
  gtk_widget_class_bind_template_child (widget_class, LksRecordsPage, detail);
  gtk_widget_class_bind_template_child (widget_class, LksRecordsPage, service);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, kind_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);

  for (guint i = 0; i < G_N_ELEMENTS (exports); i++)
    gtk_widget_class_install_action (widget_class, exports[i].action, NULL, export_action);
  gtk_widget_class_install_action (widget_class, "records.statistics", NULL, statistics_action);
  gtk_widget_class_install_action (widget_class, "records.units", NULL, units_action);
  gtk_widget_class_install_action (widget_class, "records.verify", NULL, verify_action);
}

static void
lks_records_page_init (LksRecordsPage *self)
{
  GListStore *all = g_list_store_new (G_TYPE_LIST_MODEL);
  GtkFilterListModel *filtered;
  g_autoptr (GtkSortListModel) sorted = NULL;

  self->cancellable = g_cancellable_new ();
  self->listing = g_cancellable_new ();
  self->records = g_list_store_new (LKS_TYPE_RECORD);
  self->older = lks_older_records_new ();
  self->sessions = g_list_store_new (LKS_TYPE_SERVICE_RECORD);
  gtk_widget_init_template (GTK_WIDGET (self));
  lks_list_page_set_leaflet (LKS_LIST_PAGE (self), self->leaflet);

  g_list_store_append (all, self->records);
  g_list_store_append (all, lks_older_records_get_found (self->older));
  g_list_store_append (all, self->sessions);
  self->filter = gtk_custom_filter_new (matches_cb, self, NULL);
  filtered =
      gtk_filter_list_model_new (G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (all))),
                                 GTK_FILTER (self->filter));
  sorted = gtk_sort_list_model_new (G_LIST_MODEL (filtered),
                                    GTK_SORTER (gtk_custom_sorter_new (compare_cb, NULL, NULL)));
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (sorted));
  show_page (self);
}

/**
 * lks_records_page_set_ledger:
 * @self: a page without a ledger
 * @ledger: where the records are kept
 *
 * Gives the page its records. They are read when the page is first shown.
 */
void
lks_records_page_set_ledger (LksRecordsPage *self, LksLedger *ledger)
{
  g_return_if_fail (LKS_IS_RECORDS_PAGE (self));
  g_return_if_fail (self->ledger == NULL);

  self->ledger = g_object_ref (ledger);
  g_signal_connect_object (ledger, "added", G_CALLBACK (added_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (ledger, "service-changed", G_CALLBACK (service_changed_cb), self,
                           G_CONNECT_SWAPPED);
  ensure_loaded (self);
}

/**
 * lks_records_page_set_problem:
 * @self: a page
 * @error: why there are no records
 *
 * Says in the place of the records why there are none.
 */
void
lks_records_page_set_problem (LksRecordsPage *self, const GError *error)
{
  g_return_if_fail (LKS_IS_RECORDS_PAGE (self));

  show_problem (self, error);
}

/**
 * lks_records_page_show_search:
 * @self: a page
 *
 * Puts the focus into the search entry.
 */
void
lks_records_page_show_search (LksRecordsPage *self)
{
  g_return_if_fail (LKS_IS_RECORDS_PAGE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}
