/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-labels.h"
#include "lks-restart-forecast.h"
#include "lks-sideload.h"
#include "lks-software-view.h"

G_BEGIN_DECLS

/* Software of a board in words. */

LksSign lks_sign_for_app_state         (LksAppState               state);
LksSign lks_sign_for_restart_forecast  (LksRestartForecast        forecast);
LksSign lks_sign_for_finding_level     (LksFindingLevel           level);
LksSign lks_sign_for_outcome           (const LksSideloadOutcome *outcome);

char   *lks_software_item_to_title     (const LksSoftwareItem    *item) G_GNUC_WARN_UNUSED_RESULT;
char   *lks_software_item_to_text      (const LksSoftwareItem    *item) G_GNUC_WARN_UNUSED_RESULT;
char   *lks_software_to_notes          (const LksSoftware        *software) G_GNUC_WARN_UNUSED_RESULT;
char   *lks_software_to_summary        (const LksSoftware        *software) G_GNUC_WARN_UNUSED_RESULT;
char   *lks_software_view_memory_to_text
                                       (const LksSoftwareView    *view) G_GNUC_WARN_UNUSED_RESULT;
char   *lks_package_to_summary         (const LksSideloadPackage *package) G_GNUC_WARN_UNUSED_RESULT;
char   *lks_sideload_progress_to_text  (const LksSideloadProgress *progress,
                                        const LksSideloadPlan    *plan) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
