/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who was at this station and when: a file to which lines of JSON are added, never changed. What
 * they did stands in the records. */
#include "lks-sign-in-journal.h"

#include "lks-json.h"
#include "lks-operator-error.h"
#include "lks-record.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 4096

static gboolean
fail (const char *path, int problem, GError **error)
{
  g_set_error (error, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_FAILED,
               "%s: who signs in cannot be written down: %s", path, g_strerror (problem));
  return FALSE;
}

/**
 * lks_sign_in_journal_dup_default_path:
 *
 * Returns: (transfer full): where this user's journal lies
 */
char *
lks_sign_in_journal_dup_default_path (void)
{
  return g_build_filename (g_get_user_data_dir (), "locksmith", "sign-ins.jsonl", NULL);
}

static char *
build_line (const LksSignInEntry *entry)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), json_object_new ());
  JsonObject *object = json_node_get_object (node);
  g_autofree char *time = lks_record_time_to_text (entry->at_us);

  json_object_unref (object); /* the node has it */
  lks_json_set_text (object, "at", time);
  lks_json_set_text (object, "event", entry->event);
  lks_json_set_text (object, "name", entry->name);
  lks_json_set_text (object, "role", entry->role);
  lks_json_set_text (object, "how", entry->how);
  lks_json_set_text (object, "batch", entry->batch);
  lks_json_set_text (object, "reason", entry->reason);
  lks_json_set_text (object, "userName", g_get_user_name ());
  lks_json_set_text (object, "station", g_get_host_name ());
  return json_to_string (node, FALSE);
}

/* A crash may have cut off the last line. */
static gboolean
is_torn (int fd)
{
  const off_t size_bytes = lseek (fd, 0, SEEK_END);
  char last = '\n';

  return size_bytes > 0 && pread (fd, &last, 1, size_bytes - 1) == 1 && last != '\n';
}

/* One write, so that lines of two programs do not mix. What was cut off ends before it. */
static gboolean
write_line (int fd, const char *entry, gboolean durably)
{
  g_autofree char *line = g_strconcat (is_torn (fd) ? "\n" : "", entry, "\n", NULL);
  const gsize size_bytes = strlen (line);
  gssize written;

  do
    written = write (fd, line, size_bytes);
  while (written < 0 && errno == EINTR);
  if (written >= 0 && (gsize) written != size_bytes)
    errno = ENOSPC;
  return written == (gssize) size_bytes && (!durably || fdatasync (fd) == 0);
}

/**
 * lks_sign_in_journal_append:
 * @path: the journal; made when needed, for its owner only
 * @entry: what happened
 * @durably: whether to wait until it is on the disk
 * @error: return location for a [error@Lks.OperatorError]
 *
 * Blocks, when @durably; otherwise for the time of a short write.
 *
 * Returns: whether it is written
 */
gboolean
lks_sign_in_journal_append (const char *path,
                            const LksSignInEntry *entry,
                            gboolean durably,
                            GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *line = build_line (entry);
  gboolean is_written;
  int fd, problem;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return fail (path, errno, error);
  if ((fd = g_open (path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600)) < 0)
    return fail (path, errno, error);
  is_written = write_line (fd, line, durably);
  problem = errno;
  close (fd);
  return is_written || fail (path, problem, error);
}

/* A line that a crash cut off is left out; the journal goes on after it. */
static void
add_line (JsonArray *lines, const char *path, const char *line, gsize size_bytes)
{
  g_autoptr (LksJson) json = lks_json_parse (path, line, size_bytes, LINE_MAX_BYTES, NULL);
  JsonObject *object = json != NULL ? lks_json_get_root_object (json, NULL) : NULL;

  if (object != NULL)
    json_array_add_object_element (lines, json_object_ref (object));
}

/* Goes to where the last lines begin, so that an old journal costs no more than a new one. */
static gboolean
seek_to_end (GInputStream *stream, guint lines_max, GError **error)
{
  const goffset room = (goffset) lines_max * LINE_MAX_BYTES;

  if (!g_seekable_seek (G_SEEKABLE (stream), 0, G_SEEK_END, NULL, error))
    return FALSE;
  return g_seekable_seek (G_SEEKABLE (stream),
                          MAX (0, g_seekable_tell (G_SEEKABLE (stream)) - room), G_SEEK_SET, NULL,
                          error);
}

/**
 * lks_sign_in_journal_read:
 * @path: the journal
 * @lines_max: how many lines to read, the newest
 * @error: return location for a #GIOError
 *
 * Blocks.
 *
 * Returns: (transfer full): the entries as objects, oldest first; empty when there is no journal;
 *   or NULL with @error set
 */
JsonArray *
lks_sign_in_journal_read (const char *path, guint lines_max, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) reason = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, &reason);
  g_autoptr (GDataInputStream) input = NULL;
  g_autoptr (JsonArray) lines = json_array_new ();

  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return g_steal_pointer (&lines);
  if (stream == NULL || !seek_to_end (G_INPUT_STREAM (stream), lines_max, &reason))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }

  input = g_data_input_stream_new (G_INPUT_STREAM (stream));
  while (TRUE)
    {
      gsize size_bytes;
      g_autofree char *line = g_data_input_stream_read_line (input, &size_bytes, NULL, NULL);

      if (line == NULL)
        break;
      add_line (lines, path, line, size_bytes);
      if (json_array_get_length (lines) > lines_max)
        json_array_remove_element (lines, 0);
    }
  return g_steal_pointer (&lines);
}
