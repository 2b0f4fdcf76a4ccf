/* SPDX-License-Identifier: GPL-3.0-or-later */
/* benchmark-vault ITEMS IMPORTS: a vault of ITEMS capabilities in a real keyring, without and with
 * the window. Runs under the rig, with a display. Told are the time to open it (one reading of the
 * index), the time until the window's page shows all of it, the time of a search by the last
 * digits until its frame is drawn, the time to import IMPORTS files while the page is shown, and
 * the longest stall of the window's main loop in each (loop-watch.h). What one frame of the page
 * costs is in all of them: this display has no graphics processor. */
#include "image-builder.h"
#include "lks-application.h"
#include "lks-vault-page.h"
#include "loop-watch.h"
#include "vault-world.h"

#include <adwaita.h>

#define SEARCHES 15
#define WARM_UP_MS 500
#define CAPABILITY 13

typedef struct
{
  World world;
  guint n_items;
  guint n_imports;
  double fill_s;
  double open_ms;
  double show_ms;
  double show_stall_ms;
  double search_ms[SEARCHES];
  double import_ms;
  double import_stall_ms;
} Bench;

static double
get_ms_since (gint64 start_us)
{
  return (g_get_monotonic_time () - start_us) / 1e3;
}

/* (transfer full) (element-type GFile): one capability for each board */
static GPtrArray *
write_files (Bench *bench, guint first, guint count)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = first; i < first + count; i++)
    {
      g_autoptr (GBytes) bytes =
          g_byte_array_free_to_bytes (builder_capability_numbered (i, CAPABILITY));
      g_autofree char *name = g_strdup_printf ("%u.cap", i);
      g_autofree char *path = world_write_file (&bench->world, name, bytes);

      g_ptr_array_add (files, g_file_new_for_path (path));
    }
  return files;
}

static double
import (Bench *bench, LksVault *vault, guint first, guint count)
{
  g_autoptr (GPtrArray) files = write_files (bench, first, count);
  g_autoptr (GPtrArray) imports = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start_us = g_get_monotonic_time ();

  g_clear_object (&bench->world.result);
  lks_vault_import_async (vault, files, NULL, NULL, NULL, world_answered_cb, &bench->world);
  imports = lks_vault_import_finish (vault, world_wait (&bench->world), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < imports->len; i++)
    g_assert_no_error (lks_vault_import_get_error (g_ptr_array_index (imports, i)));
  return get_ms_since (start_us);
}

static void
fill (Bench *bench)
{
  g_autoptr (LksVault) vault = lks_vault_new ();

  bench->fill_s = import (bench, vault, 0, bench->n_items) / 1e3;
}

static void
measure_open (Bench *bench)
{
  g_autoptr (LksVault) vault = lks_vault_new ();
  g_autoptr (GError) error = NULL;
  gint64 start_us = g_get_monotonic_time ();

  world_open (&bench->world, vault, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (world_count (vault), ==, bench->n_items);
  bench->open_ms = get_ms_since (start_us);
}

/* ---- the window ---- */

static gboolean
set_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_ms (guint ms)
{
  gboolean is_over = FALSE;

  g_timeout_add (ms, set_cb, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_for_frame (GtkWidget *widget)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
  gboolean is_drawn = FALSE;
  gulong handler = g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (set_cb), &is_drawn);

  gtk_widget_queue_draw (widget);
  while (!is_drawn)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (clock, handler);
}

/* (transfer none) (nullable) */
static GtkWidget *
find_widget (GtkWidget *below, GType type)
{
  GtkWidget *found = g_type_is_a (G_OBJECT_TYPE (below), type) ? below : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (below); found == NULL && child != NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_widget (child, type);
  return found;
}

static guint
count_shown (GtkWidget *window, GType page_type)
{
  GtkWidget *page = find_widget (window, page_type);
  GtkWidget *list = page != NULL ? find_widget (page, GTK_TYPE_LIST_VIEW) : NULL;
  GtkSelectionModel *model = list != NULL ? gtk_list_view_get_model (GTK_LIST_VIEW (list)) : NULL;

  return model != NULL && gtk_widget_get_mapped (list)
             ? g_list_model_get_n_items (G_LIST_MODEL (model))
             : 0;
}

static double
stop_watch (LoopWatch *loop)
{
  double longest_ms;

  loop_watch_stop (loop);
  longest_ms = loop_watch_get_ms (loop, 1);
  loop_watch_free (loop);
  return longest_ms;
}

static void
measure_show (Bench *bench, GtkWidget *window, GType page_type)
{
  LoopWatch *loop = loop_watch_new ();
  gint64 start_us = g_get_monotonic_time ();

  gtk_widget_activate_action (window, "win.show-page", "s", "capabilities");
  while (count_shown (window, page_type) != bench->n_items)
    g_main_context_iteration (NULL, TRUE);
  wait_for_frame (window);
  bench->show_ms = get_ms_since (start_us);
  bench->show_stall_ms = stop_watch (loop);
}

/* The entry waits until no key was pressed for a moment; that is left out. */
static void
measure_search (Bench *bench, GtkWidget *window, GType page_type)
{
  GtkWidget *page = find_widget (window, page_type);
  GtkWidget *entry = find_widget (page, GTK_TYPE_SEARCH_ENTRY);

  for (guint i = 0; i < SEARCHES; i++)
    {
      g_autofree char *digits = g_strdup_printf ("%06x", i * 7 % bench->n_items);
      gint64 start_us;

      gtk_editable_set_text (GTK_EDITABLE (entry), digits);
      start_us = g_get_monotonic_time ();
      g_signal_emit_by_name (entry, "search-changed");
      g_assert_cmpuint (count_shown (window, page_type), ==, 1);
      wait_for_frame (window);
      bench->search_ms[i] = get_ms_since (start_us);
    }

  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  g_signal_emit_by_name (entry, "search-changed");
  wait_for_frame (window);
}

static void
measure_import (Bench *bench, LksVault *vault, GtkWidget *window, GType page_type)
{
  LoopWatch *loop = loop_watch_new ();

  bench->import_ms = import (bench, vault, bench->n_items, bench->n_imports);
  wait_for_frame (window);
  bench->import_stall_ms = stop_watch (loop);
  g_assert_cmpuint (count_shown (window, page_type), ==, bench->n_items + bench->n_imports);
}

static void
measure_window (Bench *bench)
{
  g_autoptr (LksApplication) application = lks_application_new ("io.github.locksmith.Benchmark");
  g_autoptr (LksVault) vault = lks_vault_new ();
  g_autoptr (GError) error = NULL;
  GType page_type = LKS_TYPE_VAULT_PAGE;
  GtkWidget *window;

  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
  lks_application_set_vault (application, vault);
  g_application_activate (G_APPLICATION (application));
  window = GTK_WIDGET (gtk_application_get_active_window (GTK_APPLICATION (application)));
  wait_ms (WARM_UP_MS);

  measure_show (bench, window, page_type);
  measure_search (bench, window, page_type);
  measure_import (bench, vault, window, page_type);
  gtk_window_destroy (GTK_WINDOW (window));
  g_application_quit (G_APPLICATION (application));
}

static int
compare_cb (const void *a, const void *b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

int
main (int argc, char **argv)
{
  Bench bench = { 0 };

  if (argc != 3)
    return 2;

  bench.n_items = (guint) g_ascii_strtoull (argv[1], NULL, 10);
  bench.n_imports = (guint) g_ascii_strtoull (argv[2], NULL, 10);
  world_set_up_unlocked (&bench.world, NULL);
  fill (&bench);
  measure_open (&bench);
  measure_window (&bench);
  world_tear_down (&bench.world, NULL);

  qsort (bench.search_ms, SEARCHES, sizeof (double), compare_cb);
  g_print ("{\"benchmark\":\"vault\",\"items\":%u,\"fillS\":%.1f,\"openMs\":%.0f,\"showMs\":%.0f,"
           "\"showStallMs\":%.1f,\"searchMs\":{\"median\":%.1f,\"max\":%.1f},\"imports\":%u,"
           "\"importMs\":%.0f,\"importStallMs\":%.1f,\"aimStallMs\":100}\n",
           bench.n_items, bench.fill_s, bench.open_ms, bench.show_ms, bench.show_stall_ms,
           bench.search_ms[SEARCHES / 2], bench.search_ms[SEARCHES - 1], bench.n_imports,
           bench.import_ms, bench.import_stall_ms);
  return 0;
}
