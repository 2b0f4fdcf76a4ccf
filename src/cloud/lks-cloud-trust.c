/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-trust.h"

#include "lks-cloud-error.h"
#include "lks-cloud-trust-private.h"
#include "lks-config-files.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#define FILE_MAX_BYTES (1024 * 1024)

struct _LksCloudTrust
{
  gatomicrefcount refs;
  GPtrArray *anchors; /* (owned) (element-type X509) */
};

G_DEFINE_BOXED_TYPE (LksCloudTrust, lks_cloud_trust, lks_cloud_trust_ref, lks_cloud_trust_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free)

static void
free_anchor (gpointer data)
{
  X509_free (data);
}

/**
 * lks_cloud_trust_new:
 *
 * Trusts whom the system trusts.
 *
 * Returns: (transfer full): a trust
 */
LksCloudTrust *
lks_cloud_trust_new (void)
{
  LksCloudTrust *self = g_new0 (LksCloudTrust, 1);

  g_atomic_ref_count_init (&self->refs);
  self->anchors = g_ptr_array_new_with_free_func (free_anchor);
  return self;
}

/**
 * lks_cloud_trust_ref:
 * @self: a trust
 *
 * Returns: (transfer full): @self
 */
LksCloudTrust *
lks_cloud_trust_ref (LksCloudTrust *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * lks_cloud_trust_unref:
 * @self: (transfer full): a trust
 */
void
lks_cloud_trust_unref (LksCloudTrust *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_ptr_array_unref (self->anchors);
  g_free (self);
}

/* Adds every certificate of the PEM text; returns how many, 0 also when one is unreadable. */
static guint
add_pem (LksCloudTrust *self, const char *pem, gsize size_bytes)
{
  g_autoptr (BIO) bio = BIO_new_mem_buf (pem, (int) size_bytes);
  guint added = 0;
  gulong reason;
  X509 *anchor;

  while ((anchor = PEM_read_bio_X509 (bio, NULL, NULL, NULL)) != NULL)
    {
      g_ptr_array_add (self->anchors, anchor);
      added++;
    }

  reason = ERR_peek_last_error ();
  ERR_clear_error ();
  return ERR_GET_REASON (reason) == PEM_R_NO_START_LINE ? added : 0;
}

/**
 * lks_cloud_trust_add_file:
 * @self: a trust that no client uses yet
 * @path: a file with one or more certificates in PEM form
 * @error: return location for a [error@Lks.CloudError] (UNTRUSTED) or a `G_FILE_ERROR`
 *
 * Also trusts services whose certificate was signed by one of this file. Names and dates are
 * checked as always.
 *
 * Returns: whether the file was read
 */
gboolean
lks_cloud_trust_add_file (LksCloudTrust *self, const char *path, GError **error)
{
  g_autofree char *pem = NULL;
  gsize size_bytes;

  if (!g_file_get_contents (path, &pem, &size_bytes, error))
    return FALSE;
  if (size_bytes <= FILE_MAX_BYTES && add_pem (self, pem, size_bytes) > 0)
    return TRUE;

  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNTRUSTED,
               "%s: holds no readable certificate in PEM form; remove the file or replace it",
               path);
  return FALSE;
}

/**
 * lks_cloud_trust_load_default:
 * @error: return location for an error of lks_cloud_trust_add_file(), or a #GFileError
 *
 * The system's store and every `*.pem` in `locksmith/cloud-trust.d` of the user's configuration
 * directory and the system's. Not the boards' folder: who may sign for a board must not be able
 * to receive a sign-in.
 *
 * Returns: (transfer full): a trust, or NULL with @error set
 */
LksCloudTrust *
lks_cloud_trust_load_default (GError **error)
{
  g_autoptr (LksCloudTrust) self = lks_cloud_trust_new ();
  g_autoptr (GPtrArray) paths = lks_config_files_list ("cloud-trust.d", ".pem", error);

  if (paths == NULL)
    return NULL;
  for (guint i = 0; i < paths->len; i++)
    if (!lks_cloud_trust_add_file (self, g_ptr_array_index (paths, i), error))
      return NULL;

  return g_steal_pointer (&self);
}

/**
 * lks_cloud_trust_get_anchors:
 * @self: a trust
 *
 * Returns: how many certificates from files are trusted beside the system's store
 */
guint
lks_cloud_trust_get_anchors (LksCloudTrust *self)
{
  return self->anchors->len;
}

/* Adds the files' certificates to a store that holds the system's. */
gboolean
lks_cloud_trust_apply (LksCloudTrust *self, X509_STORE *store)
{
  for (guint i = 0; i < self->anchors->len; i++)
    if (X509_STORE_add_cert (store, g_ptr_array_index (self->anchors, i)) != 1)
      return FALSE;
  return TRUE;
}
