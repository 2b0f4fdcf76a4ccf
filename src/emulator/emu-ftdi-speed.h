/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint emu_ftdi_speed_decode (guint16 value,
                             guint16 index);

G_END_DECLS
