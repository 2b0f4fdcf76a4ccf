/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keyring-daemon.h"

#include <signal.h>
#include <string.h>

#define BUS_NAME "org.freedesktop.secrets"

struct _KeyringDaemon
{
  char *data_dir;           /* (owned) */
  GSubprocess *process;     /* (owned) (nullable) */
  GDBusConnection *session; /* (owned) */
};

KeyringDaemon *
keyring_daemon_new (const char *data_dir)
{
  KeyringDaemon *self = g_new0 (KeyringDaemon, 1);
  g_autoptr (GError) error = NULL;

  self->data_dir = g_strdup (data_dir);
  self->session = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_assert_no_error (error);
  return self;
}

void
keyring_daemon_free (KeyringDaemon *self)
{
  keyring_daemon_stop (self);
  g_object_unref (self->session);
  g_free (self->data_dir);
  g_free (self);
}

static gboolean
has_owner (KeyringDaemon *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_sync (self->session, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                   "org.freedesktop.DBus", "NameHasOwner",
                                   g_variant_new ("(s)", BUS_NAME), G_VARIANT_TYPE ("(b)"),
                                   G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  gboolean owned;

  g_assert_no_error (error);
  g_variant_get (answer, "(b)", &owned);
  return owned;
}

/* The name is what programs look for; there is no other sign that the daemon is ready. */
static void
wait_for_name (KeyringDaemon *self, gboolean owned)
{
  while (has_owner (self) != owned)
    g_main_context_iteration (NULL, FALSE);
}

/* @password NULL: nothing is unlocked and no keyring is made; a wrong one leaves it locked. */
void
keyring_daemon_start (KeyringDaemon *self, const char *password)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                 G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GError) error = NULL;
  GOutputStream *input;

  g_assert_null (self->process);
  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", self->data_dir, TRUE);
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG"); /* its warnings are not our bugs */
  self->process = g_subprocess_launcher_spawn (launcher, &error, "gnome-keyring-daemon",
                                               "--foreground", "--components=secrets",
                                               password != NULL ? "--unlock" : NULL, NULL);
  g_assert_no_error (error);

  input = g_subprocess_get_stdin_pipe (self->process);
  if (password != NULL)
    g_output_stream_write_all (input, password, strlen (password), NULL, NULL, NULL);
  g_output_stream_close (input, NULL, NULL);
  wait_for_name (self, TRUE);
}

void
keyring_daemon_stop (KeyringDaemon *self)
{
  if (self->process == NULL)
    return;

  g_subprocess_send_signal (self->process, SIGTERM);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
  wait_for_name (self, FALSE);
}

void
keyring_daemon_restart (KeyringDaemon *self)
{
  keyring_daemon_stop (self);
  keyring_daemon_start (self, KEYRING_PASSWORD);
}

/* As a screen saver or a password program does it. */
void
keyring_daemon_lock (KeyringDaemon *self)
{
  const char *paths[] = { "/org/freedesktop/secrets/collection/login" };
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_sync (self->session, BUS_NAME, "/org/freedesktop/secrets",
                                   "org.freedesktop.Secret.Service", "Lock",
                                   g_variant_new ("(@ao)", g_variant_new_objv (paths, 1)), NULL,
                                   G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  g_assert_no_error (error);
}

/* From now on it owns its name and answers nothing. */
void
keyring_daemon_freeze (KeyringDaemon *self)
{
  g_subprocess_send_signal (self->process, SIGSTOP);
}

void
keyring_daemon_thaw (KeyringDaemon *self)
{
  g_subprocess_send_signal (self->process, SIGCONT);
}
