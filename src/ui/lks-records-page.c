/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-records-page.h"

#include "lks-error-text.h"
#include "lks-message-page.h"
#include "lks-record-detail.h"
#include "lks-record-row.h"
#include "lks-record-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* So many of the newest records are listed; older ones are in an export. */
#define RECORDS_MAX 2000

struct _LksRecordsPage
{
  AdwBin parent_instance;

  GtkStack *stack;               /* template child */
  LksMessagePage *problem_page;  /* template child */
  AdwLeaflet *leaflet;           /* template child */
  GtkSearchEntry *search_entry;  /* template child */
  GtkSingleSelection *selection; /* template child */
  GtkCustomFilter *filter;       /* (unowned) of the filter model */
  LksRecordDetail *detail;       /* template child */

  LksLedger *ledger;             /* (owned) (nullable) */
  GListStore *records;           /* (owned) of LksRecord, newest first */
  char *wanted;                  /* (owned) (nullable) folded search text */
  gboolean is_loaded;            /* or being loaded */
  GCancellable *cancellable;     /* (owned) */
  GtkFileChooserNative *chooser; /* (owned) (nullable) while it is open */
};

G_DEFINE_FINAL_TYPE (LksRecordsPage, lks_records_page, ADW_TYPE_BIN)

typedef enum
{
  PROP_CAN_GO_BACK = 1,
} LksRecordsPageProperty;

static GParamSpec *properties[PROP_CAN_GO_BACK + 1];

static gboolean
matches_cb (gpointer item, gpointer user_data)
{
  LksRecordsPage *self = user_data;
  g_autofree char *text = NULL;
  g_autofree char *folded = NULL;

  if (self->wanted == NULL || *self->wanted == '\0')
    return TRUE;

  text = lks_record_to_search_text (item);
  folded = g_utf8_casefold (text, -1);
  return strstr (folded, self->wanted) != NULL;
}

static void
search_changed_cb (LksRecordsPage *self)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));

  g_free (self->wanted);
  self->wanted = g_utf8_casefold (g_strstrip (text), -1);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
selected_cb (LksRecordsPage *self)
{
  if (self->ledger != NULL)
    lks_record_detail_show (self->detail, self->ledger,
                            gtk_single_selection_get_selected_item (self->selection));
}

static void
show_page (LksRecordsPage *self)
{
  gboolean is_empty = g_list_model_get_n_items (G_LIST_MODEL (self->records)) == 0;

  gtk_stack_set_visible_child_name (self->stack, is_empty ? "empty" : "records");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "records.export-csv", !is_empty);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "records.export-json", !is_empty);
}

static void
show_problem (LksRecordsPage *self, const GError *error)
{
  g_autofree char *sentence = lks_error_to_sentence (error);
  g_autofree char *advice = lks_error_to_advice (error);
  /* Translators: what is wrong, what to do, and the English details */
  g_autofree char *text = g_strdup_printf (_ ("%s %s\n\n%s"), sentence, advice, error->message);

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
  show_page (self);
  selected_cb (self);
}

/* Reading waits until somebody looks: the start of the window does not need it. */
static void
ensure_loaded (LksRecordsPage *self)
{
  LksLedgerQuery query = { .limit = RECORDS_MAX };

  if (self->ledger == NULL || self->is_loaded || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  self->is_loaded = TRUE;
  lks_ledger_list_async (self->ledger, &query, self->cancellable, listed_cb, self);
}

static void
added_cb (LksRecordsPage *self, LksRecord *record)
{
  if (!self->is_loaded)
    return;

  g_list_store_insert (self->records, 0, record);
  show_page (self);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  LksRecordsPage *self = user_data;

  if (lks_ledger_export_finish (LKS_LEDGER (source), result, &error))
    text = g_strdup (_ ("The records were exported."));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  else
    text = lks_error_to_sentence (error);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-toast", "s", text);
}

static void
export_to (LksRecordsPage *self, int response, LksExportFormat format)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = NULL;
  LksLedgerQuery query = { 0 };

  if (response != GTK_RESPONSE_ACCEPT)
    return;

  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  lks_ledger_export_async (self->ledger, &query, format, file, self->cancellable, exported_cb,
                           self);
}

static void
chosen_for_csv_cb (LksRecordsPage *self, int response)
{
  export_to (self, response, LKS_EXPORT_FORMAT_CSV);
}

static void
chosen_for_json_cb (LksRecordsPage *self, int response)
{
  export_to (self, response, LKS_EXPORT_FORMAT_JSON);
}

static void
export_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksRecordsPage *self = LKS_RECORDS_PAGE (widget);
  gboolean is_csv = g_str_equal (action_name, "records.export-csv");
  GtkRoot *root = gtk_widget_get_root (widget);

  if (self->chooser != NULL)
    return;

  self->chooser = gtk_file_chooser_native_new (_ ("Export Records"), GTK_WINDOW (root),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser),
                                     is_csv ? "locksmith-records.csv" : "locksmith-records.json");
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response",
                           is_csv ? G_CALLBACK (chosen_for_csv_cb)
                                  : G_CALLBACK (chosen_for_json_cb),
                           self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
leaflet_changed_cb (LksRecordsPage *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_GO_BACK]);
}

static void
row_activated_cb (LksRecordsPage *self)
{
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
}

static void
lks_records_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lks_records_page_parent_class)->map (widget);
  ensure_loaded (LKS_RECORDS_PAGE (widget));
}

static void
lks_records_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksRecordsPage *self = LKS_RECORDS_PAGE (object);

  switch ((LksRecordsPageProperty) prop_id)
    {
    case PROP_CAN_GO_BACK:
      g_value_set_boolean (value, adw_leaflet_get_folded (self->leaflet) &&
                                      g_strcmp0 (adw_leaflet_get_visible_child_name (self->leaflet),
                                                 "content") == 0);
      break;
    }
}

static void
lks_records_page_dispose (GObject *object)
{
  LksRecordsPage *self = LKS_RECORDS_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  adw_bin_set_child (ADW_BIN (self), NULL); /* the template would unparent it behind its back */
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_RECORDS_PAGE);
  g_clear_object (&self->ledger);
  g_clear_object (&self->records);
  G_OBJECT_CLASS (lks_records_page_parent_class)->dispose (object);
}

static void
lks_records_page_finalize (GObject *object)
{
  LksRecordsPage *self = LKS_RECORDS_PAGE (object);

  g_clear_object (&self->cancellable);
  g_free (self->wanted);
  G_OBJECT_CLASS (lks_records_page_parent_class)->finalize (object);
}

static void
lks_records_page_class_init (LksRecordsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lks_records_page_get_property;
  object_class->dispose = lks_records_page_dispose;
  object_class->finalize = lks_records_page_finalize;
  widget_class->map = lks_records_page_map;

  properties[PROP_CAN_GO_BACK] =
      g_param_spec_boolean ("can-go-back", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (LKS_TYPE_MESSAGE_PAGE);
  g_type_ensure (LKS_TYPE_RECORD_DETAIL);
  g_type_ensure (LKS_TYPE_RECORD_ROW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-records-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LksRecordsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LksRecordsPage, problem_page);
  gtk_widget_class_bind_template_child (widget_class, LksRecordsPage, leaflet);
  gtk_widget_class_bind_template_child (widget_class, LksRecordsPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, LksRecordsPage, selection);
  gtk_widget_class_bind_template_child (widget_class, LksRecordsPage, detail);
  gtk_widget_class_bind_template_callback (widget_class, leaflet_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);

  gtk_widget_class_install_action (widget_class, "records.export-csv", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "records.export-json", NULL, export_action);
}

static void
lks_records_page_init (LksRecordsPage *self)
{
  g_autoptr (GtkFilterListModel) filtered = NULL;

  self->cancellable = g_cancellable_new ();
  self->records = g_list_store_new (LKS_TYPE_RECORD);
  gtk_widget_init_template (GTK_WIDGET (self));

  self->filter = gtk_custom_filter_new (matches_cb, self, NULL);
  filtered = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->records)),
                                        GTK_FILTER (self->filter));
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (filtered));
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
 * lks_records_page_go_back:
 * @self: a page
 *
 * Goes from the record back to the list in a narrow window.
 */
void
lks_records_page_go_back (LksRecordsPage *self)
{
  g_return_if_fail (LKS_IS_RECORDS_PAGE (self));

  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
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
