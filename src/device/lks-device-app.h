/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device.h"

G_BEGIN_DECLS

typedef enum {
  LKS_APP_STATE_UNKNOWN,
  LKS_APP_STATE_NOT_PRESENT,
  LKS_APP_STATE_STOPPED,
  LKS_APP_STATE_RUNNING,
  LKS_APP_STATE_DEBUGGING,
} LksAppState;

#define LKS_TYPE_APP_STATE (lks_app_state_get_type ())
GType lks_app_state_get_type (void);

typedef enum {
  LKS_APP_TRIGGER_START,
  LKS_APP_TRIGGER_START_DEBUG,
  LKS_APP_TRIGGER_STOP,
} LksAppTrigger;

#define LKS_TYPE_APP_TRIGGER (lks_app_trigger_get_type ())
GType lks_app_trigger_get_type (void);

/**
 * LksAppStatus:
 * @state: the application's state; a component that is not installed is "notPresent"
 * @state_text: the word the board used
 * @gdb_port: TCP port of the debugger on the board, 0 when there is none
 * @out_port: TCP port of the application's output, 0 when there is none
 * @has_real_time_core: whether the board named a real-time core
 * @real_time_core: its number
 */
typedef struct {
  LksAppState state;
  char *state_text;
  guint gdb_port;
  guint out_port;
  gboolean has_real_time_core;
  int real_time_core;
} LksAppStatus;

/**
 * LksAppQuota:
 * @usage_kib: mutable storage used
 * @limit_kib: mutable storage allowed
 */
typedef struct {
  gint64 usage_kib;
  gint64 limit_kib;
} LksAppQuota;

void          lks_app_status_free       (LksAppStatus   *self);

LksAppStatus *lks_device_get_app_status (LksDevice      *self,
                                         const char     *component_id,
                                         GCancellable   *cancellable,
                                         GError        **error);
LksAppStatus *lks_device_set_app_status (LksDevice      *self,
                                         const char     *component_id,
                                         LksAppTrigger   trigger,
                                         GCancellable   *cancellable,
                                         GError        **error);
gboolean      lks_device_delete_image   (LksDevice      *self,
                                         const char     *component_id,
                                         gboolean       *out_restarting,
                                         GCancellable   *cancellable,
                                         GError        **error);
gboolean      lks_device_get_app_quota  (LksDevice      *self,
                                         const char     *component_id,
                                         LksAppQuota    *out_quota,
                                         GCancellable   *cancellable,
                                         GError        **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksAppStatus, lks_app_status_free)

G_END_DECLS
