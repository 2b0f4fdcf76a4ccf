/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-record-filter.h"

#include <glib/gi18n-lib.h>

struct _LksRecordFilter
{
  AdwBin parent_instance;

  GtkMenuButton *button; /* template child */
  GtkDropDown *verdict;  /* template child */
  GtkEntry *recipe;      /* template child */
  GtkEntry *since;       /* template child */
  GtkEntry *until;       /* template child */

  LksLedgerQuery query; /* its recipe is owned */
  gboolean is_clearing;
};

G_DEFINE_FINAL_TYPE (LksRecordFilter, lks_record_filter, ADW_TYPE_BIN)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* In the order of the drop-down list. */
static const char *const verdicts[] = { NULL, "PASS", "FAIL", "STOPPED" };

/* The beginning of a local day, @n_days later; 0: there is none. What is no day yet is marked. */
static gint64
read_day (GtkEntry *entry, int n_days)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry)));
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *midnight = g_strconcat (g_strstrip (text), "T00:00:00", NULL);
  g_autoptr (GDateTime) day = g_date_time_new_from_iso8601 (midnight, zone);
  g_autoptr (GDateTime) moved = day != NULL ? g_date_time_add_days (day, n_days) : NULL;

  if (moved == NULL && *text != '\0')
    gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID,
                               moved == NULL && *text != '\0' ? GTK_ACCESSIBLE_INVALID_TRUE
                                                              : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
  return moved != NULL ? g_date_time_to_unix (moved) * G_USEC_PER_SEC : 0;
}

static void
changed_cb (LksRecordFilter *self)
{
  const guint verdict = gtk_drop_down_get_selected (self->verdict);
  g_autofree char *recipe = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->recipe)));
  LksLedgerQuery query = { 0 };

  if (self->is_clearing || self->until == NULL) /* the template is still being made */
    return;

  query.verdict = verdicts[MIN (verdict, G_N_ELEMENTS (verdicts) - 1)];
  query.recipe = *g_strstrip (recipe) != '\0' ? recipe : NULL;
  query.since_us = read_day (self->since, 0);
  query.until_us = read_day (self->until, 1);
  if (g_strcmp0 (query.verdict, self->query.verdict) == 0 &&
      g_strcmp0 (query.recipe, self->query.recipe) == 0 && query.since_us == self->query.since_us &&
      query.until_us == self->query.until_us)
    return;

  g_free ((char *) self->query.recipe);
  self->query = query;
  self->query.recipe = g_strdup (query.recipe);
  if (lks_record_filter_is_active (self))
    gtk_widget_add_css_class (GTK_WIDGET (self->button), "accent");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->button), "accent");
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
clear_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksRecordFilter *self = LKS_RECORD_FILTER (widget);

  self->is_clearing = TRUE;
  gtk_drop_down_set_selected (self->verdict, 0);
  gtk_editable_set_text (GTK_EDITABLE (self->recipe), "");
  gtk_editable_set_text (GTK_EDITABLE (self->since), "");
  gtk_editable_set_text (GTK_EDITABLE (self->until), "");
  self->is_clearing = FALSE;
  changed_cb (self);
}

static void
lks_record_filter_dispose (GObject *object)
{
  LksRecordFilter *self = LKS_RECORD_FILTER (object);

  adw_bin_set_child (ADW_BIN (self), NULL); /* the template would unparent it behind its back */
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_RECORD_FILTER);
  G_OBJECT_CLASS (lks_record_filter_parent_class)->dispose (object);
}

static void
lks_record_filter_finalize (GObject *object)
{
  g_free ((char *) LKS_RECORD_FILTER (object)->query.recipe);
  G_OBJECT_CLASS (lks_record_filter_parent_class)->finalize (object);
}

static void
lks_record_filter_class_init (LksRecordFilterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lks_record_filter_dispose;
  object_class->finalize = lks_record_filter_finalize;

  /**
   * LksRecordFilter::changed:
   * @self: the filter
   *
   * lks_record_filter_get_query() says something else now.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", LKS_TYPE_RECORD_FILTER, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-record-filter.ui");
  gtk_widget_class_bind_template_child (widget_class, LksRecordFilter, button);
  gtk_widget_class_bind_template_child (widget_class, LksRecordFilter, verdict);
  gtk_widget_class_bind_template_child (widget_class, LksRecordFilter, recipe);
  gtk_widget_class_bind_template_child (widget_class, LksRecordFilter, since);
  gtk_widget_class_bind_template_child (widget_class, LksRecordFilter, until);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_install_action (widget_class, "record-filter.clear", NULL, clear_action);
}

static void
lks_record_filter_init (LksRecordFilter *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_record_filter_is_active:
 * @self: a filter
 *
 * Returns: whether it leaves anything out
 */
gboolean
lks_record_filter_is_active (LksRecordFilter *self)
{
  g_return_val_if_fail (LKS_IS_RECORD_FILTER (self), FALSE);

  return self->query.verdict != NULL || self->query.recipe != NULL || self->query.since_us != 0 ||
         self->query.until_us != 0;
}

/**
 * lks_record_filter_get_query:
 * @self: a filter
 *
 * Returns: (transfer none): which records are wanted, without a limit; until it changes
 */
const LksLedgerQuery *
lks_record_filter_get_query (LksRecordFilter *self)
{
  g_return_val_if_fail (LKS_IS_RECORD_FILTER (self), NULL);

  return &self->query;
}
