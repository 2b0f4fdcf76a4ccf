/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-stats-dialog.h"

#include "lks-error-text.h"
#include "lks-message-page.h"
#include "lks-run-step.h"
#include "lks-share-bar.h"

#include <glib/gi18n-lib.h>

/* So many rows of a table; locksmithctl has more. */
#define ROWS_MAX 20

struct _LksStatsDialog
{
  AdwWindow parent_instance;

  GtkStack *stack;              /* template child */
  GtkDropDown *period;          /* template child */
  LksMessagePage *problem_page; /* template child */
  GtkBox *tables;               /* template child */

  LksLedger *ledger;         /* (owned) */
  GCancellable *cancellable; /* (owned): of what is being counted */
};

G_DEFINE_FINAL_TYPE (LksStatsDialog, lks_stats_dialog, ADW_TYPE_WINDOW)

/* In the order of the drop-down list; 0: all days. */
static const guint period_days[] = { 0, 1, 7, 30 };

/* ---- tables ---- */

static void
add_row (AdwPreferencesGroup *group, const char *name, const char *value, double share)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *label = gtk_label_new (value);
  /* Translators: what is counted, and the count, as a screen reader says them */
  g_autofree char *spoken = g_strdup_printf (_ ("%s: %s"), name, value);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  gtk_widget_add_css_class (label, "numeric");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  if (share >= 0)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), lks_share_bar_new (share));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  adw_preferences_group_add (group, row);
}

static void
add_share (AdwPreferencesGroup *group, const char *name, guint64 part, guint64 all)
{
  const double share = all > 0 ? (double) part / (double) all : 0;
  g_autofree char *some = g_strdup_printf ("%" G_GUINT64_FORMAT, part);
  g_autofree char *whole = g_strdup_printf ("%" G_GUINT64_FORMAT, all);
  /* Translators: so many of so many, and the same in percent */
  g_autofree char *value = g_strdup_printf (_ ("%s of %s (%.1f %%)"), some, whole, 100 * share);

  add_row (group, name, value, share);
}

static AdwPreferencesGroup *
add_table (LksStatsDialog *self, const char *title, guint n_lines)
{
  GtkWidget *group = adw_preferences_group_new ();
  /* Translators: so many rows of a table; “locksmithctl records stats” is a command */
  g_autofree char *hint =
      g_strdup_printf (_ ("The first %u; “locksmithctl records stats” shows more."), ROWS_MAX);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  if (n_lines > ROWS_MAX)
    adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), hint);
  gtk_box_append (self->tables, group);
  return ADW_PREFERENCES_GROUP (group);
}

static void
add_cycle (AdwPreferencesGroup *group, const char *name, gint64 ms)
{
  /* Translators: seconds */
  g_autofree char *value = g_strdup_printf (_ ("%.1f s"), (double) ms / 1e3);

  if (ms > 0)
    add_row (group, name, value, -1);
}

static void
add_failures (LksStatsDialog *self, GPtrArray *lines)
{
  AdwPreferencesGroup *group;

  if (lines->len == 0)
    return;

  group = add_table (self, _ ("Step at Which Runs Failed First"), lines->len);
  for (guint i = 0; i < MIN (lines->len, ROWS_MAX); i++)
    {
      const LksStatsLine *line = lines->pdata[i];
      const LksStatsLine *most = lines->pdata[0];
      const gboolean is_step = !g_str_equal (line->name, LKS_STATS_OTHER);
      const char *name = is_step ? lks_step_name_to_title (line->name) : _ ("No step tells");
      g_autofree char *value = g_strdup_printf ("%" G_GUINT64_FORMAT, line->n_boards);

      add_row (group, name, value, (double) line->n_boards / (double) most->n_boards);
    }
}

static void
add_first_passes (LksStatsDialog *self, const char *title, GPtrArray *lines)
{
  AdwPreferencesGroup *group;

  if (lines->len == 0)
    return;

  group = add_table (self, title, lines->len);
  for (guint i = 0; i < MIN (lines->len, ROWS_MAX); i++)
    {
      const LksStatsLine *line = lines->pdata[i];

      add_share (group, line->name != NULL ? line->name : _ ("No batch"), line->n_first_passes,
                 line->n_boards);
    }
}

static void
show_stats (LksStatsDialog *self, const LksStats *stats)
{
  AdwPreferencesGroup *group;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->tables))) != NULL)
    gtk_box_remove (self->tables, child);

  group = add_table (self, _ ("Boards Finalized for the First Time"), 0);
  add_share (group, _ ("Passed in their first run"), stats->n_first_passes, stats->n_boards);
  add_share (group, _ ("Passed at last"), stats->n_passes, stats->n_boards);
  add_cycle (group, _ ("Half of the passed runs took at most"), stats->cycle_median_ms);
  add_cycle (group, _ ("95 of 100 passed runs took at most"), stats->cycle_p95_ms);
  add_failures (self, stats->failures);
  add_first_passes (self, _ ("First Passes by Place"), stats->places);
  add_first_passes (self, _ ("First Passes by Recipe"), stats->recipes);
  add_first_passes (self, _ ("First Passes by Batch"), stats->batches);
  gtk_stack_set_visible_child_name (self->stack, stats->n_records > 0 ? "stats" : "empty");
}

static void
show_problem (LksStatsDialog *self, const GError *error)
{
  g_autofree char *text = lks_error_to_text (error);

  lks_message_page_set_description (self->problem_page, text);
  gtk_stack_set_visible_child_name (self->stack, "problem");
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksStats) stats = lks_ledger_stats_finish (LKS_LEDGER (source), result, &error);
  LksStatsDialog *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* closed, or another period is wanted by now */

  if (stats != NULL)
    show_stats (self, stats);
  else
    show_problem (self, error);
}

static void
count (LksStatsDialog *self)
{
  const guint days =
      period_days[MIN (gtk_drop_down_get_selected (self->period), G_N_ELEMENTS (period_days) - 1)];
  const LksLedgerQuery query = {
    .since_us = days > 0 ? g_get_real_time () - days * G_TIME_SPAN_DAY : 0,
  };

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  gtk_stack_set_visible_child_name (self->stack, "running");
  lks_ledger_stats_async (self->ledger, &query, self->cancellable, counted_cb, self);
}

static void
period_changed_cb (LksStatsDialog *self)
{
  if (self->ledger != NULL)
    count (self);
}

static void
lks_stats_dialog_dispose (GObject *object)
{
  LksStatsDialog *self = LKS_STATS_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->ledger);
  gtk_widget_dispose_template (GTK_WIDGET (object), LKS_TYPE_STATS_DIALOG);
  G_OBJECT_CLASS (lks_stats_dialog_parent_class)->dispose (object);
}

static void
lks_stats_dialog_class_init (LksStatsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_stats_dialog_dispose;

  g_type_ensure (LKS_TYPE_MESSAGE_PAGE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-stats-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksStatsDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, LksStatsDialog, period);
  gtk_widget_class_bind_template_child (widget_class, LksStatsDialog, problem_page);
  gtk_widget_class_bind_template_child (widget_class, LksStatsDialog, tables);
  gtk_widget_class_bind_template_callback (widget_class, period_changed_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lks_stats_dialog_init (LksStatsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_stats_dialog_new:
 * @parent: the window in front of which it is shown
 * @ledger: where the records are kept
 *
 * Creates the dialog and begins to count.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksStatsDialog *
lks_stats_dialog_new (GtkWindow *parent, LksLedger *ledger)
{
  LksStatsDialog *self = g_object_new (LKS_TYPE_STATS_DIALOG, "transient-for", parent, NULL);

  self->ledger = g_object_ref (ledger);
  count (self);
  return self;
}
