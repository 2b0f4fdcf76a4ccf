/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

void        lks_cli_print_json      (JsonNode     *node);
void        lks_cli_print_object    (JsonObject   *object);
void        lks_cli_print_array     (JsonArray    *array);
char       *lks_cli_clean           (const char   *text) G_GNUC_WARN_UNUSED_RESULT;
const char *lks_cli_get_text        (JsonObject   *object,
                                     const char   *member);
const char *lks_cli_get_device_end  (const char   *device_id);
char       *lks_cli_dup_capabilities (JsonObject  *board) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_cli_dup_uptime      (JsonObject   *board) G_GNUC_WARN_UNUSED_RESULT;

/**
 * LksCliTable:
 *
 * Rows of text that are printed in columns as wide as their widest cell.
 */
typedef struct _LksCliTable LksCliTable;

LksCliTable *lks_cli_table_new    (const char *const *headings) G_GNUC_WARN_UNUSED_RESULT;
void         lks_cli_table_free   (LksCliTable        *self);
void         lks_cli_table_add    (LksCliTable        *self,
                                   const char *const  *cells);
char        *lks_cli_table_format (LksCliTable        *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksCliTable, lks_cli_table_free)

G_END_DECLS
