/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images and deployments, as the Legacy interface takes them. */
#include "lks-cloud-legacy-private.h"

static gboolean
is_image_there (LksLegacyWork *work, gboolean *out_is_there, GError **error)
{
  static const LksCloudCall get = { .method = "GET" };
  g_autofree char *tail = g_strdup_printf ("images/%s/metadata", work->call->scope->leaf);
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) reason = NULL;

  *out_is_there = lks_legacy_ask (work, &get, tail, &answer, &reason);
  if (*out_is_there || lks_legacy_is_missing (reason))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

/* The bytes themselves are sent. That must not happen twice: what is there already stays. */
gboolean
lks_legacy_put_image (LksLegacyWork *work, GError **error)
{
  JsonObject *root;
  JsonObject *properties;
  g_autoptr (LksJson) json = lks_legacy_parse_body (work, &root, &properties);
  const char *base64 = lks_legacy_get_text (properties, "image");
  gsize n_bytes = 0;
  g_autofree guchar *bytes = g_base64_decode (base64 != NULL ? base64 : "", &n_bytes);
  const LksCloudCall call = { .method = "POST",
                              .content_type = "application/octet-stream",
                              .body = (const char *) bytes,
                              .body_bytes = n_bytes,
                              .limit_ms = work->call->limit_ms };
  g_auto (LksCloudAnswer) answer = { 0 };
  gboolean is_there;

  if (!lks_legacy_check_region (properties, error) || !is_image_there (work, &is_there, error))
    return FALSE;
  return is_there || (lks_legacy_ask (work, &call, "images", &answer, error) &&
                      lks_legacy_wait_for (work, &answer, error));
}

gboolean
lks_legacy_put_deployment (LksLegacyWork *work, GError **error)
{
  JsonObject *root;
  JsonObject *properties;
  g_autoptr (LksJson) json = lks_legacy_parse_body (work, &root, &properties);
  JsonArray *images = json_object_get_array_member (properties, "deployedImages");
  g_autoptr (JsonArray) ids = json_array_new ();
  g_autofree char *text = NULL;
  g_autofree char *tail = NULL;

  if (!lks_legacy_resolve (work, work->call->scope, error))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (images); i++)
    json_array_add_string_element (
        ids, lks_legacy_get_text (json_object_get_object_member (
                                      json_array_get_object_element (images, i), "properties"),
                                  "imageId"));
  text = lks_legacy_array_to_text (ids);
  tail = g_strdup_printf ("devicegroups/%s/deployments", work->group);
  return lks_legacy_run (work, "POST", tail, text, error);
}
