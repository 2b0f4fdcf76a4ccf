/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who answers for a recipe. The signature is a file beside it, NAME.json.sig: the bytes that
 * openssl(1) makes of the recipe's bytes, in base64. Whose signatures count is said by public keys
 * in files `recipe-keys.d/NAME.pem` of a configuration directory; whether others may be used at all
 * by `signed-recipes-only=true` in a file of `station.d`.
 */
#include "lks-recipe-signature.h"

#include "lks-config-files.h"
#include "lks-recipe-private.h"
#include "lks-whole-file.h"

#include <gio/gio.h>
#include <string.h>

#define SIGNATURE_SUFFIX ".sig"
#define SIGNATURE_FILE_MAX_BYTES 4096
#define KEYS_FOLDER "recipe-keys.d"
#define KEYS_SUFFIX ".pem"
#define KEYS_MAX 64
#define SETTING_GROUP "station"
#define SETTING_KEY "signed-recipes-only"
#define SIGNATURE_MODE 0644

G_DEFINE_ENUM_TYPE (LksRecipeSignature,
                    lks_recipe_signature,
                    G_DEFINE_ENUM_VALUE (LKS_RECIPE_SIGNATURE_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (LKS_RECIPE_SIGNATURE_UNCHECKED, "unchecked"),
                    G_DEFINE_ENUM_VALUE (LKS_RECIPE_SIGNATURE_GOOD, "good"))

/* What the administrator demands: the user of the computer may demand it too, but not lift it. */
typedef struct
{
  gboolean is_demanded;
  gboolean is_demanded_by_system;
} Policy;

/* (transfer full) (nullable): NULL: one might have been missed */
static GPtrArray *
list_files (const char *folder, const char *suffix, GError **error)
{
  g_autoptr (GError) reason = NULL;
  GPtrArray *paths = lks_config_files_list (folder, suffix, &reason);

  if (paths == NULL)
    g_set_error_literal (error, LKS_RECIPE_ERROR, LKS_RECIPE_ERROR_SETTING, reason->message);
  return paths;
}

static gboolean
read_setting (const char *path, Policy *policy, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) reason = NULL;
  gboolean is_demanded = FALSE;

  if (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &reason))
    is_demanded = g_key_file_get_boolean (file, SETTING_GROUP, SETTING_KEY, &reason);
  if (g_error_matches (reason, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND) ||
      g_error_matches (reason, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_GROUP_NOT_FOUND))
    return TRUE;
  if (reason != NULL)
    {
      g_set_error (error, LKS_RECIPE_ERROR, LKS_RECIPE_ERROR_SETTING,
                   "%s: whether only signed recipes may be used cannot be read: %s", path,
                   reason->message);
      return FALSE;
    }

  policy->is_demanded |= is_demanded;
  policy->is_demanded_by_system |= is_demanded && !lks_config_files_is_of_user (path);
  return TRUE;
}

/* A file that cannot be read might have demanded it: an error, not a no. */
static gboolean
read_policy (Policy *policy, GError **error)
{
  g_autoptr (GPtrArray) paths = list_files ("station.d", ".conf", error);

  *policy = (Policy){ 0 };
  if (paths == NULL)
    return FALSE;
  for (guint i = 0; i < paths->len; i++)
    if (!read_setting (paths->pdata[i], policy, error))
      return FALSE;

  return TRUE;
}

static LksStationKey *
load_key (const char *path, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (GBytes) pem = lks_whole_file_read (path, SIGNATURE_FILE_MAX_BYTES, NULL, &reason);
  g_autofree char *text =
      pem != NULL ? g_strndup (g_bytes_get_data (pem, NULL), g_bytes_get_size (pem)) : NULL;
  LksStationKey *key = text != NULL ? lks_station_key_new_public (text, &reason) : NULL;

  if (key == NULL)
    g_set_error (error, LKS_RECIPE_ERROR, LKS_RECIPE_ERROR_SETTING,
                 "%s: this key for recipes cannot be used: %s", path, reason->message);
  return key;
}

static void
set_signer (LksRecipe *self, const char *path, const LksStationKey *key)
{
  g_autofree char *name = g_path_get_basename (path);

  self->signature = LKS_RECIPE_SIGNATURE_GOOD;
  self->signer = g_strndup (name, strlen (name) - strlen (KEYS_SUFFIX));
  self->signer_key = g_strdup (lks_station_key_get_fingerprint (key));
}

/* Where only the administrator may say who is trusted, a key of the user's own does not count. */
static gboolean
find_signer (LksRecipe *self, const char *signature, const Policy *policy, GError **error)
{
  g_autoptr (GPtrArray) paths = list_files (KEYS_FOLDER, KEYS_SUFFIX, error);
  guint n_keys = 0;

  if (paths == NULL)
    return FALSE;
  for (guint i = 0; i < paths->len && n_keys < KEYS_MAX; i++)
    {
      const char *path = paths->pdata[i];
      g_autoptr (LksStationKey) key = NULL;

      if (policy->is_demanded_by_system && lks_config_files_is_of_user (path))
        continue;
      if ((key = load_key (path, error)) == NULL)
        return FALSE;
      n_keys++;
      if (lks_station_key_verify (key, self->text, signature))
        {
          set_signer (self, path, key);
          return TRUE;
        }
    }

  self->signature = LKS_RECIPE_SIGNATURE_UNCHECKED;
  if (n_keys == 0)
    return TRUE;

  g_set_error (error, LKS_RECIPE_ERROR, LKS_RECIPE_ERROR_BAD_SIGNATURE,
               "the recipe “%s” was changed after it was signed, or nobody signed it whom this "
               "station trusts (%u keys)",
               self->name, n_keys);
  return FALSE;
}

/* Looks for a signature beside the file at @path, and at it. */
gboolean
lks_recipe_verify (LksRecipe *self, const char *path, GError **error)
{
  g_autofree char *signature_path = lks_recipe_dup_signature_path (path);
  g_autoptr (GError) reason = NULL;
  g_autoptr (GBytes) bytes =
      lks_whole_file_read (signature_path, SIGNATURE_FILE_MAX_BYTES, NULL, &reason);
  g_autofree char *signature = NULL;
  Policy policy;

  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return TRUE;
  if (bytes == NULL)
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&reason), "%s: ", signature_path);
      return FALSE;
    }

  signature = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return read_policy (&policy, error) && find_signer (self, g_strstrip (signature), &policy, error);
}

/**
 * lks_recipe_check_station:
 * @self: a recipe
 * @error: return location for a [error@Lks.RecipeError]
 *
 * Asks whether this station may use @self: not when it takes only signed recipes and nobody whom
 * it trusts has signed this one. Reads small files.
 *
 * Returns: whether it may
 */
gboolean
lks_recipe_check_station (LksRecipe *self, GError **error)
{
  Policy policy;

  if (!read_policy (&policy, error))
    return FALSE;
  if (!policy.is_demanded || self->signature == LKS_RECIPE_SIGNATURE_GOOD)
    return TRUE;

  g_set_error (error, LKS_RECIPE_ERROR, LKS_RECIPE_ERROR_UNSIGNED,
               self->signature == LKS_RECIPE_SIGNATURE_NONE
                   ? "this station takes only signed recipes, and “%s” is not signed"
                   : "this station takes only signed recipes, and it knows no key to check the "
                     "signature of “%s” with",
               self->name);
  return FALSE;
}

/**
 * lks_recipe_get_signature:
 * @self: a recipe
 *
 * Returns: what is known of its signature; one that was not read from a file has none
 */
LksRecipeSignature
lks_recipe_get_signature (LksRecipe *self)
{
  return self->signature;
}

/**
 * lks_recipe_get_signer:
 * @self: a recipe
 *
 * Returns: (transfer none) (nullable): the name of the trusted key's file, without “.pem”
 */
const char *
lks_recipe_get_signer (LksRecipe *self)
{
  return self->signer;
}

/**
 * lks_recipe_get_signer_key:
 * @self: a recipe
 *
 * Returns: (transfer none) (nullable): the fingerprint of the trusted key, 64 digits
 */
const char *
lks_recipe_get_signer_key (LksRecipe *self)
{
  return self->signer_key;
}

/**
 * lks_recipe_dup_signature_path:
 * @path: the file of a recipe
 *
 * Returns: (transfer full): where its signature belongs
 */
char *
lks_recipe_dup_signature_path (const char *path)
{
  return g_strconcat (path, SIGNATURE_SUFFIX, NULL);
}

/**
 * lks_recipe_sign_file:
 * @path: the file of a recipe
 * @key: a key with its private half
 * @error: return location for a [error@Lks.ParseError], a [error@Lks.LedgerError] or a
 *   `G_FILE_ERROR`
 *
 * Writes the signature beside a recipe, in place of an older one. An illegal recipe is not signed.
 *
 * Returns: whether it was signed
 */
gboolean
lks_recipe_sign_file (const char *path, const LksStationKey *key, GError **error)
{
  g_autoptr (LksRecipe) self = lks_recipe_load_unverified (path, error);
  g_autofree char *signature_path = lks_recipe_dup_signature_path (path);
  g_autofree char *signature = NULL;
  g_autofree char *line = NULL;

  if (self == NULL || (signature = lks_station_key_sign (key, self->text, error)) == NULL)
    return FALSE;

  line = g_strconcat (signature, "\n", NULL);
  return g_file_set_contents_full (signature_path, line, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   SIGNATURE_MODE, error);
}
