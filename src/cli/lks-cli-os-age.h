/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-os-shelf.h"

G_BEGIN_DECLS

LksOsShelf *lks_cli_os_shelf_load (void) G_GNUC_WARN_UNUSED_RESULT;
void        lks_cli_os_warn       (const char  *who,
                                   const char  *version);

G_END_DECLS
