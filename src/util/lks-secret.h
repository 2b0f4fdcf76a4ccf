/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksSecret:
 *
 * Bytes that open something: a capability, a token, a key, a password. Immutable, counted, any
 * thread. They lie in memory that is not swapped as far as the system permits, that is left out
 * of core dumps, and that is wiped when the last reference goes. Never copy them into an
 * ordinary string.
 */
#define LKS_TYPE_SECRET (lks_secret_get_type ())
typedef struct _LksSecret LksSecret;

GType         lks_secret_get_type         (void);

LksSecret    *lks_secret_new              (gconstpointer     data,
                                           gsize             size_bytes) G_GNUC_WARN_UNUSED_RESULT;
LksSecret    *lks_secret_new_base64       (const char       *prefix,
                                           const LksSecret  *secret) G_GNUC_WARN_UNUSED_RESULT;
LksSecret    *lks_secret_new_decoded       (const LksSecret  *text) G_GNUC_WARN_UNUSED_RESULT;
LksSecret    *lks_secret_load             (const char       *path,
                                           gsize             size_max_bytes,
                                           GError          **error) G_GNUC_WARN_UNUSED_RESULT;
LksSecret    *lks_secret_ref              (LksSecret        *self);
void          lks_secret_unref            (LksSecret        *self);

GBytes       *lks_secret_share_bytes      (LksSecret        *self) G_GNUC_WARN_UNUSED_RESULT;
gconstpointer lks_secret_get_data         (const LksSecret  *self,
                                           gsize            *out_size_bytes);
const char   *lks_secret_get_text         (const LksSecret  *self);
gboolean      lks_secret_equal            (const LksSecret  *self,
                                           const LksSecret  *other);
char         *lks_secret_dup_fingerprint  (const LksSecret  *self) G_GNUC_WARN_UNUSED_RESULT;

gpointer      lks_secret_heap_alloc       (gsize             size_bytes);
gpointer      lks_secret_heap_alloc_zero  (gsize             n,
                                           gsize             size_bytes);
gpointer      lks_secret_heap_realloc     (gpointer          memory,
                                           gsize             size_bytes);
char         *lks_secret_heap_dup_text    (const char       *text);
void          lks_secret_heap_free        (gpointer          memory);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksSecret, lks_secret_unref)

G_END_DECLS
