/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-capability-key.h"
#include "lks-vault-error.h"
#include "lks-vault-import.h"
#include "lks-vault-item.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksVaultState:
 * @LKS_VAULT_STATE_UNKNOWN: nobody has looked yet
 * @LKS_VAULT_STATE_OPEN: the list is what the keyring holds
 * @LKS_VAULT_STATE_LOCKED: the keyring is locked; the list is what was known before
 * @LKS_VAULT_STATE_ABSENT: this session has no keyring
 * @LKS_VAULT_STATE_FAILED: something else; see lks_vault_get_error()
 */
typedef enum {
  LKS_VAULT_STATE_UNKNOWN,
  LKS_VAULT_STATE_OPEN,
  LKS_VAULT_STATE_LOCKED,
  LKS_VAULT_STATE_ABSENT,
  LKS_VAULT_STATE_FAILED,
} LksVaultState;

#define LKS_TYPE_VAULT_STATE (lks_vault_state_get_type ())
GType             lks_vault_state_get_type       (void);

/**
 * LksVault:
 *
 * The capabilities of this operating-system user, kept in the user's keyring. It is read once,
 * when first opened, and kept up to date by what is done through this object; another program's
 * changes are seen after a refresh. The bytes of a capability leave the keyring only when they
 * are asked for, and go into an [class@Lks.CapabilityKey].
 *
 * Lives on the thread that made it; every operation waits elsewhere, one after the other. The
 * properties "state" and "is-busy" notify.
 */
#define LKS_TYPE_VAULT (lks_vault_get_type ())
G_DECLARE_FINAL_TYPE (LksVault, lks_vault, LKS, VAULT, GObject)

LksVault         *lks_vault_new                  (void) G_GNUC_WARN_UNUSED_RESULT;

LksVaultState     lks_vault_get_state            (LksVault             *self);
const GError     *lks_vault_get_error            (LksVault             *self);
gboolean          lks_vault_is_busy              (LksVault             *self);

GListModel       *lks_vault_get_items            (LksVault             *self);
GPtrArray        *lks_vault_find                 (LksVault             *self,
                                                  const char           *device_id) G_GNUC_WARN_UNUSED_RESULT;
LksVaultItem     *lks_vault_find_for             (LksVault             *self,
                                                  const char           *device_id,
                                                  guint                 capability);
LksVaultItem     *lks_vault_get_item             (LksVault             *self,
                                                  const char           *fingerprint);

void              lks_vault_open_async           (LksVault             *self,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean          lks_vault_open_finish          (LksVault             *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);
void              lks_vault_refresh_async        (LksVault             *self,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean          lks_vault_refresh_finish       (LksVault             *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);
void              lks_vault_unlock_async         (LksVault             *self,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean          lks_vault_unlock_finish        (LksVault             *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);

void              lks_vault_fetch_key_async      (LksVault             *self,
                                                  LksVaultItem         *item,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
LksCapabilityKey *lks_vault_fetch_key_finish     (LksVault             *self,
                                                  GAsyncResult         *result,
                                                  GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void              lks_vault_touch_async          (LksVault             *self,
                                                  LksVaultItem         *item,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean          lks_vault_touch_finish         (LksVault             *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);
void              lks_vault_set_label_async      (LksVault             *self,
                                                  LksVaultItem         *item,
                                                  const char           *label,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean          lks_vault_set_label_finish     (LksVault             *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);
void              lks_vault_remove_async         (LksVault             *self,
                                                  LksVaultItem         *item,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean          lks_vault_remove_finish        (LksVault             *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);

void              lks_vault_import_async         (LksVault             *self,
                                                  GPtrArray            *files,
                                                  LksVaultProgressFunc  progress,
                                                  gpointer              progress_data,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
GPtrArray        *lks_vault_import_finish        (LksVault             *self,
                                                  GAsyncResult         *result,
                                                  GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void              lks_vault_add_async            (LksVault             *self,
                                                  LksSecret            *bytes,
                                                  LksVaultSource        source,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
LksVaultItem     *lks_vault_add_finish           (LksVault             *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);
void              lks_vault_delete_files_async   (LksVault             *self,
                                                  GPtrArray            *imports,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean          lks_vault_delete_files_finish  (LksVault             *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);
void              lks_vault_export_async         (LksVault             *self,
                                                  LksVaultItem         *item,
                                                  const char           *path,
                                                  gboolean              replace,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean          lks_vault_export_finish        (LksVault             *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);

G_END_DECLS
