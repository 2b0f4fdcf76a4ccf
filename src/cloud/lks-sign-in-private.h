/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-http.h"
#include "lks-secret-form.h"
#include "lks-sign-in.h"

G_BEGIN_DECLS

struct _LksSignIn {
  LksCloudPlace *place; /* (owned) */
  LksCloudHttp *http;   /* (owned) */
  LksCloudPolicy policy;
};

gboolean lks_sign_in_get_tokens (LksSignIn           *self,
                                 const char          *grant,
                                 const char          *scope,
                                 const LksFormField  *own,
                                 gsize                n_own,
                                 GCancellable        *cancellable,
                                 LksTokens           *out_tokens,
                                 GError             **error);

G_END_DECLS
