/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-units-dialog.h"

#include "lks-error-text.h"
#include "lks-file-saver.h"
#include "lks-message-page.h"
#include "lks-unit-words.h"
#include "lks-value-item.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* So many of those that were proven last are listed; a file has all. */
#define UNITS_MAX 2000

struct _LksUnitsDialog
{
  AdwWindow parent_instance;

  GtkStack *stack;              /* template child */
  AdwToastOverlay *toasts;      /* template child */
  LksMessagePage *problem_page; /* template child */
  GtkSearchEntry *search_entry; /* template child */
  GtkLabel *count;              /* template child */
  GtkNoSelection *selection;    /* template child */

  GListStore *units;         /* (owned) of LksValueItem with a LksUnit */
  GtkCustomFilter *filter;   /* (unowned) of the filter model */
  char *wanted;              /* (owned) (nullable): folded search text */
  LksLedger *ledger;         /* (owned) */
  GCancellable *cancellable; /* (owned) */
};

G_DEFINE_FINAL_TYPE (LksUnitsDialog, lks_units_dialog, ADW_TYPE_WINDOW)

static gboolean
matches_cb (gpointer item, gpointer user_data)
{
  LksUnitsDialog *self = user_data;
  g_autofree char *text = NULL;
  g_autofree char *folded = NULL;

  if (self->wanted == NULL || *self->wanted == '\0')
    return TRUE;

  text = lks_unit_to_search_text (lks_value_item_get_value (item));
  folded = g_utf8_casefold (text, -1);
  return strstr (folded, self->wanted) != NULL;
}

static void
show_count (LksUnitsDialog *self)
{
  const guint n_found = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  const guint n_listed = g_list_model_get_n_items (G_LIST_MODEL (self->units));
  g_autofree char *text = NULL;

  if (n_listed >= UNITS_MAX)
    text = g_strdup_printf (_ ("%u of the %u boards that were proven last; a file that is saved "
                               "has all"),
                            n_found, n_listed);
  else
    text = g_strdup_printf (ngettext ("%u board", "%u boards", n_found), n_found);
  gtk_label_set_label (self->count, text);
}

static void
search_changed_cb (LksUnitsDialog *self)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));

  g_free (self->wanted);
  self->wanted = g_utf8_casefold (g_strstrip (text), -1);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  show_count (self);
}

/* ---- rows ---- */

static GtkWidget *
create_label (const char *css_class, gboolean is_dim)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, css_class);
  if (is_dim)
    gtk_widget_add_css_class (label, "dim-label");
  return label;
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  gtk_box_append (GTK_BOX (box), create_label ("heading", FALSE));
  gtk_box_append (GTK_BOX (box), create_label ("caption", FALSE));
  gtk_box_append (GTK_BOX (box), create_label ("caption", TRUE));
  gtk_list_item_set_child (item, box);
  gtk_list_item_set_activatable (item, FALSE);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  const LksUnit *unit = lks_value_item_get_value (gtk_list_item_get_item (item));
  GtkWidget *title = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *state = gtk_widget_get_next_sibling (title);
  GtkWidget *proof = gtk_widget_get_next_sibling (state);
  g_autofree char *title_text = lks_unit_to_title (unit);
  g_autofree char *state_text = lks_unit_to_state (unit);
  g_autofree char *proof_text = lks_unit_to_proof (unit);

  gtk_label_set_label (GTK_LABEL (title), title_text);
  gtk_widget_set_tooltip_text (title, unit->device_id);
  gtk_label_set_label (GTK_LABEL (state), state_text);
  gtk_label_set_label (GTK_LABEL (proof), proof_text);
}

/* ---- what there is ---- */

static void
show_units (LksUnitsDialog *self, GPtrArray *units)
{
  g_ptr_array_set_free_func (units, NULL); /* the items have them */
  for (guint i = 0; i < units->len; i++)
    lks_value_item_append (self->units, units->pdata[i], (GDestroyNotify) lks_unit_free);
  gtk_stack_set_visible_child_name (self->stack, units->len > 0 ? "units" : "empty");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "units.save-csv", units->len > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "units.save-json", units->len > 0);
  show_count (self);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) units = lks_ledger_list_units_finish (LKS_LEDGER (source), result, &error);
  LksUnitsDialog *self = user_data;
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* closed */
  if (units != NULL)
    {
      show_units (self, units);
      return;
    }

  text = lks_error_to_text (error);
  lks_message_page_set_description (self->problem_page, text);
  gtk_stack_set_visible_child_name (self->stack, "problem");
}

/* ---- in a file ---- */

typedef struct
{
  LksLedger *ledger; /* (owned) */
  LksExportFormat format;
} Save;

static void
save_free (gpointer data)
{
  Save *self = data;

  g_object_unref (self->ledger);
  g_free (self);
}

static gboolean
save_units (GFile *file, gpointer data, GError **error)
{
  Save *self = data;

  return lks_ledger_save_units (self->ledger, self->format, file, error);
}

static void
saved_cb (GtkWidget *owner, GFile *file, const GError *error)
{
  LksUnitsDialog *self = LKS_UNITS_DIALOG (owner);
  g_autofree char *text =
      error == NULL ? g_strdup (_ ("The boards were saved.")) : lks_error_to_sentence (error);
  g_autofree char *escaped = g_markup_escape_text (text, -1); /* a toast's title is markup */

  if (self->toasts != NULL) /* not closed meanwhile */
    adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static void
save_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksUnitsDialog *self = LKS_UNITS_DIALOG (widget);
  const gboolean is_json = g_str_equal (action_name, "units.save-json");
  Save *save = g_new0 (Save, 1);

  save->ledger = g_object_ref (self->ledger);
  save->format = is_json ? LKS_EXPORT_FORMAT_JSON : LKS_EXPORT_FORMAT_CSV;
  lks_file_saver_ask (widget, _ ("Save Boards"),
                      is_json ? "locksmith-boards.json" : "locksmith-boards.csv", save_units, save,
                      save_free, saved_cb);
}

static void
lks_units_dialog_dispose (GObject *object)
{
  LksUnitsDialog *self = LKS_UNITS_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (object), LKS_TYPE_UNITS_DIALOG);
  g_clear_object (&self->ledger);
  g_clear_object (&self->units);
  G_OBJECT_CLASS (lks_units_dialog_parent_class)->dispose (object);
}

static void
lks_units_dialog_finalize (GObject *object)
{
  LksUnitsDialog *self = LKS_UNITS_DIALOG (object);

  g_object_unref (self->cancellable);
  g_free (self->wanted);
  G_OBJECT_CLASS (lks_units_dialog_parent_class)->finalize (object);
}

static void
lks_units_dialog_class_init (LksUnitsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_units_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = lks_units_dialog_finalize;

  g_type_ensure (LKS_TYPE_MESSAGE_PAGE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-units-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksUnitsDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, LksUnitsDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, LksUnitsDialog, problem_page);
  gtk_widget_class_bind_template_child (widget_class, LksUnitsDialog, search_entry);
  gtk_widget_class_bind_template_child (widget_class, LksUnitsDialog, count);
  gtk_widget_class_bind_template_child (widget_class, LksUnitsDialog, selection);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_install_action (widget_class, "units.save-csv", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "units.save-json", NULL, save_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lks_units_dialog_init (LksUnitsDialog *self)
{
  g_autoptr (GtkFilterListModel) filtered = NULL;

  self->cancellable = g_cancellable_new ();
  self->units = g_list_store_new (LKS_TYPE_VALUE_ITEM);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->filter = gtk_custom_filter_new (matches_cb, self, NULL);
  filtered = gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (self->units)),
                                        GTK_FILTER (self->filter));
  gtk_no_selection_set_model (self->selection, G_LIST_MODEL (filtered));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "units.save-csv", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "units.save-json", FALSE);
}

/**
 * lks_units_dialog_new:
 * @parent: the window in front of which it is shown
 * @ledger: where the records are kept
 *
 * Creates the dialog and begins to read.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksUnitsDialog *
lks_units_dialog_new (GtkWindow *parent, LksLedger *ledger)
{
  LksUnitsDialog *self = g_object_new (LKS_TYPE_UNITS_DIALOG, "transient-for", parent, NULL);
  const LksLedgerQuery query = { .limit = UNITS_MAX };

  self->ledger = g_object_ref (ledger);
  lks_ledger_list_units_async (ledger, &query, self->cancellable, listed_cb, self);
  return self;
}
