/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-resource.h"

#include "lks-cloud-error.h"
#include "lks-cloud-problem.h"

/* Longer texts are none that the service documents; certificates and their chains fit. */
#define TEXT_MAX_BYTES (64 * 1024)
#define COUNT_UNKNOWN (-1)

G_DEFINE_BOXED_TYPE (LksCloudResource,
                     lks_cloud_resource,
                     lks_cloud_resource_ref,
                     lks_cloud_resource_unref)

/* ---- reading ---- */

/* "" and null both mean that the service does not know (recordings). */
static gboolean
read_text (LksJson *json, JsonObject *object, const char *member, char **out_text, GError **error)
{
  g_autofree char *text = NULL;

  if (!lks_json_has (object, member))
    return TRUE;
  if (!lks_json_read_string (json, object, member, &text, error))
    return FALSE;
  *out_text = lks_cloud_clean_text (text, TEXT_MAX_BYTES);
  return TRUE;
}

static gboolean
read_flag (LksJson *json, JsonObject *object, const char *member, LksCloudFlag *out, GError **error)
{
  gboolean value;

  if (!lks_json_has (object, member))
    return TRUE;
  if (!lks_json_read_boolean (json, object, member, &value, error))
    return FALSE;
  *out = value ? LKS_CLOUD_FLAG_YES : LKS_CLOUD_FLAG_NO;
  return TRUE;
}

static gboolean
read_field (LksCloudResource *self,
            const LksCloudField *field,
            LksJson *json,
            JsonObject *object,
            GError **error)
{
  gpointer place = G_STRUCT_MEMBER_P (self, field->offset);

  switch (field->type)
    {
    case LKS_CLOUD_FIELD_TEXT:
      return read_text (json, object, field->member, place, error);
    case LKS_CLOUD_FIELD_FLAG:
      return read_flag (json, object, field->member, place, error);
    case LKS_CLOUD_FIELD_COUNT:
      *(gint64 *) place = COUNT_UNKNOWN;
      return !lks_json_has (object, field->member) ||
             lks_json_read_int (json, object, field->member, 0, G_MAXINT32, place, error);
    case LKS_CLOUD_FIELD_LIST:
      return TRUE; /* the kind's own function fills it */
    }
  return FALSE;
}

static gboolean
read_place (LksCloudResource *self, LksJson *json, JsonObject *object, GError **error)
{
  g_autofree char *id = NULL;

  if (!lks_json_read_string (json, object, "id", &id, error) ||
      !read_text (json, object, "name", &self->name, error))
    return FALSE;
  self->scope = lks_cloud_scope_parse (id, error);
  return self->scope != NULL;
}

static gboolean
read_all (LksCloudResource *self, LksJson *json, JsonObject *object, GError **error)
{
  g_autoptr (JsonObject) nothing = json_object_new ();
  JsonObject *properties = nothing;

  if (self->kind->is_flat)
    properties = object;
  else if (!read_place (self, json, object, error) ||
           (lks_json_has (object, "properties") &&
            !lks_json_read_object (json, object, "properties", &properties, error)))
    return FALSE;

  for (gsize i = 0; i < self->kind->n_fields; i++)
    if (!read_field (self, &self->kind->fields[i], json, properties, error))
      return FALSE;
  return read_text (json, properties, "provisioningState", &self->state, error) &&
         (self->kind->read == NULL || self->kind->read (self, json, properties, error)) &&
         (self->kind->read_head == NULL || self->kind->read_head (self, json, object, error)) &&
         (self->kind->check == NULL || self->kind->check (self, error));
}

/**
 * lks_cloud_resource_read:
 * @kind: what is expected
 * @json: a document
 * @object: a resource in it
 * @error: return location for a [error@Lks.CloudError], BAD_ANSWER
 *
 * Reads one resource. Members that are not known are passed over, those that are known may be
 * missing or null, as in recordings of the live service; but what is there has the right type.
 *
 * Returns: (transfer full): the resource, or NULL with @error set
 */
LksCloudResource *
lks_cloud_resource_read (const LksCloudKind *kind,
                         LksJson *json,
                         JsonObject *object,
                         GError **error)
{
  g_autoptr (LksCloudResource) self = g_atomic_rc_box_alloc0 (kind->size);
  g_autoptr (GError) reason = NULL;

  self->kind = kind;
  if (read_all (self, json, object, &reason))
    return g_steal_pointer (&self);

  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER,
               "what the service says about a %s is not understood: %s", kind->name,
               reason->message);
  return NULL;
}

/**
 * lks_cloud_resource_parse:
 * @kind: what is expected
 * @body: an answer that is a single resource
 * @error: return location for a [error@Lks.CloudError], BAD_ANSWER
 *
 * Returns: (transfer full): the resource, or NULL with @error set
 */
LksCloudResource *
lks_cloud_resource_parse (const LksCloudKind *kind, GBytes *body, GError **error)
{
  gsize size_bytes;
  gconstpointer data = g_bytes_get_data (body, &size_bytes);
  g_autoptr (GError) reason = NULL;
  g_autoptr (LksJson) json =
      lks_json_parse ("answer", data, size_bytes, LKS_CLOUD_BODY_MAX_BYTES, &reason);
  JsonObject *object = json != NULL ? lks_json_get_root_object (json, &reason) : NULL;

  if (object != NULL)
    return lks_cloud_resource_read (kind, json, object, error);
  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER,
               "what the service says about a %s is not understood: %s", kind->name,
               reason->message);
  return NULL;
}

/**
 * lks_cloud_resource_ref:
 * @self: a resource
 *
 * Returns: (transfer full): @self
 */
LksCloudResource *
lks_cloud_resource_ref (LksCloudResource *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  LksCloudResource *self = data;

  if (self->kind->clear != NULL)
    self->kind->clear (self);
  for (gsize i = 0; i < self->kind->n_fields; i++)
    if (self->kind->fields[i].type == LKS_CLOUD_FIELD_TEXT)
      g_free (G_STRUCT_MEMBER (char *, self, self->kind->fields[i].offset));
    else if (self->kind->fields[i].type == LKS_CLOUD_FIELD_LIST)
      g_strfreev (G_STRUCT_MEMBER (char **, self, self->kind->fields[i].offset));
  g_clear_pointer (&self->scope, lks_cloud_scope_free);
  g_free (self->name);
  g_free (self->state);
}

/**
 * lks_cloud_resource_unref:
 * @self: (transfer full): a resource
 */
void
lks_cloud_resource_unref (LksCloudResource *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

/* ---- one field, for those who show all of them ---- */

/**
 * lks_cloud_resource_get_text:
 * @self: a resource
 * @field: a text of its kind
 *
 * Returns: (nullable): what it says
 */
const char *
lks_cloud_resource_get_text (const LksCloudResource *self, const LksCloudField *field)
{
  g_return_val_if_fail (field->type == LKS_CLOUD_FIELD_TEXT, NULL);
  return G_STRUCT_MEMBER (char *, self, field->offset);
}

/**
 * lks_cloud_resource_get_flag:
 * @self: a resource
 * @field: a flag of its kind
 *
 * Returns: what it says
 */
LksCloudFlag
lks_cloud_resource_get_flag (const LksCloudResource *self, const LksCloudField *field)
{
  g_return_val_if_fail (field->type == LKS_CLOUD_FIELD_FLAG, LKS_CLOUD_FLAG_UNKNOWN);
  return G_STRUCT_MEMBER (LksCloudFlag, self, field->offset);
}

/**
 * lks_cloud_resource_get_count:
 * @self: a resource
 * @field: a count of its kind
 *
 * Returns: what it says, -1 when it was not told
 */
gint64
lks_cloud_resource_get_count (const LksCloudResource *self, const LksCloudField *field)
{
  g_return_val_if_fail (field->type == LKS_CLOUD_FIELD_COUNT, COUNT_UNKNOWN);
  return G_STRUCT_MEMBER (gint64, self, field->offset);
}

/**
 * lks_cloud_resource_get_list:
 * @self: a resource
 * @field: a list of its kind
 *
 * Returns: (transfer none) (nullable): what it says
 */
char **
lks_cloud_resource_get_list (const LksCloudResource *self, const LksCloudField *field)
{
  g_return_val_if_fail (field->type == LKS_CLOUD_FIELD_LIST, NULL);
  return G_STRUCT_MEMBER (char **, self, field->offset);
}
