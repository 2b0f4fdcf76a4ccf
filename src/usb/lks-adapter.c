/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-adapter.h"

#include "lks-usb-error.h"

#include <gio/gio.h>

/* The strings the vendor publishes for the interface's EEPROM (Azure Sphere documentation,
 * "MCU programming and debugging interface"). The product string alone decides: vendor and
 * product numbers are FTDI's defaults and stand on many other adapters. */
#define BOARD_PRODUCT "MSFT MT3620 Std Interface"

#define STRING_DESCRIPTOR_TYPE 3
#define STRING_DESCRIPTOR_HEADER 2

#define RULE_FILE "70-locksmith.rules"

G_DEFINE_ENUM_TYPE (LksAdapter,
                    lks_adapter,
                    G_DEFINE_ENUM_VALUE (LKS_ADAPTER_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_ADAPTER_BOARD, "board"),
                    G_DEFINE_ENUM_VALUE (LKS_ADAPTER_NOT_PROGRAMMED, "not-programmed"),
                    G_DEFINE_ENUM_VALUE (LKS_ADAPTER_NO_PERMISSION, "no-permission"),
                    G_DEFINE_ENUM_VALUE (LKS_ADAPTER_UNREADABLE, "unreadable"))

/**
 * lks_usb_strings_clear:
 * @self: strings
 *
 * Frees what @self holds and leaves it empty.
 */
void
lks_usb_strings_clear (LksUsbStrings *self)
{
  g_clear_pointer (&self->manufacturer, g_free);
  g_clear_pointer (&self->product, g_free);
  g_clear_pointer (&self->serial, g_free);
}

/**
 * lks_usb_strings_parse:
 * @data: a string descriptor as received
 * @size_bytes: how much was received
 * @error: return location for an error
 *
 * Turns a string descriptor into UTF-8. Characters that cannot be printed become U+FFFD, so
 * that a hostile adapter cannot steer a terminal. Pure; any thread.
 *
 * Source: USB 2.0 specification, 9.6.7.
 *
 * Returns: (transfer full) (nullable): the text, or NULL with `LKS_USB_ERROR_IO`
 */
char *
lks_usb_strings_parse (const guint8 *data, gsize size_bytes, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (size_bytes < STRING_DESCRIPTOR_HEADER || data[0] < STRING_DESCRIPTOR_HEADER ||
      data[0] > size_bytes || data[0] % 2 != 0 || data[1] != STRING_DESCRIPTOR_TYPE)
    {
      g_set_error (error, LKS_USB_ERROR, LKS_USB_ERROR_IO,
                   "The adapter sent a broken string descriptor of %" G_GSIZE_FORMAT " bytes",
                   size_bytes);
      return NULL;
    }

  for (gsize i = STRING_DESCRIPTOR_HEADER; i < data[0]; i += 2)
    {
      gunichar unit = (gunichar) (data[i] | data[i + 1] << 8);

      /* Adapters have plain text; half a surrogate pair is no character. */
      g_string_append_unichar (text, g_unichar_validate (unit) && g_unichar_isprint (unit)
                                         ? unit
                                         : 0xfffd);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * lks_adapter_classify:
 * @strings: what the adapter calls itself
 * @extra_products: (nullable) (array zero-terminated=1): product strings that also mean a
 *   board, chosen by the operator
 *
 * Returns: `LKS_ADAPTER_BOARD` or `LKS_ADAPTER_NOT_PROGRAMMED`
 */
LksAdapter
lks_adapter_classify (const LksUsbStrings *strings, const char *const *extra_products)
{
  if (g_strcmp0 (strings->product, BOARD_PRODUCT) == 0)
    return LKS_ADAPTER_BOARD;

  if (strings->product != NULL && extra_products != NULL &&
      g_strv_contains (extra_products, strings->product))
    return LKS_ADAPTER_BOARD;

  return LKS_ADAPTER_NOT_PROGRAMMED;
}

/**
 * lks_adapter_dup_problem:
 * @self: what the adapter is
 * @strings: what the adapter calls itself
 * @node: the device file, for the person who may not open it
 * @cause: (nullable): why its strings could not be read
 *
 * Says in English why there is no board to work with and what to do next.
 *
 * Returns: (transfer full) (nullable): sentences, or NULL when nothing is wrong
 */
char *
lks_adapter_dup_problem (LksAdapter self,
                         const LksUsbStrings *strings,
                         const char *node,
                         const GError *cause)
{
  switch (self)
    {
    case LKS_ADAPTER_NOT_PROGRAMMED:
      return g_strdup_printf (
          "The adapter calls itself “%s” by “%s” instead of “" BOARD_PRODUCT "” by “Microsoft”: "
          "its EEPROM is not programmed as a board's interface. Program it with the vendor's "
          "published contents, or add its product string to the known ones if it is a board.",
          strings->product != NULL ? strings->product : "(no name)",
          strings->manufacturer != NULL ? strings->manufacturer : "(no name)");
    case LKS_ADAPTER_NO_PERMISSION:
      return g_strdup_printf (
          "This user may not open %s. Install Locksmith's udev rule from its data folder "
          "(sudo install -m 644 data/" RULE_FILE " /etc/udev/rules.d/ && sudo udevadm control "
          "--reload) and plug the board in again. With the rule in place, an adapter that stays "
          "closed is not programmed as a board's interface.",
          node);
    case LKS_ADAPTER_UNREADABLE:
      return g_strdup_printf ("The adapter does not tell what it is: %s. Plug the board in again, "
                              "with another cable or at another socket if that does not help.",
                              cause != NULL ? cause->message : "no reason known");
    case LKS_ADAPTER_UNKNOWN:
    case LKS_ADAPTER_BOARD:
      break;
    }

  return NULL;
}
