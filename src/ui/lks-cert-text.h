/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cert-store.h"
#include "lks-labels.h"

G_BEGIN_DECLS

LksSign lks_sign_for_stored_cert   (const LksStoredCert  *cert);
char   *lks_stored_cert_to_text    (const LksCertStore   *store,
                                    const LksStoredCert  *cert) G_GNUC_WARN_UNUSED_RESULT;
char   *lks_pem_cert_to_text       (const LksPemCert     *cert) G_GNUC_WARN_UNUSED_RESULT;
char   *lks_cert_notices_to_text   (guint                 notices) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
