/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-tile-look.h"

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksSound:
 * @LKS_SOUND_NONE: silence
 * @LKS_SOUND_PASS: a board is proven
 * @LKS_SOUND_ATTENTION: somebody has to do something with a board, or with the wall
 * @LKS_SOUND_FAIL: a board failed, or was stopped
 *
 * What the wall lets people hear, the more urgent ones later.
 */
typedef enum {
  LKS_SOUND_NONE,
  LKS_SOUND_PASS,
  LKS_SOUND_ATTENTION,
  LKS_SOUND_FAIL,
} LksSound;

LksSound lks_sound_for_change (LksTileLook before,
                               LksTileLook now);

/**
 * LksBell:
 *
 * Plays the sounds of the wall. Whatever is heard can be seen, too: without loudspeakers, or without
 * what GTK plays sounds with, there is silence and nothing else. Main thread only.
 */
#define LKS_TYPE_BELL (lks_bell_get_type ())
G_DECLARE_FINAL_TYPE (LksBell, lks_bell, LKS, BELL, GObject)

LksBell *lks_bell_new         (void) G_GNUC_WARN_UNUSED_RESULT;

void     lks_bell_set_enabled (LksBell *self,
                               gboolean enabled);
void     lks_bell_ring        (LksBell *self,
                               LksSound sound);
LksSound lks_bell_get_playing (LksBell *self);

G_END_DECLS
