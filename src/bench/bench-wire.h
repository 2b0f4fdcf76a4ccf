/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>
#include <string.h>

/* What travels between the preload, the launcher and a USB/IP server. Plain libc: the preload lives in
 * other people's programs and may not bring GLib with it.
 *
 * Source: Linux kernel documentation, usb/usbip_protocol, version 1.1.1. All numbers are big-endian;
 * after the import every message is a header of 48 bytes and, in one direction, data. */

#define BENCH_WIRE_HEADER_BYTES 48
#define BENCH_WIRE_VERSION 0x0111
#define BENCH_WIRE_OP_HEADER_BYTES 8
#define BENCH_WIRE_OP_BUSID_BYTES 32
#define BENCH_WIRE_OP_DEVICE_BYTES 312
#define BENCH_WIRE_OP_INTERFACE_BYTES 4
#define BENCH_WIRE_OP_REQ_IMPORT 0x8003
#define BENCH_WIRE_OP_REP_IMPORT 0x0003
#define BENCH_WIRE_OP_REQ_DEVLIST 0x8005
#define BENCH_WIRE_OP_REP_DEVLIST 0x0005

/* The kernel's usbfs_memory_mb, and so the ceiling of everything one open file can have under way. */
#define BENCH_WIRE_MEMORY_MAX_BYTES (16u * 1024u * 1024u)

#define BENCH_WIRE_INTERFACES_MAX 32
#define BENCH_WIRE_ENDPOINTS 32
#define BENCH_WIRE_NO_INTERFACE 0xff

/* Names in the launcher's runtime directory, which BENCH_WIRE_DIR_VARIABLE names. */
#define BENCH_WIRE_DIR_VARIABLE "LOCKSMITH_BENCH_DIR"
#define BENCH_WIRE_BUS_SOCKET "bus"
#define BENCH_WIRE_EVENT_SOCKET "events"
#define BENCH_WIRE_CONTROL_SOCKET "control" /* of the emulator, if the launcher started it */
#define BENCH_WIRE_CLOUD_FILE "cloud"     /* address of the emulated cloud, if there is one */
#define BENCH_WIRE_SYSFS_DEVICES "/sys/bus/usb/devices"
#define BENCH_WIRE_EVENT_MAX_BYTES 128

typedef enum {
  BENCH_WIRE_SUBMIT = 1,
  BENCH_WIRE_UNLINK = 2,
  BENCH_WIRE_RET_SUBMIT = 3,
  BENCH_WIRE_RET_UNLINK = 4,

  /* Ours, between preload and launcher only. Each is answered by one BENCH_WIRE_REPLY of the same
   * seqnum; args[0] of the reply is 0 or an errno. */
  BENCH_WIRE_REPLY = 0x4c4b0000,
  BENCH_WIRE_OPEN,             /* args: bus, device; the reply is followed by a BenchWireLayout */
  BENCH_WIRE_CLAIM,            /* args: interface */
  BENCH_WIRE_RELEASE,          /* args: interface */
  BENCH_WIRE_GET_DRIVER,       /* args: interface; reply args[1]: BenchWireDriver */
  BENCH_WIRE_DISCONNECT,       /* args: interface */
  BENCH_WIRE_CONNECT,          /* args: interface */
  BENCH_WIRE_DISCONNECT_CLAIM, /* args: interface, BenchWireDriver it must have, one it must not have */
  BENCH_WIRE_CLOSE,            /* the last message; when it is answered all claims are free */
  BENCH_WIRE_PERMIT,           /* first on a connection; args: allowed, length of the place that follows */
} BenchWireCommand;

/* Who holds an interface. */
typedef enum {
  BENCH_WIRE_DRIVER_NONE,
  BENCH_WIRE_DRIVER_KERNEL, /* "ftdi_sio" */
  BENCH_WIRE_DRIVER_USBFS,  /* a program that claimed it */
  BENCH_WIRE_DRIVER_OTHER,  /* only as a condition: a name that no interface here has */
} BenchWireDriver;

#define BENCH_WIRE_KERNEL_DRIVER_NAME "ftdi_sio"
#define BENCH_WIRE_USBFS_DRIVER_NAME "usbfs"

/* One header, in host order. SUBMIT uses args as {flags, length}, RET_SUBMIT {status, actual},
 * UNLINK {victim's seqnum}, RET_UNLINK {status}. */
typedef struct {
  uint32_t command;
  uint32_t seqnum;
  uint32_t devid;
  uint32_t direction; /* 0 out, 1 in */
  uint32_t endpoint;
  uint32_t args[5];
  uint8_t setup[8];
} BenchWireHeader;

/* Follows the reply to OPEN: the configuration's value, and which interface each endpoint belongs to
 * (number, +16 when IN). */
typedef struct {
  uint8_t configuration;
  uint8_t n_interfaces;
  uint8_t interface_of[BENCH_WIRE_ENDPOINTS];
} BenchWireLayout;

static inline void
bench_wire_put_u32 (uint8_t *at, uint32_t value)
{
  at[0] = (uint8_t) (value >> 24);
  at[1] = (uint8_t) (value >> 16);
  at[2] = (uint8_t) (value >> 8);
  at[3] = (uint8_t) value;
}

static inline uint32_t
bench_wire_get_u32 (const uint8_t *at)
{
  return (uint32_t) at[0] << 24 | (uint32_t) at[1] << 16 | (uint32_t) at[2] << 8 | at[3];
}

static inline void
bench_wire_encode (const BenchWireHeader *header, uint8_t out_bytes[BENCH_WIRE_HEADER_BYTES])
{
  const uint32_t words[10] = { header->command,   header->seqnum,   header->devid,   header->direction,
                               header->endpoint,  header->args[0], header->args[1], header->args[2],
                               header->args[3],   header->args[4] };

  for (unsigned i = 0; i < 10; i++)
    bench_wire_put_u32 (out_bytes + 4 * i, words[i]);
  memcpy (out_bytes + 40, header->setup, 8);
}

static inline void
bench_wire_decode (const uint8_t bytes[BENCH_WIRE_HEADER_BYTES], BenchWireHeader *out_header)
{
  out_header->command = bench_wire_get_u32 (bytes);
  out_header->seqnum = bench_wire_get_u32 (bytes + 4);
  out_header->devid = bench_wire_get_u32 (bytes + 8);
  out_header->direction = bench_wire_get_u32 (bytes + 12);
  out_header->endpoint = bench_wire_get_u32 (bytes + 16);
  for (unsigned i = 0; i < 5; i++)
    out_header->args[i] = bench_wire_get_u32 (bytes + 20 + 4 * i);
  memcpy (out_header->setup, bytes + 40, 8);
}
