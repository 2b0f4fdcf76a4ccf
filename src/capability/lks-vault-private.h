/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-vault-index-private.h"
#include "lks-vault.h"

G_BEGIN_DECLS

/* One operation. What it is about is filled in before it is pushed and not touched by the vault's
 * thread until it is done; then what came of it is applied there. */
typedef struct {
  char *fingerprint;       /* (owned) (nullable): of the item that it is about */
  char *text;              /* (owned) (nullable): a label, a path */
  LksSecret *bytes;        /* (owned) (nullable): to be added */
  LksVaultSource source;   /* of @bytes */
  gboolean replace;        /* an existing file */
  GPtrArray *files;        /* (owned) (nullable): of GFile or of LksVaultImport */
  LksSigners *signers;     /* (owned) (nullable): while files are imported */
  LksVaultProgressFunc progress; /* (nullable) */
  gpointer progress_data;
  LksVault *vault;         /* (unowned): for steps that are shown before the end */
  GMainContext *context;   /* (owned): of the vault's thread */

  GPtrArray *found;        /* (owned) (nullable): all items of the keyring */
  LksVaultFields *fields;  /* (owned) (nullable): an item that is new or changed */
  gboolean removed;        /* the item is gone */
  LksCapabilityKey *key;   /* (owned) (nullable) */
  GPtrArray *imports;      /* (owned) (nullable): of LksVaultImport */
} LksVaultJob;

typedef gboolean (*LksVaultFunc) (LksVaultIndex  *index,
                                  LksVaultJob    *job,
                                  GCancellable   *cancellable,
                                  GError        **error);

LksVaultJob  *lks_vault_job_new        (void) G_GNUC_WARN_UNUSED_RESULT;
void          lks_vault_run            (LksVault             *self,
                                        gpointer              source_tag,
                                        LksVaultFunc          func,
                                        LksVaultJob          *job,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
LksVaultJob  *lks_vault_finish         (LksVault             *self,
                                        GAsyncResult         *result,
                                        GError              **error);

void          lks_vault_apply_found    (LksVault             *self,
                                        GPtrArray            *found);
LksVaultItem *lks_vault_apply_fields   (LksVault             *self,
                                        const LksVaultFields *fields);

LksVaultImport *lks_vault_import_new      (const char     *path,
                                           GError         *error) G_GNUC_WARN_UNUSED_RESULT;
void            lks_vault_import_set_item (LksVaultImport *self,
                                           LksVaultItem   *item);

G_END_DECLS
