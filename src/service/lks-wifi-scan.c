/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-wifi-scan.h"

#include "lks-enums.h"
#include "lks-json-member-private.h"
#include "lks-words-private.h"

#include <string.h>

/* Four bars as people know them from telephones. */
static const int bars_dbm[] = { -80, -70, -60, -50 };

G_DEFINE_ENUM_TYPE (LksWifiUse,
                    lks_wifi_use,
                    G_DEFINE_ENUM_VALUE (LKS_WIFI_USE_YES, "yes"),
                    G_DEFINE_ENUM_VALUE (LKS_WIFI_USE_WITH_CERTIFICATE, "with-certificate"),
                    G_DEFINE_ENUM_VALUE (LKS_WIFI_USE_BY_NAME, "by-name"),
                    G_DEFINE_ENUM_VALUE (LKS_WIFI_USE_NO, "no"))

/**
 * lks_wifi_seen_copy:
 * @self: a network in reach
 *
 * Returns: (transfer full): a copy
 */
LksWifiSeen *
lks_wifi_seen_copy (const LksWifiSeen *self)
{
  LksWifiSeen *copy = g_new (LksWifiSeen, 1);

  *copy = *self;
  copy->ssid = g_strdup (self->ssid);
  copy->security_text = g_strdup (self->security_text);
  return copy;
}

/**
 * lks_wifi_seen_free:
 * @self: (transfer full): a network in reach
 */
void
lks_wifi_seen_free (LksWifiSeen *self)
{
  g_free (self->ssid);
  g_free (self->security_text);
  g_free (self);
}

/**
 * lks_wifi_seen_get_bars:
 * @self: a network in reach
 *
 * Returns: its strength, 0 to 4
 */
guint
lks_wifi_seen_get_bars (const LksWifiSeen *self)
{
  guint bars = 0;

  while (bars < G_N_ELEMENTS (bars_dbm) && self->signal_dbm >= bars_dbm[bars])
    bars++;
  return bars;
}

static LksWifiUse
judge (const LksWifiScan *scan)
{
  switch (scan->security)
    {
    case LKS_WIFI_SECURITY_OPEN:
    case LKS_WIFI_SECURITY_PSK:
      return scan->ssid[0] != '\0' ? LKS_WIFI_USE_YES : LKS_WIFI_USE_BY_NAME;
    case LKS_WIFI_SECURITY_EAP_TLS:
      return scan->ssid[0] != '\0' ? LKS_WIFI_USE_WITH_CERTIFICATE : LKS_WIFI_USE_BY_NAME;
    case LKS_WIFI_SECURITY_UNKNOWN:
      break;
    }
  return LKS_WIFI_USE_NO;
}

/**
 * lks_wifi_use_explain:
 * @use: whether a board can use a network
 *
 * Source: Azure Sphere documentation on Wi-Fi: open, WPA2-PSK and EAP-TLS; neither WEP nor
 * enterprise networks with user name and password, nor captive portals.
 *
 * Returns: why, and what to do
 */
LksExplanation
lks_wifi_use_explain (LksWifiUse use)
{
  switch (use)
    {
    case LKS_WIFI_USE_YES:
      return (LksExplanation){ N_ ("The board can use it."), "" };
    case LKS_WIFI_USE_WITH_CERTIFICATE:
      return (LksExplanation){ N_ ("The board can use it with a client certificate."),
                               N_ ("Store the certificate on the board first.") };
    case LKS_WIFI_USE_BY_NAME:
      return (LksExplanation){ N_ ("It hides its name."),
                               N_ ("Add it by its name, with the targeted scan.") };
    case LKS_WIFI_USE_NO:
      break;
    }
  return (LksExplanation){
    N_ ("Its kind of security is none that the board has."),
    N_ ("The board uses open networks, WPA2 with a key and EAP-TLS; no WEP, no WPA3 alone, and no "
        "user names with passwords.")
  };
}

static LksWifiSeen *
find_same (GPtrArray *seen, const LksWifiScan *scan)
{
  for (guint i = 0; i < seen->len; i++)
    {
      LksWifiSeen *network = g_ptr_array_index (seen, i);

      if (strcmp (network->ssid, scan->ssid) == 0 &&
          strcmp (network->security_text, scan->security_text) == 0)
        return network;
    }

  return NULL;
}

static void
add_point (GPtrArray *seen, const LksWifiScan *scan)
{
  LksWifiSeen *network = find_same (seen, scan);

  if (network == NULL)
    {
      network = g_new0 (LksWifiSeen, 1);
      network->ssid = g_strdup (scan->ssid);
      network->security = scan->security;
      network->security_text = g_strdup (scan->security_text);
      network->signal_dbm = G_MININT;
      network->use = judge (scan);
      g_ptr_array_add (seen, network);
    }

  network->n_points++;
  if (scan->signal_dbm > network->signal_dbm)
    {
      network->signal_dbm = scan->signal_dbm;
      network->freq_mhz = scan->freq_mhz;
    }
}

/* Strongest first; what has no name comes last, for nothing can be done with it from a list. */
static int
compare (gconstpointer a, gconstpointer b)
{
  const LksWifiSeen *first = *(const LksWifiSeen *const *) a;
  const LksWifiSeen *second = *(const LksWifiSeen *const *) b;
  gboolean first_hidden = first->ssid[0] == '\0';
  gboolean second_hidden = second->ssid[0] == '\0';

  if (first_hidden != second_hidden)
    return first_hidden ? 1 : -1;
  if (first->signal_dbm != second->signal_dbm)
    return first->signal_dbm > second->signal_dbm ? -1 : 1;
  return strcmp (first->ssid, second->ssid);
}

/**
 * lks_wifi_scan_merge:
 * @scans: (element-type LksWifiScan): what a board heard
 *
 * Returns: (transfer full) (element-type LksWifiSeen): the networks, strongest first
 */
GPtrArray *
lks_wifi_scan_merge (GPtrArray *scans)
{
  GPtrArray *seen = g_ptr_array_new_with_free_func ((GDestroyNotify) lks_wifi_seen_free);

  for (guint i = 0; i < scans->len; i++)
    add_point (seen, g_ptr_array_index (scans, i));
  g_ptr_array_sort (seen, compare);
  return seen;
}

/**
 * lks_wifi_scan:
 * @device: a board
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * Lets a board listen for networks. Takes seconds. Blocks; worker threads only.
 *
 * Returns: (transfer full) (element-type LksWifiSeen): the networks, strongest first, or NULL with
 *   @error set
 */
GPtrArray *
lks_wifi_scan (LksDevice *device, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) scans = lks_device_scan_wifi (device, cancellable, error);

  return scans != NULL ? lks_wifi_scan_merge (scans) : NULL;
}

static void
add_seen (JsonBuilder *builder, const LksWifiSeen *seen)
{
  LksExplanation why = lks_wifi_use_explain (seen->use);

  json_builder_begin_object (builder);
  lks_json_add_text (builder, "ssid", seen->ssid);
  lks_json_add_text (builder, "securityState", seen->security_text);
  lks_json_add_int (builder, "signalDbm", seen->signal_dbm);
  lks_json_add_int (builder, "freqMhz", seen->freq_mhz);
  lks_json_add_int (builder, "accessPoints", seen->n_points);
  lks_json_add_text (builder, "usable", lks_enum_to_nick (LKS_TYPE_WIFI_USE, (int) seen->use));
  lks_json_add_text (builder, "meaning", why.meaning);
  lks_json_add_text (builder, "advice", why.advice);
  json_builder_end_object (builder);
}

/**
 * lks_wifi_scan_to_json:
 * @seen: (element-type LksWifiSeen): the networks
 *
 * Returns: (transfer full): an array of objects
 */
JsonNode *
lks_wifi_scan_to_json (GPtrArray *seen)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < seen->len; i++)
    add_seen (builder, g_ptr_array_index (seen, i));
  json_builder_end_array (builder);
  return json_builder_get_root (builder);
}
