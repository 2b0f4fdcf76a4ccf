/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-trust.h"

#include <openssl/x509.h>

G_BEGIN_DECLS

gboolean lks_cloud_trust_apply (LksCloudTrust  *self,
                                X509_STORE     *store);

G_END_DECLS
