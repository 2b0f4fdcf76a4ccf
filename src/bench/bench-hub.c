/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-hub.h"

#include <errno.h>
#include <glib-unix.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench-board.h"
#include "bench-buses.h"
#include "bench-events.h"
#include "bench-file.h"
#include "bench-sysfs.h"
#include "bench-usbip.h"

/* How often the server is asked for boards; unplugging shows at once by the closing connection. */
#define WATCH_INTERVAL_MS 40
#define RETRY_MS 500

/* A board of the server's list. */
typedef struct
{
  BenchHub *hub;       /* (unowned) */
  char *busid;         /* (owned) */
  GThread *importing;  /* (owned) (nullable) */
  BenchImport *import; /* (owned) (nullable): waits until a board that left the same hub has gone */
  BenchBoard *board;   /* (owned) (nullable) */
  gint64 retry_us;     /* not before this monotonic time, after a failure */
  gboolean has_failed; /* and said so */
} Place;

/* From a thread to the main context. */
typedef struct
{
  BenchHub *hub;       /* (unowned) the hub joins its threads before it ends */
  char *busid;         /* (owned) (nullable) */
  BenchImport *import; /* (owned) (nullable) */
  GStrv busids;        /* (owned) (nullable) */
  GError *error;       /* (owned) (nullable) */
} News;

struct _BenchHub
{
  char *runtime_dir;   /* (owned) */
  char *server;        /* (owned) host and port */
  BenchEvents *events; /* (owned) */
  int fd;
  guint accept_id;

  GHashTable *places;  /* (owned) (element-type utf8 Place): by bus ID of the server */
  GHashTable *parents; /* (owned) (element-type utf8): hubs shown in sysfs */
  GHashTable *denied;  /* (owned) (element-type utf8): places nobody may open */
  BenchBuses *buses;   /* (owned) */

  GThread *watcher; /* (owned) */
  GMutex mutex;
  GCond cond;
  gboolean is_ending; /* under mutex; written by the main thread only */
  guint n_news;       /* under mutex: idle sources not yet run */

  BenchHubReadyFunc ready; /* NULL once called */
  gpointer user_data;
};

static void
news_free (gpointer data)
{
  News *news = data;

  g_free (news->busid);
  g_clear_pointer (&news->import, bench_import_free);
  g_strfreev (news->busids);
  g_clear_error (&news->error);
  g_free (news);
}

static void
place_free (gpointer data)
{
  Place *place = data;

  if (place->importing != NULL)
    g_thread_join (place->importing);
  g_clear_pointer (&place->import, bench_import_free);
  g_clear_pointer (&place->board, bench_board_free);
  g_free (place->busid);
  g_free (place);
}

static void
become_ready (BenchHub *self, const GError *error)
{
  BenchHubReadyFunc ready = g_steal_pointer (&self->ready);

  if (ready != NULL)
    ready (error, self->user_data);
}

static gboolean
add_parent (BenchHub *self, const char *name, guint bus, GError **error)
{
  guint device;
  g_autoptr (BenchDescription) description = NULL;

  if (g_hash_table_contains (self->parents, name))
    return TRUE;

  device = bench_buses_take_device (self->buses, bus);
  description = bench_description_new_hub (name, bus, device);
  if (!bench_sysfs_add (self->runtime_dir, description, error))
    return FALSE;

  g_hash_table_add (self->parents, g_strdup (name));
  bench_events_emit (self->events, "add", name, bus, device);
  return TRUE;
}

/* "1-2.3.4" needs usb1, 1-2 and 1-2.3. */
static gboolean
add_parents (BenchHub *self, const char *place, guint bus, GError **error)
{
  g_autofree char *root = g_strdup_printf ("usb%u", bus);

  if (!add_parent (self, root, bus, error))
    return FALSE;

  for (const char *dot = strchr (place, '.'); dot != NULL; dot = strchr (dot + 1, '.'))
    {
      g_autofree char *name = g_strndup (place, dot - place);

      if (!add_parent (self, name, bus, error))
        return FALSE;
    }
  return TRUE;
}

/* Gives the import its place and number on this machine. The place is what the server calls it. */
static gboolean
settle (BenchHub *self, const char *busid, BenchDescription *description, GError **error)
{
  static const char form[] = "^[1-9][0-9]{0,2}-[1-9][0-9]{0,2}(\\.[1-9][0-9]{0,2}){0,5}$";
  guint bus = g_regex_match_simple (form, busid, 0, 0) ? strtoul (busid, NULL, 10) : 0;

  if (bus == 0 || bus > BENCH_BUSES_MAX)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "Bus ID “%s” of the USB/IP server is not of the form BUS-PORT.PORT", busid);
      return FALSE;
    }

  description->bus = bus;
  description->place = g_strdup (busid);
  if (!add_parents (self, busid, bus, error))
    return FALSE;

  description->device = bench_buses_take_device (self->buses, bus);
  if (description->device == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "Bus %u is full", bus);
      return FALSE;
    }
  return bench_sysfs_add (self->runtime_dir, description, error);
}

static void
unplugged_cb (BenchBoard *board, gpointer user_data)
{
  Place *place = user_data;

  bench_sysfs_remove (place->hub->runtime_dir, bench_board_get_description (board)->place);
}

static void plug_waiting (BenchHub *self);

static void
gone_cb (BenchBoard *board, gpointer user_data)
{
  Place *place = user_data;
  BenchHub *self = place->hub;
  const BenchDescription *description = bench_board_get_description (board);

  bench_buses_give_device (self->buses, description->bus, description->device);
  bench_events_emit (self->events, "remove", description->place, description->bus,
                     description->device);
  g_hash_table_remove (self->places, place->busid);
  plug_waiting (self);
}

static void
plug (BenchHub *self, Place *place, BenchImport *import)
{
  g_autoptr (GError) error = NULL;
  const BenchDescription *description;

  if (!settle (self, place->busid, import->description, &error))
    {
      g_printerr ("locksmith-bench: board %s: %s\n", place->busid, error->message);
      bench_import_free (import);
      place->retry_us = G_MAXINT64;
      return;
    }

  place->board = bench_board_new (import, unplugged_cb, gone_cb, place);
  description = bench_board_get_description (place->board);
  bench_events_emit (self->events, "add", description->place, description->bus,
                     description->device);
}

/* Of "1-2.3" and "1-2.4" it is 1-2, of "1-3" the root hub. */
static gsize
get_hub_length (const char *busid)
{
  const char *end = strrchr (busid, '.');

  return end != NULL ? (gsize) (end - busid) : strcspn (busid, "-");
}

/* The kernel deals with one thing after the other at a hub: until a board has gone, with all that
 * programs are told of it, no other arrives there. */
static gboolean
is_one_leaving (BenchHub *self, const char *busid)
{
  gsize length = get_hub_length (busid);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Place *place = value;

      if (place->board != NULL && !bench_board_is_plugged (place->board) &&
          get_hub_length (place->busid) == length && strncmp (place->busid, busid, length) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Imported, or being imported, and not plugged in yet. */
static gboolean
is_on_its_way (const Place *place)
{
  return place->importing != NULL || place->import != NULL;
}

static void
plug_waiting (BenchHub *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Place *place = value;

      if (place->import != NULL && !is_one_leaving (self, place->busid))
        plug (self, place, g_steal_pointer (&place->import));
    }
}

/* Ready once the boards of the first list are plugged in, or failed to. */
static void
check_ready (BenchHub *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (is_on_its_way (value))
      return;
  become_ready (self, NULL);
}

static void
take_import (BenchHub *self, News *news)
{
  Place *place = g_hash_table_lookup (self->places, news->busid);

  g_clear_pointer (&place->importing, g_thread_join);
  if (news->import != NULL)
    {
      place->import = g_steal_pointer (&news->import);
      plug_waiting (self);
    }
  else
    {
      if (!place->has_failed)
        g_printerr ("locksmith-bench: board %s: %s (will be tried again)\n", place->busid,
                    news->error->message);
      place->has_failed = TRUE;
      place->retry_us = g_get_monotonic_time () + RETRY_MS * G_TIME_SPAN_MILLISECOND;
    }
  check_ready (self);
}

static void post (News *news);

static gpointer
import_in_thread (gpointer data)
{
  News *news = data;

  news->import = bench_usbip_import (news->hub->server, news->busid, &news->error);
  post (news);
  return NULL;
}

static void
start_import (BenchHub *self, Place *place)
{
  News *news = g_new0 (News, 1);

  news->hub = self;
  news->busid = g_strdup (place->busid);
  place->importing = g_thread_new ("bench import", import_in_thread, news);
}

static void
take_list (BenchHub *self, News *news)
{
  if (news->busids == NULL)
    become_ready (self, news->error);
  if (news->busids == NULL || self->is_ending)
    return;

  for (guint i = 0; news->busids[i] != NULL; i++)
    {
      Place *place = g_hash_table_lookup (self->places, news->busids[i]);

      if (place == NULL)
        {
          place = g_new0 (Place, 1);
          place->hub = self;
          place->busid = g_strdup (news->busids[i]);
          g_hash_table_insert (self->places, place->busid, place);
        }
      if (!is_on_its_way (place) && place->board == NULL &&
          g_get_monotonic_time () >= place->retry_us)
        start_import (self, place);
    }
  check_ready (self);
}

static gboolean
news_cb (gpointer user_data)
{
  News *news = user_data;
  BenchHub *self = news->hub;

  g_mutex_lock (&self->mutex);
  self->n_news--;
  g_mutex_unlock (&self->mutex);

  if (news->busid != NULL)
    take_import (self, news);
  else
    take_list (self, news);
  return G_SOURCE_REMOVE;
}

static void
post (News *news)
{
  g_mutex_lock (&news->hub->mutex);
  news->hub->n_news++;
  g_mutex_unlock (&news->hub->mutex);
  g_idle_add_full (G_PRIORITY_DEFAULT, news_cb, news, news_free);
}

static gpointer
watch_in_thread (gpointer data)
{
  BenchHub *self = data;
  gboolean is_ending = FALSE;

  while (!is_ending)
    {
      News *news = g_new0 (News, 1);
      gint64 until_us;

      news->hub = self;
      news->busids = bench_usbip_list (self->server, &news->error);
      post (news);

      until_us = g_get_monotonic_time () + WATCH_INTERVAL_MS * G_TIME_SPAN_MILLISECOND;
      g_mutex_lock (&self->mutex);
      while (!self->is_ending && g_cond_wait_until (&self->cond, &self->mutex, until_us))
        ;
      is_ending = self->is_ending;
      g_mutex_unlock (&self->mutex);
    }
  return NULL;
}

static int
open_for (guint bus, guint device, BenchBoard **out_board, gpointer user_data)
{
  BenchHub *self = user_data;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      BenchBoard *board = ((Place *) value)->board;
      const BenchDescription *d = board != NULL ? bench_board_get_description (board) : NULL;

      if (d == NULL || d->bus != bus || d->device != device || !bench_board_is_plugged (board))
        continue;
      if (g_hash_table_contains (self->denied, d->place))
        return EACCES;
      *out_board = board;
      return 0;
    }

  /* Hubs are there, but not for users; the answer ENOENT would make libusb drop them and with them
   * the boards behind. */
  return bench_buses_has_device (self->buses, bus, device) ? EACCES : ENOENT;
}

static int
permit_for (const char *place, gboolean is_allowed, gpointer user_data)
{
  bench_hub_permit (user_data, place, is_allowed);
  return 0;
}

static gboolean
accept_cb (int fd, GIOCondition condition, gpointer user_data)
{
  static const BenchFileCallbacks callbacks = { open_for, permit_for };
  int accepted = accept4 (fd, NULL, NULL, SOCK_CLOEXEC);

  if (accepted >= 0)
    bench_file_new (accepted, &callbacks, user_data);
  return G_SOURCE_CONTINUE;
}

/**
 * bench_hub_new:
 * @runtime_dir: a private directory; the sockets and the sysfs tree are made in it
 * @server: host and port of the USB/IP server with the boards
 * @ready: called once, on the main context
 * @user_data: for @ready
 * @error: return location for an error
 *
 * Keeps every board of the server plugged in, and shows them to the programs.
 *
 * Returns: (transfer full): the hub
 */
BenchHub *
bench_hub_new (const char *runtime_dir,
               const char *server,
               BenchHubReadyFunc ready,
               gpointer user_data,
               GError **error)
{
  g_autoptr (BenchHub) self = g_new0 (BenchHub, 1);
  g_autofree char *bus_path = g_build_filename (runtime_dir, BENCH_WIRE_BUS_SOCKET, NULL);
  g_autofree char *event_path = g_build_filename (runtime_dir, BENCH_WIRE_EVENT_SOCKET, NULL);

  self->runtime_dir = g_strdup (runtime_dir);
  self->server = g_strdup (server);
  self->buses = bench_buses_new ();
  self->places = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, place_free);
  self->parents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->denied = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->ready = ready;
  self->user_data = user_data;

  self->fd = bench_events_listen (bus_path, SOCK_STREAM, error);
  if (self->fd < 0)
    return NULL;
  self->events = bench_events_new (event_path, error);
  if (self->events == NULL)
    return NULL;

  self->accept_id = g_unix_fd_add (self->fd, G_IO_IN, accept_cb, self);
  self->watcher = g_thread_new ("bench watch", watch_in_thread, self);
  return g_steal_pointer (&self);
}

static gboolean
has_news (BenchHub *self)
{
  gboolean has;

  g_mutex_lock (&self->mutex);
  has = self->n_news > 0;
  g_mutex_unlock (&self->mutex);
  return has;
}

/* Threads post to us until they end, and what they posted must be taken. */
static void
end_threads (BenchHub *self)
{
  GHashTableIter iter;
  gpointer value;

  g_mutex_lock (&self->mutex);
  self->is_ending = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_clear_pointer (&self->watcher, g_thread_join);

  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_clear_pointer (&((Place *) value)->importing, g_thread_join);
  while (has_news (self))
    g_main_context_iteration (NULL, FALSE);
}

/**
 * bench_hub_free:
 * @self: (nullable) (transfer full): a hub
 *
 * Ends everything; programs that still run see their boards vanish.
 */
void
bench_hub_free (BenchHub *self)
{
  if (self == NULL)
    return;

  end_threads (self);
  g_clear_handle_id (&self->accept_id, g_source_remove);
  if (self->fd >= 0)
    close (self->fd);
  g_hash_table_unref (self->places); /* with the boards */
  g_clear_pointer (&self->events, bench_events_free);
  bench_buses_free (self->buses);
  g_hash_table_unref (self->parents);
  g_hash_table_unref (self->denied);
  g_free (self->server);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self->runtime_dir);
  g_free (self);
}

/**
 * bench_hub_permit:
 * @self: a hub
 * @place: where a board is or will be: "1-2"
 * @is_allowed: whether programs may open it
 *
 * Decides what a missing udev rule decides on a real machine. Holds for later plugging in too.
 */
void
bench_hub_permit (BenchHub *self, const char *place, gboolean is_allowed)
{
  if (is_allowed)
    g_hash_table_remove (self->denied, place);
  else
    g_hash_table_add (self->denied, g_strdup (place));
}
