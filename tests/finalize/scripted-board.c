/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scripted-board.h"

#include "lks-device-error-private.h"
#include "lks-device-net.h"
#include "lks-device-wifi.h"
#include "lks-enums.h"
#include "lks-image-metadata.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#define CALL_US 7000
#define STAGE_US (3 * G_USEC_PER_SEC)
#define NO_SPACE 14680082   /* NotEnoughFreeSpace */
#define NOT_TRUSTED 7340047 /* VerificationFailed */
#define BOOT_US (8 * G_USEC_PER_SEC)

/* A Module1Complete board with one application: what is usually finalized. */
void
scripted_board_init (ScriptedBoard *board)
{
  *board = (ScriptedBoard){
    .state = LKS_MANUFACTURING_STATE_MODULE1_COMPLETE,
    .os_version = "24.06",
    .rest_version = "4.6.0",
    .certificate_days = 400,
    .components = { { "0c000000-0000-4000-8000-000000000001",
                      "01000000-0000-4000-8000-000000002406", 5 },
                    { "0c000000-0000-4000-8000-000000000002",
                      "02000000-0000-4000-8000-000000002406", 7 },
                    { SCRIPTED_APP_COMPONENT, SCRIPTED_APP, LKS_IMAGE_TYPE_APPLICATION } },
    .n_components = 3,
    .clock = "this computer",
    .now_us = 1000 * G_USEC_PER_SEC,
    .booted_us = 900 * G_USEC_PER_SEC,
  };
  memset (board->device_id, 'a', 128);
}

/* The system has started: only now does a DeviceComplete board without appDevelopment lock. */
void
scripted_board_boot (ScriptedBoard *board)
{
  board->booted_us = board->now_us;
  board->is_locked = board->state == LKS_MANUFACTURING_STATE_DEVICE_COMPLETE &&
                     board->n_capabilities == 0 && !board->never_locks;
  if (board->capability_after_restart != 0)
    board->capabilities[board->n_capabilities++] = board->capability_after_restart;
  if (board->blank_after_restart)
    board->state = LKS_MANUFACTURING_STATE_BLANK;
  board->restarts++;
  board->has_staged = FALSE;
}

static void
pass_time (ScriptedBoard *board, gint64 us)
{
  board->now_us += us;
  if (board->late_effect_us != 0 && board->now_us >= board->late_effect_us)
    {
      board->late_effect_us = 0;
      board->state = board->late_state;
      board->writes++;
    }
  if (board->silent_until_us != 0 && board->silent_until_us != G_MAXINT64 &&
      board->now_us >= board->silent_until_us)
    {
      gint64 now_us = board->now_us;

      /* The uptime counts from the start of the kernel, some time before it answers. */
      board->now_us = board->silent_until_us - 5 * G_USEC_PER_SEC;
      scripted_board_boot (board);
      board->now_us = now_us;
      board->silent_until_us = 0;
    }
  if (board->power_cycle_at_us > 0 && board->now_us >= board->power_cycle_at_us)
    {
      board->power_cycle_at_us = 0;
      board->silent_until_us = board->now_us + BOOT_US;
    }
}

static void
die (void)
{
  kill (getpid (), SIGKILL);
  for (;;)
    pause ();
}

static gboolean
fail (GError **error, LksDeviceError code, const char *message)
{
  g_set_error_literal (error, LKS_DEVICE_ERROR, (int) code, message);
  return FALSE;
}

/* Every call begins here. Returns FALSE with @error set when nothing comes of it. */
static gboolean
call (ScriptedBoard *board, gboolean may_be_refused, GCancellable *cancellable, GError **error)
{
  board->calls++;
  if (board->calls == board->die_at_call && !board->die_after_effect)
    die ();
  if (board->calls == board->cancel_at_call)
    g_cancellable_cancel (board->cancel);
  if (board->calls == board->unplug_at_call)
    board->is_unplugged = TRUE;
  if (board->calls == board->swap_at_call)
    memset (board->device_id, 'b', 128);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (board->is_unplugged)
    return fail (error, LKS_DEVICE_ERROR_UNREACHABLE, "no line");

  pass_time (board, board->call_us != 0 ? board->call_us : CALL_US);
  if (board->silent_until_us != 0)
    return fail (error, LKS_DEVICE_ERROR_UNREACHABLE, "no answer");
  if (board->lost_reads > 0)
    {
      board->lost_reads--;
      return fail (error, LKS_DEVICE_ERROR_LOST, "the connection broke");
    }
  if (may_be_refused && (board->is_locked || board->refuses_all))
    return fail (error, LKS_DEVICE_ERROR_REFUSED, "access is forbidden");
  return TRUE;
}

/* … and ends here. */
static void
called (ScriptedBoard *board)
{
  if (board->calls == board->die_at_call)
    die ();
}

static LksDeviceSecurity *
get_security (gpointer data, GCancellable *cancellable, GError **error)
{
  ScriptedBoard *board = data;
  LksDeviceSecurity *security;

  if (!call (board, FALSE, cancellable, error))
    return NULL;

  security = g_new0 (LksDeviceSecurity, 1);
  security->state_text = g_strdup ("SECURE");
  if (*board->device_id != '\0')
    security->device_id = g_strdup (*board->second_device_id != '\0' && board->calls % 2 == 0
                                        ? board->second_device_id
                                        : board->device_id);
  called (board);
  return security;
}

static LksDeviceManufacturing *
get_state (gpointer data, GCancellable *cancellable, GError **error)
{
  ScriptedBoard *board = data;
  LksDeviceManufacturing *state;

  if (!call (board, FALSE, cancellable, error))
    return NULL;

  state = g_new0 (LksDeviceManufacturing, 1);
  state->state = board->state;
  state->state_text =
      g_strdup (lks_enum_to_nick (LKS_TYPE_MANUFACTURING_STATE, (int) board->state));
  called (board);
  return state;
}

static void
write_state (ScriptedBoard *board, LksManufacturingState state)
{
  board->writes += board->state != state;
  board->state = state;
  board->is_locked |= state == LKS_MANUFACTURING_STATE_DEVICE_COMPLETE && board->locks_at_once;
  if (state == LKS_MANUFACTURING_STATE_MODULE1_COMPLETE)
    board->n_capabilities = 0;
}

static gboolean
set_state (gpointer data, LksManufacturingState state, GError **error)
{
  ScriptedBoard *board = data;
  gboolean good = TRUE;

  if (!call (board, TRUE, NULL, error))
    return FALSE;

  board->orders_in_vain += board->state == state || board->late_effect_us != 0;
  switch (board->put)
    {
    case PUT_WORKS:
      board->puts++;
      write_state (board, state);
      break;
    case PUT_IS_IGNORED:
      board->puts++;
      break;
    case PUT_IS_REFUSED:
      board->puts++;
      good = fail (error, LKS_DEVICE_ERROR_REFUSED, "access is forbidden");
      break;
    case PUT_NEVER_ARRIVES:
      good = fail (error, LKS_DEVICE_ERROR_LOST, "the connection broke");
      break;
    case PUT_LOSES_ANSWER:
      board->puts++;
      write_state (board, state);
      good = fail (error, LKS_DEVICE_ERROR_LOST, "the connection broke");
      break;
    case PUT_LOSES_ANSWER_LATE:
      board->puts++;
      board->late_effect_us = board->now_us + 600000;
      board->late_state = state;
      good = fail (error, LKS_DEVICE_ERROR_LOST, "the connection broke");
      break;
    case PUT_TIMES_OUT_UNSENT:
      pass_time (board, 10 * G_USEC_PER_SEC);
      good = fail (error, LKS_DEVICE_ERROR_TIMED_OUT, "no answer in time");
      break;
    case PUT_UNREACHABLE:
      good = fail (error, LKS_DEVICE_ERROR_UNREACHABLE, "no connection");
      break;
    case PUT_MAKES_UNKNOWN:
      board->puts++;
      write_state (board, LKS_MANUFACTURING_STATE_UNKNOWN);
      break;
    }
  called (board);
  return good;
}

static GArray *
get_capabilities (gpointer data, GCancellable *cancellable, GError **error)
{
  ScriptedBoard *board = data;
  GArray *numbers;

  if (!call (board, FALSE, cancellable, error))
    return NULL;

  numbers = g_array_new (FALSE, FALSE, sizeof (gint32));
  g_array_append_vals (numbers, board->capabilities, board->n_capabilities);
  called (board);
  return numbers;
}

static char *
get_os_version (gpointer data, GCancellable *cancellable, GError **error)
{
  ScriptedBoard *board = data;

  if (!call (board, FALSE, cancellable, error))
    return NULL;

  called (board);
  if (*board->os_version != '\0')
    return g_strdup (board->os_version);
  fail (error, LKS_DEVICE_ERROR_UNSUPPORTED, "needs REST 4.5.0");
  return NULL;
}

static gboolean
get_uptime (gpointer data, guint64 *out_uptime_s, GCancellable *cancellable, GError **error)
{
  ScriptedBoard *board = data;

  if (!call (board, FALSE, cancellable, error))
    return FALSE;

  *out_uptime_s = (guint64) ((board->now_us - board->booted_us) / G_USEC_PER_SEC);
  called (board);
  return TRUE;
}

static void
component_free (gpointer data)
{
  LksComponent *component = data;

  g_free (component->id);
  g_free (component->name);
  g_ptr_array_unref (component->images);
  g_free (component);
}

static void
image_free (gpointer data)
{
  g_free (((LksInstalledImage *) data)->id);
  g_free (data);
}

static LksComponent *
make_component (const ScriptedComponent *from)
{
  LksComponent *component = g_new0 (LksComponent, 1);
  LksInstalledImage *image = g_new0 (LksInstalledImage, 1);

  image->id = g_strdup (from->image_id);
  component->id = g_strdup (from->component_id);
  component->image_type = from->image_type;
  component->images = g_ptr_array_new_with_free_func (image_free);
  g_ptr_array_add (component->images, image);
  return component;
}

static LksComponents *
get_components (gpointer data, GCancellable *cancellable, GError **error)
{
  ScriptedBoard *board = data;
  LksComponents *list;

  if (!call (board, TRUE, cancellable, error))
    return NULL;

  list = g_new0 (LksComponents, 1);
  list->is_ota_in_progress = board->is_ota_in_progress;
  list->has_staged_updates = board->has_staged_updates || board->has_staged;
  list->is_restart_required = board->is_restart_required;
  list->components = g_ptr_array_new_with_free_func (component_free);
  for (guint i = 0; i < board->n_components; i++)
    g_ptr_array_add (list->components, make_component (&board->components[i]));
  called (board);
  return list;
}

static void
add_network (GPtrArray *networks, guint number, LksWifiSecurity security)
{
  LksWifiNetwork *network = g_new0 (LksWifiNetwork, 1);

  network->ssid = g_strdup (number == 0 ? "workshop" : "guests");
  network->security = security;
  network->security_text = g_strdup (lks_enum_to_nick (LKS_TYPE_WIFI_SECURITY, (int) security));
  g_ptr_array_add (networks, network);
}

static GPtrArray *
get_networks (gpointer data, GCancellable *cancellable, GError **error)
{
  ScriptedBoard *board = data;
  GPtrArray *networks;

  if (!call (board, TRUE, cancellable, error))
    return NULL;

  networks = g_ptr_array_new_with_free_func ((GDestroyNotify) lks_wifi_network_free);
  for (guint i = 0; i < board->n_networks; i++)
    {
      if (board->has_open_twins)
        add_network (networks, i, LKS_WIFI_SECURITY_OPEN);
      add_network (networks, i,
                   board->has_open_networks ? LKS_WIFI_SECURITY_OPEN : LKS_WIFI_SECURITY_PSK);
    }
  called (board);
  return networks;
}

static char **
get_certificates (gpointer data, GCancellable *cancellable, GError **error)
{
  ScriptedBoard *board = data;
  char **ids;

  if (!call (board, TRUE, cancellable, error))
    return NULL;

  ids = g_new0 (char *, board->n_certificates + 1);
  for (guint i = 0; i < board->n_certificates; i++)
    ids[i] = g_strdup (i == 0 ? "cert" : "cert-2");
  called (board);
  return ids;
}

/* As the board writes it: no time zone. */
static char *
format_days (int days)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) then = g_date_time_add_days (now, days);

  return g_date_time_format (then, "%Y-%m-%dT%H:%M:%S");
}

static LksCertInfo *
get_certificate (gpointer data, const char *id, GCancellable *cancellable, GError **error)
{
  ScriptedBoard *board = data;
  LksCertInfo *info;

  if (!call (board, TRUE, cancellable, error))
    return NULL;

  info = g_new0 (LksCertInfo, 1);
  info->id = g_strdup (id);
  info->subject = g_strconcat ("/CN=", id, NULL);
  info->issuer = g_strdup ("/CN=Issuer");
  info->not_before = format_days (-1);
  info->not_after = format_days (board->certificate_days);
  called (board);
  return info;
}

static void
add_interface (GPtrArray *interfaces, const char *name, gboolean is_up)
{
  LksNetInterface *interface = g_new0 (LksNetInterface, 1);

  interface->name = g_strdup (name);
  interface->is_up = is_up;
  g_ptr_array_add (interfaces, interface);
}

static GPtrArray *
get_interfaces (gpointer data, GCancellable *cancellable, GError **error)
{
  ScriptedBoard *board = data;
  GPtrArray *interfaces;

  if (!call (board, TRUE, cancellable, error))
    return NULL;

  interfaces = g_ptr_array_new_with_free_func ((GDestroyNotify) lks_net_interface_free);
  add_interface (interfaces, "lo", TRUE);
  if (board->has_ethernet)
    add_interface (interfaces, "eth0", board->is_ethernet_up);
  called (board);
  return interfaces;
}

static gboolean
reject (GError **error, guint32 number)
{
  fail (error, LKS_DEVICE_ERROR_REJECTED, "the board does not take it");
  lks_device_error_set_answer (*error, 400, TRUE, number);
  return FALSE;
}

/* The board outlives processes: it points at nothing of theirs. */
static gboolean
stage (gpointer data, GBytes *package, GCancellable *cancellable, GError **error)
{
  ScriptedBoard *board = data;
  g_autoptr (LksImageMetadata) metadata = NULL;

  if (!call (board, TRUE, cancellable, error))
    return FALSE;

  pass_time (board, STAGE_US);
  metadata = lks_image_metadata_parse (package, NULL);
  g_assert_cmpstr (metadata->component_id, ==, SCRIPTED_APP_COMPONENT);
  g_assert_cmpstr (metadata->image_id, ==, SCRIPTED_APP);
  if (board->load == LOAD_HAS_NO_SPACE)
    return reject (error, NO_SPACE);
  if (board->load == LOAD_IS_FORBIDDEN)
    return fail (error, LKS_DEVICE_ERROR_REFUSED, "access is forbidden");

  board->staged =
      (ScriptedComponent){ SCRIPTED_APP_COMPONENT, SCRIPTED_APP, LKS_IMAGE_TYPE_APPLICATION };
  board->has_staged = TRUE;
  called (board);
  return TRUE;
}

static void
install_staged (ScriptedBoard *board)
{
  guint at = 0;

  if (!board->has_staged)
    return;

  while (at < board->n_components &&
         !g_str_equal (board->components[at].component_id, board->staged.component_id))
    at++;
  g_assert_cmpuint (at, <, SCRIPTED_LIST_MAX);
  board->components[at] = board->staged;
  board->n_components = MAX (board->n_components, at + 1);
  board->has_staged = FALSE;
  board->installs++;
}

static gboolean
install (gpointer data, gboolean *out_restarting, GError **error)
{
  ScriptedBoard *board = data;
  gboolean good = TRUE;

  if (!call (board, TRUE, NULL, error))
    return FALSE;

  *out_restarting = FALSE;
  switch (board->load)
    {
    case LOAD_WORKS:
      install_staged (board);
      break;
    case LOAD_HAS_NO_SPACE:
    case LOAD_IS_FORBIDDEN:
      g_assert_not_reached ();
    case LOAD_IS_NOT_TRUSTED:
      board->has_staged = FALSE;
      good = reject (error, NOT_TRUSTED);
      break;
    case LOAD_LOSES_ANSWER:
      install_staged (board);
      good = fail (error, LKS_DEVICE_ERROR_LOST, "the connection broke");
      break;
    case LOAD_NEVER_ARRIVES:
      good = fail (error, LKS_DEVICE_ERROR_LOST, "the connection broke");
      break;
    case LOAD_IS_IGNORED:
      board->has_staged = FALSE;
      break;
    case LOAD_RESTARTS:
      install_staged (board);
      board->silent_until_us = board->now_us + BOOT_US;
      *out_restarting = TRUE;
      break;
    case LOAD_RESTARTS_SILENTLY:
      install_staged (board);
      board->silent_until_us = board->now_us + BOOT_US;
      good = fail (error, LKS_DEVICE_ERROR_LOST, "the connection broke");
      break;
    case LOAD_NEVER_RETURNS:
      install_staged (board);
      board->silent_until_us = G_MAXINT64;
      *out_restarting = TRUE;
      break;
    }
  called (board);
  return good;
}

static gboolean
restart_system (gpointer data, GCancellable *cancellable, GError **error)
{
  ScriptedBoard *board = data;
  gboolean good = TRUE;

  if (!call (board, TRUE, cancellable, error))
    return FALSE;

  switch (board->restart)
    {
    case RESTART_WORKS:
      board->silent_until_us = board->now_us + BOOT_US;
      break;
    case RESTART_IS_IGNORED:
      break;
    case RESTART_LOSES_ANSWER:
      board->silent_until_us = board->now_us + BOOT_US;
      good = fail (error, LKS_DEVICE_ERROR_LOST, "the connection broke");
      break;
    case RESTART_IS_QUICK:
      scripted_board_boot (board);
      break;
    case RESTART_NEVER_RETURNS:
      board->silent_until_us = G_MAXINT64;
      break;
    }
  called (board);
  return good;
}

static const char *
get_rest_version (gpointer data)
{
  ScriptedBoard *board = data;

  return *board->rest_version != '\0' ? board->rest_version : NULL;
}

static JsonArray *
take_exchanges (gpointer data)
{
  return json_array_new ();
}

static gboolean
is_present (gpointer data)
{
  return !((ScriptedBoard *) data)->is_unplugged;
}

static const char *
get_clock (gpointer data)
{
  return ((ScriptedBoard *) data)->clock;
}

static gint64
now_us (gpointer data)
{
  return ((ScriptedBoard *) data)->now_us;
}

static gboolean
wait_ms (gpointer data, guint time_ms, GCancellable *cancellable, GError **error)
{
  pass_time (data, time_ms * 1000);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

void
scripted_board_target (ScriptedBoard *board, LksRunTarget *out_target)
{
  static const LksRunTargetOps ops = {
    .get_security = get_security,
    .get_state = get_state,
    .set_state = set_state,
    .get_capabilities = get_capabilities,
    .get_os_version = get_os_version,
    .get_uptime = get_uptime,
    .get_components = get_components,
    .get_networks = get_networks,
    .get_certificates = get_certificates,
    .get_certificate = get_certificate,
    .get_interfaces = get_interfaces,
    .stage = stage,
    .install = install,
    .restart = restart_system,
    .get_rest_version = get_rest_version,
    .take_exchanges = take_exchanges,
    .is_present = is_present,
    .get_clock = get_clock,
    .now_us = now_us,
    .wait = wait_ms,
  };

  *out_target = (LksRunTarget){
    .ops = &ops,
    .data = board,
    .port = "1-2.3",
    .usb_serial = "AS000001",
  };
}
