/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-body.h"
#include "lks-device-error-private.h"
#include "lks-device-shape.h"
#include "lks-device.h"
#include "lks-http.h"

G_BEGIN_DECLS

#define LKS_REST_VERSION(major, minor, patch) ((guint) (major) << 16 | (minor) << 8 | (patch))

GBytes   *lks_device_call          (LksDevice        *self,
                                    const LksCall    *call,
                                    GCancellable     *cancellable,
                                    GError          **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean  lks_device_call_read     (LksDevice        *self,
                                    const LksCall    *call,
                                    const LksDeviceShape *record,
                                    gpointer          base,
                                    GCancellable     *cancellable,
                                    GError          **error);
gpointer  lks_device_call_new      (LksDevice        *self,
                                    const LksCall    *call,
                                    const LksDeviceShape *record,
                                    GCancellable     *cancellable,
                                    GError          **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean  lks_device_call_done     (LksDevice        *self,
                                    const LksCall    *call,
                                    gboolean         *out_restarting,
                                    GCancellable     *cancellable,
                                    GError          **error);

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
                                    const LksDeviceShape *record,
                                    gpointer          base,
                                    GError          **error);
gboolean  lks_answer_read_done     (const char       *name,
                                    GBytes           *body,
                                    gboolean         *out_restarting,
                                    GError          **error);
GArray   *lks_answer_read_capabilities (GBytes      *body,
                                    GError          **error) G_GNUC_WARN_UNUSED_RESULT;
char     *lks_answer_read_device_id (GBytes          *body,
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
