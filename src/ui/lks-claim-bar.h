/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksClaimBar:
 *
 * How many boards wait for their claim, and the button that makes it; not to be seen when none
 * does. Follows [class@Lks.ClaimBook].
 */
#define LKS_TYPE_CLAIM_BAR (lks_claim_bar_get_type ())
G_DECLARE_FINAL_TYPE (LksClaimBar, lks_claim_bar, LKS, CLAIM_BAR, AdwBin)

G_END_DECLS
