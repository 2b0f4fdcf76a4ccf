/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-redirect.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksLoopback:
 *
 * The place on this computer to which a browser comes back after a sign-in. Only programs of this
 * computer can reach it, for as long as it is there. Blocking; one thread at a time.
 */
typedef struct _LksLoopback LksLoopback;

LksLoopback *lks_loopback_new          (GError        **error) G_GNUC_WARN_UNUSED_RESULT;
void         lks_loopback_free         (LksLoopback    *self);

const char  *lks_loopback_get_address  (LksLoopback    *self);
gboolean     lks_loopback_await        (LksLoopback    *self,
                                        const char     *state,
                                        guint           limit_s,
                                        GCancellable   *cancellable,
                                        LksRedirect    *out_redirect,
                                        GError        **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksLoopback, lks_loopback_free)

G_END_DECLS
