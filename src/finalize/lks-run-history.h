/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-recipe.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What the journal says became of a write: the "outcome" of the evidence of "read-back". */
#define LKS_WRITE_DONE "written"
#define LKS_WRITE_NOT_DONE "not-written"
#define LKS_WRITE_UNKNOWN "unknown"

/**
 * LksRunHistory:
 * @run_id: (nullable): the run that is not finished yet, or NULL
 * @is_unresolved: a write was intended and nobody has asked the board yet what became of it
 * @is_written: the board has been read to be in the target state after a write of this run
 * @is_proven: and has proven a restart since
 * @is_loading: images were about to be loaded, and it is not known that they were
 * @state_before: (nullable): the board's word for its state before the write
 * @begun_us: when the write was intended, Unix microseconds
 * @recipe_hash: (nullable): of the recipe it was begun with
 * @recipe_name: (nullable): its name, where the journal has it
 * @label: (nullable): the label of the unit then
 * @clock: (nullable): the clock of @clock_us; NULL: no uptime was read after the write
 * @clock_us: when @uptime_s was read
 * @uptime_s: the first uptime that was read after the write, in seconds
 * @waivers: (nullable) (element-type JsonObject): what was waived in the checks of @run_id
 * @checked_run_id: (nullable): of whose checks @waivers are
 *
 * What the journal knows about one board and one target.
 */
typedef struct {
  char     *run_id;
  gboolean  is_unresolved;
  gboolean  is_written;
  gboolean  is_proven;
  gboolean  is_loading;
  char     *state_before;
  gint64    begun_us;
  char     *recipe_hash;
  char     *recipe_name;
  char     *label;
  char     *clock;
  gint64    clock_us;
  guint64   uptime_s;
  GPtrArray *waivers;
  char     *checked_run_id;
} LksRunHistory;

void lks_run_history_derive (GPtrArray      *entries,
                             const char     *target,
                             LksRunHistory  *out_history);
void lks_run_history_clear  (LksRunHistory  *self);

G_END_DECLS
