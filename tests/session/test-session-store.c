/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-session-store.h"

#include "lks-capability.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIRST "11111111-2222-4333-8444-000000000001"
#define SECOND "11111111-2222-4333-8444-000000000002"
#define DEVICE                                                                                     \
  "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"                               \
  "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const char *program; /* this test, to be started again as another process */
static const guint servicing[] = { LKS_CAPABILITY_FIELD_SERVICING };

typedef struct
{
  char *parent; /* (owned) */
  char *folder; /* (owned) */
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->parent = g_dir_make_tmp ("lks-store-XXXXXX", NULL);
  f->folder = g_build_filename (f->parent, "locksmith", NULL);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    dir = g_dir_open (path, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  remove_tree (f->parent);
  g_free (f->parent);
  g_free (f->folder);
}

static LksSessionStore *
open_store (const char *folder)
{
  g_autoptr (GError) error = NULL;
  LksSessionStore *store = lks_session_store_new (folder, &error);

  g_assert_no_error (error);
  return store;
}

static LksSession *
make_session (const char *id, guint attach_number)
{
  return lks_session_new (&(LksSessionFields){
      .id = id,
      .device_id = DEVICE,
      .fingerprint = "000000000000000000000000000000000000000000000000000000000000cafe",
      .capabilities = servicing,
      .n_capabilities = 1,
      .operator_name = "olga",
      .started_us = 1000,
      .ends_us = 1000 + G_TIME_SPAN_MINUTE,
      .boot_id = FIRST,
      .port = "1-2",
      .attach_number = attach_number,
  });
}

/* Replaces whatever there is by @user_data. */
static gboolean
replace (LksSession *session, LksSession **out_session, gpointer user_data, GError **error)
{
  g_clear_pointer (out_session, lks_session_unref);
  *out_session = user_data != NULL ? lks_session_ref (user_data) : NULL;
  return TRUE;
}

static void
put (LksSessionStore *store, const char *id, guint attach_number)
{
  g_autoptr (LksSession) session = make_session (id, attach_number);
  g_autoptr (GError) error = NULL;

  g_assert_true (lks_session_store_change (store, replace, session, &error));
  g_assert_no_error (error);
}

static void
test_change (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksSessionStore) store = open_store (f->folder);
  g_autoptr (LksSessionStore) other = NULL;
  g_autofree char *path = g_build_filename (f->folder, "session.json", NULL);
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  g_assert_null (lks_session_store_get_session (store));
  g_assert_false (lks_session_store_is_damaged (store));
  put (store, FIRST, 1);
  g_assert_cmpstr (lks_session_get_id (lks_session_store_get_session (store)), ==, FIRST);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_stat (f->folder, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0700);

  other = open_store (f->folder);
  g_assert_true (lks_session_is_same (lks_session_store_get_session (other),
                                      lks_session_store_get_session (store)));
  g_assert_false (lks_session_store_end (store, SECOND, LKS_SESSION_END_USER, &error));
  g_assert_no_error (error);
  g_assert_nonnull (lks_session_store_get_session (store));
  g_assert_true (lks_session_store_end (store, FIRST, LKS_SESSION_END_TIMEOUT, &error));
  g_assert_null (lks_session_store_get_session (store));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  /* Who was second did not end it, and learns who did. */
  g_assert_false (lks_session_store_end (other, FIRST, LKS_SESSION_END_USER, &error));
  g_assert_no_error (error);
  g_assert_cmpint (lks_session_store_get_end (other, FIRST), ==, LKS_SESSION_END_TIMEOUT);
  g_assert_cmpint (lks_session_store_get_end (other, SECOND), ==, LKS_SESSION_END_NONE);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* Every store of this user follows, within a moment. */
static void
test_follow (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksSessionStore) store = open_store (f->folder);
  g_autoptr (LksSessionStore) other = open_store (f->folder);
  guint count = 0;

  g_signal_connect_swapped (other, "notify::session", G_CALLBACK (count_cb), &count);
  put (store, FIRST, 1);
  while (lks_session_store_get_session (other) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (count, ==, 1);
  lks_session_store_reload (other); /* the same again is no news */
  g_assert_cmpuint (count, ==, 1);

  put (store, FIRST, 2);
  while (lks_session_get_fields (lks_session_store_get_session (other))->attach_number != 2)
    g_main_context_iteration (NULL, TRUE);
  lks_session_store_end (store, FIRST, LKS_SESSION_END_USER, NULL);
  while (lks_session_store_get_session (other) != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (count, ==, 3);
}

/* The folder goes at the end of a login. */
static void
test_folder_goes (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksSessionStore) store = open_store (f->folder);

  put (store, FIRST, 1);
  remove_tree (f->folder);
  while (lks_session_store_get_session (store) != NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
assert_damaged (Fixture *f, const char *about)
{
  g_autoptr (LksSessionStore) store = open_store (f->folder);
  g_autofree char *path = g_build_filename (f->folder, "session.json", NULL);
  g_autoptr (GError) error = NULL;

  g_test_message ("%s", about);
  g_assert_null (lks_session_store_get_session (store));
  g_assert_true (lks_session_store_is_damaged (store));
  lks_session_store_end (store, FIRST, LKS_SESSION_END_DAMAGED, &error);
  g_assert_no_error (error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK));
  g_assert_false (lks_session_store_is_damaged (store));
}

/* A file that is not what this program writes, or not only this user's, is no session. */
static void
test_damaged (Fixture *f, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (f->folder, "session.json", NULL);
  g_autofree char *elsewhere = g_build_filename (f->parent, "elsewhere.json", NULL);
  g_autofree char *large = g_strnfill (65 * 1024, ' ');
  g_autofree char *good = NULL;

  {
    g_autoptr (LksSessionStore) store = open_store (f->folder);

    put (store, FIRST, 1);
    g_assert_true (g_file_get_contents (path, &good, NULL, NULL));
  }
  g_assert_true (
      g_file_set_contents_full (path, "{", -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  assert_damaged (f, "half a text");
  g_assert_true (
      g_file_set_contents_full (path, large, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  assert_damaged (f, "too large");
  g_assert_true (
      g_file_set_contents_full (path, good, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  assert_damaged (f, "others can read it");
  g_assert_true (
      g_file_set_contents_full (elsewhere, good, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  g_assert_cmpint (symlink (elsewhere, path), ==, 0);
  assert_damaged (f, "a link to elsewhere");
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  assert_damaged (f, "a pipe");
}

static void
assert_no_place (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksSessionStore) store = lks_session_store_new (folder, &error);

  g_assert_null (store);
  g_assert_error (error, LKS_SESSION_ERROR, LKS_SESSION_ERROR_NO_PLACE);
}

static void
test_no_place (Fixture *f, gconstpointer unused)
{
  g_autofree char *below_file = g_build_filename (f->folder, "deeper", NULL);

  g_assert_cmpint (g_mkdir (f->folder, 0755), ==, 0);
  assert_no_place (f->folder);
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_assert_cmpint (symlink (f->parent, f->folder), ==, 0);
  assert_no_place (f->folder);
  g_assert_cmpint (g_unlink (f->folder), ==, 0);
  g_assert_true (g_file_set_contents (f->folder, "x", -1, NULL));
  assert_no_place (f->folder);
  assert_no_place (below_file);
}

/* ---- several processes ---- */

static GPid
start (const char *what, const char *folder, const char *argument)
{
  const char *const argv[] = { program, what, folder, argument, NULL };
  g_autoptr (GError) error = NULL;
  GPid pid;

  g_spawn_async (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, &error);
  g_assert_no_error (error);
  return pid;
}

static int
join (GPid pid)
{
  int status = -1;

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  return WIFEXITED (status) ? WEXITSTATUS (status) : -1;
}

static gboolean
count_up (LksSession *session, LksSession **out_session, gpointer user_data, GError **error)
{
  LksSessionFields fields = *lks_session_get_fields (session);

  fields.attach_number++;
  *out_session = lks_session_new (&fields);
  lks_session_unref (session);
  return TRUE;
}

static int
count_as_process (const char *folder, guint n)
{
  g_autoptr (LksSessionStore) store = open_store (folder);

  for (guint i = 0; i < n; i++)
    if (!lks_session_store_change (store, count_up, NULL, NULL))
      return 1;
  return 0;
}

/* No change of another process is lost. */
static void
test_changes_at_once (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksSessionStore) store = open_store (f->folder);
  GPid pids[4];

  put (store, FIRST, 0);
  for (guint i = 0; i < G_N_ELEMENTS (pids); i++)
    pids[i] = start ("--count", f->folder, "100");
  for (guint i = 0; i < G_N_ELEMENTS (pids); i++)
    g_assert_cmpint (join (pids[i]), ==, 0);

  lks_session_store_reload (store);
  g_assert_cmpuint (lks_session_get_fields (lks_session_store_get_session (store))->attach_number,
                    ==, 400);
}

static gboolean
begin (LksSession *session, LksSession **out_session, gpointer user_data, GError **error)
{
  if (session != NULL)
    {
      g_set_error_literal (error, LKS_SESSION_ERROR, LKS_SESSION_ERROR_ACTIVE, "active");
      return FALSE;
    }
  *out_session = make_session (user_data, 0);
  return TRUE;
}

static int
begin_as_process (const char *folder, const char *id)
{
  g_autoptr (LksSessionStore) store = open_store (folder);

  return lks_session_store_change (store, begin, (gpointer) id, NULL) ? 0 : 1;
}

static int
end_as_process (const char *folder, const char *id)
{
  g_autoptr (LksSessionStore) store = open_store (folder);

  return lks_session_store_end (store, id, LKS_SESSION_END_USER, NULL) ? 0 : 1;
}

/* Of those who begin a session at once, one does; of those who end it, one does. */
static void
test_one_is_first (Fixture *f, gconstpointer unused)
{
  for (guint round = 0; round < 5; round++)
    {
      GPid pids[4];
      guint n_began = 0;
      guint n_ended = 0;
      g_autofree char *id = NULL;

      for (guint i = 0; i < G_N_ELEMENTS (pids); i++)
        pids[i] = start ("--begin", f->folder, i % 2 == 0 ? FIRST : SECOND);
      for (guint i = 0; i < G_N_ELEMENTS (pids); i++)
        n_began += join (pids[i]) == 0;
      g_assert_cmpuint (n_began, ==, 1);

      {
        g_autoptr (LksSessionStore) store = open_store (f->folder);

        id = g_strdup (lks_session_get_id (lks_session_store_get_session (store)));
      }
      for (guint i = 0; i < G_N_ELEMENTS (pids); i++)
        pids[i] = start ("--end", f->folder, id);
      for (guint i = 0; i < G_N_ELEMENTS (pids); i++)
        n_ended += join (pids[i]) == 0;
      g_assert_cmpuint (n_ended, ==, 1);
    }
}

static int
keep_as_process (const char *folder)
{
  g_autoptr (LksSessionStore) store = open_store (folder);

  if (!lks_session_store_keep (store, NULL) || write (STDOUT_FILENO, "k", 1) != 1)
    return 1;
  for (;;)
    pause ();
}

/* A process that is killed keeps watch no more, although it could not say so. */
static void
test_kept (Fixture *f, gconstpointer unused)
{
  const char *const argv[] = { program, "--keep", f->folder, NULL };
  g_autoptr (LksSessionStore) store = open_store (f->folder);
  g_autoptr (GError) error = NULL;
  GPid pid;
  int out;
  char byte;

  g_assert_false (lks_session_store_is_kept (store));
  g_assert_true (g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD,
                                           NULL, NULL, &pid, NULL, &out, NULL, &error));
  g_assert_cmpint (read (out, &byte, 1), ==, 1);
  g_assert_true (lks_session_store_is_kept (store));

  g_assert_true (lks_session_store_keep (store, &error));
  g_assert_true (lks_session_store_is_kept (store));
  lks_session_store_release (store);
  g_assert_true (lks_session_store_is_kept (store));
  kill (pid, SIGKILL);
  join (pid);
  g_assert_false (lks_session_store_is_kept (store));
  close (out);
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  if (argc == 4 && g_str_equal (argv[1], "--count"))
    return count_as_process (argv[2], (guint) g_ascii_strtoull (argv[3], NULL, 10));
  if (argc == 4 && g_str_equal (argv[1], "--begin"))
    return begin_as_process (argv[2], argv[3]);
  if (argc == 4 && g_str_equal (argv[1], "--end"))
    return end_as_process (argv[2], argv[3]);
  if (argc == 3 && g_str_equal (argv[1], "--keep"))
    return keep_as_process (argv[2]);

  g_test_init (&argc, &argv, NULL);
  program = argv[0];

  TEST ("/session-store/change", test_change);
  TEST ("/session-store/follow", test_follow);
  TEST ("/session-store/folder-goes", test_folder_goes);
  TEST ("/session-store/damaged", test_damaged);
  TEST ("/session-store/no-place", test_no_place);
  TEST ("/session-store/changes-at-once", test_changes_at_once);
  TEST ("/session-store/one-is-first", test_one_is_first);
  TEST ("/session-store/kept", test_kept);

  return g_test_run ();
}
