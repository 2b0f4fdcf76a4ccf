/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-dialog.h"
#include "lks-cloud-role.h"

G_BEGIN_DECLS

/**
 * LksCloudAct:
 * @title: what is to be done, as a question that names the thing, translated
 * @text: what will be the case then, translated
 * @button: the word that does it, translated
 * @is_destructive: something is gone afterwards
 * @action: what it is, for the role that it needs
 * @func: does it, on a worker thread; once more when the person tries again
 * @data: (transfer full): for @func
 * @data_free: frees @data
 *
 * Something that is done in the cloud after a question.
 */
typedef struct {
  const char *title;
  const char *text;
  const char *button;
  gboolean is_destructive;
  LksCloudAction action;
  LksCloudJobFunc func;
  gpointer data;
  GDestroyNotify data_free;
} LksCloudAct;

/**
 * LksCloudActDialog:
 *
 * Says what is to be done in the cloud and which role that needs, does it, and shows what went
 * wrong. Emits "done" when it is done, and closes.
 */
#define LKS_TYPE_CLOUD_ACT_DIALOG (lks_cloud_act_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudActDialog, lks_cloud_act_dialog, LKS, CLOUD_ACT_DIALOG, LksCloudDialog)

LksCloudActDialog *lks_cloud_act_dialog_new (GtkWindow         *parent,
                                             LksCloudDesk      *desk,
                                             const LksCloudAct *act);

G_END_DECLS
