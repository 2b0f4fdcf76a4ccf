/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-vault-import.h"

#include "lks-send.h"
#include "lks-signer-files.h"
#include "lks-vault-file-private.h"
#include "lks-vault-private.h"

struct _LksVaultImport
{
  GObject parent_instance;

  char *path;         /* (owned) */
  LksVaultItem *item; /* (owned) (nullable) */
  GError *error;      /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (LksVaultImport, lks_vault_import, G_TYPE_OBJECT)

static void
lks_vault_import_finalize (GObject *object)
{
  LksVaultImport *self = LKS_VAULT_IMPORT (object);

  g_free (self->path);
  g_clear_object (&self->item);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (lks_vault_import_parent_class)->finalize (object);
}

static void
lks_vault_import_class_init (LksVaultImportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lks_vault_import_finalize;
}

static void
lks_vault_import_init (LksVaultImport *self)
{
}

/* Takes @error. */
LksVaultImport *
lks_vault_import_new (const char *path, GError *error)
{
  LksVaultImport *self = g_object_new (LKS_TYPE_VAULT_IMPORT, NULL);

  self->path = g_strdup (path);
  self->error = error;
  return self;
}

void
lks_vault_import_set_item (LksVaultImport *self, LksVaultItem *item)
{
  g_set_object (&self->item, item);
}

/**
 * lks_vault_import_get_path:
 * @self: what became of a file
 *
 * Returns: (transfer none) (type filename): the file
 */
const char *
lks_vault_import_get_path (LksVaultImport *self)
{
  g_return_val_if_fail (LKS_IS_VAULT_IMPORT (self), NULL);

  return self->path;
}

/**
 * lks_vault_import_get_item:
 * @self: what became of a file
 *
 * Returns: (transfer none) (nullable): the item that holds the file now, also when it did before
 *   (LKS_VAULT_ERROR_DUPLICATE); then the file itself is not needed any more
 */
LksVaultItem *
lks_vault_import_get_item (LksVaultImport *self)
{
  g_return_val_if_fail (LKS_IS_VAULT_IMPORT (self), NULL);

  return self->item;
}

/**
 * lks_vault_import_get_error:
 * @self: what became of a file
 *
 * Returns: (transfer none) (nullable): why it was not imported
 */
const GError *
lks_vault_import_get_error (LksVaultImport *self)
{
  g_return_val_if_fail (LKS_IS_VAULT_IMPORT (self), NULL);

  return self->error;
}

/* What the vault's thread is told after each file, so that the list grows while it goes on. */
typedef struct
{
  LksVault *vault;        /* (owned) */
  LksVaultImport *import; /* (owned) (nullable): the first step has none */
  LksVaultFields *fields; /* (owned) (nullable): the item of @import */
  GPtrArray *found;       /* (owned) (nullable): all items, when they had to be read first */
  LksVaultProgressFunc progress;
  gpointer progress_data;
  guint done;
  guint total;
} Step;

static void
step_free (gpointer data)
{
  Step *step = data;

  g_clear_object (&step->vault);
  g_clear_object (&step->import);
  lks_vault_fields_free (step->fields);
  g_clear_pointer (&step->found, g_ptr_array_unref);
  g_free (step);
}

static gboolean
step_cb (gpointer user_data)
{
  Step *step = user_data;

  if (step->found != NULL)
    lks_vault_apply_found (step->vault, step->found);
  if (step->fields != NULL)
    lks_vault_import_set_item (step->import, lks_vault_apply_fields (step->vault, step->fields));
  if (step->progress != NULL)
    step->progress (step->done, step->total, step->progress_data);
  return G_SOURCE_REMOVE;
}

/* The same priority as a task's answer: steps come in order, and before the end. */
static void
tell (LksVaultJob *job, LksVaultImport *import, LksVaultFields *fields)
{
  Step *step = g_new0 (Step, 1);

  step->vault = g_object_ref (job->vault);
  step->import = import != NULL ? g_object_ref (import) : NULL;
  step->fields = fields;
  step->found = g_steal_pointer (&job->found);
  step->progress = job->progress;
  step->progress_data = job->progress_data;
  step->done = job->imports->len;
  step->total = job->files->len;
  lks_send (job->context, step_cb, step, step_free);
}

/* The item of a file that the vault had already belongs to the result, too. */
static LksVaultFields *
find_duplicate (LksVaultIndex *index, LksSecret *bytes, const GError *error)
{
  g_autofree char *fingerprint = NULL;

  if (!g_error_matches (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_DUPLICATE))
    return NULL;
  fingerprint = lks_secret_dup_fingerprint (bytes);
  return lks_vault_index_find (index, fingerprint);
}

/* Whether the next file makes sense after this error. */
static gboolean
may_go_on (const GError *error)
{
  return error == NULL || error->domain != LKS_VAULT_ERROR ||
         error->code == LKS_VAULT_ERROR_DUPLICATE || error->code == LKS_VAULT_ERROR_DAMAGED;
}

/* Returns the error that ends the whole import, for the rest of the files. */
static GError *
import_file (LksVaultIndex *index, LksVaultJob *job, GFile *file, GCancellable *cancellable)
{
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *uri = g_file_get_uri (file);
  g_autoptr (LksVaultImport) import = NULL;
  g_autoptr (LksSecret) bytes = NULL;
  LksVaultFields *fields = NULL;
  GError *error = NULL;
  GError *end = NULL;

  bytes = lks_vault_file_load (file, &error);
  if (bytes != NULL)
    fields = lks_vault_index_add (index, bytes, LKS_VAULT_SOURCE_FILE, job->signers, cancellable,
                                  &error);
  if (error != NULL && fields == NULL && bytes != NULL)
    fields = find_duplicate (index, bytes, error);
  if (!may_go_on (error))
    end = g_error_copy (error);

  import = lks_vault_import_new (path != NULL ? path : uri, error);
  g_ptr_array_add (job->imports, g_object_ref (import));
  tell (job, import, fields);
  return end;
}

static void
skip_file (LksVaultJob *job, GFile *file, const GError *error)
{
  g_autofree char *path = g_file_get_path (file);
  g_autoptr (LksVaultImport) import = lks_vault_import_new (path, g_error_copy (error));

  g_ptr_array_add (job->imports, g_object_ref (import));
  tell (job, import, NULL);
}

/* What every import needs: who may sign, an open keyring, and what is in it already. */
static gboolean
prepare (LksVaultIndex *index, LksVaultJob *job, GCancellable *cancellable, GError **error)
{
  job->signers = lks_signers_load_default (error);
  return job->signers != NULL && lks_vault_index_unlock (index, cancellable, error) &&
         lks_vault_index_list (index, FALSE, &job->found, cancellable, error);
}

static gboolean
import_files (LksVaultIndex *index, LksVaultJob *job, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) end = NULL;

  if (!prepare (index, job, cancellable, error))
    return FALSE;

  tell (job, NULL, NULL);
  for (guint i = 0; i < job->files->len; i++)
    {
      GFile *file = g_ptr_array_index (job->files, i);

      if (end == NULL)
        g_cancellable_set_error_if_cancelled (cancellable, &end);
      if (end == NULL)
        end = import_file (index, job, file, cancellable);
      else
        skip_file (job, file, end);
    }
  return TRUE;
}

/**
 * lks_vault_import_async:
 * @self: a vault
 * @files: (element-type GFile): capability files
 * @progress: (nullable): called on this thread at the beginning and after each file
 * @progress_data: for @progress
 * @cancellable: (nullable): a cancellable; files that are in the vault by then stay there
 * @callback: called when done
 * @user_data: for @callback
 *
 * Puts capability files into the vault. Each of them is checked, stored, and read back. May ask
 * for the keyring's password. The items appear in the list one after the other.
 */
void
lks_vault_import_async (LksVault *self,
                        GPtrArray *files,
                        LksVaultProgressFunc progress,
                        gpointer progress_data,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  LksVaultJob *job = lks_vault_job_new ();

  job->files = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_extend (job->files, files, (GCopyFunc) (GCallback) g_object_ref, NULL);
  job->imports = g_ptr_array_new_with_free_func (g_object_unref);
  job->progress = progress;
  job->progress_data = progress_data;
  lks_vault_run (self, lks_vault_import_async, import_files, job, cancellable, callback, user_data);
}

/**
 * lks_vault_import_finish:
 * @self: a vault
 * @result: the result
 * @error: return location for a [error@Lks.VaultError], `G_IO_ERROR_CANCELLED` or an error of
 *   lks_signers_load_default(), when not even the first file could be tried
 *
 * Returns: (transfer full) (element-type LksVaultImport): what became of each file, in their
 *   order; those after a cancellation carry it as their error. NULL with @error set
 */
GPtrArray *
lks_vault_import_finish (LksVault *self, GAsyncResult *result, GError **error)
{
  LksVaultJob *job = lks_vault_finish (self, result, error);

  return job != NULL ? g_steal_pointer (&job->imports) : NULL;
}

static gboolean
add_bytes (LksVaultIndex *index, LksVaultJob *job, GCancellable *cancellable, GError **error)
{
  if (!prepare (index, job, cancellable, error))
    return FALSE;

  job->fields =
      lks_vault_index_add (index, job->bytes, job->source, job->signers, cancellable, error);
  return job->fields != NULL;
}

/**
 * lks_vault_add_async:
 * @self: a vault
 * @bytes: a capability file
 * @source: where it came from
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * Puts a capability that is no file of this computer into the vault. May ask for the keyring's
 * password.
 */
void
lks_vault_add_async (LksVault *self,
                     LksSecret *bytes,
                     LksVaultSource source,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  LksVaultJob *job = lks_vault_job_new ();

  job->bytes = lks_secret_ref (bytes);
  job->source = source;
  lks_vault_run (self, lks_vault_add_async, add_bytes, job, cancellable, callback, user_data);
}

/**
 * lks_vault_add_finish:
 * @self: a vault
 * @result: the result
 * @error: return location for a [error@Lks.ParseError], a [error@Lks.VaultError] or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Returns: (transfer none): the new item, or NULL with @error set
 */
LksVaultItem *
lks_vault_add_finish (LksVault *self, GAsyncResult *result, GError **error)
{
  LksVaultJob *job = lks_vault_finish (self, result, error);

  return job != NULL ? lks_vault_get_item (self, job->fields->fingerprint) : NULL;
}
