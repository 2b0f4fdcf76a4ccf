/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-board-private.h"
#include "emu-capability.h"
#include "emu-error.h"
#include "emu-rest.h"

#define DEBUGGER_NAME "gdbserver"

static const char *
app_state_to_text (const EmuComponent *component)
{
  if (component == NULL || component->image_type != LKS_IMAGE_TYPE_APPLICATION)
    return "notPresent";

  switch (component->state)
    {
    case EMU_APP_RUNNING:
      return "running";
    case EMU_APP_DEBUGGING:
      return "debugging";
    case EMU_APP_STOPPED:
      break;
    }

  return "stopped";
}

void
emu_rest_get_app_status (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  const EmuComponent *component = emu_board_find_component (board, request->argument);
  EmuWire *wire = emu_wire_new ();

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "state", app_state_to_text (component));
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
}

static gboolean
has_debugger (EmuBoard *board)
{
  for (guint i = 0; i < board->components->len; i++)
    {
      const EmuComponent *component = g_ptr_array_index (board->components, i);

      if (g_str_equal (component->name, DEBUGGER_NAME))
        return TRUE;
    }

  return FALSE;
}

static void
answer_app_state (const EmuComponent *component, EmuAnswer *answer)
{
  EmuWire *wire = emu_wire_new ();

  emu_wire_open (wire, NULL, '{');
  if (component->real_time)
    emu_wire_number (wire, "realTimeCore", 0);
  emu_wire_text (wire, "state", app_state_to_text (component));
  if (component->state == EMU_APP_DEBUGGING && !component->real_time)
    {
      emu_wire_number (wire, "gdbPort", EMU_DEBUG_DEBUGGER_PORT);
      emu_wire_number (wire, "outPort", EMU_DEBUG_OUTPUT_PORT);
    }
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
}

static gboolean
parse_trigger (const EmuRequest *request, EmuAppState *out_state, EmuAnswer *answer)
{
  JsonObject *object;
  g_autoptr (LksJson) json = emu_request_parse_json (request, &object, answer);
  const char *trigger;

  if (json == NULL)
    return FALSE;
  if (!emu_json_get_text (object, "trigger", &trigger) || trigger == NULL)
    emu_answer_set_error (answer, 400, EMU_ERROR_INVALID_JSON_DATA);
  else if (g_str_equal (trigger, "start"))
    *out_state = EMU_APP_RUNNING;
  else if (g_str_equal (trigger, "stop"))
    *out_state = EMU_APP_STOPPED;
  else if (g_str_equal (trigger, "startDebug"))
    *out_state = EMU_APP_DEBUGGING;
  else
    emu_answer_set_error (answer, 400, EMU_ERROR_TRIGGER_UNKNOWN);

  return answer->status == 0;
}

static gint64
check_debugger (EmuAppState wanted)
{
  switch (wanted)
    {
    case EMU_APP_DEBUGGING:
      return EMU_ERROR_CANNOT_DEBUG_DEBUGGER;
    case EMU_APP_RUNNING:
      return EMU_ERROR_CANNOT_START_DEBUGGER;
    case EMU_APP_STOPPED:
      break;
    }

  return EMU_ERROR_CANNOT_STOP_DEBUGGER;
}

/* There is one debug server, with one pair of ports; real-time applications are debugged by wire.
 */
static gint64
check_trigger (EmuBoard *board, const EmuComponent *component, EmuAppState wanted)
{
  if (component == NULL || component->image_type != LKS_IMAGE_TYPE_APPLICATION)
    return EMU_ERROR_APP_NOT_PRESENT;
  if (g_str_equal (component->name, DEBUGGER_NAME))
    return check_debugger (wanted);
  if (wanted != EMU_APP_DEBUGGING)
    return 0;
  if (!has_debugger (board))
    return EMU_ERROR_NO_DEBUGGER;
  if (!component->real_time && board->debug != NULL &&
      !g_str_equal (board->debugged, component->component_id))
    return EMU_ERROR_CANNOT_START_DEBUG;

  return 0;
}

static void
set_app_state (EmuBoard *board, EmuComponent *component, EmuAppState wanted)
{
  emu_board_end_debug (board, component);
  if (wanted == EMU_APP_DEBUGGING && !component->real_time)
    emu_board_start_debug (board, component);
  else
    component->state = wanted;
}

void
emu_rest_patch_app_status (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuComponent *component = emu_board_find_component (board, request->argument);
  EmuAppState wanted = EMU_APP_STOPPED;
  gint64 number;

  if (!parse_trigger (request, &wanted, answer))
    return;
  if (!EMU_HAS (request->granted, EMU_CAPABILITY_APP_DEVELOPMENT))
    emu_answer_set_error (answer, 403, EMU_ERROR_DEVICE_NOT_DEV_UNLOCKED);
  else if ((number = check_trigger (board, component, wanted)) != 0)
    emu_answer_set_error (answer, 409, number);
  else
    {
      set_app_state (board, component, wanted);
      emu_log_add (board->log, emu_board_get_uptime_ms (board), EMU_LOG_INFO, EMU_LOG_APPMAN, 7,
                   "su", component->name, (guint32) wanted);
      answer_app_state (component, answer);
    }
}

/* Boards in use remove what was made for them; a locked one asks for the right to do so. */
static gboolean
may_delete (EmuBoard *board, guint64 granted)
{
  const EmuBehaviour *behaviour = &board->config->behaviour;

  if (EMU_HAS (granted, EMU_CAPABILITY_APP_DEVELOPMENT))
    return TRUE;

  return emu_board_is_locked (board, FALSE) ? behaviour->delete_with_servicing
                                            : behaviour->delete_without_development;
}

void
emu_rest_delete_image (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuComponent *component = emu_board_find_component (board, request->argument);
  gboolean restart;

  if (component == NULL)
    {
      emu_answer_set_empty (answer);
      return;
    }
  if (component->image_type != LKS_IMAGE_TYPE_APPLICATION || !may_delete (board, request->granted))
    {
      emu_answer_set_error (answer, 403, EMU_ERROR_PERMISSION_DENIED);
      return;
    }

  restart = board->peripherals_locked && component->peripherals != NULL &&
            component->peripherals[0] != NULL;
  emu_log_add (board->log, emu_board_get_uptime_ms (board), EMU_LOG_INFO, EMU_LOG_GATEWAYD, 32, "g",
               component->component_id);
  emu_board_end_debug (board, component);
  g_ptr_array_remove (board->components, component);
  if (restart && board->version >= EMU_VERSION (4, 4))
    emu_rest_post_restart (board, request, answer);
  else
    emu_answer_set_empty (answer);
  answer->restart = restart;
}

void
emu_rest_get_quota (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  const EmuComponent *component = emu_board_find_component (board, request->argument);
  EmuWire *wire;

  if (component == NULL || component->image_type != LKS_IMAGE_TYPE_APPLICATION)
    {
      emu_answer_set_error (answer, 404, EMU_ERROR_APP_NOT_PRESENT);
      return;
    }

  wire = emu_wire_new ();
  emu_wire_open (wire, NULL, '{');
  emu_wire_number (wire, "UsageKB", component->usage_kib);
  emu_wire_number (wire, "LimitKB", component->storage_kib);
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
}

static gboolean
is_running_app (const EmuComponent *component)
{
  return component->image_type == LKS_IMAGE_TYPE_APPLICATION && component->state != EMU_APP_STOPPED;
}

static void
write_app_memory (EmuWire *wire, const EmuComponent *component, guint pid)
{
  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "componentId", component->component_id);
  emu_wire_open (wire, "processes", '[');
  emu_wire_open (wire, NULL, '{');
  emu_wire_number (wire, "pid", pid);
  emu_wire_open (wire, "heapUsageByCaller", '[');
  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "name", component->name);
  emu_wire_number (wire, "usageInBytes", 4096 + component->size_bytes / 8);
  emu_wire_close (wire, '}');
  emu_wire_close (wire, ']');
  emu_wire_close (wire, '}');
  emu_wire_close (wire, ']');
  emu_wire_close (wire, '}');
}

void
emu_rest_get_memory (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuWire *wire = emu_wire_new ();
  gint64 user_bytes = 0;

  for (guint i = 0; i < board->components->len; i++)
    {
      const EmuComponent *component = g_ptr_array_index (board->components, i);

      if (is_running_app (component))
        user_bytes += 32768 + component->size_bytes;
    }

  emu_wire_open (wire, NULL, '{');
  emu_wire_open (wire, "memoryStats", '{');
  emu_wire_number (wire, "currentMemoryUsageInBytes", 49152 + user_bytes);
  emu_wire_number (wire, "userModeMemoryUsageInBytes", user_bytes);
  emu_wire_number (wire, "peakUserModeMemoryUsageInBytes", user_bytes + 8192);
  emu_wire_close (wire, '}');
  emu_wire_open (wire, "apps", '[');
  for (guint i = 0; i < board->components->len; i++)
    if (is_running_app (g_ptr_array_index (board->components, i)))
      write_app_memory (wire, g_ptr_array_index (board->components, i), 40 + i);
  emu_wire_close (wire, ']');
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
}
