/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-http.h"

G_BEGIN_DECLS

/**
 * LksCloudPolicy:
 * @tries_max: how often a request is sent at most
 * @backoff_ms: the wait after the first failure; it doubles with every further one
 * @backoff_max_ms: the longest such wait
 * @retry_after_max_ms: the longest wait that a service may demand
 * @poll_ms: the waits between questions about an operation, the last one again and again
 * @wait_max_ms: how long an operation is waited for
 *
 * How patient a client is.
 */
typedef struct {
  guint tries_max;
  guint backoff_ms;
  guint backoff_max_ms;
  guint retry_after_max_ms;
  guint poll_ms[6];
  guint wait_max_ms;
} LksCloudPolicy;

/**
 * LksCloudBudget:
 *
 * How many requests of one kind a service still grants. Zeroed to begin with.
 */
typedef struct {
  gint64 left;
  gint64 most;
  gboolean is_known;
} LksCloudBudget;

extern const LksCloudPolicy lks_cloud_policy_default;

gboolean lks_cloud_retry_parse_after  (const char            *text,
                                       gint64                 now_unix_s,
                                       guint                 *out_ms);
guint    lks_cloud_retry_get_wait_ms  (const LksCloudPolicy  *policy,
                                       guint                  failures,
                                       double                 jitter);
guint    lks_cloud_retry_get_poll_ms  (const LksCloudPolicy  *policy,
                                       guint                  questions);

void     lks_cloud_budget_note        (LksCloudBudget        *self,
                                       gint64                 left);
guint    lks_cloud_budget_get_pause_ms (const LksCloudBudget *self,
                                        guint                 refill_per_s);

G_END_DECLS
