/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a board's keystore can know a file's key: every side of every change. */
#include "lks-enums.h"
#include "lks-keystore.h"

#include <string.h>

#define UNKNOWN LKS_KEYSTORE_FIT_UNKNOWN
#define FITS LKS_KEYSTORE_FIT_FITS
#define OLD LKS_KEYSTORE_FIT_MAY_BE_TOO_OLD

static guint64
parse_date (const char *date)
{
  g_autofree char *text = g_strconcat (date, "T12:00:00Z", NULL);
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

  g_assert_nonnull (time);
  return (guint64) g_date_time_to_unix (time);
}

static void
test_table (void)
{
  static const struct
  {
    const char *signed_on;
    const char *os_version;
    LksKeystoreFit fit;
    const char *change; /* named in the reason */
  } cases[] = {
    /* before all changes */
    { "2020-07-16", "20.04", FITS, NULL },
    { "2022-10-31", "20.04", FITS, NULL },
    { "2020-07-16", "24.06", FITS, NULL },
    /* around November 2022 */
    { "2022-11-01", "22.09", OLD, "November 2022" },
    { "2022-11-30", "22.10", OLD, "November 2022" },
    { "2023-02-01", "22.09", OLD, "November 2022" },
    { "2022-10-31", "22.11", FITS, NULL },
    { "2022-11-15", "22.11", OLD, "November 2022" },
    { "2023-02-01", "22.11", OLD, "November 2022" },
    { "2023-02-01", "22.12", FITS, NULL },
    { "2022-11-15", "23.05", FITS, NULL },
    /* around June and July 2024 */
    { "2024-05-31", "23.05", FITS, NULL },
    { "2024-06-01", "23.05", OLD, "June or July 2024" },
    { "2024-06-30", "24.03", OLD, "June or July 2024" },
    { "2024-08-01", "24.06", OLD, "June or July 2024" },
    { "2024-08-01", "24.07", OLD, "June or July 2024" },
    { "2024-08-01", "24.08", FITS, NULL },
    { "2024-07-15", "24.08", FITS, NULL },
    { "2030-01-01", "24.09", FITS, NULL },
    /* across both */
    { "2025-01-01", "22.07", OLD, "November 2022" },
    /* what is not known */
    { "2024-08-01", NULL, UNKNOWN, NULL },
    { "2024-08-01", "", UNKNOWN, NULL },
    { "2024-08-01", "24", UNKNOWN, NULL },
    { "2024-08-01", "24.13", UNKNOWN, NULL },
    { "2024-08-01", "24.00", UNKNOWN, NULL },
    { "2024-08-01", "24.061", UNKNOWN, NULL },
    { "2024-08-01", "newest", UNKNOWN, NULL },
    { "2024-08-01", "24.09.1", FITS, NULL },
    { "2024-08-01", "24.09 Update 1", FITS, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *reason = NULL;
      LksKeystoreFit fit =
          lks_keystore_judge (parse_date (cases[i].signed_on), cases[i].os_version, &reason);

      g_test_message ("%s on %s: %s: %s", cases[i].signed_on, cases[i].os_version,
                      lks_enum_to_nick (LKS_TYPE_KEYSTORE_FIT, (int) fit), reason);
      g_assert_cmpint ((int) fit, ==, (int) cases[i].fit);
      g_assert_cmpuint (strlen (reason), >, 0);
      if (cases[i].change != NULL)
        {
          g_assert_nonnull (strstr (reason, cases[i].change));
          g_assert_nonnull (strstr (reason, cases[i].signed_on));
          g_assert_nonnull (strstr (reason, cases[i].os_version));
        }
    }
}

static void
test_no_time (void)
{
  g_assert_cmpint (lks_keystore_judge (0, "24.06", NULL), ==, UNKNOWN);
  g_assert_cmpint (lks_keystore_judge (G_MAXUINT64, "24.06", NULL), ==, UNKNOWN);
  g_assert_cmpint (lks_keystore_judge (G_MAXINT64, "24.06", NULL), ==, UNKNOWN);
}

/* Each version from one to the next: once a board is too old for a file, so is any older one. */
static void
test_monotonic (void)
{
  for (int signed_month = 0; signed_month < 72; signed_month++)
    {
      g_autofree char *signed_on =
          g_strdup_printf ("20%02d-%02d-15", 20 + signed_month / 12, 1 + signed_month % 12);
      gboolean has_fitted = FALSE;

      for (int month = 0; month < 72; month++)
        {
          g_autofree char *version = g_strdup_printf ("%02d.%02d", 20 + month / 12, 1 + month % 12);
          LksKeystoreFit fit = lks_keystore_judge (parse_date (signed_on), version, NULL);

          g_assert_cmpint (fit, !=, UNKNOWN);
          g_assert_true (!has_fitted || fit == FITS);
          has_fitted = fit == FITS;
        }
      g_assert_true (has_fitted);
    }
}

static void
test_cure (void)
{
  const char *const *steps = lks_keystore_get_cure ();

  g_assert_cmpuint (g_strv_length ((char **) steps), ==, 4);
  g_assert_nonnull (strstr (steps[0], "capability"));
  g_assert_nonnull (strstr (steps[1], "keystore"));
  g_assert_nonnull (strstr (steps[2], "session"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/keystore/table", test_table);
  g_test_add_func ("/keystore/no-time", test_no_time);
  g_test_add_func ("/keystore/monotonic", test_monotonic);
  g_test_add_func ("/keystore/cure", test_cure);

  return g_test_run ();
}
