/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-secret.h"

G_BEGIN_DECLS

/**
 * LksCliSecretSource:
 * @file: (nullable): a file to read, may be a pipe
 * @from_stdin: read standard input instead
 *
 * Where a secret comes from; a prompt at the terminal when neither is set. Initialise with { 0 }.
 */
typedef struct {
  char *file;
  gboolean from_stdin;
} LksCliSecretSource;

void       lks_cli_secret_source_clear (LksCliSecretSource        *self);
LksSecret *lks_cli_secret_read         (const LksCliSecretSource  *self,
                                        const char                *prompt,
                                        const char                *options,
                                        gsize                      max_bytes,
                                        GError                   **error) G_GNUC_WARN_UNUSED_RESULT;
LksSecret *lks_cli_secret_load         (const char                *path,
                                        gsize                      max_bytes,
                                        GError                   **error) G_GNUC_WARN_UNUSED_RESULT;

/* For an option that people expect and that must not be: a secret on the command line. */
gboolean   lks_cli_secret_refuse_cb    (const char                *option_name,
                                        const char                *value,
                                        gpointer                   data,
                                        GError                   **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LksCliSecretSource, lks_cli_secret_source_clear)

G_END_DECLS
