/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-recipe-private.h"

#include "lks-guid.h"
#include "lks-recipe-os.h"

#include <gio/gio.h>
#include <string.h>

/* The RF test server never leaves a factory. The debug server comes with development mode. */
#define RF_TEST_SERVER "508eddf2-b8c3-4a99-93d9-a045d9a060eb"
#define DEBUG_SERVER "8548b129-b16f-4f84-8dbe-d2c847862e78"

/* Older boards do not say their device ID, and without it nothing can be bound to a board. */
#define REST_VERSION_MIN "4.0.0"

#define NAME_CHARACTERS_MAX 100
#define LIST_LENGTH_MAX 200

static JsonNode *
node_of (JsonObject *object, const char *member)
{
  return json_object_get_member (object, member);
}

gboolean
lks_recipe_check_length (LksJson *json, JsonNode *node, const char *text, glong max, GError **error)
{
  glong length = g_utf8_strlen (text, -1);

  if (length >= 1 && length <= max)
    return TRUE;

  lks_json_set_error (json, node, error, "expected a text of 1 to %ld characters", max);
  return FALSE;
}

/* A list that must be there. */
gboolean
lks_recipe_read_list (LksJson *json,
                      JsonObject *root,
                      const char *member,
                      JsonArray **out_list,
                      GError **error)
{
  if (!lks_json_read_array (json, root, member, out_list, error))
    return FALSE;
  if (json_array_get_length (*out_list) <= LIST_LENGTH_MAX)
    return TRUE;

  lks_json_set_error (json, node_of (root, member), error, "a list of at most %d is accepted here",
                      LIST_LENGTH_MAX);
  return FALSE;
}

/* A text for people that may be left out. */
static gboolean
read_name (LksJson *json, JsonObject *root, const char *member, char **out_name, GError **error)
{
  return !json_object_has_member (root, member) ||
         (lks_json_read_string (json, root, member, out_name, error) &&
          lks_recipe_check_length (json, node_of (root, member), *out_name, NAME_CHARACTERS_MAX,
                                   error));
}

/* For editors; what it names is never read. */
static gboolean
check_schema_name (LksJson *json, JsonObject *root, GError **error)
{
  g_autofree char *ignored = NULL;

  return !json_object_has_member (root, "$schema") ||
         lks_json_read_string (json, root, "$schema", &ignored, error);
}

static gboolean
read_names (LksRecipe *self, LksJson *json, JsonObject *root, GError **error)
{
  return lks_json_read_string (json, root, "name", &self->name, error) &&
         lks_recipe_check_length (json, node_of (root, "name"), self->name, NAME_CHARACTERS_MAX,
                                  error) &&
         read_name (json, root, "product", &self->product, error) &&
         read_name (json, root, "deviceGroup", &self->device_group, error);
}

static gboolean
read_target (LksRecipe *self, LksJson *json, JsonObject *root, GError **error)
{
  int target;

  if (!lks_json_read_enum (json, root, "targetState", LKS_TYPE_TARGET_STATE, &target, error))
    return FALSE;

  self->target_state = (LksTargetState) target;
  if (!json_object_has_member (root, "allowSkipModule1"))
    return TRUE;
  if (!lks_json_read_boolean (json, root, "allowSkipModule1", &self->allow_skip_module1, error))
    return FALSE;
  if (self->allow_skip_module1 && target != LKS_TARGET_STATE_DEVICE_COMPLETE)
    {
      lks_json_set_error (json, node_of (root, "allowSkipModule1"), error,
                          "“allowSkipModule1” has a meaning only with targetState "
                          "“DeviceComplete”: remove it");
      return FALSE;
    }

  return TRUE;
}

/* A recipe that is signed answers for its list only when it names the very bytes. */
static gboolean
check_os_list_hash (LksRecipe *self, LksJson *json, JsonObject *root, GError **error)
{
  const char *member = "osListSha256";
  g_autofree char *hash = NULL;

  if (!json_object_has_member (root, member))
    return TRUE;
  if (!lks_json_read_string (json, root, member, &hash, error))
    return FALSE;
  if (self->os_list_hash != NULL && g_ascii_strcasecmp (hash, self->os_list_hash) == 0)
    return TRUE;

  if (self->os_list_hash != NULL)
    lks_json_set_error (json, node_of (root, member), error,
                        "the list of OS versions is another file: its SHA-256 is %s",
                        self->os_list_hash);
  else
    lks_json_set_error (json, node_of (root, member), error,
                        "“osListSha256” has a meaning only with “osList”: remove it");
  return FALSE;
}

static gboolean
read_os_list (LksRecipe *self, LksJson *json, JsonObject *root, const char *folder, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *file = NULL;
  g_autofree char *path = NULL;

  if (!json_object_has_member (root, "osList"))
    return TRUE;
  if (!lks_json_read_string (json, root, "osList", &file, error))
    return FALSE;

  path = folder != NULL ? g_canonicalize_filename (file, folder) : g_strdup (file);
  self->os_list = lks_os_list_load (path, &self->os_list_hash, &local);
  if (self->os_list == NULL)
    lks_json_set_error (json, node_of (root, "osList"), error,
                        "the list of OS versions cannot be used: %s", local->message);
  return self->os_list != NULL;
}

static gboolean
check_os_version (LksRecipe *self, LksJson *json, JsonNode *node, GPtrArray *before, GError **error)
{
  const char *version = json_node_get_string (node);

  if (version == NULL || json_node_get_value_type (node) != G_TYPE_STRING)
    {
      lks_json_set_error (json, node, error, "“allowedOsVersions”: expected a list of texts");
      return FALSE;
    }
  if (!lks_recipe_check_length (json, node, version, NAME_CHARACTERS_MAX, error))
    return FALSE;
  if (g_ptr_array_find_with_equal_func (before, version, g_str_equal, NULL))
    {
      lks_json_set_error (json, node, error, "“%s” is listed twice", version);
      return FALSE;
    }
  if (self->os_list != NULL && !lks_os_list_has (self->os_list, version))
    {
      lks_json_set_error (json, node, error,
                          "“%s” is not in the list of OS versions: it could never be recognised",
                          version);
      return FALSE;
    }

  return TRUE;
}

static gboolean
read_os_versions (LksRecipe *self, LksJson *json, JsonObject *root, GError **error)
{
  g_autoptr (GPtrArray) versions = g_ptr_array_new_null_terminated (0, g_free, TRUE);
  JsonArray *list;

  if (!lks_recipe_read_list (json, root, "allowedOsVersions", &list, error))
    return FALSE;
  if (json_array_get_length (list) == 0)
    {
      lks_json_set_error (json, node_of (root, "allowedOsVersions"), error,
                          "“allowedOsVersions” must name at least one version");
      return FALSE;
    }

  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonNode *node = json_array_get_element (list, i);

      if (!check_os_version (self, json, node, versions, error))
        return FALSE;
      g_ptr_array_add (versions, json_node_dup_string (node));
    }

  self->allowed_os_versions = (char **) g_ptr_array_steal (versions, NULL);
  return TRUE;
}

char *
lks_recipe_read_guid (LksJson *json, JsonNode *node, GError **error)
{
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING ||
      !lks_guid_is_valid (json_node_get_string (node)))
    {
      lks_json_set_error (json, node, error,
                          "expected a GUID: 8-4-4-4-12 hexadecimal digits in quotes");
      return NULL;
    }

  return g_ascii_strdown (json_node_get_string (node), -1);
}

static gboolean
has_text (GPtrArray *texts, const char *text)
{
  for (guint i = 0; i < texts->len; i++)
    if (g_strcmp0 (g_ptr_array_index (texts, i), text) == 0)
      return TRUE;

  return FALSE;
}

/* The RF test server is always among them; the debug server unless the recipe says otherwise. */
static gboolean
read_absent_components (LksRecipe *self, LksJson *json, JsonObject *root, GError **error)
{
  g_autoptr (GPtrArray) components = g_ptr_array_new_null_terminated (0, g_free, TRUE);
  JsonArray *list;

  g_ptr_array_add (components, g_strdup (RF_TEST_SERVER));
  if (!json_object_has_member (root, "absentComponents"))
    g_ptr_array_add (components, g_strdup (DEBUG_SERVER));
  else if (!lks_recipe_read_list (json, root, "absentComponents", &list, error))
    return FALSE;
  else
    for (guint i = 0; i < json_array_get_length (list); i++)
      {
        g_autofree char *id = lks_recipe_read_guid (json, json_array_get_element (list, i), error);

        if (id == NULL)
          return FALSE;
        if (!has_text (components, id))
          g_ptr_array_add (components, g_steal_pointer (&id));
      }

  self->absent_components = (char **) g_ptr_array_steal (components, NULL);
  return TRUE;
}

static gboolean
read_image_object (LksRecipe *self,
                   LksJson *json,
                   JsonObject *object,
                   LksRecipeImage *image,
                   const char *folder,
                   GError **error)
{
  static const char *const known[] = {
    "imageId", "componentId", "name", "package", "packageSha256", NULL,
  };
  JsonNode *node;

  if (!lks_json_check_members (json, object, known, error) ||
      (lks_json_has (object, "name") &&
       !lks_json_read_string (json, object, "name", &image->name, error)))
    return FALSE;

  node = node_of (object, "componentId");
  if (node != NULL && (image->component_id = lks_recipe_read_guid (json, node, error)) == NULL)
    return FALSE;
  if (node != NULL &&
      g_strv_contains ((const char *const *) self->absent_components, image->component_id))
    {
      lks_json_set_error (json, node, error, "this component must be present and absent at once");
      return FALSE;
    }

  node = node_of (object, "imageId");
  return lks_json_read_string (json, object, "imageId", &image->image_id, error) &&
         (g_free (image->image_id),
          (image->image_id = lks_recipe_read_guid (json, node, error)) != NULL) &&
         lks_recipe_read_package (image, json, object, folder, error);
}

static gboolean
read_image (LksRecipe *self, LksJson *json, JsonNode *node, const char *folder, GError **error)
{
  LksRecipeImage *image = g_new0 (LksRecipeImage, 1);

  g_ptr_array_add (self->images, image);
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      if (!read_image_object (self, json, json_node_get_object (node), image, folder, error))
        return FALSE;
    }
  else if ((image->image_id = lks_recipe_read_guid (json, node, error)) == NULL)
    return FALSE;

  for (guint i = 0; i + 1 < self->images->len; i++)
    if (g_str_equal (((LksRecipeImage *) g_ptr_array_index (self->images, i))->image_id,
                     image->image_id))
      {
        lks_json_set_error (json, node, error, "image “%s” is listed twice", image->image_id);
        return FALSE;
      }

  return TRUE;
}

static gboolean
read_images (LksRecipe *self, LksJson *json, JsonObject *root, const char *folder, GError **error)
{
  JsonArray *list;

  self->images = g_ptr_array_new_with_free_func ((GDestroyNotify) lks_recipe_image_free);
  if (!lks_recipe_read_list (json, root, "images", &list, error))
    return FALSE;

  for (guint i = 0; i < json_array_get_length (list); i++)
    if (!read_image (self, json, json_array_get_element (list, i), folder, error))
      return FALSE;

  return TRUE;
}

static gboolean
read_flags (LksRecipe *self, LksJson *json, JsonObject *root, GError **error)
{
  const struct
  {
    const char *member;
    gboolean *value;
  } flags[] = {
    { "noWifiNetworks", &self->no_networks },
    { "noCertificates", &self->no_certificates },
    { "noCapabilities", &self->no_capabilities },
    { "allowArmed", &self->allow_armed },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++)
    if (json_object_has_member (root, flags[i].member) &&
        !lks_json_read_boolean (json, root, flags[i].member, flags[i].value, error))
      return FALSE;

  return TRUE;
}

static gboolean
is_version (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ".", 4);

  if (g_strv_length (parts) != 3)
    return FALSE;
  for (guint i = 0; i < 3; i++)
    if (*parts[i] == '\0' || strlen (parts[i]) > 4 ||
        strspn (parts[i], "0123456789") != strlen (parts[i]))
      return FALSE;

  return TRUE;
}

static gboolean
read_rest_version (LksRecipe *self, LksJson *json, JsonObject *root, GError **error)
{
  const char *member = "minimumRestApiVersion";

  if (!json_object_has_member (root, member))
    {
      self->minimum_rest_version = g_strdup (REST_VERSION_MIN);
      return TRUE;
    }
  if (!lks_json_read_string (json, root, member, &self->minimum_rest_version, error))
    return FALSE;
  if (is_version (self->minimum_rest_version) && self->minimum_rest_version[0] >= '4')
    return TRUE;

  lks_json_set_error (json, node_of (root, member), error,
                      "expected a version such as “4.6.0”, at least “" REST_VERSION_MIN
                      "”: older boards do not say their device ID");
  return FALSE;
}

static gboolean
read_seconds (LksJson *json,
              JsonObject *object,
              const char *member,
              gint64 max,
              gint64 *out_seconds,
              GError **error)
{
  return !json_object_has_member (object, member) ||
         lks_json_read_int (json, object, member, 5, max, out_seconds, error);
}

static gboolean
read_restart (LksRecipe *self, LksJson *json, JsonObject *root, GError **error)
{
  static const char *const known[] = { "waitSeconds", "powerCycleSeconds", "alwaysProve", NULL };
  JsonObject *restart;

  if (!json_object_has_member (root, "restart"))
    return TRUE;

  return lks_json_read_object (json, root, "restart", &restart, error) &&
         lks_json_check_members (json, restart, known, error) &&
         read_seconds (json, restart, "waitSeconds", 600, &self->restart_wait_s, error) &&
         read_seconds (json, restart, "powerCycleSeconds", 3600, &self->power_cycle_wait_s,
                       error) &&
         (!json_object_has_member (restart, "alwaysProve") ||
          lks_json_read_boolean (json, restart, "alwaysProve", &self->always_prove_restart, error));
}

/* Fills @self, new and with its defaults, from @json. */
gboolean
lks_recipe_read (LksRecipe *self, LksJson *json, const char *folder, GError **error)
{
  static const char *const known[] = {
    "$schema",
    "name",
    "product",
    "deviceGroup",
    "targetState",
    "allowedOsVersions",
    "osList",
    "osListSha256",
    "images",
    "absentComponents",
    "noWifiNetworks",
    "noCertificates",
    "noCapabilities",
    "minimumRestApiVersion",
    "allowSkipModule1",
    "allowArmed",
    "label",
    "wifiNetworks",
    "certificates",
    "interfaces",
    "boardConfiguration",
    "limits",
    "mayWaive",
    "restart",
    "claim",
    NULL,
  };
  JsonObject *root = lks_json_get_root_object (json, error);

  return root != NULL && lks_json_check_members (json, root, known, error) &&
         check_schema_name (json, root, error) && read_names (self, json, root, error) &&
         read_target (self, json, root, error) && read_os_list (self, json, root, folder, error) &&
         check_os_list_hash (self, json, root, error) &&
         read_os_versions (self, json, root, error) &&
         read_absent_components (self, json, root, error) &&
         read_images (self, json, root, folder, error) && read_flags (self, json, root, error) &&
         read_rest_version (self, json, root, error) && read_restart (self, json, root, error) &&
         lks_recipe_read_label (self, json, root, error) &&
         lks_recipe_read_expectations (self, json, root, error) &&
         lks_recipe_read_claim (self, json, root, error) &&
         lks_recipe_read_permissions (self, json, root, error);
}
