/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-adapter.h"
#include "lks-ftdi.h"
#include "lks-usb-error.h"

#include <string.h>

#define PACKET_BYTES 8

/* Puts payload into packets with status bytes as the chip does. */
static GByteArray *
packetize (const char *payload, gsize packet_bytes)
{
  GByteArray *data = g_byte_array_new ();
  gsize left = strlen (payload);

  do
    {
      gsize chunk = MIN (left, packet_bytes - LKS_FTDI_STATUS_BYTES);

      g_byte_array_append (data, (const guint8 *) "\x11\x60", LKS_FTDI_STATUS_BYTES);
      g_byte_array_append (data, (const guint8 *) payload, (guint) chunk);
      payload += chunk;
      left -= chunk;
    }
  while (left > 0);

  return data;
}

static void
test_strip_sizes (void)
{
  const char *text = "abcdefghijklmnopqrstuvwxyz0123456789";

  for (gsize length = 0; length <= strlen (text); length++)
    {
      g_autofree char *payload = g_strndup (text, length);
      g_autoptr (GByteArray) data = packetize (payload, PACKET_BYTES);
      LksFtdiRun run = { 0 };
      gsize pos = 0;

      g_assert_true (lks_ftdi_next_run (data->data, data->len, PACKET_BYTES, &pos, &run));
      g_assert_cmpmem (run.data, run.size_bytes, payload, length);
      g_assert_false (run.overrun);
      g_assert_false (lks_ftdi_next_run (data->data, data->len, PACKET_BYTES, &pos, &run));
    }
}

static void
test_strip_full_speed_and_high_speed (void)
{
  const gsize packet_sizes[] = { 64, 512 };
  g_autofree char *payload = g_malloc (2001);

  for (gsize i = 0; i < 2000; i++)
    payload[i] = (char) ('a' + i % 26);
  payload[2000] = '\0';

  for (gsize i = 0; i < G_N_ELEMENTS (packet_sizes); i++)
    {
      g_autoptr (GByteArray) data = packetize (payload, packet_sizes[i]);
      LksFtdiRun run = { 0 };
      gsize pos = 0;

      g_assert_true (lks_ftdi_next_run (data->data, data->len, packet_sizes[i], &pos, &run));
      g_assert_cmpmem (run.data, run.size_bytes, payload, 2000);
    }
}

static void
test_strip_overrun (void)
{
  g_autoptr (GByteArray) data = packetize ("abcdefghijklmnop", PACKET_BYTES);
  LksFtdiRun run = { 0 };
  gsize pos = 0;

  data->data[PACKET_BYTES + 1] |= 0x02; /* the second packet: before "g" */

  g_assert_true (lks_ftdi_next_run (data->data, data->len, PACKET_BYTES, &pos, &run));
  g_assert_false (run.overrun);
  g_assert_cmpmem (run.data, run.size_bytes, "abcdef", 6);
  g_assert_true (lks_ftdi_next_run (data->data, data->len, PACKET_BYTES, &pos, &run));
  g_assert_true (run.overrun);
  g_assert_cmpmem (run.data, run.size_bytes, "ghijklmnop", 10);
  g_assert_false (lks_ftdi_next_run (data->data, data->len, PACKET_BYTES, &pos, &run));
}

static void
test_strip_short (void)
{
  guint8 lone_byte[] = { 0x11 };
  guint8 tail[PACKET_BYTES + 1] = { 0x11, 0x60, 1, 2, 3, 4, 5, 6, 0x11 };
  LksFtdiRun run = { 0 };
  gsize pos = 0;

  g_assert_false (lks_ftdi_next_run (lone_byte, 0, PACKET_BYTES, &pos, &run));
  g_assert_false (lks_ftdi_next_run (lone_byte, 1, PACKET_BYTES, &pos, &run));

  g_assert_true (lks_ftdi_next_run (tail, sizeof tail, PACKET_BYTES, &pos, &run));
  g_assert_cmpuint (run.size_bytes, ==, 6);
  g_assert_false (lks_ftdi_next_run (tail, sizeof tail, PACKET_BYTES, &pos, &run));
}

static void
test_baud (void)
{
  /* FTDI AN_120 and what ftdi_sio sends for port C. */
  static const struct
  {
    guint baud;
    guint16 value;
    guint16 index;
  } rows[] = {
    { 1200, 0x2710, 0x0203 },    { 9600, 0x04e2, 0x0203 },    { 38400, 0x4138, 0x0203 },
    { 57600, 0x00d0, 0x0303 },   { 115200, 0xc068, 0x0203 },  { 230400, 0xc034, 0x0203 },
    { 460800, 0x001a, 0x0203 },  { 921600, 0x000d, 0x0203 },  { 3000000, 0x0004, 0x0203 },
    { 6000000, 0x0002, 0x0203 }, { 8000000, 0x0001, 0x0203 }, { 12000000, 0x0000, 0x0203 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint16 value = 0xffff;
      guint16 index = 0xffff;

      lks_ftdi_build_baud (rows[i].baud, 3, &value, &index);
      g_assert_cmphex (value, ==, rows[i].value);
      g_assert_cmphex (index, ==, rows[i].index);
    }
}

static void
test_string_good (void)
{
  static const guint8 descriptor[] = { 10, 3, 'M', 0, 'S', 0, 'F', 0, 'T', 0 };
  static const guint8 umlaut[] = { 4, 3, 0xfc, 0 };
  static const guint8 hostile[] = { 8, 3, 0x1b, 0, 0x00, 0xd8, 'x', 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *text = lks_usb_strings_parse (descriptor, sizeof descriptor, &error);
  g_autofree char *german = lks_usb_strings_parse (umlaut, sizeof umlaut, &error);
  g_autofree char *cleaned = lks_usb_strings_parse (hostile, sizeof hostile, &error);
  g_autofree char *empty = lks_usb_strings_parse ((const guint8 *) "\x02\x03", 2, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "MSFT");
  g_assert_cmpstr (german, ==, "ü");
  g_assert_cmpstr (cleaned, ==, "\uFFFD\uFFFDx");
  g_assert_cmpstr (empty, ==, "");
}

static void
test_string_broken (void)
{
  static const struct
  {
    guint8 bytes[6];
    gsize size_bytes;
  } rows[] = {
    { { 0 }, 0 },                   /* nothing */
    { { 2 }, 1 },                   /* no type */
    { { 0, 3 }, 2 },                /* shorter than its header */
    { { 6, 3, 'a', 0 }, 4 },        /* longer than what came */
    { { 4, 2, 'a', 0 }, 4 },        /* another descriptor */
    { { 5, 3, 'a', 0, 'b', 0 }, 6 } /* half a character */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (lks_usb_strings_parse (rows[i].bytes, rows[i].size_bytes, &error));
      g_assert_error (error, LKS_USB_ERROR, LKS_USB_ERROR_IO);
    }
}

static void
test_classify (void)
{
  const char *const extra[] = { "Old board", NULL };
  const LksUsbStrings board = { .manufacturer = (char *) "Microsoft",
                                .product = (char *) "MSFT MT3620 Std Interface" };
  const LksUsbStrings old = { .product = (char *) "Old board" };
  const LksUsbStrings blank = { NULL };

  g_assert_cmpint (lks_adapter_classify (&board, NULL), ==, LKS_ADAPTER_BOARD);
  g_assert_cmpint (lks_adapter_classify (&board, extra), ==, LKS_ADAPTER_BOARD);
  g_assert_cmpint (lks_adapter_classify (&old, extra), ==, LKS_ADAPTER_BOARD);
  g_assert_cmpint (lks_adapter_classify (&old, NULL), ==, LKS_ADAPTER_NOT_PROGRAMMED);
  g_assert_cmpint (lks_adapter_classify (&blank, extra), ==, LKS_ADAPTER_NOT_PROGRAMMED);
}

static void
test_problem (void)
{
  const LksUsbStrings strings = { .manufacturer = (char *) "FTDI",
                                  .product = (char *) "Quad RS232-HS" };
  g_autoptr (GError) cause = g_error_new_literal (LKS_USB_ERROR, LKS_USB_ERROR_IO, "no answer");
  g_autofree char *fine = lks_adapter_dup_problem (LKS_ADAPTER_BOARD, &strings, "/dev/x", NULL);
  g_autofree char *foreign =
      lks_adapter_dup_problem (LKS_ADAPTER_NOT_PROGRAMMED, &strings, "/dev/x", NULL);
  g_autofree char *denied =
      lks_adapter_dup_problem (LKS_ADAPTER_NO_PERMISSION, &strings, "/dev/x", NULL);
  g_autofree char *mute =
      lks_adapter_dup_problem (LKS_ADAPTER_UNREADABLE, &strings, "/dev/x", cause);

  g_assert_null (fine);
  g_assert_nonnull (strstr (foreign, "“Quad RS232-HS” by “FTDI”"));
  g_assert_nonnull (strstr (denied, "/dev/x"));
  g_assert_nonnull (strstr (denied, "70-locksmith.rules /etc/udev/rules.d/"));
  g_assert_nonnull (strstr (mute, "no answer"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ftdi/strip/sizes", test_strip_sizes);
  g_test_add_func ("/ftdi/strip/packet-sizes", test_strip_full_speed_and_high_speed);
  g_test_add_func ("/ftdi/strip/overrun", test_strip_overrun);
  g_test_add_func ("/ftdi/strip/short", test_strip_short);
  g_test_add_func ("/ftdi/baud", test_baud);
  g_test_add_func ("/adapter/string/good", test_string_good);
  g_test_add_func ("/adapter/string/broken", test_string_broken);
  g_test_add_func ("/adapter/classify", test_classify);
  g_test_add_func ("/adapter/problem", test_problem);
  return g_test_run ();
}
