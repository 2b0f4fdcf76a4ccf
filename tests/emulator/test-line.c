/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From USB/IP to HTTP and back: the emulator as a program, the product's IP stack against it. */
#include "emulator-process.h"
#include "lks-link.h"
#include "tls-client.h"
#include "usbip-line.h"

#include <string.h>

#define CONNECT_MS 5000
#define RETRY_MS 400 /* TCP's own second try would come much later */
#define WAIT_US (30 * G_TIME_SPAN_SECOND)
#define LINE_BYTES_PER_SECOND 92160

static const char *emulator_program;

typedef struct
{
  EmulatorProcess emulator;
  LksIoThread *thread;
  UsbipClient client;
  LksByteStream *line;
  LksLink *link;
} Fixture;

static void
plug_in (Fixture *f, guint16 speed)
{
  g_autoptr (GError) error = NULL;

  /* The server notices the end of the last import in its own time. */
  usbip_client_connect (&f->client, f->emulator.address);
  while (usbip_client_import (&f->client, "1-1") != 0)
    {
      usbip_client_close (&f->client);
      usbip_client_connect (&f->client, f->emulator.address);
    }
  f->line = usbip_line_new (&f->client, speed, f->thread);
  f->link = lks_link_new (f->thread, f->line, &error);
  g_assert_no_error (error);
}

static void
pull_out (Fixture *f)
{
  lks_link_close (f->link);
  g_clear_object (&f->link);
  g_assert_finalize_object (f->line);
  f->line = NULL;
  usbip_client_close (&f->client);
}

static void
set_up (Fixture *f, gconstpointer scenario)
{
  emulator_process_start (&f->emulator, emulator_program, scenario);
  f->thread = lks_io_thread_new ();
  plug_in (f, USBIP_LINE_921600);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  pull_out (f);
  g_assert_finalize_object (f->thread);
  emulator_process_stop (&f->emulator);
}

/* ---- an HTTPS client on the link ---- */

static TlsClient *
try_tls_within (Fixture *f, guint timeout_ms, GError **error)
{
  g_autofree char *ca = emulator_process_get_path (&f->emulator, "ca.pem");
  int fd = lks_link_connect (f->link, LKS_LINK_PORT_HTTPS, timeout_ms, NULL, error);

  return fd >= 0 ? tls_client_new (fd, ca, "board.devices.sphere.azure.local", error) : NULL;
}

static TlsClient *
try_tls (Fixture *f, GError **error)
{
  return try_tls_within (f, CONNECT_MS, error);
}

static TlsClient *
open_tls (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  TlsClient *tls = try_tls (f, &error);

  g_assert_no_error (error);
  return tls;
}

/* The status of the answer; 0 when the connection ends before it is complete. */
static guint
read_answer (TlsClient *tls, char **out_body)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *end;
  const char *length;
  gsize size;

  while ((end = strstr (text->str, "\r\n\r\n")) == NULL)
    {
      char byte;

      if (!tls_client_read (tls, &byte, 1))
        return 0;
      g_string_append_c (text, byte);
    }
  length = strstr (text->str, "Content-Length: ");
  g_assert_nonnull (length);
  size = g_ascii_strtoull (length + strlen ("Content-Length: "), NULL, 10);
  *out_body = g_malloc0 (size + 1);
  if (!tls_client_read (tls, *out_body, size))
    return 0;
  return g_ascii_strtoull (text->str + strlen ("HTTP/1.1 "), NULL, 10);
}

static guint
try_get (TlsClient *tls, const char *path, char **out_body)
{
  g_autofree char *request =
      g_strdup_printf ("GET %s HTTP/1.1\r\nHost: *.devices.sphere.azure.local\r\n\r\n", path);

  return tls_client_send (tls, request, strlen (request)) ? read_answer (tls, out_body) : 0;
}

static void
assert_serves (TlsClient *tls)
{
  g_autofree char *body = NULL;

  g_assert_cmpuint (try_get (tls, "/status", &body), ==, 200);
  g_assert_nonnull (strstr (body, "uptime"));
}

/* Until the board serves again, within a bound. */
static TlsClient *
wait_for_tls (Fixture *f)
{
  gint64 until_us = g_get_monotonic_time () + WAIT_US;
  TlsClient *tls;

  while ((tls = try_tls_within (f, RETRY_MS, NULL)) == NULL)
    g_assert_cmpint (g_get_monotonic_time (), <, until_us);
  return tls;
}

static gboolean
command (Fixture *f, const char *request)
{
  g_autoptr (JsonObject) answer = emulator_process_command (&f->emulator, request);

  return json_object_get_boolean_member (answer, "ok");
}

/* ---- tests ---- */

static void
test_serves (Fixture *f, gconstpointer unused)
{
  TlsClient *tls = open_tls (f);
  g_autofree char *trace_path = emulator_process_get_path (&f->emulator, "trace");
  g_autofree char *trace = NULL;

  assert_serves (tls);
  assert_serves (tls);
  tls_client_free (tls);
  g_assert_true (g_file_get_contents (trace_path, &trace, NULL, NULL));
  g_assert_nonnull (strstr (trace, "/status"));
}

/* Small requests on a kept-alive connection must not wait for anybody's timer. The wire alone takes
 * about seven milliseconds; the best of many rounds says what the emulator adds. */
static void
test_latency (Fixture *f, gconstpointer unused)
{
  TlsClient *tls = open_tls (f);
  gint64 best_us = G_MAXINT64;

  for (guint i = 0; i < 30; i++)
    {
      gint64 start_us = g_get_monotonic_time ();

      assert_serves (tls);
      best_us = MIN (best_us, g_get_monotonic_time () - start_us);
    }
  g_test_message ("best round trip: %" G_GINT64_FORMAT " us", best_us);
  g_assert_cmpint (best_us, <, 40 * G_TIME_SPAN_MILLISECOND); /* TCP's shortest timer */
  g_assert_cmpint (best_us, >, 2 * G_TIME_SPAN_MILLISECOND);
  tls_client_free (tls);
}

/* An upload can be no faster than the wire. How much slower it is depends on the machine. */
static void
test_pace (Fixture *f, gconstpointer unused)
{
  const gsize size = 96 * 1024;
  TlsClient *tls = open_tls (f);
  g_autofree char *head = g_strdup_printf ("PUT /update/stage HTTP/1.1\r\nHost: b\r\n"
                                           "Content-Type: application/octet-stream\r\n"
                                           "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                                           size);
  g_autofree char *image = g_malloc0 (size);
  g_autofree char *body = NULL;
  gint64 start_us = g_get_monotonic_time ();
  gint64 least_us = size * G_USEC_PER_SEC / LINE_BYTES_PER_SECOND;
  gint64 elapsed_us;

  g_assert_true (tls_client_send (tls, head, strlen (head)));
  g_assert_true (tls_client_send (tls, image, size));
  g_assert_cmpuint (read_answer (tls, &body), >=, 400); /* not an image */
  elapsed_us = g_get_monotonic_time () - start_us;
  g_test_message ("%" G_GSIZE_FORMAT " bytes in %" G_GINT64_FORMAT " us, %.1f %% of the wire", size,
                  elapsed_us, 100.0 * least_us / elapsed_us);
  g_assert_cmpint (elapsed_us, >, least_us);
  g_assert_cmpuint (usbip_line_get_overruns (USBIP_LINE (f->line)), ==, 0);
  tls_client_free (tls);
}

static void
test_unplug (Fixture *f, gconstpointer unused)
{
  TlsClient *tls = open_tls (f);
  gint64 until_us = g_get_monotonic_time () + WAIT_US;
  g_autofree char *body = NULL;

  assert_serves (tls);
  g_assert_true (command (f, "{\"command\": \"unplug\", \"board\": 0}"));
  g_assert_cmpuint (try_get (tls, "/status", &body), ==, 0);
  while (!usbip_line_is_closed (USBIP_LINE (f->line)))
    g_assert_cmpint (g_get_monotonic_time (), <, until_us);
  tls_client_free (tls);

  pull_out (f);
  g_assert_true (command (f, "{\"command\": \"plug\", \"board\": 0}"));
  plug_in (f, USBIP_LINE_921600);
  tls = wait_for_tls (f); /* the board starts from power-on */
  assert_serves (tls);
  tls_client_free (tls);
}

static void
test_reset_button (Fixture *f, gconstpointer unused)
{
  TlsClient *tls = open_tls (f);
  g_autofree char *body = NULL;

  assert_serves (tls);
  g_assert_true (command (f, "{\"command\": \"reset\", \"board\": 0}"));
  g_assert_cmpuint (try_get (tls, "/status", &body), ==, 0); /* the connection is forgotten */
  tls_client_free (tls);
  tls = wait_for_tls (f);
  assert_serves (tls);
  tls_client_free (tls);
}

static gboolean
board_is (Fixture *f, const char *member)
{
  g_autoptr (JsonObject) answer =
      emulator_process_command (&f->emulator, "{\"command\": \"state\", \"board\": 0}");

  return json_object_get_boolean_member (json_object_get_object_member (answer, "board"), member);
}

static gint64
get_uptime_s (TlsClient *tls)
{
  g_autofree char *body = NULL;
  g_autoptr (JsonNode) node = NULL;

  g_assert_cmpuint (try_get (tls, "/status", &body), ==, 200);
  node = json_from_string (body, NULL);
  return json_object_get_int_member (json_node_get_object (node), "uptime");
}

/* What a restart looks like from the other end of the wire. */
static void
test_restart (Fixture *f, gconstpointer unused)
{
  static const char request[] = "POST /restart HTTP/1.1\r\nHost: b\r\nContent-Length: 0\r\n\r\n";
  TlsClient *tls = open_tls (f);
  g_autofree char *body = NULL;

  g_assert_cmpint (get_uptime_s (tls), >=, 600);
  g_assert_true (tls_client_send (tls, request, strlen (request)));
  g_assert_cmpuint (read_answer (tls, &body), ==, 200);
  while (board_is (f, "running"))
    ;
  g_clear_pointer (&body, g_free);
  g_assert_cmpuint (try_get (tls, "/status", &body), ==, 0); /* nobody remembers this connection */
  tls_client_free (tls);

  tls = wait_for_tls (f);
  g_assert_cmpint (get_uptime_s (tls), <, 60);
  tls_client_free (tls);
}

/* TCP repairs what the wire breaks. */
static void
test_noise (Fixture *f, gconstpointer unused)
{
  TlsClient *tls = open_tls (f);

  g_assert_true (command (f, "{\"command\": \"fault\", \"board\": 0, "
                             "\"fault\": {\"kind\": \"corrupt-bytes\", \"everyBytes\": 5000}}"));
  g_assert_true (command (f, "{\"command\": \"fault\", \"board\": 0, "
                             "\"fault\": {\"kind\": \"drop-bytes\", \"everyBytes\": 9000}}"));
  g_assert_true (command (f, "{\"command\": \"fault\", \"board\": 0, "
                             "\"fault\": {\"kind\": \"duplicate-bytes\", \"everyBytes\": 9000}}"));
  for (guint i = 0; i < 20; i++)
    assert_serves (tls);
  g_assert_true (command (f, "{\"command\": \"clear\", \"board\": 0}"));
  tls_client_free (tls);
}

static void
test_overrun (Fixture *f, gconstpointer unused)
{
  TlsClient *tls = open_tls (f);

  g_assert_true (command (f, "{\"command\": \"fault\", \"board\": 0, "
                             "\"fault\": {\"kind\": \"overrun\", \"afterBytes\": 100}}"));
  assert_serves (tls);
  g_assert_cmpuint (usbip_line_get_overruns (USBIP_LINE (f->line)), ==, 1);
  tls_client_free (tls);
}

static void
test_unplug_by_fault (Fixture *f, gconstpointer unused)
{
  TlsClient *tls = open_tls (f);
  g_autofree char *body = NULL;
  g_autoptr (JsonObject) answer = NULL;

  g_assert_true (command (f, "{\"command\": \"fault\", \"board\": 0, "
                             "\"fault\": {\"kind\": \"unplug\", \"afterBytes\": 50}}"));
  g_assert_cmpuint (try_get (tls, "/status", &body), ==, 0);
  tls_client_free (tls);
  answer = emulator_process_command (&f->emulator, "{\"command\": \"state\", \"board\": 0}");
  g_assert_false (
      json_object_get_boolean_member (json_object_get_object_member (answer, "board"), "plugged"));
}

static void
test_stall (Fixture *f, gconstpointer unused)
{
  TlsClient *tls = open_tls (f);
  gint64 start_us = g_get_monotonic_time ();

  g_assert_true (command (f, "{\"command\": \"fault\", \"board\": 0, \"fault\": "
                             "{\"kind\": \"stall\", \"afterBytes\": 20, \"durationMs\": 700}}"));
  assert_serves (tls);
  g_assert_cmpint (g_get_monotonic_time () - start_us, >, 650 * G_TIME_SPAN_MILLISECOND);
  tls_client_free (tls);
}

static void
test_certificates (Fixture *f, gconstpointer unused)
{
  static const char *const kinds[] = { "wrong-certificate", "wrong-name", "expired-certificate" };
  g_autoptr (TlsClient) tls = NULL;
  g_autoptr (GError) refused = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *request = g_strdup_printf (
          "{\"command\": \"fault\", \"board\": 0, \"fault\": {\"kind\": \"%s\", \"times\": 1}}",
          kinds[i]);
      g_autoptr (GError) error = NULL;

      g_assert_true (command (f, request));
      g_assert_null (try_tls (f, &error));
      g_assert_error (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
    }

  g_assert_true (command (f, "{\"command\": \"fault\", \"board\": 0, \"fault\": "
                             "{\"kind\": \"refuse-connection\", \"times\": 1}}"));
  g_assert_null (try_tls (f, &refused));
  g_assert_nonnull (refused);
  tls = open_tls (f);
  assert_serves (tls);
}

static void
test_wrong_speed (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  pull_out (f);
  plug_in (f, USBIP_LINE_115200);
  g_assert_cmpint (lks_link_connect (f->link, LKS_LINK_PORT_HTTPS, 500, NULL, &error), ==, -1);
  g_assert_nonnull (error);
}

static void
bang_recovery_port (UsbipClient *client, guint8 mask, const char *levels, gsize n)
{
  g_assert_cmpint (usbip_client_control (client, 0x40, 11, 0x0100 | mask, 4, NULL, 0), ==, 0);
  g_assert_cmpint (usbip_client_bulk_out (client, 8, levels, n), ==, (int) n);
  g_assert_cmpint (usbip_client_control (client, 0x40, 11, 0, 4, NULL, 0), ==, 0);
}

/* The reset and recovery lines of port D reach the board. */
static void
test_reset_line (Fixture *f, gconstpointer unused)
{
  UsbipClient client;
  TlsClient *tls;

  pull_out (f);
  usbip_client_connect (&client, f->emulator.address);
  while (usbip_client_import (&client, "1-1") != 0)
    {
      usbip_client_close (&client);
      usbip_client_connect (&client, f->emulator.address);
    }
  g_assert_true (board_is (f, "running"));
  bang_recovery_port (&client, 0x60, "\x20\x60", 2);
  g_assert_false (board_is (f, "running"));
  g_assert_true (board_is (f, "recovery"));
  bang_recovery_port (&client, 0x40, "\x00\x40", 2);
  g_assert_false (board_is (f, "recovery"));
  usbip_client_close (&client);

  plug_in (f, USBIP_LINE_921600);
  tls = wait_for_tls (f);
  assert_serves (tls);
  tls_client_free (tls);
}

/* Much more than every buffer on the way holds, then an ordinary request on the same connection. */
static void
test_big_answer (Fixture *f, gconstpointer unused)
{
  TlsClient *tls = open_tls (f);
  g_autofree char *body = NULL;

  g_assert_true (command (f, "{\"command\": \"pace\", \"board\": 0, \"bytesPerSecond\": 0}"));
  g_assert_true (command (f, "{\"command\": \"fault\", \"board\": 0, \"fault\": {\"kind\": "
                             "\"oversized-body\", \"times\": 1, \"sizeBytes\": 1500000}}"));
  g_assert_cmpuint (try_get (tls, "/status", &body), ==, 200);
  g_assert_cmpuint (strlen (body), ==, 1500000);
  assert_serves (tls);
  tls_client_free (tls);
}

/* A client that goes away in the middle must not hold up the emulator. */
static void
test_forsaken_answer (Fixture *f, gconstpointer unused)
{
  static const char request[] = "GET /status HTTP/1.1\r\nHost: b\r\n\r\n";
  TlsClient *tls = open_tls (f);
  char some[5000];

  g_assert_true (command (f, "{\"command\": \"fault\", \"board\": 0, \"fault\": {\"kind\": "
                             "\"oversized-body\", \"times\": 1, \"sizeBytes\": 5000000}}"));
  g_assert_true (tls_client_send (tls, request, strlen (request)));
  g_assert_true (tls_client_read (tls, some, sizeof some));
  g_assert_true (command (f, "{\"command\": \"reset\", \"board\": 0}"));
  tls_client_free (tls);
  tls = wait_for_tls (f);
  assert_serves (tls);

  g_assert_true (command (f, "{\"command\": \"fault\", \"board\": 0, \"fault\": {\"kind\": "
                             "\"oversized-body\", \"times\": 1, \"sizeBytes\": 5000000}}"));
  g_assert_true (tls_client_send (tls, request, strlen (request)));
  g_assert_true (tls_client_read (tls, some, sizeof some));
  tls_client_free (tls);
  tls = open_tls (f);
  assert_serves (tls);
  tls_client_free (tls);
}

/* The LED of the adapter blinks when the host asks the board to show itself. */
static void
test_identify (Fixture *f, gconstpointer unused)
{
  gint64 until_us = g_get_monotonic_time () + WAIT_US;
  gint64 blinks = 0;

  while (blinks == 0)
    {
      g_autoptr (JsonObject) answer = NULL;

      lks_link_identify (f->link);
      answer = emulator_process_command (&f->emulator, "{\"command\": \"state\", \"board\": 0}");
      blinks =
          json_object_get_int_member (json_object_get_object_member (answer, "board"), "blinks");
      g_assert_cmpint (g_get_monotonic_time (), <, until_us);
    }
}

/* Without a pace the wire is only as fast as the machine. */
static void
test_no_pace (Fixture *f, gconstpointer unused)
{
  TlsClient *tls = open_tls (f);

  g_assert_true (command (f, "{\"command\": \"pace\", \"board\": 0, \"bytesPerSecond\": 0}"));
  for (guint i = 0; i < 10; i++)
    assert_serves (tls);
  g_assert_false (command (f, "{\"command\": \"pace\", \"board\": 0, \"bytesPerSecond\": -1}"));
  tls_client_free (tls);
}

static char *
dup_busid (Fixture *f, guint board)
{
  g_autofree char *text = g_strdup_printf ("{\"command\": \"state\", \"board\": %u}", board);
  g_autoptr (JsonObject) answer = emulator_process_command (&f->emulator, text);

  return g_strdup (
      json_object_get_string_member (json_object_get_object_member (answer, "board"), "busid"));
}

/* A board can be plugged in where another one was. */
static void
test_swap (Fixture *f, gconstpointer unused)
{
  const char *swap = "{\"command\": \"swap\", \"board\": 0, \"with\": 1}";
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  g_assert_false (command (f, swap)); /* plugged in */
  pull_out (f);
  g_assert_true (command (f, "{\"command\": \"unplug\", \"board\": 0}"));
  g_assert_false (command (f, swap));
  g_assert_true (command (f, "{\"command\": \"unplug\", \"board\": 1}"));
  g_assert_true (command (f, swap));
  first = dup_busid (f, 0);
  second = dup_busid (f, 1);
  g_assert_cmpstr (first, ==, "1-2");
  g_assert_cmpstr (second, ==, "1-1");
  g_assert_true (command (f, "{\"command\": \"plug\", \"board\": 1}"));
  plug_in (f, USBIP_LINE_921600); /* what is at 1-1 now */
  tls_client_free (wait_for_tls (f));
}

static char *
dup_device_id (Fixture *f)
{
  g_autoptr (JsonObject) answer =
      emulator_process_command (&f->emulator, "{\"command\": \"state\", \"board\": 0}");

  return g_strdup (
      json_object_get_string_member (json_object_get_object_member (answer, "board"), "deviceId"));
}

/* The next unit from the store: a board as the scenario has it, and yet another one. */
static void
test_renew (Fixture *f, gconstpointer unused)
{
  const char *renew = "{\"command\": \"renew\", \"board\": 0}";
  g_autofree char *first = dup_device_id (f);
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;

  g_assert_false (command (f, renew)); /* plugged in */
  pull_out (f);
  g_assert_true (command (f, "{\"command\": \"unplug\", \"board\": 0}"));
  g_assert_true (command (f, renew));
  second = dup_device_id (f);
  g_assert_cmpuint (strlen (second), ==, 128);
  g_assert_cmpstr (second, !=, first);
  g_assert_true (command (f, renew));
  third = dup_device_id (f);
  g_assert_cmpstr (third, !=, first);
  g_assert_cmpstr (third, !=, second);
  g_assert_true (command (f, "{\"command\": \"plug\", \"board\": 0}"));
  plug_in (f, USBIP_LINE_921600);
  tls_client_free (wait_for_tls (f));
}

static void
test_control_errors (Fixture *f, gconstpointer unused)
{
  static const char *const bad[] = {
    "",
    "{}",
    "[]",
    "{\"command\": \"fly\", \"board\": 0}",
    "{\"command\": \"plug\"}",
    "{\"command\": \"plug\", \"board\": 1}",
    "{\"command\": \"plug\", \"board\": -1}",
    "{\"command\": \"fault\", \"board\": 0}",
    "{\"command\": \"fault\", \"board\": 0, \"fault\": {\"kind\": \"none\"}}",
    "{\"command\": \"list\", \"bored\": 0}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (JsonObject) answer = emulator_process_command (&f->emulator, bad[i]);

      g_assert_false (json_object_get_boolean_member (answer, "ok"));
      g_assert_cmpuint (strlen (json_object_get_string_member (answer, "error")), >, 10);
    }
  g_assert_true (command (f, "{\"command\": \"list\"}"));
}

#define QUICK_START "{\"boards\": [{\"bootMs\": 300}]}"
#define QUICK_TWO "{\"count\": 2, \"defaults\": {\"bootMs\": 300}}"
#define ADD(path, func) g_test_add (path, Fixture, QUICK_START, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  emulator_program = argv[1];

  ADD ("/emulator/line/serves", test_serves);
  ADD ("/emulator/line/latency", test_latency);
  ADD ("/emulator/line/pace", test_pace);
  ADD ("/emulator/line/unplug", test_unplug);
  ADD ("/emulator/line/reset-button", test_reset_button);
  ADD ("/emulator/line/restart", test_restart);
  ADD ("/emulator/line/noise", test_noise);
  ADD ("/emulator/line/overrun", test_overrun);
  ADD ("/emulator/line/unplug-by-fault", test_unplug_by_fault);
  g_test_add ("/emulator/line/swap", Fixture, QUICK_TWO, set_up, test_swap, tear_down);
  ADD ("/emulator/line/renew", test_renew);
  ADD ("/emulator/line/stall", test_stall);
  ADD ("/emulator/line/certificates", test_certificates);
  ADD ("/emulator/line/wrong-speed", test_wrong_speed);
  ADD ("/emulator/line/reset-line", test_reset_line);
  ADD ("/emulator/line/big-answer", test_big_answer);
  ADD ("/emulator/line/forsaken-answer", test_forsaken_answer);
  ADD ("/emulator/line/identify", test_identify);
  ADD ("/emulator/line/no-pace", test_no_pace);
  ADD ("/emulator/line/control-errors", test_control_errors);

  return g_test_run ();
}
