/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-lamps.h"

#include "lks-enums.h"
#include "lks-json-member-private.h"
#include "lks-wifi-words.h"
#include "lks-words-private.h"

G_DEFINE_ENUM_TYPE (LksLampId,
                    lks_lamp_id,
                    G_DEFINE_ENUM_VALUE (LKS_LAMP_RADIO, "radio"),
                    G_DEFINE_ENUM_VALUE (LKS_LAMP_ADDRESS, "address"),
                    G_DEFINE_ENUM_VALUE (LKS_LAMP_TIME, "time"),
                    G_DEFINE_ENUM_VALUE (LKS_LAMP_INTERNET, "internet"),
                    G_DEFINE_ENUM_VALUE (LKS_LAMP_AUTHENTICATION, "authentication"))

G_DEFINE_ENUM_TYPE (LksLampState,
                    lks_lamp_state,
                    G_DEFINE_ENUM_VALUE (LKS_LAMP_STATE_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_LAMP_STATE_OFF, "off"),
                    G_DEFINE_ENUM_VALUE (LKS_LAMP_STATE_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (LKS_LAMP_STATE_FAULT, "fault"),
                    G_DEFINE_ENUM_VALUE (LKS_LAMP_STATE_ON, "on"))

/**
 * lks_lamp_get_title:
 * @id: a lamp
 *
 * Returns: (transfer none): its name, English for gettext
 */
const char *
lks_lamp_get_title (LksLampId id)
{
  switch (id)
    {
    case LKS_LAMP_RADIO:
      return N_ ("Radio");
    case LKS_LAMP_ADDRESS:
      return N_ ("Address");
    case LKS_LAMP_TIME:
      return N_ ("Time");
    case LKS_LAMP_INTERNET:
      return N_ ("Internet");
    case LKS_LAMP_AUTHENTICATION:
      return N_ ("Authentication");
    }
  return "";
}

static LksLamp
not_told (const LksNetFacts *facts)
{
  if (facts->is_refused)
    return (LksLamp){ LKS_LAMP_STATE_UNKNOWN,
                      N_ ("The board is locked and does not tell this to everybody."),
                      N_ ("Start a servicing session with a capability for this board."), NULL };

  return (LksLamp){ LKS_LAMP_STATE_UNKNOWN, N_ ("The board’s system is too old to tell."),
                    N_ ("Update the board’s system."), NULL };
}

/* Whatever else is known: there is a way out of the board, or there is none. */
static gboolean
has_way_out (const LksNetFacts *facts)
{
  return facts->is_associated || facts->has_cable;
}

static LksLamp
explain_failure (const LksNetFacts *facts)
{
  LksExplanation why = facts->has_cert_error ? lks_wifi_cert_error_explain (facts->cert_error)
                                             : lks_wifi_failure_explain (facts->failure);

  return (LksLamp){ LKS_LAMP_STATE_FAULT, why.meaning, why.advice, NULL };
}

static LksLamp
judge_radio (const LksNetFacts *facts)
{
  if (!facts->knows_wifi)
    return not_told (facts);
  if (facts->is_associated)
    return (LksLamp){ LKS_LAMP_STATE_ON, N_ ("Connected to an access point."), "", facts->ssid };
  if (facts->has_cable)
    return (LksLamp){ LKS_LAMP_STATE_OFF,
                      N_ ("No Wi-Fi network is connected; the board uses its Ethernet cable."), "",
                      NULL };
  if (facts->is_radio_off)
    return (LksLamp){ LKS_LAMP_STATE_OFF, N_ ("The radio is switched off."),
                      N_ ("Bring the interface wlan0 up."), NULL };
  if (facts->n_networks == 0)
    return (LksLamp){ LKS_LAMP_STATE_OFF, N_ ("No network is stored on the board."),
                      N_ ("Add a Wi-Fi network."), NULL };
  if (facts->n_enabled == 0)
    return (LksLamp){ LKS_LAMP_STATE_OFF, N_ ("Every stored network is disabled."),
                      N_ ("Enable the network that the board shall use."), NULL };
  if (facts->has_failure)
    return explain_failure (facts);

  return (LksLamp){ LKS_LAMP_STATE_WAITING, lks_wifi_wpa_state_explain (facts->wpa_state).meaning,
                    N_ ("Wait some seconds. If it stays so, scan and see whether the network is in "
                        "reach."),
                    NULL };
}

static LksLamp
judge_address (const LksNetFacts *facts)
{
  if (!facts->knows_interfaces)
    return not_told (facts);
  if (facts->has_address)
    return (LksLamp){ LKS_LAMP_STATE_ON, N_ ("The board has an address."), "", facts->address };
  if (!has_way_out (facts))
    return (LksLamp){ LKS_LAMP_STATE_OFF, N_ ("Without a network there is no address."),
                      N_ ("See the lamp before."), NULL };

  return (LksLamp){ LKS_LAMP_STATE_WAITING, N_ ("The network has not given an address yet."),
                    N_ ("Wait some seconds. If it stays so, check the network’s DHCP server and "
                        "whether it has addresses left."),
                    NULL };
}

static LksLamp
judge_time (const LksNetFacts *facts)
{
  if (!facts->knows_status)
    return not_told (facts);

  switch (facts->time_sync)
    {
    case LKS_TIME_SYNC_COMPLETE:
      return (LksLamp){ LKS_LAMP_STATE_ON, N_ ("The board’s clock is set by network time."), "",
                        NULL };
    case LKS_TIME_SYNC_DISABLED:
      return (LksLamp){ LKS_LAMP_STATE_OFF,
                        N_ ("An application has switched network time off; it must set the clock "
                            "itself."),
                        "", NULL };
    case LKS_TIME_SYNC_INCOMPLETE:
      if (facts->knows_interfaces && !facts->has_address)
        return (LksLamp){ LKS_LAMP_STATE_OFF,
                          N_ ("Without an address there is no network time; the clock is not "
                              "set."),
                          N_ ("See the lamps before."), NULL };
      return (LksLamp){ LKS_LAMP_STATE_WAITING,
                        N_ ("Network time has not come yet; the clock is not set."),
                        N_ ("Wait some seconds. If it stays so, let UDP port 123 (NTP) to "
                            "prod.time.sphere.azure.net and time.windows.com pass."),
                        NULL };
    case LKS_TIME_SYNC_UNKNOWN:
      break;
    }
  return (LksLamp){ LKS_LAMP_STATE_UNKNOWN,
                    N_ ("The board says something about its time that is not known here."), "",
                    NULL };
}

static LksLamp
judge_no_internet (const LksNetFacts *facts)
{
  if (facts->knows_status && facts->proxy == LKS_PROXY_STATE_RESOLVING_NAME)
    return (LksLamp){ LKS_LAMP_STATE_WAITING, N_ ("The proxy’s name is being looked up."),
                      N_ ("If it stays so, check the proxy’s name and the network’s DNS."), NULL };
  if (facts->knows_status && facts->proxy != LKS_PROXY_STATE_UNKNOWN &&
      facts->proxy != LKS_PROXY_STATE_DISABLED)
    return (LksLamp){ LKS_LAMP_STATE_FAULT,
                      N_ ("The board has an address but does not reach the internet through its "
                          "proxy."),
                      N_ ("Check the proxy’s address, port, user and password."), NULL };

  return (LksLamp){ LKS_LAMP_STATE_FAULT,
                    N_ ("The board has an address but does not reach the internet."),
                    N_ ("Check the network’s firewall and DNS: TCP port 80 to "
                        "www.msftconnecttest.com must pass. A network with a login page does not "
                        "work; one that needs a proxy must be told to the board."),
                    NULL };
}

static LksLamp
judge_internet (const LksNetFacts *facts)
{
  if (!facts->knows_interfaces)
    return not_told (facts);
  if (facts->has_internet)
    return (LksLamp){ LKS_LAMP_STATE_ON, N_ ("The board reaches the internet."), "", NULL };
  if (!facts->has_address)
    return (LksLamp){ LKS_LAMP_STATE_OFF, N_ ("Without an address there is no internet."),
                      N_ ("See the lamps before."), NULL };

  return judge_no_internet (facts);
}

static LksLamp
judge_authentication (const LksNetFacts *facts)
{
  if (!facts->knows_status)
    return not_told (facts);
  if (facts->is_authenticated)
    return (LksLamp){ LKS_LAMP_STATE_ON, N_ ("The board has proved itself to the cloud."), "",
                      NULL };
  if (facts->time_sync != LKS_TIME_SYNC_COMPLETE ||
      (facts->knows_interfaces && !facts->has_internet))
    return (LksLamp){ LKS_LAMP_STATE_OFF,
                      N_ ("Without internet and the right time the board cannot prove itself."),
                      N_ ("See the lamps before."), NULL };

  return (LksLamp){ LKS_LAMP_STATE_WAITING,
                    N_ ("The board has not proved itself to the cloud yet."),
                    N_ ("Wait a minute. If it stays so, check that the board is claimed and that "
                        "TCP port 443 to prod.core.sphere.azure.net and "
                        "prod.deviceauth.sphere.azure.net passes."),
                    NULL };
}

/**
 * lks_lamp_judge:
 * @facts: what is known
 * @id: a lamp
 *
 * Says how far a board has come on the way to the cloud, and what stands in its way. "Connected"
 * alone says nothing: a radio that is connected may have no address, an address no internet, and
 * internet no time. Pure; any thread.
 * Source: Azure Sphere documentation, networking requirements and `network show-status`.
 *
 * Returns: the lamp
 */
LksLamp
lks_lamp_judge (const LksNetFacts *facts, LksLampId id)
{
  switch (id)
    {
    case LKS_LAMP_RADIO:
      return judge_radio (facts);
    case LKS_LAMP_ADDRESS:
      return judge_address (facts);
    case LKS_LAMP_TIME:
      return judge_time (facts);
    case LKS_LAMP_INTERNET:
      return judge_internet (facts);
    case LKS_LAMP_AUTHENTICATION:
      return judge_authentication (facts);
    }
  return not_told (facts);
}

/**
 * lks_lamps_to_json:
 * @facts: what is known
 *
 * Returns: (transfer full): an array of the five lamps
 */
JsonNode *
lks_lamps_to_json (const LksNetFacts *facts)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < LKS_N_LAMPS; i++)
    {
      LksLamp lamp = lks_lamp_judge (facts, i);

      json_builder_begin_object (builder);
      lks_json_add_text (builder, "lamp", lks_enum_to_nick (LKS_TYPE_LAMP_ID, (int) i));
      lks_json_add_text (builder, "state",
                         lks_enum_to_nick (LKS_TYPE_LAMP_STATE, (int) lamp.state));
      lks_json_add_text (builder, "reason", lamp.reason);
      lks_json_add_text (builder, "advice", lamp.advice);
      lks_json_add_text (builder, "detail", lamp.detail);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  return json_builder_get_root (builder);
}
