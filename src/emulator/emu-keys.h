/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define EMU_THUMBPRINT_BYTES 20
#define EMU_SIGNATURE_BYTES 64

/**
 * EmuKeys:
 *
 * The signing key of the emulated world: what a real board's trusted keystore holds for images
 * and capability files. Made once, kept in the state directory, mode 0600.
 */
typedef struct _EmuKeys EmuKeys;

char         *emu_keys_get_default_dir (void) G_GNUC_WARN_UNUSED_RESULT;
gboolean      emu_keys_ensure_dir      (const char     *state_dir,
                                        GError        **error);
gboolean      emu_keys_write_file      (const char     *state_dir,
                                        const char     *name,
                                        const char     *text,
                                        gsize           size_bytes,
                                        int             mode,
                                        GError        **error);

EmuKeys      *emu_keys_open            (const char     *state_dir,
                                        GError        **error) G_GNUC_WARN_UNUSED_RESULT;
EmuKeys      *emu_keys_ref             (EmuKeys        *self);
void          emu_keys_unref           (EmuKeys        *self);

const guint8 *emu_keys_get_thumbprint  (EmuKeys        *self);
gboolean      emu_keys_sign            (EmuKeys        *self,
                                        gconstpointer   data,
                                        gsize           size_bytes,
                                        guint8         *out_signature,
                                        GError        **error);
gboolean      emu_keys_verify          (EmuKeys        *self,
                                        gconstpointer   data,
                                        gsize           size_bytes,
                                        const guint8   *signature);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuKeys, emu_keys_unref)

G_END_DECLS
