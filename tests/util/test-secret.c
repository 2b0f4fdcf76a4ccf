/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-secret-trace.h"
#include "lks-secret.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <openssl/crypto.h>
#include <string.h>
#include <unistd.h>

/* Under AddressSanitizer the heap is ordinary memory. */
static gboolean
skip_without_heap (void)
{
#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("AddressSanitizer looks after this memory");
  return TRUE;
#else
  return FALSE;
#endif
}

/* Whether the kernel leaves the page of @address out of core dumps: "dd" among its VmFlags. */
static gboolean
is_left_out_of_dumps (gconstpointer address)
{
  g_autofree char *maps = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean is_here = FALSE;

  g_assert_true (g_file_get_contents ("/proc/self/smaps", &maps, NULL, NULL));
  lines = g_strsplit (maps, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      gsize begin, end;

      if (sscanf (lines[i], "%lx-%lx ", &begin, &end) == 2)
        is_here = begin <= (gsize) address && (gsize) address < end;
      else if (is_here && g_str_has_prefix (lines[i], "VmFlags:"))
        return strstr (lines[i], " dd") != NULL;
    }
  g_assert_not_reached ();
}

static void
test_memory (void)
{
  g_autoptr (LksSecret) secret = lks_secret_new ("open sesame", 11);
  g_autoptr (LksSecret) text = lks_secret_new_base64 ("Header: ", secret);
  g_autofree char *ordinary = g_strdup ("ordinary");
  g_autoptr (GBytes) shared = lks_secret_share_bytes (secret);
  gsize size = 0;

  g_assert_cmpmem (lks_secret_get_data (secret, &size), 11, "open sesame", 11);
  g_assert_cmpuint (size, ==, 11);
  g_assert_true (g_bytes_get_data (shared, &size) == lks_secret_get_data (secret, NULL));
  g_assert_cmpuint (size, ==, 11);
  g_assert_cmpstr (lks_secret_get_text (text), ==, "Header: b3BlbiBzZXNhbWU=");
  if (skip_without_heap ())
    return;
  g_assert_true (is_left_out_of_dumps (lks_secret_get_text (secret)));
  g_assert_true (is_left_out_of_dumps (lks_secret_get_text (text)));
  g_assert_false (is_left_out_of_dumps (ordinary));
}

static void
test_values (void)
{
  g_autoptr (LksSecret) secret = lks_secret_new ("a\0b", 3);
  g_autoptr (LksSecret) same = lks_secret_new ("a\0b", 3);
  g_autoptr (LksSecret) other = lks_secret_new ("a\0c", 3);
  g_autoptr (LksSecret) shorter = lks_secret_new ("a", 1);
  g_autoptr (LksSecret) empty = lks_secret_new (NULL, 0);
  g_autofree char *fingerprint = lks_secret_dup_fingerprint (shorter);

  g_assert_true (lks_secret_equal (secret, same));
  g_assert_false (lks_secret_equal (secret, other));
  g_assert_false (lks_secret_equal (secret, shorter));
  g_assert_cmpstr (lks_secret_get_text (empty), ==, "");
  /* Published test vector: SHA-256 of "a". */
  g_assert_cmpstr (fingerprint, ==,
                   "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
}

/* What a block held must not be found in the next one of its size. */
static void
test_wiping (void)
{
  char *block;
  char *again;

  if (skip_without_heap ())
    return;

  block = lks_secret_heap_alloc (64);
  g_assert_true (is_left_out_of_dumps (block));
  memset (block, 'x', 64);
  lks_secret_heap_free (block);
  again = lks_secret_heap_alloc (64);
  g_assert_true (again == block);
  for (gsize i = 0; i < 64; i++)
    g_assert_cmpint (again[i], !=, 'x');
  lks_secret_heap_free (again);
}

static void
test_heap (void)
{
  char *text = lks_secret_heap_dup_text ("0123456789");
  char *zeroed = lks_secret_heap_alloc_zero (3, 5);
  gpointer far_too_much;

  text = lks_secret_heap_realloc (text, 100000);
  g_assert_cmpstr (text, ==, "0123456789");
  text = lks_secret_heap_realloc (text, 11);
  g_assert_cmpstr (text, ==, "0123456789");
  lks_secret_heap_free (text);
  for (gsize i = 0; i < 15; i++)
    g_assert_cmpint (zeroed[i], ==, 0);
  lks_secret_heap_free (zeroed);
  lks_secret_heap_free (NULL);
  g_assert_null (lks_secret_heap_alloc_zero (G_MAXSIZE, 2));

  /* More than the heap has: ordinary memory takes over. */
  far_too_much = lks_secret_heap_alloc (16 * 1024 * 1024);
  g_assert_nonnull (far_too_much);
  far_too_much = lks_secret_heap_realloc (far_too_much, 17 * 1024 * 1024);
  lks_secret_heap_free (far_too_much);
}

static void
test_files (void)
{
  g_autofree char *directory = g_dir_make_tmp ("lks-secret-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "file", NULL);
  g_autoptr (LksSecret) whole = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (lks_secret_load (path, 8, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (lks_secret_load (directory, 8, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (path, "12345678", 8, NULL));
  whole = lks_secret_load (path, 8, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (lks_secret_get_text (whole), ==, "12345678");

  g_assert_null (lks_secret_load (path, 7, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_null (strstr (error->message, "1234567"));
  g_unlink (path);
  g_rmdir (directory);
}

static void
test_decoded (void)
{
  static const char *const wrong[] = { "A", "AAA", "AAAAA", "A*==", "AA AA" };

  for (gsize n_bytes = 0; n_bytes < 70; n_bytes++)
    {
      guint8 bytes[70];
      g_autoptr (LksSecret) secret = NULL;
      g_autoptr (LksSecret) text = NULL;
      g_autoptr (LksSecret) again = NULL;

      for (gsize i = 0; i < n_bytes; i++)
        bytes[i] = (guint8) (i * 37 + n_bytes);
      secret = lks_secret_new (bytes, n_bytes);
      text = lks_secret_new_base64 ("", secret);
      again = lks_secret_new_decoded (text);
      g_assert_nonnull (again);
      g_assert_true (lks_secret_equal (secret, again));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (LksSecret) text = lks_secret_new (wrong[i], strlen (wrong[i]));

      g_assert_null (lks_secret_new_decoded (text));
    }
}

/* What a job leaves on the stack of its thread, and whether anybody could find it there. */
#define STACK_SEARCHED_BYTES (64 * 1024)
#define TRACE_BYTES 64

static guint8 trace[TRACE_BYTES];

static G_NO_INLINE void
leave_trace (void)
{
  guint8 copy[4096];

  for (gsize i = 0; i + TRACE_BYTES <= sizeof copy; i += TRACE_BYTES)
    memcpy (copy + i, trace, TRACE_BYTES);
  g_assert_true (memmem (copy, sizeof copy, trace, TRACE_BYTES) == copy);
}

/* The kernel reads for us what is below our own frame. */
static gboolean
finds_trace (void)
{
  g_autofree guint8 *stack = g_malloc (STACK_SEARCHED_BYTES);
  gsize here = (gsize) __builtin_frame_address (0);
  int fd = open ("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  gssize size = pread (fd, stack, STACK_SEARCHED_BYTES, (off_t) (here - STACK_SEARCHED_BYTES));

  close (fd);
  g_assert_cmpint (size, ==, STACK_SEARCHED_BYTES);
  return memmem (stack, STACK_SEARCHED_BYTES, trace, TRACE_BYTES) != NULL;
}

static void
test_traces (void)
{
  if (skip_without_heap ())
    return;
  for (guint i = 0; i < TRACE_BYTES; i++)
    trace[i] = (guint8) g_random_int ();
  lks_secret_burn_traces (); /* so deep is the stack now */
  leave_trace ();
  g_assert_true (finds_trace ());
  lks_secret_burn_traces ();
  g_assert_false (finds_trace ());
}

static void
cleaned_cb (void)
{
  g_print ("cleaned\n");
}

/* A thread that outlives main() must not lose OpenSSL under its feet. */
static void
test_end (void)
{
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, 0);
      g_test_trap_assert_passed ();
      g_test_trap_assert_stdout ("*used*");
      g_test_trap_assert_stdout_unmatched ("*cleaned*");
      return;
    }

  lks_secret_wipe_openssl ();
  g_assert_cmpint (OPENSSL_init_crypto (OPENSSL_INIT_ADD_ALL_DIGESTS, NULL), ==, 1);
  g_assert_cmpint (OPENSSL_atexit (cleaned_cb), ==, 1);
  g_print ("used\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secret/memory", test_memory);
  g_test_add_func ("/secret/values", test_values);
  g_test_add_func ("/secret/wiping", test_wiping);
  g_test_add_func ("/secret/heap", test_heap);
  g_test_add_func ("/secret/files", test_files);
  g_test_add_func ("/secret/decoded", test_decoded);
  g_test_add_func ("/secret/traces", test_traces);
  g_test_add_func ("/secret/end", test_end);
  return g_test_run ();
}
