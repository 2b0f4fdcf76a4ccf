/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-keys.h"

G_BEGIN_DECLS

#define EMU_CAPABILITY_NONE 0
#define EMU_CAPABILITY_APP_DEVELOPMENT 11
#define EMU_CAPABILITY_RF_TEST_MODE 12
#define EMU_CAPABILITY_FIELD_SERVICING 13

GBytes *emu_capability_build    (EmuKeys        *keys,
                                 const char     *device_id,
                                 const guint16  *capabilities,
                                 guint           n_capabilities,
                                 GError        **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes *emu_capability_build_at (EmuKeys        *keys,
                                 const char     *device_id,
                                 const guint16  *capabilities,
                                 guint           n_capabilities,
                                 gint64          signed_unix_s,
                                 GError        **error) G_GNUC_WARN_UNUSED_RESULT;

int     emu_capability_main     (int             argc,
                                 char          **argv);
int     emu_image_main          (int             argc,
                                 char          **argv);

G_END_DECLS
