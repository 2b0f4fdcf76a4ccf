/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The texts of the recipes that records and interrupted runs name. */
#include "lks-ledger-private.h"

#include <string.h>

/* A recipe that is there already stays as it is. @hash: (nullable): NULL: there is none to keep.
 * Within a transaction. */
gboolean
lks_ledger_insert_recipe (LksSql *sql, const char *hash, const char *text, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      lks_sql_prepare (sql,
                       "INSERT INTO recipes (hash, text) SELECT :hash, :text"
                       " WHERE NOT EXISTS (SELECT 1 FROM recipes WHERE hash = :hash)",
                       error);

  if (statement == NULL)
    return FALSE;

  lks_sql_bind (statement, ":hash", hash);
  lks_sql_bind (statement, ":text", text);
  return lks_sql_check (sql, sqlite3_step (statement), "adding a recipe", error);
}

static gboolean
check_beginning (const char *beginning, GError **error)
{
  gsize length = strlen (beginning);

  if (length >= LKS_LEDGER_RECIPE_DIGITS_MIN && strspn (beginning, "0123456789abcdef") == length)
    return TRUE;

  g_set_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID,
               "“%s” is not the hash of a recipe: give all of its 64 digits, or the first %d at "
               "least",
               beginning, LKS_LEDGER_RECIPE_DIGITS_MIN);
  return FALSE;
}

static char *
find_locked (LksSql *sql, const char *beginning, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = lks_sql_prepare (
      sql, "SELECT text FROM recipes WHERE substr(hash, 1, length(:beginning)) = :beginning",
      error);
  g_autofree char *text = NULL;
  int rc;

  if (statement == NULL)
    return NULL;

  lks_sql_bind (statement, ":beginning", beginning);
  if ((rc = sqlite3_step (statement)) == SQLITE_ROW)
    {
      text = g_strdup (lks_sql_column (statement, 0));
      rc = sqlite3_step (statement);
    }
  if (rc == SQLITE_ROW)
    {
      g_set_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID,
                   "the hashes of several recipes begin with “%s”: give more digits", beginning);
      return NULL;
    }
  if (!lks_sql_check (sql, rc, "reading a recipe", error))
    return NULL;
  if (text == NULL)
    g_set_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_NOT_FOUND,
                 "this ledger knows no recipe whose hash begins with “%s”", beginning);
  return g_steal_pointer (&text);
}

/**
 * lks_ledger_find_recipe:
 * @self: a ledger
 * @beginning: the hash of a recipe, or its first digits, lower case
 * @error: return location for a [error@Lks.LedgerError], NOT_FOUND and INVALID among them
 *
 * Looks up a recipe by which a run was begun or recorded here. Any thread; blocks.
 *
 * Returns: (transfer full): its text, byte for byte, or NULL with @error set
 */
char *
lks_ledger_find_recipe (LksLedger *self, const char *beginning, GError **error)
{
  LksSql *reader = lks_ledger_get_reader (self);
  char *text;

  if (!check_beginning (beginning, error))
    return NULL;

  lks_sql_lock (reader);
  text = find_locked (reader, beginning, error);
  lks_sql_unlock (reader);
  return text;
}
