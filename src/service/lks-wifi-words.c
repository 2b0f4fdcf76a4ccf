/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-wifi-words.h"

#include "lks-words-private.h"

#include <string.h>

#define BOARD_TIME_MAX_BYTES 40

/* 2001-01-01: the clock of a board without network time starts in the year 2000, and a board
 * that runs for a year without it is still without it. */
#define CLOCK_UNSET_BEFORE_S G_GINT64_CONSTANT (978307200)

/**
 * lks_wifi_failure_explain:
 * @reason: why a board got no connection
 *
 * Source: Azure Sphere device REST API 4.6, WifiNetworkConnectionErrors; the wording is ours.
 *
 * Returns: what it means and what to do
 */
LksExplanation
lks_wifi_failure_explain (LksWifiFailureReason reason)
{
  switch (reason)
    {
    case LKS_WIFI_FAILURE_NETWORK_NOT_FOUND:
      return (LksExplanation){
        N_ ("No network of this name is in reach."),
        N_ ("Compare the name letter by letter, upper and lower case count. Scan to see what is "
            "in reach. A network that hides its name needs the targeted scan.")
      };
    case LKS_WIFI_FAILURE_WRONG_KEY:
      return (LksExplanation){ N_ ("The network does not accept the key."),
                               N_ ("Give the network’s key again; upper and lower case count.") };
    case LKS_WIFI_FAILURE_NO_PSK_INCLUDED:
      return (LksExplanation){ N_ ("The network wants a key, and none is stored for it."),
                               N_ ("Forget the network and add it again with its key.") };
    case LKS_WIFI_FAILURE_AUTHENTICATION_FAILED:
      return (LksExplanation){
        N_ ("The network does not accept the board’s proof of identity."),
        N_ ("For EAP-TLS check client certificate, identity and root CA, and whether the "
            "network’s server knows this board. Otherwise check the key.")
      };
    case LKS_WIFI_FAILURE_CONNECTION_FAILED:
      return (LksExplanation){
        N_ ("The access point was found but did not complete the connection."),
        N_ ("Bring the board closer. Check whether the access point limits the number of devices "
            "or admits only known hardware addresses.")
      };
    case LKS_WIFI_FAILURE_SECURITY_TYPE_MISMATCH:
      return (LksExplanation){ N_ ("The network of this name uses another kind of security."),
                               N_ ("Scan to see which kind it uses, forget the network and add it "
                                   "again with that kind.") };
    case LKS_WIFI_FAILURE_NETWORK_FREQUENCY_NOT_ALLOWED:
      return (LksExplanation){
        N_ ("The network uses a channel on which the board may not send."),
        N_ ("Set the access point to another channel, best in the 2.4 GHz band.")
      };
    case LKS_WIFI_FAILURE_NETWORK_NOT_ESS_PBSS_MBSS:
      return (LksExplanation){ N_ ("This is not the network of an access point."),
                               N_ ("Use an ordinary access point; a network between two devices "
                                   "does not work.") };
    case LKS_WIFI_FAILURE_NETWORK_NOT_SUPPORTED:
      return (LksExplanation){
        N_ ("The board does not support this network."),
        N_ ("Set the access point to 802.11 b/g/n with WPA2, EAP-TLS or no security.")
      };
    case LKS_WIFI_FAILURE_NETWORK_NON_WPA:
      return (LksExplanation){
        N_ ("The network has no WPA, although one with WPA was asked for."),
        N_ ("Set the access point to WPA2; the board does not use WEP. If the network is open on "
            "purpose, add it as open.")
      };
    case LKS_WIFI_FAILURE_UNKNOWN:
      break;
    }
  return (LksExplanation){ N_ ("The board gives a reason that is not known here."),
                           N_ ("Look at the board’s own word for it, and at the access point’s "
                               "log.") };
}

/**
 * lks_wifi_cert_error_explain:
 * @cert_error: what was wrong with a certificate
 *
 * Source: Azure Sphere device REST API 4.6, certError; the wording is ours.
 *
 * Returns: what it means and what to do
 */
LksExplanation
lks_wifi_cert_error_explain (LksWifiCertError cert_error)
{
  switch (cert_error)
    {
    case LKS_WIFI_CERT_ERROR_UNSPECIFIED:
      return (LksExplanation){ N_ ("A certificate was refused without a reason."),
                               N_ ("Look at the log of the network’s authentication server.") };
    case LKS_WIFI_CERT_ERROR_UNTRUSTED:
      return (
          LksExplanation){ N_ ("The server’s certificate was not issued by the stored root CA."),
                           N_ ("Store the root CA that issued the server’s certificate, and name "
                               "it in the network.") };
    case LKS_WIFI_CERT_ERROR_REVOKED:
      return (LksExplanation){ N_ ("The certificate was withdrawn by its issuer."),
                               N_ ("Replace it by a new one.") };
    case LKS_WIFI_CERT_ERROR_NOT_YET_VALID:
      return (LksExplanation){
        N_ ("By the board’s clock the certificate is not valid yet."),
        N_ ("Check whether the board knows the time: without network time its clock stands in "
            "the year 2000. Let it get the time over another network first.")
      };
    case LKS_WIFI_CERT_ERROR_EXPIRED:
      return (LksExplanation){ N_ ("The certificate has expired."),
                               N_ ("Replace it by a new one, on the board or on the server.") };
    case LKS_WIFI_CERT_ERROR_SUBJECT_MISMATCH:
      return (LksExplanation){ N_ ("The certificate names another subject than expected."),
                               N_ ("Check that the right server answers, and its certificate.") };
    case LKS_WIFI_CERT_ERROR_ALT_SUBJECT_MISMATCH:
      return (
          LksExplanation){ N_ ("The certificate’s alternative names are not the expected ones."),
                           N_ ("Check that the right server answers, and its certificate.") };
    case LKS_WIFI_CERT_ERROR_BAD_CERTIFICATE:
      return (LksExplanation){ N_ ("The certificate is broken or of an unusable kind."),
                               N_ ("Check the certificate’s file and store it again.") };
    case LKS_WIFI_CERT_ERROR_SERVER_CHAIN_PROBE_FAILED:
      return (LksExplanation){ N_ ("The server’s chain of certificates could not be read."),
                               N_ ("Check that the server sends its intermediate certificates.") };
    case LKS_WIFI_CERT_ERROR_DOMAIN_SUFFIX_MISMATCH:
    case LKS_WIFI_CERT_ERROR_DOMAIN_MISMATCH:
      return (LksExplanation){ N_ ("The server’s certificate is for another domain."),
                               N_ ("Check that the right server answers, and its certificate.") };
    case LKS_WIFI_CERT_ERROR_INSUFFICIENT_KEY_LENGTH:
      return (LksExplanation){ N_ ("The certificate’s key is too short to be trusted."),
                               N_ ("Replace it by one with a longer key.") };
    case LKS_WIFI_CERT_ERROR_CERTIFICATE_NOT_FOUND:
      return (LksExplanation){
        N_ ("The network names a certificate that the board has not loaded."),
        N_ ("Store the certificate under exactly this identifier, then reload the Wi-Fi "
            "configuration.")
      };
    case LKS_WIFI_CERT_ERROR_INVALID_ROOT_CA:
      return (LksExplanation){ N_ ("What the network names as root CA is no root CA."),
                               N_ ("Store the root CA’s certificate with the type “root CA”, and "
                                   "name it in the network.") };
    case LKS_WIFI_CERT_ERROR_INVALID_CLIENT_AUTH:
      return (LksExplanation){
        N_ ("What the network names as client certificate cannot prove who the board is."),
        N_ ("Store the client certificate with its private key, and name it in the network.")
      };
    case LKS_WIFI_CERT_ERROR_UNKNOWN_CLIENT_ID:
      return (LksExplanation){
        N_ ("The network’s server does not know this client identity."),
        N_ ("Check the identity in the network’s settings, and that the server has it.")
      };
    case LKS_WIFI_CERT_ERROR_UNKNOWN:
      break;
    }
  return (LksExplanation){ N_ ("Something is wrong with a certificate that is not known here."),
                           N_ ("Look at the board’s own word for it.") };
}

/**
 * lks_wifi_wpa_state_explain:
 * @state: what the radio is doing
 *
 * Returns: what it means and what to do
 */
LksExplanation
lks_wifi_wpa_state_explain (LksWifiWpaState state)
{
  switch (state)
    {
    case LKS_WIFI_WPA_STATE_DISCONNECTED:
      return (LksExplanation){ N_ ("Not connected."), "" };
    case LKS_WIFI_WPA_STATE_INTERFACE_DISABLED:
      return (LksExplanation){ N_ ("The radio is switched off."),
                               N_ ("Bring the interface wlan0 up.") };
    case LKS_WIFI_WPA_STATE_INACTIVE:
      return (LksExplanation){ N_ ("There is no network to look for."),
                               N_ ("Add a network, or enable one.") };
    case LKS_WIFI_WPA_STATE_SCANNING:
      return (LksExplanation){ N_ ("Looking for a stored network."), "" };
    case LKS_WIFI_WPA_STATE_AUTHENTICATING:
    case LKS_WIFI_WPA_STATE_ASSOCIATING:
    case LKS_WIFI_WPA_STATE_ASSOCIATED:
      return (LksExplanation){ N_ ("An access point was found; connecting to it."), "" };
    case LKS_WIFI_WPA_STATE_FOUR_WAY_HANDSHAKE:
    case LKS_WIFI_WPA_STATE_GROUP_HANDSHAKE:
      return (LksExplanation){ N_ ("An access point was found; the key is being checked."), "" };
    case LKS_WIFI_WPA_STATE_COMPLETED:
      return (LksExplanation){ N_ ("Connected to an access point."), "" };
    case LKS_WIFI_WPA_STATE_UNKNOWN:
      break;
    }
  return (LksExplanation){ N_ ("The radio is in a state that is not known here."), "" };
}

/**
 * lks_wifi_security_to_words:
 * @security: a kind of security
 *
 * Returns: (transfer none): its name
 */
const char *
lks_wifi_security_to_words (LksWifiSecurity security)
{
  switch (security)
    {
    case LKS_WIFI_SECURITY_OPEN:
      return N_ ("Open");
    case LKS_WIFI_SECURITY_PSK:
      return N_ ("Key (WPA2-PSK)");
    case LKS_WIFI_SECURITY_EAP_TLS:
      return N_ ("Certificate (EAP-TLS)");
    case LKS_WIFI_SECURITY_UNKNOWN:
      break;
    }
  return N_ ("Other");
}

/**
 * lks_wifi_config_state_to_words:
 * @state: state of a stored network's configuration
 *
 * Returns: (transfer none): what it means
 */
const char *
lks_wifi_config_state_to_words (LksWifiConfigState state)
{
  switch (state)
    {
    case LKS_WIFI_CONFIG_STATE_ENABLED:
      return N_ ("Enabled");
    case LKS_WIFI_CONFIG_STATE_DISABLED:
      return N_ ("Disabled");
    case LKS_WIFI_CONFIG_STATE_TEMP_DISABLED:
      return N_ ("Held back after a failure");
    case LKS_WIFI_CONFIG_STATE_UNKNOWN:
      break;
    }
  return N_ ("Unknown");
}

/**
 * lks_board_time_parse:
 * @text: (nullable): a time as a board writes it, with or without time zone, which then is UTC
 * @out_unix_s: (out): seconds since 1970 UTC, written only on success
 *
 * Reads "2022-06-17T09:12:46" of the certificate store and "2000-01-01t00:04:37+0000" of the
 * diagnostics.
 *
 * Returns: whether @text is a time
 */
gboolean
lks_board_time_parse (const char *text, gint64 *out_unix_s)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = NULL;

  if (text == NULL || strlen (text) > BOARD_TIME_MAX_BYTES)
    return FALSE;
  time = g_date_time_new_from_iso8601 (text, utc);
  if (time == NULL)
    return FALSE;

  *out_unix_s = g_date_time_to_unix (time);
  return TRUE;
}

/**
 * lks_board_time_is_unset:
 * @unix_s: a time by a board's clock
 *
 * A board has no clock that survives without power: it starts in the year 2000 and is right
 * only after network time has come.
 *
 * Returns: whether the clock was not set then
 */
gboolean
lks_board_time_is_unset (gint64 unix_s)
{
  return unix_s < CLOCK_UNSET_BEFORE_S;
}
