/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-url.h"

#include "lks-cloud-error.h"

#include <gio/gio.h>
#include <string.h>

#define HTTPS_PORT 443
#define SHOWN_PATH_BYTES 300

static GUri *
parse (const char *url)
{
  if (strlen (url) > LKS_CLOUD_URL_BYTES_MAX)
    return NULL;
  return g_uri_parse (url, G_URI_FLAGS_ENCODED | G_URI_FLAGS_HAS_PASSWORD, NULL);
}

static int
get_port (GUri *uri)
{
  return g_uri_get_port (uri) >= 0 ? g_uri_get_port (uri) : HTTPS_PORT;
}

/* Whether it is an address of ours: HTTPS, a host, no user name that hides another host. */
static gboolean
is_plain_https (GUri *uri)
{
  return g_strcmp0 (g_uri_get_scheme (uri), "https") == 0 && g_uri_get_host (uri) != NULL &&
         g_uri_get_host (uri)[0] != '\0' && g_uri_get_userinfo (uri) == NULL &&
         g_uri_get_fragment (uri) == NULL;
}

/**
 * lks_cloud_url_normalize_base:
 * @text: the address of a service as somebody wrote it, `https://HOST[:PORT]`
 * @error: return location for a [error@Lks.CloudError], INVALID_ARGUMENT
 *
 * Returns: (transfer full): the address without a slash at its end, or NULL with @error set
 */
char *
lks_cloud_url_normalize_base (const char *text, GError **error)
{
  g_autoptr (GUri) uri = parse (text);

  if (uri != NULL && is_plain_https (uri) && g_uri_get_query (uri) == NULL &&
      (g_uri_get_path (uri)[0] == '\0' || g_str_equal (g_uri_get_path (uri), "/")))
    return g_uri_join (G_URI_FLAGS_ENCODED, "https", NULL, g_uri_get_host (uri),
                       g_uri_get_port (uri), "", NULL, NULL);

  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT,
               "“%s” is not the address of a service: expected https://HOST or https://HOST:PORT",
               text);
  return NULL;
}

/**
 * lks_cloud_url_is_same_origin:
 * @base: an address of lks_cloud_url_normalize_base()
 * @url: an address that a service gave
 *
 * Whether a sign-in for @base may be sent to @url: same scheme, host and port.
 *
 * Returns: whether it is the same service
 */
gboolean
lks_cloud_url_is_same_origin (const char *base, const char *url)
{
  g_autoptr (GUri) own = parse (base);
  g_autoptr (GUri) other = parse (url);

  return own != NULL && other != NULL && is_plain_https (own) && is_plain_https (other) &&
         g_ascii_strcasecmp (g_uri_get_host (own), g_uri_get_host (other)) == 0 &&
         get_port (own) == get_port (other);
}

/**
 * lks_cloud_url_is_loopback:
 * @url: an address
 *
 * Returns: whether it leads to this computer, where no proxy is needed
 */
gboolean
lks_cloud_url_is_loopback (const char *url)
{
  g_autoptr (GUri) uri = parse (url);
  g_autoptr (GInetAddress) address = NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL)
    return FALSE;
  if (g_ascii_strcasecmp (g_uri_get_host (uri), "localhost") == 0)
    return TRUE;

  address = g_inet_address_new_from_string (g_uri_get_host (uri));
  return address != NULL && g_inet_address_get_is_loopback (address);
}

/**
 * lks_cloud_url_dup_shown:
 * @url: an address
 *
 * What may be shown or logged of it: a query can hold a signature that opens something.
 *
 * Returns: (transfer full): host and path
 */
char *
lks_cloud_url_dup_shown (const char *url)
{
  g_autoptr (GUri) uri = parse (url);
  const char *path = uri != NULL ? g_uri_get_path (uri) : "";

  if (uri == NULL || g_uri_get_host (uri) == NULL)
    return g_strdup ("(unreadable address)");
  return g_strdup_printf ("%s%.*s%s", g_uri_get_host (uri), SHOWN_PATH_BYTES, path,
                          strlen (path) > SHOWN_PATH_BYTES ? "…" : "");
}
