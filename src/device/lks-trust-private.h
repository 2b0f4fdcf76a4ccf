/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-trust.h"

#include <openssl/x509.h>

G_BEGIN_DECLS

LksTrust *lks_trust_new_for_key (EVP_PKEY         *key) G_GNUC_WARN_UNUSED_RESULT;
EVP_PKEY *lks_trust_get_key     (LksTrust         *self);
gboolean  lks_trust_verify      (LksTrust         *self,
                                 X509             *leaf,
                                 STACK_OF (X509)  *chain,
                                 GError          **error);

G_END_DECLS
