/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-records-private.h"

#define KIND_RUN "finalize"
#define KIND_SERVICE "service"

void
lks_cli_record_options_clear (LksCliRecordOptions *self)
{
  g_free (self->ledger);
  g_free (self->kind);
  g_free (self->device);
  g_free (self->verdict);
  g_free (self->serial);
  g_free (self->recipe);
  g_free (self->label);
  g_free (self->batch);
  g_free (self->since);
  g_free (self->until);
  g_free (self->format);
  g_free (self->output);
  g_free (self->head);
  g_free (self->key);
}

/* Opens the ledger that the options name. */
LksLedger *
lks_cli_open_ledger (const LksCliRecordOptions *options, GError **error)
{
  g_autofree char *path =
      options->ledger != NULL ? g_strdup (options->ledger) : lks_ledger_dup_default_path ();

  return lks_ledger_open (path, error);
}

/* Servicing sessions are asked for, and not checks and finalizations. */
gboolean
lks_cli_wants_service (const LksCliRecordOptions *options)
{
  return g_strcmp0 (options->kind, KIND_SERVICE) == 0;
}

/* An output has one format. */
gboolean
lks_cli_check_formats (const LksCliRecordOptions *options, GError **error)
{
  if (!options->csv || (!options->json && options->format == NULL))
    return TRUE;

  g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                       "--csv, --json and --format exclude each other");
  return FALSE;
}

/* The beginning of a local day, or with @at_end of the next one. */
static GDateTime *
read_day (const char *text, gboolean at_end)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *midnight = g_strconcat (text, "T00:00:00", NULL);
  g_autoptr (GDateTime) day = g_date_time_new_from_iso8601 (midnight, zone);

  return day != NULL ? g_date_time_add_days (day, at_end ? 1 : 0) : NULL;
}

/* Absent: 0, which is no limit. */
static gboolean
read_time (const char *option,
           const char *text,
           gboolean at_end,
           gint64 *out_unix_us,
           GError **error)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) time = NULL;

  *out_unix_us = 0;
  if (text == NULL)
    return TRUE;

  time = read_day (text, at_end);
  if (time == NULL)
    time = g_date_time_new_from_iso8601 (text, zone);
  if (time != NULL)
    {
      *out_unix_us = g_date_time_to_unix (time) * G_USEC_PER_SEC;
      return TRUE;
    }

  g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
               "--%s: “%s” is no date and no time: write 2024-07-31 or 2024-07-31T14:30:00", option,
               text);
  return FALSE;
}

/* What the options ask for. Its texts are theirs. */
gboolean
lks_cli_build_query (const LksCliRecordOptions *options, LksLedgerQuery *out_query, GError **error)
{
  gint64 since_us, until_us;

  if (options->limit < 0)
    {
      g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                           "--limit must not be negative; leave it out for all records");
      return FALSE;
    }

  if (options->kind != NULL && !g_str_equal (options->kind, KIND_RUN) &&
      !g_str_equal (options->kind, KIND_SERVICE))
    {
      g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                   "“%s” is no kind of record: choose " KIND_RUN " or " KIND_SERVICE,
                   options->kind);
      return FALSE;
    }

  if (!read_time ("since", options->since, FALSE, &since_us, error) ||
      !read_time ("until", options->until, TRUE, &until_us, error))
    return FALSE;

  *out_query = (LksLedgerQuery){
    .device_id_end = options->device,
    .verdict = options->verdict,
    .usb_serial = options->serial,
    .recipe = options->recipe,
    .label = options->label,
    .batch = options->batch,
    .since_us = since_us,
    .until_us = until_us,
    .limit = (guint) options->limit,
  };
  return TRUE;
}
