/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device.h"

G_BEGIN_DECLS

/**
 * LksManufacturingState:
 *
 * Steps that a board takes once and never back. Nicks are the words of the REST API. Unknown is
 * what the board says when something is wrong with it, or a word that is not known here.
 */
typedef enum {
  LKS_MANUFACTURING_STATE_UNKNOWN,
  LKS_MANUFACTURING_STATE_BLANK,
  LKS_MANUFACTURING_STATE_MODULE1_COMPLETE,
  LKS_MANUFACTURING_STATE_DEVICE_COMPLETE,
} LksManufacturingState;

#define LKS_TYPE_MANUFACTURING_STATE (lks_manufacturing_state_get_type ())
GType lks_manufacturing_state_get_type (void);

typedef enum {
  LKS_SECURITY_STATE_UNKNOWN,
  LKS_SECURITY_STATE_TEST,
  LKS_SECURITY_STATE_BLANK,
  LKS_SECURITY_STATE_SECURE,
  LKS_SECURITY_STATE_EOL,
} LksSecurityState;

#define LKS_TYPE_SECURITY_STATE (lks_security_state_get_type ())
GType lks_security_state_get_type (void);

/**
 * LksDeviceSecurity:
 * @state: the security state
 * @state_text: (nullable): the word the board used
 * @device_id: (nullable): the device ID, 128 lower-case digits; NULL from boards with a REST
 *   version before 4.0.0, which do not say it
 * @identity_public_key: (nullable): a field that newer boards no longer send
 */
typedef struct {
  LksSecurityState state;
  char *state_text;
  char *device_id;
  char *identity_public_key;
} LksDeviceSecurity;

void               lks_device_security_free           (LksDeviceSecurity      *self);

/**
 * LksDeviceManufacturing:
 * @state: the manufacturing state
 * @state_text: the word the board used
 */
typedef struct {
  LksManufacturingState state;
  char *state_text;
} LksDeviceManufacturing;

void               lks_device_manufacturing_free      (LksDeviceManufacturing *self);

gboolean           lks_device_get_status              (LksDevice              *self,
                                                       guint64                *out_uptime_s,
                                                       GCancellable           *cancellable,
                                                       GError                **error);
LksDeviceSecurity *lks_device_get_security_state      (LksDevice              *self,
                                                       GCancellable           *cancellable,
                                                       GError                **error);
LksDeviceManufacturing *
                   lks_device_get_manufacturing_state (LksDevice              *self,
                                                       GCancellable           *cancellable,
                                                       GError                **error);
gboolean           lks_device_set_manufacturing_state (LksDevice              *self,
                                                       LksManufacturingState   state,
                                                       GCancellable           *cancellable,
                                                       GError                **error);
GArray            *lks_device_get_capabilities        (LksDevice              *self,
                                                       GCancellable           *cancellable,
                                                       GError                **error);
char              *lks_device_get_os_version          (LksDevice              *self,
                                                       GCancellable           *cancellable,
                                                       GError                **error);
gboolean           lks_device_restart                 (LksDevice              *self,
                                                       gboolean               *out_restarting,
                                                       GCancellable           *cancellable,
                                                       GError                **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksDeviceSecurity, lks_device_security_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksDeviceManufacturing, lks_device_manufacturing_free)

G_END_DECLS
