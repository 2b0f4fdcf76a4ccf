/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-line.h"

#include "lks-csv.h"

/**
 * lks_cloud_line_get_places:
 * @resource: anything that the service lists
 * @places: (out caller-allocates): its name, group, product and catalog; they live as long as it
 *
 * Tells where a resource is, from the nearest place to the farthest.
 */
void
lks_cloud_line_get_places (const LksCloudResource *resource,
                           LksCloudPlaceName places[LKS_CLOUD_N_PLACE_NAMES])
{
  const LksCloudScope *scope = resource->scope;

  places[0] = (LksCloudPlaceName){ "name", resource->name };
  places[1] = (LksCloudPlaceName){ "group", scope != NULL ? scope->group : NULL };
  places[2] = (LksCloudPlaceName){ "product", scope != NULL ? scope->product : NULL };
  places[3] = (LksCloudPlaceName){ "catalog", scope != NULL ? scope->catalog : NULL };
}

/* ---- JSON ---- */

static JsonArray *
list_to_json (char **list)
{
  JsonArray *array = json_array_new ();

  for (gsize i = 0; list != NULL && list[i] != NULL; i++)
    json_array_add_string_element (array, list[i]);
  return array;
}

static void
set_field (JsonObject *object, const LksCloudResource *self, const LksCloudField *field)
{
  if (field->type == LKS_CLOUD_FIELD_TEXT)
    lks_json_set_text (object, field->member, lks_cloud_resource_get_text (self, field));
  else if (field->type == LKS_CLOUD_FIELD_LIST)
    json_object_set_array_member (object, field->member,
                                  list_to_json (lks_cloud_resource_get_list (self, field)));
  else if (field->type == LKS_CLOUD_FIELD_COUNT && lks_cloud_resource_get_count (self, field) >= 0)
    json_object_set_int_member (object, field->member, lks_cloud_resource_get_count (self, field));
  else if (field->type == LKS_CLOUD_FIELD_FLAG &&
           lks_cloud_resource_get_flag (self, field) != LKS_CLOUD_FLAG_UNKNOWN)
    json_object_set_boolean_member (object, field->member,
                                    lks_cloud_resource_get_flag (self, field) ==
                                        LKS_CLOUD_FLAG_YES);
  else
    json_object_set_null_member (object, field->member);
}

/**
 * lks_cloud_line_to_json:
 * @resource: anything that the service lists
 *
 * Returns: (transfer full): where it is and what it tells, by the service's own names
 */
JsonObject *
lks_cloud_line_to_json (const LksCloudResource *resource)
{
  JsonObject *object = json_object_new ();

  if (resource->scope != NULL)
    {
      g_autofree char *id = lks_cloud_scope_dup_id (resource->scope);
      LksCloudPlaceName places[LKS_CLOUD_N_PLACE_NAMES];

      json_object_set_string_member (object, "id", id);
      lks_cloud_line_get_places (resource, places);
      for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
        lks_json_set_text (object, places[i].member, places[i].value);
      lks_json_set_text (object, "resourceGroup", resource->scope->resource_group);
      lks_json_set_text (object, "subscription", resource->scope->subscription);
      lks_json_set_text (object, "provisioningState", resource->state);
    }
  for (gsize i = 0; i < resource->kind->n_fields; i++)
    set_field (object, resource, &resource->kind->fields[i]);
  return object;
}

/* ---- text ---- */

/**
 * lks_cloud_line_dup_cell:
 * @resource: anything that the service lists
 * @field: one of its fields
 *
 * Returns: (transfer full) (nullable): what it tells as text for a program or a table: "yes" and
 *   "no", lists with spaces between; NULL when the service did not tell
 */
char *
lks_cloud_line_dup_cell (const LksCloudResource *resource, const LksCloudField *field)
{
  switch (field->type)
    {
    case LKS_CLOUD_FIELD_TEXT:
      return g_strdup (lks_cloud_resource_get_text (resource, field));
    case LKS_CLOUD_FIELD_FLAG:
      switch (lks_cloud_resource_get_flag (resource, field))
        {
        case LKS_CLOUD_FLAG_YES:
          return g_strdup ("yes");
        case LKS_CLOUD_FLAG_NO:
          return g_strdup ("no");
        case LKS_CLOUD_FLAG_UNKNOWN:
          break;
        }
      return NULL;
    case LKS_CLOUD_FIELD_COUNT:
      return lks_cloud_resource_get_count (resource, field) < 0
                 ? NULL
                 : g_strdup_printf ("%" G_GINT64_FORMAT,
                                    lks_cloud_resource_get_count (resource, field));
    case LKS_CLOUD_FIELD_LIST:
      return lks_cloud_resource_get_list (resource, field) != NULL
                 ? g_strjoinv (" ", lks_cloud_resource_get_list (resource, field))
                 : NULL;
    }
  return NULL;
}

/**
 * lks_cloud_line_append_csv_heading:
 * @kind: a kind of resource
 * @text: what to append to; empty, or at the beginning of a line
 *
 * Appends the first line of a table of such resources (RFC 4180), with its end.
 */
void
lks_cloud_line_append_csv_heading (const LksCloudKind *kind, GString *text)
{
  if (!kind->is_flat)
    g_string_append (text, "id,name,group,product,catalog");
  for (gsize i = 0; i < kind->n_fields; i++)
    lks_csv_append_short_cell (text, kind->fields[i].member);
  g_string_append (text, "\r\n");
}

/**
 * lks_cloud_line_append_csv:
 * @resource: anything that the service lists
 * @text: what to append to; empty, or at the beginning of a line
 *
 * Appends its line of the table, with the line's end.
 */
void
lks_cloud_line_append_csv (const LksCloudResource *resource, GString *text)
{
  LksCloudPlaceName places[LKS_CLOUD_N_PLACE_NAMES];

  if (resource->scope != NULL)
    {
      g_autofree char *id = lks_cloud_scope_dup_id (resource->scope);

      lks_csv_append_short_cell (text, id);
      lks_cloud_line_get_places (resource, places);
      for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
        lks_csv_append_short_cell (text, places[i].value);
    }
  for (gsize i = 0; i < resource->kind->n_fields; i++)
    {
      g_autofree char *cell = lks_cloud_line_dup_cell (resource, &resource->kind->fields[i]);

      lks_csv_append_short_cell (text, cell);
    }
  g_string_append (text, "\r\n");
}
