/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-verify-text.h"

#include <glib/gi18n-lib.h>

/**
 * lks_verify_fault_to_title:
 * @fault: a kind of problem
 * @n_problems: how many of it were found
 *
 * Returns: (transfer full): what is wrong, in a few plain words
 */
char *
lks_verify_fault_to_title (LksVerifyFault fault, guint n_problems)
{
  switch (fault)
    {
    case LKS_VERIFY_FAULT_CHANGED:
      return g_strdup_printf (ngettext ("%u entry was changed", "%u entries were changed",
                                        n_problems),
                              n_problems);
    case LKS_VERIFY_FAULT_REMOVED:
      return g_strdup_printf (ngettext ("%u entry is gone", "%u entries are gone", n_problems),
                              n_problems);
    case LKS_VERIFY_FAULT_ADDED:
      return g_strdup_printf (ngettext ("%u entry was added by something else",
                                        "%u entries were added by something else", n_problems),
                              n_problems);
    case LKS_VERIFY_FAULT_ORDER:
      return g_strdup_printf (ngettext ("%u entry is not in its place",
                                        "%u entries are not in their places", n_problems),
                              n_problems);
    case LKS_VERIFY_FAULT_HEAD:
      return g_strdup_printf (ngettext ("%u noted entry is gone", "%u noted entries are gone",
                                        n_problems),
                              n_problems);
    case LKS_VERIFY_FAULT_SIGNATURE:
      return g_strdup_printf (ngettext ("%u signature is wrong or gone",
                                        "%u signatures are wrong or gone", n_problems),
                              n_problems);
    }
  return g_strdup_printf ("%u", n_problems);
}

/**
 * lks_verify_fault_to_advice:
 * @fault: a kind of problem
 *
 * Returns: (transfer none): what it means, and what to do next
 */
const char *
lks_verify_fault_to_advice (LksVerifyFault fault)
{
  switch (fault)
    {
    case LKS_VERIFY_FAULT_CHANGED:
      return _ ("They no longer say what was written down. Do not rely on them: read the boards "
                "again, and compare with a copy of the ledger or an export from before.");
    case LKS_VERIFY_FAULT_REMOVED:
      return _ ("Somebody took them out of the file, or the file is damaged. Look for them in a "
                "copy of the ledger or an export from before.");
    case LKS_VERIFY_FAULT_ADDED:
      return _ ("Locksmith did not write them as it writes records. Do not take them for proof: "
                "read the boards again.");
    case LKS_VERIFY_FAULT_ORDER:
      return _ ("Entries before them were taken out, exchanged or rewritten. Compare with a copy "
                "of the ledger or an export from before.");
    case LKS_VERIFY_FAULT_HEAD:
      return _ ("The newest entries were taken away, or this is another ledger. Look for them in "
                "a copy of the ledger.");
    case LKS_VERIFY_FAULT_SIGNATURE:
      return _ ("Nobody can vouch for these entries with the key they name. Ask who works with "
                "the file of the ledger, and compare with a copy.");
    }
  return "";
}

static gboolean
is_end_proven (const LksVerifyReport *report)
{
  return report->proven_sequence >= (gint64) report->n_entries;
}

static char *
say_proven (const LksVerifyReport *report)
{
  g_autofree char *last = g_strdup_printf ("%" G_GINT64_FORMAT, report->proven_sequence);
  g_autofree char *all = g_strdup_printf ("%" G_GUINT64_FORMAT, report->n_entries);

  switch (report->proof)
    {
    case LKS_VERIFY_PROOF_NOTE:
      /* Translators: up to which of how many entries of the ledger */
      return g_strdup_printf (_ ("Up to entry %s of %s, by the head that this station noted"), last,
                              all);
    case LKS_VERIFY_PROOF_SHARED:
      return g_strdup_printf (_ ("Up to entry %s of %s, by the shared ledger"), last, all);
    case LKS_VERIFY_PROOF_HEAD:
      return g_strdup_printf (_ ("Up to entry %s of %s, by the head that was given"), last, all);
    case LKS_VERIFY_PROOF_NONE:
      break;
    }
  return g_strdup (_ ("By nothing beside the ledger itself. Compare the head with one that was "
                      "noted earlier."));
}

/**
 * lks_verify_end_to_text:
 * @report: what was found
 * @not_asked: (nullable): why the shared ledger could not be asked
 *
 * Returns: (transfer full): up to where it is proven that no entry was removed at the end, and by
 *   what
 */
char *
lks_verify_end_to_text (const LksVerifyReport *report, const char *not_asked)
{
  g_autofree char *proven = say_proven (report);

  if (not_asked == NULL)
    return g_steal_pointer (&proven);
  /* Translators: up to where the end is proven, and why the shared ledger says nothing */
  return g_strdup_printf (_ ("%s\nThe shared ledger could not be asked: %s"), proven, not_asked);
}

/**
 * lks_sign_for_verify_report:
 * @report: what was found
 *
 * Returns: its sign
 */
LksSign
lks_sign_for_verify_report (const LksVerifyReport *report)
{
  if (report->n_problems > 0)
    return (LksSign){ "lks-fail-symbolic", _ ("Not as Written"), "", LKS_TONE_BAD };
  if (report->n_unsigned > 0)
    return (LksSign){ "lks-warning-symbolic", _ ("Unchanged, Not All Signed"), "",
                      LKS_TONE_WARNING };
  if (!is_end_proven (report))
    return (LksSign){ "lks-warning-symbolic", _ ("Unchanged, End Not Proven"), "",
                      LKS_TONE_WARNING };
  return (LksSign){ "lks-pass-symbolic", _ ("Unchanged"), "", LKS_TONE_GOOD };
}

/**
 * lks_verify_report_to_text:
 * @report: what was found
 *
 * Returns: (transfer full): what it means, in one or two sentences
 */
char *
lks_verify_report_to_text (const LksVerifyReport *report)
{
  if (report->n_entries == 0 && report->n_problems == 0)
    return g_strdup (_ ("There are no records yet."));
  if (report->n_problems > 0)
    return g_strdup (_ ("Something was done to the records after they were written. Keep the file "
                        "as it is, make a copy of it, and go through what is listed here."));
  if (report->n_unsigned > 0)
    return g_strdup (_ ("Every record is as it was written. No signature covers the newest "
                        "entries yet: who owns the file could still rewrite those unnoticed. The "
                        "next record that is signed covers them, too."));
  if (!is_end_proven (report))
    return g_strdup (_ ("Every record that is here is as it was written, and signed. Whether newer "
                        "ones were removed cannot be said: nothing beside the ledger knows which "
                        "one was the last. From the next record on this station notes it."));
  return g_strdup (_ ("Every record is as it was written, and signed."));
}
