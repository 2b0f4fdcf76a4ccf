/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A small blocking USB/IP client, written from the protocol's description alone so that it does
 * not share the server's mistakes. Every wait is bounded; what goes wrong ends the test. */
typedef struct {
  int fd;
  guint32 seqnum;
} UsbipClient;

typedef struct {
  guint32 command; /* 3: submit, 4: unlink */
  guint32 seqnum;
  gint32 status;
  guint32 actual_bytes;
} UsbipReply;

void     usbip_client_connect      (UsbipClient  *self,
                                    const char   *address);
void     usbip_client_close        (UsbipClient  *self);
GStrv    usbip_client_list         (const char   *address);
guint32  usbip_client_import       (UsbipClient  *self,
                                    const char   *busid);
gboolean usbip_client_is_closed    (UsbipClient  *self);
gboolean usbip_client_send         (UsbipClient  *self,
                                    gconstpointer data,
                                    gsize         size_bytes);

guint32  usbip_client_submit       (UsbipClient  *self,
                                    guint8        endpoint,
                                    const guint8 *setup,
                                    gconstpointer out_data,
                                    gsize         size_bytes);
void     usbip_client_submit_as    (UsbipClient  *self,
                                    guint32       seqnum,
                                    guint8        endpoint,
                                    const guint8 *setup,
                                    gconstpointer out_data,
                                    gsize         size_bytes);
guint32  usbip_client_unlink       (UsbipClient  *self,
                                    guint32       victim);
void     usbip_client_receive      (UsbipClient  *self,
                                    UsbipReply   *out_reply,
                                    guint8       *in_data,
                                    gsize         room_bytes);

int      usbip_client_control      (UsbipClient  *self,
                                    guint8        type,
                                    guint8        request,
                                    guint16       value,
                                    guint16       index,
                                    guint8       *data,
                                    guint16       size_bytes);
int      usbip_client_bulk_in      (UsbipClient  *self,
                                    guint8        endpoint,
                                    guint8       *data,
                                    gsize         size_bytes);
int      usbip_client_bulk_out     (UsbipClient  *self,
                                    guint8        endpoint,
                                    gconstpointer data,
                                    gsize         size_bytes);

G_END_DECLS
