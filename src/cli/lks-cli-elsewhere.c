/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run has to do with the other stations of a shared ledger: it asks them before, and tells
 * them afterwards. No server holds up the line, and none changes a verdict. */
#include "lks-cli-elsewhere.h"

#include "lks-bounded.h"
#include "lks-cli-output.h"
#include "lks-cli-records-private.h"
#include "lks-cli-wait.h"
#include "lks-enums.h"
#include "lks-station-share.h"

#include <stdio.h>

#define PUSH_LIMIT_S 10

/**
 * lks_cli_ask_elsewhere:
 * @ledger: the ledger of this station
 * @device_ids: (element-type utf8): boards that are about to be finalized
 *
 * Asks the shared ledger, if this station has one, which of them other stations say to have
 * finalized. Waits some seconds at most; what is not known is told on stderr and stops nobody.
 *
 * Returns: (transfer full) (nullable): the answer, or NULL when there is nothing to ask about
 */
LksElsewhere *
lks_cli_ask_elsewhere (LksLedger *ledger, GPtrArray *device_ids)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *reason = NULL;
  LksElsewhere *elsewhere;

  if (device_ids->len == 0)
    return NULL;

  lks_elsewhere_ask_async (ledger, device_ids, lks_cli_wait_cb, &result);
  elsewhere = lks_elsewhere_ask_finish (lks_cli_wait_for (&result));
  if (lks_elsewhere_get_error (elsewhere) == NULL)
    return elsewhere;

  reason = lks_cli_clean (lks_elsewhere_get_error (elsewhere)->message);
  fprintf (stderr,
           "Whether another station has finished these boards is not known, the shared ledger "
           "could not be asked: %s. The runs go on.\n",
           reason);
  return elsewhere;
}

static char *
describe (LksElsewhereKind kind, const LksRecordFields *fields)
{
  g_autofree char *station =
      lks_cli_clean (fields->station != NULL ? fields->station : "another station");
  g_autofree char *recipe = lks_cli_clean (fields->recipe_name != NULL ? fields->recipe_name : "");
  g_autofree char *time = lks_cli_format_time (fields->started_us);

  switch (kind)
    {
    case LKS_ELSEWHERE_SAME_RECIPE:
      return g_strdup_printf ("finished elsewhere: %s, %s, by this very recipe. It is only "
                              "verified here; it will not be locked a second time",
                              station, time);
    case LKS_ELSEWHERE_OTHER_RECIPE:
      return g_strdup_printf ("finished elsewhere by another recipe: %s, %s, “%s”. It is only "
                              "verified here; it will not be locked a second time",
                              station, time, recipe);
    case LKS_ELSEWHERE_EARLIER:
      return g_strdup_printf ("an earlier step was made elsewhere: %s, %s, by the recipe “%s”",
                              station, time, recipe);
    case LKS_ELSEWHERE_NOTHING:
    case LKS_ELSEWHERE_UNKNOWN:
      break;
    }
  return NULL;
}

/**
 * lks_cli_tell_elsewhere:
 * @elsewhere: (nullable): what other stations say
 * @device_id: (nullable): a board
 * @recipe: the recipe by which it is to be finalized here
 * @out_is_finished: (out): whether another station has finished it: a consent from before does not
 *   count
 *
 * Returns: (transfer full) (nullable): one line, or NULL when nobody says anything
 */
char *
lks_cli_tell_elsewhere (const LksElsewhere *elsewhere,
                        const char *device_id,
                        LksRecipe *recipe,
                        gboolean *out_is_finished)
{
  const LksRecordFields *fields;
  LksElsewhereKind kind =
      lks_elsewhere_judge (elsewhere, device_id, lks_recipe_get_hash (recipe),
                           lks_enum_to_nick (LKS_TYPE_TARGET_STATE,
                                             (int) lks_recipe_get_target_state (recipe)),
                           &fields);

  *out_is_finished = lks_elsewhere_is_finished (kind);
  return fields != NULL ? describe (kind, fields) : NULL;
}

typedef struct
{
  LksSharePlace *place; /* (owned) */
  LksLedger *ledger;    /* (owned) */
} Push;

static void
push_free (gpointer data)
{
  Push *self = data;

  lks_share_place_free (self->place);
  g_object_unref (self->ledger);
  g_free (self);
}

static void
push_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Push *self = data;
  GError *error = NULL;
  g_autoptr (LksShare) share = lks_station_open_share (self->place, cancellable, &error);
  LksSharePushed pushed;

  if (share != NULL && lks_share_push (share, self->ledger, &pushed, cancellable, &error))
    g_task_return_pointer (task, NULL, NULL);
  else
    g_task_return_error (task, error);
}

static gboolean
push (LksLedger *ledger, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) local = NULL;
  LksSharePlace *place;
  Push *work;

  if (!lks_station_find_share (&place, error))
    return FALSE;
  if (place == NULL)
    return TRUE;

  work = g_new0 (Push, 1);
  work->place = place;
  work->ledger = g_object_ref (ledger);
  lks_bounded_run_async (PUSH_LIMIT_S, push_in_thread, work, push_free, lks_cli_wait_cb, &result);
  if (lks_bounded_run_finish (lks_cli_wait_for (&result), &local) != NULL || local == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/**
 * lks_cli_push_records:
 * @ledger: the ledger of this station
 *
 * Copies what the shared ledger does not have yet, if this station has one. Waits some seconds at
 * most; a failure is told on stderr and is no failure of the command: nothing is lost.
 */
void
lks_cli_push_records (LksLedger *ledger)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *reason = NULL;

  if (push (ledger, &error))
    return;

  reason = lks_cli_clean (error->message);
  fprintf (stderr,
           "The records were not copied to the shared ledger: %s. They wait in this station's "
           "ledger and are copied next time.\n",
           reason);
}
