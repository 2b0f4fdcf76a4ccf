/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-app-control.h"

#include "lks-device-error.h"
#include "lks-enums.h"
#include "lks-service-check-private.h"
#include "lks-service-error.h"
#include "lks-wait.h"

#define POLL_MS 250
#define STATE_LIMIT_US (10 * G_USEC_PER_SEC)

#define NUMBER_NO_DEBUGGER 3145738
#define NUMBER_CANNOT_START_DEBUG 14680075

static LksAppState
get_wanted (LksAppTrigger trigger)
{
  switch (trigger)
    {
    case LKS_APP_TRIGGER_START:
      return LKS_APP_STATE_RUNNING;
    case LKS_APP_TRIGGER_START_DEBUG:
      return LKS_APP_STATE_DEBUGGING;
    case LKS_APP_TRIGGER_STOP:
      break;
    }

  return LKS_APP_STATE_STOPPED;
}

static void
explain (GError **error)
{
  guint32 number;

  if (error == NULL || !lks_device_error_get_number (*error, &number))
    return;

  if (number == NUMBER_NO_DEBUGGER)
    g_prefix_error (error,
                    "the debug server is not installed; enabling development installs it, or "
                    "its package can be sideloaded: ");
  else if (number == NUMBER_CANNOT_START_DEBUG)
    g_prefix_error (error, "the debug server cannot start; maybe it debugs another application: ");
}

/* Asks until the state is what it should be. A program that ends at once is not one that did not
 * start: the board told that it had. */
static gboolean
await_state (LksDevice *device,
             const char *component_id,
             LksAppState wanted,
             GCancellable *cancellable,
             GError **error)
{
  gint64 deadline_us = g_get_monotonic_time () + STATE_LIMIT_US;

  for (;;)
    {
      g_autoptr (LksAppStatus) status =
          lks_device_get_app_status (device, component_id, cancellable, error);

      if (status == NULL)
        return FALSE;
      if (status->state == wanted)
        return TRUE;
      if (g_get_monotonic_time () >= deadline_us)
        {
          g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED,
                       "the board agreed, and says “%s” afterwards instead of “%s”",
                       status->state_text, lks_enum_to_nick (LKS_TYPE_APP_STATE, (int) wanted));
          return FALSE;
        }
      if (!lks_wait_ms (POLL_MS, cancellable, error))
        return FALSE;
    }
}

/**
 * lks_app_trigger:
 * @device: a board
 * @component_id: an application
 * @trigger: what it shall do
 * @cancellable: (nullable): a cancellable
 * @error: return location for [error@Lks.DeviceError], %LKS_SERVICE_ERROR_NOT_APPLIED or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Starts an application, stops it, or starts it under the debug server, and asks the board whether
 * it did. Blocks; worker threads only.
 *
 * Returns: (transfer full): what the board answered, with the two ports when debugging
 */
LksAppStatus *
lks_app_trigger (LksDevice *device,
                 const char *component_id,
                 LksAppTrigger trigger,
                 GCancellable *cancellable,
                 GError **error)
{
  GError *local = NULL;
  g_autoptr (LksAppStatus) status =
      lks_device_set_app_status (device, component_id, trigger, cancellable, &local);

  if (status == NULL)
    {
      explain (&local);
      g_propagate_error (error, local);
      return NULL;
    }

  return await_state (device, component_id, get_wanted (trigger), cancellable, error)
             ? g_steal_pointer (&status)
             : NULL;
}

/* The debug server is an application, but nobody means it. */
static gboolean
is_meant (const LksSoftwareItem *item, const char *name_or_id)
{
  if (!lks_software_item_is_app (item))
    return FALSE;
  if (name_or_id == NULL)
    return !lks_software_item_is_debugger (item);

  return g_ascii_strcasecmp (item->component_id, name_or_id) == 0 ||
         g_str_equal (item->name, name_or_id);
}

/**
 * lks_app_find:
 * @software: what is installed
 * @name_or_id: (nullable): an application, by component ID or name; %NULL for the only one
 * @error: return location for %LKS_SERVICE_ERROR_INVALID
 *
 * Returns: (transfer full): the component ID of the application that is meant, or NULL with @error
 *   set when there is none or more than one
 */
char *
lks_app_find (const LksSoftware *software, const char *name_or_id, GError **error)
{
  g_autoptr (GString) candidates = g_string_new (NULL);
  const LksSoftwareItem *found = NULL;
  guint n_found = 0;

  for (guint i = 0; i < software->items->len; i++)
    {
      const LksSoftwareItem *item = g_ptr_array_index (software->items, i);

      if (!is_meant (item, name_or_id))
        continue;
      g_string_append_printf (candidates, "%s%s (%s)", n_found == 0 ? "" : ", ", item->name,
                              item->component_id);
      found = item;
      n_found++;
    }

  if (!lks_service_check (n_found > 0, error,
                          name_or_id != NULL ? "no application “%s” is installed"
                                             : "no application is installed%s",
                          name_or_id != NULL ? name_or_id : "") ||
      !lks_service_check (n_found == 1, error, "several applications could be meant: %s",
                          candidates->str))
    return NULL;

  return g_strdup (found->component_id);
}
