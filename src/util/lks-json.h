/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define LKS_JSON_DEPTH_MAX 32

/**
 * LksJson:
 *
 * A JSON text from outside (a device's answer, a recipe, a scenario), parsed strictly and
 * within limits, that knows on which line every value stands.
 */
typedef struct _LksJson LksJson;

LksJson    *lks_json_parse            (const char         *name,
                                       gconstpointer       data,
                                       gsize               size_bytes,
                                       gsize               size_max_bytes,
                                       GError            **error) G_GNUC_WARN_UNUSED_RESULT;
LksJson    *lks_json_load             (const char         *path,
                                       gsize               size_max_bytes,
                                       GError            **error) G_GNUC_WARN_UNUSED_RESULT;
void        lks_json_free             (LksJson            *self);

JsonNode   *lks_json_get_root         (LksJson            *self);
JsonObject *lks_json_get_root_object  (LksJson            *self,
                                       GError            **error);
guint       lks_json_get_line         (LksJson            *self,
                                       JsonNode           *node);

gboolean    lks_json_has              (JsonObject         *object,
                                       const char         *member);
gboolean    lks_json_check_members    (LksJson            *self,
                                       JsonObject         *object,
                                       const char *const  *known,
                                       GError            **error);
gboolean    lks_json_read_string      (LksJson            *self,
                                       JsonObject         *object,
                                       const char         *member,
                                       char              **out_text,
                                       GError            **error);
gboolean    lks_json_read_string_list (LksJson            *self,
                                       JsonObject         *object,
                                       const char         *member,
                                       char             ***out_texts,
                                       GError            **error);
gboolean    lks_json_read_enum        (LksJson            *self,
                                       JsonObject         *object,
                                       const char         *member,
                                       GType               enum_type,
                                       int                *out_value,
                                       GError            **error);
gboolean    lks_json_read_int         (LksJson            *self,
                                       JsonObject         *object,
                                       const char         *member,
                                       gint64              min,
                                       gint64              max,
                                       gint64             *out_value,
                                       GError            **error);
gboolean    lks_json_read_uint64      (LksJson            *self,
                                       JsonObject         *object,
                                       const char         *member,
                                       guint64            *out_value,
                                       GError            **error);
gboolean    lks_json_read_double      (LksJson            *self,
                                       JsonObject         *object,
                                       const char         *member,
                                       double              min,
                                       double              max,
                                       double             *out_value,
                                       GError            **error);
gboolean    lks_json_read_boolean     (LksJson            *self,
                                       JsonObject         *object,
                                       const char         *member,
                                       gboolean           *out_value,
                                       GError            **error);
gboolean    lks_json_read_object      (LksJson            *self,
                                       JsonObject         *object,
                                       const char         *member,
                                       JsonObject        **out_object,
                                       GError            **error);
gboolean    lks_json_read_array       (LksJson            *self,
                                       JsonObject         *object,
                                       const char         *member,
                                       JsonArray         **out_array,
                                       GError            **error);
void        lks_json_set_error        (LksJson            *self,
                                       JsonNode           *node,
                                       GError            **error,
                                       const char         *format,
                                       ...) G_GNUC_PRINTF (4, 5);

void        lks_json_set_text         (JsonObject         *object,
                                       const char         *member,
                                       const char         *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksJson, lks_json_free)

G_END_DECLS
