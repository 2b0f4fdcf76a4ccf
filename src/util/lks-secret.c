/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-secret.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>
#include <unistd.h>

/* Enough for some dozen boards, each with libcurl's buffers for one exchange. Memory beyond it
 * is ordinary memory, still wiped. Both are powers of two, as OpenSSL demands. */
#define HEAP_BYTES (4 * 1024 * 1024)
#define HEAP_BLOCK_BYTES 32

struct _LksSecret
{
  gatomicrefcount refs;
  gsize size;
  char *data; /* (owned) on the secret heap; a NUL follows that does not count */
};

G_DEFINE_BOXED_TYPE (LksSecret, lks_secret, lks_secret_ref, lks_secret_unref)

/* OpenSSL's secure heap: locked as far as the system permits, left out of core dumps, with guard
 * pages around it, wiped when given back. It needs one call before its first use. AddressSanitizer
 * cannot look into it; under it everything is ordinary memory. */
static void
ensure_heap (void)
{
#ifndef __SANITIZE_ADDRESS__
  static gsize is_ready = 0;

  if (g_once_init_enter (&is_ready))
    {
      CRYPTO_secure_malloc_init (HEAP_BYTES, HEAP_BLOCK_BYTES);
      g_once_init_leave (&is_ready, 1);
    }
#endif
}

/**
 * lks_secret_heap_alloc:
 * @size_bytes: how much
 *
 * Allocates memory for secrets, or for a library that handles them. Any thread.
 *
 * Returns: (transfer full) (nullable): memory for lks_secret_heap_free(), NULL when there is none
 */
gpointer
lks_secret_heap_alloc (gsize size_bytes)
{
  gpointer memory;

  ensure_heap ();
  size_bytes = MAX (size_bytes, 1);
  memory = CRYPTO_secure_malloc_initialized ()
               ? CRYPTO_secure_malloc (size_bytes, G_STRFUNC, __LINE__)
               : NULL;
  return memory != NULL ? memory : malloc (size_bytes);
}

/**
 * lks_secret_heap_alloc_zero:
 * @n: how many
 * @size_bytes: of how much each
 *
 * As calloc().
 *
 * Returns: (transfer full) (nullable): zeroed memory for lks_secret_heap_free()
 */
gpointer
lks_secret_heap_alloc_zero (gsize n, gsize size_bytes)
{
  gsize total;
  gpointer memory;

  if (!g_size_checked_mul (&total, n, size_bytes))
    return NULL;

  memory = lks_secret_heap_alloc (total);
  if (memory != NULL)
    memset (memory, 0, total);
  return memory;
}

static gsize
get_usable_bytes (gpointer memory)
{
  return CRYPTO_secure_allocated (memory) ? CRYPTO_secure_actual_size (memory)
                                          : malloc_usable_size (memory);
}

/**
 * lks_secret_heap_realloc:
 * @memory: (transfer full) (nullable): memory of this heap
 * @size_bytes: how much is wanted
 *
 * As realloc(); what was given up is wiped.
 *
 * Returns: (transfer full) (nullable): memory for lks_secret_heap_free(); NULL leaves @memory alone
 */
gpointer
lks_secret_heap_realloc (gpointer memory, gsize size_bytes)
{
  gpointer larger;
  gsize usable;

  if (memory == NULL)
    return lks_secret_heap_alloc (size_bytes);

  usable = get_usable_bytes (memory);
  if (CRYPTO_secure_allocated (memory) && size_bytes <= usable && size_bytes > 0)
    return memory;
  larger = lks_secret_heap_alloc (size_bytes);
  if (larger == NULL)
    return NULL;

  memcpy (larger, memory, MIN (usable, size_bytes));
  lks_secret_heap_free (memory);
  return larger;
}

/**
 * lks_secret_heap_dup_text:
 * @text: a text
 *
 * As strdup().
 *
 * Returns: (transfer full) (nullable): a copy for lks_secret_heap_free()
 */
char *
lks_secret_heap_dup_text (const char *text)
{
  gsize size = strlen (text) + 1;
  char *copy = lks_secret_heap_alloc (size);

  if (copy != NULL)
    memcpy (copy, text, size);
  return copy;
}

/**
 * lks_secret_heap_free:
 * @memory: (transfer full) (nullable): memory of this heap
 *
 * Wipes and frees it. Any thread.
 */
void
lks_secret_heap_free (gpointer memory)
{
  if (memory == NULL)
    return;

  if (CRYPTO_secure_allocated (memory))
    {
      CRYPTO_secure_free (memory, G_STRFUNC, __LINE__); /* wipes */
      return;
    }
  OPENSSL_cleanse (memory, malloc_usable_size (memory));
  free (memory);
}

static LksSecret *
new_empty (gsize size_bytes)
{
  LksSecret *self = g_new0 (LksSecret, 1);

  g_atomic_ref_count_init (&self->refs);
  self->size = size_bytes;
  self->data = lks_secret_heap_alloc_zero (1, size_bytes + 1);
  if (self->data == NULL)
    g_error ("no memory for a secret of %" G_GSIZE_FORMAT " bytes", size_bytes);
  return self;
}

/**
 * lks_secret_new:
 * @data: (array length=size_bytes): the bytes; they are copied, wiping them is the caller's duty
 * @size_bytes: how many
 *
 * Returns: (transfer full): a secret
 */
LksSecret *
lks_secret_new (gconstpointer data, gsize size_bytes)
{
  LksSecret *self = new_empty (size_bytes);

  if (size_bytes > 0)
    memcpy (self->data, data, size_bytes);
  return self;
}

/**
 * lks_secret_new_base64:
 * @prefix: what stands before it, such as the name of a header
 * @secret: a secret
 *
 * Returns: (transfer full): @prefix and @secret in base64, on one line
 */
LksSecret *
lks_secret_new_base64 (const char *prefix, const LksSecret *secret)
{
  gsize prefix_bytes = strlen (prefix);
  LksSecret *self = new_empty (prefix_bytes + 4 * ((secret->size + 2) / 3));

  memcpy (self->data, prefix, prefix_bytes);
  EVP_EncodeBlock ((unsigned char *) self->data + prefix_bytes,
                   (const unsigned char *) secret->data, (int) secret->size);
  return self;
}

/**
 * lks_secret_new_decoded:
 * @text: a secret in base64, without line breaks
 *
 * Returns: (transfer full) (nullable): what it stands for, or NULL when it is no base64
 */
LksSecret *
lks_secret_new_decoded (const LksSecret *text)
{
  g_autoptr (LksSecret) whole = NULL;
  gsize size = text->size / 4 * 3;
  gsize n_padding = 0;

  if (text->size % 4 != 0 || text->size > G_MAXINT)
    return NULL;
  if (text->size == 0)
    return lks_secret_new (NULL, 0);

  whole = new_empty (size);
  if (EVP_DecodeBlock ((unsigned char *) whole->data, (const unsigned char *) text->data,
                       (int) text->size) != (int) size)
    return NULL;
  while (n_padding < 2 && text->data[text->size - 1 - n_padding] == '=')
    n_padding++;
  return lks_secret_new (whole->data, size - n_padding);
}

static LksSecret *
fail_to_load (const char *path, int code, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (code), "%s: %s", shown,
               g_strerror (code));
  return NULL;
}

/* Reads to the end, but never more than there is room for. */
static gssize
read_all (int fd, char *data, gsize room)
{
  gsize size = 0;

  while (size < room)
    {
      gssize got = read (fd, data + size, room - size);

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return -1;
      if (got == 0)
        break;
      size += (gsize) got;
    }
  return (gssize) size;
}

/**
 * lks_secret_load:
 * @path: a file
 * @size_max_bytes: the most that it may hold
 * @error: return location for a `G_IO_ERROR`; %G_IO_ERROR_MESSAGE_TOO_LARGE for a larger file
 *
 * Reads a file without leaving its bytes anywhere else in this process. Blocks.
 *
 * Returns: (transfer full): the whole file, or NULL with @error set
 */
LksSecret *
lks_secret_load (const char *path, gsize size_max_bytes, GError **error)
{
  g_autoptr (LksSecret) self = new_empty (size_max_bytes + 1);
  g_autoptr (LksSecret) exact = NULL;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  gssize size;
  int problem;

  if (fd < 0)
    return fail_to_load (path, errno, error);
  size = read_all (fd, self->data, self->size);
  problem = errno;
  close (fd);
  if (size < 0)
    return fail_to_load (path, problem, error);
  if ((gsize) size > size_max_bytes)
    {
      g_autofree char *shown = g_filename_display_name (path);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                   "%s: larger than the %" G_GSIZE_FORMAT " bytes that such a file may have", shown,
                   size_max_bytes);
      return NULL;
    }

  exact = lks_secret_new (self->data, (gsize) size);
  return g_steal_pointer (&exact);
}

/**
 * lks_secret_ref:
 * @self: a secret
 *
 * Returns: (transfer full): @self
 */
LksSecret *
lks_secret_ref (LksSecret *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * lks_secret_unref:
 * @self: (transfer full) (nullable): a secret
 *
 * The last one wipes it.
 */
void
lks_secret_unref (LksSecret *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;

  lks_secret_heap_free (self->data);
  g_free (self);
}

/**
 * lks_secret_share_bytes:
 * @self: a secret
 *
 * For functions that read bytes. They stay where they are: nothing is copied, and the last
 * reference of either wipes them.
 *
 * Returns: (transfer full): the bytes of @self
 */
GBytes *
lks_secret_share_bytes (LksSecret *self)
{
  return g_bytes_new_with_free_func (self->data, self->size, (GDestroyNotify) lks_secret_unref,
                                     lks_secret_ref (self));
}

/**
 * lks_secret_get_data:
 * @self: a secret
 * @out_size_bytes: (out) (optional): how many bytes
 *
 * Returns: (transfer none) (array length=out_size_bytes): the bytes, never NULL
 */
gconstpointer
lks_secret_get_data (const LksSecret *self, gsize *out_size_bytes)
{
  if (out_size_bytes != NULL)
    *out_size_bytes = self->size;
  return self->data;
}

/**
 * lks_secret_get_text:
 * @self: a secret that is text
 *
 * Returns: (transfer none): the bytes with a NUL behind them
 */
const char *
lks_secret_get_text (const LksSecret *self)
{
  return self->data;
}

/**
 * lks_secret_equal:
 * @self: a secret
 * @other: another one
 *
 * Compares in a time that does not tell where they differ.
 *
 * Returns: whether they are the same bytes
 */
gboolean
lks_secret_equal (const LksSecret *self, const LksSecret *other)
{
  return self->size == other->size && CRYPTO_memcmp (self->data, other->data, self->size) == 0;
}

/**
 * lks_secret_dup_fingerprint:
 * @self: a secret with enough randomness in it, such as a signature
 *
 * A name by which to know the secret again, that does not tell it.
 *
 * Returns: (transfer full): its SHA-256, 64 digits, lower case
 */
char *
lks_secret_dup_fingerprint (const LksSecret *self)
{
  guint8 digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  GString *text = g_string_new (NULL);

  if (EVP_Digest (self->data, self->size, digest, &size, EVP_sha256 (), NULL) != 1)
    g_error ("SHA-256 is not available");
  for (unsigned int i = 0; i < size; i++)
    g_string_append_printf (text, "%02x", digest[i]);
  return g_string_free (text, FALSE);
}
