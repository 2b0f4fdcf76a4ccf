/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device.h"

#include "lks-device-number.h"
#include "lks-device-private.h"
#include "lks-guid.h"
#include "lks-trust-private.h"

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

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

/* "Retry after half a second to a second, a few times": the board serves one request at once. */
#define BUSY_ATTEMPTS 4
#define BUSY_WAIT_MS 500

struct _LksDevice
{
  GObject parent_instance;

  LksConnector *connector; /* (owned) */
  LksTrust *trust;         /* (owned) */
  char *host;              /* (owned) */
  char *rest_version;      /* (owned) (nullable): as the board wrote it last */
  guint rest_version_packed;
  LksDeviceObserver observer; /* (nullable) */
  gpointer observer_data;
  LksDeviceObserver watcher; /* (nullable) */
  gpointer watcher_data;
  CURLM *multi;     /* (owned): keeps the connection between calls */
  CURL *easy;       /* (owned) */
  GError *distrust; /* (owned) (nullable): why the certificate of this handshake was refused */
  guint handshakes;
  gint is_busy; /* atomic */
};

G_DEFINE_FINAL_TYPE (LksDevice, lks_device, G_TYPE_OBJECT)

/* One request on the wire; the busy board may need several for one call. */
typedef struct
{
  LksDevice *device;
  const LksCall *call;
  GCancellable *cancellable; /* (nullable) */
  GByteArray *body;          /* (owned) */
  char *rest_version;        /* (owned) (nullable) */
  gsize header_bytes;
  gboolean is_sent;
  gboolean has_whole_head; /* the empty line came */
  gboolean has_length;     /* the answer says where its body ends */
  GError *problem;         /* (owned) (nullable): why one of our callbacks or limits ended it */
  guint http_status;
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

  if (!lks_connector_prepare (attempt->device->connector, CONNECT_TCP_LIMIT_MS,
                              attempt->cancellable, &error))
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
      g_free (attempt->rest_version);
      attempt->rest_version = g_steal_pointer (&value);
    }
}

static size_t
header_cb (char *data, size_t unit, size_t size, void *user_data)
{
  Attempt *attempt = user_data;

  attempt->header_bytes += size;
  if (attempt->header_bytes > HEADERS_MAX_BYTES)
    {
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
  LksDevice *self = user_data;

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
set_connection (LksDevice *self, Attempt *attempt)
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
set_request (LksDevice *self, Attempt *attempt, struct curl_slist *headers)
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
build_headers (LksDevice *self, const LksCall *call)
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
note_progress (LksDevice *self, Attempt *attempt, gint64 now_us)
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

/* Turns libcurl's wheel until the transfer has ended or a limit was hit. Polling ourselves
 * makes a cancellation felt at once, wherever the transfer is. */
static CURLcode
turn (LksDevice *self, Attempt *attempt)
{
  CURLcode result = CURLE_ABORTED_BY_CALLBACK;
  GPollFD cancel_fd = { .fd = -1 };
  struct curl_waitfd extra = { .events = CURL_WAIT_POLLIN };
  unsigned int n_extra = g_cancellable_make_pollfd (attempt->cancellable, &cancel_fd) ? 1 : 0;
  int running = 1;
  int left;
  CURLMsg *message;

  extra.fd = cancel_fd.fd;
  for (;;)
    {
      gint64 now_us;

      if (curl_multi_perform (self->multi, &running) != CURLM_OK || running == 0)
        break;
      now_us = g_get_monotonic_time ();
      note_progress (self, attempt, now_us);
      if (!check_limits (attempt, now_us))
        break;
      if (curl_multi_poll (self->multi, &extra, n_extra, get_wait_ms (attempt, now_us), NULL) !=
          CURLM_OK)
        break;
    }
  if (n_extra > 0)
    g_cancellable_release_fd (attempt->cancellable);

  while ((message = curl_multi_info_read (self->multi, &left)) != NULL)
    if (message->msg == CURLMSG_DONE)
      result = message->data.result;
  return result;
}

/* The edge to libcurl: after it nobody sees a CURLcode. */
static void
set_transfer_error (LksDevice *self, Attempt *attempt, CURLcode result)
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

/* Sends one request and collects the answer. Returns whether there is one; else
 * attempt->problem is set. */
static gboolean
exchange (LksDevice *self, Attempt *attempt)
{
  struct curl_slist *headers = build_headers (self, attempt->call);
  guint limit_ms = attempt->call->limit_ms != 0 ? attempt->call->limit_ms : EXCHANGE_LIMIT_MS;
  long status = 0;
  CURLcode result;

  attempt->moved_at_us = g_get_monotonic_time ();
  attempt->deadline_us = attempt->moved_at_us + (gint64) limit_ms * 1000;
  g_clear_error (&self->distrust);
  curl_easy_reset (self->easy);
  set_connection (self, attempt);
  set_request (self, attempt, headers);

  curl_multi_add_handle (self->multi, self->easy);
  result = turn (self, attempt);
  if (result == CURLE_OK && !is_complete (attempt))
    result = CURLE_PARTIAL_FILE;
  if (result == CURLE_OK && attempt->problem == NULL)
    {
      note_progress (self, attempt, g_get_monotonic_time ());
      curl_easy_getinfo (self->easy, CURLINFO_RESPONSE_CODE, &status);
      attempt->http_status = (guint) status;
    }
  else
    {
      set_transfer_error (self, attempt, result);
      lks_connector_abort (self->connector);
    }
  curl_multi_remove_handle (self->multi, self->easy);
  curl_slist_free_all (headers);

  return attempt->problem == NULL;
}

static void
observe (LksDevice *self, Attempt *attempt, gint64 started_at_us, gint64 duration_us)
{
  g_autofree char *text = NULL;
  const char *data = (const char *) attempt->body->data;
  gsize size = attempt->body->len;
  LksDeviceExchange exchanged = {
    .method = attempt->call->method,
    .path = attempt->call->path,
    .http_status = attempt->http_status,
    .rest_version = attempt->rest_version,
    .body_bytes = size,
    .started_at_us = started_at_us,
    .duration_us = duration_us,
    .error = attempt->problem,
  };

  g_debug ("%s %s: %u, %" G_GSIZE_FORMAT " bytes in %.1f ms", attempt->call->method,
           attempt->call->path, attempt->http_status, size, (double) duration_us / 1000.0);
  if (self->observer == NULL && self->watcher == NULL)
    return;

  if (size > 0 && !attempt->call->is_secret && memchr (data, '\0', size) == NULL &&
      g_utf8_validate_len (data, size, NULL))
    {
      const char *end = data + MIN (size, LKS_DEVICE_EXCHANGE_BODY_MAX);

      g_utf8_validate_len (data, (gsize) (end - data), &end);
      text = g_strndup (data, (gsize) (end - data));
    }
  exchanged.body = text;
  if (self->watcher != NULL)
    self->watcher (&exchanged, self->watcher_data);
  if (self->observer != NULL)
    self->observer (&exchanged, self->observer_data);
}

static LksDeviceError
get_code (guint http_status, guint32 number)
{
  switch (number)
    {
    case LKS_DEVICE_NUMBER_PERMISSION_DENIED:
    case LKS_DEVICE_NUMBER_NOT_DEV_UNLOCKED:
    case LKS_DEVICE_NUMBER_UPDATE_PERMISSION_DENIED:
    case LKS_DEVICE_NUMBER_NOT_AUTHORIZED:
      return LKS_DEVICE_ERROR_REFUSED;
    case LKS_DEVICE_NUMBER_INTERFACE_BUSY:
      return LKS_DEVICE_ERROR_BUSY;
    default:
      break;
    }

  if (http_status == 403)
    return LKS_DEVICE_ERROR_REFUSED;
  if (http_status == 404 || http_status == 412)
    return LKS_DEVICE_ERROR_NOT_FOUND;
  if (http_status >= 500 && http_status <= 599)
    return LKS_DEVICE_ERROR_INTERNAL;
  if ((http_status >= 400 && http_status <= 499) || number != 0)
    return LKS_DEVICE_ERROR_REJECTED;
  return LKS_DEVICE_ERROR_BAD_ANSWER;
}

static const char *
get_default_meaning (LksDeviceError code)
{
  switch ((int) code)
    {
    case LKS_DEVICE_ERROR_REFUSED:
      return "access is forbidden; the board is probably locked";
    case LKS_DEVICE_ERROR_NOT_FOUND:
      return "not found; the OS of the board may be too old for this request";
    case LKS_DEVICE_ERROR_INTERNAL:
      return "the board failed to serve the request";
    case LKS_DEVICE_ERROR_BAD_ANSWER:
      return "this is no answer of a board";
    default:
      return "the board does not accept the request";
    }
}

/* Whether the answer is a success: status 200 or 201 and no error number in it. */
static gboolean
check_answer (Attempt *attempt, GBytes *body, GError **error)
{
  guint status = attempt->http_status;
  guint32 number = 0;
  gboolean is_ok = status == 200 || status == 201;
  gboolean has_number =
      !(is_ok && attempt->call->is_binary) && lks_answer_find_number (body, &number);
  g_autofree char *meaning = NULL;
  GError *refusal;

  if (is_ok && !has_number)
    return TRUE;

  meaning = has_number ? lks_device_number_describe (number)
                       : g_strdup (get_default_meaning (get_code (status, 0)));
  refusal = g_error_new (LKS_DEVICE_ERROR, (int) get_code (status, number), "%s %s: answer %u: %s",
                         attempt->call->method, attempt->call->path, status, meaning);
  lks_device_error_set_answer (refusal, status, has_number, number);
  g_propagate_error (error, refusal);
  return FALSE;
}

static void
take_rest_version (LksDevice *self, Attempt *attempt)
{
  if (attempt->problem != NULL)
    {
      lks_device_forget (self); /* the board may come back with another OS */
      return;
    }
  if (attempt->rest_version == NULL)
    return;

  g_free (self->rest_version);
  self->rest_version = g_strdup (attempt->rest_version);
  self->rest_version_packed = lks_answer_parse_version (self->rest_version);
}

static GBytes *
call_once (LksDevice *self, const LksCall *call, GCancellable *cancellable, GError **error)
{
  Attempt attempt = { .device = self, .call = call, .cancellable = cancellable };
  gint64 started_at_us = g_get_real_time ();
  gint64 begin_us = g_get_monotonic_time ();
  g_autoptr (GBytes) body = NULL;
  gboolean ok;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  attempt.body = g_byte_array_new ();
  ok = exchange (self, &attempt);
  take_rest_version (self, &attempt);
  observe (self, &attempt, started_at_us, g_get_monotonic_time () - begin_us);
  body = g_byte_array_free_to_bytes (attempt.body);
  if (!ok)
    {
      g_propagate_prefixed_error (error, attempt.problem, "%s %s: ", call->method, call->path);
    }
  else
    ok = check_answer (&attempt, body, error);
  g_free (attempt.rest_version);

  return ok ? g_steal_pointer (&body) : NULL;
}

/* Waits, unless cancelled. */
static gboolean
wait_ms (guint ms, GCancellable *cancellable, GError **error)
{
  GPollFD cancel_fd = { .fd = -1, .events = G_IO_IN };
  gboolean has_fd = g_cancellable_make_pollfd (cancellable, &cancel_fd);

  g_poll (&cancel_fd, has_fd ? 1 : 0, (int) ms);
  if (has_fd)
    g_cancellable_release_fd (cancellable);

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* A package can be sent again only if its stream can go back to where it began. */
static gboolean
rewind_upload (const LksCall *call, goffset start, GCancellable *cancellable)
{
  if (call->upload == NULL)
    return TRUE;

  return G_IS_SEEKABLE (call->upload) && g_seekable_can_seek (G_SEEKABLE (call->upload)) &&
         g_seekable_seek (G_SEEKABLE (call->upload), start, G_SEEK_SET, cancellable, NULL);
}

static GBytes *
call_with_patience (LksDevice *self, const LksCall *call, GCancellable *cancellable, GError **error)
{
  goffset start = call->upload != NULL && G_IS_SEEKABLE (call->upload)
                      ? g_seekable_tell (G_SEEKABLE (call->upload))
                      : 0;

  for (guint attempt = 1;; attempt++)
    {
      g_autoptr (GError) local = NULL;
      GBytes *body = call_once (self, call, cancellable, &local);

      if (body != NULL)
        return body;
      if (!g_error_matches (local, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BUSY) ||
          attempt == BUSY_ATTEMPTS || !rewind_upload (call, start, cancellable))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
      if (!wait_ms (BUSY_WAIT_MS + (guint) g_random_int_range (0, BUSY_WAIT_MS), cancellable,
                    error))
        return NULL;
    }
}

/* Knows the board's REST version, asking for it when no answer has told it yet. */
static gboolean
check_version (LksDevice *self,
               guint since,
               const char *what,
               GCancellable *cancellable,
               GError **error)
{
  const LksCall ask = { .method = "GET", .path = "/status" };
  g_autoptr (GBytes) body = NULL;

  if (since == 0)
    return TRUE;
  if (self->rest_version_packed == 0)
    {
      body = call_with_patience (self, &ask, cancellable, error);
      if (body == NULL)
        return FALSE;
    }
  /* A board that does not tell its version is not refused on suspicion. */
  if (self->rest_version_packed == 0 || self->rest_version_packed >= since)
    return TRUE;

  g_set_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNSUPPORTED,
               "%s needs REST version %u.%u.%u, the board has %s; update its OS", what, since >> 16,
               since >> 8 & 0xff, since & 0xff, self->rest_version);
  return FALSE;
}

static void
enter (LksDevice *self)
{
  gboolean is_free = g_atomic_int_compare_and_exchange (&self->is_busy, 0, 1);

  g_assert (is_free); /* one worker thread per board */
}

static void
leave (LksDevice *self)
{
  g_atomic_int_set (&self->is_busy, 0);
}

/* Sends a request, waits for a busy board, and returns the body of a successful answer. */
GBytes *
lks_device_call (LksDevice *self, const LksCall *call, GCancellable *cancellable, GError **error)
{
  g_autofree char *what = g_strconcat (call->method, " ", call->path, NULL);
  GBytes *body = NULL;

  enter (self);
  if (check_version (self, call->since, what, cancellable, error))
    body = call_with_patience (self, call, cancellable, error);
  leave (self);

  return body;
}

/* For a part of an operation that is newer than the operation itself. */
gboolean
lks_device_require (LksDevice *self,
                    guint since,
                    const char *what,
                    GCancellable *cancellable,
                    GError **error)
{
  gboolean ok;

  enter (self);
  ok = check_version (self, since, what, cancellable, error);
  leave (self);

  return ok;
}

/* Marks an error about a body with the status it came with. */
static void
propagate_bad_answer (GError **error, GError *bad)
{
  lks_device_error_set_answer (bad, 200, FALSE, 0);
  g_propagate_error (error, bad);
}

/* As lks_device_call(), and reads the JSON of the answer into the zeroed struct at @base. */
gboolean
lks_device_call_read (LksDevice *self,
                      const LksCall *call,
                      const LksDeviceShape *record,
                      gpointer base,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GBytes) body = lks_device_call (self, call, cancellable, error);
  g_autofree char *name = g_strconcat (call->method, " ", call->path, NULL);
  GError *bad = NULL;

  if (body == NULL)
    return FALSE;
  if (lks_answer_read (name, body, record, base, &bad))
    return TRUE;

  propagate_bad_answer (error, bad);
  return FALSE;
}

/* As lks_device_call_read(), into a new struct. */
gpointer
lks_device_call_new (LksDevice *self,
                     const LksCall *call,
                     const LksDeviceShape *record,
                     GCancellable *cancellable,
                     GError **error)
{
  gpointer base = g_malloc0 (record->size);

  if (lks_device_call_read (self, call, record, base, cancellable, error))
    return base;

  g_free (base);
  return NULL;
}

/* As lks_device_call(), for answers that say nothing but "done" and maybe "restarting". */
gboolean
lks_device_call_done (LksDevice *self,
                      const LksCall *call,
                      gboolean *out_restarting,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GBytes) body = lks_device_call (self, call, cancellable, error);
  g_autofree char *name = g_strconcat (call->method, " ", call->path, NULL);
  GError *bad = NULL;

  if (body == NULL)
    return FALSE;
  if (lks_answer_read_done (name, body, out_restarting, &bad))
    return TRUE;

  propagate_bad_answer (error, bad);
  return FALSE;
}

/* Forgets what the board said about itself: it may be another OS from now on. */
void
lks_device_forget (LksDevice *self)
{
  g_clear_pointer (&self->rest_version, g_free);
  self->rest_version_packed = 0;
}

/* A check of an argument before anything is sent. */
gboolean
lks_device_check (gboolean ok, GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  if (ok)
    return TRUE;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_INVALID_ARGUMENT, message);
  return FALSE;
}

/* @what stands in the message; @text never does, it may be secret. */
gboolean
lks_device_check_text (const char *what,
                       const char *text,
                       gsize min_bytes,
                       gsize max_bytes,
                       GError **error)
{
  gsize size = text != NULL ? strlen (text) : 0;

  return lks_device_check (size >= min_bytes && size <= max_bytes, error,
                           "%s must have %" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT
                           " bytes, not %" G_GSIZE_FORMAT,
                           what, min_bytes, max_bytes, size) &&
         lks_device_check (text == NULL || g_utf8_validate (text, -1, NULL), error,
                           "%s must be UTF-8 text", what);
}

char *
lks_device_component_path (const char *prefix, const char *component_id, GError **error)
{
  if (!lks_device_check (lks_guid_is_valid (component_id), error,
                         "a component ID is written as 8-4-4-4-12 hexadecimal digits"))
    return NULL;

  return g_strconcat (prefix, component_id, NULL);
}

static void
lks_device_finalize (GObject *object)
{
  LksDevice *self = LKS_DEVICE (object);

  curl_easy_cleanup (self->easy);
  curl_multi_cleanup (self->multi);
  g_clear_error (&self->distrust);
  g_clear_object (&self->connector);
  g_clear_pointer (&self->trust, lks_trust_unref);
  g_free (self->host);
  g_free (self->rest_version);

  G_OBJECT_CLASS (lks_device_parent_class)->finalize (object);
}

static void
lks_device_class_init (LksDeviceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = lks_device_finalize;

  /* A board that is unplugged closes the socket under TLS's hands. GSocket does the same. */
  signal (SIGPIPE, SIG_IGN);

  if (curl_global_init (CURL_GLOBAL_DEFAULT) != CURLE_OK)
    g_error ("libcurl could not be initialised");
}

static void
lks_device_init (LksDevice *self)
{
  self->host = g_strdup (LKS_DEVICE_HOST);
  self->easy = curl_easy_init ();
  self->multi = curl_multi_init ();
  curl_multi_setopt (self->multi, CURLMOPT_MAXCONNECTS, 1L);
}

/**
 * lks_device_new:
 * @connector: makes connections to the board
 * @trust: who may sign the board's certificate
 *
 * Nothing is sent before the first call.
 *
 * Returns: (transfer full): the REST API of the board behind @connector
 */
LksDevice *
lks_device_new (LksConnector *connector, LksTrust *trust)
{
  LksDevice *self = g_object_new (LKS_TYPE_DEVICE, NULL);

  self->connector = g_object_ref (connector);
  self->trust = lks_trust_ref (trust);
  return self;
}

/**
 * lks_device_set_host:
 * @self: a device
 * @host: value of the Host header
 *
 * Boards accept %LKS_DEVICE_HOST, which is the default, and their address.
 */
void
lks_device_set_host (LksDevice *self, const char *host)
{
  g_free (self->host);
  self->host = g_strdup (host);
}

/**
 * lks_device_set_observer:
 * @self: a device
 * @observer: (nullable) (scope forever): told of every exchange, on the thread of the call
 * @user_data: for @observer
 *
 * Delivers raw evidence. @observer must not call @self.
 */
void
lks_device_set_observer (LksDevice *self, LksDeviceObserver observer, gpointer user_data)
{
  self->observer = observer;
  self->observer_data = user_data;
}

/**
 * lks_device_set_watcher:
 * @self: a device
 * @watcher: (nullable) (scope forever): told of every exchange, on the thread of the call
 * @user_data: for @watcher
 *
 * A second seat beside lks_device_set_observer(), for the owner of @self: whoever borrows the
 * device takes and gives up the first.
 */
void
lks_device_set_watcher (LksDevice *self, LksDeviceObserver watcher, gpointer user_data)
{
  self->watcher = watcher;
  self->watcher_data = user_data;
}

/**
 * lks_device_get_rest_version:
 * @self: a device
 *
 * Returns: (transfer none) (nullable): the REST version of the board's last answer, such as
 *   "4.6.0"; NULL before the first answer and after the connection was lost. Same thread as
 *   the calls
 */
const char *
lks_device_get_rest_version (LksDevice *self)
{
  return self->rest_version;
}

/**
 * lks_device_get_handshakes:
 * @self: a device
 *
 * Returns: how many TLS connections were made so far
 */
guint
lks_device_get_handshakes (LksDevice *self)
{
  return self->handshakes;
}

/**
 * lks_device_disconnect:
 * @self: a device
 *
 * Closes the kept-alive connection and forgets the board's version; the next call connects
 * anew. Same thread as the calls.
 */
void
lks_device_disconnect (LksDevice *self)
{
  enter (self);
  curl_multi_cleanup (self->multi);
  self->multi = curl_multi_init ();
  curl_multi_setopt (self->multi, CURLMOPT_MAXCONNECTS, 1L);
  lks_device_forget (self);
  leave (self);
}
