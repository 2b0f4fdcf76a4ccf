/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-preparer.h"
#include "lks-development.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksDevelopmentPlace:
 *
 * Where a person says whether the cloud's part of a preparation is done, too: as whom, in which
 * catalog, and to which device group the board goes. The keyring is asked only once that is wanted.
 * The signal "changed" says that the answer is another one.
 */
#define LKS_TYPE_DEVELOPMENT_PLACE (lks_development_place_get_type ())
G_DECLARE_FINAL_TYPE (LksDevelopmentPlace, lks_development_place, LKS, DEVELOPMENT_PLACE, AdwBin)

void              lks_development_place_set_goal        (LksDevelopmentPlace *self,
                                                         LksDevelopmentGoal   goal);
gboolean          lks_development_place_is_wanted       (LksDevelopmentPlace *self);
gboolean          lks_development_place_is_signed_in    (LksDevelopmentPlace *self);
LksCloudPreparer *lks_development_place_create_preparer (LksDevelopmentPlace *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
