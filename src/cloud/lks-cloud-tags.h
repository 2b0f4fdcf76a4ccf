/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-json.h"

G_BEGIN_DECLS

/* Tags are names and values that an organization gives its catalogs, for bills and scripts. They are
 * a GHashTable (element-type utf8 utf8); names are compared without case. */

GHashTable *lks_cloud_tags_new      (void) G_GNUC_WARN_UNUSED_RESULT;
GHashTable *lks_cloud_tags_copy     (GHashTable   *self) G_GNUC_WARN_UNUSED_RESULT;
void        lks_cloud_tags_add_all  (GHashTable   *self,
                                     GHashTable   *others);
GHashTable *lks_cloud_tags_read     (LksJson      *json,
                                     JsonObject   *object,
                                     GError      **error) G_GNUC_WARN_UNUSED_RESULT;
GHashTable *lks_cloud_tags_parse    (const char   *lines,
                                     GError      **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean    lks_cloud_tags_set      (GHashTable   *self,
                                     const char   *tag,
                                     GError      **error);
gboolean    lks_cloud_tags_remove   (GHashTable   *self,
                                     const char   *name);
gboolean    lks_cloud_tags_equal    (GHashTable   *self,
                                     GHashTable   *other);

gboolean    lks_cloud_tag_is_plain  (const char   *name,
                                     const char   *value);
char      **lks_cloud_tags_to_list  (GHashTable   *self) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *lks_cloud_tags_to_json  (GHashTable   *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
