/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-capability-info.h"

#include "lks-cursor.h"

/**
 * lks_capability_info_new:
 * @bytes: a whole capability file
 * @signers: whose signature can be checked
 * @error: return location for a [error@Lks.ParseError]
 *
 * A signer who is not known is no error, and neither are a wrong signature and a file without
 * capabilities: they are said, and lks_capability_info_check() refuses them.
 *
 * Returns: (transfer full): what the file says, or NULL with @error set
 */
LksCapabilityInfo *
lks_capability_info_new (const LksSecret *bytes, LksSigners *signers, GError **error)
{
  gsize size;
  gconstpointer data = lks_secret_get_data (bytes, &size);
  g_autoptr (GBytes) view = g_bytes_new_static (data, size); /* no copy */
  g_autoptr (LksCapabilityFile) file = lks_capability_file_parse (view, error);
  const char *signer_name = NULL;
  LksCapabilityInfo *self;

  if (file == NULL)
    return NULL;

  self = g_new0 (LksCapabilityInfo, 1);
  self->signature = lks_signers_check (signers, view, file->metadata, &signer_name);
  self->signer_name = g_strdup (signer_name);
  self->fingerprint = lks_secret_dup_fingerprint (bytes);
  self->file = g_steal_pointer (&file);
  return self;
}

/**
 * lks_capability_info_free:
 * @self: (transfer full) (nullable): what a file says
 */
void
lks_capability_info_free (LksCapabilityInfo *self)
{
  if (self == NULL)
    return;

  lks_capability_file_free (self->file);
  g_free (self->fingerprint);
  g_free (self->signer_name);
  g_free (self);
}

/**
 * lks_capability_info_is_for:
 * @self: what a file says
 * @device_id: (nullable): a device ID, 128 digits in either case
 *
 * Returns: whether the file names that board
 */
gboolean
lks_capability_info_is_for (const LksCapabilityInfo *self, const char *device_id)
{
  return device_id != NULL && g_ascii_strcasecmp (self->file->device_id, device_id) == 0;
}

/**
 * lks_capability_info_check:
 * @self: what a file says
 * @error: return location for a [error@Lks.ParseError]
 *
 * Refuses the empty capability, which takes capabilities away, and a signature that is not that
 * of the signer whom the file names.
 *
 * Returns: whether the file can be a key to its board, as far as can be known without the board
 */
gboolean
lks_capability_info_check (const LksCapabilityInfo *self, GError **error)
{
  if (self->signature == LKS_SIGNATURE_WRONG)
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID,
                   "the signature is not that of “%s”, whom the file names as its signer: the file "
                   "is damaged or forged; download the capability again",
                   self->signer_name);
      return FALSE;
    }
  if (self->file->capabilities->len == 0)
    {
      g_set_error_literal (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_UNSUPPORTED,
                           "this is the empty capability, which takes capabilities away and opens "
                           "nothing; download it again and name the kind that is wanted");
      return FALSE;
    }
  return TRUE;
}

/**
 * lks_capability_info_is_key:
 * @self: what a file says
 *
 * Returns: whether lks_capability_info_check() has nothing against it
 */
gboolean
lks_capability_info_is_key (const LksCapabilityInfo *self)
{
  return lks_capability_info_check (self, NULL);
}
