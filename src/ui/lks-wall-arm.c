/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is at the wall, and whether it is armed. */
#include "lks-wall-private.h"

#include "lks-boot-clock.h"

#include <glib/gi18n-lib.h>

/* Somebody else, or nobody, is at the station: what was said yes to was not said by them. */
static void
operator_changed_cb (LksWall *self)
{
  const char *name = lks_operator_session_get_signed_in (self->session)
                         ? lks_operator_session_get_name (self->session)
                         : NULL;

  if (g_strcmp0 (name, self->signed_in) != 0)
    {
      g_free (self->signed_in);
      self->signed_in = g_strdup (name);
      lks_wall_disarm (self, name != NULL ? _ ("Another operator has signed in.")
                                          : _ ("The operator has signed out."));
      g_hash_table_remove_all (self->begun);
      for (guint i = 0; i < self->places->len; i++)
        lks_wall_place_confirm (self->places->pdata[i], NULL);
    }
  lks_wall_consider_all (self);
  lks_wall_changed (self);
}

/**
 * lks_wall_set_operator:
 * @self: a wall
 * @session: (nullable): who is at the station
 *
 * Follows who is signed in. To be called once.
 */
void
lks_wall_set_operator (LksWall *self, LksOperatorSession *session)
{
  g_return_if_fail (LKS_IS_WALL (self));

  if (self->session != NULL || !g_set_object (&self->session, session))
    return;

  g_signal_connect_object (session, "notify::signed-in", G_CALLBACK (operator_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::name", G_CALLBACK (operator_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::required", G_CALLBACK (operator_changed_cb), self,
                           G_CONNECT_SWAPPED);
  operator_changed_cb (self);
}

/**
 * lks_wall_set_name:
 * @self: a wall
 * @name: (nullable): who is at the station where nobody signs in
 *
 * Sets the name that is kept with each confirmation.
 */
void
lks_wall_set_name (LksWall *self, const char *name)
{
  g_return_if_fail (LKS_IS_WALL (self));

  g_free (self->name);
  self->name = g_strdup (name);
}

/**
 * lks_wall_get_operator_name:
 * @self: a wall
 *
 * Returns: (transfer none) (nullable): who has it done: the one who signed in, else the name of the
 *   preferences
 */
const char *
lks_wall_get_operator_name (LksWall *self)
{
  g_return_val_if_fail (LKS_IS_WALL (self), NULL);

  if (self->session != NULL && lks_operator_session_get_signed_in (self->session))
    return lks_operator_session_get_name (self->session);
  return self->name;
}

/**
 * lks_wall_may_lock:
 * @self: a wall
 *
 * Returns: whether whoever is at the station may lock boards
 */
gboolean
lks_wall_may_lock (LksWall *self)
{
  g_return_val_if_fail (LKS_IS_WALL (self), FALSE);

  return self->session == NULL ||
         lks_operator_session_may (self->session, LKS_OPERATOR_ACT_FINALIZE);
}

/**
 * lks_wall_get_arm_obstacle:
 * @self: a wall
 *
 * Returns: (transfer none) (nullable): why the wall cannot be armed, a translated sentence; NULL
 *   when it can
 */
const char *
lks_wall_get_arm_obstacle (LksWall *self)
{
  g_return_val_if_fail (LKS_IS_WALL (self), NULL);

  if (self->recipe == NULL)
    return _ ("Choose a recipe first.");
  if (!lks_recipe_get_allow_armed (self->recipe))
    return _ ("This recipe does not permit it: each board is to be named by a person.");
  if (self->session == NULL || !lks_operator_session_get_signed_in (self->session))
    return _ ("Sign in first: the records say who armed the wall.");
  if (!lks_wall_may_lock (self))
    return _ ("You may not lock boards.");
  if (self->ledger == NULL)
    return _ ("There is nowhere to keep records.");
  return NULL;
}

/**
 * lks_wall_needs_sign_in:
 * @self: a wall
 *
 * Returns: whether the wall could be armed if somebody signed in
 */
gboolean
lks_wall_needs_sign_in (LksWall *self)
{
  g_return_val_if_fail (LKS_IS_WALL (self), FALSE);

  return self->session != NULL && !lks_operator_session_get_signed_in (self->session) &&
         self->recipe != NULL && lks_recipe_get_allow_armed (self->recipe);
}

static void
clock_cb (LksWall *self)
{
  gint64 idle_us = lks_boot_clock_us () - self->touched_us;

  if (idle_us > self->idle_minutes * 60 * G_USEC_PER_SEC && !lks_wall_is_busy (self))
    lks_wall_disarm (self, _ ("Nobody has done anything for a while."));
}

static void
tell_all (LksWall *self)
{
  for (guint i = 0; i < self->places->len; i++)
    lks_wall_tell_mode (self, self->places->pdata[i]);
  lks_wall_changed (self);
}

/**
 * lks_wall_arm:
 * @self: a wall
 *
 * From now on a board that is plugged in at an allowed place is locked without a further question.
 * Boards that are there already wait for a person, or to be plugged in anew.
 *
 * Returns: whether the wall is armed; lks_wall_get_arm_obstacle() says why not
 */
gboolean
lks_wall_arm (LksWall *self)
{
  g_return_val_if_fail (LKS_IS_WALL (self), FALSE);

  if (self->clock != NULL)
    return TRUE;
  if (lks_wall_get_arm_obstacle (self) != NULL)
    return FALSE;

  for (guint i = 0; i < self->places->len; i++)
    lks_wall_place_set_late (self->places->pdata[i],
                             lks_wall_place_get_board (self->places->pdata[i]) != NULL);
  g_clear_pointer (&self->disarm_reason, g_free);
  self->touched_us = lks_boot_clock_us ();
  self->clock = lks_clock_ref_default ();
  g_signal_connect_object (self->clock, "notify::now", G_CALLBACK (clock_cb), self,
                           G_CONNECT_SWAPPED);
  tell_all (self);
  return TRUE;
}

/**
 * lks_wall_disarm:
 * @self: a wall
 * @reason: (nullable): why, a translated sentence; NULL when the person wanted it
 *
 * From now on boards wait for a person again. What runs goes on.
 */
void
lks_wall_disarm (LksWall *self, const char *reason)
{
  g_return_if_fail (LKS_IS_WALL (self));

  if (self->clock == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->clock, self);
  g_clear_object (&self->clock);
  g_free (self->disarm_reason);
  self->disarm_reason = g_strdup (reason);
  for (guint i = 0; i < self->places->len; i++)
    lks_wall_place_set_late (self->places->pdata[i], FALSE);
  if (reason != NULL)
    lks_wall_sound (self, LKS_SOUND_ATTENTION);
  tell_all (self);
}

/**
 * lks_wall_is_armed:
 * @self: a wall
 *
 * Returns: whether a board that is plugged in is locked at once
 */
gboolean
lks_wall_is_armed (LksWall *self)
{
  g_return_val_if_fail (LKS_IS_WALL (self), FALSE);

  return self->clock != NULL;
}

/**
 * lks_wall_get_disarm_reason:
 * @self: a wall
 *
 * Returns: (transfer none) (nullable): why the wall is not armed any more, when nobody wanted that
 */
const char *
lks_wall_get_disarm_reason (LksWall *self)
{
  g_return_val_if_fail (LKS_IS_WALL (self), NULL);

  return self->disarm_reason;
}

/**
 * lks_wall_set_idle_limit:
 * @self: a wall
 * @minutes: after how long without anybody an armed wall is not armed any more
 *
 * Sets the limit; 15 minutes when nobody does.
 */
void
lks_wall_set_idle_limit (LksWall *self, guint minutes)
{
  g_return_if_fail (LKS_IS_WALL (self));

  self->idle_minutes = minutes;
}

/**
 * lks_wall_touch:
 * @self: a wall
 * @now_us: when, of lks_boot_clock_us()
 *
 * Notes that somebody is there.
 */
void
lks_wall_touch (LksWall *self, gint64 now_us)
{
  g_return_if_fail (LKS_IS_WALL (self));

  self->touched_us = now_us;
}
