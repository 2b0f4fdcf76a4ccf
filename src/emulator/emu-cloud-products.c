/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-cloud-private.h"

/* ---- names, by the patterns of the contract ---- */

#define PRODUCT_NAME "^[A-Za-z0-9_][A-Za-z0-9_\\s]{1,48}[A-Za-z0-9_]$"
#define GROUP_NAME "^([A-Za-z0-9]{1,2}|[A-Za-z0-9][A-Za-z0-9\\s]{1,48}[A-Za-z0-9])$"

static gboolean
check_name (EmuCall *call, const char *pattern, const char *name)
{
  if (g_regex_match_simple (pattern, name, G_REGEX_DOLLAR_ENDONLY, 0))
    return TRUE;
  emu_arm_fail (call, 400, "InvalidParameters", "The name '%s' is not valid.", name);
  return FALSE;
}

static void
set_text (EmuCall *call, const char *member, char **place)
{
  const char *text = emu_arm_get_text (call, member);

  if (text == NULL)
    return;
  g_free (*place);
  *place = g_strdup (text);
}

/* ---- products ---- */

static void
write_product (EmuCall *call, EmuWire *wire, gpointer item)
{
  EmuProduct *product = item;
  g_autofree char *catalog_id = emu_arm_dup_catalog_id (product->catalog);
  g_autofree char *id = g_strdup_printf ("%s/products/%s", catalog_id, product->name);

  emu_wire_open (wire, NULL, '{');
  emu_arm_write_head (wire, id, product->name,
                      g_str_equal (call->method, "PUT")
                          ? "microsoft.azuresphere/catalogs/products"
                          : "Microsoft.AzureSphere/catalogs/products");
  emu_wire_null (wire, "systemData");
  emu_wire_open (wire, "properties", '{');
  emu_wire_text_or_null (wire, "description", product->description);
  emu_arm_write_made_state (call, wire);
  emu_wire_close (wire, '}');
  emu_wire_close (wire, '}');
}

static void
reply_product (EmuCall *call)
{
  EmuWire *wire = emu_wire_new_plain ();

  write_product (call, wire, call->product);
  emu_arm_reply (call, 200, wire);
}

void
emu_products_list (EmuCall *call)
{
  emu_page_reply (call, call->catalog->products, FALSE, write_product);
}

void
emu_product_get (EmuCall *call)
{
  reply_product (call);
}

/* Makes no device groups by itself. */
void
emu_product_put (EmuCall *call)
{
  const char *name = call->params[3];

  if (!check_name (call, PRODUCT_NAME, name))
    return;
  call->product = emu_catalog_find_product (call->catalog, name);
  if (call->product == NULL)
    call->product = emu_catalog_add_product (call->catalog, name, NULL);
  set_text (call, "description", &call->product->description);
  reply_product (call);
  if (call->cloud->config->creates_slowly)
    emu_arm_begin (call, "CreateProduct", NULL, NULL, NULL, NULL);
}

void
emu_product_patch (EmuCall *call)
{
  set_text (call, "description", &call->product->description);
  reply_product (call);
}

static void
forget_birth (EmuCatalog *catalog, EmuGroup *group)
{
  if (group->slot >= 0)
    g_ptr_array_index (catalog->births, group->slot) = NULL;
}

void
emu_product_delete (EmuCall *call)
{
  EmuProduct *product = emu_catalog_find_product (call->catalog, call->params[3]);

  if (product == NULL)
    {
      call->status = 204;
      return;
    }
  if (emu_product_count_devices (product) > 0)
    {
      emu_arm_fail (call, 400, "InvalidParameters",
                    "The product has %u associated devices and cannot be deleted.",
                    emu_product_count_devices (product));
      return;
    }
  for (guint i = 0; i < product->groups->len; i++)
    forget_birth (call->catalog, g_ptr_array_index (product->groups, i));
  g_ptr_array_remove (call->catalog->products, product);
  emu_arm_reply_null (call, 200);
}

void
emu_product_defaults (EmuCall *call)
{
  emu_product_add_default_groups (call->product);
  emu_page_reply (call, call->product->groups, FALSE, emu_group_write);
}

/* ---- device groups ---- */

/* hasDeployment is null in a single GET and told everywhere else (recording). */
void
emu_group_write (EmuCall *call, EmuWire *wire, gpointer item)
{
  EmuGroup *group = item;
  gboolean is_single = call->group == group && g_str_equal (call->method, "GET") &&
                       !g_str_has_suffix (call->path, "deviceGroups");
  g_autofree char *id = emu_arm_dup_group_id (group->product->catalog, group);

  emu_wire_open (wire, NULL, '{');
  emu_arm_write_head (wire, id, group->name,
                      g_str_equal (call->method, "PUT")
                          ? "microsoft.azuresphere/catalogs/products/devicegroups"
                          : "Microsoft.AzureSphere/catalogs/products/deviceGroups");
  emu_wire_null (wire, "systemData");
  emu_wire_open (wire, "properties", '{');
  emu_wire_text_or_null (wire, "description", group->description);
  emu_wire_text (wire, "osFeedType", group->os_feed);
  emu_wire_text (wire, "updatePolicy", group->update_policy);
  emu_wire_text (wire, "allowCrashDumpsCollection", group->crash_dumps);
  emu_wire_text (wire, "regionalDataBoundary", group->boundary);
  if (is_single)
    emu_wire_null (wire, "hasDeployment");
  else
    emu_wire_bool (wire, "hasDeployment", group->deployments->len > 0);
  emu_arm_write_made_state (call, wire);
  emu_wire_close (wire, '}');
  emu_wire_close (wire, '}');
}

static void
reply_group (EmuCall *call)
{
  EmuWire *wire = emu_wire_new_plain ();

  emu_group_write (call, wire, call->group);
  emu_arm_reply (call, 200, wire);
}

void
emu_groups_list (EmuCall *call)
{
  emu_page_reply (call, call->product->groups, TRUE, emu_group_write);
}

void
emu_group_get (EmuCall *call)
{
  reply_group (call);
}

/* What a device group can be told, and the words that are known. */
static gboolean
check_group_fields (EmuCall *call)
{
  static const struct
  {
    const char *member;
    const char *words[3];
  } choices[] = {
    { "osFeedType", { "Retail", "RetailEval" } },
    { "updatePolicy", { "UpdateAll", "No3rdPartyAppUpdates" } },
    { "allowCrashDumpsCollection", { "Enabled", "Disabled" } },
    { "regionalDataBoundary", { "None", "EU" } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      const char *word = emu_arm_get_text (call, choices[i].member);

      if (word == NULL || g_strv_contains (choices[i].words, word))
        continue;
      emu_arm_fail (call, 400, "InvalidParameters", "The value '%s' of '%s' is not valid.", word,
                    choices[i].member);
      return FALSE;
    }
  return TRUE;
}

static void
take_group_fields (EmuCall *call)
{
  set_text (call, "description", &call->group->description);
  set_text (call, "osFeedType", &call->group->os_feed);
  set_text (call, "updatePolicy", &call->group->update_policy);
  set_text (call, "allowCrashDumpsCollection", &call->group->crash_dumps);
  set_text (call, "regionalDataBoundary", &call->group->boundary);
}

void
emu_group_put (EmuCall *call)
{
  const char *name = call->params[4];

  if (!check_name (call, GROUP_NAME, name) || !check_group_fields (call))
    return;
  call->group = emu_product_find_group (call->product, name);
  if (call->group == NULL)
    call->group = emu_product_add_group (call->product, name);
  take_group_fields (call);
  reply_group (call);
  if (call->cloud->config->creates_slowly)
    emu_arm_begin (call, "CreateDeviceGroup", NULL, NULL, NULL, NULL);
}

void
emu_group_patch (EmuCall *call)
{
  if (!check_group_fields (call))
    return;
  take_group_fields (call);
  reply_group (call);
}

void
emu_group_delete (EmuCall *call)
{
  EmuGroup *group = emu_product_find_group (call->product, call->params[4]);

  if (group == NULL)
    {
      call->status = 204;
      return;
    }
  if (group->n_devices > 0)
    {
      emu_arm_fail (call, 400, "InvalidParameters",
                    "The device group has %u associated devices and cannot be deleted.",
                    group->n_devices);
      return;
    }
  forget_birth (call->catalog, group);
  g_ptr_array_remove (call->product->groups, group);
  emu_arm_reply_null (call, 200);
}
