/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-image-metadata.h"

G_BEGIN_DECLS

#define LKS_SIGNERS_FILE_BYTES_MAX (256 * 1024)

/**
 * LksSignature:
 * @LKS_SIGNATURE_UNKNOWN_SIGNER: signed by somebody whose key is not known here, as everything is
 *   that the vendor's cloud signs; only a board can tell whether it is good
 * @LKS_SIGNATURE_SDK: the signature of the SDK's development key, which everybody has
 * @LKS_SIGNATURE_KNOWN: the signature of a key that was added here
 * @LKS_SIGNATURE_WRONG: it names a known signer and is not that signer's signature: damaged, or
 *   forged
 *
 * What can be said of an image's signature. Nicks: "unknown-signer", "sdk", "known", "wrong".
 */
typedef enum {
  LKS_SIGNATURE_UNKNOWN_SIGNER,
  LKS_SIGNATURE_SDK,
  LKS_SIGNATURE_KNOWN,
  LKS_SIGNATURE_WRONG,
} LksSignature;

#define LKS_TYPE_SIGNATURE (lks_signature_get_type ())
GType        lks_signature_get_type (void);

/**
 * LksSigners:
 *
 * Those whose signature can be checked here: the SDK, and the keys that were added. Counted;
 * immutable once it is shared between threads.
 */
#define LKS_TYPE_SIGNERS (lks_signers_get_type ())
typedef struct _LksSigners LksSigners;

GType        lks_signers_get_type   (void);
LksSigners  *lks_signers_new        (void) G_GNUC_WARN_UNUSED_RESULT;
LksSigners  *lks_signers_ref        (LksSigners              *self);
void         lks_signers_unref      (LksSigners              *self);

gboolean     lks_signers_add_pem    (LksSigners              *self,
                                     const char              *name,
                                     GBytes                  *pem,
                                     GError                 **error);
guint        lks_signers_get_added  (LksSigners              *self);

const char  *lks_signers_get_name   (LksSigners              *self,
                                     const char              *thumbprint);
LksSignature lks_signers_check      (LksSigners              *self,
                                     GBytes                  *image,
                                     const LksImageMetadata  *metadata,
                                     const char             **out_name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksSigners, lks_signers_unref)

G_END_DECLS
