/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-desk.h"
#include "lks-cloud-name.h"
#include "lks-cloud-role.h"
#include "lks-error-note.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksCloudDialog:
 *
 * What the dialogs about the cloud have in common: the desk, and that closing ends what they wait
 * for. Escape closes. Its subclasses have a template and leave it to this class to dispose of it.
 * The signal "done" says that the service has done what the dialog is for.
 */
#define LKS_TYPE_CLOUD_DIALOG (lks_cloud_dialog_get_type ())
G_DECLARE_DERIVABLE_TYPE (LksCloudDialog, lks_cloud_dialog, LKS, CLOUD_DIALOG, AdwWindow)

struct _LksCloudDialogClass {
  AdwWindowClass parent_class;
};

void          lks_cloud_dialog_set_desk        (LksCloudDialog      *self,
                                                LksCloudDesk        *desk);
LksCloudDesk *lks_cloud_dialog_get_desk        (LksCloudDialog      *self);
gboolean      lks_cloud_dialog_is_gone         (LksCloudDialog      *self);
GCancellable *lks_cloud_dialog_get_cancellable (LksCloudDialog      *self);
void          lks_cloud_dialog_tell_role       (LksCloudDialog      *self,
                                                GtkLabel            *label,
                                                LksCloudAction       action);
void          lks_cloud_dialog_show_name       (AdwEntryRow         *row,
                                                GtkLabel            *note,
                                                LksCloudNameKind     kind);
void          lks_cloud_dialog_run             (LksCloudDialog      *self,
                                                LksCloudJobFunc      func,
                                                gpointer             data,
                                                GDestroyNotify       data_free,
                                                GAsyncReadyCallback  callback);
gboolean      lks_cloud_dialog_run_finish      (LksCloudDialog      *self,
                                                GAsyncResult        *result,
                                                LksErrorNote        *note,
                                                gpointer            *out_data);
void          lks_cloud_dialog_done            (LksCloudDialog      *self);

G_END_DECLS
