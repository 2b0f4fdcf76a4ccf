/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-place.h"
#include "lks-secret-store.h"
#include "lks-sign-in.h"
#include "lks-token-source.h"

G_BEGIN_DECLS

/**
 * LksAccountKind:
 * @LKS_ACCOUNT_KIND_UNKNOWN: of a newer version of this program
 * @LKS_ACCOUNT_KIND_PERSON: a person; what is kept is a refresh token
 * @LKS_ACCOUNT_KIND_SECRET: a station, by the application's secret
 * @LKS_ACCOUNT_KIND_CERTIFICATE: a station, by the application's certificate
 */
typedef enum {
  LKS_ACCOUNT_KIND_UNKNOWN,
  LKS_ACCOUNT_KIND_PERSON,
  LKS_ACCOUNT_KIND_SECRET,
  LKS_ACCOUNT_KIND_CERTIFICATE,
} LksAccountKind;

#define LKS_TYPE_ACCOUNT_KIND (lks_account_kind_get_type ())
GType lks_account_kind_get_type (void);

/**
 * LksCloudAccount:
 *
 * Somebody who signed in, and stays so: gets another access token when one is needed. What opens
 * the account lies in the user's keyring and nowhere else; the access token is held in wiped
 * memory. Any number of worker threads may use it, and other objects for the same account: they
 * sign in one after the other, and hear a cancellation while they wait. What the keyring does not
 * take is tried again with every call, which fails until then.
 */
#define LKS_TYPE_CLOUD_ACCOUNT (lks_cloud_account_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudAccount, lks_cloud_account, LKS, CLOUD_ACCOUNT, GObject)

LksCloudAccount     *lks_cloud_account_add       (LksSecretStore         *store,
                                                  const LksCloudPlace    *place,
                                                  LksCloudTrust          *trust,
                                                  LksAccountKind          kind,
                                                  const LksSecret        *secret,
                                                  LksTokens              *tokens,
                                                  GCancellable           *cancellable,
                                                  GError                **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray           *lks_cloud_account_list      (LksSecretStore         *store,
                                                  LksCloudTrust          *trust,
                                                  GCancellable           *cancellable,
                                                  GError                **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean             lks_cloud_account_forget    (LksCloudAccount        *self,
                                                  GCancellable           *cancellable,
                                                  GError                **error);

const char          *lks_cloud_account_get_id    (LksCloudAccount        *self);
const char          *lks_cloud_account_get_user  (LksCloudAccount        *self);
LksAccountKind       lks_cloud_account_get_kind  (LksCloudAccount        *self);
const LksCloudPlace *lks_cloud_account_get_place (LksCloudAccount        *self);
gboolean             lks_cloud_account_is_legacy (LksCloudAccount        *self);

G_END_DECLS
