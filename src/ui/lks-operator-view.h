/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-operator-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksOperatorPlaces:
 * @chip: where the main window shows who is at the station
 * @sign_in: where it asks people to sign in
 * @content: what it shows to whoever is signed in
 * @switcher: what leads to the pages of @content
 * @narrow_switcher: the same, where there is little room
 *
 * Parts of the main window. None is owned.
 */
typedef struct {
  AdwBin    *chip;
  AdwBin    *sign_in;
  GtkWidget *content;
  GtkWidget *switcher;
  GtkWidget *narrow_switcher;
} LksOperatorPlaces;

/**
 * LksOperatorView:
 *
 * What the main window does about who is at the station: shows it, asks for it, and signs out
 * whoever has gone away. What the person had open is closed then; runs go on.
 */
#define LKS_TYPE_OPERATOR_VIEW (lks_operator_view_get_type ())
G_DECLARE_FINAL_TYPE (LksOperatorView, lks_operator_view, LKS, OPERATOR_VIEW, GObject)

LksOperatorView *lks_operator_view_new (GtkWindow               *window,
                                        const LksOperatorPlaces *places,
                                        LksOperatorSession      *session,
                                        const GError            *problem) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
