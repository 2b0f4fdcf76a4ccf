/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-problem.h"
#include "lks-cloud-trust.h"
#include "lks-secret.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define LKS_CLOUD_BODY_MAX_BYTES (8 * 1024 * 1024)

/* A number that a header did not tell. */
#define LKS_CLOUD_NOT_SAID (-1)

/**
 * LksCloudRequest:
 * @method: GET, PUT, POST, PATCH or DELETE
 * @url: where it goes; https only
 * @authorization: (nullable): a whole header line, sent with this request and nowhere else
 * @extra_header: (nullable): one more header line
 * @content_type: (nullable): of @body
 * @body: (nullable): what is sent; not copied
 * @body_bytes: how much
 * @is_repeatable: whether sending it twice does no harm
 * @is_secret: the answer holds a secret: its memory is wiped when it is freed
 * @limit_ms: for the whole exchange, 0 for the ordinary limit
 * @answer_max_bytes: the most that is taken, 0 for %LKS_CLOUD_BODY_MAX_BYTES
 *
 * One request.
 */
typedef struct {
  const char *method;
  const char *url;
  const LksSecret *authorization;
  const char *extra_header;
  const char *content_type;
  const char *body;
  gsize body_bytes;
  gboolean is_repeatable;
  gboolean is_secret;
  guint limit_ms;
  gsize answer_max_bytes;
} LksCloudRequest;

/**
 * LksCloudAnswer:
 * @status: HTTP status, 0 when there was no complete answer
 * @trace: (owned): the IDs of this exchange
 * @async_url: (owned) (nullable): Azure-AsyncOperation
 * @location: (owned) (nullable): Location
 * @retry_after: (owned) (nullable): Retry-After as it stands
 * @continuation: (owned) (nullable): Sphere-Continuation
 * @left_reads: how many reads may still be made, or %LKS_CLOUD_NOT_SAID
 * @left_writes: how many writes
 * @left_deletes: how many deletions
 * @body: (owned): the body, as far as it came
 * @is_after_loss: the same request was sent before, and may have had its effect without an answer
 * @authorization: (owned) (nullable): the header line with which it was asked for; no text of ours
 *   may repeat it
 *
 * One answer.
 */
typedef struct {
  guint status;
  LksCloudTrace trace;
  char *async_url;
  char *location;
  char *retry_after;
  char *continuation;
  gint64 left_reads;
  gint64 left_writes;
  gint64 left_deletes;
  GBytes *body;
  gboolean is_after_loss;
  LksSecret *authorization;
} LksCloudAnswer;

/**
 * LksCloudHttp:
 *
 * The edge to libcurl: HTTPS to the hosts of the cloud over connections that are kept alive.
 * Blocking; one thread at a time.
 */
typedef struct _LksCloudHttp LksCloudHttp;

LksCloudHttp *lks_cloud_http_new      (LksCloudTrust          *trust) G_GNUC_WARN_UNUSED_RESULT;
void          lks_cloud_http_free     (LksCloudHttp           *self);

gboolean      lks_cloud_http_exchange (LksCloudHttp           *self,
                                       const LksCloudRequest  *request,
                                       GCancellable           *cancellable,
                                       LksCloudAnswer         *answer,
                                       GError                **error);

gboolean      lks_cloud_answer_take_header (LksCloudAnswer    *self,
                                            const char        *line,
                                            gsize              size_bytes);
void          lks_cloud_answer_clear  (LksCloudAnswer         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksCloudHttp, lks_cloud_http_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LksCloudAnswer, lks_cloud_answer_clear)

G_END_DECLS
