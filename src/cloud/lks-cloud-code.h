/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-error.h"

G_BEGIN_DECLS

/**
 * LksCloudCode:
 * @code: the service's word
 * @error: what it means for us
 * @sentence: what it means for a person, without a full stop
 * @advice: (nullable): what to do, where it is more than what @error says
 */
typedef struct {
  const char *code;
  LksCloudError error;
  const char *sentence;
  const char *advice;
} LksCloudCode;

const LksCloudCode *lks_cloud_code_find (const char *code,
                                         guint       http_status);

G_END_DECLS
