/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-route-text.h"

#include "lks-attached.h"
#include "lks-device-id.h"
#include "lks-error-text.h"

#include <glib/gi18n-lib.h>

/**
 * lks_sign_for_route_state:
 * @state: how a thing of a route stands
 *
 * Returns: its sign
 */
LksSign
lks_sign_for_route_state (LksRouteState state)
{
  switch (state)
    {
    case LKS_ROUTE_STATE_THERE:
      return (LksSign){ "lks-pass-symbolic", _ ("There"), "", LKS_TONE_GOOD };
    case LKS_ROUTE_STATE_MIND:
      return (LksSign){ "lks-warning-symbolic", _ ("Worth knowing"), "", LKS_TONE_WARNING };
    case LKS_ROUTE_STATE_MISSING:
      break;
    }
  return (LksSign){ "lks-fail-symbolic", _ ("Missing"), "", LKS_TONE_BAD };
}

/**
 * lks_sign_for_route_result:
 * @result: what became of a thing
 *
 * Returns: its sign
 */
LksSign
lks_sign_for_route_result (LksRouteResult result)
{
  switch (result)
    {
    case LKS_ROUTE_RESULT_FETCHED:
      return (LksSign){ "lks-pass-symbolic", _ ("Fetched"), "", LKS_TONE_GOOD };
    case LKS_ROUTE_RESULT_KEPT:
      return (LksSign){ "lks-skipped-symbolic", _ ("There already"), "", LKS_TONE_PLAIN };
    case LKS_ROUTE_RESULT_FAILED:
      break;
    }
  return (LksSign){ "lks-fail-symbolic", _ ("Failed"), "", LKS_TONE_BAD };
}

/**
 * lks_route_thing_to_title:
 * @thing: a thing of a route
 *
 * Returns: what it is called
 */
const char *
lks_route_thing_to_title (LksRouteThing thing)
{
  switch (thing)
    {
    case LKS_ROUTE_THING_VAULT:
      return _ ("Vault");
    case LKS_ROUTE_THING_DEVICE:
      return _ ("Board");
    case LKS_ROUTE_THING_CAPABILITY:
      return _ ("Capability");
    case LKS_ROUTE_THING_IMAGES:
    case LKS_ROUTE_THING_IMAGE:
      return _ ("Image");
    case LKS_ROUTE_THING_OS_VERSIONS:
      return _ ("List of OS Versions");
    case LKS_ROUTE_THING_KEYSTORE:
      break;
    }
  return _ ("Trusted Keystore");
}

/**
 * lks_route_device_to_title:
 * @device_id: a device of a route
 *
 * Returns: (transfer full): what its row is called
 */
char *
lks_route_device_to_title (const char *device_id)
{
  g_autoptr (LksAttached) attached = lks_attached_ref_default ();
  const char *place = lks_attached_get_place (attached, device_id);
  const char *end = lks_device_id_get_short (device_id);

  /* Translators: the last digits of a device ID, and where the board is plugged in */
  return place != NULL ? g_strdup_printf (_ ("Board %s, attached at %s"), end, place)
                       : g_strdup_printf (_ ("Board %s"), end);
}

/**
 * lks_route_finding_to_text:
 * @finding: of lks_route_check()
 *
 * Returns: (transfer full): what was found and what to do about it, one line each
 */
char *
lks_route_finding_to_text (const LksRouteFinding *finding)
{
  g_autofree char *words = g_strjoin (" ", _ (finding->note), finding->subject, NULL);

  return finding->advice != NULL ? g_strdup_printf ("%s\n%s", words, _ (finding->advice))
                                 : g_steal_pointer (&words);
}

/**
 * lks_route_device_to_text:
 * @findings: (element-type LksRouteFinding): of lks_route_check()
 * @device_id: a device of the route
 *
 * Returns: (transfer full): what was found about it, the worst first
 */
char *
lks_route_device_to_text (GPtrArray *findings, const char *device_id)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (int state = LKS_ROUTE_STATE_MISSING; state >= LKS_ROUTE_STATE_THERE; state--)
    for (guint i = 0; i < findings->len; i++)
      {
        const LksRouteFinding *finding = g_ptr_array_index (findings, i);
        g_autofree char *words = NULL;

        if ((int) finding->state != state || g_strcmp0 (finding->device_id, device_id) != 0)
          continue;
        words = lks_route_finding_to_text (finding);
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", words);
      }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * lks_route_event_to_text:
 * @event: how packing goes on
 *
 * Returns: (transfer full): which thing it was, and why it could not be had
 */
char *
lks_route_event_to_text (const LksRouteEvent *event)
{
  g_autofree char *problem = event->error != NULL ? lks_error_to_text (event->error) : NULL;
  const char *subject = event->subject != NULL ? event->subject : "";

  return problem != NULL
             ? g_strdup_printf ("%s%s%s", subject, *subject != '\0' ? "\n" : "", problem)
             : g_strdup (subject);
}
