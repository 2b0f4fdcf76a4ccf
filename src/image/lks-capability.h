/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define LKS_CAPABILITY_APP_DEVELOPMENT 11
#define LKS_CAPABILITY_RF_TEST_MODE 12
#define LKS_CAPABILITY_FIELD_SERVICING 13

/**
 * LksCapabilityRisk:
 * @LKS_CAPABILITY_RISK_UNKNOWN: a number not known here; treat it as dangerous
 * @LKS_CAPABILITY_RISK_EXPECTED: gives what a customer may use, for as long as it is there
 * @LKS_CAPABILITY_RISK_OPENS: leaves a finished board open to new software
 * @LKS_CAPABILITY_RISK_INTERNAL: for the chip's maker only; must never be on a product
 */
typedef enum {
  LKS_CAPABILITY_RISK_UNKNOWN,
  LKS_CAPABILITY_RISK_EXPECTED,
  LKS_CAPABILITY_RISK_OPENS,
  LKS_CAPABILITY_RISK_INTERNAL,
} LksCapabilityRisk;

#define LKS_TYPE_CAPABILITY_RISK (lks_capability_risk_get_type ())
GType             lks_capability_risk_get_type (void);

const char       *lks_capability_get_name      (guint number);
const char       *lks_capability_get_meaning   (guint number);
LksCapabilityRisk lks_capability_get_risk      (guint number);

G_END_DECLS
