/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksZip:
 *
 * A zip archive on its way into a stream.
 */
typedef struct _LksZip LksZip;

LksZip   *lks_zip_new    (GOutputStream  *stream,
                          gint64          time_s,
                          GCancellable   *cancellable,
                          GError        **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean  lks_zip_add    (LksZip         *self,
                          const char     *name,
                          GBytes         *bytes,
                          GError        **error);
gboolean  lks_zip_finish (LksZip         *self,
                          GError        **error);
void      lks_zip_free   (LksZip         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksZip, lks_zip_free)

G_END_DECLS
