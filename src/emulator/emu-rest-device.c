/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-board-private.h"
#include "emu-capability.h"
#include "emu-error.h"
#include "emu-rest.h"

#include "lks-enums.h"

#include <string.h>

/* Header of the telemetry data; only the place of its length is known. */
#define TELEMETRY_HEADER_BYTES 5

void
emu_rest_get_capabilities (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  gboolean with_header = board->config->behaviour.list_header_capabilities;
  guint64 listed = with_header ? request->granted : board->stored;
  EmuWire *wire = emu_wire_new ();

  if (board->state == EMU_STATE_BLANK)
    listed |= G_GUINT64_CONSTANT (1) << EMU_CAPABILITY_RF_TEST_MODE;

  emu_wire_open (wire, NULL, '{');
  emu_wire_open (wire, "device_capabilities", '[');
  for (guint number = 1; number < 64; number++)
    if (EMU_HAS (listed, number))
      emu_wire_number (wire, NULL, number);
  emu_wire_close (wire, ']');
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
}

void
emu_rest_get_security_state (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  gboolean other = emu_board_find_fault (board, EMU_FAULT_OTHER_DEVICE_ID, NULL, NULL) != NULL;
  const char *device_id = other ? board->config->other_device_id : board->device_id;
  EmuWire *wire = emu_wire_new ();

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "securityState", board->config->security_state);
  emu_wire_text (wire,
                 board->version < EMU_VERSION (4, 0) ? "generalPublicKey" : "deviceIdentifier",
                 device_id);
  emu_wire_text (wire, "deviceIdentityPublicKey", device_id);
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
}

void
emu_rest_get_manufacturing_state (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuManufacturingState state = board->state;
  EmuWire *wire = emu_wire_new ();

  if (emu_board_find_fault (board, EMU_FAULT_STATE_UNKNOWN, NULL, NULL) != NULL)
    state = EMU_STATE_UNKNOWN;

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "manufacturingState",
                 lks_enum_to_nick (EMU_TYPE_MANUFACTURING_STATE, state));
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
}

/* The steps a board can take. There is no way back: the state is fused into the chip. */
static gboolean
is_step_possible (EmuBoard *board, EmuManufacturingState wanted)
{
  if (board->state == EMU_STATE_UNKNOWN || wanted < board->state)
    return FALSE;

  return wanted - board->state < 2 || board->config->behaviour.skip_to_device_complete;
}

void
emu_rest_put_manufacturing_state (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  const EmuBehaviour *behaviour = &board->config->behaviour;
  JsonObject *object;
  g_autoptr (LksJson) json = emu_request_parse_json (request, &object, answer);
  const char *word;
  int wanted;

  if (json == NULL)
    return;
  if (!emu_json_get_text (object, "manufacturingState", &word) || word == NULL ||
      !lks_enum_from_nick (EMU_TYPE_MANUFACTURING_STATE, word, &wanted) ||
      wanted == EMU_STATE_UNKNOWN)
    {
      emu_answer_set_error (answer, 400, EMU_ERROR_INVALID_JSON_DATA);
      return;
    }
  if (!is_step_possible (board, wanted))
    {
      emu_answer_set_error (answer, behaviour->backward_status, behaviour->backward_number);
      return;
    }

  if (emu_board_find_fault (board, EMU_FAULT_STATE_NOT_STORED, NULL, NULL) == NULL)
    board->state = wanted;
  emu_answer_set_empty (answer);
}

void
emu_rest_get_os_version (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuWire *wire = emu_wire_new ();

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "osversion", board->ota.os_version);
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
}

void
emu_rest_get_status (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuWire *wire = emu_wire_new ();

  emu_wire_open (wire, NULL, '{');
  emu_wire_number (wire, "uptime", (gint64) emu_board_get_uptime_s (board));
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
}

void
emu_rest_post_restart (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuWire *wire = emu_wire_new ();

  emu_wire_open (wire, NULL, '{');
  emu_wire_bool (wire, "restartingSystem", TRUE);
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
  answer->restart = TRUE;
}

void
emu_rest_get_log (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  emu_answer_set_binary (answer, emu_log_read (board->log));
}

void
emu_rest_get_telemetry (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  gboolean is_cleared = emu_board_now_us () >= board->telemetry_cleared_at_us;
  guint16 length = is_cleared ? 0 : (guint16) board->telemetry->len;
  guint8 header[TELEMETRY_HEADER_BYTES] = { 0x01, 0x00, 0x00, length >> 8, length & 0xff };
  GByteArray *body = g_byte_array_new ();

  g_byte_array_append (body, header, sizeof header);
  g_byte_array_append (body, board->telemetry->data, length);
  emu_answer_set_binary (answer, g_byte_array_free_to_bytes (body));
}

void
emu_rest_delete_telemetry (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  board->telemetry_cleared_at_us =
      emu_board_now_us () +
      (gint64) board->config->behaviour.telemetry_clear_ms * G_TIME_SPAN_MILLISECOND;
  emu_answer_set_empty (answer);
}
