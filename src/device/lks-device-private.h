/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-body.h"
#include "lks-device-error-private.h"
#include "lks-device.h"
#include "lks-device-shape.h"

G_BEGIN_DECLS

#define LKS_REST_VERSION(major, minor, patch) ((guint) (major) << 16 | (minor) << 8 | (patch))

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

GBytes   *lks_device_call          (LksDevice        *self,
                                    const LksCall    *call,
                                    GCancellable     *cancellable,
                                    GError          **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean  lks_device_call_read     (LksDevice        *self,
                                    const LksCall    *call,
                                    const LksDeviceShape  *record,
                                    gpointer          base,
                                    GCancellable     *cancellable,
                                    GError          **error);
gpointer  lks_device_call_new      (LksDevice        *self,
                                    const LksCall    *call,
                                    const LksDeviceShape  *record,
                                    GCancellable     *cancellable,
                                    GError          **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean  lks_device_call_done     (LksDevice        *self,
                                    const LksCall    *call,
                                    gboolean         *out_restarting,
                                    GCancellable     *cancellable,
                                    GError          **error);
gboolean  lks_device_require       (LksDevice        *self,
                                    guint             since,
                                    const char       *what,
                                    GCancellable     *cancellable,
                                    GError          **error);
void      lks_device_forget        (LksDevice        *self);

gboolean  lks_device_check         (gboolean          ok,
                                    GError          **error,
                                    const char       *format,
                                    ...) G_GNUC_PRINTF (3, 4);
gboolean  lks_device_check_text    (const char       *what,
                                    const char       *text,
                                    gsize             min_bytes,
                                    gsize             max_bytes,
                                    GError          **error);
char     *lks_device_component_path (const char      *prefix,
                                    const char       *component_id,
                                    GError          **error) G_GNUC_WARN_UNUSED_RESULT;

/* Answers: what a body must hold, and what becomes of it. Pure functions, fuzzed. */
LksJson  *lks_answer_parse         (const char       *name,
                                    GBytes           *body,
                                    GError          **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean  lks_answer_find_number   (GBytes           *body,
                                    guint32          *out_number);
gboolean  lks_answer_read          (const char       *name,
                                    GBytes           *body,
                                    const LksDeviceShape  *record,
                                    gpointer          base,
                                    GError          **error);
gboolean  lks_answer_read_done     (const char       *name,
                                    GBytes           *body,
                                    gboolean         *out_restarting,
                                    GError          **error);
GArray   *lks_answer_read_capabilities (GBytes      *body,
                                    GError          **error) G_GNUC_WARN_UNUSED_RESULT;
guint     lks_answer_parse_version (const char       *text);

/**
 * LksAnswerType:
 * @name: what answers so
 * @record: its shape
 *
 * One kind of answer, for tests that try them all.
 */
typedef struct {
  const char *name;
  const LksDeviceShape *record;
} LksAnswerType;

extern const LksAnswerType lks_answer_types_app[];
extern const LksAnswerType lks_answer_types_cert[];
extern const LksAnswerType lks_answer_types_diag[];
extern const LksAnswerType lks_answer_types_images[];
extern const LksAnswerType lks_answer_types_net[];
extern const LksAnswerType lks_answer_types_state[];
extern const LksAnswerType lks_answer_types_wifi[];

G_END_DECLS
