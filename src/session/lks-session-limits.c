/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-session-limits.h"

#include "lks-boot-clock.h"

#include <string.h>

/* Between reading the two clocks a busy computer may do something else. A sleep is longer. */
#define SLEEP_MIN_US (2 * G_USEC_PER_SEC)

#define NO_BOOT_ID "00000000-0000-0000-0000-000000000000"

G_DEFINE_ENUM_TYPE (LksSessionEnd,
                    lks_session_end,
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_END_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_END_USER, "user"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_END_UNPLUGGED, "unplugged"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_END_OTHER_BOARD, "other-board"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_END_SCREEN_LOCKED, "screen-locked"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_END_SUSPENDED, "suspended"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_END_TIMEOUT, "timeout"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_END_LOGGED_OUT, "logged-out"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_END_PROGRAM_CLOSED, "program-closed"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_END_PROGRAM_DIED, "program-died"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_END_COMPUTER_RESTARTED, "computer-restarted"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_END_CAPABILITY_GONE, "capability-gone"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_END_NOT_ACCEPTED, "not-accepted"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_END_DAMAGED, "damaged"))

static const char *
get_boot_id (void)
{
  static char *boot_id; /* (owned) */
  static gsize is_read = 0;

  if (g_once_init_enter (&is_read))
    {
      g_autofree char *text = NULL;

      if (g_file_get_contents ("/proc/sys/kernel/random/boot_id", &text, NULL, NULL) &&
          g_uuid_string_is_valid (g_strstrip (text)))
        boot_id = g_ascii_strdown (text, -1);
      else
        boot_id = g_strdup (NO_BOOT_ID);
      g_once_init_leave (&is_read, 1);
    }
  return boot_id;
}

/**
 * lks_session_facts_read_clocks:
 * @self: facts
 *
 * Fills in what the computer's clocks say.
 */
void
lks_session_facts_read_clocks (LksSessionFacts *self)
{
  gint64 awake_us = g_get_monotonic_time ();

  self->now_us = lks_boot_clock_us ();
  self->suspended_us = MAX (self->now_us - awake_us, 0);
  self->boot_id = get_boot_id ();
}

static gboolean
is_absent_too_long (const LksSessionFields *fields, gint64 now_us)
{
  gint64 since_us = fields->absent_since_us;

  return since_us != 0 && now_us - since_us >= (gint64) fields->grace_s * G_USEC_PER_SEC;
}

/* An adapter that was plugged in again has another number. Nobody knows how long it was away
 * when nobody saw it go. */
static LksSessionEnd
judge_place (const LksSessionFields *fields, const LksSessionFacts *facts)
{
  if (is_absent_too_long (fields, facts->now_us))
    return LKS_SESSION_END_UNPLUGGED;

  switch (facts->place)
    {
    case LKS_SESSION_PLACE_UNKNOWN:
      return LKS_SESSION_END_NONE;
    case LKS_SESSION_PLACE_ABSENT:
      return fields->grace_s == 0 ? LKS_SESSION_END_UNPLUGGED : LKS_SESSION_END_NONE;
    case LKS_SESSION_PLACE_PRESENT:
      if (facts->device_id != NULL && !g_str_equal (facts->device_id, fields->device_id))
        return LKS_SESSION_END_OTHER_BOARD;
      if (facts->attach_number != fields->attach_number && fields->absent_since_us == 0)
        return LKS_SESSION_END_UNPLUGGED;
      return LKS_SESSION_END_NONE;
    }
  return LKS_SESSION_END_NONE;
}

/**
 * lks_session_judge:
 * @session: a session
 * @facts: what is known about the world
 *
 * The one place that says whether a session goes on. Whoever reads a session asks it before
 * using it; what is not known does not end one.
 *
 * Returns: %LKS_SESSION_END_NONE, or why it is over
 */
LksSessionEnd
lks_session_judge (const LksSession *session, const LksSessionFacts *facts)
{
  const LksSessionFields *fields = lks_session_get_fields (session);

  if (!g_str_equal (facts->boot_id, fields->boot_id) || facts->now_us < fields->started_us)
    return LKS_SESSION_END_COMPUTER_RESTARTED;
  if (facts->suspended_us - fields->suspended_us >= SLEEP_MIN_US)
    return LKS_SESSION_END_SUSPENDED;
  if (facts->now_us >= fields->ends_us)
    return LKS_SESSION_END_TIMEOUT;
  if (!facts->is_kept)
    return LKS_SESSION_END_PROGRAM_DIED;

  return judge_place (fields, facts);
}

/**
 * lks_session_get_deadline:
 * @session: a session
 *
 * Returns: when it ends if nothing happens, CLOCK_BOOTTIME microseconds
 */
gint64
lks_session_get_deadline (const LksSession *session)
{
  const LksSessionFields *fields = lks_session_get_fields (session);

  if (fields->absent_since_us == 0)
    return fields->ends_us;
  return MIN (fields->ends_us, fields->absent_since_us + (gint64) fields->grace_s * G_USEC_PER_SEC);
}

/**
 * lks_session_end_get_sentence:
 * @end: how a session ended
 *
 * Returns: (transfer none): the same as an English sentence
 */
const char *
lks_session_end_get_sentence (LksSessionEnd end)
{
  switch (end)
    {
    case LKS_SESSION_END_NONE:
      return "The session goes on.";
    case LKS_SESSION_END_USER:
      return "The session was ended by its user.";
    case LKS_SESSION_END_UNPLUGGED:
      return "The board was unplugged.";
    case LKS_SESSION_END_OTHER_BOARD:
      return "Another board was plugged in at the same place.";
    case LKS_SESSION_END_SCREEN_LOCKED:
      return "The screen was locked.";
    case LKS_SESSION_END_SUSPENDED:
      return "The computer went to sleep.";
    case LKS_SESSION_END_TIMEOUT:
      return "The time of the session was over.";
    case LKS_SESSION_END_LOGGED_OUT:
      return "The user logged out.";
    case LKS_SESSION_END_PROGRAM_CLOSED:
      return "The program was closed.";
    case LKS_SESSION_END_PROGRAM_DIED:
      return "The program that watched over the session was killed.";
    case LKS_SESSION_END_COMPUTER_RESTARTED:
      return "The computer was started anew.";
    case LKS_SESSION_END_CAPABILITY_GONE:
      return "The vault does not have the capability any more.";
    case LKS_SESSION_END_NOT_ACCEPTED:
      return "The board refuses the capability.";
    case LKS_SESSION_END_DAMAGED:
      return "What was known of the session could not be read.";
    }
  return "The session has ended.";
}
