/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-fault.h"

G_BEGIN_DECLS

/**
 * EmuGlitches:
 *
 * The faults of one line, and how often each has struck.
 */
typedef struct _EmuGlitches EmuGlitches;

/**
 * EmuGlitchEvents:
 * @EMU_GLITCH_UNPLUG: the cable goes out here
 * @EMU_GLITCH_OVERRUN: the chip's receive buffer overflowed here
 * @EMU_GLITCH_STALL: nothing moves from here on
 *
 * What happened while bytes passed.
 */
typedef enum {
  EMU_GLITCH_UNPLUG = 1u << 0,
  EMU_GLITCH_OVERRUN = 1u << 1,
  EMU_GLITCH_STALL = 1u << 2,
} EmuGlitchEvents;

/* Every byte may come twice for each of the faults that double bytes; in practice there is one. */
#define EMU_GLITCH_OUT_MAX_BYTES(in_bytes) (2 * (in_bytes))

EmuGlitches *emu_glitches_new        (guint32            seed) G_GNUC_WARN_UNUSED_RESULT;
void         emu_glitches_free       (EmuGlitches       *self);
void         emu_glitches_add        (EmuGlitches       *self,
                                      const EmuFault    *fault);
void         emu_glitches_clear      (EmuGlitches       *self);

gsize        emu_glitches_pass       (EmuGlitches       *self,
                                      gboolean           to_host,
                                      const guint8      *in,
                                      gsize              in_bytes,
                                      guint8            *out,
                                      gint64             now_us,
                                      EmuGlitchEvents   *out_events);
gint64       emu_glitches_get_stall  (EmuGlitches       *self,
                                      gint64             now_us);
guint        emu_glitches_get_pace   (EmuGlitches       *self,
                                      guint              bytes_per_second);
gboolean     emu_glitches_strike     (EmuGlitches       *self,
                                      EmuFaultKind       kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuGlitches, emu_glitches_free)

G_END_DECLS
