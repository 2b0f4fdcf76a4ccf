/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device-fixture.h"

#include "lks-device-cert.h"
#include "lks-device-images.h"
#include "lks-device-net.h"
#include "lks-device-number.h"
#include "lks-device-private.h"
#include "lks-device-state.h"
#include "lks-device-update.h"
#include "lks-device-wifi.h"

#include <glib/gstdio.h>
#include <string.h>

/* A board that refuses, lies, floods, stalls or vanishes: a clear error, within its limit. */

#define OK_HEAD "HTTP/1.1 200 OK\r\nREST-API-Version: 4.6.0\r\n"

/* Generous for a machine under load, and less than the shortest limit behind it, that of
 * connecting. */
#define AT_ONCE_US (5 * G_USEC_PER_SEC)

static void
expect_raw (Fixture *f, const char *request, const char *reply, After after)
{
  board_server_expect_raw (f->server, request, reply, strlen (reply), after);
}

static gboolean
get_status (Fixture *f, GError **error)
{
  guint64 uptime_s = 4711;
  gboolean ok = lks_device_get_status (f->device, &uptime_s, NULL, error);

  if (!ok)
    g_assert_cmpuint (uptime_s, ==, 4711);
  return ok;
}

static void
test_refusals (Fixture *f, gconstpointer unused)
{
  static const struct
  {
    guint status;
    const char *body;
    LksDeviceError code;
    guint32 number; /* 0: none */
    const char *says;
  } cases[] = {
    { 403, "{\"error\":10485778}", LKS_DEVICE_ERROR_REFUSED, 10485778, "10485778" },
    { 403, "", LKS_DEVICE_ERROR_REFUSED, 0, "locked" },
    { 403, "{\"error\":0}", LKS_DEVICE_ERROR_REFUSED, 0, "403" },
    { 404, "{\"error\":15728642}", LKS_DEVICE_ERROR_NOT_FOUND, 15728642, "InvalidRequestUri" },
    { 412, "", LKS_DEVICE_ERROR_NOT_FOUND, 0, "too old" },
    { 400, "{\"error\":13631513}", LKS_DEVICE_ERROR_REJECTED, 13631513, "too short" },
    { 400, "{\"error\":10485778}", LKS_DEVICE_ERROR_REFUSED, 10485778, "locked" },
    { 400, "{\"error\":1048596}", LKS_DEVICE_ERROR_REFUSED, 1048596, "capability" },
    { 400, "{\"error\":10485837}", LKS_DEVICE_ERROR_REJECTED, 10485837, "RestError/77 (10485837)" },
    { 409, "{\"error\":14680076}", LKS_DEVICE_ERROR_REJECTED, 14680076, "not installed" },
    { 415, "{}", LKS_DEVICE_ERROR_REJECTED, 0, "415" },
    { 418, "{\"error\":\"13\"}", LKS_DEVICE_ERROR_REJECTED, 0, "418" },
    { 500, "{\"error\":13631506}", LKS_DEVICE_ERROR_INTERNAL, 13631506, "off" },
    { 500, "{\"error\":13}", LKS_DEVICE_ERROR_REFUSED, 13, "permission denied" },
    { 500, "{\"error\":-1}", LKS_DEVICE_ERROR_INTERNAL, G_MAXUINT32, "4095/1048575" },
    { 500, "<html>oops</html>", LKS_DEVICE_ERROR_INTERNAL, 0, "500" },
    { 503, "[1,", LKS_DEVICE_ERROR_INTERNAL, 0, "503" },
    { 302, "", LKS_DEVICE_ERROR_BAD_ANSWER, 0, "302" },
    { 206, "{\"uptime\":58}", LKS_DEVICE_ERROR_BAD_ANSWER, 0, "206" },
    { 200, "{\"error\":14680068}", LKS_DEVICE_ERROR_REJECTED, 14680068, "14680068" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      guint32 number = 0;

      g_test_message ("%u %s", cases[i].status, cases[i].body);
      board_server_expect (f->server, "GET /status", "", cases[i].status, cases[i].body);
      g_assert_false (get_status (f, &error));
      g_assert_error (error, LKS_DEVICE_ERROR, (int) cases[i].code);
      g_assert_cmpuint (lks_device_error_get_http_status (error), ==, cases[i].status);
      g_assert_cmpint (lks_device_error_get_number (error, &number), ==, cases[i].number != 0);
      g_assert_cmpuint (number, ==, cases[i].number);
      g_assert_nonnull (strstr (error->message, "GET /status"));
      g_assert_nonnull (strstr (error->message, cases[i].says));
    }

  g_assert_cmpuint (board_server_get_connections (f->server), ==, 1);
}

static void
test_wrong_bodies (Fixture *f, gconstpointer unused)
{
  static const char *const bodies[] = {
    "",
    "null",
    "[]",
    "58",
    "{",
    "{}",
    "{\"uptime\":null}",
    "{\"uptime\":\"58\"}",
    "{\"uptime\":-1}",
    "{\"uptime\":1.5}",
    "{\"uptime\":true}",
    "{\"uptime\":58,\"uptime\":59}",
    "{\"uptime\":58} x",
    "{\"uptime\":58}{\"uptime\":58}",
    "{'uptime':58}",
    "{\"Uptime\":58}",
    "<html><body>404</body></html>",
    "{\"uptime\":58,\"x\":\"\xff\"}",
    "{\"x\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("body %" G_GSIZE_FORMAT, i);
      board_server_expect (f->server, "GET /status", "", 200, bodies[i]);
      g_assert_false (get_status (f, &error));
      g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BAD_ANSWER);
      g_assert_cmpuint (lks_device_error_get_http_status (error), ==, 200);
    }

  /* None of them spoils the connection. */
  fixture_say_hello (f);
  g_assert_cmpuint (board_server_get_connections (f->server), ==, 1);
}

static void
test_wrong_values (Fixture *f, gconstpointer unused)
{
  static const char *const capabilities[] = {
    "{\"device_capabilities\":[\"11\"]}",  "{\"device_capabilities\":[11,null]}",
    "{\"device_capabilities\":[1.0]}",     "{\"device_capabilities\":11}",
    "{\"device_capabilities\":[{}]}",      "{\"device_capabilities\":[2147483648]}",
    "{\"device_capabilities\":[11,[12]]}", "{}",
  };
  static const char *const ids[] = {
    "{\"securityState\":\"SECURE\",\"deviceIdentifier\":\"\"}",
    "{\"securityState\":\"SECURE\",\"deviceIdentifier\":\"0123\"}",
    "{\"securityState\":\"SECURE\",\"deviceIdentifier\":17}",
    "{\"securityState\":1}",
  };

  fixture_say_hello (f);
  for (gsize i = 0; i < G_N_ELEMENTS (capabilities); i++)
    {
      g_autoptr (GError) error = NULL;

      board_server_expect (f->server, "GET /device/capabilities", "", 200, capabilities[i]);
      g_assert_null (lks_device_get_capabilities (f->device, NULL, &error));
      g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BAD_ANSWER);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (GError) error = NULL;

      board_server_expect (f->server, "GET /device/security_state", "", 200, ids[i]);
      g_assert_null (lks_device_get_security_state (f->device, NULL, &error));
      g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BAD_ANSWER);
    }
}

static void
test_wrong_space (Fixture *f, gconstpointer unused)
{
  static const char *const texts[] = { "\"\"", "\"-1\"", "\"24 \"", "24514", "\"0x10\"" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"AvailableSpace\":%s}", texts[i]);
      g_autoptr (GError) error = NULL;
      guint64 bytes;

      board_server_expect (f->server, "GET /certstore/space", "", 200, json);
      g_assert_false (lks_device_get_cert_space (f->device, &bytes, NULL, &error));
      g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BAD_ANSWER);
    }
}

/* A missing flag must not read as "no update is running". */
static void
test_images_without_flags (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  board_server_expect (f->server, "GET /images", "", 200,
                       "{\"has_staged_updates\":false,\"restart_required\":false,"
                       "\"components\":[]}");
  g_assert_null (lks_device_get_images (f->device, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BAD_ANSWER);
  g_assert_nonnull (strstr (error->message, "is_ota_update_in_progress"));
}

static void
test_broken_answers (Fixture *f, gconstpointer unused)
{
  static const struct
  {
    const char *name;
    const char *reply;
    After after;
    LksDeviceError code;
  } cases[] = {
    { "cut off", OK_HEAD "Content-Length: 14\r\n\r\n{\"uptime\":", AFTER_CLOSE,
      LKS_DEVICE_ERROR_LOST },
    { "reset in the body", OK_HEAD "Content-Length: 14\r\n\r\n{\"uptime\":", AFTER_RESET,
      LKS_DEVICE_ERROR_LOST },
    { "reset in the header", "HTTP/1.1 200 OK\r\nREST-", AFTER_RESET, LKS_DEVICE_ERROR_LOST },
    { "nothing but a head", OK_HEAD "\r\n", AFTER_CLOSE, LKS_DEVICE_ERROR_LOST },
    { "longer than announced", OK_HEAD "Content-Length: 3\r\n\r\n{\"uptime\":58}", AFTER_STALL,
      LKS_DEVICE_ERROR_BAD_ANSWER },
    { "announced too large", OK_HEAD "Content-Length: 10485760\r\n\r\n{", AFTER_STALL,
      LKS_DEVICE_ERROR_BAD_ANSWER },
    { "length beyond numbers", OK_HEAD "Content-Length: 99999999999999999999999\r\n\r\n{",
      AFTER_STALL, LKS_DEVICE_ERROR_BAD_ANSWER },
    { "length is no number", OK_HEAD "Content-Length: x\r\n\r\n{", AFTER_STALL,
      LKS_DEVICE_ERROR_BAD_ANSWER },
    { "bad chunk", OK_HEAD "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n", AFTER_STALL,
      LKS_DEVICE_ERROR_BAD_ANSWER },
    { "chunks cut off", OK_HEAD "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"upt\r\n", AFTER_CLOSE,
      LKS_DEVICE_ERROR_LOST },
    { "no status line", "hello, this is not HTTP at all\r\n\r\n", AFTER_STALL,
      LKS_DEVICE_ERROR_BAD_ANSWER },
    { "another protocol", "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n", AFTER_STALL,
      LKS_DEVICE_ERROR_BAD_ANSWER },
    { "switching protocols", "HTTP/1.1 101 Go\r\nUpgrade: h2c\r\n\r\n", AFTER_CLOSE,
      LKS_DEVICE_ERROR_LOST },
    { "endless header", OK_HEAD, AFTER_HEADERS, LKS_DEVICE_ERROR_BAD_ANSWER },
    { "compressed", OK_HEAD "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b",
      AFTER_KEEP, LKS_DEVICE_ERROR_BAD_ANSWER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cases[i].name);
      expect_raw (f, "GET /status", cases[i].reply, cases[i].after);
      g_assert_false (get_status (f, &error));
      g_test_message ("%s", error->message);
      /* libcurl versions differ in whether a bad chunk is a bad answer or a bad connection. */
      if (strcmp (cases[i].name, "bad chunk") != 0 || error->code != LKS_DEVICE_ERROR_LOST)
        g_assert_error (error, LKS_DEVICE_ERROR, (int) cases[i].code);
      fixture_say_hello (f); /* the next call is not harmed */
    }
}

static void
test_endless_line (Fixture *f, gconstpointer unused)
{
  g_autoptr (GString) reply = g_string_new (OK_HEAD "X-Long: ");
  g_autoptr (GError) error = NULL;

  while (reply->len < 200 * 1024)
    g_string_append (reply, "0123456789abcdef");
  expect_raw (f, "GET /status", reply->str, AFTER_STALL);
  g_assert_false (get_status (f, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BAD_ANSWER);
}

static void
test_flood (Fixture *f, gconstpointer unused)
{
  g_autoptr (GString) reply = g_string_new (OK_HEAD "Transfer-Encoding: chunked\r\n\r\n");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 300; i++)
    {
      g_string_append (reply, "400\r\n");
      for (guint j = 0; j < 1024; j++)
        g_string_append_c (reply, ' ');
      g_string_append (reply, "\r\n");
    }
  expect_raw (f, "GET /status", reply->str, AFTER_STALL);
  g_assert_false (get_status (f, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BAD_ANSWER);
  g_assert_nonnull (strstr (error->message, "larger"));
}

static void
test_good_in_other_forms (Fixture *f, gconstpointer unused)
{
  static const char *const replies[] = {
    OK_HEAD "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"upt\r\n8\r\nime\":58}\r\n0\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n" OK_HEAD "Content-Length: 14\r\n\r\n{ \"uptime\":58}",
    OK_HEAD "content-length:13\r\nCONTENT-TYPE:text/html\r\n\r\n{\"uptime\":58}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      g_autoptr (GError) error = NULL;

      expect_raw (f, "GET /status", replies[i], AFTER_KEEP);
      g_assert_true (get_status (f, &error));
      g_assert_no_error (error);
    }
  expect_raw (f, "GET /status", OK_HEAD "Connection: close\r\n\r\n{\"uptime\":58}", AFTER_CLOSE);
  g_assert_true (get_status (f, NULL));
  g_assert_cmpuint (board_server_get_connections (f->server), ==, 1);
}

/* A head whose first line continues a line that never was. libcurl 7.88 appends it to the last
 * header of the exchange before, if the handle is the same. */
static void
test_folded_header (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  fixture_say_hello (f);
  expect_raw (f, "GET /status",
              "HTTP/1.1 200 OK\r\n 4.7.0: 1\r\nContent-Length: 13\r\n\r\n{\"uptime\":58}",
              AFTER_CLOSE);
  get_status (f, &error);
  g_assert_cmpstr (lks_device_get_rest_version (f->device), !=, "4.7.0");
  fixture_say_hello (f);
}

static void
test_kept_alive (Fixture *f, gconstpointer unused)
{
  g_autofree char *head = NULL;

  for (guint i = 0; i < 20; i++)
    fixture_say_hello (f);
  g_assert_cmpuint (board_server_get_connections (f->server), ==, 1);
  g_assert_cmpuint (lks_device_get_handshakes (f->device), ==, 1);

  head = board_server_dup_head (f->server);
  g_assert_cmpstr (head, ==,
                   "GET /status HTTP/1.1\r\nHost: *.devices.sphere.azure.local\r\n"
                   "Accept: application/json\r\n\r\n");

  lks_device_disconnect (f->device);
  lks_device_set_host (f->device, "192.168.35.2");
  fixture_say_hello (f);
  g_assert_cmpuint (board_server_get_connections (f->server), ==, 2);
  g_free (head);
  head = board_server_dup_head (f->server);
  g_assert_nonnull (strstr (head, "\r\nHost: 192.168.35.2\r\n"));
}

/* The board closed the idle connection: nobody notices. */
static void
test_closed_while_idle (Fixture *f, gconstpointer unused)
{
  expect_raw (f, "GET /status", OK_HEAD "Content-Length: 13\r\n\r\n{\"uptime\":58}", AFTER_CLOSE);
  g_assert_true (get_status (f, NULL));
  fixture_say_hello (f);
  g_assert_cmpuint (board_server_get_connections (f->server), ==, 2);
}

/* The kept-alive connection dies under a request: a GET is repeated, nothing else is. */
static void
test_dies_under_request (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  fixture_say_hello (f);
  expect_raw (f, "GET /status", "", AFTER_RESET);
  fixture_say_hello (f);
  g_assert_cmpuint (board_server_get_connections (f->server), ==, 2);

  expect_raw (f, "POST /restart", "", AFTER_RESET);
  g_assert_false (lks_device_restart (f->device, NULL, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_LOST);
  g_assert_cmpuint (board_server_get_aborts (f->server), ==, 0); /* it is over already */
  g_assert_cmpuint (board_server_get_connections (f->server), ==, 2);
  g_clear_error (&error);

  fixture_say_hello (f);
  expect_raw (f, "PUT /device/manufacturing_state", "", AFTER_RESET);
  g_assert_false (lks_device_set_manufacturing_state (f->device,
                                                      LKS_MANUFACTURING_STATE_DEVICE_COMPLETE, NULL,
                                                      &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_LOST);
}

static void
test_dies_under_upload (Fixture *f, gconstpointer unused)
{
  g_autoptr (GBytes) package = g_bytes_new_take (g_malloc0 (2048), 2048);
  g_autoptr (GError) error = NULL;

  fixture_say_hello (f);
  expect_raw (f, "PUT /update/stage", "", AFTER_RESET);
  g_assert_false (lks_device_stage_image (f->device, package, NULL, NULL, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_LOST);
}

static void
test_busy (Fixture *f, gconstpointer unused)
{
  g_autoptr (GBytes) package = g_bytes_new_static ("package", 7);
  g_autoptr (GError) error = NULL;

  fixture_say_hello (f);
  board_server_expect (f->server, "PUT /update/stage", "package", 400, "{\"error\":10485765}");
  board_server_expect (f->server, "PUT /update/stage", "package", 200, "{}");
  g_assert_true (lks_device_stage_image (f->device, package, NULL, NULL, NULL, &error));
  g_assert_no_error (error);

  for (guint i = 0; i < 4; i++)
    board_server_expect (f->server, "GET /status", "", 500, "{\"error\":10485765}");
  g_assert_false (get_status (f, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BUSY);
}

/* Limits, through the private call so that the test need not wait as long as people do. */
static void
test_limits (Fixture *f, gconstpointer unused)
{
  const LksCall in_time = { .method = "GET", .path = "/a", .limit_ms = 300 };
  const LksCall not_quiet = { .method = "PUT", .path = "/b", .quiet_ms = 300 };
  gint64 begin_us = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;

  expect_raw (f, "GET /a", OK_HEAD, AFTER_STALL);
  g_assert_null (lks_device_call (f->device, &in_time, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_TIMED_OUT);
  g_clear_error (&error);
  g_assert_cmpuint (board_server_get_aborts (f->server), ==, 1);

  expect_raw (f, "PUT /b", "", AFTER_STALL);
  g_assert_null (lks_device_call (f->device, &not_quiet, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_TIMED_OUT);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <, AT_ONCE_US);
  g_assert_cmpuint (board_server_get_aborts (f->server), ==, 2);
}

static gpointer
cancel_thread (gpointer data)
{
  gpointer *pair = data;

  board_server_wait_for (pair[0], 1);
  g_cancellable_cancel (pair[1]);
  return NULL;
}

static void
test_cancel_during (Fixture *f, gconstpointer unused)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gpointer pair[] = { f->server, cancellable };
  g_autoptr (GError) error = NULL;
  gint64 begin_us = g_get_monotonic_time ();
  GThread *thread;

  expect_raw (f, "GET /images", OK_HEAD "Content-Length: 100\r\n\r\n{", AFTER_STALL);
  thread = g_thread_new ("cancel", cancel_thread, pair);
  g_assert_null (lks_device_get_images (f->device, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <, AT_ONCE_US);
  g_assert_cmpuint (board_server_get_aborts (f->server), ==, 1);
  g_thread_join (thread);

  fixture_say_hello (f);
}

static gpointer
call_thread (gpointer data)
{
  Fixture *f = data;

  get_status (f, NULL);
  return NULL;
}

/* A second call beside the first is a mistake of the program and must not pass unnoticed. */
static void
test_two_threads (Fixture *f, gconstpointer unused)
{
  if (g_test_subprocess ())
    {
      expect_raw (f, "GET /status", OK_HEAD, AFTER_STALL);
      g_thread_new ("call", call_thread, f);
      board_server_wait_for (f->server, 1);
      get_status (f, NULL);
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*is_free*");
}

static void
test_cancel_before (Fixture *f, gconstpointer unused)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (lks_device_get_images (f->device, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (board_server_get_connections (f->server), ==, 0);
}

static gpointer
cancel_at_once_thread (gpointer data)
{
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancel_connecting (Fixture *f, gconstpointer unused)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  gint64 begin_us = g_get_monotonic_time ();
  GThread *thread;

  board_server_hang_prepare (f->server);
  thread = g_thread_new ("cancel", cancel_at_once_thread, cancellable);
  g_assert_null (lks_device_get_images (f->device, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <, AT_ONCE_US);
  g_thread_join (thread);
}

/* Cancelled while it waits for a busy board. */
static void
test_cancel_busy (Fixture *f, gconstpointer unused)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gpointer pair[] = { f->server, cancellable };
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("cancel", cancel_thread, pair);

  board_server_expect (f->server, "GET /images", "", 500, "{\"error\":10485765}");
  g_assert_null (lks_device_get_images (f->device, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
}

static void
test_unreachable (Fixture *f, gconstpointer unused)
{
  static const int codes[] = { G_IO_ERROR_NOT_CONNECTED, G_IO_ERROR_CONNECTION_REFUSED,
                               G_IO_ERROR_TIMED_OUT };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (GError) reason = g_error_new_literal (G_IO_ERROR, codes[i], "it is gone");
      g_autoptr (GError) error = NULL;

      board_server_refuse (f->server, reason);
      g_assert_false (get_status (f, &error));
      g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNREACHABLE);
      g_assert_nonnull (strstr (error->message, "it is gone"));
      g_assert_cmpuint (lks_device_error_get_http_status (error), ==, 0);
    }

  board_server_refuse (f->server, NULL);
  fixture_say_hello (f);
}

static void
assert_distrusted (Fixture *f, const IdentityPlan *plan, const char *says)
{
  g_autoptr (Identity) identity = identity_new (plan);
  g_autoptr (GError) error = NULL;

  board_server_set_identity (f->server, identity);
  g_assert_false (get_status (f, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNTRUSTED);
  if (strstr (error->message, says) == NULL)
    g_error ("“%s” does not say “%s”", error->message, says);
}

static void
test_untrusted (Fixture *f, gconstpointer unused)
{
  const IdentityPlan ca_plan = { .is_ca = TRUE };
  g_autoptr (Identity) other = identity_new (&ca_plan);
  X509 *ca = f->ca->leaf;
  EVP_PKEY *key = f->ca->key;
  const IdentityPlan other_issuer = { .issuer = other->leaf, .issuer_key = other->key };
  const IdentityPlan forged_issuer = { .issuer = ca, .issuer_key = other->key };
  const IdentityPlan self_signed = { 0 };
  const IdentityPlan expired = {
    .issuer = ca,
    .issuer_key = key,
    .begin_days = -20,
    .end_days = -10,
  };
  const IdentityPlan too_early = {
    .issuer = ca,
    .issuer_key = key,
    .begin_days = 10,
    .end_days = 20,
  };
  const IdentityPlan wrong_name = { .issuer = ca, .issuer_key = key, .name = "DNS:example.com" };

  assert_distrusted (f, &other_issuer, "not issued by");
  assert_distrusted (f, &forged_issuer, "not issued by");
  assert_distrusted (f, &self_signed, "not issued by");
  assert_distrusted (f, &expired, "expired on");
  assert_distrusted (f, &too_early, "set the clock");
  assert_distrusted (f, &wrong_name, "another name");

  board_server_set_identity (f->server, f->identity);
  fixture_say_hello (f);
}

/* libcurl and OpenSSL know files full of public CAs (main() names this one to them). None of
 * them counts. */
static void
test_public_ca (Fixture *f, gconstpointer unused)
{
  const IdentityPlan ca_plan = { .is_ca = TRUE };
  g_autoptr (Identity) public_ca = identity_new (&ca_plan);
  const IdentityPlan plan = { .issuer = public_ca->leaf, .issuer_key = public_ca->key };

  identity_save (public_ca, g_getenv ("SSL_CERT_FILE"));
  assert_distrusted (f, &plan, "not issued by");
  g_unlink (g_getenv ("SSL_CERT_FILE"));
}

typedef struct
{
  guint count;
  char *last;
  char *body;
} Evidence;

static void
observe_cb (const LksDeviceExchange *exchange, gpointer user_data)
{
  Evidence *evidence = user_data;

  evidence->count++;
  g_free (evidence->last);
  g_free (evidence->body);
  evidence->last =
      g_strdup_printf ("%s %s %u %s %" G_GSIZE_FORMAT " %s", exchange->method, exchange->path,
                       exchange->http_status, exchange->rest_version, exchange->body_bytes,
                       exchange->error != NULL ? g_quark_to_string (exchange->error->domain) : "-");
  evidence->body = g_strdup (exchange->body);
  g_assert_cmpint (exchange->duration_us, >=, 0);
  g_assert_cmpint (exchange->started_at_us, >, G_GINT64_CONSTANT (1700000000000000));
}

static void
test_observer (Fixture *f, gconstpointer unused)
{
  const LksProxyRequest proxy = { .address = "p", .username = "u", .password = "s3cret" };
  g_autoptr (LksProxy) set = NULL;
  g_autoptr (GError) error = NULL;
  Evidence evidence = { 0 };

  lks_device_set_observer (f->device, observe_cb, &evidence);
  fixture_say_hello (f);
  g_assert_cmpstr (evidence.last, ==, "GET /status 200 4.6.0 13 -");
  g_assert_cmpstr (evidence.body, ==, "{\"uptime\":58}");

  board_server_expect (f->server, "GET /status", "", 403, "{\"error\":10485778}");
  g_assert_false (get_status (f, NULL));
  g_assert_cmpstr (evidence.last, ==, "GET /status 403 4.6.0 18 -");
  g_assert_cmpstr (evidence.body, ==, "{\"error\":10485778}");

  board_server_expect (f->server, "POST /net/proxy", NULL, 200, "{\"password\":\"s3cret\"}");
  set = lks_device_set_proxy (f->device, &proxy, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (evidence.last, ==, "POST /net/proxy 200 4.6.0 21 -");
  g_assert_null (evidence.body);

  expect_raw (f, "GET /status", "HTTP/1.1 200 OK\r\n", AFTER_RESET);
  g_assert_false (get_status (f, NULL));
  g_assert_cmpstr (evidence.last, ==, "GET /status 0 (null) 0 LksDeviceError");
  g_assert_cmpuint (evidence.count, ==, 4);

  g_free (evidence.last);
  g_free (evidence.body);
}

static void
assert_invalid (gboolean ok, GError **error)
{
  g_assert_false (ok);
  g_assert_error (*error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_INVALID_ARGUMENT);
  g_assert_null (strstr ((*error)->message, "s3cret"));
  g_clear_error (error);
}

static void
test_wifi_arguments (Fixture *f, gconstpointer unused)
{
  static const LksWifiRequest requests[] = {
    { .ssid = "", .security = LKS_WIFI_SECURITY_OPEN },
    { .ssid = NULL, .security = LKS_WIFI_SECURITY_OPEN },
    { .ssid = "123456789012345678901234567890123", .security = LKS_WIFI_SECURITY_OPEN },
    { .ssid = "\xff\xfe", .security = LKS_WIFI_SECURITY_OPEN },
    { .ssid = "a" },
    { .ssid = "a", .security = LKS_WIFI_SECURITY_OPEN, .psk = "s3cret12" },
    { .ssid = "a", .security = LKS_WIFI_SECURITY_PSK },
    { .ssid = "a", .security = LKS_WIFI_SECURITY_PSK, .psk = "s3cret1" },
    { .ssid = "a",
      .security = LKS_WIFI_SECURITY_PSK,
      .psk = "s3cret7890123456789012345678901234567890123456789012345678901234" },
    { .ssid = "a", .security = LKS_WIFI_SECURITY_OPEN, .config_name = "12345678901234567" },
    { .ssid = "a", .security = LKS_WIFI_SECURITY_OPEN, .client_cert_id = "c" },
    { .ssid = "a", .security = LKS_WIFI_SECURITY_EAP_TLS },
    { .ssid = "a", .security = LKS_WIFI_SECURITY_EAP_TLS, .client_cert_id = "no blanks" },
  };
  const LksWifiChange nothing = { 0 };
  const LksWifiChange short_key = { .psk = "s3cret1" };
  const LksWifiChange temporary = { .config_state = LKS_WIFI_CONFIG_STATE_TEMP_DISABLED };
  const LksWifiInterfaceChange no_change = { 0 };
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    assert_invalid (lks_device_add_wifi_network (f->device, &requests[i], NULL, &error) != NULL,
                    &error);
  assert_invalid (lks_device_get_wifi_network (f->device, -1, NULL, &error) != NULL, &error);
  assert_invalid (lks_device_delete_wifi_network (f->device, -1, NULL, &error), &error);
  assert_invalid (lks_device_change_wifi_network (f->device, 0, &nothing, NULL, &error) != NULL,
                  &error);
  assert_invalid (lks_device_change_wifi_network (f->device, 0, &short_key, NULL, &error) != NULL,
                  &error);
  assert_invalid (lks_device_change_wifi_network (f->device, 0, &temporary, NULL, &error) != NULL,
                  &error);
  assert_invalid (lks_device_change_wifi_interface (f->device, &no_change, NULL, &error), &error);
  g_assert_cmpuint (board_server_get_connections (f->server), ==, 0);
}

static void
test_net_arguments (Fixture *f, gconstpointer unused)
{
  static const LksProxyRequest proxies[] = {
    { .address = "" },
    { .address = NULL },
    { .address = "p", .port = 65536 },
    { .address = "p", .username = "u" },
    { .address = "p", .password = "s3cret" },
    { .address = "p", .username = "", .password = "s3cret" },
  };
  static const char *const macs[] = { "", "a1:b2:c3:4d:e5:6", "a1-b2-c3-4d-e5-6f",
                                      "a1:b2:c3:4d:e5:6g" };
  const LksNetInterfaceChange nothing = { 0 };
  const LksNetInterfaceChange up = { .set_up = TRUE, .is_up = TRUE };
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (proxies); i++)
    assert_invalid (lks_device_set_proxy (f->device, &proxies[i], NULL, &error) != NULL, &error);
  for (gsize i = 0; i < G_N_ELEMENTS (macs); i++)
    {
      const LksNetInterfaceChange change = { .hardware_address = macs[i] };

      assert_invalid (lks_device_change_interface (f->device, "eth0", &change, NULL, &error),
                      &error);
    }
  assert_invalid (lks_device_change_interface (f->device, "eth0", &nothing, NULL, &error), &error);
  assert_invalid (lks_device_change_interface (f->device, "", &up, NULL, &error), &error);
  assert_invalid (lks_device_get_interface (f->device, "..", NULL, &error) != NULL, &error);
  g_assert_cmpuint (board_server_get_connections (f->server), ==, 0);
}

static void
test_other_arguments (Fixture *f, gconstpointer unused)
{
  static const char *const ids[] = { "", ".", "..", "12345678901234567", "a/b", "a b", "\xc3\xa9" };
  static const LksCertRequest requests[] = {
    { .type = LKS_CERT_TYPE_CLIENT, .public_pem = "p" },
    { .type = LKS_CERT_TYPE_CLIENT, .private_pem = "s3cret" },
    { .type = LKS_CERT_TYPE_ROOT_CA, .public_pem = "p", .private_pem = "s3cret" },
    { .type = LKS_CERT_TYPE_ROOT_CA, .public_pem = "p", .password = "s3cret" },
    { .type = LKS_CERT_TYPE_ROOT_CA, .public_pem = "" },
  };
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      assert_invalid (lks_device_get_cert (f->device, ids[i], NULL, &error) != NULL, &error);
      assert_invalid (lks_device_delete_cert (f->device, ids[i], NULL, &error), &error);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    assert_invalid (lks_device_add_cert (f->device, "id", &requests[i], NULL, &error), &error);
  assert_invalid (lks_device_stage_image (f->device, empty, NULL, NULL, NULL, &error), &error);
  g_assert_cmpuint (board_server_get_connections (f->server), ==, 0);
}

int
main (int argc, char **argv)
{
  g_autofree char *dir = g_dir_make_tmp ("lks-faults-XXXXXX", NULL);
  g_autofree char *public_ca = g_build_filename (dir, "public-ca.pem", NULL);
  int status;

  g_setenv ("SSL_CERT_FILE", public_ca, TRUE);
  g_setenv ("CURL_CA_BUNDLE", public_ca, TRUE);
  g_test_init (&argc, &argv, NULL);

  add_test ("/device/faults/refusals", test_refusals);
  add_test ("/device/faults/wrong-bodies", test_wrong_bodies);
  add_test ("/device/faults/wrong-values", test_wrong_values);
  add_test ("/device/faults/wrong-space", test_wrong_space);
  add_test ("/device/faults/images-without-flags", test_images_without_flags);
  add_test ("/device/faults/broken-answers", test_broken_answers);
  add_test ("/device/faults/endless-line", test_endless_line);
  add_test ("/device/faults/flood", test_flood);
  add_test ("/device/faults/good-in-other-forms", test_good_in_other_forms);
  add_test ("/device/faults/folded-header", test_folded_header);
  add_test ("/device/faults/kept-alive", test_kept_alive);
  add_test ("/device/faults/closed-while-idle", test_closed_while_idle);
  add_test ("/device/faults/dies-under-request", test_dies_under_request);
  add_test ("/device/faults/dies-under-upload", test_dies_under_upload);
  add_test ("/device/faults/busy", test_busy);
  add_test ("/device/faults/limits", test_limits);
  add_test ("/device/faults/cancel-during", test_cancel_during);
  add_test ("/device/faults/two-threads", test_two_threads);
  add_test ("/device/faults/cancel-before", test_cancel_before);
  add_test ("/device/faults/cancel-connecting", test_cancel_connecting);
  add_test ("/device/faults/cancel-busy", test_cancel_busy);
  add_test ("/device/faults/unreachable", test_unreachable);
  add_test ("/device/faults/untrusted", test_untrusted);
  add_test ("/device/faults/public-ca", test_public_ca);
  add_test ("/device/faults/observer", test_observer);
  add_test ("/device/faults/wifi-arguments", test_wifi_arguments);
  add_test ("/device/faults/net-arguments", test_net_arguments);
  add_test ("/device/faults/other-arguments", test_other_arguments);

  status = g_test_run ();
  g_rmdir (dir);
  return status;
}
