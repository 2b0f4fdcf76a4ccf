/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-settings.h"

#define SETTINGS_SCHEMA "io.github.locksmith.Locksmith"
/* The newest key that is used here: an older schema, left over from another installation, lacks it,
 * and asking for a key that is not there ends the program. */
#define SETTINGS_NEWEST_KEY "session-minutes"

/**
 * lks_cli_open_settings:
 *
 * The window's preferences count here, too.
 *
 * Returns: (transfer full) (nullable): them, or NULL without their schema, which a minimal
 *   installation may lack
 */
GSettings *
lks_cli_open_settings (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
      source != NULL ? g_settings_schema_source_lookup (source, SETTINGS_SCHEMA, TRUE) : NULL;

  if (schema == NULL || !g_settings_schema_has_key (schema, SETTINGS_NEWEST_KEY))
    return NULL;
  return g_settings_new_full (schema, NULL, NULL);
}
