/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-secret.h"

G_BEGIN_DECLS

gboolean lks_cloud_repeats_secret (const char             *text,
                                   const LksSecret *const *secrets);
char    *lks_cloud_dup_withheld   (const char             *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
