/* SPDX-License-Identifier: GPL-3.0-or-later */

/* usb-world BENCH TEST: plugs four FT4232H in and runs TEST with them under BENCH.
 *
 * TEST gets the path of a Unix socket and BENCH as arguments. Over the socket it sends one line
 * per wish, and gets one line back when it is fulfilled:
 *
 *   plug N, unplug N       the adapter at place N (0 to 3)
 *   wire N echo            what goes to its service UART comes back
 *   wire N count           it sends 0, 1, … 255, 0, … as fast as the host takes it
 *   wire N stuck           it takes nothing and sends nothing
 *   unplug-after N BYTES   it is unplugged when it has sent so many more
 *   overrun N              it says that bytes were lost
 *   settings N             → "baud latency 8n1 may-send"
 *
 * Places 0 and 1 have equal serial numbers, 2 another, 3 a blank EEPROM. */

#include "emu-usbip-server.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_PLACES 4

typedef enum
{
  WIRE_STUCK,
  WIRE_ECHO,
  WIRE_COUNT,
} Wire;

typedef struct _World World;

typedef struct
{
  World *world;
  guint index;
  EmuFt4232h *chip;
  EmuFtdiPort *service;
  Wire wire;
  guint8 next;
  gint64 unplug_after_bytes; /* < 0: never */
  gboolean turning;
} Place;

struct _World
{
  EmuClock *clock;
  EmuUsbipServer *server;
  Place places[N_PLACES];
  GMainLoop *loop;
  int exit_status;
};

static gboolean
unplug_cb (gpointer user_data)
{
  Place *place = user_data;

  emu_usbip_server_set_plugged (place->world->server, place->index, FALSE);
  return G_SOURCE_REMOVE;
}

static void
count (Place *place)
{
  while (place->wire == WIRE_COUNT && emu_ftdi_port_get_rx_room (place->service) > 0 &&
         place->unplug_after_bytes != 0 &&
         emu_ftdi_port_give_rx (place->service, &place->next, 1) == 1)
    {
      place->next++;
      if (place->unplug_after_bytes > 0 && --place->unplug_after_bytes == 0)
        g_idle_add (unplug_cb, place);
    }
}

static void
echo (Place *place)
{
  guint8 byte;

  while (place->wire == WIRE_ECHO && emu_ftdi_port_get_rx_room (place->service) > 0 &&
         emu_ftdi_port_get_tx_used (place->service) > 0)
    {
      /* A byte that finds no room would be lost. */
      g_assert_cmpuint (emu_ftdi_port_take_tx (place->service, &byte, 1), ==, 1);
      g_assert_cmpuint (emu_ftdi_port_give_rx (place->service, &byte, 1), ==, 1);
    }
}

/* Giving the event character makes room at once, which calls back here. */
static void
turn_cb (gpointer user_data)
{
  Place *place = user_data;

  if (place->turning)
    return;

  place->turning = TRUE;
  echo (place);
  count (place);
  place->turning = FALSE;
}

static const EmuFtdiPortFuncs port_funcs = { .tx_ready = turn_cb, .rx_room = turn_cb };

static void
set_wire (Place *place, Wire wire)
{
  place->wire = wire;
  place->next = 0;
  place->unplug_after_bytes = -1;
  turn_cb (place);
}

static char *
obey (World *self, char **words)
{
  guint n_words = g_strv_length (words);
  guint index = n_words > 1 ? (guint) g_ascii_strtoull (words[1], NULL, 10) : N_PLACES;
  Place *place = index < N_PLACES ? &self->places[index] : NULL;

  if (place == NULL)
    return g_strdup ("no such place");

  if (strcmp (words[0], "plug") == 0)
    {
      emu_usbip_server_set_plugged (self->server, index, TRUE);
    }
  else if (strcmp (words[0], "unplug") == 0)
    {
      emu_usbip_server_set_plugged (self->server, index, FALSE);
    }
  else if (strcmp (words[0], "wire") == 0 && n_words == 3)
    {
      set_wire (place, strcmp (words[2], "echo") == 0    ? WIRE_ECHO
                       : strcmp (words[2], "count") == 0 ? WIRE_COUNT
                                                         : WIRE_STUCK);
    }
  else if (strcmp (words[0], "unplug-after") == 0 && n_words == 3)
    {
      place->unplug_after_bytes = g_ascii_strtoll (words[2], NULL, 10);
    }
  else if (strcmp (words[0], "overrun") == 0)
    {
      emu_ftdi_port_raise_line (place->service, EMU_FTDI_LINE_OVERRUN);
    }
  else if (strcmp (words[0], "settings") == 0)
    {
      return g_strdup_printf ("%u %u %d %d", emu_ftdi_port_get_baud (place->service),
                              emu_ftdi_port_get_latency (place->service),
                              emu_ftdi_port_is_8n1 (place->service),
                              emu_ftdi_port_get_rx_room (place->service) > 0);
    }
  else
    {
      return g_strdup ("not understood");
    }

  return g_strdup ("ok");
}

typedef struct
{
  World *world;
  GSocketConnection *connection;
  GDataInputStream *input;
} Client;

static void
client_free (Client *client)
{
  g_object_unref (client->input);
  g_object_unref (client->connection);
  g_free (client);
}

static void
line_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Client *client = user_data;
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (client->connection));
  g_autofree char *line = g_data_input_stream_read_line_finish (client->input, result, NULL, NULL);
  g_auto (GStrv) words = NULL;
  g_autofree char *answer = NULL;
  g_autofree char *answer_line = NULL;

  if (line == NULL)
    {
      client_free (client);
      return;
    }

  words = g_strsplit (line, " ", -1);
  answer = obey (client->world, words);
  answer_line = g_strdup_printf ("%s\n", answer);
  g_output_stream_write_all (output, answer_line, strlen (answer_line), NULL, NULL, NULL);
  g_data_input_stream_read_line_async (client->input, G_PRIORITY_DEFAULT, NULL, line_cb, client);
}

static gboolean
incoming_cb (GSocketService *service,
             GSocketConnection *connection,
             GObject *source,
             gpointer user_data)
{
  Client *client = g_new0 (Client, 1);

  client->world = user_data;
  client->connection = g_object_ref (connection);
  client->input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  g_data_input_stream_read_line_async (client->input, G_PRIORITY_DEFAULT, NULL, line_cb, client);
  return TRUE;
}

static void
add_place (World *self, guint index, const char *serial)
{
  Place *place = &self->places[index];

  place->world = self;
  place->index = index;
  place->unplug_after_bytes = -1;
  place->chip = emu_ft4232h_new (self->clock, serial);
  place->service = emu_ft4232h_get_port (place->chip, EMU_FT4232H_PORT_SERVICE);
  emu_ftdi_port_wire (place->service, &port_funcs, place);
  g_assert_cmpuint (emu_usbip_server_add (self->server, place->chip, TRUE), ==, index);
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  World *self = user_data;
  GSubprocess *test = G_SUBPROCESS (source);

  g_subprocess_wait_finish (test, result, NULL);
  self->exit_status =
      g_subprocess_get_if_exited (test) ? g_subprocess_get_exit_status (test) : EXIT_FAILURE;
  g_main_loop_quit (self->loop);
}

int
main (int argc, char **argv)
{
  static const char *const serials[N_PLACES] = { "AS000001", "AS000001", "AS000003", NULL };
  World world = { .exit_status = EXIT_FAILURE };
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("usb-world-XXXXXX", &error);
  g_autofree char *path = g_build_filename (dir, "control", NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketService) service = g_socket_service_new ();
  g_autoptr (GSubprocess) test = NULL;

  g_assert_cmpint (argc, ==, 3);
  world.loop = g_main_loop_new (NULL, FALSE);
  world.clock = emu_clock_new (g_main_context_default (), &error);
  g_assert_no_error (error);
  world.server = emu_usbip_server_new (g_main_context_default (), "127.0.0.1:0", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < N_PLACES; i++)
    add_place (&world, i, serials[i]);

  g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (service, "incoming", G_CALLBACK (incoming_cb), &world);
  g_socket_service_start (service);

  test = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, argv[1], "--usbip",
                           emu_usbip_server_get_address (world.server), "--", argv[2], path,
                           argv[1], NULL);
  g_assert_no_error (error);
  g_subprocess_wait_async (test, NULL, ended_cb, &world);
  g_main_loop_run (world.loop);

  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  emu_usbip_server_free (world.server);
  for (guint i = 0; i < N_PLACES; i++)
    emu_ft4232h_free (world.places[i].chip);
  emu_clock_free (world.clock);
  g_main_loop_unref (world.loop);
  g_unlink (path);
  g_rmdir (dir);
  return world.exit_status;
}
