/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cursor.h"
#include "lks-device-id.h"
#include "lks-end-signals.h"
#include "lks-guid.h"
#include "lks-io-thread.h"
#include "lks-json.h"
#include "lks-slip.h"
#include "lks-wait.h"
#include "lks-worker.h"
#include "wait-until.h"

#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static void
test_cursor_numbers (void)
{
  static const guint8 bytes[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07 };
  g_autoptr (GError) error = NULL;
  LksCursor cursor;
  guint8 u8;
  guint16 u16;
  guint32 u32 = 99;

  lks_cursor_init (&cursor, bytes, sizeof bytes);
  g_assert_true (lks_cursor_read_u8 (&cursor, &u8, &error));
  g_assert_cmpuint (u8, ==, 0x01);
  g_assert_true (lks_cursor_read_u16le (&cursor, &u16, &error));
  g_assert_cmpuint (u16, ==, 0x0302);
  g_assert_true (lks_cursor_read_u16be (&cursor, &u16, &error));
  g_assert_cmpuint (u16, ==, 0x0405);

  g_assert_false (lks_cursor_read_u32le (&cursor, &u32, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TRUNCATED);
  g_assert_cmpuint (u32, ==, 99);
  g_assert_cmpuint (lks_cursor_get_left (&cursor), ==, 2);

  g_clear_error (&error);
  g_assert_false (lks_cursor_finish (&cursor, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID);
}

static void
test_cursor_empty (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new (NULL, 0);
  g_autoptr (GError) error = NULL;
  const guint8 *start;
  LksCursor cursor;

  lks_cursor_init_bytes (&cursor, bytes);
  g_assert_true (lks_cursor_read (&cursor, 0, &start, &error));
  g_assert_true (lks_cursor_finish (&cursor, &error));
  g_assert_false (lks_cursor_skip (&cursor, 1, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TRUNCATED);
}

static void
test_cursor_text (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  char *untouched = NULL;
  LksCursor cursor;

  lks_cursor_init (&cursor, "fw_config\0\0\xff\xfe", 13);
  g_assert_true (lks_cursor_read_text (&cursor, 11, &text, &error));
  g_assert_cmpstr (text, ==, "fw_config");
  g_assert_false (lks_cursor_read_text (&cursor, 2, &untouched, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID);
  g_assert_null (untouched);
  g_assert_cmpuint (lks_cursor_get_left (&cursor), ==, 2);
}

/* The mixed-endian bytes of a real file's component ID (reference: capability file, 0xD4). */
static void
test_guid_round_trip (void)
{
  static const guint8 bytes[] = { 0xb5, 0xd8, 0x28, 0x41, 0xc2, 0xab, 0x55, 0x41,
                                  0x9a, 0x33, 0x8a, 0x1f, 0x31, 0xed, 0x67, 0xec };
  g_autofree char *text = lks_guid_from_bytes (bytes);
  g_autoptr (GError) error = NULL;
  guint8 back[LKS_GUID_BYTES];

  g_assert_cmpstr (text, ==, "4128d8b5-abc2-4155-9a33-8a1f31ed67ec");
  g_assert_true (lks_guid_to_bytes ("4128D8B5-ABC2-4155-9A33-8A1F31ED67EC", back, &error));
  g_assert_cmpmem (bytes, sizeof bytes, back, sizeof back);
  g_assert_false (lks_guid_is_valid ("4128d8b5abc2-4155-9a33-8a1f31ed67ec-"));
}

static void
test_device_id (void)
{
  g_autofree char *upper = g_strnfill (LKS_DEVICE_ID_DIGITS, 'A');
  g_autoptr (GError) error = NULL;
  g_autofree char *id = lks_device_id_normalize (upper, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (lks_device_id_get_short (id), ==, "aaaaaa");
  g_assert_true (lks_device_id_matches (id, "AAaa"));
  g_assert_false (lks_device_id_matches (id, "aaa"));
  upper[5] = 'g';
  g_assert_null (lks_device_id_normalize (upper, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID);
}

static void
count_packet_cb (const guint8 *packet, gsize size_bytes, gpointer user_data)
{
  GPtrArray *packets = user_data;

  g_ptr_array_add (packets, g_bytes_new (packet, size_bytes));
}

static void
test_slip_round_trip (void)
{
  static const guint8 packet[] = { 0x45, 0xC0, 0xDB, 0xDC, 0xDD, 0x00 };
  g_autoptr (GPtrArray) packets = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  guint8 encoded[LKS_SLIP_ENCODED_MAX (sizeof packet)];
  LksSlipDecoder decoder;
  gsize size = lks_slip_encode (packet, sizeof packet, encoded);
  gsize got_size;
  gconstpointer got;

  lks_slip_decoder_init (&decoder);
  for (gsize i = 0; i < size; i++) /* cut at every byte */
    lks_slip_decoder_feed (&decoder, encoded + i, 1, count_packet_cb, packets);

  g_assert_cmpuint (packets->len, ==, 1);
  got = g_bytes_get_data (packets->pdata[0], &got_size);
  g_assert_cmpmem (packet, sizeof packet, got, got_size);
}

static void
test_slip_recovers (void)
{
  static const guint8 line[] = { 0x41, 0xDB, 0x42, 0xC0, /* bad escape */
                                 0x43, 0x44, 0xC0,       /* good */
                                 0x45, 0xDB, 0xC0,       /* cut inside an escape */
                                 0xC0, 0xC0, 0x46, 0xC0 };
  g_autoptr (GPtrArray) packets = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autofree guint8 *flood = g_malloc0 (LKS_SLIP_PACKET_MAX + 1);
  LksSlipDecoder decoder;

  lks_slip_decoder_init (&decoder);
  lks_slip_decoder_feed (&decoder, line, sizeof line, count_packet_cb, packets);
  g_assert_cmpuint (packets->len, ==, 2);
  g_assert_cmpuint (decoder.dropped_packets, ==, 2);

  lks_slip_decoder_feed (&decoder, flood, LKS_SLIP_PACKET_MAX + 1, count_packet_cb, packets);
  lks_slip_decoder_feed (&decoder, line + 3, 4, count_packet_cb, packets);
  g_assert_cmpuint (packets->len, ==, 3);
  g_assert_cmpuint (decoder.dropped_packets, ==, 3);
}

static LksJson *
parse (const char *text, GError **error)
{
  return lks_json_parse ("test.json", text, strlen (text), 4096, error);
}

static void
test_json_lines (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksJson) json = parse ("{\n \"a\": [1,\n  {\"b\": \"x\"}],\n \"c\": 7\n}", &error);
  JsonObject *root;
  char *text = NULL;
  gint64 number;

  g_assert_no_error (error);
  root = lks_json_get_root_object (json, &error);
  g_assert_true (lks_json_read_int (json, root, "c", 0, 7, &number, &error));
  g_assert_cmpint (number, ==, 7);

  g_assert_false (lks_json_read_int (json, root, "c", 0, 6, &number, &error));
  g_assert_cmpstr (error->message, ==, "test.json:4: “c”: 7 is not between 0 and 6");
  g_clear_error (&error);

  g_assert_false (lks_json_read_string (json, root, "a", &text, &error));
  g_assert_cmpstr (error->message, ==, "test.json:2: “a”: expected a text");
  g_assert_null (text);
}

static void
test_json_whole (void)
{
  static const struct
  {
    const char *number;
    gint64 value; /* -1: none */
  } rows[] = {
    { "5", 5 },
    { "5.0", 5 },
    { "50e-1", 5 },
    { "1E2", 100 },
    { "9007199254740992.0", G_GINT64_CONSTANT (9007199254740992) },
    { "9223372036854775807", G_MAXINT64 },
    { "5.5", -1 },
    { "1e300", -1 },
    { "1e999", -1 },
    { "-1e999", -1 },
    { "9223372036854775808", -1 },
    { "-99999999999999999999", -1 },
    { "\"5\"", -1 },
    { "true", -1 },
    { "null", -1 },
    { "[5]", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strdup_printf ("{ \"n\": %s }", rows[i].number);
      g_autoptr (GError) error = NULL;
      g_autoptr (LksJson) json = parse (text, &error);
      JsonObject *root = json != NULL ? lks_json_get_root_object (json, NULL) : NULL;
      gint64 value = -1;

      g_test_message ("%s", text);
      g_assert_true ((root != NULL && lks_json_read_int (json, root, "n", 0, G_MAXINT64, &value,
                                                         &error)) == (rows[i].value >= 0));
      g_assert_true ((error == NULL) == (rows[i].value >= 0));
      g_assert_cmpint (value, ==, rows[i].value);
    }
}

/* Counters of boards use all 64 bits. */
static void
test_json_counters (void)
{
  static const struct
  {
    const char *number;
    gboolean is_good;
    guint64 value;
  } rows[] = {
    { "0", TRUE, 0 },
    { "9223372036854775807", TRUE, G_MAXINT64 },
    { "9223372036854775808", TRUE, G_GUINT64_CONSTANT (9223372036854775808) },
    { "18446744073709551615", TRUE, G_MAXUINT64 },
    { "18446744073709551616", FALSE, 0 },
    { "-1", FALSE, 0 },
    { "-9223372036854775809", FALSE, 0 },
    { "0.5", FALSE, 0 },
    { "\"5\"", FALSE, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strdup_printf ("{ \"n\": %s }", rows[i].number);
      g_autoptr (GError) error = NULL;
      g_autoptr (LksJson) json = parse (text, &error);
      JsonObject *root = lks_json_get_root_object (json, NULL);
      guint64 value = 0;

      g_test_message ("%s", text);
      g_assert_true (lks_json_read_uint64 (json, root, "n", &value, &error) == rows[i].is_good);
      g_assert_true ((error == NULL) == rows[i].is_good);
      g_assert_cmpuint (value, ==, rows[i].value);
    }
}

static void
test_json_refuses (void)
{
  static const char *const bad[] = {
    "",
    "{",
    "{\"a\":1,\"a\":2}",
    "{\"a\":1 // no\n}",
    "[0x10]",
    "[010]",
    "[1.]",
    "{\"a\":\"x\\u0000y\"}",
    "{\"a\":tru}",
    "\"\xff\"",
    "]",
    "[1}",
    "{\"a\":1,\"\\u0061\":2}",
    "['a']",
    "[1 2]",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LksJson) json = parse (bad[i], &error);

      if (json != NULL)
        g_error ("accepted: %s", bad[i]);
      g_assert_nonnull (error);
      g_assert_true (error->domain == LKS_PARSE_ERROR);
    }
}

/* What json-glib would make something else of, with the line and what to write instead. */
static void
test_json_escapes (void)
{
  static const struct
  {
    const char *text;   /* stands on line 2 */
    const char *advice; /* NULL: @text is good */
  } rows[] = {
    { "\"\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u00e9 \\uD83D\\ude00 \xf0\x9f\x98\x80\"", NULL },
    { "\"\\u001f\\ufffe\\ud7ff\\ue000\"", NULL },
    { "\"a\\qb\"", "write “\\\\” for the backslash itself" },
    { "\"\\101\"", "write “\\\\”" },
    { "\"a\\000b\"", "write “\\\\”" },
    { "\"\\U0041\"", "write “\\\\”" },
    { "\"\\v\"", "write “\\\\”" },
    { "\"\\'\"", "write “\\\\”" },
    { "\"\\\n\"", "write “\\\\”" },
    { "\"\\\xc3\xa9\"", "write “\\\\”" },
    { "\"\\u12g4\"", "four hexadecimal digits" },
    { "\"\\u12\"", "four hexadecimal digits" },
    { "\"\\u+123\"", "four hexadecimal digits" },
    { "\"a\\u0000b\"", "remove “\\u0000”" },
    { "\"\\ud800\"", "half a character" },
    { "\"\\ud800x\"", "half a character" },
    { "\"\\ud800\\n\"", "half a character" },
    { "\"\\udc00\"", "half a character" },
    { "\"\\udc00\\ud800\"", "half a character" },
    { "\"\\ud800\\u0041\"", "half a character" },
    { "\"\\ud800\\ud800\\udc00\"", "half a character" },
    { "\"\\ud800\\udcg0\"", "four hexadecimal digits" },
    { "\"a\tb\"", "write “\\n”, “\\t”" },
    { "\"a\x1f\"", "write “\\n”, “\\t”" },
    { "\"a\nb\"", "is not closed on its line" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *value = g_strdup_printf ("{ \"a\":\n%s }", rows[i].text);
      g_autofree char *member = g_strdup_printf ("{\n%s : 1 }", rows[i].text);
      const char *texts[] = { value, member };

      for (gsize j = 0; j < G_N_ELEMENTS (texts); j++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (LksJson) json = parse (texts[j], &error);

          g_test_message ("%s", texts[j]);
          g_assert_true ((json != NULL) == (rows[i].advice == NULL));
          if (rows[i].advice == NULL)
            continue;
          g_assert_true (g_str_has_prefix (error->message, "test.json:2: "));
          g_assert_nonnull (strstr (error->message, rows[i].advice));
          g_assert_true (error->domain == LKS_PARSE_ERROR);
        }
    }
}

/* More may follow: that is not the same as wrong. */
static void
test_json_truncated (void)
{
  static const char *const texts[] = {
    "{", "[\"a", "[\"a\\", "[\"a\\u", "[\"a\\u00e", "[\"a\\ud83d\\ude0",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", texts[i]);
      g_assert_null (parse (texts[i], &error));
      g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TRUNCATED);
    }
}

static void
test_json_limits (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autoptr (GError) error = NULL;

  g_assert_null (lks_json_parse ("deep", deep, 100000, 200000, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE);
  g_clear_error (&error);
  g_assert_null (lks_json_parse ("long", deep, 100000, 99999, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE);
}

static void
note_thread_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GArray *order = task_data;
  int number = GPOINTER_TO_INT (g_task_get_source_tag (task));

  g_array_append_val (order, number);
  g_task_return_boolean (task, TRUE);
}

static void
count_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  guint *counts = user_data;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    counts[0]++;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    counts[1]++;
}

static void
test_worker_order (void)
{
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (LksWorker) worker = lks_worker_new ("test");
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  guint counts[2] = { 0 };

  g_cancellable_cancel (cancelled);
  for (int i = 0; i < 100; i++)
    {
      g_autoptr (GTask) task = g_task_new (NULL, i == 50 ? cancelled : NULL, count_done_cb, counts);

      g_task_set_source_tag (task, GINT_TO_POINTER (i));
      g_task_set_task_data (task, order, NULL);
      lks_worker_push (worker, task, note_thread_in_thread);
    }
  while (counts[0] + counts[1] < 100)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpuint (counts[1], ==, 1);
  g_assert_cmpuint (order->len, ==, 99);
  for (guint i = 1; i < order->len; i++)
    g_assert_cmpint (g_array_index (order, int, i - 1), <, g_array_index (order, int, i));
}

/* Where somebody's last reference was dropped, when it was. */
static GThread *ended_on;

static void
note_end_cb (gpointer unused, GObject *gone)
{
  g_atomic_pointer_set (&ended_on, g_thread_self ());
}

typedef struct
{
  GMutex mutex;
  GCond cond;
  gboolean is_done;
} Answer;

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;

  g_mutex_lock (&answer->mutex);
  answer->is_done = TRUE;
  g_cond_signal (&answer->cond);
  g_mutex_unlock (&answer->mutex);
}

/* Is still there when its answer was heard. */
static void
linger_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Answer *answer = task_data;

  g_task_return_boolean (task, TRUE);
  g_mutex_lock (&answer->mutex);
  while (!answer->is_done)
    g_cond_wait (&answer->cond, &answer->mutex);
  g_mutex_unlock (&answer->mutex);
}

/* Who asked may be a widget, which must not end on another thread. */
static void
test_worker_alone (void)
{
  GObject *source = g_object_new (G_TYPE_OBJECT, NULL);
  Answer answer = { .is_done = FALSE };
  GTask *task = g_task_new (source, NULL, answered_cb, &answer);

  g_mutex_init (&answer.mutex);
  g_cond_init (&answer.cond);
  g_object_weak_ref (source, note_end_cb, NULL);
  g_task_set_task_data (task, &answer, NULL);
  lks_worker_run_alone (task, linger_in_thread);
  g_object_unref (task);
  g_object_unref (source);
  WAIT_UNTIL (g_atomic_pointer_get (&ended_on) != NULL);
  g_assert_true (ended_on == g_thread_self ());
  g_mutex_clear (&answer.mutex);
  g_cond_clear (&answer.cond);
}

static void
increment (gpointer user_data)
{
  (*(int *) user_data)++;
}

static void
test_io_thread_runs_all (void)
{
  LksIoThread *io = lks_io_thread_new ();
  int count = 0;

  g_assert_false (lks_io_thread_is_current (io));
  lks_io_thread_call (io, increment, &count);
  g_assert_cmpint (count, ==, 1);
  for (int i = 0; i < 1000; i++)
    lks_io_thread_post (io, increment, &count);
  g_assert_finalize_object (io);
  g_assert_cmpint (count, ==, 1001);
}

static gpointer
cancel_in_thread (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_wait (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GThread) thread = NULL;

  g_assert_true (lks_wait_ms (1, cancellable, &error));
  g_assert_true (lks_wait_ms (1, NULL, &error));

  /* Without the wake-up this would take its hour. */
  thread = g_thread_new ("cancel", cancel_in_thread, cancellable);
  g_assert_false (lks_wait_ms (3600 * 1000, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (g_steal_pointer (&thread));
}

typedef struct
{
  int ends[2];
  LksIoWatch *watch;
  LksIoWatch **other; /* (nullable): freed as soon as this one is told */
  GIOCondition told;
  guint times;
} Pipe;

static void
told_cb (GIOCondition conditions, gpointer user_data)
{
  Pipe *self = user_data;

  self->told = conditions;
  self->times++;
  if (self->other != NULL)
    g_clear_pointer (self->other, lks_io_watch_free);
}

static void
pipe_open (Pipe *self, LksIoWatches *watches, GIOCondition wanted)
{
  g_assert_true (g_unix_open_pipe (self->ends, FD_CLOEXEC, NULL));
  self->watch = lks_io_watch_new (watches, self->ends[0], wanted, told_cb, self);
}

static void
pipe_close (Pipe *self)
{
  g_clear_pointer (&self->watch, lks_io_watch_free);
  close (self->ends[0]);
  if (self->ends[1] >= 0)
    close (self->ends[1]);
}

static void
test_io_watch (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  LksIoWatches *watches = lks_io_watches_new (context);
  Pipe pipe = { 0 };

  pipe_open (&pipe, watches, 0);
  g_assert_cmpint (write (pipe.ends[1], "x", 1), ==, 1);
  g_assert_false (g_main_context_iteration (context, FALSE));

  lks_io_watch_set (pipe.watch, G_IO_IN);
  g_assert_true (g_main_context_iteration (context, FALSE));
  g_assert_true (g_main_context_iteration (context, FALSE)); /* nobody has read it */
  g_assert_cmpint (pipe.told, ==, G_IO_IN);
  g_assert_cmpuint (pipe.times, ==, 2);

  lks_io_watch_set (pipe.watch, 0);
  g_assert_false (g_main_context_iteration (context, FALSE));
  close (pipe.ends[1]);
  pipe.ends[1] = -1;
  g_assert_true (g_main_context_iteration (context, FALSE)); /* comes unasked */
  g_assert_cmpint (pipe.told, ==, G_IO_HUP);

  pipe_close (&pipe);
  g_assert_false (g_main_context_iteration (context, FALSE));
  lks_io_watches_free (watches);
}

/* Both are ready in one turn; whichever is told first frees the other, which is not told then. */
static void
test_io_watch_frees_another (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  LksIoWatches *watches = lks_io_watches_new (context);
  Pipe one = { 0 };
  Pipe two = { 0 };

  pipe_open (&one, watches, G_IO_IN);
  pipe_open (&two, watches, G_IO_IN);
  one.other = &two.watch;
  two.other = &one.watch;
  g_assert_cmpint (write (one.ends[1], "x", 1), ==, 1);
  g_assert_cmpint (write (two.ends[1], "x", 1), ==, 1);

  g_assert_true (g_main_context_iteration (context, FALSE));
  g_assert_cmpuint (one.times + two.times, ==, 1);
  g_assert_true ((one.watch == NULL) != (two.watch == NULL));

  pipe_close (&one);
  pipe_close (&two);
  lks_io_watches_free (watches);
}

/* ---- the end of a program ---- */

static gboolean
end_cb (gpointer user_data)
{
  guint *n = user_data;

  (*n)++;
  return G_SOURCE_CONTINUE;
}

static gboolean
clear_cb (gpointer user_data)
{
  lks_end_signals_clear (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
is_caught (int number)
{
  struct sigaction action;

  g_assert_cmpint (sigaction (number, NULL, &action), ==, 0);
  return action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN;
}

static void
test_end_signals (void)
{
  static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
  LksEndSignals signals = { 0 };
  guint n = 0;

  lks_end_signals_watch (&signals, end_cb, &n);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_assert_cmpint (raise (numbers[i]), ==, 0);
      WAIT_UNTIL (n == i + 1);
    }
  lks_end_signals_clear (&signals);
  lks_end_signals_clear (&signals);

  /* Whoever is told may want the next one to end the program. */
  lks_end_signals_watch (&signals, clear_cb, &signals);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_assert_true (is_caught (numbers[i]));
  g_assert_cmpint (raise (SIGTERM), ==, 0);
  WAIT_UNTIL (signals.ids[0] == 0);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_assert_false (is_caught (numbers[i]));
}

/* As under nohup. */
static void
test_end_signals_ignored (void)
{
  LksEndSignals signals = { 0 };
  guint n = 0;

  g_assert_true (signal (SIGHUP, SIG_IGN) != SIG_ERR);
  lks_end_signals_watch (&signals, end_cb, &n);
  g_assert_false (is_caught (SIGHUP));
  g_assert_cmpint (raise (SIGHUP), ==, 0);
  g_assert_cmpint (raise (SIGTERM), ==, 0);
  WAIT_UNTIL (n > 0);
  g_assert_cmpuint (n, ==, 1);
  lks_end_signals_clear (&signals);
  g_assert_true (signal (SIGHUP, SIG_DFL) == SIG_IGN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGHUP, SIG_DFL); /* also where these tests run under nohup */

  g_test_add_func ("/cursor/numbers", test_cursor_numbers);
  g_test_add_func ("/cursor/empty", test_cursor_empty);
  g_test_add_func ("/cursor/text", test_cursor_text);
  g_test_add_func ("/guid/round-trip", test_guid_round_trip);
  g_test_add_func ("/device-id/forms", test_device_id);
  g_test_add_func ("/slip/round-trip", test_slip_round_trip);
  g_test_add_func ("/slip/recovers", test_slip_recovers);
  g_test_add_func ("/json/lines", test_json_lines);
  g_test_add_func ("/json/whole", test_json_whole);
  g_test_add_func ("/json/counters", test_json_counters);
  g_test_add_func ("/json/refuses", test_json_refuses);
  g_test_add_func ("/json/escapes", test_json_escapes);
  g_test_add_func ("/json/truncated", test_json_truncated);
  g_test_add_func ("/json/limits", test_json_limits);
  g_test_add_func ("/wait/cancelled", test_wait);
  g_test_add_func ("/worker/order", test_worker_order);
  g_test_add_func ("/worker/alone", test_worker_alone);
  g_test_add_func ("/io-thread/runs-all", test_io_thread_runs_all);
  g_test_add_func ("/io-watch/conditions", test_io_watch);
  g_test_add_func ("/io-watch/frees-another", test_io_watch_frees_another);
  g_test_add_func ("/end-signals/told", test_end_signals);
  g_test_add_func ("/end-signals/ignored", test_end_signals_ignored);

  return g_test_run ();
}
