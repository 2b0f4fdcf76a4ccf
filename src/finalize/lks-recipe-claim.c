/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a recipe says about the claim of its boards. */
#include "lks-recipe-claim.h"

#include "lks-guid.h"
#include "lks-recipe-private.h"

#define NAME_CHARACTERS_MAX 100
#define PROVIDER "Microsoft.AzureSphere"

G_DEFINE_ENUM_TYPE (LksClaimPolicy,
                    lks_claim_policy,
                    G_DEFINE_ENUM_VALUE (LKS_CLAIM_POLICY_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (LKS_CLAIM_POLICY_BEFORE_LOCK, "before-lock"),
                    G_DEFINE_ENUM_VALUE (LKS_CLAIM_POLICY_QUEUE, "queue"))

void
lks_recipe_claim_free (LksRecipeClaim *self)
{
  g_free (self->catalog_id);
  g_free (self->catalog);
  g_free (self->product);
  g_free (self->device_group);
  g_free (self);
}

static gboolean
is_name (const char *text)
{
  glong length = g_utf8_strlen (text, -1);

  if (length < 1 || length > NAME_CHARACTERS_MAX)
    return FALSE;
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (!g_unichar_isprint (g_utf8_get_char (at)) || *at == '/')
      return FALSE;
  return TRUE;
}

/* "/subscriptions/GUID/resourceGroups/NAME/providers/Microsoft.AzureSphere/catalogs/NAME". The name
 * alone would leave it to whoever is signed in which catalog is meant, and a claim is for ever. */
static char *
find_name_in_id (const char *id)
{
  static const char *const words[] = { "",   "subscriptions", NULL,     "resourceGroups",
                                       NULL, "providers",     PROVIDER, "catalogs",
                                       NULL };
  g_auto (GStrv) parts = g_strsplit (id, "/", 10);

  if (g_strv_length (parts) != 9 || !lks_guid_is_valid (parts[2]) || !is_name (parts[4]) ||
      !is_name (parts[8]))
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i] != NULL && g_ascii_strcasecmp (parts[i], words[i]) != 0)
      return NULL;
  return g_strdup (parts[8]);
}

static gboolean
read_catalog (LksRecipeClaim *self, LksJson *json, JsonObject *claim, GError **error)
{
  if (!lks_json_read_string (json, claim, "catalog", &self->catalog_id, error))
    return FALSE;

  self->catalog = find_name_in_id (self->catalog_id);
  if (self->catalog == NULL)
    lks_json_set_error (json, json_object_get_member (claim, "catalog"), error,
                        "“catalog”: expected the whole ID of a catalog, /subscriptions/…"
                        "/resourceGroups/…/providers/" PROVIDER "/catalogs/…");
  return self->catalog != NULL;
}

static gboolean
read_place (LksJson *json, JsonObject *claim, const char *member, char **out_name, GError **error)
{
  if (!json_object_has_member (claim, member))
    return TRUE;
  if (!lks_json_read_string (json, claim, member, out_name, error))
    return FALSE;
  if (is_name (*out_name))
    return TRUE;

  lks_json_set_error (json, json_object_get_member (claim, member), error,
                      "“%s”: expected a name of 1 to %d visible characters without a slash", member,
                      NAME_CHARACTERS_MAX);
  return FALSE;
}

static gboolean
read_members (LksRecipeClaim *self, LksJson *json, JsonObject *claim, GError **error)
{
  int policy;

  if (!lks_json_read_enum (json, claim, "policy", LKS_TYPE_CLAIM_POLICY, &policy, error))
    return FALSE;

  self->policy = (LksClaimPolicy) policy;
  if ((self->policy != LKS_CLAIM_POLICY_NONE || json_object_has_member (claim, "catalog")) &&
      !read_catalog (self, json, claim, error))
    return FALSE;
  return read_place (json, claim, "product", &self->product, error) &&
         read_place (json, claim, "deviceGroup", &self->device_group, error);
}

/* "claim", when there is one. */
gboolean
lks_recipe_read_claim (LksRecipe *self, LksJson *json, JsonObject *root, GError **error)
{
  static const char *const known[] = { "policy", "catalog", "product", "deviceGroup", NULL };
  JsonObject *claim;

  if (!json_object_has_member (root, "claim"))
    return TRUE;
  if (!lks_json_read_object (json, root, "claim", &claim, error) ||
      !lks_json_check_members (json, claim, known, error))
    return FALSE;

  self->claim = g_new0 (LksRecipeClaim, 1);
  if (!read_members (self->claim, json, claim, error))
    return FALSE;
  if (json_object_has_member (claim, "product") == json_object_has_member (claim, "deviceGroup"))
    return TRUE;

  lks_json_set_error (json, json_object_get_member (root, "claim"), error,
                      "“product” and “deviceGroup” of a claim belong together: name both or "
                      "neither");
  return FALSE;
}

/**
 * lks_recipe_get_claim:
 * @self: a recipe
 *
 * Returns: (transfer none) (nullable): into which catalog its boards are claimed, and when; NULL
 *   when the recipe leaves the catalog out of it, by saying nothing or by the policy "none"
 */
const LksRecipeClaim *
lks_recipe_get_claim (LksRecipe *self)
{
  return self->claim != NULL && self->claim->policy != LKS_CLAIM_POLICY_NONE ? self->claim : NULL;
}

/**
 * lks_recipe_claim_tell:
 * @self: a claim
 *
 * Returns: (transfer full): where boards are claimed into, for people: "plant7" or
 *   "plant7, Pump, Production"
 */
char *
lks_recipe_claim_tell (const LksRecipeClaim *self)
{
  return self->product != NULL
             ? g_strdup_printf ("%s, %s, %s", self->catalog, self->product, self->device_group)
             : g_strdup (self->catalog);
}
