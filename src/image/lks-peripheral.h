/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-manifest.h"

G_BEGIN_DECLS

/**
 * LksClashKind:
 * @LKS_CLASH_KIND_CERTAIN: a board does not accept both
 * @LKS_CLASH_KIND_POSSIBLE: both use pins of one block, which a board may refuse
 *
 * How surely two demands exclude each other.
 */
typedef enum {
  LKS_CLASH_KIND_CERTAIN,
  LKS_CLASH_KIND_POSSIBLE,
} LksClashKind;

/**
 * LksClash:
 * @kind: how sure it is
 * @one: (owned): what the first asks for, such as "Uart ISU0" or "TCP port 80"
 * @other: (owned): what the other asks for
 *
 * Two demands for the same thing.
 */
typedef struct {
  LksClashKind kind;
  char *one;
  char *other;
} LksClash;

int         lks_peripheral_compare     (gconstpointer       one,
                                        gconstpointer       other);
const char *lks_peripheral_get_block   (const char         *peripheral);
gboolean    lks_peripherals_are_equal  (const char *const  *one,
                                        const char *const  *other);
gboolean    lks_peripherals_exclude    (const char *const  *one,
                                        const char *const  *other);

GPtrArray  *lks_manifest_find_clashes  (const LksManifest  *one,
                                        const LksManifest  *other) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
