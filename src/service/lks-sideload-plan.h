/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-keystore.h"
#include "lks-restart-forecast.h"
#include "lks-sideload-facts.h"
#include "lks-sideload-finding.h"

G_BEGIN_DECLS

#define LKS_SIDELOAD_PACKAGES_MAX 16

/**
 * LksSideloadPackage:
 * @name: (owned): what the file is called
 * @bytes: (owned): the whole image
 * @inspection: (owned): what it says
 * @forecast: whether installing it restarts the board
 * @forecast_reason: why, an English sentence for translation
 * @keystore_fit: whether the board's keystore can know its key
 * @keystore_reason: (owned) (nullable): why, English sentences
 *
 * One image that is to be installed. What depends on the board is filled in by a plan.
 */
typedef struct {
  char *name;
  GBytes *bytes;
  LksImageInspection *inspection;
  LksRestartForecast forecast;
  const char *forecast_reason;
  LksKeystoreFit keystore_fit;
  char *keystore_reason;
} LksSideloadPackage;

/**
 * LksSideloadPlan:
 * @facts: (owned): the board
 * @packages: (owned) (element-type LksSideloadPackage): what is to be installed, in this order
 * @findings: (owned) (element-type LksFinding): what was found, the gravest first
 * @forecast: whether all of it together restarts the board
 *
 * What would happen if packages were installed on a board. Nothing has been sent.
 */
typedef struct {
  LksSideloadFacts *facts;
  GPtrArray *packages;
  GPtrArray *findings;
  LksRestartForecast forecast;
} LksSideloadPlan;

GPtrArray          *lks_sideload_packages_new  (void) G_GNUC_WARN_UNUSED_RESULT;
LksSideloadPackage *lks_sideload_package_load  (const char             *path,
                                                GError                **error) G_GNUC_WARN_UNUSED_RESULT;
LksSideloadPackage *lks_sideload_package_new   (const char             *name,
                                                GBytes                 *bytes,
                                                GError                **error) G_GNUC_WARN_UNUSED_RESULT;
void                lks_sideload_package_free  (LksSideloadPackage     *self);

LksSideloadPlan    *lks_sideload_plan_new      (LksSideloadFacts       *facts,
                                                GPtrArray              *packages) G_GNUC_WARN_UNUSED_RESULT;
void                lks_sideload_plan_free     (LksSideloadPlan        *self);

LksFindingLevel     lks_sideload_plan_get_level (const LksSideloadPlan *self);
gboolean            lks_sideload_plan_check    (const LksSideloadPlan  *self,
                                                gboolean                force,
                                                GError                **error);
JsonNode           *lks_sideload_plan_to_json  (const LksSideloadPlan  *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksSideloadPackage, lks_sideload_package_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksSideloadPlan, lks_sideload_plan_free)

G_END_DECLS
