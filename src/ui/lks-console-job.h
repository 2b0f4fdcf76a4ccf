/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-app-console.h"
#include "lks-board.h"

G_BEGIN_DECLS

/**
 * LksConsoleState:
 * @LKS_CONSOLE_STATE_STARTING: the board is asked to start the application under the debug server
 * @LKS_CONSOLE_STATE_RUNS: it runs
 * @LKS_CONSOLE_STATE_STOPPED: a signal has stopped it; the debug server still holds it
 * @LKS_CONSOLE_STATE_PUTTING_BACK: it is being put back as it was
 * @LKS_CONSOLE_STATE_OVER: it is as it was
 * @LKS_CONSOLE_STATE_FAILED: it could not be started like this, or not be put back
 *
 * Where the work of a console stands.
 */
typedef enum {
  LKS_CONSOLE_STATE_STARTING,
  LKS_CONSOLE_STATE_RUNS,
  LKS_CONSOLE_STATE_STOPPED,
  LKS_CONSOLE_STATE_PUTTING_BACK,
  LKS_CONSOLE_STATE_OVER,
  LKS_CONSOLE_STATE_FAILED,
} LksConsoleState;

#define LKS_TYPE_CONSOLE_STATE (lks_console_state_get_type ())
GType lks_console_state_get_type (void);

/* What waits for the main thread; of more the oldest is dropped. */
#define LKS_CONSOLE_JOB_WAITING_MAX_BYTES (1024 * 1024)

/**
 * LksConsoleJob:
 *
 * An application whose output is shown, from its start to when it is put back: the work of a
 * #LksConsoleWindow. Property: "state". Signal: "output". Main thread.
 */
#define LKS_TYPE_CONSOLE_JOB (lks_console_job_get_type ())
G_DECLARE_FINAL_TYPE (LksConsoleJob, lks_console_job, LKS, CONSOLE_JOB, GObject)

LksConsoleJob  *lks_console_job_new       (LksBoard       *board,
                                           const char     *component_id) G_GNUC_WARN_UNUSED_RESULT;

void            lks_console_job_start     (LksConsoleJob  *self);
void            lks_console_job_stop      (LksConsoleJob  *self);

gboolean        lks_console_job_is_active (LksConsoleJob  *self);
LksConsoleState lks_console_job_get_state (LksConsoleJob  *self);
LksConsoleNews  lks_console_job_get_end   (LksConsoleJob  *self,
                                           guint          *out_number);
gboolean        lks_console_job_is_servicing_over (LksConsoleJob *self);
gboolean        lks_console_job_is_board_gone (LksConsoleJob *self);
const GError   *lks_console_job_get_error (LksConsoleJob  *self);
gboolean        lks_console_job_get_ports (LksConsoleJob  *self,
                                           guint          *out_gdb_port,
                                           guint          *out_out_port);

G_END_DECLS
