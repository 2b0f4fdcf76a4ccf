/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-http.h"

#include "lks-curl.h"
#include "lks-device-error.h"
#include "lks-trust-private.h"

#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>

#define BOARD_URL "https://192.168.35.2"

/* Limits. The line carries 92 kB/s at best; a link that loses packets is ten times slower, and
 * one that is silent for a few seconds recovers (measured, link prototype). */
#define CONNECT_TCP_LIMIT_MS 3000
#define CONNECT_LIMIT_MS 6000
#define EXCHANGE_LIMIT_MS 15000
#define QUIET_LIMIT_MS 10000
#define HEADERS_MAX_BYTES (16 * 1024)
#define VERSION_MAX_CHARACTERS 32
#define POLL_LIMIT_MS 1000

/* Small buffers keep the progress of an upload honest. */
#define SEND_BUFFER_BYTES (8 * 1024)
#define UPLOAD_BUFFER_BYTES (16 * 1024)

struct _LksHttp
{
  LksConnector *connector; /* (owned) */
  LksTrust *trust;         /* (owned) */
  char *host;              /* (owned) */
  CURLM *multi;            /* (owned): keeps the connection between exchanges */
  CURL *easy;              /* (owned) (nullable): the exchange under way */
  GError *distrust; /* (owned) (nullable): why the certificate of this handshake was refused */
  guint handshakes;
};

/* One exchange while it lasts. */
typedef struct
{
  LksHttp *http;
  const LksCall *call;
  const LksSecret *key_header; /* (nullable) */
  GCancellable *cancellable;   /* (nullable) */
  LksHttpAnswer *answer;
  GByteArray *body; /* (owned) */
  gsize header_bytes;
  gboolean is_sent;
  gboolean is_given_up;    /* we do not want the rest of the answer */
  gboolean has_whole_head; /* the empty line came */
  gboolean has_length;     /* the answer says where its body ends */
  GError *problem;         /* (owned) (nullable): why one of our callbacks or limits ended it */
  gint64 deadline_us;
  gint64 moved_at_us;
  curl_off_t moved_bytes;
  curl_off_t told_bytes;
  char detail[CURL_ERROR_SIZE];
} Attempt;

static gboolean
fail (Attempt *attempt, LksDeviceError code, const char *message)
{
  if (attempt->problem == NULL)
    attempt->problem = g_error_new (LKS_DEVICE_ERROR, (int) code, "%s", message);
  return FALSE;
}

/* libcurl asks for a socket: first the TCP connection to the board is made and waited for, then
 * the Unix socket leads to it. libcurl silently repeats a request when a kept-alive connection
 * turns out to be dead. Only a GET may be repeated: a board that restarts because of a request
 * would otherwise be told to restart again. */
static curl_socket_t
open_socket_cb (void *user_data, curlsocktype purpose, struct curl_sockaddr *address)
{
  Attempt *attempt = user_data;
  g_autoptr (GError) error = NULL;
  int size = SEND_BUFFER_BYTES;
  int fd;

  if (attempt->is_sent && strcmp (attempt->call->method, "GET") != 0)
    {
      fail (attempt, LKS_DEVICE_ERROR_LOST, "the connection broke before the board answered");
      return CURL_SOCKET_BAD;
    }
  attempt->is_sent = FALSE;

  /* Who is at the other end of a new connection has to be asked before it is shown a key. */
  if (attempt->key_header != NULL)
    {
      attempt->answer->is_unsent = TRUE;
      fail (attempt, LKS_DEVICE_ERROR_LOST, "the connection broke before the request was sent");
      return CURL_SOCKET_BAD;
    }

  if (!lks_connector_prepare (attempt->http->connector, CONNECT_TCP_LIMIT_MS, attempt->cancellable,
                              &error))
    {
      if (error->domain == G_IO_ERROR && error->code == G_IO_ERROR_CANCELLED)
        attempt->problem = g_steal_pointer (&error);
      else
        fail (attempt, LKS_DEVICE_ERROR_UNREACHABLE, error->message);
      return CURL_SOCKET_BAD;
    }

  fd = socket (address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd >= 0)
    setsockopt (fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  return fd >= 0 ? fd : CURL_SOCKET_BAD;
}

static int
before_request_cb (void *user_data, char *peer, char *local, int peer_port, int local_port)
{
  Attempt *attempt = user_data;

  attempt->is_sent = TRUE;
  return CURL_PREREQFUNC_OK;
}

static gboolean
is_field (const char *line, gsize size, const char *name)
{
  return size > strlen (name) && g_ascii_strncasecmp (line, name, strlen (name)) == 0;
}

static void
take_version (Attempt *attempt, const char *line, gsize size)
{
  static const char name[] = "rest-api-version:";
  g_autofree char *value = NULL;

  if (!is_field (line, size, name))
    return;

  value = g_strstrip (g_strndup (line + strlen (name), size - strlen (name)));
  if (strlen (value) > 0 && strlen (value) <= VERSION_MAX_CHARACTERS &&
      g_utf8_validate (value, -1, NULL))
    {
      g_free (attempt->answer->rest_version);
      attempt->answer->rest_version = g_steal_pointer (&value);
    }
}

static size_t
header_cb (char *data, size_t unit, size_t size, void *user_data)
{
  Attempt *attempt = user_data;

  attempt->header_bytes += size;
  if (attempt->header_bytes > HEADERS_MAX_BYTES)
    {
      attempt->is_given_up = TRUE;
      fail (attempt, LKS_DEVICE_ERROR_BAD_ANSWER, "the board's answer has an endless header");
      return 0;
    }

  if (is_field (data, size, "HTTP/"))
    attempt->has_whole_head = attempt->has_length = FALSE;
  attempt->has_whole_head |= size <= 2 && data[size - 1] == '\n';
  attempt->has_length |=
      is_field (data, size, "content-length:") || is_field (data, size, "transfer-encoding:");
  take_version (attempt, data, size);
  return size;
}

static gsize
get_body_max (const LksCall *call)
{
  return call->answer_max_bytes != 0 ? call->answer_max_bytes : LKS_DEVICE_JSON_MAX;
}

static size_t
write_cb (char *data, size_t unit, size_t size, void *user_data)
{
  Attempt *attempt = user_data;

  if (size > get_body_max (attempt->call) - attempt->body->len)
    {
      attempt->is_given_up = TRUE;
      fail (attempt, LKS_DEVICE_ERROR_BAD_ANSWER, "the board's answer is larger than it may be");
      return 0;
    }

  g_byte_array_append (attempt->body, (const guint8 *) data, (guint) size);
  return size;
}

static size_t
read_cb (char *buffer, size_t unit, size_t size, void *user_data)
{
  Attempt *attempt = user_data;
  gsize got = 0;

  if (g_input_stream_read_all (attempt->call->upload, buffer, size, &got, attempt->cancellable,
                               &attempt->problem))
    return got;

  return CURL_READFUNC_ABORT;
}

static int
verify_cb (X509_STORE_CTX *context, void *user_data)
{
  LksHttp *self = user_data;

  g_clear_error (&self->distrust);
  if (lks_trust_verify (self->trust, X509_STORE_CTX_get0_cert (context),
                        X509_STORE_CTX_get0_untrusted (context), &self->distrust))
    {
      self->handshakes++;
      X509_STORE_CTX_set_error (context, X509_V_OK);
      return 1;
    }

  X509_STORE_CTX_set_error (context, X509_V_ERR_APPLICATION_VERIFICATION);
  return 0;
}

/* Our own verification takes the place of all others: no file, no directory, no public CA. */
static CURLcode
ssl_context_cb (CURL *easy, void *ssl_context, void *user_data)
{
  SSL_CTX *context = ssl_context;

  SSL_CTX_set_verify (context, SSL_VERIFY_PEER, NULL);
  SSL_CTX_set_cert_verify_callback (context, verify_cb, user_data);
  SSL_CTX_set_options (context, SSL_OP_NO_RENEGOTIATION);
  return CURLE_OK;
}

static void
set_connection (LksHttp *self, Attempt *attempt)
{
  CURL *easy = self->easy;

  curl_easy_setopt (easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (easy, CURLOPT_PROXY, "");
  curl_easy_setopt (easy, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt (easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt (easy, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
  curl_easy_setopt (easy, CURLOPT_HTTP09_ALLOWED, 0L);
  curl_easy_setopt (easy, CURLOPT_UNIX_SOCKET_PATH,
                    lks_connector_get_socket_path (self->connector));
  curl_easy_setopt (easy, CURLOPT_OPENSOCKETFUNCTION, open_socket_cb);
  curl_easy_setopt (easy, CURLOPT_OPENSOCKETDATA, attempt);
  curl_easy_setopt (easy, CURLOPT_CONNECTTIMEOUT_MS, (long) CONNECT_LIMIT_MS);

  curl_easy_setopt (easy, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt (easy, CURLOPT_SSL_ENABLE_ALPN, 0L);
  curl_easy_setopt (easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
  curl_easy_setopt (easy, CURLOPT_CAINFO, NULL);
  curl_easy_setopt (easy, CURLOPT_CAPATH, NULL);
  curl_easy_setopt (easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt (easy, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt (easy, CURLOPT_SSL_CTX_FUNCTION, ssl_context_cb);
  curl_easy_setopt (easy, CURLOPT_SSL_CTX_DATA, self);
}

static void
set_request (LksHttp *self, Attempt *attempt, struct curl_slist *headers)
{
  const LksCall *call = attempt->call;
  g_autofree char *url = g_strconcat (BOARD_URL, call->path, NULL);
  CURL *easy = self->easy;

  curl_easy_setopt (easy, CURLOPT_URL, url);
  curl_easy_setopt (easy, CURLOPT_PATH_AS_IS, 1L);
  if (call->upload != NULL)
    {
      curl_easy_setopt (easy, CURLOPT_UPLOAD, 1L);
      curl_easy_setopt (easy, CURLOPT_UPLOAD_BUFFERSIZE, (long) UPLOAD_BUFFER_BYTES);
      curl_easy_setopt (easy, CURLOPT_READFUNCTION, read_cb);
      curl_easy_setopt (easy, CURLOPT_READDATA, attempt);
      curl_easy_setopt (easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t) call->upload_bytes);
    }
  else if (call->body != NULL || strcmp (call->method, "POST") == 0)
    {
      curl_easy_setopt (easy, CURLOPT_POSTFIELDSIZE_LARGE,
                        (curl_off_t) (call->body != NULL ? call->body->size : 0));
      curl_easy_setopt (easy, CURLOPT_POSTFIELDS, call->body != NULL ? call->body->text : "");
    }
  if (strcmp (call->method, "GET") != 0)
    curl_easy_setopt (easy, CURLOPT_CUSTOMREQUEST, call->method);

  curl_easy_setopt (easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt (easy, CURLOPT_PREREQFUNCTION, before_request_cb);
  curl_easy_setopt (easy, CURLOPT_PREREQDATA, attempt);
  curl_easy_setopt (easy, CURLOPT_HEADERFUNCTION, header_cb);
  curl_easy_setopt (easy, CURLOPT_HEADERDATA, attempt);
  curl_easy_setopt (easy, CURLOPT_WRITEFUNCTION, write_cb);
  curl_easy_setopt (easy, CURLOPT_WRITEDATA, attempt);
  curl_easy_setopt (easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t) get_body_max (call));
  curl_easy_setopt (easy, CURLOPT_ERRORBUFFER, attempt->detail);
}

static struct curl_slist *
build_headers (LksHttp *self, const LksCall *call)
{
  g_autofree char *host = g_strconcat ("Host: ", self->host, NULL);
  struct curl_slist *headers = curl_slist_append (NULL, host);

  headers = curl_slist_append (headers, "Accept: application/json");
  headers = curl_slist_append (headers, "Expect:");
  if (call->upload != NULL)
    return curl_slist_append (headers, "Content-Type: application/octet-stream");
  return curl_slist_append (headers, call->body != NULL ? "Content-Type: application/json"
                                                        : "Content-Type:");
}

/* Looks at what moved since last time, and tells the caller of an upload. */
static void
note_progress (LksHttp *self, Attempt *attempt, gint64 now_us)
{
  curl_off_t sent = 0;
  curl_off_t received = 0;
  curl_off_t moved;

  curl_easy_getinfo (self->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
  curl_easy_getinfo (self->easy, CURLINFO_SIZE_DOWNLOAD_T, &received);
  moved = sent + received + (curl_off_t) attempt->header_bytes + (attempt->is_sent ? 1 : 0);
  if (moved != attempt->moved_bytes)
    {
      attempt->moved_bytes = moved;
      attempt->moved_at_us = now_us;
    }
  if (attempt->call->progress != NULL && sent != attempt->told_bytes)
    {
      attempt->told_bytes = sent;
      attempt->call->progress ((guint64) sent, attempt->call->upload_bytes,
                               attempt->call->progress_data);
    }
}

static gint64
get_quiet_us (const LksCall *call)
{
  return (gint64) (call->quiet_ms != 0 ? call->quiet_ms : QUIET_LIMIT_MS) * 1000;
}

static gboolean
check_limits (Attempt *attempt, gint64 now_us)
{
  if (g_cancellable_set_error_if_cancelled (attempt->cancellable,
                                            attempt->problem == NULL ? &attempt->problem : NULL))
    return FALSE;
  if (now_us >= attempt->deadline_us)
    return fail (attempt,
                 attempt->is_sent ? LKS_DEVICE_ERROR_TIMED_OUT : LKS_DEVICE_ERROR_UNREACHABLE,
                 "the board did not complete its answer in time");
  if (attempt->is_sent && now_us >= attempt->moved_at_us + get_quiet_us (attempt->call))
    return fail (attempt, LKS_DEVICE_ERROR_TIMED_OUT, "the board stopped answering");

  return TRUE;
}

static int
get_wait_ms (Attempt *attempt, gint64 now_us)
{
  gint64 until_us = MIN (attempt->deadline_us, attempt->moved_at_us + get_quiet_us (attempt->call));

  return (int) CLAMP ((until_us - now_us + 999) / 1000, 1, POLL_LIMIT_MS);
}

/* Looks at the transfer between two turns of libcurl's wheel. */
static int
tick_cb (gpointer user_data)
{
  Attempt *attempt = user_data;
  gint64 now_us = g_get_monotonic_time ();

  note_progress (attempt->http, attempt, now_us);
  attempt->is_given_up = !check_limits (attempt, now_us);
  return attempt->is_given_up ? LKS_CURL_GIVE_UP : get_wait_ms (attempt, now_us);
}

/* The edge to libcurl: after it nobody sees a CURLcode. */
static void
set_transfer_error (LksHttp *self, Attempt *attempt, CURLcode result)
{
  const char *detail = attempt->detail[0] != '\0' ? attempt->detail : curl_easy_strerror (result);
  LksDeviceError code = attempt->is_sent ? LKS_DEVICE_ERROR_LOST : LKS_DEVICE_ERROR_UNREACHABLE;

  if (attempt->problem != NULL)
    return;
  if (self->distrust != NULL)
    {
      attempt->problem = g_steal_pointer (&self->distrust);
      return;
    }

  switch ((int) result)
    {
    case CURLE_PEER_FAILED_VERIFICATION:
      code = LKS_DEVICE_ERROR_UNTRUSTED;
      break;
    case CURLE_OPERATION_TIMEDOUT:
      code = attempt->is_sent ? LKS_DEVICE_ERROR_TIMED_OUT : LKS_DEVICE_ERROR_UNREACHABLE;
      break;
    case CURLE_PARTIAL_FILE:
      detail = "the connection ended before the answer was complete";
      break;
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_FILESIZE_EXCEEDED:
    case CURLE_OUT_OF_MEMORY:        /* a header line beyond libcurl's own ceiling */
    case CURLE_UNSUPPORTED_PROTOCOL: /* the answer has no status line */
    case CURLE_WEIRD_SERVER_REPLY:
      code = LKS_DEVICE_ERROR_BAD_ANSWER;
      break;
    default:
      break;
    }

  attempt->problem =
      g_error_new (LKS_DEVICE_ERROR, (int) code, "%s",
                   code == LKS_DEVICE_ERROR_BAD_ANSWER ? "the board's answer is broken or cut off"
                                                       : detail);
}

/* libcurl takes the end of the connection for the end of an answer, even in its head. An answer
 * that does not say how long it is may be cut off too; then at least there must be one. */
static gboolean
is_complete (Attempt *attempt)
{
  return attempt->has_whole_head && (attempt->has_length || attempt->body->len > 0);
}

/* Turns the wheel once, and tells whether there is a complete answer. */
static gboolean
transfer (LksHttp *self, Attempt *attempt)
{
  long status = 0;
  CURLcode result = lks_curl_run (self->multi, attempt->cancellable, tick_cb, attempt);

  if (result == CURLE_OK && !is_complete (attempt))
    result = CURLE_PARTIAL_FILE;
  if (attempt->is_given_up && attempt->is_sent)
    lks_connector_abort (self->connector); /* or the board would send on */
  if (result != CURLE_OK || attempt->problem != NULL)
    {
      set_transfer_error (self, attempt, result);
      return FALSE;
    }

  note_progress (self, attempt, g_get_monotonic_time ());
  curl_easy_getinfo (self->easy, CURLINFO_RESPONSE_CODE, &status);
  attempt->answer->status = (guint) status;
  return TRUE;
}

/* Sends one request and collects the answer, whatever its status. Fills the zeroed @answer also
 * as far as it came before a failure. @key_header (nullable) is sent over the connection that
 * stands already, or not at all. Errors are LKS_DEVICE_ERROR or G_IO_ERROR_CANCELLED. */
gboolean
lks_http_exchange (LksHttp *self,
                   const LksCall *call,
                   const LksSecret *key_header,
                   GCancellable *cancellable,
                   LksHttpAnswer *answer,
                   GError **error)
{
  Attempt attempt = {
    .http = self,
    .call = call,
    .key_header = key_header,
    .cancellable = cancellable,
    .answer = answer,
  };
  struct curl_slist *headers = build_headers (self, call);
  /* Not curl_slist_append(), which would make a copy. */
  struct curl_slist with_key = {
    .data = key_header != NULL ? (char *) lks_secret_get_text (key_header) : NULL,
    .next = headers,
  };
  guint limit_ms = call->limit_ms != 0 ? call->limit_ms : EXCHANGE_LIMIT_MS;
  gboolean ok;

  attempt.body = g_byte_array_new ();
  attempt.moved_at_us = g_get_monotonic_time ();
  attempt.deadline_us = attempt.moved_at_us + (gint64) limit_ms * 1000;
  g_clear_error (&self->distrust);
  /* A handle for each exchange: the connection is the multi handle's, and libcurl 7.88 lets the
   * first header of an answer continue the last one of the answer before, which it has freed. */
  self->easy = curl_easy_init ();
  set_connection (self, &attempt);
  set_request (self, &attempt, key_header != NULL ? &with_key : headers);

  curl_multi_add_handle (self->multi, self->easy);
  ok = transfer (self, &attempt);
  curl_multi_remove_handle (self->multi, self->easy);
  g_clear_pointer (&self->easy, curl_easy_cleanup);
  curl_slist_free_all (headers);
  if (!ok)
    g_propagate_error (error, attempt.problem);

  answer->body = g_byte_array_free_to_bytes (attempt.body);
  return ok;
}

void
lks_http_answer_clear (LksHttpAnswer *answer)
{
  g_clear_pointer (&answer->rest_version, g_free);
  g_clear_pointer (&answer->body, g_bytes_unref);
}

/* Closes the kept-alive connection; the next exchange makes a new one. */
void
lks_http_disconnect (LksHttp *self)
{
  curl_multi_cleanup (self->multi);
  self->multi = lks_curl_multi_new (1);
}

void
lks_http_set_host (LksHttp *self, const char *host)
{
  g_free (self->host);
  self->host = g_strdup (host);
}

/* How many TLS connections were made. */
guint
lks_http_get_handshakes (LksHttp *self)
{
  return self->handshakes;
}

LksHttp *
lks_http_new (LksConnector *connector, LksTrust *trust, const char *host)
{
  LksHttp *self = g_new0 (LksHttp, 1);

  self->connector = g_object_ref (connector);
  self->trust = lks_trust_ref (trust);
  self->host = g_strdup (host);
  self->multi = lks_curl_multi_new (1);
  return self;
}

void
lks_http_free (LksHttp *self)
{
  curl_multi_cleanup (self->multi);
  g_clear_error (&self->distrust);
  g_object_unref (self->connector);
  lks_trust_unref (self->trust);
  g_free (self->host);
  g_free (self);
}
