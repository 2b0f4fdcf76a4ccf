/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the object "Capabilities" of app_manifest.json asks for (application manifest
 * documentation of the vendor, schema version 1). */
#include "lks-manifest-private.h"

#include "lks-compat.h"
#include "lks-guid.h"
#include "lks-peripheral.h"

#define STORAGE_KIB_MAX 1048576
#define PORT_MAX 65535

/* The capabilities that name peripherals. */
static const char *const peripheral_kinds[] = {
  "Adc", "Gpio", "I2cMaster", "Pwm", "SpiMaster", "Uart",
};

/* The others that are more than a yes or no; whatever is not here is a permission. */
static const char *const other_kinds[] = {
  "AllowedApplicationConnections",
  "AllowedConnections",
  "AllowedTcpServerPorts",
  "AllowedUdpServerPorts",
  "DeviceAuthentication",
  "MutableStorage",
  "PowerControls",
};

/* As lks_json_read_string_list(), with an empty list for what is not there. */
gboolean
lks_manifest_read_texts (LksJson *json,
                         JsonObject *object,
                         const char *member,
                         char ***out_texts,
                         GError **error)
{
  if (lks_json_has (object, member))
    return lks_json_read_string_list (json, object, member, out_texts, error);

  *out_texts = g_new0 (char *, 1);
  return TRUE;
}

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
add_peripherals (LksManifest *self,
                 LksJson *json,
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
      g_autofree char *text = peripheral_to_text (kind, element);

      if (text == NULL)
        {
          lks_json_set_error (json, element, error, "“%s”: expected numbers or names", kind);
          return FALSE;
        }
      if (g_ptr_array_find_with_equal_func (texts, text, g_str_equal, NULL))
        self->is_asked_twice = TRUE;
      else
        g_ptr_array_add (texts, g_steal_pointer (&text));
    }

  return TRUE;
}

static gboolean
read_peripherals (LksManifest *self, LksJson *json, JsonObject *capabilities, GError **error)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_null_terminated (0, g_free, TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (peripheral_kinds); i++)
    if (!add_peripherals (self, json, capabilities, peripheral_kinds[i], texts, error))
      return FALSE;

  g_ptr_array_sort (texts, lks_peripheral_compare);
  self->peripherals = lks_strv_take (g_steal_pointer (&texts));
  return TRUE;
}

static gboolean
read_ports (LksJson *json,
            JsonObject *capabilities,
            const char *member,
            GArray **out_ports,
            GError **error)
{
  g_autoptr (GArray) ports = g_array_new (FALSE, FALSE, sizeof (guint));
  JsonArray *array = NULL;

  if (lks_json_has (capabilities, member) &&
      !lks_json_read_array (json, capabilities, member, &array, error))
    return FALSE;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      gboolean is_number =
          JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_INT64;
      gint64 number = is_number ? json_node_get_int (element) : -1;
      guint port = (guint) number;

      if (number < 0 || number > PORT_MAX)
        {
          lks_json_set_error (json, element, error, "“%s”: expected port numbers", member);
          return FALSE;
        }
      g_array_append_val (ports, port);
    }

  *out_ports = g_steal_pointer (&ports);
  return TRUE;
}

static gboolean
read_partners (LksManifest *self, LksJson *json, JsonObject *capabilities, GError **error)
{
  static const char member[] = "AllowedApplicationConnections";

  if (!lks_manifest_read_texts (json, capabilities, member, &self->partners, error))
    return FALSE;

  for (gsize i = 0; self->partners[i] != NULL; i++)
    {
      g_autofree char *written = self->partners[i];

      self->partners[i] = lks_guid_normalize (written, NULL);
      if (self->partners[i] == NULL)
        {
          self->partners[i] = g_steal_pointer (&written);
          lks_json_set_error (json, json_object_get_member (capabilities, member), error,
                              "“%s”: “%s” is not a component ID", member, self->partners[i]);
          return FALSE;
        }
    }

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
is_granted (JsonNode *value)
{
  if (JSON_NODE_HOLDS_NULL (value))
    return FALSE;
  if (JSON_NODE_HOLDS_ARRAY (value))
    return json_array_get_length (json_node_get_array (value)) > 0;

  return !JSON_NODE_HOLDS_VALUE (value) || json_node_get_value_type (value) != G_TYPE_BOOLEAN ||
         json_node_get_boolean (value);
}

static gboolean
is_one_of (const char *name, const char *const *names, gsize n_names)
{
  for (gsize i = 0; i < n_names; i++)
    if (g_str_equal (name, names[i]))
      return TRUE;

  return FALSE;
}

static int
compare_texts_cb (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/* Some are booleans in one edition of the schema and lists of words in another: what is asked
 * for is told by its name. */
static void
read_permissions (LksManifest *self, JsonObject *capabilities)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_null_terminated (0, g_free, TRUE);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init (&iter, capabilities);
  while (json_object_iter_next (&iter, &name, &value))
    if (!is_one_of (name, peripheral_kinds, G_N_ELEMENTS (peripheral_kinds)) &&
        !is_one_of (name, other_kinds, G_N_ELEMENTS (other_kinds)) && is_granted (value))
      g_ptr_array_add (names, g_strdup (name));

  g_ptr_array_sort (names, compare_texts_cb);
  self->permissions = lks_strv_take (g_steal_pointer (&names));
}

/* Reads the member "Capabilities", which every manifest has. */
gboolean
lks_manifest_read_capabilities (LksManifest *self, LksJson *json, JsonObject *root, GError **error)
{
  JsonObject *capabilities;

  if (!lks_json_read_object (json, root, "Capabilities", &capabilities, error) ||
      !read_peripherals (self, json, capabilities, error) ||
      !read_storage (self, json, capabilities, error) ||
      !read_ports (json, capabilities, "AllowedTcpServerPorts", &self->tcp_ports, error) ||
      !read_ports (json, capabilities, "AllowedUdpServerPorts", &self->udp_ports, error) ||
      !read_partners (self, json, capabilities, error) ||
      !lks_manifest_read_texts (json, capabilities, "AllowedConnections", &self->connections,
                                error) ||
      !lks_manifest_read_texts (json, capabilities, "PowerControls", &self->power_controls, error))
    return FALSE;
  if (lks_json_has (capabilities, "DeviceAuthentication") &&
      !lks_json_read_string (json, capabilities, "DeviceAuthentication", &self->authentication,
                             error))
    return FALSE;

  read_permissions (self, capabilities);
  return TRUE;
}
