/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-retry.h"

#include "lks-number.h"

#include <curl/curl.h>

#define RETRY_AFTER_MAX_S (24 * 60 * 60)
#define LOW_FLOOR 20

/* Live operations end within 3 to 6 seconds and never say when to ask again (recordings of the
 * provider); the vendor's own client waits half a minute for each. */
const LksCloudPolicy lks_cloud_policy_default = {
  .tries_max = 5,
  .backoff_ms = 1000,
  .backoff_max_ms = 30 * 1000,
  .retry_after_max_ms = 5 * 60 * 1000,
  .poll_ms = { 2000, 3000, 5000, 8000, 13000, 20000 },
  .wait_max_ms = 15 * 60 * 1000,
};

/**
 * lks_cloud_retry_parse_after:
 * @text: (nullable): the value of Retry-After: whole seconds, or an HTTP date
 * @now_unix_s: the time now
 * @out_ms: (out): how long to wait, at most a day; written only on success
 *
 * Returns: whether it says how long
 */
gboolean
lks_cloud_retry_parse_after (const char *text, gint64 now_unix_s, guint *out_ms)
{
  guint64 seconds;
  time_t date;

  if (text == NULL)
    return FALSE;
  if (lks_number_read_unsigned (text, 0, G_MAXUINT32, &seconds))
    {
      *out_ms = (guint) MIN (seconds, RETRY_AFTER_MAX_S) * 1000;
      return TRUE;
    }
  if (!g_ascii_isalpha (text[0]))
    return FALSE;

  date = curl_getdate (text, NULL);
  if (date < 0)
    return FALSE;
  *out_ms = (guint) CLAMP ((gint64) date - now_unix_s, 0, RETRY_AFTER_MAX_S) * 1000;
  return TRUE;
}

/**
 * lks_cloud_retry_get_wait_ms:
 * @policy: how patient to be
 * @failures: how often it has failed, from 1
 * @jitter: a random number from 0 to 1, so that stations that failed together do not come back
 *   together
 *
 * Returns: how long to wait when the service does not say
 */
guint
lks_cloud_retry_get_wait_ms (const LksCloudPolicy *policy, guint failures, double jitter)
{
  guint64 wait_ms = (guint64) policy->backoff_ms << MIN (failures - 1, 20);

  wait_ms = MIN (wait_ms, policy->backoff_max_ms);
  return (guint) ((double) wait_ms * (0.75 + 0.5 * jitter));
}

/**
 * lks_cloud_retry_get_poll_ms:
 * @policy: how patient to be
 * @questions: how often an operation was asked about already
 *
 * Returns: how long to wait until the next question when the service does not say
 */
guint
lks_cloud_retry_get_poll_ms (const LksCloudPolicy *policy, guint questions)
{
  return policy->poll_ms[MIN (questions, G_N_ELEMENTS (policy->poll_ms) - 1)];
}

/**
 * lks_cloud_budget_note:
 * @self: a budget
 * @left: what an answer says is left, or %LKS_CLOUD_NOT_SAID
 */
void
lks_cloud_budget_note (LksCloudBudget *self, gint64 left)
{
  if (left == LKS_CLOUD_NOT_SAID)
    return;

  self->is_known = TRUE;
  self->left = left;
  self->most = MAX (self->most, left);
}

/**
 * lks_cloud_budget_get_pause_ms:
 * @self: a budget
 * @refill_per_s: how many requests the service grants anew every second
 *
 * Slows down before the service does: it refuses everything for a while once the budget is used
 * up. Source: the vendor's page on request limits (token buckets).
 *
 * Returns: how long to wait before the next request of this kind, 0 while plenty is left
 */
guint
lks_cloud_budget_get_pause_ms (const LksCloudBudget *self, guint refill_per_s)
{
  if (!self->is_known || self->left >= MAX (self->most / 10, LOW_FLOOR))
    return 0;
  return 1000 / refill_per_s;
}
