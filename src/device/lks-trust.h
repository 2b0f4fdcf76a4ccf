/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksTrust:
 *
 * Who may sign the certificate of a board.
 *
 * What TLS proves here is little. Every board of the vendor presents the same certificate, and
 * its private key is part of every firmware image, so it is known to whoever looks for it. A
 * certificate that passes says "this speaks like a board"; it says neither which board it is nor
 * that nobody sits in between. A board's identity is its device ID and nothing else: read it
 * after connecting, read it twice, and never conclude it from a certificate. What the check is
 * good for: no other service is mistaken for a board, and nobody's public CA is believed.
 */
#define LKS_TYPE_TRUST (lks_trust_get_type ())
typedef struct _LksTrust LksTrust;

GType     lks_trust_get_type     (void);
LksTrust *lks_trust_new          (void) G_GNUC_WARN_UNUSED_RESULT;
LksTrust *lks_trust_load_default (GError      **error) G_GNUC_WARN_UNUSED_RESULT;
LksTrust *lks_trust_ref          (LksTrust     *self);
void      lks_trust_unref        (LksTrust     *self);

gboolean  lks_trust_add_file     (LksTrust     *self,
                                  const char   *path,
                                  GError      **error);
guint     lks_trust_get_anchors  (LksTrust     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksTrust, lks_trust_unref)

G_END_DECLS
