/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger.h"

G_BEGIN_DECLS

/**
 * LksLabelConflict:
 * @device_id: (owned) (nullable): the other board that the label belongs to
 * @label: (owned) (nullable): the other label that the board has
 *
 * What speaks against a pair of a label and a board: one of the two, or nothing. Initialise with
 * { 0 }.
 */
typedef struct {
  char *device_id;
  char *label;
} LksLabelConflict;

void     lks_label_conflict_clear (LksLabelConflict       *self);
gboolean lks_label_conflict_is_set
                                  (const LksLabelConflict *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LksLabelConflict, lks_label_conflict_clear)

/**
 * LksLabelCheckFunc:
 * @ledger: what happened so far
 * @label: what stands on a unit
 * @device_id: the device ID of its board: 128 digits
 * @out_conflict: (out): what speaks against the pair; clear it with lks_label_conflict_clear()
 * @error: return location for why nobody knows
 *
 * lks_label_check(), or somebody else who is asked. Any thread; blocks.
 *
 * Returns: whether it could be asked
 */
typedef gboolean (*LksLabelCheckFunc) (LksLedger         *ledger,
                                       const char        *label,
                                       const char        *device_id,
                                       LksLabelConflict  *out_conflict,
                                       GError           **error);

gboolean lks_label_check          (LksLedger              *ledger,
                                   const char             *label,
                                   const char             *device_id,
                                   LksLabelConflict       *out_conflict,
                                   GError                **error);
void     lks_label_check_async    (LksLedger              *ledger,
                                   const char             *label,
                                   const char             *device_id,
                                   GAsyncReadyCallback     callback,
                                   gpointer                user_data);
gboolean lks_label_check_finish   (GAsyncResult           *result,
                                   LksLabelConflict       *out_conflict,
                                   GError                **error);

G_END_DECLS
