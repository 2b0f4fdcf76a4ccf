/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-output.h"
#include "lks-cli-secret.h"
#include "lks-cli-wifi.h"
#include "lks-wifi-add.h"
#include "lks-wifi-report.h"
#include "lks-wifi-words.h"

#include <stdio.h>

#define GRACE_MAX_MS 10000

/* What the command line says, and what comes of it. */
typedef struct
{
  LksCliSecretSource psk_source;
  LksCliWifiWait wait;
  char *ssid;
  char *config_name;
  char *client_cert_id;
  char *client_identity;
  char *root_ca_cert_id;
  gboolean is_open;
  gboolean is_hidden;
  gboolean is_disabled;
  gboolean again;
  LksSecret *psk;          /* (owned) (nullable) */
  LksWifiNetwork *network; /* (owned) (nullable) */
  LksWifiJoin *join;       /* (owned) (nullable) */
} Add;

static void
add_clear (Add *self)
{
  lks_cli_secret_source_clear (&self->psk_source);
  g_free (self->ssid);
  g_free (self->config_name);
  g_free (self->client_cert_id);
  g_free (self->client_identity);
  g_free (self->root_ca_cert_id);
  g_clear_pointer (&self->psk, lks_secret_unref);
  g_clear_pointer (&self->network, lks_wifi_network_free);
  g_clear_pointer (&self->join, lks_wifi_join_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Add, add_clear)

/* Called on the board's worker. */
static void
tell_progress_cb (LksWifiWpaState state, gpointer unused)
{
  fprintf (stderr, "%s\n", lks_wifi_wpa_state_explain (state).meaning);
}

/**
 * lks_cli_wifi_wait:
 * @device: a board
 * @network_id: a stored network
 * @known_failures: (nullable) (element-type LksWifiFailure): failures from before
 * @wait: how long
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Waits until the board is connected or says why not, and tells what the radio does on stderr.
 *
 * Returns: (transfer full): what became of it, or NULL with @error set
 */
LksWifiJoin *
lks_cli_wifi_wait (LksDevice *device,
                   int network_id,
                   GPtrArray *known_failures,
                   const LksCliWifiWait *wait,
                   GCancellable *cancellable,
                   GError **error)
{
  LksWifiPatience patience = LKS_WIFI_PATIENCE_DEFAULT;

  if (wait->timeout_s > 0)
    {
      patience.limit_ms = (guint) MIN (wait->timeout_s, 24 * 60 * 60) * 1000;
      patience.grace_ms = MIN (patience.limit_ms / 3, GRACE_MAX_MS);
    }
  return lks_wifi_wait (device, network_id, known_failures, &patience, tell_progress_cb, NULL,
                        cancellable, error);
}

/**
 * lks_cli_print_explained:
 * @meaning: a sentence
 * @advice: what to do next, may be empty
 *
 * Prints both on stdout, the advice indented below.
 */
void
lks_cli_print_explained (const char *meaning, const char *advice)
{
  printf ("%s\n", meaning);
  if (advice[0] != '\0')
    printf ("  %s\n", advice);
}

static void
print_failure (const LksWifiFailure *failure)
{
  LksExplanation why = lks_wifi_failure_explain (failure->reason);
  g_autofree char *word = lks_cli_clean (failure->reason_text);

  printf ("Not connected (%s).\n", word);
  lks_cli_print_explained (why.meaning, why.advice);
  if (failure->has_cert_info)
    {
      LksExplanation cert = lks_wifi_cert_error_explain (failure->cert_error);

      lks_cli_print_explained (cert.meaning, cert.advice);
    }
}

static LksCliExit
print_join (const LksWifiJoin *join)
{
  g_autofree char *other = lks_cli_clean (join->other_ssid);

  switch (join->outcome)
    {
    case LKS_WIFI_OUTCOME_CONNECTED:
      printf ("Connected after %.1f seconds. “locksmithctl network status” tells how far it "
              "reaches.\n",
              join->waited_ms / 1000.0);
      return LKS_CLI_EXIT_DONE;
    case LKS_WIFI_OUTCOME_NOT_ENABLED:
      puts ("It is disabled, so the board does not use it.");
      return LKS_CLI_EXIT_DONE;
    case LKS_WIFI_OUTCOME_FAILED:
      print_failure (join->failure);
      break;
    case LKS_WIFI_OUTCOME_ELSEWHERE:
      printf ("The board stays connected to “%s” and does not try this network. Disable the other "
              "one to try it.\n",
              other);
      break;
    case LKS_WIFI_OUTCOME_OVERDUE:
      printf ("Neither a connection nor a failure within %.0f seconds. The network stays stored; "
              "“locksmithctl wifi status” tells what the radio does.\n",
              join->waited_ms / 1000.0);
      break;
    }

  return LKS_CLI_EXIT_FAIL;
}

static gboolean
is_join_good (const LksWifiJoin *join)
{
  return join == NULL || join->outcome == LKS_WIFI_OUTCOME_CONNECTED ||
         join->outcome == LKS_WIFI_OUTCOME_NOT_ENABLED;
}

/**
 * lks_cli_wifi_report:
 * @work: the work that was done
 * @done: what was done, a sentence
 * @network: the network
 * @join: (nullable): what became of it, NULL when nobody waited
 *
 * Tells what was done and what became of it.
 *
 * Returns: the exit status: %LKS_CLI_EXIT_FAIL when the board is not connected by it
 */
int
lks_cli_wifi_report (LksCliWork *work,
                     const char *done,
                     LksWifiNetwork *network,
                     const LksWifiJoin *join)
{
  if (work->json)
    {
      if (join != NULL)
        lks_cli_work_print_json (work, "wifi", lks_wifi_join_to_json (join));
      else
        lks_cli_work_print_json (work, "network", lks_wifi_network_to_json (network));
      return is_join_good (join) ? LKS_CLI_EXIT_DONE : LKS_CLI_EXIT_FAIL;
    }

  printf ("%s\n", done);
  return join != NULL ? (int) print_join (join) : LKS_CLI_EXIT_DONE;
}

static LksWifiSecurity
get_security (const Add *self)
{
  if (self->client_cert_id != NULL)
    return LKS_WIFI_SECURITY_EAP_TLS;

  return self->is_open ? LKS_WIFI_SECURITY_OPEN : LKS_WIFI_SECURITY_PSK;
}

static LksWifiRequest
build_request (const Add *self)
{
  return (LksWifiRequest){
    .ssid = self->ssid,
    .security = get_security (self),
    .psk = self->psk != NULL ? lks_secret_get_text (self->psk) : NULL,
    .config_name = self->config_name,
    .is_disabled = self->is_disabled,
    .is_targeted_scan = self->is_hidden,
    .client_identity = self->client_identity,
    .client_cert_id = self->client_cert_id,
    .root_ca_cert_id = self->root_ca_cert_id,
  };
}

static gboolean
add_in_thread (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  Add *self = user_data;
  LksWifiRequest request = build_request (self);
  g_autoptr (GPtrArray) known = lks_device_get_wifi_failures (device, cancellable, error);

  if (known == NULL)
    return FALSE;
  self->network = lks_wifi_add (device, &request, self->again, cancellable, error);
  g_clear_pointer (&self->psk, lks_secret_unref);
  if (self->network == NULL)
    return FALSE;
  if (self->wait.no_wait || self->is_disabled)
    return TRUE;

  self->join =
      lks_cli_wifi_wait (device, self->network->id, known, &self->wait, cancellable, error);
  return self->join != NULL;
}

static gboolean
read_key (Add *self, GError **error)
{
  gboolean has_source = self->psk_source.file != NULL || self->psk_source.from_stdin;

  if (get_security (self) != LKS_WIFI_SECURITY_PSK)
    {
      if (!has_source && !(self->is_open && self->client_cert_id != NULL))
        return TRUE;
      g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                           "A network is open, or has a key, or a client certificate: only one of "
                           "them");
      return FALSE;
    }

  self->psk =
      lks_cli_secret_read (&self->psk_source, "Key of the network",
                           "--psk-file FILE, --psk-stdin or --open", LKS_WIFI_KEY_MAX, error);
  return self->psk != NULL;
}

/* Checks everything before a board is looked for, so that a script learns of a mistake at once. */
static gboolean
prepare (Add *self, GError **error)
{
  LksWifiRequest request;

  if (self->ssid == NULL || self->wait.timeout_s < 0)
    {
      g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                           self->ssid == NULL ? "--ssid NAME is missing"
                                              : "--timeout must not be negative");
      return FALSE;
    }
  if (!read_key (self, error))
    return FALSE;

  request = build_request (self);
  return lks_wifi_check_request (&request, error);
}

/**
 * lks_cli_wifi_add:
 * @argc: how many arguments
 * @argv: the arguments; the first is the verb
 *
 * Stores a network and waits until the board is connected by it.
 *
 * Returns: the exit status
 */
int
lks_cli_wifi_add (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_auto (Add) add = { .wait = { FALSE } };
  const GOptionEntry entries[] = {
    { "ssid", 's', 0, G_OPTION_ARG_STRING, &add.ssid, "Name of the network, 1 to 32 bytes",
      "NAME" },
    { "open", 0, 0, G_OPTION_ARG_NONE, &add.is_open, "It has no key", NULL },
    { "psk-file", 0, 0, G_OPTION_ARG_FILENAME, &add.psk_source.file,
      "Read its key from a file, instead of asking for it", "FILE" },
    { "psk-stdin", 0, 0, G_OPTION_ARG_NONE, &add.psk_source.from_stdin,
      "Read its key from standard input", NULL },
    { "psk", 0, G_OPTION_FLAG_HIDDEN | G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK,
      lks_cli_secret_refuse_cb, NULL, NULL },
    { "client-cert-id", 0, 0, G_OPTION_ARG_STRING, &add.client_cert_id,
      "EAP-TLS: identifier of the client certificate in the board's store", "ID" },
    { "root-ca-cert-id", 0, 0, G_OPTION_ARG_STRING, &add.root_ca_cert_id,
      "EAP-TLS: identifier of the root CA; without it the board trusts any server", "ID" },
    { "client-id", 0, 0, G_OPTION_ARG_STRING, &add.client_identity,
      "EAP-TLS: identity that the board shows, as user@domain", "NAME" },
    { "config-name", 0, 0, G_OPTION_ARG_STRING, &add.config_name,
      "Name for this configuration, at most 16 bytes", "NAME" },
    { "targeted-scan", 0, 0, G_OPTION_ARG_NONE, &add.is_hidden,
      "Look for it by name: for networks that hide it", NULL },
    { "disabled", 0, 0, G_OPTION_ARG_NONE, &add.is_disabled, "Store it without using it", NULL },
    { "again", 0, 0, G_OPTION_ARG_NONE, &add.again,
      "Store it although the same network is stored already", NULL },
    LKS_CLI_WIFI_WAIT_ENTRIES (&add.wait),
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, entries, "wifi add --ssid NAME",
                           "Stores a network on the board and waits until it is connected, or "
                           "says why not. Without --open, --psk-file, --psk-stdin and "
                           "--client-cert-id it asks for the key.",
                           0, &argc, &argv, &error) ||
      !prepare (&add, &error))
    return lks_cli_work_fail (&work, error);

  if (get_security (&add) == LKS_WIFI_SECURITY_EAP_TLS && add.root_ca_cert_id == NULL)
    fputs ("Without --root-ca-cert-id the board does not check to whom it connects.\n", stderr);
  if (!lks_cli_work_run (&work, add_in_thread, &add, &error))
    return lks_cli_work_fail (&work, error);

  return lks_cli_wifi_report (&work, "The network is stored.", add.network, add.join);
}
