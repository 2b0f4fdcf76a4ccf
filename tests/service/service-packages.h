/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-sideload-plan.h"

G_BEGIN_DECLS

#define PACKAGES_APP "bbbbbbbb-0000-4000-8000-000000000001"
#define PACKAGES_OTHER_APP "bbbbbbbb-0000-4000-8000-000000000002"

/* Images that the emulated boards of this bench accept. */
typedef struct {
  gboolean sdk;             /* signed for development */
  const char *component_id; /* PACKAGES_APP when NULL */
  const char *name;         /* "Test" when NULL */
  const char *capabilities; /* members of the manifest's object */
  const char *type;         /* (nullable): ApplicationType */
  guint runtime;            /* 12 when 0 */
  gint64 built_unix_s;      /* now when 0 */
  gsize program_bytes;      /* 100 when 0 */
} PackageSpec;

void                packages_clean_up     (void);

GBytes             *packages_build_app    (const PackageSpec *spec) G_GNUC_WARN_UNUSED_RESULT;
GBytes             *packages_build_other  (guint16            image_type,
                                           gint64             built_unix_s) G_GNUC_WARN_UNUSED_RESULT;
GBytes             *packages_build_key    (const char        *device_id,
                                           guint16            capability) G_GNUC_WARN_UNUSED_RESULT;
LksSideloadPackage *packages_new          (GBytes            *bytes) G_GNUC_WARN_UNUSED_RESULT;
LksSideloadPackage *packages_new_app      (const PackageSpec *spec) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
