/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-board.h"
#include "emu-scenario.h"
#include "emu-trace.h"

G_BEGIN_DECLS

/**
 * EmuJig:
 *
 * The places of an emulator: in each a board behind its adapter, all of them offered by one
 * USB/IP server. Lives on the main context that was the thread's default when it was made.
 */
typedef struct _EmuJig EmuJig;

/**
 * EmuPlaceState:
 * @busid: name of the place on the bus; (unowned)
 * @plugged: whether the adapter is in
 * @imported: whether a USB/IP client has it
 * @in_recovery: whether the MT3620 started in recovery mode and does nothing else
 * @blinks: how often the host made the adapter's LED blink
 * @board: (unowned): the board
 *
 * What there is to say about one place now.
 */
typedef struct {
  const char *busid;
  gboolean plugged;
  gboolean imported;
  gboolean in_recovery;
  guint64 blinks;
  EmuBoard *board;
} EmuPlaceState;

EmuJig     *emu_jig_new          (EmuScenario     *scenario,
                                  const char      *usbip_address,
                                  const char      *state_dir,
                                  EmuTrace        *trace,
                                  guint            idle_status_ms,
                                  GError         **error) G_GNUC_WARN_UNUSED_RESULT;
void        emu_jig_free         (EmuJig          *self);

const char *emu_jig_get_address  (EmuJig          *self);
guint       emu_jig_get_n_places (EmuJig          *self);
void        emu_jig_get_state    (EmuJig          *self,
                                  guint            index,
                                  EmuPlaceState   *out_state);

void        emu_jig_plug         (EmuJig          *self,
                                  guint            index);
void        emu_jig_unplug       (EmuJig          *self,
                                  guint            index);
gboolean    emu_jig_swap         (EmuJig          *self,
                                  guint            index,
                                  guint            other);
gboolean    emu_jig_renew        (EmuJig          *self,
                                  guint            index);
void        emu_jig_reset        (EmuJig          *self,
                                  guint            index);
void        emu_jig_set_pace     (EmuJig          *self,
                                  guint            index,
                                  guint            bytes_per_second);
void        emu_jig_add_fault    (EmuJig          *self,
                                  guint            index,
                                  const EmuFault  *fault);
void        emu_jig_clear_faults (EmuJig          *self,
                                  guint            index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuJig, emu_jig_free)

G_END_DECLS
