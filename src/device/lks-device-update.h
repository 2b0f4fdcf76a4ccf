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
 * LksUpdateRefusal:
 * @LKS_UPDATE_REFUSAL_UNKNOWN: no refusal, or one that says nothing about the image
 * @LKS_UPDATE_REFUSAL_ALREADY_THERE: the board says that it has this very image
 * @LKS_UPDATE_REFUSAL_NOT_TRUSTED: it does not trust the signature
 * @LKS_UPDATE_REFUSAL_NOT_PERMITTED: it does not permit it without a capability
 * @LKS_UPDATE_REFUSAL_BAD_PACKAGE: it takes the file for no usable image
 * @LKS_UPDATE_REFUSAL_NO_SPACE: it has no room
 * @LKS_UPDATE_REFUSAL_CLASH: another application has the pins, blocks or ports
 * @LKS_UPDATE_REFUSAL_OTA: an update over the air is in progress
 * @LKS_UPDATE_REFUSAL_RUNTIME: the image needs a newer OS
 *
 * Why a board did not take an image: it gives one number for many reasons, and many for one.
 */
typedef enum {
  LKS_UPDATE_REFUSAL_UNKNOWN,
  LKS_UPDATE_REFUSAL_ALREADY_THERE,
  LKS_UPDATE_REFUSAL_NOT_TRUSTED,
  LKS_UPDATE_REFUSAL_NOT_PERMITTED,
  LKS_UPDATE_REFUSAL_BAD_PACKAGE,
  LKS_UPDATE_REFUSAL_NO_SPACE,
  LKS_UPDATE_REFUSAL_CLASH,
  LKS_UPDATE_REFUSAL_OTA,
  LKS_UPDATE_REFUSAL_RUNTIME,
} LksUpdateRefusal;

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

LksUpdateRefusal
         lks_update_refusal_from_error (const GError  *error);

G_END_DECLS
