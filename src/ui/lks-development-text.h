/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-development.h"
#include "lks-labels.h"

G_BEGIN_DECLS

LksSign     lks_sign_for_development_state (LksDevelopmentState      state);
char       *lks_development_to_words       (const char              *note,
                                            const char              *subject) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_development_file_to_text   (const LksSecret         *bytes,
                                            const char              *name) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
