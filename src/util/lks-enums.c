/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-enums.h"

/**
 * lks_enum_to_nick:
 * @enum_type: a registered enum
 * @value: a value of it
 *
 * Nicks are the only spelling of an enum in JSON, settings, actions and logs.
 *
 * Returns: (transfer none): the nick, "unknown" for a value that is not a member
 */
const char *
lks_enum_to_nick (GType enum_type, int value)
{
  g_autoptr (GTypeClass) enum_class = g_type_class_ref (enum_type);
  const GEnumValue *found = g_enum_get_value (G_ENUM_CLASS (enum_class), value);

  return found != NULL ? found->value_nick : "unknown";
}

/**
 * lks_enum_from_nick:
 * @enum_type: a registered enum
 * @nick: (nullable): what claims to be one of its nicks
 * @out_value: (out): the value, written only on success
 *
 * Returns: whether @nick is one of the enum's nicks, spelled exactly so
 */
gboolean
lks_enum_from_nick (GType enum_type, const char *nick, int *out_value)
{
  g_autoptr (GTypeClass) enum_class = g_type_class_ref (enum_type);
  const GEnumValue *found =
      nick != NULL ? g_enum_get_value_by_nick (G_ENUM_CLASS (enum_class), nick) : NULL;

  if (found == NULL)
    return FALSE;

  *out_value = found->value;
  return TRUE;
}
