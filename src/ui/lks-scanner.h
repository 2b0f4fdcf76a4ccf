/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define LKS_SCAN_CHARACTERS_MAX 256

/**
 * LksScanner:
 *
 * Tells a barcode scanner that pretends to be a keyboard from a person who types: its keys come
 * faster than anybody types, and an Enter ends them. A pure function of keys and times.
 */
typedef struct _LksScanner LksScanner;

LksScanner *lks_scanner_new       (void) G_GNUC_WARN_UNUSED_RESULT;
void        lks_scanner_free      (LksScanner *self);

gboolean    lks_scanner_key       (LksScanner *self,
                                   gunichar    typed,
                                   guint       hardware_code,
                                   gboolean    is_shifted,
                                   guint32     time_ms);
char       *lks_scanner_enter     (LksScanner *self,
                                   guint32     time_ms,
                                   char      **out_as_us) G_GNUC_WARN_UNUSED_RESULT;
void        lks_scanner_reset     (LksScanner *self);
guint       lks_scanner_get_length (LksScanner *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksScanner, lks_scanner_free)

G_END_DECLS
