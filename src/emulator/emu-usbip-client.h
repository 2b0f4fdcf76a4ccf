/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-ft4232h.h"
#include "emu-usbip.h"

G_BEGIN_DECLS

/**
 * EmuUsbipClient:
 *
 * The server's end of one connection: first a request, then, after an import, the transfers.
 */
typedef struct _EmuUsbipClient EmuUsbipClient;

/**
 * EmuUsbipClientFuncs:
 * @request: the client's first message; answers by putting bytes into @answer, and returns the
 *   chip when the client may have it from now on
 * @ended: the connection is over; the client must be freed
 */
typedef struct {
  EmuFt4232h *(*request) (EmuUsbipClient        *client,
                          const EmuUsbipRequest *request,
                          GByteArray            *answer,
                          gpointer               user_data);
  void        (*ended)   (EmuUsbipClient        *client,
                          gpointer               user_data);
} EmuUsbipClientFuncs;

EmuUsbipClient *emu_usbip_client_new  (GMainContext              *context,
                                       int                        fd,
                                       const EmuUsbipClientFuncs *funcs,
                                       gpointer                   user_data) G_GNUC_WARN_UNUSED_RESULT;
void            emu_usbip_client_free (EmuUsbipClient            *self);

G_END_DECLS
