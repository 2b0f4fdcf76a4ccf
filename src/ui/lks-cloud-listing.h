/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-list.h"

G_BEGIN_DECLS

/**
 * LksCloudListing:
 * @nick: its name in documents and files
 * @title: what is listed
 * @empty: what to say when there is none
 * @func: lists it
 * @kind: of what it is
 * @is_level: its rows lead to further lists
 * @add: (nullable): the word that makes something new there
 *
 * Something that can be listed at a place of the cloud. Texts are marked for translation.
 */
typedef struct {
  const char *nick;
  const char *title;
  const char *empty;
  LksCloudListFunc func;
  const LksCloudKind *kind;
  gboolean is_level;
  const char *add;
} LksCloudListing;

const LksCloudListing *lks_cloud_listings_get (const LksCloudScope  *scope,
                                               guint                *out_n_listings);

gboolean               lks_cloud_listing_groups
                                              (LksCloudClient       *client,
                                               const LksCloudScope  *scope,
                                               LksCloudResourceFunc  func,
                                               gpointer              user_data,
                                               GCancellable         *cancellable,
                                               GError              **error);

G_END_DECLS
