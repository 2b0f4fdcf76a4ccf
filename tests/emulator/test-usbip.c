/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-ft4232h.h"
#include "emu-ftdi-eeprom.h"
#include "emu-ftdi-speed.h"
#include "emu-usbip-server.h"
#include "emu-usbip.h"
#include "lks-cursor.h"
#include "lks-io-thread.h"
#include "usbip-client.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#define N_CHIPS 3

/* The emulated side runs on a thread of its own, the test is the host. */
typedef struct
{
  LksIoThread *thread;
  EmuClock *clock;
  EmuUsbipServer *server;
  EmuFt4232h *chips[N_CHIPS];
  char *address;
  guint index; /* argument of calls over there */
  gboolean plugged;
  int resets;
  gboolean in_reset;
  gboolean recovery;
  GByteArray *from_host; /* what left port C, when echoing */
  gboolean stuck;        /* the wire takes nothing */
} Fixture;

static void
reset_cb (gboolean in_reset, gboolean recovery, gpointer user_data)
{
  Fixture *f = user_data;

  if (in_reset && !f->in_reset)
    f->resets++;
  f->in_reset = in_reset;
  f->recovery = recovery;
}

static void
start (gpointer user_data)
{
  Fixture *f = user_data;
  GMainContext *context = lks_io_thread_get_context (f->thread);
  g_autoptr (GError) error = NULL;

  f->clock = emu_clock_new (context, &error);
  g_assert_no_error (error);
  f->server = emu_usbip_server_new (context, "127.0.0.1:0", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < N_CHIPS; i++)
    {
      f->chips[i] = emu_ft4232h_new (f->clock, i < 2 ? "AS000001" : NULL);
      g_assert_cmpuint (emu_usbip_server_add (f->server, f->chips[i], TRUE), ==, i);
    }
  emu_ft4232h_set_reset_func (f->chips[0], reset_cb, f);
  f->address = g_strdup (emu_usbip_server_get_address (f->server));
}

static void
stop (gpointer user_data)
{
  Fixture *f = user_data;

  emu_usbip_server_free (f->server);
  for (guint i = 0; i < N_CHIPS; i++)
    emu_ft4232h_free (f->chips[i]);
  emu_clock_free (f->clock);
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->thread = lks_io_thread_new ();
  f->from_host = g_byte_array_new ();
  lks_io_thread_call (f->thread, start, f);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  lks_io_thread_call (f->thread, stop, f);
  g_assert_finalize_object (f->thread);
  g_byte_array_unref (f->from_host);
  g_free (f->address);
}

static void
plug (gpointer user_data)
{
  Fixture *f = user_data;

  emu_usbip_server_set_plugged (f->server, f->index, f->plugged);
}

static void
set_plugged (Fixture *f, guint index, gboolean plugged)
{
  f->index = index;
  f->plugged = plugged;
  lks_io_thread_call (f->thread, plug, f);
}

/* ---- the list, imports, hot plug ---- */

static void
test_list (Fixture *f, gconstpointer unused)
{
  g_auto (GStrv) all = usbip_client_list (f->address);
  g_auto (GStrv) some = NULL;

  g_assert_cmpstrv (all, ((const char *const[]){ "1-1", "1-2", "1-3", NULL }));
  set_plugged (f, 1, FALSE);
  some = usbip_client_list (f->address);
  g_assert_cmpstrv (some, ((const char *const[]){ "1-1", "1-3", NULL }));
}

static void
test_import_once (Fixture *f, gconstpointer unused)
{
  UsbipClient first;
  UsbipClient second;

  usbip_client_connect (&first, f->address);
  g_assert_cmpuint (usbip_client_import (&first, "1-1"), ==, EMU_USBIP_STATUS_OK);
  usbip_client_connect (&second, f->address);
  g_assert_cmpuint (usbip_client_import (&second, "1-1"), ==, EMU_USBIP_STATUS_BUSY);
  g_assert_true (usbip_client_is_closed (&second));
  usbip_client_close (&second);

  usbip_client_connect (&second, f->address);
  g_assert_cmpuint (usbip_client_import (&second, "9-9"), ==, EMU_USBIP_STATUS_NO_DEVICE);
  g_assert_true (usbip_client_is_closed (&second));
  usbip_client_close (&second);
  usbip_client_close (&first);
}

static void
test_unplug (Fixture *f, gconstpointer unused)
{
  UsbipClient client;
  guint8 status[64];

  usbip_client_connect (&client, f->address);
  g_assert_cmpuint (usbip_client_import (&client, "1-2"), ==, EMU_USBIP_STATUS_OK);
  usbip_client_submit (&client, 5, NULL, "abc", 3);
  usbip_client_submit (&client, 1, NULL, NULL, 4096);
  set_plugged (f, 1, FALSE);
  while (recv (client.fd, status, sizeof status, 0) > 0)
    ;
  usbip_client_close (&client);

  usbip_client_connect (&client, f->address);
  g_assert_cmpuint (usbip_client_import (&client, "1-2"), ==, EMU_USBIP_STATUS_NO_DEVICE);
  usbip_client_close (&client);

  set_plugged (f, 1, TRUE);
  usbip_client_connect (&client, f->address);
  g_assert_cmpuint (usbip_client_import (&client, "1-2"), ==, EMU_USBIP_STATUS_OK);
  usbip_client_close (&client);
}

static void
test_import_resets (Fixture *f, gconstpointer unused)
{
  UsbipClient client;
  guint8 latency;

  usbip_client_connect (&client, f->address);
  g_assert_cmpuint (usbip_client_import (&client, "1-1"), ==, EMU_USBIP_STATUS_OK);
  g_assert_cmpint (usbip_client_control (&client, 0x40, 9, 7, 3, NULL, 0), ==, 0);
  g_assert_cmpint (usbip_client_control (&client, 0xc0, 10, 0, 3, &latency, 1), ==, 1);
  g_assert_cmpuint (latency, ==, 7);
  usbip_client_close (&client);

  /* The server notices the end of the connection in its own time. */
  for (gboolean again = TRUE; again;)
    {
      usbip_client_connect (&client, f->address);
      again = usbip_client_import (&client, "1-1") == EMU_USBIP_STATUS_BUSY;
      if (again)
        usbip_client_close (&client);
    }
  g_assert_cmpint (usbip_client_control (&client, 0xc0, 10, 0, 3, &latency, 1), ==, 1);
  g_assert_cmpuint (latency, ==, 16);
  usbip_client_close (&client);
}

static void
test_garbage (Fixture *f, gconstpointer unused)
{
  static const guint8 isochronous[48] = { 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 2, 0, 0, 0, 1, 0, 0,
                                          0, 1, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1 };
  UsbipClient client;

  usbip_client_connect (&client, f->address);
  usbip_client_send (&client, "GET / HTTP/1.1\r\n\r\n", 18);
  g_assert_true (usbip_client_is_closed (&client));
  usbip_client_close (&client);

  usbip_client_connect (&client, f->address);
  g_assert_cmpuint (usbip_client_import (&client, "1-1"), ==, EMU_USBIP_STATUS_OK);
  usbip_client_send (&client, isochronous, sizeof isochronous);
  g_assert_true (usbip_client_is_closed (&client));
  usbip_client_close (&client);
}

/* ---- unlink ---- */

static void
test_unlink (Fixture *f, gconstpointer unused)
{
  UsbipClient client;
  UsbipReply reply;
  guint32 victim;
  guint32 unlink;

  usbip_client_connect (&client, f->address);
  g_assert_cmpuint (usbip_client_import (&client, "1-1"), ==, EMU_USBIP_STATUS_OK);

  /* Nothing is cabled to hold an OUT transfer, so hold one by flow control: no CTS on D. */
  g_assert_cmpint (usbip_client_control (&client, 0x40, 2, 0, 0x0104, NULL, 0), ==, 0);
  victim = usbip_client_submit (&client, 8, NULL, "held", 4);
  unlink = usbip_client_unlink (&client, victim);
  usbip_client_receive (&client, &reply, NULL, 0);
  g_assert_cmpuint (reply.command, ==, 4);
  g_assert_cmpuint (reply.seqnum, ==, unlink);
  g_assert_cmpint (reply.status, ==, -ECONNRESET);

  /* Its answer is on the way already. */
  victim = client.seqnum;
  g_assert_cmpint (usbip_client_control (&client, 0x40, 9, 1, 1, NULL, 0), ==, 0);
  unlink = usbip_client_unlink (&client, victim);
  usbip_client_receive (&client, &reply, NULL, 0);
  g_assert_cmpuint (reply.command, ==, 4);
  g_assert_cmpuint (reply.seqnum, ==, unlink);
  g_assert_cmpint (reply.status, ==, 0);
  usbip_client_close (&client);
}

/* As vhci_hcd does it: the unlink overtakes its submit. */
static void
test_unlink_first (Fixture *f, gconstpointer unused)
{
  UsbipClient client;
  UsbipReply reply;
  guint32 unlink;
  guint32 victim;

  usbip_client_connect (&client, f->address);
  g_assert_cmpuint (usbip_client_import (&client, "1-1"), ==, EMU_USBIP_STATUS_OK);
  victim = client.seqnum + 1;
  unlink = usbip_client_unlink (&client, victim);
  client.seqnum = victim + 1;

  /* No answer until the submit is there: another command is answered first. */
  usbip_client_submit_as (&client, 1000000, 0, (const guint8[]){ 0xc0, 10, 0, 0, 3, 0, 1, 0 }, NULL,
                          1);
  usbip_client_receive (&client, &reply, (guint8[1]){ 0 }, 1);
  g_assert_cmpuint (reply.seqnum, ==, 1000000);

  usbip_client_submit_as (&client, victim, 1, NULL, NULL, 4096);
  usbip_client_receive (&client, &reply, NULL, 0);
  g_assert_cmpuint (reply.command, ==, 4);
  g_assert_cmpuint (reply.seqnum, ==, unlink);
  g_assert_cmpint (reply.status, ==, -ECONNRESET);

  /* And no answer to the submit itself. */
  usbip_client_submit_as (&client, 1000001, 0, (const guint8[]){ 0xc0, 10, 0, 0, 3, 0, 1, 0 }, NULL,
                          1);
  usbip_client_receive (&client, &reply, (guint8[1]){ 0 }, 1);
  g_assert_cmpuint (reply.seqnum, ==, 1000001);
  usbip_client_close (&client);
}

/* ---- the chip ---- */

static void
assert_string (UsbipClient *client, guint8 index, const char *expected)
{
  guint8 bytes[255];
  int n = usbip_client_control (client, 0x80, 6, 0x0300 | index, 0x0409, bytes, sizeof bytes);

  g_assert_cmpint (n, ==, 2 + 2 * strlen (expected));
  g_assert_cmpuint (bytes[0], ==, n);
  g_assert_cmpuint (bytes[1], ==, 3);
  for (gsize i = 0; expected[i] != '\0'; i++)
    {
      g_assert_cmpint (bytes[2 + 2 * i], ==, expected[i]);
      g_assert_cmpint (bytes[3 + 2 * i], ==, 0);
    }
}

static void
test_descriptors (Fixture *f, gconstpointer unused)
{
  static const guint8 device[] = { 18,   1,    0x00, 0x02, 0,    0, 0, 64, 0x03,
                                   0x04, 0x11, 0x60, 0x00, 0x08, 1, 2, 3,  1 };
  UsbipClient client;
  guint8 bytes[255];

  usbip_client_connect (&client, f->address);
  g_assert_cmpuint (usbip_client_import (&client, "1-1"), ==, EMU_USBIP_STATUS_OK);
  g_assert_cmpint (usbip_client_control (&client, 0x80, 6, 0x0100, 0, bytes, 255), ==, 18);
  g_assert_cmpmem (bytes, 18, device, sizeof device);
  g_assert_cmpint (usbip_client_control (&client, 0x80, 6, 0x0100, 0, bytes, 8), ==, 8);

  g_assert_cmpint (usbip_client_control (&client, 0x80, 6, 0x0200, 0, bytes, 255), ==, 101);
  g_assert_cmpmem (bytes, 9, "\x09\x02\x65\x00\x04\x01\x00\x80\xfa", 9);
  g_assert_cmpmem (bytes + 9 + 2 * 23, 23,
                   "\x09\x04\x02\x00\x02\xff\xff\xff\x02"
                   "\x07\x05\x85\x02\x00\x02\x00"
                   "\x07\x05\x06\x02\x00\x02\x00",
                   23);
  g_assert_cmpint (usbip_client_control (&client, 0x80, 6, 0x0600, 0, bytes, 255), ==, 10);
  g_assert_cmpint (usbip_client_control (&client, 0x80, 6, 0x0700, 0, bytes, 255), ==, 101);
  g_assert_cmpuint (bytes[9 + 9 + 4], ==, 64);
  g_assert_cmpint (usbip_client_control (&client, 0x80, 6, 0x0f00, 0, bytes, 255), ==, -EPIPE);
  g_assert_cmpint (usbip_client_control (&client, 0x80, 6, 0x0201, 0, bytes, 255), ==, -EPIPE);

  g_assert_cmpint (usbip_client_control (&client, 0x80, 6, 0x0300, 0, bytes, 255), ==, 4);
  g_assert_cmpmem (bytes, 4, "\x04\x03\x09\x04", 4);
  assert_string (&client, 1, "Microsoft");
  assert_string (&client, 2, "MSFT MT3620 Std Interface");
  assert_string (&client, 3, "AS000001");
  g_assert_cmpint (usbip_client_control (&client, 0x80, 6, 0x0304, 0, bytes, 255), ==, -EPIPE);
  usbip_client_close (&client);
}

static void
test_unprogrammed (Fixture *f, gconstpointer unused)
{
  UsbipClient client;
  guint8 bytes[255];

  usbip_client_connect (&client, f->address);
  g_assert_cmpuint (usbip_client_import (&client, "1-3"), ==, EMU_USBIP_STATUS_OK);
  g_assert_cmpint (usbip_client_control (&client, 0x80, 6, 0x0100, 0, bytes, 255), ==, 18);
  g_assert_cmpuint (bytes[16], ==, 0);
  assert_string (&client, 1, "FTDI");
  assert_string (&client, 2, "Quad RS232-HS");
  g_assert_cmpint (usbip_client_control (&client, 0x80, 6, 0x0303, 0, bytes, 255), ==, -EPIPE);
  g_assert_cmpint (usbip_client_control (&client, 0xc0, 0x90, 0, 5, bytes, 2), ==, 2);
  g_assert_cmpmem (bytes, 2, "\xff\xff", 2);
  usbip_client_close (&client);
}

static void
test_standard_requests (Fixture *f, gconstpointer unused)
{
  UsbipClient client;
  guint8 bytes[8];

  usbip_client_connect (&client, f->address);
  g_assert_cmpuint (usbip_client_import (&client, "1-1"), ==, EMU_USBIP_STATUS_OK);
  g_assert_cmpint (usbip_client_control (&client, 0x80, 0, 0, 0, bytes, 2), ==, 2);
  g_assert_cmpmem (bytes, 2, "\0\0", 2);
  g_assert_cmpint (usbip_client_control (&client, 0x80, 8, 0, 0, bytes, 1), ==, 1);
  g_assert_cmpuint (bytes[0], ==, 1);
  g_assert_cmpint (usbip_client_control (&client, 0x00, 9, 2, 0, NULL, 0), ==, -EPIPE);
  g_assert_cmpint (usbip_client_control (&client, 0x01, 11, 0, 3, NULL, 0), ==, 0);
  g_assert_cmpint (usbip_client_control (&client, 0x01, 11, 1, 0, NULL, 0), ==, -EPIPE);
  g_assert_cmpint (usbip_client_control (&client, 0x01, 11, 0, 4, NULL, 0), ==, -EPIPE);
  g_assert_cmpint (usbip_client_control (&client, 0x81, 10, 0, 2, bytes, 1), ==, 1);
  g_assert_cmpint (usbip_client_control (&client, 0x40, 0x77, 0, 1, NULL, 0), ==, -EPIPE);

  /* Halt of an endpoint: set, read, felt, cleared. */
  g_assert_cmpint (usbip_client_control (&client, 0x02, 3, 0, 0x02, NULL, 0), ==, 0);
  g_assert_cmpint (usbip_client_control (&client, 0x82, 0, 0, 0x02, bytes, 2), ==, 2);
  g_assert_cmpuint (bytes[0], ==, 1);
  g_assert_cmpint (usbip_client_bulk_out (&client, 2, "x", 1), ==, -EPIPE);
  g_assert_cmpint (usbip_client_control (&client, 0x02, 1, 0, 0x02, NULL, 0), ==, 0);
  g_assert_cmpint (usbip_client_bulk_out (&client, 2, "x", 1), ==, 1);
  g_assert_cmpint (usbip_client_control (&client, 0x02, 3, 0, 0x0a, NULL, 0), ==, -EPIPE);

  /* An endpoint the chip does not have; one without a configuration. */
  g_assert_cmpint (usbip_client_bulk_out (&client, 9, "x", 1), ==, -EPIPE);
  g_assert_cmpint (usbip_client_bulk_out (&client, 1, "x", 1), ==, -EPIPE);
  g_assert_cmpint (usbip_client_control (&client, 0x00, 9, 0, 0, NULL, 0), ==, 0);
  g_assert_cmpint (usbip_client_bulk_out (&client, 2, "x", 1), ==, -EPIPE);
  usbip_client_close (&client);
}

static void
test_eeprom (Fixture *f, gconstpointer unused)
{
  UsbipClient client;
  guint16 words[128];
  guint16 sum = 0xaaaa;
  const guint8 *bytes = (const guint8 *) words;

  usbip_client_connect (&client, f->address);
  g_assert_cmpuint (usbip_client_import (&client, "1-1"), ==, EMU_USBIP_STATUS_OK);
  for (guint i = 0; i < 128; i++)
    {
      guint8 word[2];

      g_assert_cmpint (usbip_client_control (&client, 0xc0, 0x90, 0, i, word, 2), ==, 2);
      words[i] = word[0] | word[1] << 8;
    }
  for (guint i = 0; i < 127; i++)
    {
      sum ^= words[i];
      sum = (guint16) (sum << 1 | sum >> 15);
    }
  g_assert_cmphex (words[127], ==, sum);
  g_assert_cmphex (words[1], ==, 0x0403);
  g_assert_cmphex (words[2], ==, 0x6011);
  g_assert_cmphex (words[3], ==, 0x0800);
  g_assert_cmpuint (bytes[0x12], ==, 0x9a + 20 + 52);
  g_assert_cmpmem (bytes + bytes[0x12], bytes[0x13],
                   "\x12\x03"
                   "A\0S\0"
                   "0\0"
                   "0\0"
                   "0\0"
                   "0\0"
                   "0\0"
                   "1\0",
                   18);
  usbip_client_close (&client);
}

static void
test_speeds (void)
{
  static const struct
  {
    guint16 value;
    guint16 index;
    guint baud;
  } speeds[] = {
    { 0x2710, 0x0003, 300 },     { 0x2710, 0x0203, 1200 },     { 0x04e2, 0x0203, 9600 },
    { 0x0271, 0x0203, 19200 },   { 0x4138, 0x0203, 38400 },    { 0x00d0, 0x0303, 57588 },
    { 0xc068, 0x0203, 115246 },  { 0xc034, 0x0203, 230215 },   { 0x001a, 0x0203, 461538 },
    { 0x000d, 0x0203, 923076 },  { 0x000c, 0x0203, 1000000 },  { 0x0004, 0x0203, 3000000 },
    { 0x0001, 0x0203, 8000000 }, { 0x0000, 0x0203, 12000000 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (speeds); i++)
    g_assert_cmpuint (emu_ftdi_speed_decode (speeds[i].value, speeds[i].index), ==, speeds[i].baud);
}

/* ---- status bytes, packets ---- */

static void
test_idle_status (Fixture *f, gconstpointer unused)
{
  UsbipClient client;
  guint8 bytes[512];

  usbip_client_connect (&client, f->address);
  g_assert_cmpuint (usbip_client_import (&client, "1-1"), ==, EMU_USBIP_STATUS_OK);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpint (usbip_client_bulk_in (&client, 1 + 2 * i, bytes, sizeof bytes), ==, 2);
      g_assert_cmphex (bytes[0] & 0x0f, ==, 0x01);
      g_assert_cmphex (bytes[1], ==, 0x60);
    }
  /* Port C: the board lets the host send. */
  g_assert_cmpint (usbip_client_control (&client, 0xc0, 5, 0, 3, bytes, 2), ==, 2);
  g_assert_cmphex (bytes[0] & 0x10, ==, 0x10);
  /* Port D: the reset line is high, the strap low. */
  g_assert_cmpint (usbip_client_control (&client, 0xc0, 12, 0, 4, bytes, 1), ==, 1);
  g_assert_cmphex (bytes[0] & 0x60, ==, 0x40);
  usbip_client_close (&client);
}

static void
echo_tx_ready_cb (gpointer user_data)
{
  Fixture *f = user_data;
  EmuFtdiPort *port = emu_ft4232h_get_port (f->chips[0], EMU_FT4232H_PORT_SERVICE);
  guint8 bytes[100];
  gsize n;

  while (!f->stuck && (n = emu_ftdi_port_take_tx (port, bytes, sizeof bytes)) > 0)
    g_byte_array_append (f->from_host, bytes, n);
}

static void
wire_up (gpointer user_data)
{
  static const EmuFtdiPortFuncs funcs = { .tx_ready = echo_tx_ready_cb };
  Fixture *f = user_data;

  emu_ftdi_port_wire (emu_ft4232h_get_port (f->chips[0], EMU_FT4232H_PORT_SERVICE), &funcs, f);
}

static void
give_bytes (gpointer user_data)
{
  Fixture *f = user_data;
  EmuFtdiPort *port = emu_ft4232h_get_port (f->chips[0], EMU_FT4232H_PORT_SERVICE);
  gsize n = emu_ftdi_port_give_rx (port, f->from_host->data, f->from_host->len);

  g_byte_array_remove_range (f->from_host, 0, n);
}

static void
test_packets (Fixture *f, gconstpointer unused)
{
  UsbipClient client;
  UsbipReply reply;
  guint8 bytes[4096];
  guint32 seqnum;

  lks_io_thread_call (f->thread, wire_up, f);
  usbip_client_connect (&client, f->address);
  g_assert_cmpuint (usbip_client_import (&client, "1-1"), ==, EMU_USBIP_STATUS_OK);
  g_assert_cmpint (usbip_client_control (&client, 0x40, 2, 0, 0x0103, NULL, 0), ==, 0);

  /* 1200 bytes: two full packets and a short one, each with its status. */
  for (guint i = 0; i < 1200; i++)
    g_byte_array_append (f->from_host, (const guint8[]){ i % 251 }, 1);
  lks_io_thread_call (f->thread, give_bytes, f);
  g_assert_cmpuint (f->from_host->len, ==, 0);
  g_assert_cmpint (usbip_client_bulk_in (&client, 5, bytes, sizeof bytes), ==, 1200 + 3 * 2);
  for (guint i = 0; i < 1200; i++)
    g_assert_cmpuint (bytes[i / 510 * 512 + 2 + i % 510], ==, i % 251);
  g_assert_cmphex (bytes[512], ==, 0x11);

  /* A transfer that full packets fill does not wait for a short one. */
  g_byte_array_set_size (f->from_host, 1020);
  lks_io_thread_call (f->thread, give_bytes, f);
  g_assert_cmpint (usbip_client_bulk_in (&client, 5, bytes, 1024), ==, 1024);

  /* The event character sends at once; without it this latency would be the wait. */
  g_assert_cmpint (usbip_client_control (&client, 0x40, 9, 255, 3, NULL, 0), ==, 0);
  g_assert_cmpint (usbip_client_bulk_in (&client, 5, bytes, sizeof bytes), ==, 2);
  g_assert_cmpint (usbip_client_control (&client, 0x40, 6, 0x01c0, 3, NULL, 0), ==, 0);
  seqnum = usbip_client_submit (&client, 5, NULL, NULL, sizeof bytes);
  g_byte_array_append (f->from_host, (const guint8 *) "ab\xc0", 3);
  lks_io_thread_call (f->thread, give_bytes, f);
  usbip_client_receive (&client, &reply, bytes, sizeof bytes);
  g_assert_cmpuint (reply.seqnum, ==, seqnum);
  g_assert_cmpuint (reply.actual_bytes, ==, 5);
  g_assert_cmpmem (bytes + 2, 3, "ab\xc0", 3);

  /* More than the host has room for is babble. */
  g_byte_array_set_size (f->from_host, 100);
  lks_io_thread_call (f->thread, give_bytes, f);
  g_assert_cmpint (usbip_client_bulk_in (&client, 5, bytes, 64), ==, -EOVERFLOW);
  usbip_client_close (&client);
}

static void
test_flow_control (Fixture *f, gconstpointer unused)
{
  UsbipClient client;
  guint8 bytes[8192];

  lks_io_thread_call (f->thread, wire_up, f);
  usbip_client_connect (&client, f->address);
  g_assert_cmpuint (usbip_client_import (&client, "1-1"), ==, EMU_USBIP_STATUS_OK);

  /* RTS/CTS: what does not fit stays on the board's side. */
  g_assert_cmpint (usbip_client_control (&client, 0x40, 2, 0, 0x0103, NULL, 0), ==, 0);
  g_byte_array_set_size (f->from_host, 3000);
  lks_io_thread_call (f->thread, give_bytes, f);
  g_assert_cmpuint (f->from_host->len, ==, 3000 - 2048);
  g_assert_cmpint (usbip_client_bulk_in (&client, 5, bytes, sizeof bytes), ==, 2048 + 5 * 2);
  g_assert_cmphex (bytes[1] & 0x02, ==, 0);
  lks_io_thread_call (f->thread, give_bytes, f);
  g_assert_cmpuint (f->from_host->len, ==, 0);

  /* Without it the rest is lost, and the next packet says so. */
  g_assert_cmpint (usbip_client_control (&client, 0x40, 0, 0, 3, NULL, 0), ==, 0);
  g_byte_array_set_size (f->from_host, 3000);
  lks_io_thread_call (f->thread, give_bytes, f);
  g_assert_cmpuint (f->from_host->len, ==, 0);
  g_assert_cmpint (usbip_client_bulk_in (&client, 5, bytes, sizeof bytes), ==, 2048 + 5 * 2);
  g_assert_cmphex (bytes[1] & 0x02, ==, 0x02);
  g_assert_cmphex (bytes[513] & 0x02, ==, 0);
  usbip_client_close (&client);
}

static void
unstick (gpointer user_data)
{
  Fixture *f = user_data;

  f->stuck = FALSE;
  echo_tx_ready_cb (f);
}

static void
test_transmit (Fixture *f, gconstpointer unused)
{
  UsbipClient client;
  UsbipReply reply;
  guint8 bytes[5000];
  guint32 seqnum;
  guint8 status[2];

  for (gsize i = 0; i < sizeof bytes; i++)
    bytes[i] = i % 253;
  lks_io_thread_call (f->thread, wire_up, f);
  f->stuck = TRUE;
  usbip_client_connect (&client, f->address);
  g_assert_cmpuint (usbip_client_import (&client, "1-1"), ==, EMU_USBIP_STATUS_OK);

  /* The buffer takes 2048 bytes, the transfer waits with the rest until the wire moves. */
  seqnum = usbip_client_submit (&client, 6, NULL, bytes, sizeof bytes);
  g_assert_cmpint (usbip_client_control (&client, 0xc0, 5, 0, 3, status, 2), ==, 2);
  g_assert_cmphex (status[1], ==, 0);
  lks_io_thread_call (f->thread, unstick, f);
  usbip_client_receive (&client, &reply, NULL, 0);
  g_assert_cmpuint (reply.seqnum, ==, seqnum);
  g_assert_cmpint (reply.status, ==, 0);
  g_assert_cmpuint (reply.actual_bytes, ==, sizeof bytes);
  /* The last bytes leave the buffer after the transfer has ended. */
  do
    g_assert_cmpint (usbip_client_control (&client, 0xc0, 5, 0, 3, status, 2), ==, 2);
  while (status[1] != 0x60);
  g_assert_cmpmem (f->from_host->data, f->from_host->len, bytes, sizeof bytes);
  usbip_client_close (&client);
}

static void
drop_cts (gpointer user_data)
{
  Fixture *f = user_data;

  emu_ftdi_port_set_pin_level (emu_ft4232h_get_port (f->chips[0], EMU_FT4232H_PORT_SERVICE),
                               EMU_FTDI_PIN_CTS, TRUE);
}

/* A change of a modem line is told at once, and stops a transmitter that obeys it. */
static void
test_modem_lines (Fixture *f, gconstpointer unused)
{
  UsbipClient client;
  UsbipReply reply;
  guint8 bytes[512];
  guint32 seqnum;

  lks_io_thread_call (f->thread, wire_up, f);
  usbip_client_connect (&client, f->address);
  g_assert_cmpuint (usbip_client_import (&client, "1-1"), ==, EMU_USBIP_STATUS_OK);
  g_assert_cmpint (usbip_client_control (&client, 0x40, 2, 0, 0x0103, NULL, 0), ==, 0);
  g_assert_cmpint (usbip_client_control (&client, 0x40, 9, 255, 3, NULL, 0), ==, 0);
  g_assert_cmpint (usbip_client_bulk_in (&client, 5, bytes, sizeof bytes), ==, 2);
  g_assert_cmphex (bytes[0] & 0x10, ==, 0x10);

  seqnum = usbip_client_submit (&client, 5, NULL, NULL, sizeof bytes);
  lks_io_thread_call (f->thread, drop_cts, f);
  usbip_client_receive (&client, &reply, bytes, sizeof bytes);
  g_assert_cmpuint (reply.seqnum, ==, seqnum);
  g_assert_cmphex (bytes[0] & 0x10, ==, 0);

  g_assert_cmpint (usbip_client_bulk_out (&client, 6, "stay", 4), ==, 4); /* into the buffer */
  g_assert_cmpint (usbip_client_control (&client, 0xc0, 5, 0, 3, bytes, 2), ==, 2);
  g_assert_cmphex (bytes[1] & 0x60, ==, 0);
  g_assert_cmpuint (f->from_host->len, ==, 0);
  usbip_client_close (&client);
}

/* ---- reset by bit-bang ---- */

static void
test_reset_line (Fixture *f, gconstpointer unused)
{
  UsbipClient client;
  guint8 pins;

  usbip_client_connect (&client, f->address);
  g_assert_cmpuint (usbip_client_import (&client, "1-1"), ==, EMU_USBIP_STATUS_OK);
  g_assert_cmpint (usbip_client_control (&client, 0x40, 11, 0x0140, 4, NULL, 0), ==, 0);
  g_assert_cmpint (f->resets, ==, 0);
  g_assert_cmpint (usbip_client_bulk_out (&client, 8, "\x00", 1), ==, 1);
  g_assert_cmpint (f->resets, ==, 1);
  g_assert_true (f->in_reset);
  g_assert_cmpint (usbip_client_control (&client, 0xc0, 12, 0, 4, &pins, 1), ==, 1);
  g_assert_cmphex (pins & 0x40, ==, 0);
  g_assert_cmpint (usbip_client_bulk_out (&client, 8, "\x40", 1), ==, 1);
  g_assert_false (f->in_reset);
  g_assert_false (f->recovery);
  g_assert_cmpint (usbip_client_control (&client, 0x40, 11, 0x0000, 4, NULL, 0), ==, 0);

  /* Port B reaches the same line; leaving the mode lets it go. */
  g_assert_cmpint (usbip_client_control (&client, 0x40, 11, 0x0140, 2, NULL, 0), ==, 0);
  g_assert_cmpint (usbip_client_bulk_out (&client, 4, "\x00", 1), ==, 1);
  g_assert_cmpint (f->resets, ==, 2);
  g_assert_cmpint (usbip_client_control (&client, 0x40, 11, 0x0000, 2, NULL, 0), ==, 0);
  g_assert_false (f->in_reset);

  /* Into recovery mode. */
  g_assert_cmpint (usbip_client_control (&client, 0x40, 11, 0x0160, 4, NULL, 0), ==, 0);
  g_assert_cmpint (usbip_client_bulk_out (&client, 8, "\x20", 1), ==, 1);
  g_assert_true (f->in_reset);
  g_assert_true (f->recovery);
  g_assert_cmpint (usbip_client_bulk_out (&client, 8, "\x60", 1), ==, 1);
  g_assert_false (f->in_reset);
  g_assert_true (f->recovery);
  usbip_client_close (&client);
}

/* ---- the parser alone ---- */

static void
test_parser (void)
{
  static const guint8 submit[] = { 0, 0, 0, 1, 0, 0, 0, 9, 0, 1, 0, 2, 0,   0,   0,   0,  0, 0,
                                   0, 6, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0,   0,   0,   0,  0, 0,
                                   0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'a', 'b', 'c', 'x' };
  guint8 broken[sizeof submit];
  g_autoptr (GError) error = NULL;
  EmuUsbipCommand command;
  gsize used;

  for (gsize n = 0; n < sizeof submit - 1; n++)
    {
      g_assert_true (emu_usbip_parse_command (submit, n, &command, &used, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (used, ==, 0);
    }
  g_assert_true (emu_usbip_parse_command (submit, sizeof submit, &command, &used, &error));
  g_assert_cmpuint (used, ==, 51);
  g_assert_cmpuint (command.seqnum, ==, 9);
  g_assert_cmpuint (command.endpoint, ==, 6);
  g_assert_false (command.is_in);
  g_assert_cmpmem (command.data, command.size_bytes, "abc", 3);

  /* Lengths beyond the limit, also such as would wrap around. */
  memcpy (broken, submit, sizeof submit);
  memset (broken + 24, 0xff, 4);
  g_assert_false (emu_usbip_parse_command (broken, sizeof broken, &command, &used, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/emulator/usbip/parser", test_parser);
  ADD ("/emulator/usbip/list", test_list);
  ADD ("/emulator/usbip/import-once", test_import_once);
  ADD ("/emulator/usbip/import-resets", test_import_resets);
  ADD ("/emulator/usbip/unplug", test_unplug);
  ADD ("/emulator/usbip/garbage", test_garbage);
  ADD ("/emulator/usbip/unlink", test_unlink);
  ADD ("/emulator/usbip/unlink-before-submit", test_unlink_first);
  g_test_add_func ("/emulator/chip/speeds", test_speeds);
  ADD ("/emulator/chip/descriptors", test_descriptors);
  ADD ("/emulator/chip/unprogrammed", test_unprogrammed);
  ADD ("/emulator/chip/standard-requests", test_standard_requests);
  ADD ("/emulator/chip/eeprom", test_eeprom);
  ADD ("/emulator/chip/idle-status", test_idle_status);
  ADD ("/emulator/chip/packets", test_packets);
  ADD ("/emulator/chip/flow-control", test_flow_control);
  ADD ("/emulator/chip/transmit", test_transmit);
  ADD ("/emulator/chip/modem-lines", test_modem_lines);
  ADD ("/emulator/chip/reset-line", test_reset_line);

  return g_test_run ();
}
