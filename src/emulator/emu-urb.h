/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMU_USB_SETUP_BYTES 8

typedef struct _EmuUrb EmuUrb;

typedef void (*EmuUrbFunc) (EmuUrb  *urb,
                            gpointer user_data);

/**
 * EmuUrb:
 *
 * One transfer a host asked for. The chip that gets it fills @data or takes from it, sets
 * @actual_bytes and calls emu_urb_complete().
 */
struct _EmuUrb {
  guint32 seqnum;
  guint8 endpoint; /* number, without the direction bit */
  gboolean is_in;
  guint8 setup[EMU_USB_SETUP_BYTES]; /* endpoint 0 only */
  guint8 *data;                      /* (owned) */
  gsize size_bytes;
  gsize actual_bytes;
  int status; /* 0 or a negative errno, as Linux numbers them */
  EmuUrbFunc done;
  gpointer user_data;
  GList link; /* in the queue of its endpoint */
};

EmuUrb *emu_urb_new      (guint32       seqnum,
                          guint8        endpoint,
                          gboolean      is_in,
                          gconstpointer data,
                          gsize         size_bytes) G_GNUC_WARN_UNUSED_RESULT;
void    emu_urb_free     (EmuUrb       *self);
void    emu_urb_complete (EmuUrb       *self,
                          int           status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuUrb, emu_urb_free)

G_END_DECLS
