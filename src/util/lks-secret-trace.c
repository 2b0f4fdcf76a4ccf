/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-secret-trace.h"

#include <glib.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

/* As deep as the calls of a job reach, generously. */
#define STACK_BYTES (256 * 1024)
#define PIECE_BYTES 1024

/* Not to be left out: the compiler must believe that it matters. */
static void *(*const volatile move) (void *, const void *, size_t) = memmove;

/**
 * lks_secret_burn_traces:
 *
 * Overwrites what calls before left on this thread's stack and in its vector registers. A copy in
 * the C library passes through registers of up to 64 bytes, as much as the signature of a
 * capability has, and the linker of the system saves all of them on the stack when a function is
 * called for the first time. Any thread; to be called near its outermost function.
 */
G_NO_INLINE void
lks_secret_burn_traces (void)
{
  char stack[STACK_BYTES];

  explicit_bzero (stack, sizeof stack);
  /* All sizes take registers of their own: first those, then what was saved of them meanwhile. */
  for (gsize size = 16; size <= PIECE_BYTES; size *= 2)
    move (stack, stack + PIECE_BYTES, size + size / 2);
  explicit_bzero (stack, sizeof stack);
}

/* ---- OpenSSL ---- */

static void *
allocate (size_t size_bytes, const char *file, int line)
{
  return malloc (size_bytes);
}

static void
wipe (void *memory, const char *file, int line)
{
  if (memory == NULL)
    return;
  explicit_bzero (memory, malloc_usable_size (memory));
  free (memory);
}

static void *
reallocate (void *memory, size_t size_bytes, const char *file, int line)
{
  void *larger;

  if (memory != NULL && size_bytes == 0)
    {
      wipe (memory, file, line);
      return NULL;
    }
  if (memory != NULL && size_bytes <= malloc_usable_size (memory))
    return memory;
  larger = malloc (size_bytes);
  if (larger == NULL || memory == NULL)
    return larger;
  memcpy (larger, memory, malloc_usable_size (memory));
  wipe (memory, file, line);
  return larger;
}

/**
 * lks_secret_wipe_openssl:
 *
 * Lets OpenSSL wipe all memory that it gives back: the buffers of TLS, and copies that its
 * functions make and do not wipe, such as of a signature that is checked. And keeps it from freeing
 * its globals when the program ends: threads that are left behind, as in a name server, may still
 * use them then. To be called at the beginning of a program, before anything uses OpenSSL;
 * afterwards it is too late and changes nothing.
 */
void
lks_secret_wipe_openssl (void)
{
  if (CRYPTO_set_mem_functions (allocate, reallocate, wipe) != 1)
    g_debug ("OpenSSL is in use already, and does not wipe what it gives back");
  OPENSSL_init_crypto (OPENSSL_INIT_NO_ATEXIT, NULL);
}
