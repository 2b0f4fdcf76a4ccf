/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-legacy-index.h"
#include "lks-cloud-legacy-shape.h"

G_BEGIN_DECLS

/**
 * LksLegacyWork:
 * @client: (unowned): the client
 * @call: what is asked, in terms of the Integrated interface
 * @cancellable: (unowned) (nullable)
 * @index: (unowned) (nullable): names and IDs of the tenant
 * @product: (nullable): ID of the product that @call is about, belongs to @index
 * @group: (nullable): ID of its device group
 * @names: who knows names
 * @answer: (unowned) (nullable): where the result goes
 * @out_operation: (unowned) (nullable): where it is told what became of what
 *
 * One call while it is answered.
 */
typedef struct {
  LksCloudClient *client;
  const LksCloudCall *call;
  GCancellable *cancellable;
  LksLegacyIndex *index;
  const char *product;
  const char *group;
  LksLegacyNames names;
  LksCloudAnswer *answer;
  LksCloudOperation **out_operation;
} LksLegacyWork;

typedef gboolean (*LksLegacyAct) (LksLegacyWork *work, GError **error);

/* lks-cloud-legacy.c */
gboolean    lks_legacy_ask              (LksLegacyWork       *work,
                                         const LksCloudCall  *call,
                                         const char          *tail,
                                         LksCloudAnswer      *answer,
                                         GError             **error);
gboolean    lks_legacy_resolve          (LksLegacyWork       *work,
                                         const LksCloudScope *scope,
                                         GError             **error);
void        lks_legacy_answer           (LksLegacyWork       *work,
                                         JsonObject          *object);
LksJson    *lks_legacy_parse            (const LksCloudAnswer *answer,
                                         GError             **error) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *lks_legacy_read             (LksLegacyWork       *work,
                                         const LksCloudAnswer *answer,
                                         LksLegacyShape       shape,
                                         GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean    lks_legacy_walk             (LksLegacyWork       *work,
                                         const char          *tail,
                                         LksLegacyShape       shape,
                                         LksCloudItemFunc     func,
                                         gpointer             user_data,
                                         GError             **error);

/* lks-cloud-legacy-get.c */
gboolean    lks_legacy_get_tenant       (LksLegacyWork *work, GError **error);
gboolean    lks_legacy_get_product      (LksLegacyWork *work, GError **error);
gboolean    lks_legacy_get_group        (LksLegacyWork *work, GError **error);
gboolean    lks_legacy_get_device       (LksLegacyWork *work, GError **error);
gboolean    lks_legacy_get_image        (LksLegacyWork *work, GError **error);
gboolean    lks_legacy_get_deployment   (LksLegacyWork *work, GError **error);
gboolean    lks_legacy_get_certificate  (LksLegacyWork *work, GError **error);
gboolean    lks_legacy_get_chain        (LksLegacyWork *work, GError **error);
gboolean    lks_legacy_count            (LksLegacyWork *work, GError **error);

/* lks-cloud-legacy-request.c */
LksJson    *lks_legacy_parse_body       (LksLegacyWork       *work,
                                         JsonObject         **out_root,
                                         JsonObject         **out_properties) G_GNUC_WARN_UNUSED_RESULT;
const char *lks_legacy_get_text         (JsonObject          *object,
                                         const char          *member);
char       *lks_legacy_array_to_text    (JsonArray           *array) G_GNUC_WARN_UNUSED_RESULT;
gboolean    lks_legacy_send             (LksLegacyWork       *work,
                                         const char          *method,
                                         const char          *tail,
                                         const char          *body,
                                         LksCloudAnswer      *answer,
                                         GError             **error);
gboolean    lks_legacy_wait_for         (LksLegacyWork       *work,
                                         const LksCloudAnswer *answer,
                                         GError             **error);
gboolean    lks_legacy_run              (LksLegacyWork       *work,
                                         const char          *method,
                                         const char          *tail,
                                         const char          *body,
                                         GError             **error);
gboolean    lks_legacy_is_missing       (const GError        *error);
gboolean    lks_legacy_resolve_if_there (LksLegacyWork       *work,
                                         gboolean            *out_is_there,
                                         GError             **error);
gboolean    lks_legacy_check_region     (JsonObject          *properties,
                                         GError             **error);

/* lks-cloud-legacy-act.c, -device.c, -image.c */
gboolean    lks_legacy_put_product      (LksLegacyWork *work, GError **error);
gboolean    lks_legacy_patch_product    (LksLegacyWork *work, GError **error);
gboolean    lks_legacy_delete_product   (LksLegacyWork *work, GError **error);
gboolean    lks_legacy_put_group        (LksLegacyWork *work, GError **error);
gboolean    lks_legacy_patch_group      (LksLegacyWork *work, GError **error);
gboolean    lks_legacy_delete_group     (LksLegacyWork *work, GError **error);
gboolean    lks_legacy_put_image        (LksLegacyWork *work, GError **error);
gboolean    lks_legacy_put_deployment   (LksLegacyWork *work, GError **error);
gboolean    lks_legacy_claim            (LksLegacyWork *work, GError **error);
gboolean    lks_legacy_claim_all        (LksLegacyWork *work, GError **error);
gboolean    lks_legacy_move             (LksLegacyWork *work, GError **error);
gboolean    lks_legacy_make_capability  (LksLegacyWork *work, GError **error);

G_END_DECLS
