/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksCloudSignIn:
 *
 * Lets a person sign in to the cloud, with a code on any computer or in a browser on this one. The
 * signal "done" says that somebody has signed in, or that the person went back.
 */
#define LKS_TYPE_CLOUD_SIGN_IN (lks_cloud_sign_in_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudSignIn, lks_cloud_sign_in, LKS, CLOUD_SIGN_IN, AdwBin)

void lks_cloud_sign_in_set_up (LksCloudSignIn *self,
                               LksCloudDesk   *desk,
                               GSettings      *settings);
void lks_cloud_sign_in_stop   (LksCloudSignIn *self);

G_END_DECLS
