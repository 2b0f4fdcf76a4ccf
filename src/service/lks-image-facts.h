/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-image-inspection.h"

G_BEGIN_DECLS

/**
 * LksImageFact:
 * @title: what it is, a literal that translators see
 * @words: (nullable): the answer when it is words of ours: a literal that translators see
 * @value: (owned) (nullable): the answer when it is the image's: names, numbers
 *
 * One thing an image tells about itself; either @words or @value is set.
 */
typedef struct {
  const char *title;
  const char *words;
  char *value;
} LksImageFact;

GPtrArray *lks_image_inspection_list_facts (const LksImageInspection *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
