/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cli-secret.h"
#include "lks-waiver.h"

G_BEGIN_DECLS

/**
 * LksCliWaive:
 * @checks: (nullable): the checks that are waived
 * @reason: (nullable): why
 * @days: for how many days from now
 * @engineer_key: (nullable): a recipe-signing key that proves an engineer
 * @pin: where an engineer's PIN comes from
 * @role: what the person has proven to be
 *
 * Options with which a person waives checks. Initialise with LKS_CLI_WAIVE_INIT.
 */
typedef struct {
  char **checks;
  char *reason;
  int days;
  char *engineer_key;
  LksCliSecretSource pin;
  LksWaiverRole role;
} LksCliWaive;

#define LKS_CLI_WAIVE_INIT { .days = 1 }

#define LKS_CLI_WAIVE_OPTIONS(waive)                                                               \
  { "waive", 0, 0, G_OPTION_ARG_STRING_ARRAY, &(waive)->checks,                                    \
    "Let this check pass although it fails, where the recipe permits it; may be repeated",         \
    "CHECK" },                                                                                     \
  { "reason", 0, 0, G_OPTION_ARG_STRING, &(waive)->reason, "Why, for the record", "TEXT" },        \
  { "waive-days", 0, 0, G_OPTION_ARG_INT, &(waive)->days, "For how many days; 1 by default",       \
    "NUMBER" },                                                                                    \
  { "engineer-key", 0, 0, G_OPTION_ARG_FILENAME, &(waive)->engineer_key,                           \
    "A key that signs recipes, which proves an engineer, instead of the PIN", "FILE" },            \
  { "engineer-pin-file", 0, 0, G_OPTION_ARG_FILENAME, &(waive)->pin.file,                          \
    "Read the engineer's PIN from a file or a pipe instead of the terminal", "FILE" }

void       lks_cli_waive_clear (LksCliWaive   *self);
gboolean   lks_cli_waive_check (LksCliWaive   *self,
                                LksRecipe     *recipe,
                                GError       **error);
gboolean   lks_cli_waive_make  (LksCliWaive   *self,
                                LksRecipe     *recipe,
                                const char    *given_by,
                                const char    *device_id,
                                const char    *batch,
                                GPtrArray    **out_waivers,
                                GError       **error);

G_END_DECLS
