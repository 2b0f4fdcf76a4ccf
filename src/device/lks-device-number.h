/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A board's error number is category << 20 | id. */
#define LKS_DEVICE_NUMBER_CATEGORY(number) ((guint32) (number) >> 20)
#define LKS_DEVICE_NUMBER_ID(number) ((guint32) (number) &0xfffffu)

/* Numbers that somebody acts on. */
#define LKS_DEVICE_NUMBER_PERMISSION_DENIED 13u
#define LKS_DEVICE_NUMBER_NOT_DEV_UNLOCKED 1048596u
#define LKS_DEVICE_NUMBER_REBOOT_REQUIRED 3145735u
#define LKS_DEVICE_NUMBER_UPDATE_PERMISSION_DENIED 7340069u
#define LKS_DEVICE_NUMBER_OTA_IN_PROGRESS 7340071u
#define LKS_DEVICE_NUMBER_INTERFACE_BUSY 10485765u
#define LKS_DEVICE_NUMBER_NOT_AUTHORIZED 10485778u
#define LKS_DEVICE_NUMBER_WIFI_OFF 13631506u
#define LKS_DEVICE_NUMBER_APP_NOT_PRESENT 14680076u

const char *lks_device_number_get_name     (guint32 number);
const char *lks_device_number_get_category (guint32 number);
const char *lks_device_number_get_meaning  (guint32 number);
const char *lks_device_number_get_advice   (guint32 number);
char       *lks_device_number_describe     (guint32 number) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
