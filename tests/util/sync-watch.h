/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a test program brings to the disk: the names of what fsync() was called for, which it takes
 * the place of, in their order. */
#pragma once

#include <glib.h>

void  sync_watch_begin (int   problem);
char *sync_watch_end   (void) G_GNUC_WARN_UNUSED_RESULT;
