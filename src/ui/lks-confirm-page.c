/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-confirm-page.h"

#include "lks-confirm-row.h"
#include "lks-recipe-text.h"

#include <glib/gi18n-lib.h>

struct _LksConfirmPage
{
  LksWizardPage parent_instance;

  GtkLabel *consequence;      /* template child */
  AdwPreferencesGroup *group; /* template child */
  GtkListBox *list;           /* template child */
};

G_DEFINE_FINAL_TYPE (LksConfirmPage, lks_confirm_page, LKS_TYPE_WIZARD_PAGE)

static GtkWidget *
create_row_cb (gpointer item, gpointer user_data)
{
  return lks_confirm_row_new (item);
}

static void
show_consequence (LksConfirmPage *self, LksRecipe *recipe, const char *lock)
{
  g_autofree char *claim = lks_recipe_claim_to_text (recipe);
  g_autofree char *text = claim != NULL ? g_strdup_printf ("%s\n\n%s", lock, claim) : NULL;

  gtk_label_set_label (self->consequence, text != NULL ? text : lock);
}

static void
show_task (LksConfirmPage *self, LksRecipe *recipe)
{
  adw_preferences_group_set_description (
      self->group,
      lks_recipe_uses_labels (recipe)
          ? _ ("Type or scan the label of the unit, then the last six digits of the device ID. A "
               "board that you leave out is not touched.")
          : _ ("Type the last six digits of the device ID, or scan the label. A board that you "
               "leave out is not touched."));
}

static void
update (LksConfirmPage *self)
{
  LksLockJob *job = lks_wizard_page_get_job (LKS_WIZARD_PAGE (self));
  LksRecipe *recipe = lks_lock_job_get_recipe (job);

  lks_wizard_page_set_complete (LKS_WIZARD_PAGE (self), lks_lock_job_get_n_confirmed (job) > 0);
  if (recipe == NULL)
    return;

  show_task (self, recipe);
  show_consequence (
      self, recipe,
      lks_recipe_get_target_state (recipe) == LKS_TARGET_STATE_MODULE1_COMPLETE
          ? _ ("The boards you confirm are set to Module 1 complete. From then on their radio "
               "can never be calibrated or tested again. Nobody can undo this: not you, not the "
               "vendor, and not a recovery of the board.")
          : _ ("The boards you confirm are set to Device complete. From then on they refuse "
               "service, and only a capability made for the one board opens it again. Nobody can "
               "undo this: not you, not the vendor, and not a recovery of the board."));
}

/* What was typed in an earlier visit is no consent to what is shown now. */
static void
forget_typed (LksLockJob *job)
{
  GListModel *runs = lks_lock_job_get_runs (job);

  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (LksBoardRun) run = g_list_model_get_item (runs, i);

      g_object_set (run, "typed", "", NULL);
    }
}

static void
lks_confirm_page_enter (LksWizardPage *page)
{
  LksConfirmPage *self = LKS_CONFIRM_PAGE (page);
  LksLockJob *job = lks_wizard_page_get_job (page);

  forget_typed (job);
  gtk_list_box_bind_model (self->list, lks_lock_job_get_runs (job), create_row_cb, NULL, NULL);
  update (self);
  gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);
}

static void
lks_confirm_page_bind_job (LksWizardPage *page, LksLockJob *job)
{
  g_signal_connect_object (job, "notify::n-confirmed", G_CALLBACK (update), page,
                           G_CONNECT_SWAPPED);
}

static void
lks_confirm_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LKS_TYPE_CONFIRM_PAGE);
  G_OBJECT_CLASS (lks_confirm_page_parent_class)->dispose (object);
}

static void
lks_confirm_page_class_init (LksConfirmPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_confirm_page_dispose;
  LKS_WIZARD_PAGE_CLASS (klass)->bind_job = lks_confirm_page_bind_job;
  LKS_WIZARD_PAGE_CLASS (klass)->enter = lks_confirm_page_enter;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-confirm-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LksConfirmPage, consequence);
  gtk_widget_class_bind_template_child (widget_class, LksConfirmPage, group);
  gtk_widget_class_bind_template_child (widget_class, LksConfirmPage, list);
}

static void
lks_confirm_page_init (LksConfirmPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
