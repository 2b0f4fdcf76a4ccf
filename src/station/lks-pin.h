/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-secret.h"

G_BEGIN_DECLS

#define LKS_PIN_CHARACTERS_MIN     6
#define LKS_PIN_BYTES_MAX          128
#define LKS_PIN_VERIFIER_BYTES_MAX 512

char     *lks_pin_make_verifier     (const LksSecret  *pin,
                                     GError          **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean  lks_pin_verifier_is_valid (const char       *verifier);
gboolean  lks_pin_check             (const LksSecret  *pin,
                                     const char       *verifier,
                                     GError          **error);

G_END_DECLS
