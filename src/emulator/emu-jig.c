/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-jig.h"

#include "emu-debug.h"
#include "emu-identity.h"
#include "emu-keys.h"
#include "emu-line.h"
#include "emu-usbip-server.h"

#include <string.h>

/* A board that starts answers pings before its servers listen. */
#define PORT_DELAY_MS 250

typedef struct
{
  EmuJig *jig; /* (unowned) */
  guint index;
  guint n_units;    /* that the store has handed out for it */
  EmuFt4232h *chip; /* (owned) */
  EmuBoard *board;  /* (owned) */
  EmuLine *line;    /* (owned) */
  guint port_id;    /* until the board's port opens */
  gboolean in_reset;
  gboolean in_recovery;
} Place;

struct _EmuJig
{
  EmuScenario *scenario;  /* (owned) */
  EmuTrace *trace;        /* (owned) (nullable) */
  EmuClock *clock;        /* (owned) */
  EmuStack *stack;        /* (owned) */
  EmuTls *tls;            /* (owned) */
  EmuKeys *keys;          /* (owned) */
  EmuUsbipServer *server; /* (owned) */
  GPtrArray *places;      /* (owned) (element-type Place) */
};

static void
place_free (gpointer data)
{
  Place *place = data;

  g_clear_handle_id (&place->port_id, g_source_remove);
  if (place->board != NULL)
    g_signal_handlers_disconnect_by_data (place->board, place);
  emu_line_free (place->line);
  g_clear_object (&place->board);
  emu_ft4232h_free (place->chip);
  g_free (place);
}

static Place *
get_place (EmuJig *self, guint index)
{
  g_return_val_if_fail (index < self->places->len, NULL);

  return g_ptr_array_index (self->places, index);
}

/* ---- what parts of a place tell each other ---- */

static void
accepted_cb (EmuLine *line, GIOStream *plain, gpointer user_data)
{
  Place *place = user_data;

  emu_board_serve (place->board, plain);
}

static void
opened_cb (EmuLine *line, guint16 port, GIOStream *plain, gpointer user_data)
{
  Place *place = user_data;

  emu_board_serve_port (place->board, port, plain);
}

static void
debugging_cb (GObject *board, GParamSpec *pspec, gpointer user_data)
{
  static const guint16 ports[] = { EMU_DEBUG_OUTPUT_PORT, EMU_DEBUG_DEBUGGER_PORT };
  Place *place = user_data;

  for (gsize i = 0; i < G_N_ELEMENTS (ports); i++)
    if (emu_board_get_debugging (place->board))
      emu_line_open_port (place->line, ports[i]);
    else
      emu_line_close_port (place->line, ports[i]);
}

static void
unplug_cb (EmuLine *line, gpointer user_data)
{
  Place *place = user_data;

  emu_jig_unplug (place->jig, place->index);
}

static void
connection_reset_cb (EmuBoard *board, GIOStream *plain, gpointer user_data)
{
  Place *place = user_data;

  emu_line_reset_connection (place->line, plain);
}

static gboolean
open_port_cb (gpointer user_data)
{
  Place *place = user_data;

  place->port_id = 0;
  emu_line_set_power (place->line, EMU_LINE_POWER_UP);
  return G_SOURCE_REMOVE;
}

static void
running_cb (GObject *board, GParamSpec *pspec, gpointer user_data)
{
  Place *place = user_data;

  g_clear_handle_id (&place->port_id, g_source_remove);
  if (!emu_board_get_running (place->board))
    {
      emu_line_set_power (place->line, EMU_LINE_POWER_OFF);
      return;
    }

  emu_line_set_power (place->line, EMU_LINE_POWER_BOOTING);
  place->port_id = g_timeout_add (PORT_DELAY_MS, open_port_cb, place);
}

static gboolean
has_power (Place *place)
{
  return emu_usbip_server_get_plugged (place->jig->server, place->index) ||
         emu_board_get_config (place->board)->self_powered;
}

/* A board of its own power supply outlives its cable. */
static void
set_usb_power (Place *place, gboolean on)
{
  if (emu_board_get_config (place->board)->self_powered)
    return;

  if (on)
    emu_board_power_on (place->board);
  else
    {
      emu_board_power_off (place->board);
      place->in_recovery = FALSE;
    }
}

/* The reset line works only while the board has power. With the strap high when reset is let go,
 * the chip waits for a recovery image instead of starting its system. */
static void
reset_cb (gboolean in_reset, gboolean recovery, gpointer user_data)
{
  Place *place = user_data;
  gboolean released = place->in_reset && !in_reset;

  if (!place->in_reset && in_reset)
    emu_board_power_off (place->board);
  place->in_reset = in_reset;
  if (!released)
    return;

  place->in_recovery = recovery;
  if (!recovery && has_power (place))
    emu_board_power_on (place->board);
}

/* ---- building ---- */

static EmuLine *
make_line (EmuJig *self, Place *place, const EmuBoardConfig *config)
{
  static const EmuLineFuncs funcs = { .accepted = accepted_cb,
                                      .opened = opened_cb,
                                      .unplug = unplug_cb };
  const EmuLineConfig line_config = {
    .clock = self->clock,
    .stack = self->stack,
    .tls = self->tls,
    .port = emu_ft4232h_get_port (place->chip, EMU_FT4232H_PORT_SERVICE),
    .bytes_per_second = config->line_bytes_per_second,
    .mtu_bytes = config->behaviour.mtu_bytes,
    .connections_max = config->behaviour.connections_max,
    .answers_ping = config->behaviour.ping,
    .seed = place->index + 1,
  };
  EmuLine *line = emu_line_new (&line_config, &funcs, place);

  for (guint i = 0; i < config->faults->len; i++)
    emu_line_add_fault (line, g_ptr_array_index (config->faults, i));
  return line;
}

static void
connect_board (Place *place)
{
  g_signal_connect (place->board, "notify::running", G_CALLBACK (running_cb), place);
  g_signal_connect (place->board, "notify::debugging", G_CALLBACK (debugging_cb), place);
  g_signal_connect (place->board, "connection-reset", G_CALLBACK (connection_reset_cb), place);
}

static void
add_place (EmuJig *self, guint index, guint idle_status_ms)
{
  const EmuBoardConfig *config = emu_scenario_get_board (self->scenario, index);
  Place *place = g_new0 (Place, 1);

  place->jig = self;
  place->index = index;
  place->chip = emu_ft4232h_new (self->clock,
                                 config->adapter == EMU_ADAPTER_BOARD ? config->usb_serial : NULL);
  for (guint i = 0; i < EMU_FT4232H_PORTS; i++)
    emu_ftdi_port_set_idle_floor (emu_ft4232h_get_port (place->chip, i), idle_status_ms);
  place->board = emu_board_new (self->scenario, index, self->keys, self->trace);
  place->line = make_line (self, place, config);
  g_ptr_array_add (self->places, place);

  emu_usbip_server_add (self->server, place->chip, config->plugged);
  if (!config->plugged && !config->self_powered)
    emu_board_power_off (place->board);
  if (emu_board_get_running (place->board))
    emu_line_set_power (place->line, EMU_LINE_POWER_UP);
  emu_ft4232h_set_reset_func (place->chip, reset_cb, place);
  connect_board (place);
}

static gboolean
check_serials (EmuScenario *scenario, GError **error)
{
  for (guint i = 0; i < emu_scenario_get_n_boards (scenario); i++)
    {
      const char *serial = emu_scenario_get_board (scenario, i)->usb_serial;

      if (strlen (serial) <= EMU_FT4232H_SERIAL_MAX_CHARS && g_str_is_ascii (serial))
        continue;

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "USB serial “%s” of board %u does not fit into its EEPROM; use at most %d ASCII "
                   "characters",
                   serial, i, EMU_FT4232H_SERIAL_MAX_CHARS);
      return FALSE;
    }
  return TRUE;
}

/**
 * emu_jig_new:
 * @scenario: which boards there are
 * @usbip_address: where to serve them, such as "127.0.0.1:3240"; port 0 takes a free one
 * @state_dir: (type filename): where keys and certificates are kept
 * @trace: (nullable): where requests are written down
 * @idle_status_ms: how far packets without news are apart at least, in milliseconds; 0 for what a
 *   real chip does
 * @error: return location for an error
 *
 * Starts the emulator. There can be one per process, as there is one IP stack.
 *
 * Returns: (transfer full): a jig, or %NULL
 */
EmuJig *
emu_jig_new (EmuScenario *scenario,
             const char *usbip_address,
             const char *state_dir,
             EmuTrace *trace,
             guint idle_status_ms,
             GError **error)
{
  g_autoptr (EmuJig) self = g_new0 (EmuJig, 1);
  GMainContext *context = g_main_context_get_thread_default ();

  self->places = g_ptr_array_new_with_free_func (place_free);
  self->scenario = emu_scenario_ref (scenario);
  self->trace = trace != NULL ? emu_trace_ref (trace) : NULL;
  if (!check_serials (scenario, error))
    return NULL;

  self->tls = emu_tls_open (state_dir, error);
  if (self->tls == NULL)
    return NULL;
  self->keys = emu_keys_open (state_dir, error);
  if (self->keys == NULL)
    return NULL;
  self->clock = emu_clock_new (context, error);
  if (self->clock == NULL)
    return NULL;
  self->server = emu_usbip_server_new (context, usbip_address, error);
  if (self->server == NULL)
    return NULL;

  self->stack = emu_stack_new (context);
  for (guint i = 0; i < emu_scenario_get_n_boards (scenario); i++)
    add_place (self, i, idle_status_ms);
  return g_steal_pointer (&self);
}

/**
 * emu_jig_free:
 * @self: (transfer full) (nullable): a jig
 *
 * Unplugs everything and stops serving.
 */
void
emu_jig_free (EmuJig *self)
{
  if (self == NULL)
    return;

  emu_usbip_server_free (self->server);
  g_ptr_array_unref (self->places);
  emu_stack_free (self->stack);
  emu_clock_free (self->clock);
  emu_tls_free (self->tls);
  g_clear_pointer (&self->keys, emu_keys_unref);
  g_clear_pointer (&self->trace, emu_trace_unref);
  emu_scenario_unref (self->scenario);
  g_free (self);
}

/**
 * emu_jig_get_address:
 * @self: a jig
 *
 * Returns: where it serves, with the port it got
 */
const char *
emu_jig_get_address (EmuJig *self)
{
  return emu_usbip_server_get_address (self->server);
}

/**
 * emu_jig_get_n_places:
 * @self: a jig
 *
 * Returns: how many places there are
 */
guint
emu_jig_get_n_places (EmuJig *self)
{
  return self->places->len;
}

/**
 * emu_jig_get_state:
 * @self: a jig
 * @index: a place
 * @out_state: (out): what there is to say about it; valid until it changes
 */
void
emu_jig_get_state (EmuJig *self, guint index, EmuPlaceState *out_state)
{
  Place *place = get_place (self, index);

  *out_state = (EmuPlaceState){
    .busid = emu_usbip_server_get_busid (self->server, index),
    .plugged = emu_usbip_server_get_plugged (self->server, index),
    .imported = emu_usbip_server_get_imported (self->server, index),
    .in_recovery = place->in_recovery,
    .blinks = emu_line_get_blinks (place->line),
    .board = place->board,
  };
}

/**
 * emu_jig_plug:
 * @self: a jig
 * @index: a place
 *
 * Plugs the board in: its adapter appears, and the board starts if USB feeds it.
 */
void
emu_jig_plug (EmuJig *self, guint index)
{
  Place *place = get_place (self, index);

  if (emu_usbip_server_get_plugged (self->server, index))
    return;

  emu_usbip_server_set_plugged (self->server, index, TRUE);
  set_usb_power (place, TRUE);
}

/**
 * emu_jig_unplug:
 * @self: a jig
 * @index: a place
 *
 * Pulls the cable: the adapter vanishes and the board loses its power, unless it has its own.
 */
void
emu_jig_unplug (EmuJig *self, guint index)
{
  Place *place = get_place (self, index);

  if (!emu_usbip_server_get_plugged (self->server, index))
    return;

  emu_usbip_server_set_plugged (self->server, index, FALSE);
  if (!emu_board_get_config (place->board)->self_powered)
    emu_board_power_off (place->board);
  place->in_recovery = FALSE;
  emu_ft4232h_power_on_reset (place->chip);
}

/**
 * emu_jig_swap:
 * @self: a jig
 * @index: a place
 * @other: another
 *
 * Exchanges the sockets of two boards that are not plugged in, so that each will be plugged in
 * where the other one was. Both keep their numbers.
 *
 * Returns: whether neither was plugged in, so that it was done
 */
gboolean
emu_jig_swap (EmuJig *self, guint index, guint other)
{
  return emu_usbip_server_swap (self->server, index, other);
}

/**
 * emu_jig_renew:
 * @self: a jig
 * @index: a place
 *
 * Puts the next unit in the place of a board that is not plugged in: as the scenario describes that
 * board, with another device ID. Its adapter has the same serial number.
 *
 * Returns: whether the board was not plugged in, so that it was done
 */
gboolean
emu_jig_renew (EmuJig *self, guint index)
{
  Place *place = get_place (self, index);
  g_autofree char *kind = NULL;
  g_autofree char *device_id = NULL;

  if (emu_usbip_server_get_plugged (self->server, index))
    return FALSE;

  kind = g_strdup_printf ("unit %u of board", ++place->n_units);
  device_id = emu_identity_device_id (kind, index);
  emu_board_power_off (place->board);
  g_signal_handlers_disconnect_by_data (place->board, place);
  g_object_unref (place->board);
  place->board = emu_board_new (self->scenario, index, self->keys, self->trace);
  emu_board_set_device_id (place->board, device_id);
  if (!emu_board_get_config (place->board)->self_powered)
    emu_board_power_off (place->board);
  connect_board (place);
  if (emu_board_get_running (place->board))
    running_cb (G_OBJECT (place->board), NULL, place);
  return TRUE;
}

/**
 * emu_jig_reset:
 * @self: a jig
 * @index: a place
 *
 * Presses the board's reset button.
 */
void
emu_jig_reset (EmuJig *self, guint index)
{
  Place *place = get_place (self, index);

  place->in_recovery = FALSE;
  if (!has_power (place))
    return;

  emu_board_power_on (place->board); /* out of recovery mode */
  emu_board_press_reset (place->board);
}

/**
 * emu_jig_set_pace:
 * @self: a jig
 * @index: a place
 * @bytes_per_second: pace of each direction of its line, 0 for no limit
 */
void
emu_jig_set_pace (EmuJig *self, guint index, guint bytes_per_second)
{
  emu_line_set_pace (get_place (self, index)->line, bytes_per_second);
}

/**
 * emu_jig_add_fault:
 * @self: a jig
 * @index: a place
 * @fault: what goes wrong from now on
 */
void
emu_jig_add_fault (EmuJig *self, guint index, const EmuFault *fault)
{
  Place *place = get_place (self, index);

  emu_line_add_fault (place->line, fault);
  emu_board_add_fault (place->board, fault);
}

/**
 * emu_jig_clear_faults:
 * @self: a jig
 * @index: a place
 *
 * Nothing goes wrong from now on.
 */
void
emu_jig_clear_faults (EmuJig *self, guint index)
{
  Place *place = get_place (self, index);

  emu_line_clear_faults (place->line);
  emu_board_clear_faults (place->board);
}
