/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-route-job.h"

#include "lks-os-shelf.h"
#include "lks-route-text.h"
#include "lks-send.h"
#include "lks-worker.h"

struct _LksRouteJob
{
  GObject parent_instance;

  LksCloudDesk *desk;        /* (owned) */
  LksVault *vault;           /* (owned) */
  LksRoute *route;           /* (owned): of the worker while it works */
  char *folder;              /* (owned) */
  char *os_address;          /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) */

  LksCloudScope *catalog; /* (owned) (nullable): NULL to check only */
  char *keystore;         /* (owned) (nullable) */
  gint64 leave_unix_s;
  LksVaultDoor *door;  /* (owned) (nullable): NULL when the vault is not open */
  char *vault_problem; /* (owned) (nullable) */
  GPtrArray *findings; /* (owned) (nullable) (element-type LksRouteFinding) */
  GError *error;       /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (LksRouteJob, lks_route_job, G_TYPE_OBJECT)

enum
{
  SIGNAL_EVENT,
  SIGNAL_DONE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* ---- on a worker ---- */

typedef struct
{
  LksRouteJob *job; /* (owned) */
  char *device_id;  /* (owned) (nullable) */
  LksRouteThing thing;
  LksRouteResult result;
  char *text; /* (owned) */
} News;

static void
news_free (gpointer data)
{
  News *self = data;

  g_object_unref (self->job);
  g_free (self->device_id);
  g_free (self->text);
  g_free (self);
}

static gboolean
tell_cb (gpointer user_data)
{
  News *news = user_data;

  g_signal_emit (news->job, signals[SIGNAL_EVENT], 0, news->device_id, (int) news->thing,
                 (int) news->result, news->text);
  return G_SOURCE_REMOVE;
}

static void
take_event (const LksRouteEvent *event, gpointer user_data)
{
  News *news = g_new0 (News, 1);

  news->job = g_object_ref (user_data);
  news->device_id = g_strdup (event->device_id);
  news->thing = event->thing;
  news->result = event->result;
  news->text = lks_route_event_to_text (event);
  lks_send (NULL, tell_cb, news, news_free);
}

static gboolean
check_in_worker (LksRouteJob *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *os_path = lks_os_shelf_dup_path ();
  const LksRouteLook look = { .folder = self->folder,
                              .door = self->door,
                              .vault_problem = self->vault_problem,
                              .os_path = os_path,
                              .leave_unix_s = self->leave_unix_s };

  self->findings = lks_route_check (self->route, &look, cancellable, error);
  return self->findings != NULL;
}

static gboolean
pack_in_worker (LksRouteJob *self,
                LksCloudClient *client,
                GCancellable *cancellable,
                GError **error)
{
  g_autofree char *os_path = lks_os_shelf_dup_path ();
  const LksRoutePacking packing = { .client = client,
                                    .catalog = self->catalog,
                                    .trust = lks_cloud_desk_get_trust (self->desk),
                                    .door = self->door,
                                    .folder = self->folder,
                                    .os_address = self->os_address,
                                    .os_path = os_path,
                                    .func = take_event,
                                    .user_data = self };
  gboolean taken;

  return (self->keystore == NULL ||
          lks_route_take_keystore (self->route, self->folder, self->keystore, &taken, error)) &&
         lks_route_pack (self->route, &packing, cancellable, error);
}

/* What is there is told also when packing had to end. */
static gboolean
pack_in_thread (LksCloudClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  LksRouteJob *self = data;
  gboolean is_packed = pack_in_worker (self, client, cancellable, error);

  return check_in_worker (self, cancellable, is_packed ? error : NULL) && is_packed;
}

static void
check_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (check_in_worker (source, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* ---- on the main thread ---- */

static void
end (LksRouteJob *self, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
  g_signal_emit (self, signals[SIGNAL_DONE], 0);
}

static void
packed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksRouteJob) self = user_data;
  GError *error = NULL;

  lks_cloud_desk_run_finish (LKS_CLOUD_DESK (source), result, &error);
  end (self, error);
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer unused)
{
  GError *error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  end (LKS_ROUTE_JOB (source), error);
}

static void
begin_check (LksRouteJob *self)
{
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, checked_cb, NULL);

  g_task_set_source_tag (task, begin_check);
  lks_worker_run_alone (task, check_in_thread);
}

/* A vault that does not open is something to be found, when there is nothing to put into it. */
static void
unlocked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksRouteJob) self = user_data;
  GError *error = NULL;

  g_clear_pointer (&self->door, lks_vault_door_unref);
  g_clear_pointer (&self->vault_problem, g_free);
  if (lks_vault_unlock_finish (LKS_VAULT (source), result, &error))
    self->door = lks_vault_door_new (self->vault);
  else if (self->catalog != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      end (self, error);
      return;
    }
  else
    {
      self->vault_problem = g_strdup (error->message);
      g_error_free (error);
    }
  if (self->catalog != NULL)
    lks_cloud_desk_run_async (self->desk, pack_in_thread, g_object_ref (self), g_object_unref,
                              self->cancellable, packed_cb, g_object_ref (self));
  else
    begin_check (self);
}

static void
begin (LksRouteJob *self)
{
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  lks_vault_unlock_async (self->vault, self->cancellable, unlocked_cb, g_object_ref (self));
}

/* ---- the object ---- */

static void
lks_route_job_finalize (GObject *object)
{
  LksRouteJob *self = LKS_ROUTE_JOB (object);

  g_clear_pointer (&self->door, lks_vault_door_unref);
  g_clear_object (&self->desk);
  g_clear_object (&self->vault);
  g_clear_object (&self->cancellable);
  lks_route_free (self->route);
  g_clear_pointer (&self->catalog, lks_cloud_scope_free);
  g_free (self->folder);
  g_free (self->os_address);
  g_free (self->keystore);
  g_free (self->vault_problem);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (lks_route_job_parent_class)->finalize (object);
}

static void
lks_route_job_class_init (LksRouteJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lks_route_job_finalize;

  signals[SIGNAL_EVENT] =
      g_signal_new ("event", LKS_TYPE_ROUTE_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 4, G_TYPE_STRING, G_TYPE_INT, G_TYPE_INT, G_TYPE_STRING);
  signals[SIGNAL_DONE] = g_signal_new ("done", LKS_TYPE_ROUTE_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 0);
}

static void
lks_route_job_init (LksRouteJob *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * lks_route_job_new:
 * @desk: where to work with the cloud
 * @vault: where capabilities go
 * @route: (transfer full): what is to be packed, or was
 * @folder: where everything else is
 * @os_address: who publishes the list of OS versions, empty for the vendor
 *
 * Returns: (transfer full): a job that has not begun
 */
LksRouteJob *
lks_route_job_new (LksCloudDesk *desk,
                   LksVault *vault,
                   LksRoute *route,
                   const char *folder,
                   const char *os_address)
{
  LksRouteJob *self = g_object_new (LKS_TYPE_ROUTE_JOB, NULL);

  self->desk = g_object_ref (desk);
  self->vault = g_object_ref (vault);
  self->route = route;
  self->folder = g_strdup (folder);
  self->os_address = os_address != NULL && *os_address != '\0' ? g_strdup (os_address) : NULL;
  return self;
}

/**
 * lks_route_job_get_route:
 * @self: a job that does not work
 *
 * Returns: (transfer none): the route
 */
const LksRoute *
lks_route_job_get_route (LksRouteJob *self)
{
  return self->route;
}

/**
 * lks_route_job_get_findings:
 * @self: a job that does not work
 *
 * Returns: (transfer none) (nullable) (element-type LksRouteFinding): what was found
 */
GPtrArray *
lks_route_job_get_findings (LksRouteJob *self)
{
  return self->findings;
}

/**
 * lks_route_job_get_error:
 * @self: a job that does not work
 *
 * Returns: (transfer none) (nullable): why it had to end
 */
const GError *
lks_route_job_get_error (LksRouteJob *self)
{
  return self->error;
}

/**
 * lks_route_job_pack:
 * @self: a job that does not work
 * @catalog: the catalog that owns the devices
 * @keystore: (nullable): file with a trusted keystore to take along
 * @leave_unix_s: until when it must do
 *
 * Opens the vault, fetches what is not there, and looks what is.
 */
void
lks_route_job_pack (LksRouteJob *self,
                    const LksCloudScope *catalog,
                    const char *keystore,
                    gint64 leave_unix_s)
{
  g_return_if_fail (LKS_IS_ROUTE_JOB (self));

  g_clear_pointer (&self->catalog, lks_cloud_scope_free);
  g_free (self->keystore);
  self->catalog = lks_cloud_scope_copy (catalog);
  self->keystore = g_strdup (keystore);
  self->leave_unix_s = leave_unix_s;
  begin (self);
}

/**
 * lks_route_job_check:
 * @self: a job that does not work
 * @leave_unix_s: until when it must do
 *
 * Opens the vault, and looks what is there. Needs no network and nobody who is signed in.
 */
void
lks_route_job_check (LksRouteJob *self, gint64 leave_unix_s)
{
  g_return_if_fail (LKS_IS_ROUTE_JOB (self));

  g_clear_pointer (&self->catalog, lks_cloud_scope_free);
  self->leave_unix_s = leave_unix_s;
  begin (self);
}

/**
 * lks_route_job_stop:
 * @self: a job
 *
 * Ends it soon; what was fetched stays.
 */
void
lks_route_job_stop (LksRouteJob *self)
{
  g_return_if_fail (LKS_IS_ROUTE_JOB (self));

  g_cancellable_cancel (self->cancellable);
}
