/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the resource API tells around the provider: directories, subscriptions, operations. */
#include "emu-cloud-private.h"

#include "emu-identity.h"

static const char *const os_versions[] = { "24.03", "23.05", "22.11" };

static void
begin_list (EmuWire *wire)
{
  emu_wire_open (wire, NULL, '{');
  emu_wire_open (wire, "value", '[');
}

static void
end_list (EmuCall *call, EmuWire *wire)
{
  emu_wire_close (wire, ']');
  emu_wire_close (wire, '}');
  emu_arm_reply (call, 200, wire);
}

void
emu_arm_tenants (EmuCall *call)
{
  g_autofree char *id = g_strdup_printf ("/tenants/%s", call->cloud->config->tenant);
  EmuWire *wire = emu_wire_new_plain ();

  begin_list (wire);
  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "id", id);
  emu_wire_text (wire, "tenantId", call->cloud->config->tenant);
  emu_wire_text (wire, "displayName", "Plant (emulated)");
  emu_wire_text (wire, "defaultDomain", "plant.example");
  emu_wire_close (wire, '}');
  end_list (call, wire);
}

static void
write_subscription (EmuCall *call, EmuWire *wire, const char *subscription, const char *name)
{
  g_autofree char *id = g_strdup_printf ("/subscriptions/%s", subscription);

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "id", id);
  emu_wire_text (wire, "subscriptionId", subscription);
  emu_wire_text (wire, "displayName", name);
  emu_wire_text (wire, "tenantId", call->cloud->config->tenant);
  emu_wire_text (wire, "state", "Enabled");
  emu_wire_close (wire, '}');
}

void
emu_arm_subscriptions (EmuCall *call)
{
  const EmuCloudConfig *config = call->cloud->config;
  char **more = config->more_subscriptions;
  EmuWire *wire = emu_wire_new_plain ();

  begin_list (wire);
  write_subscription (call, wire, config->subscription, "Production");
  for (gsize i = 0; more != NULL && more[i] != NULL; i++)
    {
      g_autofree char *name = g_strdup_printf ("Subscription %" G_GSIZE_FORMAT, i + 2);

      write_subscription (call, wire, more[i], name);
    }
  end_list (call, wire);
}

/* The names of those in the subscription that the path names, whatever became of the catalogs that
 * were in them. (element-type utf8): borrowed */
GPtrArray *
emu_arm_collect_resource_groups (EmuCall *call)
{
  const EmuCloudConfig *config = call->cloud->config;
  GPtrArray *names = g_ptr_array_new ();

  g_ptr_array_add (names, config->resource_group);
  for (guint i = 0; i < config->catalogs->len; i++)
    {
      EmuCloudCatalogConfig *catalog = g_ptr_array_index (config->catalogs, i);
      const char *subscription =
          catalog->subscription != NULL ? catalog->subscription : config->subscription;

      if (catalog->resource_group != NULL &&
          g_ascii_strcasecmp (subscription, call->params[0]) == 0 &&
          !g_ptr_array_find_with_equal_func (names, catalog->resource_group, g_str_equal, NULL))
        g_ptr_array_add (names, catalog->resource_group);
    }
  return names;
}

void
emu_arm_resource_groups (EmuCall *call)
{
  g_autoptr (GPtrArray) names = emu_arm_collect_resource_groups (call);
  EmuWire *wire = emu_wire_new_plain ();

  begin_list (wire);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *id =
          g_strdup_printf ("/subscriptions/%s/resourceGroups/%s", call->params[0], name);

      emu_wire_open (wire, NULL, '{');
      emu_arm_write_head (wire, id, name, "Microsoft.Resources/resourceGroups");
      emu_wire_text (wire, "location", "westeurope");
      emu_wire_close (wire, '}');
    }
  end_list (call, wire);
}

void
emu_arm_provider (EmuCall *call)
{
  g_autofree char *id =
      g_strdup_printf ("/subscriptions/%s/providers/" EMU_CLOUD_PROVIDER, call->params[0]);
  EmuWire *wire = emu_wire_new_plain ();

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "id", id);
  emu_wire_text (wire, "namespace", EMU_CLOUD_PROVIDER);
  emu_wire_text (wire, "registrationState", "Registered");
  emu_wire_close (wire, '}');
  emu_arm_reply (call, 200, wire);
}

/* What the provider can do, for whoever makes roles of their own. */
void
emu_arm_operations (EmuCall *call)
{
  static const char *const names[] = {
    "catalogs/read",
    "catalogs/write",
    "catalogs/delete",
    "catalogs/listDevices/action",
    "catalogs/products/deviceGroups/claimDevices/action",
    "catalogs/products/deviceGroups/devices/generateCapabilityImage/action",
  };
  EmuWire *wire = emu_wire_new_plain ();

  begin_list (wire);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = g_strconcat (EMU_CLOUD_PROVIDER "/", names[i], NULL);

      emu_wire_open (wire, NULL, '{');
      emu_wire_text (wire, "name", name);
      emu_wire_bool (wire, "isDataAction", FALSE);
      emu_wire_close (wire, '}');
    }
  end_list (call, wire);
}

/* An address that was rebuilt or cut is not known: it must come back byte for byte. */
void
emu_arm_status (EmuCall *call)
{
  EmuCloud *cloud = call->cloud;
  g_autofree char *key =
      g_strdup_printf ("%s?%s", call->path, call->raw_query != NULL ? call->raw_query : "");
  EmuCloudOperation *operation = emu_cloud_operations_find (cloud->operations, key);
  gint64 now_us = g_get_real_time ();

  if (operation == NULL || operation->end == EMU_CLOUD_FAULT_OPERATION_LOST)
    {
      emu_arm_fail (call, 404, "ResourceNotFound", "The operation was not found.");
      return;
    }

  emu_arm_echo (call, operation);
  g_clear_pointer (&call->answer, g_bytes_unref);
  call->status = 200;
  if (!operation->by_location || emu_cloud_operation_is_due (operation, now_us))
    call->answer = operation->by_location && operation->result != NULL
                       ? g_bytes_ref (operation->result)
                       : emu_cloud_operation_write (operation, cloud->config->subscription, now_us);
  else
    call->status = 202;
}

/* Versions of the OS, each known by its components and their images; neighbours share some. */
GBytes *
emu_cloud_write_os_versions (void)
{
  EmuWire *wire = emu_wire_new_plain ();

  emu_wire_open (wire, NULL, '{');
  emu_wire_open (wire, "versions", '[');
  for (guint i = 0; i < G_N_ELEMENTS (os_versions); i++)
    {
      emu_wire_open (wire, NULL, '{');
      emu_wire_text (wire, "name", os_versions[i]);
      emu_wire_open (wire, "images", '[');
      for (guint j = 0; j < 3; j++)
        {
          g_autofree char *component = g_strdup_printf ("os-component %u", j);
          g_autofree char *image =
              g_strdup_printf ("os-image %u %s", j, j == 0 ? "shared" : os_versions[i]);
          g_autofree char *cid = emu_identity_guid ("os", component);
          g_autofree char *iid = emu_identity_guid ("os", image);

          emu_wire_open (wire, NULL, '{');
          emu_wire_text (wire, "cid", cid);
          emu_wire_text (wire, "iid", iid);
          emu_wire_close (wire, '}');
        }
      emu_wire_close (wire, ']');
      emu_wire_close (wire, '}');
    }
  emu_wire_close (wire, ']');
  emu_wire_close (wire, '}');
  return emu_wire_end (wire);
}
