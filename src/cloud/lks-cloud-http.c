/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-http.h"

#include "lks-cloud-error-private.h"
#include "lks-cloud-trust-private.h"
#include "lks-cloud-url.h"
#include "lks-curl.h"

#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>

/* Limits: an image of some MB over a slow line is the longest that has to fit. */
#define CONNECT_LIMIT_MS 15000
#define EXCHANGE_LIMIT_MS 100000
#define QUIET_LIMIT_MS 30000
#define POLL_LIMIT_MS 1000
#define HEADERS_MAX_BYTES (128 * 1024)
#define CONNECTIONS_MAX 4
#define BODY_FIRST_BYTES (16 * 1024)

struct _LksCloudHttp
{
  LksCloudTrust *trust;     /* (owned) */
  GProxyResolver *resolver; /* (unowned) */
  CURLM *multi;             /* (owned): keeps the connections */
};

/* One exchange while it lasts. */
typedef struct
{
  LksCloudHttp *http;
  const LksCloudRequest *request;
  GCancellable *cancellable; /* (nullable) */
  LksCloudAnswer *answer;
  CURL *easy;      /* (owned) */
  char *body;      /* (owned): on the secret heap when the answer is secret */
  gsize body_room; /* allocated */
  gsize body_bytes;
  gsize header_bytes;
  gboolean is_sent;
  GError *problem; /* (owned) (nullable): why one of our callbacks or limits ended it */
  gint64 deadline_us;
  gint64 moved_at_us;
  curl_off_t moved_bytes;
  char detail[CURL_ERROR_SIZE];
} Attempt;

static gboolean
fail (Attempt *attempt, LksCloudError code, const char *message)
{
  if (attempt->problem == NULL)
    attempt->problem = g_error_new_literal (LKS_CLOUD_ERROR, (int) code, message);
  return FALSE;
}

/* libcurl silently repeats a request when a kept-alive connection turns out to be dead. That is
 * only right for what may be done twice. */
static curl_socket_t
open_socket_cb (void *user_data, curlsocktype purpose, struct curl_sockaddr *address)
{
  Attempt *attempt = user_data;

  if (attempt->is_sent && !attempt->request->is_repeatable)
    {
      fail (attempt, LKS_CLOUD_ERROR_LOST, "the connection broke before the service answered");
      return CURL_SOCKET_BAD;
    }
  attempt->is_sent = FALSE;
  return socket (address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static int
before_request_cb (void *user_data, char *peer, char *local, int peer_port, int local_port)
{
  Attempt *attempt = user_data;

  attempt->is_sent = TRUE;
  return CURL_PREREQFUNC_OK;
}

static size_t
header_cb (char *data, size_t unit, size_t size, void *user_data)
{
  Attempt *attempt = user_data;

  attempt->header_bytes += size;
  if (attempt->header_bytes > HEADERS_MAX_BYTES)
    {
      fail (attempt, LKS_CLOUD_ERROR_BAD_ANSWER, "the service's answer has an endless header");
      return 0;
    }
  if (!lks_cloud_answer_take_header (attempt->answer, data, size))
    {
      fail (attempt, LKS_CLOUD_ERROR_BAD_ANSWER, "the service's answer has an unusable header");
      return 0;
    }
  return size;
}

static gsize
get_body_max (const LksCloudRequest *request)
{
  return request->answer_max_bytes != 0 ? request->answer_max_bytes : LKS_CLOUD_BODY_MAX_BYTES;
}

static gboolean
grow (Attempt *attempt, gsize wanted_bytes)
{
  gsize room = MAX (attempt->body_room, BODY_FIRST_BYTES);
  gpointer larger;

  if (wanted_bytes <= attempt->body_room)
    return TRUE;
  while (room < wanted_bytes)
    room *= 2;

  larger = attempt->request->is_secret ? lks_secret_heap_realloc (attempt->body, room)
                                       : g_try_realloc (attempt->body, room);
  if (larger == NULL)
    return FALSE;
  attempt->body = larger;
  attempt->body_room = room;
  return TRUE;
}

static size_t
write_cb (char *data, size_t unit, size_t size, void *user_data)
{
  Attempt *attempt = user_data;

  if (size > get_body_max (attempt->request) - attempt->body_bytes ||
      !grow (attempt, attempt->body_bytes + size))
    {
      fail (attempt, LKS_CLOUD_ERROR_BAD_ANSWER, "the service's answer is larger than it may be");
      return 0;
    }

  memcpy (attempt->body + attempt->body_bytes, data, size);
  attempt->body_bytes += size;
  return size;
}

static CURLcode
ssl_context_cb (CURL *easy, void *ssl_context, void *user_data)
{
  LksCloudHttp *self = user_data;

  SSL_CTX_set_options (ssl_context, SSL_OP_NO_RENEGOTIATION);
  return lks_cloud_trust_apply (self->trust, SSL_CTX_get_cert_store (ssl_context))
             ? CURLE_OK
             : CURLE_OUT_OF_MEMORY;
}

/* The desktop's proxy where it has one; otherwise libcurl looks at the usual environment. */
static gboolean
set_proxy (Attempt *attempt)
{
  const char *url = attempt->request->url;
  g_auto (GStrv) proxies = NULL;
  g_autoptr (GError) error = NULL;

  if (lks_cloud_url_is_loopback (url))
    {
      curl_easy_setopt (attempt->easy, CURLOPT_PROXY, "");
      return TRUE;
    }

  proxies = g_proxy_resolver_lookup (attempt->http->resolver, url, attempt->cancellable, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      attempt->problem = g_steal_pointer (&error);
      return FALSE;
    }
  if (error != NULL)
    {
      g_autofree char *message = g_strdup_printf ("the proxy settings: %s", error->message);

      return fail (attempt, LKS_CLOUD_ERROR_UNREACHABLE, message);
    }
  if (proxies[0] != NULL && !g_str_has_prefix (proxies[0], "direct:"))
    curl_easy_setopt (attempt->easy, CURLOPT_PROXY, proxies[0]);
  return TRUE;
}

static void
set_connection (Attempt *attempt)
{
  CURL *easy = attempt->easy;

  curl_easy_setopt (easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (easy, CURLOPT_PROTOCOLS_STR, "https");
  /* A redirection would carry the sign-in to wherever an answer says. */
  curl_easy_setopt (easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt (easy, CURLOPT_UNRESTRICTED_AUTH, 0L);
  curl_easy_setopt (easy, CURLOPT_NETRC, (long) CURL_NETRC_IGNORED);
  /* One request after the other needs nothing of HTTP/2. */
  curl_easy_setopt (easy, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
  curl_easy_setopt (easy, CURLOPT_HTTP09_ALLOWED, 0L);
  curl_easy_setopt (easy, CURLOPT_OPENSOCKETFUNCTION, open_socket_cb);
  curl_easy_setopt (easy, CURLOPT_OPENSOCKETDATA, attempt);
  curl_easy_setopt (easy, CURLOPT_CONNECTTIMEOUT_MS, (long) CONNECT_LIMIT_MS);
  /* What a proxy answers to CONNECT is not the service's. */
  curl_easy_setopt (easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt (easy, CURLOPT_HEADEROPT, (long) CURLHEADER_SEPARATE);

  curl_easy_setopt (easy, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt (easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt (easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt (easy, CURLOPT_SSL_CTX_FUNCTION, ssl_context_cb);
  curl_easy_setopt (easy, CURLOPT_SSL_CTX_DATA, attempt->http);
}

static void
set_request (Attempt *attempt, struct curl_slist *headers)
{
  const LksCloudRequest *request = attempt->request;
  CURL *easy = attempt->easy;

  curl_easy_setopt (easy, CURLOPT_URL, request->url);
  curl_easy_setopt (easy, CURLOPT_PATH_AS_IS, 1L);
  if (request->body != NULL || strcmp (request->method, "POST") == 0)
    {
      curl_easy_setopt (easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) request->body_bytes);
      curl_easy_setopt (easy, CURLOPT_POSTFIELDS, request->body != NULL ? request->body : "");
    }
  if (strcmp (request->method, "GET") != 0)
    curl_easy_setopt (easy, CURLOPT_CUSTOMREQUEST, request->method);

  curl_easy_setopt (easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt (easy, CURLOPT_PREREQFUNCTION, before_request_cb);
  curl_easy_setopt (easy, CURLOPT_PREREQDATA, attempt);
  curl_easy_setopt (easy, CURLOPT_HEADERFUNCTION, header_cb);
  curl_easy_setopt (easy, CURLOPT_HEADERDATA, attempt);
  curl_easy_setopt (easy, CURLOPT_WRITEFUNCTION, write_cb);
  curl_easy_setopt (easy, CURLOPT_WRITEDATA, attempt);
  curl_easy_setopt (easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t) get_body_max (request));
  curl_easy_setopt (easy, CURLOPT_ERRORBUFFER, attempt->detail);
}

static struct curl_slist *
append (struct curl_slist *headers, const char *name, const char *value)
{
  g_autofree char *line = g_strconcat (name, ": ", value, NULL);

  return curl_slist_append (headers, line);
}

static struct curl_slist *
build_headers (const LksCloudRequest *request, const char *client_id)
{
  struct curl_slist *headers = append (NULL, "Accept", "application/json");

  headers = append (headers, "User-Agent", "Locksmith");
  headers = append (headers, "x-ms-client-request-id", client_id);
  headers = append (headers, "x-ms-return-client-request-id", "true");
  headers = curl_slist_append (headers, "Expect:");
  if (request->extra_header != NULL)
    headers = curl_slist_append (headers, request->extra_header);
  if (request->content_type != NULL)
    return append (headers, "Content-Type", request->content_type);
  return curl_slist_append (headers, "Content-Type:");
}

static void
note_progress (Attempt *attempt, gint64 now_us)
{
  curl_off_t sent = 0;
  curl_off_t received = 0;
  curl_off_t moved;

  curl_easy_getinfo (attempt->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
  curl_easy_getinfo (attempt->easy, CURLINFO_SIZE_DOWNLOAD_T, &received);
  moved = sent + received + (curl_off_t) attempt->header_bytes + (attempt->is_sent ? 1 : 0);
  if (moved != attempt->moved_bytes)
    {
      attempt->moved_bytes = moved;
      attempt->moved_at_us = now_us;
    }
}

/* Looks at the transfer between two turns of libcurl's wheel. */
static int
tick_cb (gpointer user_data)
{
  Attempt *attempt = user_data;
  gint64 now_us = g_get_monotonic_time ();
  gint64 quiet_until_us;

  note_progress (attempt, now_us);
  quiet_until_us = attempt->moved_at_us + (gint64) QUIET_LIMIT_MS * 1000;
  if (g_cancellable_is_cancelled (attempt->cancellable))
    {
      g_cancellable_set_error_if_cancelled (attempt->cancellable,
                                            attempt->problem == NULL ? &attempt->problem : NULL);
      return LKS_CURL_GIVE_UP;
    }
  if (now_us >= attempt->deadline_us || (attempt->is_sent && now_us >= quiet_until_us))
    {
      fail (attempt, attempt->is_sent ? LKS_CLOUD_ERROR_TIMED_OUT : LKS_CLOUD_ERROR_UNREACHABLE,
            "the service did not complete its answer in time");
      return LKS_CURL_GIVE_UP;
    }

  return (int) CLAMP ((MIN (attempt->deadline_us, quiet_until_us) - now_us) / 1000, 1,
                      POLL_LIMIT_MS);
}

/* The edge to libcurl: after it nobody sees a CURLcode. */
static void
set_transfer_error (Attempt *attempt, CURLcode result)
{
  const char *detail = attempt->detail[0] != '\0' ? attempt->detail : curl_easy_strerror (result);
  LksCloudError code = attempt->is_sent ? LKS_CLOUD_ERROR_LOST : LKS_CLOUD_ERROR_UNREACHABLE;

  switch ((int) result)
    {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      code = LKS_CLOUD_ERROR_UNTRUSTED;
      break;
    case CURLE_OPERATION_TIMEDOUT:
      code = attempt->is_sent ? LKS_CLOUD_ERROR_TIMED_OUT : LKS_CLOUD_ERROR_UNREACHABLE;
      break;
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
      detail = "the connection ended before the answer was complete";
      break;
    case CURLE_UNSUPPORTED_PROTOCOL:
      if (!attempt->is_sent)
        {
          code = LKS_CLOUD_ERROR_INVALID_ARGUMENT;
          detail = "the address is not https";
          break;
        }
      G_GNUC_FALLTHROUGH;
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_FILESIZE_EXCEEDED:
    case CURLE_OUT_OF_MEMORY: /* a header line beyond libcurl's own ceiling */
    case CURLE_WEIRD_SERVER_REPLY:
      code = LKS_CLOUD_ERROR_BAD_ANSWER;
      detail = "the service's answer is broken or too large";
      break;
    default:
      break;
    }

  fail (attempt, code, detail);
}

static gboolean
transfer (Attempt *attempt)
{
  CURLcode result;
  long status = 0;

  if (!set_proxy (attempt))
    return FALSE;

  result = lks_curl_run (attempt->http->multi, attempt->cancellable, tick_cb, attempt);
  if (attempt->problem == NULL && result != CURLE_OK)
    set_transfer_error (attempt, result);
  if (attempt->problem != NULL)
    return FALSE;

  curl_easy_getinfo (attempt->easy, CURLINFO_RESPONSE_CODE, &status);
  if (status == 0)
    return fail (attempt, LKS_CLOUD_ERROR_LOST, "the connection ended before the answer began");
  attempt->answer->status = (guint) status;
  return TRUE;
}

static GBytes *
take_body (Attempt *attempt)
{
  return g_bytes_new_with_free_func (attempt->body != NULL ? attempt->body : "",
                                     attempt->body_bytes,
                                     attempt->request->is_secret ? lks_secret_heap_free : g_free,
                                     attempt->body);
}

static void
log_exchange (const Attempt *attempt, gint64 began_us)
{
  g_autofree char *shown = lks_cloud_url_dup_shown (attempt->request->url);

  g_debug ("%s %s: %u after %" G_GINT64_FORMAT " ms, %" G_GSIZE_FORMAT " bytes, request %s",
           attempt->request->method, shown, attempt->answer->status,
           (g_get_monotonic_time () - began_us) / 1000, attempt->body_bytes,
           attempt->answer->trace.request_id != NULL ? attempt->answer->trace.request_id : "?");
}

static void
answer_init (LksCloudAnswer *answer, const char *client_id)
{
  *answer = (LksCloudAnswer){
    .left_reads = LKS_CLOUD_NOT_SAID,
    .left_writes = LKS_CLOUD_NOT_SAID,
    .left_deletes = LKS_CLOUD_NOT_SAID,
    .trace.client_id = g_strdup (client_id),
  };
}

/* Sends one request and collects the answer, whatever its status. Fills @answer also as far as
 * it came before a failure; the caller clears it in every case. Blocks; worker threads only.
 * Errors are LKS_CLOUD_ERROR, with the IDs of the exchange, or G_IO_ERROR_CANCELLED. */
gboolean
lks_cloud_http_exchange (LksCloudHttp *self,
                         const LksCloudRequest *request,
                         GCancellable *cancellable,
                         LksCloudAnswer *answer,
                         GError **error)
{
  g_autofree char *client_id = g_uuid_string_random ();
  struct curl_slist *headers = build_headers (request, client_id);
  /* Not curl_slist_append(), which would make a copy. */
  struct curl_slist with_authorization = {
    .data = request->authorization != NULL ? (char *) lks_secret_get_text (request->authorization)
                                           : NULL,
    .next = headers,
  };
  Attempt attempt = { .http = self,
                      .request = request,
                      .cancellable = cancellable,
                      .answer = answer,
                      .easy = curl_easy_init () };
  guint limit_ms = request->limit_ms != 0 ? request->limit_ms : EXCHANGE_LIMIT_MS;
  gboolean ok;

  answer_init (answer, client_id);
  attempt.moved_at_us = g_get_monotonic_time ();
  attempt.deadline_us = attempt.moved_at_us + (gint64) limit_ms * 1000;
  set_connection (&attempt);
  set_request (&attempt, request->authorization != NULL ? &with_authorization : headers);

  curl_multi_add_handle (self->multi, attempt.easy);
  ok = transfer (&attempt);
  log_exchange (&attempt, attempt.deadline_us - (gint64) limit_ms * 1000);
  if (!ok) /* a thread that asks a dead name server is left behind, not waited for */
    curl_easy_setopt (attempt.easy, CURLOPT_QUICK_EXIT, 1L);
  curl_multi_remove_handle (self->multi, attempt.easy);
  curl_easy_cleanup (attempt.easy);
  curl_slist_free_all (headers);
  answer->body = take_body (&attempt);
  if (ok)
    return TRUE;

  if (attempt.problem->domain == LKS_CLOUD_ERROR)
    lks_cloud_error_add_trace (attempt.problem, &answer->trace);
  g_propagate_error (error, attempt.problem);
  return FALSE;
}

/* @trust is whose certificates count beside the system's. */
LksCloudHttp *
lks_cloud_http_new (LksCloudTrust *trust)
{
  LksCloudHttp *self = g_new0 (LksCloudHttp, 1);

  self->trust = lks_cloud_trust_ref (trust);
  self->resolver = g_proxy_resolver_get_default ();
  self->multi = lks_curl_multi_new (CONNECTIONS_MAX);
  return self;
}

void
lks_cloud_http_free (LksCloudHttp *self)
{
  curl_multi_cleanup (self->multi);
  lks_cloud_trust_unref (self->trust);
  g_free (self);
}
