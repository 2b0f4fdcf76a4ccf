/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What encrypts MadeCert.encrypted. */
#define MADE_CERT_PASSWORD "open sesame"

/**
 * MadeCert:
 *
 * A self-signed certificate with its key, plain and encrypted, as PEM texts.
 */
typedef struct {
  char *cert;      /* (owned) */
  char *key;       /* (owned) */
  char *encrypted; /* (owned) */
} MadeCert;

MadeCert *made_cert_new      (const char *common_name,
                              const char *not_before,
                              const char *not_after) G_GNUC_WARN_UNUSED_RESULT;
MadeCert *made_cert_new_days (const char *common_name,
                              int         from_day,
                              int         to_day) G_GNUC_WARN_UNUSED_RESULT;
void      made_cert_free     (MadeCert   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MadeCert, made_cert_free)

G_END_DECLS
