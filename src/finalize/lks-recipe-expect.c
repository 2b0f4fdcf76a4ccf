/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a recipe expects of a board's configuration: networks, certificates, interfaces, and how
 * long it may take to find all that out. */
#include "lks-recipe-expect.h"

#include "lks-device-cert.h"
#include "lks-enums.h"
#include "lks-guid.h"
#include "lks-recipe-private.h"

#include <string.h>

#define SUBJECT_CHARACTERS_MAX 500
#define VALID_DAYS_MAX 36500
#define INTERFACE_NAME_MAX 15 /* IFNAMSIZ less its zero, linux/if.h */
#define LIMIT_MIN_S 1
#define LIMIT_MAX_S 7200

typedef gboolean (*ReadItem) (LksRecipe *self, LksJson *json, JsonNode *node, GError **error);

static void
network_free (gpointer data)
{
  g_free (((LksRecipeNetwork *) data)->ssid);
  g_free (data);
}

static void
certificate_free (gpointer data)
{
  g_free (((LksRecipeCertificate *) data)->id);
  g_free (((LksRecipeCertificate *) data)->subject);
  g_free (data);
}

static void
interface_free (gpointer data)
{
  g_free (((LksRecipeInterface *) data)->name);
  g_free (data);
}

/* A list of objects that may be left out; *@out_list is NULL then. */
static gboolean
read_items (LksRecipe *self,
            LksJson *json,
            JsonObject *root,
            const char *member,
            ReadItem read_item,
            GError **error)
{
  JsonArray *list;

  if (!lks_recipe_read_list (json, root, member, &list, error))
    return FALSE;

  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonNode *node = json_array_get_element (list, i);

      if (!JSON_NODE_HOLDS_OBJECT (node))
        {
          lks_json_set_error (json, node, error, "“%s”: expected a list of objects", member);
          return FALSE;
        }
      if (!read_item (self, json, node, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_security (LksJson *json, JsonObject *object, LksWifiSecurity *out_security, GError **error)
{
  int security;

  if (!json_object_has_member (object, "security"))
    return TRUE;
  if (!lks_json_read_enum (json, object, "security", LKS_TYPE_WIFI_SECURITY, &security, error))
    return FALSE;

  *out_security = (LksWifiSecurity) security;
  if (*out_security != LKS_WIFI_SECURITY_UNKNOWN)
    return TRUE;

  lks_json_set_error (json, json_object_get_member (object, "security"), error,
                      "“security”: expected “open”, “psk” or “eaptls”; leave it out when any will "
                      "do");
  return FALSE;
}

static gboolean
read_network (LksRecipe *self, LksJson *json, JsonNode *node, GError **error)
{
  static const char *const known[] = { "ssid", "security", NULL };
  JsonObject *object = json_node_get_object (node);
  LksRecipeNetwork *network = g_new0 (LksRecipeNetwork, 1);

  g_ptr_array_add (self->networks, network);
  if (!lks_json_check_members (json, object, known, error) ||
      !lks_json_read_string (json, object, "ssid", &network->ssid, error) ||
      !read_security (json, object, &network->security, error))
    return FALSE;

  if (strlen (network->ssid) < 1 || strlen (network->ssid) > LKS_WIFI_SSID_MAX)
    {
      lks_json_set_error (json, json_object_get_member (object, "ssid"), error,
                          "“ssid”: expected a text of 1 to %d bytes", LKS_WIFI_SSID_MAX);
      return FALSE;
    }
  for (guint i = 0; i + 1 < self->networks->len; i++)
    if (g_str_equal (((LksRecipeNetwork *) self->networks->pdata[i])->ssid, network->ssid))
      {
        lks_json_set_error (json, node, error, "the network “%s” is listed twice", network->ssid);
        return FALSE;
      }
  return TRUE;
}

static gboolean
read_certificate (LksRecipe *self, LksJson *json, JsonNode *node, GError **error)
{
  static const char *const known[] = { "id", "subject", "validDays", NULL };
  JsonObject *object = json_node_get_object (node);
  LksRecipeCertificate *certificate = g_new0 (LksRecipeCertificate, 1);
  gint64 valid_days = 0;

  g_ptr_array_add (self->certificates, certificate);
  if (!lks_json_check_members (json, object, known, error) ||
      !lks_json_read_string (json, object, "id", &certificate->id, error) ||
      (json_object_has_member (object, "subject") &&
       (!lks_json_read_string (json, object, "subject", &certificate->subject, error) ||
        !lks_recipe_check_length (json, json_object_get_member (object, "subject"),
                                  certificate->subject, SUBJECT_CHARACTERS_MAX, error))) ||
      (json_object_has_member (object, "validDays") &&
       !lks_json_read_int (json, object, "validDays", 1, VALID_DAYS_MAX, &valid_days, error)))
    return FALSE;

  certificate->valid_days = (guint) valid_days;
  if (!lks_cert_id_is_valid (certificate->id))
    {
      lks_json_set_error (json, json_object_get_member (object, "id"), error,
                          "“id”: expected 1 to %d letters, digits, dots, hyphens and underscores",
                          LKS_CERT_ID_MAX);
      return FALSE;
    }
  for (guint i = 0; i + 1 < self->certificates->len; i++)
    if (g_str_equal (((LksRecipeCertificate *) self->certificates->pdata[i])->id, certificate->id))
      {
        lks_json_set_error (json, node, error, "the certificate “%s” is listed twice",
                            certificate->id);
        return FALSE;
      }
  return TRUE;
}

static gboolean
read_interface (LksRecipe *self, LksJson *json, JsonNode *node, GError **error)
{
  static const char *const known[] = { "name", "up", NULL };
  JsonObject *object = json_node_get_object (node);
  LksRecipeInterface *interface = g_new0 (LksRecipeInterface, 1);

  g_ptr_array_add (self->interfaces, interface);
  if (!lks_json_check_members (json, object, known, error) ||
      !lks_json_read_string (json, object, "name", &interface->name, error) ||
      !lks_recipe_check_length (json, json_object_get_member (object, "name"), interface->name,
                                INTERFACE_NAME_MAX, error) ||
      !lks_json_read_boolean (json, object, "up", &interface->is_up, error))
    return FALSE;

  for (guint i = 0; i + 1 < self->interfaces->len; i++)
    if (g_str_equal (((LksRecipeInterface *) self->interfaces->pdata[i])->name, interface->name))
      {
        lks_json_set_error (json, node, error, "the interface “%s” is listed twice",
                            interface->name);
        return FALSE;
      }
  return TRUE;
}

/* A list takes the place of the flag that says "none": both together contradict each other. */
static gboolean
check_flag (LksJson *json,
            JsonObject *root,
            const char *list,
            const char *flag,
            gboolean *value,
            GError **error)
{
  if (json_object_has_member (root, flag) && *value)
    {
      lks_json_set_error (json, json_object_get_member (root, list), error,
                          "“%s” contradicts “%s”: remove one of them", list, flag);
      return FALSE;
    }
  *value = FALSE;
  return TRUE;
}

static gboolean
read_lists (LksRecipe *self, LksJson *json, JsonObject *root, GError **error)
{
  if (json_object_has_member (root, "wifiNetworks"))
    {
      self->networks = g_ptr_array_new_with_free_func (network_free);
      if (!read_items (self, json, root, "wifiNetworks", read_network, error) ||
          !check_flag (json, root, "wifiNetworks", "noWifiNetworks", &self->no_networks, error))
        return FALSE;
    }
  if (json_object_has_member (root, "certificates"))
    {
      self->certificates = g_ptr_array_new_with_free_func (certificate_free);
      if (!read_items (self, json, root, "certificates", read_certificate, error) ||
          !check_flag (json, root, "certificates", "noCertificates", &self->no_certificates, error))
        return FALSE;
    }
  if (json_object_has_member (root, "interfaces"))
    {
      self->interfaces = g_ptr_array_new_with_free_func (interface_free);
      if (!read_items (self, json, root, "interfaces", read_interface, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_guid_member (LksJson *json,
                  JsonObject *object,
                  const char *member,
                  char **out_guid,
                  GError **error)
{
  g_autofree char *text = NULL;

  if (!lks_json_read_string (json, object, member, &text, error))
    return FALSE;
  if (!lks_guid_is_valid (text))
    {
      lks_json_set_error (json, json_object_get_member (object, member), error,
                          "“%s”: expected a GUID: 8-4-4-4-12 hexadecimal digits in quotes", member);
      return FALSE;
    }
  *out_guid = g_ascii_strdown (text, -1);
  return TRUE;
}

static gboolean
read_board_configuration (LksRecipe *self, LksJson *json, JsonObject *root, GError **error)
{
  static const char *const known[] = { "componentId", "imageId", "name", NULL };
  JsonObject *object;
  LksRecipeImage *image;

  if (!json_object_has_member (root, "boardConfiguration"))
    return TRUE;

  image = self->board_configuration = g_new0 (LksRecipeImage, 1);
  return lks_json_read_object (json, root, "boardConfiguration", &object, error) &&
         lks_json_check_members (json, object, known, error) &&
         read_guid_member (json, object, "componentId", &image->component_id, error) &&
         (!json_object_has_member (object, "imageId") ||
          read_guid_member (json, object, "imageId", &image->image_id, error)) &&
         (!json_object_has_member (object, "name") ||
          lks_json_read_string (json, object, "name", &image->name, error));
}

static gboolean
read_limit (LksJson *json, JsonObject *limits, const char *member, gint64 *out_s, GError **error)
{
  return !json_object_has_member (limits, member) ||
         lks_json_read_int (json, limits, member, LIMIT_MIN_S, LIMIT_MAX_S, out_s, error);
}

static gboolean
read_limits (LksRecipe *self, LksJson *json, JsonObject *root, GError **error)
{
  static const char *const known[] = { "checkSeconds", "stepSeconds", "runSeconds", NULL };
  JsonObject *limits;

  return !json_object_has_member (root, "limits") ||
         (lks_json_read_object (json, root, "limits", &limits, error) &&
          lks_json_check_members (json, limits, known, error) &&
          read_limit (json, limits, "checkSeconds", &self->check_limit_s, error) &&
          read_limit (json, limits, "stepSeconds", &self->step_limit_s, error) &&
          read_limit (json, limits, "runSeconds", &self->run_limit_s, error));
}

/* After the flags. */
gboolean
lks_recipe_read_expectations (LksRecipe *self, LksJson *json, JsonObject *root, GError **error)
{
  return read_lists (self, json, root, error) &&
         read_board_configuration (self, json, root, error) &&
         read_limits (self, json, root, error);
}

/**
 * lks_recipe_get_networks:
 * @self: a recipe
 *
 * Returns: (transfer none) (nullable) (element-type LksRecipeNetwork): the Wi-Fi networks that
 *   must be configured, no more and no fewer; NULL when no list is demanded
 */
GPtrArray *
lks_recipe_get_networks (LksRecipe *self)
{
  return self->networks;
}

/**
 * lks_recipe_get_certificates:
 * @self: a recipe
 *
 * Returns: (transfer none) (nullable) (element-type LksRecipeCertificate): what must be in the
 *   certificate store, no more and no less; NULL when no list is demanded
 */
GPtrArray *
lks_recipe_get_certificates (LksRecipe *self)
{
  return self->certificates;
}

/**
 * lks_recipe_get_interfaces:
 * @self: a recipe
 *
 * Returns: (transfer none) (nullable) (element-type LksRecipeInterface): the interfaces that must
 *   be there, and how; others do not matter
 */
GPtrArray *
lks_recipe_get_interfaces (LksRecipe *self)
{
  return self->interfaces;
}

/**
 * lks_recipe_get_board_configuration:
 * @self: a recipe
 *
 * Returns: (transfer none) (nullable): the board configuration that must be there, and no other;
 *   its image ID is NULL when any image of the component will do
 */
const LksRecipeImage *
lks_recipe_get_board_configuration (LksRecipe *self)
{
  return self->board_configuration;
}

/**
 * lks_recipe_get_check_limit_s:
 * @self: a recipe
 *
 * Returns: how long all checks together may take, in seconds; 0: no limit
 */
guint
lks_recipe_get_check_limit_s (LksRecipe *self)
{
  return (guint) self->check_limit_s;
}

/**
 * lks_recipe_get_step_limit_s:
 * @self: a recipe
 *
 * Returns: how long one check may take, in seconds; 0: no limit
 */
guint
lks_recipe_get_step_limit_s (LksRecipe *self)
{
  return (guint) self->step_limit_s;
}

/**
 * lks_recipe_get_run_limit_s:
 * @self: a recipe
 *
 * Returns: how long a whole run may take, in seconds; 0: no limit
 */
guint
lks_recipe_get_run_limit_s (LksRecipe *self)
{
  return (guint) self->run_limit_s;
}
