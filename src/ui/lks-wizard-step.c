/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-wizard-step.h"

G_DEFINE_ENUM_TYPE (LksWizardStep,
                    lks_wizard_step,
                    G_DEFINE_ENUM_VALUE (LKS_WIZARD_STEP_CHOOSE, "choose"),
                    G_DEFINE_ENUM_VALUE (LKS_WIZARD_STEP_RECIPE, "recipe"),
                    G_DEFINE_ENUM_VALUE (LKS_WIZARD_STEP_CHECK, "check"),
                    G_DEFINE_ENUM_VALUE (LKS_WIZARD_STEP_CONFIRM, "confirm"),
                    G_DEFINE_ENUM_VALUE (LKS_WIZARD_STEP_RUN, "run"),
                    G_DEFINE_ENUM_VALUE (LKS_WIZARD_STEP_RESULT, "result"))

/* There is no way back from RUN: what was locked stays locked. */
static const struct
{
  LksWizardStep from;
  LksWizardEvent event;
  LksWizardStep to;
} transitions[] = {
  { LKS_WIZARD_STEP_CHOOSE, LKS_WIZARD_EVENT_NEXT, LKS_WIZARD_STEP_RECIPE },
  { LKS_WIZARD_STEP_RECIPE, LKS_WIZARD_EVENT_BACK, LKS_WIZARD_STEP_CHOOSE },
  { LKS_WIZARD_STEP_RECIPE, LKS_WIZARD_EVENT_NEXT, LKS_WIZARD_STEP_CHECK },
  { LKS_WIZARD_STEP_CHECK, LKS_WIZARD_EVENT_BACK, LKS_WIZARD_STEP_RECIPE },
  { LKS_WIZARD_STEP_CHECK, LKS_WIZARD_EVENT_NEXT, LKS_WIZARD_STEP_CONFIRM },
  { LKS_WIZARD_STEP_CONFIRM, LKS_WIZARD_EVENT_BACK, LKS_WIZARD_STEP_CHECK },
  { LKS_WIZARD_STEP_CONFIRM, LKS_WIZARD_EVENT_NEXT, LKS_WIZARD_STEP_RUN },
  { LKS_WIZARD_STEP_RUN, LKS_WIZARD_EVENT_DONE, LKS_WIZARD_STEP_RESULT },
};

/**
 * lks_wizard_step_advance:
 * @from: the page that is shown
 * @event: what happened
 * @out_to: (out): the page to show next
 *
 * Finds the next page. Pure.
 *
 * Returns: whether the event means anything on this page; @out_to is set only then
 */
gboolean
lks_wizard_step_advance (LksWizardStep from, LksWizardEvent event, LksWizardStep *out_to)
{
  for (guint i = 0; i < G_N_ELEMENTS (transitions); i++)
    if (transitions[i].from == from && transitions[i].event == event)
      {
        *out_to = transitions[i].to;
        return TRUE;
      }
  return FALSE;
}
