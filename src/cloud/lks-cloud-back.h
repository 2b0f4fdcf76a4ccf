/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-client.h"

G_BEGIN_DECLS

/**
 * LksCloudBack:
 * @call: as lks_cloud_client_call()
 * @change: as lks_cloud_client_change()
 * @list: as lks_cloud_client_list()
 * @open: (nullable): makes what it keeps for a client
 * @close: (nullable): frees that
 *
 * One of the interfaces of the service: what a client does with calls about places. Products,
 * devices, claims and everything else above is written once, in the terms of the Integrated
 * interface; another one translates questions and answers, and says %LKS_CLOUD_ERROR_NOT_SUPPORTED
 * where it has no equal.
 */
typedef struct {
  gboolean (*call)   (LksCloudClient      *client,
                      const LksCloudCall  *call,
                      GCancellable        *cancellable,
                      LksCloudAnswer      *answer,
                      GError             **error);
  gboolean (*change) (LksCloudClient      *client,
                      const LksCloudCall  *call,
                      GCancellable        *cancellable,
                      LksCloudAnswer      *answer,
                      LksCloudOperation  **out_operation,
                      GError             **error);
  gboolean (*list)   (LksCloudClient      *client,
                      const LksCloudCall  *first,
                      guint                items_max,
                      LksCloudItemFunc     func,
                      gpointer             user_data,
                      GCancellable        *cancellable,
                      GError             **error);
  gpointer (*open)   (void);
  void     (*close)  (gpointer             data);
} LksCloudBack;

extern const LksCloudBack lks_cloud_back_integrated;
extern const LksCloudBack lks_cloud_back_legacy;

gpointer lks_cloud_client_get_back_data (LksCloudClient *self);

G_END_DECLS
