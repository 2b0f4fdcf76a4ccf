/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-identity.h"

#include "lks-guid.h"

/* Everything is a hash of a name: the same on every machine and in every run, different for
 * every board, and never what a real board has. */
static void
hash (const char *text, guint8 *out_digest, gsize digest_bytes)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA512);
  guint8 whole[64];
  gsize whole_bytes = sizeof whole;

  g_checksum_update (sum, (const guchar *) "locksmith-emulator ", -1);
  g_checksum_update (sum, (const guchar *) text, -1);
  g_checksum_get_digest (sum, whole, &whole_bytes);
  for (gsize i = 0; i < digest_bytes; i++)
    out_digest[i] = whole[i];
}

/**
 * emu_identity_device_id:
 * @kind: whose ID: separates several IDs of one board
 * @index: the board
 *
 * Returns: (transfer full): 128 lower-case hex digits
 */
char *
emu_identity_device_id (const char *kind, guint index)
{
  g_autofree char *name = g_strdup_printf ("device %s %u", kind, index);
  GString *text = g_string_new (NULL);
  guint8 digest[64];

  hash (name, digest, sizeof digest);
  for (gsize i = 0; i < sizeof digest; i++)
    g_string_append_printf (text, "%02x", digest[i]);
  return g_string_free (text, FALSE);
}

/**
 * emu_identity_guid:
 * @kind: what kind of thing
 * @name: its name
 *
 * Returns: (transfer full): a random-looking (version 4) GUID that belongs to that name
 */
char *
emu_identity_guid (const char *kind, const char *name)
{
  g_autofree char *text = g_strdup_printf ("guid %s %s", kind, name);
  guint8 digest[LKS_GUID_BYTES];

  hash (text, digest, sizeof digest);
  digest[7] = (digest[7] & 0x0f) | 0x40;
  digest[8] = (digest[8] & 0x3f) | 0x80;
  return lks_guid_from_bytes (digest);
}

/**
 * emu_identity_mac:
 * @interface: name of the network interface
 * @index: the board
 *
 * Returns: (transfer full): a locally administered hardware address
 */
char *
emu_identity_mac (const char *interface, guint index)
{
  g_autofree char *text = g_strdup_printf ("mac %s %u", interface, index);
  guint8 digest[5];

  hash (text, digest, sizeof digest);
  return g_strdup_printf ("02:%02x:%02x:%02x:%02x:%02x", digest[0], digest[1], digest[2], digest[3],
                          digest[4]);
}

/**
 * emu_identity_usb_serial:
 * @index: the board
 *
 * Returns: (transfer full): a serial as the adapters' template makes it, "AS" and six characters
 */
char *
emu_identity_usb_serial (guint index)
{
  static const char letters[] = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  g_autofree char *text = g_strdup_printf ("usb %u", index);
  char serial[] = "AS000000";
  guint8 digest[6];

  hash (text, digest, sizeof digest);
  for (gsize i = 0; i < sizeof digest; i++)
    serial[2 + i] = letters[digest[i] % (sizeof letters - 1)];
  return g_strdup (serial);
}
