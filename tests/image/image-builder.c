/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image-builder.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <string.h>

#define PAGE_BYTES 4096

void
builder_add_u16 (GByteArray *bytes, guint16 value)
{
  guint16 le = GUINT16_TO_LE (value);

  g_byte_array_append (bytes, (const guint8 *) &le, sizeof le);
}

void
builder_add_u32 (GByteArray *bytes, guint32 value)
{
  guint32 le = GUINT32_TO_LE (value);

  g_byte_array_append (bytes, (const guint8 *) &le, sizeof le);
}

static void
add_repeated (GByteArray *bytes, guint8 byte, gsize count)
{
  for (gsize i = 0; i < count; i++)
    g_byte_array_append (bytes, &byte, 1);
}

static void
add_padded (GByteArray *bytes, const char *text, gsize field)
{
  gsize length = MIN (strlen (text), field);

  g_byte_array_append (bytes, (const guint8 *) text, length);
  add_repeated (bytes, 0, field - length);
}

static void
add_section (GByteArray *bytes, const char *id, guint16 length)
{
  g_byte_array_append (bytes, (const guint8 *) id, 2);
  builder_add_u16 (bytes, length);
}

void
builder_add_metadata (GByteArray *bytes, guint16 image_type, const char *name)
{
  guint start = bytes->len;

  g_byte_array_append (bytes, (const guint8 *) "4X4M", 4);
  builder_add_u32 (bytes, 6);
  add_section (bytes, "ID", 36);
  builder_add_u16 (bytes, image_type);
  builder_add_u16 (bytes, 0);
  /* The binary forms of BUILDER_COMPONENT and BUILDER_IMAGE. */
  g_byte_array_append (bytes,
                       (const guint8 *) "\x11\x11\x11\x11\x22\x22\x33\x33\x44\x44\x55\x55\x55\x55"
                                        "\x55\x55",
                       16);
  g_byte_array_append (bytes,
                       (const guint8 *) "\xaa\xaa\xaa\xaa\xbb\xbb\xcc\xcc\xdd\xdd\xee\xee\xee\xee"
                                        "\xee\xee",
                       16);
  add_section (bytes, "SG", 24);
  add_repeated (bytes, 0x5a, 20);
  builder_add_u32 (bytes, 1);
  add_section (bytes, "??", 3); /* not known to anybody */
  add_repeated (bytes, 0xff, 3);
  add_section (bytes, "DB", 40);
  builder_add_u32 (bytes, 1700000000);
  builder_add_u32 (bytes, 0);
  add_padded (bytes, name, 32);
  add_section (bytes, "TP", 4);
  builder_add_u32 (bytes, 2);
  add_section (bytes, "ND", 12);
  builder_add_u32 (bytes, 1);
  builder_add_u32 (bytes, 12);
  builder_add_u32 (bytes, 3);
  builder_add_u32 (bytes, bytes->len - start + 4);
}

void
builder_sign_with (GByteArray *bytes, EVP_PKEY *key)
{
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  guint8 der[128];
  gsize der_length = sizeof der;
  const guint8 *at = der;
  ECDSA_SIG *sig;
  guint8 raw[64];

  g_assert_cmpint (EVP_DigestSignInit (context, NULL, EVP_sha256 (), NULL, key), ==, 1);
  g_assert_cmpint (EVP_DigestSign (context, der, &der_length, bytes->data, bytes->len), ==, 1);
  sig = d2i_ECDSA_SIG (NULL, &at, (long) der_length);
  g_assert_nonnull (sig);
  BN_bn2binpad (ECDSA_SIG_get0_r (sig), raw, 32);
  BN_bn2binpad (ECDSA_SIG_get0_s (sig), raw + 32, 32);
  g_byte_array_append (bytes, raw, sizeof raw);

  ECDSA_SIG_free (sig);
  EVP_MD_CTX_free (context);
}

/* Appends a signature made with a fresh key. */
void
builder_sign (GByteArray *bytes, guint8 *out_public_key_xy)
{
  EVP_PKEY *key = EVP_EC_gen ("P-256");
  guint8 point[65];
  gsize point_length;

  builder_sign_with (bytes, key);
  g_assert_cmpint (EVP_PKEY_get_octet_string_param (key, OSSL_PKEY_PARAM_PUB_KEY, point,
                                                    sizeof point, &point_length),
                   ==, 1);
  memcpy (out_public_key_xy, point + 1, 64);
  EVP_PKEY_free (key);
}

#define CAPABILITY_ID_END (3 * 4 + 64)

static GByteArray *
start_capability (guint8 device_id_byte, guint16 capability)
{
  GByteArray *bytes = g_byte_array_new ();

  builder_add_u32 (bytes, 0x5CFD5CFD);
  builder_add_u32 (bytes, 1);
  builder_add_u32 (bytes, 0xCC);
  add_repeated (bytes, device_id_byte, 64);
  builder_add_u16 (bytes, capability);
  add_repeated (bytes, 0, 126);
  builder_add_metadata (bytes, 13, "fw_config");
  return bytes;
}

/* Signed with @key by whom @thumbprint, 20 bytes, names. */
GByteArray *
builder_capability_by (guint8 device_id_byte,
                       guint16 capability,
                       EVP_PKEY *key,
                       const guint8 *thumbprint)
{
  GByteArray *bytes = start_capability (device_id_byte, capability);
  guint8 *section = memmem (bytes->data, bytes->len, "SG\x18", 4);

  g_assert_nonnull (section);
  memcpy (section + 4, thumbprint, 20);
  builder_sign_with (bytes, key);
  return bytes;
}

GByteArray *
builder_capability (guint8 device_id_byte, guint16 capability)
{
  GByteArray *bytes = start_capability (device_id_byte, capability);
  guint8 key[64];

  builder_sign (bytes, key);
  return bytes;
}

/* For the board whose device ID is @number, in its last eight digits, after zeros. */
GByteArray *
builder_capability_numbered (guint32 number, guint16 capability)
{
  GByteArray *bytes = start_capability (0, capability);
  guint32 digits = GUINT32_TO_BE (number);
  guint8 key[64];

  memcpy (bytes->data + CAPABILITY_ID_END - sizeof digits, &digits, sizeof digits);
  builder_sign (bytes, key);
  return bytes;
}

static void
add_inode (GByteArray *bytes, guint16 mode, guint32 size, const char *name, guint32 offset)
{
  guint32 words = (strlen (name) + 3) / 4;

  builder_add_u16 (bytes, mode);
  builder_add_u16 (bytes, 0);
  builder_add_u32 (bytes, size);
  builder_add_u32 (bytes, words | (offset / 4) << 6);
  add_padded (bytes, name, (gsize) words * 4);
}

/* CRC-32, the slow way. */
static guint32
compute_crc (const guint8 *data, gsize size)
{
  guint32 crc = 0xffffffff;

  for (gsize i = 0; i < size; i++)
    for (guint bit = 0; bit < 8; bit++)
      {
        guint32 low = (crc ^ data[i] >> bit) & 1;

        crc = crc >> 1 ^ (low != 0 ? 0xedb88320 : 0);
      }

  return ~crc;
}

/* A package with app_manifest.json at 4096 and an empty folder before it. */
GByteArray *
builder_package (const char *manifest)
{
  GByteArray *bytes = g_byte_array_new ();
  guint32 crc;
  guint8 key[64];

  builder_add_u32 (bytes, 0x28CD3D45);
  builder_add_u32 (bytes, 2 * PAGE_BYTES);
  add_repeated (bytes, 0, 56);
  add_inode (bytes, 0x41ED, 16 + 32, "", 76);
  add_inode (bytes, 0x41ED, 0, "bin", 0);
  add_inode (bytes, 0x83A4, strlen (manifest), "app_manifest.json", PAGE_BYTES);
  add_repeated (bytes, 0, PAGE_BYTES - bytes->len);
  add_padded (bytes, manifest, PAGE_BYTES);
  crc = GUINT32_TO_LE (compute_crc (bytes->data, bytes->len));
  memcpy (bytes->data + 0x20, &crc, sizeof crc);
  builder_add_metadata (bytes, 10, "Blink");
  builder_sign (bytes, key);
  return bytes;
}
