/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LksExplanation:
 * @meaning: what it means, an English sentence
 * @advice: what to do next, English sentences; empty when nothing is to be done
 *
 * What a board's word means to a person. The texts are literals that translators see: the
 * window shows them through gettext, the command line as they are.
 */
typedef struct {
  const char *meaning;
  const char *advice;
} LksExplanation;

G_END_DECLS
