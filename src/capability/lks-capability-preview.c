/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-capability-preview.h"

#include "lks-signer-files.h"
#include "lks-vault-file-private.h"
#include "lks-worker.h"

struct _LksCapabilityPreview
{
  GObject parent_instance;

  GFile *file;             /* (owned) */
  LksCapabilityInfo *info; /* (owned) (nullable): when it could be read */
  GError *error;           /* (owned) (nullable): why it cannot be imported */
};

G_DEFINE_FINAL_TYPE (LksCapabilityPreview, lks_capability_preview, G_TYPE_OBJECT)

static void
lks_capability_preview_finalize (GObject *object)
{
  LksCapabilityPreview *self = LKS_CAPABILITY_PREVIEW (object);

  g_clear_object (&self->file);
  lks_capability_info_free (self->info);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (lks_capability_preview_parent_class)->finalize (object);
}

static void
lks_capability_preview_class_init (LksCapabilityPreviewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lks_capability_preview_finalize;
}

static void
lks_capability_preview_init (LksCapabilityPreview *self)
{
}

/**
 * lks_capability_preview_get_file:
 * @self: a preview
 *
 * Returns: (transfer none): the file
 */
GFile *
lks_capability_preview_get_file (LksCapabilityPreview *self)
{
  g_return_val_if_fail (LKS_IS_CAPABILITY_PREVIEW (self), NULL);

  return self->file;
}

/**
 * lks_capability_preview_get_info:
 * @self: a preview
 *
 * Returns: (transfer none) (nullable): what the file says; NULL when it is no capability file
 */
const LksCapabilityInfo *
lks_capability_preview_get_info (LksCapabilityPreview *self)
{
  g_return_val_if_fail (LKS_IS_CAPABILITY_PREVIEW (self), NULL);

  return self->info;
}

/**
 * lks_capability_preview_get_error:
 * @self: a preview
 *
 * Returns: (transfer none) (nullable): why it cannot be imported
 */
const GError *
lks_capability_preview_get_error (LksCapabilityPreview *self)
{
  g_return_val_if_fail (LKS_IS_CAPABILITY_PREVIEW (self), NULL);

  return self->error;
}

static LksCapabilityPreview *
load_one (GFile *file, LksSigners *signers)
{
  LksCapabilityPreview *self = g_object_new (LKS_TYPE_CAPABILITY_PREVIEW, NULL);
  g_autoptr (LksSecret) bytes = NULL;

  self->file = g_object_ref (file);
  bytes = lks_vault_file_load (file, &self->error);
  if (bytes != NULL)
    self->info = lks_capability_info_new (bytes, signers, &self->error);
  if (self->info != NULL)
    lks_capability_info_check (self->info, &self->error);
  return self;
}

static void
load_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GPtrArray *files = task_data;
  GError *error = NULL;
  g_autoptr (LksSigners) signers = lks_signers_load_default (&error);
  g_autoptr (GPtrArray) previews = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; signers != NULL && error == NULL && i < files->len; i++)
    if (!g_cancellable_set_error_if_cancelled (cancellable, &error))
      g_ptr_array_add (previews, load_one (g_ptr_array_index (files, i), signers));

  if (error == NULL)
    g_task_return_pointer (task, g_steal_pointer (&previews), (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * lks_capability_preview_load_async:
 * @files: (element-type GFile): what somebody wants to import
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * Reads files in order to show what they are. Needs no vault.
 */
void
lks_capability_preview_load_async (GPtrArray *files,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_extend (copy, files, (GCopyFunc) (GCallback) g_object_ref, NULL);
  g_task_set_source_tag (task, lks_capability_preview_load_async);
  g_task_set_task_data (task, copy, (GDestroyNotify) g_ptr_array_unref);
  lks_worker_run_alone (task, load_in_thread);
}

/**
 * lks_capability_preview_load_finish:
 * @result: the result
 * @error: return location for `G_IO_ERROR_CANCELLED` or an error of lks_signers_load_default()
 *
 * Returns: (transfer full) (element-type LksCapabilityPreview): one for each file, in their order
 */
GPtrArray *
lks_capability_preview_load_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
