/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-jig.h"

/* Controllers that have changed places, one that has gone, and one that is new. */
static GHashTable *
make_buses (void)
{
  GHashTable *buses = g_hash_table_new (NULL, NULL);

  g_hash_table_insert (buses, GUINT_TO_POINTER (1), (gpointer) "dock high-speed");
  g_hash_table_insert (buses, GUINT_TO_POINTER (3), (gpointer) "board high-speed");
  g_hash_table_insert (buses, GUINT_TO_POINTER (5), (gpointer) "card high-speed");
  return buses;
}

/* No two places are at one port, whatever a map says of its buses. */
static void
check_ports (LksJig *jig)
{
  g_autoptr (GHashTable) ports = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (jig)); i++)
    {
      g_autoptr (LksJigPlace) place = g_list_model_get_item (G_LIST_MODEL (jig), i);
      const char *port = lks_jig_place_get_port (place);

      g_assert_true (port == NULL || g_hash_table_add (ports, g_strdup (port)));
    }
}

/* A map that was read is written, and read again, as the same one, wherever its places are now. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) text = g_bytes_new (data, size);
  g_autoptr (LksJig) jig = lks_jig_new ();
  g_autoptr (LksJig) again = lks_jig_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) buses = make_buses ();
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

  check_ports (jig);
  first = lks_jig_to_json (jig);
  written = g_bytes_new (first, strlen (first));
  g_assert_true (lks_jig_parse (again, "written", written, &error));
  lks_jig_set_buses (again, buses);
  check_ports (again);
  second = lks_jig_to_json (again);
  g_assert_cmpstr (first, ==, second);
  return 0;
}
