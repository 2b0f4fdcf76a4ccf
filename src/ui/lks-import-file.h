/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-capability-preview.h"
#include "lks-labels.h"
#include "lks-vault.h"

G_BEGIN_DECLS

/**
 * LksImportState:
 * @LKS_IMPORT_STATE_READY: it can be imported
 * @LKS_IMPORT_STATE_HELD: the vault has it
 * @LKS_IMPORT_STATE_REFUSED: it is no key, or not what it says
 * @LKS_IMPORT_STATE_DONE: it was imported
 * @LKS_IMPORT_STATE_FAILED: the vault did not take it
 */
typedef enum {
  LKS_IMPORT_STATE_READY,
  LKS_IMPORT_STATE_HELD,
  LKS_IMPORT_STATE_REFUSED,
  LKS_IMPORT_STATE_DONE,
  LKS_IMPORT_STATE_FAILED,
} LksImportState;

/**
 * LksImportFile:
 *
 * One file in the import dialog: what it is, and what became of it. The signal "changed" says
 * that another thing became of it.
 */
#define LKS_TYPE_IMPORT_FILE (lks_import_file_get_type ())
G_DECLARE_FINAL_TYPE (LksImportFile, lks_import_file, LKS, IMPORT_FILE, GObject)

LksImportFile *lks_import_file_new             (LksCapabilityPreview *preview,
                                                LksVault             *vault) G_GNUC_WARN_UNUSED_RESULT;

LksImportState lks_import_file_get_state       (LksImportFile        *self);
GFile         *lks_import_file_get_file        (LksImportFile        *self);
void           lks_import_file_set_result      (LksImportFile        *self,
                                                LksVaultImport       *result);

char          *lks_import_file_to_title        (LksImportFile        *self) G_GNUC_WARN_UNUSED_RESULT;
char          *lks_import_file_to_explanation  (LksImportFile        *self) G_GNUC_WARN_UNUSED_RESULT;
LksSign        lks_import_file_get_sign        (LksImportFile        *self);

G_END_DECLS
