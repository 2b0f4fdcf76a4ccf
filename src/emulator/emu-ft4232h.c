/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-ft4232h.h"

#include "emu-ftdi-descriptors.h"
#include "emu-ftdi-eeprom.h"

#include <errno.h>
#include <string.h>

/* bmRequestType and bRequest in one number. */
#define REQUEST(type, request) ((type) << 8 | (request))

/* USB 2.0, table 9-4 */
#define GET_STATUS_DEVICE REQUEST (0x80, 0x00)
#define GET_STATUS_INTERFACE REQUEST (0x81, 0x00)
#define GET_STATUS_ENDPOINT REQUEST (0x82, 0x00)
#define CLEAR_FEATURE_ENDPOINT REQUEST (0x02, 0x01)
#define SET_FEATURE_ENDPOINT REQUEST (0x02, 0x03)
#define SET_ADDRESS REQUEST (0x00, 0x05)
#define GET_DESCRIPTOR REQUEST (0x80, 0x06)
#define GET_CONFIGURATION REQUEST (0x80, 0x08)
#define SET_CONFIGURATION REQUEST (0x00, 0x09)
#define GET_INTERFACE REQUEST (0x81, 0x0a)
#define SET_INTERFACE REQUEST (0x01, 0x0b)
#define FEATURE_ENDPOINT_HALT 0

/* libftdi's SIO_*_REQUEST */
#define FTDI_RESET REQUEST (0x40, 0x00)
#define FTDI_SET_MODEM REQUEST (0x40, 0x01)
#define FTDI_SET_FLOW REQUEST (0x40, 0x02)
#define FTDI_SET_SPEED REQUEST (0x40, 0x03)
#define FTDI_SET_FORMAT REQUEST (0x40, 0x04)
#define FTDI_POLL_MODEM REQUEST (0xc0, 0x05)
#define FTDI_SET_EVENT_CHAR REQUEST (0x40, 0x06)
#define FTDI_SET_ERROR_CHAR REQUEST (0x40, 0x07)
#define FTDI_SET_LATENCY REQUEST (0x40, 0x09)
#define FTDI_GET_LATENCY REQUEST (0xc0, 0x0a)
#define FTDI_SET_MODE REQUEST (0x40, 0x0b)
#define FTDI_READ_PINS REQUEST (0xc0, 0x0c)
#define FTDI_READ_EEPROM REQUEST (0xc0, 0x90)
#define FTDI_WRITE_EEPROM REQUEST (0x40, 0x91)
#define FTDI_ERASE_EEPROM REQUEST (0x40, 0x92)

#define BOARD_MANUFACTURER "Microsoft"
#define BOARD_PRODUCT "MSFT MT3620 Std Interface"
#define BLANK_MANUFACTURER "FTDI"
#define BLANK_PRODUCT "Quad RS232-HS"

/* Port D's extra pins (board design files): recovery strap and reset; reset is on B too. */
#define PIN_RECOVERY EMU_FTDI_PIN_DSR
#define PIN_RESET EMU_FTDI_PIN_DCD

typedef struct
{
  guint16 value;
  guint16 index;
  guint16 length;
} Setup;

struct _EmuFt4232h
{
  char *serial; /* (owned) (nullable): NULL with a blank EEPROM */
  EmuFtdiEeprom eeprom;
  EmuFtdiPort *ports[EMU_FT4232H_PORTS]; /* (owned) */
  guint8 configuration;

  gboolean in_reset;
  gboolean recovery;
  EmuFt4232hResetFunc reset_func;
  gpointer reset_user_data;
};

static gboolean
pulls_low (EmuFtdiPort *port, guint8 pin)
{
  guint8 levels;
  guint8 driven = emu_ftdi_port_get_driven (port, &levels);

  return (driven & pin) != 0 && (levels & pin) == 0;
}

static gboolean
pushes_high (EmuFtdiPort *port, guint8 pin)
{
  guint8 levels;
  guint8 driven = emu_ftdi_port_get_driven (port, &levels);

  return (driven & levels & pin) != 0;
}

static void
pins_cb (gpointer user_data)
{
  EmuFt4232h *self = user_data;
  gboolean in_reset = pulls_low (self->ports[EMU_FT4232H_PORT_SWD], PIN_RESET) ||
                      pulls_low (self->ports[EMU_FT4232H_PORT_RECOVERY], PIN_RESET);
  gboolean recovery = pushes_high (self->ports[EMU_FT4232H_PORT_RECOVERY], PIN_RECOVERY);

  if (in_reset == self->in_reset && recovery == self->recovery)
    return;

  self->in_reset = in_reset;
  self->recovery = recovery;
  if (self->reset_func != NULL)
    self->reset_func (in_reset, recovery, self->reset_user_data);
}

/* ---- standard requests: FALSE is a stall ---- */

static EmuFtdiPort *
find_endpoint (EmuFt4232h *self, guint16 address, gboolean *out_is_in)
{
  guint number = address & 0x0f;
  gboolean is_in = (address & 0x80) != 0;

  if ((address & 0xff70) != 0 || number == 0 || number > 2 * EMU_FT4232H_PORTS ||
      is_in != (number % 2 == 1))
    return NULL;

  *out_is_in = is_in;
  return self->ports[(number - 1) / 2];
}

static gboolean
get_endpoint_status (EmuFt4232h *self, const Setup *setup, GByteArray *answer)
{
  gboolean is_in;
  EmuFtdiPort *port = find_endpoint (self, setup->index, &is_in);
  guint8 status[] = { 0, 0 };

  if (port == NULL && (setup->index & 0x7f) != 0)
    return FALSE;

  status[0] = port != NULL && emu_ftdi_port_get_halted (port, is_in);
  g_byte_array_append (answer, status, sizeof status);
  return TRUE;
}

static gboolean
set_endpoint_feature (EmuFt4232h *self, const Setup *setup, gboolean halted)
{
  gboolean is_in;
  EmuFtdiPort *port = find_endpoint (self, setup->index, &is_in);

  if (setup->value != FEATURE_ENDPOINT_HALT || (port == NULL && (setup->index & 0x7f) != 0))
    return FALSE;

  if (port != NULL)
    emu_ftdi_port_set_halted (port, is_in, halted);
  return TRUE;
}

static void
clear_halts (EmuFtdiPort *port)
{
  emu_ftdi_port_set_halted (port, TRUE, FALSE);
  emu_ftdi_port_set_halted (port, FALSE, FALSE);
}

static gboolean
set_configuration (EmuFt4232h *self, const Setup *setup)
{
  if (setup->value > 1)
    return FALSE;

  self->configuration = setup->value;
  for (guint i = 0; i < EMU_FT4232H_PORTS; i++)
    clear_halts (self->ports[i]);
  return TRUE;
}

static gboolean
set_interface (EmuFt4232h *self, const Setup *setup)
{
  if (setup->value != 0 || setup->index >= EMU_FT4232H_PORTS)
    return FALSE;

  clear_halts (self->ports[setup->index]);
  return TRUE;
}

static gboolean
get_descriptor (EmuFt4232h *self, const Setup *setup, GByteArray *answer)
{
  const EmuFtdiStrings board = { BOARD_MANUFACTURER, BOARD_PRODUCT, self->serial };
  const EmuFtdiStrings blank = { BLANK_MANUFACTURER, BLANK_PRODUCT, NULL };

  return emu_ftdi_descriptors_append (answer, self->serial != NULL ? &board : &blank,
                                      setup->value >> 8, setup->value & 0xff);
}

static gboolean
append_bytes (GByteArray *answer, guint8 first, guint8 second, guint n)
{
  const guint8 bytes[] = { first, second };

  g_byte_array_append (answer, bytes, n);
  return TRUE;
}

static gboolean
handle_standard (EmuFt4232h *self, guint request, const Setup *setup, GByteArray *answer)
{
  switch (request)
    {
    case GET_STATUS_DEVICE:
      return append_bytes (answer, 0, 0, 2); /* bus powered, no remote wake-up */
    case GET_STATUS_INTERFACE:
      return setup->index < EMU_FT4232H_PORTS && append_bytes (answer, 0, 0, 2);
    case GET_STATUS_ENDPOINT:
      return get_endpoint_status (self, setup, answer);
    case CLEAR_FEATURE_ENDPOINT:
      return set_endpoint_feature (self, setup, FALSE);
    case SET_FEATURE_ENDPOINT:
      return set_endpoint_feature (self, setup, TRUE);
    case SET_ADDRESS:
      return TRUE;
    case GET_DESCRIPTOR:
      return get_descriptor (self, setup, answer);
    case GET_CONFIGURATION:
      return append_bytes (answer, self->configuration, 0, 1);
    case SET_CONFIGURATION:
      return set_configuration (self, setup);
    case GET_INTERFACE:
      return setup->index < EMU_FT4232H_PORTS && append_bytes (answer, 0, 0, 1);
    case SET_INTERFACE:
      return set_interface (self, setup);
    default:
      return FALSE;
    }
}

/* ---- vendor requests ---- */

static gboolean
read_eeprom (EmuFt4232h *self, const Setup *setup, GByteArray *answer)
{
  guint16 word = self->eeprom.words[setup->index % EMU_FTDI_EEPROM_WORDS];

  return append_bytes (answer, word & 0xff, word >> 8, 2);
}

/* Takes effect on the descriptors at the next power-on only, and the memory of this adapter is
 * made anew then, so a write is seen by reads alone. */
static gboolean
write_eeprom (EmuFt4232h *self, const Setup *setup)
{
  self->eeprom.words[setup->index % EMU_FTDI_EEPROM_WORDS] = setup->value;
  return TRUE;
}

static gboolean
poll_modem (EmuFtdiPort *port, GByteArray *answer)
{
  guint8 status[EMU_FTDI_STATUS_BYTES];

  emu_ftdi_port_get_status (port, status);
  return append_bytes (answer, status[0], status[1], sizeof status);
}

static gboolean
handle_port (EmuFtdiPort *port, guint request, const Setup *setup, GByteArray *answer)
{
  switch (request)
    {
    case FTDI_RESET:
      return emu_ftdi_port_reset (port, setup->value);
    case FTDI_SET_MODEM:
      emu_ftdi_port_set_modem (port, setup->value);
      return TRUE;
    case FTDI_SET_FLOW:
      return emu_ftdi_port_set_flow (port, setup->index >> 8);
    case FTDI_SET_SPEED:
      emu_ftdi_port_set_speed (port, setup->value, setup->index);
      return TRUE;
    case FTDI_SET_FORMAT:
      return emu_ftdi_port_set_format (port, setup->value);
    case FTDI_POLL_MODEM:
      return poll_modem (port, answer);
    case FTDI_SET_EVENT_CHAR:
      emu_ftdi_port_set_event_char (port, setup->value);
      return TRUE;
    case FTDI_SET_ERROR_CHAR:
      emu_ftdi_port_set_error_char (port, setup->value);
      return TRUE;
    case FTDI_SET_LATENCY:
      return emu_ftdi_port_set_latency (port, setup->value);
    case FTDI_GET_LATENCY:
      return append_bytes (answer, emu_ftdi_port_get_latency (port), 0, 1);
    case FTDI_SET_MODE:
      return emu_ftdi_port_set_mode (port, setup->value);
    case FTDI_READ_PINS:
      return append_bytes (answer, emu_ftdi_port_get_pins (port), 0, 1);
    default:
      return FALSE;
    }
}

/* The port is the low byte of wIndex, 1 to 4; drivers of single-port chips send 0 for the first. */
static gboolean
handle_vendor (EmuFt4232h *self, guint request, const Setup *setup, GByteArray *answer)
{
  guint port = setup->index & 0xff;

  switch (request)
    {
    case FTDI_READ_EEPROM:
      return read_eeprom (self, setup, answer);
    case FTDI_WRITE_EEPROM:
      return write_eeprom (self, setup);
    case FTDI_ERASE_EEPROM:
      emu_ftdi_eeprom_erase (&self->eeprom);
      return TRUE;
    default:
      break;
    }

  if (port > EMU_FT4232H_PORTS)
    return FALSE;
  port = port > 0 ? port - 1 : 0;
  return handle_port (self->ports[port], request, setup, answer);
}

static void
submit_control (EmuFt4232h *self, EmuUrb *urb)
{
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  const guint8 *bytes = urb->setup;
  guint request = REQUEST (bytes[0], bytes[1]);
  const Setup setup = {
    .value = bytes[2] | bytes[3] << 8,
    .index = bytes[4] | bytes[5] << 8,
    .length = bytes[6] | bytes[7] << 8,
  };
  gboolean is_vendor = (bytes[0] & 0x60) == 0x40;
  gboolean known = is_vendor ? handle_vendor (self, request, &setup, answer)
                             : handle_standard (self, request, &setup, answer);

  if (!known)
    {
      emu_urb_complete (urb, -EPIPE);
      return;
    }

  if (urb->is_in)
    {
      urb->actual_bytes = MIN (answer->len, MIN (urb->size_bytes, setup.length));
      memcpy (urb->data, answer->data != NULL ? answer->data : (guint8 *) "", urb->actual_bytes);
    }
  else
    urb->actual_bytes = urb->size_bytes;
  emu_urb_complete (urb, 0);
}

/**
 * emu_ft4232h_new:
 * @clock: the clock of the emulator, which must outlive the chip
 * @serial: (nullable): the serial string, at most %EMU_FT4232H_SERIAL_MAX_CHARS ASCII
 *   characters; %NULL for an adapter with a blank EEPROM, which no board maker has programmed
 *
 * Returns: (transfer full): a chip in its power-on state
 */
EmuFt4232h *
emu_ft4232h_new (EmuClock *clock, const char *serial)
{
  /* Inputs float high, but for the straps the board pulls down: DEBUG_RTS on A3, the debug
   * enable on B5, recovery on D5; C3 is the service UART's RTS, which lets the host send. */
  static const guint8 pin_levels[] = { 0xf7, 0xdf, 0xf7, 0xdf };
  EmuFt4232h *self = g_new0 (EmuFt4232h, 1);

  self->serial = g_strdup (serial);
  for (guint i = 0; i < EMU_FT4232H_PORTS; i++)
    {
      self->ports[i] = emu_ftdi_port_new (clock, pin_levels[i]);
      emu_ftdi_port_set_pins_func (self->ports[i], pins_cb, self);
    }
  emu_ft4232h_power_on_reset (self);
  return self;
}

/**
 * emu_ft4232h_free:
 * @self: (transfer full) (nullable): a chip
 */
void
emu_ft4232h_free (EmuFt4232h *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < EMU_FT4232H_PORTS; i++)
    emu_ftdi_port_free (self->ports[i]);
  g_free (self->serial);
  g_free (self);
}

/**
 * emu_ft4232h_power_on_reset:
 * @self: a chip with no transfers waiting
 *
 * Everything a host can set goes back to what it is after power-on, but the device stays
 * configured: a USB/IP server exports a device its own host has configured.
 */
void
emu_ft4232h_power_on_reset (EmuFt4232h *self)
{
  self->configuration = 1;
  for (guint i = 0; i < EMU_FT4232H_PORTS; i++)
    emu_ftdi_port_power_on_reset (self->ports[i]);
  emu_ftdi_eeprom_erase (&self->eeprom);
  if (self->serial != NULL &&
      !emu_ftdi_eeprom_program (&self->eeprom, BOARD_MANUFACTURER, BOARD_PRODUCT, self->serial))
    g_warning ("serial %s does not fit into the EEPROM", self->serial);
  pins_cb (self);
}

/**
 * emu_ft4232h_set_reset_func:
 * @self: a chip
 * @func: (nullable): whom to tell about the reset and recovery lines
 * @user_data: for @func
 */
void
emu_ft4232h_set_reset_func (EmuFt4232h *self, EmuFt4232hResetFunc func, gpointer user_data)
{
  self->reset_func = func;
  self->reset_user_data = user_data;
}

/**
 * emu_ft4232h_get_port:
 * @self: a chip
 * @index: 0 to 3
 *
 * Returns: (transfer none): port A to D
 */
EmuFtdiPort *
emu_ft4232h_get_port (EmuFt4232h *self, guint index)
{
  g_return_val_if_fail (index < EMU_FT4232H_PORTS, NULL);

  return self->ports[index];
}

static EmuFtdiPort *
find_port_of (EmuFt4232h *self, const EmuUrb *urb)
{
  gboolean is_in;

  return find_endpoint (self, urb->endpoint | (urb->is_in ? 0x80 : 0), &is_in);
}

/**
 * emu_ft4232h_submit:
 * @self: a chip
 * @urb: (transfer full): a transfer
 *
 * Takes a transfer. It completes when the chip has done it, perhaps before this returns, unless
 * it is withdrawn. A request or endpoint the chip does not have answers with a stall.
 */
void
emu_ft4232h_submit (EmuFt4232h *self, EmuUrb *urb)
{
  EmuFtdiPort *port;

  if (urb->endpoint == 0)
    {
      submit_control (self, urb);
      return;
    }

  port = find_port_of (self, urb);
  if (port == NULL || self->configuration == 0)
    emu_urb_complete (urb, -EPIPE);
  else
    emu_ftdi_port_submit (port, urb);
}

/**
 * emu_ft4232h_withdraw:
 * @self: a chip
 * @urb: (transfer none): a transfer that was submitted and has not completed
 *
 * The chip forgets the transfer; it is the caller's again.
 */
void
emu_ft4232h_withdraw (EmuFt4232h *self, EmuUrb *urb)
{
  EmuFtdiPort *port = find_port_of (self, urb);

  g_return_if_fail (port != NULL);

  emu_ftdi_port_withdraw (port, urb);
}
