/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-capability.h"

#include "emu-image.h"

#include "lks-device-id.h"
#include "lks-image-metadata.h"

#include <string.h>

/* Layout of a capability file: magic, version, length of the body, device ID, list; then
 * metadata and signature as in any image. The component is the same in every file. */
#define MAGIC 0x5cfd5cfdu
#define VERSION 1u
#define BODY_BYTES 204
#define LIST_BYTES 128
#define COMPONENT_ID "4128b5d8-abc2-4155-9a33-8a1f31ed67ec"
#define NAME "fw_config"

static void
put_number (GByteArray *out, guint32 value, guint n_bytes)
{
  for (guint i = 0; i < n_bytes; i++)
    {
      guint8 byte = (guint8) (value >> 8 * i);

      g_byte_array_append (out, &byte, 1);
    }
}

static void
put_device_id (GByteArray *out, const char *device_id)
{
  for (guint i = 0; i < LKS_DEVICE_ID_BYTES; i++)
    put_number (out,
                (guint32) (g_ascii_xdigit_value (device_id[2 * i]) << 4 |
                           g_ascii_xdigit_value (device_id[2 * i + 1])),
                1);
}

/**
 * emu_capability_build_at:
 * @keys: the emulator's keys
 * @device_id: the board it is for
 * @capabilities: (array length=n_capabilities): capability numbers
 * @n_capabilities: how many, at most 64; 0 makes the file that takes capabilities away
 * @signed_unix_s: when it says that it was signed, Unix seconds; 0: now
 * @error: return location for a [error@Lks.ParseError] or a `G_IO_ERROR`
 *
 * Makes a capability file as the vendor's cloud does, signed by the emulator's key. List
 * elements are 16 bits, little-endian.
 *
 * Returns: (transfer full): the file, or NULL with @error set
 */
GBytes *
emu_capability_build_at (EmuKeys *keys,
                         const char *device_id,
                         const guint16 *capabilities,
                         guint n_capabilities,
                         gint64 signed_unix_s,
                         GError **error)
{
  const EmuImageSpec spec = {
    .signer = EMU_SIGNER_PRODUCTION,
    .image_type = LKS_IMAGE_TYPE_CAPABILITY,
    .component_id = COMPONENT_ID,
    .name = NAME,
    .built_unix_s = signed_unix_s,
  };
  g_autofree char *id = lks_device_id_normalize (device_id, error);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GBytes) body = NULL;

  if (id == NULL)
    return NULL;

  put_number (out, MAGIC, 4);
  put_number (out, VERSION, 4);
  put_number (out, BODY_BYTES, 4);
  put_device_id (out, id);
  for (guint i = 0; i < LIST_BYTES / 2; i++)
    put_number (out, i < n_capabilities ? capabilities[i] : EMU_CAPABILITY_NONE, 2);
  body = g_byte_array_free_to_bytes (g_steal_pointer (&out));

  return emu_image_sign (keys, &spec, body, error);
}

/**
 * emu_capability_build:
 * @keys: the emulator's keys
 * @device_id: the board it is for
 * @capabilities: (array length=n_capabilities): capability numbers
 * @n_capabilities: how many, at most 64
 * @error: return location for a [error@Lks.ParseError] or a `G_IO_ERROR`
 *
 * As emu_capability_build_at(), signed now.
 *
 * Returns: (transfer full): the file, or NULL with @error set
 */
GBytes *
emu_capability_build (EmuKeys *keys,
                      const char *device_id,
                      const guint16 *capabilities,
                      guint n_capabilities,
                      GError **error)
{
  return emu_capability_build_at (keys, device_id, capabilities, n_capabilities, 0, error);
}
