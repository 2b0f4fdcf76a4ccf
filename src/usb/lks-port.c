/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-port.h"
#include "lks-usb-private.h"

/* The USB 2.0 specification allows seven tiers: root hub, five hubs, device. */
#define PORT_NUMBERS_MAX 7

struct _LksPort
{
  GObject parent_instance;

  LksUsbContext *context; /* (owned) */
  libusb_device *device;  /* (owned) */
  char *path;             /* (owned) */
  LksUsbStrings strings;
  char *problem; /* (owned) (nullable) */
  LksAdapter adapter;
  gint present; /* atomic */
};

G_DEFINE_FINAL_TYPE (LksPort, lks_port, G_TYPE_OBJECT)

typedef enum
{
  PROP_PATH = 1,
  PROP_USB_SERIAL,
  PROP_ADAPTER,
  PROP_PROBLEM,
  PROP_PRESENT,
} LksPortProperty;

static GParamSpec *properties[PROP_PRESENT + 1];

static void
lks_port_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  LksPort *self = LKS_PORT (object);

  switch ((LksPortProperty) property_id)
    {
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    case PROP_USB_SERIAL:
      g_value_set_string (value, self->strings.serial);
      break;
    case PROP_ADAPTER:
      g_value_set_enum (value, (int) self->adapter);
      break;
    case PROP_PROBLEM:
      g_value_set_string (value, self->problem);
      break;
    case PROP_PRESENT:
      g_value_set_boolean (value, lks_port_is_present (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lks_port_finalize (GObject *object)
{
  LksPort *self = LKS_PORT (object);

  libusb_unref_device (self->device);
  lks_usb_strings_clear (&self->strings);
  g_free (self->problem);
  g_free (self->path);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (lks_port_parent_class)->finalize (object);
}

static void
lks_port_class_init (LksPortClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags read_only = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = lks_port_get_property;
  object_class->finalize = lks_port_finalize;

  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, read_only);
  properties[PROP_USB_SERIAL] = g_param_spec_string ("usb-serial", NULL, NULL, NULL, read_only);
  properties[PROP_ADAPTER] =
      g_param_spec_enum ("adapter", NULL, NULL, LKS_TYPE_ADAPTER, LKS_ADAPTER_UNKNOWN, read_only);
  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, read_only);
  properties[PROP_PRESENT] = g_param_spec_boolean ("present", NULL, NULL, TRUE, read_only);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
lks_port_init (LksPort *self)
{
  self->present = TRUE;
}

/**
 * lks_port_build_path:
 * @device: a device
 *
 * Names the place at which @device is plugged in as Linux does: bus number, dash, the port
 * numbers of the hubs on the way joined by dots.
 *
 * Returns: (transfer full): a path like "1-2.3"
 */
char *
lks_port_build_path (libusb_device *device)
{
  guint8 numbers[PORT_NUMBERS_MAX];
  int n_numbers = libusb_get_port_numbers (device, numbers, G_N_ELEMENTS (numbers));
  GString *path = g_string_new (NULL);

  g_string_printf (path, "%u", libusb_get_bus_number (device));
  for (int i = 0; i < n_numbers; i++)
    g_string_append_printf (path, "%c%u", i == 0 ? '-' : '.', numbers[i]);

  return g_string_free (path, FALSE);
}

/**
 * lks_port_new:
 * @context: the session of @device
 * @device: an adapter
 * @strings: what it calls itself; copied
 * @adapter: what it is
 * @problem: (nullable): why it is not usable
 *
 * Returns: (transfer full): a port. Its last reference must not be dropped on the I/O thread.
 */
LksPort *
lks_port_new (LksUsbContext *context,
              libusb_device *device,
              const LksUsbStrings *strings,
              LksAdapter adapter,
              const char *problem)
{
  LksPort *self = g_object_new (LKS_TYPE_PORT, NULL);

  self->context = g_object_ref (context);
  self->device = libusb_ref_device (device);
  self->path = lks_port_build_path (device);
  self->strings.manufacturer = g_strdup (strings->manufacturer);
  self->strings.product = g_strdup (strings->product);
  self->strings.serial = g_strdup (strings->serial);
  self->adapter = adapter;
  self->problem = g_strdup (problem);
  return self;
}

static gsize
read_port_numbers (LksPort *self, guint8 *numbers)
{
  int n_numbers;

  numbers[0] = libusb_get_bus_number (self->device);
  n_numbers = libusb_get_port_numbers (self->device, numbers + 1, PORT_NUMBERS_MAX);
  return 1 + (gsize) MAX (n_numbers, 0);
}

/**
 * lks_port_compare:
 * @a: a port
 * @b: another
 *
 * Returns: the order of two places by bus and port numbers: 1-2 comes before 1-10
 */
int
lks_port_compare (LksPort *a, LksPort *b)
{
  guint8 numbers_a[1 + PORT_NUMBERS_MAX];
  guint8 numbers_b[1 + PORT_NUMBERS_MAX];
  gsize n_a = read_port_numbers (a, numbers_a);
  gsize n_b = read_port_numbers (b, numbers_b);

  for (gsize i = 0; i < MIN (n_a, n_b); i++)
    if (numbers_a[i] != numbers_b[i])
      return numbers_a[i] < numbers_b[i] ? -1 : 1;

  return n_a == n_b ? 0 : (n_a < n_b ? -1 : 1);
}

/**
 * lks_port_set_gone:
 * @self: a port
 *
 * Notes that the adapter was unplugged. Main context of the monitor.
 */
void
lks_port_set_gone (LksPort *self)
{
  if (!g_atomic_int_compare_and_exchange (&self->present, TRUE, FALSE))
    return;

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PRESENT]);
}

/**
 * lks_port_get_path:
 * @self: a port
 *
 * Returns: the place on the USB tree as bus and chain of hub ports, like "1-2.3". It stays the
 *   same when another adapter is plugged in there; adapters with equal serials differ in it.
 */
const char *
lks_port_get_path (LksPort *self)
{
  g_return_val_if_fail (LKS_IS_PORT (self), NULL);

  return self->path;
}

/**
 * lks_port_get_attach_number:
 * @self: a port
 *
 * Tells one plugging-in from the next at the same place: the bus and the address that the
 * operating system gives an adapter when it is plugged in. An address comes again after some
 * hundred others.
 *
 * Returns: the number
 */
guint
lks_port_get_attach_number (LksPort *self)
{
  return (guint) libusb_get_bus_number (self->device) << 8 |
         libusb_get_device_address (self->device);
}

/**
 * lks_port_get_usb_serial:
 * @self: a port
 *
 * Returns: (nullable): the adapter's serial number, which says nothing about the board behind
 *   it and which several adapters may share
 */
const char *
lks_port_get_usb_serial (LksPort *self)
{
  g_return_val_if_fail (LKS_IS_PORT (self), NULL);

  return self->strings.serial;
}

/**
 * lks_port_get_manufacturer:
 * @self: a port
 *
 * Returns: (nullable): the adapter's manufacturer string
 */
const char *
lks_port_get_manufacturer (LksPort *self)
{
  g_return_val_if_fail (LKS_IS_PORT (self), NULL);

  return self->strings.manufacturer;
}

/**
 * lks_port_get_product:
 * @self: a port
 *
 * Returns: (nullable): the adapter's product string
 */
const char *
lks_port_get_product (LksPort *self)
{
  g_return_val_if_fail (LKS_IS_PORT (self), NULL);

  return self->strings.product;
}

/**
 * lks_port_get_adapter:
 * @self: a port
 *
 * Returns: what is plugged in
 */
LksAdapter
lks_port_get_adapter (LksPort *self)
{
  g_return_val_if_fail (LKS_IS_PORT (self), LKS_ADAPTER_UNKNOWN);

  return self->adapter;
}

/**
 * lks_port_is_present:
 * @self: a port
 *
 * Any thread. Also the property "present", which notifies on the main context of the monitor.
 *
 * Returns: whether the adapter is still plugged in
 */
gboolean
lks_port_is_present (LksPort *self)
{
  g_return_val_if_fail (LKS_IS_PORT (self), FALSE);

  return g_atomic_int_get (&self->present);
}

/**
 * lks_port_dup_problem:
 * @self: a port
 *
 * Returns: (transfer full) (nullable): why this adapter cannot be used and what to do next, as
 *   English sentences; NULL for a board
 */
char *
lks_port_dup_problem (LksPort *self)
{
  g_return_val_if_fail (LKS_IS_PORT (self), NULL);

  return g_strdup (self->problem);
}

/**
 * lks_port_open_uart:
 * @self: a port
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Opens port C of the adapter, the service UART: 921600 baud, 8N1, RTS/CTS. The kernel's
 * driver loses this interface only, and gets it back after lks_byte_stream_close().
 *
 * Blocks, normally for some milliseconds, at most some seconds; any thread but the I/O thread.
 * The stream keeps itself alive until it is closed; its functions and callbacks belong to the
 * I/O thread.
 *
 * Returns: (transfer full) (nullable): the line, or NULL with [error@Lks.UsbError] or
 *   `G_IO_ERROR_CANCELLED`
 */
LksByteStream *
lks_port_open_uart (LksPort *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (LKS_IS_PORT (self), NULL);

  switch (self->adapter)
    {
    case LKS_ADAPTER_BOARD:
      return lks_uart_open (self->context, self->device, cancellable, error);
    case LKS_ADAPTER_NO_PERMISSION:
      g_set_error_literal (error, LKS_USB_ERROR, LKS_USB_ERROR_DENIED, self->problem);
      return NULL;
    case LKS_ADAPTER_UNKNOWN:
    case LKS_ADAPTER_NOT_PROGRAMMED:
    case LKS_ADAPTER_UNREADABLE:
      break;
    }

  /* A foreign FT4232H may control anything: it is never touched beyond its strings. */
  g_set_error_literal (error, LKS_USB_ERROR, LKS_USB_ERROR_IO,
                       self->problem != NULL ? self->problem : "This adapter is not a board's");
  return NULL;
}
