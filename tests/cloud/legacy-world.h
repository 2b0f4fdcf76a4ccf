/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-fixture.h"
#include "emulator-process.h"

#include "lks-cloud-resource.h"

G_BEGIN_DECLS

/* The emulated service, asked through both interfaces over the same catalogs. */
typedef struct {
  EmulatorProcess process;
  LksCloudTrust *trust;
  LksCloudPlace *legacy_place;
  LksCloudPlace *integrated_place;
  LksCloudClient *legacy;
  LksCloudClient *integrated;
  LksCloudScope *tenant;
  LksCloudScope *catalog;
} LegacyWorld;

/* Puts a list into rows of text. */
typedef gboolean (*LegacyListFunc) (LksCloudClient       *client,
                                    const LksCloudScope  *scope,
                                    GPtrArray            *rows,
                                    GError              **error);

extern const char *legacy_emulator;

LksCloudClient *legacy_sign_in           (LegacyWorld *w,
                                          const LksCloudPlace *station,
                                          const LksCloudPlace *place,
                                          const LksCloudPolicy *policy);
void            legacy_world_open        (LegacyWorld *w,
                                          const char *more);
void            legacy_world_stop        (LegacyWorld *w);
GBytes         *legacy_make_image        (LegacyWorld *w,
                                          const char *id);
void            legacy_add_fault         (LegacyWorld *w,
                                          const char *fault);
guint           legacy_count_asked       (LegacyWorld *w,
                                          const char *what);
gboolean        legacy_take_row          (LksCloudResource *resource,
                                          gpointer user_data,
                                          GError **error);
gboolean        legacy_list_products     (LksCloudClient *client,
                                          const LksCloudScope *scope,
                                          GPtrArray *rows,
                                          GError **error);
gboolean        legacy_list_groups       (LksCloudClient *client,
                                          const LksCloudScope *scope,
                                          GPtrArray *rows,
                                          GError **error);
gboolean        legacy_list_named_groups (LksCloudClient *client,
                                          const LksCloudScope *scope,
                                          GPtrArray *rows,
                                          GError **error);
gboolean        legacy_list_devices      (LksCloudClient *client,
                                          const LksCloudScope *scope,
                                          GPtrArray *rows,
                                          GError **error);
gboolean        legacy_list_images       (LksCloudClient *client,
                                          const LksCloudScope *scope,
                                          GPtrArray *rows,
                                          GError **error);
gboolean        legacy_list_deployments  (LksCloudClient *client,
                                          const LksCloudScope *scope,
                                          GPtrArray *rows,
                                          GError **error);
gboolean        legacy_list_insights     (LksCloudClient *client,
                                          const LksCloudScope *scope,
                                          GPtrArray *rows,
                                          GError **error);
gboolean        legacy_list_certificates (LksCloudClient *client,
                                          const LksCloudScope *scope,
                                          GPtrArray *rows,
                                          GError **error);
GPtrArray      *legacy_list_rows         (LksCloudClient *client,
                                          const LksCloudScope *scope,
                                          LegacyListFunc list);
void            legacy_assert_same       (LegacyWorld *w,
                                          const char *product,
                                          const char *group,
                                          LegacyListFunc list,
                                          guint n);
LksCloudScope  *legacy_find_one          (LegacyWorld *w,
                                          const char *product,
                                          const char *group);
gint64          legacy_count             (LegacyWorld *w,
                                          const char *product,
                                          const char *group);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LegacyWorld, legacy_world_stop)

G_END_DECLS
