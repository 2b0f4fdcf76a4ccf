/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-cloud-config.h"

#include "emu-identity.h"
#include "emu-scenario-fields.h"

#include "lks-cursor.h"
#include "lks-guid.h"

#define TEXT_MAX 200
#define PEM_MAX 16384
#define DAY_S (24 * 60 * 60)

/* clang-format off */
G_DEFINE_ENUM_TYPE (EmuCloudAsync, emu_cloud_async,
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_ASYNC_RECORDED, "recorded"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_ASYNC_RETRY_AFTER, "retry-after"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_ASYNC_LOCATION, "location"))

G_DEFINE_ENUM_TYPE (EmuCloudRole, emu_cloud_role,
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_ROLE_OWNER, "owner"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_ROLE_CONTRIBUTOR, "contributor"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_ROLE_PUBLISHER, "publisher"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_ROLE_READER, "reader"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_ROLE_NONE, "none"))

G_DEFINE_ENUM_TYPE (EmuCloudPerson, emu_cloud_person,
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_PERSON_APPROVES, "approves"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_PERSON_DECLINES, "declines"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_PERSON_WAITS, "waits"))

G_DEFINE_ENUM_TYPE (EmuCloudFaultKind, emu_cloud_fault_kind,
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_FAULT_NONE, "none"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_FAULT_STATUS, "status"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_FAULT_ECHO, "echo"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_FAULT_THROTTLE, "throttle"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_FAULT_EXPIRED_TOKEN, "expired-token"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_FAULT_PROXY_PAGE, "proxy-page"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_FAULT_CUT, "cut"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_FAULT_SLOW, "slow"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_FAULT_REDIRECT, "redirect"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_FAULT_FOREIGN_LINK, "foreign-link"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_FAULT_FOREIGN_POLL, "foreign-poll"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_FAULT_EMPTY_CAPABILITY, "empty-capability"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_FAULT_BARE_CAPABILITY, "bare-capability"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_FAULT_OTHER_CAPABILITY, "other-capability"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_FAULT_OPERATION_FAILS, "operation-fails"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_FAULT_OPERATION_ECHOES, "operation-echoes"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_FAULT_OPERATION_ENDS, "operation-canceled"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_FAULT_OPERATION_STUCK, "operation-stuck"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_FAULT_OPERATION_SLOW, "operation-slow"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_FAULT_OPERATION_LOST, "operation-lost"),
  G_DEFINE_ENUM_VALUE (EMU_CLOUD_FAULT_HALF, "half"))
/* clang-format on */

/* ---- faults ---- */

void
emu_cloud_fault_free (EmuCloudFault *self)
{
  g_free (self->method);
  g_free (self->path);
  g_free (self->code);
  g_free (self->message);
  g_free (self);
}

static gboolean
check_kind (LksJson *json, JsonObject *object, const EmuCloudFault *fault, GError **error)
{
  if (fault->kind != EMU_CLOUD_FAULT_NONE)
    return TRUE;

  if (json_object_has_member (object, "kind"))
    lks_json_set_error (json, json_object_get_member (object, "kind"), error,
                        "“kind”: “none” is no fault");
  else
    g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID, "a fault needs “kind”");
  return FALSE;
}

/**
 * emu_cloud_fault_parse:
 * @json: a document
 * @object: a fault in it
 * @error: return location for a [error@Lks.ParseError]
 *
 * Returns: (transfer full): the fault, or NULL with @error set
 */
EmuCloudFault *
emu_cloud_fault_parse (LksJson *json, JsonObject *object, GError **error)
{
#define AT(member) G_STRUCT_OFFSET (EmuCloudFault, member)
  static const EmuField fields[] = {
    EMU_FIELD_OF_ENUM ("kind", AT (kind), emu_cloud_fault_kind_get_type),
    EMU_FIELD_OF_COUNT ("times", AT (times), 0, G_MAXINT),
    EMU_FIELD_OF_COUNT ("skip", AT (skip), 0, G_MAXINT),
    EMU_FIELD_OF_TEXT ("method", AT (method), 1, 10),
    EMU_FIELD_OF_TEXT ("path", AT (path), 1, TEXT_MAX),
    EMU_FIELD_OF_COUNT ("status", AT (status), 200, 599),
    EMU_FIELD_OF_COUNT ("seconds", AT (seconds), 0, DAY_S),
    EMU_FIELD_OF_TEXT ("code", AT (code), 1, TEXT_MAX),
    EMU_FIELD_OF_TEXT ("message", AT (message), 1, TEXT_MAX),
  };
#undef AT
  g_autoptr (EmuCloudFault) self = g_new0 (EmuCloudFault, 1);

  self->times = 1;
  self->status = 500;
  self->seconds = 1;
  if (!emu_scenario_read_fields (json, object, fields, G_N_ELEMENTS (fields), self, error) ||
      !check_kind (json, object, self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/* ---- the service ---- */

static void
catalog_config_free (gpointer data)
{
  EmuCloudCatalogConfig *self = data;

  g_free (self->name);
  g_free (self->subscription);
  g_free (self->resource_group);
  g_strfreev (self->products);
  g_free (self);
}

static void
fault_free (gpointer data)
{
  emu_cloud_fault_free (data);
}

static EmuCloudCatalogConfig *
catalog_config_new (const char *name)
{
  EmuCloudCatalogConfig *self = g_new0 (EmuCloudCatalogConfig, 1);

  self->name = g_strdup (name);
  return self;
}

/**
 * emu_cloud_config_new:
 *
 * What there is when nobody says otherwise: one catalog that owns the emulated boards, with one
 * product and its five groups, and some devices more.
 *
 * Returns: (transfer full): a configuration
 */
EmuCloudConfig *
emu_cloud_config_new (void)
{
  EmuCloudConfig *self = g_new0 (EmuCloudConfig, 1);
  EmuCloudCatalogConfig *catalog = catalog_config_new ("plant7");

  self->tenant = emu_identity_guid ("cloud", "tenant");
  self->subscription = emu_identity_guid ("cloud", "subscription");
  self->client_id = emu_identity_guid ("cloud", "client");
  self->resource_group = g_strdup ("factory");
  self->client_secret = g_strdup ("emulated-client-secret");
  self->user = g_strdup ("operator@plant.example");
  self->token_seconds = 3599;
  self->code_seconds = 900;
  self->poll_seconds = 5;
  self->operation_ms = 4000;
  self->page_size = 100;
  self->writes_max = 1200;
  self->writes_per_second = 10;
  self->catalogs = g_ptr_array_new_with_free_func (catalog_config_free);
  self->faults = g_ptr_array_new_with_free_func (fault_free);

  catalog->products = g_strsplit ("Pump", ",", -1);
  catalog->devices = 12;
  catalog->has_boards = TRUE;
  g_ptr_array_add (self->catalogs, catalog);
  return self;
}

void
emu_cloud_config_free (EmuCloudConfig *self)
{
  g_free (self->tenant);
  g_free (self->subscription);
  g_strfreev (self->more_subscriptions);
  g_free (self->resource_group);
  g_free (self->client_id);
  g_free (self->client_secret);
  g_free (self->client_certificate);
  g_free (self->user);
  g_ptr_array_unref (self->catalogs);
  g_ptr_array_unref (self->faults);
  g_free (self);
}

gboolean
emu_cloud_config_has_subscription (const EmuCloudConfig *self, const char *subscription)
{
  if (g_ascii_strcasecmp (subscription, self->subscription) == 0)
    return TRUE;
  for (gsize i = 0; self->more_subscriptions != NULL && self->more_subscriptions[i] != NULL; i++)
    if (g_ascii_strcasecmp (subscription, self->more_subscriptions[i]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
read_catalog (LksJson *json, JsonNode *node, EmuCloudConfig *config, GError **error)
{
#define AT(member) G_STRUCT_OFFSET (EmuCloudCatalogConfig, member)
  static const EmuField fields[] = {
    EMU_FIELD_OF_TEXT ("name", AT (name), 1, 50),
    EMU_FIELD_OF_TEXT ("subscription", AT (subscription), 36, 36),
    EMU_FIELD_OF_TEXT ("resourceGroup", AT (resource_group), 1, 90),
    { .name = "products", .kind = EMU_FIELD_TEXTS, .offset = AT (products) },
    EMU_FIELD_OF_COUNT ("devices", AT (devices), 0, EMU_CLOUD_DEVICES_MAX),
    EMU_FIELD_OF_BOOL ("boards", AT (has_boards)),
  };
#undef AT
  EmuCloudCatalogConfig *catalog = catalog_config_new (NULL);

  g_ptr_array_add (config->catalogs, catalog);
  if (!emu_scenario_read_fields (json, json_node_get_object (node), fields, G_N_ELEMENTS (fields),
                                 catalog, error) ||
      !emu_scenario_require (json, node, catalog->name, "name", error))
    return FALSE;
  if (catalog->subscription == NULL ||
      emu_cloud_config_has_subscription (config, catalog->subscription))
    return TRUE;
  lks_json_set_error (json, node, error, "“subscription”: the cloud has no such subscription");
  return FALSE;
}

static gboolean
read_fault (LksJson *json, JsonNode *node, EmuCloudConfig *config, GError **error)
{
  EmuCloudFault *fault = emu_cloud_fault_parse (json, json_node_get_object (node), error);

  if (fault == NULL)
    return FALSE;
  g_ptr_array_add (config->faults, fault);
  return TRUE;
}

static gboolean
read_objects (LksJson *json,
              JsonObject *object,
              const char *member,
              GPtrArray *list,
              gboolean (*read) (LksJson *, JsonNode *, EmuCloudConfig *, GError **),
              EmuCloudConfig *config,
              GError **error)
{
  JsonArray *array;

  if (!lks_json_has (object, member))
    return TRUE;
  if (!lks_json_read_array (json, object, member, &array, error))
    return FALSE;

  g_ptr_array_set_size (list, 0);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_OBJECT (node) || i >= EMU_CLOUD_CATALOGS_MAX)
        {
          lks_json_set_error (json, node, error, "“%s”: expected a list of at most %d objects",
                              member, EMU_CLOUD_CATALOGS_MAX);
          return FALSE;
        }
      if (!read (json, node, config, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_guids (LksJson *json, JsonObject *object, const EmuCloudConfig *config, GError **error)
{
  static const char *const members[] = { "tenant", "subscription", "clientId" };

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    if (lks_json_has (object, members[i]) &&
        !lks_guid_is_valid (json_object_get_string_member (object, members[i])))
      {
        lks_json_set_error (json, json_object_get_member (object, members[i]), error,
                            "“%s”: expected a GUID", members[i]);
        return FALSE;
      }
  for (gsize i = 0; config->more_subscriptions != NULL && config->more_subscriptions[i] != NULL;
       i++)
    if (!lks_guid_is_valid (config->more_subscriptions[i]))
      {
        lks_json_set_error (json, json_object_get_member (object, "moreSubscriptions"), error,
                            "“moreSubscriptions”: expected GUIDs");
        return FALSE;
      }
  return TRUE;
}

/**
 * emu_cloud_config_parse:
 * @json: a document
 * @object: what a scenario says about the cloud
 * @error: return location for a [error@Lks.ParseError]
 *
 * Returns: (transfer full): a configuration, or NULL with @error set
 */
EmuCloudConfig *
emu_cloud_config_parse (LksJson *json, JsonObject *object, GError **error)
{
#define AT(member) G_STRUCT_OFFSET (EmuCloudConfig, member)
  static const EmuField fields[] = {
    EMU_FIELD_OF_TEXT ("tenant", AT (tenant), 36, 36),
    EMU_FIELD_OF_TEXT ("subscription", AT (subscription), 36, 36),
    { .name = "moreSubscriptions", .kind = EMU_FIELD_TEXTS, .offset = AT (more_subscriptions) },
    EMU_FIELD_OF_TEXT ("resourceGroup", AT (resource_group), 1, 90),
    EMU_FIELD_OF_TEXT ("clientId", AT (client_id), 36, 36),
    EMU_FIELD_OF_TEXT ("clientSecret", AT (client_secret), 1, TEXT_MAX),
    EMU_FIELD_OF_TEXT ("clientCertificate", AT (client_certificate), 1, PEM_MAX),
    EMU_FIELD_OF_TEXT ("user", AT (user), 1, TEXT_MAX),
    EMU_FIELD_OF_ENUM ("role", AT (role), emu_cloud_role_get_type),
    EMU_FIELD_OF_ENUM ("person", AT (person), emu_cloud_person_get_type),
    EMU_FIELD_OF_ENUM ("operations", AT (async), emu_cloud_async_get_type),
    EMU_FIELD_OF_BOOL ("createsSlowly", AT (creates_slowly)),
    EMU_FIELD_OF_BOOL ("capabilitiesSlowly", AT (capabilities_slowly)),
    EMU_FIELD_OF_COUNT ("tokenSeconds", AT (token_seconds), 1, DAY_S),
    EMU_FIELD_OF_COUNT ("codeSeconds", AT (code_seconds), 1, DAY_S),
    EMU_FIELD_OF_COUNT ("pollSeconds", AT (poll_seconds), 0, 60),
    EMU_FIELD_OF_COUNT ("operationMs", AT (operation_ms), 0, 1000 * DAY_S),
    EMU_FIELD_OF_COUNT ("pageSize", AT (page_size), 1, 1000),
    EMU_FIELD_OF_COUNT ("writesMax", AT (writes_max), 1, G_MAXINT),
    EMU_FIELD_OF_COUNT ("writesPerSecond", AT (writes_per_second), 1, 100000),
    EMU_FIELD_OF_OTHER ("catalogs"),
    EMU_FIELD_OF_OTHER ("faults"),
  };
#undef AT
  g_autoptr (EmuCloudConfig) self = emu_cloud_config_new ();

  if (!emu_scenario_read_fields (json, object, fields, G_N_ELEMENTS (fields), self, error) ||
      !check_guids (json, object, self, error) ||
      !read_objects (json, object, "catalogs", self->catalogs, read_catalog, self, error) ||
      !read_objects (json, object, "faults", self->faults, read_fault, self, error))
    return NULL;

  return g_steal_pointer (&self);
}
