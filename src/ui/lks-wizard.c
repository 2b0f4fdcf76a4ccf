/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-wizard.h"

#include "lks-choose-page.h"
#include "lks-confirm-page.h"
#include "lks-enums.h"
#include "lks-error-text.h"
#include "lks-operator-gate.h"
#include "lks-recipe-page.h"
#include "lks-result-page.h"
#include "lks-runs-page.h"
#include "lks-wizard-step.h"

#include <glib/gi18n-lib.h>

struct _LksWizard
{
  AdwWindow parent_instance;

  AdwWindowTitle *window_title; /* template child */
  GtkStack *stack;              /* template child */
  GtkButton *back_button;       /* template child */
  GtkButton *next_button;       /* template child */
  GtkBox *error_box;            /* template child */
  GtkLabel *error_sentence;     /* template child */
  GtkLabel *error_details;      /* template child */
  LksRecipePage *recipe_page;   /* template child */

  LksLockJob *job;     /* (owned) */
  GSettings *settings; /* (owned) */
  LksWizardStep step;
  gboolean is_stopping; /* the user asked to stop; close when the runs have ended */
};

G_DEFINE_FINAL_TYPE (LksWizard, lks_wizard, ADW_TYPE_WINDOW)

typedef enum
{
  PROP_JOB = 1,
} LksWizardProperty;

static GParamSpec *properties[PROP_JOB + 1];

static LksWizardPage *
get_page (LksWizard *self)
{
  return LKS_WIZARD_PAGE (gtk_stack_get_visible_child (self->stack));
}

/* Nothing is left to do but to close: the results are there, or no board can be locked. */
static gboolean
is_at_end (LksWizard *self)
{
  return self->step == LKS_WIZARD_STEP_RESULT ||
         (self->step == LKS_WIZARD_STEP_CHECK && !lks_lock_job_get_busy (self->job) &&
          lks_lock_job_get_n_confirmable (self->job) == 0);
}

static char *
dup_next_label (LksWizard *self)
{
  guint n_chosen = lks_lock_job_get_n_chosen (self->job);
  guint n_confirmed = lks_lock_job_get_n_confirmed (self->job);

  switch (self->step)
    {
    case LKS_WIZARD_STEP_CHOOSE:
      return g_strdup (_ ("Continue"));
    case LKS_WIZARD_STEP_RECIPE:
      return g_strdup_printf (ngettext ("Check %u Board", "Check %u Boards", n_chosen), n_chosen);
    case LKS_WIZARD_STEP_CHECK:
      return g_strdup (is_at_end (self) ? _ ("Close") : _ ("Continue"));
    case LKS_WIZARD_STEP_CONFIRM:
      return g_strdup_printf (ngettext ("Lock %u Board Forever", "Lock %u Boards Forever",
                                        n_confirmed),
                              n_confirmed);
    case LKS_WIZARD_STEP_RUN:
      return g_strdup (_ ("Working…"));
    case LKS_WIZARD_STEP_RESULT:
      break;
    }
  return g_strdup (_ ("Close"));
}

static gboolean
can_go (LksWizard *self, LksWizardEvent event)
{
  LksWizardStep to;

  return lks_wizard_step_advance (self->step, event, &to) && !lks_lock_job_get_busy (self->job);
}

static void
update_buttons (LksWizard *self)
{
  g_autofree char *label = dup_next_label (self);
  gboolean is_act = self->step == LKS_WIZARD_STEP_CONFIRM;
  gboolean is_result = self->step == LKS_WIZARD_STEP_RESULT;
  gboolean can_next = is_at_end (self) || (can_go (self, LKS_WIZARD_EVENT_NEXT) &&
                                           lks_wizard_page_get_complete (get_page (self)));

  gtk_button_set_label (self->next_button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->next_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  gtk_widget_remove_css_class (GTK_WIDGET (self->next_button),
                               is_act ? "suggested-action" : "destructive-action");
  gtk_widget_add_css_class (GTK_WIDGET (self->next_button),
                            is_act ? "destructive-action" : "suggested-action");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "wizard.next", can_next);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "wizard.back",
                                 can_go (self, LKS_WIZARD_EVENT_BACK));
  gtk_widget_set_visible (GTK_WIDGET (self->back_button), !is_result);

  /* Enter goes on, except where going on cannot be undone. */
  gtk_window_set_default_widget (GTK_WINDOW (self), is_act ? NULL : GTK_WIDGET (self->next_button));
}

static void
show_error (LksWizard *self, const GError *error)
{
  g_autofree char *sentence = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->error_box), error != NULL);
  if (error == NULL)
    return;

  sentence = lks_error_to_sentence (error);
  gtk_label_set_label (self->error_sentence, sentence);
  gtk_label_set_label (self->error_details, error->message);
}

static void
show_step (LksWizard *self, LksWizardStep step)
{
  g_autofree char *subtitle = NULL;

  self->step = step;
  gtk_stack_set_visible_child_name (self->stack, lks_enum_to_nick (LKS_TYPE_WIZARD_STEP, step));
  adw_window_title_set_title (self->window_title, lks_wizard_page_get_title (get_page (self)));
  /* Translators: the number of a step and the number of steps */
  subtitle = g_strdup_printf (_ ("Step %d of %d"), (int) step + 1, LKS_WIZARD_STEP_RESULT + 1);
  adw_window_title_set_subtitle (self->window_title, subtitle);
  show_error (self, NULL);
  update_buttons (self);
  lks_wizard_page_enter (get_page (self));
}

static void
keep_recipe_path (LksWizard *self)
{
  const char *path = lks_recipe_page_get_path (self->recipe_page);

  g_settings_set_string (self->settings, "last-recipe", path != NULL ? path : "");
}

/* What going on from a page starts. */
static void
start_round (LksWizard *self)
{
  if (self->step == LKS_WIZARD_STEP_CHECK)
    {
      keep_recipe_path (self);
      lks_lock_job_check (self->job);
    }
  else if (self->step == LKS_WIZARD_STEP_RUN)
    {
      lks_lock_job_lock (self->job);
    }
  update_buttons (self);
}

static void
next_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWizard *self = LKS_WIZARD (widget);
  g_autoptr (GError) error = NULL;
  LksWizardStep to;

  if (is_at_end (self))
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }
  if (!lks_wizard_page_apply (get_page (self), &error))
    {
      show_error (self, error);
      return;
    }
  if (!lks_wizard_step_advance (self->step, LKS_WIZARD_EVENT_NEXT, &to) ||
      !lks_operator_permit (widget, LKS_OPERATOR_ACT_FINALIZE))
    return;

  show_step (self, to);
  start_round (self);
}

static void
back_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWizard *self = LKS_WIZARD (widget);
  LksWizardStep to;

  if (lks_wizard_step_advance (self->step, LKS_WIZARD_EVENT_BACK, &to))
    show_step (self, to);
}

static void
finished_cb (LksWizard *self)
{
  LksWizardStep to;

  if (lks_wizard_step_advance (self->step, LKS_WIZARD_EVENT_DONE, &to))
    show_step (self, to);
  update_buttons (self);

  /* Focus where the next action is, unless the user is somewhere else already. */
  if (self->step != LKS_WIZARD_STEP_CONFIRM)
    gtk_widget_grab_focus (GTK_WIDGET (self->next_button));
  if (self->is_stopping && self->step != LKS_WIZARD_STEP_RESULT)
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
stop_response_cb (LksWizard *self, const char *response)
{
  if (g_strcmp0 (response, "stop") != 0)
    return;

  self->is_stopping = TRUE;
  lks_lock_job_cancel (self->job);
}

static void
ask_to_stop (LksWizard *self)
{
  GtkWidget *dialog = adw_message_dialog_new (
      GTK_WINDOW (self), _ ("Stop the Runs?"),
      _ ("Boards are being worked on. A board that is being locked right now stays locked; its run "
         "can be completed later, and nothing is done twice."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "keep", _ ("_Keep Running"),
                                    "stop", _ ("_Stop"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "stop",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  g_signal_connect_object (dialog, "response", G_CALLBACK (stop_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
lks_wizard_close_request (GtkWindow *window)
{
  LksWizard *self = LKS_WIZARD (window);

  if (!lks_lock_job_get_busy (self->job))
    return GTK_WINDOW_CLASS (lks_wizard_parent_class)->close_request (window);

  ask_to_stop (self);
  return TRUE;
}

static void
load_last_recipe (LksWizard *self)
{
  g_autofree char *path = g_settings_get_string (self->settings, "last-recipe");

  if (*path != '\0')
    lks_recipe_page_offer_file (self->recipe_page, path);
}

static void
set_job (LksWizard *self, LksLockJob *job)
{
  self->job = g_object_ref (job);
  g_signal_connect_object (job, "finished", G_CALLBACK (finished_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (job, "notify", G_CALLBACK (update_buttons), self, G_CONNECT_SWAPPED);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_JOB]);
}

static void
lks_wizard_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((LksWizardProperty) prop_id)
    {
    case PROP_JOB:
      g_value_set_object (value, LKS_WIZARD (object)->job);
      break;
    }
}

static void
lks_wizard_dispose (GObject *object)
{
  LksWizard *self = LKS_WIZARD (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_WIZARD);
  g_clear_object (&self->job);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (lks_wizard_parent_class)->dispose (object);
}

static void
lks_wizard_class_init (LksWizardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lks_wizard_get_property;
  object_class->dispose = lks_wizard_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = lks_wizard_close_request;

  properties[PROP_JOB] =
      g_param_spec_object ("job", NULL, NULL, LKS_TYPE_LOCK_JOB,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (LKS_TYPE_CHOOSE_PAGE);
  g_type_ensure (LKS_TYPE_CONFIRM_PAGE);
  g_type_ensure (LKS_TYPE_RECIPE_PAGE);
  g_type_ensure (LKS_TYPE_RESULT_PAGE);
  g_type_ensure (LKS_TYPE_RUNS_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/locksmith/Locksmith/ui/lks-wizard.ui");
  gtk_widget_class_bind_template_child (widget_class, LksWizard, window_title);
  gtk_widget_class_bind_template_child (widget_class, LksWizard, stack);
  gtk_widget_class_bind_template_child (widget_class, LksWizard, back_button);
  gtk_widget_class_bind_template_child (widget_class, LksWizard, next_button);
  gtk_widget_class_bind_template_child (widget_class, LksWizard, error_box);
  gtk_widget_class_bind_template_child (widget_class, LksWizard, error_sentence);
  gtk_widget_class_bind_template_child (widget_class, LksWizard, error_details);
  gtk_widget_class_bind_template_child (widget_class, LksWizard, recipe_page);
  gtk_widget_class_bind_template_callback (widget_class, update_buttons);

  gtk_widget_class_install_action (widget_class, "wizard.next", NULL, next_action);
  gtk_widget_class_install_action (widget_class, "wizard.back", NULL, back_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "wizard.back",
                                       NULL);
}

static void
lks_wizard_init (LksWizard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_wizard_new:
 * @job: what to work on; boards may be chosen already
 * @settings: where the recipe used last is kept
 *
 * Creates a wizard.
 *
 * Returns: (transfer none): a new window, owned by GTK
 */
LksWizard *
lks_wizard_new (LksLockJob *job, GSettings *settings)
{
  LksWizard *self = g_object_new (LKS_TYPE_WIZARD, NULL);

  self->settings = g_object_ref (settings);
  set_job (self, job);
  load_last_recipe (self);
  show_step (self, LKS_WIZARD_STEP_CHOOSE);
  return self;
}
