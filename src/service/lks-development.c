/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-development-private.h"

#include "lks-enums.h"
#include "lks-json-member-private.h"
#include "lks-words-private.h"

G_DEFINE_ENUM_TYPE (LksDevelopmentGoal,
                    lks_development_goal,
                    G_DEFINE_ENUM_VALUE (LKS_DEVELOPMENT_GOAL_DEVELOPMENT, "development"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVELOPMENT_GOAL_CLOUD_TEST, "cloud-test"))

G_DEFINE_ENUM_TYPE (LksDevelopmentStep,
                    lks_development_step,
                    G_DEFINE_ENUM_VALUE (LKS_DEVELOPMENT_STEP_CHECK, "check"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVELOPMENT_STEP_FILE, "file"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVELOPMENT_STEP_DELETE, "delete"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVELOPMENT_STEP_APPLY, "apply"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVELOPMENT_STEP_VERIFY, "verify"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVELOPMENT_STEP_GROUP, "group"))

G_DEFINE_ENUM_TYPE (LksDevelopmentState,
                    lks_development_state,
                    G_DEFINE_ENUM_VALUE (LKS_DEVELOPMENT_STATE_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVELOPMENT_STATE_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVELOPMENT_STATE_DONE, "done"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVELOPMENT_STATE_NOTHING, "nothing"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVELOPMENT_STATE_BY_HAND, "by-hand"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVELOPMENT_STATE_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVELOPMENT_STATE_BACK, "back"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVELOPMENT_STATE_STAYS, "stays"))

/**
 * lks_development_new:
 * @goal: what the board is prepared for
 *
 * Returns: (transfer full): a sequence of which nothing is done
 */
LksDevelopment *
lks_development_new (LksDevelopmentGoal goal)
{
  LksDevelopment *self = g_new0 (LksDevelopment, 1);

  self->goal = goal;
  return self;
}

/**
 * lks_development_free:
 * @self: (transfer full) (nullable): a sequence
 *
 * Forgets it; what was done to the board stays.
 */
void
lks_development_free (LksDevelopment *self)
{
  if (self == NULL)
    return;

  for (guint step = 0; step < LKS_DEVELOPMENT_STEPS; step++)
    g_free (self->reports[step].subject);
  g_clear_pointer (&self->file, lks_secret_unref);
  g_clear_pointer (&self->apps, g_ptr_array_unref);
  g_free (self->device_id);
  g_free (self->group_before);
  g_free (self);
}

/**
 * lks_development_set_file:
 * @self: a sequence
 * @file: (nullable): the capability file that is applied next
 *
 * Gives the capability file for this board: with appDevelopment for development, the empty one for
 * tests with the cloud; for the way back the file that leads back.
 */
void
lks_development_set_file (LksDevelopment *self, LksSecret *file)
{
  LksSecret *old = self->file;

  self->file = file != NULL ? lks_secret_ref (file) : NULL;
  g_clear_pointer (&old, lks_secret_unref);
}

/**
 * lks_development_set_limit:
 * @self: a sequence
 * @restart_limit_s: how long to wait for the board's restart, 0 for %LKS_RESTART_WATCH_LIMIT_S
 */
void
lks_development_set_limit (LksDevelopment *self, guint restart_limit_s)
{
  self->restart_limit_s = restart_limit_s;
}

/**
 * lks_development_set_func:
 * @self: a sequence
 * @func: (nullable): told on the thread of the work where a sub-step stands
 * @user_data: for @func
 */
void
lks_development_set_func (LksDevelopment *self, LksDevelopmentFunc func, gpointer user_data)
{
  self->func = func;
  self->user_data = user_data;
}

/**
 * lks_development_get_goal:
 * @self: a sequence
 *
 * Returns: what the board is prepared for
 */
LksDevelopmentGoal
lks_development_get_goal (const LksDevelopment *self)
{
  return self->goal;
}

/**
 * lks_development_get_state:
 * @self: a sequence
 * @step: a sub-step
 *
 * Returns: where it stands
 */
LksDevelopmentState
lks_development_get_state (const LksDevelopment *self, LksDevelopmentStep step)
{
  return self->reports[step].state;
}

/**
 * lks_development_get_note:
 * @self: a sequence
 * @step: a sub-step
 *
 * Returns: (nullable): what is to be said about it, an English sentence for translation
 */
const char *
lks_development_get_note (const LksDevelopment *self, LksDevelopmentStep step)
{
  return self->reports[step].note;
}

/**
 * lks_development_get_subject:
 * @self: a sequence
 * @step: a sub-step
 *
 * Returns: (nullable): what stands after the note: names of applications, or why the sub-step
 *   failed
 */
const char *
lks_development_get_subject (const LksDevelopment *self, LksDevelopmentStep step)
{
  return self->reports[step].subject;
}

/**
 * lks_development_get_device_id:
 * @self: a sequence
 *
 * Returns: (nullable): the board, 128 digits; NULL before it was read
 */
const char *
lks_development_get_device_id (const LksDevelopment *self)
{
  return self->device_id;
}

/**
 * lks_development_step_get_title:
 * @step: a sub-step
 *
 * Returns: its name, English for translation
 */
const char *
lks_development_step_get_title (LksDevelopmentStep step)
{
  switch (step)
    {
    case LKS_DEVELOPMENT_STEP_CHECK:
      return N_ ("Check the board");
    case LKS_DEVELOPMENT_STEP_FILE:
      return N_ ("Check the capability file");
    case LKS_DEVELOPMENT_STEP_DELETE:
      return N_ ("Delete the applications");
    case LKS_DEVELOPMENT_STEP_APPLY:
      return N_ ("Apply the capability file");
    case LKS_DEVELOPMENT_STEP_VERIFY:
      return N_ ("Check the result");
    case LKS_DEVELOPMENT_STEP_GROUP:
      return N_ ("Move the board to its device group");
    }

  return "";
}

/* What was left to the user is the cloud's, once there is one. */
static gboolean
is_settled (const LksDevelopment *self, LksDevelopmentStep step)
{
  LksDevelopmentState state = self->reports[step].state;

  return state == LKS_DEVELOPMENT_STATE_DONE || state == LKS_DEVELOPMENT_STATE_NOTHING ||
         (state == LKS_DEVELOPMENT_STATE_BY_HAND && self->cloud == NULL);
}

/**
 * lks_development_needs_file:
 * @self: a sequence whose board was read
 *
 * Returns: whether a capability file must be given before it can go on
 */
gboolean
lks_development_needs_file (const LksDevelopment *self)
{
  return self->file == NULL && self->cloud == NULL && self->device_id != NULL &&
         lks_development_will_restart (self);
}

/**
 * lks_development_will_restart:
 * @self: a sequence whose board was read
 *
 * Returns: whether the way there restarts the board
 */
gboolean
lks_development_will_restart (const LksDevelopment *self)
{
  return !is_settled (self, LKS_DEVELOPMENT_STEP_APPLY) &&
         !lks_development_is_wanted (self, &self->before);
}

/**
 * lks_development_is_done:
 * @self: a sequence
 *
 * Returns: whether every sub-step is done, needless, or left to the user
 */
gboolean
lks_development_is_done (const LksDevelopment *self)
{
  for (guint step = 0; step < LKS_DEVELOPMENT_STEPS; step++)
    if (!is_settled (self, step))
      return FALSE;

  return TRUE;
}

static gboolean
may_have_changed (const LksDevelopment *self, LksDevelopmentStep step)
{
  LksDevelopmentState state = self->reports[step].state;

  return (step == LKS_DEVELOPMENT_STEP_DELETE || step == LKS_DEVELOPMENT_STEP_APPLY) &&
         (state == LKS_DEVELOPMENT_STATE_DONE || state == LKS_DEVELOPMENT_STATE_FAILED);
}

/**
 * lks_development_may_go_back:
 * @self: a sequence
 *
 * Returns: whether something was changed, or may be, that lks_development_put_back() undoes
 */
gboolean
lks_development_may_go_back (const LksDevelopment *self)
{
  return may_have_changed (self, LKS_DEVELOPMENT_STEP_DELETE) ||
         may_have_changed (self, LKS_DEVELOPMENT_STEP_APPLY) || self->is_moved;
}

/**
 * lks_development_is_half_done:
 * @self: a sequence
 *
 * Returns: whether something was changed, or may be, and the rest is not done: go on with
 *   lks_development_run(), or back with lks_development_put_back()
 */
gboolean
lks_development_is_half_done (const LksDevelopment *self)
{
  return lks_development_may_go_back (self) && !lks_development_is_done (self);
}

/* Says something about a step, in place of what was said before. */
void
lks_development_note (LksDevelopment *self,
                      LksDevelopmentStep step,
                      const char *note,
                      const char *subject)
{
  g_autofree char *old = self->reports[step].subject;

  self->reports[step].note = note;
  self->reports[step].subject = g_strdup (subject);
}

static void
set_state (LksDevelopment *self, LksDevelopmentStep step, LksDevelopmentState state)
{
  self->reports[step].state = state;
  if (self->func != NULL)
    self->func (self, step, self->user_data);
}

/* What is cancelled before it changed anything was not begun. */
static gboolean
perform (const LksDevelopmentWork *work,
         LksDevelopmentStep step,
         LksDevelopmentStepFunc func,
         GError **error)
{
  LksDevelopment *self = work->development;
  LksDevelopmentState before = self->reports[step].state;
  LksDevelopmentState state = LKS_DEVELOPMENT_STATE_DONE;
  GError *local = NULL;

  if (g_cancellable_set_error_if_cancelled (work->cancellable, error))
    return FALSE;

  lks_development_note (self, step, NULL, NULL);
  set_state (self, step, LKS_DEVELOPMENT_STATE_RUNNING);
  if (func (work, step, &state, &local))
    {
      set_state (self, step, state);
      return TRUE;
    }

  lks_development_note (self, step, NULL, local->message);
  set_state (self, step,
             g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED)
                 ? before
                 : LKS_DEVELOPMENT_STATE_FAILED);
  g_propagate_error (error, local);
  return FALSE;
}

/**
 * lks_development_look:
 * @self: a sequence
 * @device: the board, the same every time
 * @lock: whether its peripheral configuration is locked
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error as of lks_development_run()
 *
 * Does the first sub-step only, which changes nothing, and tells in the notes of the others what
 * they would do. Blocks; worker threads only.
 *
 * Returns: whether this may be done to this board
 */
gboolean
lks_development_look (LksDevelopment *self,
                      LksDevice *device,
                      LksPeripheralLock lock,
                      GCancellable *cancellable,
                      GError **error)
{
  const LksDevelopmentWork work = { self, device, lock, cancellable };

  if (!perform (&work, LKS_DEVELOPMENT_STEP_CHECK, lks_development_do, error))
    return FALSE;

  lks_development_preview (self);
  return TRUE;
}

/* What was done already is not done again, unless the board turned out not to be so. */
static gboolean
is_due (const LksDevelopment *self, LksDevelopmentStep step, gboolean is_wrong)
{
  return is_wrong || !is_settled (self, step) || step == LKS_DEVELOPMENT_STEP_CHECK ||
         step == LKS_DEVELOPMENT_STEP_GROUP;
}

/**
 * lks_development_run:
 * @self: a sequence
 * @device: the board, the same every time
 * @lock: whether its peripheral configuration is locked
 * @cancellable: (nullable): stops between sub-steps, and within them where that leaves nothing
 *   unknown
 * @error: return location for [error@Lks.ServiceError], [error@Lks.DeviceError],
 *   %LKS_BOARD_ERROR_IDENTITY, or `G_IO_ERROR_CANCELLED`
 *
 * Does what is not done yet, in order; called again after a failure it goes on there, and asks the
 * board before it repeats anything. A finished board is not prepared for development, ever. Blocks;
 * worker threads only.
 *
 * Returns: whether all is done, needless, or left to the user
 */
gboolean
lks_development_run (LksDevelopment *self,
                     LksDevice *device,
                     LksPeripheralLock lock,
                     GCancellable *cancellable,
                     GError **error)
{
  const LksDevelopmentWork work = { self, device, lock, cancellable };
  gboolean is_wrong =
      self->reports[LKS_DEVELOPMENT_STEP_VERIFY].state == LKS_DEVELOPMENT_STATE_FAILED;

  for (guint step = 0; step < LKS_DEVELOPMENT_STEPS; step++)
    if (is_due (self, step, is_wrong) && !perform (&work, step, lks_development_do, error))
      return FALSE;

  return TRUE;
}

/* Somebody else, or this program before, has begun: everything may have been changed, and before
 * that the board was as boards are that this is done to. */
static void
assume_begun (LksDevelopment *self)
{
  gboolean is_development = self->goal == LKS_DEVELOPMENT_GOAL_DEVELOPMENT;

  self->is_begun_elsewhere = TRUE;
  self->before = (LksStoredCapabilities){ .development = !is_development };
  self->reports[LKS_DEVELOPMENT_STEP_APPLY].state = LKS_DEVELOPMENT_STATE_FAILED;
  if (!is_development)
    self->reports[LKS_DEVELOPMENT_STEP_DELETE].state = LKS_DEVELOPMENT_STATE_FAILED;
}

/* All is back, or a person was told what to bring back. */
static void
forget (LksDevelopment *self)
{
  static const LksDevelopmentStep looks[] = {
    LKS_DEVELOPMENT_STEP_CHECK,
    LKS_DEVELOPMENT_STEP_FILE,
    LKS_DEVELOPMENT_STEP_VERIFY,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      lks_development_note (self, looks[i], NULL, NULL);
      set_state (self, looks[i], LKS_DEVELOPMENT_STATE_WAITING);
    }
  self->is_begun_elsewhere = FALSE;
  self->is_moved = FALSE;
  g_clear_pointer (&self->group_before, g_free);
  g_clear_pointer (&self->device_id, g_free);
  g_clear_pointer (&self->apps, g_ptr_array_unref);
  lks_development_set_file (self, NULL);
}

/* What is back already does not go back twice: the device group least of all, which was forgotten
 * then. */
static gboolean
is_back_due (const LksDevelopment *self, LksDevelopmentStep step)
{
  return step == LKS_DEVELOPMENT_STEP_GROUP
             ? self->reports[step].state != LKS_DEVELOPMENT_STATE_BACK
             : may_have_changed (self, step);
}

/**
 * lks_development_put_back:
 * @self: a sequence of which something was done, or failed; a new one when that was done elsewhere
 * @device: its board
 * @lock: whether its peripheral configuration is locked
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error as of lks_development_run()
 *
 * Undoes what was done, the last first; the capability file that leads back is taken from
 * lks_development_set_file() when the board is not so already. Deleted applications do not come
 * back and are named instead. A new sequence takes it that the board had appDevelopment before it
 * was prepared for tests with the cloud, and no capability before development. Called again after a
 * failure it goes on there; afterwards lks_development_run() begins anew. Blocks; worker threads
 * only.
 *
 * Returns: whether all is as it was, but for what %LKS_DEVELOPMENT_STATE_STAYS tells
 */
gboolean
lks_development_put_back (LksDevelopment *self,
                          LksDevice *device,
                          LksPeripheralLock lock,
                          GCancellable *cancellable,
                          GError **error)
{
  const LksDevelopmentWork work = { self, device, lock, cancellable };

  if (self->device_id == NULL)
    assume_begun (self);
  if (!perform (&work, LKS_DEVELOPMENT_STEP_CHECK, lks_development_undo, error))
    return FALSE;

  for (guint step = LKS_DEVELOPMENT_STEPS - 1; step > LKS_DEVELOPMENT_STEP_CHECK; step--)
    if (is_back_due (self, step) && !perform (&work, step, lks_development_undo, error))
      return FALSE;

  forget (self);
  return TRUE;
}

/**
 * lks_development_to_json:
 * @self: a sequence
 *
 * Returns: (transfer full): an object
 */
JsonNode *
lks_development_to_json (const LksDevelopment *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lks_json_add_text (builder, "goal",
                     lks_enum_to_nick (LKS_TYPE_DEVELOPMENT_GOAL, (int) self->goal));
  lks_json_add_text (builder, "groupBefore", self->group_before);
  lks_json_add_flag (builder, "isDone", lks_development_is_done (self));
  lks_json_add_flag (builder, "isHalfDone", lks_development_is_half_done (self));
  lks_json_add_flag (builder, "needsFile", lks_development_needs_file (self));
  json_builder_set_member_name (builder, "steps");
  json_builder_begin_array (builder);
  for (guint step = 0; step < LKS_DEVELOPMENT_STEPS; step++)
    {
      const LksDevelopmentReport *report = &self->reports[step];

      json_builder_begin_object (builder);
      lks_json_add_text (builder, "step", lks_enum_to_nick (LKS_TYPE_DEVELOPMENT_STEP, (int) step));
      lks_json_add_text (builder, "state",
                         lks_enum_to_nick (LKS_TYPE_DEVELOPMENT_STATE, (int) report->state));
      lks_json_add_text (builder, "note", report->note);
      lks_json_add_text (builder, "subject", report->subject);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}
