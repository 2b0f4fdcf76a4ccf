/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LksJournalEntry:
 * @sequence: its number in the journal; given by the ledger
 * @run_id: a UUID, the same for all entries of one run, also after it was interrupted
 * @device_id: 128 digits
 * @target: the state to be reached, "Module1Complete" or "DeviceComplete"
 * @step: a name of a step
 * @phase: "intent" before the act, "evidence" after it
 * @at_us: Unix time in microseconds
 * @data: a JSON object: what is intended, or what came out
 * @recipe_hash: (nullable): of a recipe that is kept with the entry, in entries to append
 * @recipe_text: (nullable): its text
 *
 * One line of the journal. In entries to append nothing is owned.
 */
typedef struct {
  gint64      sequence;
  const char *run_id;
  const char *device_id;
  const char *target;
  const char *step;
  const char *phase;
  gint64      at_us;
  const char *data;
  const char *recipe_hash;
  const char *recipe_text;
} LksJournalEntry;

LksJournalEntry *lks_journal_entry_copy (const LksJournalEntry *self) G_GNUC_WARN_UNUSED_RESULT;
void             lks_journal_entry_free (LksJournalEntry       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksJournalEntry, lks_journal_entry_free)

G_END_DECLS
