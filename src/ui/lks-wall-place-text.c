/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tile of a place says. */
#include "lks-wall-place-private.h"

#include "lks-board-run.h"
#include "lks-device-id.h"
#include "lks-elsewhere-text.h"
#include "lks-error-text.h"

#include <glib/gi18n-lib.h>

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

static gboolean
is_finished_elsewhere (LksWallPlace *self)
{
  return self->finalizer != NULL && !lks_wall_place_is_busy (self) &&
         lks_finalizer_get_outcome (self->finalizer) != LKS_OUTCOME_FINALIZED &&
         lks_elsewhere_is_finished (
             lks_elsewhere_describe (self->elsewhere, lks_wall_place_get_device_id (self),
                                     lks_finalizer_get_recipe (self->finalizer), NULL));
}

static char *
dup_doing (LksWallPlace *self)
{
  if (lks_wall_place_is_busy (self) && lks_finalizer_get_step (self->finalizer) != NULL)
    return g_strdup (lks_finalizer_get_step (self->finalizer));
  if (self->is_asking && !lks_wall_place_is_busy (self))
    return g_strdup (_ ("Asking other stations"));
  if (is_finished_elsewhere (self))
    return g_strdup (_ ("FINISHED ELSEWHERE"));
  if (self->finalizer != NULL)
    return lks_wall_place_dup_detail (self);
  if (self->board == NULL && self->interrupted_id != NULL)
    return g_strdup (_ ("Went in the middle of its run"));
  return lks_wall_place_dup_detail (self);
}

/**
 * lks_wall_place_dup_step:
 * @self: a place
 *
 * Returns: (transfer full): the label, and what is being done, in a few words; empty for nothing
 */
char *
lks_wall_place_dup_step (LksWallPlace *self)
{
  g_autofree char *doing = NULL;

  g_return_val_if_fail (LKS_IS_WALL_PLACE (self), NULL);

  doing = dup_doing (self);
  if (self->label == NULL)
    return g_steal_pointer (&doing);
  if (*doing == '\0')
    return g_strdup (self->label);
  return g_strdup_printf ("%s · %s", self->label, doing);
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

  if (self->stop_reason != NULL)
    return g_strdup (self->stop_reason);
  if (lks_jig_place_get_port (self->jig_place) == NULL)
    return g_strdup (_ ("Its USB controller is not connected. Connect the dock or card that it is "
                        "on, or teach the jig again."));
  if (self->finalizer == NULL)
    return dup_board_problem (self);

  run = lks_board_run_new (self->finalizer);
  lks_board_run_set_elsewhere (run, self->elsewhere);
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
  if (is_finished_elsewhere (self))
    g_string_append_printf (spoken, " %s.", _ ("FINISHED ELSEWHERE"));
  if (look.next != LKS_TILE_NEXT_NOTHING)
    g_string_append_printf (spoken, " %s.", lks_tile_next_to_text (look.next));
  return g_string_free (g_steal_pointer (&spoken), FALSE);
}
