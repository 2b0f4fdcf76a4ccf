/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-app-console.h"

#include "lks-app-control.h"
#include "lks-device-error.h"
#include "lks-service-error.h"

G_DEFINE_ENUM_TYPE (LksConsoleNews,
                    lks_console_news,
                    G_DEFINE_ENUM_VALUE (LKS_CONSOLE_NEWS_OUTPUT, "output"),
                    G_DEFINE_ENUM_VALUE (LKS_CONSOLE_NEWS_LISTENING, "listening"),
                    G_DEFINE_ENUM_VALUE (LKS_CONSOLE_NEWS_DEBUGGER_CAME, "debugger-came"),
                    G_DEFINE_ENUM_VALUE (LKS_CONSOLE_NEWS_DEBUGGER_LEFT, "debugger-left"),
                    G_DEFINE_ENUM_VALUE (LKS_CONSOLE_NEWS_DEBUGGER_REFUSED, "debugger-refused"),
                    G_DEFINE_ENUM_VALUE (LKS_CONSOLE_NEWS_RUNS, "runs"),
                    G_DEFINE_ENUM_VALUE (LKS_CONSOLE_NEWS_STOPPED, "stopped"),
                    G_DEFINE_ENUM_VALUE (LKS_CONSOLE_NEWS_EXITED, "exited"),
                    G_DEFINE_ENUM_VALUE (LKS_CONSOLE_NEWS_KILLED, "killed"),
                    G_DEFINE_ENUM_VALUE (LKS_CONSOLE_NEWS_CLOSED, "closed"))

static gboolean
is_port (guint port)
{
  return port > 0 && port <= G_MAXUINT16;
}

static gboolean
take_ports (LksAppConsole *self, const LksAppStatus *answer, GError **error)
{
  if (is_port (answer->gdb_port) && is_port (answer->out_port))
    {
      self->gdb_port = (guint16) answer->gdb_port;
      self->out_port = (guint16) answer->out_port;
      return TRUE;
    }

  g_set_error_literal (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED,
                       "the board agreed to debug, and does not tell the ports for that");
  return FALSE;
}

/* One that another program debugs, or did when it broke off, is taken from it. */
static gboolean
note_before (LksAppConsole *self,
             LksDevice *device,
             const char *component_id,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (LksAppStatus) before =
      lks_device_get_app_status (device, component_id, cancellable, error);
  g_autoptr (LksAppStatus) stopped = NULL;

  if (before == NULL)
    return FALSE;
  if (self->component_id != component_id)
    {
      g_free (self->component_id);
      self->component_id = g_strdup (component_id);
    }
  self->was_running |=
      before->state == LKS_APP_STATE_RUNNING || before->state == LKS_APP_STATE_DEBUGGING;
  if (before->state != LKS_APP_STATE_DEBUGGING)
    return TRUE;

  stopped = lks_app_trigger (device, component_id, LKS_APP_TRIGGER_STOP, cancellable, error);
  return stopped != NULL;
}

/**
 * lks_app_console_begin:
 * @self: a console, of which the first four members are filled in
 * @device: a board
 * @component_id: an application on it
 * @cancellable: (nullable): a cancellable
 * @error: return location for [error@Lks.DeviceError], [error@Lks.ServiceError] or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Starts an application under the debug server, which holds it until somebody lets it run. Blocks;
 * worker threads only.
 *
 * Returns: whether it is held; then lks_app_console_end() puts it back. Otherwise it was put back.
 */
gboolean
lks_app_console_begin (LksAppConsole *self,
                       LksDevice *device,
                       const char *component_id,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (LksAppStatus) answer = NULL;

  if (!note_before (self, device, component_id, cancellable, error))
    return FALSE;

  answer = lks_app_trigger (device, component_id, LKS_APP_TRIGGER_START_DEBUG, cancellable, error);
  if (answer != NULL && take_ports (self, answer, error))
    return TRUE;

  lks_app_console_end (self, device, NULL, NULL);
  return FALSE;
}

static gboolean
put_back (const LksAppConsole *self, LksDevice *device, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksAppStatus) now =
      lks_device_get_app_status (device, self->component_id, cancellable, error);
  g_autoptr (LksAppStatus) stopped = NULL;
  g_autoptr (LksAppStatus) started = NULL;

  if (now == NULL)
    return FALSE;
  if (now->state == LKS_APP_STATE_DEBUGGING)
    {
      stopped =
          lks_app_trigger (device, self->component_id, LKS_APP_TRIGGER_STOP, cancellable, error);
      if (stopped == NULL)
        return FALSE;
    }
  if (!self->was_running || now->state == LKS_APP_STATE_RUNNING)
    return TRUE;

  started = lks_app_trigger (device, self->component_id, LKS_APP_TRIGGER_START, cancellable, error);
  return started != NULL;
}

/**
 * lks_app_console_end:
 * @self: a console that was begun
 * @device: its board
 * @cancellable: (nullable): a cancellable
 * @error: return location for [error@Lks.DeviceError], [error@Lks.ServiceError] or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Puts the application back: ends its debugging, so that the board's debug port is closed, and
 * starts it again when it ran before. A board that refuses that, because a servicing session has
 * ended meanwhile, is asked through its debug server: lks_app_console_release(). Blocks; worker
 * threads only.
 *
 * Returns: whether it is as it was
 */
gboolean
lks_app_console_end (const LksAppConsole *self,
                     LksDevice *device,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (GError) refusal = NULL;

  if (put_back (self, device, cancellable, &refusal))
    return TRUE;
  if (g_error_matches (refusal, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED) &&
      lks_app_console_release (self, cancellable, NULL))
    return TRUE;

  g_prefix_error (&refusal, "the application may still be under the debug server: ");
  g_propagate_error (error, g_steal_pointer (&refusal));
  return FALSE;
}

/**
 * lks_app_console_clear:
 * @self: a console
 *
 * Frees what it holds.
 */
void
lks_app_console_clear (LksAppConsole *self)
{
  g_clear_pointer (&self->component_id, g_free);
}
