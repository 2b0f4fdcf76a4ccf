/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-operator-act.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksSignInEntry:
 * @event: "signed-in", "signed-out" or "refused"
 * @name: (nullable): who, or who was claimed to be there
 * @role: (nullable): "operator" or "engineer"
 * @how: (nullable): "name", "badge", "pin", "key"; of the end "asked", "idle", "replaced", "closed"
 * @batch: (nullable): the batch that was named
 * @reason: (nullable): why somebody was refused
 * @at_us: Unix time in microseconds
 *
 * One line of the journal of who was at the station. Nothing in it is owned.
 */
typedef struct {
  const char *event;
  const char *name;
  const char *role;
  const char *how;
  const char *batch;
  const char *reason;
  gint64      at_us;
} LksSignInEntry;

char      *lks_sign_in_journal_dup_default_path (void) G_GNUC_WARN_UNUSED_RESULT;
gboolean   lks_sign_in_journal_append           (const char            *path,
                                                 const LksSignInEntry  *entry,
                                                 gboolean               durably,
                                                 GError               **error);
JsonArray *lks_sign_in_journal_read             (const char            *path,
                                                 guint                  lines_max,
                                                 GError               **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
