/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-bundle.h"
#include "service-board.h"

#include <string.h>

/* The boards of bundle.json. */
enum
{
  BOARD_OPEN,
  BOARD_LOCKED,
  BOARD_PULLED,
};

static void
set_up (ServiceBoard *board, gconstpointer index)
{
  service_board_open (board, GPOINTER_TO_UINT (index));
}

static void
tear_down (ServiceBoard *board, gconstpointer index)
{
  service_board_clear (board);
  service_board_close (board);
}

static void
tear_down_plugged (ServiceBoard *board, gconstpointer index)
{
  service_board_plug (board);
  tear_down (board, index);
}

static LksBundle *
read_bundle (ServiceBoard *board)
{
  LksBundle *bundle = lks_bundle_new ();
  g_autoptr (GError) error = NULL;

  assert_ok (lks_bundle_read (bundle, board->device, NULL, &error), error);
  return bundle;
}

/* "contents.json board.error.json …" */
static char *
list_names (GPtrArray *entries)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < entries->len; i++)
    {
      const LksBundleEntry *entry = g_ptr_array_index (entries, i);

      g_assert_cmpstr (entry->title, !=, "");
      g_assert_true ((entry->error != NULL) == (strstr (entry->name, ".error.") != NULL));
      g_string_append_printf (names, "%s%s", i == 0 ? "" : " ", entry->name);
    }
  return g_string_free (names, FALSE);
}

static const LksBundleEntry *
find (GPtrArray *entries, const char *name)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const LksBundleEntry *entry = g_ptr_array_index (entries, i);

      if (g_str_equal (entry->name, name))
        return entry;
    }

  g_error ("no entry %s", name);
}

static gboolean
holds (const LksBundleEntry *entry, const char *text)
{
  gsize size;
  const char *data = g_bytes_get_data (entry->bytes, &size);

  return g_strstr_len (data, (gssize) size, text) != NULL;
}

static guint
count_holding (GPtrArray *entries, const char *text)
{
  guint n = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      const LksBundleEntry *entry = g_ptr_array_index (entries, i);
      gsize size;
      const char *data = g_bytes_get_data (entry->bytes, &size);

      for (gsize at = 0; at + strlen (text) <= size; at++)
        if (memcmp (data + at, text, strlen (text)) == 0)
          {
            g_test_message ("%s holds “%s”", entry->name, text);
            n++;
            break;
          }
    }
  return n;
}

static guint
join_holds (GPtrArray *entries)
{
  guint flags = 0;

  for (guint i = 0; i < entries->len; i++)
    flags |= ((const LksBundleEntry *) g_ptr_array_index (entries, i))->holds;
  return flags;
}

/* Boards refuse memory statistics without the development capability. */
static void
test_open (ServiceBoard *board, gconstpointer unused)
{
  const LksBundleWish wish = { FALSE };
  g_autoptr (LksBundle) bundle = read_bundle (board);
  g_autoptr (GPtrArray) entries = lks_bundle_list (bundle, &wish);
  g_autofree char *names = list_names (entries);

  g_assert_cmpstr (names, ==,
                   "contents.json board.error.json link.error.json log.bin log.txt telemetry.bin "
                   "software.json memory.error.json lamps.json network.json wifi.json "
                   "certificates.json");
  g_assert_cmpuint (lks_bundle_get_read (bundle), ==, 7);
  g_assert_cmpuint (lks_bundle_get_missing (bundle), ==, 1);
  g_assert_cmpuint (g_bytes_get_size (find (entries, "telemetry.bin")->bytes), ==, 305);
  g_assert_true (holds (find (entries, "wifi.json"), "\"ssid\" : \"Pump Room\""));
  g_assert_true (holds (find (entries, "wifi.json"), "WrongKey"));
  g_assert_true (holds (find (entries, "log.txt"), "networkd(78): "));
  g_assert_true (holds (find (entries, "contents.json"), "\"name\" : \"telemetry.bin\""));
  g_assert_true (find (entries, "wifi.json")->holds & LKS_BUNDLE_HOLDS_NETWORK_NAMES);
  g_assert_true (find (entries, "telemetry.bin")->holds & LKS_BUNDLE_HOLDS_UNKNOWN);
}

static void
test_hidden (ServiceBoard *board, gconstpointer unused)
{
  const LksBundleWish nothing = { FALSE };
  const LksBundleWish all = { .hide_names = TRUE, .hide_addresses = TRUE };
  g_autoptr (LksBundle) bundle = read_bundle (board);
  g_autoptr (GPtrArray) open = lks_bundle_list (bundle, &nothing);
  g_autoptr (GPtrArray) hidden = lks_bundle_list (bundle, &all);
  g_autoptr (GPtrArray) again = lks_bundle_list (bundle, &nothing);

  g_assert_cmpuint (count_holding (open, "Pump Room"), >=, 3);
  g_assert_cmpuint (count_holding (open, "\"b1\""), ==, 1);
  g_assert_cmpuint (count_holding (open, "pumps"), ==, 1);
  g_assert_cmpuint (count_holding (open, "02:"), >=, 1);
  g_assert_cmpuint (count_holding (hidden, "Pump Room"), ==, 0);
  g_assert_cmpuint (count_holding (hidden, "\"b1\""), ==, 0);
  g_assert_cmpuint (count_holding (hidden, "pumps"), ==, 0);
  g_assert_cmpuint (count_holding (hidden, "\"02:"), ==, 0);
  g_assert_true (holds (find (hidden, "wifi.json"), "\"network-1\""));
  g_assert_true (holds (find (hidden, "telemetry.error.json"), "\"unsafe\""));
  g_assert_false (join_holds (hidden) &
                  (LKS_BUNDLE_HOLDS_NETWORK_NAMES | LKS_BUNDLE_HOLDS_HARDWARE_ADDRESSES |
                   LKS_BUNDLE_HOLDS_UNKNOWN));

  /* Hiding is a matter of writing: what was read stays. */
  g_assert_cmpuint (again->len, ==, open->len);
  for (guint i = 0; i < open->len; i++)
    g_assert_true (g_bytes_equal (((LksBundleEntry *) g_ptr_array_index (open, i))->bytes,
                                  ((LksBundleEntry *) g_ptr_array_index (again, i))->bytes));
}

static void
test_locked (ServiceBoard *board, gconstpointer unused)
{
  const LksBundleWish wish = { FALSE };
  g_autoptr (LksBundle) bundle = read_bundle (board);
  g_autoptr (GPtrArray) entries = lks_bundle_list (bundle, &wish);

  g_assert_cmpuint (lks_bundle_get_read (bundle), ==, 1); /* the lamps: some of it is open to all */
  g_assert_true (holds (find (entries, "log.error.json"), "\"refused\""));
  g_assert_true (holds (find (entries, "contents.json"), "\"refused\""));
  g_assert_error (find (entries, "log.error.json")->error, LKS_DEVICE_ERROR,
                  LKS_DEVICE_ERROR_REFUSED);
}

/* What one question cannot get does not keep the next from being asked. */
static void
test_one_fails (ServiceBoard *board, gconstpointer unused)
{
  const LksBundleWish wish = { FALSE };
  g_autoptr (LksBundle) bundle = NULL;
  g_autoptr (GPtrArray) entries = NULL;

  service_board_set_fault (board, "\"kind\":\"status\",\"path\":\"/telemetry\",\"status\":500,"
                                  "\"number\":17825801");
  bundle = read_bundle (board);
  entries = lks_bundle_list (bundle, &wish);
  g_assert_error (find (entries, "telemetry.error.json")->error, LKS_DEVICE_ERROR,
                  LKS_DEVICE_ERROR_INTERNAL);
  find (entries, "log.bin");
  find (entries, "certificates.json");
}

/* The board vanishes after the log: that stays, and the rest is not asked for again and again. */
static void
test_vanishes (ServiceBoard *board, gconstpointer unused)
{
  const LksBundleWish wish = { FALSE };
  g_autoptr (LksBundle) bundle = lks_bundle_new ();
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;

  service_board_do_after (board, 1, service_board_unplug);
  g_assert_false (lks_bundle_read (bundle, board->device, NULL, &error));
  g_assert_true (error->domain == LKS_DEVICE_ERROR);
  entries = lks_bundle_list (bundle, &wish);
  g_assert_cmpuint (lks_bundle_get_read (bundle), ==, 1);
  find (entries, "log.bin");
  g_assert_nonnull (find (entries, "certificates.error.json")->error);
}

static void
cancel_cb (const LksDeviceExchange *exchange, gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

static void
test_cancelled (ServiceBoard *board, gconstpointer unused)
{
  const LksBundleWish wish = { FALSE };
  g_autoptr (LksBundle) bundle = lks_bundle_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = NULL;

  lks_device_set_watcher (board->device, cancel_cb, cancellable);
  g_assert_false (lks_bundle_read (bundle, board->device, cancellable, &error));
  lks_device_set_watcher (board->device, NULL, NULL);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  entries = lks_bundle_list (bundle, &wish);
  g_assert_error (find (entries, "certificates.error.json")->error, LKS_BOARD_ERROR,
                  LKS_BOARD_ERROR_NOT_READY);
}

/* The same content makes the same archive; a stream that fails is told. */
static void
test_written (ServiceBoard *board, gconstpointer unused)
{
  const LksBundleWish wish = { FALSE };
  g_autoptr (LksBundle) bundle = read_bundle (board);
  g_autoptr (GOutputStream) one = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) two = g_memory_output_stream_new_resizable ();
  guint8 room[100];
  g_autoptr (GOutputStream) small = g_memory_output_stream_new (room, sizeof room, NULL, NULL);
  g_autoptr (GError) error = NULL;

  assert_ok (lks_bundle_write (bundle, &wish, one, NULL, &error), error);
  assert_ok (lks_bundle_write (bundle, &wish, two, NULL, &error), error);
  g_assert_cmpmem (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (one)),
                   g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (one)),
                   g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (two)),
                   g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (two)));
  g_assert_false (lks_bundle_write (bundle, &wish, small, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

static void
add (const char *path, guint index, void (*test) (ServiceBoard *, gconstpointer))
{
  g_test_add (path, ServiceBoard, GUINT_TO_POINTER (index), set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add ("/bundle/open", BOARD_OPEN, test_open);
  add ("/bundle/hidden", BOARD_OPEN, test_hidden);
  add ("/bundle/locked", BOARD_LOCKED, test_locked);
  add ("/bundle/one-fails", BOARD_OPEN, test_one_fails);
  add ("/bundle/cancelled", BOARD_OPEN, test_cancelled);
  add ("/bundle/written", BOARD_OPEN, test_written);
  g_test_add ("/bundle/vanishes", ServiceBoard, GUINT_TO_POINTER (BOARD_PULLED), set_up,
              test_vanishes, tear_down_plugged);

  return g_test_run ();
}
