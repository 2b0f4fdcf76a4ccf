/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-page.h"

#include "lks-cloud-error.h"
#include "lks-cloud-http.h"
#include "lks-cloud-url.h"

#include <string.h>

static const struct
{
  const char *items;
  const char *next;
} names[] = {
  [LKS_CLOUD_PAGING_LINK] = { "value", "nextLink" },
  [LKS_CLOUD_PAGING_CONTINUATION] = { "Items", "ContinuationToken" },
};

/* A continuation goes into a header: nothing in it may begin another one. */
static gboolean
is_plain (const char *text)
{
  for (const char *at = text; *at != '\0'; at++)
    if (!g_ascii_isgraph (*at))
      return FALSE;
  return strlen (text) <= LKS_CLOUD_URL_BYTES_MAX;
}

static gboolean
read_next (LksCloudPage *self, JsonObject *root, const char *member, GError **error)
{
  if (!lks_json_has (root, member))
    return TRUE;
  if (!lks_json_read_string (self->json, root, member, &self->next, error))
    return FALSE;
  if (self->next[0] == '\0')
    g_clear_pointer (&self->next, g_free);
  if (self->next == NULL || is_plain (self->next))
    return TRUE;

  lks_json_set_error (self->json, json_object_get_member (root, member), error,
                      "“%s” cannot be an address or a token", member);
  return FALSE;
}

static gboolean
check_items (LksCloudPage *self, GError **error)
{
  for (guint i = 0; i < json_array_get_length (self->items); i++)
    {
      JsonNode *node = json_array_get_element (self->items, i);

      if (!JSON_NODE_HOLDS_OBJECT (node))
        {
          lks_json_set_error (self->json, node, error, "expected a list of objects");
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
read_page (LksCloudPage *self, LksCloudPaging paging, GError **error)
{
  JsonNode *root = lks_json_get_root (self->json);
  JsonObject *object;

  if (paging == LKS_CLOUD_PAGING_CONTINUATION && JSON_NODE_HOLDS_ARRAY (root))
    {
      self->items = json_node_get_array (root);
      return check_items (self, error);
    }

  object = lks_json_get_root_object (self->json, error);
  return object != NULL &&
         lks_json_read_array (self->json, object, names[paging].items, &self->items, error) &&
         check_items (self, error) && read_next (self, object, names[paging].next, error);
}

/* Reads one page into the zeroed @self. Errors are LKS_CLOUD_ERROR_BAD_ANSWER. */
gboolean
lks_cloud_page_parse (LksCloudPage *self, LksCloudPaging paging, GBytes *body, GError **error)
{
  g_autoptr (GError) reason = NULL;
  gsize size_bytes;
  gconstpointer data = g_bytes_get_data (body, &size_bytes);

  self->json = lks_json_parse ("page", data, size_bytes, LKS_CLOUD_BODY_MAX_BYTES, &reason);
  if (self->json != NULL && read_page (self, paging, &reason))
    return TRUE;

  lks_cloud_page_clear (self);
  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER,
               "the service's list is not understood: %s", reason->message);
  return FALSE;
}

void
lks_cloud_page_clear (LksCloudPage *self)
{
  self->items = NULL;
  g_clear_pointer (&self->json, lks_json_free);
  g_clear_pointer (&self->next, g_free);
}
