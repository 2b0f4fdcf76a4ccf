/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-share-text.h"

#include "lks-error-text.h"
#include "lks-record-text.h"

#include <glib/gi18n-lib.h>

/* How much waits, and since when. */
static char *
describe_waiting (LksSharePusher *pusher)
{
  const guint64 n_waiting = lks_share_pusher_get_waiting (pusher);
  const gint64 oldest_us = lks_share_pusher_get_oldest_us (pusher);
  g_autofree char *since = lks_record_format_time (oldest_us);

  /* Translators: a number, and a time of the past */
  return g_strdup_printf (ngettext ("%u entry waits since %s.", "%u entries wait since %s.",
                                    (gulong) n_waiting),
                          (guint) n_waiting, since);
}

static char *
describe_state (LksSharePusher *pusher)
{
  const gint64 confirmed_us = lks_share_pusher_get_confirmed_us (pusher);
  g_autofree char *confirmed = NULL;

  if (lks_share_pusher_get_waiting (pusher) > 0)
    return describe_waiting (pusher);
  if (confirmed_us == 0)
    return g_strdup (_ ("Nothing was copied yet."));

  confirmed = lks_record_format_time (confirmed_us);
  /* Translators: a time of the past */
  return g_strdup_printf (_ ("Everything is copied, as of %s."), confirmed);
}

static char *
describe_error (const GError *error)
{
  g_autofree char *sentence = lks_error_to_sentence (error);
  g_autofree char *advice = lks_error_to_advice (error);

  return g_strdup_printf ("%s %s\n%s", sentence, advice, error->message);
}

/**
 * lks_share_describe:
 * @pusher: (nullable): what copies the records
 * @error: (nullable): why nothing does
 *
 * Returns: (transfer full) (nullable): where the records are copied to, how much waits, since when
 *   and why; NULL when this station shares nothing
 */
char *
lks_share_describe (LksSharePusher *pusher, const GError *error)
{
  g_autofree char *place = NULL;
  g_autofree char *state = NULL;
  g_autofree char *trouble = NULL;

  if (pusher == NULL)
    return error != NULL ? describe_error (error) : NULL;

  place = lks_share_place_dup_name (lks_share_pusher_get_place (pusher));
  state = describe_state (pusher);
  if (lks_share_pusher_get_error (pusher) == NULL)
    return g_strdup_printf ("%s\n%s", place, state);

  trouble = describe_error (lks_share_pusher_get_error (pusher));
  return g_strdup_printf ("%s\n%s %s", place, state, trouble);
}
