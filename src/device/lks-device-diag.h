/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device.h"

G_BEGIN_DECLS

typedef struct {
  char *name;
  gint64 usage_bytes;
} LksHeapUsage;

/**
 * LksProcessMemory:
 * @pid: process number on the board
 * @heap: (element-type LksHeapUsage): heap by caller
 */
typedef struct {
  int pid;
  GPtrArray *heap;
} LksProcessMemory;

/**
 * LksAppMemory:
 * @component_id: the application, lower case
 * @processes: (element-type LksProcessMemory): its processes
 */
typedef struct {
  char *component_id;
  GPtrArray *processes;
} LksAppMemory;

/**
 * LksMemoryStats:
 * @current_bytes: memory in use by all applications
 * @user_mode_bytes: of this, by user mode
 * @peak_user_mode_bytes: highest value so far
 * @apps: (element-type LksAppMemory): by application
 */
typedef struct {
  gint64 current_bytes;
  gint64 user_mode_bytes;
  gint64 peak_user_mode_bytes;
  GPtrArray *apps;
} LksMemoryStats;

void            lks_memory_stats_free        (LksMemoryStats  *self);

GBytes         *lks_device_get_log           (LksDevice       *self,
                                              GCancellable    *cancellable,
                                              GError         **error);
GBytes         *lks_device_get_telemetry     (LksDevice       *self,
                                              GCancellable    *cancellable,
                                              GError         **error);
gboolean        lks_device_clear_telemetry   (LksDevice       *self,
                                              GCancellable    *cancellable,
                                              GError         **error);
LksMemoryStats *lks_device_get_memory_stats  (LksDevice       *self,
                                              GCancellable    *cancellable,
                                              GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksMemoryStats, lks_memory_stats_free)

G_END_DECLS
