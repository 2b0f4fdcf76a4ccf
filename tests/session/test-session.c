/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pure functions around servicing sessions: tasks, limits, the text of the file. */
#include "lks-capability.h"
#include "lks-enums.h"
#include "lks-session-background.h"
#include "lks-session-limits.h"

#include "lks-cursor.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#define ID "11111111-2222-4333-8444-000000000001"
#define BOOT "aaaaaaaa-2222-4333-8444-000000000001"
#define OTHER_BOOT "bbbbbbbb-2222-4333-8444-000000000001"
#define MINUTE G_TIME_SPAN_MINUTE
#define START (1000 * G_TIME_SPAN_SECOND)
#define DEVICE                                                                                     \
  "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"                               \
  "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define OTHER                                                                                      \
  "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"                               \
  "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define FINGERPRINT "000000000000000000000000000000000000000000000000000000000000cafe"

static const guint servicing[] = { LKS_CAPABILITY_FIELD_SERVICING };

static const LksSessionFields sample = {
  .id = ID,
  .device_id = DEVICE,
  .fingerprint = FINGERPRINT,
  .capabilities = servicing,
  .n_capabilities = 1,
  .task = LKS_SERVICE_TASK_WIFI,
  .note = "pump room: “new” router\n",
  .operator_name = "olga",
  .started_wall_us = 1700000000000000,
  .started_us = START,
  .ends_us = START + 30 * MINUTE,
  .boot_id = BOOT,
  .suspended_us = 7,
  .port = "1-2.3",
  .attach_number = 260,
  .survives_program = TRUE,
  .ends_on_lock = TRUE,
};

/* ---- tasks ---- */

static void
test_tasks (void)
{
  for (guint task = 0; task < LKS_SERVICE_TASKS; task++)
    {
      const LksServiceTaskRule *rule = lks_service_task_get_rule (task);
      const guint numbers[] = { LKS_CAPABILITY_FIELD_SERVICING, LKS_CAPABILITY_APP_DEVELOPMENT,
                                LKS_CAPABILITY_RF_TEST_MODE };

      g_assert_cmpstr (lks_enum_to_nick (LKS_TYPE_SERVICE_TASK, (int) task), !=, "unknown");
      g_assert_nonnull (rule->summary);
      g_assert_nonnull (rule->reason);
      g_assert_true (rule->needs == 11 || rule->needs == 13);
      for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
        {
          g_autoptr (GArray) only = g_array_new (FALSE, FALSE, sizeof (guint));
          gboolean expected = numbers[i] == 11 || numbers[i] == rule->needs;

          g_array_append_val (only, numbers[i]);
          g_assert_cmpint (lks_service_task_suffices (task, only), ==, expected);
        }
    }
}

/* "13|11,13" → arrays */
static GPtrArray *
parse_choices (const char *text)
{
  GPtrArray *choices = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  g_auto (GStrv) files = *text != '\0' ? g_strsplit (text, "|", -1) : NULL;

  for (guint i = 0; files != NULL && files[i] != NULL; i++)
    {
      GArray *capabilities = g_array_new (FALSE, FALSE, sizeof (guint));
      g_auto (GStrv) numbers = g_strsplit (files[i], ",", -1);

      for (guint j = 0; numbers[j] != NULL; j++)
        {
          guint number = (guint) g_ascii_strtoull (numbers[j], NULL, 10);

          g_array_append_val (capabilities, number);
        }
      g_ptr_array_add (choices, capabilities);
    }
  return choices;
}

static void
test_least_privilege (void)
{
  static const struct
  {
    LksServiceTask task;
    const char *vault;
    LksServiceChoice choice;
    guint index;
  } cases[] = {
    { LKS_SERVICE_TASK_WIFI, "", LKS_SERVICE_CHOICE_NONE, 0 },
    { LKS_SERVICE_TASK_WIFI, "12", LKS_SERVICE_CHOICE_NONE, 0 },
    { LKS_SERVICE_TASK_WIFI, "13", LKS_SERVICE_CHOICE_WEAKEST, 0 },
    { LKS_SERVICE_TASK_WIFI, "11|13", LKS_SERVICE_CHOICE_WEAKEST, 1 },
    { LKS_SERVICE_TASK_WIFI, "13|13", LKS_SERVICE_CHOICE_WEAKEST, 0 },
    { LKS_SERVICE_TASK_WIFI, "11", LKS_SERVICE_CHOICE_STRONGER, 0 },
    { LKS_SERVICE_TASK_WIFI, "11,13|11", LKS_SERVICE_CHOICE_STRONGER, 1 },
    { LKS_SERVICE_TASK_WIFI, "1,13|11", LKS_SERVICE_CHOICE_STRONGER, 1 },
    { LKS_SERVICE_TASK_WIFI, "99,13|11,13", LKS_SERVICE_CHOICE_STRONGER, 1 },
    { LKS_SERVICE_TASK_WIFI, "10,13", LKS_SERVICE_CHOICE_STRONGER, 0 },
    { LKS_SERVICE_TASK_LOGS, "11|13", LKS_SERVICE_CHOICE_WEAKEST, 1 },
    { LKS_SERVICE_TASK_APPLICATION, "11|13", LKS_SERVICE_CHOICE_UNCONFIRMED, 1 },
    { LKS_SERVICE_TASK_APPLICATION, "11", LKS_SERVICE_CHOICE_STRONGER, 0 },
    { LKS_SERVICE_TASK_DEBUG, "13", LKS_SERVICE_CHOICE_NONE, 0 },
    { LKS_SERVICE_TASK_DEBUG, "13|11", LKS_SERVICE_CHOICE_WEAKEST, 1 },
    { LKS_SERVICE_TASK_DEBUG, "11,13|11", LKS_SERVICE_CHOICE_WEAKEST, 1 },
    { LKS_SERVICE_TASK_DEBUG, "11,13", LKS_SERVICE_CHOICE_STRONGER, 0 },
    { LKS_SERVICE_TASK_REMOVE, "13|11", LKS_SERVICE_CHOICE_UNCONFIRMED, 1 },
    { LKS_SERVICE_TASK_MEMORY, "13", LKS_SERVICE_CHOICE_NONE, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) choices = parse_choices (cases[i].vault);
      guint index = 0;
      LksServiceChoice choice = lks_service_task_choose (cases[i].task, choices, &index);

      g_test_message ("%s with %s", lks_enum_to_nick (LKS_TYPE_SERVICE_TASK, (int) cases[i].task),
                      cases[i].vault);
      g_assert_cmpint (choice, ==, cases[i].choice);
      g_assert_cmpuint (index, ==, cases[i].index);
    }
}

/* ---- limits ---- */

static void
test_limits (void)
{
  /* What of @sample is different, what the world is like, and what follows. Times are seconds
   * after the start, 0 for no absence. */
  static const struct
  {
    const char *about;
    struct
    {
      guint grace_s;
      gint64 absent_after_s;
    } session;
    struct
    {
      gint64 now_s;
      gint64 slept_us;
      const char *boot_id;
      gboolean is_unkept;
      LksSessionPlace place;
      guint attach_number;
      const char *device_id;
    } world;
    LksSessionEnd end;
  } cases[] = {
#define HERE LKS_SESSION_PLACE_PRESENT, 260
    { "begins", { 0 }, { 0, 0, BOOT }, LKS_SESSION_END_NONE },
    { "goes on", { 0 }, { 1799, 0, BOOT, FALSE, HERE, DEVICE }, LKS_SESSION_END_NONE },
    { "the board has not told its ID", { 0 }, { 9, 0, BOOT, FALSE, HERE }, LKS_SESSION_END_NONE },
    { "time is over", { 0 }, { 1800, 0, BOOT, FALSE, HERE, DEVICE }, LKS_SESSION_END_TIMEOUT },
    { "long over", { 0 }, { 99999, 0, BOOT }, LKS_SESSION_END_TIMEOUT },
    { "another start", { 0 }, { 9, 0, OTHER_BOOT }, LKS_SESSION_END_COMPUTER_RESTARTED },
    { "the clock went back", { 0 }, { -1, 0, BOOT }, LKS_SESSION_END_COMPUTER_RESTARTED },
    { "slept", { 0 }, { 9, 2000000, BOOT, FALSE, HERE, DEVICE }, LKS_SESSION_END_SUSPENDED },
    { "clocks read apart", { 0 }, { 9, 1000000, BOOT }, LKS_SESSION_END_NONE },
    { "nobody watches", { 0 }, { 9, 0, BOOT, TRUE }, LKS_SESSION_END_PROGRAM_DIED },
    { "unplugged",
      { 0 },
      { 9, 0, BOOT, FALSE, LKS_SESSION_PLACE_ABSENT },
      LKS_SESSION_END_UNPLUGGED },
    { "unplugged just now, with grace",
      { 10 },
      { 9, 0, BOOT, FALSE, LKS_SESSION_PLACE_ABSENT },
      LKS_SESSION_END_NONE },
    { "unplugged for a while",
      { 10, 5 },
      { 14, 0, BOOT, FALSE, LKS_SESSION_PLACE_ABSENT },
      LKS_SESSION_END_NONE },
    { "unplugged too long",
      { 10, 5 },
      { 15, 0, BOOT, FALSE, LKS_SESSION_PLACE_ABSENT },
      LKS_SESSION_END_UNPLUGGED },
    { "too long, nobody looks", { 10, 5 }, { 15, 0, BOOT }, LKS_SESSION_END_UNPLUGGED },
    { "plugged in again in time",
      { 10, 5 },
      { 14, 0, BOOT, FALSE, LKS_SESSION_PLACE_PRESENT, 261, DEVICE },
      LKS_SESSION_END_NONE },
    { "plugged in again too late",
      { 10, 5 },
      { 15, 0, BOOT, FALSE, LKS_SESSION_PLACE_PRESENT, 261, DEVICE },
      LKS_SESSION_END_UNPLUGGED },
    { "plugged in again unseen",
      { 0 },
      { 9, 0, BOOT, FALSE, LKS_SESSION_PLACE_PRESENT, 261, DEVICE },
      LKS_SESSION_END_UNPLUGGED },
    { "unseen, with grace",
      { 10 },
      { 9, 0, BOOT, FALSE, LKS_SESSION_PLACE_PRESENT, 261, DEVICE },
      LKS_SESSION_END_UNPLUGGED },
    { "another board", { 0 }, { 9, 0, BOOT, FALSE, HERE, OTHER }, LKS_SESSION_END_OTHER_BOARD },
    { "another board in time",
      { 10, 5 },
      { 9, 0, BOOT, FALSE, LKS_SESSION_PLACE_PRESENT, 261, OTHER },
      LKS_SESSION_END_OTHER_BOARD },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LksSessionFields fields = sample;
      LksSessionFacts facts = {
        .now_us = START + cases[i].world.now_s * G_USEC_PER_SEC,
        .suspended_us = sample.suspended_us + cases[i].world.slept_us,
        .boot_id = cases[i].world.boot_id,
        .is_kept = !cases[i].world.is_unkept,
        .place = cases[i].world.place,
        .attach_number = cases[i].world.attach_number,
        .device_id = cases[i].world.device_id,
      };
      g_autoptr (LksSession) session = NULL;

      fields.grace_s = cases[i].session.grace_s;
      if (cases[i].session.absent_after_s != 0)
        fields.absent_since_us = START + cases[i].session.absent_after_s * G_USEC_PER_SEC;
      session = lks_session_new (&fields);
      g_test_message ("%s", cases[i].about);
      g_assert_cmpstr (lks_enum_to_nick (LKS_TYPE_SESSION_END,
                                         (int) lks_session_judge (session, &facts)),
                       ==, lks_enum_to_nick (LKS_TYPE_SESSION_END, (int) cases[i].end));
    }
}

static void
test_deadline (void)
{
  LksSessionFields fields = sample;
  g_autoptr (LksSession) session = lks_session_new (&fields);
  g_autoptr (LksSession) absent = NULL;

  g_assert_cmpint (lks_session_get_deadline (session), ==, sample.ends_us);
  fields.grace_s = 10;
  fields.absent_since_us = START + MINUTE;
  absent = lks_session_new (&fields);
  g_assert_cmpint (lks_session_get_deadline (absent), ==, START + MINUTE + 10 * G_USEC_PER_SEC);
}

static void
test_clocks (void)
{
  LksSessionFacts first = { 0 };
  LksSessionFacts second = { 0 };

  lks_session_facts_read_clocks (&first);
  lks_session_facts_read_clocks (&second);
  g_assert_cmpint (first.now_us, >, 0);
  g_assert_cmpint (second.now_us, >=, first.now_us);
  g_assert_cmpint (first.suspended_us, >=, 0);
  g_assert_true (g_uuid_string_is_valid (first.boot_id));
  g_assert_cmpstr (first.boot_id, ==, second.boot_id);
}

static void
test_every_end_has_words (void)
{
  g_autoptr (GTypeClass) ends = g_type_class_ref (LKS_TYPE_SESSION_END);

  for (guint i = 0; i < G_ENUM_CLASS (ends)->n_values; i++)
    {
      const GEnumValue *value = &G_ENUM_CLASS (ends)->values[i];

      g_assert_true (g_str_has_suffix (lks_session_end_get_sentence (value->value), "."));
    }
}

/* ---- the text ---- */

static char *
build_text (const LksSessionFields *fields)
{
  g_autoptr (LksSession) session = lks_session_new (fields);
  g_autoptr (GBytes) text = lks_session_build (session);

  return g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
}

static LksSession *
parse_text (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return lks_session_parse (bytes, error);
}

static void
test_text (void)
{
  LksSessionFields fields = sample;
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;
  g_autoptr (LksSession) session = NULL;
  g_autoptr (GError) error = NULL;
  const LksSessionFields *back;

  fields.absent_since_us = START + 5;
  fields.grace_s = 600;
  text = build_text (&fields);
  session = parse_text (text, &error);
  g_assert_no_error (error);
  back = lks_session_get_fields (session);
  g_assert_cmpstr (back->note, ==, sample.note);
  g_assert_cmpuint (back->n_capabilities, ==, 1);
  g_assert_cmpuint (back->capabilities[0], ==, 13);
  g_assert_cmpint (back->absent_since_us, ==, START + 5);
  g_assert_cmpint (back->task, ==, LKS_SERVICE_TASK_WIFI);
  g_assert_true (back->ends_on_lock);
  again = build_text (back);
  g_assert_cmpstr (again, ==, text);
}

/* Nothing that a session cannot be is read as one. */
static void
test_text_is_strict (void)
{
  static const struct
  {
    const char *find;
    const char *replace;
  } cases[] = {
    { "\"version\" : 1", "\"version\" : 2" },
    { "\"id\" : ", "\"ID\" : " },
    { ID, "11111111-2222-4333-8444-00000000000g" },
    { ID, "11111111-2222-4333-8444-00000000000A" },
    { "\"deviceId\" : \"0011", "\"deviceId\" : \"011" },
    { "\"deviceId\" : \"0011", "\"deviceId\" : \"001Z" },
    { "cafe\"", "caf\"" },
    { "13\n", "0\n" },
    { "13\n", "256\n" },
    { "13\n", "\"13\"\n" },
    { "    13\n", "\n" },
    { "\"wifi\"", "\"everything\"" },
    { "1-2.3", "../../etc" },
    { "\"ends\" : 2800000000", "\"ends\" : 1000000000" },
    { "\"ends\" : 2800000000", "\"ends\" : 29800000001" },
    { "\"started\" : 1000000000", "\"started\" : 0" },
    { "\"started\" : 1000000000", "\"started\" : 9223372036854775807" },
    { "\"graceSeconds\" : 0", "\"graceSeconds\" : 601" },
    { "\"graceSeconds\" : 0", "\"graceSeconds\" : -1" },
    { "\"graceSeconds\" : 0", "\"graceSeconds\" : 0, \"absentSince\" : 5" },
    { "\"endsOnLock\" : true", "\"endsOnLock\" : 1" },
    { "\"endsOnLock\" : true", "\"endsOnLock\" : true, \"key\" : \"x\"" },
    { "{", "[" },
  };
  g_autofree char *text = build_text (&sample);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) changed = g_string_new (text);
      g_autoptr (GError) error = NULL;
      g_autoptr (LksSession) session = NULL;

      g_test_message ("%s", cases[i].replace);
      g_assert_cmpuint (g_string_replace (changed, cases[i].find, cases[i].replace, 1), ==, 1);
      session = parse_text (changed->str, &error);
      g_assert_null (session);
      g_assert_true (error != NULL && error->domain == LKS_PARSE_ERROR);
    }
}

/* ---- handing a session over ---- */

typedef struct
{
  char *folder;   /* (owned) */
  char *program;  /* (owned) */
  char *pid_path; /* (owned): where the program says who it is */
} Keeper;

/* Takes the place of locksmithctl: does @then once it has said who it is. */
static void
keeper_init (Keeper *self, const char *then)
{
  g_autofree char *script = NULL;
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("lks-keeper-XXXXXX", &error);
  g_assert_no_error (error);
  self->program = g_build_filename (self->folder, "locksmithctl", NULL);
  self->pid_path = g_build_filename (self->folder, "pid", NULL);
  script = g_strdup_printf ("#!/bin/sh\necho $$ > '%s'\n%s\n", self->pid_path, then);
  g_file_set_contents_full (self->program, script, -1, G_FILE_SET_CONTENTS_NONE, 0700, &error);
  g_assert_no_error (error);
}

static int
keeper_get_pid (Keeper *self)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (self->pid_path, &text, NULL, &error);
  g_assert_no_error (error);
  return (int) g_ascii_strtoll (text, NULL, 10);
}

static void
keeper_clear (Keeper *self)
{
  g_unlink (self->pid_path);
  g_unlink (self->program);
  g_rmdir (self->folder);
  g_free (self->pid_path);
  g_free (self->program);
  g_free (self->folder);
}

static gboolean
keep_with (Keeper *keeper, guint limit_ms, GError **error)
{
  g_autofree char *path = g_strdup (g_getenv ("PATH"));
  g_autofree char *changed = g_strdup_printf ("%s:%s", keeper->folder, path);
  gboolean watches;

  g_setenv ("PATH", changed, TRUE);
  watches = lks_session_keep_in_background (limit_ms, NULL, error);
  g_setenv ("PATH", path, TRUE);
  return watches;
}

/* A program that says nothing is not waited for without end, nor left behind. */
static void
test_silent_keeper (void)
{
  g_autoptr (GError) error = NULL;
  Keeper keeper;

  keeper_init (&keeper, "exec sleep 600");
  g_assert_false (keep_with (&keeper, 2000, &error));
  g_assert_error (error, LKS_SESSION_ERROR, LKS_SESSION_ERROR_NOT_KEPT);
  while (kill (keeper_get_pid (&keeper), 0) == 0)
    g_thread_yield ();
  keeper_clear (&keeper);
}

static void
test_other_keepers (void)
{
  g_autoptr (GError) error = NULL;
  Keeper keeper;

  keeper_init (&keeper, "exit 0");
  g_assert_false (keep_with (&keeper, LKS_SESSION_KEEP_LIMIT_MS, &error));
  g_assert_error (error, LKS_SESSION_ERROR, LKS_SESSION_ERROR_NOT_KEPT);
  g_clear_error (&error);
  keeper_clear (&keeper);

  keeper_init (&keeper, "printf k; exec sleep 600");
  g_assert_true (keep_with (&keeper, LKS_SESSION_KEEP_LIMIT_MS, &error));
  g_assert_no_error (error);
  g_assert_cmpint (kill (keeper_get_pid (&keeper), SIGKILL), ==, 0);
  keeper_clear (&keeper);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/session/tasks", test_tasks);
  g_test_add_func ("/session/least-privilege", test_least_privilege);
  g_test_add_func ("/session/limits", test_limits);
  g_test_add_func ("/session/deadline", test_deadline);
  g_test_add_func ("/session/clocks", test_clocks);
  g_test_add_func ("/session/every-end-has-words", test_every_end_has_words);
  g_test_add_func ("/session/text", test_text);
  g_test_add_func ("/session/text-is-strict", test_text_is_strict);
  g_test_add_func ("/session/silent-keeper", test_silent_keeper);
  g_test_add_func ("/session/other-keepers", test_other_keepers);

  return g_test_run ();
}
