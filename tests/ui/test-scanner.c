/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scanner that pretends to be a keyboard, and a person who types. */
#include "lks-scanner.h"

#include <string.h>

typedef struct
{
  LksScanner *scanner; /* (owned) */
  guint32 now_ms;
} Desk;

static void
set_up (Desk *desk, gconstpointer unused)
{
  desk->scanner = lks_scanner_new ();
  desk->now_ms = G_MAXUINT32 - 20; /* soon it wraps round */
}

static void
tear_down (Desk *desk, gconstpointer unused)
{
  lks_scanner_free (desk->scanner);
}

static void
press (Desk *desk, const char *keys, guint gap_ms)
{
  for (const char *key = keys; *key != '\0'; key = g_utf8_next_char (key))
    {
      desk->now_ms += gap_ms;
      lks_scanner_key (desk->scanner, g_utf8_get_char (key), 0, FALSE, desk->now_ms);
    }
}

static char *
enter (Desk *desk, guint gap_ms)
{
  g_autofree char *as_us = NULL;

  desk->now_ms += gap_ms;
  return lks_scanner_enter (desk->scanner, desk->now_ms, &as_us);
}

static void
test_scan (Desk *desk, gconstpointer unused)
{
  g_autofree char *text = NULL;
  g_autofree char *nothing = NULL;

  press (desk, "KTL-0042", 3);
  text = enter (desk, 3);
  g_assert_cmpstr (text, ==, "KTL-0042");
  nothing = enter (desk, 3);
  g_assert_null (nothing);
}

static void
test_typed (Desk *desk, gconstpointer unused)
{
  g_autofree char *text = NULL;

  press (desk, "41f1ca", 90);
  text = enter (desk, 90);
  g_assert_null (text);
}

/* A person's last key is not the first of a scan. */
static void
test_after_typing (Desk *desk, gconstpointer unused)
{
  g_autofree char *text = NULL;

  press (desk, "abc", 120);
  desk->now_ms += 300;
  press (desk, "41f1ca", 10);
  text = enter (desk, 10);
  g_assert_cmpstr (text, ==, "41f1ca");
}

/* Somebody who hits three keys at once, and a scan whose Enter is somebody's. */
static void
test_too_little (Desk *desk, gconstpointer unused)
{
  g_autofree char *few = NULL;
  g_autofree char *late = NULL;

  press (desk, "abc", 5);
  few = enter (desk, 5);
  g_assert_null (few);
  press (desk, "abcdef", 5);
  late = enter (desk, 400);
  g_assert_null (late);
}

/* Nothing cut off is taken for the whole, and the next scan is a scan again. */
static void
test_bounded (Desk *desk, gconstpointer unused)
{
  g_autofree char *overlong = NULL;
  g_autofree char *longest = NULL;
  g_autofree char *keys = g_strnfill (LKS_SCAN_CHARACTERS_MAX, 'x');

  press (desk, keys, 1);
  longest = enter (desk, 1);
  g_assert_cmpuint (strlen (longest), ==, LKS_SCAN_CHARACTERS_MAX);
  press (desk, keys, 1);
  press (desk, "y", 1);
  overlong = enter (desk, 1);
  g_assert_null (overlong);
  g_assert_cmpuint (lks_scanner_get_length (desk->scanner), ==, 0);
}

/* The first key may be anybody's; those right behind it are not the focus's. */
static void
test_whose_keys (Desk *desk, gconstpointer unused)
{
  g_assert_false (lks_scanner_key (desk->scanner, 'a', 0, FALSE, 1000));
  g_assert_true (lks_scanner_key (desk->scanner, ' ', 0, FALSE, 1010));
  g_assert_false (lks_scanner_key (desk->scanner, 'b', 0, FALSE, 1500));
}

/* The keys of "aZ1-" on a US keyboard, where the layout of the computer is French. */
static void
test_layout (Desk *desk, gconstpointer unused)
{
  static const struct
  {
    const char *here;
    guint code;
    gboolean is_shifted;
  } keys[] = {
    { "q", 30 + 8, FALSE }, { "W", 44 + 8, TRUE }, { "&", 2 + 8, FALSE }, { ")", 12 + 8, FALSE }
  };
  g_autofree char *text = NULL;
  g_autofree char *as_us = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    lks_scanner_key (desk->scanner, g_utf8_get_char (keys[i].here), keys[i].code,
                     keys[i].is_shifted, 1000 + i);
  text = lks_scanner_enter (desk->scanner, 1010, &as_us);
  g_assert_cmpstr (text, ==, "qW&)");
  g_assert_cmpstr (as_us, ==, "aZ1-");
}

#define TEST(path, func) g_test_add (path, Desk, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("/scanner/scan", test_scan);
  TEST ("/scanner/typed", test_typed);
  TEST ("/scanner/after-typing", test_after_typing);
  TEST ("/scanner/too-little", test_too_little);
  TEST ("/scanner/bounded", test_bounded);
  TEST ("/scanner/whose-keys", test_whose_keys);
  TEST ("/scanner/layout", test_layout);
  return g_test_run ();
}
