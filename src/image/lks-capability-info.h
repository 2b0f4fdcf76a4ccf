/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-capability-file.h"
#include "lks-secret.h"
#include "lks-signers.h"

G_BEGIN_DECLS

/**
 * LksCapabilityInfo:
 * @file: (owned): board, capabilities, metadata; no capability at all is a file that takes
 *   capabilities away
 * @fingerprint: (owned): SHA-256 of the file, 64 digits
 * @signature: what can be said of the signature
 * @signer_name: (owned) (nullable): who signed it, or who it says did
 *
 * Everything that a capability file says, to be shown before it is used. Not a key.
 */
typedef struct {
  LksCapabilityFile *file;
  char *fingerprint;
  LksSignature signature;
  char *signer_name;
} LksCapabilityInfo;

LksCapabilityInfo *lks_capability_info_new     (const LksSecret          *bytes,
                                                LksSigners               *signers,
                                                GError                  **error) G_GNUC_WARN_UNUSED_RESULT;
void               lks_capability_info_free    (LksCapabilityInfo        *self);

gboolean           lks_capability_info_is_key  (const LksCapabilityInfo  *self);
gboolean           lks_capability_info_is_for  (const LksCapabilityInfo  *self,
                                                const char               *device_id);
gboolean           lks_capability_info_check   (const LksCapabilityInfo  *self,
                                                GError                  **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksCapabilityInfo, lks_capability_info_free)

G_END_DECLS
