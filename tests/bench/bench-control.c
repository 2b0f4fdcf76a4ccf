/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-control.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>

/* (transfer full) */
static char *
exchange (const char *request)
{
  g_autofree char *path = g_build_filename (g_getenv ("LOCKSMITH_BENCH_DIR"), "control", NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GDataInputStream) input = NULL;
  g_autofree char *answer = NULL;
  g_autoptr (GError) error = NULL;

  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  g_output_stream_printf (g_io_stream_get_output_stream (G_IO_STREAM (connection)), NULL, NULL,
                          &error, "%s\n", request);
  g_assert_no_error (error);
  input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  answer = g_data_input_stream_read_line (input, NULL, NULL, &error);
  g_assert_no_error (error);
  if (answer == NULL || strstr (answer, "\"ok\":true") == NULL)
    g_error ("%s: %s", request, answer);
  return g_steal_pointer (&answer);
}

/* Tells the emulator behind this process's bench something that it must accept. */
void
bench_control_tell (const char *format, ...)
{
  g_autofree char *request = NULL;
  g_autofree char *answer = NULL;
  va_list values;

  va_start (values, format);
  request = g_strdup_vprintf (format, values);
  va_end (values);
  answer = exchange (request);
}

/* The same for what it answers: a line of JSON. (transfer full) */
char *
bench_control_ask (const char *format, ...)
{
  g_autofree char *request = NULL;
  va_list values;

  va_start (values, format);
  request = g_strdup_vprintf (format, values);
  va_end (values);
  return exchange (request);
}
