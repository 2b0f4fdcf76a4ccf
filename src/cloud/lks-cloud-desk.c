/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-desk.h"

#include "lks-cloud-error.h"
#include "lks-send.h"
#include "lks-worker.h"

/* How long a sign-in in the browser of this computer is waited for. */
#define BROWSER_LIMIT_S (10 * 60)

struct _LksCloudDesk
{
  GObject parent_instance;

  LksCloudTrust *trust;     /* (owned) */
  LksWorker *worker;        /* (owned) */
  LksSecretStore *store;    /* (owned): of the worker */
  GListStore *accounts;     /* (owned) of LksCloudAccount */
  LksCloudAccount *account; /* (owned) (nullable): one of @accounts */
  LksVault *vault;          /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (LksCloudDesk, lks_cloud_desk, G_TYPE_OBJECT)

typedef enum
{
  PROP_ACCOUNT = 1,
} LksCloudDeskProperty;

static GParamSpec *properties[PROP_ACCOUNT + 1];

enum
{
  SIGNAL_CODE,
  SIGNAL_BROWSE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static GTask *
create_task (LksCloudDesk *self,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data,
             gpointer tag)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  return task;
}

static void
return_outcome (GTask *task, gboolean is_done, GError *error)
{
  if (is_done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* ---- who is signed in ---- */

static void
look_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LksCloudDesk *self = source;
  GError *error = NULL;
  GPtrArray *accounts = lks_cloud_account_list (self->store, self->trust, cancellable, &error);

  if (accounts != NULL)
    g_task_return_pointer (task, accounts, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * lks_cloud_desk_look_async:
 * @self: a desk
 * @cancellable: (nullable): ends a wait for the keyring
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Looks into the keyring for who is signed in; it may ask the person for its password.
 */
void
lks_cloud_desk_look_async (LksCloudDesk *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (LKS_IS_CLOUD_DESK (self));

  task = create_task (self, cancellable, callback, user_data, lks_cloud_desk_look_async);
  lks_worker_push (self->worker, task, look_in_thread);
}

static LksCloudAccount *
find_account (LksCloudDesk *self, const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++)
    {
      g_autoptr (LksCloudAccount) account =
          g_list_model_get_item (G_LIST_MODEL (self->accounts), i);

      if (id == NULL || g_str_equal (lks_cloud_account_get_id (account), id))
        return account; /* the list keeps it */
    }
  return NULL;
}

/**
 * lks_cloud_desk_look_finish:
 * @self: a desk
 * @result: what the callback got
 * @error: return location for a [error@Lks.VaultError]
 *
 * Lists who is signed in, and works as the one of before, or else as the first.
 *
 * Returns: whether the keyring answered
 */
gboolean
lks_cloud_desk_look_finish (LksCloudDesk *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GPtrArray) found = g_task_propagate_pointer (G_TASK (result), error);
  g_autofree char *id = NULL;
  LksCloudAccount *account;

  if (found == NULL)
    return FALSE;

  if (self->account != NULL)
    id = g_strdup (lks_cloud_account_get_id (self->account));
  g_list_store_splice (self->accounts, 0, g_list_model_get_n_items (G_LIST_MODEL (self->accounts)),
                       found->pdata, found->len);
  account = id != NULL ? find_account (self, id) : NULL;
  lks_cloud_desk_set_account (self, account != NULL ? account : find_account (self, NULL));
  return TRUE;
}

/* ---- signing in ---- */

typedef struct
{
  LksCloudPlace *place; /* (owned) */
  gboolean in_browser;
} SignIn;

static void
sign_in_free (gpointer data)
{
  SignIn *self = data;

  lks_cloud_place_free (self->place);
  g_free (self);
}

/* What the worker tells the main thread meanwhile. */
typedef struct
{
  LksCloudDesk *desk;  /* (owned) */
  GCancellable *until; /* (owned) (nullable): nobody listens after that */
  char *code;          /* (owned) (nullable) */
  char *address;       /* (owned) */
  guint minutes;
} Notice;

static void
notice_free (gpointer data)
{
  Notice *self = data;

  g_object_unref (self->desk);
  g_clear_object (&self->until);
  g_free (self->code);
  g_free (self->address);
  g_free (self);
}

static gboolean
notice_cb (gpointer user_data)
{
  Notice *notice = user_data;

  if (notice->until != NULL && g_cancellable_is_cancelled (notice->until))
    return G_SOURCE_REMOVE;
  if (notice->code != NULL)
    g_signal_emit (notice->desk, signals[SIGNAL_CODE], 0, notice->code, notice->address,
                   notice->minutes);
  else
    g_signal_emit (notice->desk, signals[SIGNAL_BROWSE], 0, notice->address);
  return G_SOURCE_REMOVE;
}

static void
tell (GTask *task, const char *code, const char *address, guint minutes)
{
  Notice *notice = g_new0 (Notice, 1);
  GCancellable *cancellable = g_task_get_cancellable (task);

  notice->desk = g_object_ref (g_task_get_source_object (task));
  notice->until = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  notice->code = g_strdup (code);
  notice->address = g_strdup (address);
  notice->minutes = minutes;
  lks_send (g_task_get_context (task), notice_cb, notice, notice_free);
}

static void
browse_cb (const char *url, gpointer user_data)
{
  tell (user_data, NULL, url, 0);
}

static gboolean
await_code (GTask *task,
            LksSignIn *service,
            GCancellable *cancellable,
            LksTokens *out_tokens,
            GError **error)
{
  g_auto (LksDeviceCode) code = { 0 };

  if (!lks_sign_in_begin (service, cancellable, &code, error))
    return FALSE;
  tell (task, code.user_code, code.address, code.expires_in_s / 60);
  return lks_sign_in_await (service, &code, cancellable, out_tokens, error);
}

static void
sign_in_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LksCloudDesk *self = source;
  SignIn *wish = data;
  g_autoptr (LksSignIn) service = lks_sign_in_new (wish->place, self->trust, NULL);
  g_auto (LksTokens) tokens = { 0 };
  LksCloudAccount *account = NULL;
  GError *error = NULL;

  if (wish->in_browser ? lks_sign_in_with_browser (service, browse_cb, task, BROWSER_LIMIT_S,
                                                   cancellable, &tokens, &error)
                       : await_code (task, service, cancellable, &tokens, &error))
    account = lks_cloud_account_add (self->store, wish->place, self->trust, LKS_ACCOUNT_KIND_PERSON,
                                     NULL, &tokens, cancellable, &error);
  if (account != NULL)
    g_task_return_pointer (task, account, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * lks_cloud_desk_sign_in_async:
 * @self: a desk
 * @place: which cloud, and as which application
 * @in_browser: whether in a browser on this computer, instead of with a code on any
 * @cancellable: (nullable): gives up
 * @callback: called when the person has signed in, or not
 * @user_data: for @callback
 *
 * Lets a person sign in: "code" or "browse" tells where. What else is asked waits until then.
 */
void
lks_cloud_desk_sign_in_async (LksCloudDesk *self,
                              const LksCloudPlace *place,
                              gboolean in_browser,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  SignIn *wish;

  g_return_if_fail (LKS_IS_CLOUD_DESK (self));

  wish = g_new0 (SignIn, 1);
  wish->place = lks_cloud_place_copy (place);
  wish->in_browser = in_browser;
  task = create_task (self, cancellable, callback, user_data, lks_cloud_desk_sign_in_async);
  g_task_set_task_data (task, wish, sign_in_free);
  lks_worker_push (self->worker, task, sign_in_in_thread);
}

/* Who signs in again is the same one. */
static void
forget_account (LksCloudDesk *self, const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++)
    {
      g_autoptr (LksCloudAccount) account =
          g_list_model_get_item (G_LIST_MODEL (self->accounts), i);

      if (!g_str_equal (lks_cloud_account_get_id (account), id))
        continue;
      g_list_store_remove (self->accounts, i);
      return;
    }
}

/**
 * lks_cloud_desk_sign_in_finish:
 * @self: a desk
 * @result: what the callback got
 * @error: return location for an error of the sign-in service or the keyring
 *
 * Works as whoever has signed in.
 *
 * Returns: whether somebody has
 */
gboolean
lks_cloud_desk_sign_in_finish (LksCloudDesk *self, GAsyncResult *result, GError **error)
{
  g_autoptr (LksCloudAccount) account = g_task_propagate_pointer (G_TASK (result), error);

  if (account == NULL)
    return FALSE;
  forget_account (self, lks_cloud_account_get_id (account));
  g_list_store_append (self->accounts, account);
  lks_cloud_desk_set_account (self, account);
  return TRUE;
}

/* ---- signing out ---- */

static void
sign_out_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  gboolean is_done = lks_cloud_account_forget (data, cancellable, &error);

  return_outcome (task, is_done, error);
}

/**
 * lks_cloud_desk_sign_out_async:
 * @self: a desk at which somebody works
 * @cancellable: (nullable): ends a wait for the keyring
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Takes the sign-in of the present account out of the keyring.
 */
void
lks_cloud_desk_sign_out_async (LksCloudDesk *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (LKS_IS_CLOUD_DESK (self));
  g_return_if_fail (self->account != NULL);

  task = create_task (self, cancellable, callback, user_data, lks_cloud_desk_sign_out_async);
  g_task_set_task_data (task, g_object_ref (self->account), g_object_unref);
  lks_worker_push (self->worker, task, sign_out_in_thread);
}

/**
 * lks_cloud_desk_sign_out_finish:
 * @self: a desk
 * @result: what the callback got
 * @error: return location for a [error@Lks.VaultError]
 *
 * Works as another account that is signed in, or as nobody.
 *
 * Returns: whether the sign-in is forgotten
 */
gboolean
lks_cloud_desk_sign_out_finish (LksCloudDesk *self, GAsyncResult *result, GError **error)
{
  LksCloudAccount *account = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  forget_account (self, lks_cloud_account_get_id (account));
  lks_cloud_desk_set_account (self, find_account (self, NULL));
  return TRUE;
}

/* ---- work ---- */

typedef struct
{
  LksCloudClient *client; /* (owned) */
  LksCloudJobFunc func;
  gpointer data;
  GDestroyNotify data_free; /* (nullable) */
} Job;

static void
job_free (gpointer data)
{
  Job *self = data;

  g_clear_pointer (&self->client, lks_cloud_client_free);
  if (self->data_free != NULL)
    self->data_free (self->data);
  g_free (self);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  gboolean is_done = job->func (job->client, job->data, cancellable, &error);

  return_outcome (task, is_done, error);
}

/**
 * lks_cloud_desk_create_client:
 * @self: a desk
 * @error: return location for a [error@Lks.CloudError], SIGN_IN when nobody is signed in
 *
 * Makes a client for a thread of the caller's. Any number of them may be at work.
 *
 * Returns: (transfer full): a client, or NULL with @error set
 */
LksCloudClient *
lks_cloud_desk_create_client (LksCloudDesk *self, GError **error)
{
  g_return_val_if_fail (LKS_IS_CLOUD_DESK (self), NULL);

  if (self->account == NULL)
    {
      g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN, "nobody is signed in");
      return NULL;
    }
  return lks_cloud_client_new_for (lks_cloud_account_get_place (self->account),
                                   LKS_TOKEN_SOURCE (self->account), self->trust, NULL, error);
}

/**
 * lks_cloud_desk_run_async:
 * @self: a desk
 * @func: (scope notified): the work
 * @data: for @func
 * @data_free: (nullable): frees @data, on the main thread
 * @cancellable: (nullable): gives up
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Works with the service as the present account, after what was asked before.
 */
void
lks_cloud_desk_run_async (LksCloudDesk *self,
                          LksCloudJobFunc func,
                          gpointer data,
                          GDestroyNotify data_free,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  Job *job;

  g_return_if_fail (LKS_IS_CLOUD_DESK (self));

  job = g_new0 (Job, 1);
  job->func = func;
  job->data = data;
  job->data_free = data_free;
  job->client = lks_cloud_desk_create_client (self, &error);
  task = create_task (self, cancellable, callback, user_data, lks_cloud_desk_run_async);
  g_task_set_task_data (task, job, job_free);
  if (job->client != NULL)
    lks_worker_push (self->worker, task, run_in_thread);
  else
    g_task_return_error (task, error);
}

/**
 * lks_cloud_desk_run_finish:
 * @self: a desk
 * @result: what the callback got
 * @error: return location for the error of the work
 *
 * Returns: (transfer none): the data of the work, for as long as @result lives; or NULL with
 *   @error set
 */
gpointer
lks_cloud_desk_run_finish (LksCloudDesk *self, GAsyncResult *result, GError **error)
{
  Job *job = g_task_get_task_data (G_TASK (result));

  return g_task_propagate_boolean (G_TASK (result), error) ? job->data : NULL;
}

/* ---- the object ---- */

static void
lks_cloud_desk_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((LksCloudDeskProperty) prop_id)
    {
    case PROP_ACCOUNT:
      g_value_set_object (value, LKS_CLOUD_DESK (object)->account);
      break;
    }
}

static void
lks_cloud_desk_dispose (GObject *object)
{
  LksCloudDesk *self = LKS_CLOUD_DESK (object);

  g_clear_object (&self->worker); /* whatever it does keeps a reference: it is idle */
  g_clear_object (&self->account);
  g_clear_object (&self->vault);
  g_clear_object (&self->accounts);
  G_OBJECT_CLASS (lks_cloud_desk_parent_class)->dispose (object);
}

static void
lks_cloud_desk_finalize (GObject *object)
{
  LksCloudDesk *self = LKS_CLOUD_DESK (object);

  lks_secret_store_unref (self->store);
  lks_cloud_trust_unref (self->trust);
  G_OBJECT_CLASS (lks_cloud_desk_parent_class)->finalize (object);
}

static void
lks_cloud_desk_class_init (LksCloudDeskClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lks_cloud_desk_get_property;
  object_class->dispose = lks_cloud_desk_dispose;
  object_class->finalize = lks_cloud_desk_finalize;

  properties[PROP_ACCOUNT] =
      g_param_spec_object ("account", NULL, NULL, LKS_TYPE_CLOUD_ACCOUNT,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[SIGNAL_CODE] =
      g_signal_new ("code", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_UINT);
  signals[SIGNAL_BROWSE] = g_signal_new ("browse", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
lks_cloud_desk_init (LksCloudDesk *self)
{
  self->accounts = g_list_store_new (LKS_TYPE_CLOUD_ACCOUNT);
  self->store = lks_secret_store_new ("sign-in");
  self->worker = lks_worker_new ("cloud");
}

/**
 * lks_cloud_desk_new:
 * @trust: whose certificates count beside the system's
 *
 * Returns: (transfer full): a desk at which nobody works yet
 */
LksCloudDesk *
lks_cloud_desk_new (LksCloudTrust *trust)
{
  LksCloudDesk *self = g_object_new (LKS_TYPE_CLOUD_DESK, NULL);

  self->trust = lks_cloud_trust_ref (trust);
  return self;
}

/**
 * lks_cloud_desk_get_trust:
 * @self: a desk
 *
 * Returns: (transfer none): whose certificates count
 */
LksCloudTrust *
lks_cloud_desk_get_trust (LksCloudDesk *self)
{
  return self->trust;
}

/**
 * lks_cloud_desk_get_accounts:
 * @self: a desk
 *
 * Returns: (transfer none): who is signed in, a list of [class@Lks.CloudAccount]
 */
GListModel *
lks_cloud_desk_get_accounts (LksCloudDesk *self)
{
  return G_LIST_MODEL (self->accounts);
}

/**
 * lks_cloud_desk_get_account:
 * @self: a desk
 *
 * Returns: (transfer none) (nullable): as whom to work
 */
LksCloudAccount *
lks_cloud_desk_get_account (LksCloudDesk *self)
{
  return self->account;
}

/**
 * lks_cloud_desk_set_account:
 * @self: a desk
 * @account: (nullable): one of those who are signed in
 *
 * Works as somebody else from now on.
 */
void
lks_cloud_desk_set_account (LksCloudDesk *self, LksCloudAccount *account)
{
  g_return_if_fail (LKS_IS_CLOUD_DESK (self));

  if (g_set_object (&self->account, account))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACCOUNT]);
}

/**
 * lks_cloud_desk_get_vault:
 * @self: a desk
 *
 * Returns: (transfer none) (nullable): where downloaded capabilities go
 */
LksVault *
lks_cloud_desk_get_vault (LksCloudDesk *self)
{
  return self->vault;
}

/**
 * lks_cloud_desk_set_vault:
 * @self: a desk
 * @vault: (nullable): the capabilities of this user; it need not be open
 */
void
lks_cloud_desk_set_vault (LksCloudDesk *self, LksVault *vault)
{
  g_return_if_fail (LKS_IS_CLOUD_DESK (self));

  g_set_object (&self->vault, vault);
}
