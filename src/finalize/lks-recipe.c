/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-recipe.h"

#include "lks-recipe-os.h"
#include "lks-recipe-private.h"
#include "lks-whole-file.h"

#include <gio/gio.h>
#include <string.h>

#define RESTART_WAIT_DEFAULT_S 60
#define POWER_CYCLE_WAIT_DEFAULT_S 120

G_DEFINE_FINAL_TYPE (LksRecipe, lks_recipe, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (LksTargetState,
                    lks_target_state,
                    G_DEFINE_ENUM_VALUE (LKS_TARGET_STATE_MODULE1_COMPLETE, "Module1Complete"),
                    G_DEFINE_ENUM_VALUE (LKS_TARGET_STATE_DEVICE_COMPLETE, "DeviceComplete"))

static void
lks_recipe_finalize (GObject *object)
{
  LksRecipe *self = LKS_RECIPE (object);

  g_free (self->text);
  g_free (self->hash);
  g_free (self->name);
  g_free (self->product);
  g_free (self->signer);
  g_free (self->signer_key);
  g_free (self->device_group);
  g_free (self->label_pattern);
  g_clear_pointer (&self->label_regex, g_regex_unref);
  g_clear_pointer (&self->networks, g_ptr_array_unref);
  g_clear_pointer (&self->certificates, g_ptr_array_unref);
  g_clear_pointer (&self->interfaces, g_ptr_array_unref);
  g_clear_pointer (&self->may_waive, g_hash_table_unref);
  lks_recipe_image_free (self->board_configuration);
  g_clear_pointer (&self->claim, lks_recipe_claim_free);
  g_strfreev (self->allowed_os_versions);
  g_clear_pointer (&self->os_list, g_ptr_array_unref);
  g_free (self->os_list_hash);
  g_clear_pointer (&self->images, g_ptr_array_unref);
  g_strfreev (self->absent_components);
  g_free (self->minimum_rest_version);

  G_OBJECT_CLASS (lks_recipe_parent_class)->finalize (object);
}

static void
lks_recipe_class_init (LksRecipeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lks_recipe_finalize;
}

static void
lks_recipe_init (LksRecipe *self)
{
  self->no_networks = TRUE;
  self->no_certificates = TRUE;
  self->no_capabilities = TRUE;
  self->restart_wait_s = RESTART_WAIT_DEFAULT_S;
  self->power_cycle_wait_s = POWER_CYCLE_WAIT_DEFAULT_S;
}

/**
 * lks_recipe_parse:
 * @name: what the text is, for messages
 * @folder: (nullable): where a relative “osList” is looked for; NULL: the current directory
 * @text: the JSON text; data/recipe.schema.json describes it
 * @error: return location for a [error@Lks.ParseError]
 *
 * Reads a recipe. A misspelt member, a list that contradicts another, a version that could never
 * be recognised: each is an error with its line. The hash is of the exact bytes of @text.
 *
 * Returns: (transfer full): a recipe, or NULL with @error set
 */
LksRecipe *
lks_recipe_parse (const char *name, const char *folder, GBytes *text, GError **error)
{
  gsize size_bytes;
  gconstpointer data = g_bytes_get_data (text, &size_bytes);
  g_autoptr (LksJson) json =
      lks_json_parse (name, data, size_bytes, LKS_RECIPE_SIZE_MAX_BYTES, error);
  g_autoptr (LksRecipe) self = NULL;

  if (json == NULL)
    return NULL;

  self = g_object_new (LKS_TYPE_RECIPE, NULL);
  self->text = g_strndup (data, size_bytes);
  self->hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, text);
  return lks_recipe_read (self, json, folder, error) ? g_steal_pointer (&self) : NULL;
}

/* Whoever signed it. */
LksRecipe *
lks_recipe_load_unverified (const char *path, GError **error)
{
  g_autoptr (GBytes) text = lks_whole_file_read (path, LKS_RECIPE_SIZE_MAX_BYTES, NULL, error);
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *folder = g_path_get_dirname (absolute);
  g_autofree char *name = g_path_get_basename (path);

  return text != NULL ? lks_recipe_parse (name, folder, text, error) : NULL;
}

/**
 * lks_recipe_load:
 * @path: a file
 * @error: return location for a [error@Lks.ParseError], a [error@Lks.RecipeError] or a `G_IO_ERROR`
 *
 * lks_recipe_parse() from a file. A relative “osList” is looked for beside it, and so is a
 * signature: a recipe with one that is wrong is not loaded. Whether it may be used without any is
 * for lks_recipe_check_station() to say.
 *
 * Returns: (transfer full): a recipe, or NULL with @error set
 */
LksRecipe *
lks_recipe_load (const char *path, GError **error)
{
  g_autoptr (LksRecipe) self = lks_recipe_load_unverified (path, error);

  return self != NULL && lks_recipe_verify (self, path, error) ? g_steal_pointer (&self) : NULL;
}

static void
add_texts (JsonBuilder *builder, const char *member, const char *const *texts)
{
  json_builder_set_member_name (builder, member);
  json_builder_begin_array (builder);
  for (; texts != NULL && *texts != NULL; texts++)
    json_builder_add_string_value (builder, *texts);
  json_builder_end_array (builder);
}

static void
add_flag (JsonBuilder *builder, const char *member, gboolean value)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_boolean_value (builder, value);
}

static char *
spec_to_json (const LksRecipeSpec *spec)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GTypeClass) targets = g_type_class_ref (LKS_TYPE_TARGET_STATE);
  GEnumValue *target = g_enum_get_value (G_ENUM_CLASS (targets), (int) spec->target_state);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "name");
  json_builder_add_string_value (builder, spec->name != NULL ? spec->name : "");
  if (spec->product != NULL && *spec->product != '\0')
    {
      json_builder_set_member_name (builder, "product");
      json_builder_add_string_value (builder, spec->product);
    }
  json_builder_set_member_name (builder, "targetState");
  json_builder_add_string_value (builder, target != NULL ? target->value_nick : "DeviceComplete");
  add_texts (builder, "allowedOsVersions", spec->allowed_os_versions);
  add_texts (builder, "images", spec->images);
  if (spec->absent_components != NULL)
    add_texts (builder, "absentComponents", spec->absent_components);
  add_flag (builder, "noWifiNetworks", !spec->allow_networks);
  add_flag (builder, "noCertificates", !spec->allow_certificates);
  add_flag (builder, "noCapabilities", !spec->allow_capabilities);
  if (spec->allow_skip_module1)
    add_flag (builder, "allowSkipModule1", TRUE);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  return json_to_string (root, TRUE);
}

/**
 * lks_recipe_new:
 * @spec: what it is to say
 * @error: return location for a [error@Lks.ParseError]
 *
 * Makes a recipe of what somebody filled in, by the same rules as from a file. Its text is the
 * file it would be: lks_recipe_to_json().
 *
 * Returns: (transfer full): a recipe, or NULL with @error set
 */
LksRecipe *
lks_recipe_new (const LksRecipeSpec *spec, GError **error)
{
  char *text = spec_to_json (spec);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  return lks_recipe_parse ("recipe", NULL, bytes, error);
}

/**
 * lks_recipe_get_text:
 * @self: a recipe
 *
 * Returns: (transfer none): the text it was read from, byte for byte
 */
const char *
lks_recipe_get_text (LksRecipe *self)
{
  return self->text;
}

/**
 * lks_recipe_to_json:
 * @self: a recipe
 *
 * Returns: (transfer full): a text that, saved as a file, is this recipe with this hash
 */
char *
lks_recipe_to_json (LksRecipe *self)
{
  return g_strdup (self->text);
}

/**
 * lks_recipe_get_hash:
 * @self: a recipe
 *
 * Returns: (transfer none): SHA-256 of its text, 64 lower-case digits: what a consent and a
 *   record name it by
 */
const char *
lks_recipe_get_hash (LksRecipe *self)
{
  return self->hash;
}

/**
 * lks_recipe_get_name:
 * @self: a recipe
 *
 * Returns: (transfer none): its name
 */
const char *
lks_recipe_get_name (LksRecipe *self)
{
  return self->name;
}

/**
 * lks_recipe_get_product:
 * @self: a recipe
 *
 * Returns: (transfer none) (nullable): the product it is for
 */
const char *
lks_recipe_get_product (LksRecipe *self)
{
  return self->product;
}

/**
 * lks_recipe_get_device_group:
 * @self: a recipe
 *
 * Returns: (transfer none) (nullable): the device group of the product that units go to
 */
const char *
lks_recipe_get_device_group (LksRecipe *self)
{
  return self->device_group;
}

/**
 * lks_recipe_get_target_state:
 * @self: a recipe
 *
 * Returns: the manufacturing state to be reached
 */
LksTargetState
lks_recipe_get_target_state (LksRecipe *self)
{
  return self->target_state;
}

/**
 * lks_recipe_get_allowed_os_versions:
 * @self: a recipe
 *
 * Returns: (transfer none) (array zero-terminated=1): at least one version
 */
const char *const *
lks_recipe_get_allowed_os_versions (LksRecipe *self)
{
  return (const char *const *) self->allowed_os_versions;
}

/**
 * lks_recipe_get_os_list:
 * @self: a recipe
 *
 * Returns: (transfer none) (nullable) (element-type LksRecipeOs): the versions that can be
 *   recognised by their images
 */
GPtrArray *
lks_recipe_get_os_list (LksRecipe *self)
{
  return self->os_list;
}

/**
 * lks_recipe_get_os_list_hash:
 * @self: a recipe
 *
 * Returns: (transfer none) (nullable): SHA-256 of the list's file, 64 lower-case digits
 */
const char *
lks_recipe_get_os_list_hash (LksRecipe *self)
{
  return self->os_list_hash;
}

/**
 * lks_recipe_get_images:
 * @self: a recipe
 *
 * Returns: (transfer none) (element-type LksRecipeImage): the applications that must be there,
 *   no more and no fewer
 */
GPtrArray *
lks_recipe_get_images (LksRecipe *self)
{
  return self->images;
}

/**
 * lks_recipe_get_absent_components:
 * @self: a recipe
 *
 * Returns: (transfer none) (array zero-terminated=1): component IDs, the RF test server's always
 *   among them
 */
const char *const *
lks_recipe_get_absent_components (LksRecipe *self)
{
  return (const char *const *) self->absent_components;
}

/**
 * lks_recipe_get_no_networks:
 * @self: a recipe
 *
 * Returns: whether no Wi-Fi network may be configured
 */
gboolean
lks_recipe_get_no_networks (LksRecipe *self)
{
  return self->no_networks;
}

/**
 * lks_recipe_get_no_certificates:
 * @self: a recipe
 *
 * Returns: whether the certificate store must be empty
 */
gboolean
lks_recipe_get_no_certificates (LksRecipe *self)
{
  return self->no_certificates;
}

/**
 * lks_recipe_get_no_capabilities:
 * @self: a recipe
 *
 * Returns: whether no capability may be present, but for the one every Blank board has
 */
gboolean
lks_recipe_get_no_capabilities (LksRecipe *self)
{
  return self->no_capabilities;
}

/**
 * lks_recipe_get_minimum_rest_version:
 * @self: a recipe
 *
 * Returns: (transfer none): the oldest REST version accepted, such as "4.6.0"
 */
const char *
lks_recipe_get_minimum_rest_version (LksRecipe *self)
{
  return self->minimum_rest_version;
}

/**
 * lks_recipe_get_allow_skip_module1:
 * @self: a recipe
 *
 * Returns: whether a Blank board may go to DeviceComplete in one step
 */
gboolean
lks_recipe_get_allow_skip_module1 (LksRecipe *self)
{
  return self->allow_skip_module1;
}

/**
 * lks_recipe_get_allow_armed:
 * @self: a recipe
 *
 * Returns: whether boards may be finalized as soon as they are plugged in, when an operator has
 *   armed the station
 */
gboolean
lks_recipe_get_allow_armed (LksRecipe *self)
{
  return self->allow_armed;
}

/**
 * lks_recipe_get_restart_wait_s:
 * @self: a recipe
 *
 * Returns: how long to wait for a board that restarts, in seconds
 */
guint
lks_recipe_get_restart_wait_s (LksRecipe *self)
{
  return (guint) self->restart_wait_s;
}

/**
 * lks_recipe_get_power_cycle_wait_s:
 * @self: a recipe
 *
 * Returns: how long to wait for a person to switch a board off and on, in seconds
 */
guint
lks_recipe_get_power_cycle_wait_s (LksRecipe *self)
{
  return (guint) self->power_cycle_wait_s;
}

/**
 * lks_recipe_get_always_prove_restart:
 * @self: a recipe
 *
 * Returns: whether a board that was found in its target state must prove a restart too
 */
gboolean
lks_recipe_get_always_prove_restart (LksRecipe *self)
{
  return self->always_prove_restart;
}
