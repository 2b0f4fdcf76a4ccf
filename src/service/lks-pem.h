/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-secret.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The most that a file with certificates or keys may hold. */
#define LKS_PEM_FILE_MAX_BYTES (64 * 1024)

/**
 * LksPemCert:
 * @pem: the certificate alone, as PEM text
 * @subject: subject name, "/C=…/CN=…", as a board writes it
 * @issuer: issuer name
 * @not_before_s: begin of validity, seconds since 1970 UTC
 * @not_after_s: end of validity
 * @is_ca: it may issue others
 * @is_self_signed: subject and issuer are the same
 * @is_for_clients: it may prove who a client is
 * @key_bits: size of its public key
 * @is_key_short: the key is shorter than what servers accept today
 * @fingerprint: SHA-256 of the certificate, 64 digits
 *
 * A certificate from a file; immutable.
 */
typedef struct {
  char *pem;
  char *subject;
  char *issuer;
  gint64 not_before_s;
  gint64 not_after_s;
  gboolean is_ca;
  gboolean is_self_signed;
  gboolean is_for_clients;
  guint key_bits;
  gboolean is_key_short;
  char *fingerprint;
} LksPemCert;

LksPemCert *lks_pem_cert_parse (const char        *data,
                                gsize              size_bytes,
                                GError           **error) G_GNUC_WARN_UNUSED_RESULT;
LksPemCert *lks_pem_cert_load  (const char        *path,
                                GError           **error) G_GNUC_WARN_UNUSED_RESULT;
void        lks_pem_cert_free  (LksPemCert        *self);

LksSecret  *lks_pem_key_parse  (const LksSecret   *file,
                                gboolean          *out_is_encrypted,
                                GError           **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean    lks_pem_key_check  (const LksSecret   *key,
                                const LksSecret   *password,
                                const LksPemCert  *cert,
                                GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksPemCert, lks_pem_cert_free)

G_END_DECLS
