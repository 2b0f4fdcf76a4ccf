/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the Legacy interface tells, in the shape of the Integrated one. Source of names and numbers:
 * the vendor's reference of the Azure Sphere Public API, version 2. */
#include "lks-cloud-legacy-shape.h"

#include "lks-cloud-legacy-member.h"
#include "lks-device-id.h"
#include "lks-guid.h"

#include <openssl/x509.h>

#define IMAGES_MAX 1000

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free)

/* ---- tenants, products, groups ---- */

JsonObject *
lks_legacy_shape_tenant (LksJson *json,
                         JsonObject *item,
                         const LksLegacyNames *names,
                         GError **error)
{
  g_autofree char *id = NULL;
  g_autofree char *name = NULL;
  g_autoptr (LksCloudScope) scope = NULL;
  JsonObject *properties;

  if (!lks_legacy_read_guid (json, item, "Id", &id, error) ||
      (lks_json_has (item, "Name") && !lks_json_read_string (json, item, "Name", &name, error)))
    return NULL;
  scope =
      lks_cloud_scope_new_tenant (id, name != NULL && lks_cloud_scope_can_hold (name) ? name : id);
  properties = json_object_new ();
  json_object_set_string_member (properties, "tenantId", id);
  return lks_legacy_make_resource (scope, scope->catalog, properties, TRUE);
}

JsonObject *
lks_legacy_shape_product (LksJson *json,
                          JsonObject *item,
                          const LksLegacyNames *names,
                          GError **error)
{
  static const LksLegacyMember members[] = { { "Description", "description", LKS_LEGACY_MEMBER_TEXT,
                                               NULL } };
  g_autofree char *id = NULL;
  g_autoptr (LksCloudScope) scope = NULL;
  JsonObject *properties;

  if (!lks_legacy_read_guid (json, item, "Id", &id, error))
    return NULL;
  scope = names->place (names->data, id, NULL);
  properties = json_object_new ();
  return lks_legacy_make_resource (scope, scope->product, properties,
                                   lks_legacy_read_members (json, item, members,
                                                            G_N_ELEMENTS (members), properties,
                                                            error));
}

JsonObject *
lks_legacy_shape_group (LksJson *json,
                        JsonObject *item,
                        const LksLegacyNames *names,
                        GError **error)
{
  static const LksLegacyMember members[] = {
    { "Description", "description", LKS_LEGACY_MEMBER_TEXT, NULL },
    { "OsFeedType", "osFeedType", LKS_LEGACY_MEMBER_WORD, lks_legacy_feeds },
    { "OSFeedType", "osFeedType", LKS_LEGACY_MEMBER_WORD, lks_legacy_feeds },
    { "UpdatePolicy", "updatePolicy", LKS_LEGACY_MEMBER_WORD, lks_legacy_policies },
    { "AllowCrashDumpsCollection", "allowCrashDumpsCollection", LKS_LEGACY_MEMBER_SWITCH, NULL },
  };
  g_autofree char *id = NULL;
  g_autofree char *product = NULL;
  g_autoptr (LksCloudScope) scope = NULL;
  JsonObject *properties;

  if (!lks_legacy_read_guid (json, item, "Id", &id, error) ||
      !lks_legacy_read_guid_or_null (json, item, "ProductId", &product, error))
    return NULL;
  scope = names->place (names->data, product, id);
  properties = json_object_new ();
  if (json_object_has_member (item, "CurrentDeployment"))
    json_object_set_boolean_member (properties, "hasDeployment",
                                    lks_json_has (item, "CurrentDeployment"));
  return lks_legacy_make_resource (scope, scope->group, properties,
                                   lks_legacy_read_members (json, item, members,
                                                            G_N_ELEMENTS (members), properties,
                                                            error));
}

/* ---- devices ---- */

JsonObject *
lks_legacy_shape_device (LksJson *json,
                         JsonObject *item,
                         const LksLegacyNames *names,
                         GError **error)
{
  static const LksLegacyMember members[] = {
    { "DeviceId", "deviceId", LKS_LEGACY_MEMBER_TEXT, NULL },
    { "ChipSku", "chipSku", LKS_LEGACY_MEMBER_WORD, lks_legacy_chips },
    { "LastAvailableOSVersion", "lastAvailableOsVersion", LKS_LEGACY_MEMBER_TEXT, NULL },
    { "LastInstalledOSVersion", "lastInstalledOsVersion", LKS_LEGACY_MEMBER_TEXT, NULL },
    { "LastOSUpdateUTC", "lastOsUpdateUtc", LKS_LEGACY_MEMBER_TEXT, NULL },
    { "LastUpdateRequestUTC", "lastUpdateRequestUtc", LKS_LEGACY_MEMBER_TEXT, NULL },
  };
  g_autofree char *text = NULL;
  g_autofree char *id = NULL;
  g_autofree char *product = NULL;
  g_autofree char *group = NULL;
  g_autoptr (LksCloudScope) place = NULL;
  g_autoptr (LksCloudScope) scope = NULL;
  JsonObject *properties;

  if (!lks_json_read_string (json, item, "DeviceId", &text, error) ||
      !lks_legacy_read_guid_or_null (json, item, "ProductId", &product, error) ||
      !lks_legacy_read_guid_or_null (json, item, "DeviceGroupId", &group, error))
    return NULL;
  id = lks_device_id_normalize (text, NULL);
  if (id == NULL)
    {
      lks_json_set_error (json, json_object_get_member (item, "DeviceId"), error,
                          "expected a device ID");
      return NULL;
    }
  place = names->place (names->data, group != NULL ? product : NULL, group);
  scope = lks_cloud_scope_dup_leaf (place, "devices", id);
  properties = json_object_new ();
  return lks_legacy_make_resource (scope, id, properties,
                                   lks_legacy_read_members (json, item, members,
                                                            G_N_ELEMENTS (members), properties,
                                                            error));
}

JsonObject *
lks_legacy_shape_insight (LksJson *json,
                          JsonObject *item,
                          const LksLegacyNames *names,
                          GError **error)
{
  static const LksLegacyMember members[] = {
    { "DeviceId", "deviceId", LKS_LEGACY_MEMBER_TEXT, NULL },
    { "EventCategory", "eventCategory", LKS_LEGACY_MEMBER_TEXT, NULL },
    { "EventClass", "eventClass", LKS_LEGACY_MEMBER_TEXT, NULL },
    { "EventType", "eventType", LKS_LEGACY_MEMBER_TEXT, NULL },
    { "EventCount", "eventCount", LKS_LEGACY_MEMBER_COUNT, NULL },
    { "StartTimestampInUnix", "startTimestampUtc", LKS_LEGACY_MEMBER_TIME, NULL },
    { "EndTimestampInUnix", "endTimestampUtc", LKS_LEGACY_MEMBER_TIME, NULL },
    { "Description", "description", LKS_LEGACY_MEMBER_TEXT, NULL },
  };
  JsonObject *insight = json_object_new ();

  if (lks_legacy_read_members (json, item, members, G_N_ELEMENTS (members), insight, error))
    return insight;
  json_object_unref (insight);
  return NULL;
}

/* ---- images and deployments ---- */

JsonObject *
lks_legacy_shape_image (LksJson *json,
                        JsonObject *item,
                        const LksLegacyNames *names,
                        GError **error)
{
  static const LksLegacyMember members[] = {
    { "Id", "imageId", LKS_LEGACY_MEMBER_TEXT, NULL },
    { "Name", "image", LKS_LEGACY_MEMBER_TEXT, NULL },
    { "ComponentId", "componentId", LKS_LEGACY_MEMBER_TEXT, NULL },
    { "Description", "description", LKS_LEGACY_MEMBER_TEXT, NULL },
    { "ImageType", "imageType", LKS_LEGACY_MEMBER_WORD, lks_legacy_image_types },
    { "Type", "imageType", LKS_LEGACY_MEMBER_WORD,
      lks_legacy_image_types }, /* counts, when both are there */
  };
  g_autofree char *id = NULL;
  g_autoptr (LksCloudScope) tenant = NULL;
  g_autoptr (LksCloudScope) scope = NULL;
  JsonObject *properties;

  if (!lks_legacy_read_guid (json, item, "Id", &id, error))
    return NULL;
  tenant = lks_cloud_scope_dup_catalog (names->within);
  scope = lks_cloud_scope_dup_leaf (tenant, "images", id);
  properties = json_object_new ();
  return lks_legacy_make_resource (scope, id, properties,
                                   lks_legacy_read_members (json, item, members,
                                                            G_N_ELEMENTS (members), properties,
                                                            error));
}

static JsonObject *
make_deployed_image (const char *id, const LksLegacyNames *names)
{
  JsonObject *image = json_object_new ();
  JsonObject *properties = json_object_new ();
  g_autofree char *name = names->image (names->data, id);

  json_object_set_string_member (properties, "imageId", id);
  if (name != NULL)
    json_object_set_string_member (properties, "image", name);
  json_object_set_object_member (image, "properties", properties);
  return image;
}

static gboolean
read_images (LksJson *json,
             JsonObject *item,
             const LksLegacyNames *names,
             JsonObject *properties,
             GError **error)
{
  g_auto (GStrv) ids = NULL;
  JsonArray *images;

  if (!lks_json_has (item, "DeployedImages"))
    return TRUE;
  if (!lks_json_read_string_list (json, item, "DeployedImages", &ids, error))
    return FALSE;
  images = json_array_new ();
  json_object_set_array_member (properties, "deployedImages", images);
  for (guint i = 0; ids[i] != NULL && i < IMAGES_MAX; i++)
    {
      g_autofree char *id = lks_guid_normalize (ids[i], NULL);

      if (id == NULL)
        {
          lks_json_set_error (json, json_object_get_member (item, "DeployedImages"), error,
                              "expected GUIDs");
          return FALSE;
        }
      json_array_add_object_element (images, make_deployed_image (id, names));
    }
  return TRUE;
}

static JsonObject *
make_deployment (LksJson *json,
                 JsonObject *item,
                 const LksCloudScope *group,
                 const LksLegacyNames *names,
                 GError **error)
{
  static const LksLegacyMember members[] = {
    { "Id", "deploymentId", LKS_LEGACY_MEMBER_TEXT, NULL },
    { "DeploymentDateUtc", "deploymentDateUtc", LKS_LEGACY_MEMBER_TEXT, NULL },
  };
  g_autofree char *id = NULL;
  g_autoptr (LksCloudScope) scope = NULL;
  JsonObject *properties;

  if (!lks_legacy_read_guid (json, item, "Id", &id, error))
    return NULL;
  scope = lks_cloud_scope_dup_leaf (group, "deployments", id);
  properties = json_object_new ();
  return lks_legacy_make_resource (scope, id, properties,
                                   lks_legacy_read_members (json, item, members,
                                                            G_N_ELEMENTS (members), properties,
                                                            error) &&
                                       read_images (json, item, names, properties, error));
}

/* A deployment does not tell whose it is. */
JsonObject *
lks_legacy_shape_deployment (LksJson *json,
                             JsonObject *item,
                             const LksLegacyNames *names,
                             GError **error)
{
  g_autoptr (LksCloudScope) group =
      lks_cloud_scope_dup_group (names->within, names->within->product, names->within->group);

  return make_deployment (json, item, group, names, error);
}

/* Of a device group, what is deployed to it now. */
JsonObject *
lks_legacy_shape_current (LksJson *json,
                          JsonObject *item,
                          const LksLegacyNames *names,
                          GError **error)
{
  g_autofree char *id = NULL;
  g_autofree char *product = NULL;
  g_autoptr (LksCloudScope) group = NULL;
  JsonObject *deployment;

  if (!lks_json_has (item, "CurrentDeployment"))
    return NULL;
  if (!lks_legacy_read_guid (json, item, "Id", &id, error) ||
      !lks_legacy_read_guid_or_null (json, item, "ProductId", &product, error) ||
      !lks_json_read_object (json, item, "CurrentDeployment", &deployment, error))
    return NULL;
  group = names->place (names->data, product, id);
  return make_deployment (json, deployment, group, names, error);
}

/* ---- certificates ---- */

static char *
dup_bio (BIO *bio)
{
  char *data;
  long size = BIO_get_mem_data (bio, &data);

  return size > 0 ? g_strndup (data, (gsize) size) : NULL;
}

static void
set_time (JsonObject *properties, const char *member, const ASN1_TIME *time)
{
  struct tm parts;
  g_autofree char *text = NULL;

  if (ASN1_TIME_to_tm (time, &parts) != 1)
    return;
  text = g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900, parts.tm_mon + 1,
                          parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
  json_object_set_string_member (properties, member, text);
}

/* What the Integrated interface tells beside a certificate stands in the certificate itself. */
static void
describe_certificate (const char *base64, JsonObject *properties)
{
  gsize n_bytes = 0;
  g_autofree guchar *bytes = g_base64_decode (base64, &n_bytes);
  const guchar *at = bytes;
  g_autoptr (X509) certificate = d2i_X509 (NULL, &at, (long) n_bytes);
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  g_autofree char *subject = NULL;

  if (certificate == NULL)
    return;
  X509_NAME_print_ex (bio, X509_get_subject_name (certificate), 0, XN_FLAG_RFC2253);
  subject = dup_bio (bio);
  if (subject != NULL && g_utf8_validate (subject, -1, NULL))
    json_object_set_string_member (properties, "subject", subject);
  set_time (properties, "notBeforeUtc", X509_get0_notBefore (certificate));
  set_time (properties, "expiryUtc", X509_get0_notAfter (certificate));
}

static gboolean
read_status (LksJson *json, JsonObject *item, JsonObject *properties, GError **error)
{
  gboolean is_active = FALSE;
  gboolean is_revoked = FALSE;

  if ((lks_json_has (item, "IsActive") &&
       !lks_json_read_boolean (json, item, "IsActive", &is_active, error)) ||
      (lks_json_has (item, "IsRevoked") &&
       !lks_json_read_boolean (json, item, "IsRevoked", &is_revoked, error)))
    return FALSE;
  json_object_set_string_member (properties, "status",
                                 is_revoked  ? "Revoked"
                                 : is_active ? "Active"
                                             : "Inactive");
  return TRUE;
}

/* Named by its thumbprint. An expired one may have no body. */
JsonObject *
lks_legacy_shape_certificate (LksJson *json,
                              JsonObject *item,
                              const LksLegacyNames *names,
                              GError **error)
{
  static const LksLegacyMember members[] = {
    { "Thumbprint", "thumbprint", LKS_LEGACY_MEMBER_TEXT, NULL },
    { "Certificate", "certificate", LKS_LEGACY_MEMBER_TEXT, NULL },
  };
  g_autofree char *thumbprint = NULL;
  g_autoptr (LksCloudScope) tenant = NULL;
  g_autoptr (LksCloudScope) scope = NULL;
  JsonObject *properties;
  gboolean is_read;

  if (!lks_json_read_string (json, item, "Thumbprint", &thumbprint, error))
    return NULL;
  if (!lks_cloud_scope_can_hold (thumbprint))
    {
      lks_json_set_error (json, json_object_get_member (item, "Thumbprint"), error,
                          "expected a thumbprint");
      return NULL;
    }
  tenant = lks_cloud_scope_dup_catalog (names->within);
  scope = lks_cloud_scope_dup_leaf (tenant, "certificates", thumbprint);
  properties = json_object_new ();
  is_read =
      lks_legacy_read_members (json, item, members, G_N_ELEMENTS (members), properties, error) &&
      read_status (json, item, properties, error);
  if (is_read && json_object_has_member (properties, "certificate"))
    describe_certificate (json_object_get_string_member (properties, "certificate"), properties);
  return lks_legacy_make_resource (scope, thumbprint, properties, is_read);
}
