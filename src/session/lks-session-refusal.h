/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-keystore.h"

G_BEGIN_DECLS

/**
 * LksSessionRefusal:
 * @LKS_SESSION_REFUSAL_UNKNOWN: none of the known reasons fits
 * @LKS_SESSION_REFUSAL_OTHER_BOARD: the file is for another board
 * @LKS_SESSION_REFUSAL_GRANTS_NOTHING: the file grants nothing that opens a finished board
 * @LKS_SESSION_REFUSAL_KEYSTORE: the board's trusted keystore may be too old for the file
 * @LKS_SESSION_REFUSAL_UPDATING: the board is being updated over the air
 * @LKS_SESSION_REFUSAL_BUSY: the board is busy
 *
 * Why a board does not accept the capability of a session. Nicks: "unknown", "other-board",
 * "grants-nothing", "keystore", "updating", "busy".
 */
typedef enum {
  LKS_SESSION_REFUSAL_UNKNOWN,
  LKS_SESSION_REFUSAL_OTHER_BOARD,
  LKS_SESSION_REFUSAL_GRANTS_NOTHING,
  LKS_SESSION_REFUSAL_KEYSTORE,
  LKS_SESSION_REFUSAL_UPDATING,
  LKS_SESSION_REFUSAL_BUSY,
} LksSessionRefusal;

#define LKS_TYPE_SESSION_REFUSAL (lks_session_refusal_get_type ())
GType             lks_session_refusal_get_type   (void);

/**
 * LksSessionRefusalFacts:
 * @file_device_id: the board that the file names
 * @device_id: (nullable): what the board says of itself now
 * @capabilities: (element-type guint): what the file grants
 * @keystore: whether the board's keystore can know the file's signature
 * @keystore_reason: (nullable): why, in English
 * @error: what the board answered, a [error@Lks.DeviceError]
 *
 * What is known about a refusal.
 */
typedef struct {
  const char     *file_device_id;
  const char     *device_id;
  const GArray   *capabilities;
  LksKeystoreFit  keystore;
  const char     *keystore_reason;
  const GError   *error;
} LksSessionRefusalFacts;

LksSessionRefusal lks_session_refusal_judge      (const LksSessionRefusalFacts *facts);
char             *lks_session_refusal_describe   (LksSessionRefusal             refusal,
                                                  const LksSessionRefusalFacts *facts) G_GNUC_WARN_UNUSED_RESULT;
gboolean          lks_session_refusal_passes     (LksSessionRefusal             refusal);

G_END_DECLS
