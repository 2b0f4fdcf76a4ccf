/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-jig.h"

/* A map that was read is written, and read again, as the same one. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) text = g_bytes_new (data, size);
  g_autoptr (LksJig) jig = lks_jig_new ();
  g_autoptr (LksJig) again = lks_jig_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) written = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (!lks_jig_parse (jig, "fuzz", text, &error))
    {
      g_assert_nonnull (error);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (jig)), ==, 0);
      return 0;
    }
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (jig)), <=, LKS_JIG_PLACES_MAX);

  first = lks_jig_to_json (jig);
  written = g_bytes_new (first, strlen (first));
  g_assert_true (lks_jig_parse (again, "written", written, &error));
  second = lks_jig_to_json (again);
  g_assert_cmpstr (first, ==, second);
  return 0;
}
