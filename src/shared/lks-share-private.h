/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger-outbox.h"
#include "lks-pg.h"
#include "lks-share.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The columns of "lks_entries" that stand in a row of their own in no other form; the order of
 * lks_share_columns. */
typedef enum {
  LKS_SHARE_COLUMN_LEDGER_ID,
  LKS_SHARE_COLUMN_SEQUENCE,
  LKS_SHARE_COLUMN_HASH,
  LKS_SHARE_COLUMN_TEXT,
  LKS_SHARE_COLUMN_FIRST_OF_ENTRY, /* from here on the text has them */
} LksShareColumnIndex;

/**
 * LksShareColumn:
 * @name: of the column
 * @cast: "" or the cast that a parameter for it needs
 * @member: (nullable): the member of the text's "record" that it repeats, or of the text itself
 *   when @of_entry
 * @of_entry: see @member
 *
 * A column of the table of entries.
 */
typedef struct {
  const char *name;
  const char *cast;
  const char *member;
  gboolean    of_entry;
} LksShareColumn;

#define LKS_SHARE_N_COLUMNS 29
extern const LksShareColumn lks_share_columns[LKS_SHARE_N_COLUMNS];

/* An entry, ready to be sent; see lks_share_entry_new(). */
typedef struct {
  char      *texts[LKS_SHARE_N_COLUMNS]; /* (owned): NULL is NULL */
  gsize      text_bytes;
  JsonNode  *root;                       /* (owned) */
  const char *recipe_hash;               /* (nullable): of @root */
  const char *recipe_text;               /* (nullable): of @root */
} LksShareEntry;

LksPg         *lks_share_get_pg       (LksShare             *self);
gboolean       lks_share_check_version (LksShare            *self,
                                       GCancellable         *cancellable,
                                       GError              **error);

gboolean       lks_share_fail_differs (gint64                sequence,
                                       GError              **error);
gboolean       lks_share_send         (LksShare             *self,
                                       const char           *ledger_id,
                                       GPtrArray            *entries,
                                       GPtrArray            *signatures,
                                       GCancellable         *cancellable,
                                       GError              **error);

LksShareEntry *lks_share_entry_new    (const char           *ledger_id,
                                       gint64                sequence,
                                       const char           *hash,
                                       const char           *text,
                                       gsize                 text_bytes) G_GNUC_WARN_UNUSED_RESULT;
void           lks_share_entry_free   (LksShareEntry        *self);
LksPgValue     lks_share_entry_get_value (const LksShareEntry *self,
                                       guint                 column);
char          *lks_share_dup_device_key (const char         *device_id) G_GNUC_WARN_UNUSED_RESULT;

/* lks-share-document.c */
const char    *lks_share_get_text     (JsonObject           *object,
                                       const char           *member);
JsonNode      *lks_share_read_document (PGresult            *row,
                                       int                   column,
                                       char                **out_text) G_GNUC_WARN_UNUSED_RESULT;
JsonArray     *lks_share_find_steps   (JsonNode             *root);
const char    *lks_share_find_read    (JsonArray            *steps,
                                       const char           *first,
                                       const char           *second);
const char    *lks_share_find_failure (JsonArray            *steps);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksShareEntry, lks_share_entry_free)

G_END_DECLS
