/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-cloud-private.h"

#include "emu-image.h"

#include "lks-image-package.h"

#define DEPLOYED_MAX 50

/* The names of image types in the resource API; the numbers are those of image metadata. */
static const struct
{
  guint type;
  const char *name;
} types[] = {
  { 1, "OneBl" },
  { 2, "PlutonRuntime" },
  { 3, "WifiFirmware" },
  { 4, "SecurityMonitor" },
  { 5, "NormalWorldLoader" },
  { 6, "NormalWorldDtb" },
  { 7, "NormalWorldKernel" },
  { 8, "RootFs" },
  { 9, "Services" },
  { 10, "Applications" },
  { 13, "FwConfig" },
  { 16, "BootManifest" },
  { 17, "Nwfs" },
  { 19, "TrustedKeystore" },
  { 20, "Policy" },
  { 21, "CustomerBoardConfig" },
  { 22, "UpdateCertStore" },
  { 23, "BaseSystemUpdateManifest" },
  { 24, "FirmwareUpdateManifest" },
  { 25, "CustomerUpdateManifest" },
  { 26, "RecoveryManifest" },
  { 27, "ManifestSet" },
};

static const char *
get_type_name (guint type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].type == type)
      return types[i].name;
  return "Other";
}

/* ---- one image ---- */

/* "image" is the package on the way in and the name on the way out (recording). */
void
emu_image_write (EmuCall *call, EmuWire *wire, gpointer item)
{
  EmuImage *image = item;
  g_autofree char *catalog_id = emu_arm_dup_catalog_id (call->catalog);
  g_autofree char *id = g_strdup_printf ("%s/images/%s", catalog_id, image->id);
  g_autofree char *uri =
      g_strdup_printf ("%s/%s/images/%s?sv=2023-01-03&sr=b&sp=r&sig=%.43s", call->cloud->blob_base,
                       call->catalog->tenant_id, image->id, image->id);
  gboolean is_new = g_str_equal (call->method, "PUT");

  emu_wire_open (wire, NULL, '{');
  emu_arm_write_head (wire, id, image->id, "Microsoft.AzureSphere/catalogs/images");
  emu_wire_null (wire, "systemData");
  emu_wire_open (wire, "properties", '{');
  emu_wire_text (wire, "image", image->name);
  emu_wire_text (wire, "imageId", image->id);
  emu_wire_text (wire, "regionalDataBoundary", image->boundary);
  emu_wire_text (wire, "uri", uri);
  emu_wire_null (wire, "description");
  emu_wire_text (wire, "componentId", image->component_id);
  emu_wire_text (wire, "imageType", get_type_name (image->image_type));
  emu_arm_write_state (wire, is_new ? "Accepted" : "Succeeded");
  emu_wire_close (wire, '}');
  emu_wire_close (wire, '}');
}

void
emu_images_list (EmuCall *call)
{
  emu_page_reply (call, call->catalog->images, TRUE, emu_image_write);
}

void
emu_image_get (EmuCall *call)
{
  EmuImage *image = emu_catalog_find_image (call->catalog, call->params[3]);
  EmuWire *wire;

  if (image == NULL)
    {
      emu_arm_fail (call, 404, "ResourceNotFound", "The requested image was not found.");
      return;
    }
  wire = emu_wire_new_plain ();
  emu_image_write (call, wire, image);
  emu_arm_reply (call, 200, wire);
}

/* ---- uploads ---- */

typedef struct
{
  EmuCloudStore *store;  /* (unowned) */
  EmuCatalogKey catalog; /* (owned) */
  EmuImage *image;       /* (owned) (nullable): given away when it is stored */
} Upload;

static void
upload_free (gpointer data)
{
  Upload *self = data;

  emu_catalog_key_clear (&self->catalog);
  g_clear_pointer (&self->image, emu_image_info_free);
  g_free (self);
}

static void
store_image (gpointer data)
{
  Upload *self = data;
  EmuCatalog *catalog = emu_cloud_store_find_again (self->store, &self->catalog);

  if (catalog != NULL && emu_catalog_find_image (catalog, self->image->id) == NULL)
    g_ptr_array_add (catalog->images, g_steal_pointer (&self->image));
}

static guint32
get_runtime (const LksImageMetadata *metadata)
{
  for (guint i = 0; i < metadata->needs->len; i++)
    {
      const LksAbiVersion *need = &g_array_index (metadata->needs, LksAbiVersion, i);

      if (need->kind == LKS_ABI_KIND_APPLICATION)
        return need->version;
    }
  return 0;
}

/* What the service is for: the same content, signed for production. */
static GBytes *
sign (EmuCall *call, GBytes *package, const LksImageMetadata *metadata, GError **error)
{
  const EmuImageSpec spec = {
    .signer = EMU_SIGNER_PRODUCTION,
    .image_type = metadata->image_type,
    .component_id = metadata->component_id,
    .image_id = metadata->image_id,
    .name = metadata->name != NULL ? metadata->name : "",
    .application_runtime = get_runtime (metadata),
  };
  g_autoptr (GBytes) content = g_bytes_new_from_bytes (package, 0, metadata->metadata_offset);

  return emu_image_sign (call->cloud->keys, &spec, content, error);
}

static GBytes *
decode_package (EmuCall *call)
{
  const char *text = emu_arm_get_text (call, "image");
  gsize n_bytes = 0;
  guchar *bytes = text != NULL ? g_base64_decode (text, &n_bytes) : NULL;

  return n_bytes > 0 ? g_bytes_new_take (bytes, n_bytes) : (g_free (bytes), NULL);
}

/* The image that a package is, or NULL when the call was answered with what is wrong with it. */
EmuImage *
emu_image_read (EmuCall *call, GBytes *package)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksImageMetadata) metadata =
      package != NULL ? lks_image_metadata_parse (package, &error) : NULL;
  const char *boundary = emu_arm_get_text (call, "regionalDataBoundary");
  g_autoptr (GBytes) is_signed = NULL;
  EmuImage *image;

  if (metadata != NULL)
    is_signed = sign (call, package, metadata, &error);
  if (is_signed == NULL)
    {
      emu_arm_fail (call, 400, "InvalidParameters", "The image is not valid: %s.",
                    error != NULL ? error->message : "no bytes");
      return NULL;
    }

  image = g_new0 (EmuImage, 1);
  image->id = g_strdup (metadata->image_id);
  image->name = g_strdup (metadata->name != NULL ? metadata->name : "");
  image->component_id = g_strdup (metadata->component_id);
  image->boundary = g_strdup (boundary != NULL ? boundary : "None");
  image->image_type = metadata->image_type;
  image->package = g_steal_pointer (&is_signed);
  return image;
}

static EmuImage *
read_upload (EmuCall *call)
{
  g_autoptr (GBytes) package = decode_package (call);

  return emu_image_read (call, package);
}

/* @image is consumed. */
void
emu_image_begin (EmuCall *call, EmuImage *image)
{
  g_autofree char *catalog_id = emu_arm_dup_catalog_id (call->catalog);
  g_autofree char *target_id = g_strdup_printf ("%s/images/%s", catalog_id, image->id);
  Upload *upload = g_new0 (Upload, 1);

  upload->store = call->cloud->store;
  emu_catalog_get_key (call->catalog, &upload->catalog);
  upload->image = image;
  emu_arm_begin (call, "ImageUpload", target_id, store_image, upload, upload_free);
}

void
emu_image_put (EmuCall *call)
{
  EmuImage *image = read_upload (call);
  EmuWire *wire;

  if (image == NULL)
    return;
  if (g_ascii_strcasecmp (image->id, call->params[3]) != 0)
    {
      emu_image_info_free (image);
      emu_arm_fail (call, 400, "InvalidParameters", "The image has another ID than its name.");
      return;
    }
  wire = emu_wire_new_plain ();
  emu_image_write (call, wire, image);
  emu_arm_reply (call, 201, wire);
  emu_image_begin (call, image);
}

/* For callers that do not know the image ID. */
void
emu_catalog_upload (EmuCall *call)
{
  EmuImage *image = read_upload (call);

  if (image != NULL)
    emu_image_begin (call, image);
}

static gboolean
is_deployed (EmuCatalog *catalog, EmuImage *image)
{
  for (guint i = 0; i < catalog->products->len; i++)
    {
      EmuProduct *product = g_ptr_array_index (catalog->products, i);

      for (guint j = 0; j < product->groups->len; j++)
        {
          EmuGroup *group = g_ptr_array_index (product->groups, j);

          for (guint k = 0; k < group->deployments->len; k++)
            if (g_ptr_array_find (
                    ((EmuDeployment *) g_ptr_array_index (group->deployments, k))->images, image,
                    NULL))
              return TRUE;
        }
    }
  return FALSE;
}

void
emu_image_delete (EmuCall *call)
{
  EmuImage *image = emu_catalog_find_image (call->catalog, call->params[3]);

  if (image == NULL)
    {
      call->status = 204;
      return;
    }
  if (is_deployed (call->catalog, image))
    {
      emu_arm_fail (call, 400, "InvalidParameters", "The image is part of a deployment.");
      return;
    }
  g_ptr_array_remove (call->catalog->images, image);
  emu_arm_reply_null (call, 200);
}

/* ---- deployments ---- */

void
emu_deployment_write (EmuCall *call,
                      EmuWire *wire,
                      EmuGroup *group,
                      EmuDeployment *deployment,
                      const char *name)
{
  g_autofree char *group_id = emu_arm_dup_group_id (call->catalog, group);
  g_autofree char *id = g_strdup_printf ("%s/deployments/%s", group_id, name);

  emu_wire_open (wire, NULL, '{');
  emu_arm_write_head (wire, id, name,
                      "Microsoft.AzureSphere/catalogs/products/deviceGroups/deployments");
  emu_wire_null (wire, "systemData");
  emu_wire_open (wire, "properties", '{');
  emu_wire_text (wire, "deploymentId", deployment->id);
  emu_wire_open (wire, "deployedImages", '[');
  for (guint i = 0; i < deployment->images->len; i++)
    emu_image_write (call, wire, g_ptr_array_index (deployment->images, i));
  emu_wire_close (wire, ']');
  emu_wire_text (wire, "deploymentDateUtc", deployment->date);
  emu_arm_write_state (wire, g_str_equal (call->method, "PUT") ? "Accepted" : "Succeeded");
  emu_wire_close (wire, '}');
  emu_wire_close (wire, '}');
}

static void
write_listed (EmuCall *call, EmuWire *wire, gpointer item)
{
  EmuDeployment *deployment = item;

  emu_deployment_write (call, wire, call->group, deployment, deployment->id);
}

void
emu_deployments_list (EmuCall *call)
{
  emu_page_reply (call, call->group->deployments, TRUE, write_listed);
}

void
emu_deployment_get (EmuCall *call)
{
  EmuDeployment *deployment = emu_group_get_deployment (call->group, call->params[5]);
  EmuWire *wire;

  if (deployment == NULL)
    {
      emu_arm_fail (call, 404, "ResourceNotFound", "The requested deployment was not found.");
      return;
    }
  wire = emu_wire_new_plain ();
  emu_deployment_write (call, wire, call->group, deployment, call->params[5]);
  emu_arm_reply (call, 200, wire);
}

static gboolean
collect_images (EmuCall *call, GPtrArray *images)
{
  JsonObject *properties = emu_arm_get_properties (call);
  JsonNode *node =
      properties != NULL ? json_object_get_member (properties, "deployedImages") : NULL;
  JsonArray *array =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < MIN (json_array_get_length (array), DEPLOYED_MAX); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      JsonNode *inner = JSON_NODE_HOLDS_OBJECT (element)
                            ? json_object_get_member (json_node_get_object (element), "properties")
                            : NULL;
      const char *id =
          inner != NULL && JSON_NODE_HOLDS_OBJECT (inner)
              ? json_object_get_string_member_with_default (json_node_get_object (inner), "imageId",
                                                            NULL)
              : NULL;
      EmuImage *image = id != NULL ? emu_catalog_find_image (call->catalog, id) : NULL;

      if (image == NULL)
        {
          emu_arm_fail (call, 400, "InvalidParameters", "Image '%s' is not in this catalog.",
                        id != NULL ? id : "");
          return FALSE;
        }
      g_ptr_array_add (images, image);
    }
  return TRUE;
}

/* What happens when it is done; by name, for the group may be gone. */
typedef struct
{
  EmuCloudStore *store;      /* (unowned) */
  EmuCatalogKey catalog;     /* (owned) */
  char *product;             /* (owned) */
  char *group;               /* (owned) */
  EmuDeployment *deployment; /* (owned) (nullable): given away when it is made */
} Rollout;

static void
rollout_free (gpointer data)
{
  Rollout *self = data;

  emu_catalog_key_clear (&self->catalog);
  g_free (self->product);
  g_free (self->group);
  g_clear_pointer (&self->deployment, emu_deployment_free);
  g_free (self);
}

static void
deploy (gpointer data)
{
  Rollout *self = data;
  EmuCatalog *catalog = emu_cloud_store_find_again (self->store, &self->catalog);
  EmuProduct *product = catalog != NULL ? emu_catalog_find_product (catalog, self->product) : NULL;
  EmuGroup *group = product != NULL ? emu_product_find_group (product, self->group) : NULL;

  if (group == NULL)
    return;
  for (guint i = self->deployment->images->len; i > 0; i--)
    if (!g_ptr_array_find (catalog->images, g_ptr_array_index (self->deployment->images, i - 1),
                           NULL))
      g_ptr_array_remove_index (self->deployment->images, i - 1);
  g_ptr_array_add (group->deployments, g_steal_pointer (&self->deployment));
}

static Rollout *
rollout_new (EmuCall *call, GPtrArray *images)
{
  Rollout *self = g_new0 (Rollout, 1);

  self->store = call->cloud->store;
  emu_catalog_get_key (call->catalog, &self->catalog);
  self->product = g_strdup (call->product->name);
  self->group = g_strdup (call->group->name);
  self->deployment = emu_deployment_new (images);
  return self;
}

void
emu_deployment_put (EmuCall *call)
{
  g_autoptr (GPtrArray) images = g_ptr_array_new ();
  Rollout *rollout;
  g_autofree char *group_id = NULL;
  g_autofree char *target_id = NULL;
  EmuWire *wire;

  if (!collect_images (call, images))
    return;
  rollout = rollout_new (call, g_steal_pointer (&images));
  group_id = emu_arm_dup_group_id (call->catalog, call->group);
  target_id = g_strdup_printf ("%s/deployments/%s", group_id, rollout->deployment->id);
  wire = emu_wire_new_plain ();
  emu_deployment_write (call, wire, call->group, rollout->deployment, call->params[5]);
  emu_arm_reply (call, 201, wire);
  emu_arm_begin (call, "DeployToDeviceGroup", target_id, deploy, rollout, rollout_free);
}

void
emu_deployment_delete (EmuCall *call)
{
  EmuDeployment *deployment = emu_group_get_deployment (call->group, call->params[5]);

  if (deployment == NULL)
    {
      call->status = 204;
      return;
    }
  g_ptr_array_remove (call->group->deployments, deployment);
  emu_arm_reply_null (call, 200);
}
