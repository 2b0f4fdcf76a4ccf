/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksInstallKind:
 * @LKS_INSTALL_KIND_IMAGES: image packages of any kind
 * @LKS_INSTALL_KIND_REMOVAL: the empty capability file, which takes a stored capability away
 */
typedef enum {
  LKS_INSTALL_KIND_IMAGES,
  LKS_INSTALL_KIND_REMOVAL,
} LksInstallKind;

/**
 * LksInstallDialog:
 *
 * Shows what image packages are and what would happen if they were installed, before anything is
 * sent; installs them, with progress; and shows what is proven to be on the board then. Without a
 * board it only shows what they are. Emits "installed" when something may have changed.
 */
#define LKS_TYPE_INSTALL_DIALOG (lks_install_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksInstallDialog, lks_install_dialog, LKS, INSTALL_DIALOG, AdwWindow)

LksInstallDialog *lks_install_dialog_new (GtkWindow         *parent,
                                          LksBoard          *board,
                                          LksInstallKind     kind,
                                          const char *const *paths);

G_END_DECLS
