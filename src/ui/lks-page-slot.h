/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksPageSlot:
 *
 * A place in a stack for a page that is built when it is first shown, so that the first frame of
 * the window does not wait for pages that nobody looks at.
 *
 * Properties: "page-type" (what to build), "page" (the page, NULL until then; its notification is
 * the moment to give the page what it works on).
 */
#define LKS_TYPE_PAGE_SLOT (lks_page_slot_get_type ())
G_DECLARE_FINAL_TYPE (LksPageSlot, lks_page_slot, LKS, PAGE_SLOT, AdwBin)

GtkWidget *lks_page_slot_get_page    (LksPageSlot *self);
GtkWidget *lks_page_slot_ensure_page (LksPageSlot *self);

G_END_DECLS
