/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-place.h"
#include "lks-cloud-retry.h"
#include "lks-cloud-trust.h"
#include "lks-tokens.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksSignIn:
 *
 * The sign-in service of one place. Blocking; one thread at a time.
 */
typedef struct _LksSignIn LksSignIn;

/**
 * LksSignInOpenFunc:
 * @url: an address for a browser on this computer
 * @user_data: as given
 *
 * Opens a browser, or tells the person to.
 */
typedef void (*LksSignInOpenFunc) (const char *url,
                                   gpointer    user_data);

LksSignIn *lks_sign_in_new              (const LksCloudPlace   *place,
                                         LksCloudTrust         *trust,
                                         const LksCloudPolicy  *policy) G_GNUC_WARN_UNUSED_RESULT;
void       lks_sign_in_free             (LksSignIn             *self);

gboolean   lks_sign_in_begin            (LksSignIn             *self,
                                         GCancellable          *cancellable,
                                         LksDeviceCode         *out_code,
                                         GError               **error);
gboolean   lks_sign_in_await            (LksSignIn             *self,
                                         const LksDeviceCode   *code,
                                         GCancellable          *cancellable,
                                         LksTokens             *out_tokens,
                                         GError               **error);
gboolean   lks_sign_in_with_browser     (LksSignIn             *self,
                                         LksSignInOpenFunc      open,
                                         gpointer               user_data,
                                         guint                  limit_s,
                                         GCancellable          *cancellable,
                                         LksTokens             *out_tokens,
                                         GError               **error);
char      *lks_sign_in_dup_challenge    (const LksSecret       *verifier) G_GNUC_WARN_UNUSED_RESULT;
gboolean   lks_sign_in_with_secret      (LksSignIn             *self,
                                         const LksSecret       *secret,
                                         GCancellable          *cancellable,
                                         LksTokens             *out_tokens,
                                         GError               **error);
gboolean   lks_sign_in_with_certificate (LksSignIn             *self,
                                         const LksSecret       *pem,
                                         GCancellable          *cancellable,
                                         LksTokens             *out_tokens,
                                         GError               **error);
gboolean   lks_sign_in_refresh          (LksSignIn             *self,
                                         const LksSecret       *refresh,
                                         GCancellable          *cancellable,
                                         LksTokens             *out_tokens,
                                         GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksSignIn, lks_sign_in_free)

G_END_DECLS
