/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-lock-history-private.h"

#include "lks-capability.h"
#include "lks-json.h"

#include <string.h>

/* The board counts whole seconds. */
#define UPTIME_STEP_US G_USEC_PER_SEC

/* Two clocks drift apart: by no more than this share of the time between two readings. */
#define DRIFT_SHARE 1000
#define DRIFT_MIN_US (200 * G_TIME_SPAN_MILLISECOND)

/**
 * lks_lock_history_see_conditions:
 * @self: a history
 * @would_lock: whether a start of the system at @now_us would lock
 * @now_us: when that was read, monotonic microseconds
 *
 * Takes note of a reading of state and capabilities.
 */
void
lks_lock_history_see_conditions (LksLockHistory *self, gboolean would_lock, gint64 now_us)
{
  if (!self->is_seen)
    {
      self->is_seen = TRUE;
      self->first_us = now_us;
      self->would_lock = would_lock;
    }
  else if (self->would_lock != would_lock)
    {
      self->would_lock = would_lock;
      self->changed_after_us = self->last_us;
      self->changed_before_us = now_us;
    }
  self->last_us = now_us;
}

/* A restart that was ordered, a connection that broke after it, and an uptime that allows it
 * are enough: whole seconds cannot show the restart of a board that had just started. */
static gboolean
did_as_ordered (const LksLockHistory *self, gint64 before_us)
{
  return self->ordered_us != 0 && self->lost_us > self->ordered_us && before_us > self->ordered_us;
}

/* Whether the system started again between the reading before and one that says that it
 * started in (@after_us, @before_us]. */
static gboolean
has_restarted (const LksLockHistory *self,
               guint64 uptime_s,
               gint64 after_us,
               gint64 before_us,
               gint64 now_us)
{
  gint64 drift_us = DRIFT_MIN_US + (now_us - self->uptime_us) / DRIFT_SHARE;

  return self->boot_known &&
         (uptime_s < self->uptime_s || after_us > self->boot_before_us + drift_us ||
          did_as_ordered (self, before_us));
}

/**
 * lks_lock_history_see_uptime:
 * @self: a history
 * @uptime_s: what the board says, in seconds
 * @asked_us: when it was asked, monotonic microseconds
 * @now_us: when it answered
 *
 * Takes note of a reading of the uptime. Each reading tells the start to a second; many
 * readings of one run together tell it better.
 *
 * Returns: whether the system has started again since the reading before
 */
gboolean
lks_lock_history_see_uptime (LksLockHistory *self, guint64 uptime_s, gint64 asked_us, gint64 now_us)
{
  gint64 uptime_us =
      (gint64) MIN (uptime_s, (guint64) G_MAXINT64 / 4 / G_USEC_PER_SEC) * G_USEC_PER_SEC;
  gint64 before_us = now_us - uptime_us;
  gint64 after_us = asked_us - uptime_us - UPTIME_STEP_US;
  gboolean restarted = has_restarted (self, uptime_s, after_us, before_us, now_us);

  if (restarted)
    {
      after_us = MAX (after_us, self->uptime_us);
      if (self->ordered_us < before_us)
        after_us = MAX (after_us, self->ordered_us);
      self->ordered_us = 0;
    }
  else if (self->boot_known && after_us < self->boot_before_us && before_us > self->boot_after_us)
    {
      after_us = MAX (after_us, self->boot_after_us);
      before_us = MIN (before_us, self->boot_before_us);
    }

  self->boot_known = TRUE;
  self->uptime_s = uptime_s;
  self->uptime_us = now_us;
  self->boot_after_us = MIN (after_us, before_us);
  self->boot_before_us = before_us;
  return restarted;
}

/**
 * lks_lock_history_order_restart:
 * @self: a history
 * @now_us: when the board accepted the order, monotonic microseconds
 *
 * Takes note that the board was told to restart: the next start seen comes after it.
 */
void
lks_lock_history_order_restart (LksLockHistory *self, gint64 now_us)
{
  self->ordered_us = now_us;
}

/**
 * lks_lock_history_see_loss:
 * @self: a history
 * @now_us: the monotonic time
 *
 * Takes note that the connection to the board had to be made anew.
 */
void
lks_lock_history_see_loss (LksLockHistory *self, gint64 now_us)
{
  self->lost_us = now_us;
}

static LksJson *
parse_answer (const LksDeviceExchange *exchange, JsonObject **out_object)
{
  g_autoptr (LksJson) json =
      lks_json_parse (exchange->path, exchange->body, strlen (exchange->body),
                      LKS_DEVICE_EXCHANGE_BODY_MAX, NULL);

  *out_object = json != NULL ? lks_json_get_root_object (json, NULL) : NULL;
  return *out_object != NULL ? g_steal_pointer (&json) : NULL;
}

static gboolean
see_status (LksLockHistory *self, LksJson *json, JsonObject *object, gint64 asked_us, gint64 now_us)
{
  gint64 uptime_s;

  return lks_json_read_int (json, object, "uptime", 0, G_MAXINT64, &uptime_s, NULL) &&
         lks_lock_history_see_uptime (self, (guint64) uptime_s, asked_us, now_us);
}

static void
see_state (LksLockHistory *self, LksJson *json, JsonObject *object)
{
  g_autofree char *state = NULL;

  self->state_known =
      lks_json_read_string (json, object, "manufacturingState", &state, NULL) && state != NULL;
  self->is_complete = g_strcmp0 (state, "DeviceComplete") == 0;
}

static void
see_capabilities (LksLockHistory *self, LksJson *json, JsonObject *object)
{
  JsonArray *numbers = NULL;

  self->capabilities_known =
      lks_json_read_array (json, object, "device_capabilities", &numbers, NULL) && numbers != NULL;
  self->app_development = FALSE;
  for (guint i = 0; self->capabilities_known && i < json_array_get_length (numbers); i++)
    if (json_array_get_int_element (numbers, i) == LKS_CAPABILITY_APP_DEVELOPMENT)
      self->app_development = TRUE;
}

/* Installing and deleting may restart a board, and from REST 4.4.0 on the answer says so. */
static gboolean
announces_restart (const LksDeviceExchange *exchange)
{
  g_autoptr (LksJson) json = NULL;
  JsonObject *object;
  gboolean is_restarting = FALSE;

  if (g_str_equal (exchange->method, "POST") && g_str_equal (exchange->path, "/restart"))
    return TRUE;
  if (exchange->body == NULL || g_str_equal (exchange->method, "GET"))
    return FALSE;

  json = parse_answer (exchange, &object);
  return json != NULL && json_object_has_member (object, "restartingSystem") &&
         lks_json_read_boolean (json, object, "restartingSystem", &is_restarting, NULL) &&
         is_restarting;
}

/**
 * lks_lock_history_see_exchange:
 * @self: a history
 * @exchange: any request to the board and its answer
 * @now_us: when it ended, monotonic microseconds
 *
 * Takes note of what an answer says about the lock, whoever asked.
 *
 * Returns: whether it shows that the system has started again
 */
gboolean
lks_lock_history_see_exchange (LksLockHistory *self,
                               const LksDeviceExchange *exchange,
                               gint64 now_us)
{
  gboolean is_get = g_str_equal (exchange->method, "GET");
  g_autoptr (LksJson) json = NULL;
  JsonObject *object;

  if (exchange->http_status != 200 || exchange->error != NULL)
    return FALSE;
  if (announces_restart (exchange))
    {
      lks_lock_history_order_restart (self, now_us);
      return FALSE;
    }
  if (!is_get || exchange->body == NULL)
    return FALSE;

  if (g_str_equal (exchange->path, "/status"))
    {
      json = parse_answer (exchange, &object);
      return json != NULL &&
             see_status (self, json, object, now_us - exchange->duration_us, now_us);
    }
  if (!g_str_equal (exchange->path, "/device/manufacturing_state") &&
      !g_str_equal (exchange->path, "/device/capabilities"))
    return FALSE;

  json = parse_answer (exchange, &object);
  if (json == NULL)
    return FALSE;
  if (g_str_equal (exchange->path, "/device/capabilities"))
    see_capabilities (self, json, object);
  else
    see_state (self, json, object);
  if (self->state_known && self->capabilities_known)
    lks_lock_history_see_conditions (self, self->is_complete && !self->app_development, now_us);
  return FALSE;
}

/**
 * lks_lock_history_continue:
 * @self: what was seen of a board since it was plugged in
 * @earlier: what was seen of the same board before
 *
 * Joins two histories of one board that was unplugged in between.
 */
void
lks_lock_history_continue (LksLockHistory *self, const LksLockHistory *earlier)
{
  if (!earlier->is_seen || !self->is_seen || self->changed_before_us != 0)
    return;

  if (earlier->would_lock == self->would_lock)
    {
      self->changed_after_us = earlier->changed_after_us;
      self->changed_before_us = earlier->changed_before_us;
    }
  else
    {
      self->changed_after_us = earlier->last_us;
      self->changed_before_us = self->first_us;
    }
}

/**
 * lks_lock_history_is_other_start:
 * @self: what was seen of a board since it was plugged in
 * @earlier: what was seen of the same board before
 *
 * Returns: whether the system surely started again in between
 */
gboolean
lks_lock_history_is_other_start (const LksLockHistory *self, const LksLockHistory *earlier)
{
  return self->boot_known && has_restarted (earlier, self->uptime_s, self->boot_after_us,
                                            self->boot_before_us, self->uptime_us);
}

/**
 * lks_lock_history_fill:
 * @self: a history
 * @facts: (inout): whose times are to be filled in
 *
 * Tells the derivation what was seen. Facts that contradict a newer answer, which somebody else
 * got, are taken back: between the two nothing can be decided.
 */
void
lks_lock_history_fill (const LksLockHistory *self, LksLockFacts *facts)
{
  facts->changed_after_us = self->changed_after_us;
  facts->changed_before_us = self->changed_before_us;
  facts->boot_known = self->boot_known;
  facts->boot_after_us = self->boot_after_us;
  facts->boot_before_us = self->boot_before_us;

  if (self->state_known &&
      self->is_complete != (g_strcmp0 (facts->manufacturing_state, "DeviceComplete") == 0))
    facts->manufacturing_state = NULL;
  if (self->capabilities_known && self->app_development != facts->app_development)
    facts->capabilities_known = FALSE;
}
