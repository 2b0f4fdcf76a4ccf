/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-log-view.h"

#include "lks-labels.h"
#include "lks-value-item.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _LksLogView
{
  AdwBin parent_instance;

  GtkDropDown *priority_drop; /* template child */
  GtkEditable *search;        /* template child */
  GtkListView *list;          /* template child */
  GtkStack *stack;            /* template child */
  GtkLabel *count_label;      /* template child */

  GListStore *items;         /* (owned) of LksValueItem with LksLogEntry */
  GtkFilterListModel *shown; /* (owned) */
  GtkFilter *filter;         /* (owned) */
  char *wanted;              /* (owned): folded; empty for everything */
};

G_DEFINE_FINAL_TYPE (LksLogView, lks_log_view, ADW_TYPE_BIN)

/* In the order of the drop-down list. */
static const LksLogPriority priorities[] = {
  LKS_LOG_PRIORITY_NONE, LKS_LOG_PRIORITY_ERROR, LKS_LOG_PRIORITY_WARNING,
  LKS_LOG_PRIORITY_INFO, LKS_LOG_PRIORITY_DEBUG,
};

/* ---- filter ---- */

static gboolean
is_grave_enough (LksLogView *self, const LksLogEntry *entry)
{
  LksLogPriority least = priorities[gtk_drop_down_get_selected (self->priority_drop)];

  return least == LKS_LOG_PRIORITY_NONE || entry->priority_number > LKS_LOG_PRIORITY_TRACE ||
         entry->priority_number <= (guint) least;
}

static gboolean
matches_cb (gpointer item, gpointer user_data)
{
  LksLogView *self = user_data;
  const LksLogEntry *entry = lks_value_item_get_value (item);
  g_autofree char *line = NULL;
  g_autofree char *folded = NULL;

  if (!is_grave_enough (self, entry))
    return FALSE;
  if (self->wanted[0] == '\0')
    return TRUE;

  line = lks_log_entry_to_line (entry);
  folded = g_utf8_casefold (line, -1);
  return strstr (folded, self->wanted) != NULL;
}

static void
show_count (LksLogView *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  guint n_shown = lks_log_view_get_shown (self);
  /* Translators: how many records of a log are shown, and how many there are */
  g_autofree char *text = g_strdup_printf (_ ("%u of %u records"), n_shown, n);

  gtk_label_set_label (self->count_label, text);
  gtk_stack_set_visible_child_name (self->stack, n_shown > 0 ? "list" : "empty");
}

static void
filter_changed_cb (LksLogView *self)
{
  if (self->filter == NULL)
    return;

  g_free (self->wanted);
  self->wanted = g_utf8_casefold (gtk_editable_get_text (self->search), -1);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  show_count (self);
}

/* ---- rows ---- */

static const char *
priority_class (guint priority)
{
  if (priority == LKS_LOG_PRIORITY_FATAL || priority == LKS_LOG_PRIORITY_ERROR)
    return lks_tone_to_css_class (LKS_TONE_BAD);
  if (priority == LKS_LOG_PRIORITY_WARNING)
    return lks_tone_to_css_class (LKS_TONE_WARNING);
  return "dim-label";
}

static GtkLabel *
add_label (GtkWidget *box, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkLabel *said;

  gtk_widget_add_css_class (row, "log-row");
  gtk_widget_add_css_class (head, "caption");
  gtk_box_append (GTK_BOX (row), head);
  add_label (head, "numeric");
  add_label (head, NULL);
  gtk_label_set_ellipsize (add_label (head, "dim-label"), PANGO_ELLIPSIZE_END);
  said = add_label (row, NULL);
  gtk_label_set_wrap (said, TRUE);
  gtk_label_set_wrap_mode (said, PANGO_WRAP_WORD_CHAR);
  gtk_list_item_set_child (item, row);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  const LksLogEntry *entry = lks_value_item_get_value (gtk_list_item_get_item (item));
  GtkWidget *row = gtk_list_item_get_child (item);
  GtkWidget *time = gtk_widget_get_first_child (gtk_widget_get_first_child (row));
  GtkWidget *priority = gtk_widget_get_next_sibling (time);
  GtkWidget *service = gtk_widget_get_next_sibling (priority);
  GtkWidget *said = gtk_widget_get_last_child (row);
  g_autofree char *seconds =
      /* Translators: seconds since the system started */
      g_strdup_printf (_ ("%u.%03u s"), entry->time_ms / 1000, entry->time_ms % 1000);
  g_autofree char *who = g_strdup_printf ("%s(%u)", entry->category, entry->message_number);
  g_autofree char *what = lks_log_entry_dup_said (entry);
  const char *classes[] = { priority_class (entry->priority_number), NULL };

  gtk_label_set_label (GTK_LABEL (time), seconds);
  gtk_label_set_label (GTK_LABEL (priority), entry->priority);
  gtk_widget_set_css_classes (priority, classes);
  gtk_label_set_label (GTK_LABEL (service), who);
  gtk_label_set_label (GTK_LABEL (said), what);
  gtk_widget_set_visible (said, what[0] != '\0');
}

/* ---- class ---- */

static void
lks_log_view_dispose (GObject *object)
{
  LksLogView *self = LKS_LOG_VIEW (object);

  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  g_clear_object (&self->shown);
  g_clear_object (&self->filter);
  g_clear_object (&self->items);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_LOG_VIEW);
  G_OBJECT_CLASS (lks_log_view_parent_class)->dispose (object);
}

static void
lks_log_view_finalize (GObject *object)
{
  g_free (LKS_LOG_VIEW (object)->wanted);
  G_OBJECT_CLASS (lks_log_view_parent_class)->finalize (object);
}

static void
lks_log_view_class_init (LksLogViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_log_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = lks_log_view_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/locksmith/Locksmith/ui/lks-log-view.ui");
  gtk_widget_class_bind_template_child (widget_class, LksLogView, priority_drop);
  gtk_widget_class_bind_template_child (widget_class, LksLogView, search);
  gtk_widget_class_bind_template_child (widget_class, LksLogView, list);
  gtk_widget_class_bind_template_child (widget_class, LksLogView, stack);
  gtk_widget_class_bind_template_child (widget_class, LksLogView, count_label);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
}

static void
lks_log_view_init (LksLogView *self)
{
  g_autoptr (GtkNoSelection) model = NULL;

  self->wanted = g_strdup ("");
  self->items = g_list_store_new (LKS_TYPE_VALUE_ITEM);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->filter = GTK_FILTER (gtk_custom_filter_new (matches_cb, self, NULL));
  self->shown = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->items)),
                                           g_object_ref (self->filter));
  model = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->shown)));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (model));
  show_count (self);
}

static void
entry_free (gpointer data)
{
  lks_log_entry_free (data);
}

/**
 * lks_log_view_take_entries:
 * @self: a view
 * @entries: (transfer full) (nullable) (element-type LksLogEntry): a log in words
 *
 * Shows another log, or none.
 */
void
lks_log_view_take_entries (LksLogView *self, GPtrArray *entries)
{
  g_list_store_remove_all (self->items);
  if (entries != NULL)
    {
      g_ptr_array_set_free_func (entries, NULL);
      for (guint i = 0; i < entries->len; i++)
        lks_value_item_append (self->items, g_ptr_array_index (entries, i), entry_free);
      g_ptr_array_unref (entries);
    }
  show_count (self);
}

/**
 * lks_log_view_get_shown:
 * @self: a view
 *
 * Returns: how many records pass the filter
 */
guint
lks_log_view_get_shown (LksLogView *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->shown));
}

/**
 * lks_log_view_dup_text:
 * @self: a view
 *
 * Returns: (transfer full): the records that pass the filter, a line each
 */
char *
lks_log_view_dup_text (LksLogView *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < lks_log_view_get_shown (self); i++)
    {
      g_autoptr (LksValueItem) item = g_list_model_get_item (G_LIST_MODEL (self->shown), i);
      g_autofree char *line = lks_log_entry_to_line (lks_value_item_get_value (item));

      g_string_append_printf (text, "%s%s", i == 0 ? "" : "\n", line);
    }
  return g_string_free (text, FALSE);
}
