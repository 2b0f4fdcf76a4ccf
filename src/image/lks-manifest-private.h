/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-json.h"
#include "lks-manifest.h"

G_BEGIN_DECLS

gboolean lks_manifest_read_texts        (LksJson      *json,
                                         JsonObject   *object,
                                         const char   *member,
                                         char       ***out_texts,
                                         GError      **error);
gboolean lks_manifest_read_capabilities (LksManifest  *self,
                                         LksJson      *json,
                                         JsonObject   *root,
                                         GError      **error);

G_END_DECLS
