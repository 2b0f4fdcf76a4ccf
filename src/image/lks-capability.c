/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-capability.h"

G_DEFINE_ENUM_TYPE (LksCapabilityRisk,
                    lks_capability_risk,
                    G_DEFINE_ENUM_VALUE (LKS_CAPABILITY_RISK_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_CAPABILITY_RISK_EXPECTED, "expected"),
                    G_DEFINE_ENUM_VALUE (LKS_CAPABILITY_RISK_OPENS, "opens"),
                    G_DEFINE_ENUM_VALUE (LKS_CAPABILITY_RISK_INTERNAL, "internal"))

/* Numbers and names as in the vendor's published image metadata tool; the meanings are ours. */
static const struct
{
  const char *name;
  const char *meaning;
  LksCapabilityRisk risk;
} capabilities[] = {
  [0] = { "none", "grants nothing", LKS_CAPABILITY_RISK_EXPECTED },
  [1] = { "allowTestKeySignedSoftware", "trusts software signed with test keys",
          LKS_CAPABILITY_RISK_INTERNAL },
  [2] = { "enablePlutonDebugging", "debugging of the security processor",
          LKS_CAPABILITY_RISK_INTERNAL },
  [3] = { "enableA7Debugging", "debugging of the operating system's core",
          LKS_CAPABILITY_RISK_INTERNAL },
  [4] = { "enableN9Debugging", "debugging of the Wi-Fi core", LKS_CAPABILITY_RISK_INTERNAL },
  [5] = { "enableA7GdbDebugging", "no longer used", LKS_CAPABILITY_RISK_INTERNAL },
  [6] = { "enableIoM41Debugging", "no longer used", LKS_CAPABILITY_RISK_INTERNAL },
  [7] = { "enableIoM42Debugging", "no longer used", LKS_CAPABILITY_RISK_INTERNAL },
  [8] = { "enableA7Console", "console of the operating system", LKS_CAPABILITY_RISK_INTERNAL },
  [9] = { "enableSltLoader", "loader for chip tests", LKS_CAPABILITY_RISK_INTERNAL },
  [10] = { "enableSystemSoftwareDevelopment", "development of system software",
           LKS_CAPABILITY_RISK_INTERNAL },
  [LKS_CAPABILITY_APP_DEVELOPMENT] = { "appDevelopment",
                                       "sideloading and debugging of development applications; the "
                                       "peripheral lock stays off",
                                       LKS_CAPABILITY_RISK_OPENS },
  [LKS_CAPABILITY_RF_TEST_MODE] = { "enableRfTestMode", "radio test mode; every Blank board has it",
                                    LKS_CAPABILITY_RISK_EXPECTED },
  [LKS_CAPABILITY_FIELD_SERVICING] = { "fieldServicing",
                                       "servicing of a finished board: Wi-Fi, images, logs, "
                                       "restart",
                                       LKS_CAPABILITY_RISK_OPENS },
};

/**
 * lks_capability_get_name:
 * @number: a capability number
 *
 * Returns: (transfer none) (nullable): its name in the field's spelling, NULL when unknown
 */
const char *
lks_capability_get_name (guint number)
{
  return number < G_N_ELEMENTS (capabilities) ? capabilities[number].name : NULL;
}

/**
 * lks_capability_get_meaning:
 * @number: a capability number
 *
 * Returns: (transfer none): what it permits, in English
 */
const char *
lks_capability_get_meaning (guint number)
{
  if (number < G_N_ELEMENTS (capabilities))
    return capabilities[number].meaning;

  return "a capability that Locksmith does not know; ask its issuer what it permits";
}

/**
 * lks_capability_get_risk:
 * @number: a capability number
 *
 * Returns: what having it means for a product
 */
LksCapabilityRisk
lks_capability_get_risk (guint number)
{
  return number < G_N_ELEMENTS (capabilities) ? capabilities[number].risk
                                              : LKS_CAPABILITY_RISK_UNKNOWN;
}
