/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an administrator says about this station:
 *
 *     [station]
 *     key-file=/etc/locksmith/station.pem
 *     require-sign-in=true
 *     station-mode=true
 *     idle-minutes=10
 *     engineer-pin-file=/etc/locksmith/engineer.pin
 *     operators=Ada Lovelace;Grace Hopper
 *
 *     [badges]
 *     0004711=Ada Lovelace
 */
#include "lks-station-config.h"

#include "lks-config-files.h"
#include "lks-operator-error.h"

#define GROUP "station"
#define BADGES "badges"

G_DEFINE_BOXED_TYPE (LksStationConfig,
                     lks_station_config,
                     lks_station_config_ref,
                     lks_station_config_unref)

/* A key that is not there says nothing. */
static gboolean
is_missing (const GError *error)
{
  return g_error_matches (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND) ||
         g_error_matches (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_GROUP_NOT_FOUND);
}

static gboolean
fail (const char *path, GError *reason, GError **error)
{
  g_propagate_prefixed_error (error, reason, "%s: ", path);
  return FALSE;
}

/* What is not there says nothing; what is not understood may not be passed over.
 *
 * @reason: (transfer full) (nullable) */
static gboolean
bear_missing (const char *path, GError *reason, GError **error)
{
  if (reason != NULL && !is_missing (reason))
    return fail (path, reason, error);
  g_clear_error (&reason);
  return TRUE;
}

static gboolean
read_path (GKeyFile *file, const char *path, const char *key, char **out_value, GError **error)
{
  GError *reason = NULL;
  g_autofree char *value = g_key_file_get_string (file, GROUP, key, &reason);

  if (!bear_missing (path, reason, error))
    return FALSE;
  if (value == NULL)
    return TRUE;
  if (!g_path_is_absolute (value))
    {
      g_set_error (error, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_INVALID,
                   "%s: %s must be a whole path, from / on", path, key);
      return FALSE;
    }
  g_free (*out_value);
  *out_value = g_steal_pointer (&value);
  return TRUE;
}

static gboolean
read_switch (GKeyFile *file, const char *path, const char *key, gboolean *out_value, GError **error)
{
  GError *reason = NULL;
  const gboolean value = g_key_file_get_boolean (file, GROUP, key, &reason);

  if (reason == NULL)
    *out_value = value;
  return bear_missing (path, reason, error);
}

static gboolean
read_minutes (GKeyFile *file, const char *path, guint *out_minutes, GError **error)
{
  GError *reason = NULL;
  const int value = g_key_file_get_integer (file, GROUP, "idle-minutes", &reason);

  if (reason != NULL)
    return bear_missing (path, reason, error);
  if (value < 0 || value > LKS_STATION_IDLE_MINUTES_MAX)
    {
      g_set_error (error, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_INVALID,
                   "%s: idle-minutes must be from 0 to %d", path, LKS_STATION_IDLE_MINUTES_MAX);
      return FALSE;
    }
  *out_minutes = (guint) value;
  return TRUE;
}

static gboolean
read_operators (GKeyFile *file, const char *path, LksStationConfig *self, GError **error)
{
  GError *reason = NULL;
  g_auto (GStrv) operators = g_key_file_get_string_list (file, GROUP, "operators", NULL, &reason);

  for (char **name = operators; name != NULL && *name != NULL; name++)
    g_strstrip (*name);
  if (operators != NULL)
    {
      g_strfreev (self->operators);
      self->operators = g_steal_pointer (&operators);
    }
  return bear_missing (path, reason, error);
}

static gboolean
read_badges (GKeyFile *file, const char *path, LksStationConfig *self, GError **error)
{
  g_auto (GStrv) codes = g_key_file_get_keys (file, BADGES, NULL, NULL); /* no group, no badges */

  for (char **code = codes; code != NULL && *code != NULL; code++)
    {
      GError *reason = NULL;
      char *owner = g_key_file_get_string (file, BADGES, *code, &reason);

      if (owner == NULL)
        return fail (path, reason, error);
      g_hash_table_insert (self->badges, g_strdup (*code), owner);
    }
  return TRUE;
}

/* @names_people: whether people whom the file names count */
static gboolean
read_file (const char *path, gboolean names_people, LksStationConfig *self, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  GError *reason = NULL;
  gboolean is_signed_only = FALSE;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &reason))
    return fail (path, reason, error);
  if (names_people &&
      (!read_operators (file, path, self, error) || !read_badges (file, path, self, error)))
    return FALSE;
  if (!read_path (file, path, "key-file", &self->key_file, error) ||
      !read_path (file, path, "engineer-pin-file", &self->pin_file, error) ||
      !read_switch (file, path, "require-sign-in", &self->requires_sign_in, error) ||
      !read_switch (file, path, "station-mode", &self->starts_as_station, error) ||
      !read_switch (file, path, "signed-recipes-only", &is_signed_only, error) ||
      !read_minutes (file, path, &self->idle_minutes, error))
    return FALSE;

  self->is_demanding |= is_signed_only || self->requires_sign_in || self->starts_as_station;
  return TRUE;
}

/* What the system's files demand is known before the user's are read. */
static gboolean
read_demands (GPtrArray *paths, gboolean *out_is_demanding, GError **error)
{
  g_autoptr (LksStationConfig) system = lks_station_config_new ();

  for (guint i = 0; i < paths->len; i++)
    if (!lks_config_files_is_of_user (paths->pdata[i]) &&
        !read_file (paths->pdata[i], FALSE, system, error))
      return FALSE;
  *out_is_demanding = system->is_demanding;
  return TRUE;
}

/**
 * lks_station_config_new:
 *
 * Returns: (transfer full): what holds for a station about which nobody said anything
 */
LksStationConfig *
lks_station_config_new (void)
{
  LksStationConfig *self = g_atomic_rc_box_new0 (LksStationConfig);

  self->idle_minutes = LKS_STATION_IDLE_MINUTES_DEFAULT;
  self->badges = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

/**
 * lks_station_config_load:
 * @error: return location for a #GKeyFileError, a #GFileError or a [error@Lks.OperatorError]
 *
 * Reads what is said about this station. A file that is not understood is an error, so that a
 * station is never less strict than its administrator thinks. Blocks for the time of small files.
 *
 * Returns: (transfer full): the configuration, or NULL with @error set
 */
LksStationConfig *
lks_station_config_load (GError **error)
{
  g_autoptr (LksStationConfig) self = lks_station_config_new ();
  g_autoptr (GPtrArray) paths = lks_config_files_list ("station.d", ".conf", error);
  gboolean is_demanding;

  if (paths == NULL || !read_demands (paths, &is_demanding, error))
    return NULL;
  for (guint i = 0; i < paths->len; i++)
    {
      const char *path = paths->pdata[i];

      if (!read_file (path, !is_demanding || !lks_config_files_is_of_user (path), self, error))
        return NULL;
    }
  self->is_demanding = is_demanding;
  self->requires_sign_in = self->requires_sign_in || self->starts_as_station;
  return g_steal_pointer (&self);
}

/**
 * lks_station_config_ref:
 * @self: a configuration
 *
 * Returns: (transfer full): @self
 */
LksStationConfig *
lks_station_config_ref (LksStationConfig *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
config_clear (gpointer data)
{
  LksStationConfig *self = data;

  g_free (self->key_file);
  g_free (self->pin_file);
  g_strfreev (self->operators);
  g_hash_table_unref (self->badges);
}

/**
 * lks_station_config_unref:
 * @self: (transfer full) (nullable): a configuration
 */
void
lks_station_config_unref (LksStationConfig *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, config_clear);
}

static gboolean
is_same_name (const char *one, const char *other)
{
  g_autofree char *folded = g_utf8_casefold (one, -1);
  g_autofree char *other_folded = g_utf8_casefold (other, -1);

  return g_utf8_collate (folded, other_folded) == 0;
}

static const char *
find_badge_owner (const LksStationConfig *self, const char *name)
{
  GHashTableIter iter;
  gpointer owner;

  g_hash_table_iter_init (&iter, self->badges);
  while (g_hash_table_iter_next (&iter, NULL, &owner))
    if (is_same_name (owner, name))
      return owner;
  return NULL;
}

/**
 * lks_station_config_find_operator:
 * @self: a configuration
 * @text: what was typed or scanned: a name, in capital letters or not, or a badge
 *
 * Returns: (transfer none) (nullable): the name of that person as the administrator spells it,
 *   @text itself when this station lists nobody; NULL when it does and this person is not there
 */
const char *
lks_station_config_find_operator (const LksStationConfig *self, const char *text)
{
  const char *owner = g_hash_table_lookup (self->badges, text);

  if (owner != NULL)
    return owner;
  for (char **name = self->operators; name != NULL && *name != NULL; name++)
    if (is_same_name (*name, text))
      return *name;
  if ((owner = find_badge_owner (self, text)) != NULL)
    return owner;
  return self->operators == NULL && g_hash_table_size (self->badges) == 0 ? text : NULL;
}
