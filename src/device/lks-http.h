/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-connector.h"
#include "lks-device-body.h"
#include "lks-secret.h"
#include "lks-trust.h"

G_BEGIN_DECLS

#define LKS_DEVICE_JSON_MAX (256 * 1024)

/**
 * LksCall:
 * @method: GET, PUT, POST, PATCH or DELETE
 * @path: path, already escaped
 * @since: the REST version the operation needs, 0 for any
 * @body: (nullable): JSON to send
 * @upload: (nullable): bytes to send instead of @body
 * @upload_bytes: how many
 * @progress: (nullable): told how much of @upload went out
 * @limit_ms: for the whole exchange, 0 for the ordinary limit
 * @quiet_ms: the longest time in which nothing may move, 0 for the ordinary limit
 * @answer_max_bytes: the most that is taken as a body, 0 for %LKS_DEVICE_JSON_MAX
 * @is_binary: the answer is not JSON
 * @is_secret: the answer repeats a secret and must not be shown to observers
 *
 * One request.
 */
typedef struct {
  const char *method;
  const char *path;
  guint since;
  const LksDeviceBody *body;
  GInputStream *upload;
  guint64 upload_bytes;
  void (*progress) (guint64 sent_bytes, guint64 total_bytes, gpointer user_data);
  gpointer progress_data;
  guint limit_ms;
  guint quiet_ms;
  gsize answer_max_bytes;
  gboolean is_binary;
  gboolean is_secret;
} LksCall;

/**
 * LksHttpAnswer:
 * @status: the HTTP status, 0 when there was no complete answer
 * @rest_version: (nullable): the version header
 * @body: the body as far as it came
 * @is_unsent: nothing was sent, because a request with a key never goes over a new connection
 */
typedef struct {
  guint status;
  char *rest_version;
  GBytes *body;
  gboolean is_unsent;
} LksHttpAnswer;

/**
 * LksHttp:
 *
 * The edge to libcurl: one kept-alive HTTPS connection to one board. Blocking; one thread at a
 * time.
 */
typedef struct _LksHttp LksHttp;

LksHttp  *lks_http_new            (LksConnector     *connector,
                                   LksTrust         *trust,
                                   const char       *host) G_GNUC_WARN_UNUSED_RESULT;
void      lks_http_free           (LksHttp          *self);

void      lks_http_set_host       (LksHttp          *self,
                                   const char       *host);
guint     lks_http_get_handshakes (LksHttp          *self);
void      lks_http_disconnect     (LksHttp          *self);
gboolean  lks_http_exchange       (LksHttp          *self,
                                   const LksCall    *call,
                                   const LksSecret  *key_header,
                                   GCancellable     *cancellable,
                                   LksHttpAnswer    *answer,
                                   GError          **error);
void      lks_http_answer_clear   (LksHttpAnswer    *answer);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LksHttpAnswer, lks_http_answer_clear)

G_END_DECLS
