/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-session.h"

G_BEGIN_DECLS

/**
 * LksSessionEnd:
 * @LKS_SESSION_END_NONE: it goes on
 * @LKS_SESSION_END_USER: the user has ended it
 * @LKS_SESSION_END_UNPLUGGED: the board was unplugged, and longer than it may be
 * @LKS_SESSION_END_OTHER_BOARD: another board is plugged in where the board was
 * @LKS_SESSION_END_SCREEN_LOCKED: the screen was locked
 * @LKS_SESSION_END_SUSPENDED: the computer went to sleep
 * @LKS_SESSION_END_TIMEOUT: its time was over
 * @LKS_SESSION_END_LOGGED_OUT: the user logged out
 * @LKS_SESSION_END_PROGRAM_CLOSED: the program was closed
 * @LKS_SESSION_END_PROGRAM_DIED: the programs that kept watch were killed
 * @LKS_SESSION_END_COMPUTER_RESTARTED: the computer has been started anew
 * @LKS_SESSION_END_CAPABILITY_GONE: the vault does not have the capability any more
 * @LKS_SESSION_END_NOT_ACCEPTED: the board refuses the capability
 * @LKS_SESSION_END_DAMAGED: its file cannot be read
 *
 * How a session ended. Nicks: "none", "user", "unplugged", "other-board", "screen-locked",
 * "suspended", "timeout", "logged-out", "program-closed", "program-died", "computer-restarted",
 * "capability-gone", "not-accepted", "damaged".
 */
typedef enum {
  LKS_SESSION_END_NONE,
  LKS_SESSION_END_USER,
  LKS_SESSION_END_UNPLUGGED,
  LKS_SESSION_END_OTHER_BOARD,
  LKS_SESSION_END_SCREEN_LOCKED,
  LKS_SESSION_END_SUSPENDED,
  LKS_SESSION_END_TIMEOUT,
  LKS_SESSION_END_LOGGED_OUT,
  LKS_SESSION_END_PROGRAM_CLOSED,
  LKS_SESSION_END_PROGRAM_DIED,
  LKS_SESSION_END_COMPUTER_RESTARTED,
  LKS_SESSION_END_CAPABILITY_GONE,
  LKS_SESSION_END_NOT_ACCEPTED,
  LKS_SESSION_END_DAMAGED,
} LksSessionEnd;

#define LKS_TYPE_SESSION_END (lks_session_end_get_type ())
GType         lks_session_end_get_type       (void);

/**
 * LksSessionPlace:
 * @LKS_SESSION_PLACE_UNKNOWN: nobody has looked
 * @LKS_SESSION_PLACE_PRESENT: an adapter is plugged in at the place of the session
 * @LKS_SESSION_PLACE_ABSENT: none is
 */
typedef enum {
  LKS_SESSION_PLACE_UNKNOWN,
  LKS_SESSION_PLACE_PRESENT,
  LKS_SESSION_PLACE_ABSENT,
} LksSessionPlace;

/**
 * LksSessionFacts:
 * @now_us: CLOCK_BOOTTIME
 * @suspended_us: CLOCK_BOOTTIME less CLOCK_MONOTONIC
 * @boot_id: which start of the computer this is
 * @is_kept: whether any program watches over the session
 * @place: what is plugged in at its place
 * @attach_number: which plugging-in that is, when there is one
 * @device_id: (nullable): the board there, when it has told its ID
 *
 * What is known about the world around a session.
 */
typedef struct {
  gint64          now_us;
  gint64          suspended_us;
  const char     *boot_id;
  gboolean        is_kept;
  LksSessionPlace place;
  guint           attach_number;
  const char     *device_id;
} LksSessionFacts;

void          lks_session_facts_read_clocks  (LksSessionFacts       *self);

LksSessionEnd lks_session_judge              (const LksSession      *session,
                                              const LksSessionFacts *facts);
gint64        lks_session_get_deadline       (const LksSession      *session);
const char   *lks_session_end_get_sentence   (LksSessionEnd          end);

G_END_DECLS
