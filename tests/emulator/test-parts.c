/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of the line by themselves: pace, faults, packets, certificates. */
#include "emu-glitch.h"
#include "emu-ip.h"
#include "emu-pace.h"
#include "emu-stack.h"
#include "emu-tls.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- pace ---- */

static void
test_pace (void)
{
  EmuPace pace = { 0 };
  gsize carried = 0;
  gint64 now_us = 1000000;

  emu_pace_set_rate (&pace, 92160);
  g_assert_cmpuint (emu_pace_get_room (&pace, now_us), ==, 0);
  emu_pace_begin (&pace, now_us);
  g_assert_cmpuint (emu_pace_get_room (&pace, now_us), ==, 0);

  /* Ticks of any length: not a byte too many, not one too few. */
  while (now_us < 2000000)
    {
      gsize room;

      now_us += 700 + now_us % 1300;
      room = emu_pace_get_room (&pace, now_us);
      emu_pace_spend (&pace, room);
      carried += room;
    }
  g_assert_cmpuint (carried, ==, (now_us - 1000000) * 92160 / G_USEC_PER_SEC);

  /* Nothing is saved up while no byte waits. */
  emu_pace_end (&pace);
  now_us += G_USEC_PER_SEC;
  g_assert_cmpuint (emu_pace_get_room (&pace, now_us), ==, 0);
  emu_pace_begin (&pace, now_us);
  g_assert_cmpuint (emu_pace_get_room (&pace, now_us + 1000), ==, 92);

  emu_pace_set_rate (&pace, 0);
  g_assert_cmpuint (emu_pace_get_room (&pace, now_us), >, 10000);
}

/* ---- faults ---- */

static gsize
pass (EmuGlitches *glitches, gboolean to_host, gsize n, guint8 *out, EmuGlitchEvents *out_events)
{
  g_autofree guint8 *in = g_malloc (n);

  for (gsize i = 0; i < n; i++)
    in[i] = i % 256;
  return emu_glitches_pass (glitches, to_host, in, n, out, 5000000, out_events);
}

static guint
count_changes (const guint8 *bytes, gsize n)
{
  guint changes = 0;

  for (gsize i = 0; i < n; i++)
    changes += bytes[i] != i % 256 ? 1 : 0;
  return changes;
}

static void
test_byte_faults (void)
{
  const gsize n = 100000;
  g_autofree guint8 *out = g_malloc (EMU_GLITCH_OUT_MAX_BYTES (n));
  g_autoptr (EmuGlitches) glitches = emu_glitches_new (7);
  EmuFault fault = { .every_bytes = 1000 };
  EmuGlitchEvents events;

  g_assert_cmpuint (pass (glitches, TRUE, n, out, &events), ==, n);
  g_assert_cmpuint (count_changes (out, n), ==, 0);
  g_assert_cmpuint (events, ==, 0);

  fault.kind = EMU_FAULT_CORRUPT_BYTES;
  emu_glitches_add (glitches, &fault);
  g_assert_cmpuint (pass (glitches, TRUE, n, out, &events), ==, n);
  g_assert_cmpuint (count_changes (out, n), >, 60);
  g_assert_cmpuint (count_changes (out, n), <, 160);

  emu_glitches_clear (glitches);
  fault.kind = EMU_FAULT_DROP_BYTES;
  emu_glitches_add (glitches, &fault);
  g_assert_cmpuint (n - pass (glitches, FALSE, n, out, &events), >, 60);

  emu_glitches_clear (glitches);
  fault.kind = EMU_FAULT_DUPLICATE_BYTES;
  emu_glitches_add (glitches, &fault);
  g_assert_cmpuint (pass (glitches, FALSE, n, out, &events) - n, >, 60);

  emu_glitches_clear (glitches);
  g_assert_cmpuint (pass (glitches, FALSE, n, out, &events), ==, n);
}

static void
test_faults_that_strike_once (void)
{
  guint8 out[400];
  g_autoptr (EmuGlitches) glitches = emu_glitches_new (7);
  EmuFault unplug = { .kind = EMU_FAULT_UNPLUG, .after_bytes = 150 };
  EmuFault overrun = { .kind = EMU_FAULT_OVERRUN, .after_bytes = 10 };
  EmuFault stall = { .kind = EMU_FAULT_STALL, .after_bytes = 5, .duration_ms = 20 };
  EmuGlitchEvents events;

  /* Only bytes to the host count, and the last of them still arrives. */
  emu_glitches_add (glitches, &unplug);
  g_assert_cmpuint (pass (glitches, FALSE, 200, out, &events), ==, 200);
  g_assert_cmpuint (pass (glitches, TRUE, 100, out, &events), ==, 100);
  g_assert_cmpuint (events, ==, 0);
  g_assert_cmpuint (pass (glitches, TRUE, 100, out, &events), ==, 50);
  g_assert_cmpuint (events, ==, EMU_GLITCH_UNPLUG);
  g_assert_cmpuint (pass (glitches, TRUE, 100, out, &events), ==, 100);

  emu_glitches_add (glitches, &overrun);
  g_assert_cmpuint (pass (glitches, TRUE, 100, out, &events), ==, 99);
  g_assert_cmpuint (events, ==, EMU_GLITCH_OVERRUN);

  emu_glitches_add (glitches, &stall);
  pass (glitches, FALSE, 100, out, &events);
  g_assert_cmpuint (events, ==, EMU_GLITCH_STALL);
  g_assert_cmpint (emu_glitches_get_stall (glitches, 5000000), ==, 5020000);
  g_assert_cmpint (emu_glitches_get_stall (glitches, 5020000), ==, 0);
}

static void
test_faults_of_connections (void)
{
  g_autoptr (EmuGlitches) glitches = emu_glitches_new (7);
  EmuFault refuse = { .kind = EMU_FAULT_REFUSE_CONNECTION, .skip = 1, .times = 2 };
  EmuFault slow = { .kind = EMU_FAULT_SLOW_LINE, .bytes_per_second = 4000 };

  emu_glitches_add (glitches, &refuse);
  g_assert_false (emu_glitches_strike (glitches, EMU_FAULT_NO_HANDSHAKE));
  g_assert_false (emu_glitches_strike (glitches, EMU_FAULT_REFUSE_CONNECTION));
  g_assert_true (emu_glitches_strike (glitches, EMU_FAULT_REFUSE_CONNECTION));
  g_assert_true (emu_glitches_strike (glitches, EMU_FAULT_REFUSE_CONNECTION));
  g_assert_false (emu_glitches_strike (glitches, EMU_FAULT_REFUSE_CONNECTION));

  g_assert_cmpuint (emu_glitches_get_pace (glitches, 92160), ==, 92160);
  emu_glitches_add (glitches, &slow);
  g_assert_cmpuint (emu_glitches_get_pace (glitches, 92160), ==, 4000);
  g_assert_cmpuint (emu_glitches_get_pace (glitches, 0), ==, 4000);
  g_assert_cmpuint (emu_glitches_get_pace (glitches, 100), ==, 100);
}

/* ---- the board's IP ---- */

typedef struct
{
  EmuStack *stack;
  EmuInterface *boards[2];
  GPtrArray *sent[2]; /* (element-type GByteArray) */
  gboolean full;
  guint accepted;
} World;

static World *current; /* one test at a time */

static gboolean
output_cb (const guint8 *packet, gsize size_bytes, gpointer user_data)
{
  GByteArray *copy;

  if (current->full)
    return FALSE;

  copy = g_byte_array_append (g_byte_array_new (), packet, size_bytes);
  g_ptr_array_add (current->sent[GPOINTER_TO_UINT (user_data)], copy);
  return TRUE;
}

static gboolean
accepted_cb (EmuTcp *tcp, guint16 port, int fd, gpointer user_data)
{
  current->accepted++;
  return FALSE;
}

static void
ended_cb (EmuTcp *tcp, gpointer user_data)
{
}

static void
world_start (World *world)
{
  static const EmuInterfaceFuncs funcs = { .output = output_cb,
                                           .accepted = accepted_cb,
                                           .ended = ended_cb };

  *world = (World){ .stack = emu_stack_new (NULL) };
  current = world;
  for (guint i = 0; i < 2; i++)
    {
      world->sent[i] = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
      world->boards[i] = emu_interface_new (world->stack, 1500, &funcs, GUINT_TO_POINTER (i));
    }
}

static void
world_stop (World *world)
{
  for (guint i = 0; i < 2; i++)
    {
      emu_interface_free (world->boards[i]);
      g_ptr_array_unref (world->sent[i]);
    }
  emu_stack_free (world->stack);
}

static guint16
add_up (const guint8 *bytes, gsize n, guint32 sum)
{
  for (gsize i = 0; i < n; i++)
    sum += i % 2 == 0 ? bytes[i] << 8 : bytes[i];
  while (sum >> 16 != 0)
    sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

/* Fills the IP header in front of @payload_bytes bytes, and the checksums. */
static void
finish_packet (guint8 *packet, guint8 protocol, gsize payload_bytes, gsize checksum_at)
{
  static const guint8 head[20] = { 0x45, 0, 0,   0,   0,  1, 0,   0,   64, 0,
                                   0,    0, 192, 168, 35, 1, 192, 168, 35, 2 };
  guint32 pseudo = 0;
  guint16 sum;

  memcpy (packet, head, sizeof head);
  packet[3] = 20 + payload_bytes;
  packet[9] = protocol;
  sum = ~add_up (packet, 20, 0);
  packet[10] = sum >> 8;
  packet[11] = sum & 0xff;
  if (protocol != EMU_IP_PROTOCOL_ICMP)
    pseudo = add_up (packet + 12, 8, protocol + payload_bytes);
  sum = ~add_up (packet + 20, payload_bytes, pseudo);
  packet[20 + checksum_at] = sum >> 8;
  packet[20 + checksum_at + 1] = sum & 0xff;
}

static void
send_ping (World *world, guint board)
{
  guint8 packet[28] = { [20] = 8, [24] = 0x12, [27] = 1 };

  finish_packet (packet, EMU_IP_PROTOCOL_ICMP, 8, 2);
  emu_interface_input (world->boards[board], packet, sizeof packet);
}

static void
send_syn (World *world, guint board, guint16 port)
{
  guint8 packet[40] = {
    [20] = 0x80, [22] = port >> 8, [23] = port & 0xff, [32] = 0x50, [33] = 0x02, [34] = 0x20
  };

  finish_packet (packet, EMU_IP_PROTOCOL_TCP, 20, 16);
  emu_interface_input (world->boards[board], packet, sizeof packet);
}

/* The flags of the only packet that was sent, which must be sound and of the right addresses. */
static guint8
take_tcp_flags (World *world, guint board)
{
  GByteArray *packet;
  guint8 flags;

  g_assert_cmpuint (world->sent[board]->len, ==, 1);
  packet = g_ptr_array_index (world->sent[board], 0);
  g_assert_cmphex (emu_ip_get_address (packet->data, EMU_IP_SOURCE_AT), ==, 0xC0A82302);
  g_assert_cmphex (emu_ip_get_address (packet->data, EMU_IP_DESTINATION_AT), ==, 0xC0A82301);
  g_assert_cmphex (add_up (packet->data, 20, 0), ==, 0xffff);
  g_assert_cmphex (add_up (packet->data + 20, packet->len - 20,
                           add_up (packet->data + 12, 8, EMU_IP_PROTOCOL_TCP + packet->len - 20)),
                   ==, 0xffff);
  flags = packet->data[33] & 0x3f;
  g_ptr_array_set_size (world->sent[board], 0);
  return flags;
}

static void
test_ping (void)
{
  World world;

  world_start (&world);
  send_ping (&world, 1);
  g_assert_cmpuint (world.sent[0]->len, ==, 0);
  g_assert_cmpuint (world.sent[1]->len, ==, 1);
  g_assert_cmpuint (((GByteArray *) g_ptr_array_index (world.sent[1], 0))->data[20], ==, 0);

  emu_interface_set_ping (world.boards[1], FALSE);
  send_ping (&world, 1);
  g_assert_cmpuint (world.sent[1]->len, ==, 1);

  emu_interface_set_muted (world.boards[0], TRUE);
  send_ping (&world, 0);
  g_assert_cmpuint (world.sent[0]->len, ==, 0);
  world_stop (&world);
}

static void
test_ports (void)
{
  World world;

  world_start (&world);
  send_syn (&world, 0, 443);
  g_assert_cmphex (take_tcp_flags (&world, 0), ==, 0x14); /* RST, ACK */
  g_assert_true (emu_interface_open_port (world.boards[0], 443));
  g_assert_true (emu_interface_open_port (world.boards[1], 443)); /* same address, other board */
  send_syn (&world, 0, 443);
  g_assert_cmphex (take_tcp_flags (&world, 0), ==, 0x12); /* SYN, ACK */
  send_syn (&world, 1, 443);
  g_assert_cmphex (take_tcp_flags (&world, 1), ==, 0x12);
  send_syn (&world, 0, 80);
  g_assert_cmphex (take_tcp_flags (&world, 0), ==, 0x14);

  emu_interface_close_ports (world.boards[0]);
  g_assert_cmpuint (world.accepted, ==, 0); /* no handshake was finished */
  world_stop (&world);
}

static void
test_foreign_packets (void)
{
  World world;
  guint8 udp[30] = { [20] = 0x80, [22] = 0x30, [23] = 0x39, [25] = 10 };
  guint8 ping[28] = { [20] = 8 };

  world_start (&world);
  finish_packet (udp, EMU_IP_PROTOCOL_UDP, 10, 6);
  emu_interface_input (world.boards[0], udp, sizeof udp);
  g_assert_cmpuint (emu_interface_get_n_udp (world.boards[0]), ==, 1);

  finish_packet (ping, EMU_IP_PROTOCOL_ICMP, 8, 2);
  emu_ip_set_address (ping, sizeof ping, EMU_IP_SOURCE_AT, 0x0A000001);
  emu_interface_input (world.boards[0], ping, sizeof ping);
  emu_ip_set_address (ping, sizeof ping, EMU_IP_SOURCE_AT, EMU_STACK_HOST_ADDRESS);
  emu_ip_set_address (ping, sizeof ping, EMU_IP_DESTINATION_AT, 0x0AC80102); /* inside, board 1 */
  emu_interface_input (world.boards[0], ping, sizeof ping);
  emu_interface_input (world.boards[0], ping, 19);
  g_assert_cmpuint (world.sent[0]->len, ==, 0);
  g_assert_cmpuint (world.sent[1]->len, ==, 0);

  emu_ip_set_address (ping, sizeof ping, EMU_IP_DESTINATION_AT, EMU_STACK_BOARD_ADDRESS);
  emu_interface_input (world.boards[0], ping, sizeof ping); /* rewritten three times, still sound */
  g_assert_cmpuint (world.sent[0]->len, ==, 1);
  world_stop (&world);
}

/* ---- certificates ---- */

static void
assert_mode (const char *dir, const char *name, guint mode)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  GStatBuf status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmphex (status.st_mode & 0777, ==, mode);
}

static void
remove_all (const char *dir)
{
  static const char *const names[] = { "authority.pem", "server.pem", "ca.pem" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (dir, names[i], NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (dir), ==, 0);
}

static GTlsCertificateFlags
verify (EmuTls *tls, const char *dir, EmuTlsKind kind)
{
  g_autofree char *path = g_build_filename (dir, EMU_TLS_CA_FILE, NULL);
  g_autoptr (GTlsCertificate) ca = g_tls_certificate_new_from_file (path, NULL);
  g_autoptr (GSocketConnectable) name =
      g_network_address_new ("b1.devices.sphere.azure.local", 443);

  return g_tls_certificate_verify (emu_tls_get_certificate (tls, kind), name, ca);
}

static void
test_certificates (void)
{
  g_autofree char *dir = g_dir_make_tmp ("test-tls-XXXXXX", NULL);
  g_autofree char *ca_path = g_build_filename (dir, EMU_TLS_CA_FILE, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (EmuTls) first = emu_tls_open (dir, &error);
  g_autoptr (EmuTls) second = NULL;

  g_assert_no_error (error);
  assert_mode (dir, "authority.pem", 0600);
  assert_mode (dir, "server.pem", 0600);
  assert_mode (dir, "ca.pem", 0644);
  g_assert_cmpuint (verify (first, dir, EMU_TLS_GENUINE), ==, 0);
  g_assert_cmpuint (verify (first, dir, EMU_TLS_WRONG_CA), !=, 0);
  g_assert_cmpuint (verify (first, dir, EMU_TLS_WRONG_NAME), ==, G_TLS_CERTIFICATE_BAD_IDENTITY);
  g_assert_cmpuint (verify (first, dir, EMU_TLS_EXPIRED), ==, G_TLS_CERTIFICATE_EXPIRED);

  /* The next start has the same certificate, and repairs the published one. */
  g_assert_true (g_file_set_contents (ca_path, "something else", -1, NULL));
  second = emu_tls_open (dir, &error);
  g_assert_no_error (error);
  g_assert_true (g_tls_certificate_is_same (emu_tls_get_certificate (first, EMU_TLS_GENUINE),
                                            emu_tls_get_certificate (second, EMU_TLS_GENUINE)));
  g_assert_cmpuint (verify (second, dir, EMU_TLS_GENUINE), ==, 0);
  remove_all (dir);
}

static void
test_bad_state (void)
{
  g_autofree char *dir = g_dir_make_tmp ("test-tls-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "authority.pem", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (EmuTls) tls = emu_tls_open (dir, NULL);

  g_assert_nonnull (tls);
  g_assert_true (g_file_set_contents (path, "no key", -1, NULL));
  g_assert_null (emu_tls_open (dir, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_clear_error (&error);

  /* A new authority does not vouch for the old server. */
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_null (emu_tls_open (dir, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  remove_all (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/emulator/pace", test_pace);
  g_test_add_func ("/emulator/faults/bytes", test_byte_faults);
  g_test_add_func ("/emulator/faults/once", test_faults_that_strike_once);
  g_test_add_func ("/emulator/faults/connections", test_faults_of_connections);
  g_test_add_func ("/emulator/ip/ping", test_ping);
  g_test_add_func ("/emulator/ip/ports", test_ports);
  g_test_add_func ("/emulator/ip/foreign-packets", test_foreign_packets);
  g_test_add_func ("/emulator/tls/certificates", test_certificates);
  g_test_add_func ("/emulator/tls/bad-state", test_bad_state);

  return g_test_run ();
}
