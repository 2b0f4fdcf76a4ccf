/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-head-note.h"

/* What is taken for a note is the only text that says the same. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  LksHeadNote note;
  g_autofree char *again = NULL;

  if (!lks_head_note_parse ((const char *) data, size, &note))
    return 0;

  g_assert_cmpint (note.sequence, >, 0);
  g_assert_cmpuint (strlen (note.hash), ==, LKS_HEAD_NOTE_HASH_DIGITS);
  again = g_strdup_printf ("%019" G_GINT64_FORMAT " %s\n", note.sequence, note.hash);
  g_assert_cmpmem (data, size, again, strlen (again));
  return 0;
}
