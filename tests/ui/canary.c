/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canary.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Of the 64 bytes of the signature at the end, without which a capability opens nothing. What comes
 * before it names the board, and is no secret. */
#define SIGNATURE_BYTES 64
#define PART_BYTES 18 /* a multiple of three: base64 of it is part of base64 of the whole */
#define PARTS 3

#define CHUNK_BYTES (1024 * 1024)
#define NEEDLE_BYTES_MAX 128

struct _Canary
{
  GPtrArray *needles; /* of GBytes */
};

static void
add_text (Canary *self, char *text)
{
  g_ptr_array_add (self->needles, g_bytes_new_take (text, strlen (text)));
}

static char *
to_hex (const guint8 *bytes, gsize size)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

Canary *
canary_new (GBytes *capability)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (capability, &size);
  gsize start;
  Canary *self = g_new0 (Canary, 1);

  g_assert_cmpuint (size, >, SIGNATURE_BYTES);
  start = (size - SIGNATURE_BYTES + 2) / 3 * 3;
  self->needles = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (gsize i = 0; i < PARTS; i++)
    {
      const guint8 *part = bytes + start + i * PART_BYTES;
      g_autofree char *hex = to_hex (part, PART_BYTES);

      g_assert_cmpuint (start + (i + 1) * PART_BYTES, <=, size);
      g_ptr_array_add (self->needles, g_bytes_new (part, PART_BYTES));
      add_text (self, g_base64_encode (part, PART_BYTES));
      add_text (self, g_strdup (hex));
      add_text (self, g_ascii_strup (hex, -1));
    }
  return self;
}

/* Base64 of what contains @text: of the three ways to begin, what does not depend on the rest. */
static void
add_base64_of_text (Canary *self, const char *text)
{
  gsize size = strlen (text);

  for (gsize before = 0; before < 3; before++)
    {
      g_autofree char *padded = g_strconcat (&"AA"[2 - before], text, NULL);
      g_autofree char *base64 = g_base64_encode ((const guchar *) padded, before + size);
      gsize from = (before * 8 + 5) / 6;
      gsize until = (before + size) * 8 / 6;

      add_text (self, g_strndup (base64 + from, until - from));
    }
}

/* For a secret that is a text, or for what is part of every secret of a kind. */
Canary *
canary_new_for_text (const char *text)
{
  g_autofree char *hex = to_hex ((const guint8 *) text, strlen (text));
  Canary *self = g_new0 (Canary, 1);

  g_assert_cmpuint (2 * strlen (text), <=, NEEDLE_BYTES_MAX);
  self->needles = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  add_text (self, g_strdup (text));
  add_text (self, g_strdup (hex));
  add_text (self, g_ascii_strup (hex, -1));
  add_base64_of_text (self, text);
  return self;
}

void
canary_free (Canary *self)
{
  g_ptr_array_unref (self->needles);
  g_free (self);
}

guint
canary_count (Canary *self, const char *bytes, gsize size)
{
  guint n = 0;

  for (guint i = 0; i < self->needles->len; i++)
    {
      gsize needle_size;
      const char *needle = g_bytes_get_data (g_ptr_array_index (self->needles, i), &needle_size);
      const char *at = bytes;

      while ((at = memmem (at, size - (gsize) (at - bytes), needle, needle_size)) != NULL)
        {
          n++;
          at++;
        }
    }
  return n;
}

/* A file that cannot be read holds nothing that anybody could read. */
guint
canary_count_file (Canary *self, const char *path)
{
  g_autofree char *bytes = NULL;
  gsize size = 0;

  if (!g_file_get_contents (path, &bytes, &size, NULL))
    return 0;
  return canary_count (self, bytes, size);
}

/* Everything below @path; sockets and links are no files. */
guint
canary_count_folder (Canary *self, const char *path, guint *out_files)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *below = g_build_filename (path, name, NULL);
      guint here = 0;

      if (g_file_test (below, G_FILE_TEST_IS_SYMLINK))
        continue;
      if (g_file_test (below, G_FILE_TEST_IS_DIR))
        here = canary_count_folder (self, below, out_files);
      else if (g_file_test (below, G_FILE_TEST_IS_REGULAR))
        {
          here = canary_count_file (self, below);
          (*out_files)++;
          if (here > 0)
            g_test_message ("%u parts of the secret in %s", here, below);
        }
      n += here;
    }
  return n;
}

/* ---- the memory of a process ---- */

typedef struct
{
  guint64 start;
  guint64 end;
  gboolean is_readable;
} Mapping;

static guint
count_mapping (Canary *self, int memory_fd, const Mapping *mapping, char *chunk)
{
  guint n = 0;

  for (guint64 at = mapping->start; at < mapping->end; at += CHUNK_BYTES)
    {
      /* What lies across two chunks belongs to the first, which is read a little further. */
      gsize wanted = MIN (mapping->end - at, CHUNK_BYTES + NEEDLE_BYTES_MAX - 1);
      gssize size = pread (memory_fd, chunk, wanted, (off_t) at);

      if (size <= 0)
        break; /* such as vvar, or gone meanwhile */
      n += canary_count (self, chunk, (gsize) size);
    }
  return n;
}

CanaryMemory
canary_count_memory (Canary *self, GPid pid)
{
  g_autofree char *maps_path = g_strdup_printf ("/proc/%d/smaps", pid);
  g_autofree char *memory_path = g_strdup_printf ("/proc/%d/mem", pid);
  g_autofree char *chunk = g_malloc (CHUNK_BYTES + NEEDLE_BYTES_MAX);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  CanaryMemory found = { 0 };
  Mapping mapping = { 0 };
  g_autofree char *name = NULL;
  int fd = open (memory_path, O_RDONLY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  g_assert_true (g_file_get_contents (maps_path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      unsigned long long start, end;
      char flags[5] = "";
      guint n;

      if (sscanf (lines[i], "%llx-%llx %4s", &start, &end, flags) == 3)
        {
          mapping = (Mapping){ start, end, flags[0] == 'r' };
          g_free (name);
          name = g_strdup (lines[i]);
          continue;
        }
      if (!g_str_has_prefix (lines[i], "VmFlags:") || !mapping.is_readable)
        continue;

      n = count_mapping (self, fd, &mapping, chunk);
      if (n > 0)
        g_test_message ("%u parts of the secret at %s", n, name);
      if (strstr (lines[i], " dd") != NULL)
        found.excluded += n;
      else
        found.core += n;
    }
  close (fd);
  return found;
}
