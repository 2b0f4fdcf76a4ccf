/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-choose-page.h"

#include "lks-choice-row.h"

struct _LksChoosePage
{
  LksWizardPage parent_instance;

  GtkListBox *list; /* template child */
};

G_DEFINE_FINAL_TYPE (LksChoosePage, lks_choose_page, LKS_TYPE_WIZARD_PAGE)

static GtkWidget *
create_row_cb (gpointer item, gpointer user_data)
{
  return lks_choice_row_new (user_data, item);
}

static void
set_all_chosen (LksChoosePage *self, gboolean is_chosen)
{
  LksLockJob *job = lks_wizard_page_get_job (LKS_WIZARD_PAGE (self));
  GListModel *boards = lks_lock_job_get_boards (job);

  for (guint i = 0; i < g_list_model_get_n_items (boards); i++)
    {
      g_autoptr (LksBoard) board = g_list_model_get_item (boards, i);

      lks_lock_job_set_chosen (job, board, is_chosen && lks_lock_job_can_choose (board));
    }
}

static void
choose_all_cb (LksChoosePage *self)
{
  set_all_chosen (self, TRUE);
}

static void
choose_none_cb (LksChoosePage *self)
{
  set_all_chosen (self, FALSE);
}

static void
n_chosen_changed_cb (LksWizardPage *self)
{
  LksLockJob *job = lks_wizard_page_get_job (self);

  lks_wizard_page_set_complete (self, lks_lock_job_get_n_chosen (job) > 0);
}

static void
lks_choose_page_bind_job (LksWizardPage *page, LksLockJob *job)
{
  LksChoosePage *self = LKS_CHOOSE_PAGE (page);

  gtk_list_box_bind_model (self->list, lks_lock_job_get_boards (job), create_row_cb, job, NULL);
  g_signal_connect_object (job, "notify::n-chosen", G_CALLBACK (n_chosen_changed_cb), self,
                           G_CONNECT_SWAPPED);
  n_chosen_changed_cb (page);
}

static void
lks_choose_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LKS_TYPE_CHOOSE_PAGE);
  G_OBJECT_CLASS (lks_choose_page_parent_class)->dispose (object);
}

static void
lks_choose_page_class_init (LksChoosePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_choose_page_dispose;
  LKS_WIZARD_PAGE_CLASS (klass)->bind_job = lks_choose_page_bind_job;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-choose-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LksChoosePage, list);
  gtk_widget_class_bind_template_callback (widget_class, choose_all_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_none_cb);
}

static void
lks_choose_page_init (LksChoosePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
