/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "lks-adapter.h"
#include "lks-byte-stream.h"
#include "lks-usb-error.h"

G_BEGIN_DECLS

/**
 * LksPort:
 *
 * One plugged-in FT4232H at its place on the USB tree. Nothing about it changes except that
 * it goes: the same adapter plugged in again is another port object with the same path.
 */
#define LKS_TYPE_PORT (lks_port_get_type ())
G_DECLARE_FINAL_TYPE (LksPort, lks_port, LKS, PORT, GObject)

const char    *lks_port_get_path         (LksPort       *self);
guint          lks_port_get_attach_number (LksPort      *self);
const char    *lks_port_get_usb_serial   (LksPort       *self);
const char    *lks_port_get_manufacturer (LksPort       *self);
const char    *lks_port_get_product      (LksPort       *self);
LksAdapter     lks_port_get_adapter      (LksPort       *self);
gboolean       lks_port_is_present       (LksPort       *self);
char          *lks_port_dup_problem      (LksPort       *self) G_GNUC_WARN_UNUSED_RESULT;

LksByteStream *lks_port_open_uart        (LksPort       *self,
                                          GCancellable  *cancellable,
                                          GError       **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
