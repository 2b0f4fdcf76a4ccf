/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-sideload-plan.h"

G_BEGIN_DECLS

void lks_sideload_check_board      (LksSideloadPlan *self);
void lks_sideload_check_image      (LksSideloadPlan *self,
                                    int              package);
void lks_sideload_check_capability (LksSideloadPlan *self,
                                    int              package);
void lks_sideload_check_clashes    (LksSideloadPlan *self,
                                    int              package);

G_END_DECLS
