/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The trust anchor of the emulated boards, in the state directory. */
#define EMU_TLS_CA_FILE "ca.pem"

/**
 * EmuTlsKind:
 *
 * What a board's TLS server shows.
 */
typedef enum {
  EMU_TLS_GENUINE,
  EMU_TLS_WRONG_CA,   /* signed by an authority nobody knows */
  EMU_TLS_WRONG_NAME, /* names another host */
  EMU_TLS_EXPIRED,    /* ended long ago */
  EMU_TLS_CLOUD,      /* not a board's: the cloud's, on this computer */
} EmuTlsKind;

#define EMU_TLS_N_KINDS (EMU_TLS_CLOUD + 1)

/**
 * EmuTls:
 *
 * The certificates of the emulated boards: one authority of their own, and one server
 * certificate for all boards, as with real ones.
 */
typedef struct _EmuTls EmuTls;

EmuTls          *emu_tls_open            (const char  *state_dir,
                                          GError     **error) G_GNUC_WARN_UNUSED_RESULT;
void             emu_tls_free            (EmuTls      *self);
GTlsCertificate *emu_tls_get_certificate (EmuTls      *self,
                                          EmuTlsKind   kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuTls, emu_tls_free)

G_END_DECLS
