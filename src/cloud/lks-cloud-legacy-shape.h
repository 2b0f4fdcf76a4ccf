/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-scope.h"
#include "lks-json.h"

G_BEGIN_DECLS

/**
 * LksLegacyNames:
 * @within: (nullable): the place that was asked about; NULL in the list of tenants
 * @place: where a product (@group NULL) or a device group is, by their IDs; both NULL for none
 * @image: the name of an image, NULL when it has none
 * @data: for the two
 *
 * The Legacy interface tells IDs where the Integrated one tells names: who finds them.
 */
typedef struct {
  const LksCloudScope *within;
  LksCloudScope *(*place) (gpointer data, const char *product, const char *group);
  char          *(*image) (gpointer data, const char *id);
  gpointer data;
} LksLegacyNames;

/**
 * LksLegacyShape:
 * @json: the document, for messages
 * @item: something as the Legacy interface tells it
 * @names: who knows names
 * @error: return location for a [error@Lks.ParseError]
 *
 * Returns: (transfer full): it as the Integrated interface would tell it, or NULL with @error set;
 *   NULL without @error when it is nothing to list
 */
typedef JsonObject *(*LksLegacyShape) (LksJson               *json,
                                       JsonObject            *item,
                                       const LksLegacyNames  *names,
                                       GError               **error);

JsonObject *lks_legacy_shape_tenant      (LksJson               *json,
                                          JsonObject            *item,
                                          const LksLegacyNames  *names,
                                          GError               **error) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *lks_legacy_shape_product     (LksJson               *json,
                                          JsonObject            *item,
                                          const LksLegacyNames  *names,
                                          GError               **error) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *lks_legacy_shape_group       (LksJson               *json,
                                          JsonObject            *item,
                                          const LksLegacyNames  *names,
                                          GError               **error) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *lks_legacy_shape_device      (LksJson               *json,
                                          JsonObject            *item,
                                          const LksLegacyNames  *names,
                                          GError               **error) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *lks_legacy_shape_image       (LksJson               *json,
                                          JsonObject            *item,
                                          const LksLegacyNames  *names,
                                          GError               **error) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *lks_legacy_shape_current     (LksJson               *json,
                                          JsonObject            *item,
                                          const LksLegacyNames  *names,
                                          GError               **error) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *lks_legacy_shape_deployment  (LksJson               *json,
                                          JsonObject            *item,
                                          const LksLegacyNames  *names,
                                          GError               **error) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *lks_legacy_shape_certificate (LksJson               *json,
                                          JsonObject            *item,
                                          const LksLegacyNames  *names,
                                          GError               **error) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *lks_legacy_shape_insight     (LksJson               *json,
                                          JsonObject            *item,
                                          const LksLegacyNames  *names,
                                          GError               **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
