/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libpq as blocking calls that can be cancelled at any moment. Only its asynchronous functions are
 * used: the others wait where nobody can reach them. (A host's name is still looked up by the
 * system, which has its own time limit.) */
#include "lks-pg.h"

#include "lks-share.h"

#include <string.h>

/* So long nothing may come from a server that was asked something. A question about everything says
 * nothing before its first row; whether its computer is still there TCP finds out meanwhile. */
#define SILENCE_MAX_MS (60 * 1000)
#define LONG_SILENCE_MAX_MS (30 * 60 * 1000)

struct _LksPg
{
  PGconn *connection; /* (owned) */
  char *name;         /* (owned): of the place, for messages */
  guint silence_max_ms;
  guint long_silence_max_ms;
  gboolean is_long; /* what it was asked now */
};

/* ---- what went wrong ---- */

/* The first two characters of a code are its class (PostgreSQL's manual, appendix A). */
static LksShareError
error_from_state (const char *state)
{
  static const struct
  {
    const char *prefix;
    LksShareError code;
  } table[] = {
    { "08", LKS_SHARE_ERROR_UNREACHABLE },   /* connection exceptions */
    { "57P", LKS_SHARE_ERROR_UNREACHABLE },  /* it is shutting down, starting, or crashed */
    { "53", LKS_SHARE_ERROR_UNREACHABLE },   /* no memory, no room, too many connections */
    { "58", LKS_SHARE_ERROR_UNREACHABLE },   /* its disk */
    { "40", LKS_SHARE_ERROR_BUSY },          /* serialization failures and deadlocks */
    { "28", LKS_SHARE_ERROR_DENIED },        /* who are you */
    { "42501", LKS_SHARE_ERROR_DENIED },     /* insufficient privilege */
    { "3D", LKS_SHARE_ERROR_NOT_SET_UP },    /* no such database */
    { "42P01", LKS_SHARE_ERROR_NOT_SET_UP }, /* no such table */
    { "42703", LKS_SHARE_ERROR_NOT_SET_UP }, /* no such column */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_has_prefix (state, table[i].prefix))
      return table[i].code;
  return LKS_SHARE_ERROR_FAILED;
}

/* In one line, as libpq's texts have several. */
static void
set_error (LksPg *self, LksShareError code, const char *text, GError **error)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_auto (GStrv) lines = g_strsplit (g_strstrip (valid), "\n", -1);
  g_autofree char *line = NULL;

  for (guint i = 0; lines[i] != NULL; i++)
    g_strstrip (lines[i]);
  line = g_strjoinv ("; ", lines);
  g_set_error (error, LKS_SHARE_ERROR, (int) code, "%s: %s", self->name, line);
}

/* Before there is a connection libpq has no codes, but the server's own words for a refusal. */
static gboolean
fail_connection (LksPg *self, GError **error)
{
  const char *text = PQerrorMessage (self->connection);
  LksShareError code = LKS_SHARE_ERROR_UNREACHABLE;

  if (PQconnectionNeedsPassword (self->connection) || PQconnectionUsedPassword (self->connection) ||
      strstr (text, "authentication failed") != NULL || strstr (text, "pg_hba.conf") != NULL ||
      strstr (text, "role ") != NULL || strstr (text, "certificate") != NULL ||
      strstr (text, "SSL") != NULL)
    code = LKS_SHARE_ERROR_DENIED;
  if (strstr (text, "starting up") != NULL || strstr (text, "shutting down") != NULL ||
      strstr (text, "recovery mode") != NULL || strstr (text, "closed the connection") != NULL)
    code = LKS_SHARE_ERROR_UNREACHABLE;
  if (strstr (text, "database \"") != NULL && strstr (text, "does not exist") != NULL)
    code = LKS_SHARE_ERROR_NOT_SET_UP;
  set_error (self, code, text, error);
  return FALSE;
}

static gboolean
fail_result (LksPg *self, PGresult *result, GError **error)
{
  const char *state = result != NULL ? PQresultErrorField (result, PG_DIAG_SQLSTATE) : NULL;

  if (state == NULL) /* libpq's own: the connection broke */
    set_error (self, LKS_SHARE_ERROR_UNREACHABLE, PQerrorMessage (self->connection), error);
  else
    set_error (self, error_from_state (state), PQresultErrorMessage (result), error);
  return FALSE;
}

/* ---- waiting ---- */

static gboolean
wait_for_socket (LksPg *self, GIOCondition condition, GCancellable *cancellable, GError **error)
{
  GPollFD fds[2] = { { .fd = PQsocket (self->connection), .events = (gushort) condition },
                     { .fd = -1, .events = G_IO_IN } };
  const gboolean has_cancel = g_cancellable_make_pollfd (cancellable, &fds[1]);
  const guint wait_ms = self->is_long ? self->long_silence_max_ms : self->silence_max_ms;
  const int ready = g_poll (fds, has_cancel ? 2 : 1, (int) wait_ms);
  g_autofree char *text = NULL;

  if (has_cancel)
    g_cancellable_release_fd (cancellable);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (ready != 0) /* also after a signal: the caller looks again */
    return TRUE;

  text = g_strdup_printf ("the server has said nothing for %u s: it is not there, or other work is "
                          "in its way",
                          wait_ms / 1000);
  set_error (self, LKS_SHARE_ERROR_UNREACHABLE, text, error);
  return FALSE;
}

static gboolean
connect_now (LksPg *self, GCancellable *cancellable, GError **error)
{
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;

  if (PQstatus (self->connection) == CONNECTION_BAD)
    return fail_connection (self, error);

  while (status != PGRES_POLLING_OK)
    {
      if (!wait_for_socket (self, status == PGRES_POLLING_READING ? G_IO_IN : G_IO_OUT, cancellable,
                            error))
        return FALSE;
      status = PQconnectPoll (self->connection);
      if (status == PGRES_POLLING_FAILED)
        return fail_connection (self, error);
    }
  return TRUE;
}

static void
ignore_notice_cb (void *unused, const PGresult *notice)
{
}

/* A server works on for somebody who is gone, and queues up behind a lock, unless it looks. It can
 * from PostgreSQL 14 on; for others there is nothing to be done. */
static gboolean
ask_to_look (LksPg *self, GCancellable *cancellable, GError **error)
{
  GError *local_error = NULL;

  if (lks_pg_run (self,
                  "SELECT set_config (name, '2000', false) FROM pg_settings"
                  " WHERE name = 'client_connection_check_interval' AND setting = '0'",
                  NULL, 0, cancellable, &local_error))
    return TRUE;
  if (!g_error_matches (local_error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_UNREACHABLE) &&
      local_error->domain == LKS_SHARE_ERROR)
    {
      g_error_free (local_error);
      return TRUE;
    }

  g_propagate_error (error, local_error);
  return FALSE;
}

/**
 * lks_pg_open:
 * @place: where
 * @password: (nullable): what the server wants to hear; NULL: what libpq finds in `~/.pgpass`
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ShareError] or `G_IO_ERROR_CANCELLED`
 *
 * Blocks until there is a connection.
 *
 * Returns: (transfer full): the connection, for one thread at a time; or NULL with @error set
 */
LksPg *
lks_pg_open (const LksSharePlace *place,
             const LksSecret *password,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (LksPg) self = g_new0 (LksPg, 1);
  g_autofree char *port = g_strdup_printf ("%u", place->port);
  const char *const keys[] = { "host",
                               "port",
                               "dbname",
                               "user",
                               "sslmode",
                               "application_name",
                               "client_encoding",
                               "connect_timeout",
                               "keepalives_idle",
                               "keepalives_interval",
                               "keepalives_count",
                               "tcp_user_timeout",
                               place->ssl_root_cert != NULL ? "sslrootcert"
                                                            : "fallback_application_name",
                               password != NULL ? "password" : NULL,
                               NULL };
  const char *const values[] = { place->host,
                                 port,
                                 place->database,
                                 place->user,
                                 place->ssl_mode,
                                 "locksmith",
                                 "UTF8",
                                 "10",
                                 "15",
                                 "5",
                                 "3",
                                 "30000",
                                 place->ssl_root_cert != NULL ? place->ssl_root_cert : "locksmith",
                                 password != NULL ? lks_secret_get_text (password) : NULL,
                                 NULL };

  self->name = lks_share_place_dup_name (place);
  self->silence_max_ms = SILENCE_MAX_MS;
  self->long_silence_max_ms = LONG_SILENCE_MAX_MS;
  /* Not expanding "dbname": a name with = or :// in it stays a name. */
  self->connection = PQconnectStartParams (keys, values, 0);
  if (self->connection == NULL)
    {
      set_error (self, LKS_SHARE_ERROR_FAILED, "no memory", error);
      return NULL;
    }
  PQsetNoticeReceiver (self->connection, ignore_notice_cb, NULL);
  if (!connect_now (self, cancellable, error))
    return NULL;

  PQsetnonblocking (self->connection, 1);
  return ask_to_look (self, cancellable, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * lks_pg_set_silence_max_ms:
 * @self: a connection
 * @silence_max_ms: how long nothing may come from the server
 * @long_silence_max_ms: the same, for what may be long work
 *
 * Says when to give up: 60 s and half an hour unless this is called.
 */
void
lks_pg_set_silence_max_ms (LksPg *self, guint silence_max_ms, guint long_silence_max_ms)
{
  self->silence_max_ms = silence_max_ms;
  self->long_silence_max_ms = long_silence_max_ms;
}

/**
 * lks_pg_close:
 * @self: (transfer full): a connection
 */
void
lks_pg_close (LksPg *self)
{
  if (self->connection != NULL)
    PQfinish (self->connection);
  g_free (self->name);
  g_free (self);
}

/* ---- asking ---- */

static gboolean
send_all (LksPg *self, GCancellable *cancellable, GError **error)
{
  int left;

  while ((left = PQflush (self->connection)) == 1)
    {
      if (!wait_for_socket (self, G_IO_IN | G_IO_OUT, cancellable, error))
        return FALSE;
      if (PQconsumeInput (self->connection) == 0)
        return fail_result (self, NULL, error);
    }
  return left == 0 || fail_result (self, NULL, error);
}

static gboolean
send_query (LksPg *self,
            const char *sql,
            const LksPgValue *values,
            guint n_values,
            GCancellable *cancellable,
            GError **error)
{
  g_autofree const char **data = g_new0 (const char *, n_values + 1);
  g_autofree int *sizes = g_new0 (int, n_values + 1);
  g_autofree int *formats = g_new0 (int, n_values + 1);

  for (guint i = 0; i < n_values; i++)
    {
      data[i] = values[i].data;
      sizes[i] = (int) values[i].size_bytes;
      formats[i] = values[i].size_bytes > 0;
    }
  if (PQsendQueryParams (self->connection, sql, (int) n_values, NULL, data, sizes, formats, 0) == 0)
    return fail_result (self, NULL, error);
  return TRUE;
}

/* The next result, or NULL with *@out_good when there is none left. */
static PGresult *
next_result (LksPg *self, gboolean *out_good, GCancellable *cancellable, GError **error)
{
  *out_good = FALSE;
  while (PQisBusy (self->connection))
    {
      if (!wait_for_socket (self, G_IO_IN, cancellable, error))
        return NULL;
      if (PQconsumeInput (self->connection) == 0)
        {
          fail_result (self, NULL, error);
          return NULL;
        }
    }
  *out_good = TRUE;
  return PQgetResult (self->connection);
}

/* Reads what is left of an answer. After an error the connection is not used any more, unless the
 * server itself refused the statement. */
static gboolean
drain (LksPg *self, GCancellable *cancellable, GError **error)
{
  gboolean good = TRUE;
  PGresult *result;

  while ((result = next_result (self, &good, cancellable, error)) != NULL)
    PQclear (result);
  return good;
}

static gboolean
is_good (PGresult *result)
{
  const ExecStatusType status = PQresultStatus (result);

  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE;
}

/**
 * lks_pg_query:
 * @self: a connection
 * @sql: one statement; values are its parameters, never pasted
 * @values: (array length=n_values) (nullable): the values of $1 …
 * @n_values: how many
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ShareError] or `G_IO_ERROR_CANCELLED`
 *
 * Runs a statement and waits for its whole answer. After UNREACHABLE and CANCELLED nobody knows
 * whether the server did it, and @self is of no more use.
 *
 * Returns: (transfer full): the answer, or NULL with @error set
 */
PGresult *
lks_pg_query (LksPg *self,
              const char *sql,
              const LksPgValue *values,
              guint n_values,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (PGresult) result = NULL;
  gboolean good;

  if (!send_query (self, sql, values, n_values, cancellable, error) ||
      !send_all (self, cancellable, error))
    return NULL;

  result = next_result (self, &good, cancellable, error);
  if (!good)
    return NULL;
  if (result == NULL || !is_good (result))
    {
      fail_result (self, result, error);
      drain (self, cancellable, NULL);
      return NULL;
    }
  return drain (self, cancellable, error) ? g_steal_pointer (&result) : NULL;
}

/**
 * lks_pg_run:
 * @self: a connection
 * @sql: one statement
 * @values: (array length=n_values) (nullable): the values of $1 …
 * @n_values: how many
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ShareError] or `G_IO_ERROR_CANCELLED`
 *
 * lks_pg_query() for a statement without an answer.
 *
 * Returns: whether the server said that it did it
 */
gboolean
lks_pg_run (LksPg *self,
            const char *sql,
            const LksPgValue *values,
            guint n_values,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (PGresult) result = lks_pg_query (self, sql, values, n_values, cancellable, error);

  return result != NULL;
}

/**
 * lks_pg_run_long:
 * @self: a connection
 * @sql: one statement
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ShareError] or `G_IO_ERROR_CANCELLED`
 *
 * lks_pg_run() for what takes the longer the more there is, and says nothing meanwhile.
 *
 * Returns: whether the server said that it did it
 */
gboolean
lks_pg_run_long (LksPg *self, const char *sql, GCancellable *cancellable, GError **error)
{
  gboolean good;

  self->is_long = TRUE;
  good = lks_pg_run (self, sql, NULL, 0, cancellable, error);
  self->is_long = FALSE;
  return good;
}

static gboolean
read_rows (LksPg *self,
           LksPgRowFunc func,
           gpointer func_data,
           GCancellable *cancellable,
           GError **error)
{
  gboolean good;

  for (;;)
    {
      g_autoptr (PGresult) result = next_result (self, &good, cancellable, error);

      if (!good || result == NULL)
        return good;
      if (!is_good (result))
        {
          fail_result (self, result, error);
          drain (self, cancellable, NULL);
          return FALSE;
        }
      if (PQntuples (result) > 0 && !func (result, func_data, error))
        return FALSE;
    }
}

/**
 * lks_pg_for_each:
 * @self: a connection
 * @sql: one query
 * @values: (array length=n_values) (nullable): the values of $1 …
 * @n_values: how many
 * @func: (scope call): called with each row as it comes; FALSE with an error set ends it
 * @func_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ShareError], `G_IO_ERROR_CANCELLED`, or @func's
 *
 * lks_pg_query() with flat memory, for a question that may read all there is: the server may be
 * silent for longer.
 *
 * Returns: whether all rows were handed over
 */
gboolean
lks_pg_for_each (LksPg *self,
                 const char *sql,
                 const LksPgValue *values,
                 guint n_values,
                 LksPgRowFunc func,
                 gpointer func_data,
                 GCancellable *cancellable,
                 GError **error)
{
  gboolean good;

  if (!send_query (self, sql, values, n_values, cancellable, error))
    return FALSE;
  PQsetSingleRowMode (self->connection);
  self->is_long = TRUE;
  good =
      send_all (self, cancellable, error) && read_rows (self, func, func_data, cancellable, error);
  self->is_long = FALSE;
  return good;
}

/**
 * lks_pg_get:
 * @result: an answer
 * @row: one of its rows
 * @column: one of its columns
 *
 * Returns: (transfer none) (nullable): its text; NULL for SQL's NULL
 */
const char *
lks_pg_get (PGresult *result, int row, int column)
{
  return PQgetisnull (result, row, column) ? NULL : PQgetvalue (result, row, column);
}

/**
 * lks_pg_get_int:
 * @result: an answer
 * @row: one of its rows
 * @column: one of its columns
 *
 * Returns: its number; 0 for SQL's NULL
 */
gint64
lks_pg_get_int (PGresult *result, int row, int column)
{
  return g_ascii_strtoll (PQgetvalue (result, row, column), NULL, 10);
}
