/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-gap.h"
#include "lks-cloud-http.h"
#include "lks-cloud-operation.h"
#include "lks-cloud-page.h"
#include "lks-cloud-place.h"
#include "lks-cloud-retry.h"
#include "lks-cloud-scope.h"
#include "lks-token-source.h"

G_BEGIN_DECLS

/**
 * LksCloudCall:
 * @method: GET, PUT, POST, PATCH or DELETE
 * @scope: (nullable): the place it is about; NULL, with @below, for everything that the account sees
 * @below: (nullable): a list or an action of that place, such as "devices" or "countDevices"
 * @path: (nullable): in place of @scope and @below: what follows the address of the service, already
 *   escaped, with its query; or a whole address that the service gave
 * @content_type: (nullable): of @body; NULL for JSON
 * @body: (nullable): what is sent
 * @body_bytes: how much
 * @is_repeatable: a POST that may be sent twice; all other methods may
 * @is_secret: the answer holds a secret
 * @is_conflict_final: a conflict is an answer, and not something that passes
 * @is_open: goes without a sign-in, and may therefore go to any host
 * @paging: of a list with a @path: how there are more
 * @limit_ms: for one exchange, 0 for the ordinary limit
 * @answer_max_bytes: the most that is taken as an answer, 0 for the ordinary limit
 *
 * One call, which may take several exchanges. Calls about a place are put, and answered, in the terms
 * of the Integrated interface whichever one the client speaks: see [struct@Lks.CloudBack].
 */
typedef struct {
  const char *method;
  const LksCloudScope *scope;
  const char *below;
  const char *path;
  const char *content_type;
  const char *body;
  gsize body_bytes;
  gboolean is_repeatable;
  gboolean is_secret;
  gboolean is_conflict_final;
  gboolean is_open;
  LksCloudPaging paging;
  guint limit_ms;
  gsize answer_max_bytes;
} LksCloudCall;

/**
 * LksCloudItemFunc:
 * @page: the page, for messages about the item
 * @item: one element of a list
 * @user_data: as given
 * @error: return location for an error that ends the listing
 *
 * Takes one element of a list.
 *
 * Returns: whether to go on
 */
typedef gboolean (*LksCloudItemFunc) (LksJson     *page,
                                      JsonObject  *item,
                                      gpointer     user_data,
                                      GError     **error);

/**
 * LksCloudClient:
 *
 * One service at one address, for somebody who is signed in: repeats what may be repeated, waits
 * when it must, follows lists and operations, and sends the sign-in nowhere else. Blocking; one
 * thread at a time.
 */
typedef struct _LksCloudClient LksCloudClient;

LksCloudClient *lks_cloud_client_new        (const char              *base_url,
                                             LksTokenSource          *source,
                                             LksCloudTrust           *trust,
                                             const LksCloudPolicy    *policy,
                                             GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
LksCloudClient *lks_cloud_client_new_for    (const LksCloudPlace     *place,
                                             LksTokenSource          *source,
                                             LksCloudTrust           *trust,
                                             const LksCloudPolicy    *policy,
                                             GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
void            lks_cloud_client_free       (LksCloudClient          *self);

const char     *lks_cloud_client_get_base   (LksCloudClient          *self);
GPtrArray      *lks_cloud_client_get_gaps   (LksCloudClient          *self);

gboolean        lks_cloud_client_call       (LksCloudClient          *self,
                                             const LksCloudCall      *call,
                                             GCancellable            *cancellable,
                                             LksCloudAnswer          *answer,
                                             GError                 **error);
gboolean        lks_cloud_client_wait       (LksCloudClient          *self,
                                             LksCloudOperation       *operation,
                                             GCancellable            *cancellable,
                                             LksCloudAnswer          *answer,
                                             GError                 **error);
gboolean        lks_cloud_client_change     (LksCloudClient          *self,
                                             const LksCloudCall      *call,
                                             GCancellable            *cancellable,
                                             LksCloudAnswer          *answer,
                                             LksCloudOperation      **out_operation,
                                             GError                 **error);
gboolean        lks_cloud_client_list       (LksCloudClient          *self,
                                             const LksCloudCall      *first,
                                             guint                    items_max,
                                             LksCloudItemFunc         func,
                                             gpointer                 user_data,
                                             GCancellable            *cancellable,
                                             GError                 **error);

gboolean        lks_cloud_answer_proves_gone (const LksCloudAnswer   *answer,
                                              const GError           *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksCloudClient, lks_cloud_client_free)

G_END_DECLS
