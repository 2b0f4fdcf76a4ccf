/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-usbip-client.h"

#include "emu-fd-watch.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_BYTES (64 * 1024)

/* Nobody asks for so much at once who reads what he asked for. */
#define URBS_MAX 4096
#define URB_BYTES_MAX (16 * 1024 * 1024)
#define QUEUE_MAX_BYTES (32 * 1024 * 1024)
#define HELD_UNLINKS_MAX 1024

struct _EmuUsbipClient
{
  int fd;
  EmuFdWatch *watch; /* (owned) */
  EmuUsbipClientFuncs funcs;
  gpointer user_data;

  GByteArray *received; /* (owned): not parsed yet */
  GByteArray *answers;  /* (owned): not sent yet */
  gboolean reading;     /* answers are collected and sent together */
  gboolean last_answer; /* the connection ends when it is sent */
  gboolean broken;      /* the connection is useless; the watch will end it */

  EmuFt4232h *chip;    /* (unowned) (nullable): set after an import */
  GHashTable *urbs;    /* (owned) (element-type seqnum EmuUrb): at the chip */
  gsize urb_bytes;     /* their buffers */
  GHashTable *unlinks; /* (owned) (element-type victim seqnum): arrived before their victims */
  guint32 last_seqnum; /* of a submit */
};

static void
send_answers (EmuUsbipClient *self)
{
  gsize sent = 0;

  while (!self->broken && sent < self->answers->len)
    {
      gssize n = send (self->fd, self->answers->data + sent, self->answers->len - sent,
                       MSG_NOSIGNAL | MSG_DONTWAIT);

      if (n >= 0)
        sent += n;
      else if (errno == EAGAIN)
        break;
      else if (errno != EINTR)
        self->broken = TRUE;
    }
  if (sent > 0)
    g_byte_array_remove_range (self->answers, 0, sent);

  if (self->answers->len > QUEUE_MAX_BYTES)
    self->broken = TRUE;
  if (self->broken)
    shutdown (self->fd, SHUT_RDWR); /* wakes the watch, which may free the client; we may not */
  emu_fd_watch_set_condition (self->watch, self->answers->len > 0 ? G_IO_IN | G_IO_OUT : G_IO_IN);
}

static void
urb_done_cb (EmuUrb *urb, gpointer user_data)
{
  EmuUsbipClient *self = user_data;

  g_hash_table_remove (self->urbs, GUINT_TO_POINTER (urb->seqnum));
  self->urb_bytes -= urb->size_bytes;
  emu_usbip_append_submitted (self->answers, urb->seqnum, urb->status, urb->actual_bytes,
                              urb->is_in ? urb->data : NULL);
  if (!self->reading)
    send_answers (self);
}

/* Linux' vhci_hcd may send an unlink before the submit it means: both wait in queues of its
 * own, and the unlink queue is looked at first. It ignores an answer to an unlink whose submit it
 * has not sent, so the answer has to wait, and takes the place of the transfer's. */
static void
handle_unlink (EmuUsbipClient *self, const EmuUsbipCommand *command)
{
  EmuUrb *urb = g_hash_table_lookup (self->urbs, GUINT_TO_POINTER (command->victim));

  if (urb != NULL)
    {
      g_hash_table_remove (self->urbs, GUINT_TO_POINTER (command->victim));
      self->urb_bytes -= urb->size_bytes;
      emu_ft4232h_withdraw (self->chip, urb);
      emu_urb_free (urb);
      emu_usbip_append_unlinked (self->answers, command->seqnum, -ECONNRESET);
    }
  else if ((gint32) (command->victim - self->last_seqnum) > 0)
    g_hash_table_insert (self->unlinks, GUINT_TO_POINTER (command->victim),
                         GUINT_TO_POINTER (command->seqnum));
  else
    emu_usbip_append_unlinked (self->answers, command->seqnum, 0);
}

static gboolean
answer_held_unlink (EmuUsbipClient *self, guint32 victim)
{
  gpointer seqnum;

  if (!g_hash_table_steal_extended (self->unlinks, GUINT_TO_POINTER (victim), NULL, &seqnum))
    return FALSE;

  emu_usbip_append_unlinked (self->answers, GPOINTER_TO_UINT (seqnum), -ECONNRESET);
  return TRUE;
}

static void
handle_submit (EmuUsbipClient *self, const EmuUsbipCommand *command)
{
  EmuUrb *urb;

  if ((gint32) (command->seqnum - self->last_seqnum) > 0)
    self->last_seqnum = command->seqnum;
  if (answer_held_unlink (self, command->seqnum))
    return;

  urb = emu_urb_new (command->seqnum, command->endpoint, command->is_in,
                     command->is_in ? NULL : command->data, command->size_bytes);
  memcpy (urb->setup, command->setup, sizeof urb->setup);
  urb->done = urb_done_cb;
  urb->user_data = self;
  g_hash_table_insert (self->urbs, GUINT_TO_POINTER (urb->seqnum), urb);
  self->urb_bytes += urb->size_bytes;
  emu_ft4232h_submit (self->chip, urb);
}

static gboolean
is_overloaded (EmuUsbipClient *self)
{
  return g_hash_table_size (self->urbs) > URBS_MAX || self->urb_bytes > URB_BYTES_MAX ||
         g_hash_table_size (self->unlinks) > HELD_UNLINKS_MAX;
}

/* Returns how many bytes were used; 0 when more are needed, or on error. */
static gsize
handle_message (EmuUsbipClient *self, const guint8 *data, gsize size_bytes, GError **error)
{
  EmuUsbipCommand command;
  EmuUsbipRequest request;
  gsize used = 0;

  if (self->chip == NULL)
    {
      if (!self->last_answer &&
          emu_usbip_parse_request (data, size_bytes, &request, &used, error) && used > 0)
        {
          self->chip = self->funcs.request (self, &request, self->answers, self->user_data);
          self->last_answer = self->chip == NULL;
        }
      return used;
    }

  if (!emu_usbip_parse_command (data, size_bytes, &command, &used, error) || used == 0)
    return 0;
  if (command.is_unlink)
    handle_unlink (self, &command);
  else if (g_hash_table_contains (self->urbs, GUINT_TO_POINTER (command.seqnum)) ||
           is_overloaded (self))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "USB/IP: sequence number %u is in use, or too many transfers", command.seqnum);
      return 0;
    }
  else
    handle_submit (self, &command);
  return used;
}

static gboolean
handle_received (EmuUsbipClient *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gsize done = 0;
  gsize used;

  while ((used = handle_message (self, self->received->data + done, self->received->len - done,
                                 &local_error)) > 0)
    done += used;
  if (done > 0)
    g_byte_array_remove_range (self->received, 0, done);

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* FALSE: the connection is over. */
static gboolean
receive (EmuUsbipClient *self)
{
  g_autoptr (GError) error = NULL;
  gsize before = self->received->len;
  gssize n;

  g_byte_array_set_size (self->received, before + READ_BYTES);
  n = recv (self->fd, self->received->data + before, READ_BYTES, MSG_DONTWAIT);
  g_byte_array_set_size (self->received, before + MAX (n, 0));
  if (n < 0)
    return errno == EAGAIN || errno == EINTR;
  if (n == 0)
    return FALSE;

  self->reading = TRUE;
  if (!handle_received (self, &error))
    g_info ("client dropped: %s", error->message);
  self->reading = FALSE;
  send_answers (self);
  return error == NULL && !self->broken;
}

static void
ready_cb (GIOCondition condition, gpointer user_data)
{
  EmuUsbipClient *self = user_data;
  gboolean alive = TRUE;

  if ((condition & G_IO_OUT) != 0)
    send_answers (self);
  if ((condition & (G_IO_IN | G_IO_HUP | G_IO_ERR)) != 0)
    alive = receive (self);

  if (!alive || self->broken || (self->last_answer && self->answers->len == 0))
    self->funcs.ended (self, self->user_data);
}

/**
 * emu_usbip_client_new:
 * @context: (nullable): where the connection is served
 * @fd: (transfer full): a connected socket
 * @funcs: whom to ask and tell
 * @user_data: for @funcs
 *
 * Returns: (transfer full): a client
 */
EmuUsbipClient *
emu_usbip_client_new (GMainContext *context,
                      int fd,
                      const EmuUsbipClientFuncs *funcs,
                      gpointer user_data)
{
  EmuUsbipClient *self = g_new0 (EmuUsbipClient, 1);

  self->fd = fd;
  self->funcs = *funcs;
  self->user_data = user_data;
  self->received = g_byte_array_new ();
  self->answers = g_byte_array_new ();
  self->urbs = g_hash_table_new (NULL, NULL);
  self->unlinks = g_hash_table_new (NULL, NULL);
  self->watch = emu_fd_watch_new (context, fd, G_IO_IN, ready_cb, self);
  return self;
}

static void
withdraw_urbs (EmuUsbipClient *self)
{
  GHashTableIter iter;
  gpointer urb;

  g_hash_table_iter_init (&iter, self->urbs);
  while (g_hash_table_iter_next (&iter, NULL, &urb))
    {
      emu_ft4232h_withdraw (self->chip, urb);
      emu_urb_free (urb);
    }
  g_hash_table_unref (self->urbs);
}

/**
 * emu_usbip_client_free:
 * @self: (transfer full) (nullable): a client
 *
 * Ends the connection. Transfers that wait at the chip are withdrawn. Must not be called while
 * the chip completes one.
 */
void
emu_usbip_client_free (EmuUsbipClient *self)
{
  if (self == NULL)
    return;

  withdraw_urbs (self);
  g_hash_table_unref (self->unlinks);
  emu_fd_watch_free (self->watch);
  close (self->fd);
  g_byte_array_unref (self->received);
  g_byte_array_unref (self->answers);
  g_free (self);
}
