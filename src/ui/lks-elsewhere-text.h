/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-elsewhere.h"
#include "lks-recipe.h"

G_BEGIN_DECLS

LksElsewhereKind lks_elsewhere_describe (const LksElsewhere  *elsewhere,
                                         const char          *device_id,
                                         LksRecipe           *recipe,
                                         char               **out_text);

G_END_DECLS
