/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void lks_ip_stack_ensure (void);
void lks_ip_stack_lock   (void);
void lks_ip_stack_unlock (void);

G_END_DECLS
