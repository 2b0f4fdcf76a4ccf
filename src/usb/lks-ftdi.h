/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Every packet from the chip begins with the modem and line status (FTDI AN232B-04). */
#define LKS_FTDI_STATUS_BYTES 2

/* Vendor requests (FTDI's D2XX protocol as published by libftdi and Linux's ftdi_sio). */
#define LKS_FTDI_REQUEST_OUT  0x40

typedef enum {
  LKS_FTDI_RESET         = 0x00,
  LKS_FTDI_MODEM_CONTROL = 0x01,
  LKS_FTDI_FLOW_CONTROL  = 0x02,
  LKS_FTDI_BAUD_RATE     = 0x03,
  LKS_FTDI_FORMAT        = 0x04,
  LKS_FTDI_EVENT_CHAR    = 0x06,
  LKS_FTDI_LATENCY_TIMER = 0x09,
} LksFtdiRequest;

/* wValue of LKS_FTDI_RESET; the two purges are named by what they empty. */
#define LKS_FTDI_RESET_ALL            0
#define LKS_FTDI_RESET_PURGE_FROM_HOST 1
#define LKS_FTDI_RESET_PURGE_TO_HOST  2

#define LKS_FTDI_RTS_ON               0x0202
#define LKS_FTDI_FLOW_RTS_CTS         0x0100 /* in wIndex */
#define LKS_FTDI_FORMAT_8N1           0x0008
#define LKS_FTDI_EVENT_CHAR_ENABLED   0x0100

/**
 * LksFtdiRun:
 * @data: payload without status bytes
 * @size_bytes: how much, may be 0
 * @overrun: the chip lost bytes just before @data
 */
typedef struct {
  const guint8 *data;
  gsize         size_bytes;
  gboolean      overrun;
} LksFtdiRun;

gboolean lks_ftdi_next_run   (guint8     *data,
                              gsize       size_bytes,
                              gsize       packet_bytes,
                              gsize      *pos,
                              LksFtdiRun *out_run);

void     lks_ftdi_build_baud (guint       baud,
                              guint       port_number,
                              guint16    *out_value,
                              guint16    *out_index);

G_END_DECLS
