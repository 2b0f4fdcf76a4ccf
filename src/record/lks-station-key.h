/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-secret.h"

G_BEGIN_DECLS

/**
 * LksStationKey:
 *
 * A key that signs what a ledger says, or only its public half, which checks that. ECDSA with P-256
 * and SHA-256, or Ed25519. Immutable; one thread at a time.
 */
typedef struct _LksStationKey LksStationKey;

LksStationKey *lks_station_key_new             (const LksSecret     *pem,
                                                const char          *what,
                                                GError             **error) G_GNUC_WARN_UNUSED_RESULT;
LksStationKey *lks_station_key_generate        (GError             **error) G_GNUC_WARN_UNUSED_RESULT;
LksStationKey *lks_station_key_load            (const char          *path,
                                                GError             **error) G_GNUC_WARN_UNUSED_RESULT;
LksSecret     *lks_station_key_read_file       (const char          *path,
                                                GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean       lks_station_key_is_encrypted    (const LksSecret     *pem);
LksStationKey *lks_station_key_unlock          (const LksSecret     *pem,
                                                const LksSecret     *passphrase,
                                                const char          *what,
                                                GError             **error) G_GNUC_WARN_UNUSED_RESULT;
LksStationKey *lks_station_key_load_public     (const char          *path,
                                                GError             **error) G_GNUC_WARN_UNUSED_RESULT;
LksStationKey *lks_station_key_new_public      (const char          *pem,
                                                GError             **error) G_GNUC_WARN_UNUSED_RESULT;
void           lks_station_key_free            (LksStationKey       *self);

LksSecret     *lks_station_key_dup_secret      (const LksStationKey *self,
                                                GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean       lks_station_key_save_new        (const LksStationKey *self,
                                                const char          *path,
                                                GError             **error);
gboolean       lks_station_key_save_protected  (const LksStationKey *self,
                                                const char          *path,
                                                const LksSecret     *passphrase,
                                                GError             **error);
const char    *lks_station_key_get_pem         (const LksStationKey *self);
const char    *lks_station_key_get_fingerprint (const LksStationKey *self);
char          *lks_station_key_sign            (const LksStationKey *self,
                                                const char          *message,
                                                GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean       lks_station_key_verify          (const LksStationKey *self,
                                                const char          *message,
                                                const char          *signature);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksStationKey, lks_station_key_free)

G_END_DECLS
