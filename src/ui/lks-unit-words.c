/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-unit-words.h"

#include "lks-device-id.h"
#include "lks-record-text.h"

#include <glib/gi18n-lib.h>

/**
 * lks_unit_to_title:
 * @unit: a board
 *
 * Returns: (transfer full): which board it is
 */
char *
lks_unit_to_title (const LksUnit *unit)
{
  /* Translators: the last six digits of a device ID */
  return g_strdup_printf (_ ("Board %s"), lks_device_id_get_short (unit->device_id));
}

/**
 * lks_unit_to_state:
 * @unit: a board
 *
 * Returns: (transfer full): its state and system, and whether it was serviced since
 */
char *
lks_unit_to_state (const LksUnit *unit)
{
  const char *state = unit->state != NULL ? unit->state : _ ("unknown state");
  const char *os_version = unit->os_version != NULL ? unit->os_version : _ ("unknown");
  /* Translators: a manufacturing state, and the version of a board's system */
  g_autofree char *text = g_strdup_printf (_ ("%s, system %s"), state, os_version);
  g_autofree char *services = NULL;

  if (unit->n_services == 0)
    return g_steal_pointer (&text);

  services = g_strdup_printf (ngettext ("serviced once since", "serviced %u times since",
                                        (guint) unit->n_services),
                              (guint) unit->n_services);
  /* Translators: what a board is, and how often it was serviced since that was proven */
  return g_strdup_printf (_ ("%s, %s"), text, services);
}

/**
 * lks_unit_to_proof:
 * @unit: a board
 *
 * Returns: (transfer full): when that was proven, by which recipe, where and by whom
 */
char *
lks_unit_to_proof (const LksUnit *unit)
{
  g_autofree char *time = lks_record_format_time (unit->proven_us);

  /* Translators: a time, a recipe, a station and a person */
  return g_strdup_printf (_ ("%s · %s · %s · %s"), time, unit->recipe_name, unit->station,
                          unit->operator_name);
}

/**
 * lks_unit_to_search_text:
 * @unit: a board
 *
 * Returns: (transfer full): everything it can be found by
 */
char *
lks_unit_to_search_text (const LksUnit *unit)
{
  g_autofree char *state = lks_unit_to_state (unit);
  g_autofree char *proof = lks_unit_to_proof (unit);

  return g_strjoin (" ", unit->device_id, state, proof, unit->recipe_hash, NULL);
}
