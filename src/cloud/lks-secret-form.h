/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-secret.h"

G_BEGIN_DECLS

/**
 * LksFormField:
 * @name: a name
 * @text: (nullable): its value when that is no secret
 * @secret: (nullable): its value when it is one
 *
 * One field of a form.
 */
typedef struct {
  const char *name;
  const char *text;
  const LksSecret *secret;
} LksFormField;

LksSecret *lks_secret_form_new   (const LksFormField  *fields,
                                  gsize                n_fields) G_GNUC_WARN_UNUSED_RESULT;
LksSecret *lks_secret_new_joined (const char          *prefix,
                                  const LksSecret     *secret) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
