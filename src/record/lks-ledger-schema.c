/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-chain-writer.h"
#include "lks-ledger-private.h"

/* "LksL": file(1) and other tools can tell what the file is. */
#define APPLICATION_ID 0x4c6b734c

/* So long after a newer program made the chain, an older one may still run. */
#define OLDER_PROGRAM_DAYS 7

/* One text per version, in order; a text that was released never changes again. Each is run in
 * one transaction together with its row in "migrations". */
static const char *const migrations[LKS_LEDGER_SCHEMA_VERSION] = {
  "CREATE TABLE migrations ("
  "  version INTEGER PRIMARY KEY,"
  "  applied_us INTEGER NOT NULL"
  ") STRICT;"

  "CREATE TABLE recipes ("
  "  hash TEXT PRIMARY KEY CHECK (length(hash) = 64),"
  "  text TEXT NOT NULL"
  ") STRICT;"

  /* device_id_reversed: people search by the end of an ID; reversed, that is a range. */
  "CREATE TABLE records ("
  "  sequence INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  id TEXT NOT NULL UNIQUE CHECK (length(id) = 36),"
  "  run_id TEXT NOT NULL CHECK (length(run_id) = 36),"
  "  kind TEXT NOT NULL CHECK (kind IN ('check', 'finalize')),"
  "  device_id TEXT CHECK (length(device_id) = 128),"
  "  device_id_reversed TEXT CHECK (length(device_id_reversed) = 128),"
  "  port TEXT NOT NULL,"
  "  usb_serial TEXT,"
  "  operator TEXT NOT NULL,"
  "  station TEXT NOT NULL,"
  "  started_us INTEGER NOT NULL,"
  "  finished_us INTEGER NOT NULL CHECK (finished_us >= started_us),"
  "  recipe_name TEXT NOT NULL,"
  "  recipe_hash TEXT NOT NULL REFERENCES recipes (hash),"
  "  verdict TEXT NOT NULL CHECK (verdict IN ('PASS', 'FAIL', 'STOPPED')),"
  "  outcome TEXT NOT NULL,"
  "  summary TEXT,"
  "  document TEXT NOT NULL CHECK (json_valid(document))"
  ") STRICT;"
  "CREATE INDEX records_by_device ON records (device_id_reversed);"
  "CREATE INDEX records_by_start ON records (started_us);"
  "CREATE INDEX records_by_verdict ON records (verdict);"

  "CREATE TABLE journal ("
  "  sequence INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  run_id TEXT NOT NULL CHECK (length(run_id) = 36),"
  "  device_id TEXT NOT NULL CHECK (length(device_id) = 128),"
  "  target TEXT NOT NULL CHECK (target IN ('Module1Complete', 'DeviceComplete')),"
  "  step TEXT NOT NULL,"
  "  phase TEXT NOT NULL CHECK (phase IN ('intent', 'evidence')),"
  "  at_us INTEGER NOT NULL,"
  "  data TEXT NOT NULL CHECK (json_valid(data))"
  ") STRICT;"
  "CREATE INDEX journal_by_device ON journal (device_id, sequence);"

  /* Append-only: also against a slip of the hand in another program. An INSERT OR REPLACE
   * deletes without firing delete triggers, hence the third kind. */
  "CREATE TRIGGER records_never_change BEFORE UPDATE ON records"
  "  BEGIN SELECT RAISE(ABORT, 'records are never changed'); END;"
  "CREATE TRIGGER records_never_go BEFORE DELETE ON records"
  "  BEGIN SELECT RAISE(ABORT, 'records are never removed'); END;"
  "CREATE TRIGGER records_never_replaced BEFORE INSERT ON records"
  "  WHEN EXISTS (SELECT 1 FROM records WHERE id = NEW.id OR sequence = NEW.sequence)"
  "  BEGIN SELECT RAISE(ABORT, 'records are never replaced'); END;"
  "CREATE TRIGGER recipes_never_change BEFORE UPDATE ON recipes"
  "  BEGIN SELECT RAISE(ABORT, 'recipes are never changed'); END;"
  "CREATE TRIGGER recipes_never_go BEFORE DELETE ON recipes"
  "  BEGIN SELECT RAISE(ABORT, 'recipes are never removed'); END;"
  "CREATE TRIGGER journal_never_changes BEFORE UPDATE ON journal"
  "  BEGIN SELECT RAISE(ABORT, 'the journal is never changed'); END;"
  "CREATE TRIGGER journal_never_goes BEFORE DELETE ON journal"
  "  BEGIN SELECT RAISE(ABORT, 'the journal is never removed'); END;"
  "CREATE TRIGGER journal_never_replaced BEFORE INSERT ON journal"
  "  WHEN EXISTS (SELECT 1 FROM journal WHERE sequence = NEW.sequence)"
  "  BEGIN SELECT RAISE(ABORT, 'the journal is never replaced'); END;",

  /* A servicing session is written down when it begins; what is done in it, and how it ended, are
   * events. A session ends once. */
  "CREATE TABLE service_sessions ("
  "  sequence INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  id TEXT NOT NULL UNIQUE CHECK (length(id) = 36),"
  "  device_id TEXT NOT NULL CHECK (length(device_id) = 128),"
  "  device_id_reversed TEXT NOT NULL CHECK (length(device_id_reversed) = 128),"
  "  port TEXT NOT NULL,"
  "  usb_serial TEXT,"
  "  operator TEXT NOT NULL,"
  "  station TEXT NOT NULL,"
  "  started_us INTEGER NOT NULL,"
  "  task TEXT NOT NULL,"
  "  note TEXT,"
  "  fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 64),"
  "  capabilities TEXT NOT NULL CHECK (json_type(capabilities) = 'array'),"
  "  signer TEXT,"
  "  document TEXT NOT NULL CHECK (json_type(document) = 'object')"
  ") STRICT;"
  "CREATE INDEX service_sessions_by_device ON service_sessions (device_id_reversed);"
  "CREATE INDEX service_sessions_by_start ON service_sessions (started_us);"

  "CREATE TABLE service_events ("
  "  sequence INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  session_id TEXT NOT NULL REFERENCES service_sessions (id),"
  "  kind TEXT NOT NULL CHECK (kind IN ('action', 'end')),"
  "  at_us INTEGER NOT NULL,"
  "  method TEXT,"
  "  path TEXT,"
  "  http_status INTEGER,"
  "  reason TEXT,"
  "  document TEXT NOT NULL CHECK (json_type(document) = 'object'),"
  "  CHECK ((kind = 'end') = (reason IS NOT NULL)),"
  "  CHECK ((kind = 'action') = (method IS NOT NULL AND path IS NOT NULL"
  "                              AND http_status IS NOT NULL))"
  ") STRICT;"
  "CREATE INDEX service_events_by_session ON service_events (session_id, sequence);"
  "CREATE UNIQUE INDEX service_events_one_end ON service_events (session_id)"
  "  WHERE kind = 'end';"

  "CREATE TRIGGER service_sessions_never_change BEFORE UPDATE ON service_sessions"
  "  BEGIN SELECT RAISE(ABORT, 'records are never changed'); END;"
  "CREATE TRIGGER service_sessions_never_go BEFORE DELETE ON service_sessions"
  "  BEGIN SELECT RAISE(ABORT, 'records are never removed'); END;"
  "CREATE TRIGGER service_sessions_never_replaced BEFORE INSERT ON service_sessions"
  "  WHEN EXISTS (SELECT 1 FROM service_sessions WHERE id = NEW.id OR sequence = NEW.sequence)"
  "  BEGIN SELECT RAISE(ABORT, 'records are never replaced'); END;"
  "CREATE TRIGGER service_events_never_change BEFORE UPDATE ON service_events"
  "  BEGIN SELECT RAISE(ABORT, 'records are never changed'); END;"
  "CREATE TRIGGER service_events_never_go BEFORE DELETE ON service_events"
  "  BEGIN SELECT RAISE(ABORT, 'records are never removed'); END;"
  "CREATE TRIGGER service_events_never_replaced BEFORE INSERT ON service_events"
  "  WHEN EXISTS (SELECT 1 FROM service_events WHERE sequence = NEW.sequence"
  "               OR (session_id = NEW.session_id AND kind = 'end' AND NEW.kind = 'end'))"
  "  BEGIN SELECT RAISE(ABORT, 'records are never replaced'); END;",

  /* What lks-chain.c writes. An entry is signed when it has a row in "signatures"; one that names a
   * key was signed when it was made, so that a signature cannot go unnoticed. */
  "CREATE TABLE ledger ("
  "  one INTEGER PRIMARY KEY CHECK (one = 1) DEFAULT 1,"
  "  id TEXT NOT NULL CHECK (length(id) = 36)"
  ") STRICT;"
  "CREATE TABLE chain ("
  "  sequence INTEGER PRIMARY KEY,"
  "  kind TEXT NOT NULL CHECK (kind IN ('run', 'journal', 'session', 'event')),"
  "  row INTEGER NOT NULL,"
  "  id TEXT NOT NULL,"
  "  state TEXT NOT NULL CHECK (state IN ('written', 'migrated')),"
  "  previous TEXT NOT NULL,"
  "  key TEXT CHECK (length(key) = 64),"
  "  unsigned TEXT,"
  "  hash TEXT NOT NULL CHECK (length(hash) = 64),"
  "  UNIQUE (kind, row),"
  "  CHECK ((key IS NULL) = (unsigned IS NOT NULL))"
  ") STRICT;"
  "CREATE TABLE station_keys ("
  "  fingerprint TEXT PRIMARY KEY CHECK (length(fingerprint) = 64),"
  "  pem TEXT NOT NULL"
  ") STRICT;"
  "CREATE TABLE signatures ("
  "  sequence INTEGER NOT NULL REFERENCES chain (sequence),"
  "  key TEXT NOT NULL REFERENCES station_keys (fingerprint),"
  "  at_us INTEGER NOT NULL,"
  "  signature TEXT NOT NULL,"
  "  PRIMARY KEY (sequence, key)"
  ") STRICT;"

  "CREATE TRIGGER ledger_never_changes BEFORE UPDATE ON ledger"
  "  BEGIN SELECT RAISE(ABORT, 'the ledger never changes its ID'); END;"
  "CREATE TRIGGER ledger_never_goes BEFORE DELETE ON ledger"
  "  BEGIN SELECT RAISE(ABORT, 'the ledger never loses its ID'); END;"
  "CREATE TRIGGER ledger_never_replaced BEFORE INSERT ON ledger"
  "  WHEN EXISTS (SELECT 1 FROM ledger)"
  "  BEGIN SELECT RAISE(ABORT, 'the ledger never changes its ID'); END;"
  "CREATE TRIGGER chain_never_changes BEFORE UPDATE ON chain"
  "  BEGIN SELECT RAISE(ABORT, 'the chain is never changed'); END;"
  "CREATE TRIGGER chain_never_goes BEFORE DELETE ON chain"
  "  BEGIN SELECT RAISE(ABORT, 'the chain is never removed'); END;"
  "CREATE TRIGGER chain_never_replaced BEFORE INSERT ON chain"
  "  WHEN EXISTS (SELECT 1 FROM chain WHERE sequence = NEW.sequence OR (kind = NEW.kind AND row = "
  "NEW.row))"
  "  BEGIN SELECT RAISE(ABORT, 'the chain is never replaced'); END;"
  "CREATE TRIGGER station_keys_never_change BEFORE UPDATE ON station_keys"
  "  BEGIN SELECT RAISE(ABORT, 'station keys are never changed'); END;"
  "CREATE TRIGGER station_keys_never_go BEFORE DELETE ON station_keys"
  "  BEGIN SELECT RAISE(ABORT, 'station keys are never removed'); END;"
  "CREATE TRIGGER station_keys_never_replaced BEFORE INSERT ON station_keys"
  "  WHEN EXISTS (SELECT 1 FROM station_keys WHERE fingerprint = NEW.fingerprint)"
  "  BEGIN SELECT RAISE(ABORT, 'station keys are never replaced'); END;"
  "CREATE TRIGGER signatures_never_change BEFORE UPDATE ON signatures"
  "  BEGIN SELECT RAISE(ABORT, 'signatures are never changed'); END;"
  "CREATE TRIGGER signatures_never_go BEFORE DELETE ON signatures"
  "  BEGIN SELECT RAISE(ABORT, 'signatures are never removed'); END;"
  "CREATE TRIGGER signatures_never_replaced BEFORE INSERT ON signatures"
  "  WHEN EXISTS (SELECT 1 FROM signatures WHERE sequence = NEW.sequence AND key = NEW.key)"
  "  BEGIN SELECT RAISE(ABORT, 'signatures are never replaced'); END;",

  /* What people search by, each in the order of the list. */
  "DROP INDEX records_by_verdict;"
  "CREATE INDEX records_by_verdict_start ON records (verdict, started_us);"
  "CREATE INDEX records_by_recipe_name ON records (recipe_name, started_us);"
  "CREATE INDEX records_by_recipe_hash ON records (recipe_hash, started_us);"
  "CREATE INDEX records_by_serial ON records (usb_serial);"
  "CREATE INDEX service_sessions_by_serial ON service_sessions (usb_serial);",

  /* Who and what beside the board. A program of version 4 that still has the file open leaves them
   * out, and the chain's text of such a row is the one it makes itself. */
  "ALTER TABLE records ADD COLUMN role TEXT CHECK (role IN ('operator', 'engineer'));"
  "ALTER TABLE records ADD COLUMN batch TEXT;"
  "ALTER TABLE records ADD COLUMN label TEXT;"
  "ALTER TABLE records ADD COLUMN waived INTEGER NOT NULL DEFAULT 0 CHECK (waived >= 0);"
  "CREATE INDEX records_by_batch ON records (batch, started_us) WHERE batch IS NOT NULL;"
  "CREATE INDEX records_by_label ON records (label) WHERE label IS NOT NULL;",

  /* How far this ledger was copied to shared ones. It can be found out again, hence it may change
   * and go. */
  "CREATE TABLE outbox ("
  "  place TEXT PRIMARY KEY,"
  "  sequence INTEGER NOT NULL,"
  "  signature_row INTEGER NOT NULL,"
  "  confirmed_us INTEGER NOT NULL"
  ") STRICT;",

  /* Which boards wait for their claim: an intent to claim later, and no evidence since that the
   * board was seen in that catalog, or that it was given up. The journal says so itself; this finds
   * them at once, in the transaction that writes the line, and whichever program does. */
  "CREATE TABLE waiting_claims ("
  "  device_id TEXT PRIMARY KEY,"
  "  catalog TEXT NOT NULL,"
  "  sequence INTEGER NOT NULL"
  ") STRICT;"
  "INSERT INTO waiting_claims (device_id, catalog, sequence)"
  "  SELECT device_id, lower(json_extract(data, '$.catalog')), min(sequence) FROM journal AS wish"
  "  WHERE step = 'claim' AND phase = 'intent' AND json_extract(data, '$.policy') = 'queue'"
  "  AND json_extract(data, '$.catalog') IS NOT NULL"
  "  AND NOT EXISTS (SELECT 1 FROM journal AS end WHERE end.device_id = wish.device_id"
  "    AND end.sequence > wish.sequence AND end.step = 'claim' AND end.phase = 'evidence'"
  "    AND json_extract(end.data, '$.outcome') IN ('claimed', 'found', 'given-up')"
  "    AND lower(json_extract(end.data, '$.catalog')) = lower(json_extract(wish.data, "
  "'$.catalog')))"
  "  GROUP BY device_id;"
  "CREATE TRIGGER claims_wait AFTER INSERT ON journal"
  "  WHEN NEW.step = 'claim' AND NEW.phase = 'intent'"
  "    AND json_extract(NEW.data, '$.policy') = 'queue'"
  "    AND json_extract(NEW.data, '$.catalog') IS NOT NULL"
  "  BEGIN INSERT INTO waiting_claims (device_id, catalog, sequence)"
  "    SELECT NEW.device_id, lower(json_extract(NEW.data, '$.catalog')), NEW.sequence"
  "    WHERE NOT EXISTS (SELECT 1 FROM waiting_claims WHERE device_id = NEW.device_id); END;"
  "CREATE TRIGGER claims_end AFTER INSERT ON journal"
  "  WHEN NEW.step = 'claim' AND NEW.phase = 'evidence'"
  "    AND json_extract(NEW.data, '$.outcome') IN ('claimed', 'found', 'given-up')"
  "  BEGIN DELETE FROM waiting_claims WHERE device_id = NEW.device_id"
  "    AND catalog = lower(json_extract(NEW.data, '$.catalog')); END;",
};

static gboolean
check_is_ledger (LksSql *sql, const char *path, gint64 version, GError **error)
{
  gint64 application_id;
  gint64 tables;

  if (!lks_sql_read_int (sql, "PRAGMA application_id", &application_id, error) ||
      !lks_sql_read_int (sql, "SELECT count(*) FROM sqlite_schema", &tables, error))
    return FALSE;

  if (application_id != APPLICATION_ID && (application_id != 0 || version != 0 || tables != 0))
    {
      g_set_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_CORRUPT,
                   "%s: this is the database of another program, not a ledger: nothing was "
                   "changed; name another file",
                   path);
      return FALSE;
    }
  if (version > LKS_LEDGER_SCHEMA_VERSION)
    {
      g_set_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_NEWER,
                   "%s: written by a newer Locksmith (version %d of the ledger, this one knows "
                   "%d): nothing was changed; install the newer Locksmith",
                   path, (int) version, LKS_LEDGER_SCHEMA_VERSION);
      return FALSE;
    }

  return TRUE;
}

/* Of a ledger that we know; in a transaction or outside of one. */
gboolean
lks_ledger_schema_read_version (LksSql *sql, const char *path, gint64 *out_version, GError **error)
{
  return lks_sql_read_int (sql, "PRAGMA user_version", out_version, error) &&
         check_is_ledger (sql, path, *out_version, error);
}

static gboolean
apply (LksSql *sql, gint64 version, GError **error)
{
  g_autofree char *done =
      g_strdup_printf ("INSERT INTO migrations (version, applied_us) VALUES (%d, %" G_GINT64_FORMAT
                       ");"
                       "PRAGMA application_id=%d; PRAGMA user_version=%d",
                       (int) version + 1, g_get_real_time (), APPLICATION_ID, (int) version + 1);

  return lks_sql_run (sql, migrations[version], error) &&
         (version + 1 != LKS_LEDGER_CHAIN_VERSION || lks_chain_migrate (sql, error)) &&
         lks_sql_run (sql, done, error);
}

static gboolean
migrate_locked (LksSql *sql, const char *path, GError **error)
{
  gint64 version;

  if (!lks_ledger_schema_read_version (sql, path, &version, error))
    return FALSE;

  for (; version < LKS_LEDGER_SCHEMA_VERSION; version++)
    if (!apply (sql, version, error))
      return FALSE;

  return TRUE;
}

/* Whether an older program may still have the ledger open: it was older at least for some time. */
static gboolean
may_be_shared (LksSql *sql, gboolean *out_maybe, GError **error)
{
  g_autofree char *text =
      g_strdup_printf ("SELECT count(*) FROM migrations AS chain JOIN migrations AS first"
                       " WHERE chain.version = %d AND first.version = 1"
                       " AND chain.applied_us > first.applied_us + %d"
                       " AND chain.applied_us > %" G_GINT64_FORMAT,
                       LKS_LEDGER_CHAIN_VERSION, G_USEC_PER_SEC,
                       g_get_real_time () - OLDER_PROGRAM_DAYS * G_TIME_SPAN_DAY);
  gint64 count;

  if (!lks_sql_read_int (sql, text, &count, error))
    return FALSE;

  *out_maybe = count > 0;
  return TRUE;
}

/**
 * lks_ledger_schema_wants_adoption:
 * @sql: a locked connection to a ledger of the present schema
 * @out_wants: (out): whether there is something for lks_ledger_schema_adopt()
 * @error: return location for a [error@Lks.LedgerError] or `G_IO_ERROR_CANCELLED`
 *
 * Looks without keeping anybody from writing, which may take some seconds.
 *
 * Returns: whether it could be read
 */
gboolean
lks_ledger_schema_wants_adoption (LksSql *sql, gboolean *out_wants, GError **error)
{
  gboolean maybe;

  if (!may_be_shared (sql, &maybe, error))
    return FALSE;
  if (maybe)
    return lks_chain_find_unchained (sql, out_wants, error);

  *out_wants = FALSE;
  return TRUE;
}

/**
 * lks_ledger_schema_adopt:
 * @sql: a locked connection to a ledger of the present schema
 * @error: return location for a [error@Lks.LedgerError]
 *
 * In the days after a ledger got its chain: puts into it what an older program, which knows no
 * chain, has written since. Later nothing is put there any more, and such a record is one that
 * somebody added.
 *
 * Returns: whether nothing was in the way
 */
gboolean
lks_ledger_schema_adopt (LksSql *sql, GError **error)
{
  gboolean wants;

  if (!lks_ledger_schema_wants_adoption (sql, &wants, error))
    return FALSE;
  return !wants || (lks_sql_run (sql, "BEGIN IMMEDIATE", error) &&
                    lks_ledger_commit (sql, lks_chain_adopt (sql, error), error));
}

/* By one state of the file:
 * another program may be making the tables just now. */
static gboolean
read_version (LksSql *sql, const char *path, gint64 *out_version, GError **error)
{
  gboolean good;

  if (!lks_sql_run (sql, "BEGIN", error))
    return FALSE;

  good = lks_ledger_schema_read_version (sql, path, out_version, error);
  lks_sql_run (sql, "ROLLBACK", NULL);
  return good;
}

/**
 * lks_ledger_schema_migrate:
 * @sql: a locked connection
 * @path: its file, for messages
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Brings an empty or older file to the present schema, all or nothing. Other programs that open
 * the file at the same time wait.
 *
 * Returns: whether the file now has the present schema
 */
gboolean
lks_ledger_schema_migrate (LksSql *sql, const char *path, GError **error)
{
  gint64 version;

  if (!read_version (sql, path, &version, error))
    return FALSE;
  if (version == LKS_LEDGER_SCHEMA_VERSION)
    return lks_ledger_schema_adopt (sql, error);

  if (!lks_sql_run (sql, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (!migrate_locked (sql, path, error))
    {
      lks_sql_run (sql, "ROLLBACK", NULL);
      return FALSE;
    }
  return lks_sql_run (sql, "COMMIT", error);
}
