/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Legacy interface of the emulated service: the Public API, version 2, over the same catalogs.
 * Imitated by the vendor's reference; what it leaves open is answered as it is likely to be. */
#include "emu-cloud-legacy-private.h"

#include "emu-identity.h"
#include "lks-number.h"

#include <string.h>

#define T "/v2/tenants/{}"
#define PAGE_MARK "page-"

typedef enum
{
  NEED_TENANT,
  NEED_NOTHING,
  NEED_PRODUCT,
  NEED_GROUP,
} Need;

typedef enum
{
  RIGHT_READ,
  RIGHT_CHANGE,
  RIGHT_DELETE, /* contributors may not */
} Right;

typedef struct
{
  const char *method;
  const char *pattern;
  EmuCallFunc func;
  Right right;
  Need need;
} Route;

static void answer_operation (EmuCall *call);

static const Route routes[] = {
  { "GET", "/v2/tenants", emu_legacy_tenants, RIGHT_READ, NEED_NOTHING },
  { "GET", T, emu_legacy_tenant, RIGHT_READ, NEED_TENANT },
  { "GET", T "/certificates", emu_legacy_certificates, RIGHT_READ, NEED_TENANT },
  { "GET", T "/cert", emu_legacy_cert, RIGHT_READ, NEED_TENANT },
  { "GET", T "/certchain", emu_legacy_certchain, RIGHT_READ, NEED_TENANT },
  { "GET", T "/devices", emu_legacy_devices, RIGHT_READ, NEED_TENANT },
  { "PUT", T "/devices", emu_legacy_claim_all, RIGHT_CHANGE, NEED_TENANT },
  { "GET", T "/devices/count", emu_legacy_count, RIGHT_READ, NEED_TENANT },
  { "GET", T "/devices/{}", emu_legacy_device, RIGHT_READ, NEED_TENANT },
  { "PUT", T "/devices/{}/claim", emu_legacy_claim, RIGHT_CHANGE, NEED_TENANT },
  { "PUT", T "/devices/{}/devicegroup", emu_legacy_move, RIGHT_CHANGE, NEED_TENANT },
  { "GET", T "/devices/{}/images", emu_legacy_device_images, RIGHT_READ, NEED_TENANT },
  { "POST", T "/deviceCapabilityImage", emu_legacy_capability, RIGHT_CHANGE, NEED_TENANT },
  { "GET", T "/products", emu_legacy_products, RIGHT_READ, NEED_TENANT },
  { "POST", T "/products", emu_legacy_product_post, RIGHT_CHANGE, NEED_TENANT },
  { "GET", T "/products/{}", emu_legacy_product, RIGHT_READ, NEED_PRODUCT },
  { "PATCH", T "/products/{}", emu_legacy_product_patch, RIGHT_CHANGE, NEED_PRODUCT },
  { "DELETE", T "/products/{}", emu_legacy_product_delete, RIGHT_DELETE, NEED_PRODUCT },
  { "GET", T "/products/{}/devices", emu_legacy_devices, RIGHT_READ, NEED_PRODUCT },
  { "GET", T "/products/{}/devices/count", emu_legacy_count, RIGHT_READ, NEED_PRODUCT },
  { "GET", T "/products/{}/deviceGroups", emu_legacy_groups, RIGHT_READ, NEED_PRODUCT },
  { "POST", T "/products/{}/deviceGroups", emu_legacy_product_groups, RIGHT_CHANGE, NEED_PRODUCT },
  { "GET", T "/deviceGroups", emu_legacy_groups, RIGHT_READ, NEED_TENANT },
  { "POST", T "/deviceGroups", emu_legacy_group_post, RIGHT_CHANGE, NEED_TENANT },
  { "GET", T "/deviceGroups/{}", emu_legacy_group, RIGHT_READ, NEED_GROUP },
  { "PATCH", T "/deviceGroups/{}", emu_legacy_group_patch, RIGHT_CHANGE, NEED_GROUP },
  { "DELETE", T "/deviceGroups/{}", emu_legacy_group_delete, RIGHT_DELETE, NEED_GROUP },
  { "GET", T "/deviceGroups/{}/devices", emu_legacy_devices, RIGHT_READ, NEED_GROUP },
  { "GET", T "/deviceGroups/{}/devices/count", emu_legacy_count, RIGHT_READ, NEED_GROUP },
  { "GET", T "/deviceGroups/{}/deployments", emu_legacy_deployments, RIGHT_READ, NEED_GROUP },
  { "POST", T "/deviceGroups/{}/deployments", emu_legacy_deploy, RIGHT_CHANGE, NEED_GROUP },
  { "GET", T "/images", emu_legacy_images, RIGHT_READ, NEED_TENANT },
  { "POST", T "/images", emu_legacy_image_post, RIGHT_CHANGE, NEED_TENANT },
  { "GET", T "/images/{}", emu_legacy_image, RIGHT_READ, NEED_TENANT },
  { "GET", T "/images/{}/metadata", emu_legacy_image_metadata, RIGHT_READ, NEED_TENANT },
  { "GET", T "/images/{}/status", emu_legacy_image_status, RIGHT_READ, NEED_TENANT },
  { "GET", T "/getDeviceInsights", emu_legacy_insights, RIGHT_READ, NEED_TENANT },
  { "GET", T "/users", emu_legacy_users, RIGHT_READ, NEED_TENANT },
  { "GET", T "/users/{}/role", emu_legacy_role, RIGHT_READ, NEED_TENANT },
  { "GET", T "/operations/{}", answer_operation, RIGHT_READ, NEED_TENANT },
  { "GET", T "/operationTypes/imageUpload/operations/{}", answer_operation, RIGHT_READ,
    NEED_TENANT },
};

/* ---- IDs ---- */

char *
emu_legacy_dup_product_id (EmuProduct *product)
{
  g_autofree char *name = g_strdup_printf ("%s/%s", product->catalog->tenant_id, product->name);

  return emu_identity_guid ("legacy-product", name);
}

char *
emu_legacy_dup_group_id (EmuGroup *group)
{
  g_autofree char *name = g_strdup_printf ("%s/%s/%s", group->product->catalog->tenant_id,
                                           group->product->name, group->name);

  return emu_identity_guid ("legacy-group", name);
}

EmuProduct *
emu_legacy_find_product (EmuCatalog *catalog, const char *id)
{
  for (guint i = 0; i < catalog->products->len; i++)
    {
      EmuProduct *product = g_ptr_array_index (catalog->products, i);
      g_autofree char *own = emu_legacy_dup_product_id (product);

      if (g_ascii_strcasecmp (own, id) == 0)
        return product;
    }
  return NULL;
}

EmuGroup *
emu_legacy_find_group (EmuCatalog *catalog, const char *id)
{
  for (guint i = 0; i < catalog->products->len; i++)
    {
      GPtrArray *groups = ((EmuProduct *) g_ptr_array_index (catalog->products, i))->groups;

      for (guint j = 0; j < groups->len; j++)
        {
          g_autofree char *own = emu_legacy_dup_group_id (g_ptr_array_index (groups, j));

          if (g_ascii_strcasecmp (own, id) == 0)
            return g_ptr_array_index (groups, j);
        }
    }
  return NULL;
}

/* ---- replies ---- */

/* A list of problems, even when there is one. */
void
emu_legacy_write_error (EmuWire *wire, const char *code, const char *message)
{
  emu_wire_open (wire, NULL, '[');
  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "ErrorCode", code);
  emu_wire_text (wire, "Title", "The request failed");
  emu_wire_text (wire, "Detail", message);
  emu_wire_open (wire, "Extensions", '{');
  emu_wire_close (wire, '}');
  emu_wire_close (wire, '}');
  emu_wire_close (wire, ']');
}

void
emu_legacy_reply_item (EmuCall *call, EmuItemFunc write, gpointer item)
{
  EmuWire *wire = emu_wire_new_plain ();

  write (call, wire, item);
  emu_arm_reply (call, 200, wire);
}

void
emu_legacy_reply_text (EmuCall *call, const char *text)
{
  EmuWire *wire = emu_wire_new_plain ();

  emu_wire_text (wire, NULL, text);
  emu_arm_reply (call, 200, wire);
}

void
emu_legacy_reply_number (EmuCall *call, gint64 number)
{
  EmuWire *wire = emu_wire_new_plain ();

  emu_wire_number (wire, NULL, number);
  emu_arm_reply (call, 200, wire);
}

/* ---- pages ---- */

typedef struct
{
  EmuCall *call;
  EmuWire *wire;
  EmuProduct *product; /* (nullable): only its devices */
  guint64 position;
  guint left;
} Page;

/* FALSE: the token of the page is none of ours, and the call is answered. */
static gboolean
page_init (Page *page, EmuCall *call)
{
  const char *text = call->query != NULL ? g_hash_table_lookup (call->query, "maxPageSize") : NULL;
  guint64 size = call->cloud->config->page_size;

  if (text != NULL && !lks_number_read_unsigned (text, 1, 1000, &size))
    {
      emu_arm_fail (call, 400, "BadRequest", "The page size is not valid.");
      return FALSE;
    }
  if (call->continuation != NULL &&
      (!g_str_has_prefix (call->continuation, PAGE_MARK) ||
       !lks_number_read_unsigned (call->continuation + strlen (PAGE_MARK), 0, G_MAXINT64,
                                  &page->position)))
    {
      emu_arm_fail (call, 400, "BadRequest", "The continuation token is not valid.");
      return FALSE;
    }
  page->call = call;
  page->left = (guint) MIN (size, call->cloud->config->page_size);
  page->wire = emu_wire_new_plain ();
  emu_wire_open (page->wire, NULL, '{');
  emu_wire_open (page->wire, "Items", '[');
  return TRUE;
}

static void
page_end (Page *page, guint64 next)
{
  g_autofree char *token = g_strdup_printf (PAGE_MARK "%" G_GUINT64_FORMAT, next);

  emu_wire_close (page->wire, ']');
  emu_wire_text_or_null (page->wire, "ContinuationToken", next != EMU_WALK_END ? token : NULL);
  emu_wire_close (page->wire, '}');
  emu_arm_reply (page->call, 200, page->wire);
}

void
emu_legacy_reply_items (EmuCall *call, GPtrArray *items, EmuItemFunc write)
{
  Page page = { 0 };
  guint64 i;

  if (!page_init (&page, call))
    return;
  for (i = page.position; i < items->len && page.left > 0; i++, page.left--)
    write (call, page.wire, g_ptr_array_index (items, i));
  page_end (&page, i < items->len ? i : EMU_WALK_END);
}

static gboolean
take_device (const EmuDeviceView *view, gpointer user_data)
{
  Page *page = user_data;

  if (page->product != NULL && (view->group == NULL || view->group->product != page->product))
    return TRUE;
  if (page->left == 0)
    return FALSE;
  page->left--;
  emu_legacy_write_device (page->call, page->wire, view);
  return TRUE;
}

/* Of a product, a device group, or (both NULL) the tenant. */
void
emu_legacy_reply_devices (EmuCall *call, EmuProduct *product, EmuGroup *group)
{
  Page page = { .product = product };
  guint64 next;

  if (!page_init (&page, call))
    return;
  next = emu_catalog_walk (call->catalog, group, group != NULL, page.position, take_device, &page);
  page_end (&page, next);
}

/* ---- operations ---- */

static const char *const kinds[] = {
  "DeviceClaim",    "DeviceUnclaim",       "DeviceUpdateDeviceGroup", "MigrateTenant",
  "CreateProduct",  "DeployToDeviceGroup", "DeployToOSFeed",          "ImageUpload",
  "TenantCreation", "DeleteDeviceGroup",   "DeleteProduct",           "BulkDeviceClaim"
};

static const char *const codes[] = { "OperationFailed",
                                     "TenantInMigration",
                                     "TenantMigrationRequired",
                                     "ClientUpdateRequired",
                                     "InternalServerError",
                                     "BadRequest",
                                     "Forbidden",
                                     "Conflict",
                                     "NotFound" };

static guint
find_index (const char *const *words, gsize n_words, const char *word)
{
  for (guint i = 0; i < n_words; i++)
    if (g_strcmp0 (words[i], word) == 0)
      return i;
  return 0;
}

/* Not started at first, in progress from the second question on. */
static guint
get_state (const EmuCloudOperation *operation, gint64 now_us)
{
  if (!emu_cloud_operation_is_due (operation, now_us))
    return operation->questions > 1 ? 1 : 0;
  if (operation->is_partial || operation->end == EMU_CLOUD_FAULT_HALF)
    return 4;
  return emu_cloud_operation_succeeds (operation) ? 2 : 3;
}

static void
write_time (EmuWire *wire, const char *member, gint64 time_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  g_autofree char *text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S.1234567");

  emu_wire_text (wire, member, text);
}

static void
write_operation_error (EmuWire *wire, const EmuCloudOperation *operation, guint state)
{
  if (state < 3)
    {
      emu_wire_null (wire, "Error");
      return;
    }
  emu_wire_open (wire, "Error", '{');
  emu_wire_number (wire, "Code", find_index (codes, G_N_ELEMENTS (codes), operation->code));
  emu_wire_text (wire, "Message",
                 operation->message != NULL ? operation->message
                 : state == 4               ? "Some devices could not be claimed."
                                            : "The operation failed.");
  emu_wire_close (wire, '}');
}

GBytes *
emu_legacy_write_operation (EmuCall *call, EmuCloudOperation *operation)
{
  gint64 now_us = g_get_real_time ();
  guint state;
  EmuWire *wire = emu_wire_new_plain ();
  g_autofree char *details = g_strconcat (call->cloud->base, operation->key, NULL);

  operation->questions++;
  state = get_state (operation, now_us);
  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "OperationId", operation->name);
  emu_wire_text (wire, "TenantId", call->catalog->tenant_id);
  emu_wire_number (wire, "OperationType",
                   find_index (kinds, G_N_ELEMENTS (kinds), operation->kind));
  emu_wire_number (wire, "State", state);
  write_time (wire, "CreatedDateUTC", operation->begun_us);
  if (state > 0)
    write_time (wire, "StartedDateUTC", operation->begun_us);
  else
    emu_wire_null (wire, "StartedDateUTC");
  if (state > 1)
    write_time (wire, "CompletedDateUTC", operation->due_us);
  else
    emu_wire_null (wire, "CompletedDateUTC");
  emu_wire_null (wire, "ResourceLocation");
  emu_wire_text (wire, "DetailsLocation", details);
  write_operation_error (wire, operation, state);
  emu_wire_close (wire, '}');
  return emu_wire_end (wire);
}

static char *
make_key (EmuCall *call, const char *id)
{
  return g_strdup_printf ("/v2/tenants/%s/operations/%s", call->catalog->tenant_id, id);
}

/* Begins an operation that makes its change when it is done; the answer is the operation. */
void
emu_legacy_begin (EmuCall *call,
                  const char *kind,
                  EmuApplyFunc apply,
                  gpointer data,
                  GDestroyNotify free_data)
{
  g_autofree char *key = make_key (call, call->request_id);
  EmuCloudOperation *operation =
      emu_cloud_operations_add_at (call->cloud->operations, key, call->request_id);

  operation->kind = g_strdup (kind);
  operation->due_us = operation->begun_us + (gint64) call->cloud->config->operation_ms * 1000;
  operation->apply = apply;
  operation->data = data;
  operation->free_data = free_data;
  emu_arm_shape_by_fault (call, operation);
  operation->is_partial = call->is_partial;
  call->status = g_str_equal (kind, "ImageUpload") ? 200 : 202;
  g_clear_pointer (&call->answer, g_bytes_unref);
  call->answer = emu_legacy_write_operation (call, operation);
}

static void
answer_operation (EmuCall *call)
{
  g_autofree char *key = make_key (call, call->params[1]);
  EmuCloudOperation *operation = emu_cloud_operations_find (call->cloud->operations, key);

  if (operation == NULL || operation->end == EMU_CLOUD_FAULT_OPERATION_LOST)
    {
      emu_arm_fail (call, 404, "NotFound", "The operation was not found.");
      return;
    }
  emu_arm_echo (call, operation);
  call->status = 200;
  g_clear_pointer (&call->answer, g_bytes_unref);
  call->answer = emu_legacy_write_operation (call, operation);
}

/* ---- finding the route ---- */

static const Route *
find_route (EmuCall *call)
{
  g_auto (GStrv) parts = g_strsplit (call->path, "/", -1);

  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++)
    if (g_str_equal (routes[i].method, call->method) &&
        emu_arm_match (routes[i].pattern, parts, call))
      return &routes[i];
  return NULL;
}

/* Administrator, Contributor, Reader: there are no publishers, who only read here. */
static gboolean
has_right (EmuCloudRole role, Right right)
{
  switch (role)
    {
    case EMU_CLOUD_ROLE_OWNER:
      return TRUE;
    case EMU_CLOUD_ROLE_CONTRIBUTOR:
      return right != RIGHT_DELETE;
    case EMU_CLOUD_ROLE_PUBLISHER:
    case EMU_CLOUD_ROLE_READER:
      return right == RIGHT_READ;
    case EMU_CLOUD_ROLE_NONE:
      break;
    }
  return FALSE;
}

static gboolean
find_things (EmuCall *call, Need need)
{
  GPtrArray *catalogs = call->cloud->store->catalogs;

  for (guint i = 0; need != NEED_NOTHING && call->catalog == NULL && i < catalogs->len; i++)
    {
      EmuCatalog *catalog = g_ptr_array_index (catalogs, i);

      if (g_ascii_strcasecmp (catalog->tenant_id, call->params[0]) == 0)
        call->catalog = catalog;
    }
  if (need != NEED_NOTHING && call->catalog == NULL)
    {
      /* Whether there is such a tenant is nobody's business who has no role in it. */
      emu_arm_fail (call, 403, "Forbidden", "The account has no role in the tenant.");
      return FALSE;
    }
  if (need == NEED_PRODUCT)
    call->product = emu_legacy_find_product (call->catalog, call->params[1]);
  if (need == NEED_GROUP)
    call->group = emu_legacy_find_group (call->catalog, call->params[1]);
  if (call->group != NULL)
    call->product = call->group->product;
  if (need < NEED_PRODUCT || call->product != NULL)
    return TRUE;
  emu_arm_fail (call, 404, "NotFound", "The requested resource was not found.");
  return FALSE;
}

/* Answers a request whose token is good. */
void
emu_legacy_answer (EmuCall *call)
{
  const Route *route = find_route (call);

  if (route == NULL)
    emu_arm_fail (call, 404, "NotFound", "There is no %s %s.", call->method, call->path);
  else if (!has_right (call->cloud->config->role, route->right))
    emu_arm_fail (call, 403, "Forbidden", "The account's role does not permit this.");
  else if (find_things (call, route->need))
    route->func (call);
}
