/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksMessagePage:
 *
 * A page that says one thing, in the middle: an icon, a title, a description and, below them, a
 * child. Looks like AdwStatusPage, but finds its size without asking its texts for every width
 * that they could have.
 */
#define LKS_TYPE_MESSAGE_PAGE (lks_message_page_get_type ())
G_DECLARE_FINAL_TYPE (LksMessagePage, lks_message_page, LKS, MESSAGE_PAGE, GtkWidget)

void lks_message_page_set_description (LksMessagePage *self,
                                       const char     *description);

G_END_DECLS
