/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which places online work needs, and what to say about them. */
#include "lks-network-test.h"

#include "lks-cloud-place.h"
#include "lks-cloud-words-private.h"
#include "lks-os-versions.h"

#define HTTPS_PORT 443

G_DEFINE_ENUM_TYPE (LksNetworkKind,
                    lks_network_kind,
                    G_DEFINE_ENUM_VALUE (LKS_NETWORK_HTTPS, "https"),
                    G_DEFINE_ENUM_VALUE (LKS_NETWORK_TCP, "tcp"),
                    G_DEFINE_ENUM_VALUE (LKS_NETWORK_PAGE, "page"),
                    G_DEFINE_ENUM_VALUE (LKS_NETWORK_TIME, "time"))

G_DEFINE_ENUM_TYPE (LksNetworkVerdict,
                    lks_network_verdict,
                    G_DEFINE_ENUM_VALUE (LKS_NETWORK_REACHED, "reached"),
                    G_DEFINE_ENUM_VALUE (LKS_NETWORK_NO_NAME, "no-name"),
                    G_DEFINE_ENUM_VALUE (LKS_NETWORK_REFUSED, "refused"),
                    G_DEFINE_ENUM_VALUE (LKS_NETWORK_SILENT, "silent"),
                    G_DEFINE_ENUM_VALUE (LKS_NETWORK_UNTRUSTED, "untrusted"),
                    G_DEFINE_ENUM_VALUE (LKS_NETWORK_PROXY, "proxy"),
                    G_DEFINE_ENUM_VALUE (LKS_NETWORK_ODD, "odd"),
                    G_DEFINE_ENUM_VALUE (LKS_NETWORK_WRONG_CLOCK, "wrong-clock"))

/* The vendor's list of networking requirements, of 2021: hosts of images and of single regions come
 * and go, so they are left out. Boards check certificates of their own and often show one, so only
 * a connection can be tried from here. */
static const struct
{
  const char *host;
  guint16 port;
  LksNetworkKind kind;
  const char *purpose;
} of_boards[] = {
  { "prod.time.sphere.azure.net", 123, LKS_NETWORK_TIME, N_ ("Boards: time") },
  { "time.sphere.azure.net", 123, LKS_NETWORK_TIME, N_ ("Boards: time, second choice") },
  { "www.msftconnecttest.com", 80, LKS_NETWORK_PAGE, N_ ("Boards: is there a network?") },
  { "prod.update.sphere.azure.net", 80, LKS_NETWORK_TCP, N_ ("Boards: updates") },
  { "prod.core.sphere.azure.net", HTTPS_PORT, LKS_NETWORK_TCP, N_ ("Boards: the service itself") },
  { "prod.device.core.sphere.azure.net", HTTPS_PORT, LKS_NETWORK_TCP,
    N_ ("Boards: which updates there are") },
  { "prod.deviceauth.sphere.azure.net", HTTPS_PORT, LKS_NETWORK_TCP,
    N_ ("Boards: attestation and certificates") },
  { "prod.dinsights.core.sphere.azure.net", HTTPS_PORT, LKS_NETWORK_TCP,
    N_ ("Boards: reports of trouble") },
  { "global.azure-devices-provisioning.net", HTTPS_PORT, LKS_NETWORK_TCP,
    N_ ("Boards: provisioning of applications that use it") },
};

/**
 * lks_network_result_new:
 * @host: a host
 * @port: a port
 * @kind: what must be had there
 * @purpose: what for, static text
 *
 * Returns: (transfer full): a place that is not tested yet
 */
LksNetworkResult *
lks_network_result_new (const char *host, guint16 port, LksNetworkKind kind, const char *purpose)
{
  LksNetworkResult *self = g_new0 (LksNetworkResult, 1);

  self->host = g_strdup (host);
  self->port = port;
  self->kind = kind;
  self->purpose = purpose;
  return self;
}

/**
 * lks_network_result_free:
 * @self: (transfer full): a result
 */
void
lks_network_result_free (LksNetworkResult *self)
{
  g_free (self->host);
  g_free (self->detail);
  g_free (self);
}

static void
add_address (GPtrArray *plan, const char *address, const char *purpose)
{
  g_autofree char *host = NULL;
  int port = -1;

  if (!g_uri_split_network (address, G_URI_FLAGS_NONE, NULL, &host, &port, NULL) || host == NULL)
    return; /* an address that cannot be used is refused where it is set */
  g_ptr_array_add (plan, lks_network_result_new (host, port > 0 ? (guint16) port : HTTPS_PORT,
                                                 LKS_NETWORK_HTTPS, purpose));
}

/**
 * lks_network_plan:
 * @sign_in: (nullable): address of the sign-in service, NULL for the public one
 * @resources: (nullable): address of the resource API, NULL for the public one
 * @legacy: (nullable): address of the Legacy service, NULL when nobody uses it
 * @with_boards: also what boards need, as far as it is seen from here
 *
 * The vendor's networking requirements (page of 2021) and what this program uses.
 *
 * Returns: (transfer full) (element-type LksNetworkResult): the places to test
 */
GPtrArray *
lks_network_plan (const char *sign_in,
                  const char *resources,
                  const char *legacy,
                  gboolean with_boards)
{
  GPtrArray *plan = g_ptr_array_new_with_free_func ((GDestroyNotify) lks_network_result_free);

  add_address (plan, sign_in != NULL ? sign_in : LKS_CLOUD_SIGN_IN_PUBLIC, N_ ("Signing in"));
  add_address (plan, resources != NULL ? resources : LKS_CLOUD_RESOURCES_PUBLIC,
               N_ ("Catalogs, claims, capabilities"));
  if (legacy != NULL)
    add_address (plan, legacy, N_ ("The Legacy service, until it ends"));
  add_address (plan, LKS_OS_VERSIONS_PUBLIC, N_ ("The list of OS versions"));
  for (gsize i = 0; with_boards && i < G_N_ELEMENTS (of_boards); i++)
    {
      LksNetworkResult *place = lks_network_result_new (of_boards[i].host, of_boards[i].port,
                                                        of_boards[i].kind, of_boards[i].purpose);

      place->is_for_boards = TRUE;
      g_ptr_array_add (plan, place);
    }
  return plan;
}

/**
 * lks_network_get_sentence:
 * @verdict: what came of a test
 *
 * Returns: (transfer none): the same as an English sentence, marked for translation
 */
const char *
lks_network_get_sentence (LksNetworkVerdict verdict)
{
  switch (verdict)
    {
    case LKS_NETWORK_REACHED:
      return N_ ("Reached.");
    case LKS_NETWORK_NO_NAME:
      return N_ ("Its name leads to no address.");
    case LKS_NETWORK_REFUSED:
      return N_ ("The connection was refused.");
    case LKS_NETWORK_SILENT:
      return N_ ("Nothing answered in time.");
    case LKS_NETWORK_UNTRUSTED:
      return N_ ("What answers is not it: its certificate does not count.");
    case LKS_NETWORK_PROXY:
      return N_ ("The proxy does not let it through.");
    case LKS_NETWORK_ODD:
      return N_ ("Something else answers there.");
    case LKS_NETWORK_WRONG_CLOCK:
      return N_ ("Reached, but this computer’s clock is wrong.");
    }
  return "";
}

/**
 * lks_network_get_advice:
 * @verdict: what came of a test
 *
 * Returns: (transfer none): what to do next, an English sentence marked for translation; empty when
 *   there is nothing to do
 */
const char *
lks_network_get_advice (LksNetworkVerdict verdict)
{
  switch (verdict)
    {
    case LKS_NETWORK_REACHED:
      break;
    case LKS_NETWORK_NO_NAME:
      return N_ (
          "Check the network connection and its name server (DNS); a filter of names may have "
          "to let this name through.");
    case LKS_NETWORK_REFUSED:
      return N_ ("A firewall refuses it: ask for this host and port to be let through.");
    case LKS_NETWORK_SILENT:
      return N_ (
          "A firewall swallows it, or there is no way to the internet: ask for this host and "
          "port to be let through.");
    case LKS_NETWORK_UNTRUSTED:
      return N_ (
          "A proxy that looks into connections does that: ask for this host to be left out, or "
          "for its CA certificate. Check this computer’s clock, too.");
    case LKS_NETWORK_PROXY:
      return N_ (
          "Check the system’s proxy settings, with user name and password if it wants them, and "
          "ask for this host and port to be let through.");
    case LKS_NETWORK_ODD:
      return N_ (
          "A proxy or the page of a guest network may be answering in its place: open a browser "
          "and look.");
    case LKS_NETWORK_WRONG_CLOCK:
      return N_ (
          "Set the clock of this computer: signing in fails when it is off by more than some "
          "minutes.");
    }
  return "";
}
