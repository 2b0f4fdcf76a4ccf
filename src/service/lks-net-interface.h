/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-net.h"
#include "lks-explanation.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksNetInterfaceKind:
 * @LKS_NET_INTERFACE_KIND_OTHER: one that is not known here
 * @LKS_NET_INTERFACE_KIND_LOOPBACK: inside the board
 * @LKS_NET_INTERFACE_KIND_SERVICE: the line over which we talk to the board
 * @LKS_NET_INTERFACE_KIND_WIFI: the radio
 * @LKS_NET_INTERFACE_KIND_ETHERNET: a cable, on boards with such a chip
 *
 * Nicks: "other", "loopback", "service", "wifi", "ethernet".
 */
typedef enum {
  LKS_NET_INTERFACE_KIND_OTHER,
  LKS_NET_INTERFACE_KIND_LOOPBACK,
  LKS_NET_INTERFACE_KIND_SERVICE,
  LKS_NET_INTERFACE_KIND_WIFI,
  LKS_NET_INTERFACE_KIND_ETHERNET,
} LksNetInterfaceKind;

#define LKS_TYPE_NET_INTERFACE_KIND (lks_net_interface_kind_get_type ())
GType               lks_net_interface_kind_get_type (void);

LksNetInterfaceKind lks_net_interface_get_kind      (const char             *name);
const char         *lks_net_interface_kind_to_words (LksNetInterfaceKind     kind);
LksExplanation      lks_net_interface_explain       (const LksNetInterface  *self);
JsonNode           *lks_net_interfaces_to_json      (GPtrArray              *interfaces) G_GNUC_WARN_UNUSED_RESULT;

gboolean            lks_net_interface_switch        (LksDevice              *device,
                                                     const char             *name,
                                                     gboolean                up,
                                                     GCancellable           *cancellable,
                                                     GError                **error);
gboolean            lks_net_interface_set_mac       (LksDevice              *device,
                                                     const char             *name,
                                                     const char             *hardware_address,
                                                     GCancellable           *cancellable,
                                                     GError                **error);
gboolean            lks_mac_address_check           (const char             *text,
                                                     GError                **error);

G_END_DECLS
