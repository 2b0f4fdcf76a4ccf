/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-desk.h"
#include "lks-cloud-scope.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksCatalogRow:
 *
 * Where a person chooses one of the catalogs that the present account sees. It tells when nobody is
 * signed in, and when the cloud does not answer. The signal "changed" says that another one is
 * chosen, or none can be.
 */
#define LKS_TYPE_CATALOG_ROW (lks_catalog_row_get_type ())
G_DECLARE_FINAL_TYPE (LksCatalogRow, lks_catalog_row, LKS, CATALOG_ROW, AdwComboRow)

void                 lks_catalog_row_set_texts   (LksCatalogRow  *self,
                                                  const char     *nobody,
                                                  const char     *none,
                                                  const char     *all);
void                 lks_catalog_row_set_desk    (LksCatalogRow  *self,
                                                  LksCloudDesk   *desk);
const LksCloudScope *lks_catalog_row_get_catalog (LksCatalogRow  *self);

G_END_DECLS
