/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-session-keeper.h"
#include "wait-until.h"

/* Emulated boards, a keyring with their capabilities, and a keeper, for programs that run under
 * locksmith-bench in a session of the rig's with a keyring. */

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
