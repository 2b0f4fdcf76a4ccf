/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <openssl/types.h>

/* Builds images byte by byte, from the published layouts, independent of the parsers. */

#define BUILDER_COMPONENT "11111111-2222-3333-4444-555555555555"
#define BUILDER_IMAGE "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"

void        builder_add_u16      (GByteArray   *bytes,
                                  guint16       value);
void        builder_add_u32      (GByteArray   *bytes,
                                  guint32       value);
void        builder_add_metadata (GByteArray   *bytes,
                                  guint16       image_type,
                                  const char   *name);
void        builder_sign         (GByteArray   *bytes,
                                  guint8       *out_public_key_xy);
void        builder_sign_with    (GByteArray   *bytes,
                                  EVP_PKEY     *key);
GByteArray *builder_capability   (guint8        device_id_byte,
                                  guint16       capability);
GByteArray *builder_capability_by (guint8       device_id_byte,
                                  guint16       capability,
                                  EVP_PKEY     *key,
                                  const guint8 *thumbprint);
GByteArray *builder_capability_numbered (guint32 number,
                                  guint16       capability);
GByteArray *builder_package      (const char   *manifest);
