/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-wall-place-private.h"

/* How long a board may take to start before silence means something. */
#define START_S 30

G_DEFINE_FINAL_TYPE (LksWallPlace, lks_wall_place, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  SIGNAL_SOUND,
  SIGNAL_UNIT,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
changed (LksWallPlace *self)
{
  LksTileLook before = self->look;
  LksSound sound;

  self->look = lks_wall_place_get_look (self);
  sound = lks_sound_for_change (before, self->look);
  if (sound != LKS_SOUND_NONE)
    g_signal_emit (self, signals[SIGNAL_SOUND], 0, sound);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
busy_changed_cb (LksWallPlace *self)
{
  gboolean is_busy = lks_wall_place_is_busy (self);

  if (is_busy == (self->clock != NULL))
    return;

  if (is_busy)
    {
      self->clock = lks_clock_ref_default ();
      self->started_us = g_get_monotonic_time ();
      self->finished_us = 0;
      g_signal_connect_object (self->clock, "notify::now", G_CALLBACK (changed), self,
                               G_CONNECT_SWAPPED);
    }
  else
    {
      g_signal_handlers_disconnect_by_data (self->clock, self);
      g_clear_object (&self->clock);
      self->finished_us = g_get_monotonic_time ();
    }
}

static void
finalizer_changed_cb (LksWallPlace *self)
{
  busy_changed_cb (self);
  changed (self);
}

static void
drop_finalizer (LksWallPlace *self)
{
  if (self->finalizer == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->finalizer, self);
  g_clear_object (&self->finalizer);
  busy_changed_cb (self);
  self->started_us = self->finished_us = 0;
}

static void
lks_wall_place_dispose (GObject *object)
{
  LksWallPlace *self = LKS_WALL_PLACE (object);

  g_clear_handle_id (&self->new_id, g_source_remove);
  drop_finalizer (self);
  g_clear_object (&self->board);
  g_clear_object (&self->jig_place);
  G_OBJECT_CLASS (lks_wall_place_parent_class)->dispose (object);
}

static void
lks_wall_place_finalize (GObject *object)
{
  LksWallPlace *self = LKS_WALL_PLACE (object);

  g_free (self->interrupted_id);
  g_free (self->unit_id);
  g_free (self->given_by);
  g_free (self->label);
  g_free (self->stop_reason);
  g_clear_pointer (&self->elsewhere, lks_elsewhere_unref);
  G_OBJECT_CLASS (lks_wall_place_parent_class)->finalize (object);
}

static void
lks_wall_place_class_init (LksWallPlaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lks_wall_place_dispose;
  object_class->finalize = lks_wall_place_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", LKS_TYPE_WALL_PLACE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_SOUND] = g_signal_new ("sound", LKS_TYPE_WALL_PLACE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[SIGNAL_UNIT] = g_signal_new ("unit", LKS_TYPE_WALL_PLACE, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
}

static void
lks_wall_place_init (LksWallPlace *self)
{
}

/**
 * lks_wall_place_new:
 * @jig_place: what the map says about it
 *
 * Returns: (transfer full): a place without a board
 */
LksWallPlace *
lks_wall_place_new (LksJigPlace *jig_place)
{
  LksWallPlace *self = g_object_new (LKS_TYPE_WALL_PLACE, NULL);

  self->jig_place = g_object_ref (jig_place);
  self->look = lks_wall_place_get_look (self);
  return self;
}

/**
 * lks_wall_place_set_jig_place:
 * @self: a place
 * @jig_place: what the map says about it now
 *
 * Changes name, position, or whether it is allowed.
 */
void
lks_wall_place_set_jig_place (LksWallPlace *self, LksJigPlace *jig_place)
{
  g_return_if_fail (LKS_IS_WALL_PLACE (self));

  if (g_set_object (&self->jig_place, jig_place))
    changed (self);
}

static gboolean
not_new_cb (gpointer user_data)
{
  LksWallPlace *self = user_data;

  self->new_id = 0;
  changed (self);
  return G_SOURCE_REMOVE;
}

/* A run that the board left: it goes on, or is looked into, when that board comes back. */
static void
note_interruption (LksWallPlace *self)
{
  LksFinalizer *finalizer = self->finalizer;

  g_clear_pointer (&self->interrupted_id, g_free);
  if (finalizer != NULL &&
      (lks_finalizer_get_busy (finalizer) || lks_finalizer_get_needs (finalizer) != NULL))
    self->interrupted_id = g_strdup (lks_wall_place_get_device_id (self));
}

/* The runs of the unit before, and what people said of it, are not those of the next one. */
static void
forget_unit (LksWallPlace *self)
{
  note_interruption (self);
  drop_finalizer (self);
  g_clear_handle_id (&self->new_id, g_source_remove);
  self->is_late = FALSE;
  self->label_state = LKS_LABEL_STATE_NONE;
  self->is_label_ahead = FALSE;
  g_clear_pointer (&self->unit_id, g_free);
  g_clear_pointer (&self->given_by, g_free);
  g_clear_pointer (&self->label, g_free);
  g_clear_pointer (&self->stop_reason, g_free);
  g_clear_pointer (&self->elsewhere, lks_elsewhere_unref);
  self->is_asking = FALSE;
}

static void
begin_unit (LksWallPlace *self)
{
  self->unit_id = g_strdup (lks_board_get_device_id (self->board));
  self->new_id = g_timeout_add_seconds (START_S, not_new_cb, self);
  g_signal_emit (self, signals[SIGNAL_UNIT], 0);
}

/* Some jigs keep the adapter plugged in and exchange the board behind it. A run that is under way
 * finds that out by itself, and what it says about it stays. */
static void
follow_unit (LksWallPlace *self)
{
  const char *device_id = lks_board_get_device_id (self->board);

  if (device_id == NULL || g_strcmp0 (device_id, self->unit_id) == 0)
    return;

  if (self->unit_id == NULL || lks_wall_place_is_busy (self))
    {
      g_free (self->unit_id);
      self->unit_id = g_strdup (device_id);
      return;
    }
  forget_unit (self);
  begin_unit (self);
}

static void
board_changed_cb (LksWallPlace *self)
{
  follow_unit (self);
  changed (self);
}

/**
 * lks_wall_place_set_board:
 * @self: a place
 * @board: (nullable): the board that is plugged in there now
 *
 * Another board, or none.
 */
void
lks_wall_place_set_board (LksWallPlace *self, LksBoard *board)
{
  g_return_if_fail (LKS_IS_WALL_PLACE (self));

  if (self->board == board)
    return;

  if (self->board != NULL)
    {
      forget_unit (self);
      g_signal_handlers_disconnect_by_data (self->board, self);
    }
  if (g_set_object (&self->board, board) && board != NULL)
    {
      g_signal_connect_object (board, "notify", G_CALLBACK (board_changed_cb), self,
                               G_CONNECT_SWAPPED);
      begin_unit (self);
    }
  changed (self);
}

/**
 * lks_wall_place_set_finalizer:
 * @self: a place
 * @finalizer: (nullable): the runs of the board that is there
 *
 * Shows the runs of the board, or forgets them.
 */
void
lks_wall_place_set_finalizer (LksWallPlace *self, LksFinalizer *finalizer)
{
  g_return_if_fail (LKS_IS_WALL_PLACE (self));

  if (self->finalizer == finalizer)
    return;

  drop_finalizer (self);
  if (g_set_object (&self->finalizer, finalizer))
    g_signal_connect_object (finalizer, "notify", G_CALLBACK (finalizer_changed_cb), self,
                             G_CONNECT_SWAPPED);
  finalizer_changed_cb (self);
}

/**
 * lks_wall_place_set_mode:
 * @self: a place
 * @has_recipe: whether a recipe is chosen
 * @demands_label: whether that recipe demands a label
 * @is_armed: whether boards start when they are plugged in
 *
 * Tells the place how the wall works.
 */
void
lks_wall_place_set_mode (LksWallPlace *self,
                         gboolean has_recipe,
                         gboolean demands_label,
                         gboolean is_armed)
{
  g_return_if_fail (LKS_IS_WALL_PLACE (self));

  self->has_recipe = has_recipe;
  self->demands_label = demands_label;
  self->is_armed = is_armed;
  changed (self);
}

/**
 * lks_wall_place_set_late:
 * @self: a place
 * @is_late: whether the board that is there was there before the wall was armed
 *
 * Such a board does not start by itself.
 */
void
lks_wall_place_set_late (LksWallPlace *self, gboolean is_late)
{
  g_return_if_fail (LKS_IS_WALL_PLACE (self));

  self->is_late = is_late;
  changed (self);
}

/**
 * lks_wall_place_get_late:
 * @self: a place
 *
 * Returns: whether the board that is there was there before the wall was armed
 */
gboolean
lks_wall_place_get_late (LksWallPlace *self)
{
  g_return_val_if_fail (LKS_IS_WALL_PLACE (self), FALSE);

  return self->is_late;
}

/**
 * lks_wall_place_confirm:
 * @self: a place
 * @given_by: (nullable): how a person named exactly this board, for the record; NULL takes it back
 *
 * Notes that a person has named the board.
 */
void
lks_wall_place_confirm (LksWallPlace *self, const char *given_by)
{
  g_return_if_fail (LKS_IS_WALL_PLACE (self));

  if (g_strcmp0 (self->given_by, given_by) == 0)
    return;

  g_free (self->given_by);
  self->given_by = g_strdup (given_by);
  changed (self);
}

/**
 * lks_wall_place_get_given_by:
 * @self: a place
 *
 * Returns: (transfer none) (nullable): how a person named the board; NULL when nobody did
 */
const char *
lks_wall_place_get_given_by (LksWallPlace *self)
{
  g_return_val_if_fail (LKS_IS_WALL_PLACE (self), NULL);

  return self->given_by;
}

/**
 * lks_wall_place_is_confirmable:
 * @self: a place
 *
 * Returns: whether the check of the board passed, it is not in the target state already, and what
 *   other stations say about it is told, or known not to be known
 */
gboolean
lks_wall_place_is_confirmable (LksWallPlace *self)
{
  g_return_val_if_fail (LKS_IS_WALL_PLACE (self), FALSE);

  return self->finalizer != NULL && self->stop_reason == NULL && !self->is_asking &&
         lks_jig_place_get_allowed (self->jig_place) && !lks_finalizer_get_busy (self->finalizer) &&
         lks_finalizer_get_verdict (self->finalizer) == LKS_VERDICT_PASS &&
         lks_finalizer_get_outcome (self->finalizer) == LKS_OUTCOME_READY &&
         lks_finalizer_get_device_id (self->finalizer) != NULL;
}

/* @label: not the place's own */
static void
keep_label (LksWallPlace *self, const char *label, LksLabelState state, gboolean is_ahead)
{
  g_free (self->label);
  self->label = g_strdup (label);
  self->label_state = state;
  self->is_label_ahead = is_ahead;
  changed (self);
}

/**
 * lks_wall_place_set_label:
 * @self: a place
 * @label: what stands on the unit
 * @state: what is known of it; not %LKS_LABEL_STATE_NONE
 *
 * Notes the label of the unit.
 */
void
lks_wall_place_set_label (LksWallPlace *self, const char *label, LksLabelState state)
{
  g_autofree char *copy = g_strdup (label);

  g_return_if_fail (LKS_IS_WALL_PLACE (self));
  g_return_if_fail (label != NULL && state != LKS_LABEL_STATE_NONE);

  keep_label (self, copy, state, FALSE);
}

/**
 * lks_wall_place_set_label_ahead:
 * @self: a place
 * @label: what stands on a unit, scanned before the board was there
 *
 * Notes the label of what is taken for the unit that was meant.
 */
void
lks_wall_place_set_label_ahead (LksWallPlace *self, const char *label)
{
  g_return_if_fail (LKS_IS_WALL_PLACE (self));
  g_return_if_fail (label != NULL);

  keep_label (self, label, LKS_LABEL_STATE_NEW, TRUE);
}

/**
 * lks_wall_place_take_label_ahead:
 * @self: a place
 *
 * Takes a label away that was scanned for another unit, as it turns out.
 *
 * Returns: (transfer full) (nullable): the label; NULL when there is none, or people gave it to the
 *   board that is there
 */
char *
lks_wall_place_take_label_ahead (LksWallPlace *self)
{
  g_return_val_if_fail (LKS_IS_WALL_PLACE (self), NULL);

  if (!self->is_label_ahead)
    return NULL;

  self->is_label_ahead = FALSE;
  self->label_state = LKS_LABEL_STATE_NONE;
  return g_steal_pointer (&self->label);
}

/**
 * lks_wall_place_get_label:
 * @self: a place
 *
 * Returns: (transfer none) (nullable): what stands on the unit
 */
const char *
lks_wall_place_get_label (LksWallPlace *self)
{
  g_return_val_if_fail (LKS_IS_WALL_PLACE (self), NULL);

  return self->label;
}

/**
 * lks_wall_place_get_label_state:
 * @self: a place
 *
 * Returns: what is known of the label
 */
LksLabelState
lks_wall_place_get_label_state (LksWallPlace *self)
{
  g_return_val_if_fail (LKS_IS_WALL_PLACE (self), LKS_LABEL_STATE_NONE);

  return self->label_state;
}

/**
 * lks_wall_place_wants_label:
 * @self: a place
 *
 * Returns: whether a board is there that must not be locked before its label was scanned
 */
gboolean
lks_wall_place_wants_label (LksWallPlace *self)
{
  g_return_val_if_fail (LKS_IS_WALL_PLACE (self), FALSE);

  return self->board != NULL && self->demands_label && self->label_state != LKS_LABEL_STATE_BOUND;
}

/**
 * lks_wall_place_stop:
 * @self: a place
 * @reason: why nothing is done to the board, a translated sentence
 *
 * Stops the board until it is unplugged.
 */
void
lks_wall_place_stop (LksWallPlace *self, const char *reason)
{
  g_return_if_fail (LKS_IS_WALL_PLACE (self));

  g_free (self->stop_reason);
  self->stop_reason = g_strdup (reason);
  changed (self);
}

/**
 * lks_wall_place_is_stopped:
 * @self: a place
 *
 * Returns: whether the wall itself stopped the board
 */
gboolean
lks_wall_place_is_stopped (LksWallPlace *self)
{
  g_return_val_if_fail (LKS_IS_WALL_PLACE (self), FALSE);

  return self->stop_reason != NULL;
}

/**
 * lks_wall_place_set_asking:
 * @self: a place
 *
 * Notes that other stations are being asked about the board that is there.
 */
void
lks_wall_place_set_asking (LksWallPlace *self)
{
  g_return_if_fail (LKS_IS_WALL_PLACE (self));

  g_clear_pointer (&self->elsewhere, lks_elsewhere_unref);
  self->is_asking = TRUE;
  changed (self);
}

/**
 * lks_wall_place_set_elsewhere:
 * @self: a place
 * @elsewhere: (nullable): what other stations say about the board that is there; NULL: nobody was
 *   asked
 *
 * Notes the answer.
 */
void
lks_wall_place_set_elsewhere (LksWallPlace *self, LksElsewhere *elsewhere)
{
  g_return_if_fail (LKS_IS_WALL_PLACE (self));

  g_clear_pointer (&self->elsewhere, lks_elsewhere_unref);
  self->elsewhere = elsewhere != NULL ? lks_elsewhere_ref (elsewhere) : NULL;
  self->is_asking = FALSE;
  changed (self);
}

/**
 * lks_wall_place_get_asking:
 * @self: a place
 *
 * Returns: whether other stations are being asked
 */
gboolean
lks_wall_place_get_asking (LksWallPlace *self)
{
  g_return_val_if_fail (LKS_IS_WALL_PLACE (self), FALSE);

  return self->is_asking;
}

/**
 * lks_wall_place_get_elsewhere:
 * @self: a place
 *
 * Returns: (transfer none) (nullable): what other stations say about the board; NULL before they
 *   were asked
 */
LksElsewhere *
lks_wall_place_get_elsewhere (LksWallPlace *self)
{
  g_return_val_if_fail (LKS_IS_WALL_PLACE (self), NULL);

  return self->elsewhere;
}

/**
 * lks_wall_place_get_jig_place:
 * @self: a place
 *
 * Returns: (transfer none): what the map says about it
 */
LksJigPlace *
lks_wall_place_get_jig_place (LksWallPlace *self)
{
  g_return_val_if_fail (LKS_IS_WALL_PLACE (self), NULL);

  return self->jig_place;
}

/**
 * lks_wall_place_get_board:
 * @self: a place
 *
 * Returns: (transfer none) (nullable): the board that is plugged in there
 */
LksBoard *
lks_wall_place_get_board (LksWallPlace *self)
{
  g_return_val_if_fail (LKS_IS_WALL_PLACE (self), NULL);

  return self->board;
}

/**
 * lks_wall_place_get_finalizer:
 * @self: a place
 *
 * Returns: (transfer none) (nullable): the runs of that board
 */
LksFinalizer *
lks_wall_place_get_finalizer (LksWallPlace *self)
{
  g_return_val_if_fail (LKS_IS_WALL_PLACE (self), NULL);

  return self->finalizer;
}

/**
 * lks_wall_place_get_device_id:
 * @self: a place
 *
 * Returns: (transfer none) (nullable): the device ID of the board that is there
 */
const char *
lks_wall_place_get_device_id (LksWallPlace *self)
{
  const char *device_id = NULL;

  g_return_val_if_fail (LKS_IS_WALL_PLACE (self), NULL);

  if (self->finalizer != NULL)
    device_id = lks_finalizer_get_device_id (self->finalizer);
  if (device_id == NULL && self->board != NULL)
    device_id = lks_board_get_device_id (self->board);
  return device_id;
}

/**
 * lks_wall_place_is_busy:
 * @self: a place
 *
 * Returns: whether a run waits or runs there
 */
gboolean
lks_wall_place_is_busy (LksWallPlace *self)
{
  g_return_val_if_fail (LKS_IS_WALL_PLACE (self), FALSE);

  return self->finalizer != NULL && lks_finalizer_get_busy (self->finalizer);
}

/**
 * lks_wall_place_get_progress:
 * @self: a place
 *
 * Returns: how much of the run is done, from 0 to 1; 0 without a run
 */
double
lks_wall_place_get_progress (LksWallPlace *self)
{
  g_return_val_if_fail (LKS_IS_WALL_PLACE (self), 0);

  return self->finalizer != NULL ? lks_finalizer_get_progress (self->finalizer) : 0;
}

/**
 * lks_wall_place_get_look:
 * @self: a place
 *
 * Returns: what its tile shows
 */
LksTileLook
lks_wall_place_get_look (LksWallPlace *self)
{
  LksFinalizer *finalizer = self->finalizer;
  LksTileFacts facts = {
    .is_allowed = lks_jig_place_get_allowed (self->jig_place),
    .is_unreachable = lks_jig_place_get_port (self->jig_place) == NULL,
    .has_recipe = self->has_recipe,
    .is_armed = self->is_armed,
    .is_new = self->new_id != 0,
    .is_late = self->is_late,
    .wants_label = lks_wall_place_wants_label (self),
    .is_confirmed = self->given_by != NULL,
    .is_stopped = self->stop_reason != NULL,
    .is_asking = self->is_asking,
    .board_state = self->board != NULL ? lks_board_get_state (self->board) : LKS_BOARD_STATE_GONE,
    .was_interrupted = self->interrupted_id != NULL,
  };

  if (finalizer != NULL)
    {
      facts.is_busy = lks_finalizer_get_busy (finalizer);
      facts.needs_power_cycle = lks_finalizer_get_needs (finalizer) != NULL;
      facts.verdict = lks_finalizer_get_verdict (finalizer);
      facts.outcome = lks_finalizer_get_outcome (finalizer);
    }
  return lks_tile_look (&facts);
}
