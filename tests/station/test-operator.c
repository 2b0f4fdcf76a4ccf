/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is at the station: with the real keyring, real files and keys, and a clock of our own. */
#include "keyring-daemon.h"
#include "wait-until.h"

#include "lks-station-share.h"
#include "lks-ledger.h"
#include "lks-operator-error.h"
#include "lks-operator-session.h"
#include "lks-pin-store.h"
#include "lks-pin.h"
#include "lks-sign-in-journal.h"
#include "lks-station-key.h"
#include "lks-vault-error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define RIGHT_PIN "correct horse"
#define NOON_US (G_GINT64_CONSTANT (1790000000) * G_USEC_PER_SEC)

typedef struct
{
  char *dir;                   /* (owned) */
  char *journal_path;          /* (owned) */
  char *tries_path;            /* (owned) */
  char *config_path;           /* (owned): a file of station.d */
  char *trusted_path;          /* (owned): a file of recipe-keys.d */
  KeyringDaemon *daemon;       /* (owned) */
  LksStationConfig *config;    /* (owned) */
  LksOperatorSession *session; /* (owned) */
  gint64 real_us;
  gint64 monotonic_us;
} World;

static gint64
get_real_us (gpointer user_data)
{
  return ((World *) user_data)->real_us;
}

static gint64
get_monotonic_us (gpointer user_data)
{
  return ((World *) user_data)->monotonic_us;
}

static void
pass (World *world, gint64 seconds)
{
  world->real_us += seconds * G_USEC_PER_SEC;
  world->monotonic_us += seconds * G_USEC_PER_SEC;
}

/* The last attempt still holds it until the main context turns. */
static void
end_session (World *world)
{
  gpointer last = world->session;

  if (last == NULL)
    return;
  g_object_add_weak_pointer (last, &last);
  g_clear_object (&world->session);
  WAIT_UNTIL (last == NULL);
}

/* As after a new start of the program. */
static void
start_session (World *world)
{
  const LksOperatorClock clock = { get_real_us, get_monotonic_us, world };

  end_session (world);
  world->session = lks_operator_session_new (world->config, world->journal_path, world->tries_path);
  lks_operator_session_set_clock (world->session, &clock);
  lks_operator_session_set_required (world->session, TRUE);
}

static char *
config_file (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "locksmith", folder, NULL);

  g_mkdir_with_parents (path, 0700);
  return g_build_filename (path, name, NULL);
}

static void
set_up (World *world, gconstpointer unused)
{
  g_autofree char *keyrings = NULL;

  world->dir = g_dir_make_tmp ("lks-operator-XXXXXX", NULL);
  keyrings = g_build_filename (world->dir, "keyrings", NULL);
  g_mkdir (keyrings, 0700);
  world->journal_path = g_build_filename (world->dir, "data", "sign-ins.jsonl", NULL);
  world->tries_path = g_build_filename (world->dir, "state", "tries", NULL);
  world->config_path = config_file ("station.d", "here.conf");
  world->trusted_path = config_file ("recipe-keys.d", "trusted.pem");
  world->daemon = keyring_daemon_new (keyrings);
  world->config = lks_station_config_new ();
  world->real_us = NOON_US;
  start_session (world);
}

static void
tear_down (World *world, gconstpointer unused)
{
  const char *argv[] = { "rm", "-rf", world->dir, NULL };

  keyring_daemon_free (world->daemon);
  end_session (world);
  lks_station_config_unref (world->config);
  g_unlink (world->config_path);
  g_unlink (world->trusted_path);
  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
  g_free (world->dir);
  g_free (world->journal_path);
  g_free (world->tries_path);
  g_free (world->config_path);
  g_free (world->trusted_path);
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
sign_in (World *world, const LksOperatorProof *sign_in, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  lks_operator_session_sign_in_async (world->session, sign_in, NULL, finished_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return lks_operator_session_sign_in_finish (world->session, result, error);
}

static void
assert_signed_in (World *world, const LksOperatorProof *who, const char *name, LksOperatorRole role)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sign_in (world, who, &error));
  g_assert_no_error (error);
  g_assert_true (lks_operator_session_get_signed_in (world->session));
  g_assert_cmpstr (lks_operator_session_get_name (world->session), ==, name);
  g_assert_cmpint (lks_operator_session_get_role (world->session), ==, role);
}

#define ASSERT_REFUSED(world, who, error_domain, error_code)                                       \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autoptr (GError) error_local = NULL;                                                         \
                                                                                                   \
    g_assert_false (sign_in (world, who, &error_local));                                           \
    g_assert_error (error_local, error_domain, (int) error_code);                                  \
  }                                                                                                \
  G_STMT_END

static gboolean
try_pin (World *world, const char *pin, GError **error)
{
  g_autoptr (LksSecret) secret = lks_secret_new (pin, strlen (pin));

  return sign_in (world, &(LksOperatorProof){ .text = "Grace", .pin = secret }, error);
}

#define ASSERT_PIN_REFUSED(world, pin, error_domain, error_code)                                   \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autoptr (GError) error_local = NULL;                                                         \
                                                                                                   \
    g_assert_false (try_pin (world, pin, &error_local));                                           \
    g_assert_error (error_local, error_domain, (int) error_code);                                  \
  }                                                                                                \
  G_STMT_END

static void
assert_pin_right (World *world, const char *pin)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (try_pin (world, pin, &error));
  g_assert_no_error (error);
  g_assert_cmpint (lks_operator_session_get_role (world->session), ==, LKS_OPERATOR_ROLE_ENGINEER);
}

static void
set_pin (World *world, const char *pin)
{
  g_autoptr (LksSecret) secret = lks_secret_new (pin, strlen (pin));
  g_autoptr (GError) error = NULL;

  g_assert_true (lks_pin_store_set (world->config, secret, NULL, &error));
  g_assert_no_error (error);
}

/* The journal as one text, a word for each member that matters. */
static char *
tell_journal (World *world)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonArray) lines = lks_sign_in_journal_read (world->journal_path, 100, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < json_array_get_length (lines); i++)
    {
      JsonObject *line = json_array_get_object_element (lines, i);

      g_string_append_printf (text, "%s %s %s %s;", json_object_get_string_member (line, "event"),
                              json_object_get_string_member_with_default (line, "name", "-"),
                              json_object_get_string_member_with_default (line, "how", "-"),
                              json_object_get_string_member_with_default (line, "reason", "-"));
    }
  return g_string_free (text, FALSE);
}

static void
assert_journal (World *world, const char *expected)
{
  g_autofree char *told = tell_journal (world);

  g_assert_cmpstr (told, ==, expected);
}

/* ---- tests ---- */

static void
test_come_and_go (World *world, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  g_assert_false (lks_operator_session_get_signed_in (world->session));
  assert_signed_in (world, &(LksOperatorProof){ .text = " Ada ", .batch = " 4711 " }, "Ada",
                    LKS_OPERATOR_ROLE_OPERATOR);
  g_assert_cmpstr (lks_operator_session_get_batch (world->session), ==, "4711");
  g_assert_cmpint (g_date_time_to_unix (lks_operator_session_get_since (world->session)), ==,
                   NOON_US / G_USEC_PER_SEC);

  g_assert_false (lks_operator_session_set_batch (world->session, "two\nlines", &error));
  g_assert_error (error, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_INVALID);
  g_assert_true (lks_operator_session_set_batch (world->session, " ", NULL));
  g_assert_null (lks_operator_session_get_batch (world->session));

  pass (world, 60);
  assert_signed_in (world, &(LksOperatorProof){ .text = "Bob" }, "Bob", LKS_OPERATOR_ROLE_OPERATOR);
  lks_operator_session_sign_out (world->session);
  lks_operator_session_sign_out (world->session); /* nobody is there any more */
  g_assert_null (lks_operator_session_get_name (world->session));
  g_assert_null (lks_operator_session_get_since (world->session));
  assert_journal (world, "signed-in Ada name -;signed-in Bob name -;signed-out Ada replaced -;"
                         "signed-out Bob asked -;");
  g_assert_cmpint (g_stat (world->journal_path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
test_names (World *world, gconstpointer unused)
{
  static const char *const bad[] = { "", "   ", "two\nlines", "bell\a", "\xff\xfe" };
  g_autofree char *long_name = g_strnfill (LKS_OPERATOR_NAME_CHARACTERS_MAX + 1, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    ASSERT_REFUSED (world, &(LksOperatorProof){ .text = bad[i] }, LKS_OPERATOR_ERROR,
                    LKS_OPERATOR_ERROR_INVALID);
  ASSERT_REFUSED (world, &(LksOperatorProof){ .text = long_name }, LKS_OPERATOR_ERROR,
                  LKS_OPERATOR_ERROR_INVALID);
  ASSERT_REFUSED (world, (&(LksOperatorProof){ .text = "Ada", .batch = long_name }),
                  LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_INVALID);
  assert_journal (world, "");
}

static void
read_config (World *world, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (world->config_path, text, -1, NULL));
  lks_station_config_unref (world->config);
  world->config = lks_station_config_load (&error);
  g_assert_no_error (error);
  start_session (world);
}

static void
test_listed (World *world, gconstpointer unused)
{
  read_config (world, "[station]\noperators=Ada Lovelace; Åsa\n[badges]\n0004711=Grace Hopper\n");
  assert_signed_in (world, &(LksOperatorProof){ .text = "ada lovelace" }, "Ada Lovelace",
                    LKS_OPERATOR_ROLE_OPERATOR);
  assert_signed_in (world, &(LksOperatorProof){ .text = "ÅSA" }, "Åsa", LKS_OPERATOR_ROLE_OPERATOR);
  assert_signed_in (world, &(LksOperatorProof){ .text = "0004711" }, "Grace Hopper",
                    LKS_OPERATOR_ROLE_OPERATOR);
  assert_signed_in (world, &(LksOperatorProof){ .text = "GRACE HOPPER" }, "Grace Hopper",
                    LKS_OPERATOR_ROLE_OPERATOR);
  ASSERT_REFUSED (world, &(LksOperatorProof){ .text = "Eve" }, LKS_OPERATOR_ERROR,
                  LKS_OPERATOR_ERROR_NOT_LISTED);
  ASSERT_REFUSED (world, &(LksOperatorProof){ .text = "4711" }, LKS_OPERATOR_ERROR,
                  LKS_OPERATOR_ERROR_NOT_LISTED);

  /* Whoever is refused does not take the place of somebody. */
  g_assert_cmpstr (lks_operator_session_get_name (world->session), ==, "Grace Hopper");
  lks_operator_session_close (world->session);
  assert_journal (world, "signed-in Ada Lovelace name -;"
                         "signed-in Åsa name -;signed-out Ada Lovelace replaced -;"
                         "signed-in Grace Hopper badge -;signed-out Åsa replaced -;"
                         "signed-in Grace Hopper name -;signed-out Grace Hopper replaced -;"
                         "refused Eve name not-listed;refused 4711 name not-listed;"
                         "signed-out Grace Hopper closed -;");
}

static void
test_config (World *world, gconstpointer unused)
{
  static const char *const bad[] = {
    "no group\n",
    "[station]\nrequire-sign-in=perhaps\n",
    "[station]\nidle-minutes=-1\n",
    "[station]\nidle-minutes=1441\n",
    "[station]\nidle-minutes=soon\n",
    "[station]\nengineer-pin-file=pin\n",
    "[station]\nengineer-pin-file=/etc/B\xfcro.pin\n",
    "[station]\noperators=J\xfcrgen\n",
    "[badges]\n0004711=J\xfcrgen\n",
  };

  read_config (world, "[station]\nrequire-sign-in=true\nstation-mode=true\nidle-minutes=0\n");
  g_assert_true (world->config->requires_sign_in);
  g_assert_true (world->config->starts_as_station);
  g_assert_cmpuint (world->config->idle_minutes, ==, 0);

  /* The user cannot take back what the administrator asks for. */
  lks_operator_session_set_required (world->session, FALSE);
  g_assert_true (lks_operator_session_get_required (world->session));

  read_config (world, "[station]\nstation-mode=true\n");
  g_assert_true (world->config->requires_sign_in);
  read_config (world, "[badges]\n");
  g_assert_false (world->config->requires_sign_in);
  g_assert_cmpuint (world->config->idle_minutes, ==, LKS_STATION_IDLE_MINUTES_DEFAULT);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (world->config_path, bad[i], -1, NULL));
      g_assert_null (lks_station_config_load (&error));
      g_assert_nonnull (strstr (error->message, world->config_path));
    }
}

/* What cannot be looked at may be strict. */
static void
test_config_hidden (World *world, gconstpointer unused)
{
  g_autofree char *folder = g_path_get_dirname (world->config_path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_assert_true (g_file_set_contents (folder, "", -1, NULL)); /* no folder, and not nothing */
  g_assert_null (lks_station_config_load (&error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR);
  g_assert_nonnull (strstr (error->message, folder));
  g_assert_cmpint (g_unlink (folder), ==, 0);
}

/* Where the administrator asks who somebody is, the user of the computer adds nobody: no name, no
 * badge, and no key. */
static void
test_system_demands (World *world, gconstpointer unused)
{
  g_autofree char *station =
      g_build_filename (*g_get_system_config_dirs (), "locksmith", "station.d", NULL);
  g_autofree char *keys =
      g_build_filename (*g_get_system_config_dirs (), "locksmith", "recipe-keys.d", NULL);
  g_autofree char *demand = g_build_filename (station, "here.conf", NULL);
  g_autofree char *trusted = g_build_filename (keys, "trusted.pem", NULL);
  g_autofree char *path = g_build_filename (world->dir, "engineer.pem", NULL);
  g_autoptr (LksStationKey) key = lks_station_key_generate (NULL);
  const LksOperatorProof who = { .text = "Ada", .key_path = path };
  static const char *const own = "[station]\noperators=Eve\n[badges]\n666=Mallory\n";

  g_assert_true (lks_station_key_save_new (key, path, NULL));
  g_assert_true (
      g_file_set_contents (world->trusted_path, lks_station_key_get_pem (key), -1, NULL));
  read_config (world, own);
  assert_signed_in (world, &(LksOperatorProof){ .text = "666" }, "Mallory",
                    LKS_OPERATOR_ROLE_OPERATOR);
  g_mkdir_with_parents (station, 0700);
  g_mkdir_with_parents (keys, 0700);
  g_assert_true (g_file_set_contents (
      demand, "[station]\nrequire-sign-in=true\noperators=Ada\n[badges]\n1=Grace\n", -1, NULL));
  read_config (world, own);
  ASSERT_REFUSED (world, &(LksOperatorProof){ .text = "666" }, LKS_OPERATOR_ERROR,
                  LKS_OPERATOR_ERROR_NOT_LISTED);
  ASSERT_REFUSED (world, &(LksOperatorProof){ .text = "Eve" }, LKS_OPERATOR_ERROR,
                  LKS_OPERATOR_ERROR_NOT_LISTED);
  ASSERT_REFUSED (world, &who, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_WRONG);
  assert_signed_in (world, &(LksOperatorProof){ .text = "1" }, "Grace", LKS_OPERATOR_ROLE_OPERATOR);

  g_assert_true (g_file_set_contents (trusted, lks_station_key_get_pem (key), -1, NULL));
  assert_signed_in (world, &who, "Ada", LKS_OPERATOR_ROLE_ENGINEER);
  g_unlink (demand);
  g_unlink (trusted);
}

/* What the manual shows an administrator is what the program understands. */
static void
test_manual (World *world, gconstpointer unused)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("LKS_TEST_DATA"), "..", "data", "locksmith-station.5", NULL);
  g_autofree char *page = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) example = NULL;
  g_autoptr (LksSharePlace) place = NULL;
  g_auto (GStrv) parts = NULL;

  g_file_get_contents (path, &page, NULL, &error);
  g_assert_no_error (error);
  parts = g_strsplit (page, "\n.EX\n", 2);
  g_assert_nonnull (parts[1]);
  example = g_string_new (parts[1]);
  g_string_truncate (example, (gsize) (strstr (example->str, ".EE\n") - example->str));
  g_string_replace (example, "\\-", "-", 0);

  read_config (world, example->str);
  g_assert_true (world->config->starts_as_station);
  g_assert_cmpuint (world->config->idle_minutes, ==, 10);
  g_assert_cmpstr (world->config->operators[1], ==, "Grace Hopper");
  g_assert_cmpstr (world->config->pin_file, ==, "/etc/locksmith/engineer.pin");
  g_assert_cmpstr (world->config->key_file, ==, "/var/lib/locksmith/station.pem");
  g_assert_cmpstr (lks_station_config_find_operator (world->config, "A0017"), ==, "Ada Lovelace");
  g_assert_true (lks_station_find_share (&place, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (place->host, ==, "ledger.example.org");
}

static void
test_pin_in_keyring (World *world, gconstpointer unused)
{
  g_autofree char *journal = NULL;

  ASSERT_PIN_REFUSED (world, RIGHT_PIN, LKS_VAULT_ERROR, LKS_VAULT_ERROR_ABSENT);
  keyring_daemon_start (world->daemon, KEYRING_PASSWORD);
  ASSERT_PIN_REFUSED (world, RIGHT_PIN, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_NO_PIN);
  set_pin (world, RIGHT_PIN);
  ASSERT_PIN_REFUSED (world, "correct horsf", LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_WRONG);
  ASSERT_PIN_REFUSED (world, "", LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_WRONG);
  assert_pin_right (world, RIGHT_PIN);

  set_pin (world, "another one");
  ASSERT_PIN_REFUSED (world, RIGHT_PIN, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_WRONG);
  assert_pin_right (world, "another one");

  /* What was typed is nowhere. */
  g_assert_true (g_file_get_contents (world->journal_path, &journal, NULL, NULL));
  g_assert_null (strstr (journal, "horse"));
  g_assert_null (strstr (journal, "another"));
}

static void
assert_wait (World *world, const char *pin, const char *seconds)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (try_pin (world, pin, &error));
  g_assert_error (error, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_WAIT);
  g_assert_nonnull (strstr (error->message, seconds));
}

static void
test_pin_limit (World *world, gconstpointer unused)
{
  keyring_daemon_start (world->daemon, KEYRING_PASSWORD);
  set_pin (world, RIGHT_PIN);
  for (guint i = 0; i < 3; i++)
    ASSERT_PIN_REFUSED (world, "123456", LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_WRONG);

  /* Not even the right one now, nor after a new start, nor with a clock that was set back. */
  assert_wait (world, RIGHT_PIN, " 5 s");
  pass (world, 3);
  start_session (world);
  assert_wait (world, RIGHT_PIN, " 2 s");
  world->real_us -= G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC;
  assert_wait (world, RIGHT_PIN, " 5 s");
  pass (world, 5);
  ASSERT_PIN_REFUSED (world, "123456", LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_WRONG);
  assert_wait (world, RIGHT_PIN, " 10 s");

  /* An operator needs no PIN, and is not kept waiting. */
  assert_signed_in (world, &(LksOperatorProof){ .text = "Ada" }, "Ada", LKS_OPERATOR_ROLE_OPERATOR);
  pass (world, 10);
  assert_pin_right (world, RIGHT_PIN);
  for (guint i = 0; i < 3; i++)
    ASSERT_PIN_REFUSED (world, "123456", LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_WRONG);
}

static void
test_damaged_tries (World *world, gconstpointer unused)
{
  g_autofree char *folder = g_path_get_dirname (world->tries_path);

  keyring_daemon_start (world->daemon, KEYRING_PASSWORD);
  set_pin (world, RIGHT_PIN);
  g_mkdir_with_parents (folder, 0700);
  g_assert_true (g_file_set_contents (world->tries_path, "[engineer-pin]\nfailures=0\n", -1, NULL));
  world->real_us = g_get_real_time ();
  assert_wait (world, RIGHT_PIN, " s");
  pass (world, 901);
  assert_pin_right (world, RIGHT_PIN);
}

/* Only for root are there files that only root can change. */
static void
test_pin_file (World *world, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (world->dir, "engineer.pin", NULL);
  g_autofree char *text = g_strdup_printf ("[station]\nengineer-pin-file=%s\n", path);
  g_autoptr (LksSecret) pin = lks_secret_new (RIGHT_PIN, strlen (RIGHT_PIN));
  g_autofree char *verifier = lks_pin_make_verifier (pin, NULL);
  g_autofree char *line = g_strconcat (verifier, "\n", NULL);
  g_autoptr (GError) error = NULL;

  read_config (world, text);
  g_assert_true (lks_pin_verifier_is_valid (verifier));
  g_assert_false (lks_pin_store_set (world->config, pin, NULL, &error));
  g_assert_error (error, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_DENIED);
  ASSERT_PIN_REFUSED (world, RIGHT_PIN, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_NO_PIN);

  g_assert_true (g_file_set_contents_full (path, line, -1, G_FILE_SET_CONTENTS_NONE, 0664, NULL));
  g_chmod (path, 0664);
  ASSERT_PIN_REFUSED (world, RIGHT_PIN, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_DENIED);
  g_chmod (path, 0644);
  if (geteuid () != 0)
    {
      ASSERT_PIN_REFUSED (world, RIGHT_PIN, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_DENIED);
      return;
    }
  assert_pin_right (world, RIGHT_PIN);
  g_chmod (world->dir, 0777);
  ASSERT_PIN_REFUSED (world, RIGHT_PIN, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_DENIED);
  g_chmod (world->dir, 0700);
  g_assert_true (g_file_set_contents (path, RIGHT_PIN, -1, NULL));
  ASSERT_PIN_REFUSED (world, RIGHT_PIN, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_INVALID);
}

static void
test_verifiers (World *world, gconstpointer unused)
{
  static const char *const bad[] = {
    "",
    "scrypt",
    "scrypt:13:8:1:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "scrypt:31:8:1:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "scrypt:15:0:1:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "scrypt:15:8:99:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "scrypt:15:8:1:AAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "scrypt:15:8:1:AAAAAAAAAAAAAAAAAAAAAA==:AAAA",
    "scrypt:15:8:1:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:x",
    "bcrypt:15:8:1:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
  };
  static const char *const bad_pins[] = { "12345", "", "\xff\xff\xff\xff\xff\xff\xff" };
  g_autoptr (LksSecret) pin = lks_secret_new ("äöüßäö", strlen ("äöüßäö"));
  g_autofree char *one = lks_pin_make_verifier (pin, NULL);
  g_autofree char *other = lks_pin_make_verifier (pin, NULL);

  g_assert_cmpstr (one, !=, other); /* each has a salt of its own */
  g_assert_true (lks_pin_check (pin, one, NULL));
  g_assert_true (lks_pin_check (pin, other, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (lks_pin_verifier_is_valid (bad[i]));
  g_assert_true (lks_pin_verifier_is_valid (
      "scrypt:15:8:1:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
  for (guint i = 0; i < G_N_ELEMENTS (bad_pins); i++)
    {
      g_autoptr (LksSecret) bad_pin = lks_secret_new (bad_pins[i], strlen (bad_pins[i]));
      g_autoptr (GError) error = NULL;

      g_assert_null (lks_pin_make_verifier (bad_pin, &error));
      g_assert_error (error, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_INVALID);
    }
}

static void
test_key (World *world, gconstpointer unused)
{
  g_autoptr (LksStationKey) key = lks_station_key_generate (NULL);
  g_autofree char *path = g_build_filename (world->dir, "engineer.pem", NULL);
  const LksOperatorProof who = { .text = "Grace", .key_path = path };

  ASSERT_REFUSED (world, &who, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_true (lks_station_key_save_new (key, path, NULL));
  ASSERT_REFUSED (world, &who, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_WRONG);

  g_assert_true (
      g_file_set_contents (world->trusted_path, lks_station_key_get_pem (key), -1, NULL));
  assert_signed_in (world, &who, "Grace", LKS_OPERATOR_ROLE_ENGINEER);
  g_chmod (path, 0644);
  ASSERT_REFUSED (world, &who, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_DENIED);

  /* The public half proves nothing. */
  g_unlink (path);
  g_assert_true (g_file_set_contents_full (path, lks_station_key_get_pem (key), -1,
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  ASSERT_REFUSED (world, &who, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID);
  assert_journal (world, "refused Grace key wrong;signed-in Grace key -;");
}

static void
test_idle (World *world, gconstpointer unused)
{
  world->config->idle_minutes = 10;
  g_assert_false (lks_operator_session_check_idle (world->session)); /* nobody is there */
  assert_signed_in (world, &(LksOperatorProof){ .text = "Ada" }, "Ada", LKS_OPERATOR_ROLE_OPERATOR);
  pass (world, 599);
  g_assert_false (lks_operator_session_check_idle (world->session));
  lks_operator_session_touch (world->session);
  pass (world, 599);
  g_assert_false (lks_operator_session_check_idle (world->session));
  world->real_us += G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC; /* the calendar is no measure */
  g_assert_false (lks_operator_session_check_idle (world->session));
  pass (world, 1);

  world->config->idle_minutes = 0;
  g_assert_false (lks_operator_session_check_idle (world->session));
  world->config->idle_minutes = 10;
  lks_operator_session_set_required (world->session, FALSE);
  g_assert_false (lks_operator_session_check_idle (world->session));
  lks_operator_session_set_required (world->session, TRUE);
  g_assert_true (lks_operator_session_check_idle (world->session));
  g_assert_false (lks_operator_session_get_signed_in (world->session));
  assert_journal (world, "signed-in Ada name -;signed-out Ada idle -;");
}

static void
test_one_at_a_time (World *world, gconstpointer unused)
{
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GError) error = NULL;

  lks_operator_session_sign_in_async (world->session, &(LksOperatorProof){ .text = "Ada" }, NULL,
                                      finished_cb, &first);
  g_assert_true (lks_operator_session_get_busy (world->session));
  lks_operator_session_sign_in_async (world->session, &(LksOperatorProof){ .text = "Bob" }, NULL,
                                      finished_cb, &second);
  while (first == NULL || second == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (lks_operator_session_sign_in_finish (world->session, second, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  g_assert_true (lks_operator_session_sign_in_finish (world->session, first, NULL));
  g_assert_false (lks_operator_session_get_busy (world->session));
  g_assert_cmpstr (lks_operator_session_get_name (world->session), ==, "Ada");
}

/* Nobody works at a station that cannot write down who does. */
static void
test_no_journal (World *world, gconstpointer unused)
{
  g_autofree char *folder = g_path_get_dirname (world->journal_path);

  g_assert_true (g_file_set_contents (folder, "a file", -1, NULL));
  ASSERT_REFUSED (world, &(LksOperatorProof){ .text = "Ada" }, LKS_OPERATOR_ERROR,
                  LKS_OPERATOR_ERROR_FAILED);
  g_assert_false (lks_operator_session_get_signed_in (world->session));
}

/* What a crash cut off costs one line, and only the newest are read. */
static void
test_torn_journal (World *world, gconstpointer unused)
{
  g_autoptr (JsonArray) newest = NULL;
  g_autofree char *text = NULL;
  g_autofree char *torn = NULL;

  for (guint i = 0; i < 5; i++)
    assert_signed_in (world, &(LksOperatorProof){ .text = "Ada" }, "Ada",
                      LKS_OPERATOR_ROLE_OPERATOR);
  g_assert_true (g_file_get_contents (world->journal_path, &text, NULL, NULL));
  torn = g_strdup_printf ("{\"at\":\"20\n%s{\"at\"", text);
  g_assert_true (g_file_set_contents (world->journal_path, torn, -1, NULL));
  newest = lks_sign_in_journal_read (world->journal_path, 3, NULL);
  g_assert_cmpuint (json_array_get_length (newest), ==, 3);
  assert_journal (world, "signed-in Ada name -;"
                         "signed-in Ada name -;signed-out Ada replaced -;"
                         "signed-in Ada name -;signed-out Ada replaced -;"
                         "signed-in Ada name -;signed-out Ada replaced -;"
                         "signed-in Ada name -;signed-out Ada replaced -;");

  /* … and nothing of what comes after it. */
  assert_signed_in (world, &(LksOperatorProof){ .text = "Ada" }, "Ada", LKS_OPERATOR_ROLE_OPERATOR);
  assert_journal (world, "signed-in Ada name -;"
                         "signed-in Ada name -;signed-out Ada replaced -;"
                         "signed-in Ada name -;signed-out Ada replaced -;"
                         "signed-in Ada name -;signed-out Ada replaced -;"
                         "signed-in Ada name -;signed-out Ada replaced -;"
                         "signed-in Ada name -;signed-out Ada replaced -;");
}

/* Everybody may look; every refusal says who may. */
static void
test_acts (World *world, gconstpointer unused)
{
  g_autoptr (GEnumClass) acts = g_type_class_ref (LKS_TYPE_OPERATOR_ACT);
  guint refused_to_nobody = 0, refused_to_operator = 0;

  for (guint i = 0; i < acts->n_values; i++)
    {
      const LksOperatorAct act = (LksOperatorAct) acts->values[i].value;

      g_assert_true ((lks_operator_act_get_refusal (act) == NULL) ==
                     (lks_operator_act_get_role (act) == LKS_OPERATOR_ROLE_NONE));
      refused_to_nobody += lks_operator_session_may (world->session, act) ? 0 : 1;
    }
  g_assert_cmpuint (refused_to_nobody, ==, acts->n_values - 1);

  assert_signed_in (world, &(LksOperatorProof){ .text = "Ada" }, "Ada", LKS_OPERATOR_ROLE_OPERATOR);
  g_assert_true (lks_operator_session_may (world->session, LKS_OPERATOR_ACT_FINALIZE));
  g_assert_true (lks_operator_session_may (world->session, LKS_OPERATOR_ACT_SERVICE));
  g_assert_true (lks_operator_session_may (world->session, LKS_OPERATOR_ACT_WAIVE));
  for (guint i = 0; i < acts->n_values; i++)
    refused_to_operator +=
        lks_operator_session_may (world->session, (LksOperatorAct) acts->values[i].value) ? 0 : 1;
  g_assert_cmpuint (refused_to_operator, ==, acts->n_values - 4);

  lks_operator_session_sign_out (world->session);
  lks_operator_session_set_required (world->session, FALSE);
  for (guint i = 0; i < acts->n_values; i++)
    g_assert_true (
        lks_operator_session_may (world->session, (LksOperatorAct) acts->values[i].value));
}

#define TEST(path, func) g_test_add (path, World, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_autofree char *system = g_dir_make_tmp ("lks-operator-system-XXXXXX", NULL);
  g_autofree char *clean_up = g_strdup_printf ("rm -r '%s'", system);
  int status;

  g_setenv ("XDG_CONFIG_DIRS", system, TRUE);
  g_test_init (&argc, &argv, NULL);
  TEST ("/operator/come-and-go", test_come_and_go);
  TEST ("/operator/names", test_names);
  TEST ("/operator/listed", test_listed);
  TEST ("/operator/config", test_config);
  TEST ("/operator/config-hidden", test_config_hidden);
  TEST ("/operator/system-demands", test_system_demands);
  TEST ("/operator/manual", test_manual);
  TEST ("/operator/pin/keyring", test_pin_in_keyring);
  TEST ("/operator/pin/limit", test_pin_limit);
  TEST ("/operator/pin/damaged-tries", test_damaged_tries);
  TEST ("/operator/pin/file", test_pin_file);
  TEST ("/operator/pin/verifiers", test_verifiers);
  TEST ("/operator/key", test_key);
  TEST ("/operator/idle", test_idle);
  TEST ("/operator/one-at-a-time", test_one_at_a_time);
  TEST ("/operator/no-journal", test_no_journal);
  TEST ("/operator/torn-journal", test_torn_journal);
  TEST ("/operator/acts", test_acts);
  status = g_test_run ();
  g_assert_true (g_spawn_command_line_sync (clean_up, NULL, NULL, NULL, NULL));
  return status;
}
