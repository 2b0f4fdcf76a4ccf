/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-capability.h"
#include "lks-cli-cloud.h"
#include "lks-cli-output.h"
#include "lks-cli-vault.h"
#include "lks-cli-work.h"
#include "lks-cloud-preparer.h"
#include "lks-development.h"
#include "lks-enums.h"
#include "lks-restart-watch.h"
#include "lks-service-error.h"

#include <stdio.h>

#define LIMIT_MAX_S (24 * 60 * 60)
#define STATE_COLUMNS 8

typedef struct
{
  LksCliWork work;
  LksDevelopment *development; /* (owned) */
  char *file;                  /* (owned) (nullable): path of the capability file */
  LksCloudPreparer *cloud;     /* (owned) (nullable) */
  gboolean is_online;
  char *account; /* (owned) (nullable) */
  char *catalog; /* (owned) (nullable) */
  char *product; /* (owned) (nullable) */
  char *group;   /* (owned) (nullable) */
  gboolean is_dry_run;
  gboolean goes_back;
  int limit_s;
} Prepare;

static void
prepare_clear (Prepare *self)
{
  lks_cli_work_clear (&self->work);
  g_clear_pointer (&self->development, lks_development_free);
  g_clear_pointer (&self->cloud, lks_cloud_preparer_free);
  g_free (self->account);
  g_free (self->catalog);
  g_free (self->product);
  g_free (self->group);
  g_free (self->file);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Prepare, prepare_clear)

/* ---- what is said ---- */

/* What a board names is shown, but not trusted. */
static char *
dup_words (const LksDevelopment *development, LksDevelopmentStep step)
{
  const char *note = lks_development_get_note (development, step);
  const char *subject = lks_development_get_subject (development, step);
  g_autofree char *clean = subject != NULL ? lks_cli_clean (subject) : NULL;

  return g_strconcat (note != NULL || clean != NULL ? ": " : "", note != NULL ? note : "",
                      note != NULL && clean != NULL ? " " : "", clean, NULL);
}

static void
print_step (FILE *stream, const LksDevelopment *development, LksDevelopmentStep step)
{
  LksDevelopmentState state = lks_development_get_state (development, step);
  g_autofree char *words = dup_words (development, step);

  fprintf (stream, "%-*s %s%s\n", STATE_COLUMNS,
           lks_enum_to_nick (LKS_TYPE_DEVELOPMENT_STATE, (int) state),
           lks_development_step_get_title (step), words);
}

/* Worker thread. The end of every step is told at the end of the command. */
static void
tell_step (const LksDevelopment *development, LksDevelopmentStep step, gpointer user_data)
{
  if (lks_development_get_state (development, step) == LKS_DEVELOPMENT_STATE_RUNNING)
    fprintf (stderr, "%s…\n", lks_development_step_get_title (step));
}

static void
print_all (const Prepare *self)
{
  for (guint step = 0; step < LKS_DEVELOPMENT_STEPS; step++)
    print_step (stdout, self->development, step);
}

/* ---- the work ---- */

/* Worker thread. */
static gboolean
prepare_job (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  Prepare *self = user_data;

  if (self->is_dry_run)
    return lks_development_look (self->development, device, self->work.lock, cancellable, error);
  if (self->goes_back)
    return lks_development_put_back (self->development, device, self->work.lock, cancellable,
                                     error);
  return lks_development_run (self->development, device, self->work.lock, cancellable, error);
}

static gboolean
load_file (Prepare *self, GError **error)
{
  g_autoptr (LksSecret) file = NULL;

  if (self->file == NULL)
    return TRUE;
  file = lks_secret_load (self->file, LKS_CAPABILITY_FILE_BYTES_MAX, error);
  if (file == NULL)
    return FALSE;

  lks_development_set_file (self->development, file);
  return TRUE;
}

/* Only a key can be in the vault, never the empty file. */
static gboolean
takes_key (const Prepare *self)
{
  gboolean is_development =
      lks_development_get_goal (self->development) == LKS_DEVELOPMENT_GOAL_DEVELOPMENT;

  return self->file == NULL && self->work.device_id != NULL && is_development != self->goes_back;
}

static gboolean
fetch_file (Prepare *self, GError **error)
{
  g_autoptr (LksCliVault) opened = lks_cli_vault_open (error);
  g_autoptr (LksCapabilityKey) key = NULL;
  g_autoptr (LksSecret) file = NULL;
  LksVault *vault = opened != NULL ? lks_cli_vault_get (opened) : NULL;
  LksVaultItem *item = vault != NULL ? lks_vault_find_for (vault, self->work.device_id,
                                                           LKS_CAPABILITY_APP_DEVELOPMENT)
                                     : NULL;

  if (vault != NULL && item == NULL)
    g_set_error_literal (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_NOT_FOUND,
                         "the vault has no appDevelopment for this board");
  if (item == NULL)
    return FALSE;

  lks_vault_fetch_key_async (vault, item, lks_cli_vault_get_cancellable (opened),
                             lks_cli_vault_answered_cb, opened);
  key = lks_vault_fetch_key_finish (vault, lks_cli_vault_wait (opened), error);
  if (key == NULL)
    return FALSE;

  file = lks_capability_key_dup_bytes (key);
  lks_development_set_file (self->development, file);
  return TRUE;
}

/* When no file was named, the vault may have it. It is asked only once the board was found to need
 * one, for a keyring may ask for its password. */
static gboolean
prepare (Prepare *self, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GError) vault_error = NULL;

  if (!load_file (self, error))
    return FALSE;
  lks_development_set_func (self->development, tell_step, NULL);
  if (lks_cli_work_run (&self->work, prepare_job, self, &local))
    return TRUE;

  if (g_error_matches (local, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID) && takes_key (self))
    {
      if (fetch_file (self, &vault_error))
        return lks_cli_work_run (&self->work, prepare_job, self, error);
      fprintf (stderr, "%s\n", vault_error->message);
    }
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static int
fail (Prepare *self, const GError *error)
{
  int status;

  if (!self->work.json && self->work.device_id != NULL)
    print_all (self);
  status = lks_cli_work_fail_partly (&self->work, "preparation",
                                     lks_development_to_json (self->development), error);
  if (lks_development_is_half_done (self->development))
    fputs ("The board is half prepared: repeat the command to go on, or add --put-back to go "
           "back.\n",
           stderr);
  return status;
}

static gboolean
check_limit (const Prepare *self, GError **error)
{
  if (self->limit_s >= 1 && self->limit_s <= LIMIT_MAX_S)
    return TRUE;

  g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE, "--limit must be 1 to %d seconds",
               LIMIT_MAX_S);
  return FALSE;
}

static gboolean
check_cloud (const Prepare *self, GError **error)
{
  gboolean names_place = self->account != NULL || self->catalog != NULL || self->product != NULL ||
                         self->group != NULL;

  if (names_place && !self->is_online)
    g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                         "Accounts, catalogs and device groups are named together with --cloud");
  else if (self->product != NULL && self->group == NULL)
    g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                         "A product is named together with its --group");
  else
    return TRUE;
  return FALSE;
}

static gboolean
find_account (LksCliCloud *cloud, gpointer data, GError **error)
{
  Prepare *self = data;
  const LksCloudPreparerWish wish = { self->catalog, self->product, self->group };
  g_autoptr (LksCloudAccount) account = lks_cli_cloud_find_account (cloud, self->account, error);

  if (account == NULL)
    return FALSE;
  if (lks_cloud_account_is_legacy (account))
    lks_cli_cloud_warn_of_end ();
  self->cloud = lks_cloud_preparer_new (account, cloud->trust, &wish);
  return TRUE;
}

/* Whether somebody is signed in is found out before the board is touched. */
static gboolean
open_cloud (Prepare *self, GError **error)
{
  if (!self->is_online)
    return TRUE;
  if (!lks_cli_cloud_run (find_account, self, error))
    return FALSE;
  lks_development_set_cloud (self->development, lks_cloud_preparer_get_functions (self->cloud));
  return TRUE;
}

static gboolean
check_options (const Prepare *self, GError **error)
{
  if (!check_cloud (self, error))
    return FALSE;
  if (!self->is_dry_run || !self->goes_back)
    return check_limit (self, error);

  g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                       "--dry-run tells what the way there would do; leave out --put-back");
  return FALSE;
}

static int
run (LksDevelopmentGoal goal, const char *usage, const char *summary, int argc, char **argv)
{
  g_auto (Prepare) self = { .limit_s = LKS_RESTART_WATCH_LIMIT_S };
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "capability", 'c', 0, G_OPTION_ARG_FILENAME, &self.file,
      "The capability file for this board; without it, the vault's where there can be one",
      "FILE" },
    { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &self.is_dry_run,
      "Only tell what would happen; sends nothing", NULL },
    { "put-back", 0, 0, G_OPTION_ARG_NONE, &self.goes_back,
      "Undo what was done; FILE is the one that leads back", NULL },
    { "cloud", 0, 0, G_OPTION_ARG_NONE, &self.is_online,
      "Also do what is to be done in the cloud, as who is signed in", NULL },
    { "account", 0, 0, G_OPTION_ARG_STRING, &self.account,
      "Who is signed in, when there are several", "ACCOUNT" },
    { "catalog", 0, 0, G_OPTION_ARG_STRING, &self.catalog, "Look for the board only there",
      "CATALOG" },
    { "product", 0, 0, G_OPTION_ARG_STRING, &self.product,
      "Product of --group; without it, that of the board", "NAME" },
    { "group", 0, 0, G_OPTION_ARG_STRING, &self.group,
      "Device group to move the board to; with --put-back, back to", "NAME" },
    { "limit", 0, 0, G_OPTION_ARG_INT, &self.limit_s, "How long to wait for the restart at most",
      "SECONDS" },
    { NULL },
  };

  self.development = lks_development_new (goal);
  if (!lks_cli_work_parse (&self.work, entries, usage, summary, 0, &argc, &argv, &error) ||
      !check_options (&self, &error) || !open_cloud (&self, &error))
    return lks_cli_work_fail (&self.work, error);

  lks_development_set_limit (self.development, (guint) self.limit_s);
  if (!prepare (&self, &error))
    return fail (&self, error);

  if (self.work.json)
    lks_cli_work_print_json (&self.work, "preparation", lks_development_to_json (self.development));
  else
    print_all (&self);
  return LKS_CLI_EXIT_DONE;
}

static int
prepare_development (int argc, char **argv)
{
  return run (LKS_DEVELOPMENT_GOAL_DEVELOPMENT, "prepare development",
              "Makes the board take software from this computer: stores appDevelopment on it, "
              "restarts it, and proves that. Applications stay. Never on a finished board.",
              argc, argv);
}

static int
prepare_cloud_test (int argc, char **argv)
{
  return run (LKS_DEVELOPMENT_GOAL_CLOUD_TEST, "prepare cloud-test",
              "Makes the board take software from the cloud only, as in the field: deletes all "
              "applications, takes stored capabilities away with the empty capability file, "
              "restarts it, and proves that.",
              argc, argv);
}

/**
 * lks_cli_prepare:
 * @argc: how many arguments
 * @argv: the arguments; the first is "prepare"
 *
 * Returns: the exit status
 */
int
lks_cli_prepare (int argc, char **argv)
{
  static const LksCliCommand verbs[] = {
    { "development", NULL, "The board takes software from this computer", prepare_development },
    { "cloud-test", NULL, "The board takes software from the cloud only", prepare_cloud_test },
  };

  return lks_cli_run_verb ("prepare", verbs, G_N_ELEMENTS (verbs),
                           "Prepares a board for development or for tests with the cloud, in "
                           "sub-steps with a way back.",
                           argc, argv);
}
