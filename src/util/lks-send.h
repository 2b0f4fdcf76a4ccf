/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void lks_send (GMainContext   *context,
               GSourceFunc     func,
               gpointer        data,
               GDestroyNotify  free_data);

G_END_DECLS
