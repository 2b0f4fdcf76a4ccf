/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-manifest.h"

#include "lks-compat.h"
#include "lks-cursor.h"
#include "lks-guid.h"
#include "lks-json.h"

G_DEFINE_ENUM_TYPE (LksApplicationType,
                    lks_application_type,
                    G_DEFINE_ENUM_VALUE (LKS_APPLICATION_TYPE_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_APPLICATION_TYPE_DEFAULT, "Default"),
                    G_DEFINE_ENUM_VALUE (LKS_APPLICATION_TYPE_REAL_TIME_CAPABLE, "RealTimeCapable"),
                    G_DEFINE_ENUM_VALUE (LKS_APPLICATION_TYPE_DEBUGGER, "Debugger"))

#define SCHEMA_VERSION 1
#define STORAGE_KIB_MAX 1048576

/* The manifest capabilities that name peripherals (application manifest documentation). */
static const char *const peripheral_kinds[] = {
  "Adc", "Gpio", "I2cMaster", "Pwm", "SpiMaster", "Uart",
};

static char *
peripheral_to_text (const char *kind, JsonNode *element)
{
  if (!JSON_NODE_HOLDS_VALUE (element))
    return NULL;
  if (json_node_get_value_type (element) == G_TYPE_INT64)
    return g_strdup_printf ("%s %" G_GINT64_FORMAT, kind, json_node_get_int (element));
  if (json_node_get_value_type (element) == G_TYPE_STRING)
    return g_strdup_printf ("%s %s", kind, json_node_get_string (element));

  return NULL;
}

static gboolean
add_peripherals (LksJson *json,
                 JsonObject *capabilities,
                 const char *kind,
                 GPtrArray *texts,
                 GError **error)
{
  JsonArray *array;

  if (!lks_json_has (capabilities, kind))
    return TRUE;
  if (!lks_json_read_array (json, capabilities, kind, &array, error))
    return FALSE;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      char *text = peripheral_to_text (kind, element);

      if (text == NULL)
        {
          lks_json_set_error (json, element, error, "“%s”: expected numbers or names", kind);
          return FALSE;
        }
      g_ptr_array_add (texts, text);
    }

  return TRUE;
}

static int
compare_texts_cb (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
read_peripherals (LksManifest *self, LksJson *json, JsonObject *capabilities, GError **error)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_null_terminated (0, g_free, TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (peripheral_kinds); i++)
    if (!add_peripherals (json, capabilities, peripheral_kinds[i], texts, error))
      return FALSE;

  g_ptr_array_sort (texts, compare_texts_cb);
  self->peripherals = lks_strv_take (g_steal_pointer (&texts));
  return TRUE;
}

static gboolean
read_storage (LksManifest *self, LksJson *json, JsonObject *capabilities, GError **error)
{
  JsonObject *storage;
  gint64 kib;

  if (!lks_json_has (capabilities, "MutableStorage"))
    return TRUE;
  if (!lks_json_read_object (json, capabilities, "MutableStorage", &storage, error) ||
      !lks_json_read_int (json, storage, "SizeKB", 0, STORAGE_KIB_MAX, &kib, error))
    return FALSE;

  self->storage_kib = (guint) kib;
  return TRUE;
}

static gboolean
read_capabilities (LksManifest *self, LksJson *json, JsonObject *root, GError **error)
{
  JsonObject *capabilities;

  if (!lks_json_read_object (json, root, "Capabilities", &capabilities, error) ||
      !read_peripherals (self, json, capabilities, error) ||
      !read_storage (self, json, capabilities, error))
    return FALSE;

  if (!lks_json_has (capabilities, "AllowedConnections"))
    {
      self->connections = g_new0 (char *, 1);
      return TRUE;
    }
  return lks_json_read_string_list (json, capabilities, "AllowedConnections", &self->connections,
                                    error);
}

static gboolean
read_identity (LksManifest *self, LksJson *json, JsonObject *root, GError **error)
{
  g_autofree char *component_id = NULL;
  gint64 version;

  if (!lks_json_read_int (json, root, "SchemaVersion", SCHEMA_VERSION, SCHEMA_VERSION, &version,
                          error) ||
      !lks_json_read_string (json, root, "Name", &self->name, error) ||
      !lks_json_read_string (json, root, "ComponentId", &component_id, error))
    return FALSE;

  self->component_id = lks_guid_normalize (component_id, error);
  if (self->component_id == NULL)
    g_prefix_error_literal (error, "app_manifest.json: “ComponentId”: ");
  return self->component_id != NULL;
}

/* Newer packers may write types and members not known here: they are kept as unknown. */
static gboolean
read_target (LksManifest *self, LksJson *json, JsonObject *root, GError **error)
{
  g_autofree char *type = NULL;
  gint64 runtime_version = 0;
  int value = LKS_APPLICATION_TYPE_UNKNOWN;

  if (lks_json_has (root, "ApplicationType") &&
      !lks_json_read_string (json, root, "ApplicationType", &type, error))
    return FALSE;
  if (lks_json_has (root, "TargetApplicationRuntimeVersion") &&
      !lks_json_read_int (json, root, "TargetApplicationRuntimeVersion", 0, G_MAXINT32,
                          &runtime_version, error))
    return FALSE;

  if (type == NULL)
    value = LKS_APPLICATION_TYPE_DEFAULT;
  else if (g_str_equal (type, "Default"))
    value = LKS_APPLICATION_TYPE_DEFAULT;
  else if (g_str_equal (type, "RealTimeCapable"))
    value = LKS_APPLICATION_TYPE_REAL_TIME_CAPABLE;
  else if (g_str_equal (type, "Debugger"))
    value = LKS_APPLICATION_TYPE_DEBUGGER;
  self->type = value;
  self->runtime_version = (guint) runtime_version;
  return TRUE;
}

/**
 * lks_manifest_parse:
 * @json: the text of app_manifest.json
 * @error: return location for a [error@Lks.ParseError]
 *
 * Reads an application manifest as a packaged image holds it: with resolved numbers and names.
 * Members not needed here are ignored.
 *
 * Returns: (transfer full): the manifest, or NULL with @error set
 */
LksManifest *
lks_manifest_parse (GBytes *json, GError **error)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (json, &size);
  g_autoptr (LksJson) document =
      lks_json_parse ("app_manifest.json", data, size, LKS_MANIFEST_BYTES_MAX, error);
  g_autoptr (LksManifest) self = NULL;
  JsonObject *root;

  if (document == NULL)
    return NULL;
  root = lks_json_get_root_object (document, error);
  if (root == NULL)
    return NULL;

  self = g_new0 (LksManifest, 1);
  if (!read_identity (self, document, root, error) || !read_target (self, document, root, error) ||
      !read_capabilities (self, document, root, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * lks_manifest_free:
 * @self: (transfer full) (nullable): a manifest
 */
void
lks_manifest_free (LksManifest *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->component_id);
  g_strfreev (self->peripherals);
  g_strfreev (self->connections);
  g_free (self);
}

/**
 * lks_manifest_has_same_peripherals:
 * @self: a manifest
 * @other: another
 *
 * Returns: whether both ask for exactly the same peripherals, in whatever order
 */
gboolean
lks_manifest_has_same_peripherals (const LksManifest *self, const LksManifest *other)
{
  return g_strv_equal ((const char *const *) self->peripherals,
                       (const char *const *) other->peripherals);
}
