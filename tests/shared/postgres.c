/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "postgres.h"

#include <arpa/inet.h>
#include <glob.h>
#include <glib/gstdio.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_MAX_S 60

struct _Postgres
{
  char *folder; /* (owned) */
  char *data;   /* (owned) */
  int keeper;   /* (owned): a socket that has the port while the server does not run */
  guint port;
  GPid pid; /* 0: it does not run */
};

/* The newest version that Debian's packages have put there. */
static char *
find_program (const char *name)
{
  g_autofree char *pattern = g_strdup_printf ("/usr/lib/postgresql/*/bin/%s", name);
  g_autofree char *path = NULL;
  glob_t found;

  if (glob (pattern, 0, NULL, &found) == 0)
    path = g_strdup (found.gl_pathv[found.gl_pathc - 1]);
  globfree (&found);
  return path != NULL ? g_steal_pointer (&path) : g_find_program_in_path (name);
}

gboolean
postgres_is_installed (void)
{
  g_autofree char *program = find_program ("initdb");

  return program != NULL;
}

/* The server refuses to run as root: there, another user is taken. */
static void
become_other_cb (gpointer data)
{
  const struct passwd *other = data;

  if (other != NULL && (setgid (other->pw_gid) != 0 || setuid (other->pw_uid) != 0))
    _exit (126);
  prctl (PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves no server behind */
}

static struct passwd *
find_other (void)
{
  struct passwd *other;

  if (getuid () != 0)
    return NULL;
  other = getpwnam ("postgres");
  return other != NULL ? other : getpwnam ("nobody");
}

/* A port of the server's own, also while it does not run: nobody else is given one that is bound,
 * but who asks for it by number and may share it, as the server does, gets it beside a socket that
 * does not listen. */
static void
keep_port (Postgres *self)
{
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t size = sizeof address;
  const int yes = 1;

  self->keeper = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  g_assert_cmpint (bind (self->keeper, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (setsockopt (self->keeper, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes), ==, 0);
  g_assert_cmpint (getsockname (self->keeper, (struct sockaddr *) &address, &size), ==, 0);
  self->port = ntohs (address.sin_port);
}

static void
make_cluster (Postgres *self)
{
  g_autofree char *program = find_program ("initdb");
  const char *const arguments[] = { program, "-D",   self->data, "-A", "trust",     "-U", "tester",
                                    "-E",    "UTF8", "--locale", "C",  "--no-sync", NULL };
  g_autofree char *rules = g_build_filename (self->data, "pg_hba.conf", NULL);
  g_autofree char *output = NULL;
  g_autofree char *problem = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync ("/", (char **) arguments, NULL, 0, become_other_cb, find_other (), &output,
                &problem, &status, &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, NULL))
    g_error ("initdb: %s%s", output, problem);
  g_assert_true (g_file_set_contents (rules,
                                      "host all station 127.0.0.1/32 scram-sha-256\n"
                                      "local all all trust\nhost all all 127.0.0.1/32 trust\n",
                                      -1, &error));
  if (find_other () != NULL)
    g_assert_cmpint (chown (rules, find_other ()->pw_uid, find_other ()->pw_gid), ==, 0);
}

static PGresult *
query (Postgres *self, const char *database, const char *sql)
{
  g_autofree char *text =
      g_strdup_printf ("host=%s port=%u user=tester dbname=%s", self->folder, self->port, database);
  PGconn *connection = PQconnectdb (text);
  PGresult *result = PQexec (connection, sql);
  const ExecStatusType status = PQresultStatus (result);

  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    g_error ("%s: %s", sql, PQerrorMessage (connection));
  PQfinish (connection);
  return result;
}

static gboolean
answers (Postgres *self)
{
  g_autofree char *text =
      g_strdup_printf ("host=127.0.0.1 port=%u user=tester dbname=postgres", self->port);

  return PQping (text) == PQPING_OK;
}

/* After it was killed, its helpers may still hold the memory for a moment: then it is tried again.
 */
static gboolean
start_once (Postgres *self, gint64 deadline_us)
{
  g_autofree char *program = find_program ("postgres");
  g_autofree char *port = g_strdup_printf ("%u", self->port);
  const char *const arguments[] = { program,
                                    "-D",
                                    self->data,
                                    "-k",
                                    self->folder,
                                    "-p",
                                    port,
                                    "-c",
                                    "listen_addresses=127.0.0.1",
                                    "-c",
                                    "fsync=off",
                                    "-c",
                                    "shared_buffers=16MB",
                                    "-c",
                                    "max_connections=20",
                                    "-c",
                                    "client_min_messages=warning",
                                    "-c",
                                    "autovacuum=off",
                                    "-c",
                                    "wal_level=minimal",
                                    "-c",
                                    "max_wal_senders=0",
                                    "-c",
                                    "log_min_messages=fatal",
                                    NULL };
  g_autoptr (GError) error = NULL;

  g_spawn_async ("/", (char **) arguments, NULL,
                 G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL |
                     G_SPAWN_STDOUT_TO_DEV_NULL,
                 become_other_cb, find_other (), &self->pid, &error);
  g_assert_no_error (error);
  while (g_get_monotonic_time () < deadline_us)
    {
      if (answers (self))
        return TRUE;
      if (waitpid (self->pid, NULL, WNOHANG) == self->pid)
        {
          self->pid = 0;
          return FALSE;
        }
      g_usleep (5000);
    }
  return FALSE;
}

void
postgres_start (Postgres *self)
{
  const gint64 deadline_us = g_get_monotonic_time () + START_MAX_S * G_USEC_PER_SEC;

  while (!start_once (self, deadline_us))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
      g_usleep (20000);
    }
}

Postgres *
postgres_new (void)
{
  Postgres *self = g_new0 (Postgres, 1);

  self->folder = g_dir_make_tmp ("lks-pg-XXXXXX", NULL);
  self->data = g_build_filename (self->folder, "data", NULL);
  keep_port (self);
  if (find_other () != NULL)
    g_assert_cmpint (chown (self->folder, find_other ()->pw_uid, find_other ()->pw_gid), ==, 0);
  make_cluster (self);
  postgres_start (self);
  PQclear (query (self, "postgres", "CREATE DATABASE " POSTGRES_DATABASE));
  return self;
}

void
postgres_kill (Postgres *self)
{
  if (self->pid == 0)
    return;

  kill (self->pid, SIGKILL);
  waitpid (self->pid, NULL, 0);
  self->pid = 0;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir =
      g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

void
postgres_free (Postgres *self)
{
  if (self->pid != 0)
    {
      kill (self->pid, SIGQUIT); /* at once, and with its helpers */
      waitpid (self->pid, NULL, 0);
    }
  close (self->keeper);
  remove_tree (self->folder);
  g_free (self->folder);
  g_free (self->data);
  g_free (self);
}

guint
postgres_get_port (Postgres *self)
{
  return self->port;
}

/* A place that leads to the database through @port, which may be a proxy's; 0: the server's own
 * socket. */
LksSharePlace *
postgres_make_place (Postgres *self, guint port)
{
  LksSharePlace *place =
      lks_share_place_new (port != 0 ? "127.0.0.1" : self->folder, port != 0 ? port : self->port,
                           POSTGRES_DATABASE, "tester");

  g_free (place->ssl_mode);
  place->ssl_mode = g_strdup ("disable");
  return place;
}

/* As the owner of the database, who may do anything. */
void
postgres_run (Postgres *self, const char *sql)
{
  PQclear (query (self, POSTGRES_DATABASE, sql));
}

/* The columns of all rows, "a|b c|d". */
char *
postgres_ask (Postgres *self, const char *sql)
{
  PGresult *result = query (self, POSTGRES_DATABASE, sql);
  GString *text = g_string_new (NULL);

  for (int row = 0; row < PQntuples (result); row++)
    for (int i = 0; i < PQnfields (result); i++)
      g_string_append_printf (text, "%s%s",
                              i > 0     ? "|"
                              : row > 0 ? " "
                                        : "",
                              PQgetvalue (result, row, i));
  PQclear (result);
  return g_string_free (text, FALSE);
}

/* The database of the tests as it is before there is a shared ledger. */
void
postgres_clear (Postgres *self)
{
  postgres_run (self,
                "DROP TABLE IF EXISTS lks_entries, lks_signatures, lks_station_keys, lks_recipes,"
                " lks_migrations");
}
