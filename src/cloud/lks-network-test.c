/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-network-test.h"

#include "lks-cloud-error.h"
#include "lks-cloud-http.h"
#include "lks-cursor.h"

#include <curl/curl.h>
#include <string.h>

#define HTTP_FORBIDDEN 403
#define HTTP_PROXY_AUTHENTICATION 407
#define HTTP_SERVER_ERROR 500
#define HTTP_NETWORK_AUTHENTICATION 511

#define CONNECT_LIMIT_S 8
#define EXCHANGE_LIMIT_MS 12000

/* Tokens are refused, and certificates seem not yet valid, beyond about that (the sign-in service
 * grants five minutes). */
#define CLOCK_LIMIT_S (5 * 60)

/* What computers and boards ask for to find out whether there is a network: the page of a guest
 * network is another one. Asked in HTTP/1.0, so that the text comes as it is. */
#define PAGE_ASK "GET /connecttest.txt HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n\r\n"
#define PAGE_TEXT "Microsoft Connect Test"
#define PAGE_MAX_BYTES 4096

/* A page that says who answers does so at its beginning. */
#define LOOK_BYTES 1024

/* RFC 5905: 48 bytes; the first says version 3, client; the answer's mode is 4, server; its time is
 * at byte 40, in seconds since 1900. */
#define TIME_BYTES 48
#define TIME_ASK 0x1b
#define TIME_MODE_MASK 0x07
#define TIME_MODE_SERVER 4
#define TIME_AT 40
#define TIME_UNIX_EPOCH G_GINT64_CONSTANT (2208988800)

/* One test on a thread of its own. */
typedef struct
{
  LksNetworkResult *result;
  LksCloudTrust *trust;
  GProxyResolver *resolver;
  GCancellable *cancellable; /* (nullable) */
  gboolean is_proxied;
  GThread *thread;
} Probe;

/* ---- what an error means ---- */

static LksNetworkVerdict
judge_io_error (int code)
{
  switch (code)
    {
    case G_IO_ERROR_CONNECTION_REFUSED:
      return LKS_NETWORK_REFUSED;
    case G_IO_ERROR_TIMED_OUT:
    case G_IO_ERROR_HOST_UNREACHABLE:
    case G_IO_ERROR_NETWORK_UNREACHABLE:
      return LKS_NETWORK_SILENT;
    case G_IO_ERROR_HOST_NOT_FOUND:
      return LKS_NETWORK_NO_NAME;
    case G_IO_ERROR_PROXY_FAILED:
    case G_IO_ERROR_PROXY_AUTH_FAILED:
    case G_IO_ERROR_PROXY_NEED_AUTH:
    case G_IO_ERROR_PROXY_NOT_ALLOWED:
      return LKS_NETWORK_PROXY;
    default:
      return LKS_NETWORK_ODD;
    }
}

static LksNetworkVerdict
judge_cloud_error (int code)
{
  switch (code)
    {
    case LKS_CLOUD_ERROR_UNTRUSTED:
      return LKS_NETWORK_UNTRUSTED;
    case LKS_CLOUD_ERROR_TIMED_OUT:
    case LKS_CLOUD_ERROR_UNREACHABLE:
      return LKS_NETWORK_SILENT;
    default:
      return LKS_NETWORK_ODD;
    }
}

/* A proxy that is not there looks like a host that is not there. */
static void
note_error (Probe *probe, const GError *error)
{
  LksNetworkResult *result = probe->result;

  g_free (result->detail);
  result->detail = g_strdup (error->message);
  if (error->domain == G_RESOLVER_ERROR)
    result->verdict = LKS_NETWORK_NO_NAME;
  else if (error->domain == LKS_CLOUD_ERROR)
    result->verdict = judge_cloud_error (error->code);
  else
    result->verdict = error->domain == G_IO_ERROR ? judge_io_error (error->code) : LKS_NETWORK_ODD;

  if (probe->is_proxied && result->verdict != LKS_NETWORK_UNTRUSTED &&
      result->verdict != LKS_NETWORK_ODD)
    result->verdict = LKS_NETWORK_PROXY;
}

static void
note_clock (LksNetworkResult *result, gint64 unix_s)
{
  result->has_clock = TRUE;
  result->clock_ahead_s = unix_s - g_get_real_time () / G_USEC_PER_SEC;
  if (ABS (result->clock_ahead_s) > CLOCK_LIMIT_S)
    result->verdict = LKS_NETWORK_WRONG_CLOCK;
}

/* ---- who answers ---- */

static gboolean
is_html (GBytes *body)
{
  gsize size_bytes = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &size_bytes) : NULL;
  g_autofree char *lower =
      g_ascii_strdown (data != NULL ? data : "", (gssize) MIN (size_bytes, LOOK_BYTES));

  return strstr (lower, "<!doctype html") != NULL || strstr (lower, "<html") != NULL;
}

/* The cloud's own errors have an ID, or are no pages for people. A certificate that counts may be
 * that of a proxy which looks into connections. */
static void
judge_answer (LksNetworkResult *result, const LksCloudAnswer *answer)
{
  gboolean is_page = answer->trace.request_id == NULL && is_html (answer->body);

  if (answer->status == HTTP_PROXY_AUTHENTICATION)
    result->verdict = LKS_NETWORK_PROXY;
  else if (answer->status == HTTP_NETWORK_AUTHENTICATION ||
           (is_page && (answer->status == HTTP_FORBIDDEN || answer->status >= HTTP_SERVER_ERROR)))
    result->verdict = LKS_NETWORK_ODD;
  if (result->verdict != LKS_NETWORK_REACHED)
    result->detail = g_strdup_printf ("the answer is %u%s", answer->status,
                                      is_page ? ", with a page that is not the cloud's" : "");
}

/**
 * lks_network_is_page:
 * @reply: what a server answered, all of it
 * @size_bytes: how much
 *
 * Returns: whether it is the page by which boards find out whether there is a network
 */
gboolean
lks_network_is_page (const char *reply, gsize size_bytes)
{
  static const char ok[] = "HTTP/1.? 200 ";
  static const char end[] = "\r\n\r\n" PAGE_TEXT;
  gsize ok_bytes = sizeof ok - 1;
  gsize end_bytes = sizeof end - 1;

  if (size_bytes < ok_bytes + end_bytes)
    return FALSE;
  for (gsize i = 0; i < ok_bytes; i++)
    if (ok[i] != '?' && ok[i] != reply[i])
      return FALSE;
  return memcmp (reply + size_bytes - end_bytes, end, end_bytes) == 0;
}

/* ---- the four tests ---- */

static GSocketClient *
create_client (Probe *probe, gboolean through_proxy)
{
  GSocketClient *client = g_socket_client_new ();

  g_socket_client_set_timeout (client, CONNECT_LIMIT_S);
  g_socket_client_set_enable_proxy (client, through_proxy);
  if (probe->resolver != NULL)
    g_socket_client_set_proxy_resolver (client, probe->resolver);
  return client;
}

static gboolean
asks_proxy (Probe *probe, const char *url)
{
  GProxyResolver *resolver =
      probe->resolver != NULL ? probe->resolver : g_proxy_resolver_get_default ();
  g_auto (GStrv) proxies = g_proxy_resolver_lookup (resolver, url, probe->cancellable, NULL);

  return proxies != NULL && proxies[0] != NULL && !g_str_has_prefix (proxies[0], "direct:");
}

/* The way is tried first, because libcurl does not tell its obstacles apart. */
static gboolean
test_https (Probe *probe, GError **error)
{
  LksNetworkResult *result = probe->result;
  g_autofree char *url =
      g_uri_join (G_URI_FLAGS_NONE, "https", NULL, result->host, result->port, "/", NULL, NULL);
  const LksCloudRequest request = {
    .method = "GET", .url = url, .is_repeatable = TRUE, .limit_ms = EXCHANGE_LIMIT_MS
  };
  g_autoptr (GSocketClient) client = create_client (probe, TRUE);
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (LksCloudHttp) http = NULL;
  g_auto (LksCloudAnswer) answer = { 0 };
  time_t date;

  probe->is_proxied = asks_proxy (probe, url);
  connection =
      g_socket_client_connect_to_uri (client, url, result->port, probe->cancellable, error);
  if (connection == NULL)
    return FALSE;
  g_clear_object (&connection);

  http = lks_cloud_http_new (probe->trust);
  if (!lks_cloud_http_exchange (http, &request, probe->cancellable, &answer, error))
    return FALSE;
  judge_answer (result, &answer);
  date = answer.trace.date != NULL ? curl_getdate (answer.trace.date, NULL) : -1;
  if (date != -1 && result->verdict == LKS_NETWORK_REACHED)
    note_clock (result, (gint64) date);
  return TRUE;
}

static GSocketConnection *
connect_directly (Probe *probe, GError **error)
{
  g_autoptr (GSocketClient) client = create_client (probe, FALSE);

  return g_socket_client_connect_to_host (client, probe->result->host, probe->result->port,
                                          probe->cancellable, error);
}

static gboolean
test_tcp (Probe *probe, GError **error)
{
  g_autoptr (GSocketConnection) connection = connect_directly (probe, error);

  return connection != NULL;
}

static gboolean
test_page (Probe *probe, GError **error)
{
  g_autoptr (GSocketConnection) connection = connect_directly (probe, error);
  g_autofree char *question = g_strdup_printf (PAGE_ASK, probe->result->host);
  char reply[PAGE_MAX_BYTES];
  gsize size_bytes;

  if (connection == NULL ||
      !g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)),
                                  question, strlen (question), NULL, probe->cancellable, error) ||
      !g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (connection)), reply,
                                sizeof reply, &size_bytes, probe->cancellable, error))
    return FALSE;
  if (lks_network_is_page (reply, size_bytes))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       "the answer is not the page that tells that there is a network");
  return FALSE;
}

static gboolean
read_time (LksNetworkResult *result, const guint8 *bytes, gssize size_bytes, GError **error)
{
  LksCursor cursor;
  guint32 seconds;

  lks_cursor_init (&cursor, bytes, (gsize) size_bytes);
  if (size_bytes < TIME_BYTES || (bytes[0] & TIME_MODE_MASK) != TIME_MODE_SERVER ||
      !lks_cursor_skip (&cursor, TIME_AT, NULL) || !lks_cursor_read_u32be (&cursor, &seconds, NULL))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "the answer is not that of a time server");
      return FALSE;
    }
  if (seconds != 0)
    note_clock (result, (gint64) seconds - TIME_UNIX_EPOCH);
  return TRUE;
}

static gboolean
test_time (Probe *probe, GError **error)
{
  g_autoptr (GSocketClient) client = create_client (probe, FALSE);
  g_autoptr (GSocketConnection) connection = NULL;
  guint8 question[TIME_BYTES] = { TIME_ASK };
  guint8 answer[TIME_BYTES] = { 0 };
  GSocket *socket;
  gssize size_bytes;

  g_socket_client_set_socket_type (client, G_SOCKET_TYPE_DATAGRAM);
  g_socket_client_set_protocol (client, G_SOCKET_PROTOCOL_UDP);
  connection = g_socket_client_connect_to_host (client, probe->result->host, probe->result->port,
                                                probe->cancellable, error);
  if (connection == NULL)
    return FALSE;
  socket = g_socket_connection_get_socket (connection);
  if (g_socket_send (socket, (const char *) question, sizeof question, probe->cancellable, error) <
      0)
    return FALSE;
  size_bytes = g_socket_receive (socket, (char *) answer, sizeof answer, probe->cancellable, error);
  return size_bytes >= 0 && read_time (probe->result, answer, size_bytes, error);
}

static gpointer
run (gpointer data)
{
  static gboolean (*const tests[]) (Probe *, GError **) = {
    [LKS_NETWORK_HTTPS] = test_https,
    [LKS_NETWORK_TCP] = test_tcp,
    [LKS_NETWORK_PAGE] = test_page,
    [LKS_NETWORK_TIME] = test_time,
  };
  Probe *probe = data;
  gint64 began_us = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;

  probe->result->verdict = LKS_NETWORK_REACHED;
  if (!tests[probe->result->kind](probe, &error))
    note_error (probe, error);
  probe->result->elapsed_ms = (guint) ((g_get_monotonic_time () - began_us) / 1000);
  return NULL;
}

/**
 * lks_network_test:
 * @plan: (element-type LksNetworkResult): the places to test; each gets its verdict
 * @trust: whose certificates count beside the system's
 * @resolver: (nullable): which proxy to use, NULL for what the system says
 * @cancellable: (nullable): a cancellable
 * @error: return location for `G_IO_ERROR_CANCELLED`
 *
 * Tests all places at once. No sign-in is sent anywhere. Blocks for half a minute at most; worker
 * threads only.
 *
 * Returns: whether there are verdicts; FALSE only when it was cancelled
 */
gboolean
lks_network_test (GPtrArray *plan,
                  LksCloudTrust *trust,
                  GProxyResolver *resolver,
                  GCancellable *cancellable,
                  GError **error)
{
  g_autofree Probe *probes = g_new0 (Probe, plan->len);

  for (guint i = 0; i < plan->len; i++)
    {
      probes[i] = (Probe){ .result = g_ptr_array_index (plan, i),
                           .trust = trust,
                           .resolver = resolver,
                           .cancellable = cancellable };
      probes[i].thread = g_thread_new ("network-test", run, &probes[i]);
    }
  for (guint i = 0; i < plan->len; i++)
    g_thread_join (probes[i].thread);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}
