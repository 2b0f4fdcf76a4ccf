/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-usbip-server.h"

#include "emu-fd-watch.h"
#include "emu-usbip-client.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUSNUM 1
#define FIRST_DEVNUM 2 /* the root hub is 1 */
#define CLIENTS_MAX 256
#define BACKLOG 64

typedef struct
{
  EmuUsbipDevice device;
  EmuFt4232h *chip; /* (unowned) */
  gboolean plugged;
  EmuUsbipClient *client; /* (unowned) (nullable): who imported it */
} Place;

struct _EmuUsbipServer
{
  GMainContext *context; /* (owned) (nullable) */
  GSocket *socket;       /* (owned) */
  EmuFdWatch *watch;     /* (owned) */
  char *address;         /* (owned) */
  GPtrArray *places;     /* (owned) (element-type Place) */
  GHashTable *clients;   /* (owned) (element-type EmuUsbipClient): a set */
};

static Place *
get_place (EmuUsbipServer *self, guint index)
{
  g_return_val_if_fail (index < self->places->len, NULL);

  return g_ptr_array_index (self->places, index);
}

static void
set_client (EmuUsbipServer *self, guint index, EmuUsbipClient *client)
{
  get_place (self, index)->client = client;
  g_info ("%s %s", get_place (self, index)->device.busid, client != NULL ? "imported" : "released");
}

static void
drop_client (EmuUsbipServer *self, EmuUsbipClient *client)
{
  g_hash_table_remove (self->clients, client);
  emu_usbip_client_free (client);
  for (guint i = 0; i < self->places->len; i++)
    {
      if (get_place (self, i)->client == client)
        set_client (self, i, NULL);
    }
}

static void
append_list (EmuUsbipServer *self, GByteArray *answer)
{
  guint n_plugged = 0;

  for (guint i = 0; i < self->places->len; i++)
    n_plugged += get_place (self, i)->plugged ? 1 : 0;

  emu_usbip_append_list (answer, n_plugged);
  for (guint i = 0; i < self->places->len; i++)
    {
      if (get_place (self, i)->plugged)
        emu_usbip_append_list_device (answer, &get_place (self, i)->device);
    }
}

static EmuFt4232h *
import (EmuUsbipServer *self, EmuUsbipClient *client, const char *busid, GByteArray *answer)
{
  for (guint i = 0; i < self->places->len; i++)
    {
      Place *place = get_place (self, i);

      if (!place->plugged || g_strcmp0 (place->device.busid, busid) != 0)
        continue;

      if (place->client != NULL)
        {
          emu_usbip_append_import (answer, EMU_USBIP_STATUS_BUSY, NULL);
          return NULL;
        }
      /* What the last client left behind must not surprise this one. */
      emu_ft4232h_power_on_reset (place->chip);
      emu_usbip_append_import (answer, EMU_USBIP_STATUS_OK, &place->device);
      set_client (self, i, client);
      return place->chip;
    }

  emu_usbip_append_import (answer, EMU_USBIP_STATUS_NO_DEVICE, NULL);
  return NULL;
}

static EmuFt4232h *
request_cb (EmuUsbipClient *client,
            const EmuUsbipRequest *request,
            GByteArray *answer,
            gpointer user_data)
{
  EmuUsbipServer *self = user_data;

  if (request->is_import)
    return import (self, client, request->busid, answer);

  append_list (self, answer);
  return NULL;
}

static void
ended_cb (EmuUsbipClient *client, gpointer user_data)
{
  drop_client (user_data, client);
}

static void
accept_cb (GIOCondition condition, gpointer user_data)
{
  static const EmuUsbipClientFuncs funcs = { .request = request_cb, .ended = ended_cb };
  EmuUsbipServer *self = user_data;
  int fd = accept4 (g_socket_get_fd (self->socket), NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

  if (fd < 0)
    return;
  if (g_hash_table_size (self->clients) >= CLIENTS_MAX)
    {
      g_info ("client dropped: there are %d already", CLIENTS_MAX);
      close (fd);
      return;
    }

  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof (int));
  g_hash_table_add (self->clients, emu_usbip_client_new (self->context, fd, &funcs, self));
}

static GSocketAddress *
parse_address (const char *text, GError **error)
{
  g_autoptr (GSocketConnectable) parsed = g_network_address_parse (text, EMU_USBIP_PORT, error);
  g_autoptr (GInetAddress) inet = NULL;
  const char *host;

  if (parsed == NULL)
    return NULL;

  host = g_network_address_get_hostname (G_NETWORK_ADDRESS (parsed));
  inet = g_inet_address_new_from_string (g_str_equal (host, "localhost") ? "127.0.0.1" : host);
  if (inet == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "“%s” is not a numeric address; use for example 127.0.0.1:%d", text,
                   EMU_USBIP_PORT);
      return NULL;
    }
  return g_inet_socket_address_new (inet, g_network_address_get_port (G_NETWORK_ADDRESS (parsed)));
}

static char *
format_local_address (GSocket *socket, GError **error)
{
  g_autoptr (GSocketAddress) local = g_socket_get_local_address (socket, error);

  if (local == NULL)
    return NULL;
  return g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (local));
}

static GSocket *
listen_at (const char *address, GError **error)
{
  g_autoptr (GSocketAddress) parsed = parse_address (address, error);
  g_autoptr (GSocket) socket = NULL;

  if (parsed == NULL)
    return NULL;

  socket = g_socket_new (g_socket_address_get_family (parsed), G_SOCKET_TYPE_STREAM,
                         G_SOCKET_PROTOCOL_TCP, error);
  if (socket == NULL)
    return NULL;

  g_socket_set_blocking (socket, FALSE);
  g_socket_set_listen_backlog (socket, BACKLOG);
  if (!g_socket_bind (socket, parsed, TRUE, error) || !g_socket_listen (socket, error))
    {
      g_prefix_error (error, "cannot listen at %s, is another emulator running? ", address);
      return NULL;
    }
  return g_steal_pointer (&socket);
}

/**
 * emu_usbip_server_new:
 * @context: (nullable): the main context whose thread serves everything
 * @address: a numeric address and a port, such as "127.0.0.1:3240"; port 0 takes a free one
 * @error: return location for an error
 *
 * Starts to listen. The protocol has no authentication: give a loopback address.
 *
 * Returns: (transfer full): a server without devices, or %NULL
 */
EmuUsbipServer *
emu_usbip_server_new (GMainContext *context, const char *address, GError **error)
{
  g_autoptr (GSocket) socket = listen_at (address, error);
  g_autofree char *local = NULL;
  EmuUsbipServer *self;

  if (socket == NULL)
    return NULL;
  local = format_local_address (socket, error);
  if (local == NULL)
    return NULL;

  self = g_new0 (EmuUsbipServer, 1);
  self->context = context != NULL ? g_main_context_ref (context) : NULL;
  self->socket = g_steal_pointer (&socket);
  self->address = g_steal_pointer (&local);
  self->places = g_ptr_array_new_with_free_func (g_free);
  self->clients = g_hash_table_new (NULL, NULL);
  self->watch =
      emu_fd_watch_new (context, g_socket_get_fd (self->socket), G_IO_IN, accept_cb, self);
  return self;
}

static void
drop_all_clients (EmuUsbipServer *self)
{
  GHashTableIter iter;
  gpointer client;

  g_hash_table_iter_init (&iter, self->clients);
  while (g_hash_table_iter_next (&iter, &client, NULL))
    emu_usbip_client_free (client);
  g_hash_table_unref (self->clients);
}

/**
 * emu_usbip_server_free:
 * @self: (transfer full) (nullable): a server
 *
 * Closes every connection and stops listening. The chips must still be there.
 */
void
emu_usbip_server_free (EmuUsbipServer *self)
{
  if (self == NULL)
    return;

  emu_fd_watch_free (self->watch);
  drop_all_clients (self);
  g_object_unref (self->socket);
  g_ptr_array_unref (self->places);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self->address);
  g_free (self);
}

/**
 * emu_usbip_server_get_address:
 * @self: a server
 *
 * Returns: where it listens, with the port it got, such as "127.0.0.1:3240"
 */
const char *
emu_usbip_server_get_address (EmuUsbipServer *self)
{
  return self->address;
}

/**
 * emu_usbip_server_add:
 * @self: a server
 * @chip: a chip that outlives the server
 * @plugged: whether it is on the bus from the start
 *
 * Makes a place for a chip. The busids are "1-1", "1-2" and so on, in the order of the calls.
 *
 * Returns: the index of the place
 */
guint
emu_usbip_server_add (EmuUsbipServer *self, EmuFt4232h *chip, gboolean plugged)
{
  Place *place = g_new0 (Place, 1);
  guint index = self->places->len;

  g_snprintf (place->device.busid, sizeof place->device.busid, "%d-%u", BUSNUM, index + 1);
  place->device.busnum = BUSNUM;
  place->device.devnum = FIRST_DEVNUM + index;
  place->device.vendor = EMU_FT4232H_VENDOR;
  place->device.product = EMU_FT4232H_PRODUCT;
  place->device.release = EMU_FT4232H_RELEASE;
  place->device.n_interfaces = EMU_FT4232H_PORTS;
  place->chip = chip;
  place->plugged = plugged;
  g_ptr_array_add (self->places, place);
  return index;
}

/**
 * emu_usbip_server_get_busid:
 * @self: a server
 * @index: a place
 *
 * Returns: its busid
 */
const char *
emu_usbip_server_get_busid (EmuUsbipServer *self, guint index)
{
  return get_place (self, index)->device.busid;
}

/**
 * emu_usbip_server_set_plugged:
 * @self: a server
 * @index: a place
 * @plugged: whether its chip is on the bus
 *
 * Plugs the chip in or pulls it out. Out means: gone from the list, its import connection closed.
 * Must not be called while the chip completes a transfer.
 */
void
emu_usbip_server_set_plugged (EmuUsbipServer *self, guint index, gboolean plugged)
{
  Place *place = get_place (self, index);

  place->plugged = plugged;
  if (!plugged && place->client != NULL)
    drop_client (self, place->client);
}

/**
 * emu_usbip_server_swap:
 * @self: a server
 * @index: a place
 * @other: another
 *
 * Exchanges the busids of two chips that are not on the bus: each will appear where the other one
 * was.
 *
 * Returns: whether both were off the bus, so that it was done
 */
gboolean
emu_usbip_server_swap (EmuUsbipServer *self, guint index, guint other)
{
  Place *a = get_place (self, index);
  Place *b = get_place (self, other);
  EmuUsbipDevice device = a->device;

  if (a->plugged || b->plugged)
    return FALSE;

  a->device = b->device;
  b->device = device;
  return TRUE;
}

/**
 * emu_usbip_server_get_plugged:
 * @self: a server
 * @index: a place
 *
 * Returns: whether its chip is on the bus
 */
gboolean
emu_usbip_server_get_plugged (EmuUsbipServer *self, guint index)
{
  return get_place (self, index)->plugged;
}

/**
 * emu_usbip_server_get_imported:
 * @self: a server
 * @index: a place
 *
 * Returns: whether a client has the device
 */
gboolean
emu_usbip_server_get_imported (EmuUsbipServer *self, guint index)
{
  return get_place (self, index)->client != NULL;
}
