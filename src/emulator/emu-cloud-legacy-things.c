/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the Legacy interface of the emulated service tells. */
#include "emu-cloud-legacy-private.h"

#include "lks-device-id.h"

#define INSIGHT_START_S 1714611600
#define HOUR_S 3600

static void
fail_missing (EmuCall *call)
{
  emu_arm_fail (call, 404, "NotFound", "The requested resource was not found.");
}

/* ---- tenants ---- */

static const char *
get_role (EmuCall *call)
{
  switch (call->cloud->config->role)
    {
    case EMU_CLOUD_ROLE_OWNER:
      return "Administrator";
    case EMU_CLOUD_ROLE_CONTRIBUTOR:
      return "Contributor";
    case EMU_CLOUD_ROLE_PUBLISHER:
    case EMU_CLOUD_ROLE_READER:
    case EMU_CLOUD_ROLE_NONE:
      break;
    }
  return "Reader";
}

static void
write_roles (EmuCall *call, EmuWire *wire, const char *name)
{
  const char *const roles[] = { get_role (call), NULL };

  emu_wire_texts (wire, name, roles);
}

static void
write_tenant (EmuCall *call, EmuWire *wire, gpointer item)
{
  EmuCatalog *catalog = item;

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "Id", catalog->tenant_id);
  emu_wire_text (wire, "Name", catalog->name);
  write_roles (call, wire, "Roles");
  emu_wire_close (wire, '}');
}

/* A bare list, unlike all others. */
void
emu_legacy_tenants (EmuCall *call)
{
  GPtrArray *catalogs = call->cloud->store->catalogs;
  EmuWire *wire = emu_wire_new_plain ();

  emu_wire_open (wire, NULL, '[');
  for (guint i = 0; i < catalogs->len; i++)
    write_tenant (call, wire, g_ptr_array_index (catalogs, i));
  emu_wire_close (wire, ']');
  emu_arm_reply (call, 200, wire);
}

void
emu_legacy_tenant (EmuCall *call)
{
  emu_legacy_reply_item (call, write_tenant, call->catalog);
}

void
emu_legacy_users (EmuCall *call)
{
  const char *user = call->cloud->config->user;
  EmuWire *wire = emu_wire_new_plain ();

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "TenantId", call->catalog->tenant_id);
  emu_wire_open (wire, "Principals", '[');
  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "PrincipalId", user);
  emu_wire_text (wire, "DisplayName", "Emulated Operator");
  emu_wire_text (wire, "Mail", user);
  write_roles (call, wire, "Roles");
  emu_wire_close (wire, '}');
  emu_wire_close (wire, ']');
  emu_wire_close (wire, '}');
  emu_arm_reply (call, 200, wire);
}

void
emu_legacy_role (EmuCall *call)
{
  EmuWire *wire = emu_wire_new_plain ();

  if (g_ascii_strcasecmp (call->params[1], call->cloud->config->user) != 0)
    {
      g_bytes_unref (emu_wire_end (wire));
      fail_missing (call);
      return;
    }
  emu_wire_open (wire, NULL, '{');
  emu_wire_open (wire, "Roles", '[');
  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "TenantId", call->catalog->tenant_id);
  write_roles (call, wire, "RoleNames");
  emu_wire_close (wire, '}');
  emu_wire_close (wire, ']');
  emu_wire_close (wire, '}');
  emu_arm_reply (call, 200, wire);
}

/* ---- certificates ---- */

void
emu_legacy_certificates (EmuCall *call)
{
  g_auto (EmuCertInfo) info = { 0 };
  EmuWire *wire = emu_wire_new_plain ();

  emu_cloud_certs_get (call->cloud->certs, call->catalog, &info);
  emu_wire_open (wire, NULL, '[');
  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "Certificate", info.der_base64);
  emu_wire_bool (wire, "IsActive", TRUE);
  emu_wire_bool (wire, "IsRevoked", FALSE);
  emu_wire_text (wire, "Thumbprint", info.thumbprint);
  emu_wire_close (wire, '}');
  emu_wire_close (wire, ']');
  emu_arm_reply (call, 200, wire);
}

/* Without a thumbprint the active one is meant. */
static gboolean
find_certificate (EmuCall *call, EmuCertInfo *info)
{
  const char *thumbprint =
      call->query != NULL ? g_hash_table_lookup (call->query, "thumbprint") : NULL;

  emu_cloud_certs_get (call->cloud->certs, call->catalog, info);
  if (thumbprint == NULL || g_ascii_strcasecmp (thumbprint, info->thumbprint) == 0)
    return TRUE;
  fail_missing (call);
  return FALSE;
}

void
emu_legacy_cert (EmuCall *call)
{
  g_auto (EmuCertInfo) info = { 0 };

  if (find_certificate (call, &info))
    emu_legacy_reply_text (call, info.der_base64);
}

void
emu_legacy_certchain (EmuCall *call)
{
  g_auto (EmuCertInfo) info = { 0 };
  g_autofree char *chain = NULL;

  if (!find_certificate (call, &info))
    return;
  chain = emu_cloud_certs_chain (call->cloud->certs, call->catalog);
  emu_legacy_reply_text (call, chain);
}

/* ---- devices ---- */

static void
write_versions (EmuWire *wire, const EmuDeviceView *view)
{
  gboolean is_seen = view->index >= 0 && view->index % 7 != 6;

  emu_wire_text_or_null (wire, "LastAvailableOSVersion", is_seen ? "24.03" : NULL);
  emu_wire_text_or_null (wire, "LastInstalledOSVersion",
                         !is_seen               ? NULL
                         : view->index % 5 == 0 ? "23.05"
                                                : "24.03");
  emu_wire_text_or_null (wire, "LastOSUpdateUTC", is_seen ? "2024-04-11T06:20:11" : NULL);
  emu_wire_text_or_null (wire, "LastUpdateRequestUTC",
                         is_seen ? "2024-05-02T09:14:15.0442123" : NULL);
}

void
emu_legacy_write_device (EmuCall *call, EmuWire *wire, const EmuDeviceView *view)
{
  EmuGroup *group = view->group;
  g_autofree char *product_id = group != NULL ? emu_legacy_dup_product_id (group->product) : NULL;
  g_autofree char *group_id = group != NULL ? emu_legacy_dup_group_id (group) : NULL;
  g_autofree char *upper = g_ascii_strup (view->id, -1);

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "DeviceId", upper);
  emu_wire_text (wire, "TenantId", call->catalog->tenant_id);
  emu_wire_text_or_null (wire, "ProductId", product_id);
  emu_wire_text_or_null (wire, "DeviceGroupId", group_id);
  emu_wire_number (wire, "ChipSku", 0);
  write_versions (wire, view);
  emu_wire_close (wire, '}');
}

void
emu_legacy_devices (EmuCall *call)
{
  emu_legacy_reply_devices (call, call->group == NULL ? call->product : NULL, call->group);
}

void
emu_legacy_count (EmuCall *call)
{
  guint n = call->group != NULL     ? call->group->n_devices
            : call->product != NULL ? emu_product_count_devices (call->product)
                                    : emu_catalog_count_devices (call->catalog);

  emu_legacy_reply_number (call, n);
}

static gboolean
find_device (EmuCall *call, EmuDeviceView *out_view)
{
  g_autofree char *id = lks_device_id_normalize (call->params[1], NULL);

  if (id != NULL && emu_catalog_find_device (call->catalog, id, out_view))
    return TRUE;
  fail_missing (call);
  return FALSE;
}

void
emu_legacy_device (EmuCall *call)
{
  EmuDeviceView view;
  EmuWire *wire;

  if (!find_device (call, &view))
    return;
  wire = emu_wire_new_plain ();
  emu_legacy_write_device (call, wire, &view);
  emu_arm_reply (call, 200, wire);
}

/* ---- what went wrong on the devices ---- */

static void
write_insight (EmuCall *call, EmuWire *wire, gpointer item)
{
  const char *id = item;
  gboolean is_crash = emu_catalog_is_crash (id);

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "DeviceId", id);
  emu_wire_number (wire, "StartTimestampInUnix", INSIGHT_START_S);
  emu_wire_number (wire, "EndTimestampInUnix", INSIGHT_START_S + HOUR_S);
  emu_wire_text (wire, "Description",
                 is_crash ? "AppCrash (exit_status=11; signal_status=11; signal_code=1)"
                          : "AppExits (exit_code=0)");
  emu_wire_text (wire, "EventType", "User");
  emu_wire_text (wire, "EventClass", "AppUserError");
  emu_wire_text (wire, "EventCategory", is_crash ? "AppCrash" : "AppExits");
  emu_wire_number (wire, "EventCount", 1 + g_ascii_xdigit_value (id[1]));
  emu_wire_close (wire, '}');
}

void
emu_legacy_insights (EmuCall *call)
{
  g_autoptr (GPtrArray) ids = emu_catalog_collect_troubled (call->catalog);

  emu_legacy_reply_items (call, ids, write_insight);
}

/* ---- products and device groups ---- */

void
emu_legacy_write_product (EmuCall *call, EmuWire *wire, gpointer item)
{
  EmuProduct *product = item;
  g_autofree char *id = emu_legacy_dup_product_id (product);

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "Id", id);
  emu_wire_text (wire, "TenantId", call->catalog->tenant_id);
  emu_wire_text (wire, "Name", product->name);
  emu_wire_text (wire, "Description", product->description != NULL ? product->description : "");
  emu_wire_close (wire, '}');
}

void
emu_legacy_products (EmuCall *call)
{
  emu_legacy_reply_items (call, call->catalog->products, emu_legacy_write_product);
}

void
emu_legacy_product (EmuCall *call)
{
  emu_legacy_reply_item (call, emu_legacy_write_product, call->product);
}

static void
write_deployment (EmuCall *call, EmuWire *wire, const char *name, EmuDeployment *deployment)
{
  emu_wire_open (wire, name, '{');
  emu_wire_text (wire, "Id", deployment->id);
  emu_wire_text (wire, "TenantId", call->catalog->tenant_id);
  emu_wire_open (wire, "DeployedImages", '[');
  for (guint i = 0; i < deployment->images->len; i++)
    emu_wire_text (wire, NULL, ((EmuImage *) g_ptr_array_index (deployment->images, i))->id);
  emu_wire_close (wire, ']');
  emu_wire_text (wire, "DeploymentDateUtc", deployment->date);
  emu_wire_close (wire, '}');
}

static int
get_number (const char *word, const char *one)
{
  return g_str_equal (word, one) ? 1 : 0;
}

void
emu_legacy_write_group (EmuCall *call, EmuWire *wire, gpointer item)
{
  EmuGroup *group = item;
  EmuDeployment *current = emu_group_get_deployment (group, ".default");
  g_autofree char *id = emu_legacy_dup_group_id (group);
  g_autofree char *product_id = emu_legacy_dup_product_id (group->product);

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "Id", id);
  emu_wire_text (wire, "TenantId", call->catalog->tenant_id);
  emu_wire_text (wire, "ProductId", product_id);
  emu_wire_text (wire, "Name", group->name);
  emu_wire_text (wire, "Description", group->description != NULL ? group->description : "");
  emu_wire_number (wire, "OsFeedType", get_number (group->os_feed, "RetailEval"));
  emu_wire_number (wire, "UpdatePolicy", get_number (group->update_policy, "No3rdPartyAppUpdates"));
  emu_wire_bool (wire, "AllowCrashDumpsCollection", g_str_equal (group->crash_dumps, "Enabled"));
  if (current != NULL)
    write_deployment (call, wire, "CurrentDeployment", current);
  else
    emu_wire_null (wire, "CurrentDeployment");
  emu_wire_close (wire, '}');
}

/* Of a product, or of the tenant. */
void
emu_legacy_groups (EmuCall *call)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  GPtrArray *products = call->catalog->products;

  for (guint i = 0; i < products->len; i++)
    {
      EmuProduct *product = g_ptr_array_index (products, i);

      if (call->product == NULL || call->product == product)
        for (guint j = 0; j < product->groups->len; j++)
          g_ptr_array_add (found, g_ptr_array_index (product->groups, j));
    }
  emu_legacy_reply_items (call, found, emu_legacy_write_group);
}

void
emu_legacy_group (EmuCall *call)
{
  emu_legacy_reply_item (call, emu_legacy_write_group, call->group);
}

static void
write_listed_deployment (EmuCall *call, EmuWire *wire, gpointer item)
{
  write_deployment (call, wire, NULL, item);
}

void
emu_legacy_deployments (EmuCall *call)
{
  emu_legacy_reply_items (call, call->group->deployments, write_listed_deployment);
}

/* ---- images ---- */

static void
write_image (EmuCall *call, EmuWire *wire, gpointer item)
{
  EmuImage *image = item;

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "Id", image->id);
  emu_wire_text (wire, "Name", image->name);
  emu_wire_text (wire, "ComponentId", image->component_id);
  emu_wire_null (wire, "Description");
  emu_wire_number (wire, "Type", image->image_type);
  emu_wire_number (wire, "ImageType", image->image_type);
  emu_wire_close (wire, '}');
}

void
emu_legacy_images (EmuCall *call)
{
  emu_legacy_reply_items (call, call->catalog->images, write_image);
}

static EmuImage *
find_image (EmuCall *call)
{
  EmuImage *image = emu_catalog_find_image (call->catalog, call->params[1]);

  if (image == NULL)
    fail_missing (call);
  return image;
}

void
emu_legacy_image_metadata (EmuCall *call)
{
  EmuImage *image = find_image (call);

  if (image != NULL)
    emu_legacy_reply_item (call, write_image, image);
}

void
emu_legacy_image_status (EmuCall *call)
{
  EmuWire *wire;

  if (find_image (call) == NULL)
    return;
  wire = emu_wire_new_plain ();
  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "Status", "Succeeded");
  emu_wire_close (wire, '}');
  emu_arm_reply (call, 200, wire);
}

/* Where it can be fetched, without a sign-in. */
void
emu_legacy_image (EmuCall *call)
{
  EmuImage *image = find_image (call);
  g_autofree char *uri = NULL;
  EmuWire *wire;

  if (image == NULL)
    return;
  uri = g_strdup_printf ("%s/%s/images/%s?sv=2019-07-07&sr=b&sp=r&sig=%.43s",
                         call->cloud->blob_base, call->catalog->tenant_id, image->id, image->id);
  wire = emu_wire_new_plain ();
  emu_wire_open (wire, NULL, '{');
  emu_wire_bool (wire, "IsSuccess", TRUE);
  emu_wire_text (wire, "Uri", uri);
  emu_wire_null (wire, "UriMessage");
  emu_wire_close (wire, '}');
  emu_arm_reply (call, 200, wire);
}

/* What the device shall have: the current deployment of its group. */
void
emu_legacy_device_images (EmuCall *call)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  EmuDeviceView view;
  EmuDeployment *current;

  if (!find_device (call, &view))
    return;
  current = view.group != NULL ? emu_group_get_deployment (view.group, ".default") : NULL;
  emu_legacy_reply_items (call, current != NULL ? current->images : none, write_image);
}
