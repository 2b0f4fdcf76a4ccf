/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several programs on the same boards, and what the launcher promises besides. Runs under
 * usb-adapters:
 *
 *   test-bench ADDRESS CONTROL BENCH CLIENT */
#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define N_BOARDS 3
/* Hotplug news may take a tenth of a second more when a program is stopped, and this machine is
 * busy. */
#define NEWS_MAX_US (10 * G_USEC_PER_SEC)

static char *address;
static char *control;
static char *bench;
static char *client;

/* A client under the launcher, driven by lines. */
typedef struct
{
  GSubprocess *process;
  GOutputStream *in;
  GDataInputStream *out;
} Program;

static Program *
program_start (const char *const *arguments)
{
  Program *self = g_new0 (Program, 1);
  g_autoptr (GError) error = NULL;

  self->process =
      g_subprocess_newv (arguments, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                         &error);
  g_assert_no_error (error);
  self->in = g_subprocess_get_stdin_pipe (self->process);
  self->out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  return self;
}

/* Sends a command; the answer comes with program_hear(). */
static void
program_tell (Program *self, const char *command)
{
  g_autofree char *line = g_strconcat (command, "\n", NULL);
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (self->in, line, strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);
}

static char *
program_hear (Program *self)
{
  g_autoptr (GError) error = NULL;
  char *line = g_data_input_stream_read_line (self->out, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (line);
  return g_strchomp (line);
}

static char *
program_ask (Program *self, const char *command)
{
  program_tell (self, command);
  return program_hear (self);
}

static void
program_expect (Program *self, const char *command, const char *wanted)
{
  g_autofree char *answer = program_ask (self, command);

  if (g_strcmp0 (answer, wanted) != 0)
    g_error ("“%s” was answered “%s” instead of “%s”", command, answer, wanted);
}

/* Waits for one that was sent a signal. */
static int
program_reap (Program *self)
{
  int status;

  g_subprocess_wait (self->process, NULL, NULL);
  status = g_subprocess_get_if_exited (self->process)
               ? g_subprocess_get_exit_status (self->process)
               : 128 + g_subprocess_get_term_sig (self->process);
  g_object_unref (self->out);
  g_object_unref (self->process);
  g_free (self);
  return status;
}

/* Ends one by ending its input. */
static int
program_end (Program *self)
{
  g_output_stream_close (self->in, NULL, NULL);
  return program_reap (self);
}

static void
tell_adapters (const char *format, guint index)
{
  FILE *fifo = g_fopen (control, "we");

  g_assert_nonnull (fifo);
  fprintf (fifo, "%s %u\n", format, index);
  fclose (fifo);
}

/* A launcher with one client, and two more that joined. The first sees all boards before it is told
 * to do anything; when it ends the launcher does. */
typedef struct
{
  Program *programs[3];
  char *dir;
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  const char *const launch[] = { bench, "--usbip", address, "--", client, NULL };

  f->programs[0] = program_start (launch);
  f->dir = program_ask (f->programs[0], "dir");
  for (guint i = 1; i < G_N_ELEMENTS (f->programs); i++)
    {
      const char *const join[] = { bench, "--join", f->dir, "--", client, NULL };

      f->programs[i] = program_start (join);
      program_expect (f->programs[i], "wait-arrived 3", "3");
    }
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  for (guint i = G_N_ELEMENTS (f->programs); i > 0; i--)
    if (f->programs[i - 1] != NULL)
      g_assert_cmpint (program_end (f->programs[i - 1]), ==, 0);
  g_assert_false (g_file_test (f->dir, G_FILE_TEST_EXISTS));
  g_free (f->dir);
}

static void
test_same_boards (Fixture *f, gconstpointer unused)
{
  for (guint i = 0; i < G_N_ELEMENTS (f->programs); i++)
    program_expect (f->programs[i], "list", "1-1 1-2 1-3");
}

static void
test_claims (Fixture *f, gconstpointer unused)
{
  Program *a = f->programs[0];
  Program *b = f->programs[1];

  program_expect (a, "open 1-1", "0");
  program_expect (b, "open 1-1", "0");
  program_expect (b, "driver 0", "1");
  program_expect (a, "detach 0", "0");
  program_expect (b, "driver 0", "0");
  program_expect (a, "claim 0", "0");
  program_expect (b, "claim 0", "LIBUSB_ERROR_BUSY");
  program_expect (b, "attach 0", "LIBUSB_ERROR_BUSY");
  program_expect (b, "claim 1", "LIBUSB_ERROR_BUSY"); /* ftdi_sio has it */
  program_expect (b, "latency", "16");
  program_expect (a, "release 0", "0");
  program_expect (b, "claim 0", "0");
  program_expect (a, "claim 0", "LIBUSB_ERROR_BUSY");
  program_expect (b, "close", "0");
  program_expect (a, "claim 0", "0");
  program_expect (f->programs[2], "open 1-2", "0");
  program_expect (f->programs[2], "driver 0", "1"); /* another board's */
}

static void
test_hotplug (Fixture *f, gconstpointer unused)
{
  tell_adapters ("unplug", 1);
  for (guint i = 0; i < G_N_ELEMENTS (f->programs); i++)
    {
      program_expect (f->programs[i], "wait-left 1", "1");
      program_expect (f->programs[i], "list", "1-1 1-3");
    }
  tell_adapters ("plug", 1);
  for (guint i = 0; i < G_N_ELEMENTS (f->programs); i++)
    {
      program_expect (f->programs[i], "wait-arrived 4", "4");
      program_expect (f->programs[i], "open 1-2", "0");
    }
}

static void
test_replugged_often (Fixture *f, gconstpointer unused)
{
  for (guint i = 1; i <= 20; i++)
    {
      g_autofree char *left = g_strdup_printf ("%u", i);
      g_autofree char *arrived = g_strdup_printf ("%u", N_BOARDS + i);
      g_autofree char *wait_left = g_strconcat ("wait-left ", left, NULL);
      g_autofree char *wait_arrived = g_strconcat ("wait-arrived ", arrived, NULL);

      tell_adapters ("unplug", i % N_BOARDS);
      program_expect (f->programs[1], wait_left, left);
      tell_adapters ("plug", i % N_BOARDS);
      program_expect (f->programs[1], wait_arrived, arrived);
    }
  program_expect (f->programs[0], "wait-left 20", "20");
  program_expect (f->programs[0], "wait-arrived 23", "23");
  program_expect (f->programs[0], "list", "1-1 1-2 1-3");
}

/* At one hub nothing arrives before what left has gone, although a program is slow to let go of it.
 */
static void
test_order_at_hub (Fixture *f, gconstpointer unused)
{
  Program *b = f->programs[1];
  Program *c = f->programs[2];

  tell_adapters ("unplug", 1);
  program_expect (b, "wait-left 1", "1");
  program_expect (b, "open 1-1", "0");
  g_subprocess_send_signal (b->process, SIGSTOP);

  tell_adapters ("unplug", 0);
  tell_adapters ("plug", 1);
  program_expect (c, "wait-arrived 4", "4");
  program_expect (c, "left-before", "2");
  program_expect (c, "list", "1-2 1-3");
  g_subprocess_send_signal (b->process, SIGCONT);
  tell_adapters ("plug", 0);
  program_expect (c, "wait-arrived 5", "5");
}

static void
test_killed (Fixture *f, gconstpointer unused)
{
  Program *b = f->programs[1];

  program_expect (b, "open 1-1", "0");
  program_expect (b, "detach 1", "0");
  program_expect (b, "claim 1", "0");
  program_expect (b, "pend", "0");
  g_subprocess_force_exit (b->process);
  g_assert_cmpint (program_reap (g_steal_pointer (&f->programs[1])), ==, 128 + SIGKILL);

  /* Its connection closes with it; the claim is free as soon as the launcher has seen that. */
  program_expect (f->programs[2], "open 1-1", "0");
  for (gint64 until_us = g_get_monotonic_time () + NEWS_MAX_US;;)
    {
      g_autofree char *answer = program_ask (f->programs[2], "claim 1");

      if (strcmp (answer, "0") == 0)
        break;
      g_assert_cmpint (g_get_monotonic_time (), <, until_us);
    }
  program_expect (f->programs[2], "pend", "0");
}

static void
test_stopped (Fixture *f, gconstpointer unused)
{
  Program *b = f->programs[1];
  gint64 start_us;

  program_expect (b, "open 1-1", "0");
  program_expect (b, "detach 1", "0");
  program_expect (b, "claim 1", "0");
  program_expect (b, "pend", "0");
  g_subprocess_send_signal (b->process, SIGSTOP);

  start_us = g_get_monotonic_time ();
  tell_adapters ("unplug", 0);
  program_expect (f->programs[2], "wait-left 1", "1");
  tell_adapters ("plug", 0);
  program_expect (f->programs[2], "wait-arrived 4", "4");
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, NEWS_MAX_US);
  program_expect (f->programs[2], "open 1-1", "0");
  program_expect (f->programs[2], "latency", "16");

  g_subprocess_send_signal (b->process, SIGCONT);
  program_expect (b, "ended", "5"); /* LIBUSB_TRANSFER_NO_DEVICE */
  program_expect (b, "latency", "LIBUSB_ERROR_NO_DEVICE");
  program_expect (b, "wait-left 1", "1");
  program_expect (b, "close", "0");
  program_expect (b, "wait-arrived 4", "4");
  program_expect (b, "open 1-1", "0");
}

/* One program stops in the middle of its data; the same board answers another at once. */
static void
test_stopped_in_data (Fixture *f, gconstpointer unused)
{
  Program *b = f->programs[1];
  Program *c = f->programs[2];
  gint64 start_us;

  program_expect (b, "open 1-1", "0");
  program_expect (b, "detach 0", "0");
  program_expect (b, "claim 0", "0");
  program_expect (b, "flood", "0");
  g_subprocess_send_signal (b->process, SIGSTOP);

  start_us = g_get_monotonic_time ();
  program_expect (c, "open 1-1", "0");
  for (guint i = 0; i < 50; i++)
    program_expect (c, "latency", "1");
  program_expect (c, "claim 0", "LIBUSB_ERROR_BUSY");
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, NEWS_MAX_US);

  g_subprocess_send_signal (b->process, SIGCONT);
  program_expect (b, "latency", "1");
}

static void
test_fork (Fixture *f, gconstpointer unused)
{
  Program *a = f->programs[0];

  program_expect (a, "open 1-1", "0");
  program_expect (a, "detach 1", "0");
  program_expect (a, "claim 1", "0");
  program_expect (a, "pend", "0");
  program_expect (a, "fork", "0");
  program_expect (a, "latency", "16");
  program_expect (a, "vfork", "0");
  program_expect (a, "latency", "16");
  program_expect (f->programs[1], "open 1-1", "0");
  program_expect (f->programs[1], "claim 1", "LIBUSB_ERROR_BUSY");
}

static void
permit (Fixture *f, const char *option, const char *place)
{
  const char *const argv[] = { bench, "--join", f->dir, option, place, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_NONE, &error);

  g_assert_no_error (error);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
}

static void
test_permission (Fixture *f, gconstpointer unused)
{
  Program *a = f->programs[0];

  permit (f, "--deny", "1-2");
  program_expect (a, "open 1-2", "LIBUSB_ERROR_ACCESS");
  program_expect (a, "list", "1-1 1-2 1-3");
  program_expect (a, "open 1-1", "0");
  program_expect (a, "close", "0");
  tell_adapters ("unplug", 1);
  program_expect (a, "wait-left 1", "1");
  tell_adapters ("plug", 1);
  program_expect (a, "wait-arrived 4", "4");
  program_expect (a, "open 1-2", "LIBUSB_ERROR_ACCESS");
  permit (f, "--allow", "1-2");
  program_expect (a, "open 1-2", "0");
}

/* The programs of a launcher that was killed see their boards go, and do not burn the processor. */
static void
test_launcher_killed (Fixture *f, gconstpointer unused)
{
  Program *b = f->programs[1];
  g_autofree char *n_turns = NULL;
  g_autofree char *scrap = g_strconcat ("rm -rf ", f->dir, NULL);

  program_expect (b, "open 1-1", "0");
  program_expect (b, "detach 1", "0");
  program_expect (b, "claim 1", "0");
  program_expect (b, "pend", "0");
  g_subprocess_force_exit (f->programs[0]->process);
  g_assert_cmpint (program_reap (g_steal_pointer (&f->programs[0])), ==, 128 + SIGKILL);

  program_expect (b, "ended", "5");
  program_expect (b, "latency", "LIBUSB_ERROR_NO_DEVICE");
  n_turns = program_ask (b, "spin");
  g_assert_cmpint (g_ascii_strtoll (n_turns, NULL, 10), <, 60);
  g_assert_true (g_spawn_command_line_sync (scrap, NULL, NULL, NULL, NULL));
}

/* What no preload of ours would send ends that connection and nothing else. */
static void
test_garbage (Fixture *f, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (f->dir, "bus", NULL);
  g_autoptr (GSocketAddress) to = g_unix_socket_address_new (path);
  const guint32 commands[] = { 0,          1,          2,          3,         0x4c4b0000,
                               0x4c4b0001, 0x4c4b0002, 0x4c4b0009, 0xffffffff };

  for (guint i = 0; i < G_N_ELEMENTS (commands) * 3; i++)
    {
      g_autoptr (GSocketClient) to_bus = g_socket_client_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (GSocketConnection) connection =
          g_socket_client_connect (to_bus, G_SOCKET_CONNECTABLE (to), NULL, &error);
      guint32 words[12];

      g_assert_no_error (error);
      for (guint k = 0; k < G_N_ELEMENTS (words); k++)
        words[k] = i < G_N_ELEMENTS (commands) ? 0 : g_test_rand_int ();
      words[0] = GUINT32_TO_BE (commands[i % G_N_ELEMENTS (commands)]);
      g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), words,
                                 sizeof words - i % 3, NULL, NULL, NULL);
    }
  program_expect (f->programs[1], "list", "1-1 1-2 1-3");
  program_expect (f->programs[1], "open 1-1", "0");
  program_expect (f->programs[1], "latency", "16");
}

/* An opened board that is told nonsense: interfaces and endpoints that do not exist, URBs of absurd
 * sizes, answers to nothing. */
static void
test_garbage_on_board (Fixture *f, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (f->dir, "bus", NULL);
  g_autoptr (GSocketAddress) to = g_unix_socket_address_new (path);
  g_autofree char *devnum_path = g_build_filename (f->dir, "sys/bus/usb/devices/1-1/devnum", NULL);
  g_autofree char *devnum = NULL;

  g_assert_true (g_file_get_contents (devnum_path, &devnum, NULL, NULL));
  for (guint i = 0; i < 60; i++)
    {
      g_autoptr (GSocketClient) to_bus = g_socket_client_new ();
      g_autoptr (GSocketConnection) connection =
          g_socket_client_connect (to_bus, G_SOCKET_CONNECTABLE (to), NULL, NULL);
      guint32 open[12] = { GUINT32_TO_BE (0x4c4b0001), 0, 0, 0, 0, GUINT32_TO_BE (1) };
      guint32 words[12];
      gsize n_read;
      int command;
      guint8 answer[48 + 34];

      g_assert_nonnull (connection);
      open[6] = GUINT32_TO_BE ((guint32) g_ascii_strtoull (devnum, NULL, 10));
      g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), open,
                                 sizeof open, NULL, NULL, NULL);
      g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (connection)), answer,
                               sizeof answer, &n_read, NULL, NULL);
      g_assert_cmpuint (n_read, ==, sizeof answer);
      for (guint k = 0; k < G_N_ELEMENTS (words); k++)
        words[k] = g_test_rand_int ();
      command =
          i % 3 == 0 ? 0x4c4b0000 + g_test_rand_int_range (0, 12) : g_test_rand_int_range (0, 5);
      words[0] = GUINT32_TO_BE ((guint32) command);
      words[3] = GUINT32_TO_BE (i % 2);
      words[4] = GUINT32_TO_BE (g_test_rand_int_range (0, 20));
      g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), words,
                                 sizeof words, NULL, NULL, NULL);
    }
  program_expect (f->programs[1], "list", "1-1 1-2 1-3");
  program_expect (f->programs[1], "open 1-1", "0");
  program_expect (f->programs[1], "latency", "16");
}

static int
run (char **out_text, const char *first, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  va_list list;

  g_ptr_array_add (argv, bench);
  va_start (list, first);
  for (const char *word = first; word != NULL; word = va_arg (list, const char *))
    g_ptr_array_add (argv, (gpointer) word);
  va_end (list);
  g_ptr_array_add (argv, NULL);

  process =
      g_subprocess_newv ((const char *const *) argv->pdata,
                         G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, out_text, NULL, &error);
  g_assert_no_error (error);
  return g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1;
}

static void
test_exit_status (void)
{
  g_autofree char *text = NULL;

  g_assert_cmpint (run (NULL, "--usbip", address, "--", "true", NULL), ==, 0);
  g_assert_cmpint (run (NULL, "--usbip", address, "sh", "-c", "exit 7", NULL), ==, 7);
  g_assert_cmpint (run (NULL, "--usbip", address, "--", "sh", "-c", "kill -9 $$", NULL), ==, 137);
  g_assert_cmpint (run (NULL, "--usbip", address, "--", "/no/such/program", NULL), ==, 127);
  g_assert_cmpint (run (NULL, "--usbip", "127.0.0.1:1", "--", "true", NULL), ==, 125);
  g_assert_cmpint (run (NULL, "--join", "/no/such/dir", "--", "true", NULL), ==, 125);
  g_assert_cmpint (run (&text, "--usbip", address, NULL), ==, 2);
  g_assert_nonnull (strstr (text, "PROGRAM"));
}

static void
test_usage (void)
{
  g_assert_cmpint (run (NULL, "--no-such-option", "--", "true", NULL), ==, 2);
  g_assert_cmpint (run (NULL, "--boards", "-1", "--", "true", NULL), ==, 2);
  g_assert_cmpint (run (NULL, "--boards", "1", "--usbip", address, "--", "true", NULL), ==, 2);
  g_assert_cmpint (run (NULL, "--cloud", "127.0.0.1:0", "--usbip", address, "--", "true", NULL), ==,
                   2);
  g_assert_cmpint (run (NULL, "--allow", "1-1", "--usbip", address, "--", "true", NULL), ==, 2);
  g_assert_cmpint (run (NULL, "--private", "--state-dir", "/tmp", "--", "true", NULL), ==, 2);
  g_assert_cmpint (run (NULL, "--unplug", "1-1", "--usbip", address, "--", "true", NULL), ==, 2);
  g_assert_cmpint (run (NULL, "--join", "/tmp", NULL), ==, 2);
}

/* The emulator that the launcher starts ends with it, and its trust and its sockets are found. */
static void
test_own_emulator (void)
{
  g_autofree char *text = NULL;

  g_assert_cmpint (run (&text, "--private", "--boards", "1", "--", "sh", "-c",
                        "cd \"$LOCKSMITH_BENCH_DIR\" && cmp state/ca.pem "
                        "config/locksmith/trust.d/emulator.pem && cmp state/signer.pem "
                        "config/locksmith/signers.d/emulator.pem && test -S control && pwd",
                        NULL),
                   ==, 0);
  g_strchomp (text);
  g_assert_true (g_path_is_absolute (text));
  g_assert_false (g_file_test (text, G_FILE_TEST_EXISTS));
  g_assert_cmpint (run (NULL, "--private", "--scenario", "/no/such/file", "--", "true", NULL), ==,
                   125);
}

/* The service that the emulator has besides is found, and trusted by its own authority only. */
static void
test_own_cloud (void)
{
  g_autofree char *text = NULL;

  g_assert_cmpint (run (&text, "--private", "--cloud", "127.0.0.1:0", "--", "sh", "-c",
                        "cd \"$LOCKSMITH_BENCH_DIR\" && curl -sS -o /dev/null -w '%{http_code}' "
                        "--cacert config/locksmith/cloud-trust.d/emulator.pem \"$(cat cloud)/\"",
                        NULL),
                   ==, 0);
  g_assert_true (g_str_has_prefix (text, "401")); /* who comes without a token */
  g_assert_cmpint (run (NULL, "--private", "--", "sh", "-c",
                        "test -e \"$LOCKSMITH_BENCH_DIR/cloud\"", NULL),
                   ==, 1);
  g_assert_cmpint (run (NULL, "--private", "--cloud", "nowhere", "--", "true", NULL), ==, 125);
}

static void
test_arguments (void)
{
  g_autofree char *text = NULL;

  /* Everything after the first word of PROGRAM is PROGRAM's, options too. */
  g_assert_cmpint (run (&text, "--usbip", address, "--", "echo", "--boards", "--", "-x", NULL), ==,
                   0);
  g_assert_cmpstr (text, ==, "--boards -- -x\n");
}

static void
test_denied_from_start (void)
{
  const char *const argv[] = { bench, "--usbip", address, "--deny", "1-1", "--", client, NULL };
  Program *a = program_start (argv);

  program_expect (a, "open 1-1", "LIBUSB_ERROR_ACCESS");
  program_expect (a, "open 1-2", "0");
  g_assert_cmpint (program_end (a), ==, 0);
}

static void
test_trust (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  int fd = g_file_open_tmp ("locksmith-ca-XXXXXX", &path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, "a certificate\n", -1, NULL));
  g_assert_cmpint (run (&text, "--usbip", address, "--ca", path, "--", "sh", "-c",
                        "cat \"${XDG_CONFIG_DIRS%%:*}/locksmith/trust.d/emulator.pem\";"
                        "echo \"${XDG_CONFIG_DIRS#*:}\"; stat -c %a \"$LOCKSMITH_BENCH_DIR\"",
                        NULL),
                   ==, 0);
  g_assert_cmpstr (text, ==, "a certificate\n/etc/xdg\n700\n");
  g_remove (path);
}

/* A program that is asked to end is asked through the launcher. */
static void
test_terminated (void)
{
  const char *const argv[] = { bench, "--usbip", address, "--", client, NULL };
  Program *a = program_start (argv);
  g_autofree char *dir = program_ask (a, "dir");

  g_subprocess_send_signal (a->process, SIGTERM);
  g_assert_cmpint (program_reap (a), ==, 128 + SIGTERM);
  g_assert_false (g_file_test (dir, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_unsetenv ("XDG_CONFIG_DIRS");
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 5);
  address = argv[1];
  control = argv[2];
  bench = argv[3];
  client = argv[4];

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/bench/programs/same-boards", test_same_boards);
  ADD ("/bench/programs/claims", test_claims);
  ADD ("/bench/programs/hotplug", test_hotplug);
  ADD ("/bench/programs/replugged-often", test_replugged_often);
  ADD ("/bench/programs/order-at-hub", test_order_at_hub);
  ADD ("/bench/programs/killed", test_killed);
  ADD ("/bench/programs/stopped", test_stopped);
  ADD ("/bench/programs/stopped-in-data", test_stopped_in_data);
  ADD ("/bench/programs/fork", test_fork);
  ADD ("/bench/programs/permission", test_permission);
  ADD ("/bench/programs/launcher-killed", test_launcher_killed);
  ADD ("/bench/programs/garbage", test_garbage);
  ADD ("/bench/programs/garbage-on-board", test_garbage_on_board);
  g_test_add_func ("/bench/launcher/exit-status", test_exit_status);
  g_test_add_func ("/bench/launcher/usage", test_usage);
  g_test_add_func ("/bench/launcher/own-emulator", test_own_emulator);
  g_test_add_func ("/bench/launcher/own-cloud", test_own_cloud);
  g_test_add_func ("/bench/launcher/arguments", test_arguments);
  g_test_add_func ("/bench/launcher/denied-from-start", test_denied_from_start);
  g_test_add_func ("/bench/launcher/trust", test_trust);
  g_test_add_func ("/bench/launcher/terminated", test_terminated);
  return g_test_run ();
}
