/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-software.h"

G_BEGIN_DECLS

LksAppStatus *lks_app_trigger    (LksDevice          *device,
                                  const char         *component_id,
                                  LksAppTrigger       trigger,
                                  GCancellable       *cancellable,
                                  GError            **error) G_GNUC_WARN_UNUSED_RESULT;
char         *lks_app_find       (const LksSoftware  *software,
                                  const char         *name_or_id,
                                  GError            **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
