/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksWizardStep:
 *
 * The pages of the finalization wizard in their order; the nicks are the names of the pages.
 */
typedef enum {
  LKS_WIZARD_STEP_CHOOSE,
  LKS_WIZARD_STEP_RECIPE,
  LKS_WIZARD_STEP_CHECK,
  LKS_WIZARD_STEP_CONFIRM,
  LKS_WIZARD_STEP_RUN,
  LKS_WIZARD_STEP_RESULT,
} LksWizardStep;

#define LKS_TYPE_WIZARD_STEP (lks_wizard_step_get_type ())
GType lks_wizard_step_get_type (void);

/**
 * LksWizardEvent:
 * @LKS_WIZARD_EVENT_NEXT: the user goes on
 * @LKS_WIZARD_EVENT_BACK: the user goes back
 * @LKS_WIZARD_EVENT_DONE: the runs have ended
 */
typedef enum {
  LKS_WIZARD_EVENT_NEXT,
  LKS_WIZARD_EVENT_BACK,
  LKS_WIZARD_EVENT_DONE,
} LksWizardEvent;

gboolean lks_wizard_step_advance (LksWizardStep   from,
                                  LksWizardEvent  event,
                                  LksWizardStep  *out_to);

G_END_DECLS
