/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-device.h"
