/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-import-file.h"

#include "lks-attached.h"
#include "lks-device-id.h"
#include "lks-error-text.h"
#include "lks-format.h"
#include "lks-vault-text.h"

#include <glib/gi18n-lib.h>

struct _LksImportFile
{
  GObject parent_instance;

  LksCapabilityPreview *preview; /* (owned) */
  LksImportState state;
  GError *error; /* (owned) (nullable): why it was not imported */
};

G_DEFINE_FINAL_TYPE (LksImportFile, lks_import_file, G_TYPE_OBJECT)

static guint changed_signal;

static void
lks_import_file_finalize (GObject *object)
{
  LksImportFile *self = LKS_IMPORT_FILE (object);

  g_clear_object (&self->preview);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (lks_import_file_parent_class)->finalize (object);
}

static void
lks_import_file_class_init (LksImportFileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lks_import_file_finalize;

  changed_signal = g_signal_new ("changed", LKS_TYPE_IMPORT_FILE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
lks_import_file_init (LksImportFile *self)
{
}

static LksImportState
judge (LksCapabilityPreview *preview, LksVault *vault)
{
  const LksCapabilityInfo *info = lks_capability_preview_get_info (preview);

  if (lks_capability_preview_get_error (preview) != NULL)
    return LKS_IMPORT_STATE_REFUSED;
  return lks_vault_get_item (vault, info->fingerprint) != NULL ? LKS_IMPORT_STATE_HELD
                                                               : LKS_IMPORT_STATE_READY;
}

/**
 * lks_import_file_new:
 * @preview: what the file is
 * @vault: where it is to go
 *
 * Returns: (transfer full): a file that was not imported yet
 */
LksImportFile *
lks_import_file_new (LksCapabilityPreview *preview, LksVault *vault)
{
  LksImportFile *self = g_object_new (LKS_TYPE_IMPORT_FILE, NULL);
  const GError *error = lks_capability_preview_get_error (preview);

  self->preview = g_object_ref (preview);
  self->state = judge (preview, vault);
  if (error != NULL)
    self->error = g_error_copy (error);
  return self;
}

/**
 * lks_import_file_get_state:
 * @self: a file
 *
 * Returns: what became of it
 */
LksImportState
lks_import_file_get_state (LksImportFile *self)
{
  g_return_val_if_fail (LKS_IS_IMPORT_FILE (self), LKS_IMPORT_STATE_REFUSED);

  return self->state;
}

/**
 * lks_import_file_get_file:
 * @self: a file
 *
 * Returns: (transfer none): where it is
 */
GFile *
lks_import_file_get_file (LksImportFile *self)
{
  g_return_val_if_fail (LKS_IS_IMPORT_FILE (self), NULL);

  return lks_capability_preview_get_file (self->preview);
}

/**
 * lks_import_file_set_result:
 * @self: a file
 * @result: what the vault did with it
 */
void
lks_import_file_set_result (LksImportFile *self, LksVaultImport *result)
{
  const GError *error = lks_vault_import_get_error (result);

  g_return_if_fail (LKS_IS_IMPORT_FILE (self));

  g_clear_error (&self->error);
  if (g_error_matches (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_DUPLICATE))
    self->state = LKS_IMPORT_STATE_HELD;
  else
    self->state = error == NULL ? LKS_IMPORT_STATE_DONE : LKS_IMPORT_STATE_FAILED;
  if (error != NULL)
    self->error = g_error_copy (error);
  g_signal_emit (self, changed_signal, 0);
}

/**
 * lks_import_file_to_title:
 * @self: a file
 *
 * Returns: (transfer full): which board it is for and what it opens, or its name
 */
char *
lks_import_file_to_title (LksImportFile *self)
{
  const LksCapabilityInfo *info = lks_capability_preview_get_info (self->preview);
  g_autofree char *names = NULL;

  if (info == NULL)
    return g_file_get_basename (lks_import_file_get_file (self));

  names = lks_key_names_to_text (info->file->capabilities);
  /* Translators: the last digits of a board's device ID, and the names of capabilities */
  return g_strdup_printf (_ ("Board %s · %s"), lks_device_id_get_short (info->file->device_id),
                          names);
}

static char *
explain_error (LksImportFile *self)
{
  g_autofree char *sentence = lks_error_to_sentence (self->error);
  g_autofree char *details = lks_format_sentence (self->error->message);

  /* Translators: what is wrong, and the English details */
  return g_strdup_printf (_ ("%s %s"), sentence, details);
}

/**
 * lks_import_file_to_explanation:
 * @self: a file
 *
 * Returns: (transfer full): who signed it and when, whether it fits an attached board, or why it
 *   is not imported
 */
char *
lks_import_file_to_explanation (LksImportFile *self)
{
  const LksCapabilityInfo *info = lks_capability_preview_get_info (self->preview);
  g_autofree char *name = g_file_get_basename (lks_import_file_get_file (self));
  g_autoptr (LksAttached) attached = lks_attached_ref_default ();

  if (self->error != NULL && self->state != LKS_IMPORT_STATE_HELD)
    return explain_error (self);
  return lks_capability_info_to_text (info, name,
                                      lks_attached_get_place (attached, info->file->device_id));
}

/**
 * lks_import_file_get_sign:
 * @self: a file
 *
 * Returns: what became of it, as a sign
 */
LksSign
lks_import_file_get_sign (LksImportFile *self)
{
  const LksCapabilityInfo *info = lks_capability_preview_get_info (self->preview);

  switch (self->state)
    {
    case LKS_IMPORT_STATE_READY:
      return lks_sign_for_key (info->file->capabilities);
    case LKS_IMPORT_STATE_HELD:
      return (LksSign){ "lks-skipped-symbolic", _ ("In the vault already"), "", LKS_TONE_PLAIN };
    case LKS_IMPORT_STATE_REFUSED:
      if (info != NULL && info->signature == LKS_SIGNATURE_WRONG)
        return lks_sign_for_signature (info->signature);
      if (self->error->domain == G_IO_ERROR || self->error->domain == G_FILE_ERROR)
        return (LksSign){ "lks-fail-symbolic", _ ("Not readable"), "", LKS_TONE_BAD };
      return (LksSign){ "lks-fail-symbolic", _ ("Not a key"), "", LKS_TONE_BAD };
    case LKS_IMPORT_STATE_DONE:
      return (LksSign){ "lks-pass-symbolic", _ ("Imported"), "", LKS_TONE_GOOD };
    case LKS_IMPORT_STATE_FAILED:
      break;
    }
  return (LksSign){ "lks-fail-symbolic", _ ("Not imported"), "", LKS_TONE_BAD };
}
