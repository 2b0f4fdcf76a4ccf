/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksAdapter:
 * @LKS_ADAPTER_UNKNOWN: not looked at yet
 * @LKS_ADAPTER_BOARD: the interface of a board
 * @LKS_ADAPTER_NOT_PROGRAMMED: an FT4232H whose strings are not those of a board
 * @LKS_ADAPTER_NO_PERMISSION: an FT4232H that this user may not open
 * @LKS_ADAPTER_UNREADABLE: an FT4232H that does not tell its strings
 *
 * What is plugged in at a place.
 */
typedef enum {
  LKS_ADAPTER_UNKNOWN,
  LKS_ADAPTER_BOARD,
  LKS_ADAPTER_NOT_PROGRAMMED,
  LKS_ADAPTER_NO_PERMISSION,
  LKS_ADAPTER_UNREADABLE,
} LksAdapter;

#define LKS_TYPE_ADAPTER (lks_adapter_get_type ())
GType lks_adapter_get_type (void);

#define LKS_ADAPTER_VENDOR_ID  0x0403
#define LKS_ADAPTER_PRODUCT_ID 0x6011

/**
 * LksUsbStrings:
 * @manufacturer: (nullable): who made it
 * @product: (nullable): what it is
 * @serial: (nullable): the adapter's serial number, which need not be unique
 *
 * The strings of an adapter as printable UTF-8.
 */
typedef struct {
  char *manufacturer;
  char *product;
  char *serial;
} LksUsbStrings;

void       lks_usb_strings_clear   (LksUsbStrings       *self);
char      *lks_usb_strings_parse   (const guint8        *data,
                                    gsize                size_bytes,
                                    GError             **error) G_GNUC_WARN_UNUSED_RESULT;

LksAdapter lks_adapter_classify    (const LksUsbStrings *strings,
                                    const char *const   *extra_products);
char      *lks_adapter_dup_problem (LksAdapter           self,
                                    const LksUsbStrings *strings,
                                    const char          *node,
                                    const GError        *cause) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
