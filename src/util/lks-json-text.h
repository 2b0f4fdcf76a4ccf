/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

gboolean  lks_json_text_find    (const char *text,
                                 const char *path,
                                 gsize      *out_start,
                                 gsize      *out_end);
char     *lks_json_text_set     (const char *text,
                                 const char *path,
                                 const char *value) G_GNUC_WARN_UNUSED_RESULT;
char     *lks_json_text_remove  (const char *text,
                                 const char *path) G_GNUC_WARN_UNUSED_RESULT;
char     *lks_json_text_quote   (const char *words) G_GNUC_WARN_UNUSED_RESULT;

char     *lks_json_text_path_at_line
                                (const char *text,
                                 guint       line) G_GNUC_WARN_UNUSED_RESULT;
JsonNode *lks_json_text_follow  (JsonNode   *root,
                                 const char *path);

G_END_DECLS
