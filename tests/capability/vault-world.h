/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "keyring-daemon.h"

#include "lks-vault.h"

/* A directory, a keyring in it, and the answers of a vault's operations, waited for. */
typedef struct {
  char *dir; /* (owned) */
  KeyringDaemon *daemon; /* (owned) (nullable) */
  GAsyncResult *result; /* (owned) (nullable): the last answer */
} World;

void          world_set_up           (World            *world,
                                      gconstpointer     unused);
void          world_set_up_unlocked  (World            *world,
                                      gconstpointer     unused);
void          world_tear_down        (World            *world,
                                      gconstpointer     unused);

char         *world_write_file       (World            *world,
                                      const char       *name,
                                      GBytes           *bytes);
char         *world_write_capability (World            *world,
                                      const char       *name,
                                      guint8            device_id_byte,
                                      guint16           capability);
char         *world_write_forged_capability (World      *world,
                                      const char       *name,
                                      guint8            device_id_byte,
                                      const char       *signer_path);

void          world_answered_cb      (GObject          *source,
                                      GAsyncResult     *result,
                                      gpointer          world);
GAsyncResult *world_wait             (World            *world);

gboolean      world_open             (World            *world,
                                      LksVault         *vault,
                                      GError          **error);
gboolean      world_refresh          (World            *world,
                                      LksVault         *vault,
                                      GError          **error);
GPtrArray    *world_import           (World            *world,
                                      LksVault         *vault,
                                      GError          **error,
                                      ...) G_GNUC_NULL_TERMINATED;
LksVaultItem *world_import_one       (World            *world,
                                      LksVault         *vault,
                                      guint8            device_id_byte);
LksCapabilityKey *world_fetch        (World            *world,
                                      LksVault         *vault,
                                      LksVaultItem     *item,
                                      GError          **error);
guint         world_count            (LksVault         *vault);
LksVaultItem *world_get              (LksVault         *vault,
                                      guint             position);
