/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The self-test of the network, with everything on loopback: what is there, what is not, what
 * pretends to be. */
#include "cloud-server.h"

#include "lks-network-test.h"

#include <string.h>

/* ---- servers that are not the cloud's ---- */

typedef struct
{
  GSocketService *service;
  char *reply; /* (owned): to every connection */
  guint16 port;
} Plain;

static gboolean
incoming_cb (Plain *plain, GSocketConnection *connection)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  char head[1024];

  if (g_input_stream_read (input, head, sizeof head, NULL, NULL) > 0)
    g_output_stream_write_all (output, plain->reply, strlen (plain->reply), NULL, NULL, NULL);
  return TRUE;
}

static void
plain_start (Plain *self, const char *reply)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) effective = NULL;

  self->reply = g_strdup (reply);
  self->service = g_threaded_socket_service_new (2);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  g_signal_connect_swapped (self->service, "run", G_CALLBACK (incoming_cb), self);
}

static void
plain_stop (Plain *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  g_free (self->reply);
}

/* A port at which nobody listens any more. */
static guint16
get_closed_port (void)
{
  Plain plain = { 0 };
  guint16 port;

  plain_start (&plain, "");
  port = plain.port;
  plain_stop (&plain);
  return port;
}

/* ---- one test ---- */

/* The main context accepts connections meanwhile. */
typedef struct
{
  GPtrArray *plan;
  LksCloudTrust *trust;
  GProxyResolver *resolver;
  GMainLoop *loop;
} Run;

static gboolean
ended_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

static gpointer
run_in_thread (gpointer data)
{
  Run *run = data;
  g_autoptr (GError) error = NULL;

  g_assert_true (lks_network_test (run->plan, run->trust, run->resolver, NULL, &error));
  g_assert_no_error (error);
  g_idle_add (ended_cb, run->loop);
  return NULL;
}

static GPtrArray *
test_one (const char *host,
          guint16 port,
          LksNetworkKind kind,
          LksCloudTrust *trust,
          GProxyResolver *resolver)
{
  GPtrArray *plan = g_ptr_array_new_with_free_func ((GDestroyNotify) lks_network_result_free);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (LksCloudTrust) none = lks_cloud_trust_new ();
  g_autoptr (GProxyResolver) direct = g_simple_proxy_resolver_new ("direct://", NULL);
  Run run = { plan, trust != NULL ? trust : none, resolver != NULL ? resolver : direct, loop };
  GThread *thread;

  g_ptr_array_add (plan, lks_network_result_new (host, port, kind, "test"));
  thread = g_thread_new ("test", run_in_thread, &run);
  g_main_loop_run (loop);
  g_thread_join (thread);
  return plan;
}

static const LksNetworkResult *
get_result (GPtrArray *plan)
{
  return g_ptr_array_index (plan, 0);
}

static guint16
get_port (CloudServer *server)
{
  return (guint16) g_ascii_strtoull (strrchr (cloud_server_get_base (server), ':') + 1, NULL, 10);
}

/* ---- HTTPS ---- */

static void
test_reached (void)
{
  g_autoptr (CloudServer) server = cloud_server_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *date = g_date_time_format (now, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n");
  g_autoptr (GPtrArray) plan = NULL;

  /* Any answer will do: nothing of the service's own is asked for. The first connection only tries
   * the way. */
  cloud_server_reply (server, 404, date, "");
  plan = test_one ("127.0.0.1", get_port (server), LKS_NETWORK_HTTPS,
                   cloud_server_get_trust (server), NULL);
  g_assert_cmpint (get_result (plan)->verdict, ==, LKS_NETWORK_REACHED);
  g_assert_true (get_result (plan)->has_clock);
  g_assert_cmpint (ABS (get_result (plan)->clock_ahead_s), <, 300);
  g_assert_null (strstr (cloud_server_get_seen (server, 0)->head, "Authorization"));
}

/* The certificate counts, for a proxy has one that this computer trusts; what it says is its own.
 * The cloud's errors are the cloud's. */
static void
test_who_answers (void)
{
  static const struct
  {
    guint status;
    const char *headers;
    const char *body;
    LksNetworkVerdict verdict;
  } cases[] = {
    { 407, "", "", LKS_NETWORK_PROXY },
    { 511, "", "Log in", LKS_NETWORK_ODD },
    { 403, "", "<!DOCTYPE html><html>This site is blocked</html>", LKS_NETWORK_ODD },
    { 503, "", "\n<HTML><body>Gateway</body></HTML>", LKS_NETWORK_ODD },
    { 403, "x-ms-request-id: 1\r\n", "<html>", LKS_NETWORK_REACHED },
    { 403, "", "{\"error\":{}}", LKS_NETWORK_REACHED },
    { 404, "", "<html>", LKS_NETWORK_REACHED },
    { 503, "", "", LKS_NETWORK_REACHED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CloudServer) server = cloud_server_new ();
      g_autoptr (GPtrArray) plan = NULL;

      cloud_server_reply (server, cases[i].status, cases[i].headers, cases[i].body);
      plan = test_one ("127.0.0.1", get_port (server), LKS_NETWORK_HTTPS,
                       cloud_server_get_trust (server), NULL);
      g_test_message ("%u %s", cases[i].status, cases[i].body);
      g_assert_cmpint (get_result (plan)->verdict, ==, cases[i].verdict);
      g_assert_true ((get_result (plan)->detail == NULL) ==
                     (cases[i].verdict == LKS_NETWORK_REACHED));
    }
}

static void
test_wrong_clock (void)
{
  g_autoptr (CloudServer) server = cloud_server_new ();
  g_autoptr (GPtrArray) plan = NULL;

  cloud_server_reply (server, 200, "Date: Sat, 01 Jan 2011 00:00:00 GMT\r\n", "");
  plan = test_one ("127.0.0.1", get_port (server), LKS_NETWORK_HTTPS,
                   cloud_server_get_trust (server), NULL);
  g_assert_cmpint (get_result (plan)->verdict, ==, LKS_NETWORK_WRONG_CLOCK);
  g_assert_cmpint (get_result (plan)->clock_ahead_s, <, -300);
}

static void
test_untrusted (void)
{
  g_autoptr (CloudServer) server = cloud_server_new ();
  g_autoptr (GPtrArray) plan =
      test_one ("127.0.0.1", get_port (server), LKS_NETWORK_HTTPS, NULL, NULL);

  g_assert_cmpint (get_result (plan)->verdict, ==, LKS_NETWORK_UNTRUSTED);
  g_assert_nonnull (get_result (plan)->detail);
  g_assert_cmpuint (cloud_server_get_n_seen (server), ==, 0);
}

static void
test_no_tls (void)
{
  Plain plain = { 0 };
  g_autoptr (GPtrArray) plan = NULL;

  plain_start (&plain, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nHi");
  plan = test_one ("127.0.0.1", plain.port, LKS_NETWORK_HTTPS, NULL, NULL);
  g_assert_cmpint (get_result (plan)->verdict, ==, LKS_NETWORK_UNTRUSTED);
  plain_stop (&plain);
}

static void
test_refused (void)
{
  g_autoptr (GPtrArray) https =
      test_one ("127.0.0.1", get_closed_port (), LKS_NETWORK_HTTPS, NULL, NULL);
  g_autoptr (GPtrArray) tcp =
      test_one ("127.0.0.1", get_closed_port (), LKS_NETWORK_TCP, NULL, NULL);

  g_assert_cmpint (get_result (https)->verdict, ==, LKS_NETWORK_REFUSED);
  g_assert_cmpint (get_result (tcp)->verdict, ==, LKS_NETWORK_REFUSED);
}

/* RFC 6761: no name below "invalid" leads anywhere. */
static void
test_no_name (void)
{
  g_autoptr (GPtrArray) plan = test_one ("cloud.invalid", 443, LKS_NETWORK_HTTPS, NULL, NULL);

  g_assert_cmpint (get_result (plan)->verdict, ==, LKS_NETWORK_NO_NAME);
}

static GProxyResolver *
create_resolver (guint16 port)
{
  g_autofree char *proxy = g_strdup_printf ("http://127.0.0.1:%u", port);

  return g_simple_proxy_resolver_new (proxy, NULL);
}

static void
test_proxy (void)
{
  static const char *const refusals[] = {
    "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n",
    "HTTP/1.1 403 Forbidden\r\n\r\n",
    "HTTP/1.1 503 No Way\r\n\r\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      Plain plain = { 0 };
      g_autoptr (GProxyResolver) resolver = NULL;
      g_autoptr (GPtrArray) plan = NULL;

      plain_start (&plain, refusals[i]);
      resolver = create_resolver (plain.port);
      plan = test_one ("cloud.invalid", 443, LKS_NETWORK_HTTPS, NULL, resolver);
      g_test_message ("%s: %s", refusals[i], get_result (plan)->detail);
      g_assert_cmpint (get_result (plan)->verdict, ==, LKS_NETWORK_PROXY);
      plain_stop (&plain);
    }
}

static void
test_no_proxy (void)
{
  g_autoptr (GProxyResolver) resolver = create_resolver (get_closed_port ());
  g_autoptr (GPtrArray) plan = test_one ("cloud.invalid", 443, LKS_NETWORK_HTTPS, NULL, resolver);

  g_assert_cmpint (get_result (plan)->verdict, ==, LKS_NETWORK_PROXY);
}

/* ---- a page ---- */

static void
test_page (void)
{
  static const struct
  {
    const char *reply;
    LksNetworkVerdict verdict;
  } cases[] = {
    { "HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\nMicrosoft Connect Test", LKS_NETWORK_REACHED },
    { "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", LKS_NETWORK_ODD },
    { "HTTP/1.1 302 Found\r\nLocation: http://guest.example/\r\n\r\nMicrosoft Connect Test",
      LKS_NETWORK_ODD },
    { "220 mail.example ESMTP\r\n", LKS_NETWORK_ODD },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Plain plain = { 0 };
      g_autoptr (GPtrArray) page = NULL;
      g_autoptr (GPtrArray) tcp = NULL;

      plain_start (&plain, cases[i].reply);
      page = test_one ("127.0.0.1", plain.port, LKS_NETWORK_PAGE, NULL, NULL);
      tcp = test_one ("127.0.0.1", plain.port, LKS_NETWORK_TCP, NULL, NULL);
      g_assert_cmpint (get_result (page)->verdict, ==, cases[i].verdict);
      g_assert_cmpint (get_result (tcp)->verdict, ==, LKS_NETWORK_REACHED);
      plain_stop (&plain);
    }
}

/* ---- time ---- */

typedef struct
{
  GSocket *socket;
  guint8 mode;
  gint64 unix_s;
} TimeServer;

static gpointer
answer_time (gpointer data)
{
  TimeServer *server = data;
  g_autoptr (GSocketAddress) sender = NULL;
  guint8 bytes[48];
  guint32 seconds = GUINT32_TO_BE ((guint32) (server->unix_s + G_GINT64_CONSTANT (2208988800)));

  if (g_socket_receive_from (server->socket, &sender, (char *) bytes, sizeof bytes, NULL, NULL) ==
      sizeof bytes)
    {
      memset (bytes, 0, sizeof bytes);
      bytes[0] = (guint8) (0x18 | server->mode);
      memcpy (bytes + 40, &seconds, sizeof seconds);
      g_socket_send_to (server->socket, sender, (const char *) bytes, sizeof bytes, NULL, NULL);
    }
  return NULL;
}

static LksNetworkVerdict
test_time_server (guint8 mode, gint64 unix_s)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, &error);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) effective = NULL;
  TimeServer server = { socket, mode, unix_s };
  g_autoptr (GPtrArray) plan = NULL;
  GThread *thread;

  g_assert_true (g_socket_bind (socket, address, FALSE, &error));
  effective = g_socket_get_local_address (socket, &error);
  thread = g_thread_new ("time", answer_time, &server);
  plan = test_one ("127.0.0.1", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective)),
                   LKS_NETWORK_TIME, NULL, NULL);
  g_thread_join (thread);
  return get_result (plan)->verdict;
}

static void
test_time (void)
{
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;

  g_assert_cmpint (test_time_server (4, now_s), ==, LKS_NETWORK_REACHED);
  g_assert_cmpint (test_time_server (4, now_s + 3600), ==, LKS_NETWORK_WRONG_CLOCK);
  g_assert_cmpint (test_time_server (3, now_s), ==, LKS_NETWORK_ODD);
}

/* ---- the plan ---- */

static void
test_plan (void)
{
  g_autoptr (GPtrArray) own = lks_network_plan (NULL, "https://cloud.example:8443", NULL, FALSE);
  g_autoptr (GPtrArray) all = lks_network_plan (NULL, NULL, NULL, TRUE);
  g_autoptr (GPtrArray) both = lks_network_plan (NULL, NULL, "https://legacy.example", FALSE);
  const LksNetworkResult *resources = g_ptr_array_index (own, 1);
  const LksNetworkResult *legacy = g_ptr_array_index (both, 2);

  g_assert_cmpstr (get_result (own)->host, ==, "login.microsoftonline.com");
  g_assert_cmpuint (get_result (own)->port, ==, 443);
  g_assert_cmpstr (resources->host, ==, "cloud.example");
  g_assert_cmpuint (resources->port, ==, 8443);
  g_assert_cmpuint (both->len, ==, own->len + 1);
  g_assert_cmpstr (legacy->host, ==, "legacy.example");
  g_assert_cmpuint (all->len, >, own->len);
  for (guint i = own->len; i < all->len; i++)
    g_assert_true (((LksNetworkResult *) g_ptr_array_index (all, i))->is_for_boards);
}

static void
test_cancel (void)
{
  g_autoptr (GPtrArray) plan =
      lks_network_plan ("https://127.0.0.1:1", "https://127.0.0.1:1", NULL, FALSE);
  g_autoptr (LksCloudTrust) trust = lks_cloud_trust_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (lks_network_test (plan, trust, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network/plan", test_plan);
  g_test_add_func ("/network/reached", test_reached);
  g_test_add_func ("/network/who-answers", test_who_answers);
  g_test_add_func ("/network/page", test_page);
  g_test_add_func ("/network/wrong-clock", test_wrong_clock);
  g_test_add_func ("/network/untrusted", test_untrusted);
  g_test_add_func ("/network/no-tls", test_no_tls);
  g_test_add_func ("/network/refused", test_refused);
  g_test_add_func ("/network/no-name", test_no_name);
  g_test_add_func ("/network/proxy", test_proxy);
  g_test_add_func ("/network/no-proxy", test_no_proxy);
  g_test_add_func ("/network/time", test_time);
  g_test_add_func ("/network/cancel", test_cancel);
  return g_test_run ();
}
