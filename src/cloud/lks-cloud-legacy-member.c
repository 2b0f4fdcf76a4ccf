/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members and words of the Legacy interface, as the Integrated one has them. Source of names and
 * numbers: the vendor's reference of the Azure Sphere Public API, version 2. */
#include "lks-cloud-legacy-member.h"

#include "lks-guid.h"

#define TIME_MAX_S (G_GINT64_CONSTANT (253402300799)) /* the year 9999 */

const LksLegacyWord lks_legacy_feeds[] = { { 0, "Retail" }, { 1, "RetailEval" }, { 0, NULL } };
const LksLegacyWord lks_legacy_policies[] = { { 0, "UpdateAll" },
                                              { 1, "No3rdPartyAppUpdates" },
                                              { 2, "NoUpdates" },
                                              { 0, NULL } };
const LksLegacyWord lks_legacy_chips[] = { { 0, "MT3620AN" }, { 0, NULL } };

/* The gaps are real. */
const LksLegacyWord lks_legacy_image_types[] = {
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

/* Values that nobody knew are kept, as numbers. */
static char *
number_to_word (const LksLegacyWord *words, gint64 number)
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
  const LksLegacyWord *words =
      g_str_equal (member, "osFeedType") ? lks_legacy_feeds : lks_legacy_policies;

  for (; words->word != NULL; words++)
    if (g_str_equal (words->word, word))
      {
        *out_number = words->number;
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_number (LksJson *json,
             JsonObject *item,
             const LksLegacyMember *member,
             JsonObject *out,
             GError **error)
{
  g_autofree char *text = NULL;
  gint64 number;
  gint64 max = member->type == LKS_LEGACY_MEMBER_TIME ? TIME_MAX_S : G_MAXINT32;

  if (!lks_json_read_int (json, item, member->legacy, 0, max, &number, error))
    return FALSE;
  if (member->type == LKS_LEGACY_MEMBER_COUNT)
    {
      json_object_set_int_member (out, member->member, number);
      return TRUE;
    }
  if (member->type == LKS_LEGACY_MEMBER_TIME)
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
read_member (LksJson *json,
             JsonObject *item,
             const LksLegacyMember *member,
             JsonObject *out,
             GError **error)
{
  g_autofree char *text = NULL;
  gboolean is_on;

  if (!lks_json_has (item, member->legacy))
    return TRUE;
  switch (member->type)
    {
    case LKS_LEGACY_MEMBER_TEXT:
      if (!lks_json_read_string (json, item, member->legacy, &text, error))
        return FALSE;
      json_object_set_string_member (out, member->member, text);
      return TRUE;
    case LKS_LEGACY_MEMBER_SWITCH:
      if (!lks_json_read_boolean (json, item, member->legacy, &is_on, error))
        return FALSE;
      json_object_set_string_member (out, member->member, is_on ? "Enabled" : "Disabled");
      return TRUE;
    case LKS_LEGACY_MEMBER_WORD:
    case LKS_LEGACY_MEMBER_TIME:
    case LKS_LEGACY_MEMBER_COUNT:
      break;
    }
  return read_number (json, item, member, out, error);
}

gboolean
lks_legacy_read_members (LksJson *json,
                         JsonObject *item,
                         const LksLegacyMember *members,
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
gboolean
lks_legacy_read_guid (LksJson *json,
                      JsonObject *item,
                      const char *member,
                      char **out_guid,
                      GError **error)
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

gboolean
lks_legacy_read_guid_or_null (LksJson *json,
                              JsonObject *item,
                              const char *member,
                              char **out,
                              GError **error)
{
  return !lks_json_has (item, member) || lks_legacy_read_guid (json, item, member, out, error);
}

/* Takes @properties; NULL when @is_read is FALSE. */
JsonObject *
lks_legacy_make_resource (const LksCloudScope *scope,
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
