/* SPDX-License-Identifier: GPL-3.0-or-later */

/* test-usb CONTROL BENCH: see usb-world.c for the adapters that are plugged in. */

#include "lks-port-monitor.h"

#include <gio/gunixsocketaddress.h>
#include <libusb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define N_PLACES 4

/* Nothing here takes so long unless it hangs: the bound is for a machine with much to do. */
#define WAIT_MS 60000
#define TICK_MS 2

#define SERVICE_INTERFACE 2

static const char *control_path;
static const char *bench_path;
static const char *self_path;

/* ---- the world ---- */

typedef struct
{
  GSocketConnection *world;
  GDataInputStream *answers;
  LksIoThread *io_thread;
  LksPortMonitor *monitor;
  guint ticks_id;
} Fixture;

static gboolean
tick_cb (gpointer unused)
{
  return G_SOURCE_CONTINUE;
}

/* Waits for a condition, not for time: the ticks only make it look again. */
#define WAIT_FOR(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 wait_end_us = g_get_monotonic_time () + WAIT_MS * G_TIME_SPAN_MILLISECOND;              \
    while (!(condition))                                                                           \
      {                                                                                            \
        g_assert_cmpint (g_get_monotonic_time (), <, wait_end_us);                                 \
        g_main_context_iteration (NULL, TRUE);                                                     \
      }                                                                                            \
  }                                                                                                \
  G_STMT_END

G_GNUC_PRINTF (2, 3)
static char *
ask (Fixture *f, const char *format, ...)
{
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (f->world));
  g_autofree char *wish = NULL;
  g_autofree char *line = NULL;
  char *answer;
  va_list args;

  va_start (args, format);
  wish = g_strdup_vprintf (format, args);
  va_end (args);

  line = g_strdup_printf ("%s\n", wish);
  g_assert_true (g_output_stream_write_all (output, line, strlen (line), NULL, NULL, NULL));
  answer = g_data_input_stream_read_line (f->answers, NULL, NULL, NULL);
  g_assert_nonnull (answer);
  return answer;
}

#define WISH(...)                                                                                  \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *wish_answer = ask (__VA_ARGS__);                                              \
    g_assert_cmpstr (wish_answer, ==, "ok");                                                       \
  }                                                                                                \
  G_STMT_END

static guint
count_ports (Fixture *f)
{
  return g_list_model_get_n_items (G_LIST_MODEL (f->monitor));
}

static LksPort *
get_port (Fixture *f, const char *path)
{
  for (guint i = 0; i < count_ports (f); i++)
    {
      g_autoptr (LksPort) port = g_list_model_get_item (G_LIST_MODEL (f->monitor), i);

      if (strcmp (lks_port_get_path (port), path) == 0)
        return g_steal_pointer (&port);
    }

  return NULL;
}

static gboolean
has_port (Fixture *f, const char *path)
{
  g_autoptr (LksPort) port = get_port (f, path);

  return port != NULL;
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (control_path);
  g_autoptr (GError) error = NULL;

  f->world = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  f->answers = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (f->world)));
  f->ticks_id = g_timeout_add (TICK_MS, tick_cb, NULL);
  for (guint i = 0; i < N_PLACES; i++)
    {
      WISH (f, "plug %u", i);
      WISH (f, "wire %u stuck", i);
    }

  f->io_thread = lks_io_thread_new ();
  f->monitor = lks_port_monitor_new (f->io_thread, NULL, &error);
  g_assert_no_error (error);
  WAIT_FOR (lks_port_monitor_is_settled (f->monitor) && count_ports (f) == N_PLACES);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_assert_finalize_object (f->monitor);
  g_assert_finalize_object (f->io_thread);
  g_source_remove (f->ticks_id);
  g_object_unref (f->answers);
  g_object_unref (f->world);
}

/* ---- a listener on a line ---- */

typedef struct
{
  LksIoThread *io_thread;
  LksByteStream *stream;
  gboolean close_in_callback;

  GMutex mutex; /* guards what follows */
  GByteArray *received;
  GError *failure;
  guint closes;
  guint overruns;
  guint writables;
  guint late; /* callbacks after the end */
  gboolean ended;
} Listener;

static void
received_cb (gpointer user_data, const guint8 *data, gsize size_bytes)
{
  Listener *listener = user_data;

  g_mutex_lock (&listener->mutex);
  listener->late += listener->ended;
  g_byte_array_append (listener->received, data, (guint) size_bytes);
  if (listener->close_in_callback)
    listener->ended = TRUE;
  g_mutex_unlock (&listener->mutex);

  if (listener->close_in_callback)
    lks_byte_stream_close (listener->stream);
}

static void
writable_cb (gpointer user_data)
{
  Listener *listener = user_data;

  g_mutex_lock (&listener->mutex);
  listener->late += listener->ended;
  listener->writables++;
  g_mutex_unlock (&listener->mutex);
}

static void
closed_cb (gpointer user_data, const GError *error)
{
  Listener *listener = user_data;

  g_mutex_lock (&listener->mutex);
  listener->late += listener->ended;
  listener->closes++;
  if (listener->failure == NULL)
    listener->failure = g_error_copy (error);
  listener->ended = TRUE;
  g_mutex_unlock (&listener->mutex);
}

static void
overrun_cb (gpointer user_data)
{
  Listener *listener = user_data;

  g_mutex_lock (&listener->mutex);
  listener->overruns++;
  g_mutex_unlock (&listener->mutex);
}

static const LksByteStreamHandler handler = { received_cb, writable_cb, closed_cb, overrun_cb };

static void
listen_cb (gpointer user_data)
{
  Listener *listener = user_data;

  lks_byte_stream_set_handler (listener->stream, &handler, listener);
}

static void
close_cb (gpointer user_data)
{
  Listener *listener = user_data;

  lks_byte_stream_close (listener->stream);
  lks_byte_stream_close (listener->stream);
  g_mutex_lock (&listener->mutex);
  listener->ended = TRUE;
  g_mutex_unlock (&listener->mutex);
}

static void
listener_init (Listener *self, Fixture *f, LksPort *port)
{
  g_autoptr (GError) error = NULL;

  *self = (Listener){ .io_thread = f->io_thread };
  g_mutex_init (&self->mutex);
  self->received = g_byte_array_new ();
  self->stream = lks_port_open_uart (port, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (self->stream);
  lks_io_thread_call (self->io_thread, listen_cb, self);
}

static void
listener_open (Listener *self, Fixture *f, const char *path)
{
  g_autoptr (LksPort) port = get_port (f, path);

  g_assert_nonnull (port);
  listener_init (self, f, port);
}

static void
listener_clear (Listener *self)
{
  lks_io_thread_call (self->io_thread, close_cb, self);
  g_object_unref (self->stream);
  g_assert_cmpuint (self->late, ==, 0);
  g_clear_error (&self->failure);
  g_byte_array_unref (self->received);
  g_mutex_clear (&self->mutex);
}

static guint
read_locked (Listener *self, const guint *count)
{
  guint value;

  g_mutex_lock (&self->mutex);
  value = *count;
  g_mutex_unlock (&self->mutex);
  return value;
}

static guint
get_received (Listener *self)
{
  return read_locked (self, &self->received->len);
}

static guint
get_closes (Listener *self)
{
  return read_locked (self, &self->closes);
}

static guint
get_writables (Listener *self)
{
  return read_locked (self, &self->writables);
}

static guint
get_overruns (Listener *self)
{
  return read_locked (self, &self->overruns);
}

typedef struct
{
  LksByteStream *stream;
  const guint8 *data;
  gsize size_bytes;
  gsize taken;
} Write;

static void
write_cb (gpointer user_data)
{
  Write *write = user_data;

  write->taken = lks_byte_stream_write (write->stream, write->data, write->size_bytes);
}

static gsize
write_some (Listener *self, const guint8 *data, gsize size_bytes)
{
  Write write = { self->stream, data, size_bytes, 0 };

  lks_io_thread_call (self->io_thread, write_cb, &write);
  return write.taken;
}

static void
write_all (Listener *self, const guint8 *data, gsize size_bytes)
{
  while (size_bytes > 0)
    {
      guint writables = get_writables (self);
      gsize taken = write_some (self, data, size_bytes);

      data += taken;
      size_bytes -= taken;
      if (size_bytes > 0)
        WAIT_FOR (get_writables (self) > writables);
    }
}

/* ---- discovery ---- */

static void
test_discovery (Fixture *f, gconstpointer unused)
{
  static const struct
  {
    const char *path;
    const char *serial;
    LksAdapter adapter;
  } places[N_PLACES] = {
    { "1-1", "AS000001", LKS_ADAPTER_BOARD },
    { "1-2", "AS000001", LKS_ADAPTER_BOARD },
    { "1-3", "AS000003", LKS_ADAPTER_BOARD },
    { "1-4", NULL, LKS_ADAPTER_NOT_PROGRAMMED },
  };

  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (f->monitor)) == LKS_TYPE_PORT);
  for (guint i = 0; i < N_PLACES; i++)
    {
      g_autoptr (LksPort) port = g_list_model_get_item (G_LIST_MODEL (f->monitor), i);
      g_autofree char *problem = lks_port_dup_problem (port);

      g_assert_cmpstr (lks_port_get_path (port), ==, places[i].path);
      g_assert_cmpstr (lks_port_get_usb_serial (port), ==, places[i].serial);
      g_assert_cmpint (lks_port_get_adapter (port), ==, places[i].adapter);
      g_assert_true (lks_port_is_present (port));
      g_assert_true ((problem == NULL) == (places[i].adapter == LKS_ADAPTER_BOARD));
    }
}

static void
test_not_programmed (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksPort) port = get_port (f, "1-4");
  g_autofree char *problem = lks_port_dup_problem (port);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (strstr (problem, "“Quad RS232-HS” by “FTDI”"));
  g_assert_null (lks_port_open_uart (port, NULL, &error));
  g_assert_error (error, LKS_USB_ERROR, LKS_USB_ERROR_IO);
}

static void
test_extra_products (Fixture *f, gconstpointer unused)
{
  static const char *const extra[] = { "Other", "Quad RS232-HS", NULL };
  g_autoptr (GError) error = NULL;
  LksPortMonitor *monitor = lks_port_monitor_new (f->io_thread, extra, &error);

  g_assert_no_error (error);
  WAIT_FOR (g_list_model_get_n_items (G_LIST_MODEL (monitor)) == N_PLACES);
  {
    g_autoptr (LksPort) port = g_list_model_get_item (G_LIST_MODEL (monitor), 3);

    g_assert_cmpint (lks_port_get_adapter (port), ==, LKS_ADAPTER_BOARD);
  }
  g_assert_finalize_object (monitor);
}

static void
count_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  guint *notifies = user_data;

  (*notifies)++;
}

static void
test_hotplug (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksPort) first = get_port (f, "1-2");
  g_autoptr (LksPort) second = NULL;
  guint notifies = 0;
  gint64 start_us;

  g_signal_connect (first, "notify::present", G_CALLBACK (count_cb), &notifies);
  start_us = g_get_monotonic_time ();
  WISH (f, "unplug 1");
  WAIT_FOR (count_ports (f) == N_PLACES - 1);
  g_test_message ("gone after %.1f ms", (g_get_monotonic_time () - start_us) / 1000.0);
  g_assert_false (has_port (f, "1-2"));
  g_assert_false (lks_port_is_present (first));
  g_assert_cmpuint (notifies, ==, 1);

  start_us = g_get_monotonic_time ();
  WISH (f, "plug 1");
  WAIT_FOR (count_ports (f) == N_PLACES);
  g_test_message ("there after %.1f ms", (g_get_monotonic_time () - start_us) / 1000.0);
  second = get_port (f, "1-2");
  g_assert_true (second != first);
  g_assert_true (lks_port_is_present (second));
  g_assert_false (lks_port_is_present (first));
}

/* Quicker than the strings can be read. */
static void
test_hotplug_storm (Fixture *f, gconstpointer unused)
{
  for (guint i = 0; i < 20; i++)
    {
      WISH (f, "%s %u", i % 2 == 0 ? "unplug" : "plug", i % 4 < 2 ? 0 : 2);
      g_main_context_iteration (NULL, FALSE);
    }

  WISH (f, "plug 0");
  WISH (f, "plug 2");
  WAIT_FOR (count_ports (f) == N_PLACES && has_port (f, "1-1") && has_port (f, "1-3"));
}

static void
test_monitor_ends_early (Fixture *f, gconstpointer unused)
{
  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (GError) error = NULL;
      LksPortMonitor *monitor = lks_port_monitor_new (f->io_thread, NULL, &error);

      g_assert_no_error (error);
      g_assert_finalize_object (monitor);
    }
}

/* ---- permission ---- */

static void
permit (const char *option, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) bench =
      g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, bench_path, "--join",
                        g_getenv ("LOCKSMITH_BENCH_DIR"), option, path, NULL);

  g_assert_no_error (error);
  g_subprocess_wait_check (bench, NULL, &error);
  g_assert_no_error (error);
}

static void
test_no_permission (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksPort) allowed = get_port (f, "1-3");
  g_autoptr (LksPort) denied = NULL;
  g_autofree char *problem = NULL;
  g_autoptr (GError) error = NULL;

  /* Taken away while the adapter is there. */
  permit ("--deny", "1-3");
  g_assert_null (lks_port_open_uart (allowed, NULL, &error));
  g_assert_error (error, LKS_USB_ERROR, LKS_USB_ERROR_DENIED);
  g_clear_error (&error);

  /* Missing from the start. */
  WISH (f, "unplug 2");
  WAIT_FOR (!has_port (f, "1-3"));
  WISH (f, "plug 2");
  WAIT_FOR (has_port (f, "1-3"));
  denied = get_port (f, "1-3");
  problem = lks_port_dup_problem (denied);
  g_assert_cmpint (lks_port_get_adapter (denied), ==, LKS_ADAPTER_NO_PERMISSION);
  g_assert_null (lks_port_get_usb_serial (denied));
  g_assert_nonnull (strstr (problem, "70-locksmith.rules"));
  g_assert_nonnull (strstr (problem, "/dev/bus/usb/"));
  g_assert_null (lks_port_open_uart (denied, NULL, &error));
  g_assert_error (error, LKS_USB_ERROR, LKS_USB_ERROR_DENIED);

  permit ("--allow", "1-3");
  WISH (f, "unplug 2");
  WAIT_FOR (!has_port (f, "1-3"));
  WISH (f, "plug 2");
  WAIT_FOR (has_port (f, "1-3"));
}

/* ---- the line ---- */

static void
test_settings (Fixture *f, gconstpointer unused)
{
  Listener listener;
  g_autofree char *settings = NULL;

  listener_open (&listener, f, "1-1");
  settings = ask (f, "settings 0");
  g_assert_cmpstr (settings, ==, "923076 128 1 1");
  listener_clear (&listener);
}

static void
test_echo (Fixture *f, gconstpointer unused)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261121);
  g_autoptr (GByteArray) sent = g_byte_array_new ();
  Listener listener;

  for (guint i = 0; i < 100000; i++)
    {
      guint8 byte = (guint8) g_rand_int (rand);

      g_byte_array_append (sent, &byte, 1);
    }

  WISH (f, "wire 0 echo");
  listener_open (&listener, f, "1-1");
  write_all (&listener, sent->data, sent->len);
  WAIT_FOR (get_received (&listener) == sent->len);
  g_assert_cmpmem (listener.received->data, listener.received->len, sent->data, sent->len);
  g_assert_cmpuint (listener.overruns, ==, 0);
  listener_clear (&listener);
}

static void
assert_counts (GByteArray *bytes)
{
  for (guint i = 1; i < bytes->len; i++)
    g_assert_cmpuint (bytes->data[i], ==, (guint8) (bytes->data[i - 1] + 1));
}

static void
test_stream (Fixture *f, gconstpointer unused)
{
  Listener listener;

  listener_open (&listener, f, "1-3");
  WISH (f, "wire 2 count");
  WAIT_FOR (get_received (&listener) > 1000000);
  WISH (f, "wire 2 stuck");
  g_mutex_lock (&listener.mutex);
  assert_counts (listener.received);
  g_mutex_unlock (&listener.mutex);
  listener_clear (&listener);
}

static void
test_same_serial (Fixture *f, gconstpointer unused)
{
  Listener first, second;

  WISH (f, "wire 0 echo");
  WISH (f, "wire 1 echo");
  listener_open (&first, f, "1-1");
  listener_open (&second, f, "1-2");
  write_all (&first, (const guint8 *) "first", 5);
  write_all (&second, (const guint8 *) "second", 6);
  WAIT_FOR (get_received (&first) == 5 && get_received (&second) == 6);
  g_assert_cmpmem (first.received->data, 5, "first", 5);
  g_assert_cmpmem (second.received->data, 6, "second", 6);
  listener_clear (&first);
  listener_clear (&second);
}

static void
test_back_pressure (Fixture *f, gconstpointer unused)
{
  g_autofree guint8 *zeros = g_malloc0 (100000);
  Listener listener;
  gsize taken;

  listener_open (&listener, f, "1-1");
  taken = write_some (&listener, zeros, 100000);
  g_assert_cmpuint (taken, >, 0);
  g_assert_cmpuint (taken, <=, 4096);

  /* The chip takes what fits in its buffer; then nothing moves. */
  WAIT_FOR (get_writables (&listener) > 0);
  while (write_some (&listener, zeros, 100000) > 0)
    ;
  WISH (f, "wire 0 echo");
  WAIT_FOR (get_received (&listener) >= 4096);
  g_assert_cmpuint (get_writables (&listener), >, 1);
  listener_clear (&listener);
}

static void
test_overrun (Fixture *f, gconstpointer unused)
{
  Listener listener;

  listener_open (&listener, f, "1-1");
  WISH (f, "overrun 0");
  WAIT_FOR (get_overruns (&listener) == 1);
  listener_clear (&listener);
}

/* ---- the end of a line ---- */

static void
assert_ends_by_unplugging (Fixture *f, Listener *listener)
{
  g_autoptr (LksPort) port = get_port (f, "1-1");
  g_autoptr (GError) error = NULL;

  WAIT_FOR (get_closes (listener) == 1);
  g_assert_error (listener->failure, LKS_USB_ERROR, LKS_USB_ERROR_NO_DEVICE);
  g_assert_cmpuint (write_some (listener, (const guint8 *) "x", 1), ==, 0);
  WAIT_FOR (port == NULL || !lks_port_is_present (port));
  if (port != NULL)
    {
      g_assert_null (lks_port_open_uart (port, NULL, &error));
      g_assert_error (error, LKS_USB_ERROR, LKS_USB_ERROR_NO_DEVICE);
    }
  listener_clear (listener);
  g_assert_cmpuint (listener->closes, ==, 1);
}

static void
test_unplug_idle (Fixture *f, gconstpointer unused)
{
  Listener listener;

  listener_open (&listener, f, "1-1");
  WISH (f, "unplug 0");
  assert_ends_by_unplugging (f, &listener);
}

static void
test_unplug_reading (Fixture *f, gconstpointer unused)
{
  Listener listener;

  listener_open (&listener, f, "1-1");
  WISH (f, "wire 0 count");
  WISH (f, "unplug-after 0 12345");
  assert_ends_by_unplugging (f, &listener);
}

static void
test_unplug_writing (Fixture *f, gconstpointer unused)
{
  g_autofree guint8 *zeros = g_malloc0 (4096);
  Listener listener;

  listener_open (&listener, f, "1-1");
  while (write_some (&listener, zeros, 4096) > 0)
    ;
  WISH (f, "unplug 0");
  assert_ends_by_unplugging (f, &listener);
}

static void
open_in_thread (GTask *task, gpointer port, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  LksByteStream *stream = lks_port_open_uart (port, cancellable, &error);

  if (stream != NULL)
    g_task_return_pointer (task, stream, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **out_result = user_data;

  *out_result = g_object_ref (result);
}

static void
close_stream_cb (gpointer user_data)
{
  lks_byte_stream_close (user_data);
}

/* At any moment of opening: it succeeds or fails in time, and the next round works. */
static void
test_unplug_while_opening (Fixture *f, gconstpointer unused)
{
  for (guint round = 0; round < 20; round++)
    {
      g_autoptr (LksPort) port = get_port (f, "1-1");
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (LksByteStream) stream = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GTask) task = g_task_new (port, NULL, opened_cb, &result);

      g_task_run_in_thread (task, open_in_thread);
      if (round % 2 == 0)
        g_thread_yield ();
      WISH (f, "unplug 0");
      WAIT_FOR (result != NULL && !lks_port_is_present (port));

      stream = g_task_propagate_pointer (G_TASK (result), &error);
      g_assert_true ((stream == NULL) == (error != NULL));
      if (stream != NULL)
        lks_io_thread_call (f->io_thread, close_stream_cb, stream);
      else
        g_assert_true (error->domain == LKS_USB_ERROR);

      WISH (f, "plug 0");
      WAIT_FOR (has_port (f, "1-1"));
    }
}

/* Nobody listens yet when the line goes: the first handler is told. */
static void
test_unplug_before_handler (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksPort) port = get_port (f, "1-1");
  g_autoptr (GError) error = NULL;
  Listener listener = { .io_thread = f->io_thread };

  g_mutex_init (&listener.mutex);
  listener.received = g_byte_array_new ();
  listener.stream = lks_port_open_uart (port, NULL, &error);
  g_assert_no_error (error);
  WISH (f, "unplug 0");
  WAIT_FOR (!lks_port_is_present (port));
  lks_io_thread_call (f->io_thread, listen_cb, &listener);
  WAIT_FOR (get_closes (&listener) == 1);
  g_assert_error (listener.failure, LKS_USB_ERROR, LKS_USB_ERROR_NO_DEVICE);
  listener_clear (&listener);
}

static void
test_close_in_callback (Fixture *f, gconstpointer unused)
{
  Listener listener;

  listener_open (&listener, f, "1-1");
  g_mutex_lock (&listener.mutex);
  listener.close_in_callback = TRUE;
  g_mutex_unlock (&listener.mutex);
  WISH (f, "wire 0 count");
  WAIT_FOR (get_received (&listener) > 0);
  listener_clear (&listener);
  g_assert_cmpuint (listener.closes, ==, 0);
}

static void
test_cancelled (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksPort) port = get_port (f, "1-1");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (lks_port_open_uart (port, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* ---- other holders ---- */

static void
test_busy_here (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksPort) port = get_port (f, "1-1");
  g_autoptr (GError) error = NULL;
  Listener listener;

  listener_init (&listener, f, port);
  g_assert_null (lks_port_open_uart (port, NULL, &error));
  g_assert_error (error, LKS_USB_ERROR, LKS_USB_ERROR_BUSY);
  listener_clear (&listener);
}

static void
test_busy_elsewhere (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksPort) port = get_port (f, "1-1");
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) holder = NULL;
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;
  Listener listener;

  holder = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                             self_path, "--hold", "1-1", NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (holder));
  line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (line, ==, "held");

  g_assert_null (lks_port_open_uart (port, NULL, &error));
  g_assert_error (error, LKS_USB_ERROR, LKS_USB_ERROR_BUSY);
  g_assert_nonnull (strstr (error->message, "another program"));
  g_clear_error (&error);

  g_output_stream_close (g_subprocess_get_stdin_pipe (holder), NULL, &error);
  g_assert_no_error (error);
  g_subprocess_wait_check (holder, NULL, &error);
  g_assert_no_error (error);
  listener_init (&listener, f, port);
  listener_clear (&listener);
}

/* ---- the kernel's driver ---- */

static libusb_device_handle *
open_raw (libusb_context *usb, guint port_number)
{
  libusb_device **devices;
  libusb_device_handle *handle = NULL;
  gssize n_devices = libusb_get_device_list (usb, &devices);

  for (gssize i = 0; i < n_devices && handle == NULL; i++)
    {
      struct libusb_device_descriptor descriptor;

      if (libusb_get_device_descriptor (devices[i], &descriptor) == 0 &&
          descriptor.idVendor == LKS_ADAPTER_VENDOR_ID &&
          libusb_get_port_number (devices[i]) == port_number)
        g_assert_cmpint (libusb_open (devices[i], &handle), ==, 0);
    }
  libusb_free_device_list (devices, 1);
  g_assert_nonnull (handle);
  return handle;
}

static void
test_kernel_driver (Fixture *f, gconstpointer unused)
{
  libusb_context *usb;
  libusb_device_handle *handle;
  Listener listener;

  g_assert_cmpint (libusb_init (&usb), ==, 0);
  handle = open_raw (usb, 1);
  for (int i = 0; i < 4; i++)
    g_assert_cmpint (libusb_kernel_driver_active (handle, i), ==, 1);

  for (guint round = 0; round < 3; round++)
    {
      listener_open (&listener, f, "1-1");
      for (int i = 0; i < 4; i++)
        g_assert_cmpint (libusb_kernel_driver_active (handle, i), ==, i != SERVICE_INTERFACE);
      listener_clear (&listener);
      WAIT_FOR (libusb_kernel_driver_active (handle, SERVICE_INTERFACE) == 1);
    }

  libusb_close (handle);
  libusb_exit (usb);
}

/* A program that ends right after closing leaves the driver in place. */
static void
test_kernel_driver_at_end (Fixture *f, gconstpointer unused)
{
  libusb_context *usb;
  libusb_device_handle *handle;
  Listener listener;

  listener_open (&listener, f, "1-1");
  listener_clear (&listener);
  g_assert_finalize_object (f->monitor);

  g_assert_cmpint (libusb_init (&usb), ==, 0);
  handle = open_raw (usb, 1);
  g_assert_cmpint (libusb_kernel_driver_active (handle, SERVICE_INTERFACE), ==, 1);
  libusb_close (handle);
  libusb_exit (usb);

  f->monitor = lks_port_monitor_new (f->io_thread, NULL, NULL);
}

/* Right after it was closed, and right after it was plugged in. */
static void
test_reopen (Fixture *f, gconstpointer unused)
{
  Listener listener;

  for (guint i = 0; i < 10; i++)
    {
      WISH (f, "wire 0 echo");
      listener_open (&listener, f, "1-1");
      write_all (&listener, (const guint8 *) "again", 5);
      WAIT_FOR (get_received (&listener) == 5);
      listener_clear (&listener);
    }

  WISH (f, "unplug 0");
  WAIT_FOR (!has_port (f, "1-1"));
  WISH (f, "plug 0");
  WAIT_FOR (has_port (f, "1-1"));
  listener_open (&listener, f, "1-1");
  listener_clear (&listener);
}

/* ---- */

/* The other program of test_busy_elsewhere (): holds a board until its stdin ends. */
static int
hold (const char *path)
{
  g_autoptr (GError) error = NULL;
  Fixture f = { .io_thread = lks_io_thread_new () };
  Listener listener;
  char byte;

  f.ticks_id = g_timeout_add (TICK_MS, tick_cb, NULL);
  f.monitor = lks_port_monitor_new (f.io_thread, NULL, &error);
  g_assert_no_error (error);
  WAIT_FOR (has_port (&f, path));
  listener_open (&listener, &f, path);
  puts ("held");
  fflush (stdout);
  while (read (STDIN_FILENO, &byte, 1) > 0)
    ;
  listener_clear (&listener);
  g_assert_finalize_object (f.monitor);
  g_assert_finalize_object (f.io_thread);
  g_source_remove (f.ticks_id);
  return EXIT_SUCCESS;
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  self_path = argv[0];
  if (argc == 3 && strcmp (argv[1], "--hold") == 0)
    return hold (argv[2]);

  g_test_init (&argc, &argv, NULL);

  g_assert_cmpint (argc, ==, 3);
  control_path = argv[1];
  bench_path = argv[2];
  ADD ("/usb/discovery", test_discovery);
  ADD ("/usb/not-programmed", test_not_programmed);
  ADD ("/usb/extra-products", test_extra_products);
  ADD ("/usb/hotplug", test_hotplug);
  ADD ("/usb/hotplug-storm", test_hotplug_storm);
  ADD ("/usb/monitor-ends-early", test_monitor_ends_early);
  ADD ("/usb/no-permission", test_no_permission);
  ADD ("/usb/settings", test_settings);
  ADD ("/usb/echo", test_echo);
  ADD ("/usb/stream", test_stream);
  ADD ("/usb/same-serial", test_same_serial);
  ADD ("/usb/back-pressure", test_back_pressure);
  ADD ("/usb/overrun", test_overrun);
  ADD ("/usb/unplug/idle", test_unplug_idle);
  ADD ("/usb/unplug/reading", test_unplug_reading);
  ADD ("/usb/unplug/writing", test_unplug_writing);
  ADD ("/usb/unplug/while-opening", test_unplug_while_opening);
  ADD ("/usb/unplug/before-handler", test_unplug_before_handler);
  ADD ("/usb/close-in-callback", test_close_in_callback);
  ADD ("/usb/cancelled", test_cancelled);
  ADD ("/usb/busy/here", test_busy_here);
  ADD ("/usb/busy/elsewhere", test_busy_elsewhere);
  ADD ("/usb/kernel-driver/open-and-close", test_kernel_driver);
  ADD ("/usb/kernel-driver/at-end", test_kernel_driver_at_end);
  ADD ("/usb/reopen", test_reopen);
  return g_test_run ();
}
