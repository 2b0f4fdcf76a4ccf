/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LksParseError:
 * @LKS_PARSE_ERROR_TRUNCATED: the bytes end before the value does
 * @LKS_PARSE_ERROR_INVALID: the bytes cannot be what they claim to be
 * @LKS_PARSE_ERROR_UNSUPPORTED: well formed, but of a kind or version not known here
 * @LKS_PARSE_ERROR_TOO_LARGE: larger than the stated ceiling
 *
 * Why bytes or text from outside could not be read.
 */
typedef enum {
  LKS_PARSE_ERROR_TRUNCATED,
  LKS_PARSE_ERROR_INVALID,
  LKS_PARSE_ERROR_UNSUPPORTED,
  LKS_PARSE_ERROR_TOO_LARGE,
} LksParseError;

#define LKS_PARSE_ERROR (lks_parse_error_quark ())
GQuark lks_parse_error_quark (void);

/**
 * LksCursor:
 *
 * Reads bytes that came from outside. Every read is checked against the received length;
 * a failed read sets an error, leaves its out-parameter alone and does not move.
 */
typedef struct {
  const guint8 *data; /* (unowned) never NULL */
  gsize size;
  gsize pos; /* invariant: pos <= size */
} LksCursor;

void     lks_cursor_init        (LksCursor      *self,
                                 gconstpointer   data,
                                 gsize           size_bytes);
void     lks_cursor_init_bytes  (LksCursor      *self,
                                 GBytes         *bytes);

gsize    lks_cursor_get_left    (const LksCursor *self);

gboolean lks_cursor_seek        (LksCursor      *self,
                                 gsize           offset_bytes,
                                 GError        **error);
gboolean lks_cursor_skip        (LksCursor      *self,
                                 gsize           length_bytes,
                                 GError        **error);
gboolean lks_cursor_read        (LksCursor      *self,
                                 gsize           length_bytes,
                                 const guint8  **out_start,
                                 GError        **error);
gboolean lks_cursor_read_u8     (LksCursor      *self,
                                 guint8         *out_value,
                                 GError        **error);
gboolean lks_cursor_read_u16le  (LksCursor      *self,
                                 guint16        *out_value,
                                 GError        **error);
gboolean lks_cursor_read_u32le  (LksCursor      *self,
                                 guint32        *out_value,
                                 GError        **error);
gboolean lks_cursor_read_u64le  (LksCursor      *self,
                                 guint64        *out_value,
                                 GError        **error);
gboolean lks_cursor_read_u16be  (LksCursor      *self,
                                 guint16        *out_value,
                                 GError        **error);
gboolean lks_cursor_read_u32be  (LksCursor      *self,
                                 guint32        *out_value,
                                 GError        **error);
gboolean lks_cursor_read_text   (LksCursor      *self,
                                 gsize           field_bytes,
                                 char          **out_text,
                                 GError        **error);
gboolean lks_cursor_read_sub    (LksCursor      *self,
                                 gsize           length_bytes,
                                 LksCursor      *out_sub,
                                 GError        **error);
gboolean lks_cursor_finish      (const LksCursor *self,
                                 GError        **error);

G_END_DECLS
