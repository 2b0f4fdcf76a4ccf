/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-keys.h"

G_BEGIN_DECLS

/**
 * EmuImageSpec:
 *
 * What the metadata of an image shall say.
 */
typedef struct {
  EmuSigner signer;
  guint16 image_type;
  const char *component_id;
  const char *image_id;        /* (nullable): a new one is made up */
  const char *name;
  guint32 application_runtime; /* needed, 0: not said */
  gboolean under_development;
  gint64 built_unix_s;         /* 0: now */
} EmuImageSpec;

GBytes *emu_image_sign  (EmuKeys             *keys,
                         const EmuImageSpec  *spec,
                         GBytes              *content,
                         GError             **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes *emu_image_build (EmuKeys             *keys,
                         const EmuImageSpec  *spec,
                         GBytes              *manifest,
                         GBytes              *program,
                         GError             **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
