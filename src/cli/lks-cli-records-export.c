/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-records-private.h"

#include "lks-enums.h"
#include "lks-ledger-verify.h"
#include "lks-whole-file.h"

#include <gio/gunixoutputstream.h>
#include <unistd.h>

#define FORMAT_CHAIN "jsonl"

/* What goes to standard output or into a file. */
typedef struct
{
  LksLedger *ledger;
  const LksCliRecordOptions *options;
  const LksLedgerQuery *query; /* (nullable): NULL: the whole chain */
  LksExportFormat format;
} Export;

static gboolean
write_export (GOutputStream *stream, gpointer user_data, GCancellable *cancellable, GError **error)
{
  const Export *self = user_data;

  if (self->query == NULL)
    return lks_ledger_export_chain (self->ledger, stream, cancellable, error);
  return (lks_cli_wants_service (self->options) ? lks_ledger_service_export
                                                : lks_ledger_export) (self->ledger, self->query,
                                                                      self->format, stream,
                                                                      cancellable, error);
}

static gboolean
put_out (Export *self, GError **error)
{
  g_autoptr (GFile) file = NULL;
  g_autoptr (GOutputStream) stream = NULL;

  if (self->options->output != NULL)
    {
      file = g_file_new_for_commandline_arg (self->options->output);
      return lks_whole_file_write (file, G_FILE_CREATE_NONE, write_export, self, NULL, error);
    }
  stream = g_unix_output_stream_new (STDOUT_FILENO, FALSE);
  return write_export (stream, self, NULL, error) && g_output_stream_close (stream, NULL, error);
}

/* A part of a chain proves nothing. */
static gboolean
export_chain (const LksCliRecordOptions *options, GError **error)
{
  g_autoptr (LksLedger) ledger = NULL;
  Export export = { .options = options };

  if (options->kind != NULL || options->device != NULL || options->verdict != NULL ||
      options->serial != NULL || options->recipe != NULL || options->label != NULL ||
      options->batch != NULL || options->since != NULL || options->until != NULL ||
      options->limit != 0)
    {
      g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                           "--format " FORMAT_CHAIN " writes the whole chain, which can only be "
                           "checked as a whole: leave out all options that choose records");
      return FALSE;
    }

  ledger = lks_cli_open_ledger (options, error);
  export.ledger = ledger;
  return ledger != NULL && put_out (&export, error);
}

/* As the options say: what they choose, to standard output or into a file. */
gboolean
lks_cli_export_records (const LksCliRecordOptions *options, GError **error)
{
  g_autoptr (LksLedger) ledger = NULL;
  LksLedgerQuery query;
  Export export = { .options = options, .query = &query };
  int format = LKS_EXPORT_FORMAT_JSON;

  if (!lks_cli_check_formats (options, error))
    return FALSE;
  if (options->csv)
    format = LKS_EXPORT_FORMAT_CSV;
  if (g_strcmp0 (options->format, FORMAT_CHAIN) == 0)
    return export_chain (options, error);
  if (options->format != NULL &&
      !lks_enum_from_nick (LKS_TYPE_EXPORT_FORMAT, options->format, &format))
    {
      g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                   "“%s” is no format of an export: choose csv, json or " FORMAT_CHAIN,
                   options->format);
      return FALSE;
    }

  if (!lks_cli_build_query (options, &query, error) ||
      (ledger = lks_cli_open_ledger (options, error)) == NULL)
    return FALSE;

  export.ledger = ledger;
  export.format = (LksExportFormat) format;
  return put_out (&export, error);
}
