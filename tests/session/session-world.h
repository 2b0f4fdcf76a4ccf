/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-session-keeper.h"

/* Emulated boards, a keyring with their capabilities, and a keeper, for programs that run under
 * locksmith-bench in a session of the rig's with a keyring. */

#define WAIT_MS (60 * 1000)

/* Turns the main context until the condition holds. */
#define WAIT_UNTIL(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gboolean is_late = FALSE;                                                                      \
    guint timer = g_timeout_add (WAIT_MS, session_world_late_cb, &is_late);                        \
                                                                                                   \
    while (!(condition) && !is_late)                                                               \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (timer);                                                                       \
    if (!(condition))                                                                              \
      g_error ("%s:%d: waited in vain for %s", __FILE__, __LINE__, #condition);                    \
  }                                                                                                \
  G_STMT_END

typedef struct {
  char *folder;             /* (owned): of the session's files and the ledger */
  LksIoThread *io_thread;   /* (owned) */
  LksTrust *trust;          /* (owned) */
  LksBoardList *boards;     /* (owned) */
  LksVault *vault;          /* (owned) */
  LksLedger *ledger;        /* (owned) */
  LksSessionStore *store;   /* (owned) */
  LksSessionKeeper *keeper; /* (owned) */
  LksSession *ended;        /* (owned) (nullable): the last that ended */
  LksSessionEnd end;        /* how */
  guint n_ends;
} SessionWorld;

gboolean       session_world_late_cb     (gpointer        user_data);

void           session_world_init        (const char     *emulator_program);
void           session_world_command     (const char     *format,
                                          ...) G_GNUC_PRINTF (1, 2);
char          *session_world_dup_id      (guint           board);
char          *session_world_dup_place   (guint           board);
gboolean       session_world_is_plugged  (guint           board);

void           session_world_set_up      (SessionWorld   *world);
void           session_world_tear_down   (SessionWorld   *world);

void           session_world_open_vault  (SessionWorld   *world);
void           session_world_empty_vault (SessionWorld   *world);
void           session_world_remove_tree (const char     *path);

LksVaultItem  *session_world_import      (SessionWorld   *world,
                                          guint           board,
                                          const char     *kind);
LksBoard      *session_world_find        (SessionWorld   *world,
                                          guint           board);
LksBoard      *session_world_wait_board  (SessionWorld   *world,
                                          guint           board);
void           session_world_start       (SessionWorld   *world,
                                          const LksSessionRequest *request,
                                          GError        **error);
LksServiceRecord *
               session_world_get_record  (SessionWorld   *world,
                                          const char     *session_id);
