/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-share-place.h"

G_BEGIN_DECLS

char     *lks_station_share_file_dup_path (void) G_GNUC_WARN_UNUSED_RESULT;
char     *lks_station_share_file_find     (GError              **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean  lks_station_share_file_is_fixed (const char           *path);
gboolean  lks_station_share_file_save     (const LksSharePlace  *place,
                                           GError              **error);

G_END_DECLS
