/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-net.h"
#include "lks-device-shape.h"

G_BEGIN_DECLS

extern const LksDeviceShape lks_firewall_record;

G_END_DECLS
