/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-port-monitor.h"
#include "lks-enums.h"
#include "lks-usb-private.h"

/* Reading strings takes milliseconds from a good adapter and seconds from a bad one: so many
 * bad ones may be attached before a good one has to wait. */
#define PROBE_THREADS_MAX 8

/* What the kernel's driver needs at most to start again on an adapter that answers slowly. */
#define GIVE_BACK_TIMEOUT_MS 3000

typedef enum
{
  CHANGE_PROBED,
  CHANGE_LEFT,
} ChangeKind;

/* One stay of an adapter, from arrival to departure. */
typedef struct
{
  gatomicrefcount refs;
  libusb_device *device; /* (owned) */
  gboolean initial;      /* was attached when the monitor was created */
  gint left;             /* atomic: unplugged */
  LksPort *port;         /* (owned) (nullable): main context only */
} Stay;

typedef struct
{
  ChangeKind kind;
  Stay *stay;    /* (owned) */
  LksPort *port; /* (owned) (nullable): what the probe found */
} Change;

struct _LksPortMonitor
{
  GObject parent_instance;

  LksUsbContext *context; /* (owned) (nullable) */
  char **extra_products;  /* (owned) (nullable) */
  GCancellable *closing;  /* (owned) */
  GThreadPool *probes;    /* (owned) (nullable) */

  /* I/O thread. */
  libusb_hotplug_callback_handle hotplug;
  gboolean hotplug_registered;
  gboolean enumerating;
  int register_result;
  GHashTable *stays; /* (owned) libusb_device → Stay */

  /* Between the threads. */
  GMutex mutex;
  GQueue changes;        /* (element-type Change) */
  GSource *drain_source; /* (owned) (nullable): the one idle that is on its way */

  /* Main context. */
  GMainContext *main_context; /* (owned) */
  GListStore *ports;          /* (owned) (element-type LksPort) */
  guint initial_left;         /* adapters attached at first and not known yet */
};

static void lks_port_monitor_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LksPortMonitor,
                               lks_port_monitor,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      lks_port_monitor_list_model_init))

typedef enum
{
  PROP_SETTLED = 1,
} LksPortMonitorProperty;

static GParamSpec *properties[PROP_SETTLED + 1];

static Stay *
stay_new (libusb_device *device, gboolean initial)
{
  Stay *stay = g_new0 (Stay, 1);

  g_atomic_ref_count_init (&stay->refs);
  stay->device = libusb_ref_device (device);
  stay->initial = initial;
  return stay;
}

static Stay *
stay_ref (Stay *stay)
{
  g_atomic_ref_count_inc (&stay->refs);
  return stay;
}

static void
stay_unref (Stay *stay)
{
  if (!g_atomic_ref_count_dec (&stay->refs))
    return;

  g_clear_object (&stay->port);
  libusb_unref_device (stay->device);
  g_free (stay);
}

static void
change_free (Change *change)
{
  stay_unref (change->stay);
  g_clear_object (&change->port);
  g_free (change);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Change, change_free)

static int
compare_ports (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return lks_port_compare (LKS_PORT ((gpointer) a), LKS_PORT ((gpointer) b));
}

static void
add_port (LksPortMonitor *self, Stay *stay, LksPort *port)
{
  if (port != NULL && !g_atomic_int_get (&stay->left))
    {
      g_info ("%s: %s adapter", lks_port_get_path (port),
              lks_enum_to_nick (LKS_TYPE_ADAPTER, (int) lks_port_get_adapter (port)));
      g_set_object (&stay->port, port);
      g_list_store_insert_sorted (self->ports, port, compare_ports, NULL);
    }

  if (stay->initial && --self->initial_left == 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SETTLED]);
}

static void
remove_port (LksPortMonitor *self, Stay *stay)
{
  guint position;

  if (stay->port == NULL || !g_list_store_find (self->ports, stay->port, &position))
    return;

  g_info ("%s: unplugged", lks_port_get_path (stay->port));
  lks_port_set_gone (stay->port);
  g_list_store_remove (self->ports, position);
}

static Change *
take_change (LksPortMonitor *self)
{
  Change *change;

  g_mutex_lock (&self->mutex);
  change = g_queue_pop_head (&self->changes);
  if (change == NULL)
    g_clear_pointer (&self->drain_source, g_source_unref);
  g_mutex_unlock (&self->mutex);
  return change;
}

/* Always on the main context, one change a turn: a hub with many boards must not keep a person
 * waiting. Acts after unlocking: handlers may do anything. */
static gboolean
drain_cb (gpointer user_data)
{
  g_autoptr (LksPortMonitor) self = g_object_ref (user_data);
  g_autoptr (Change) change = take_change (self);

  if (change == NULL)
    return G_SOURCE_REMOVE;

  switch (change->kind)
    {
    case CHANGE_PROBED:
      add_port (self, change->stay, change->port);
      break;
    case CHANGE_LEFT:
      remove_port (self, change->stay);
      break;
    }
  return G_SOURCE_CONTINUE;
}

/* Any thread. */
static void
queue_change (LksPortMonitor *self, ChangeKind kind, Stay *stay, LksPort *port)
{
  Change *change = g_new0 (Change, 1);

  change->kind = kind;
  change->stay = stay_ref (stay);
  change->port = port;

  g_mutex_lock (&self->mutex);
  g_queue_push_tail (&self->changes, change);
  if (self->drain_source == NULL)
    {
      self->drain_source = g_idle_source_new ();
      g_source_set_priority (self->drain_source, G_PRIORITY_DEFAULT);
      g_source_set_static_name (self->drain_source, "lks-port-monitor");
      g_source_set_callback (self->drain_source, drain_cb, self, NULL);
      g_source_attach (self->drain_source, self->main_context);
    }
  g_mutex_unlock (&self->mutex);
}

/* A thread of the pool. */
static void
probe_in_thread (gpointer data, gpointer user_data)
{
  LksPortMonitor *self = user_data;
  Stay *stay = data;
  LksPort *port = NULL;

  if (!g_atomic_int_get (&stay->left))
    port = lks_port_probe (self->context, stay->device, (const char *const *) self->extra_products,
                           self->closing);
  queue_change (self, CHANGE_PROBED, stay, port);
  stay_unref (stay);
}

static void
arrive (LksPortMonitor *self, libusb_device *device)
{
  Stay *stay;

  /* A device that arrives while the attached ones are listed is told twice. */
  if (g_hash_table_contains (self->stays, device))
    return;

  stay = stay_new (device, self->enumerating);
  if (stay->initial)
    self->initial_left++;
  g_hash_table_insert (self->stays, device, stay);
  g_thread_pool_push (self->probes, stay_ref (stay), NULL);
}

static void
depart (LksPortMonitor *self, libusb_device *device)
{
  Stay *stay = g_hash_table_lookup (self->stays, device);

  if (stay == NULL)
    return;

  g_atomic_int_set (&stay->left, TRUE);
  queue_change (self, CHANGE_LEFT, stay, NULL);
  g_hash_table_remove (self->stays, device);
}

/* I/O thread. */
static int LIBUSB_CALL
hotplug_cb (libusb_context *usb, libusb_device *device, libusb_hotplug_event event, void *user_data)
{
  LksPortMonitor *self = user_data;

  switch (event)
    {
    case LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED:
      arrive (self, device);
      break;
    case LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT:
      depart (self, device);
      break;
    }

  return 0;
}

static void
register_cb (gpointer user_data)
{
  LksPortMonitor *self = user_data;

  self->enumerating = TRUE;
  self->register_result =
      libusb_hotplug_register_callback (lks_usb_context_get_libusb (self->context),
                                        LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED |
                                            LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT,
                                        LIBUSB_HOTPLUG_ENUMERATE, LKS_ADAPTER_VENDOR_ID,
                                        LKS_ADAPTER_PRODUCT_ID, LIBUSB_HOTPLUG_MATCH_ANY,
                                        hotplug_cb, self, &self->hotplug);
  self->hotplug_registered = self->register_result == LIBUSB_SUCCESS;
  self->enumerating = FALSE;
}

static void
deregister_cb (gpointer user_data)
{
  LksPortMonitor *self = user_data;

  if (self->hotplug_registered)
    libusb_hotplug_deregister_callback (lks_usb_context_get_libusb (self->context), self->hotplug);
  self->hotplug_registered = FALSE;
}

static void
stop_draining (LksPortMonitor *self)
{
  g_mutex_lock (&self->mutex);
  if (self->drain_source != NULL)
    g_source_destroy (self->drain_source);
  g_clear_pointer (&self->drain_source, g_source_unref);
  g_mutex_unlock (&self->mutex);

  /* Nobody adds to it any more. */
  g_queue_clear_full (&self->changes, (GDestroyNotify) change_free);
}

static void
ports_changed_cb (LksPortMonitor *self, guint position, guint removed, guint added)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static void
lks_port_monitor_dispose (GObject *object)
{
  LksPortMonitor *self = LKS_PORT_MONITOR (object);

  if (self->context != NULL)
    {
      lks_io_thread_call (lks_usb_context_get_io_thread (self->context), deregister_cb, self);
      g_cancellable_cancel (self->closing);
      if (self->probes != NULL)
        g_thread_pool_free (g_steal_pointer (&self->probes), FALSE, TRUE);
      stop_draining (self);
      lks_usb_context_wait_for_all (self->context, GIVE_BACK_TIMEOUT_MS);
    }

  if (self->ports != NULL)
    g_signal_handlers_disconnect_by_data (self->ports, self);
  g_clear_object (&self->ports);
  g_clear_pointer (&self->stays, g_hash_table_unref);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (lks_port_monitor_parent_class)->dispose (object);
}

static void
lks_port_monitor_finalize (GObject *object)
{
  LksPortMonitor *self = LKS_PORT_MONITOR (object);

  g_strfreev (self->extra_products);
  g_clear_object (&self->closing);
  g_main_context_unref (self->main_context);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (lks_port_monitor_parent_class)->finalize (object);
}

static void
lks_port_monitor_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  LksPortMonitor *self = LKS_PORT_MONITOR (object);

  switch ((LksPortMonitorProperty) property_id)
    {
    case PROP_SETTLED:
      g_value_set_boolean (value, lks_port_monitor_is_settled (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lks_port_monitor_class_init (LksPortMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lks_port_monitor_dispose;
  object_class->finalize = lks_port_monitor_finalize;
  object_class->get_property = lks_port_monitor_get_property;

  properties[PROP_SETTLED] =
      g_param_spec_boolean ("settled", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
lks_port_monitor_init (LksPortMonitor *self)
{
  g_mutex_init (&self->mutex);
  g_queue_init (&self->changes);
  self->closing = g_cancellable_new ();
  self->main_context = g_main_context_ref_thread_default ();
  self->stays = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) stay_unref);
  self->ports = g_list_store_new (LKS_TYPE_PORT);
  g_signal_connect_swapped (self->ports, "items-changed", G_CALLBACK (ports_changed_cb), self);
}

static GType
lks_port_monitor_get_item_type (GListModel *model)
{
  return LKS_TYPE_PORT;
}

static guint
lks_port_monitor_get_n_items (GListModel *model)
{
  LksPortMonitor *self = LKS_PORT_MONITOR (model);

  return self->ports != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->ports)) : 0;
}

static gpointer
lks_port_monitor_get_item (GListModel *model, guint position)
{
  LksPortMonitor *self = LKS_PORT_MONITOR (model);

  return self->ports != NULL ? g_list_model_get_item (G_LIST_MODEL (self->ports), position) : NULL;
}

static void
lks_port_monitor_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = lks_port_monitor_get_item_type;
  iface->get_n_items = lks_port_monitor_get_n_items;
  iface->get_item = lks_port_monitor_get_item;
}

/**
 * lks_port_monitor_new:
 * @io_thread: where USB events are handled
 * @extra_products: (nullable) (array zero-terminated=1): product strings that also mean a
 *   board, beside the vendor's
 * @error: return location for an error
 *
 * Begins to watch for adapters. The list is empty at first and fills from the main loop of the
 * calling thread's default context; see lks_port_monitor_is_settled().
 *
 * The last reference must be dropped on the same thread, after the streams were closed: it
 * waits, for at most three seconds, until the kernel's drivers are back.
 *
 * Returns: (transfer full) (nullable): a monitor, or NULL with [error@Lks.UsbError]
 */
LksPortMonitor *
lks_port_monitor_new (LksIoThread *io_thread, const char *const *extra_products, GError **error)
{
  g_autoptr (LksPortMonitor) self = g_object_new (LKS_TYPE_PORT_MONITOR, NULL);

  self->extra_products = g_strdupv ((char **) extra_products);
  self->context = lks_usb_context_new (io_thread, error);
  if (self->context == NULL)
    return NULL;

  self->probes = g_thread_pool_new (probe_in_thread, self, PROBE_THREADS_MAX, FALSE, NULL);
  lks_io_thread_call (io_thread, register_cb, self);
  if (!lks_usb_check (self->register_result, "Watching for boards", error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * lks_port_monitor_is_settled:
 * @self: a monitor
 *
 * Also the property "settled", which notifies once.
 *
 * Returns: whether every adapter that was attached when the monitor was created has been
 *   looked at
 */
gboolean
lks_port_monitor_is_settled (LksPortMonitor *self)
{
  g_return_val_if_fail (LKS_IS_PORT_MONITOR (self), FALSE);

  return self->initial_left == 0;
}
