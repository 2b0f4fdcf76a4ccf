/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <linux/usbdevice_fs.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench-wire.h"

/* One connection to the launcher: what an open file of a board is below its ioctls. Plain libc. */

#define BENCH_PIPE_SETUP_BYTES 8

typedef struct _BenchUrb BenchUrb;
struct _BenchUrb
{
  BenchUrb *next;
  struct usbdevfs_urb *user; /* NULL: of a synchronous ioctl */
  uint32_t seqnum;
  uint32_t unlink_seqnum; /* 0: nobody asked for it back */
  uint8_t address;        /* endpoint, with 0x80 for IN */
  bool is_in;
  bool is_over;
  uint32_t size;   /* of the data, without setup bytes */
  uint32_t offset; /* of the data in the user's buffer */
  int status;
  uint32_t actual;
  uint8_t *data; /* received, (owned) */
};

/* A question to the launcher, waiting for its BENCH_WIRE_REPLY. */
typedef struct _BenchCall BenchCall;
struct _BenchCall
{
  BenchCall *next;
  uint32_t seqnum;
  bool is_over;
  uint32_t code;
  uint32_t value;
};

typedef struct
{
  int fd; /* eventfd; the program's, who closes it */
  int sock;
  pthread_t receiver;

  /* Order of messages on the socket; taken before the other one, never waited for by the receiver. */
  pthread_mutex_t send_lock;

  pthread_mutex_t lock;
  pthread_cond_t changed; /* something was retired, or the board is gone */
  bool is_gone;
  bool is_writable;
  uint32_t seqnum;
  size_t memory_bytes;
  BenchUrb *pending;
  BenchUrb *done;
  BenchUrb **done_end;
  BenchCall *calls;
} BenchPipe;

int  bench_pipe_open              (BenchPipe                 *self,
                                   unsigned                   bus,
                                   unsigned                   device,
                                   BenchWireLayout           *out_layout);
void bench_pipe_close             (BenchPipe                 *self);
void bench_pipe_clear             (BenchPipe                 *self);
bool bench_pipe_is_gone           (BenchPipe                 *self);

int  bench_pipe_ask               (BenchPipe                 *self,
                                   BenchWireHeader           *header,
                                   uint32_t                  *out_value);

int  bench_pipe_submit            (BenchPipe                 *self,
                                   BenchUrb                  *urb,
                                   uint32_t                   flags,
                                   const uint8_t             *setup,
                                   const void                *payload);
int  bench_pipe_reap              (BenchPipe                 *self,
                                   void                     **out_user,
                                   bool                       is_blocking);
int  bench_pipe_discard           (BenchPipe                 *self,
                                   const struct usbdevfs_urb *user);
void bench_pipe_discard_endpoints (BenchPipe                 *self,
                                   uint32_t                   endpoints);
int  bench_pipe_transfer          (BenchPipe                 *self,
                                   uint8_t                    address,
                                   const uint8_t             *setup,
                                   uint32_t                   size,
                                   void                      *buffer,
                                   unsigned                   timeout_ms);
