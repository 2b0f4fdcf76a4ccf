/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-log-messages.h"

#include "lks-cursor.h"
#include "lks-json.h"
#include "lks-log-ring.h"

#include <string.h>

/* A release of the system has 32 files, the largest with some 100 KiB, 240 messages and up to
 * 21 parameters. */
#define FILES_MAX 256
#define FILE_MAX_BYTES (1024 * 1024)
#define MESSAGES_MAX 4096
#define PARAMETERS_MAX 64
#define TEXT_MAX_BYTES 1024
#define VERSION "1.0"

/* In the vendor's folders the definitions of a release lie one step further down. */
#define SUBFOLDER "log_manifests"

struct _LksLogMessages
{
  gatomicrefcount refs;
  GHashTable *messages;   /* (owned) (element-type guint LksLogMessage): by key */
  GHashTable *categories; /* (owned) (element-type guint utf8): names */
  GHashTable *files;      /* (owned) (element-type guint utf8): which file defines a category */
};

G_DEFINE_BOXED_TYPE (LksLogMessages, lks_log_messages, lks_log_messages_ref, lks_log_messages_unref)

G_DEFINE_ENUM_TYPE (LksLogParameterType,
                    lks_log_parameter_type,
                    G_DEFINE_ENUM_VALUE (LKS_LOG_PARAMETER_INTEGER, "integer"),
                    G_DEFINE_ENUM_VALUE (LKS_LOG_PARAMETER_UNSIGNED_INTEGER, "unsignedInteger"),
                    G_DEFINE_ENUM_VALUE (LKS_LOG_PARAMETER_IP_ADDRESS, "ipAddress"),
                    G_DEFINE_ENUM_VALUE (LKS_LOG_PARAMETER_UNIQUE_ID, "uniqueId"),
                    G_DEFINE_ENUM_VALUE (LKS_LOG_PARAMETER_COMMON_ERROR, "commonError"),
                    G_DEFINE_ENUM_VALUE (LKS_LOG_PARAMETER_STRING, "string"))

static gpointer
make_key (guint category, guint message)
{
  return GUINT_TO_POINTER (category << 16 | message);
}

static void
parameter_free (gpointer data)
{
  LksLogParameter *parameter = data;

  g_free (parameter->name);
  g_free (parameter);
}

static void
message_free (gpointer data)
{
  LksLogMessage *message = data;

  g_free (message->name);
  g_free (message->text);
  g_ptr_array_unref (message->parameters);
  g_free (message);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksLogMessage, message_free)

static LksLogMessages *
messages_new (void)
{
  LksLogMessages *self = g_new0 (LksLogMessages, 1);

  g_atomic_ref_count_init (&self->refs);
  self->messages = g_hash_table_new_full (NULL, NULL, NULL, message_free);
  self->categories = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->files = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  return self;
}

/* A text that goes on one line of a decoded log. */
static gboolean
read_text (LksJson *json, JsonObject *object, const char *member, char **out_text, GError **error)
{
  g_autofree char *text = NULL;

  if (!lks_json_read_string (json, object, member, &text, error))
    return FALSE;
  if (text == NULL || strlen (text) > TEXT_MAX_BYTES)
    {
      lks_json_set_error (json, json_object_get_member (object, member), error,
                          "“%s”: expected a text of at most %d bytes", member, TEXT_MAX_BYTES);
      return FALSE;
    }

  *out_text = g_steal_pointer (&text);
  return TRUE;
}

static JsonObject *
get_element_object (LksJson *json, JsonArray *array, guint index, const char *what, GError **error)
{
  JsonNode *element = json_array_get_element (array, index);

  if (JSON_NODE_HOLDS_OBJECT (element))
    return json_node_get_object (element);

  lks_json_set_error (json, element, error, "“%s”: expected objects", what);
  return NULL;
}

static gboolean
check_count (LksJson *json, JsonObject *object, const char *member, guint max, GError **error)
{
  if (json_array_get_length (json_object_get_array_member (object, member)) <= max)
    return TRUE;

  lks_json_set_error (json, json_object_get_member (object, member), error,
                      "“%s”: at most %u are accepted", member, max);
  return FALSE;
}

static gboolean
add_parameter (GPtrArray *parameters, LksJson *json, JsonObject *object, GError **error)
{
  static const char *const known[] = { "comment", "paramName", "paramType", NULL };
  g_autofree char *name = NULL;
  LksLogParameter *parameter;
  int type;

  if (!lks_json_check_members (json, object, known, error) ||
      !read_text (json, object, "paramName", &name, error) ||
      !lks_json_read_enum (json, object, "paramType", LKS_TYPE_LOG_PARAMETER_TYPE, &type, error))
    return FALSE;

  parameter = g_new0 (LksLogParameter, 1);
  parameter->name = g_steal_pointer (&name);
  parameter->type = (LksLogParameterType) type;
  g_ptr_array_add (parameters, parameter);
  return TRUE;
}

static gboolean
read_parameters (LksLogMessage *message, LksJson *json, JsonObject *object, GError **error)
{
  JsonArray *array;

  if (!lks_json_has (object, "params"))
    return TRUE;
  if (!lks_json_read_array (json, object, "params", &array, error) ||
      !check_count (json, object, "params", PARAMETERS_MAX, error))
    return FALSE;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *parameter = get_element_object (json, array, i, "params", error);

      if (parameter == NULL || !add_parameter (message->parameters, json, parameter, error))
        return FALSE;
    }
  return TRUE;
}

/* The vendor's files hold objects without members where a category has no message any more. */
static gboolean
add_message (LksLogMessages *self,
             LksJson *json,
             guint category,
             JsonObject *object,
             GError **error)
{
  static const char *const known[] = { "comment",     "msgId",    "msgName", "msgString",
                                       "msgPriority", "obsolete", "params",  NULL };
  g_autoptr (LksLogMessage) message = NULL;
  gboolean is_obsolete;
  int priority;
  gint64 id;

  if (json_object_get_size (object) == 0)
    return TRUE;

  message = g_new0 (LksLogMessage, 1);
  message->parameters = g_ptr_array_new_with_free_func (parameter_free);
  if (!lks_json_check_members (json, object, known, error) ||
      !lks_json_read_int (json, object, "msgId", 0, G_MAXUINT16, &id, error) ||
      !read_text (json, object, "msgString", &message->text, error) ||
      !read_parameters (message, json, object, error) ||
      (lks_json_has (object, "msgName") &&
       !read_text (json, object, "msgName", &message->name, error)) ||
      (lks_json_has (object, "msgPriority") &&
       !lks_json_read_enum (json, object, "msgPriority", LKS_TYPE_LOG_PRIORITY, &priority,
                            error)) ||
      (lks_json_has (object, "obsolete") &&
       !lks_json_read_boolean (json, object, "obsolete", &is_obsolete, error)))
    return FALSE;

  if (lks_log_messages_find (self, category, (guint) id) != NULL)
    {
      lks_json_set_error (json, json_object_get_member (object, "msgId"), error,
                          "message %u is defined twice", (guint) id);
      return FALSE;
    }
  g_hash_table_insert (self->messages, make_key (category, (guint) id), g_steal_pointer (&message));
  return TRUE;
}

static gboolean
add_messages (LksLogMessages *self, LksJson *json, guint category, JsonObject *root, GError **error)
{
  JsonArray *array;

  if (!lks_json_read_array (json, root, "msgIds", &array, error) ||
      !check_count (json, root, "msgIds", MESSAGES_MAX, error))
    return FALSE;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *message = get_element_object (json, array, i, "msgIds", error);

      if (message == NULL || !add_message (self, json, category, message, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_version (LksJson *json, JsonObject *root, GError **error)
{
  g_autofree char *version = NULL;

  if (!read_text (json, root, "version", &version, error))
    return FALSE;
  if (g_str_equal (version, VERSION))
    return TRUE;

  lks_json_set_error (json, json_object_get_member (root, "version"), error,
                      "version “%s” of message definitions is not known here, only “" VERSION "”",
                      version);
  return FALSE;
}

static gboolean
take_category (LksLogMessages *self,
               LksJson *json,
               JsonObject *root,
               const char *file,
               guint *out_category,
               GError **error)
{
  g_autofree char *name = NULL;
  const char *other;
  gint64 id;

  if (!lks_json_read_int (json, root, "categoryId", 0, G_MAXUINT16, &id, error) ||
      !read_text (json, root, "categoryName", &name, error))
    return FALSE;

  other = g_hash_table_lookup (self->files, GUINT_TO_POINTER (id));
  if (other != NULL)
    {
      lks_json_set_error (json, json_object_get_member (root, "categoryId"), error,
                          "category %u is also defined in %s", (guint) id, other);
      return FALSE;
    }

  g_hash_table_insert (self->files, GUINT_TO_POINTER (id), g_strdup (file));
  g_hash_table_insert (self->categories, GUINT_TO_POINTER (id), g_steal_pointer (&name));
  *out_category = (guint) id;
  return TRUE;
}

static gboolean
add_file (LksLogMessages *self, LksJson *json, const char *file, GError **error)
{
  static const char *const known[] = { "comment",      "version", "categoryId",
                                       "categoryName", "msgIds",  NULL };
  JsonObject *root = lks_json_get_root_object (json, error);
  guint category;

  return root != NULL && lks_json_check_members (json, root, known, error) &&
         check_version (json, root, error) &&
         take_category (self, json, root, file, &category, error) &&
         add_messages (self, json, category, root, error);
}

static int
compare_names_cb (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The definition files in @folder, sorted, so that a message about them is always the same. */
static GPtrArray *
list_files (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  const char *name;

  if (dir == NULL)
    return NULL;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".json"))
      {
        if (names->len == FILES_MAX)
          {
            g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE,
                         "%s: more than %d definition files", folder, FILES_MAX);
            return NULL;
          }
        g_ptr_array_add (names, g_strdup (name));
      }
  g_ptr_array_sort (names, compare_names_cb);
  return g_steal_pointer (&names);
}

static gboolean
load_files (LksLogMessages *self, const char *folder, GPtrArray *names, GError **error)
{
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (LksJson) json = lks_json_load (path, FILE_MAX_BYTES, error);

      if (json == NULL || !add_file (self, json, name, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * lks_log_messages_load:
 * @folder: a folder of definition files, or one with a folder `log_manifests` in it
 * @error: return location for a [error@Lks.ParseError], which names file and line, or a
 *   `G_FILE_ERROR`
 *
 * Loads what the vendor publishes for one release of the system: one JSON file per category with
 * `version`, `categoryId`, `categoryName` and `msgIds`, a list of `msgId`, `msgName`, `msgString`,
 * `msgPriority`, `obsolete` and `params`, a list of `paramName` and `paramType`. Whatever else is
 * in a file is an error. Reads at most 256 files of at most 1 MiB. Blocks.
 *
 * Returns: (transfer full): the definitions, or NULL with @error set
 */
LksLogMessages *
lks_log_messages_load (const char *folder, GError **error)
{
  g_autoptr (LksLogMessages) self = messages_new ();
  g_autofree char *subfolder = g_build_filename (folder, SUBFOLDER, NULL);
  const char *found = g_file_test (subfolder, G_FILE_TEST_IS_DIR) ? subfolder : folder;
  g_autoptr (GPtrArray) names = list_files (found, error);

  if (names == NULL || !load_files (self, found, names, error))
    return NULL;
  if (g_hash_table_size (self->messages) > 0)
    return g_steal_pointer (&self);

  g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID,
               "%s: no message definitions (JSON files) in this folder", found);
  return NULL;
}

/**
 * lks_log_messages_parse:
 * @name: what the text is, for messages
 * @data: the text of one definition file
 * @size_bytes: its size
 * @error: return location for a [error@Lks.ParseError]
 *
 * Like lks_log_messages_load(), for a single category. Pure; any thread.
 *
 * Returns: (transfer full): the definitions, or NULL with @error set
 */
LksLogMessages *
lks_log_messages_parse (const char *name, gconstpointer data, gsize size_bytes, GError **error)
{
  g_autoptr (LksLogMessages) self = messages_new ();
  g_autoptr (LksJson) json = lks_json_parse (name, data, size_bytes, FILE_MAX_BYTES, error);

  if (json == NULL || !add_file (self, json, name, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * lks_log_messages_ref:
 * @self: definitions
 *
 * Returns: (transfer full): @self
 */
LksLogMessages *
lks_log_messages_ref (LksLogMessages *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * lks_log_messages_unref:
 * @self: (transfer full): definitions
 */
void
lks_log_messages_unref (LksLogMessages *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_hash_table_unref (self->messages);
  g_hash_table_unref (self->categories);
  g_hash_table_unref (self->files);
  g_free (self);
}

/**
 * lks_log_messages_get_length:
 * @self: definitions
 *
 * Returns: how many messages they define
 */
guint
lks_log_messages_get_length (LksLogMessages *self)
{
  return g_hash_table_size (self->messages);
}

/**
 * lks_log_messages_get_category:
 * @self: definitions
 * @category: the number of a category
 *
 * Returns: (transfer none) (nullable): its name, NULL when it is not defined
 */
const char *
lks_log_messages_get_category (LksLogMessages *self, guint category)
{
  return g_hash_table_lookup (self->categories, GUINT_TO_POINTER (category));
}

/**
 * lks_log_messages_find:
 * @self: definitions
 * @category: the number of a category
 * @message: the number of a message in it
 *
 * Returns: (transfer none) (nullable): its definition, NULL when there is none
 */
const LksLogMessage *
lks_log_messages_find (LksLogMessages *self, guint category, guint message)
{
  return g_hash_table_lookup (self->messages, make_key (category, message));
}
