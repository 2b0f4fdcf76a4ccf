/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-place.h"

#include "lks-cloud-error.h"
#include "lks-cloud-url.h"
#include "lks-guid.h"

#include <string.h>

#define TENANT_MAX_BYTES 100
#define SCOPE_MAX_BYTES 500

/* What a sign-in asks for, beside that which keeps a person signed in. */
#define PERSON_SCOPE "%s offline_access openid profile"
#define INTEGRATED_PERSON "%s/user_impersonation"
#define INTEGRATED_STATION "%s/.default"

/* Of the Azure Sphere Public API for applications of one's own (page "Authenticate with the Public
 * API"); how the vendor spells the permission of a person could not be confirmed, so that it can be
 * given in its place. */
#define LEGACY_PERSON "https://firstparty.sphere.azure.net/api/azuresphere.readwrite"
#define LEGACY_STATION "https://firstparty.sphere.azure.net/api/.default"

G_DEFINE_ENUM_TYPE (LksCloudService,
                    lks_cloud_service,
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_SERVICE_INTEGRATED, "integrated"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_SERVICE_LEGACY, "legacy"))

/* Applications of the vendor's: its command-line tools and the legacy client. Who reuses them is
 * refused sooner or later (AADSTS65002), and they may change any day. */
static const char *const vendor_applications[] = {
  "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
  "0b1c8f7e-28d2-4378-97e2-7d7d63f7c87f",
  "7c209960-a417-423c-b2e3-9251907e63fe",
  NULL,
};

static void
set_argument_error (GError **error, const char *message)
{
  g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT, message);
}

static char *
normalize_client (const char *client_id, GError **error)
{
  g_autofree char *id = client_id != NULL ? lks_guid_normalize (client_id, NULL) : NULL;

  if (id == NULL)
    {
      set_argument_error (error, client_id == NULL || client_id[0] == '\0'
                                     ? "no application ID is set: your organization registers "
                                       "Locksmith in its directory once, which gives the ID"
                                     : "an application ID is a GUID, such as "
                                       "11111111-2222-4333-8444-555555555555");
      return NULL;
    }
  if (g_strv_contains (vendor_applications, id))
    {
      set_argument_error (error,
                          "this application ID belongs to the vendor's own tools and must not "
                          "be used by others; register Locksmith in your directory");
      return NULL;
    }
  return g_steal_pointer (&id);
}

static gboolean
is_tenant (const char *text)
{
  gsize length = strlen (text);

  if (length == 0 || length > TENANT_MAX_BYTES || text[0] == '.')
    return FALSE;
  for (const char *at = text; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at) && *at != '.' && *at != '-')
      return FALSE;
  return TRUE;
}

static LksCloudPlace *
place_new (LksCloudService service,
           const char *sign_in,
           const char *resources,
           const char *tenant,
           const char *client_id,
           GError **error)
{
  const char *usual =
      service == LKS_CLOUD_SERVICE_LEGACY ? LKS_CLOUD_LEGACY_PUBLIC : LKS_CLOUD_RESOURCES_PUBLIC;
  g_autoptr (LksCloudPlace) self = g_new0 (LksCloudPlace, 1);

  self->service = service;
  self->client_id = normalize_client (client_id, error);
  if (self->client_id == NULL)
    return NULL;
  if (tenant != NULL && tenant[0] != '\0' && !is_tenant (tenant))
    {
      set_argument_error (error, "a directory is named by its GUID or one of its domain names");
      return NULL;
    }

  self->tenant = g_strdup (tenant != NULL && tenant[0] != '\0' ? tenant : LKS_CLOUD_TENANT_ANY);
  self->sign_in = lks_cloud_url_normalize_base (
      sign_in != NULL && sign_in[0] != '\0' ? sign_in : LKS_CLOUD_SIGN_IN_PUBLIC, error);
  if (self->sign_in == NULL)
    return NULL;
  self->resources =
      lks_cloud_url_normalize_base (resources != NULL && resources[0] != '\0' ? resources : usual,
                                    error);
  return self->resources != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * lks_cloud_place_new:
 * @sign_in: (nullable): address of the sign-in service, NULL for the public cloud's
 * @resources: (nullable): address of the resource API, NULL for the public cloud's
 * @tenant: (nullable): the directory, NULL for any
 * @client_id: (nullable): the application as which to sign in; must be the organization's own
 * @error: return location for a [error@Lks.CloudError], INVALID_ARGUMENT
 *
 * Returns: (transfer full): a place, or NULL with @error set
 */
LksCloudPlace *
lks_cloud_place_new (const char *sign_in,
                     const char *resources,
                     const char *tenant,
                     const char *client_id,
                     GError **error)
{
  return place_new (LKS_CLOUD_SERVICE_INTEGRATED, sign_in, resources, tenant, client_id, error);
}

static gboolean
is_scope (const char *text)
{
  for (const char *at = text; *at != '\0'; at++)
    if (!g_ascii_isgraph (*at) || *at == '"' || *at == '\\')
      return FALSE;
  return strlen (text) <= SCOPE_MAX_BYTES;
}

/**
 * lks_cloud_place_new_legacy:
 * @sign_in: (nullable): address of the sign-in service, NULL for the public cloud's
 * @resources: (nullable): address of the Public API, NULL for the vendor's
 * @tenant: (nullable): the directory, NULL for any
 * @client_id: (nullable): the application as which to sign in; must be the organization's own
 * @scope: (nullable): what a person's sign-in asks for, one permission, and which API a station's
 *   is for; NULL for the usual one
 * @error: return location for a [error@Lks.CloudError], INVALID_ARGUMENT
 *
 * Returns: (transfer full): a place that is asked by the Legacy interface, or NULL with @error set
 */
LksCloudPlace *
lks_cloud_place_new_legacy (const char *sign_in,
                            const char *resources,
                            const char *tenant,
                            const char *client_id,
                            const char *scope,
                            GError **error)
{
  LksCloudPlace *self =
      place_new (LKS_CLOUD_SERVICE_LEGACY, sign_in, resources, tenant, client_id, error);

  if (self == NULL || scope == NULL || scope[0] == '\0')
    return self;
  if (is_scope (scope))
    {
      self->scope = g_strdup (scope);
      return self;
    }
  lks_cloud_place_free (self);
  set_argument_error (error, "a permission is one word, such as " LEGACY_PERSON);
  return NULL;
}

/**
 * lks_cloud_place_new_for:
 * @service: by which interface it is asked
 * @sign_in: (nullable): address of the sign-in service, NULL for the public cloud's
 * @resources: (nullable): address of the API, NULL for the public one of @service
 * @tenant: (nullable): the directory, NULL for any
 * @client_id: (nullable): the application as which to sign in
 * @scope: (nullable): see lks_cloud_place_new_legacy(); the Integrated interface has no choice
 * @error: return location for a [error@Lks.CloudError], INVALID_ARGUMENT
 *
 * Returns: (transfer full): a place, or NULL with @error set
 */
LksCloudPlace *
lks_cloud_place_new_for (LksCloudService service,
                         const char *sign_in,
                         const char *resources,
                         const char *tenant,
                         const char *client_id,
                         const char *scope,
                         GError **error)
{
  return service == LKS_CLOUD_SERVICE_LEGACY
             ? lks_cloud_place_new_legacy (sign_in, resources, tenant, client_id, scope, error)
             : lks_cloud_place_new (sign_in, resources, tenant, client_id, error);
}

/**
 * lks_cloud_place_copy:
 * @self: a place
 *
 * Returns: (transfer full): a copy
 */
LksCloudPlace *
lks_cloud_place_copy (const LksCloudPlace *self)
{
  LksCloudPlace *copy = g_new0 (LksCloudPlace, 1);

  copy->service = self->service;
  copy->scope = g_strdup (self->scope);
  copy->sign_in = g_strdup (self->sign_in);
  copy->resources = g_strdup (self->resources);
  copy->tenant = g_strdup (self->tenant);
  copy->client_id = g_strdup (self->client_id);
  return copy;
}

/**
 * lks_cloud_place_free:
 * @self: (transfer full): a place
 */
void
lks_cloud_place_free (LksCloudPlace *self)
{
  g_free (self->scope);
  g_free (self->sign_in);
  g_free (self->resources);
  g_free (self->tenant);
  g_free (self->client_id);
  g_free (self);
}

/**
 * lks_cloud_place_dup_endpoint:
 * @self: a place
 * @name: "devicecode", "authorize" or "token"
 *
 * Returns: (transfer full): the address of an endpoint of the sign-in service
 */
char *
lks_cloud_place_dup_endpoint (const LksCloudPlace *self, const char *name)
{
  return g_strdup_printf ("%s/%s/oauth2/v2.0/%s", self->sign_in, self->tenant, name);
}

/* An application has no permission of a person's to name: it asks the same API for all that the
 * directory has granted it. */
static char *
dup_station_scope (const char *scope)
{
  const char *permission = strrchr (scope, '/');
  int api_bytes = permission != NULL ? (int) (permission - scope) : (int) strlen (scope);

  return g_strdup_printf ("%.*s/.default", api_bytes, scope);
}

/**
 * lks_cloud_place_dup_scope:
 * @self: a place
 * @is_station: for an application that signs in by itself
 *
 * Returns: (transfer full): what a sign-in asks for
 */
char *
lks_cloud_place_dup_scope (const LksCloudPlace *self, gboolean is_station)
{
  gboolean is_legacy = self->service == LKS_CLOUD_SERVICE_LEGACY;
  g_autofree char *usual = NULL;

  if (is_station && self->scope != NULL)
    return dup_station_scope (self->scope);
  if (is_station)
    return is_legacy ? g_strdup (LEGACY_STATION)
                     : g_strdup_printf (INTEGRATED_STATION, self->resources);
  usual =
      is_legacy ? g_strdup (LEGACY_PERSON) : g_strdup_printf (INTEGRATED_PERSON, self->resources);
  return g_strdup_printf (PERSON_SCOPE, self->scope != NULL ? self->scope : usual);
}

/**
 * lks_cloud_place_names_tenant:
 * @self: a place
 *
 * Unattended stations must name their directory.
 *
 * Returns: whether a directory is named
 */
gboolean
lks_cloud_place_names_tenant (const LksCloudPlace *self)
{
  return g_ascii_strcasecmp (self->tenant, LKS_CLOUD_TENANT_ANY) != 0 &&
         g_ascii_strcasecmp (self->tenant, "common") != 0 &&
         g_ascii_strcasecmp (self->tenant, "consumers") != 0;
}
