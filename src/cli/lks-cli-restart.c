/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-work.h"
#include "lks-enums.h"
#include "lks-restart.h"
#include "lks-update.h"

#include <stdio.h>

#define LIMIT_MAX_S (24 * 60 * 60)

typedef struct
{
  LksCliWork work;
  gboolean wait;
  int limit_s;
  LksRestart restart;
  LksUpdateState update;
} RestartCommand;

static void
restart_command_clear (RestartCommand *self)
{
  lks_cli_work_clear (&self->work);
  lks_restart_clear (&self->restart);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RestartCommand, restart_command_clear)

static gboolean
check_limit (RestartCommand *self, GError **error)
{
  if (self->limit_s >= 1 && self->limit_s <= LIMIT_MAX_S)
    return TRUE;

  g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE, "--limit must be 1 to %d seconds",
               LIMIT_MAX_S);
  return FALSE;
}

/* Worker thread. */
static gboolean
restart_job (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  RestartCommand *self = user_data;

  return lks_restart_order (device, &self->restart, cancellable, error) &&
         (!self->wait ||
          lks_restart_prove (device, &self->restart, (guint) self->limit_s, cancellable, error));
}

static void
print_restart (const LksRestart *restart)
{
  if (restart->is_proven)
    printf ("The board has restarted in %.1f s: its uptime is %" G_GUINT64_FORMAT
            " s, it was %" G_GUINT64_FORMAT " s\n",
            (double) restart->took_ms / 1000, restart->after_s, restart->before.uptime_s);
  else
    puts (restart->has_answered
              ? "The board restarts; --wait proves it"
              : "The board was told to restart and gave no clean answer; --wait proves it");
}

/**
 * lks_cli_restart:
 * @argc: how many arguments
 * @argv: the arguments; the first is the command
 *
 * Restarts a board, and proves it when told to wait.
 *
 * Returns: the exit status
 */
int
lks_cli_restart (int argc, char **argv)
{
  g_auto (RestartCommand) self = { .limit_s = LKS_RESTART_WATCH_LIMIT_S };
  const GOptionEntry entries[] = {
    { "wait", 'w', 0, G_OPTION_ARG_NONE, &self.wait,
      "Wait until a smaller uptime proves that the board has restarted", NULL },
    { "limit", 0, 0, G_OPTION_ARG_INT, &self.limit_s, "How long to wait at most", "SECONDS" },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&self.work, entries, "restart", "Restarts a board.", 0, &argc, &argv,
                           &error) ||
      !check_limit (&self, &error) || !lks_cli_work_run (&self.work, restart_job, &self, &error))
    return lks_cli_work_fail (&self.work, error);

  if (self.work.json)
    lks_cli_work_print_json (&self.work, "restart", lks_restart_to_json (&self.restart));
  else
    print_restart (&self.restart);
  return LKS_CLI_EXIT_DONE;
}

/* Worker thread. */
static gboolean
update_job (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  RestartCommand *self = user_data;
  g_autoptr (LksComponents) components = NULL;

  if (self->wait)
    return lks_update_wait (device, (guint) self->limit_s, &self->update, cancellable, error);

  components = lks_device_get_images (device, cancellable, error);
  if (components == NULL)
    return FALSE;

  self->update = lks_components_get_update (components);
  return TRUE;
}

static void
report_update (RestartCommand *self)
{
  LksExplanation explained = lks_update_state_explain (self->update);
  JsonObject *object;
  JsonNode *node;

  if (!self->work.json)
    {
      printf ("%s%s%s\n", explained.meaning, explained.advice[0] != '\0' ? " " : "",
              explained.advice);
      return;
    }

  object = json_object_new ();
  json_object_set_string_member (object, "state",
                                 lks_enum_to_nick (LKS_TYPE_UPDATE_STATE, (int) self->update));
  json_object_set_string_member (object, "meaning", explained.meaning);
  json_object_set_string_member (object, "advice", explained.advice);
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  lks_cli_work_print_json (&self->work, "update", node);
}

/**
 * lks_cli_ota:
 * @argc: how many arguments
 * @argv: the arguments; the first is the command
 *
 * Tells whether a board updates itself over the air, and waits until it is over when told to.
 *
 * Returns: the exit status
 */
int
lks_cli_ota (int argc, char **argv)
{
  g_auto (RestartCommand) self = { .limit_s = LKS_UPDATE_LIMIT_S };
  const GOptionEntry entries[] = {
    { "wait", 'w', 0, G_OPTION_ARG_NONE, &self.wait, "Wait until the update is over", NULL },
    { "limit", 0, 0, G_OPTION_ARG_INT, &self.limit_s, "How long to wait at most", "SECONDS" },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&self.work, entries, "ota",
                           "Tells whether a board updates itself over the air.", 0, &argc, &argv,
                           &error) ||
      !check_limit (&self, &error) || !lks_cli_work_run (&self.work, update_job, &self, &error))
    return lks_cli_work_fail (&self.work, error);

  report_update (&self);
  return LKS_CLI_EXIT_DONE;
}
