/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-urb.h"

#include <string.h>

/**
 * emu_urb_new:
 * @seqnum: the host's number for it
 * @endpoint: endpoint number, 0 to 15
 * @is_in: whether bytes go to the host
 * @data: (nullable): the bytes of an OUT transfer
 * @size_bytes: how many bytes the host sends, or has room for
 *
 * Returns: (transfer full): a transfer
 */
EmuUrb *
emu_urb_new (guint32 seqnum, guint8 endpoint, gboolean is_in, gconstpointer data, gsize size_bytes)
{
  EmuUrb *self = g_new0 (EmuUrb, 1);

  self->seqnum = seqnum;
  self->endpoint = endpoint;
  self->is_in = is_in;
  self->size_bytes = size_bytes;
  self->data = g_malloc0 (MAX (size_bytes, 1));
  if (data != NULL)
    memcpy (self->data, data, size_bytes);
  self->link.data = self;
  return self;
}

/**
 * emu_urb_free:
 * @self: (transfer full) (nullable): a transfer that is in no queue
 */
void
emu_urb_free (EmuUrb *self)
{
  if (self == NULL)
    return;

  g_free (self->data);
  g_free (self);
}

/**
 * emu_urb_complete:
 * @self: (transfer full): a transfer that is in no queue
 * @status: 0, or a negative errno
 *
 * Tells the host, then frees the transfer.
 */
void
emu_urb_complete (EmuUrb *self, int status)
{
  self->status = status;
  self->done (self, self->user_data);
  emu_urb_free (self);
}
