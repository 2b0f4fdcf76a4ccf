/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-http.h"

G_BEGIN_DECLS

/**
 * LksCloudOperationState:
 *
 * How far an operation is.
 */
typedef enum {
  LKS_CLOUD_OPERATION_RUNNING,
  LKS_CLOUD_OPERATION_SUCCEEDED,
  LKS_CLOUD_OPERATION_FAILED,
} LksCloudOperationState;

typedef struct _LksCloudOperation LksCloudOperation;

/**
 * LksCloudOperationRead:
 * @self: an operation
 * @answer: a good answer from its address
 * @out_state: (out): how far it is
 * @error: return location for a [error@Lks.CloudError]
 *
 * Reads what the service says about an operation.
 *
 * Returns: FALSE with @error set when the operation failed
 */
typedef gboolean (*LksCloudOperationRead) (LksCloudOperation       *self,
                                           const LksCloudAnswer    *answer,
                                           LksCloudOperationState  *out_state,
                                           GError                 **error);

/**
 * LksCloudOperation:
 * @read: how the answers about it are read
 * @poll_url: (owned): where to ask about it, byte for byte as the service gave it
 * @result_url: (owned) (nullable): where the result of a POST is
 * @target_id: (owned) (nullable): ID of the resource that resulted, once it is known
 * @word: (owned) (nullable): the service's word for the state
 * @retry_ms: the wait that the service asked for, 0 when it did not
 * @questions: how often it was asked about
 * @is_resource: @poll_url is the resource itself
 * @is_secret: the result is a secret
 *
 * Work that the service goes on with after its answer. @poll_url may be kept, to ask again after
 * a restart of the program; it holds a signature and must not be logged.
 */
struct _LksCloudOperation {
  LksCloudOperationRead read;
  char *poll_url;
  char *result_url;
  char *target_id;
  char *word;
  guint retry_ms;
  guint questions;
  gboolean is_resource;
  gboolean is_secret;
};

LksCloudOperation *lks_cloud_operation_new (const char             *poll_url,
                                            LksCloudOperationRead   read) G_GNUC_WARN_UNUSED_RESULT;
gboolean lks_cloud_operation_begin (const char              *method,
                                    const char              *url,
                                    const LksCloudAnswer    *answer,
                                    LksCloudOperation      **out_operation,
                                    GError                 **error);
void     lks_cloud_operation_free  (LksCloudOperation       *self);

gboolean lks_cloud_operation_read  (LksCloudOperation       *self,
                                    const LksCloudAnswer    *answer,
                                    LksCloudOperationState  *out_state,
                                    GError                 **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksCloudOperation, lks_cloud_operation_free)

G_END_DECLS
