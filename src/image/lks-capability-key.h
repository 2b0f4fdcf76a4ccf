/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-capability-file.h"
#include "lks-secret.h"

G_BEGIN_DECLS

/**
 * LksCapabilityKey:
 *
 * A capability file that was read and checked, with its bytes: a key to one board. Counted; any
 * thread. A key that grants nothing (the empty "None" file) cannot be made into one. It can be
 * revoked once for all who hold it; from then on it opens nothing.
 */
#define LKS_TYPE_CAPABILITY_KEY (lks_capability_key_get_type ())
typedef struct _LksCapabilityKey LksCapabilityKey;

GType                    lks_capability_key_get_type        (void);

LksCapabilityKey        *lks_capability_key_new             (LksSecret               *bytes,
                                                             GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
LksCapabilityKey        *lks_capability_key_ref             (LksCapabilityKey        *self);
void                     lks_capability_key_unref           (LksCapabilityKey        *self);

const LksCapabilityFile *lks_capability_key_get_file        (const LksCapabilityKey  *self);
const char              *lks_capability_key_get_fingerprint (const LksCapabilityKey  *self);
gboolean                 lks_capability_key_is_for          (const LksCapabilityKey  *self,
                                                             const char              *device_id);
LksSecret               *lks_capability_key_dup_header      (LksCapabilityKey        *self);
LksSecret               *lks_capability_key_dup_bytes       (LksCapabilityKey        *self);
void                     lks_capability_key_revoke          (LksCapabilityKey        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksCapabilityKey, lks_capability_key_unref)

G_END_DECLS
