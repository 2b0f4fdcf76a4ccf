/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-json.h"

G_BEGIN_DECLS

/**
 * LksCloudPaging:
 * @LKS_CLOUD_PAGING_LINK: `value` and `nextLink`, an address that is fetched as it stands
 * @LKS_CLOUD_PAGING_CONTINUATION: `Items` and `ContinuationToken`, which goes back in a header; or
 *   a bare list
 *
 * How a service hands out long lists.
 */
typedef enum {
  LKS_CLOUD_PAGING_LINK,
  LKS_CLOUD_PAGING_CONTINUATION,
} LksCloudPaging;

/**
 * LksCloudPage:
 * @json: (owned): the document
 * @items: (unowned): its elements, all of them objects
 * @next: (owned) (nullable): what leads to the next page; NULL on the last one
 *
 * One page of a list.
 */
typedef struct {
  LksJson *json;
  JsonArray *items;
  char *next;
} LksCloudPage;

gboolean lks_cloud_page_parse (LksCloudPage    *self,
                               LksCloudPaging   paging,
                               GBytes          *body,
                               GError         **error);
void     lks_cloud_page_clear (LksCloudPage    *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LksCloudPage, lks_cloud_page_clear)

G_END_DECLS
