/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define EMU_THUMBPRINT_BYTES 20
#define EMU_SIGNATURE_BYTES 64

/* The certificate of who signs capability files, for programs that check such signatures. */
#define EMU_KEYS_SIGNER_FILE "signer.pem"

/* Whose signature is on an image; what a board may do with it depends on that. */
typedef enum {
  EMU_SIGNER_UNKNOWN,
  EMU_SIGNER_PRODUCTION,  /* stands for the vendor's cloud: capability files, released images */
  EMU_SIGNER_DEVELOPMENT, /* stands for the SDK: accepted with app development only */
} EmuSigner;

#define EMU_TYPE_SIGNER (emu_signer_get_type ())
GType emu_signer_get_type (void);

/**
 * EmuKeys:
 *
 * The signing keys of the emulated world: what a real board's trusted keystore holds for images
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

gboolean      emu_keys_publish         (const char     *state_dir,
                                        const char     *name,
                                        const char     *text,
                                        gsize           size_bytes,
                                        GError        **error);

EmuKeys      *emu_keys_open            (const char     *state_dir,
                                        GError        **error) G_GNUC_WARN_UNUSED_RESULT;
EmuKeys      *emu_keys_ref             (EmuKeys        *self);
void          emu_keys_unref           (EmuKeys        *self);

const guint8 *emu_keys_get_thumbprint  (EmuKeys        *self,
                                        EmuSigner       signer);
gboolean      emu_keys_sign            (EmuKeys        *self,
                                        EmuSigner       signer,
                                        gconstpointer   data,
                                        gsize           size_bytes,
                                        guint8         *out_signature,
                                        GError        **error);
EmuSigner     emu_keys_identify        (EmuKeys        *self,
                                        gconstpointer   data,
                                        gsize           size_bytes,
                                        const guint8   *thumbprint,
                                        const guint8   *signature);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuKeys, emu_keys_unref)

G_END_DECLS
