/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-software-text.h"

#include "lks-app-memory.h"
#include "lks-service-row.h"

#include <glib/gi18n-lib.h>

/**
 * lks_sign_for_app_state:
 * @state: what an application does
 *
 * Returns: that in a word
 */
LksSign
lks_sign_for_app_state (LksAppState state)
{
  switch (state)
    {
    case LKS_APP_STATE_RUNNING:
      return (LksSign){ "lks-pass-symbolic", _ ("Running"), "", LKS_TONE_GOOD };
    case LKS_APP_STATE_STOPPED:
      return (LksSign){ "lks-stopped-symbolic", _ ("Stopped"), "", LKS_TONE_PLAIN };
    case LKS_APP_STATE_DEBUGGING:
      return (LksSign){ "lks-pending-symbolic", _ ("Debugging"), "", LKS_TONE_NOTICE };
    case LKS_APP_STATE_NOT_PRESENT:
      return (LksSign){ "lks-skipped-symbolic", _ ("Not there"), "", LKS_TONE_PLAIN };
    case LKS_APP_STATE_UNKNOWN:
      break;
    }

  return (LksSign){ "lks-unknown-symbolic", _ ("Not known"), "", LKS_TONE_PLAIN };
}

/**
 * lks_sign_for_restart_forecast:
 * @forecast: whether something restarts the board
 *
 * Returns: that in a word or two
 */
LksSign
lks_sign_for_restart_forecast (LksRestartForecast forecast)
{
  switch (forecast)
    {
    case LKS_RESTART_FORECAST_YES:
      return (LksSign){ "lks-warning-symbolic", _ ("Restarts"), "", LKS_TONE_WARNING };
    case LKS_RESTART_FORECAST_CANNOT_TELL:
      return (LksSign){ "lks-unknown-symbolic", _ ("May restart"), "", LKS_TONE_WARNING };
    case LKS_RESTART_FORECAST_NO:
      break;
    }

  return (LksSign){ "lks-pass-symbolic", _ ("No restart"), "", LKS_TONE_GOOD };
}

/**
 * lks_sign_for_finding_level:
 * @level: how grave a finding is
 *
 * Returns: that in a word
 */
LksSign
lks_sign_for_finding_level (LksFindingLevel level)
{
  switch (level)
    {
    case LKS_FINDING_LEVEL_FORBIDDEN:
      return (LksSign){ "lks-fail-symbolic", _ ("Never"), "", LKS_TONE_BAD };
    case LKS_FINDING_LEVEL_PROBLEM:
      return (LksSign){ "lks-fail-symbolic", _ ("Will fail"), "", LKS_TONE_BAD };
    case LKS_FINDING_LEVEL_WARNING:
      return (LksSign){ "lks-warning-symbolic", _ ("Warning"), "", LKS_TONE_WARNING };
    case LKS_FINDING_LEVEL_NOTE:
      break;
    }

  return (LksSign){ "lks-unknown-symbolic", _ ("Note"), "", LKS_TONE_PLAIN };
}

/**
 * lks_sign_for_outcome:
 * @outcome: what became of an image
 *
 * Returns: that in a word or two
 */
LksSign
lks_sign_for_outcome (const LksSideloadOutcome *outcome)
{
  if (outcome->state != LKS_APP_STATE_UNKNOWN)
    return lks_sign_for_app_state (outcome->state);
  if (outcome->was_there)
    return (LksSign){ "lks-pass-symbolic", _ ("Was there"), "", LKS_TONE_GOOD };

  return (LksSign){ "lks-pass-symbolic", _ ("Installed"), "", LKS_TONE_GOOD };
}

/**
 * lks_software_item_to_title:
 * @item: an installed component
 *
 * Returns: (transfer full): its name, or what it is when the board does not name it
 */
char *
lks_software_item_to_title (const LksSoftwareItem *item)
{
  return g_strdup (item->name[0] != '\0' ? item->name : lks_image_type_to_text (item->image_type));
}

static char *
storage_to_text (const LksSoftwareItem *item)
{
  return item->has_quota && (item->storage_used_kib > 0 || item->storage_limit_kib > 0)
             ? g_strdup_printf (_ ("storage %d of %d KiB"), (int) item->storage_used_kib,
                                (int) item->storage_limit_kib)
             : g_strdup ("");
}

static char *
images_to_text (const LksSoftwareItem *item)
{
  return item->images > 1 ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u image", "%u images",
                                                          item->images),
                                             item->images)
                          : g_strdup ("");
}

/**
 * lks_software_item_to_text:
 * @item: an installed component
 *
 * Returns: (transfer full): what it is, sizes, what waits, and its IDs
 */
char *
lks_software_item_to_text (const LksSoftwareItem *item)
{
  g_autofree char *size = g_format_size_full (item->size_bytes, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *storage = storage_to_text (item);
  g_autofree char *images = images_to_text (item);
  g_autofree char *first = lks_service_row_join (
      " · ", lks_software_item_is_app (item) ? "" : lks_image_type_to_text (item->image_type), size,
      images, storage, item->is_staged ? _ ("an update of it waits") : "",
      item->needs_restart ? _ ("changes take a restart") : "", NULL);
  g_autofree char *component = g_strdup_printf (_ ("component %s"), item->component_id);
  g_autofree char *image =
      item->image_id != NULL ? g_strdup_printf (_ ("image %s"), item->image_id) : g_strdup ("");

  return lks_service_row_join ("\n", first, component, image, NULL);
}

/**
 * lks_software_to_notes:
 * @software: what is installed
 *
 * Returns: (transfer full): what must be known before anything is changed; empty when nothing
 */
char *
lks_software_to_notes (const LksSoftware *software)
{
  return lks_service_row_join (
      " ",
      software->is_ota_in_progress
          ? _ ("An update over the air is in progress; the board takes no images meanwhile.")
          : "",
      software->has_staged_updates
          ? _ ("Images wait for installation; whatever is installed next takes them along.")
          : "",
      software->is_restart_required ? _ ("The board wants a restart to install them.") : "", NULL);
}

/**
 * lks_software_to_summary:
 * @software: what is installed
 *
 * Returns: (transfer full): what the applications take together
 */
char *
lks_software_to_summary (const LksSoftware *software)
{
  guint n = lks_software_count_apps (software);
  g_autofree char *size =
      g_format_size_full (lks_software_sum_app_bytes (software), G_FORMAT_SIZE_IEC_UNITS);

  if (n == 0)
    return g_strdup (_ ("The debug server counts as an application, too."));

  /* Translators: how many applications, and their size together, such as “52.0 KiB” */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u application with %s",
                                       "%u applications with %s together", n),
                          n, size);
}

static const char *
find_name (const LksSoftware *software, const char *component_id)
{
  const LksSoftwareItem *item = lks_software_find (software, component_id);

  return item != NULL && item->name[0] != '\0' ? item->name : component_id;
}

/**
 * lks_software_view_memory_to_text:
 * @view: what was read
 *
 * Returns: (transfer full): memory in use, one line for all and one for each application
 */
char *
lks_software_view_memory_to_text (const LksSoftwareView *view)
{
  const LksMemoryStats *memory = view->memory;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *current = NULL;
  g_autofree char *peak = NULL;

  if (memory == NULL)
    return g_strdup (_ ("The board does not tell."));

  current = g_format_size_full ((guint64) MAX (memory->current_bytes, 0), G_FORMAT_SIZE_IEC_UNITS);
  peak =
      g_format_size_full ((guint64) MAX (memory->peak_user_mode_bytes, 0), G_FORMAT_SIZE_IEC_UNITS);
  /* Translators: two sizes; the second is of what applications themselves use */
  g_string_append_printf (text, _ ("%s in use now; at most %s by user mode so far"), current, peak);
  for (guint i = 0; i < memory->apps->len; i++)
    {
      const LksAppMemory *app = g_ptr_array_index (memory->apps, i);
      g_autofree char *heap = g_format_size_full ((guint64) MAX (lks_app_memory_sum_heap (app), 0),
                                                  G_FORMAT_SIZE_IEC_UNITS);

      g_string_append_c (text, '\n');
      /* Translators: the name of an application, and a size */
      g_string_append_printf (text, _ ("%s: %s of heap"),
                              find_name (view->software, app->component_id), heap);
    }
  return g_strdup (text->str);
}

/**
 * lks_package_to_summary:
 * @package: an image
 *
 * Returns: (transfer full): kind, size and signer in a line
 */
char *
lks_package_to_summary (const LksSideloadPackage *package)
{
  const LksImageInspection *inspection = package->inspection;
  g_autofree char *size = g_format_size_full (inspection->size_bytes, G_FORMAT_SIZE_IEC_UNITS);
  const char *signer = "";

  if (inspection->signer == LKS_IMAGE_SIGNER_SDK)
    signer = _ ("signed for development");
  if (inspection->signer == LKS_IMAGE_SIGNER_OTHER)
    signer = _ ("probably signed for production");
  if (inspection->signer == LKS_IMAGE_SIGNER_FORGED)
    signer = _ ("forged or damaged");

  return lks_service_row_join (" · ", lks_image_type_to_text (inspection->metadata->image_type),
                               size, signer, package->name, NULL);
}

/**
 * lks_sideload_progress_to_text:
 * @progress: what is done
 * @plan: what is installed
 *
 * Returns: (transfer full): that in words, with amounts and rate while a package is sent
 */
char *
lks_sideload_progress_to_text (const LksSideloadProgress *progress, const LksSideloadPlan *plan)
{
  const char *title = _ (lks_sideload_step_get_title (progress->step));
  const LksSideloadPackage *package;
  g_autofree char *sent = NULL;
  g_autofree char *total = NULL;
  g_autofree char *rate = NULL;

  if (progress->step != LKS_SIDELOAD_STEP_SEND || progress->package >= plan->packages->len)
    return g_strdup_printf (_ ("%s…"), title);

  package = g_ptr_array_index (plan->packages, progress->package);
  sent = g_format_size_full (progress->sent_bytes, G_FORMAT_SIZE_IEC_UNITS);
  total = g_format_size_full (progress->total_bytes, G_FORMAT_SIZE_IEC_UNITS);
  if (progress->bytes_per_second <= 0)
    /* Translators: “Sending”, the name of a package, two sizes */
    return g_strdup_printf (_ ("%s “%s”: %s of %s"), title,
                            lks_image_inspection_get_name (package->inspection), sent, total);

  rate = g_format_size_full ((guint64) progress->bytes_per_second, G_FORMAT_SIZE_IEC_UNITS);
  /* Translators: “Sending”, the name of a package, two sizes, and a size per second */
  return g_strdup_printf (_ ("%s “%s”: %s of %s, %s/s"), title,
                          lks_image_inspection_get_name (package->inspection), sent, total, rate);
}
