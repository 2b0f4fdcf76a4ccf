/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-error.h"
#include "lks-cloud-problem.h"

G_BEGIN_DECLS

void lks_cloud_error_set_problem (GError                **error,
                                  const LksCloudProblem  *problem);
void lks_cloud_error_add_trace   (GError                 *error,
                                  const LksCloudTrace    *trace);
void lks_cloud_error_set_lasting (GError                 *error);

G_END_DECLS
