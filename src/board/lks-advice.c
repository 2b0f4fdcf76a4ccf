/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-advice.h"

#include "lks-board.h"
#include "lks-cursor.h"
#include "lks-device-error.h"
#include "lks-device-number.h"
#include "lks-enums.h"
#include "lks-usb-error.h"

#include <gio/gio.h>
#include <string.h>

static const char *
advise_on_usb (LksUsbError code)
{
  switch (code)
    {
    case LKS_USB_ERROR_IO:
      return "Unplug the board and plug it in again; then try another cable, another port, or a "
             "hub with its own power supply.";
    case LKS_USB_ERROR_NO_DEVICE:
      return "Plug the board in again.";
    case LKS_USB_ERROR_DENIED:
      return "Install the udev rule that comes with Locksmith, then unplug the board and plug it "
             "in again.";
    case LKS_USB_ERROR_BUSY:
      return "Close the other program that talks to this board, such as the vendor's device "
             "communication service or an IDE.";
    }
  return NULL;
}

static const char *
advise_on_board (LksBoardError code)
{
  switch (code)
    {
    case LKS_BOARD_ERROR_IDENTITY:
      return "Do not change anything on this board. Unplug it, plug it in again, and set it aside "
             "if the message comes back.";
    case LKS_BOARD_ERROR_DUPLICATE:
      return "Two places must never show one board. Unplug both, plug in one after the other, and "
             "set the boards aside if both still show the same ID.";
    case LKS_BOARD_ERROR_NOT_READY:
      return "Wait until the board answers, or unplug it and plug it in again.";
    case LKS_BOARD_ERROR_NOT_PROGRAMMED:
      return "If this is a board, write the vendor's strings into the adapter's memory, or name "
             "its product string in Locksmith's settings.";
    }
  return NULL;
}

static const char *
advise_on_refusal (void)
{
  return "The board is locked for this. Start a servicing session with a capability for exactly "
         "this board; if one is running, check that its file is for this device ID.";
}

static const char *
advise_on_device (const GError *error)
{
  guint32 number;
  const char *advice =
      lks_device_error_get_number (error, &number) ? lks_device_number_get_advice (number) : NULL;

  if (advice != NULL)
    return advice;

  switch ((LksDeviceError) error->code)
    {
    case LKS_DEVICE_ERROR_UNREACHABLE:
    case LKS_DEVICE_ERROR_TIMED_OUT:
      return "Wait one or two minutes: a board that starts or updates itself does not answer. Then "
             "press its reset button, or unplug it and plug it in again.";
    case LKS_DEVICE_ERROR_UNTRUSTED:
      return "What answers does not show a board's certificate. If you trust it, put the "
             "certificate of its issuer into the folder locksmith/trust.d of your configuration, "
             "and check this computer's clock.";
    case LKS_DEVICE_ERROR_LOST:
      return "The board restarted or was unplugged in between. Read its status again before "
             "repeating anything.";
    case LKS_DEVICE_ERROR_BAD_ANSWER:
      return "Read the status again. If the board keeps answering like this, restart it, and set "
             "it aside if that does not help.";
    case LKS_DEVICE_ERROR_REFUSED:
      return advise_on_refusal ();
    case LKS_DEVICE_ERROR_NOT_FOUND:
    case LKS_DEVICE_ERROR_UNSUPPORTED:
      return "The board's system is too old for this; update it.";
    case LKS_DEVICE_ERROR_BUSY:
      return "Wait a moment and try again.";
    case LKS_DEVICE_ERROR_REJECTED:
      return "Look at the message: the board says what it does not accept.";
    case LKS_DEVICE_ERROR_INTERNAL:
      return "Restart the board and try again. If it fails once more, fetch its log.";
    case LKS_DEVICE_ERROR_INVALID_ARGUMENT:
      return "Correct the value and try again; nothing was sent to the board.";
    }
  return NULL;
}

static const char *
advise_on_parse (LksParseError code)
{
  switch (code)
    {
    case LKS_PARSE_ERROR_TRUNCATED:
      return "Get a complete copy of the file, then try again.";
    case LKS_PARSE_ERROR_UNSUPPORTED:
    case LKS_PARSE_ERROR_TOO_LARGE:
      return "Choose another file; a newer Locksmith may know this one.";
    case LKS_PARSE_ERROR_INVALID:
      break;
    }
  return "Correct the file at the place the message names, then try again.";
}

static const char *
advise_on_io (int code)
{
  if (code == G_IO_ERROR_CANCELLED)
    return "Start it again when you are ready.";
  if (code == G_IO_ERROR_NOT_CONNECTED)
    return "Plug the board in again.";
  if (code == G_IO_ERROR_TIMED_OUT || code == G_IO_ERROR_CONNECTION_REFUSED)
    return "Wait until the board has started, then try again.";
  if (code == G_IO_ERROR_NO_SPACE)
    return "Make room on the disk and try again.";
  if (code == G_IO_ERROR_PERMISSION_DENIED)
    return "Change the permissions, or choose a place that this user may write to.";
  return NULL;
}

/**
 * lks_advice_for_error:
 * @error: an error of any room
 *
 * The one place where errors become a next step for the operator.
 *
 * Returns: (transfer none): what to do now, as an English sentence
 */
const char *
lks_advice_for_error (const GError *error)
{
  const char *advice = NULL;

  if (error->domain == LKS_USB_ERROR)
    advice = advise_on_usb ((LksUsbError) error->code);
  else if (error->domain == LKS_BOARD_ERROR)
    advice = advise_on_board ((LksBoardError) error->code);
  else if (error->domain == LKS_DEVICE_ERROR)
    advice = advise_on_device (error);
  else if (error->domain == G_IO_ERROR)
    advice = advise_on_io (error->code);
  else if (error->domain == LKS_PARSE_ERROR)
    advice = advise_on_parse ((LksParseError) error->code);

  return advice != NULL ? advice : "Look at the message, correct the cause and try again.";
}

static const char *
name_parse_error (int code)
{
  switch ((LksParseError) code)
    {
    case LKS_PARSE_ERROR_TRUNCATED:
      return "truncated";
    case LKS_PARSE_ERROR_INVALID:
      return "invalid";
    case LKS_PARSE_ERROR_UNSUPPORTED:
      return "unsupported";
    case LKS_PARSE_ERROR_TOO_LARGE:
      return "too-large";
    }
  return "unknown";
}

/* A domain that carries more than a message has the name of its type: "LksCloudError" is "cloud".
 */
static char *
dup_type_domain_name (const char *type_name)
{
  GString *name = g_string_new (NULL);
  const char *end = type_name + strlen (type_name) - strlen ("Error");

  for (const char *c = type_name + strlen ("Lks"); c < end; c++)
    {
      if (g_ascii_isupper (*c) && name->len > 0)
        g_string_append_c (name, '-');
      g_string_append_c (name, g_ascii_tolower (*c));
    }
  return g_string_free (name, FALSE);
}

/* Rooms above this one have domains, too: "lks-run-error" is "run". */
static char *
dup_domain_name (GQuark domain)
{
  g_auto (GStrv) words = NULL;
  g_autoptr (GString) name = g_string_new (NULL);
  const char *text = g_quark_to_string (domain);

  if (domain == LKS_USB_ERROR)
    return g_strdup ("usb");
  if (domain == LKS_DEVICE_ERROR)
    return g_strdup ("device");
  if (domain == G_IO_ERROR)
    return g_strdup ("io");

  if (g_str_has_prefix (text, "Lks") && g_str_has_suffix (text, "Error"))
    return dup_type_domain_name (text);

  words = g_strsplit_set (text, "-_", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (words[i][0] == '\0' || g_str_equal (words[i], "lks") || g_str_equal (words[i], "error") ||
          g_str_equal (words[i], "quark"))
        continue;
      if (name->len > 0)
        g_string_append_c (name, '-');
      g_string_append (name, words[i]);
    }
  return g_string_free (g_steal_pointer (&name), FALSE);
}

/* The enum of a domain has the domain's name: "run" belongs to LksRunError. It exists once
 * somebody has used it. */
static GType
find_code_type (GQuark domain, const char *domain_name)
{
  g_autoptr (GString) type_name = g_string_new ("Lks");
  gboolean is_start = TRUE;

  if (domain == LKS_USB_ERROR)
    return LKS_TYPE_USB_ERROR;
  if (domain == LKS_DEVICE_ERROR)
    return LKS_TYPE_DEVICE_ERROR;
  if (domain == LKS_BOARD_ERROR)
    return LKS_TYPE_BOARD_ERROR;
  if (domain == G_IO_ERROR)
    return G_TYPE_IO_ERROR_ENUM;

  for (const char *c = domain_name; *c != '\0'; c++)
    {
      if (*c != '-')
        g_string_append_c (type_name, is_start ? g_ascii_toupper (*c) : *c);
      is_start = *c == '-';
    }
  g_string_append (type_name, "Error");
  return g_type_from_name (type_name->str);
}

static char *
dup_code_name (const GError *error, const char *domain_name)
{
  GType type = find_code_type (error->domain, domain_name);

  if (error->domain == LKS_PARSE_ERROR)
    return g_strdup (name_parse_error (error->code));
  if (type == 0 || !G_TYPE_IS_ENUM (type))
    return g_strdup_printf ("%d", error->code);
  return g_strdup (lks_enum_to_nick (type, error->code));
}

static void
add_text (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

/**
 * lks_advice_to_json:
 * @error: (nullable): an error of any room
 *
 * Tells an error as the command line's contract wants it: domain, code, message, advice, and
 * what a board answered beside it.
 *
 * Returns: (transfer full): an object, or a JSON null for %NULL
 */
JsonNode *
lks_advice_to_json (const GError *error)
{
  g_autoptr (JsonBuilder) builder = NULL;
  g_autofree char *domain = NULL;
  g_autofree char *code = NULL;
  guint32 number;

  if (error == NULL)
    return json_node_new (JSON_NODE_NULL);

  builder = json_builder_new ();
  domain = dup_domain_name (error->domain);
  code = dup_code_name (error, domain);
  json_builder_begin_object (builder);
  add_text (builder, "domain", domain);
  add_text (builder, "code", code);
  add_text (builder, "message", error->message);
  add_text (builder, "advice", lks_advice_for_error (error));
  if (lks_device_error_get_http_status (error) != 0)
    {
      json_builder_set_member_name (builder, "httpStatus");
      json_builder_add_int_value (builder, lks_device_error_get_http_status (error));
    }
  if (lks_device_error_get_number (error, &number))
    {
      json_builder_set_member_name (builder, "number");
      json_builder_add_int_value (builder, number);
    }
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}
