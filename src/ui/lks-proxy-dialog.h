/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-net.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksProxyDialog:
 *
 * Asks for a web proxy.
 *
 * Signal "apply" (request): the person wants it; the #LksProxyRequest is borrowed and valid during
 * the emission.
 */
#define LKS_TYPE_PROXY_DIALOG (lks_proxy_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksProxyDialog, lks_proxy_dialog, LKS, PROXY_DIALOG, AdwWindow)

LksProxyDialog *lks_proxy_dialog_new (GtkWindow       *parent,
                                      const LksProxy  *proxy);

G_END_DECLS
