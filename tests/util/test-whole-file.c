/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are there whole, or as they were. */
#include "lks-whole-file.h"

#include "lks-cursor.h"
#include "sync-watch.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define OLD "what was there before"
#define NEW "what is there now"

typedef struct
{
  char *dir;
  char *path;
  GFile *file;
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->dir = g_dir_make_tmp ("locksmith-whole-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "file", NULL);
  f->file = g_file_new_for_path (f->path);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_unlink (f->path);
  g_assert_cmpint (g_rmdir (f->dir), ==, 0); /* nothing else was left */
  g_object_unref (f->file);
  g_free (f->path);
  g_free (f->dir);
}

static gboolean
write_all (GOutputStream *stream, gpointer user_data, GCancellable *cancellable, GError **error)
{
  return g_output_stream_write_all (stream, NEW, strlen (NEW), NULL, cancellable, error);
}

static gboolean
write_half (GOutputStream *stream, gpointer user_data, GCancellable *cancellable, GError **error)
{
  if (g_output_stream_write_all (stream, NEW, strlen (NEW) / 2, NULL, cancellable, error))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "lost");
  return FALSE;
}

/* Somebody gives up when all is written, and before it is the file. */
static gboolean
write_and_cancel (GOutputStream *stream,
                  gpointer user_data,
                  GCancellable *cancellable,
                  GError **error)
{
  gboolean is_written = write_all (stream, user_data, cancellable, error);

  g_cancellable_cancel (cancellable);
  return is_written;
}

static void
check (Fixture *f, const char *content)
{
  g_autofree char *text = NULL;

  g_assert_cmpint (g_file_get_contents (f->path, &text, NULL, NULL), ==, content != NULL);
  g_assert_cmpstr (text, ==, content);
}

static void
try_all (Fixture *f, const char *before)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) lost = NULL;
  g_autoptr (GError) stopped = NULL;
  g_autoptr (GError) none = NULL;
  GStatBuf info;

  g_assert_false (
      lks_whole_file_write (f->file, G_FILE_CREATE_PRIVATE, write_half, NULL, NULL, &lost));
  g_assert_error (lost, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);
  check (f, before);
  g_assert_false (lks_whole_file_write (f->file, G_FILE_CREATE_PRIVATE, write_and_cancel, NULL,
                                        cancellable, &stopped));
  g_assert_error (stopped, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  check (f, before);

  g_assert_true (
      lks_whole_file_write (f->file, G_FILE_CREATE_PRIVATE, write_all, NULL, NULL, &none));
  g_assert_no_error (none);
  check (f, NEW);
  g_assert_cmpint (g_stat (f->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
test_new (Fixture *f, gconstpointer unused)
{
  try_all (f, NULL);
}

/* Also one that others could read. */
static void
test_old (Fixture *f, gconstpointer unused)
{
  g_assert_true (g_file_set_contents_full (f->path, OLD, -1, G_FILE_SET_CONTENTS_NONE, 0644, NULL));
  try_all (f, OLD);
}

static void
test_impossible (Fixture *f, gconstpointer unused)
{
  g_autoptr (GFile) nowhere = g_file_resolve_relative_path (f->file, "../not/there");
  g_autoptr (GFile) folder = g_file_new_for_path (f->dir);
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) taken = NULL;

  g_assert_false (
      lks_whole_file_write (nowhere, G_FILE_CREATE_PRIVATE, write_all, NULL, NULL, &missing));
  g_assert_error (missing, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_false (
      lks_whole_file_write (folder, G_FILE_CREATE_PRIVATE, write_all, NULL, NULL, &taken));
  g_assert_error (taken, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_assert_true (g_file_test (f->dir, G_FILE_TEST_IS_DIR));
}

/* The content is on the disk before it is the file, and its name then. */
static void
test_power_cut (Fixture *f, gconstpointer unused)
{
  g_autofree char *pattern = g_strdup_printf ("%s/.file.????????\n%s\n", f->dir, f->dir);
  g_autofree char *names = NULL;
  g_autofree char *failed = NULL;
  g_autoptr (GError) error = NULL;

  sync_watch_begin (0);
  g_assert_true (
      lks_whole_file_write (f->file, G_FILE_CREATE_PRIVATE, write_all, NULL, NULL, &error));
  names = sync_watch_end ();
  g_assert_no_error (error);
  g_assert_true (g_pattern_match_simple (pattern, names));

  g_assert_true (g_file_set_contents (f->path, OLD, -1, NULL));
  sync_watch_begin (ENOSPC);
  g_assert_false (
      lks_whole_file_write (f->file, G_FILE_CREATE_PRIVATE, write_all, NULL, NULL, &error));
  failed = sync_watch_end ();
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  check (f, OLD);
}

/* There are places that have no disk. */
static void
test_no_disk (Fixture *f, gconstpointer unused)
{
  g_autofree char *names = NULL;
  g_autoptr (GError) error = NULL;

  sync_watch_begin (EINVAL);
  g_assert_true (
      lks_whole_file_write (f->file, G_FILE_CREATE_PRIVATE, write_all, NULL, NULL, &error));
  names = sync_watch_end ();
  g_assert_no_error (error);
  check (f, NEW);
}

/* What others may read stays so. */
static void
test_public (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  const mode_t mask = umask (022);
  GStatBuf info;

  g_assert_true (lks_whole_file_write (f->file, G_FILE_CREATE_NONE, write_all, NULL, NULL, &error));
  umask (mask);
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (f->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0644);
}

/* A device or a pipe stays what it is. */
static void
test_pipe (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  g_assert_cmpint (mkfifo (f->path, 0600), ==, 0);
  g_assert_false (
      lks_whole_file_write (f->file, G_FILE_CREATE_PRIVATE, write_all, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_assert_cmpint (g_lstat (f->path, &info), ==, 0);
  g_assert_true (S_ISFIFO (info.st_mode));
}

/* A file is read when it is no larger than what was asked for; a pipe or a device says nothing
 * about its size, and is not trusted either. */
static void
test_read (Fixture *f, gconstpointer unused)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (lks_whole_file_read (f->path, 100, NULL, &missing));
  g_assert_error (missing, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_true (g_file_set_contents (f->path, OLD, -1, NULL));
  bytes = lks_whole_file_read (f->path, strlen (OLD), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), OLD, strlen (OLD));
  g_assert_null (lks_whole_file_read (f->path, strlen (OLD) - 1, NULL, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE);
  g_clear_error (&error);
  g_assert_null (lks_whole_file_read ("/dev/zero", 1000, NULL, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  TEST ("/whole-file/new", test_new);
  TEST ("/whole-file/old", test_old);
  TEST ("/whole-file/impossible", test_impossible);
  TEST ("/whole-file/power-cut", test_power_cut);
  TEST ("/whole-file/no-disk", test_no_disk);
  TEST ("/whole-file/public", test_public);
  TEST ("/whole-file/pipe", test_pipe);
  TEST ("/whole-file/read", test_read);
  return g_test_run ();
}
