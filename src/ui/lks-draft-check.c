/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-draft-check.h"

#include "lks-recipe-draft.h"
#include "lks-worker.h"

/**
 * lks_draft_check_new:
 * @text: a draft of a recipe
 * @folder: (nullable): where files lie that it names
 *
 * Asks lks_recipe_draft_check(). Any thread; blocks while the files are read.
 *
 * Returns: (transfer full): what it says
 */
LksDraftCheck *
lks_draft_check_new (const char *text, const char *folder)
{
  LksDraftCheck *self = g_new0 (LksDraftCheck, 1);

  self->recipe = lks_recipe_draft_check (text, folder, &self->root, &self->path, &self->flaw);
  return self;
}

/**
 * lks_draft_check_free:
 * @self: (transfer full): a check
 */
void
lks_draft_check_free (LksDraftCheck *self)
{
  g_clear_object (&self->recipe);
  g_clear_pointer (&self->root, json_node_unref);
  g_free (self->path);
  g_clear_error (&self->flaw);
  g_free (self);
}

static void
check_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  char **text_and_folder = task_data;

  g_task_return_pointer (task, lks_draft_check_new (text_and_folder[0], text_and_folder[1]),
                         (GDestroyNotify) lks_draft_check_free);
}

/**
 * lks_draft_check_async:
 * @text: a draft of a recipe
 * @folder: (nullable): where files lie that it names
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * lks_draft_check_new() on a thread of its own.
 */
void
lks_draft_check_async (const char *text,
                       const char *folder,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  const char *text_and_folder[] = { text, folder, NULL };

  g_task_set_source_tag (task, lks_draft_check_async);
  g_task_set_task_data (task, g_strdupv ((char **) text_and_folder), (GDestroyNotify) g_strfreev);
  lks_worker_run_alone (task, check_in_thread);
}

/**
 * lks_draft_check_finish:
 * @result: what the callback was given
 *
 * Returns: (transfer full) (nullable): what the checker says; NULL when it was cancelled
 */
LksDraftCheck *
lks_draft_check_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
