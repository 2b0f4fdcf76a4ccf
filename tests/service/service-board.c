/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service-board.h"

#include "bench-control.h"
#include "lks-device-state.h"

#define WAIT_US (60 * G_USEC_PER_SEC)
#define LOOK_AGAIN_US (20 * 1000)

static struct
{
  guint exchanges_left;
  ServiceBoardFunc func; /* (nullable) */
} later;

void
service_board_set_fault (ServiceBoard *self, const char *members)
{
  bench_control_tell ("{\"command\":\"fault\",\"board\":%u,\"fault\":{%s}}", self->index, members);
}

void
service_board_clear (ServiceBoard *self)
{
  bench_control_tell ("{\"command\":\"clear\",\"board\":%u}", self->index);
}

void
service_board_unplug (ServiceBoard *self)
{
  bench_control_tell ("{\"command\":\"unplug\",\"board\":%u}", self->index);
}

void
service_board_plug (ServiceBoard *self)
{
  bench_control_tell ("{\"command\":\"plug\",\"board\":%u}", self->index);
}

void
service_board_reset (ServiceBoard *self)
{
  bench_control_tell ("{\"command\":\"reset\",\"board\":%u}", self->index);
}

void
service_board_do_after (ServiceBoard *self, guint n_exchanges, ServiceBoardFunc func)
{
  later.exchanges_left = n_exchanges;
  later.func = func;
}

/* Everything that evidence could hold of an exchange. */
static void
observe_cb (const LksDeviceExchange *exchange, gpointer user_data)
{
  ServiceBoard *self = user_data;

  g_string_append_printf (self->seen, "%s %s %u %s %s\n", exchange->method, exchange->path,
                          exchange->http_status, exchange->body != NULL ? exchange->body : "-",
                          exchange->error != NULL ? exchange->error->message : "-");
  if (later.func != NULL && later.exchanges_left-- == 0)
    {
      ServiceBoardFunc func = later.func;

      later.func = NULL;
      func (self);
    }
}

static LksPort *
find_port (LksPortMonitor *monitor, const char *path)
{
  GListModel *model = G_LIST_MODEL (monitor);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (LksPort) port = g_list_model_get_item (model, i);

      if (g_str_equal (lks_port_get_path (port), path))
        return g_steal_pointer (&port);
    }

  return NULL;
}

void
service_board_open (ServiceBoard *self, guint index)
{
  g_autofree char *path = g_strdup_printf ("1-%u", index + 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksTrust) trust = lks_trust_load_default (&error);
  g_autoptr (LksPortMonitor) monitor = NULL;
  g_autoptr (LksPort) port = NULL;
  g_autoptr (LksByteStream) stream = NULL;

  g_assert_no_error (error);
  self->index = index;
  self->io_thread = lks_io_thread_new ();
  monitor = lks_port_monitor_new (self->io_thread, NULL, &error);
  g_assert_no_error (error);
  while ((port = find_port (monitor, path)) == NULL)
    g_main_context_iteration (NULL, TRUE);
  stream = lks_port_open_uart (port, NULL, &error);
  g_assert_no_error (error);
  self->link = lks_link_new (self->io_thread, stream, &error);
  g_assert_no_error (error);
  self->device = lks_device_new (LKS_CONNECTOR (self->link), trust);
  self->seen = g_string_new (NULL);
  lks_device_set_observer (self->device, observe_cb, self);
}

void
service_board_close (ServiceBoard *self)
{
  later.func = NULL;
  g_assert_finalize_object (self->device);
  lks_link_close (self->link);
  g_clear_object (&self->link);
  g_clear_object (&self->io_thread);
  g_string_free (self->seen, TRUE);
}

void
service_board_wait_alive (ServiceBoard *self)
{
  gint64 end_us = g_get_monotonic_time () + WAIT_US;

  for (;;)
    {
      g_autoptr (GError) error = NULL;
      guint64 uptime_s;

      if (lks_device_get_status (self->device, &uptime_s, NULL, &error))
        return;
      if (g_get_monotonic_time () > end_us)
        g_error ("the board does not come back: %s", error->message);
      g_usleep (LOOK_AGAIN_US);
    }
}
