/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksListPage:
 *
 * A page of the window with a list and, beside it or in a narrow window behind it, what is
 * selected. A subclass has the two in a leaflet of its template, named "list" and "content". The
 * property "can-go-back" notifies.
 */
#define LKS_TYPE_LIST_PAGE (lks_list_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (LksListPage, lks_list_page, LKS, LIST_PAGE, AdwBin)

struct _LksListPageClass {
  AdwBinClass parent_class;
};

void lks_list_page_set_leaflet (LksListPage *self,
                                AdwLeaflet  *leaflet);
void lks_list_page_go_back     (LksListPage *self);
void lks_list_page_go_forward  (LksListPage *self);

G_END_DECLS
