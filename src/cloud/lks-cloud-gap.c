/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-gap.h"

#include "lks-cloud-error.h"
#include "lks-enums.h"

static void
gap_free (gpointer data)
{
  LksCloudGap *self = data;

  g_free (self->name);
  g_error_free (self->error);
  g_free (self);
}

/**
 * lks_cloud_gaps_new:
 *
 * Returns: (transfer full) (element-type LksCloudGap): none yet
 */
GPtrArray *
lks_cloud_gaps_new (void)
{
  return g_ptr_array_new_with_free_func (gap_free);
}

/**
 * lks_cloud_gaps_copy:
 * @self: (element-type LksCloudGap): some, perhaps none
 *
 * Returns: (transfer full) (element-type LksCloudGap): the same, for another thread
 */
GPtrArray *
lks_cloud_gaps_copy (GPtrArray *self)
{
  GPtrArray *copy = lks_cloud_gaps_new ();

  lks_cloud_gaps_add_all (copy, self);
  return copy;
}

/* Others would strike everywhere, or pass by themselves. */
static gboolean
is_of_one_place (const GError *error)
{
  return g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_FORBIDDEN) ||
         g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND) ||
         g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SETUP);
}

static gboolean
has (GPtrArray *self, LksCloudGapKind kind, const char *name)
{
  for (guint i = 0; i < self->len; i++)
    {
      const LksCloudGap *gap = g_ptr_array_index (self, i);

      if (gap->kind == kind && g_ascii_strcasecmp (gap->name, name) == 0)
        return TRUE;
    }
  return FALSE;
}

/**
 * lks_cloud_gaps_add:
 * @self: (element-type LksCloudGap): those so far
 * @kind: what could not be looked into
 * @name: what it is called
 * @error: why
 *
 * Notes that a place is left out, when the rest can still be looked into: it lacks a right, is not
 * set up, or is gone.
 *
 * Returns: whether @error is of that kind; otherwise nothing is noted
 */
gboolean
lks_cloud_gaps_add (GPtrArray *self, LksCloudGapKind kind, const char *name, const GError *error)
{
  LksCloudGap *gap;

  if (!is_of_one_place (error))
    return FALSE;
  if (has (self, kind, name))
    return TRUE;
  gap = g_new0 (LksCloudGap, 1);
  gap->kind = kind;
  gap->name = g_strdup (name);
  gap->error = g_error_copy (error);
  g_ptr_array_add (self, gap);
  return TRUE;
}

/**
 * lks_cloud_gaps_add_all:
 * @self: (element-type LksCloudGap): those so far
 * @others: (element-type LksCloudGap): more
 *
 * Notes @others, too; each place once.
 */
void
lks_cloud_gaps_add_all (GPtrArray *self, GPtrArray *others)
{
  for (guint i = 0; i < others->len; i++)
    {
      const LksCloudGap *gap = g_ptr_array_index (others, i);

      lks_cloud_gaps_add (self, gap->kind, gap->name, gap->error);
    }
}

/**
 * lks_cloud_gap_kind_get_word:
 * @kind: what could not be looked into
 *
 * Returns: (transfer none): it in English, which documents have, too
 */
const char *
lks_cloud_gap_kind_get_word (LksCloudGapKind kind)
{
  switch (kind)
    {
    case LKS_CLOUD_GAP_SUBSCRIPTION:
      return "subscription";
    case LKS_CLOUD_GAP_CATALOG:
      return "catalog";
    }
  return "";
}

/**
 * lks_cloud_gaps_to_words:
 * @self: (element-type LksCloudGap): at least one
 *
 * Returns: (transfer full): what was left out and why, in English
 */
char *
lks_cloud_gaps_to_words (GPtrArray *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->len; i++)
    {
      const LksCloudGap *gap = g_ptr_array_index (self, i);

      g_string_append_printf (text, "%sthe %s %s: %s", i > 0 ? "; " : "",
                              lks_cloud_gap_kind_get_word (gap->kind), gap->name,
                              gap->error->message);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static JsonObject *
error_to_json (const GError *error)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "domain", "cloud");
  json_object_set_string_member (object, "code",
                                 lks_enum_to_nick (LKS_TYPE_CLOUD_ERROR, error->code));
  json_object_set_string_member (object, "message", error->message);
  json_object_set_string_member (object, "advice", lks_cloud_error_get_advice (error));
  return object;
}

/**
 * lks_cloud_gaps_to_json:
 * @self: (element-type LksCloudGap): what was left out, perhaps nothing
 *
 * Returns: (transfer full): the member "leftOut" of documents
 */
JsonArray *
lks_cloud_gaps_to_json (GPtrArray *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < self->len; i++)
    {
      const LksCloudGap *gap = g_ptr_array_index (self, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "kind", lks_cloud_gap_kind_get_word (gap->kind));
      json_object_set_string_member (object, "name", gap->name);
      json_object_set_object_member (object, "error", error_to_json (gap->error));
      json_array_add_object_element (array, object);
    }
  return array;
}
