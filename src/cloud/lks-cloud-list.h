/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-item.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* So many are handed out at a time. */
#define LKS_CLOUD_LIST_STEP 100

/* Nobody looks at more rows than that: who searches finds the others. It bounds the memory. */
#define LKS_CLOUD_LIST_ROWS_MAX 10000

/**
 * LksCloudListFunc:
 * @client: a client
 * @scope: (nullable): where to look
 * @func: (scope call): takes each
 * @user_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Lists something of the service's. Blocks; worker threads only.
 *
 * Returns: whether the list is complete
 */
typedef gboolean (*LksCloudListFunc) (LksCloudClient        *client,
                                      const LksCloudScope   *scope,
                                      LksCloudResourceFunc   func,
                                      gpointer               user_data,
                                      GCancellable          *cancellable,
                                      GError               **error);

/**
 * LksCloudListState:
 * @LKS_CLOUD_LIST_LOADING: more is on its way
 * @LKS_CLOUD_LIST_PAUSED: there may be more, which nobody wanted yet
 * @LKS_CLOUD_LIST_COMPLETE: that is all
 * @LKS_CLOUD_LIST_CUT: there is more than %LKS_CLOUD_LIST_ROWS_MAX
 * @LKS_CLOUD_LIST_FAILED: an error ended it; what came before is there
 *
 * How far a list is.
 */
typedef enum {
  LKS_CLOUD_LIST_LOADING,
  LKS_CLOUD_LIST_PAUSED,
  LKS_CLOUD_LIST_COMPLETE,
  LKS_CLOUD_LIST_CUT,
  LKS_CLOUD_LIST_FAILED,
} LksCloudListState;

#define LKS_TYPE_CLOUD_LIST_STATE (lks_cloud_list_state_get_type ())
GType lks_cloud_list_state_get_type (void);

/**
 * LksCloudList:
 *
 * A list of the service's as a model of [class@Lks.CloudItem] that grows: the rows of its first
 * page are there when that page is; the next page is fetched when more is wanted. A search goes
 * through the whole list on the list's own thread, and keeps what it finds. Ends with its last
 * reference, whatever it waits for. Main thread only.
 *
 * Properties: "state"; its notification also says that more rows were looked at.
 */
#define LKS_TYPE_CLOUD_LIST (lks_cloud_list_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudList, lks_cloud_list, LKS, CLOUD_LIST, GObject)

LksCloudList      *lks_cloud_list_new       (LksCloudClient       *client,
                                             LksCloudListFunc      func,
                                             const LksCloudScope  *scope,
                                             const char           *search) G_GNUC_WARN_UNUSED_RESULT;

LksCloudListState  lks_cloud_list_get_state (LksCloudList         *self);
const GError      *lks_cloud_list_get_error (LksCloudList         *self);
GPtrArray         *lks_cloud_list_get_gaps  (LksCloudList         *self);
guint              lks_cloud_list_get_seen  (LksCloudList         *self);
void               lks_cloud_list_want_more (LksCloudList         *self);

G_END_DECLS
