/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-capability-file.h"

#include "lks-cursor.h"
#include "lks-device-id.h"

#include <string.h>

/* Layout read from a published capability file and the public metadata parser. */
#define CAPABILITY_MAGIC 0x5CFD5CFDu
#define CAPABILITY_VERSION 1
#define CAPABILITY_BODY_BYTES 0xCC
#define CAPABILITY_LIST_BYTES 128

static gboolean
check_header (LksCursor *cursor, GError **error)
{
  guint32 magic;
  guint32 version;
  guint32 body_bytes;

  if (!lks_cursor_read_u32le (cursor, &magic, error) ||
      !lks_cursor_read_u32le (cursor, &version, error) ||
      !lks_cursor_read_u32le (cursor, &body_bytes, error))
    return FALSE;

  if (magic != CAPABILITY_MAGIC)
    {
      g_set_error_literal (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID,
                           "this is not a capability file");
      return FALSE;
    }
  if (version != CAPABILITY_VERSION || body_bytes != CAPABILITY_BODY_BYTES)
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_UNSUPPORTED,
                   "a capability file of version %u with %u bytes is not known here", version,
                   body_bytes);
      return FALSE;
    }

  return TRUE;
}

/* Whether an entry takes one byte, two or four is not published; every capability is below 256,
 * so the bytes that are not zero are the numbers in each of the three. */
static gboolean
read_capabilities (LksCapabilityFile *self, LksCursor *cursor, GError **error)
{
  const guint8 *list;

  if (!lks_cursor_read (cursor, CAPABILITY_LIST_BYTES, &list, error))
    return FALSE;

  for (gsize i = 0; i < CAPABILITY_LIST_BYTES; i++)
    if (list[i] != 0)
      {
        guint number = list[i];

        g_array_append_val (self->capabilities, number);
      }

  return TRUE;
}

static gboolean
read_body (LksCapabilityFile *self, LksCursor *cursor, GError **error)
{
  const guint8 *id;

  if (!check_header (cursor, error) || !lks_cursor_read (cursor, LKS_DEVICE_ID_BYTES, &id, error))
    return FALSE;

  self->device_id = lks_device_id_from_bytes (id);
  return read_capabilities (self, cursor, error);
}

/**
 * lks_capability_file_parse:
 * @file: the whole file
 * @error: return location for a [error@Lks.ParseError]
 *
 * Reads a capability file completely and checks that its parts agree: body length, image type,
 * end of the body. Whether the signature is trusted is the board's decision. It is not kept:
 * the signature of the result's metadata is all zeros.
 *
 * Returns: (transfer full): what the file says, or NULL with @error set
 */
LksCapabilityFile *
lks_capability_file_parse (GBytes *file, GError **error)
{
  g_autoptr (LksCapabilityFile) self = g_new0 (LksCapabilityFile, 1);
  LksCursor cursor;

  self->capabilities = g_array_new (FALSE, FALSE, sizeof (guint));
  if (g_bytes_get_size (file) > LKS_CAPABILITY_FILE_BYTES_MAX)
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE,
                   "a capability file has at most %d bytes", LKS_CAPABILITY_FILE_BYTES_MAX);
      return NULL;
    }

  lks_cursor_init_bytes (&cursor, file);
  if (!read_body (self, &cursor, error))
    return NULL;
  self->metadata = lks_image_metadata_parse (file, error);
  if (self->metadata == NULL)
    return NULL;
  if (self->metadata->image_type != LKS_IMAGE_TYPE_CAPABILITY ||
      self->metadata->metadata_offset != CAPABILITY_BODY_BYTES)
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID,
                   "the file says that it is a %s, not a capability",
                   lks_image_type_to_text (self->metadata->image_type));
      return NULL;
    }

  /* Everything else in such a file is public: the signature is what makes it a key. */
  explicit_bzero (self->metadata->signature, sizeof self->metadata->signature);
  return g_steal_pointer (&self);
}

/**
 * lks_capability_file_free:
 * @self: (transfer full) (nullable): what a file says
 */
void
lks_capability_file_free (LksCapabilityFile *self)
{
  if (self == NULL)
    return;

  g_free (self->device_id);
  g_array_unref (self->capabilities);
  lks_image_metadata_free (self->metadata);
  g_free (self);
}

/**
 * lks_capability_file_has:
 * @self: what a file says
 * @capability: a capability number
 *
 * Returns: whether the file grants @capability
 */
gboolean
lks_capability_file_has (const LksCapabilityFile *self, guint capability)
{
  for (guint i = 0; i < self->capabilities->len; i++)
    if (g_array_index (self->capabilities, guint, i) == capability)
      return TRUE;

  return FALSE;
}
