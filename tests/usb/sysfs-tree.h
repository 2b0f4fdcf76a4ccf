/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The part of sysfs that says which controllers the USB buses belong to, in a folder. */
void sysfs_tree_add    (const char *sysfs,
                        guint       bus,
                        const char *controller,
                        const char *speed);
void sysfs_tree_remove (const char *sysfs,
                        guint       bus);

G_END_DECLS
