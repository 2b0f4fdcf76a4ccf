/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-install-job.h"

#include "lks-capability-removal.h"
#include "lks-send.h"
#include "lks-worker.h"

/* ---- loading ---- */

typedef struct
{
  char **paths; /* (owned) */
  gboolean is_removal;
} Loading;

static void
loading_free (gpointer data)
{
  Loading *loading = data;

  g_strfreev (loading->paths);
  g_free (loading);
}

static gboolean
load_one (const Loading *loading,
          const char *path,
          LksManifestStore *store,
          GPtrArray *packages,
          GError **error)
{
  LksSideloadPackage *package = lks_sideload_package_load (path, error);

  if (package == NULL)
    return FALSE;
  g_ptr_array_add (packages, package);
  if (loading->is_removal && !lks_capability_removal_check (package, error))
    return FALSE;
  lks_manifest_store_add (store, package->bytes, package->inspection);
  return TRUE;
}

static void
load_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Loading *loading = task_data;
  g_autofree char *folder = lks_manifest_store_dup_default_path ();
  g_autoptr (LksManifestStore) store = lks_manifest_store_new (folder);
  g_autoptr (GPtrArray) packages = lks_sideload_packages_new ();
  GError *error = NULL;

  for (gsize i = 0; loading->paths[i] != NULL; i++)
    if (!load_one (loading, loading->paths[i], store, packages, &error))
      {
        g_task_return_error (task, error);
        return;
      }

  g_task_return_pointer (task, g_steal_pointer (&packages), (GDestroyNotify) g_ptr_array_unref);
}

/**
 * lks_packages_load_async:
 * @paths: (array zero-terminated=1): files
 * @is_removal: whether only an empty capability file will do
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * Reads image packages, and remembers what their applications use.
 */
void
lks_packages_load_async (const char *const *paths,
                         gboolean is_removal,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Loading *loading = g_new0 (Loading, 1);

  loading->paths = g_strdupv ((char **) paths);
  loading->is_removal = is_removal;
  g_task_set_source_tag (task, lks_packages_load_async);
  g_task_set_task_data (task, loading, loading_free);
  lks_worker_run_alone (task, load_in_thread);
}

/**
 * lks_packages_load_finish:
 * @result: the result
 * @error: return location for an error as of lks_sideload_package_load(), or
 *   %LKS_SERVICE_ERROR_INVALID
 *
 * Returns: (transfer full) (element-type LksSideloadPackage): the packages, in the order of the
 *   files, or NULL with @error set
 */
GPtrArray *
lks_packages_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- planning ---- */

typedef struct
{
  GPtrArray *packages; /* (owned) */
  LksPeripheralLock lock;
  LksSideloadPlan *plan; /* (owned) (nullable) */
} Planning;

static void
planning_free (gpointer data)
{
  Planning *planning = data;

  g_ptr_array_unref (planning->packages);
  g_clear_pointer (&planning->plan, lks_sideload_plan_free);
  g_free (planning);
}

static gboolean
plan_job (LksDevice *device, gpointer data, GCancellable *cancellable, GError **error)
{
  Planning *planning = data;
  g_autofree char *folder = lks_manifest_store_dup_default_path ();
  g_autoptr (LksManifestStore) store = lks_manifest_store_new (folder);
  LksSideloadFacts *facts =
      lks_sideload_facts_read (device, store, planning->lock, cancellable, error);

  if (facts == NULL)
    return FALSE;

  planning->plan = lks_sideload_plan_new (facts, g_ptr_array_ref (planning->packages));
  return TRUE;
}

static void
planned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Planning *planning = g_task_get_task_data (task);
  GError *error = NULL;

  if (lks_board_run_finish (LKS_BOARD (source), result, &error))
    g_task_return_pointer (task, g_steal_pointer (&planning->plan),
                           (GDestroyNotify) lks_sideload_plan_free);
  else
    g_task_return_error (task, error);
}

/**
 * lks_packages_plan_async:
 * @board: a board
 * @packages: (element-type LksSideloadPackage): images; nobody else changes them meanwhile
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * Finds out what would happen if the images were installed.
 */
void
lks_packages_plan_async (LksBoard *board,
                         GPtrArray *packages,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = g_task_new (board, cancellable, callback, user_data);
  Planning *planning = g_new0 (Planning, 1);

  planning->packages = g_ptr_array_ref (packages);
  planning->lock = lks_board_status_get_peripheral_lock (lks_board_get_status (board), NULL);
  g_task_set_source_tag (task, lks_packages_plan_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, planning, planning_free);
  lks_board_run_async (board, plan_job, planning, NULL, cancellable, planned_cb, task);
}

/**
 * lks_packages_plan_finish:
 * @result: the result
 * @error: return location for an error as of lks_sideload_facts_read() or lks_board_run_async()
 *
 * Returns: (transfer full): the plan, or NULL with @error set
 */
LksSideloadPlan *
lks_packages_plan_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- installing ---- */

typedef struct
{
  const LksSideloadPlan *plan; /* (unowned): outlives the task */
  gboolean starts;
  gboolean force;
  LksSideloadFunc progress;
  gpointer progress_data;
  LksSideloadResult *result; /* (owned) (nullable) */
} Installing;

static void
installing_free (gpointer data)
{
  Installing *installing = data;

  g_clear_pointer (&installing->result, lks_sideload_result_free);
  g_free (installing);
}

/* What is done, on its way from the worker to the main thread. */
typedef struct
{
  GTask *task; /* (owned) */
  LksSideloadProgress progress;
} News;

static void
news_free (gpointer data)
{
  News *news = data;

  g_object_unref (news->task);
  g_free (news);
}

static gboolean
tell_cb (gpointer data)
{
  News *news = data;
  const Installing *installing = g_task_get_task_data (news->task);

  if (!g_task_get_completed (news->task))
    installing->progress (&news->progress, installing->progress_data);
  return G_SOURCE_REMOVE;
}

static void
progress_cb (const LksSideloadProgress *progress, gpointer task)
{
  News *news = g_new0 (News, 1);

  news->task = g_object_ref (task);
  news->progress = *progress;
  lks_send (g_task_get_context (task), tell_cb, news, news_free);
}

static gboolean
install_job (LksDevice *device, gpointer task, GCancellable *cancellable, GError **error)
{
  Installing *installing = g_task_get_task_data (task);
  const LksSideloadOptions options = {
    .control = installing->starts ? LKS_APP_CONTROL_AUTO : LKS_APP_CONTROL_MANUAL,
    .force = installing->force,
    .allow_restart = TRUE,
    .progress = progress_cb,
    .progress_data = task,
  };

  installing->result = lks_sideload_run (device, installing->plan, &options, cancellable, error);
  return installing->result != NULL;
}

static void
installed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Installing *installing = g_task_get_task_data (task);
  GError *error = NULL;

  if (lks_board_run_finish (LKS_BOARD (source), result, &error))
    g_task_return_pointer (task, g_steal_pointer (&installing->result),
                           (GDestroyNotify) lks_sideload_result_free);
  else
    g_task_return_error (task, error);
}

/**
 * lks_plan_install_async:
 * @board: the board of @plan
 * @plan: what is to be installed; must live until @callback
 * @starts: whether installed applications start by themselves
 * @force: whether to send what the board will refuse, as far as is known
 * @progress: told what is done, on the main thread, never after @callback
 * @progress_data: for @progress
 * @cancellable: (nullable): stops it, as lks_sideload_run() says
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * Installs images. The person has agreed to the restart that the plan foretells.
 */
void
lks_plan_install_async (LksBoard *board,
                        const LksSideloadPlan *plan,
                        gboolean starts,
                        gboolean force,
                        LksSideloadFunc progress,
                        gpointer progress_data,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GTask *task = g_task_new (board, cancellable, callback, user_data);
  Installing *installing = g_new0 (Installing, 1);

  installing->plan = plan;
  installing->starts = starts;
  installing->force = force;
  installing->progress = progress;
  installing->progress_data = progress_data;
  g_task_set_source_tag (task, lks_plan_install_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, installing, installing_free);
  lks_board_run_async (board, install_job, task, NULL, cancellable, installed_cb, task);
}

/**
 * lks_plan_install_finish:
 * @result: the result
 * @error: return location for an error as of lks_sideload_run() or lks_board_run_async()
 *
 * Returns: (transfer full): what is proven to be on the board now, or NULL with @error set
 */
LksSideloadResult *
lks_plan_install_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
