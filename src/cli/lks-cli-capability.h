/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cli-vault.h"
#include "lks-cli.h"

G_BEGIN_DECLS

/* What stands on the command line behind "capability COMMAND". */
typedef struct {
  gboolean json;
  gboolean delete_files;
  gboolean replace;
  gboolean yes;
  gboolean no_boards;
  char *label;                  /* (owned) (nullable) */
  const char *const *arguments; /* (unowned): what is no option */
} LksCliCapabilityOptions;

/* Each returns the exit status; with @error set, that of @error counts. */
LksCliExit lks_cli_capability_import  (const LksCliCapabilityOptions  *options,
                                       GError                        **error);
LksCliExit lks_cli_capability_inspect (const LksCliCapabilityOptions  *options,
                                       GError                        **error);

gboolean   lks_cli_capability_label   (LksCliVault                    *vault,
                                       LksVaultItem                   *item,
                                       const char                     *label,
                                       GError                        **error);

G_END_DECLS
