/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which entry was written last, noted in a small file outside of the ledger. A chain cannot prove
 * where it ends: whoever takes the newest entries out of the ledger's file is found by what this
 * one says. It is written after each entry and never waits for the disk: after a power cut it may
 * name an older entry, which is in the chain, too.
 *
 * One line of always the same length, so that a write replaces all of it: the number of the entry
 * in 19 digits, a space, its hash, a line end.
 */
#include "lks-head-note.h"

#include "lks-ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define NUMBER_DIGITS 19
#define LINE_BYTES (NUMBER_DIGITS + 1 + LKS_HEAD_NOTE_HASH_DIGITS + 1)

/**
 * lks_head_note_parse:
 * @data: what stands in the file
 * @size_bytes: how much of it
 * @out_note: (out caller-allocates): what it says
 *
 * Returns: whether it is a note
 */
gboolean
lks_head_note_parse (const char *data, gsize size_bytes, LksHeadNote *out_note)
{
  const char *hash;
  guint64 sequence = 0;

  if (size_bytes != LINE_BYTES || data[NUMBER_DIGITS] != ' ' || data[LINE_BYTES - 1] != '\n')
    return FALSE;

  hash = data + NUMBER_DIGITS + 1;
  for (gsize i = 0; i < NUMBER_DIGITS; i++)
    {
      if (!g_ascii_isdigit (data[i]))
        return FALSE;
      sequence = sequence * 10 + (guint64) (data[i] - '0'); /* below 10^19: it fits */
    }
  for (gsize i = 0; i < LKS_HEAD_NOTE_HASH_DIGITS; i++)
    if (!g_ascii_isdigit (hash[i]) && (hash[i] < 'a' || hash[i] > 'f'))
      return FALSE;
  if (sequence == 0 || sequence > G_MAXINT64)
    return FALSE;

  out_note->sequence = (gint64) sequence;
  memcpy (out_note->hash, hash, LKS_HEAD_NOTE_HASH_DIGITS);
  out_note->hash[LKS_HEAD_NOTE_HASH_DIGITS] = '\0';
  return TRUE;
}

static gboolean
read_fd (int fd, LksHeadNote *out_note)
{
  char data[LINE_BYTES + 1];
  gssize size_bytes;

  do
    size_bytes = pread (fd, data, sizeof data, 0);
  while (size_bytes < 0 && errno == EINTR);
  return size_bytes > 0 && lks_head_note_parse (data, (gsize) size_bytes, out_note);
}

/**
 * lks_head_note_read:
 * @path: the file
 * @out_note: (out caller-allocates): what it says
 *
 * What a power cut left of a note is none. Blocks for the time of a short read.
 *
 * Returns: whether there is a note
 */
gboolean
lks_head_note_read (const char *path, LksHeadNote *out_note)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gboolean is_good;

  if (fd < 0)
    return FALSE;

  is_good = read_fd (fd, out_note);
  close (fd);
  return is_good;
}

static gboolean
fail (const char *path, int problem, GError **error)
{
  g_set_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_DENIED,
               "%s: the head of the ledger cannot be noted: %s; check the owner, the permissions "
               "and the room on the disk",
               path, g_strerror (problem));
  return FALSE;
}

/**
 * lks_head_note_write:
 * @path: the file; it and its folders are made when absent, for their owner only
 * @note: what it shall say
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Does not wait for the disk.
 *
 * Returns: whether it is written
 */
gboolean
lks_head_note_write (const char *path, const LksHeadNote *note, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *line =
      g_strdup_printf ("%0*" G_GINT64_FORMAT " %s\n", NUMBER_DIGITS, note->sequence, note->hash);
  gssize written;
  int fd, problem;

  if (g_mkdir_with_parents (folder, 0700) != 0 ||
      (fd = g_open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) < 0)
    return fail (path, errno, error);

  do
    written = pwrite (fd, line, LINE_BYTES, 0);
  while (written < 0 && errno == EINTR);
  problem = written < 0 ? errno : ENOSPC;
  if (written == LINE_BYTES && ftruncate (fd, LINE_BYTES) != 0) /* of what else was in it */
    {
      problem = errno;
      written = -1;
    }
  close (fd);
  return written == LINE_BYTES || fail (path, problem, error);
}

/* ---- along the chain ---- */

static gboolean
read_row (LksSql *sql,
          sqlite3_stmt *row,
          LksHeadNote *out_note,
          gboolean *out_found,
          GError **error)
{
  const int rc = sqlite3_step (row);
  const char *hash = rc == SQLITE_ROW ? lks_sql_column (row, 1) : NULL;

  *out_found = hash != NULL && strlen (hash) == LKS_HEAD_NOTE_HASH_DIGITS;
  if (*out_found)
    {
      out_note->sequence = sqlite3_column_int64 (row, 0);
      g_strlcpy (out_note->hash, hash, sizeof out_note->hash);
    }
  return lks_sql_check (sql, rc, "reading the chain", error);
}

static gboolean
read_newest (LksSql *sql, LksHeadNote *out_note, gboolean *out_found, GError **error)
{
  g_autoptr (sqlite3_stmt) row =
      lks_sql_prepare (sql, "SELECT sequence, hash FROM chain ORDER BY sequence DESC LIMIT 1",
                       error);

  return row != NULL && read_row (sql, row, out_note, out_found, error);
}

static gboolean
is_in_chain (LksSql *sql, const LksHeadNote *note, gboolean *out_is, GError **error)
{
  g_autoptr (sqlite3_stmt) row =
      lks_sql_prepare (sql, "SELECT sequence, hash FROM chain WHERE sequence = :sequence", error);
  LksHeadNote there;

  if (row == NULL)
    return FALSE;

  lks_sql_bind_int (row, ":sequence", note->sequence);
  if (!read_row (sql, row, &there, out_is, error))
    return FALSE;
  *out_is = *out_is && g_str_equal (there.hash, note->hash);
  return TRUE;
}

/**
 * lks_head_note_follow:
 * @path: the file
 * @sql: a locked connection, outside of a transaction
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Notes the newest entry of the chain. A note whose entry is not in the chain stays as it is, for
 * lks_ledger_verify() to find; and one of another program that is newer does, too.
 *
 * Returns: whether nothing was in the way
 */
gboolean
lks_head_note_follow (const char *path, LksSql *sql, GError **error)
{
  LksHeadNote noted, newest;
  gboolean is_known, has_newest;

  if (lks_head_note_read (path, &noted))
    {
      if (!is_in_chain (sql, &noted, &is_known, error))
        return FALSE;
      if (!is_known)
        return TRUE;
    }
  else
    noted.sequence = 0;

  if (!read_newest (sql, &newest, &has_newest, error))
    return FALSE;
  return !has_newest || newest.sequence <= noted.sequence ||
         lks_head_note_write (path, &newest, error);
}
