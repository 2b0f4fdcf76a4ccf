/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-operator-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksOperatorChip:
 *
 * Who is at the station, in the header bar: name and role, and below it since when, the batch, and
 * the way to sign out or to sign in as somebody else. Not there while nobody is.
 */
#define LKS_TYPE_OPERATOR_CHIP (lks_operator_chip_get_type ())
G_DECLARE_FINAL_TYPE (LksOperatorChip, lks_operator_chip, LKS, OPERATOR_CHIP, AdwBin)

LksOperatorChip *lks_operator_chip_new (LksOperatorSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
