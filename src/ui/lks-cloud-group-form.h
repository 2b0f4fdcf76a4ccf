/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-group.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksCloudGroupForm:
 *
 * What the devices of a group get from the cloud, to be chosen, each choice with what it means.
 */
#define LKS_TYPE_CLOUD_GROUP_FORM (lks_cloud_group_form_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudGroupForm, lks_cloud_group_form, LKS, CLOUD_GROUP_FORM, AdwBin)

void lks_cloud_group_form_set_group    (LksCloudGroupForm     *self,
                                        const LksCloudGroup   *group);
void lks_cloud_group_form_get_settings (LksCloudGroupForm     *self,
                                        LksCloudGroupSettings *out_settings);

const char *lks_cloud_group_form_get_words (const char      *member,
                                            const char      *value,
                                            const char     **out_meaning);

G_END_DECLS
