/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-secret.h"

G_BEGIN_DECLS

void       lks_cloud_unsaved_set (const char       *account_id,
                                  const LksSecret  *refresh);
LksSecret *lks_cloud_unsaved_dup (const char       *account_id) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
