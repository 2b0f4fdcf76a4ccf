/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device.h"

#include "lks-device-number.h"
#include "lks-device-private.h"
#include "lks-wait.h"

#include <string.h>

/* "Retry after half a second to a second, a few times": the board serves one request at once. */
#define BUSY_ATTEMPTS 4
#define BUSY_WAIT_MS 500

/* How often a connection may break between the proof of who is there and its use. */
#define PROOF_ATTEMPTS 3

struct _LksDevice
{
  GObject parent_instance;

  LksHttp *http;      /* (owned) */
  char *rest_version; /* (owned) (nullable): as the board wrote it last */
  guint rest_version_packed;
  LksDeviceObserver observer; /* (nullable) */
  gpointer observer_data;
  LksDeviceObserver watcher; /* (nullable) */
  gpointer watcher_data;
  LksCapabilityKey *key;  /* (owned) (nullable) */
  guint proven_handshake; /* the connection on which the board named itself as @key's */
  gint is_busy;           /* atomic */
};

G_DEFINE_FINAL_TYPE (LksDevice, lks_device, G_TYPE_OBJECT)

/* Forgets what the board said about itself: it may have another OS from now on. */
static void
forget (LksDevice *self)
{
  g_clear_pointer (&self->rest_version, g_free);
  self->rest_version_packed = 0;
}

/* Evidence must be readable, and hold no secret. */
static char *
dup_evidence (const LksCall *call, const char *data, gsize size)
{
  const char *end = data + MIN (size, LKS_DEVICE_EXCHANGE_BODY_MAX);

  if (size == 0 || call->is_secret || memchr (data, '\0', size) != NULL ||
      !g_utf8_validate_len (data, size, NULL))
    return NULL;

  g_utf8_validate_len (data, (gsize) (end - data), &end); /* not in the middle of a character */
  return g_strndup (data, (gsize) (end - data));
}

static void
observe (LksDevice *self,
         const LksCall *call,
         const LksHttpAnswer *answer,
         gboolean with_key,
         gint64 started_at_us,
         gint64 duration_us,
         const GError *error)
{
  gsize size;
  const char *data = g_bytes_get_data (answer->body, &size);
  g_autofree char *text = NULL;
  LksDeviceExchange exchanged = {
    .method = call->method,
    .path = call->path,
    .http_status = answer->status,
    .rest_version = answer->rest_version,
    .body_bytes = size,
    .started_at_us = started_at_us,
    .duration_us = duration_us,
    .with_key = with_key,
    .error = error,
  };

  g_debug ("%s %s: %u, %" G_GSIZE_FORMAT " bytes in %.1f ms", call->method, call->path,
           answer->status, size, (double) duration_us / 1000.0);
  if (self->observer == NULL && self->watcher == NULL)
    return;

  text = dup_evidence (call, data, size);
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
check_answer (const LksCall *call, const LksHttpAnswer *answer, GError **error)
{
  gboolean is_ok = answer->status == 200 || answer->status == 201;
  guint32 number = 0;
  gboolean has_number =
      !(is_ok && call->is_binary) && lks_answer_find_number (answer->body, &number);
  LksDeviceError code = get_code (answer->status, number);
  g_autofree char *meaning = NULL;
  GError *refusal;

  if (is_ok && !has_number)
    return TRUE;

  meaning =
      has_number ? lks_device_number_describe (number) : g_strdup (get_default_meaning (code));
  refusal = g_error_new (LKS_DEVICE_ERROR, (int) code, "%s %s: answer %u: %s", call->method,
                         call->path, answer->status, meaning);
  lks_device_error_set_answer (refusal, answer->status, has_number, number);
  g_propagate_error (error, refusal);
  return FALSE;
}

static void
take_rest_version (LksDevice *self, const char *rest_version)
{
  if (rest_version == NULL)
    return;

  g_free (self->rest_version);
  self->rest_version = g_strdup (rest_version);
  self->rest_version_packed = lks_answer_parse_version (self->rest_version);
}

/* @key_header: (nullable): shown to the board; @out_unsent tells that there was no connection to
 * show it over. */
static GBytes *
exchange (LksDevice *self,
          const LksCall *call,
          const LksSecret *key_header,
          gboolean *out_unsent,
          GCancellable *cancellable,
          GError **error)
{
  g_auto (LksHttpAnswer) answer = { 0 };
  gint64 started_at_us = g_get_real_time ();
  gint64 begin_us = g_get_monotonic_time ();
  GError *problem = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  lks_http_exchange (self->http, call, key_header, cancellable, &answer, &problem);
  observe (self, call, &answer, key_header != NULL && !answer.is_unsent, started_at_us,
           g_get_monotonic_time () - begin_us, problem);
  if (out_unsent != NULL)
    *out_unsent = answer.is_unsent;
  if (problem != NULL)
    {
      forget (self); /* the board may come back with another OS */
      g_propagate_prefixed_error (error, problem, "%s %s: ", call->method, call->path);
      return NULL;
    }

  take_rest_version (self, answer.rest_version);
  return check_answer (call, &answer, error) ? g_steal_pointer (&answer.body) : NULL;
}

/* What every board tells everybody (OpenAPI file of the device REST API: no authorizer). Whether
 * an answer changes when a capability is shown is not published, and these must not. */
static gboolean
is_open (const LksCall *call)
{
  static const char *const paths[] = {
    "/abi_versions",
    "/device/capabilities",
    "/device/manufacturing_state",
    "/device/security_state",
    "/net/status",
    "/osversion",
    "/status",
    NULL,
  };

  return g_str_equal (call->method, "GET") && g_strv_contains (paths, call->path);
}

static char *
read_device_id (LksDevice *self, GCancellable *cancellable, GError **error)
{
  static const LksCall ask = { .method = "GET", .path = "/device/security_state" };
  g_autoptr (GBytes) body = exchange (self, &ask, NULL, NULL, cancellable, error);

  return body != NULL ? lks_answer_read_device_id (body, error) : NULL;
}

/* Whether the board at the end of the present connection is the key's: it says so twice over this
 * one connection. Another board is no failure; it is simply not shown the key. */
static gboolean
prove_board (LksDevice *self, gboolean *out_proven, GCancellable *cancellable, GError **error)
{
  for (guint attempt = 0; attempt <= PROOF_ATTEMPTS; attempt++)
    {
      g_autofree char *first = NULL;
      g_autofree char *second = NULL;
      guint handshake;

      *out_proven = self->proven_handshake != 0 &&
                    self->proven_handshake == lks_http_get_handshakes (self->http);
      if (*out_proven)
        return TRUE;

      first = read_device_id (self, cancellable, error);
      if (first == NULL)
        return FALSE;
      handshake = lks_http_get_handshakes (self->http);
      second = read_device_id (self, cancellable, error);
      if (second == NULL)
        return FALSE;
      if (!lks_capability_key_is_for (self->key, first) ||
          !lks_capability_key_is_for (self->key, second))
        return TRUE;
      if (handshake == lks_http_get_handshakes (self->http))
        self->proven_handshake = handshake;
    }

  *out_proven = FALSE; /* no connection lasted long enough */
  return TRUE;
}

/* The header for this call over the present connection, NULL when it gets none. */
static gboolean
prepare_key (LksDevice *self,
             const LksCall *call,
             LksSecret **out_header,
             GCancellable *cancellable,
             GError **error)
{
  gboolean is_proven = FALSE;

  *out_header = NULL;
  if (self->key == NULL || is_open (call))
    return TRUE;
  if (!prove_board (self, &is_proven, cancellable, error))
    return FALSE;
  if (is_proven)
    *out_header = lks_capability_key_dup_header (self->key);
  return TRUE;
}

/* The connection may break between the proof and the request: then nothing was sent, and the
 * board at the end of the next one is asked anew. */
static GBytes *
call_once (LksDevice *self, const LksCall *call, GCancellable *cancellable, GError **error)
{
  for (guint attempt = 1;; attempt++)
    {
      g_autoptr (LksSecret) key_header = NULL;
      g_autoptr (GError) local = NULL;
      gboolean is_unsent = FALSE;
      GBytes *body;

      if (!prepare_key (self, call, &key_header, cancellable, error))
        return NULL;
      body = exchange (self, call, key_header, &is_unsent, cancellable, &local);
      if (body != NULL)
        return body;
      if (!is_unsent || attempt == PROOF_ATTEMPTS)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
    }
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
      if (!lks_wait_ms (BUSY_WAIT_MS + (guint) g_random_int_range (0, BUSY_WAIT_MS), cancellable,
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

static void
lks_device_finalize (GObject *object)
{
  LksDevice *self = LKS_DEVICE (object);

  g_clear_pointer (&self->http, lks_http_free);
  g_clear_pointer (&self->key, lks_capability_key_unref);
  g_free (self->rest_version);

  G_OBJECT_CLASS (lks_device_parent_class)->finalize (object);
}

static void
lks_device_class_init (LksDeviceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = lks_device_finalize;
}

static void
lks_device_init (LksDevice *self)
{
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

  self->http = lks_http_new (connector, trust, LKS_DEVICE_HOST);
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
  lks_http_set_host (self->http, host);
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
 * device takes and gives up the first. @watcher may call nothing of @self but
 * lks_device_get_handshakes().
 */
void
lks_device_set_watcher (LksDevice *self, LksDeviceObserver watcher, gpointer user_data)
{
  self->watcher = watcher;
  self->watcher_data = user_data;
}

/**
 * lks_device_set_key:
 * @self: a device
 * @key: (nullable): a key to be shown to its board from now on; NULL for none
 *
 * The key is shown to a board only over a connection on which this board has just told the key's
 * device ID, twice; to any other board the same calls are made without it. The seven requests that
 * every board answers never carry it. Same thread as the calls.
 */
void
lks_device_set_key (LksDevice *self, LksCapabilityKey *key)
{
  if (self->key == key)
    return;

  g_clear_pointer (&self->key, lks_capability_key_unref);
  self->key = key != NULL ? lks_capability_key_ref (key) : NULL;
  self->proven_handshake = 0; /* it was another key's board */
}

/**
 * lks_device_get_key:
 * @self: a device
 *
 * Returns: (transfer none) (nullable): the key that is shown to its board. Same thread as the calls
 */
LksCapabilityKey *
lks_device_get_key (LksDevice *self)
{
  return self->key;
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
  return lks_http_get_handshakes (self->http);
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
  lks_http_disconnect (self->http);
  forget (self);
  leave (self);
}
