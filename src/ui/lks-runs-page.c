/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-runs-page.h"

#include "lks-run-row.h"

#include <glib/gi18n-lib.h>

struct _LksRunsPage
{
  LksWizardPage parent_instance;

  AdwPreferencesGroup *group; /* template child */
  GtkListBox *list;           /* template child */

  gboolean offers_waivers;
};

G_DEFINE_FINAL_TYPE (LksRunsPage, lks_runs_page, LKS_TYPE_WIZARD_PAGE)

typedef enum
{
  PROP_OFFERS_WAIVERS = 1,
} LksRunsPageProperty;

static GParamSpec *properties[PROP_OFFERS_WAIVERS + 1];

static GtkWidget *
create_row_cb (gpointer item, gpointer user_data)
{
  LksRunsPage *self = user_data;
  GtkWidget *row = lks_run_row_new (item);

  if (self->offers_waivers)
    lks_run_row_offer_waivers (LKS_RUN_ROW (row), lks_wizard_page_get_job (user_data));
  return row;
}

static void
update (LksRunsPage *self)
{
  LksLockJob *job = lks_wizard_page_get_job (LKS_WIZARD_PAGE (self));
  guint n_passed = lks_lock_job_count (job, LKS_VERDICT_PASS);
  guint n_others =
      lks_lock_job_count (job, LKS_VERDICT_FAIL) + lks_lock_job_count (job, LKS_VERDICT_STOPPED);
  g_autofree char *passed =
      g_strdup_printf (ngettext ("%u passed.", "%u passed.", n_passed), n_passed);
  g_autofree char *others =
      g_strdup_printf (ngettext ("%u did not pass: it is left as it is.",
                                 "%u did not pass: they are left as they are.", n_others),
                       n_others);
  g_autofree char *summary = g_strjoin (" ", passed, n_others > 0 ? others : NULL, NULL);

  adw_preferences_group_set_description (
      self->group, lks_lock_job_get_busy (job)
                       ? _ ("Leave the boards plugged in. Open a board to see what is going on.")
                       : summary);
  lks_wizard_page_set_complete (LKS_WIZARD_PAGE (self),
                                !lks_lock_job_get_busy (job) &&
                                    lks_lock_job_get_n_confirmable (job) > 0);
}

static void
lks_runs_page_bind_job (LksWizardPage *page, LksLockJob *job)
{
  LksRunsPage *self = LKS_RUNS_PAGE (page);

  gtk_list_box_bind_model (self->list, lks_lock_job_get_runs (job), create_row_cb, self, NULL);
  g_signal_connect_object (job, "notify::busy", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (job, "notify::n-confirmable", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

static void
lks_runs_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_assert (prop_id == PROP_OFFERS_WAIVERS);
  g_value_set_boolean (value, LKS_RUNS_PAGE (object)->offers_waivers);
}

static void
lks_runs_page_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  g_assert (prop_id == PROP_OFFERS_WAIVERS);
  LKS_RUNS_PAGE (object)->offers_waivers = g_value_get_boolean (value);
}

static void
lks_runs_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LKS_TYPE_RUNS_PAGE);
  G_OBJECT_CLASS (lks_runs_page_parent_class)->dispose (object);
}

static void
lks_runs_page_class_init (LksRunsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->get_property = lks_runs_page_get_property;
  G_OBJECT_CLASS (klass)->set_property = lks_runs_page_set_property;
  G_OBJECT_CLASS (klass)->dispose = lks_runs_page_dispose;

  properties[PROP_OFFERS_WAIVERS] =
      g_param_spec_boolean ("offers-waivers", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), G_N_ELEMENTS (properties), properties);
  LKS_WIZARD_PAGE_CLASS (klass)->bind_job = lks_runs_page_bind_job;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-runs-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LksRunsPage, group);
  gtk_widget_class_bind_template_child (widget_class, LksRunsPage, list);
}

static void
lks_runs_page_init (LksRunsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
