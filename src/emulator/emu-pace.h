/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * EmuPace:
 *
 * How many bytes one direction of a wire may have carried by now. Time counts only while bytes
 * wait, so an idle wire saves nothing up; a late wake-up catches up what it missed.
 */
typedef struct {
  gboolean busy;       /* bytes are waiting */
  gint64 since_us;     /* the credit is that of this time */
  gint64 credit;       /* byte-microseconds */
  guint bytes_per_second;
} EmuPace;

void   emu_pace_set_rate (EmuPace *self,
                          guint    bytes_per_second);
void   emu_pace_begin    (EmuPace *self,
                          gint64   now_us);
void   emu_pace_end      (EmuPace *self);
gsize  emu_pace_get_room (EmuPace *self,
                          gint64   now_us);
void   emu_pace_spend    (EmuPace *self,
                          gsize    size_bytes);

G_END_DECLS
