/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-cloud-private.h"

#include <string.h>

#define INSIGHT_EVERY 50
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
#define CATALOG_NAME_MAX 50

/* ---- one catalog ---- */

static void
write_tags (EmuWire *wire, EmuCatalog *catalog)
{
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  if (g_hash_table_size (catalog->tags) == 0)
    return;
  emu_wire_open (wire, "tags", '{');
  g_hash_table_iter_init (&iter, catalog->tags);
  while (g_hash_table_iter_next (&iter, &key, &value))
    emu_wire_text (wire, key, value);
  emu_wire_close (wire, '}');
}

typedef enum
{
  TENANT_TOLD,
  TENANT_NULL,
  TENANT_MISSING,
} TenantTold;

/* The tenant is null in the reply to PUT and missing in that to PATCH (recording). */
static void
write_catalog (EmuCall *call, EmuWire *wire, EmuCatalog *catalog, TenantTold tenant)
{
  g_autofree char *id = emu_arm_dup_catalog_id (catalog);

  emu_wire_open (wire, NULL, '{');
  emu_arm_write_head (wire, id, catalog->name,
                      g_str_equal (call->method, "PUT") ? "microsoft.azuresphere/catalogs"
                                                        : "Microsoft.AzureSphere/catalogs");
  emu_wire_text (wire, "location", "global");
  write_tags (wire, catalog);
  emu_wire_null (wire, "systemData");
  emu_wire_open (wire, "properties", '{');
  if (tenant == TENANT_TOLD)
    emu_wire_text (wire, "tenantId", catalog->tenant_id);
  else if (tenant == TENANT_NULL)
    emu_wire_null (wire, "tenantId");
  emu_arm_write_made_state (call, wire);
  emu_wire_close (wire, '}');
  emu_wire_close (wire, '}');
}

static gboolean
is_same_name (gconstpointer one, gconstpointer other)
{
  return g_ascii_strcasecmp (one, other) == 0;
}

static void
write_listed_catalog (EmuCall *call, EmuWire *wire, gpointer item)
{
  write_catalog (call, wire, item, TENANT_TOLD);
}

void
emu_catalogs_list (EmuCall *call)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  GPtrArray *catalogs = call->cloud->store->catalogs;

  for (guint i = 0; i < catalogs->len; i++)
    {
      EmuCatalog *catalog = g_ptr_array_index (catalogs, i);

      if (is_same_name (catalog->subscription, call->params[0]) &&
          (call->params[1] == NULL || is_same_name (catalog->resource_group, call->params[1])))
        g_ptr_array_add (found, catalog);
    }
  emu_page_reply (call, found, FALSE, write_listed_catalog);
}

static void
reply_catalog (EmuCall *call, guint status, TenantTold tenant)
{
  EmuWire *wire = emu_wire_new_plain ();

  write_catalog (call, wire, call->catalog, tenant);
  emu_arm_reply (call, status, wire);
}

void
emu_catalog_get (EmuCall *call)
{
  reply_catalog (call, 200, TENANT_TOLD);
}

static void
take_tags (EmuCall *call)
{
  JsonNode *node = call->body != NULL ? json_object_get_member (call->body, "tags") : NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;
  g_hash_table_remove_all (call->catalog->tags);
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    if (json_node_get_value_type (value) == G_TYPE_STRING)
      g_hash_table_insert (call->catalog->tags, g_strdup (name), json_node_dup_string (value));
}

static gboolean
check_location (EmuCall *call)
{
  JsonNode *node = call->body != NULL ? json_object_get_member (call->body, "location") : NULL;
  const char *location = node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
                             ? json_node_get_string (node)
                             : NULL;

  if (location != NULL && g_ascii_strcasecmp (location, "global") == 0)
    return TRUE;
  call->from_gateway = TRUE;
  if (location == NULL)
    emu_arm_fail (call, 400, "LocationRequired", "The location property is required.");
  else
    emu_arm_fail (
        call, 400, "LocationNotAvailableForResourceType",
        "The provided location '%s' is not available for resource type '" EMU_CLOUD_PROVIDER
        "/catalogs'. List of available regions for the resource type "
        "is 'global'.",
        location);
  return FALSE;
}

void
emu_catalog_put (EmuCall *call)
{
  const char *name = call->params[2];

  if (strspn (name, LETTERS) != strlen (name) || strlen (name) > CATALOG_NAME_MAX)
    {
      emu_arm_fail (call, 400, "InvalidParameters", "The catalog name is not valid.");
      return;
    }
  if (!check_location (call))
    return;

  call->catalog = emu_cloud_store_find (call->cloud->store, call->params[0], call->params[1], name);
  if (call->catalog == NULL)
    call->catalog =
        emu_cloud_store_add (call->cloud->store, call->params[0], call->params[1], name);
  take_tags (call);
  reply_catalog (call, 200, TENANT_NULL);
  if (call->cloud->config->creates_slowly)
    emu_arm_begin (call, "CreateCatalog", NULL, NULL, NULL, NULL);
}

void
emu_catalog_patch (EmuCall *call)
{
  take_tags (call);
  reply_catalog (call, 200, TENANT_MISSING);
}

void
emu_catalog_delete (EmuCall *call)
{
  EmuCloudStore *store = call->cloud->store;
  EmuCatalog *catalog =
      emu_cloud_store_find (store, call->params[0], call->params[1], call->params[2]);

  if (catalog == NULL)
    {
      call->status = 204;
      return;
    }
  if (emu_catalog_count_devices (catalog) > 0)
    {
      emu_arm_fail (call, 400, "InvalidParameters", "The catalog has %u devices.",
                    emu_catalog_count_devices (catalog));
      return;
    }
  g_ptr_array_remove (store->catalogs, catalog);
  call->status = 200;
}

static void
reply_count (EmuCall *call, guint n)
{
  EmuWire *wire = emu_wire_new_plain ();

  emu_wire_open (wire, NULL, '{');
  emu_wire_number (wire, "value", n);
  emu_wire_close (wire, '}');
  emu_arm_reply (call, 200, wire);
}

void
emu_catalog_count (EmuCall *call)
{
  reply_count (call, emu_catalog_count_devices (call->catalog));
}

void
emu_product_count (EmuCall *call)
{
  reply_count (call, emu_product_count_devices (call->product));
}

void
emu_group_count (EmuCall *call)
{
  reply_count (call, call->group->n_devices);
}

/* ---- what is in it ---- */

static void
write_listed_deployment (EmuCall *call, EmuWire *wire, gpointer item)
{
  EmuGroup *group = item;
  EmuDeployment *deployment = emu_group_get_deployment (group, ".default");

  emu_deployment_write (call, wire, group, deployment, deployment->id);
}

static void
collect_groups (EmuCatalog *catalog, const char *name, gboolean deployed_only, GPtrArray *found)
{
  for (guint i = 0; i < catalog->products->len; i++)
    {
      EmuProduct *product = g_ptr_array_index (catalog->products, i);

      for (guint j = 0; j < product->groups->len; j++)
        {
          EmuGroup *group = g_ptr_array_index (product->groups, j);

          if ((name == NULL || g_ascii_strcasecmp (name, group->name) == 0) &&
              (!deployed_only || group->deployments->len > 0))
            g_ptr_array_add (found, group);
        }
    }
}

/* The current one of every group. */
void
emu_catalog_deployments (EmuCall *call)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  collect_groups (call->catalog, NULL, TRUE, found);
  emu_page_reply (call, found, TRUE, write_listed_deployment);
}

void
emu_catalog_groups (EmuCall *call)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  const char *name = NULL;

  if (call->body == NULL && g_hash_table_lookup (call->query, "skiptoken") == NULL)
    {
      call->from_gateway = TRUE;
      emu_arm_fail (call, 400, "InvalidRequestContent", "The request content is missing.");
      return;
    }
  if (call->body != NULL && lks_json_has (call->body, "deviceGroupName"))
    name = json_object_get_string_member (call->body, "deviceGroupName");
  collect_groups (call->catalog, name, FALSE, found);
  emu_page_reply (call, found, TRUE, emu_group_write);
}

void
emu_catalog_devices (EmuCall *call)
{
  emu_page_reply_devices (call, FALSE);
}

/* ---- what went wrong on the devices ---- */

typedef struct
{
  GPtrArray *ids; /* (element-type utf8) */
  guint seen;
} Collection;

static gboolean
collect_troubled (const EmuDeviceView *view, gpointer user_data)
{
  Collection *collection = user_data;

  if (collection->seen++ % INSIGHT_EVERY == 0)
    g_ptr_array_add (collection->ids, g_strdup (view->id));
  return TRUE;
}

/* (transfer full) (element-type utf8): the devices that had trouble */
GPtrArray *
emu_catalog_collect_troubled (EmuCatalog *catalog)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  Collection collection = { ids, 0 };

  emu_catalog_walk (catalog, NULL, FALSE, 0, collect_troubled, &collection);
  return ids;
}

/* Whether that was a crash; otherwise an application ended. */
gboolean
emu_catalog_is_crash (const char *device_id)
{
  return g_ascii_xdigit_value (device_id[0]) % 2 == 0;
}

static void
write_insight (EmuCall *call, EmuWire *wire, gpointer item)
{
  const char *id = item;
  gboolean is_crash = emu_catalog_is_crash (id);

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "deviceId", id);
  emu_wire_text (wire, "description",
                 is_crash ? "AppCrash (exit_status=11; signal_status=11; signal_code=1)"
                          : "AppExits (exit_code=0)");
  emu_wire_text (wire, "startTimestampUtc", "2024-05-02T01:00:00Z");
  emu_wire_text (wire, "endTimestampUtc", "2024-05-02T02:00:00.1234567Z");
  emu_wire_text (wire, "eventCategory", is_crash ? "AppCrash" : "AppExits");
  emu_wire_text (wire, "eventClass", "AppUserError");
  emu_wire_text (wire, "eventType", "User");
  emu_wire_number (wire, "eventCount", 1 + g_ascii_xdigit_value (id[1]));
  emu_wire_close (wire, '}');
}

void
emu_catalog_insights (EmuCall *call)
{
  g_autoptr (GPtrArray) ids = emu_catalog_collect_troubled (call->catalog);

  emu_page_reply (call, ids, TRUE, write_insight);
}

/* ---- certificates ---- */

static void
write_certificate (EmuCall *call, EmuWire *wire, gpointer item)
{
  const EmuCertInfo *info = item;
  g_autofree char *catalog_id = emu_arm_dup_catalog_id (call->catalog);
  g_autofree char *id = g_strdup_printf ("%s/certificates/%s", catalog_id, info->serial);

  emu_wire_open (wire, NULL, '{');
  emu_arm_write_head (wire, id, info->serial, "Microsoft.AzureSphere/catalogs/certificates");
  emu_wire_open (wire, "properties", '{');
  emu_wire_text (wire, "certificate", info->der_base64);
  emu_wire_text (wire, "status", "Active");
  emu_wire_text (wire, "subject", info->subject);
  emu_wire_text (wire, "thumbprint", info->thumbprint);
  emu_wire_text (wire, "expiryUtc", info->not_after);
  emu_wire_text (wire, "notBeforeUtc", info->not_before);
  emu_arm_write_state (wire, "Succeeded");
  emu_wire_close (wire, '}');
  emu_wire_close (wire, '}');
}

void
emu_certs_list (EmuCall *call)
{
  g_auto (EmuCertInfo) info = { 0 };
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  emu_cloud_certs_get (call->cloud->certs, call->catalog, &info);
  g_ptr_array_add (found, &info);
  emu_page_reply (call, found, TRUE, write_certificate);
}

/* ".default" is the active one; the contract's examples also say "active". */
static gboolean
find_certificate (EmuCall *call, EmuCertInfo *info)
{
  const char *serial = call->params[3];

  emu_cloud_certs_get (call->cloud->certs, call->catalog, info);
  if (g_str_equal (serial, ".default") || g_str_equal (serial, "active") ||
      g_ascii_strcasecmp (serial, info->serial) == 0)
    return TRUE;
  emu_arm_fail (call, 404, "ResourceNotFound", "The requested certificate was not found.");
  return FALSE;
}

void
emu_cert_get (EmuCall *call)
{
  g_auto (EmuCertInfo) info = { 0 };
  EmuWire *wire;

  if (!find_certificate (call, &info))
    return;
  wire = emu_wire_new_plain ();
  write_certificate (call, wire, &info);
  emu_arm_reply (call, 200, wire);
}

static void
reply_one_text (EmuCall *call, const char *member, const char *value)
{
  EmuWire *wire = emu_wire_new_plain ();

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, member, value);
  emu_wire_close (wire, '}');
  emu_arm_reply (call, 200, wire);
}

void
emu_cert_chain (EmuCall *call)
{
  g_auto (EmuCertInfo) info = { 0 };
  g_autofree char *chain = NULL;

  if (!find_certificate (call, &info))
    return;
  chain = emu_cloud_certs_chain (call->cloud->certs, call->catalog);
  reply_one_text (call, "certificateChain", chain);
}

void
emu_cert_proof (EmuCall *call)
{
  g_auto (EmuCertInfo) info = { 0 };
  g_autofree char *leaf = NULL;
  const char *nonce = NULL;

  if (!find_certificate (call, &info))
    return;
  if (call->body != NULL && lks_json_has (call->body, "proofOfPossessionNonce"))
    nonce = json_object_get_string_member (call->body, "proofOfPossessionNonce");
  if (nonce == NULL || nonce[0] == '\0')
    {
      emu_arm_fail (call, 400, "InvalidParameters", "The nonce is missing.");
      return;
    }
  leaf = emu_cloud_certs_prove (call->cloud->certs, call->catalog, nonce);
  reply_one_text (call, "certificate", leaf);
}
