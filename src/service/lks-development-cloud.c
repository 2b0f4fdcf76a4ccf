/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the cloud does in a development sequence. */
#include "lks-development-private.h"

#include "lks-capability.h"
#include "lks-words-private.h"

/* The names that the service gives to the device groups it makes for every product. */
#define GROUP_DEVELOPMENT "Development"
#define GROUP_CLOUD_TEST "Field Test"

/**
 * lks_development_moved_clear:
 * @self: what came of a move
 */
void
lks_development_moved_clear (LksDevelopmentMoved *self)
{
  g_clear_pointer (&self->before, g_free);
  g_clear_pointer (&self->from, g_free);
  g_clear_pointer (&self->to, g_free);
}

/**
 * lks_development_set_cloud:
 * @self: a sequence
 * @cloud: (nullable): what the cloud does, NULL when it is left to the user; must live as long as
 *   the sequence uses it
 *
 * Lets the sequence fetch the capability file that is not given, and move the device to its group.
 * Not while it is at work.
 */
void
lks_development_set_cloud (LksDevelopment *self, const LksDevelopmentCloud *cloud)
{
  self->cloud = cloud;
  if (self->device_id != NULL)
    lks_development_preview (self);
}

/* Fetches the file for @capability, 0 for the empty one, if the cloud is there. */
gboolean
lks_development_fetch_file (const LksDevelopmentWork *work, guint capability, GError **error)
{
  LksDevelopment *self = work->development;
  g_autoptr (LksSecret) file = NULL;

  if (self->cloud == NULL)
    return TRUE;
  file = self->cloud->fetch_file (self->cloud->data, self->device_id, capability, work->cancellable,
                                  error);
  if (file == NULL)
    return FALSE;
  lks_development_set_file (self, file);
  return TRUE;
}

/* ---- the device group ---- */

/* What is said about a board in its new group; updates may undo what this sequence is for. */
static const char *
describe_move (const LksDevelopment *self, const LksDevelopmentMoved *moved)
{
  gboolean is_development = self->goal == LKS_DEVELOPMENT_GOAL_DEVELOPMENT;

  if (is_development && moved->gets_apps == 1)
    return N_ ("This device group gets application updates, which will replace what is installed "
               "here. Name another group, or change its update policy:");
  if (!is_development && moved->gets_apps == 0)
    return N_ ("This device group gets no application updates, so that no application arrives. "
               "Name another group, or change its update policy:");
  if (!is_development && moved->has_deployment == 0)
    return N_ ("Nothing is deployed to this device group, so that no application arrives:");
  if (moved->is_same)
    return N_ ("The board is in this device group already:");
  return is_development ? N_ ("Moved. Application updates are off there:")
                        : N_ ("Moved. It gets its application at its next check for updates:");
}

static char *
describe_way (const LksDevelopmentMoved *moved)
{
  return moved->is_same || moved->from == NULL
             ? g_strdup (moved->to)
             : g_strdup_printf ("%s → %s", moved->from, moved->to);
}

/* Where it was is kept also when the answer to the move was lost: it may have been moved. */
static gboolean
make_move (const LksDevelopmentWork *work, LksDevelopmentMoved *moved, GError **error)
{
  LksDevelopment *self = work->development;
  gboolean is_development = self->goal == LKS_DEVELOPMENT_GOAL_DEVELOPMENT;
  gboolean is_moved = self->cloud->move (self->cloud->data, self->device_id,
                                         is_development ? GROUP_DEVELOPMENT : GROUP_CLOUD_TEST,
                                         NULL, moved, work->cancellable, error);

  if (self->group_before == NULL)
    self->group_before = g_strdup (moved->before);
  self->is_moved = self->is_moved || (moved->before != NULL && !moved->is_same);
  return is_moved;
}

/* Moves the device to the group that its goal takes. */
gboolean
lks_development_move (const LksDevelopmentWork *work,
                      LksDevelopmentState *out_state,
                      GError **error)
{
  g_auto (LksDevelopmentMoved) moved = { .gets_apps = -1, .has_deployment = -1 };
  g_autofree char *way = NULL;

  if (!make_move (work, &moved, error))
    return FALSE;
  way = describe_way (&moved);
  lks_development_note (work->development, LKS_DEVELOPMENT_STEP_GROUP,
                        describe_move (work->development, &moved), way);
  *out_state = moved.is_same ? LKS_DEVELOPMENT_STATE_NOTHING : LKS_DEVELOPMENT_STATE_DONE;
  return TRUE;
}

/* Whether the way back of the group is known: from this sequence, or, where another one began,
 * because it is named. A group that is named to this one is where it leads, not where it began. */
gboolean
lks_development_can_move_back (const LksDevelopment *self)
{
  return self->cloud != NULL &&
         (self->group_before != NULL || (self->is_begun_elsewhere && self->cloud->names_group));
}

/* Moves the device back to where it was. */
gboolean
lks_development_move_back (const LksDevelopmentWork *work,
                           LksDevelopmentState *out_state,
                           GError **error)
{
  LksDevelopment *self = work->development;
  g_auto (LksDevelopmentMoved) moved = { .gets_apps = -1, .has_deployment = -1 };

  if (!self->cloud->move (self->cloud->data, self->device_id, NULL, self->group_before, &moved,
                          work->cancellable, error))
    return FALSE;
  g_clear_pointer (&self->group_before, g_free);
  self->is_moved = FALSE;
  lks_development_note (self, LKS_DEVELOPMENT_STEP_GROUP, N_ ("The board is in its device group:"),
                        moved.to);
  *out_state = LKS_DEVELOPMENT_STATE_BACK;
  return TRUE;
}
