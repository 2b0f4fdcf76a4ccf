/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-error.h"

G_BEGIN_DECLS

void lks_device_error_set_answer (GError   *error,
                                  guint     http_status,
                                  gboolean  has_number,
                                  guint32   number);

G_END_DECLS
