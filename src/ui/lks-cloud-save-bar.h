/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksCloudFetchFunc:
 * @client: the service, for whoever is signed in
 * @data: as given
 * @cancellable: ends the wait
 * @error: return location for an error
 *
 * Fetches what belongs into a file. Blocks; runs on a worker thread.
 *
 * Returns: (transfer full): the content, or NULL with @error set
 */
typedef GBytes *(*LksCloudFetchFunc) (LksCloudClient  *client,
                                      gpointer         data,
                                      GCancellable    *cancellable,
                                      GError         **error);

/**
 * LksCloudSave:
 * @desk: where to work with the cloud
 * @title: what is saved, translated
 * @name: a name for the file to begin with
 * @func: fetches it
 * @data: (transfer full): for @func
 * @data_free: frees @data
 *
 * What is to be fetched and saved.
 */
typedef struct {
  LksCloudDesk *desk;
  const char *title;
  const char *name;
  LksCloudFetchFunc func;
  gpointer data;
  GDestroyNotify data_free;
} LksCloudSave;

/**
 * LksCloudSaveBar:
 *
 * Asks for a file, fetches something from the cloud and writes it there, whole or not at all. Says
 * what it does, can be stopped, and shows what went wrong. Hidden until something is asked of it.
 */
#define LKS_TYPE_CLOUD_SAVE_BAR (lks_cloud_save_bar_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudSaveBar, lks_cloud_save_bar, LKS, CLOUD_SAVE_BAR, AdwBin)

void lks_cloud_save_bar_ask   (LksCloudSaveBar    *self,
                               const LksCloudSave *save);
void lks_cloud_save_bar_begin (LksCloudSaveBar    *self,
                               const LksCloudSave *save,
                               GFile              *file);

G_END_DECLS
