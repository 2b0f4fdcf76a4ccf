/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-byte-stream.h"
#include "lks-ftdi.h"
#include "lks-send.h"
#include "lks-usb-private.h"

#include <string.h>

/* Port C of the FT4232H is the service UART (published schematics of the MT3620 boards). */
#define SERVICE_INTERFACE 2
#define SERVICE_PORT_NUMBER 3
#define SERVICE_BAUD 921600
#define SERVICE_END_CHAR 0xc0 /* RFC 1055: the end of a SLIP packet */

/* The chip sends what it has when 510 bytes wait, when the event character comes and when this
 * timer ends (FTDI AN_232B-04). Every SLIP packet ends with the event character, so the timer is
 * for nothing but the idle chip's packets of two status bytes: a thousand a second and board at 1
 * ms, sixty at the chip's own 16 ms. A chip that missed the character would answer this late. */
#define SERVICE_LATENCY_MS 128

/* Reading: a transfer ends with the first packet that is not full, which is at least every SLIP
 * packet; this many cover a burst of small ones while nobody looks after the line, and the chip
 * itself holds another 20 ms. */
#define IN_TRANSFERS 16
#define IN_TRANSFER_BYTES 4096

/* Writing: enough that the line never starves (4 KiB are 44 ms of it), little enough that a
 * small request does not wait long behind an upload. A transfer fills the chip's buffer. */
#define OUT_TRANSFERS 4
#define OUT_TRANSFER_BYTES 2048
#define OUT_IN_FLIGHT_BYTES 4096

/* Claiming can fail while the kernel still configures a device that has just arrived, and
 * while a stream of ours that was just closed is being given back. */
#define CLAIM_RETRY_MS 20
#define CLAIM_TRIES 20

typedef struct
{
  guint8 in;
  guint8 out;
  guint16 packet_bytes;
} Endpoints;

typedef enum
{
  LINE_OPEN,
  LINE_FAILED, /* nobody was told yet */
  LINE_CLOSED,
} LineState;

typedef struct
{
  LksUart *uart;                    /* (unowned): keeps itself alive until all have ended */
  struct libusb_transfer *transfer; /* (owned) */
  gboolean busy;
} Slot;

struct _LksUart
{
  GObject parent_instance;

  LksUsbContext *context;       /* (owned) (nullable): goes with the handle */
  libusb_device_handle *handle; /* (owned) (nullable): given back when the transfers ended */
  Endpoints endpoints;

  /* From here on I/O thread only. */
  LineState state;
  const LksByteStreamHandler *handler; /* (unowned) (nullable) */
  gpointer handler_data;
  GError *failure; /* (owned) (nullable) */
  Slot in[IN_TRANSFERS];
  Slot out[OUT_TRANSFERS];
  guint transfers_busy;
  gboolean leaving; /* the end was announced to the context */

  guint8 pending[OUT_IN_FLIGHT_BYTES]; /* written, waiting for a free transfer */
  gsize pending_bytes;
  gsize in_flight_bytes; /* in transfers */
  gboolean want_room;    /* a write was cut short */
};

static void lks_uart_stream_init (LksByteStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LksUart,
                               lks_uart,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LKS_TYPE_BYTE_STREAM, lks_uart_stream_init))

static void
free_slot (Slot *slot)
{
  if (slot->transfer == NULL)
    return;

  g_free (slot->transfer->buffer);
  g_clear_pointer (&slot->transfer, libusb_free_transfer);
}

static void
free_slots (LksUart *self)
{
  for (gsize i = 0; i < IN_TRANSFERS; i++)
    free_slot (&self->in[i]);
  for (gsize i = 0; i < OUT_TRANSFERS; i++)
    free_slot (&self->out[i]);
}

/* Drops the reference that the stream holds on itself while it is open. */
static void
leave_if_idle (LksUart *self)
{
  if (!self->leaving || self->transfers_busy > 0 || self->handle == NULL)
    return;

  free_slots (self);
  lks_usb_context_give_back (g_steal_pointer (&self->context), g_steal_pointer (&self->handle),
                             SERVICE_INTERFACE);
  g_object_unref (self);
}

static void
cancel_slot (Slot *slot)
{
  if (slot->busy)
    libusb_cancel_transfer (slot->transfer);
}

/* Ends all transfers; the adapter is given back when the last one has come home. */
static void
leave (LksUart *self)
{
  if (self->leaving)
    return;

  self->leaving = TRUE;
  lks_usb_context_announce_give_back (self->context);
  for (gsize i = 0; i < IN_TRANSFERS; i++)
    cancel_slot (&self->in[i]);
  for (gsize i = 0; i < OUT_TRANSFERS; i++)
    cancel_slot (&self->out[i]);
  leave_if_idle (self);
}

static void
tell_failure (LksUart *self)
{
  const LksByteStreamHandler *handler = self->handler;

  if (self->state != LINE_FAILED || handler == NULL)
    return;

  self->state = LINE_CLOSED;
  self->handler = NULL;
  if (handler->closed != NULL)
    handler->closed (self->handler_data, self->failure);
}

static gboolean
tell_failure_cb (gpointer user_data)
{
  tell_failure (user_data);
  return G_SOURCE_REMOVE;
}

/* Never from within a call of the handler's owner, who is not ready for it then. */
static void
tell_failure_soon (LksUart *self)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  lks_send (context, tell_failure_cb, g_object_ref (self), g_object_unref);
}

/* Takes the error. */
static void
fail (LksUart *self, GError *failure)
{
  if (self->state != LINE_OPEN)
    {
      g_error_free (failure);
      return;
    }

  g_debug ("service UART lost: %s", failure->message);
  self->state = LINE_FAILED;
  self->failure = failure;
  tell_failure_soon (self);
  leave (self);
}

static gboolean
submit (Slot *slot, const char *doing)
{
  LksUart *self = slot->uart;
  GError *error = NULL;

  if (!lks_usb_check (libusb_submit_transfer (slot->transfer), doing, &error))
    {
      fail (self, error);
      return FALSE;
    }

  slot->busy = TRUE;
  self->transfers_busy++;
  return TRUE;
}

/* Whether the transfer came home from a line that is still in use. It still counts as one of
 * the transfers until transfer_ended (), because its buffer is in use until then. */
static gboolean
came_home (Slot *slot, const char *doing)
{
  LksUart *self = slot->uart;
  GError *error = NULL;

  slot->busy = FALSE;
  if (self->state != LINE_OPEN)
    return FALSE;

  if (!lks_usb_check_transfer (slot->transfer->status, doing, &error))
    {
      fail (self, error);
      return FALSE;
    }

  return TRUE;
}

static void
transfer_ended (LksUart *self)
{
  self->transfers_busy--;
  leave_if_idle (self);
}

/* The handler may close or replace itself in each of its functions. */
static void
deliver (LksUart *self, guint8 *data, gsize size_bytes)
{
  LksFtdiRun run;
  gsize pos = 0;

  while (lks_ftdi_next_run (data, size_bytes, self->endpoints.packet_bytes, &pos, &run))
    {
      if (run.overrun && self->handler != NULL && self->handler->overrun != NULL)
        self->handler->overrun (self->handler_data);
      if (run.size_bytes > 0 && self->handler != NULL && self->handler->received != NULL)
        self->handler->received (self->handler_data, run.data, run.size_bytes);
    }
}

static void LIBUSB_CALL
in_ended_cb (struct libusb_transfer *transfer)
{
  Slot *slot = transfer->user_data;
  LksUart *self = g_object_ref (slot->uart);

  if (came_home (slot, "Reading from the board"))
    {
      deliver (self, transfer->buffer, (gsize) transfer->actual_length);
      if (self->state == LINE_OPEN)
        submit (slot, "Reading from the board");
    }

  transfer_ended (self);
  g_object_unref (self);
}

static Slot *
find_free_out (LksUart *self)
{
  for (gsize i = 0; i < OUT_TRANSFERS; i++)
    if (!self->out[i].busy)
      return &self->out[i];

  return NULL;
}

static void
send_pending (LksUart *self)
{
  Slot *slot;

  while (self->state == LINE_OPEN && self->pending_bytes > 0 &&
         (slot = find_free_out (self)) != NULL)
    {
      gsize chunk = MIN (self->pending_bytes, OUT_TRANSFER_BYTES);

      memcpy (slot->transfer->buffer, self->pending, chunk);
      slot->transfer->length = (int) chunk;
      if (!submit (slot, "Sending to the board"))
        break;

      self->pending_bytes -= chunk;
      self->in_flight_bytes += chunk;
      memmove (self->pending, self->pending + chunk, self->pending_bytes);
    }
}

static void LIBUSB_CALL
out_ended_cb (struct libusb_transfer *transfer)
{
  Slot *slot = transfer->user_data;
  LksUart *self = g_object_ref (slot->uart);

  self->in_flight_bytes -= (gsize) transfer->length;
  if (came_home (slot, "Sending to the board"))
    {
      send_pending (self);
      if (self->want_room && self->handler != NULL)
        {
          self->want_room = FALSE;
          if (self->handler->writable != NULL)
            self->handler->writable (self->handler_data);
        }
    }

  transfer_ended (self);
  g_object_unref (self);
}

static void
lks_uart_set_handler (LksByteStream *stream,
                      const LksByteStreamHandler *handler,
                      gpointer user_data)
{
  LksUart *self = LKS_UART (stream);

  self->handler = handler;
  self->handler_data = user_data;
  if (self->state == LINE_FAILED && handler != NULL)
    tell_failure_soon (self);
}

static gsize
lks_uart_write (LksByteStream *stream, const guint8 *data, gsize size_bytes)
{
  LksUart *self = LKS_UART (stream);
  gsize room = OUT_IN_FLIGHT_BYTES - self->pending_bytes - self->in_flight_bytes;
  gsize taken = MIN (size_bytes, room);

  if (self->state != LINE_OPEN)
    return 0;

  memcpy (self->pending + self->pending_bytes, data, taken);
  self->pending_bytes += taken;
  self->want_room = taken < size_bytes;
  send_pending (self);
  return taken;
}

static void
lks_uart_close (LksByteStream *stream)
{
  LksUart *self = LKS_UART (stream);

  self->state = LINE_CLOSED;
  self->handler = NULL;
  leave (self);
}

static void
lks_uart_stream_init (LksByteStreamInterface *iface)
{
  iface->set_handler = lks_uart_set_handler;
  iface->write = lks_uart_write;
  iface->close = lks_uart_close;
}

static void
lks_uart_finalize (GObject *object)
{
  LksUart *self = LKS_UART (object);

  free_slots (self);
  g_clear_error (&self->failure);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (lks_uart_parent_class)->finalize (object);
}

static void
lks_uart_class_init (LksUartClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lks_uart_finalize;
}

static void
lks_uart_init (LksUart *self)
{
}

/* The endpoints and their packet size come from the device: a full-speed hub makes them 64. */
static gboolean
find_endpoints (libusb_device *device, Endpoints *out_endpoints, GError **error)
{
  struct libusb_config_descriptor *config;
  const struct libusb_interface_descriptor *interface;
  Endpoints found = { 0 };

  if (!lks_usb_check (libusb_get_active_config_descriptor (device, &config),
                      "Reading the adapter's configuration", error))
    return FALSE;

  if (config->bNumInterfaces > SERVICE_INTERFACE &&
      config->interface[SERVICE_INTERFACE].num_altsetting > 0)
    {
      interface = &config->interface[SERVICE_INTERFACE].altsetting[0];
      for (guint i = 0; i < interface->bNumEndpoints; i++)
        {
          const struct libusb_endpoint_descriptor *endpoint = &interface->endpoint[i];

          if ((endpoint->bmAttributes & LIBUSB_TRANSFER_TYPE_MASK) != LIBUSB_TRANSFER_TYPE_BULK)
            continue;
          if (endpoint->bEndpointAddress & LIBUSB_ENDPOINT_IN)
            {
              found.in = endpoint->bEndpointAddress;
              found.packet_bytes = endpoint->wMaxPacketSize;
            }
          else
            found.out = endpoint->bEndpointAddress;
        }
    }
  libusb_free_config_descriptor (config);

  if (found.in == 0 || found.out == 0 || found.packet_bytes <= LKS_FTDI_STATUS_BYTES ||
      IN_TRANSFER_BYTES % found.packet_bytes != 0)
    {
      g_set_error_literal (error, LKS_USB_ERROR, LKS_USB_ERROR_IO,
                           "The adapter has no service UART (interface 2 of an FT4232H)");
      return FALSE;
    }

  *out_endpoints = found;
  return TRUE;
}

static gboolean
claim (libusb_device *device,
       libusb_device_handle *handle,
       Endpoints *out_endpoints,
       GCancellable *cancellable,
       GError **error)
{
  for (guint tries = 1;; tries++)
    {
      g_autoptr (GError) error_local = NULL;

      if (find_endpoints (device, out_endpoints, &error_local) &&
          lks_usb_check (libusb_claim_interface (handle, SERVICE_INTERFACE),
                         "Opening the service UART", &error_local))
        return TRUE;

      if (tries == CLAIM_TRIES ||
          g_error_matches (error_local, LKS_USB_ERROR, LKS_USB_ERROR_NO_DEVICE))
        {
          g_propagate_error (error, g_steal_pointer (&error_local));
          return FALSE;
        }

      if (!lks_usb_pause (CLAIM_RETRY_MS, cancellable, error))
        return FALSE;
    }
}

static LksUsbSetup
vendor_request (guint8 request, guint16 value, guint16 index)
{
  return (LksUsbSetup){
    .request_type = LKS_FTDI_REQUEST_OUT,
    .request = request,
    .value = value,
    .index = index,
  };
}

/* The order is libftdi's; then what the service UART needs. */
static gboolean
set_up (LksUsbContext *context,
        libusb_device_handle *handle,
        GCancellable *cancellable,
        GError **error)
{
  guint16 baud_value, baud_index;

  lks_ftdi_build_baud (SERVICE_BAUD, SERVICE_PORT_NUMBER, &baud_value, &baud_index);

  const LksUsbSetup steps[] = {
    vendor_request (LKS_FTDI_RESET, LKS_FTDI_RESET_ALL, SERVICE_PORT_NUMBER),
    vendor_request (LKS_FTDI_LATENCY_TIMER, SERVICE_LATENCY_MS, SERVICE_PORT_NUMBER),
    vendor_request (LKS_FTDI_FORMAT, LKS_FTDI_FORMAT_8N1, SERVICE_PORT_NUMBER),
    vendor_request (LKS_FTDI_FLOW_CONTROL, 0, LKS_FTDI_FLOW_RTS_CTS | SERVICE_PORT_NUMBER),
    vendor_request (LKS_FTDI_BAUD_RATE, baud_value, baud_index),
    vendor_request (LKS_FTDI_EVENT_CHAR, LKS_FTDI_EVENT_CHAR_ENABLED | SERVICE_END_CHAR,
                    SERVICE_PORT_NUMBER),
    vendor_request (LKS_FTDI_MODEM_CONTROL, LKS_FTDI_RTS_ON, SERVICE_PORT_NUMBER),
    vendor_request (LKS_FTDI_RESET, LKS_FTDI_RESET_PURGE_FROM_HOST, SERVICE_PORT_NUMBER),
    vendor_request (LKS_FTDI_RESET, LKS_FTDI_RESET_PURGE_TO_HOST, SERVICE_PORT_NUMBER),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (!lks_usb_context_control (context, handle, &steps[i], NULL, NULL, cancellable, error))
      {
        g_prefix_error_literal (error, "Setting up the service UART: ");
        return FALSE;
      }

  return TRUE;
}

static void
init_slot (LksUart *self,
           Slot *slot,
           guint8 endpoint,
           int size_bytes,
           libusb_transfer_cb_fn ended_cb)
{
  slot->uart = self;
  slot->transfer = libusb_alloc_transfer (0);
  libusb_fill_bulk_transfer (slot->transfer, self->handle, endpoint, g_malloc0 ((gsize) size_bytes),
                             size_bytes, ended_cb, slot, 0);
}

/* Takes the handle. */
static LksUart *
uart_new (LksUsbContext *context, libusb_device_handle *handle, const Endpoints *endpoints)
{
  LksUart *self = g_object_new (LKS_TYPE_UART, NULL);

  self->context = g_object_ref (context);
  self->handle = handle;
  self->endpoints = *endpoints;
  for (gsize i = 0; i < IN_TRANSFERS; i++)
    init_slot (self, &self->in[i], endpoints->in, IN_TRANSFER_BYTES, in_ended_cb);
  for (gsize i = 0; i < OUT_TRANSFERS; i++)
    init_slot (self, &self->out[i], endpoints->out, OUT_TRANSFER_BYTES, out_ended_cb);

  return self;
}

/* A line that is lost already is told to the first handler. */
static void
start_cb (gpointer user_data)
{
  LksUart *self = user_data;

  g_object_ref (self); /* dropped by leave_if_idle () */
  for (gsize i = 0; i < IN_TRANSFERS && self->state == LINE_OPEN; i++)
    submit (&self->in[i], "Reading from the board");
}

/**
 * lks_uart_open:
 * @context: the session of @device
 * @device: a board's adapter
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Does the work of lks_port_open_uart().
 *
 * Returns: (transfer full) (nullable): the line, or NULL with an error
 */
LksByteStream *
lks_uart_open (LksUsbContext *context,
               libusb_device *device,
               GCancellable *cancellable,
               GError **error)
{
  libusb_device_handle *handle;
  Endpoints endpoints;
  LksUart *self;

  if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
      !lks_usb_check (libusb_open (device, &handle), "Opening the adapter", error))
    return NULL;

  libusb_set_auto_detach_kernel_driver (handle, 1);
  if (!claim (device, handle, &endpoints, cancellable, error))
    {
      libusb_close (handle);
      return NULL;
    }

  if (!set_up (context, handle, cancellable, error))
    {
      lks_usb_context_announce_give_back (context);
      lks_usb_context_give_back (g_object_ref (context), handle, SERVICE_INTERFACE);
      return NULL;
    }

  self = uart_new (context, handle, &endpoints);
  lks_io_thread_call (lks_usb_context_get_io_thread (context), start_cb, self);
  return LKS_BYTE_STREAM (self);
}
