/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-operator-session.h"

G_BEGIN_DECLS

/**
 * LksOperatorCheck:
 * @config: (owned): what holds for this station
 * @journal_path: (owned): where it is written down
 * @tries_path: (owned): where wrong PINs are counted
 * @text: (owned): the name or the badge
 * @pin: (owned) (nullable): the engineer PIN
 * @key_path: (owned) (nullable): file of a recipe-signing key
 * @batch: (owned) (nullable): the batch
 * @now_us: Unix time in microseconds
 * @name: (owned) (nullable): who it is, once it is known
 * @how: how that was shown
 * @role: as what
 *
 * One attempt to sign in, on a thread of its own.
 */
typedef struct {
  LksStationConfig *config;
  char             *journal_path;
  char             *tries_path;
  char             *text;
  LksSecret        *pin;
  char             *key_path;
  char             *batch;
  gint64            now_us;
  char             *name;
  const char       *how;
  LksOperatorRole   role;
} LksOperatorCheck;

void      lks_operator_check_free (LksOperatorCheck  *self);
gboolean  lks_operator_check_run  (LksOperatorCheck  *self,
                                   GCancellable      *cancellable,
                                   GError           **error);
char     *lks_operator_check_word (const char        *text,
                                   const char        *what,
                                   guint              characters_max,
                                   GError           **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
