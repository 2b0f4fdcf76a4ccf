/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-image-package.h"

#include "lks-crc32-private.h"
#include "lks-cursor.h"

#include <string.h>

/* The file system is a dialect of cramfs (linux/cramfs_fs.h): a 64-byte superblock, inodes of
 * twelve bytes, names padded to words. Files with the sticky bit are stored as they are. */
#define FILE_SYSTEM_MAGIC 0x28CD3D45u
#define SUPERBLOCK_BYTES 64
#define CHECKSUM_OFFSET 0x20
#define INODE_BYTES 12
#define ENTRIES_MAX 4096
#define MODE_TYPE_MASK 0170000
#define MODE_REGULAR 0100000
#define MODE_STICKY 01000

typedef struct
{
  guint16 mode;
  guint32 size_bytes;
  guint32 name_bytes;
  guint32 offset_bytes;
} Inode;

static gboolean
read_inode (LksCursor *cursor, Inode *out_inode, GError **error)
{
  Inode inode = { 0 };
  guint32 size_and_gid;
  guint32 name_and_offset;

  if (!lks_cursor_read_u16le (cursor, &inode.mode, error) ||
      !lks_cursor_skip (cursor, sizeof (guint16), error) ||
      !lks_cursor_read_u32le (cursor, &size_and_gid, error) ||
      !lks_cursor_read_u32le (cursor, &name_and_offset, error))
    return FALSE;

  inode.size_bytes = size_and_gid & 0xffffff;
  inode.name_bytes = (name_and_offset & 0x3f) * 4;
  inode.offset_bytes = (name_and_offset >> 6) * 4;
  *out_inode = inode;
  return TRUE;
}

static gboolean
read_root (LksCursor *cursor, Inode *out_root, GError **error)
{
  guint32 magic;

  if (!lks_cursor_read_u32le (cursor, &magic, error))
    return FALSE;
  if (magic != FILE_SYSTEM_MAGIC)
    {
      g_set_error_literal (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID,
                           "this is not an image package");
      return FALSE;
    }

  return lks_cursor_seek (cursor, SUPERBLOCK_BYTES, error) && read_inode (cursor, out_root, error);
}

/* Looks for @name in the root directory and leaves its inode in @out_inode. */
static gboolean
find_file (LksCursor *cursor, const Inode *root, const char *name, Inode *out_inode, GError **error)
{
  LksCursor directory;

  if (!lks_cursor_seek (cursor, root->offset_bytes, error) ||
      !lks_cursor_read_sub (cursor, root->size_bytes, &directory, error))
    return FALSE;

  for (guint entries = 0; lks_cursor_get_left (&directory) >= INODE_BYTES; entries++)
    {
      g_autofree char *entry_name = NULL;
      Inode inode;

      if (entries == ENTRIES_MAX || !read_inode (&directory, &inode, error) ||
          !lks_cursor_read_text (&directory, inode.name_bytes, &entry_name, error))
        break;
      if (g_str_equal (entry_name, name))
        {
          *out_inode = inode;
          return TRUE;
        }
    }

  g_clear_error (error);
  g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID, "the package holds no %s", name);
  return FALSE;
}

/**
 * lks_image_package_read_file:
 * @package: the whole package
 * @content_bytes: where its metadata begins; nothing behind it is read
 * @name: a file in the root directory
 * @error: return location for a [error@Lks.ParseError]
 *
 * Reads one file out of a package. Files that are compressed are not supported; packers store
 * them as they are, to be executed in place.
 *
 * Returns: (transfer full): the file's bytes, inside the memory of @package, or NULL
 */
GBytes *
lks_image_package_read_file (GBytes *package, gsize content_bytes, const char *name, GError **error)
{
  g_autoptr (GBytes) content = NULL;
  const guint8 *ignored;
  LksCursor cursor;
  Inode root;
  Inode file;

  if (content_bytes > g_bytes_get_size (package))
    content_bytes = g_bytes_get_size (package);
  content = g_bytes_new_from_bytes (package, 0, content_bytes);
  lks_cursor_init_bytes (&cursor, content);

  if (!read_root (&cursor, &root, error) || !find_file (&cursor, &root, name, &file, error))
    return NULL;
  if ((file.mode & MODE_TYPE_MASK) != MODE_REGULAR || (file.mode & MODE_STICKY) == 0)
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_UNSUPPORTED,
                   "%s is stored in a way that is not known here", name);
      return NULL;
    }
  if (!lks_cursor_seek (&cursor, file.offset_bytes, error) ||
      !lks_cursor_read (&cursor, file.size_bytes, &ignored, error))
    return NULL;

  return g_bytes_new_from_bytes (content, file.offset_bytes, file.size_bytes);
}

/* CRC-32 over the file system, with the field itself taken for zero. */
static guint32
compute_checksum (const guint8 *content, gsize size_bytes)
{
  static const guint8 zeros[sizeof (guint32)] = { 0 };
  gsize behind = CHECKSUM_OFFSET + sizeof zeros;
  guint32 crc = lks_crc32_update (0, content, CHECKSUM_OFFSET);

  crc = lks_crc32_update (crc, zeros, sizeof zeros);
  return lks_crc32_update (crc, content + behind, size_bytes - behind);
}

/**
 * lks_image_package_check_content:
 * @package: the whole package
 * @content_bytes: where its metadata begins
 * @error: return location for a [error@Lks.ParseError]
 *
 * Checks size and CRC-32 of the file system in a package, which tells a damaged file from a
 * good one whoever signed it. Source: cramfs superblock, verified on packages of the vendor's
 * SDK.
 *
 * Returns: whether the content is as it was packed
 */
gboolean
lks_image_package_check_content (GBytes *package, gsize content_bytes, GError **error)
{
  LksCursor cursor;
  guint32 size_bytes;
  guint32 checksum;

  lks_cursor_init_bytes (&cursor, package);
  if (!lks_cursor_seek (&cursor, sizeof (guint32), error) ||
      !lks_cursor_read_u32le (&cursor, &size_bytes, error) ||
      !lks_cursor_seek (&cursor, CHECKSUM_OFFSET, error) ||
      !lks_cursor_read_u32le (&cursor, &checksum, error))
    return FALSE;
  if (size_bytes != content_bytes || size_bytes < SUPERBLOCK_BYTES ||
      size_bytes > g_bytes_get_size (package))
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID,
                   "its file system claims %u bytes, there are %" G_GSIZE_FORMAT, size_bytes,
                   content_bytes);
      return FALSE;
    }
  if (compute_checksum (g_bytes_get_data (package, NULL), size_bytes) != checksum)
    {
      g_set_error_literal (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID,
                           "the checksum of its file system is wrong");
      return FALSE;
    }

  return TRUE;
}

/**
 * lks_image_package_read_manifest:
 * @package: the whole package of an application
 * @metadata: its metadata
 * @error: return location for a [error@Lks.ParseError]
 *
 * Reads the manifest, which must be about the component that the metadata names.
 *
 * Returns: (transfer full): the manifest, or NULL with @error set
 */
LksManifest *
lks_image_package_read_manifest (GBytes *package, const LksImageMetadata *metadata, GError **error)
{
  g_autoptr (GBytes) json =
      lks_image_package_read_file (package, metadata->metadata_offset, "app_manifest.json", error);
  g_autoptr (LksManifest) manifest = NULL;

  if (json == NULL)
    return NULL;
  manifest = lks_manifest_parse (json, error);
  if (manifest == NULL)
    return NULL;

  if (!g_str_equal (manifest->component_id, metadata->component_id))
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID,
                   "the package is component %s but its manifest says %s", metadata->component_id,
                   manifest->component_id);
      return NULL;
    }

  return g_steal_pointer (&manifest);
}

/**
 * lks_image_package_parse:
 * @package: the whole package, at most %LKS_IMAGE_PACKAGE_BYTES_MAX
 * @error: return location for a [error@Lks.ParseError]
 *
 * Reads an image package: metadata and, of an application, the manifest inside.
 *
 * Returns: (transfer full): what the package says, or NULL with @error set
 */
LksImagePackage *
lks_image_package_parse (GBytes *package, GError **error)
{
  g_autoptr (LksImagePackage) self = g_new0 (LksImagePackage, 1);

  self->size_bytes = g_bytes_get_size (package);
  if (self->size_bytes > LKS_IMAGE_PACKAGE_BYTES_MAX)
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE,
                   "an image package has at most %d bytes", LKS_IMAGE_PACKAGE_BYTES_MAX);
      return NULL;
    }

  self->metadata = lks_image_metadata_parse (package, error);
  if (self->metadata == NULL)
    return NULL;
  if (self->metadata->image_type == LKS_IMAGE_TYPE_APPLICATION)
    {
      self->manifest = lks_image_package_read_manifest (package, self->metadata, error);
      if (self->manifest == NULL)
        return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * lks_image_package_free:
 * @self: (transfer full) (nullable): what a package says
 */
void
lks_image_package_free (LksImagePackage *self)
{
  if (self == NULL)
    return;

  lks_image_metadata_free (self->metadata);
  lks_manifest_free (self->manifest);
  g_free (self);
}
