/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-wall-place.h"

#include "lks-board-run.h"
#include "lks-clock.h"
#include "lks-device-id.h"
#include "lks-error-text.h"
#include "lks-format.h"

#include <glib/gi18n-lib.h>

struct _LksWallPlace
{
  GObject parent_instance;

  LksJigPlace *jig_place;  /* (owned) */
  LksBoard *board;         /* (owned) (nullable) */
  LksFinalizer *finalizer; /* (owned) (nullable): the runs of @board */
  gboolean has_recipe, is_armed;

  LksClock *clock;      /* (owned) (nullable): while a run is under way */
  gint64 started_us;    /* of the last run; 0 before there was one */
  gint64 finished_us;   /* of the last run; 0 while it runs */
  char *interrupted_id; /* (owned) (nullable): of the board that went in the middle of its run */
};

G_DEFINE_FINAL_TYPE (LksWallPlace, lks_wall_place, G_TYPE_OBJECT)

static guint changed_signal;

static void
changed (LksWallPlace *self)
{
  g_signal_emit (self, changed_signal, 0);
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

  drop_finalizer (self);
  g_clear_object (&self->board);
  g_clear_object (&self->jig_place);
  G_OBJECT_CLASS (lks_wall_place_parent_class)->dispose (object);
}

static void
lks_wall_place_finalize (GObject *object)
{
  g_free (LKS_WALL_PLACE (object)->interrupted_id);
  G_OBJECT_CLASS (lks_wall_place_parent_class)->finalize (object);
}

static void
lks_wall_place_class_init (LksWallPlaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lks_wall_place_dispose;
  object_class->finalize = lks_wall_place_finalize;
  changed_signal = g_signal_new ("changed", LKS_TYPE_WALL_PLACE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
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

/**
 * lks_wall_place_set_board:
 * @self: a place
 * @board: (nullable): the board that is plugged in there now
 *
 * Another board, or none. The runs of the one before are not those of this one.
 */
void
lks_wall_place_set_board (LksWallPlace *self, LksBoard *board)
{
  g_return_if_fail (LKS_IS_WALL_PLACE (self));

  if (self->board == board)
    return;

  if (self->board != NULL)
    {
      note_interruption (self);
      g_signal_handlers_disconnect_by_data (self->board, self);
    }
  drop_finalizer (self);
  g_set_object (&self->board, board);
  if (board != NULL)
    g_signal_connect_object (board, "notify", G_CALLBACK (changed), self, G_CONNECT_SWAPPED);
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
 * @is_armed: whether boards start when they are plugged in
 *
 * Tells the place how the wall works.
 */
void
lks_wall_place_set_mode (LksWallPlace *self, gboolean has_recipe, gboolean is_armed)
{
  g_return_if_fail (LKS_IS_WALL_PLACE (self));

  self->has_recipe = has_recipe;
  self->is_armed = is_armed;
  changed (self);
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
    .has_recipe = self->has_recipe,
    .is_armed = self->is_armed,
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

/**
 * lks_wall_place_dup_digits:
 * @self: a place
 *
 * Returns: (transfer full): the last digits of the board's ID, also of one that went too early
 */
char *
lks_wall_place_dup_digits (LksWallPlace *self)
{
  const char *device_id = lks_wall_place_get_device_id (self);

  if (device_id == NULL && self->board == NULL)
    device_id = self->interrupted_id;
  return g_strdup (device_id != NULL ? lks_device_id_get_short (device_id) : "");
}

/* Why there is nothing to run: what the board room says about the board. */
static char *
dup_board_problem (LksWallPlace *self)
{
  const GError *error =
      self->board != NULL ? lks_board_status_get_error (lks_board_get_status (self->board)) : NULL;

  return error != NULL ? lks_error_to_sentence (error) : g_strdup ("");
}

/**
 * lks_wall_place_dup_step:
 * @self: a place
 *
 * Returns: (transfer full): what is being done there, in a few words; empty for nothing
 */
char *
lks_wall_place_dup_step (LksWallPlace *self)
{
  g_return_val_if_fail (LKS_IS_WALL_PLACE (self), NULL);

  if (lks_wall_place_is_busy (self) && lks_finalizer_get_step (self->finalizer) != NULL)
    return g_strdup (lks_finalizer_get_step (self->finalizer));
  if (self->finalizer != NULL)
    return lks_wall_place_dup_detail (self);
  if (self->board == NULL && self->interrupted_id != NULL)
    return g_strdup (_ ("Went in the middle of its run"));
  return dup_board_problem (self);
}

/**
 * lks_wall_place_dup_time:
 * @self: a place
 *
 * Returns: (transfer full): how long the last run takes or took, as "1:05"; empty before one
 */
char *
lks_wall_place_dup_time (LksWallPlace *self)
{
  gint64 until_us;
  gint64 seconds;

  g_return_val_if_fail (LKS_IS_WALL_PLACE (self), NULL);

  if (self->started_us == 0)
    return g_strdup ("");
  until_us = self->finished_us != 0 ? self->finished_us : g_get_monotonic_time ();
  seconds = (until_us - self->started_us) / G_USEC_PER_SEC;
  return g_strdup_printf ("%d:%02d", (int) (seconds / 60), (int) (seconds % 60));
}

/**
 * lks_wall_place_dup_detail:
 * @self: a place
 *
 * Returns: (transfer full): what happened and what to do, in whole sentences; empty for nothing
 */
char *
lks_wall_place_dup_detail (LksWallPlace *self)
{
  g_autoptr (LksBoardRun) run = NULL;
  char *detail;

  g_return_val_if_fail (LKS_IS_WALL_PLACE (self), NULL);

  if (self->finalizer == NULL)
    return dup_board_problem (self);

  run = lks_board_run_new (self->finalizer);
  g_object_get (run, "detail", &detail, NULL);
  return detail != NULL ? detail : g_strdup ("");
}

/**
 * lks_wall_place_dup_spoken:
 * @self: a place
 *
 * Returns: (transfer full): the whole tile, as a screen reader says it
 */
char *
lks_wall_place_dup_spoken (LksWallPlace *self)
{
  LksTileLook look = lks_wall_place_get_look (self);
  g_autofree char *digits = lks_wall_place_dup_digits (self);
  g_autoptr (GString) spoken = g_string_new (NULL);

  /* Translators: a place of the jig */
  g_string_append_printf (spoken, _ ("Place %s"), lks_jig_place_get_name (self->jig_place));
  if (*digits != '\0')
    {
      g_string_append (spoken, ", ");
      /* Translators: the last six digits of a device ID */
      g_string_append_printf (spoken, _ ("Board %s"), digits);
    }
  g_string_append_printf (spoken, ": %s.", lks_tile_kind_to_word (look.kind));
  if (look.next != LKS_TILE_NEXT_NOTHING)
    g_string_append_printf (spoken, " %s.", lks_tile_next_to_text (look.next));
  return g_string_free (g_steal_pointer (&spoken), FALSE);
}
