/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Inside the program: only libc and pthread. Nothing here is visible to the program except the functions
 * it already knows by name (open, ioctl, udev_new, …). */

#define BENCH_PATH_MAX 512

const char *bench_preload_get_dir (void);
bool        bench_preload_is_from_libusb (const void *return_address);
void       *bench_preload_find    (const char *library,
                                   const char *symbol);
int         bench_preload_connect (const char *socket_name,
                                   int         type);
void        bench_preload_close   (int         fd);

/* bench-usbfs.c: one open() of /dev/bus/usb/BBB/DDD */
typedef struct _BenchUsbfs BenchUsbfs;

BenchUsbfs *bench_usbfs_open      (unsigned    bus,
                                   unsigned    device);
int         bench_usbfs_get_fd    (BenchUsbfs *self);
int         bench_usbfs_ioctl     (BenchUsbfs *self,
                                   unsigned long request,
                                   void       *argument);
BenchUsbfs *bench_usbfs_ref       (BenchUsbfs *self);
void        bench_usbfs_unref     (BenchUsbfs *self);
void        bench_usbfs_close     (BenchUsbfs *self);
void        bench_usbfs_disown    (BenchUsbfs *self);
bool        bench_usbfs_is_mine   (BenchUsbfs *self);
