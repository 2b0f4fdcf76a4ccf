/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-format.h"

#include "lks-device-id.h"

static void
test_age (void)
{
  static const struct
  {
    gint64 read_at_us, now_us;
    const char *text;
  } rows[] = {
    { 0, 5, "never read" },
    { 1, 1, "just now" },
    { 1, 2 * G_USEC_PER_SEC, "just now" },
    { 1, 2 * G_USEC_PER_SEC + 1, "2 s ago" },
    { 1, 60 * G_USEC_PER_SEC, "59 s ago" },
    { 1, 60 * G_USEC_PER_SEC + 1, "1 min ago" },
    { 1, G_GINT64_CONSTANT (7200) * G_USEC_PER_SEC + 1, "2 h ago" },
    { 100, 1, "just now" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = lks_format_age (rows[i].read_at_us, rows[i].now_us);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

static void
test_duration (void)
{
  static const struct
  {
    guint64 seconds;
    const char *text;
  } rows[] = {
    { 0, "0 s" },          { 59, "59 s" },           { 60, "1 min 0 s" },  { 3599, "59 min 59 s" },
    { 3600, "1 h 0 min" }, { 86399, "23 h 59 min" }, { 90061, "1 d 1 h" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = lks_format_duration (rows[i].seconds);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

static void
test_duration_of_a_lying_board (void)
{
  g_autofree char *text = lks_format_duration (G_MAXUINT64);

  g_assert_true (g_str_has_prefix (text, "2147483647 d "));
}

static void
test_latency (void)
{
  static const struct
  {
    gint64 microseconds;
    const char *text;
  } rows[] = {
    { 0, "not measured" }, { -1, "not measured" }, { 3449, "3.4 ms" },
    { 9949, "9.9 ms" },    { 10000, "10 ms" },     { 1234567, "1234 ms" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = lks_format_latency (rows[i].microseconds);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

static void
test_device_id (void)
{
  g_autofree char *id = g_strnfill (LKS_DEVICE_ID_DIGITS, 'a');
  g_autofree char *text = lks_format_device_id (id);
  g_autofree char *none = lks_format_device_id (NULL);
  g_autofree char *short_text = lks_format_device_id ("0123456789");
  g_auto (GStrv) groups = g_strsplit (text, " ", -1);

  g_assert_cmpuint (g_strv_length (groups), ==, 16);
  for (guint i = 0; groups[i] != NULL; i++)
    g_assert_cmpstr (groups[i], ==, "aaaaaaaa");
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (short_text, ==, "01234567 89");
}

static void
test_sentence (void)
{
  static const struct
  {
    const char *text, *sentence;
  } rows[] = {
    { NULL, "" },
    { "", "" },
    { "the board is silent", "The board is silent." },
    { "What now?", "What now?" },
    { "über", "Über." },
    { "a", "A." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *sentence = lks_format_sentence (rows[i].text);

      g_assert_cmpstr (sentence, ==, rows[i].sentence);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/format/age", test_age);
  g_test_add_func ("/ui/format/duration", test_duration);
  g_test_add_func ("/ui/format/duration-of-a-lying-board", test_duration_of_a_lying_board);
  g_test_add_func ("/ui/format/latency", test_latency);
  g_test_add_func ("/ui/format/device-id", test_device_id);
  g_test_add_func ("/ui/format/sentence", test_sentence);
  return g_test_run ();
}
