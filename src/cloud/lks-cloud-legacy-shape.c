/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the Legacy interface tells, in the shape of the Integrated one. Source of names and numbers:
 * the vendor's reference of the Azure Sphere Public API, version 2. */
#include "lks-cloud-legacy-shape.h"

#include "lks-device-id.h"
#include "lks-guid.h"

#include <openssl/x509.h>

#define IMAGES_MAX 1000
#define TIME_MAX_S (G_GINT64_CONSTANT (253402300799)) /* the year 9999 */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free)

typedef enum
{
  MEMBER_TEXT,
  MEMBER_WORD,   /* a number that stands for a word */
  MEMBER_SWITCH, /* a boolean that the other one tells as a word */
  MEMBER_TIME,   /* seconds since 1970 */
  MEMBER_COUNT,
} MemberType;

typedef struct
{
  gint64 number;
  const char *word;
} Word;

typedef struct
{
  const char *legacy;
  const char *member;
  MemberType type;
  const Word *words;
} Member;

static const Word feeds[] = { { 0, "Retail" }, { 1, "RetailEval" }, { 0, NULL } };
static const Word policies[] = { { 0, "UpdateAll" },
                                 { 1, "No3rdPartyAppUpdates" },
                                 { 2, "NoUpdates" },
                                 { 0, NULL } };
static const Word chips[] = { { 0, "MT3620AN" }, { 0, NULL } };

/* The gaps are real. */
static const Word image_types[] = {
  { 0, "InvalidImageType" },
  { 1, "OneBl" },
  { 2, "PlutonRuntime" },
  { 3, "WifiFirmware" },
  { 4, "SecurityMonitor" },
  { 5, "NormalWorldLoader" },
  { 6, "NormalWorldDtb" },
  { 7, "NormalWorldKernel" },
  { 8, "RootFs" },
  { 9, "Services" },
  { 10, "Applications" },
  { 13, "FwConfig" },
  { 16, "BootManifest" },
  { 17, "Nwfs" },
  { 19, "TrustedKeystore" },
  { 20, "Policy" },
  { 21, "CustomerBoardConfig" },
  { 22, "UpdateCertStore" },
  { 23, "BaseSystemUpdateManifest" },
  { 24, "FirmwareUpdateManifest" },
  { 25, "CustomerUpdateManifest" },
  { 26, "RecoveryManifest" },
  { 27, "ManifestSet" },
  { 28, "Other" },
  { 0, NULL },
};

/* ---- members ---- */

/* Values that nobody knew are kept, as numbers. */
static char *
number_to_word (const Word *words, gint64 number)
{
  for (; words->word != NULL; words++)
    if (words->number == number)
      return g_strdup (words->word);
  return g_strdup_printf ("%" G_GINT64_FORMAT, number);
}

/**
 * lks_legacy_find_number:
 * @member: "osFeedType" or "updatePolicy"
 * @word: a value of the Integrated interface
 * @out_number: (out): what the Legacy one says for it
 *
 * Returns: whether it has it
 */
gboolean
lks_legacy_find_number (const char *member, const char *word, gint64 *out_number)
{
  const Word *words = g_str_equal (member, "osFeedType") ? feeds : policies;

  for (; words->word != NULL; words++)
    if (g_str_equal (words->word, word))
      {
        *out_number = words->number;
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_number (LksJson *json, JsonObject *item, const Member *member, JsonObject *out, GError **error)
{
  g_autofree char *text = NULL;
  gint64 number;
  gint64 max = member->type == MEMBER_TIME ? TIME_MAX_S : G_MAXINT32;

  if (!lks_json_read_int (json, item, member->legacy, 0, max, &number, error))
    return FALSE;
  if (member->type == MEMBER_COUNT)
    {
      json_object_set_int_member (out, member->member, number);
      return TRUE;
    }
  if (member->type == MEMBER_TIME)
    {
      g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (number);

      text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
    }
  else
    text = number_to_word (member->words, number);
  json_object_set_string_member (out, member->member, text);
  return TRUE;
}

static gboolean
read_member (LksJson *json, JsonObject *item, const Member *member, JsonObject *out, GError **error)
{
  g_autofree char *text = NULL;
  gboolean is_on;

  if (!lks_json_has (item, member->legacy))
    return TRUE;
  switch (member->type)
    {
    case MEMBER_TEXT:
      if (!lks_json_read_string (json, item, member->legacy, &text, error))
        return FALSE;
      json_object_set_string_member (out, member->member, text);
      return TRUE;
    case MEMBER_SWITCH:
      if (!lks_json_read_boolean (json, item, member->legacy, &is_on, error))
        return FALSE;
      json_object_set_string_member (out, member->member, is_on ? "Enabled" : "Disabled");
      return TRUE;
    case MEMBER_WORD:
    case MEMBER_TIME:
    case MEMBER_COUNT:
      break;
    }
  return read_number (json, item, member, out, error);
}

static gboolean
read_members (LksJson *json,
              JsonObject *item,
              const Member *members,
              gsize n_members,
              JsonObject *out,
              GError **error)
{
  for (gsize i = 0; i < n_members; i++)
    if (!read_member (json, item, &members[i], out, error))
      return FALSE;
  return TRUE;
}

/* An ID that must be there. */
static gboolean
read_guid (LksJson *json, JsonObject *item, const char *member, char **out_guid, GError **error)
{
  g_autofree char *text = NULL;

  if (!lks_json_read_string (json, item, member, &text, error))
    return FALSE;
  *out_guid = lks_guid_normalize (text, NULL);
  if (*out_guid != NULL)
    return TRUE;
  lks_json_set_error (json, json_object_get_member (item, member), error, "expected a GUID");
  return FALSE;
}

static gboolean
read_guid_or_null (LksJson *json, JsonObject *item, const char *member, char **out, GError **error)
{
  return !lks_json_has (item, member) || read_guid (json, item, member, out, error);
}

/* Takes @properties; NULL when @is_read is FALSE. */
static JsonObject *
make_resource (const LksCloudScope *scope,
               const char *name,
               JsonObject *properties,
               gboolean is_read)
{
  g_autofree char *id = lks_cloud_scope_dup_id (scope);
  JsonObject *resource;

  if (!is_read)
    {
      json_object_unref (properties);
      return NULL;
    }
  resource = json_object_new ();
  json_object_set_string_member (resource, "id", id);
  json_object_set_string_member (resource, "name", name);
  json_object_set_object_member (resource, "properties", properties);
  return resource;
}

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

  if (!read_guid (json, item, "Id", &id, error) ||
      (lks_json_has (item, "Name") && !lks_json_read_string (json, item, "Name", &name, error)))
    return NULL;
  scope =
      lks_cloud_scope_new_tenant (id, name != NULL && lks_cloud_scope_can_hold (name) ? name : id);
  properties = json_object_new ();
  json_object_set_string_member (properties, "tenantId", id);
  return make_resource (scope, scope->catalog, properties, TRUE);
}

JsonObject *
lks_legacy_shape_product (LksJson *json,
                          JsonObject *item,
                          const LksLegacyNames *names,
                          GError **error)
{
  static const Member members[] = { { "Description", "description", MEMBER_TEXT, NULL } };
  g_autofree char *id = NULL;
  g_autoptr (LksCloudScope) scope = NULL;
  JsonObject *properties;

  if (!read_guid (json, item, "Id", &id, error))
    return NULL;
  scope = names->place (names->data, id, NULL);
  properties = json_object_new ();
  return make_resource (scope, scope->product, properties,
                        read_members (json, item, members, G_N_ELEMENTS (members), properties,
                                      error));
}

JsonObject *
lks_legacy_shape_group (LksJson *json,
                        JsonObject *item,
                        const LksLegacyNames *names,
                        GError **error)
{
  static const Member members[] = {
    { "Description", "description", MEMBER_TEXT, NULL },
    { "OsFeedType", "osFeedType", MEMBER_WORD, feeds },
    { "OSFeedType", "osFeedType", MEMBER_WORD, feeds },
    { "UpdatePolicy", "updatePolicy", MEMBER_WORD, policies },
    { "AllowCrashDumpsCollection", "allowCrashDumpsCollection", MEMBER_SWITCH, NULL },
  };
  g_autofree char *id = NULL;
  g_autofree char *product = NULL;
  g_autoptr (LksCloudScope) scope = NULL;
  JsonObject *properties;

  if (!read_guid (json, item, "Id", &id, error) ||
      !read_guid_or_null (json, item, "ProductId", &product, error))
    return NULL;
  scope = names->place (names->data, product, id);
  properties = json_object_new ();
  if (json_object_has_member (item, "CurrentDeployment"))
    json_object_set_boolean_member (properties, "hasDeployment",
                                    lks_json_has (item, "CurrentDeployment"));
  return make_resource (scope, scope->group, properties,
                        read_members (json, item, members, G_N_ELEMENTS (members), properties,
                                      error));
}

/* ---- devices ---- */

JsonObject *
lks_legacy_shape_device (LksJson *json,
                         JsonObject *item,
                         const LksLegacyNames *names,
                         GError **error)
{
  static const Member members[] = {
    { "DeviceId", "deviceId", MEMBER_TEXT, NULL },
    { "ChipSku", "chipSku", MEMBER_WORD, chips },
    { "LastAvailableOSVersion", "lastAvailableOsVersion", MEMBER_TEXT, NULL },
    { "LastInstalledOSVersion", "lastInstalledOsVersion", MEMBER_TEXT, NULL },
    { "LastOSUpdateUTC", "lastOsUpdateUtc", MEMBER_TEXT, NULL },
    { "LastUpdateRequestUTC", "lastUpdateRequestUtc", MEMBER_TEXT, NULL },
  };
  g_autofree char *text = NULL;
  g_autofree char *id = NULL;
  g_autofree char *product = NULL;
  g_autofree char *group = NULL;
  g_autoptr (LksCloudScope) place = NULL;
  g_autoptr (LksCloudScope) scope = NULL;
  JsonObject *properties;

  if (!lks_json_read_string (json, item, "DeviceId", &text, error) ||
      !read_guid_or_null (json, item, "ProductId", &product, error) ||
      !read_guid_or_null (json, item, "DeviceGroupId", &group, error))
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
  return make_resource (scope, id, properties,
                        read_members (json, item, members, G_N_ELEMENTS (members), properties,
                                      error));
}

JsonObject *
lks_legacy_shape_insight (LksJson *json,
                          JsonObject *item,
                          const LksLegacyNames *names,
                          GError **error)
{
  static const Member members[] = {
    { "DeviceId", "deviceId", MEMBER_TEXT, NULL },
    { "EventCategory", "eventCategory", MEMBER_TEXT, NULL },
    { "EventClass", "eventClass", MEMBER_TEXT, NULL },
    { "EventType", "eventType", MEMBER_TEXT, NULL },
    { "EventCount", "eventCount", MEMBER_COUNT, NULL },
    { "StartTimestampInUnix", "startTimestampUtc", MEMBER_TIME, NULL },
    { "EndTimestampInUnix", "endTimestampUtc", MEMBER_TIME, NULL },
    { "Description", "description", MEMBER_TEXT, NULL },
  };
  JsonObject *insight = json_object_new ();

  if (read_members (json, item, members, G_N_ELEMENTS (members), insight, error))
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
  static const Member members[] = {
    { "Id", "imageId", MEMBER_TEXT, NULL },
    { "Name", "image", MEMBER_TEXT, NULL },
    { "ComponentId", "componentId", MEMBER_TEXT, NULL },
    { "Description", "description", MEMBER_TEXT, NULL },
    { "ImageType", "imageType", MEMBER_WORD, image_types },
    { "Type", "imageType", MEMBER_WORD, image_types }, /* counts, when both are there */
  };
  g_autofree char *id = NULL;
  g_autoptr (LksCloudScope) tenant = NULL;
  g_autoptr (LksCloudScope) scope = NULL;
  JsonObject *properties;

  if (!read_guid (json, item, "Id", &id, error))
    return NULL;
  tenant = lks_cloud_scope_dup_catalog (names->within);
  scope = lks_cloud_scope_dup_leaf (tenant, "images", id);
  properties = json_object_new ();
  return make_resource (scope, id, properties,
                        read_members (json, item, members, G_N_ELEMENTS (members), properties,
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
  static const Member members[] = {
    { "Id", "deploymentId", MEMBER_TEXT, NULL },
    { "DeploymentDateUtc", "deploymentDateUtc", MEMBER_TEXT, NULL },
  };
  g_autofree char *id = NULL;
  g_autoptr (LksCloudScope) scope = NULL;
  JsonObject *properties;

  if (!read_guid (json, item, "Id", &id, error))
    return NULL;
  scope = lks_cloud_scope_dup_leaf (group, "deployments", id);
  properties = json_object_new ();
  return make_resource (scope, id, properties,
                        read_members (json, item, members, G_N_ELEMENTS (members), properties,
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
  if (!read_guid (json, item, "Id", &id, error) ||
      !read_guid_or_null (json, item, "ProductId", &product, error) ||
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
  static const Member members[] = {
    { "Thumbprint", "thumbprint", MEMBER_TEXT, NULL },
    { "Certificate", "certificate", MEMBER_TEXT, NULL },
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
  is_read = read_members (json, item, members, G_N_ELEMENTS (members), properties, error) &&
            read_status (json, item, properties, error);
  if (is_read && json_object_has_member (properties, "certificate"))
    describe_certificate (json_object_get_string_member (properties, "certificate"), properties);
  return make_resource (scope, thumbprint, properties, is_read);
}
