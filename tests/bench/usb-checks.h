/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libusb.h>
#include <stdbool.h>

/* What the conformance checks are made of: lines of TAP, the first board, its requests and transfers. */

#define VENDOR_FTDI 0x0403
#define PRODUCT_FT4232H 0x6011
#define PORTS 4
#define PACKET_BYTES 512
#define PAYLOAD_BYTES 510

/* Port A is banged; port B's transmitter is held by flow control. */
#define PORT_A 1
#define PORT_A_IN 0x81
#define PORT_A_OUT 0x02
#define PORT_B 2
#define PORT_B_OUT 0x04

/* libftdi's SIO_*_REQUEST */
#define FTDI_RESET 0
#define FTDI_SET_FLOW 2
#define FTDI_POLL_MODEM 5
#define FTDI_SET_LATENCY 9
#define FTDI_GET_LATENCY 10
#define FTDI_SET_MODE 11
#define FTDI_READ_EEPROM 0x90
#define FTDI_UNKNOWN 0x77
#define MODE_UART 0x0000
#define MODE_SYNC_BITBANG_TXD 0x0401
#define FLOW_RTS_CTS 0x0100
#define TXD 0x01

#define REQUEST_TIMEOUT_MS 20000
#define WAIT_S 30.0
#define LATENCY_LONGEST_MS 255
#define BIG_BYTES 65536
#define STUCK 4

typedef struct {
  struct libusb_transfer *transfer;
  int n_done;
  double done_at;
  unsigned char bytes[BIG_BYTES];
} Transfer;

extern libusb_context *context;
extern int n_checks;
extern int n_failures;
extern int n_arrived;
extern int n_left;

double                now             (void);

bool                  check           (bool                        is_good,
                                       const char                 *what);
bool                  check_result    (int                         result,
                                       int                         expected,
                                       const char                 *what);

int LIBUSB_CALL       hotplug_cb      (libusb_context             *ctx,
                                       libusb_device              *device,
                                       libusb_hotplug_event        event,
                                       void                       *user_data);
void                  turn            (int                         ms);
bool                  wait_for        (const int                  *count,
                                       int                         wanted);

libusb_device        *find_board      (void);
libusb_device_handle *open_board      (void);
int                   claim_patiently (libusb_device_handle       *handle,
                                       int                         interface);
int                   vendor_out      (libusb_device_handle       *handle,
                                       int                         request,
                                       int                         value,
                                       int                         index);
int                   vendor_in       (libusb_device_handle       *handle,
                                       int                         request,
                                       int                         index,
                                       unsigned char              *out_bytes,
                                       int                         size);

Transfer             *new_transfer    (libusb_device_handle       *handle,
                                       int                         endpoint,
                                       int                         size,
                                       unsigned                    timeout_ms);
void                  free_transfer   (Transfer                   *self);
int                   submit          (Transfer                   *self,
                                       int                         size,
                                       unsigned                    timeout_ms);
bool                  run             (Transfer                   *self,
                                       int                         size,
                                       unsigned                    timeout_ms);
bool                  is_status       (const Transfer             *self,
                                       enum libusb_transfer_status status);

/* usb-conformance-transfers.c */
void                  check_bulk      (libusb_device_handle       *handle,
                                       Transfer                   *in,
                                       Transfer                   *out,
                                       Transfer                   *stuck[STUCK]);
