/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-bundle-parts-private.h"

#include "lks-bundle.h"
#include "lks-cert-store.h"
#include "lks-firewall-text.h"
#include "lks-lamps.h"
#include "lks-log-reader.h"
#include "lks-net-interface.h"
#include "lks-proxy-change.h"
#include "lks-software.h"
#include "lks-wifi-report.h"
#include "lks-words-private.h"

void
lks_bundle_part_clear (LksBundlePart *part)
{
  g_clear_pointer (&part->json, json_node_unref);
  g_clear_pointer (&part->ring, lks_log_ring_unref);
  g_clear_pointer (&part->telemetry, lks_telemetry_free);
  g_clear_error (&part->error);
}

static gboolean
read_software (LksDevice *device, LksBundlePart *part, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksSoftware) software = lks_software_read (device, NULL, cancellable, error);

  if (software == NULL)
    return FALSE;

  part->json = lks_software_to_json (software);
  return TRUE;
}

static gboolean
read_lamps (LksDevice *device, LksBundlePart *part, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksNetFacts) facts = lks_net_facts_read (device, cancellable, error);

  if (facts == NULL)
    return FALSE;

  part->json = lks_lamps_to_json (facts);
  return TRUE;
}

static JsonNode *
network_to_json (GPtrArray *interfaces, const LksProxy *proxy, GPtrArray *rulesets)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_member (object, "interfaces", lks_net_interfaces_to_json (interfaces));
  json_object_set_member (object, "proxy", lks_proxy_to_json (proxy));
  json_object_set_member (object, "firewall", lks_firewall_to_json (rulesets));
  json_node_take_object (node, object);
  return node;
}

static gboolean
read_network (LksDevice *device, LksBundlePart *part, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) interfaces = lks_device_get_interfaces (device, cancellable, error);
  g_autoptr (LksProxy) proxy =
      interfaces != NULL ? lks_device_get_proxy (device, cancellable, error) : NULL;
  g_autoptr (GPtrArray) rulesets =
      proxy != NULL ? lks_device_get_firewall_rulesets (device, cancellable, error) : NULL;

  if (rulesets == NULL)
    return FALSE;

  part->json = network_to_json (interfaces, proxy, rulesets);
  return TRUE;
}

static gboolean
read_wifi (LksDevice *device, LksBundlePart *part, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksWifiReport) report = lks_wifi_report_read (device, cancellable, error);
  JsonObject *object;

  if (report == NULL)
    return FALSE;

  object = json_object_new ();
  json_object_set_member (object, "radio", lks_wifi_radio_to_json (report));
  json_object_set_member (object, "networks", lks_wifi_networks_to_json (report));
  json_object_set_member (object, "failures", lks_wifi_failures_to_json (report));
  part->json = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (part->json, object);
  return TRUE;
}

static gboolean
read_certs (LksDevice *device, LksBundlePart *part, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksCertStore) store =
      lks_cert_store_read (device, g_get_real_time () / G_USEC_PER_SEC, cancellable, error);

  if (store == NULL)
    return FALSE;

  part->json = lks_cert_store_to_json (store);
  return TRUE;
}

static gboolean
read_log (LksDevice *device, LksBundlePart *part, GCancellable *cancellable, GError **error)
{
  part->ring = lks_log_read (device, cancellable, error);
  return part->ring != NULL;
}

static gboolean
read_telemetry (LksDevice *device, LksBundlePart *part, GCancellable *cancellable, GError **error)
{
  part->telemetry = lks_telemetry_read (device, cancellable, error);
  return part->telemetry != NULL;
}

static gboolean
read_memory (LksDevice *device, LksBundlePart *part, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksMemoryStats) stats = lks_device_get_memory_stats (device, cancellable, error);
  JsonObject *object;

  if (stats == NULL)
    return FALSE;

  object = json_object_new ();
  json_object_set_int_member (object, "currentBytes", stats->current_bytes);
  json_object_set_int_member (object, "userModeBytes", stats->user_mode_bytes);
  json_object_set_int_member (object, "peakUserModeBytes", stats->peak_user_mode_bytes);
  part->json = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (part->json, object);
  return TRUE;
}

/* The log first: it is what is asked for most, and the board may be on its way out. */
const LksBundlePartKind lks_bundle_parts[LKS_BUNDLE_N_PARTS] = {
  { "log", N_ ("Diagnostic log in its binary form"),
    LKS_BUNDLE_HOLDS_NETWORK_NAMES | LKS_BUNDLE_HOLDS_HARDWARE_ADDRESSES |
        LKS_BUNDLE_HOLDS_IP_ADDRESSES,
    read_log },
  { "telemetry", N_ ("Error reports, for the vendor"), LKS_BUNDLE_HOLDS_UNKNOWN, read_telemetry },
  { "software", N_ ("Installed components, state of the applications, updates"), 0, read_software },
  { "memory", N_ ("Memory in use"), 0, read_memory },
  { "lamps", N_ ("How far the board has come on the way to the cloud"),
    LKS_BUNDLE_HOLDS_NETWORK_NAMES | LKS_BUNDLE_HOLDS_IP_ADDRESSES, read_lamps },
  { "network", N_ ("Interfaces, proxy, firewall"),
    LKS_BUNDLE_HOLDS_HARDWARE_ADDRESSES | LKS_BUNDLE_HOLDS_IP_ADDRESSES | LKS_BUNDLE_HOLDS_PERSONS,
    read_network },
  { "wifi", N_ ("Radio, stored networks, failed connections"),
    LKS_BUNDLE_HOLDS_NETWORK_NAMES | LKS_BUNDLE_HOLDS_HARDWARE_ADDRESSES |
        LKS_BUNDLE_HOLDS_IP_ADDRESSES | LKS_BUNDLE_HOLDS_PERSONS,
    read_wifi },
  { "certificates", N_ ("Certificates in the store, without keys"),
    LKS_BUNDLE_HOLDS_NETWORK_NAMES | LKS_BUNDLE_HOLDS_PERSONS, read_certs },
};
