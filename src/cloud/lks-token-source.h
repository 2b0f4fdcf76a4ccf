/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-secret.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksTokenSource:
 *
 * Somebody who is signed in and can prove it.
 */
#define LKS_TYPE_TOKEN_SOURCE (lks_token_source_get_type ())
G_DECLARE_INTERFACE (LksTokenSource, lks_token_source, LKS, TOKEN_SOURCE, GObject)

/**
 * LksTokenSourceInterface:
 * @get_authorization: see lks_token_source_get_authorization()
 */
struct _LksTokenSourceInterface {
  GTypeInterface parent_interface;

  LksSecret *(*get_authorization) (LksTokenSource  *self,
                                   gboolean         renew,
                                   GCancellable    *cancellable,
                                   GError         **error);
};

LksSecret *lks_token_source_get_authorization (LksTokenSource  *self,
                                               gboolean         renew,
                                               GCancellable    *cancellable,
                                               GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
