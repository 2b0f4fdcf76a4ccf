/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-board.h"

#include "emu-board-private.h"
#include "emu-capability.h"

G_DEFINE_FINAL_TYPE (EmuBoard, emu_board, G_TYPE_OBJECT)

/* Between the end of a restarting board's connections and the silence of its link. */
#define FAREWELL_MS 30

typedef enum
{
  PROP_RUNNING = 1,
  PROP_DEBUGGING,
} EmuBoardProperty;

static GParamSpec *properties[PROP_DEBUGGING + 1];

enum
{
  CONNECTION_RESET,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

guint64
emu_board_get_uptime_ms (EmuBoard *self)
{
  return (guint64) (emu_board_now_us () - self->started_at_us) / G_TIME_SPAN_MILLISECOND;
}

/* What every start writes into the log, as the services of a board do. */
static void
log_start (EmuBoard *self)
{
  emu_log_add (self->log, 812, EMU_LOG_INFO, EMU_LOG_APPMAN_INIT, 1, "");
  emu_log_add (self->log, 1044, EMU_LOG_INFO, EMU_LOG_NETWORKD, 1, "u", 1001u);
  emu_log_add (self->log, 1060, EMU_LOG_INFO, EMU_LOG_NETWORKD, 108, "ss", "wlan0",
               self->config->wifi_address);
  emu_log_add (self->log, 1490, EMU_LOG_INFO, EMU_LOG_APPMAN, 15, "u", self->components->len);
  for (guint i = 0; i < self->components->len; i++)
    {
      const EmuComponent *component = g_ptr_array_index (self->components, i);

      emu_log_add (self->log, 1500 + i, EMU_LOG_INFO, EMU_LOG_APPMAN, 16, "uss",
                   component->image_type, component->component_id, component->name);
      if (component->state != EMU_APP_STOPPED)
        emu_log_add (self->log, 1600 + i, EMU_LOG_INFO, EMU_LOG_APPMAN, 26, "g",
                     component->component_id);
    }
  emu_log_add (self->log, 1900, EMU_LOG_INFO, EMU_LOG_GATEWAYD, 169, "s", self->ota.os_version);
}

static void
set_debug (EmuBoard *self, EmuDebug *debug, const char *component_id)
{
  gboolean was_debugging = self->debug != NULL;

  g_clear_pointer (&self->debug, emu_debug_free);
  g_free (self->debugged);
  self->debug = debug;
  self->debugged = g_strdup (component_id);
  if (was_debugging != (debug != NULL))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DEBUGGING]);
}

/* What becomes of the application when its debugging is over. */
static void
debug_ended_cb (EmuDebugEnd end, gpointer user_data)
{
  EmuBoard *self = user_data;
  EmuComponent *component = emu_board_find_component (self, self->debugged);

  if (component != NULL)
    component->state = end == EMU_DEBUG_DETACHED ? EMU_APP_RUNNING : EMU_APP_STOPPED;
  set_debug (self, NULL, NULL);
}

/* Runs an application under the debug server. */
void
emu_board_start_debug (EmuBoard *self, EmuComponent *component)
{
  component->state = EMU_APP_DEBUGGING;
  set_debug (self,
             emu_debug_new (&self->config->output, self->config->behaviour.debug_waits,
                            debug_ended_cb, self),
             component->component_id);
}

/* Ends the debugging of @component, if it is debugged; its state is the caller's to set. */
void
emu_board_end_debug (EmuBoard *self, EmuComponent *component)
{
  if (self->debug != NULL && g_str_equal (self->debugged, component->component_id))
    set_debug (self, NULL, NULL);
}

static void
set_running (EmuBoard *self, gboolean running)
{
  if (self->running == running)
    return;

  self->running = running;
  if (!running)
    emu_ota_pause (self);
  g_debug ("board %u: %s", self->config->index, running ? "up" : "down");
  if (running)
    emu_http_start (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
  if (!running)
    {
      emu_http_stop (self);
      set_debug (self, NULL, NULL);
    }
}

/* The system comes up: what it forgot is forgotten, what it computes at start is computed. */
static void
start_system (EmuBoard *self)
{
  self->started_at_us = emu_board_now_us ();
  self->restarting = FALSE;
  self->state_at_start = self->state;
  self->peripherals_locked = self->state == EMU_STATE_DEVICE_COMPLETE &&
                             !EMU_HAS (self->stored, EMU_CAPABILITY_APP_DEVELOPMENT);
  if (!self->config->behaviour.staged_survive_restart)
    g_ptr_array_set_size (self->staged, 0);
  for (guint i = 0; i < self->components->len; i++)
    {
      EmuComponent *component = g_ptr_array_index (self->components, i);

      if (component->image_type == LKS_IMAGE_TYPE_APPLICATION)
        component->state = EMU_APP_RUNNING;
    }
  emu_switch_set (&self->wlan, TRUE, 0);
  emu_switch_set (&self->eth, self->ethernet_address != NULL, 0);
  emu_wifi_start (self);
  log_start (self);
  emu_ota_resume (self);
  set_running (self, TRUE);
}

static gboolean
booted_cb (gpointer user_data)
{
  EmuBoard *self = user_data;

  self->timer_id = 0;
  start_system (self);
  return G_SOURCE_REMOVE;
}

static void
boot (EmuBoard *self)
{
  EmuFault *slow = emu_board_find_fault (self, EMU_FAULT_SLOW_RESTART, NULL, NULL);
  guint boot_ms = slow != NULL ? slow->duration_ms : self->config->boot_ms;

  g_clear_handle_id (&self->timer_id, g_source_remove);
  if (emu_board_find_fault (self, EMU_FAULT_NO_RESTART, NULL, NULL) != NULL)
    return;
  if (emu_board_find_fault (self, EMU_FAULT_OTHER_BOARD, NULL, NULL) != NULL)
    {
      g_free (self->device_id);
      self->device_id = g_strdup (self->config->other_device_id);
    }

  self->timer_id = g_timeout_add (boot_ms, booted_cb, self);
}

static gboolean
go_down_cb (gpointer user_data)
{
  EmuBoard *self = user_data;

  self->timer_id = 0;
  set_running (self, FALSE);
  boot (self);
  return G_SOURCE_REMOVE;
}

/* The system ends its programs, and with them their connections, a moment before the link dies. */
static gboolean
restart_cb (gpointer user_data)
{
  EmuBoard *self = user_data;

  if (!self->config->behaviour.restart_resets_connections)
    return go_down_cb (self);

  g_signal_emit (self, signals[CONNECTION_RESET], 0, NULL);
  self->timer_id = g_timeout_add (FAREWELL_MS, go_down_cb, self);
  return G_SOURCE_REMOVE;
}

/* Goes down after the scenario's delay and boots again. */
void
emu_board_restart (EmuBoard *self)
{
  if (!self->running || self->timer_id != 0)
    return;

  self->restarting = TRUE;
  self->timer_id = g_timeout_add (self->config->restart_delay_ms, restart_cb, self);
}

static void
emu_board_dispose (GObject *object)
{
  EmuBoard *self = EMU_BOARD (object);

  g_clear_handle_id (&self->timer_id, g_source_remove);
  emu_ota_clear (self);
  emu_http_stop (self);
  g_clear_pointer (&self->debug, emu_debug_free);
  self->running = FALSE;

  G_OBJECT_CLASS (emu_board_parent_class)->dispose (object);
}

static void
emu_board_finalize (GObject *object)
{
  EmuBoard *self = EMU_BOARD (object);

  g_free (self->device_id);
  g_free (self->ethernet_address);
  g_free (self->debugged);
  g_clear_pointer (&self->proxy, emu_proxy_free);
  g_ptr_array_unref (self->faults);
  g_ptr_array_unref (self->components);
  g_ptr_array_unref (self->certs);
  g_ptr_array_unref (self->networks);
  g_ptr_array_unref (self->wifi.failures);
  g_ptr_array_unref (self->staged);
  g_byte_array_unref (self->telemetry);
  emu_log_free (self->log);
  emu_keys_unref (self->keys);
  g_clear_pointer (&self->trace, emu_trace_unref);
  emu_scenario_unref (self->scenario);

  G_OBJECT_CLASS (emu_board_parent_class)->finalize (object);
}

static void
emu_board_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  EmuBoard *self = EMU_BOARD (object);

  switch ((EmuBoardProperty) property)
    {
    case PROP_RUNNING:
      g_value_set_boolean (value, self->running);
      break;
    case PROP_DEBUGGING:
      g_value_set_boolean (value, self->debug != NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
emu_board_class_init (EmuBoardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = emu_board_dispose;
  object_class->finalize = emu_board_finalize;
  object_class->get_property = emu_board_get_property;

  /**
   * EmuBoard:running:
   *
   * Whether the system is up. While it is not, nothing answers on the line.
   */
  properties[PROP_RUNNING] =
      g_param_spec_boolean ("running", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_property (object_class, PROP_RUNNING, properties[PROP_RUNNING]);

  /**
   * EmuBoard:debugging:
   *
   * Whether an application is debugged, which opens two ports.
   */
  properties[PROP_DEBUGGING] =
      g_param_spec_boolean ("debugging", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_property (object_class, PROP_DEBUGGING, properties[PROP_DEBUGGING]);

  /**
   * EmuBoard::connection-reset:
   * @self: the board
   * @stream: (nullable): a stream that was given to emu_board_serve(), or all of them
   *
   * The board wants this connection ended by a TCP reset.
   */
  signals[CONNECTION_RESET] =
      g_signal_new ("connection-reset", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, G_TYPE_IO_STREAM);
}

static void
emu_board_init (EmuBoard *self)
{
  self->faults = g_ptr_array_new_with_free_func ((GDestroyNotify) emu_fault_free);
  self->components = g_ptr_array_new_with_free_func ((GDestroyNotify) emu_component_free);
  self->certs = g_ptr_array_new_with_free_func ((GDestroyNotify) emu_cert_unref);
  self->networks = g_ptr_array_new_with_free_func ((GDestroyNotify) emu_network_free);
  self->wifi.failures = g_ptr_array_new_with_free_func ((GDestroyNotify) emu_failure_config_free);
  self->staged = g_ptr_array_new_with_free_func ((GDestroyNotify) emu_staged_free);
  self->telemetry = g_byte_array_new ();
  self->log = emu_log_new ();
}

static void
load_components (EmuBoard *self)
{
  for (guint i = 0; i < self->config->components->len; i++)
    {
      const EmuComponentConfig *config = g_ptr_array_index (self->config->components, i);
      EmuComponent *component = g_new0 (EmuComponent, 1);

      component->component_id = g_strdup (config->component_id);
      component->image_id = g_strdup (config->image_id);
      component->name = g_strdup (config->name);
      component->image_type = config->image_type;
      component->size_bytes = config->size_bytes;
      component->storage_kib = config->storage_kib;
      component->usage_kib = config->usage_kib;
      component->peripherals = g_strdupv (config->peripherals);
      g_ptr_array_add (self->components, component);
    }
}

static void
load_networks (EmuBoard *self)
{
  for (guint i = 0; i < self->config->networks->len; i++)
    {
      const EmuNetworkConfig *config = g_ptr_array_index (self->config->networks, i);
      EmuNetwork *network = g_new0 (EmuNetwork, 1);

      network->id = self->next_network_id++;
      network->ssid = g_strdup (config->ssid);
      network->config_name = g_strdup (config->config_name);
      network->security = g_strdup (config->security);
      network->psk = g_strdup (config->key);
      network->client_cert_id = g_strdup (config->client_cert_id);
      network->client_identity = g_strdup (config->client_identity);
      network->root_ca_id = g_strdup (config->root_ca_id);
      network->enabled = config->enabled;
      network->targeted_scan = config->targeted_scan;
      g_ptr_array_add (self->networks, network);
    }
}

/* The emulator starts in the middle of a run: what the scenario says of it, not what a start
 * would have made. */
static void
resume_run (EmuBoard *self)
{
  for (guint i = 0; i < self->config->components->len; i++)
    {
      const EmuComponentConfig *config = g_ptr_array_index (self->config->components, i);
      EmuComponent *component = g_ptr_array_index (self->components, i);

      component->state = config->running ? EMU_APP_RUNNING : EMU_APP_STOPPED;
    }
  self->started_at_us -= (gint64) self->config->uptime_s * G_TIME_SPAN_SECOND;
  emu_wifi_resume (self);
}

static guint
parse_version (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ".", 3);

  return EMU_VERSION ((guint) g_ascii_strtoull (parts[0], NULL, 10),
                      (guint) g_ascii_strtoull (parts[1], NULL, 10));
}

static void
load_config (EmuBoard *self)
{
  const EmuBoardConfig *config = self->config;

  self->version = parse_version (config->rest_version);
  self->device_id = g_strdup (config->device_id);
  self->state = config->state;
  self->keystore_old = config->keystore_old;
  emu_ota_begin (self);
  self->ethernet_address = g_strdup (config->ethernet_address);
  for (guint i = 0; i < config->capabilities->len; i++)
    if (g_array_index (config->capabilities, guint16, i) < 64)
      self->stored |= G_GUINT64_CONSTANT (1) << g_array_index (config->capabilities, guint16, i);
  for (guint i = 0; i < config->faults->len; i++)
    emu_board_add_fault (self, g_ptr_array_index (config->faults, i));
  for (guint i = 0; i < 300; i++)
    g_byte_array_append (self->telemetry, (const guint8 *) config->os_version, 1);
  self->telemetry_cleared_at_us = G_MAXINT64;
  load_components (self);
  load_networks (self);
  emu_board_load_certs (self);
}

/**
 * emu_board_new:
 * @scenario: the world
 * @index: which of its boards
 * @keys: what the board's keystore trusts
 * @trace: (nullable): where answered requests are written
 *
 * The board's system runs already, as if it had started the scenario's uptime ago.
 *
 * Returns: (transfer full): a board
 */
EmuBoard *
emu_board_new (EmuScenario *scenario, guint index, EmuKeys *keys, EmuTrace *trace)
{
  EmuBoard *self = g_object_new (EMU_TYPE_BOARD, NULL);

  self->scenario = emu_scenario_ref (scenario);
  self->config = emu_scenario_get_board (scenario, index);
  self->keys = emu_keys_ref (keys);
  self->trace = trace != NULL ? emu_trace_ref (trace) : NULL;
  load_config (self);
  self->powered = TRUE;
  start_system (self);
  resume_run (self);
  return self;
}

/**
 * emu_board_set_device_id:
 * @self: a board that nobody has asked anything yet
 * @device_id: 128 lower-case hex digits
 *
 * Makes it another one of its kind than that of the scenario.
 */
void
emu_board_set_device_id (EmuBoard *self, const char *device_id)
{
  g_free (self->device_id);
  self->device_id = g_strdup (device_id);
}

/**
 * emu_board_get_config:
 * @self: a board
 *
 * Returns: (transfer none): what the scenario says about it
 */
const EmuBoardConfig *
emu_board_get_config (EmuBoard *self)
{
  return self->config;
}

/**
 * emu_board_get_running:
 * @self: a board
 *
 * Returns: whether its system is up
 */
gboolean
emu_board_get_running (EmuBoard *self)
{
  return self->running;
}

/**
 * emu_board_get_device_id:
 * @self: a board
 *
 * Returns: (transfer none): its device ID, 128 lower-case hex digits
 */
const char *
emu_board_get_device_id (EmuBoard *self)
{
  return self->device_id;
}

/**
 * emu_board_get_state:
 * @self: a board
 *
 * Returns: its manufacturing state
 */
EmuManufacturingState
emu_board_get_state (EmuBoard *self)
{
  return self->state;
}

/**
 * emu_board_get_uptime_s:
 * @self: a board
 *
 * Returns: seconds since its system started
 */
guint64
emu_board_get_uptime_s (EmuBoard *self)
{
  return emu_board_get_uptime_ms (self) / 1000;
}

/**
 * emu_board_serve:
 * @self: a board
 * @stream: a connection with TLS already taken off
 *
 * Answers the requests that come on @stream until it ends or the system goes down. While the
 * system is down the stream is closed at once.
 */
void
emu_board_serve (EmuBoard *self, GIOStream *stream)
{
  if (self->running)
    emu_http_serve (self, stream);
  else
    g_io_stream_close (stream, NULL, NULL);
}

/**
 * emu_board_get_debugging:
 * @self: a board
 *
 * Returns: whether an application is debugged
 */
gboolean
emu_board_get_debugging (EmuBoard *self)
{
  return self->debug != NULL;
}

/**
 * emu_board_serve_port:
 * @self: a board
 * @port: one of the ports of debugging
 * @stream: a connection to it
 *
 * Serves @stream, or closes it when nothing is debugged any more.
 */
void
emu_board_serve_port (EmuBoard *self, guint16 port, GIOStream *stream)
{
  if (self->debug != NULL)
    emu_debug_accept (self->debug, port, stream);
  else
    g_io_stream_close (stream, NULL, NULL);
}

/**
 * emu_board_press_reset:
 * @self: a board
 *
 * The reset button: the system dies at once and boots again.
 */
void
emu_board_press_reset (EmuBoard *self)
{
  if (!self->powered)
    return;

  set_running (self, FALSE);
  boot (self);
}

/**
 * emu_board_power_off:
 * @self: a board
 */
void
emu_board_power_off (EmuBoard *self)
{
  self->powered = FALSE;
  g_clear_handle_id (&self->timer_id, g_source_remove);
  set_running (self, FALSE);
}

/**
 * emu_board_power_on:
 * @self: a board
 *
 * Boots, if the power was off.
 */
void
emu_board_power_on (EmuBoard *self)
{
  if (self->powered)
    return;

  self->powered = TRUE;
  boot (self);
}
