/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-step-row.h"

#include "lks-format.h"
#include "lks-sign-label.h"
#include "lks-verdict-book.h"

#include <glib/gi18n-lib.h>

struct _LksStepRow
{
  AdwPreferencesRow parent_instance;

  GtkLabel *message;     /* template child */
  GtkLabel *evidence;    /* template child */
  GtkExpander *expander; /* template child */
  LksSignLabel *sign;    /* template child */
  GtkButton *waive;      /* template child */
};

G_DEFINE_FINAL_TYPE (LksStepRow, lks_step_row, ADW_TYPE_PREFERENCES_ROW)

/* Evidence is kept as compact JSON; people get it line by line. */
static char *
dup_evidence (LksRunStep *step)
{
  const char *evidence = lks_run_step_get_evidence (step);
  g_autoptr (JsonNode) node = NULL;

  if (evidence == NULL || g_str_equal (evidence, "{}"))
    return g_strdup ("");

  node = json_from_string (evidence, NULL);
  return node != NULL ? json_to_string (node, TRUE) : g_strdup (evidence);
}

static void
set_step (LksStepRow *self, LksRunStep *step)
{
  g_autofree char *spoken = NULL;
  g_autofree char *message = lks_format_sentence (lks_run_step_get_message (step));
  g_autofree char *evidence = dup_evidence (step);
  LksSign sign = lks_sign_for_step_result (lks_run_step_get_result (step));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), lks_run_step_get_title (step));
  gtk_label_set_label (self->message, message);
  gtk_widget_set_visible (GTK_WIDGET (self->message), *message != '\0');
  gtk_label_set_label (self->evidence, evidence);
  gtk_widget_set_visible (GTK_WIDGET (self->expander), *evidence != '\0');
  lks_sign_label_set_sign (self->sign, &sign);

  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->waive), "s",
                                    lks_run_step_get_name (step));

  /* Translators: a step, how it came out, and why, as a screen reader says them */
  spoken = g_strdup_printf (_ ("%s: %s. %s"), lks_run_step_get_title (step), sign.word, message);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
lks_step_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LKS_TYPE_STEP_ROW);
  G_OBJECT_CLASS (lks_step_row_parent_class)->dispose (object);
}

static void
lks_step_row_class_init (LksStepRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_step_row_dispose;

  g_type_ensure (LKS_TYPE_SIGN_LABEL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/locksmith/Locksmith/ui/lks-step-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LksStepRow, message);
  gtk_widget_class_bind_template_child (widget_class, LksStepRow, evidence);
  gtk_widget_class_bind_template_child (widget_class, LksStepRow, expander);
  gtk_widget_class_bind_template_child (widget_class, LksStepRow, sign);
  gtk_widget_class_bind_template_child (widget_class, LksStepRow, waive);
}

static void
lks_step_row_init (LksStepRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_step_row_new:
 * @step: a step
 *
 * Creates a row for a step.
 *
 * Returns: (transfer floating): a new row
 */
GtkWidget *
lks_step_row_new (LksRunStep *step)
{
  LksStepRow *self = g_object_new (LKS_TYPE_STEP_ROW, NULL);

  set_step (self, step);
  return GTK_WIDGET (self);
}

/**
 * lks_step_row_offer_waiver:
 * @self: a row
 * @is_offered: whether somebody may waive this check
 *
 * Shows the button that has the action "run.waive" of a row around this one, with the name of the
 * step.
 */
void
lks_step_row_offer_waiver (LksStepRow *self, gboolean is_offered)
{
  g_return_if_fail (LKS_IS_STEP_ROW (self));

  gtk_widget_set_visible (GTK_WIDGET (self->waive), is_offered);
}
