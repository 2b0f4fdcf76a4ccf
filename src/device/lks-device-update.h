/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device.h"

G_BEGIN_DECLS

/* Larger than any image that fits a board's flash. */
#define LKS_IMAGE_PACKAGE_MAX (16 * 1024 * 1024)

typedef enum {
  LKS_APP_CONTROL_AUTO,
  LKS_APP_CONTROL_MANUAL,
} LksAppControl;

#define LKS_TYPE_APP_CONTROL (lks_app_control_get_type ())
GType lks_app_control_get_type (void);

/**
 * LksDeviceProgress:
 * @sent_bytes: bytes of the package given to the line
 * @total_bytes: size of the package
 * @user_data: as given
 *
 * Called on the thread that sends.
 */
typedef void (*LksDeviceProgress) (guint64  sent_bytes,
                                   guint64  total_bytes,
                                   gpointer user_data);

gboolean lks_device_stage_image  (LksDevice          *self,
                                  GBytes             *package,
                                  LksDeviceProgress   progress,
                                  gpointer            user_data,
                                  GCancellable       *cancellable,
                                  GError            **error);
gboolean lks_device_stage_stream (LksDevice          *self,
                                  GInputStream       *package,
                                  guint64             size_bytes,
                                  LksDeviceProgress   progress,
                                  gpointer            user_data,
                                  GCancellable       *cancellable,
                                  GError            **error);
gboolean lks_device_install      (LksDevice          *self,
                                  LksAppControl       control,
                                  gboolean           *out_restarting,
                                  GCancellable       *cancellable,
                                  GError            **error);

G_END_DECLS
