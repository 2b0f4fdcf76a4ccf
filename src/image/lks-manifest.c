/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-manifest.h"

#include "lks-guid.h"
#include "lks-manifest-private.h"
#include "lks-peripheral.h"

G_DEFINE_ENUM_TYPE (LksApplicationType,
                    lks_application_type,
                    G_DEFINE_ENUM_VALUE (LKS_APPLICATION_TYPE_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_APPLICATION_TYPE_DEFAULT, "Default"),
                    G_DEFINE_ENUM_VALUE (LKS_APPLICATION_TYPE_REAL_TIME_CAPABLE, "RealTimeCapable"),
                    G_DEFINE_ENUM_VALUE (LKS_APPLICATION_TYPE_DEBUGGER, "Debugger"))

#define SCHEMA_VERSION 1

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

static gboolean
read_program (LksManifest *self, LksJson *json, JsonObject *root, GError **error)
{
  if (lks_json_has (root, "EntryPoint") &&
      !lks_json_read_string (json, root, "EntryPoint", &self->entry_point, error))
    return FALSE;

  return lks_manifest_read_texts (json, root, "CmdArgs", &self->arguments, error);
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
 * Capabilities not known here are kept by name; other members are ignored.
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
  if (!read_identity (self, document, root, error) || !read_program (self, document, root, error) ||
      !read_target (self, document, root, error) ||
      !lks_manifest_read_capabilities (self, document, root, error))
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
  g_free (self->entry_point);
  g_strfreev (self->arguments);
  g_strfreev (self->peripherals);
  g_strfreev (self->connections);
  g_clear_pointer (&self->tcp_ports, g_array_unref);
  g_clear_pointer (&self->udp_ports, g_array_unref);
  g_strfreev (self->partners);
  g_free (self->authentication);
  g_strfreev (self->power_controls);
  g_strfreev (self->permissions);
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
  return lks_peripherals_are_equal ((const char *const *) self->peripherals,
                                    (const char *const *) other->peripherals);
}

/**
 * lks_manifest_uses_peripherals:
 * @self: a manifest
 *
 * Returns: whether the application takes any peripheral for itself
 */
gboolean
lks_manifest_uses_peripherals (const LksManifest *self)
{
  return self->peripherals[0] != NULL;
}
