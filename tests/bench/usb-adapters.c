/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usb-adapters N PROGRAM [ARGS]: serves N bare FT4232H adapters over USB/IP, runs PROGRAM and exits
 * as it does. In ARGS, @ADDRESS@ stands for the server's address, @PORT@ for its port and @CONTROL@
 * for a FIFO that takes the lines "plug I" and "unplug I", I counting from 0. */
#include "emu-ft4232h.h"
#include "emu-usbip-server.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ADAPTERS_MAX 64

typedef struct
{
  EmuClock *clock;
  EmuUsbipServer *server;
  EmuFt4232h *chips[ADAPTERS_MAX];
  guint n_chips;
  char *dir;
  char *control;
  GMainLoop *loop;
  int exit_status;
} Rig;

static gboolean
control_cb (int fd, GIOCondition condition, gpointer user_data)
{
  Rig *rig = user_data;
  char text[256];
  gssize size = read (fd, text, sizeof text - 1);
  g_auto (GStrv) lines = NULL;

  text[MAX (size, 0)] = '\0';
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      guint index;

      if (sscanf (lines[i], "plug %u", &index) == 1 && index < rig->n_chips)
        emu_usbip_server_set_plugged (rig->server, index, TRUE);
      else if (sscanf (lines[i], "unplug %u", &index) == 1 && index < rig->n_chips)
        emu_usbip_server_set_plugged (rig->server, index, FALSE);
    }
  return G_SOURCE_CONTINUE;
}

static void
ended_cb (GPid pid, int status, gpointer user_data)
{
  Rig *rig = user_data;

  rig->exit_status = WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
  g_main_loop_quit (rig->loop);
}

static void
serve (Rig *rig, guint n_chips)
{
  g_autoptr (GError) error = NULL;

  rig->clock = emu_clock_new (NULL, &error);
  g_assert_no_error (error);
  rig->server = emu_usbip_server_new (NULL, "127.0.0.1:0", &error);
  g_assert_no_error (error);
  for (; rig->n_chips < MIN (n_chips, ADAPTERS_MAX); rig->n_chips++)
    {
      g_autofree char *serial = g_strdup_printf ("AS%06u", rig->n_chips + 1);

      rig->chips[rig->n_chips] = emu_ft4232h_new (rig->clock, serial);
      emu_usbip_server_add (rig->server, rig->chips[rig->n_chips], TRUE);
    }
}

/* Open for reading and writing: a FIFO without writers would be readable for ever. */
static int
make_control (Rig *rig)
{
  g_autoptr (GError) error = NULL;
  int fd;

  rig->dir = g_dir_make_tmp ("locksmith-adapters-XXXXXX", &error);
  g_assert_no_error (error);
  rig->control = g_build_filename (rig->dir, "control", NULL);
  g_assert_cmpint (mkfifo (rig->control, 0600), ==, 0);
  fd = g_open (rig->control, O_RDWR | O_NONBLOCK | O_CLOEXEC, 0);
  g_assert_cmpint (fd, >=, 0);
  return fd;
}

static GStrv
replace_words (Rig *rig, char **argv)
{
  const char *address = emu_usbip_server_get_address (rig->server);
  GStrv result = g_strdupv (argv);

  for (guint i = 0; result[i] != NULL; i++)
    {
      GString *text = g_string_new (result[i]);

      g_string_replace (text, "@ADDRESS@", address, 0);
      g_string_replace (text, "@PORT@", strrchr (address, ':') + 1, 0);
      g_string_replace (text, "@CONTROL@", rig->control, 0);
      g_free (result[i]);
      result[i] = g_string_free (text, FALSE);
    }
  return result;
}

static void
start (Rig *rig, char **argv)
{
  g_autoptr (GError) error = NULL;
  GPid pid;

  if (g_spawn_async (NULL, argv, NULL,
                     G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH | G_SPAWN_CHILD_INHERITS_STDIN,
                     NULL, NULL, &pid, &error))
    g_child_watch_add (pid, ended_cb, rig);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  Rig rig = { 0 };
  g_auto (GStrv) command = NULL;
  int control_fd;
  guint control_id;

  if (argc < 3)
    {
      g_printerr ("usage: usb-adapters N PROGRAM [ARGS]\n");
      return 2;
    }

  rig.loop = g_main_loop_new (NULL, FALSE);
  serve (&rig, atoi (argv[1]));
  control_fd = make_control (&rig);
  control_id = g_unix_fd_add (control_fd, G_IO_IN, control_cb, &rig);
  command = replace_words (&rig, argv + 2);
  start (&rig, command);
  g_main_loop_run (rig.loop);

  g_source_remove (control_id);
  close (control_fd);
  g_remove (rig.control);
  g_rmdir (rig.dir);
  emu_usbip_server_free (rig.server);
  for (guint i = 0; i < rig.n_chips; i++)
    emu_ft4232h_free (rig.chips[i]);
  emu_clock_free (rig.clock);
  g_main_loop_unref (rig.loop);
  g_free (rig.control);
  g_free (rig.dir);
  return rig.exit_status;
}
