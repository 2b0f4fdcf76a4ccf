/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device-number.h"

#include <string.h>

#define NUMBER(number, name, meaning) { number, name, meaning },
static const struct
{
  guint32 number;
  const char *name;
  const char *meaning;
} table[] = {
#include "lks-device-numbers.inc"
};
#undef NUMBER

/* The source counts 771 entries for the release 24.06. */
static void
test_table (void)
{
  g_assert_cmpuint (G_N_ELEMENTS (table), ==, 771);

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      if (i > 0)
        g_assert_cmpuint (table[i - 1].number, <, table[i].number);
      g_assert_cmpuint (strlen (table[i].name), >, 0);
      g_assert_cmpuint (strlen (table[i].meaning), >, 0);
      g_assert_null (strchr (table[i].name, ' '));
      g_assert_true (g_utf8_validate (table[i].meaning, -1, NULL));

      g_assert_cmpstr (lks_device_number_get_name (table[i].number), ==, table[i].name);
      g_assert_cmpstr (lks_device_number_get_meaning (table[i].number), ==, table[i].meaning);
      g_assert_nonnull (lks_device_number_get_category (table[i].number));
    }
}

static void
test_neighbours (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (i + 1 == G_N_ELEMENTS (table) || table[i + 1].number != table[i].number + 1)
      g_assert_null (lks_device_number_get_name (table[i].number + 1));
}

static void
test_describe (void)
{
  static const struct
  {
    guint32 number;
    const char *text;
  } cases[] = {
    { 10485778, "not authorised (locked device and no accepted capability) "
                "(RestError/CommandAuthorizationFailed, 10485778)" },
    { 10485765, "interface busy, try again (RestError/InterfaceIsBusy, 10485765)" },
    { 51380225, "peripheral configuration is locked, change refused until reboot "
                "(SecurityMonitorSyscallErrors/PeripheralConfigurationLocked, 51380225)" },
    { 10485837, "RestError/77 (10485837)" },
    { 8388609, "8/1 (8388609)" },
    { 9437184 + 5, "9/5 (9437189)" },
    { 30408704 + 17, "provisioning/17 (30408721)" },
    { 22020096 + 7, "Couldn't connect to server (curl/7, 22020103)" },
    { 22020096 + 5000, "curl/5000 (22025096)" },
    { 13,
      "permission denied (usually the app development capability is missing) (errno/EACCES, 13)" },
    { 28, "No space left on device (errno/ENOSPC, 28)" },
    { 0, "errno/0 (0)" },
    { 4000, "errno/4000 (4000)" },
    { G_MAXUINT32, "4095/1048575 (4294967295)" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = lks_device_number_describe (cases[i].number);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_advice (void)
{
  static const guint32 common[] = {
    13,       1048596,  3145729,  3145735,  3145738,  4194306,  7340047,  7340050,
    7340056,  7340069,  7340071,  10485765, 10485778, 13631491, 13631505, 13631506,
    13631513, 14680076, 14680081, 14680082, 15728642, 31457295, 38797319, 38797323,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (common); i++)
    {
      const char *advice = lks_device_number_get_advice (common[i]);

      g_assert_nonnull (advice);
      g_assert_true (g_str_has_suffix (advice, "."));
    }
  g_assert_null (lks_device_number_get_advice (10485761));
  g_assert_null (lks_device_number_get_advice (0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/device/number/table", test_table);
  g_test_add_func ("/device/number/neighbours", test_neighbours);
  g_test_add_func ("/device/number/describe", test_describe);
  g_test_add_func ("/device/number/advice", test_advice);

  return g_test_run ();
}
