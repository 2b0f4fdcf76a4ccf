/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-cloud-route-report.h"

#include "lks-cli-output.h"
#include "lks-cli.h"
#include "lks-device-id.h"
#include "lks-enums.h"
#include "lks-json.h"

#include <stdio.h>

#define DIGITS_SHOWN 20
#define STATE_COLUMNS 8

/* ---- what was packed ---- */

/**
 * lks_cli_route_get_subject:
 * @event: what became of one thing
 *
 * Returns: (transfer none): what it is about, as it is: which one, or what kind of thing
 */
const char *
lks_cli_route_get_subject (const LksRouteEvent *event)
{
  return event->subject != NULL ? event->subject
                                : lks_enum_to_nick (LKS_TYPE_ROUTE_THING, (int) event->thing);
}

/**
 * lks_cli_route_print_event:
 * @event: what became of one thing
 *
 * Prints it on stdout, and on stderr why it failed.
 */
void
lks_cli_route_print_event (const LksRouteEvent *event)
{
  g_autofree char *subject = lks_cli_clean (lks_cli_route_get_subject (event));

  if (event->device_id != NULL)
    printf ("…%s  ", event->device_id + LKS_DEVICE_ID_DIGITS - DIGITS_SHOWN);
  printf ("%s: %s\n", subject, lks_enum_to_nick (LKS_TYPE_ROUTE_RESULT, (int) event->result));
}

/**
 * lks_cli_route_event_to_object:
 * @event: what became of one thing
 *
 * Returns: (transfer full): the same for a program
 */
JsonObject *
lks_cli_route_event_to_object (const LksRouteEvent *event)
{
  JsonObject *object = json_object_new ();

  lks_json_set_text (object, "deviceId", event->device_id);
  json_object_set_string_member (object, "thing",
                                 lks_enum_to_nick (LKS_TYPE_ROUTE_THING, (int) event->thing));
  lks_json_set_text (object, "subject", event->subject);
  json_object_set_string_member (object, "result",
                                 lks_enum_to_nick (LKS_TYPE_ROUTE_RESULT, (int) event->result));
  json_object_set_member (object, "error", lks_cli_error_to_json (event->error));
  return object;
}

/* ---- what is there ---- */

static gboolean
concerns (const LksRouteFinding *finding, const char *device_id)
{
  return g_strcmp0 (finding->device_id, device_id) == 0;
}

static void
print_findings (GPtrArray *findings, const char *device_id, const char *indent)
{
  for (guint i = 0; i < findings->len; i++)
    {
      const LksRouteFinding *finding = g_ptr_array_index (findings, i);
      g_autofree char *subject = finding->subject != NULL ? lks_cli_clean (finding->subject) : NULL;

      if (!concerns (finding, device_id))
        continue;
      printf ("%s%-*s %s%s%s\n", indent, STATE_COLUMNS,
              lks_enum_to_nick (LKS_TYPE_ROUTE_STATE, (int) finding->state), finding->note,
              subject != NULL ? " " : "", subject != NULL ? subject : "");
      if (finding->advice != NULL)
        printf ("%s%*s %s\n", indent, STATE_COLUMNS, "", finding->advice);
    }
}

/**
 * lks_cli_route_print:
 * @route: a route
 * @findings: (element-type LksRouteFinding): of lks_route_check()
 *
 * Prints the report "ready to leave?".
 */
void
lks_cli_route_print (const LksRoute *route, GPtrArray *findings)
{
  print_findings (findings, NULL, "");
  for (guint i = 0; i < route->devices->len; i++)
    {
      const char *id = ((const LksRouteDevice *) g_ptr_array_index (route->devices, i))->device_id;

      printf ("…%s  %s\n", id + LKS_DEVICE_ID_DIGITS - DIGITS_SHOWN,
              lks_enum_to_nick (LKS_TYPE_ROUTE_STATE, (int) lks_route_judge_device (findings, id)));
      print_findings (findings, id, "  ");
    }
  puts (lks_route_is_ready (findings) ? "Ready to leave: yes" : "Ready to leave: NO");
}

/**
 * lks_cli_route_findings_to_array:
 * @findings: (element-type LksRouteFinding): of lks_route_check()
 * @device_id: (nullable): which device, NULL for what is for all
 *
 * Returns: (transfer full): what was found about it
 */
JsonArray *
lks_cli_route_findings_to_array (GPtrArray *findings, const char *device_id)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < findings->len; i++)
    {
      const LksRouteFinding *finding = g_ptr_array_index (findings, i);
      JsonObject *object;

      if (!concerns (finding, device_id))
        continue;
      object = json_object_new ();
      json_object_set_string_member (object, "thing",
                                     lks_enum_to_nick (LKS_TYPE_ROUTE_THING, (int) finding->thing));
      json_object_set_string_member (object, "state",
                                     lks_enum_to_nick (LKS_TYPE_ROUTE_STATE, (int) finding->state));
      lks_json_set_text (object, "subject", finding->subject);
      json_object_set_string_member (object, "note", finding->note);
      lks_json_set_text (object, "advice", finding->advice);
      json_array_add_object_element (array, object);
    }
  return array;
}

/**
 * lks_cli_route_to_array:
 * @route: a route
 * @findings: (element-type LksRouteFinding): of lks_route_check()
 *
 * Returns: (transfer full): one row for each device
 */
JsonArray *
lks_cli_route_to_array (const LksRoute *route, GPtrArray *findings)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < route->devices->len; i++)
    {
      const LksRouteDevice *device = g_ptr_array_index (route->devices, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "deviceId", device->device_id);
      lks_json_set_text (object, "product", device->product);
      lks_json_set_text (object, "group", device->group);
      lks_json_set_text (object, "osVersion", device->os_version);
      json_object_set_string_member (
          object, "state",
          lks_enum_to_nick (LKS_TYPE_ROUTE_STATE,
                            (int) lks_route_judge_device (findings, device->device_id)));
      json_object_set_array_member (object, "findings",
                                    lks_cli_route_findings_to_array (findings, device->device_id));
      json_array_add_object_element (array, object);
    }
  return array;
}
