/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-lock-job.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksWizardPage:
 *
 * A page of the wizard. It gets the job by property and publishes a title and whether it is
 * complete; the wizard derives all buttons from that, pages never see them.
 */
#define LKS_TYPE_WIZARD_PAGE (lks_wizard_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (LksWizardPage, lks_wizard_page, LKS, WIZARD_PAGE, AdwBin)

/**
 * LksWizardPageClass:
 * @bind_job: the job is there; called once
 * @enter: the page is about to be shown
 * @apply: the user goes on; may refuse with an error, which is shown
 */
struct _LksWizardPageClass {
  AdwBinClass parent_class;

  void     (*bind_job) (LksWizardPage  *self,
                        LksLockJob     *job);
  void     (*enter)    (LksWizardPage  *self);
  gboolean (*apply)    (LksWizardPage  *self,
                        GError        **error);
};

LksLockJob *lks_wizard_page_get_job      (LksWizardPage  *self);
const char *lks_wizard_page_get_title    (LksWizardPage  *self);
gboolean    lks_wizard_page_get_complete (LksWizardPage  *self);
void        lks_wizard_page_set_complete (LksWizardPage  *self,
                                          gboolean        is_complete);

void        lks_wizard_page_enter        (LksWizardPage  *self);
gboolean    lks_wizard_page_apply        (LksWizardPage  *self,
                                          GError        **error);

G_END_DECLS
