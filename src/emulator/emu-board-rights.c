/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may do what: the lock, signatures, and the capability header. */
#include "emu-board-private.h"

#include "lks-capability-file.h"

#include <string.h>

/* Whether the service refuses those who bring no capability. */
gboolean
emu_board_is_locked (EmuBoard *self, gboolean for_restart)
{
  gboolean since_start = self->state_at_start == EMU_STATE_DEVICE_COMPLETE;

  switch (self->config->behaviour.lock_effect)
    {
    case EMU_LOCK_ALL_BUT_RESTART:
      return for_restart ? since_start : self->state == EMU_STATE_DEVICE_COMPLETE;
    case EMU_LOCK_ALL:
      return self->state == EMU_STATE_DEVICE_COMPLETE;
    case EMU_LOCK_AT_RESTART:
      return since_start;
    }

  return TRUE;
}

/**
 * emu_board_get_locked:
 * @self: a board
 *
 * Returns: whether its service refuses those who bring no capability
 */
gboolean
emu_board_get_locked (EmuBoard *self)
{
  return emu_board_is_locked (self, FALSE);
}

static guint64
to_bits (const GArray *numbers)
{
  guint64 bits = 0;

  for (guint i = 0; i < numbers->len; i++)
    if (g_array_index (numbers, guint, i) < 64)
      bits |= G_GUINT64_CONSTANT (1) << g_array_index (numbers, guint, i);

  return bits;
}

/* The signature covers everything before it; who signed is in the metadata. */
EmuSigner
emu_board_identify_signer (EmuBoard *self, GBytes *image, const LksImageMetadata *metadata)
{
  gsize size_bytes;
  const guint8 *data = g_bytes_get_data (image, &size_bytes);
  guint8 thumbprint[EMU_THUMBPRINT_BYTES] = { 0 };

  if (metadata->signer_thumbprint == NULL || size_bytes < LKS_IMAGE_SIGNATURE_BYTES)
    return EMU_SIGNER_UNKNOWN;

  for (guint i = 0; i < sizeof thumbprint; i++)
    thumbprint[i] = (guint8) (g_ascii_xdigit_value (metadata->signer_thumbprint[2 * i]) << 4 |
                              g_ascii_xdigit_value (metadata->signer_thumbprint[2 * i + 1]));
  return emu_keys_identify (self->keys, data, size_bytes - LKS_IMAGE_SIGNATURE_BYTES, thumbprint,
                            data + size_bytes - LKS_IMAGE_SIGNATURE_BYTES);
}

static LksCapabilityFile *
parse_header (const char *header, GBytes **out_bytes)
{
  g_autofree guint8 *data = NULL;
  gsize size_bytes = 0;

  if (strlen (header) > 4 * LKS_CAPABILITY_FILE_BYTES_MAX)
    return NULL;

  data = g_base64_decode (header, &size_bytes);
  if (size_bytes > LKS_CAPABILITY_FILE_BYTES_MAX)
    return NULL;
  *out_bytes = g_bytes_new (data, size_bytes);
  return lks_capability_file_parse (*out_bytes, NULL);
}

/* Whether the header brings a capability file that names this board, trusted or not. */
gboolean
emu_board_header_fits (EmuBoard *self, const char *header)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (LksCapabilityFile) file = parse_header (header, &bytes);

  return file != NULL && g_str_equal (file->device_id, self->device_id);
}

/* Capabilities that the header gives, 0 when it is broken, not trusted or another board's. */
guint64
emu_board_read_header (EmuBoard *self, const char *header, gboolean *out_bad)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (LksCapabilityFile) file = parse_header (header, &bytes);

  *out_bad = TRUE;
  if (file == NULL || !g_str_equal (file->device_id, self->device_id) || self->keystore_old ||
      emu_board_identify_signer (self, bytes, file->metadata) != EMU_SIGNER_PRODUCTION)
    return 0;

  *out_bad = FALSE;
  return to_bits (file->capabilities);
}
