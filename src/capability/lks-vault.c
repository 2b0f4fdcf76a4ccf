/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-vault.h"

#include "lks-vault-private.h"
#include "lks-worker.h"

G_DEFINE_ENUM_TYPE (LksVaultState,
                    lks_vault_state,
                    G_DEFINE_ENUM_VALUE (LKS_VAULT_STATE_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_VAULT_STATE_OPEN, "open"),
                    G_DEFINE_ENUM_VALUE (LKS_VAULT_STATE_LOCKED, "locked"),
                    G_DEFINE_ENUM_VALUE (LKS_VAULT_STATE_ABSENT, "absent"),
                    G_DEFINE_ENUM_VALUE (LKS_VAULT_STATE_FAILED, "failed"))

struct _LksVault
{
  GObject parent_instance;

  LksWorker *worker;    /* (owned) */
  LksVaultIndex *index; /* (owned): of the worker */

  GListStore *items;          /* (owned) (element-type LksVaultItem): oldest first */
  GHashTable *by_fingerprint; /* (owned) (element-type utf8 LksVaultItem): the same */
  LksVaultState state;
  GError *error; /* (owned) (nullable): why it is not open */
  guint n_jobs;
};

G_DEFINE_FINAL_TYPE (LksVault, lks_vault, G_TYPE_OBJECT)

typedef enum
{
  PROP_STATE = 1,
  PROP_IS_BUSY,
} LksVaultProperty;

static GParamSpec *properties[PROP_IS_BUSY + 1];

static void
set_state (LksVault *self, LksVaultState state, const GError *error)
{
  g_clear_error (&self->error);
  if (error != NULL)
    self->error = g_error_copy (error);
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
count_jobs (LksVault *self, int change)
{
  gboolean was_busy = self->n_jobs > 0;

  self->n_jobs += change;
  if (was_busy != (self->n_jobs > 0))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_BUSY]);
}

/* Which state an error of one operation means for the whole vault; -1 for none. */
static int
get_state_for (const GError *error)
{
  if (error->domain != LKS_VAULT_ERROR)
    return -1;

  switch ((LksVaultError) error->code)
    {
    case LKS_VAULT_ERROR_ABSENT:
      return LKS_VAULT_STATE_ABSENT;
    case LKS_VAULT_ERROR_LOCKED:
    case LKS_VAULT_ERROR_DISMISSED:
      return LKS_VAULT_STATE_LOCKED;
    case LKS_VAULT_ERROR_FAILED:
      return LKS_VAULT_STATE_FAILED;
    case LKS_VAULT_ERROR_NO_KEYRING:
    case LKS_VAULT_ERROR_NOT_FOUND:
    case LKS_VAULT_ERROR_DAMAGED:
    case LKS_VAULT_ERROR_DUPLICATE:
      break;
    }
  return -1;
}

static void
remove_item (LksVault *self, const char *fingerprint)
{
  LksVaultItem *item = g_hash_table_lookup (self->by_fingerprint, fingerprint);
  guint position = 0;

  if (item == NULL || !g_list_store_find (self->items, item, &position))
    return;
  g_hash_table_remove (self->by_fingerprint, fingerprint);
  g_list_store_remove (self->items, position);
}

/* Items that were known stay the same objects, so that a selection survives. */
static LksVaultItem *
ref_item_for (LksVault *self, const LksVaultFields *fields)
{
  LksVaultItem *item = g_hash_table_lookup (self->by_fingerprint, fields->fingerprint);

  if (item == NULL)
    return lks_vault_item_new (lks_vault_fields_copy (fields));
  lks_vault_item_set_fields (item, lks_vault_fields_copy (fields));
  return g_object_ref (item);
}

static void
set_items (LksVault *self, GPtrArray *items)
{
  g_hash_table_remove_all (self->by_fingerprint);
  for (guint i = 0; i < items->len; i++)
    {
      LksVaultItem *item = g_ptr_array_index (items, i);

      g_hash_table_replace (self->by_fingerprint, g_strdup (lks_vault_item_get_fingerprint (item)),
                            item);
    }
  g_list_store_splice (self->items, 0, g_list_model_get_n_items (G_LIST_MODEL (self->items)),
                       items->pdata, items->len);
}

/* (element-type LksVaultFields): all items of the keyring */
void
lks_vault_apply_found (LksVault *self, GPtrArray *found)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add (items, ref_item_for (self, g_ptr_array_index (found, i)));
  set_items (self, items);
}

/* Of one item that is new or was changed. (transfer none) */
LksVaultItem *
lks_vault_apply_fields (LksVault *self, const LksVaultFields *fields)
{
  gboolean is_known = g_hash_table_contains (self->by_fingerprint, fields->fingerprint);
  g_autoptr (LksVaultItem) item = ref_item_for (self, fields);

  if (!is_known)
    {
      g_list_store_append (self->items, item);
      g_hash_table_replace (self->by_fingerprint, g_strdup (lks_vault_item_get_fingerprint (item)),
                            item);
    }
  return item;
}

static void
apply_failure (LksVault *self, LksVaultJob *job, const GError *error)
{
  int state = get_state_for (error);
  g_autoptr (GPtrArray) nothing = NULL;

  if (job->fingerprint != NULL &&
      g_error_matches (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_NOT_FOUND))
    remove_item (self, job->fingerprint);
  if (state == LKS_VAULT_STATE_ABSENT)
    {
      nothing = g_ptr_array_new ();
      set_items (self, nothing);
    }
  if (state >= 0)
    set_state (self, (LksVaultState) state, error);
}

static void
apply_success (LksVault *self, LksVaultJob *job)
{
  if (job->found != NULL)
    lks_vault_apply_found (self, job->found);
  if (job->fields != NULL)
    lks_vault_apply_fields (self, job->fields);
  if (job->removed)
    remove_item (self, job->fingerprint);
  set_state (self, LKS_VAULT_STATE_OPEN, NULL);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LksVault *self = LKS_VAULT (source);
  g_autoptr (GTask) task = user_data;
  LksVaultJob *job = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    apply_success (self, job);
  else
    apply_failure (self, job, error);
  count_jobs (self, -1);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

typedef struct
{
  LksVaultIndex *index; /* (unowned) */
  LksVaultFunc func;
  LksVaultJob *job; /* (unowned) */
} Work;

static void
work_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Work *work = task_data;
  GError *error = NULL;

  if (work->func (work->index, work->job, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

LksVaultJob *
lks_vault_job_new (void)
{
  return g_new0 (LksVaultJob, 1);
}

static void
job_free (gpointer data)
{
  LksVaultJob *job = data;

  g_free (job->fingerprint);
  g_free (job->text);
  lks_secret_unref (job->bytes);
  lks_signers_unref (job->signers);
  g_clear_pointer (&job->files, g_ptr_array_unref);
  g_clear_pointer (&job->context, g_main_context_unref);
  g_clear_pointer (&job->found, g_ptr_array_unref);
  lks_vault_fields_free (job->fields);
  lks_capability_key_unref (job->key);
  g_clear_pointer (&job->imports, g_ptr_array_unref);
  g_free (job);
}

/* Runs @func on the worker after everything pushed before, applies what came of it on this
 * thread whether or not anybody listens, then calls @callback. Takes @job. What was done is never
 * turned into a cancellation afterwards. */
void
lks_vault_run (LksVault *self,
               gpointer source_tag,
               LksVaultFunc func,
               LksVaultJob *job,
               GCancellable *cancellable,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GTask) inner = g_task_new (self, cancellable, done_cb, task);
  Work *work = g_new (Work, 1);

  *work = (Work){ .index = self->index, .func = func, .job = job };
  job->vault = self;
  job->context = g_main_context_ref (g_task_get_context (task));
  g_task_set_source_tag (task, source_tag);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, job, job_free);
  g_task_set_source_tag (inner, source_tag);
  g_task_set_check_cancellable (inner, FALSE);
  g_task_set_task_data (inner, work, g_free);
  count_jobs (self, 1);
  lks_worker_push (self->worker, inner, work_in_thread);
}

/* (transfer none) (nullable): what was done, until @result goes away */
LksVaultJob *
lks_vault_finish (LksVault *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  return g_task_get_task_data (G_TASK (result));
}

static void
lks_vault_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksVault *self = LKS_VAULT (object);

  switch ((LksVaultProperty) prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_IS_BUSY:
      g_value_set_boolean (value, self->n_jobs > 0);
      break;
    }
}

static void
lks_vault_dispose (GObject *object)
{
  LksVault *self = LKS_VAULT (object);

  g_clear_object (&self->worker); /* no job is left: each of them keeps the vault */
  g_clear_pointer (&self->index, lks_vault_index_free);
  g_clear_pointer (&self->by_fingerprint, g_hash_table_unref);
  g_clear_object (&self->items);
  G_OBJECT_CLASS (lks_vault_parent_class)->dispose (object);
}

static void
lks_vault_finalize (GObject *object)
{
  g_clear_error (&LKS_VAULT (object)->error);
  G_OBJECT_CLASS (lks_vault_parent_class)->finalize (object);
}

static void
lks_vault_class_init (LksVaultClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lks_vault_get_property;
  object_class->dispose = lks_vault_dispose;
  object_class->finalize = lks_vault_finalize;

  properties[PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, LKS_TYPE_VAULT_STATE, LKS_VAULT_STATE_UNKNOWN, flags);
  properties[PROP_IS_BUSY] = g_param_spec_boolean ("is-busy", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
lks_vault_init (LksVault *self)
{
  self->worker = lks_worker_new ("vault");
  self->index = lks_vault_index_new ();
  self->items = g_list_store_new (LKS_TYPE_VAULT_ITEM);
  self->by_fingerprint = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * lks_vault_new:
 *
 * Makes the vault of this user without looking into it yet; that is lks_vault_open_async().
 *
 * Returns: (transfer full): a vault
 */
LksVault *
lks_vault_new (void)
{
  return g_object_new (LKS_TYPE_VAULT, NULL);
}

/**
 * lks_vault_get_state:
 * @self: a vault
 *
 * Returns: what can be said of the vault now
 */
LksVaultState
lks_vault_get_state (LksVault *self)
{
  g_return_val_if_fail (LKS_IS_VAULT (self), LKS_VAULT_STATE_UNKNOWN);

  return self->state;
}

/**
 * lks_vault_get_error:
 * @self: a vault
 *
 * Returns: (transfer none) (nullable): why it is not open, a [error@Lks.VaultError]
 */
const GError *
lks_vault_get_error (LksVault *self)
{
  g_return_val_if_fail (LKS_IS_VAULT (self), NULL);

  return self->error;
}

/**
 * lks_vault_is_busy:
 * @self: a vault
 *
 * Returns: whether something is going on, such as waiting for the keyring or for a password
 */
gboolean
lks_vault_is_busy (LksVault *self)
{
  g_return_val_if_fail (LKS_IS_VAULT (self), FALSE);

  return self->n_jobs > 0;
}

/**
 * lks_vault_get_items:
 * @self: a vault
 *
 * Returns: (transfer none): a list model of [class@Lks.VaultItem], in the order in which they
 *   were added; empty until the vault was opened
 */
GListModel *
lks_vault_get_items (LksVault *self)
{
  g_return_val_if_fail (LKS_IS_VAULT (self), NULL);

  return G_LIST_MODEL (self->items);
}

/**
 * lks_vault_find:
 * @self: a vault that was opened
 * @device_id: (nullable): a device ID, 128 digits in either case
 *
 * Returns: (transfer container) (element-type LksVaultItem): the capabilities for that very board,
 *   oldest first; empty when there are none
 */
GPtrArray *
lks_vault_find (LksVault *self, const char *device_id)
{
  GPtrArray *matches = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_val_if_fail (LKS_IS_VAULT (self), matches);

  for (guint i = 0; device_id != NULL && i < g_list_model_get_n_items (G_LIST_MODEL (self->items));
       i++)
    {
      g_autoptr (LksVaultItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      if (g_ascii_strcasecmp (lks_vault_item_get_device_id (item), device_id) == 0)
        g_ptr_array_add (matches, g_steal_pointer (&item));
    }
  return matches;
}

/**
 * lks_vault_find_for:
 * @self: a vault that was opened
 * @device_id: (nullable): a device ID, 128 digits in either case
 * @capability: a capability number
 *
 * Returns: (transfer none) (nullable): an item for that very board which grants @capability; one
 *   that grants nothing else before others. The vault keeps it alive
 */
LksVaultItem *
lks_vault_find_for (LksVault *self, const char *device_id, guint capability)
{
  g_autoptr (GPtrArray) items = lks_vault_find (self, device_id);
  LksVaultItem *found = NULL;

  for (guint i = 0; i < items->len; i++)
    {
      LksVaultItem *item = g_ptr_array_index (items, i);

      if (lks_vault_item_has (item, capability) &&
          (found == NULL || lks_vault_item_get_capabilities (item)->len == 1))
        found = item;
    }

  return found;
}

/**
 * lks_vault_get_item:
 * @self: a vault that was opened
 * @fingerprint: SHA-256 of a capability file, 64 digits, lower case
 *
 * Returns: (transfer none) (nullable): the item
 */
LksVaultItem *
lks_vault_get_item (LksVault *self, const char *fingerprint)
{
  g_return_val_if_fail (LKS_IS_VAULT (self), NULL);

  return g_hash_table_lookup (self->by_fingerprint, fingerprint);
}
