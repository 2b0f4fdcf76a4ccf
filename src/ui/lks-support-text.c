/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-support-text.h"

#include "lks-device-error.h"
#include "lks-error-text.h"
#include "lks-service-row.h"

#include <glib/gi18n-lib.h>

/* The sentences of the servicing room; an empty one must not become the catalogue's header. */
static const char *
translate (const char *text)
{
  return text[0] != '\0' ? _ (text) : "";
}

/**
 * lks_sign_for_update:
 * @update: what the board's flags say
 *
 * Returns: the same in a word
 */
LksSign
lks_sign_for_update (LksUpdateState update)
{
  switch (update)
    {
    case LKS_UPDATE_STATE_UNKNOWN:
      break;
    case LKS_UPDATE_STATE_NONE:
      return (LksSign){ "lks-pass-symbolic", _ ("None"), "", LKS_TONE_GOOD };
    case LKS_UPDATE_STATE_IN_PROGRESS:
      return (LksSign){ "lks-pending-symbolic", _ ("Under Way"), "", LKS_TONE_WARNING };
    case LKS_UPDATE_STATE_STAGED:
      return (LksSign){ "lks-pending-symbolic", _ ("Staged"), "", LKS_TONE_NOTICE };
    case LKS_UPDATE_STATE_RESTART_REQUIRED:
      return (LksSign){ "lks-pending-symbolic", _ ("Restart Required"), "", LKS_TONE_NOTICE };
    }
  return (LksSign){ "lks-unknown-symbolic", _ ("Unknown"), "", LKS_TONE_PLAIN };
}

/**
 * lks_update_to_text:
 * @update: what the board's flags say
 *
 * Returns: (transfer full): what it means, and what to do
 */
char *
lks_update_to_text (LksUpdateState update)
{
  LksExplanation explained = lks_update_state_explain (update);

  return lks_service_row_join (" ", translate (explained.meaning), translate (explained.advice),
                               NULL);
}

/* With the English details for whoever helps, but for a refusal, which everybody understands. */
static char *
why_not (const GError *error)
{
  gboolean is_refused = g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED);
  g_autofree char *sentence = lks_error_to_sentence (error);
  g_autofree char *advice = lks_error_to_advice (error);
  g_autofree char *text = lks_service_row_join (" ", sentence, advice, NULL);

  return lks_service_row_join ("\n", text, is_refused ? "" : error->message, NULL);
}

static LksSign
sign_for_missing (const GError *error)
{
  if (g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED))
    return (LksSign){ "lks-locked-symbolic", _ ("Refused"), "", LKS_TONE_NOTICE };
  return (LksSign){ "lks-fail-symbolic", _ ("Not Read"), "", LKS_TONE_BAD };
}

/**
 * lks_sign_for_telemetry:
 * @telemetry: (nullable): the error reports
 * @error: (nullable): why there are none
 *
 * Returns: whether there are any, in a word
 */
LksSign
lks_sign_for_telemetry (const LksTelemetry *telemetry, const GError *error)
{
  if (telemetry == NULL)
    return sign_for_missing (error);
  if (telemetry->data_bytes == 0)
    return (LksSign){ "lks-pass-symbolic", _ ("Empty"), "", LKS_TONE_PLAIN };
  return (LksSign){ "lks-records-symbolic", _ ("Present"), "", LKS_TONE_NOTICE };
}

/**
 * lks_telemetry_to_text:
 * @telemetry: (nullable): the error reports
 * @error: (nullable): why there are none
 *
 * Returns: (transfer full): how much there is, or why not
 */
char *
lks_telemetry_to_text (const LksTelemetry *telemetry, const GError *error)
{
  g_autofree char *size = NULL;

  if (telemetry == NULL)
    return why_not (error);
  if (telemetry->data_bytes == 0)
    return g_strdup (_ ("The board holds no error reports."));

  size = g_format_size_full (telemetry->data_bytes, G_FORMAT_SIZE_LONG_FORMAT);
  /* Translators: a size */
  return g_strdup_printf (_ ("%s, in a form that only the vendor can read."), size);
}

/**
 * lks_log_to_note:
 * @ring: (nullable): the log
 * @error: (nullable): why there is none
 *
 * Returns: (transfer full): why it cannot be shown, or what of it could not be read; empty when
 *   nothing is to be said
 */
char *
lks_log_to_note (LksLogRing *ring, const GError *error)
{
  guint n;

  if (ring == NULL)
    return why_not (error);
  if (lks_log_ring_get_length (ring) == 0)
    return g_strdup (_ ("The log is empty."));

  n = lks_log_ring_get_problems (ring);
  if (n == 0)
    return g_strdup ("");
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "%u place in the log could not be read. The saved text says "
                                       "where.",
                                       "%u places in the log could not be read. The saved text "
                                       "says where.",
                                       n),
                          n);
}

/**
 * lks_messages_to_text:
 * @messages: (nullable): message definitions
 *
 * Returns: (transfer full): what they do for the log
 */
char *
lks_messages_to_text (LksLogMessages *messages)
{
  if (messages == NULL)
    return g_strdup (
        _ ("Without the definitions that the vendor publishes for each system, the log "
           "shows services and numbers instead of sentences."));
  return g_strdup_printf (_ ("%u messages are known."), lks_log_messages_get_length (messages));
}

/**
 * lks_restart_get_warning:
 * @update: what the board's flags say
 *
 * Returns: what a restart means for a board in this state
 */
const char *
lks_restart_get_warning (LksUpdateState update)
{
  if (update == LKS_UPDATE_STATE_IN_PROGRESS)
    return _ (
        "The board updates itself. A restart now interrupts that, and the update begins again "
        "or goes on afterwards. Better wait until it is over.");
  if (update == LKS_UPDATE_STATE_STAGED || update == LKS_UPDATE_STATE_RESTART_REQUIRED)
    return _ ("System, network and all applications start anew, and images that wait for it become "
              "effective.");
  return _ ("System, network and all applications start anew. Whatever the board does now is "
            "interrupted.");
}

/**
 * lks_restart_to_text:
 * @restart: a restart that is proven
 *
 * Returns: (transfer full): how long it took
 */
char *
lks_restart_to_text (const LksRestart *restart)
{
  /* Translators: seconds, with a fraction */
  return g_strdup_printf (_ ("Restarted in %.1f s; the uptime proves it."),
                          (double) restart->took_ms / 1000);
}
