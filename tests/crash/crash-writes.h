/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* From now on events on the ledger at @path are counted; @order is what CRASH_AT holds, or NULL.
 * Both must live on. */
__attribute__ ((visibility ("default"))) void crash_writes_order (const char *path,
                                                                  const char *order);
