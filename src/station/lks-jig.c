/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The map is a small JSON file, `locksmith/jig.json` of the user's configuration directory; a
 * station whose users share one map has it in a system's configuration directory. A user who
 * teaches another one gets a file of their own.
 */
#include "lks-jig.h"

#include "lks-cursor.h"
#include "lks-jig-buses-private.h"

#include <errno.h>
#include <glib/gstdio.h>

#define FILE_NAME "jig.json"

struct _LksJig
{
  GObject parent_instance;

  GPtrArray *places;  /* (owned) (element-type LksJigPlace): by row and column */
  GHashTable *taught; /* (owned): the controllers of the buses that places are taught at */
  GHashTable *here;   /* (owned): those of this computer; empty when they cannot be told */
};

static void lks_jig_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LksJig,
                               lks_jig,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, lks_jig_list_model_init))

static GType
lks_jig_get_item_type (GListModel *model)
{
  return LKS_TYPE_JIG_PLACE;
}

static guint
lks_jig_get_n_items (GListModel *model)
{
  return LKS_JIG (model)->places->len;
}

static gpointer
lks_jig_get_item (GListModel *model, guint position)
{
  GPtrArray *places = LKS_JIG (model)->places;

  return position < places->len ? g_object_ref (places->pdata[position]) : NULL;
}

static void
lks_jig_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = lks_jig_get_item_type;
  iface->get_n_items = lks_jig_get_n_items;
  iface->get_item = lks_jig_get_item;
}

static void
lks_jig_finalize (GObject *object)
{
  LksJig *self = LKS_JIG (object);

  g_ptr_array_unref (self->places);
  g_hash_table_unref (self->taught);
  g_hash_table_unref (self->here);
  G_OBJECT_CLASS (lks_jig_parent_class)->finalize (object);
}

static void
lks_jig_class_init (LksJigClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lks_jig_finalize;
}

static void
lks_jig_init (LksJig *self)
{
  self->places = g_ptr_array_new_with_free_func (g_object_unref);
  self->taught = lks_jig_buses_new ();
  self->here = lks_jig_buses_new ();
}

/* ---- what a map must be ---- */

static gboolean refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list more;

  va_start (more, format);
  if (error != NULL)
    *error = g_error_new_valist (LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID, format, more);
  va_end (more);
  return FALSE;
}

static gboolean
check_place (LksJigPlace *place, GError **error)
{
  const char *port = lks_jig_place_get_taught_port (place);
  const char *name = lks_jig_place_get_name (place);
  guint row = lks_jig_place_get_row (place);
  guint column = lks_jig_place_get_column (place);

  if (!lks_jig_port_is_valid (port))
    return refuse (error, "“%s” is no place on the USB tree, such as “1-2.3”", port);
  if (!lks_jig_name_is_valid (name))
    return refuse (error, "“%s” is no name of a place: 1 to 8 characters", name);
  if (row < 1 || row > LKS_JIG_LINES_MAX || column < 1 || column > LKS_JIG_LINES_MAX)
    return refuse (error, "place “%s”: row and column must be between 1 and %d", name,
                   LKS_JIG_LINES_MAX);
  return TRUE;
}

static gboolean
check_pair (LksJigPlace *one, LksJigPlace *other, GError **error)
{
  const char *name = lks_jig_place_get_name (one);
  const char *other_name = lks_jig_place_get_name (other);

  if (g_str_equal (name, other_name))
    return refuse (error, "two places are called “%s”", name);
  if (g_str_equal (lks_jig_place_get_taught_port (one), lks_jig_place_get_taught_port (other)))
    return refuse (error, "the places “%s” and “%s” have the same port %s", name, other_name,
                   lks_jig_place_get_taught_port (one));
  if (lks_jig_place_get_row (one) == lks_jig_place_get_row (other) &&
      lks_jig_place_get_column (one) == lks_jig_place_get_column (other))
    return refuse (error, "the places “%s” and “%s” lie in the same row and column", name,
                   other_name);
  return TRUE;
}

static gboolean
check_places (GPtrArray *places, GError **error)
{
  if (places->len > LKS_JIG_PLACES_MAX)
    return refuse (error, "a jig has at most %d places", LKS_JIG_PLACES_MAX);

  for (guint i = 0; i < places->len; i++)
    {
      if (!check_place (places->pdata[i], error))
        return FALSE;
      for (guint j = 0; j < i; j++)
        if (!check_pair (places->pdata[j], places->pdata[i], error))
          return FALSE;
    }
  return TRUE;
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  LksJigPlace *one = *(LksJigPlace *const *) a;
  LksJigPlace *other = *(LksJigPlace *const *) b;
  int rows = (int) lks_jig_place_get_row (one) - (int) lks_jig_place_get_row (other);

  return rows != 0 ? rows
                   : (int) lks_jig_place_get_column (one) - (int) lks_jig_place_get_column (other);
}

/* ---- where the places are ---- */

static LksJigPlace *
ref_located (LksJig *self, LksJigPlace *place)
{
  g_autofree char *port =
      lks_jig_buses_locate (self->taught, self->here, lks_jig_place_get_taught_port (place));

  return g_strcmp0 (port, lks_jig_place_get_port (place)) == 0
             ? g_object_ref (place)
             : lks_jig_place_copy_to (place, port);
}

/* @buses: what is known of the buses; those without a place are forgotten */
static gboolean
take_map (LksJig *self, GPtrArray *places, GHashTable *buses, GError **error)
{
  guint removed = self->places->len;

  if (!check_places (places, error))
    return FALSE;

  g_hash_table_remove_all (self->taught);
  for (guint i = 0; i < places->len; i++)
    lks_jig_buses_copy (self->taught, buses, lks_jig_place_get_taught_port (places->pdata[i]));
  g_ptr_array_set_size (self->places, 0);
  for (guint i = 0; i < places->len; i++)
    g_ptr_array_add (self->places, ref_located (self, places->pdata[i]));
  g_ptr_array_sort (self->places, compare_places);
  if (removed > 0 || places->len > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, removed, places->len);
  return TRUE;
}

/* Where a place is does not change by that. */
static void
learn_buses (LksJig *self)
{
  for (guint i = 0; i < self->places->len; i++)
    if (lks_jig_place_get_port (self->places->pdata[i]) != NULL)
      lks_jig_buses_learn (self->taught, self->here,
                           lks_jig_place_get_taught_port (self->places->pdata[i]));
}

/* ---- reading and writing ---- */

static LksJigPlace *
read_place (LksJson *json, JsonNode *node, GError **error)
{
  static const char *const members[] = { "port", "name", "row", "column", "allowed", NULL };
  g_autofree char *port = NULL;
  g_autofree char *name = NULL;
  gboolean is_allowed = TRUE;
  gint64 row, column;
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      lks_json_set_error (json, node, error, "“places”: expected objects");
      return NULL;
    }
  object = json_node_get_object (node);
  if (!lks_json_check_members (json, object, members, error) ||
      !lks_json_read_string (json, object, "port", &port, error) ||
      !lks_json_read_string (json, object, "name", &name, error) ||
      !lks_json_read_int (json, object, "row", 1, LKS_JIG_LINES_MAX, &row, error) ||
      !lks_json_read_int (json, object, "column", 1, LKS_JIG_LINES_MAX, &column, error) ||
      (lks_json_has (object, "allowed") &&
       !lks_json_read_boolean (json, object, "allowed", &is_allowed, error)))
    return NULL;
  return lks_jig_place_new (port, name, (guint) row, (guint) column, is_allowed);
}

static gboolean
read_places (LksJson *json, JsonObject *root, GPtrArray *places, GError **error)
{
  JsonArray *array;

  if (!lks_json_read_array (json, root, "places", &array, error))
    return FALSE;

  for (guint i = 0; i < json_array_get_length (array) && i <= LKS_JIG_PLACES_MAX; i++)
    {
      LksJigPlace *place = read_place (json, json_array_get_element (array, i), error);

      if (place == NULL)
        return FALSE;
      g_ptr_array_add (places, place);
    }
  return TRUE;
}

static gboolean
read_map (LksJig *self, LksJson *json, const char *name, GError **error)
{
  static const char *const members[] = { "$schema", "buses", "places", NULL };
  g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) buses = lks_jig_buses_new ();
  JsonObject *root = lks_json_get_root_object (json, error);

  if (root == NULL || !lks_json_check_members (json, root, members, error) ||
      !lks_jig_buses_read (buses, json, root, error) || !read_places (json, root, places, error))
    return FALSE;
  if (!take_map (self, places, buses, error))
    {
      g_prefix_error (error, "%s: ", name);
      return FALSE;
    }
  return TRUE;
}

/**
 * lks_jig_new:
 *
 * Returns: (transfer full): a map that knows no place yet
 */
LksJig *
lks_jig_new (void)
{
  return g_object_new (LKS_TYPE_JIG, NULL);
}

/**
 * lks_jig_parse:
 * @self: a map
 * @name: what the text is called in messages
 * @text: a JSON text; data/jig.schema.json describes it
 * @error: return location for a [error@Lks.ParseError]
 *
 * Replaces the map by the one in @text. On failure it stays as it was.
 *
 * Returns: whether @text is a map
 */
gboolean
lks_jig_parse (LksJig *self, const char *name, GBytes *text, GError **error)
{
  g_autoptr (LksJson) json = NULL;
  gsize size;
  gconstpointer data;

  g_return_val_if_fail (LKS_IS_JIG (self), FALSE);

  data = g_bytes_get_data (text, &size);
  json = lks_json_parse (name, data, size, LKS_JIG_SIZE_MAX_BYTES, error);
  return json != NULL && read_map (self, json, name, error);
}

static char *
dup_path (const char *config_dir)
{
  return g_build_filename (config_dir, "locksmith", FILE_NAME, NULL);
}

/* The user's own, else the first of the system's. */
static char *
find_file (void)
{
  g_autofree char *own = dup_path (g_get_user_config_dir ());

  if (g_file_test (own, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&own);
  for (const char *const *dir = g_get_system_config_dirs (); *dir != NULL; dir++)
    {
      g_autofree char *path = dup_path (*dir);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
  return NULL;
}

/**
 * lks_jig_load:
 * @self: a map
 * @error: return location for a [error@Lks.ParseError] or a #GFileError
 *
 * Reads the map of this user, or of this station. Where there is none it is empty. Blocks for one
 * small file.
 *
 * Returns: whether there is no file, or a good one; on failure the map stays as it was
 */
gboolean
lks_jig_load (LksJig *self, GError **error)
{
  g_autofree char *path = find_file ();
  g_autoptr (LksJson) json = NULL;

  g_return_val_if_fail (LKS_IS_JIG (self), FALSE);

  if (path == NULL)
    {
      g_autoptr (GPtrArray) places = g_ptr_array_new ();

      return lks_jig_set_places (self, places, error);
    }

  json = lks_json_load (path, LKS_JIG_SIZE_MAX_BYTES, error);
  return json != NULL && read_map (self, json, path, error);
}

/**
 * lks_jig_save:
 * @self: a map
 * @error: return location for a #GFileError
 *
 * Keeps the map for this user: the whole new file or the whole old one, whatever happens meanwhile.
 * A map from before learns the controllers of its buses. Blocks until it is on the disk.
 *
 * Returns: whether it is there
 */
gboolean
lks_jig_save (LksJig *self, GError **error)
{
  g_autofree char *path = dup_path (g_get_user_config_dir ());
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *text = NULL;

  g_return_val_if_fail (LKS_IS_JIG (self), FALSE);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      int code = errno;

      g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (code), "%s: %s", folder,
                   g_strerror (code));
      return FALSE;
    }
  learn_buses (self);
  text = lks_jig_to_json (self);
  return g_file_set_contents_full (path, text, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

static JsonNode *
place_to_json (LksJigPlace *place)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "port", lks_jig_place_get_taught_port (place));
  json_object_set_string_member (object, "name", lks_jig_place_get_name (place));
  json_object_set_int_member (object, "row", lks_jig_place_get_row (place));
  json_object_set_int_member (object, "column", lks_jig_place_get_column (place));
  json_object_set_boolean_member (object, "allowed", lks_jig_place_get_allowed (place));
  json_node_take_object (node, object);
  return node;
}

/**
 * lks_jig_to_json:
 * @self: a map
 *
 * Returns: (transfer full): the text of its file
 */
char *
lks_jig_to_json (LksJig *self)
{
  JsonObject *root = json_object_new ();
  JsonArray *places = json_array_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  g_return_val_if_fail (LKS_IS_JIG (self), NULL);

  for (guint i = 0; i < self->places->len; i++)
    json_array_add_element (places, place_to_json (self->places->pdata[i]));
  lks_jig_buses_write (self->taught, root);
  json_object_set_array_member (root, "places", places);
  json_node_take_object (node, root);
  text = json_to_string (node, TRUE);
  return g_strconcat (text, "\n", NULL);
}

/**
 * lks_jig_set_places:
 * @self: a map
 * @places: (element-type LksJigPlace): its places, in any order
 * @error: return location for a [error@Lks.ParseError]
 *
 * Replaces the map by one that is taught on this computer now. Names, ports and positions must
 * differ; otherwise it stays as it was.
 *
 * Returns: whether @places are a map
 */
gboolean
lks_jig_set_places (LksJig *self, GPtrArray *places, GError **error)
{
  g_return_val_if_fail (LKS_IS_JIG (self), FALSE);

  return take_map (self, places, self->here, error);
}

/**
 * lks_jig_set_allowed:
 * @self: a map
 * @taught_port: a place on the USB tree, as the map has it
 * @is_allowed: whether boards may be finalized there
 *
 * Allows a place, or forbids it.
 *
 * Returns: whether @taught_port is in the map
 */
gboolean
lks_jig_set_allowed (LksJig *self, const char *taught_port, gboolean is_allowed)
{
  g_return_val_if_fail (LKS_IS_JIG (self), FALSE);

  for (guint i = 0; i < self->places->len; i++)
    {
      LksJigPlace *old = self->places->pdata[i];

      if (!g_str_equal (lks_jig_place_get_taught_port (old), taught_port))
        continue;
      if (lks_jig_place_get_allowed (old) == is_allowed)
        return TRUE;
      self->places->pdata[i] = lks_jig_place_copy_allowed (old, is_allowed);
      g_object_unref (old);
      g_list_model_items_changed (G_LIST_MODEL (self), i, 1, 1);
      return TRUE;
    }
  return FALSE;
}

/**
 * lks_jig_set_buses:
 * @self: a map
 * @buses: (element-type guint utf8): by bus number, which controller's it is on this computer, in
 *   texts that differ; empty when that cannot be told
 *
 * Says which buses there are. Places whose controller has another number now follow it; those of a
 * controller that is not there have no port. Where the map or the computer knows no controllers,
 * the number of a bus is all there is.
 */
void
lks_jig_set_buses (LksJig *self, GHashTable *buses)
{
  gboolean is_changed = FALSE;

  g_return_if_fail (LKS_IS_JIG (self));

  g_hash_table_ref (buses);
  g_hash_table_unref (self->here);
  self->here = buses;
  for (guint i = 0; i < self->places->len; i++)
    {
      LksJigPlace *old = self->places->pdata[i];

      self->places->pdata[i] = ref_located (self, old);
      is_changed |= self->places->pdata[i] != (gpointer) old;
      g_object_unref (old);
    }
  if (is_changed)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, self->places->len, self->places->len);
}

/**
 * lks_jig_find:
 * @self: a map
 * @port: a place on the USB tree
 *
 * Returns: (transfer none) (nullable): what the map says about it
 */
LksJigPlace *
lks_jig_find (LksJig *self, const char *port)
{
  g_return_val_if_fail (LKS_IS_JIG (self), NULL);

  for (guint i = 0; i < self->places->len; i++)
    if (g_strcmp0 (lks_jig_place_get_port (self->places->pdata[i]), port) == 0)
      return self->places->pdata[i];
  return NULL;
}

/**
 * lks_jig_get_rows:
 * @self: a map
 *
 * Returns: the last row that has a place; 0 for an empty map
 */
guint
lks_jig_get_rows (LksJig *self)
{
  guint rows = 0;

  g_return_val_if_fail (LKS_IS_JIG (self), 0);

  for (guint i = 0; i < self->places->len; i++)
    rows = MAX (rows, lks_jig_place_get_row (self->places->pdata[i]));
  return rows;
}

/**
 * lks_jig_get_columns:
 * @self: a map
 *
 * Returns: the last column that has a place; 0 for an empty map
 */
guint
lks_jig_get_columns (LksJig *self)
{
  guint columns = 0;

  g_return_val_if_fail (LKS_IS_JIG (self), 0);

  for (guint i = 0; i < self->places->len; i++)
    columns = MAX (columns, lks_jig_place_get_column (self->places->pdata[i]));
  return columns;
}
