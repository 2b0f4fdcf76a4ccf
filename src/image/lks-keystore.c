/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-keystore.h"

#include <glib.h>

G_DEFINE_ENUM_TYPE (LksKeystoreFit,
                    lks_keystore_fit,
                    G_DEFINE_ENUM_VALUE (LKS_KEYSTORE_FIT_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_KEYSTORE_FIT_FITS, "fits"),
                    G_DEFINE_ENUM_VALUE (LKS_KEYSTORE_FIT_MAY_BE_TOO_OLD, "may-be-too-old"))

#define MONTH(year, month) ((year) *12 + (month) -1)

/* When the vendor began to sign images and capability files with another key. The day is not
 * published; each change may have come at any time from the first month to the last. */
static const struct
{
  int first_month;
  int last_month;
  const char *text;
} changes[] = {
  { MONTH (2022, 11), MONTH (2022, 11), "November 2022" },
  { MONTH (2024, 6), MONTH (2024, 7), "June or July 2024" },
};

/* How many changes had surely come by a month, and how many at most. */
static void
count_changes (int month, gsize *out_sure, gsize *out_possible)
{
  *out_sure = *out_possible = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      *out_sure += month > changes[i].last_month;
      *out_possible += month >= changes[i].first_month;
    }
}

/* Versions are named after the month of their release: 22.09, 24.06. */
static gboolean
parse_os_version (const char *os_version, int *out_month)
{
  int year;
  int month;

  if (os_version == NULL || !g_ascii_isdigit (os_version[0]) || !g_ascii_isdigit (os_version[1]) ||
      os_version[2] != '.' || !g_ascii_isdigit (os_version[3]) ||
      !g_ascii_isdigit (os_version[4]) || g_ascii_isdigit (os_version[5]))
    return FALSE;

  year = 2000 + 10 * (os_version[0] - '0') + os_version[1] - '0';
  month = 10 * (os_version[3] - '0') + os_version[4] - '0';
  if (month < 1 || month > 12)
    return FALSE;

  *out_month = MONTH (year, month);
  return TRUE;
}

static GDateTime *
parse_time (guint64 unix_s)
{
  return unix_s > 0 && unix_s <= G_MAXINT64 ? g_date_time_new_from_unix_utc ((gint64) unix_s)
                                            : NULL;
}

static LksKeystoreFit
decide (LksKeystoreFit fit, char **out_reason, char *reason)
{
  if (out_reason != NULL)
    *out_reason = reason;
  else
    g_free (reason);
  return fit;
}

/**
 * lks_keystore_judge:
 * @signed_unix_s: when a file was signed, as its metadata says, Unix seconds; 0 for unknown
 * @os_version: (nullable): the version of the board's OS, such as "22.09"
 * @out_reason: (out) (optional) (transfer full): why, in English sentences
 *
 * Says whether an image or a capability file may be too new for a board. Boards refuse what is
 * signed with a key that their trusted keystore does not hold (device errors 7340047 and
 * 14680081). A board that was never online since a change has the keystore of its OS.
 *
 * The answer is derived from the dates of the known changes and from nothing else: a board may
 * have got a newer keystore without a newer OS.
 *
 * Returns: the verdict
 */
LksKeystoreFit
lks_keystore_judge (guint64 signed_unix_s, const char *os_version, char **out_reason)
{
  g_autoptr (GDateTime) signed_at = parse_time (signed_unix_s);
  g_autofree char *date = NULL;
  gsize file_sure;
  gsize file_possible;
  gsize os_sure;
  gsize os_possible;
  int os_month;

  if (signed_at == NULL)
    return decide (LKS_KEYSTORE_FIT_UNKNOWN, out_reason,
                   g_strdup ("The file does not say when it was signed."));
  if (!parse_os_version (os_version, &os_month))
    return decide (LKS_KEYSTORE_FIT_UNKNOWN, out_reason,
                   g_strdup ("The age of the board's system is not known."));

  date = g_date_time_format (signed_at, "%Y-%m-%d");
  count_changes (MONTH (g_date_time_get_year (signed_at), g_date_time_get_month (signed_at)),
                 &file_sure, &file_possible);
  count_changes (os_month, &os_sure, &os_possible);
  if (file_possible <= os_sure)
    return decide (LKS_KEYSTORE_FIT_FITS, out_reason,
                   g_strdup_printf ("The file was signed on %s; no later change of the signing "
                                    "keys than the board's system %s knows is known.",
                                    date, os_version));

  return decide (LKS_KEYSTORE_FIT_MAY_BE_TOO_OLD, out_reason,
                 g_strdup_printf ("The file was signed on %s. The signing keys were changed in %s, "
                                  "and the board's system %s may not know the new one. This "
                                  "follows from the dates; the board itself does not tell.",
                                  date, changes[os_sure].text, os_version));
}

/**
 * lks_keystore_get_cure:
 *
 * What to do with a board whose keystore is too old, in the order that the vendor documents for
 * servicing: capability, keystore, session.
 *
 * Returns: (transfer none) (array zero-terminated=1): English sentences, one per step
 */
const char *const *
lks_keystore_get_cure (void)
{
  static const char *const steps[] = {
    "Have the capability file for this board at hand; it is not used yet.",
    "Install the trusted keystore from a file: an image of that kind from the recovery images of "
    "a newer OS, often named trusted-keystore.bin (the name is not confirmed).",
    "Start the servicing session, or install the image, again.",
    "If the board is locked and refuses even that, connect it to the internet and restart it, so "
    "that it updates itself, or recover it with current images.",
    NULL,
  };

  return steps;
}
