/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-service-task.h"

G_BEGIN_DECLS

#define LKS_SESSION_MINUTES_MAX     480
#define LKS_SESSION_MINUTES_DEFAULT 30
#define LKS_SESSION_GRACE_MAX_S     600
#define LKS_SESSION_NOTE_CHARACTERS_MAX 1000

/**
 * LksSessionFields:
 * @id: a UUID, lower case; the same in the service record
 * @device_id: the board, 128 digits, lower case
 * @fingerprint: which capability in the vault, 64 digits
 * @capabilities: (array length=n_capabilities): what it grants
 * @n_capabilities: how many
 * @task: what the session is for
 * @note: (nullable): why, in the operator's words
 * @operator_name: who
 * @started_wall_us: when it began, microseconds since 1970; for people only
 * @started_us: when it began, microseconds since the start of the computer (CLOCK_BOOTTIME)
 * @ends_us: when it ends at the latest, on the same clock
 * @boot_id: which start of the computer, 36 characters
 * @suspended_us: how long the computer had slept until @started_us: CLOCK_BOOTTIME less
 *   CLOCK_MONOTONIC
 * @port: the place of the board, "1-2.3"
 * @attach_number: which plugging-in of the adapter, see lks_port_get_attach_number()
 * @grace_s: how long the board may be unplugged
 * @absent_since_us: since when it has been unplugged, CLOCK_BOOTTIME; 0 while it is there
 * @survives_program: whether it goes on when the program that began it is closed
 * @ends_on_lock: whether it ends when the screen is locked
 *
 * What is known of a servicing session. Never the capability itself.
 */
typedef struct {
  const char    *id;
  const char    *device_id;
  const char    *fingerprint;
  const guint   *capabilities;
  gsize          n_capabilities;
  LksServiceTask task;
  const char    *note;
  const char    *operator_name;
  gint64         started_wall_us;
  gint64         started_us;
  gint64         ends_us;
  const char    *boot_id;
  gint64         suspended_us;
  const char    *port;
  guint          attach_number;
  guint          grace_s;
  gint64         absent_since_us;
  gboolean       survives_program;
  gboolean       ends_on_lock;
} LksSessionFields;

/**
 * LksSession:
 *
 * The servicing session of this operating-system user at one moment: immutable, counted, any
 * thread.
 */
#define LKS_TYPE_SESSION (lks_session_get_type ())
typedef struct _LksSession LksSession;

GType                   lks_session_get_type      (void);

LksSession             *lks_session_new           (const LksSessionFields *fields) G_GNUC_WARN_UNUSED_RESULT;
LksSession             *lks_session_parse         (GBytes                 *text,
                                                   GError                **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes                 *lks_session_build         (const LksSession       *self) G_GNUC_WARN_UNUSED_RESULT;
LksSession             *lks_session_ref           (LksSession             *self);
void                    lks_session_unref         (LksSession             *self);
const LksSessionFields *lks_session_get_fields    (const LksSession       *self);
const char             *lks_session_get_id        (const LksSession       *self);
const char             *lks_session_get_device_id (const LksSession       *self);
gboolean                lks_session_is_same       (const LksSession       *self,
                                                   const LksSession       *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksSession, lks_session_unref)

G_END_DECLS
