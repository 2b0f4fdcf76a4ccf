/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-account.h"
#include "lks-cloud-client.h"
#include "lks-vault.h"

G_BEGIN_DECLS

/**
 * LksCloudJobFunc:
 * @client: the service, for whoever is signed in
 * @data: as given
 * @cancellable: ends the wait
 * @error: return location for an error
 *
 * Works with the service. Blocks; runs on a worker thread.
 *
 * Returns: whether it was done
 */
typedef gboolean (*LksCloudJobFunc) (LksCloudClient  *client,
                                     gpointer         data,
                                     GCancellable    *cancellable,
                                     GError         **error);

/**
 * LksCloudDesk:
 *
 * Where a window works with the cloud: who is signed in, as whom to work, and a worker thread for
 * all that blocks. Main thread only.
 *
 * Properties: "account" (as whom to work, NULL for nobody). Signals: "code" (the code that the
 * person types in, the address where, how many minutes there are), "browse" (an address for a
 * browser on this computer).
 */
#define LKS_TYPE_CLOUD_DESK (lks_cloud_desk_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudDesk, lks_cloud_desk, LKS, CLOUD_DESK, GObject)

LksCloudDesk    *lks_cloud_desk_new             (LksCloudTrust        *trust) G_GNUC_WARN_UNUSED_RESULT;

LksCloudTrust   *lks_cloud_desk_get_trust       (LksCloudDesk         *self);
GListModel      *lks_cloud_desk_get_accounts    (LksCloudDesk         *self);
LksCloudAccount *lks_cloud_desk_get_account     (LksCloudDesk         *self);
void             lks_cloud_desk_set_account     (LksCloudDesk         *self,
                                                 LksCloudAccount      *account);
LksVault        *lks_cloud_desk_get_vault       (LksCloudDesk         *self);
void             lks_cloud_desk_set_vault       (LksCloudDesk         *self,
                                                 LksVault             *vault);
LksCloudClient  *lks_cloud_desk_create_client   (LksCloudDesk         *self,
                                                 GError              **error) G_GNUC_WARN_UNUSED_RESULT;

void             lks_cloud_desk_look_async      (LksCloudDesk         *self,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);
gboolean         lks_cloud_desk_look_finish     (LksCloudDesk         *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);

void             lks_cloud_desk_sign_in_async   (LksCloudDesk         *self,
                                                 const LksCloudPlace  *place,
                                                 gboolean              in_browser,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);
gboolean         lks_cloud_desk_sign_in_finish  (LksCloudDesk         *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);

void             lks_cloud_desk_sign_out_async  (LksCloudDesk         *self,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);
gboolean         lks_cloud_desk_sign_out_finish (LksCloudDesk         *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);

void             lks_cloud_desk_run_async       (LksCloudDesk         *self,
                                                 LksCloudJobFunc       func,
                                                 gpointer              data,
                                                 GDestroyNotify        data_free,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);
gpointer         lks_cloud_desk_run_finish      (LksCloudDesk         *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);

G_END_DECLS
