/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-text.h"

#include "lks-cloud-catalog.h"
#include "lks-cloud-certificate.h"
#include "lks-cloud-deployment.h"
#include "lks-cloud-device.h"
#include "lks-cloud-group.h"
#include "lks-cloud-image.h"
#include "lks-cloud-insight.h"
#include "lks-cloud-legacy.h"
#include "lks-cloud-product.h"
#include "lks-error-text.h"

#include <glib/gi18n-lib.h>

/* So much of a device ID tells devices apart. */
#define ID_SHOWN 20

static char *
shorten (const char *id)
{
  return g_strdup_printf ("%.*s…", ID_SHOWN, id);
}

static const char *
get_or (const char *text, const char *otherwise)
{
  return text != NULL && text[0] != '\0' ? text : otherwise;
}

/**
 * lks_cloud_place_name_to_text:
 * @name: (nullable): the name of a product or device group
 *
 * Returns: (transfer full): the name as a person reads it
 */
char *
lks_cloud_place_name_to_text (const char *name)
{
  return g_strdup (name == NULL || g_str_equal (name, LKS_CLOUD_UNASSIGNED) ? _ ("none") : name);
}

/**
 * lks_cloud_scope_to_text:
 * @self: a place
 *
 * Returns: (transfer full): the names on the way to it, such as "plant7 › Pump › Production"
 */
char *
lks_cloud_scope_to_text (const LksCloudScope *self)
{
  g_autofree char *product =
      self->product != NULL ? lks_cloud_place_name_to_text (self->product) : NULL;
  g_autofree char *group = self->group != NULL ? lks_cloud_place_name_to_text (self->group) : NULL;

  return g_strjoin (" › ", self->catalog, product, group, NULL);
}

static char *
describe_gap (const LksCloudGap *gap)
{
  g_autofree char *why = lks_error_to_sentence (gap->error);

  switch (gap->kind)
    {
    case LKS_CLOUD_GAP_SUBSCRIPTION:
      /* Translators: a subscription that could not be looked into, why, and the details */
      return g_strdup_printf (_ ("Left out: the subscription %s. %s (%s)"), gap->name, why,
                              gap->error->message);
    case LKS_CLOUD_GAP_CATALOG:
      /* Translators: a catalog that could not be looked into, why, and the details */
      return g_strdup_printf (_ ("Left out: the catalog %s. %s (%s)"), gap->name, why,
                              gap->error->message);
    }
  return NULL;
}

/**
 * lks_cloud_gaps_to_note:
 * @gaps: (element-type LksCloudGap): what could not be looked into
 *
 * Returns: (transfer full) (nullable): it in the user's language, one a line; NULL for nothing
 */
char *
lks_cloud_gaps_to_note (GPtrArray *gaps)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < gaps->len; i++)
    {
      g_autofree char *line = describe_gap (g_ptr_array_index (gaps, i));

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", line);
    }
  return gaps->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

/**
 * lks_cloud_name_to_problem:
 * @kind: what the name is for: a catalog, a product or a device group
 * @name: a name, perhaps half typed
 *
 * Returns: (transfer full) (nullable): what is wrong with it in the words of somebody who types it;
 *   NULL when the service will accept it
 */
char *
lks_cloud_name_to_problem (LksCloudNameKind kind, const char *name)
{
  guint min, max;

  lks_cloud_name_get_bounds (kind, &min, &max);
  switch (lks_cloud_name_judge (kind, name))
    {
    case LKS_CLOUD_NAME_GOOD:
      return NULL;
    case LKS_CLOUD_NAME_SHORT:
    case LKS_CLOUD_NAME_LONG:
      /* Translators: how many characters at least and at most */
      return g_strdup_printf (_ ("A name has %u to %u characters."), min, max);
    case LKS_CLOUD_NAME_CHARACTER:
      if (kind == LKS_CLOUD_NAME_CATALOG)
        return g_strdup (_ ("A name has letters from A to Z, digits, hyphens and underlines."));
      return g_strdup (kind == LKS_CLOUD_NAME_PRODUCT
                           ? _ ("A name has letters from A to Z, digits, blanks and underlines.")
                           : _ ("A name has letters from A to Z, digits and blanks."));
    case LKS_CLOUD_NAME_EDGE:
      break;
    }
  return g_strdup (_ ("A name does not begin or end with a blank."));
}

/* ---- rows ---- */

/**
 * lks_cloud_resource_to_title:
 * @self: something that the service lists
 *
 * Returns: (transfer full): what a row about it says first
 */
char *
lks_cloud_resource_to_title (const LksCloudResource *self)
{
  if (self->kind == &lks_cloud_device_kind)
    return shorten (((const LksCloudDevice *) self)->device_id);
  if (self->kind == &lks_cloud_image_kind)
    return g_strdup (get_or (((const LksCloudImage *) self)->image_name, self->name));
  if (self->kind == &lks_cloud_deployment_kind)
    return g_strdup (get_or (((const LksCloudDeployment *) self)->date, self->name));
  if (self->kind == &lks_cloud_insight_kind)
    return g_strdup (get_or (((const LksCloudInsight *) self)->description,
                             get_or (((const LksCloudInsight *) self)->category, _ ("Trouble"))));
  return g_strdup (get_or (self->name, ""));
}

static char *
describe_group (const LksCloudGroup *self)
{
  const char *policy = g_strcmp0 (self->update_policy, "No3rdPartyAppUpdates") == 0
                           ? _ ("OS updates only")
                           : _ ("OS and application updates");
  const char *feed = g_strcmp0 (self->os_feed, "RetailEval") == 0 ? _ ("early OS versions")
                                                                  : _ ("released OS versions");
  const char *deployed = self->has_deployment == LKS_CLOUD_FLAG_YES  ? _ ("images deployed")
                         : self->has_deployment == LKS_CLOUD_FLAG_NO ? _ ("nothing deployed")
                                                                     : NULL;

  if (deployed == NULL)
    /* Translators: what a device group gets, then from which feed */
    return g_strdup_printf (_ ("%s, %s"), policy, feed);
  /* Translators: what a device group gets, from which feed, and whether images are deployed */
  return g_strdup_printf (_ ("%s, %s, %s"), policy, feed, deployed);
}

static char *
describe_device (const LksCloudDevice *self)
{
  const LksCloudScope *scope = self->resource.scope;
  const char *os = get_or (self->os_installed, NULL);
  g_autofree char *place = NULL;

  if (!lks_cloud_scope_is_assigned (scope))
    place = g_strdup (_ ("in no device group"));
  else
    place = g_strdup_printf ("%s › %s", scope->product, scope->group);
  if (os == NULL)
    /* Translators: where a device is */
    return g_strdup_printf (_ ("%s, OS not told yet"), place);
  /* Translators: where a device is, then its OS version */
  return g_strdup_printf (_ ("%s, OS %s"), place, os);
}

static char *
describe_deployment (const LksCloudDeployment *self)
{
  g_autofree char *images = lks_cloud_deployment_dup_images (self);
  g_autofree char *list = images != NULL && images[0] != '\0' ? g_steal_pointer (&images)
                                                              : g_strdup (_ ("No images told"));

  /* Translators: of a deployment that is in force: the names of its images */
  return self->is_current ? g_strdup_printf (_ ("In force: %s"), list) : g_steal_pointer (&list);
}

static char *
describe_insight (const LksCloudInsight *self)
{
  g_autofree char *id = self->device_id != NULL ? shorten (self->device_id) : g_strdup ("");
  const char *until = get_or (self->end, "");

  if (self->count < 0)
    return g_strdup_printf ("%s  %s", id, until);
  /* Translators: on which device, how often something happened, and until when */
  return g_strdup_printf (ngettext ("%s, %u time, until %s", "%s, %u times, until %s",
                                    (gulong) self->count),
                          id, (guint) MIN (self->count, G_MAXUINT), until);
}

/**
 * lks_cloud_resource_to_subtitle:
 * @self: something that the service lists
 *
 * Returns: (transfer full): what a row about it says below its title
 */
char *
lks_cloud_resource_to_subtitle (const LksCloudResource *self)
{
  if (self->kind == &lks_cloud_catalog_kind && self->scope->tenant != NULL)
    /* Translators: of a tenant of the Legacy service: its GUID */
    return g_strdup_printf (_ ("Legacy tenant %s"), self->scope->tenant);
  if (self->kind == &lks_cloud_catalog_kind)
    /* Translators: of a catalog: its resource group and subscription */
    return g_strdup_printf (_ ("Resource group %s, subscription %s"), self->scope->resource_group,
                            self->scope->subscription);
  if (self->kind == &lks_cloud_product_kind)
    return g_strdup (get_or (((const LksCloudProduct *) self)->description, _ ("No description")));
  if (self->kind == &lks_cloud_group_kind)
    return describe_group ((const LksCloudGroup *) self);
  if (self->kind == &lks_cloud_device_kind)
    return describe_device ((const LksCloudDevice *) self);
  if (self->kind == &lks_cloud_image_kind)
    return g_strdup (get_or (((const LksCloudImage *) self)->image_id, ""));
  if (self->kind == &lks_cloud_deployment_kind)
    return describe_deployment ((const LksCloudDeployment *) self);
  if (self->kind == &lks_cloud_certificate_kind)
    /* Translators: of a certificate: its state, and when it ends */
    return g_strdup_printf (_ ("%s, until %s"),
                            get_or (((const LksCloudCertificate *) self)->status, _ ("not told")),
                            get_or (((const LksCloudCertificate *) self)->expiry, _ ("not told")));
  if (self->kind == &lks_cloud_insight_kind)
    return describe_insight ((const LksCloudInsight *) self);
  return g_strdup ("");
}

/* ---- facts ---- */

static const struct
{
  const char *member;
  const char *title;
} titles[] = {
  { "allowCrashDumpsCollection", N_ ("Crash dumps") },
  { "certificate", N_ ("Certificate") },
  { "chipSku", N_ ("Chip") },
  { "componentId", N_ ("Component ID") },
  { "deploymentDateUtc", N_ ("Made") },
  { "deploymentId", N_ ("Deployment ID") },
  { "description", N_ ("Description") },
  { "deviceId", N_ ("Device ID") },
  { "endTimestampUtc", N_ ("Until") },
  { "eventCategory", N_ ("Category") },
  { "eventClass", N_ ("Class") },
  { "eventCount", N_ ("How often") },
  { "eventType", N_ ("Type") },
  { "expiryUtc", N_ ("Valid until") },
  { "hasDeployment", N_ ("Images deployed") },
  { "image", N_ ("Name") },
  { "imageId", N_ ("Image ID") },
  { "imageIds", N_ ("Image IDs") },
  { "imageNames", N_ ("Images") },
  { "imageType", N_ ("Type") },
  { "lastAvailableOsVersion", N_ ("OS meant for it") },
  { "lastInstalledOsVersion", N_ ("OS it told last") },
  { "lastOsUpdateUtc", N_ ("OS changed") },
  { "lastUpdateRequestUtc", N_ ("Last asked for updates") },
  { "notBeforeUtc", N_ ("Valid since") },
  { "osFeedType", N_ ("OS feed") },
  { "regionalDataBoundary", N_ ("Region of its data") },
  { "startTimestampUtc", N_ ("Since") },
  { "status", N_ ("State") },
  { "subject", N_ ("Subject") },
  { "tags", N_ ("Tags") },
  { "tenantId", N_ ("Tenant beneath") },
  { "thumbprint", N_ ("Thumbprint (SHA-1)") },
  { "updatePolicy", N_ ("Updates") },
};

/**
 * lks_cloud_field_get_title:
 * @field: a field of a resource
 *
 * Returns: (transfer none): what it is, in the user's language
 */
const char *
lks_cloud_field_get_title (const LksCloudField *field)
{
  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].member, field->member))
      return _ (titles[i].title);
  return field->member;
}

/**
 * lks_cloud_field_to_text:
 * @self: a resource
 * @field: one of its fields
 *
 * Returns: (transfer full) (nullable): its value for a person, NULL when the service did not tell
 */
char *
lks_cloud_field_to_text (const LksCloudResource *self, const LksCloudField *field)
{
  switch (field->type)
    {
    case LKS_CLOUD_FIELD_TEXT:
      return g_strdup (lks_cloud_resource_get_text (self, field));
    case LKS_CLOUD_FIELD_LIST:
      return lks_cloud_resource_get_list (self, field) != NULL
                 ? g_strjoinv ("\n", lks_cloud_resource_get_list (self, field))
                 : NULL;
    case LKS_CLOUD_FIELD_COUNT:
      return lks_cloud_resource_get_count (self, field) < 0
                 ? NULL
                 : g_strdup_printf ("%" G_GINT64_FORMAT,
                                    lks_cloud_resource_get_count (self, field));
    case LKS_CLOUD_FIELD_FLAG:
      switch (lks_cloud_resource_get_flag (self, field))
        {
        case LKS_CLOUD_FLAG_YES:
          return g_strdup (_ ("Yes"));
        case LKS_CLOUD_FLAG_NO:
          return g_strdup (_ ("No"));
        case LKS_CLOUD_FLAG_UNKNOWN:
          break;
        }
      break;
    }
  return NULL;
}

/**
 * lks_cloud_action_to_role:
 * @action: what is to be done
 * @account: (nullable): as whom
 *
 * Returns: (transfer none): which role it needs, translated
 */
const char *
lks_cloud_action_to_role (LksCloudAction action, LksCloudAccount *account)
{
  return _ (
      lks_cloud_action_get_role (action, account != NULL && lks_cloud_account_is_legacy (account)
                                             ? LKS_CLOUD_SERVICE_LEGACY
                                             : LKS_CLOUD_SERVICE_INTEGRATED));
}

/**
 * lks_cloud_legacy_to_note:
 * @now_unix_s: the time now
 *
 * Returns: (transfer full): what somebody with a Legacy account must know about its end
 */
char *
lks_cloud_legacy_to_note (gint64 now_unix_s)
{
  gint days = lks_cloud_legacy_get_days_left (now_unix_s);

  if (days <= 0)
    /* Translators: the date */
    return g_strdup_printf (
        _ ("The vendor ended the Legacy service after %s. Sign in without Legacy "
           "to the catalog that the tenant was integrated into."),
        LKS_CLOUD_LEGACY_END);
  /* Translators: the date, and how many days are left */
  return g_strdup_printf (ngettext ("The vendor ends the Legacy service after %s, in %d day. "
                                    "Integrate the tenant into a catalog in the Azure portal; it "
                                    "keeps its devices, products and groups.",
                                    "The vendor ends the Legacy service after %s, in %d days. "
                                    "Integrate the tenant into a catalog in the Azure portal; it "
                                    "keeps its devices, products and groups.",
                                    (gulong) days),
                          LKS_CLOUD_LEGACY_END, days);
}
