/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-journal.h"

/**
 * lks_journal_entry_copy:
 * @self: an entry
 *
 * Returns: (transfer full): a copy that owns its texts
 */
LksJournalEntry *
lks_journal_entry_copy (const LksJournalEntry *self)
{
  LksJournalEntry *copy = g_new0 (LksJournalEntry, 1);

  copy->sequence = self->sequence;
  copy->run_id = g_strdup (self->run_id);
  copy->device_id = g_strdup (self->device_id);
  copy->target = g_strdup (self->target);
  copy->step = g_strdup (self->step);
  copy->phase = g_strdup (self->phase);
  copy->at_us = self->at_us;
  copy->data = g_strdup (self->data);
  return copy;
}

/**
 * lks_journal_entry_free:
 * @self: (transfer full) (nullable): an entry made by lks_journal_entry_copy()
 */
void
lks_journal_entry_free (LksJournalEntry *self)
{
  if (self == NULL)
    return;

  g_free ((char *) self->run_id);
  g_free ((char *) self->device_id);
  g_free ((char *) self->target);
  g_free ((char *) self->step);
  g_free ((char *) self->phase);
  g_free ((char *) self->data);
  g_free (self);
}
