/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board-status.h"

G_BEGIN_DECLS

/**
 * LksTone:
 * @LKS_TONE_PLAIN: nothing to notice
 * @LKS_TONE_GOOD: as it should be
 * @LKS_TONE_NOTICE: in motion, or worth knowing
 * @LKS_TONE_WARNING: needs a person, nothing is lost
 * @LKS_TONE_BAD: wrong
 *
 * How loud a sign is. It only ever comes together with an icon and a word.
 */
typedef enum {
  LKS_TONE_PLAIN,
  LKS_TONE_GOOD,
  LKS_TONE_NOTICE,
  LKS_TONE_WARNING,
  LKS_TONE_BAD,
} LksTone;

#define LKS_TYPE_TONE (lks_tone_get_type ())
GType lks_tone_get_type (void);

/**
 * LksSign:
 * @icon_name: a symbolic icon
 * @word: (transfer none): the state in a word or two, translated
 * @meaning: (transfer none): what it means in a sentence, translated; empty when the word says it all
 * @tone: how loud it is
 *
 * A state as a person sees it.
 */
typedef struct {
  const char *icon_name;
  const char *word;
  const char *meaning;
  LksTone     tone;
} LksSign;

LksSign     lks_sign_for_status              (const LksBoardStatus *status);
LksSign     lks_sign_for_manufacturing_state (const char           *state);
LksSign     lks_sign_for_peripheral_lock     (LksPeripheralLock     lock);
LksSign     lks_sign_for_capability          (guint32               number);
LksSign     lks_sign_for_fact                (const LksFact        *fact,
                                              gboolean              is_stale);
LksSign     lks_sign_for_network_fact        (const char           *name,
                                              const char           *value);

int         lks_manufacturing_step           (const char           *state);
char       *lks_capability_title             (guint32               number) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_capabilities_to_text         (const guint32        *numbers,
                                              gsize                 n_numbers) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_fact_to_text                 (const LksBoardStatus *status,
                                              LksFactId             id) G_GNUC_WARN_UNUSED_RESULT;
const char *lks_tone_to_css_class            (LksTone               tone);

G_END_DECLS
