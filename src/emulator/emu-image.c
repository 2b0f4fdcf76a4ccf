/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-image.h"

#include "lks-guid.h"

#include <string.h>

/* Layout of images, little-endian throughout: decoded from packages that the vendor's SDK makes
 * and from its open-source metadata parser. */
#define METADATA_MAGIC 0x4d345834u
#define SECTION_ID 0x4449u
#define SECTION_SIGNER 0x4753u
#define SECTION_DEBUG 0x4244u
#define SECTION_TEMPORARY 0x5054u
#define SECTION_NEEDS 0x444eu
#define SIGNER_ECDSA_P256 1u
#define NEED_APPLICATION_RUNTIME 3u
#define TEMPORARY_UNDER_DEVELOPMENT 2u
#define NAME_BYTES 32

#define FILE_SYSTEM_MAGIC 0x28cd3d45u
#define FILE_SYSTEM_FLAGS 3u
#define PAGE_BYTES 4096
#define CRC_OFFSET 0x20
#define ROOT_ENTRIES_OFFSET 0x4c
#define BIN_ENTRIES_OFFSET 0x7c
#define MODE_DIRECTORY 040755
#define MODE_FILE 0101644
#define MODE_PROGRAM 0101755

static void
put_u16 (GByteArray *out, guint16 value)
{
  guint8 bytes[2] = { value & 0xff, value >> 8 };

  g_byte_array_append (out, bytes, sizeof bytes);
}

static void
put_u32 (GByteArray *out, guint32 value)
{
  put_u16 (out, (guint16) value);
  put_u16 (out, (guint16) (value >> 16));
}

static void
put_padded (GByteArray *out, const char *text, gsize field_bytes)
{
  static const guint8 zeros[NAME_BYTES] = { 0 };
  gsize length = MIN (strlen (text), field_bytes);

  g_byte_array_append (out, (const guint8 *) text, length);
  g_byte_array_append (out, zeros, field_bytes - length);
}

static gboolean
put_guid (GByteArray *out, const char *text, GError **error)
{
  guint8 bytes[LKS_GUID_BYTES];

  if (!lks_guid_to_bytes (text, bytes, error))
    return FALSE;

  g_byte_array_append (out, bytes, sizeof bytes);
  return TRUE;
}

static void
put_section (GByteArray *out, guint16 id, guint16 size_bytes)
{
  put_u16 (out, id);
  put_u16 (out, size_bytes);
}

static gboolean
put_metadata (GByteArray *out, EmuKeys *keys, const EmuImageSpec *spec, GError **error)
{
  g_autofree char *new_id = g_uuid_string_random ();
  gint64 built_s =
      spec->built_unix_s != 0 ? spec->built_unix_s : g_get_real_time () / G_TIME_SPAN_SECOND;
  guint start = out->len;
  guint n_sections =
      3 + (spec->under_development ? 1 : 0) + (spec->application_runtime > 0 ? 1 : 0);

  put_u32 (out, METADATA_MAGIC);
  put_u32 (out, n_sections);
  put_section (out, SECTION_ID, 36);
  put_u16 (out, spec->image_type);
  put_u16 (out, 0);
  if (!put_guid (out, spec->component_id, error) ||
      !put_guid (out, spec->image_id != NULL ? spec->image_id : new_id, error))
    return FALSE;
  put_section (out, SECTION_SIGNER, 24);
  g_byte_array_append (out, emu_keys_get_thumbprint (keys, spec->signer), EMU_THUMBPRINT_BYTES);
  put_u32 (out, SIGNER_ECDSA_P256);
  put_section (out, SECTION_DEBUG, 40);
  put_u32 (out, (guint32) built_s);
  put_u32 (out, (guint32) (built_s >> 32));
  put_padded (out, spec->name, NAME_BYTES);
  if (spec->under_development)
    {
      put_section (out, SECTION_TEMPORARY, 4);
      put_u32 (out, TEMPORARY_UNDER_DEVELOPMENT);
    }
  if (spec->application_runtime > 0)
    {
      put_section (out, SECTION_NEEDS, 12);
      put_u32 (out, 1);
      put_u32 (out, spec->application_runtime);
      put_u32 (out, NEED_APPLICATION_RUNTIME);
    }
  put_u32 (out, out->len - start + 4);
  return TRUE;
}

/**
 * emu_image_sign:
 * @keys: the emulator's keys
 * @spec: what the image is
 * @content: what comes before the metadata
 * @error: return location for a `G_IO_ERROR`, or a [error@Lks.ParseError] for a bad GUID
 *
 * Adds metadata and signature to @content.
 *
 * Returns: (transfer full): the image, or NULL with @error set
 */
GBytes *
emu_image_sign (EmuKeys *keys, const EmuImageSpec *spec, GBytes *content, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint8 signature[EMU_SIGNATURE_BYTES];

  g_byte_array_append (out, g_bytes_get_data (content, NULL), g_bytes_get_size (content));
  if (!put_metadata (out, keys, spec, error) ||
      !emu_keys_sign (keys, spec->signer, out->data, out->len, signature, error))
    return NULL;

  g_byte_array_append (out, signature, sizeof signature);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static void
put_inode (GByteArray *out, guint16 mode, gsize size_bytes, gsize offset_bytes, const char *name)
{
  gsize words = (strlen (name) + 3) / 4;

  put_u16 (out, mode);
  put_u16 (out, 0);
  put_u32 (out, (guint32) size_bytes);
  put_u32 (out, (guint32) (words | offset_bytes / 4 << 6));
  put_padded (out, name, 4 * words);
}

static void
pad_to_page (GByteArray *out)
{
  gsize rest = out->len % PAGE_BYTES;
  guint old = out->len;

  if (rest == 0)
    return;

  g_byte_array_set_size (out, (guint) (out->len + PAGE_BYTES - rest));
  memset (out->data + old, 0, out->len - old);
}

/* CRC-32 as zlib computes it. */
static guint32
compute_crc (const guint8 *data, gsize size_bytes)
{
  guint32 crc = 0xffffffffu;

  for (gsize i = 0; i < size_bytes; i++)
    {
      crc ^= data[i];
      for (guint bit = 0; bit < 8; bit++)
        crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320u : 0);
    }

  return ~crc;
}

static void
set_u32 (GByteArray *out, gsize offset, guint32 value)
{
  for (guint i = 0; i < 4; i++)
    out->data[offset + i] = (guint8) (value >> 8 * i);
}

/* The file system of an application: app_manifest.json and bin/app, both stored as they are on
 * a page of their own. */
static GBytes *
build_file_system (GBytes *manifest, GBytes *program)
{
  GByteArray *out = g_byte_array_new ();
  gsize manifest_bytes = g_bytes_get_size (manifest);
  gsize program_offset = PAGE_BYTES + (manifest_bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;

  put_u32 (out, FILE_SYSTEM_MAGIC);
  put_u32 (out, 0); /* size */
  put_u32 (out, FILE_SYSTEM_FLAGS);
  put_u32 (out, 0);
  put_padded (out, "Compressed ROMFS", 16);
  put_u32 (out, 0); /* CRC */
  put_u32 (out, 0);
  put_u32 (out, 0);
  put_u32 (out, 4); /* inodes */
  put_padded (out, "Compressed", 16);
  put_inode (out, MODE_DIRECTORY, BIN_ENTRIES_OFFSET - ROOT_ENTRIES_OFFSET, ROOT_ENTRIES_OFFSET,
             "");
  put_inode (out, MODE_FILE, manifest_bytes, PAGE_BYTES, "app_manifest.json");
  put_inode (out, MODE_DIRECTORY, 16, BIN_ENTRIES_OFFSET, "bin");
  put_inode (out, MODE_PROGRAM, g_bytes_get_size (program), program_offset, "app");
  pad_to_page (out);
  g_byte_array_append (out, g_bytes_get_data (manifest, NULL), manifest_bytes);
  pad_to_page (out);
  g_byte_array_append (out, g_bytes_get_data (program, NULL), g_bytes_get_size (program));
  pad_to_page (out);
  set_u32 (out, 4, out->len);
  set_u32 (out, CRC_OFFSET, compute_crc (out->data, out->len));
  return g_byte_array_free_to_bytes (out);
}

/**
 * emu_image_build:
 * @keys: the emulator's keys
 * @spec: what the image is
 * @manifest: its app_manifest.json
 * @program: its bin/app
 * @error: return location for a `G_IO_ERROR`, or a [error@Lks.ParseError] for a bad GUID
 *
 * Builds an application package that a board of these keys accepts.
 *
 * Returns: (transfer full): the package, or NULL with @error set
 */
GBytes *
emu_image_build (EmuKeys *keys,
                 const EmuImageSpec *spec,
                 GBytes *manifest,
                 GBytes *program,
                 GError **error)
{
  g_autoptr (GBytes) file_system = build_file_system (manifest, program);

  return emu_image_sign (keys, spec, file_system, error);
}
