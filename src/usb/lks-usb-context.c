/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-usb-private.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* How often a wait for a control request looks at its cancellable. */
#define CANCEL_SLICE_MS 20

/* How many devices are on their way back. Lives longer than the context: a thread that gives
 * a device back lets go of the context before it says so here. */
typedef struct
{
  GMutex mutex;
  GCond changed;
  guint handles; /* guarded by mutex */
} Leavers;

struct _LksUsbContext
{
  GObject parent_instance;

  LksIoThread *io_thread; /* (owned) */
  libusb_context *usb;    /* (owned) (nullable) */
  GSource *source;        /* (owned) (nullable): watches epoll_fd in the I/O thread's context */
  int epoll_fd;           /* (owned): libusb's descriptors, one per open adapter and a few more */

  Leavers *leavers; /* (owned): an atomic box */
};

G_DEFINE_FINAL_TYPE (LksUsbContext, lks_usb_context, G_TYPE_OBJECT)

static void
leavers_clear (Leavers *self)
{
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);
}

static void
leavers_unref (Leavers *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) leavers_clear);
}

static void
leavers_add (Leavers *self, int change)
{
  g_mutex_lock (&self->mutex);
  self->handles += (guint) change;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

typedef struct
{
  GSource parent;

  libusb_context *usb;
} EventSource;

static gboolean
event_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  EventSource *self = (EventSource *) source;
  struct timeval no_time = { 0, 0 };

  libusb_handle_events_timeout_completed (self->usb, &no_time, NULL);
  return G_SOURCE_CONTINUE;
}

/* No check function: GLib dispatches when one of the descriptors is ready. */
static GSourceFuncs event_source_funcs = { .dispatch = event_source_dispatch };

/* Called on any thread that opens a device. The descriptors have an epoll of their own, so that
 * the main context, which looks at each of its descriptors at every turn, has one for all boards.
 */
static void LIBUSB_CALL
descriptor_added_cb (int fd, short events, void *user_data)
{
  LksUsbContext *self = user_data;
  struct epoll_event event = {
    .events = ((events & POLLIN) != 0 ? EPOLLIN : 0) | ((events & POLLOUT) != 0 ? EPOLLOUT : 0),
    .data.fd = fd,
  };

  if (epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
    g_warning ("libusb's descriptor %d is not watched: %s", fd, g_strerror (errno));
}

/* Called on any thread that closes a device. */
static void LIBUSB_CALL
descriptor_removed_cb (int fd, void *user_data)
{
  LksUsbContext *self = user_data;

  epoll_ctl (self->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
}

static gboolean
attach_source (LksUsbContext *self, GError **error)
{
  const struct libusb_pollfd **descriptors = libusb_get_pollfds (self->usb);

  if (descriptors == NULL || !libusb_pollfds_handle_timeouts (self->usb))
    {
      g_set_error_literal (error, LKS_USB_ERROR, LKS_USB_ERROR_IO,
                           "This libusb cannot run in an event loop of ours; "
                           "a libusb built with timerfd is needed");
      libusb_free_pollfds (descriptors);
      return FALSE;
    }

  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  if (self->epoll_fd < 0)
    {
      g_set_error (error, LKS_USB_ERROR, LKS_USB_ERROR_IO, "Starting libusb: %s",
                   g_strerror (errno));
      libusb_free_pollfds (descriptors);
      return FALSE;
    }

  self->source = g_source_new (&event_source_funcs, sizeof (EventSource));
  ((EventSource *) self->source)->usb = self->usb;
  g_source_set_static_name (self->source, "libusb");
  g_source_add_unix_fd (self->source, self->epoll_fd, G_IO_IN);

  for (gsize i = 0; descriptors[i] != NULL; i++)
    descriptor_added_cb (descriptors[i]->fd, descriptors[i]->events, self);
  libusb_free_pollfds (descriptors);
  libusb_set_pollfd_notifiers (self->usb, descriptor_added_cb, descriptor_removed_cb, self);

  g_source_attach (self->source, lks_io_thread_get_context (self->io_thread));
  return TRUE;
}

static void
detach_source_cb (gpointer user_data)
{
  LksUsbContext *self = user_data;

  g_source_destroy (self->source);
}

static void
lks_usb_context_finalize (GObject *object)
{
  LksUsbContext *self = LKS_USB_CONTEXT (object);

  if (self->source != NULL)
    {
      libusb_set_pollfd_notifiers (self->usb, NULL, NULL, NULL);
      lks_io_thread_call (self->io_thread, detach_source_cb, self);
      g_source_unref (self->source);
    }
  if (self->usb != NULL)
    libusb_exit (self->usb);

  if (self->epoll_fd >= 0)
    close (self->epoll_fd);
  leavers_unref (self->leavers);
  g_clear_object (&self->io_thread);

  G_OBJECT_CLASS (lks_usb_context_parent_class)->finalize (object);
}

static void
lks_usb_context_class_init (LksUsbContextClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lks_usb_context_finalize;
}

static void
lks_usb_context_init (LksUsbContext *self)
{
  self->epoll_fd = -1;
  self->leavers = g_atomic_rc_box_new0 (Leavers);
  g_mutex_init (&self->leavers->mutex);
  g_cond_init (&self->leavers->changed);
}

/**
 * lks_usb_context_new:
 * @io_thread: where libusb's events are handled
 * @error: return location for an error
 *
 * Opens a libusb session. Its callbacks run on @io_thread and nowhere else, because nothing
 * in this folder calls the functions of libusb that handle events while they wait.
 *
 * Returns: (transfer full) (nullable): a context, or NULL with [error@Lks.UsbError]
 */
LksUsbContext *
lks_usb_context_new (LksIoThread *io_thread, GError **error)
{
  g_autoptr (LksUsbContext) self = g_object_new (LKS_TYPE_USB_CONTEXT, NULL);

  self->io_thread = g_object_ref (io_thread);
  if (!lks_usb_check (libusb_init (&self->usb), "Starting libusb", error) ||
      !attach_source (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * lks_usb_context_get_libusb:
 * @self: a context
 *
 * Returns: (transfer none): the libusb session
 */
libusb_context *
lks_usb_context_get_libusb (LksUsbContext *self)
{
  return self->usb;
}

/**
 * lks_usb_context_get_io_thread:
 * @self: a context
 *
 * Returns: (transfer none): the thread on which callbacks run
 */
LksIoThread *
lks_usb_context_get_io_thread (LksUsbContext *self)
{
  return self->io_thread;
}

/**
 * lks_usb_pause:
 * @pause_ms: how long
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Gives a device time before it is asked again. Blocks; worker threads only.
 *
 * Returns: TRUE when the time is over, FALSE with `G_IO_ERROR_CANCELLED` as soon as @cancellable
 *   is cancelled
 */
gboolean
lks_usb_pause (guint pause_ms, GCancellable *cancellable, GError **error)
{
  GPollFD cancelled;
  gboolean can_poll = g_cancellable_make_pollfd (cancellable, &cancelled);

  g_poll (&cancelled, can_poll ? 1 : 0, (int) pause_ms);
  if (can_poll)
    g_cancellable_release_fd (cancellable);

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

typedef struct
{
  GMutex mutex;
  GCond ended_cond;
  gboolean ended;
} Wait;

static void LIBUSB_CALL
control_ended_cb (struct libusb_transfer *transfer)
{
  Wait *wait = transfer->user_data;

  g_mutex_lock (&wait->mutex);
  wait->ended = TRUE;
  g_cond_signal (&wait->ended_cond);
  g_mutex_unlock (&wait->mutex);
}

/* The transfer is always ended when this returns, cancelled or not. */
static void
wait_for_end (Wait *wait, struct libusb_transfer *transfer, GCancellable *cancellable)
{
  gboolean asked_to_stop = FALSE;

  g_mutex_lock (&wait->mutex);
  while (!wait->ended)
    {
      gint64 slice_end_us = g_get_monotonic_time () + CANCEL_SLICE_MS * G_TIME_SPAN_MILLISECOND;

      g_cond_wait_until (&wait->ended_cond, &wait->mutex, slice_end_us);
      if (!wait->ended && !asked_to_stop && g_cancellable_is_cancelled (cancellable))
        {
          /* Unlocked: libusb calls back with a lock of its own held. */
          g_mutex_unlock (&wait->mutex);
          libusb_cancel_transfer (transfer);
          g_mutex_lock (&wait->mutex);
          asked_to_stop = TRUE;
        }
    }
  g_mutex_unlock (&wait->mutex);
}

/**
 * lks_usb_context_control:
 * @self: a context
 * @handle: an open device
 * @setup: the request
 * @data: (nullable): room for or content of its data stage, `setup->length` bytes
 * @out_size_bytes: (out) (optional): how many bytes moved
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Sends a control request and waits for its end, at most LKS_USB_CONTROL_TIMEOUT_MS. Blocks;
 * any thread but the I/O thread. (libusb_control_transfer() would handle the events of all
 * boards on the calling thread.)
 *
 * Returns: whether the request was answered; fails with [error@Lks.UsbError] or
 *   `G_IO_ERROR_CANCELLED`
 */
gboolean
lks_usb_context_control (LksUsbContext *self,
                         libusb_device_handle *handle,
                         const LksUsbSetup *setup,
                         guint8 *data,
                         gsize *out_size_bytes,
                         GCancellable *cancellable,
                         GError **error)
{
  guint8 buffer[LIBUSB_CONTROL_SETUP_SIZE + LKS_USB_CONTROL_BYTES_MAX] = { 0 };
  struct libusb_transfer *transfer;
  gboolean is_in = (setup->request_type & LIBUSB_ENDPOINT_IN) != 0;
  Wait wait = { .ended = FALSE };
  gboolean ok;

  g_return_val_if_fail (setup->length <= LKS_USB_CONTROL_BYTES_MAX, FALSE);
  g_return_val_if_fail (!lks_io_thread_is_current (self->io_thread), FALSE);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  libusb_fill_control_setup (buffer, setup->request_type, setup->request, setup->value,
                             setup->index, setup->length);
  if (!is_in && setup->length > 0)
    memcpy (buffer + LIBUSB_CONTROL_SETUP_SIZE, data, setup->length);

  g_mutex_init (&wait.mutex);
  g_cond_init (&wait.ended_cond);
  transfer = libusb_alloc_transfer (0);
  libusb_fill_control_transfer (transfer, handle, buffer, control_ended_cb, &wait,
                                LKS_USB_CONTROL_TIMEOUT_MS);

  ok = lks_usb_check (libusb_submit_transfer (transfer), "Asking the adapter", error);
  if (ok)
    {
      wait_for_end (&wait, transfer, cancellable);
      ok = lks_usb_check_transfer (transfer->status, "Asking the adapter", error);
    }
  if (ok && is_in)
    memcpy (data, buffer + LIBUSB_CONTROL_SETUP_SIZE,
            MIN ((gsize) transfer->actual_length, setup->length));
  if (ok && out_size_bytes != NULL)
    *out_size_bytes = (gsize) transfer->actual_length;

  libusb_free_transfer (transfer);
  g_cond_clear (&wait.ended_cond);
  g_mutex_clear (&wait.mutex);
  return ok;
}

typedef struct
{
  LksUsbContext *context; /* (owned) */
  Leavers *leavers;       /* (owned) */
  libusb_device_handle *handle;
  int interface_number;
} Leaving;

static gpointer
give_back_in_thread (gpointer data)
{
  g_autofree Leaving *leaving = data;
  int rc = libusb_release_interface (leaving->handle, leaving->interface_number);

  if (rc < 0 && rc != LIBUSB_ERROR_NO_DEVICE)
    g_info ("interface %d was not given back: %s", leaving->interface_number,
            libusb_error_name (rc));
  libusb_close (leaving->handle);

  g_object_unref (leaving->context);
  leavers_add (leaving->leavers, -1);
  leavers_unref (leaving->leavers);
  return NULL;
}

/**
 * lks_usb_context_announce_give_back:
 * @self: a context
 *
 * Says that lks_usb_context_give_back() will follow once the transfers have ended, so that
 * lks_usb_context_wait_for_all() waits for it. Any thread.
 */
void
lks_usb_context_announce_give_back (LksUsbContext *self)
{
  leavers_add (self->leavers, 1);
}

/**
 * lks_usb_context_give_back:
 * @self: (transfer full): a context; taken, because the thread below may outlive the caller
 *   and the last reference must not fall to the I/O thread
 * @handle: (transfer full): an open device without transfers, announced before
 * @interface_number: the interface it has claimed
 *
 * Releases the interface, which brings the kernel's driver back, and closes the device. The
 * driver talks to the adapter while it starts, so this happens on a short-lived thread: see
 * lks_usb_context_wait_for_all(). Any thread; does not wait.
 */
void
lks_usb_context_give_back (LksUsbContext *self, libusb_device_handle *handle, int interface_number)
{
  Leaving *leaving = g_new (Leaving, 1);

  leaving->context = self;
  leaving->leavers = g_atomic_rc_box_acquire (self->leavers);
  leaving->handle = handle;
  leaving->interface_number = interface_number;

  g_thread_unref (g_thread_new ("lks-usb-release", give_back_in_thread, leaving));
}

/**
 * lks_usb_context_wait_for_all:
 * @self: a context
 * @timeout_ms: how long to wait at most
 *
 * Waits until every device on its way back is given back: a program that ends earlier would
 * leave the adapter without its kernel driver.
 */
void
lks_usb_context_wait_for_all (LksUsbContext *self, guint timeout_ms)
{
  gint64 end_us = g_get_monotonic_time () + (gint64) timeout_ms * G_TIME_SPAN_MILLISECOND;

  g_mutex_lock (&self->leavers->mutex);
  while (self->leavers->handles > 0)
    if (!g_cond_wait_until (&self->leavers->changed, &self->leavers->mutex, end_us))
      break;
  g_mutex_unlock (&self->leavers->mutex);
}
