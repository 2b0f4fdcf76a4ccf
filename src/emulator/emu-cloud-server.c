/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-cloud-private.h"

#include "lks-image-package.h"

#include <string.h>

#define BODY_MAX_BYTES (4 * LKS_IMAGE_PACKAGE_BYTES_MAX / 3 + 65536)
#define JSON_TYPE "application/json"
#define FORM_TYPE "application/x-www-form-urlencoded"
#define OS_VERSIONS_PATH "/versions/mt3620an.json"
#define PROXY_PAGE                                                                                 \
  "<html><body><h1>502 Bad Gateway</h1>The proxy cannot reach the server.</body></html>"

/* One request on its way through the HTTP library. */
typedef struct
{
  EmuCloud *cloud;        /* (unowned) */
  SoupServerMessage *msg; /* (unowned): owns this */
  guint delay_id;
  gsize body_bytes;
  gboolean is_too_large;
} Exchange;

static void
exchange_free (gpointer data)
{
  Exchange *self = data;

  g_clear_handle_id (&self->delay_id, g_source_remove);
  g_free (self);
}

static Exchange *
get_exchange (SoupServerMessage *msg)
{
  return g_object_get_data (G_OBJECT (msg), "emu-cloud-exchange");
}

static void
trace (EmuCloud *self, const char *service, SoupServerMessage *msg)
{
  const char *path = g_uri_get_path (soup_server_message_get_uri (msg));
  guint status = soup_server_message_get_status (msg);

  g_debug ("%s: %s %s: %u", service, soup_server_message_get_method (msg), path, status);
  if (self->trace != NULL)
    emu_trace_write_cloud (self->trace, service, soup_server_message_get_method (msg), path,
                           status);
}

static void
set_header (SoupServerMessage *msg, const char *name, const char *value)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (msg), name, value);
}

static const char *
get_header (SoupServerMessage *msg, const char *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (msg), name);
}

static void
set_body (SoupServerMessage *msg, guint status, const char *type, GBytes *body)
{
  gsize size_bytes = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &size_bytes) : NULL;

  soup_server_message_set_status (msg, status, NULL);
  if (size_bytes > 0)
    soup_server_message_set_response (msg, type, SOUP_MEMORY_COPY, data, size_bytes);
}

/* ---- the resource API ---- */

static EmuBucketKind
get_bucket (const char *method)
{
  if (g_str_equal (method, "GET"))
    return EMU_BUCKET_READS;
  return g_str_equal (method, "DELETE") ? EMU_BUCKET_DELETES : EMU_BUCKET_WRITES;
}

/* What every answer tells about itself (recording). */
static void
set_trace_headers (EmuCall *call, SoupServerMessage *msg)
{
  static const char *const kinds[] = { "reads", "writes", "deletes" };
  EmuBucketKind kind = get_bucket (call->method);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%dT%H%M%SZ");
  g_autofree char *routing = g_strdup_printf ("%s:%s:%s", EMU_CLOUD_REGION, time, call->request_id);
  g_autofree char *left = g_strdup_printf ("%d", (int) call->cloud->buckets[kind].left);
  g_autofree char *name = g_strdup_printf ("x-ms-ratelimit-remaining-subscription-%s", kinds[kind]);
  const char *client_id = get_header (msg, "x-ms-client-request-id");

  set_header (msg, "x-ms-request-id", call->request_id);
  set_header (msg, "x-ms-correlation-request-id", call->request_id);
  set_header (msg, "x-ms-routing-request-id", routing);
  set_header (msg, name, left);
  if (client_id != NULL && get_header (msg, "x-ms-return-client-request-id") != NULL)
    set_header (msg, "x-ms-client-request-id", client_id);
}

static void
fail_throttled (EmuCall *call, SoupServerMessage *msg, guint retry_s)
{
  g_autofree char *text = g_strdup_printf ("%u", retry_s);

  set_header (msg, "Retry-After", text);
  call->from_gateway = TRUE;
  emu_arm_fail (call, 429, "TooManyRequests",
                "The request is being throttled. Retry after '%u' seconds.", retry_s);
}

/* TRUE: the request goes no further. */
static gboolean
is_stopped_by_limit (EmuCall *call, SoupServerMessage *msg)
{
  guint retry_s = 0;

  if (!emu_cloud_is_throttled (call->cloud, &retry_s) &&
      emu_cloud_grant (call->cloud, get_bucket (call->method), &retry_s))
    return FALSE;
  fail_throttled (call, msg, retry_s);
  return TRUE;
}

static gboolean
is_signed_in (EmuCall *call, SoupServerMessage *msg)
{
  gboolean is_expired;

  if (emu_cloud_auth_check_token (call->cloud->auth, get_header (msg, "Authorization"),
                                  call->is_legacy, &is_expired))
    return TRUE;
  call->from_gateway = TRUE;
  set_header (msg, "WWW-Authenticate", "Bearer authorization_uri=\"https://login.example\"");
  if (is_expired)
    emu_arm_fail (call, 401, "ExpiredAuthenticationToken", "The access token expiry is past.");
  else if (get_header (msg, "Authorization") == NULL)
    emu_arm_fail (call, 401, "AuthenticationFailed",
                  "Authentication failed. The 'Authorization' header is missing.");
  else
    emu_arm_fail (call, 401, "InvalidAuthenticationToken", "The access token is invalid.");
  return FALSE;
}

/* A fault that takes the place of the answer. TRUE: nothing else is to be done. */
static gboolean
is_stopped_by_fault (EmuCall *call, SoupServerMessage *msg)
{
  const EmuCloudFault *fault = call->fault;
  const char *code = fault != NULL && fault->code != NULL ? fault->code : "InternalServerError";
  const char *message =
      fault != NULL && fault->message != NULL ? fault->message : "The service had a problem.";

  switch (fault != NULL ? fault->kind : EMU_CLOUD_FAULT_NONE)
    {
    case EMU_CLOUD_FAULT_STATUS:
      emu_arm_fail (call, fault->status, code, "%s", message);
      return TRUE;
    case EMU_CLOUD_FAULT_ECHO:
      emu_arm_fail (call, fault->status, code, "%s Authorization: %s", message,
                    call->authorization);
      return TRUE;
    case EMU_CLOUD_FAULT_THROTTLE:
      emu_cloud_throttle (call->cloud, fault->seconds);
      fail_throttled (call, msg, fault->seconds);
      return TRUE;
    case EMU_CLOUD_FAULT_EXPIRED_TOKEN:
      call->from_gateway = TRUE;
      emu_arm_fail (call, 401, "ExpiredAuthenticationToken", "The access token expiry is past.");
      return TRUE;
    case EMU_CLOUD_FAULT_REDIRECT:
      set_header (msg, "Location", "https://127.0.0.2:9/elsewhere");
      emu_arm_reply_null (call, 302);
      return TRUE;
    case EMU_CLOUD_FAULT_PROXY_PAGE:
    case EMU_CLOUD_FAULT_NONE:
    case EMU_CLOUD_FAULT_CUT:
    case EMU_CLOUD_FAULT_SLOW:
    case EMU_CLOUD_FAULT_FOREIGN_LINK:
    case EMU_CLOUD_FAULT_FOREIGN_POLL:
    case EMU_CLOUD_FAULT_EMPTY_CAPABILITY:
    case EMU_CLOUD_FAULT_BARE_CAPABILITY:
    case EMU_CLOUD_FAULT_OTHER_CAPABILITY:
    case EMU_CLOUD_FAULT_OPERATION_FAILS:
    case EMU_CLOUD_FAULT_OPERATION_ECHOES:
    case EMU_CLOUD_FAULT_OPERATION_ENDS:
    case EMU_CLOUD_FAULT_OPERATION_STUCK:
    case EMU_CLOUD_FAULT_OPERATION_SLOW:
    case EMU_CLOUD_FAULT_OPERATION_LOST:
    case EMU_CLOUD_FAULT_HALF:
      break;
    }
  return FALSE;
}

/* The Legacy interface takes lists, texts and images as well: what is right is for whom it is sent.
 */
static gboolean
read_legacy_body (EmuCall *call, Exchange *exchange, LksJson **out_json)
{
  gsize size_bytes;
  gconstpointer data;

  if (exchange->is_too_large)
    return FALSE;
  call->bytes = soup_message_body_flatten (soup_server_message_get_request_body (exchange->msg));
  data = g_bytes_get_data (call->bytes, &size_bytes);
  *out_json =
      size_bytes > 0 ? lks_json_parse ("request", data, size_bytes, BODY_MAX_BYTES, NULL) : NULL;
  call->document = *out_json != NULL ? lks_json_get_root (*out_json) : NULL;
  if (call->document != NULL && JSON_NODE_HOLDS_OBJECT (call->document))
    call->body = json_node_get_object (call->document);
  return TRUE;
}

/* FALSE: there is a body and it is no JSON object. */
static gboolean
read_body (EmuCall *call, Exchange *exchange, LksJson **out_json)
{
  SoupMessageBody *body = soup_server_message_get_request_body (exchange->msg);
  g_autoptr (GBytes) bytes = NULL;
  gsize size_bytes;
  gconstpointer data;

  if (call->is_legacy)
    return read_legacy_body (call, exchange, out_json);
  if (exchange->is_too_large || body->length <= 0)
    return !exchange->is_too_large;
  bytes = soup_message_body_flatten (body);
  data = g_bytes_get_data (bytes, &size_bytes);
  *out_json = lks_json_parse ("request", data, size_bytes, BODY_MAX_BYTES, NULL);
  call->body = *out_json != NULL ? lks_json_get_root_object (*out_json, NULL) : NULL;
  return call->body != NULL;
}

static gboolean
is_of_type (SoupServerMessage *msg, const char *wanted)
{
  const char *type =
      soup_message_headers_get_content_type (soup_server_message_get_request_headers (msg), NULL);

  return type != NULL && g_ascii_strcasecmp (type, wanted) == 0;
}

/* Resource Manager takes JSON that is called so. */
static gboolean
check_body_type (EmuCall *call, Exchange *exchange)
{
  if (call->is_legacy || exchange->body_bytes == 0 || is_of_type (exchange->msg, JSON_TYPE))
    return TRUE;
  call->from_gateway = TRUE;
  emu_arm_fail (call, 415, "UnsupportedMediaType",
                "The content media type '%s' is not supported. Only '" JSON_TYPE "' is supported.",
                get_header (exchange->msg, "Content-Type") != NULL
                    ? get_header (exchange->msg, "Content-Type")
                    : "<null>");
  return FALSE;
}

static void
answer_call (EmuCall *call, Exchange *exchange)
{
  g_autoptr (LksJson) json = NULL;

  if (is_stopped_by_limit (call, exchange->msg) || is_stopped_by_fault (call, exchange->msg) ||
      !is_signed_in (call, exchange->msg) || !check_body_type (call, exchange))
    return;
  if (!read_body (call, exchange, &json))
    {
      call->from_gateway = TRUE;
      emu_arm_fail (call, exchange->is_too_large ? 413 : 400, "InvalidRequestContent",
                    "The request content was invalid and could not be deserialized.");
      return;
    }
  if (call->is_legacy)
    emu_legacy_answer (call);
  else
    emu_arm_answer (call);
}

static void
set_operation_headers (EmuCall *call, SoupServerMessage *msg)
{
  if (call->async_url == NULL || call->status >= 300)
    return;
  if (call->has_async)
    set_header (msg, "Azure-AsyncOperation", call->async_url);
  if (call->has_location)
    set_header (msg, "Location", call->async_url);
  if (call->cloud->config->async == EMU_CLOUD_ASYNC_RETRY_AFTER)
    set_header (msg, "Retry-After", "1");
}

static void
finish_call (EmuCall *call, Exchange *exchange)
{
  g_autoptr (GBytes) page = NULL;

  if (!call->is_legacy)
    set_trace_headers (call, exchange->msg);
  set_operation_headers (call, exchange->msg);
  if (call->status >= 400 && !call->is_legacy)
    set_header (exchange->msg, "x-ms-failure-cause", call->from_gateway ? "gateway" : "service");
  if (call->fault != NULL && call->fault->kind == EMU_CLOUD_FAULT_PROXY_PAGE)
    {
      page = g_bytes_new_static (PROXY_PAGE, strlen (PROXY_PAGE));
      set_body (exchange->msg, 502, "text/html", page);
    }
  else
    set_body (exchange->msg, call->status,
              call->status >= 400 ? "application/json" : "application/json; charset=utf-8",
              call->answer);
  trace (call->cloud, "cloud", exchange->msg);
}

/* ---- late and broken answers ---- */

static gboolean
unpause_cb (gpointer data)
{
  Exchange *self = data;

  self->delay_id = 0;
  soup_server_message_unpause (self->msg);
  return G_SOURCE_REMOVE;
}

/* Half an answer, then the end of the connection. */
static gboolean
cut_cb (gpointer data)
{
  Exchange *self = data;
  static const char half[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                             "Content-Length: 1000\r\n\r\n{\"value\":[";
  g_autoptr (GIOStream) stream = NULL;

  self->delay_id = 0;
  stream = soup_server_message_steal_connection (self->msg);
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), half, strlen (half), NULL,
                             NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
  return G_SOURCE_REMOVE;
}

static void
spoil (Exchange *self, const EmuCloudFault *fault)
{
  if (fault == NULL)
    return;
  if (fault->kind == EMU_CLOUD_FAULT_SLOW)
    {
      soup_server_message_pause (self->msg);
      self->delay_id = g_timeout_add_seconds (fault->seconds, unpause_cb, self);
    }
  else if (fault->kind == EMU_CLOUD_FAULT_CUT)
    {
      soup_server_message_pause (self->msg);
      self->delay_id = g_idle_add (cut_cb, self);
    }
}

static void
call_clear (EmuCall *call)
{
  for (guint i = 0; i < EMU_CLOUD_PARAMS_MAX; i++)
    g_free (call->params[i]);
  g_clear_pointer (&call->answer, g_bytes_unref);
  g_clear_pointer (&call->bytes, g_bytes_unref);
  g_free (call->async_url);
  g_free (call->request_id);
}

static void
serve_resources (EmuCloud *self, Exchange *exchange, const char *path, GHashTable *query)
{
  const char *method = soup_server_message_get_method (exchange->msg);
  EmuCall call = { .cloud = self,
                   .method = method,
                   .path = path,
                   .query = query,
                   .is_legacy = g_str_has_prefix (path, "/v2/"),
                   .continuation = get_header (exchange->msg, "Sphere-Continuation"),
                   .authorization = get_header (exchange->msg, "Authorization"),
                   .request_id = g_uuid_string_random (),
                   .raw_query = g_uri_get_query (soup_server_message_get_uri (exchange->msg)),
                   .fault = emu_cloud_next_fault (self, method, path) };

  emu_cloud_operations_run (self->operations, g_get_real_time ());
  answer_call (&call, exchange);
  finish_call (&call, exchange);
  spoil (exchange, call.fault);
  call_clear (&call);
}

/* ---- sign-in and the list of OS versions ---- */

static gboolean
serve_sign_in (EmuCloud *self, Exchange *exchange, const char *path, GHashTable *query)
{
  SoupServerMessage *msg = exchange->msg;
  const char *method = soup_server_message_get_method (msg);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (soup_server_message_get_request_body (msg));
  g_autofree char *form = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_auto (EmuAuthReply) reply = { 0 };
  gboolean is_form = g_str_equal (method, "POST") && is_of_type (msg, FORM_TYPE);
  const EmuCloudFault *fault =
      emu_cloud_is_sign_in_path (path) ? emu_cloud_next_fault (self, method, path) : NULL;

  if (!emu_cloud_auth_fail (fault, form, &reply) &&
      !emu_cloud_auth_handle (self->auth, self->base, method, path, query, is_form ? form : NULL,
                              &reply))
    return FALSE;
  if (reply.location != NULL)
    set_header (msg, "Location", reply.location);
  set_header (msg, "Cache-Control", "no-store");
  set_body (msg, reply.status, reply.type, reply.body);
  trace (self, "sign-in", msg);
  spoil (exchange, fault);
  return TRUE;
}

static void
serve_os_versions (EmuCloud *self, SoupServerMessage *msg)
{
  GBytes *list = emu_cloud_write_os_versions ();

  set_body (msg, 200, "application/json", list);
  g_bytes_unref (list);
  trace (self, "cloud", msg);
}

static void
handle_cb (SoupServer *server,
           SoupServerMessage *msg,
           const char *decoded_path,
           GHashTable *query,
           gpointer user_data)
{
  EmuCloud *self = user_data;
  Exchange *exchange = get_exchange (msg);
  const char *path = g_uri_get_path (soup_server_message_get_uri (msg));

  if (g_str_equal (path, OS_VERSIONS_PATH))
    serve_os_versions (self, msg);
  else if (!serve_sign_in (self, exchange, path, query))
    serve_resources (self, exchange, path, query);
}

/* ---- images: another host, which must never see a sign-in ---- */

static EmuImage *
find_blob (EmuCloud *self, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  GPtrArray *catalogs = self->store->catalogs;

  if (g_strv_length (parts) != 4 || !g_str_equal (parts[2], "images"))
    return NULL;
  for (guint i = 0; i < catalogs->len; i++)
    {
      EmuCatalog *catalog = g_ptr_array_index (catalogs, i);

      if (g_str_equal (catalog->tenant_id, parts[1]))
        return emu_catalog_find_image (catalog, parts[3]);
    }
  return NULL;
}

static void
handle_blob_cb (SoupServer *server,
                SoupServerMessage *msg,
                const char *path,
                GHashTable *query,
                gpointer user_data)
{
  EmuCloud *self = user_data;
  EmuImage *image = find_blob (self, path);

  if (get_header (msg, "Authorization") != NULL)
    soup_server_message_set_status (msg, 400, NULL); /* InvalidAuthenticationInfo */
  else if (image == NULL)
    soup_server_message_set_status (msg, 404, NULL);
  else if (query == NULL || !g_hash_table_contains (query, "sig"))
    soup_server_message_set_status (msg, 403, NULL);
  else
    set_body (msg, 200, "application/octet-stream", image->package);
  trace (self, "images", msg);
}

/* ---- the HTTP library ---- */

static void
got_chunk_cb (SoupServerMessage *msg, GBytes *chunk, gpointer user_data)
{
  Exchange *self = user_data;
  SoupMessageBody *body = soup_server_message_get_request_body (msg);

  self->body_bytes += g_bytes_get_size (chunk);
  if (self->body_bytes <= BODY_MAX_BYTES)
    return;
  self->is_too_large = TRUE;
  soup_message_body_set_accumulate (body, FALSE);
  soup_message_body_truncate (body);
}

static void
request_started_cb (SoupServer *server, SoupServerMessage *msg, gpointer user_data)
{
  Exchange *self = g_new0 (Exchange, 1);

  self->cloud = user_data;
  self->msg = msg;
  g_object_set_data_full (G_OBJECT (msg), "emu-cloud-exchange", self, exchange_free);
  g_signal_connect (msg, "got-chunk", G_CALLBACK (got_chunk_cb), self);
}

/* A client that left takes its timers along. */
static void
request_gone_cb (SoupServer *server, SoupServerMessage *msg, gpointer user_data)
{
  Exchange *self = get_exchange (msg);

  if (self != NULL)
    g_clear_handle_id (&self->delay_id, g_source_remove);
}

/**
 * emu_cloud_serve:
 * @self: a cloud whose servers do not listen yet
 *
 * Answers requests from now on.
 */
void
emu_cloud_serve (EmuCloud *self)
{
  g_signal_connect (self->server, "request-started", G_CALLBACK (request_started_cb), self);
  g_signal_connect (self->server, "request-aborted", G_CALLBACK (request_gone_cb), self);
  soup_server_add_handler (self->server, NULL, handle_cb, self, NULL);
  soup_server_add_handler (self->blobs, NULL, handle_blob_cb, self, NULL);
}
