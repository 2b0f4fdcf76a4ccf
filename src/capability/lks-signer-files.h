/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-signers.h"

G_BEGIN_DECLS

LksSigners *lks_signers_load_default (GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
