/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done with the boards of a wall. */
#include "lks-device-id.h"
#include "lks-elsewhere-text.h"
#include "lks-error-text.h"
#include "lks-label-elsewhere.h"
#include "lks-operator-gate.h"
#include "lks-wall-private.h"

#include <glib/gi18n-lib.h>

void
lks_wall_begun_free (gpointer data)
{
  Begun *begun = data;

  lks_consent_unref (begun->consent);
  g_free (begun->label);
  g_free (begun);
}

/* ---- runs ---- */

/* What was found is in the finalizer's properties, which the place shows while it is its own. */
static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksWall) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRunResult) run_result =
      lks_finalizer_check_finish (LKS_FINALIZER (source), result, &error);

  if (run_result == NULL)
    g_debug ("a check ended without a result: %s", error->message);
  lks_verdict_book_enter_run (self->verdicts, LKS_FINALIZER (source));
}

/* A board that went, or has to be switched off and on, is gone on with when it is back. */
static void
finalized_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksWall) self = user_data;
  LksFinalizer *finalizer = LKS_FINALIZER (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRunResult) run_result = lks_finalizer_finalize_finish (finalizer, result, &error);

  if (run_result == NULL)
    g_debug ("a finalization ended without a result: %s", error->message);
  else if (run_result->device_id != NULL && run_result->needs == NULL &&
           lks_port_is_present (lks_board_get_port (lks_finalizer_get_board (finalizer))))
    g_hash_table_remove (self->begun, run_result->device_id);
  lks_verdict_book_enter_run (self->verdicts, finalizer);
}

/* Also a label that the recipe does not demand is to be the right one. */
static gboolean
has_open_label (LksWallPlace *place)
{
  return lks_wall_place_wants_label (place) ||
         (lks_wall_place_get_label (place) != NULL &&
          lks_wall_place_get_label_state (place) != LKS_LABEL_STATE_BOUND);
}

static gboolean
can_run (LksWall *self, LksWallPlace *place)
{
  LksBoard *board = lks_wall_place_get_board (place);

  return !self->is_paused && lks_wall_may_lock (self) && self->recipe != NULL &&
         self->ledger != NULL && board != NULL &&
         lks_jig_place_get_allowed (lks_wall_place_get_jig_place (place)) &&
         lks_board_get_state (board) == LKS_BOARD_STATE_READY &&
         lks_board_get_device_id (board) != NULL;
}

static void
set_order (LksWall *self, LksFinalizer *finalizer, const char *label)
{
  LksRunOrder order = lks_operator_make_order (self->session, self->name);

  order.label = label;
  lks_finalizer_set_order (finalizer, &order);
  lks_waiver_book_apply (self->waivers, finalizer, order.batch);
  lks_claim_book_apply (self->claims, finalizer);
  lks_finalizer_set_label_check (finalizer, lks_label_check_elsewhere);
}

static void
start_check (LksWall *self, LksWallPlace *place)
{
  g_autoptr (LksFinalizer) finalizer =
      lks_finalizer_new (lks_wall_place_get_board (place), self->recipe, self->ledger);

  set_order (self, finalizer, lks_wall_place_get_label (place));
  lks_wall_place_set_finalizer (place, finalizer);
  lks_finalizer_check_async (finalizer, NULL, checked_cb, g_object_ref (self));
}

static void
finalize_with (LksWall *self, LksWallPlace *place, LksConsent *consent, const char *label)
{
  g_autoptr (LksFinalizer) finalizer =
      lks_finalizer_new (lks_wall_place_get_board (place), self->recipe, self->ledger);

  set_order (self, finalizer, label);
  lks_wall_place_confirm (place, NULL);
  lks_wall_place_set_finalizer (place, finalizer);
  lks_finalizer_finalize_async (finalizer, consent, NULL, finalized_cb, g_object_ref (self));
}

/* @given_by: how the consent was given, for the record */
static void
start_finalize (LksWall *self, LksWallPlace *place, const char *given_by)
{
  const char *device_id = lks_wall_place_get_device_id (place);
  g_autofree char *label = g_strdup (lks_wall_place_get_label (place));
  g_autoptr (GError) error = NULL;
  g_autoptr (LksConsent) consent = lks_consent_new (self->recipe, device_id, given_by, &error);
  Begun *begun;

  if (consent == NULL)
    {
      lks_wall_place_stop (place, error->message);
      return;
    }
  begun = g_new0 (Begun, 1);
  begun->consent = lks_consent_ref (consent);
  begun->label = g_strdup (label);
  g_hash_table_replace (self->begun, g_strdup (device_id), begun);
  finalize_with (self, place, consent, label);
}

static char *
dup_given_by (LksWall *self, const char *how)
{
  const char *name = lks_wall_get_operator_name (self);

  return name != NULL && *name != '\0' ? g_strdup_printf ("%s by %s", how, name) : g_strdup (how);
}

/* ---- what other stations say ---- */

typedef struct
{
  LksWallPlace *place; /* (owned) */
  LksBoard *board;     /* (owned) */
} Asked;

/* The place tells that it changed, and so it is considered what is to be done. */
static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Asked *asked = user_data;
  g_autoptr (LksElsewhere) elsewhere = lks_elsewhere_ask_finish (result);

  if (lks_elsewhere_get_error (elsewhere) != NULL)
    g_message ("other stations could not be asked: %s",
               lks_elsewhere_get_error (elsewhere)->message);
  if (lks_wall_place_get_board (asked->place) == asked->board)
    lks_wall_place_set_elsewhere (asked->place, elsewhere);
  g_object_unref (asked->place);
  g_object_unref (asked->board);
  g_free (asked);
}

static void
ask_elsewhere (LksWall *self, LksWallPlace *place)
{
  g_autoptr (GPtrArray) device_ids = g_ptr_array_new ();
  Asked *asked = g_new0 (Asked, 1);

  asked->place = g_object_ref (place);
  asked->board = g_object_ref (lks_wall_place_get_board (place));
  g_ptr_array_add (device_ids, (gpointer) lks_board_get_device_id (asked->board));
  lks_elsewhere_ask_async (self->ledger, device_ids, asked_cb, asked);
  lks_wall_place_set_asking (place);
}

/* Whoever armed the wall did not know of this board. */
static gboolean
is_finished_elsewhere (LksWall *self, LksWallPlace *place)
{
  return lks_elsewhere_is_finished (lks_elsewhere_describe (lks_wall_place_get_elsewhere (place),
                                                            lks_wall_place_get_device_id (place),
                                                            self->recipe, NULL));
}

/* ---- labels ---- */

typedef struct
{
  LksWall *wall;       /* (owned) */
  LksWallPlace *place; /* (owned) */
  LksBoard *board;     /* (owned) */
  char *label;         /* (owned) */
} Binding;

static void
binding_free (gpointer data)
{
  Binding *binding = data;

  g_object_unref (binding->wall);
  g_object_unref (binding->place);
  g_object_unref (binding->board);
  g_free (binding->label);
  g_free (binding);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Binding, binding_free)

/* NULL: nothing speaks against the pair. */
static char *
describe_conflict (const Binding *binding, const LksLabelConflict *conflict)
{
  if (conflict->device_id != NULL)
    /* Translators: a label and the last six digits of a device ID */
    return g_strdup_printf (_ ("The label %s belongs to Board %s already."), binding->label,
                            lks_device_id_get_short (conflict->device_id));
  if (conflict->label != NULL)
    /* Translators: two labels */
    return g_strdup_printf (_ ("This board has the label %s already, not %s."), conflict->label,
                            binding->label);
  return NULL;
}

static void
label_checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Binding) binding = user_data;
  g_auto (LksLabelConflict) conflict = { 0 };
  g_autofree char *reason = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_known = lks_label_check_finish (result, &conflict, &error);

  if (lks_wall_place_get_board (binding->place) != binding->board ||
      g_strcmp0 (lks_wall_place_get_label (binding->place), binding->label) != 0)
    return; /* another board, or another label: that is looked up by itself */

  reason = is_known ? describe_conflict (binding, &conflict) : lks_error_to_text (error);
  if (reason == NULL)
    lks_wall_place_set_label (binding->place, binding->label, LKS_LABEL_STATE_BOUND);
  else
    lks_wall_place_stop (binding->place, reason);
}

static void
look_label_up (LksWall *self, LksWallPlace *place)
{
  Binding *binding = g_new0 (Binding, 1);

  binding->wall = g_object_ref (self);
  binding->place = g_object_ref (place);
  binding->board = g_object_ref (lks_wall_place_get_board (place));
  binding->label = g_strdup (lks_wall_place_get_label (place));
  lks_label_check_async (self->ledger, binding->label, lks_wall_place_get_device_id (place),
                         label_checked_cb, binding);
}

/* ---- what is to be done with a board ---- */

/* The consent was given to this board, and what it began is in the journal: whether another station
 * has finished the board meanwhile is seen on the board itself. */
static gboolean
go_on (LksWall *self, LksWallPlace *place)
{
  Begun *begun = g_hash_table_lookup (self->begun, lks_wall_place_get_device_id (place));

  if (begun == NULL)
    return FALSE;

  if (begun->label != NULL && lks_wall_place_get_label_state (place) != LKS_LABEL_STATE_BOUND)
    lks_wall_place_set_label (place, begun->label, LKS_LABEL_STATE_BOUND); /* comes back here */
  if (lks_wall_place_get_finalizer (place) == NULL)
    finalize_with (self, place, begun->consent, begun->label);
  return TRUE;
}

/* A board that another station has finished is verified, and not locked a second time. */
static void
start_armed (LksWall *self, LksWallPlace *place)
{
  g_autofree char *label = g_strdup (lks_wall_place_get_label (place));
  g_autofree char *given_by = NULL;

  if (is_finished_elsewhere (self, place))
    {
      finalize_with (self, place, NULL, label);
      return;
    }
  given_by = dup_given_by (self, "armed");
  start_finalize (self, place, given_by);
}

/* A board that answers, at a place where something may be done, and nothing was done yet. Telling
 * the place that others are asked comes back here. */
void
lks_wall_consider (LksWall *self, LksWallPlace *place)
{
  if (lks_wall_place_get_finalizer (place) != NULL || lks_wall_place_is_stopped (place) ||
      !can_run (self, place) || go_on (self, place))
    return;

  if (!lks_wall_place_get_asking (place) && lks_wall_place_get_elsewhere (place) == NULL)
    ask_elsewhere (self, place);
  else if (self->clock == NULL || lks_wall_place_get_late (place))
    start_check (self, place);
  else if (!has_open_label (place) && !lks_wall_place_get_asking (place))
    start_armed (self, place);
}

void
lks_wall_consider_all (LksWall *self)
{
  for (guint i = 0; i < self->places->len; i++)
    lks_wall_consider (self, self->places->pdata[i]);
}

/* A board that is back to be gone on with is not the one that a label was scanned for. */
static void
give_label_back (LksWall *self, LksWallPlace *place)
{
  g_autofree char *label = lks_wall_place_take_label_ahead (place);

  if (label != NULL && self->next_label == NULL)
    lks_wall_set_next_label (self, label);
}

/* A label that is new at a board whose ID is known is looked up once. */
void
lks_wall_consider_label (LksWall *self, LksWallPlace *place)
{
  const char *device_id = lks_wall_place_get_device_id (place);
  g_autofree char *label = NULL;

  if (lks_wall_place_get_label_state (place) != LKS_LABEL_STATE_NEW || self->ledger == NULL ||
      device_id == NULL)
    return;

  if (g_hash_table_contains (self->begun, device_id))
    give_label_back (self, place);
  if (lks_wall_place_get_label (place) == NULL)
    return;

  label = g_strdup (lks_wall_place_get_label (place));
  lks_wall_place_set_label (place, label, LKS_LABEL_STATE_LOOKED_UP);
  look_label_up (self, place);
}

/* ---- naming boards ---- */

/**
 * lks_wall_confirm:
 * @self: a wall
 * @place: a place whose board can be confirmed
 * @how: "scanned" or "typed", for the record
 *
 * A person has named exactly this board.
 */
void
lks_wall_confirm (LksWall *self, LksWallPlace *place, const char *how)
{
  g_autofree char *given_by = NULL;

  g_return_if_fail (LKS_IS_WALL (self));
  g_return_if_fail (lks_wall_place_is_confirmable (place));

  given_by = dup_given_by (self, how);
  lks_wall_place_confirm (place, given_by);
}

static gboolean
can_lock (LksWall *self, LksWallPlace *place)
{
  return lks_wall_place_get_given_by (place) != NULL && lks_wall_place_is_confirmable (place) &&
         !has_open_label (place) && can_run (self, place);
}

/**
 * lks_wall_count_confirmed:
 * @self: a wall
 *
 * Returns: how many boards lks_wall_lock_confirmed() would lock
 */
guint
lks_wall_count_confirmed (LksWall *self)
{
  guint count = 0;

  g_return_val_if_fail (LKS_IS_WALL (self), 0);

  for (guint i = 0; i < self->places->len; i++)
    count += can_lock (self, self->places->pdata[i]);
  return count;
}

/**
 * lks_wall_lock_confirmed:
 * @self: a wall
 *
 * Locks the boards that were named.
 */
void
lks_wall_lock_confirmed (LksWall *self)
{
  g_return_if_fail (LKS_IS_WALL (self));

  for (guint i = 0; i < self->places->len; i++)
    {
      LksWallPlace *place = self->places->pdata[i];
      g_autofree char *given_by = g_strdup (lks_wall_place_get_given_by (place));

      if (can_lock (self, place))
        start_finalize (self, place, given_by);
    }
}

/**
 * lks_wall_give_label:
 * @self: a wall
 * @place: a place with a board
 * @label: what stands on the unit, as the recipe demands it
 *
 * Binds a label to the board, unless the ledger or an earlier scan speaks against it: then the
 * board is stopped.
 */
void
lks_wall_give_label (LksWall *self, LksWallPlace *place, const char *label)
{
  const char *known = lks_wall_place_get_label (place);
  g_autofree char *reason = NULL;

  g_return_if_fail (LKS_IS_WALL (self));

  if (known == NULL)
    {
      lks_wall_place_set_label (place, label, LKS_LABEL_STATE_NEW);
      return;
    }
  if (g_str_equal (known, label))
    return;
  /* Translators: two labels */
  reason = g_strdup_printf (_ ("This board has the label %s already, not %s."), known, label);
  lks_wall_place_stop (place, reason);
}

/**
 * lks_wall_set_next_label:
 * @self: a wall
 * @label: (nullable): what stands on the unit that is plugged in next
 *
 * Keeps a label until the next board is plugged in at an allowed place.
 */
void
lks_wall_set_next_label (LksWall *self, const char *label)
{
  g_return_if_fail (LKS_IS_WALL (self));

  g_free (self->next_label);
  self->next_label = g_strdup (label);
  lks_wall_changed (self);
}

/**
 * lks_wall_get_next_label:
 * @self: a wall
 *
 * Returns: (transfer none) (nullable): what was scanned for the board that is plugged in next
 */
const char *
lks_wall_get_next_label (LksWall *self)
{
  g_return_val_if_fail (LKS_IS_WALL (self), NULL);

  return self->next_label;
}
