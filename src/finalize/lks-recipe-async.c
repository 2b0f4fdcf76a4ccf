/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-recipe.h"

#include "lks-worker.h"

static void
load_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  LksRecipe *recipe = lks_recipe_load (task_data, &error);

  if (recipe != NULL)
    g_task_return_pointer (task, recipe, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * lks_recipe_load_async:
 * @path: a file
 * @cancellable: (nullable): a cancellable; what was being read is then thrown away
 * @callback: called when done
 * @user_data: for @callback
 *
 * lks_recipe_load() on a thread of its own: a recipe may bring images along, which are read and
 * looked into.
 */
void
lks_recipe_load_async (const char *path,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, lks_recipe_load_async);
  g_task_set_task_data (task, g_strdup (path), g_free);
  lks_worker_run_alone (task, load_in_thread);
}

/**
 * lks_recipe_load_finish:
 * @result: what the callback was given
 * @error: return location for an error of lks_recipe_load(), or `G_IO_ERROR_CANCELLED`
 *
 * Returns: (transfer full): a recipe, or NULL with @error set
 */
LksRecipe *
lks_recipe_load_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
