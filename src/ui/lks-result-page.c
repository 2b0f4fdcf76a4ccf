/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-result-page.h"

#include "lks-result-tile.h"
#include "lks-run-row.h"

#define TILES_PER_LINE_MAX 8
#define TILES_LARGE_MAX 4

struct _LksResultPage
{
  LksWizardPage parent_instance;

  GtkFlowBox *tiles; /* template child */
  GtkListBox *list;  /* template child */
};

G_DEFINE_FINAL_TYPE (LksResultPage, lks_result_page, LKS_TYPE_WIZARD_PAGE)

static GtkWidget *
create_tile_cb (gpointer item, gpointer user_data)
{
  return lks_result_tile_new (item);
}

static GtkWidget *
create_row_cb (gpointer item, gpointer user_data)
{
  return lks_run_row_new (item);
}

/* The fewer boards, the larger the verdicts. */
static void
fit_tiles (LksResultPage *self, guint n_runs)
{
  gtk_flow_box_set_max_children_per_line (self->tiles, CLAMP (n_runs, 1, TILES_PER_LINE_MAX));
  if (n_runs <= TILES_LARGE_MAX)
    gtk_widget_add_css_class (GTK_WIDGET (self->tiles), "large-tiles");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->tiles), "large-tiles");
}

static void
lks_result_page_enter (LksWizardPage *page)
{
  LksResultPage *self = LKS_RESULT_PAGE (page);
  GListModel *runs = lks_lock_job_get_runs (lks_wizard_page_get_job (page));

  fit_tiles (self, g_list_model_get_n_items (runs));
  gtk_flow_box_bind_model (self->tiles, runs, create_tile_cb, NULL, NULL);
  gtk_list_box_bind_model (self->list, runs, create_row_cb, NULL, NULL);
  lks_wizard_page_set_complete (page, TRUE);
}

static void
lks_result_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LKS_TYPE_RESULT_PAGE);
  G_OBJECT_CLASS (lks_result_page_parent_class)->dispose (object);
}

static void
lks_result_page_class_init (LksResultPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_result_page_dispose;
  LKS_WIZARD_PAGE_CLASS (klass)->enter = lks_result_page_enter;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-result-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LksResultPage, tiles);
  gtk_widget_class_bind_template_child (widget_class, LksResultPage, list);
}

static void
lks_result_page_init (LksResultPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
