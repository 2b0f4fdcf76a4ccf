/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `locksmithctl cloud claim-queue`: the claims that wait in the ledger. */
#include "lks-claim-queue.h"
#include "lks-cli-cloud.h"
#include "lks-cli-json-list.h"
#include "lks-cli-output.h"
#include "lks-cli-work.h"
#include "lks-device-id.h"
#include "lks-station.h"

#include <stdio.h>

typedef struct
{
  char *account;
  char *path;
  char *reason;
  gboolean json;
  LksLedger *ledger; /* (owned) (nullable) */
  LksCliJsonList list;
  guint n_failed;
} Queue;

static void
queue_clear (Queue *self)
{
  g_free (self->account);
  g_free (self->path);
  g_free (self->reason);
  g_clear_object (&self->ledger);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Queue, queue_clear)

static gboolean
open_ledger (Queue *self, GError **error)
{
  g_autofree char *path =
      self->path != NULL ? g_strdup (self->path) : lks_ledger_dup_default_path ();

  self->ledger = lks_ledger_open (path, error);
  if (self->ledger != NULL)
    lks_station_sign_ledger (self->ledger);
  return self->ledger != NULL;
}

#define LEDGER_ENTRY(self)                                                                         \
  {                                                                                                \
    "ledger", 0, 0, G_OPTION_ARG_FILENAME, &(self).path, "Instead of the user's ledger", "FILE"    \
  }
#define JSON_ENTRY(self)                                                                           \
  {                                                                                                \
    "json", 0, 0, G_OPTION_ARG_NONE, &(self).json, "Print a JSON document", NULL                   \
  }

static void
print_note (Queue *self, const LksClaimNote *note, const GError *error)
{
  g_autofree char *place = lks_recipe_claim_tell (&note->claim);
  g_autofree char *clean = lks_cli_clean (place);

  if (self->json)
    {
      JsonObject *object = lks_claim_note_to_json (note);

      json_object_set_member (object, "error", lks_cli_error_to_json (error));
      lks_cli_json_list_add (&self->list, object);
    }
  else
    printf ("…%s  %-8s %s\n", lks_cli_get_device_end (note->device_id),
            note->outcome != NULL ? note->outcome : "waiting", clean);
}

/* ---- list ---- */

static void
print_reason (const LksClaimNote *note)
{
  g_autofree char *clean = lks_cli_clean (note->message);

  if (note->message != NULL)
    printf ("  %s\n", clean);
}

static void
print_notes (Queue *self, GPtrArray *notes)
{
  for (guint i = 0; i < notes->len; i++)
    {
      print_note (self, g_ptr_array_index (notes, i), NULL);
      if (!self->json)
        print_reason (g_ptr_array_index (notes, i));
    }
  if (self->json)
    lks_cli_json_list_end (&self->list, NULL);
  else if (notes->len == 0)
    fputs ("No claim waits.\n", stderr);
}

static int
list (int argc, char **argv)
{
  g_auto (Queue) self = { .list = { .member = "claims" } };
  const GOptionEntry entries[] = { LEDGER_ENTRY (self), JSON_ENTRY (self), { NULL } };
  g_autoptr (GPtrArray) notes = NULL;
  g_autoptr (GError) error = NULL;

  if (!lks_cli_parse (entries, "cloud claim-queue list",
                      "Lists the claims that wait, the oldest first, and why the last try failed.",
                      &argc, &argv, &error) ||
      !open_ledger (&self, &error) || (notes = lks_claim_queue_list (self.ledger, &error)) == NULL)
    return (int) lks_cli_report_error (error, self.json);

  print_notes (&self, notes);
  return LKS_CLI_EXIT_DONE;
}

/* ---- work ---- */

static void
take_note (const LksClaimNote *note, const GError *error, gpointer user_data)
{
  Queue *self = user_data;

  print_note (self, note, error);
  if (error == NULL)
    return;
  self->n_failed++;
  lks_cli_print_error (lks_device_id_get_short (note->device_id), error);
}

/* An empty queue needs nobody who is signed in: a station may ask every hour. */
static gboolean
work_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Queue *self = data;
  g_autoptr (LksCloudAccount) account = NULL;
  g_autoptr (LksCloudClaimer) claimer = NULL;
  guint n_waiting;

  if (!lks_ledger_claims_count (self->ledger, &n_waiting, error))
    return FALSE;
  if (n_waiting == 0)
    return TRUE;

  account = lks_cli_cloud_find_account (cloud, self->account, error);
  if (account == NULL)
    return FALSE;
  if (lks_cloud_account_is_legacy (account))
    lks_cli_cloud_warn_of_end ();
  claimer = lks_cloud_claimer_new (account, cloud->trust);
  return lks_claim_queue_work (self->ledger, claimer, take_note, self, cloud->cancellable, error);
}

static int
work (int argc, char **argv)
{
  g_auto (Queue) self = { .list = { .member = "claims" } };
  const GOptionEntry entries[] = {
    { "account", 0, 0, G_OPTION_ARG_STRING, &self.account,
      "Who is signed in, when there are several", "ACCOUNT" },
    LEDGER_ENTRY (self),
    JSON_ENTRY (self),
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_parse (entries, "cloud claim-queue work",
                      "Makes the claims that wait, for ever, into the catalogs that their recipes "
                      "name. What fails keeps waiting.",
                      &argc, &argv, &error) ||
      !open_ledger (&self, &error))
    return (int) lks_cli_report_error (error, self.json);

  lks_cli_cloud_run (work_in_thread, &self, &error);
  if (self.json)
    lks_cli_json_list_end (&self.list, error);
  if (error != NULL)
    return (int) lks_cli_report_error (error, FALSE);
  return self.n_failed > 0 ? LKS_CLI_EXIT_CLOUD : LKS_CLI_EXIT_DONE;
}

/* ---- give up ---- */

static gboolean
check_give_up (const Queue *self, int argc, char **argv, char **out_id, GError **error)
{
  if (argc == 2 && self->reason != NULL && *self->reason != '\0')
    {
      *out_id = lks_device_id_normalize (argv[1], error);
      return *out_id != NULL;
    }

  g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                       "One device ID is needed, and --reason, which stands in the journal");
  return FALSE;
}

static int
give_up (int argc, char **argv)
{
  g_auto (Queue) self = { 0 };
  const GOptionEntry entries[] = {
    { "reason", 0, 0, G_OPTION_ARG_STRING, &self.reason, "Why, for the journal", "TEXT" },
    LEDGER_ENTRY (self),
    { NULL },
  };
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  if (!lks_cli_parse (entries, "cloud claim-queue give-up DEVICE",
                      "Says that the claim of a device will not be made. The journal keeps it.",
                      &argc, &argv, &error) ||
      !check_give_up (&self, argc, argv, &id, &error) || !open_ledger (&self, &error) ||
      !lks_claim_queue_give_up (self.ledger, id, self.reason, &error))
    return (int) lks_cli_report_error (error, FALSE);

  fprintf (stderr, "The claim of …%s waits no longer.\n", lks_device_id_get_short (id));
  return LKS_CLI_EXIT_DONE;
}

static const LksCliCommand verbs[] = {
  { "list", "[OPTION…]", "Which claims wait", list },
  { "work", "[OPTION…]", "Make them", work },
  { "give-up", "DEVICE --reason TEXT", "One will not be made", give_up },
};

/**
 * lks_cli_claim_queue:
 * @argc: how many arguments
 * @argv: the arguments, the first is the command
 *
 * `locksmithctl cloud claim-queue`.
 *
 * Returns: the exit status
 */
int
lks_cli_claim_queue (int argc, char **argv)
{
  return lks_cli_run_verb ("cloud claim-queue", verbs, G_N_ELEMENTS (verbs),
                           "Claims of boards that were locked by a recipe with the policy “queue”.",
                           argc, argv);
}
