/* SPDX-License-Identifier: GPL-3.0-or-later */
/* benchmark-cloud-window EMULATOR DEVICES: the window's list of a catalog of DEVICES devices, at
 * the Integrated and at the Legacy service: the time until its first rows are there; how much
 * memory all rows need that somebody can scroll to, and a search through all devices that finds
 * none; how long the main loop is kept from answering meanwhile (loop-watch.h), once more without
 * the frames that this thread draws where there is no graphics processor. Runs under the rig with a
 * keyring. */
#include "cloud-page.h"
#include "loop-watch.h"

#include "lks-cloud-list.h"

#include <stdio.h>
#include <unistd.h>

#define SCENARIO                                                                                   \
  "{\"cloud\":{\"clientId\":\"" PAGE_CLIENT "\",\"tenant\":\"" PAGE_TENANT                         \
  "\",\"pollSeconds\":0,\"operationMs\":0,"                                                        \
  "\"catalogs\":[{\"name\":\"plant7\",\"products\":[\"Pump\",\"Valve\"],\"devices\":%u},"          \
  "{\"name\":\"small\",\"products\":[\"Rig\"],\"devices\":2}]}}"
#define LISTING_DEVICES 1

typedef struct
{
  double first_ms;
  double scrolled_s;
  guint n_rows;
  long scrolled_kib;
  double searched_s;
  long searched_kib;
  LoopWatch *loop; /* (owned) */
} Measured;

static double
get_s_since (gint64 start_us)
{
  return (g_get_monotonic_time () - start_us) / 1e6;
}

static long
get_memory_kib (void)
{
  g_autofree char *text = NULL;
  long pages = 0;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%*d %ld", &pages), ==, 1);
  return pages * (sysconf (_SC_PAGESIZE) / 1024);
}

static LksCloudList *
get_list (CloudPage *f)
{
  GListModel *rows = page_get_rows (f);

  return rows != NULL ? LKS_CLOUD_LIST (gtk_no_selection_get_model (GTK_NO_SELECTION (rows)))
                      : NULL;
}

/* Nothing more comes. */
static gboolean
is_over (CloudPage *f)
{
  LksCloudListState state = lks_cloud_list_get_state (get_list (f));

  return state != LKS_CLOUD_LIST_LOADING && state != LKS_CLOUD_LIST_PAUSED;
}

static GtkAdjustment *
get_adjustment (CloudPage *f)
{
  GtkWidget *view = page_find (f, GTK_TYPE_LIST_VIEW);
  GtkWidget *scrolled = gtk_widget_get_ancestor (view, GTK_TYPE_SCROLLED_WINDOW);

  return gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
}

/* As somebody who drags the bar down again and again. */
static void
scroll_through (CloudPage *f, Measured *measured)
{
  GtkAdjustment *adjustment = get_adjustment (f);
  long before_kib = get_memory_kib ();
  gint64 start_us = g_get_monotonic_time ();

  while (!is_over (f))
    {
      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
      g_main_context_iteration (NULL, TRUE);
    }
  measured->scrolled_s = get_s_since (start_us);
  measured->scrolled_kib = get_memory_kib () - before_kib;
  measured->n_rows = page_count_rows (f);
}

static void
search_in_vain (CloudPage *f, Measured *measured)
{
  LksCloudList *before = get_list (f);
  long before_kib = get_memory_kib ();
  gint64 start_us = g_get_monotonic_time ();
  LksCloudList *list;

  page_search_for (f, "no such device");
  /* The view shows a message instead of the list; the list is looked up while it is there. */
  WAIT_UNTIL ((list = get_list (f)) == NULL || list != before);
  WAIT_UNTIL (page_shows (f, "Nothing Found"));
  measured->searched_s = get_s_since (start_us);
  measured->searched_kib = get_memory_kib () - before_kib;
}

static void
measure (CloudPage *f, Measured *measured)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (f->window));
  gint64 start_us;

  page_open_row (f, page_find_row (f, "plant7"));
  WAIT_UNTIL (page_count_rows (f) == 2 && page_shows (f, "Pump"));
  measured->loop = loop_watch_new ();
  g_signal_connect_swapped (clock, "before-paint", G_CALLBACK (loop_watch_begin_frame),
                            measured->loop);
  g_signal_connect_data (clock, "after-paint", G_CALLBACK (loop_watch_end_frame), measured->loop,
                         NULL, G_CONNECT_AFTER | G_CONNECT_SWAPPED);
  start_us = g_get_monotonic_time ();
  page_choose_listing (f, LISTING_DEVICES);
  WAIT_UNTIL (page_count_rows (f) > 2);
  measured->first_ms = get_s_since (start_us) * 1e3;
  scroll_through (f, measured);
  search_in_vain (f, measured);
  g_signal_handlers_disconnect_by_data (clock, measured->loop);
  loop_watch_stop (measured->loop);
}

static void
print (const char *service, guint n_devices, Measured *measured)
{
  printf ("{\"benchmark\":\"cloud-window\",\"service\":\"%s\",\"devices\":%u,\"firstRowsMs\":%.1f,"
          "\"rowsToScrollTo\":%u,\"scrolledSeconds\":%.2f,\"scrolledMemoryKib\":%ld,"
          "\"searchSeconds\":%.2f,\"searchMemoryKib\":%ld,\"p99Ms\":%.2f,\"longestMs\":%.2f,"
          "\"longestWorkMs\":%.2f}\n",
          service, n_devices, measured->first_ms, measured->n_rows, measured->scrolled_s,
          measured->scrolled_kib, measured->searched_s, measured->searched_kib,
          loop_watch_get_ms (measured->loop, 0.99), loop_watch_get_ms (measured->loop, 1),
          loop_watch_get_work_ms (measured->loop));
  fflush (stdout);
  loop_watch_free (measured->loop);
}

int
main (int argc, char **argv)
{
  guint n_devices;
  g_autofree char *scenario = NULL;
  CloudPage page = { 0 };
  Measured integrated = { 0 };
  Measured legacy = { 0 };

  g_assert_cmpint (argc, ==, 3);
  n_devices = (guint) g_ascii_strtoull (argv[2], NULL, 10);
  scenario = g_strdup_printf (SCENARIO, n_devices);
  argc = 2; /* the page takes the rest for a folder */
  page_init (&argc, &argv);

  page_open (&page, scenario);
  measure (&page, &integrated);
  print ("integrated", n_devices, &integrated);
  page_sign_out (&page);
  g_settings_set_boolean (page.settings, "cloud-legacy", TRUE);
  page_sign_in (&page);
  measure (&page, &legacy);
  print ("legacy", n_devices, &legacy);
  page_sign_out (&page);
  page_close (&page);
  return 0;
}
