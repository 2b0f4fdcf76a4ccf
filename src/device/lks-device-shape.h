/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-json.h"

G_BEGIN_DECLS

/**
 * LksDeviceShapeKind:
 * @LKS_FIELD_TEXT: char *
 * @LKS_FIELD_GUID: char *, checked and in lower case
 * @LKS_FIELD_TEXTS: char **, NULL-terminated
 * @LKS_FIELD_FLAG: gboolean
 * @LKS_FIELD_INT: int, within 32 bits
 * @LKS_FIELD_UINT: guint, within 32 bits or @max
 * @LKS_FIELD_INT64: gint64, not negative
 * @LKS_FIELD_UINT64: guint64
 * @LKS_FIELD_WORD: an enum, and at @text_offset the char * with the word as received
 * @LKS_FIELD_RECORD: another record inside the same struct, at @offset
 * @LKS_FIELD_LIST: GPtrArray * of another record
 *
 * What a member of an answer is, and the type of the field that takes it.
 */
typedef enum {
  LKS_FIELD_TEXT,
  LKS_FIELD_GUID,
  LKS_FIELD_TEXTS,
  LKS_FIELD_FLAG,
  LKS_FIELD_INT,
  LKS_FIELD_UINT,
  LKS_FIELD_INT64,
  LKS_FIELD_UINT64,
  LKS_FIELD_WORD,
  LKS_FIELD_RECORD,
  LKS_FIELD_LIST,
} LksDeviceShapeKind;

typedef struct _LksDeviceShape LksDeviceShape;

/**
 * LksDeviceShapeField:
 * @member: the member's name; NULL ends the list
 * @is_optional: whether it may be absent or null; the field then keeps its zero,
 *   and a LIST is empty
 * @max: for UINT, the largest value accepted; 0 for 32 bits
 * @text_offset: for WORD
 * @has_offset: when not 0, a gboolean that tells whether the member was there
 * @enum_type: for WORD
 * @record: for RECORD and LIST
 */
typedef struct {
  const char *member;
  LksDeviceShapeKind kind;
  gsize offset;
  gboolean is_optional;
  guint32 max;
  gsize text_offset;
  gsize has_offset;
  GType (*enum_type) (void);
  const LksDeviceShape *record;
} LksDeviceShapeField;

/**
 * LksDeviceShape:
 * @size: of the struct
 * @free_func: frees one; calls lks_device_shape_clear()
 * @fields: ends with a NULL member
 *
 * How a JSON object becomes a struct. Members that are not named are ignored, and their order
 * does not matter; those that are named must have the right type.
 */
struct _LksDeviceShape {
  gsize size;
  GDestroyNotify free_func;
  const LksDeviceShapeField *fields;
};

#define LKS_FIELD(Type, kind_, member_, field_, ...) \
  { .member = member_, .kind = LKS_FIELD_##kind_, .offset = G_STRUCT_OFFSET (Type, field_), \
    __VA_ARGS__ }
#define LKS_FIELD_WORD_OF(Type, member_, field_, enum_type_, ...) \
  { .member = member_, .kind = LKS_FIELD_WORD, .offset = G_STRUCT_OFFSET (Type, field_), \
    .text_offset = G_STRUCT_OFFSET (Type, field_##_text), .enum_type = enum_type_, __VA_ARGS__ }
#define LKS_FIELD_END { .member = NULL }

gpointer lks_device_shape_new   (const LksDeviceShape  *record,
                           LksJson          *json,
                           JsonObject       *object,
                           GError          **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean lks_device_shape_read  (const LksDeviceShape  *record,
                           LksJson          *json,
                           JsonObject       *object,
                           gpointer          base,
                           GError          **error);
void     lks_device_shape_clear (const LksDeviceShape  *record,
                           gpointer          base);
void     lks_device_shape_free  (const LksDeviceShape  *record,
                           gpointer          base);

G_END_DECLS
