/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board-status.h"

G_BEGIN_DECLS

/* What is known about one fact, as it is kept. */
typedef struct {
  LksFactState state;
  gint64 read_us;
  gint64 read_wall_us;
  GError *error; /* (owned) (nullable) */
} LksFactRecord;

/* Read and written by whoever makes a status; nobody else sees the inside, and nobody writes
 * it once it is shared. */
struct _LksBoardStatus {
  gatomicrefcount refs;

  /* Set by the board. */
  char *port;                       /* (owned) */
  char *usb_serial;                 /* (owned) (nullable) */
  const char *adapter;              /* a nick */
  char *moved_from;                 /* (owned) (nullable) */
  LksBoardState state;
  GError *error;                    /* (owned) (nullable) */
  LksPeripheralLock lock;
  const char *lock_reason;          /* static */
  LksRestartNote restart;           /* its reason static */
  LksCapabilityKey *key;            /* (owned) (nullable): of the board's servicing session */

  /* Set by the reader. */
  LksFactRecord facts[LKS_FACT_IDS];
  guint64 uptime_s;
  char *rest_version;               /* (owned) (nullable) */
  char *device_id;                  /* (owned) (nullable) */
  char *security_state;             /* (owned) (nullable) */
  char *manufacturing_state;        /* (owned) (nullable) */
  GArray *capabilities;             /* (owned) (element-type guint32): never NULL */
  char *os_version;                 /* (owned) (nullable) */
  LksBoardNetStatus net_status;     /* its texts (owned) (nullable) */
  gint64 abi_secure_world;
  gint64 abi_os;
  gint64 abi_application;
  GArray *images;                   /* (owned) (element-type LksBoardImage): never NULL */
  LksUpdateState update;
  guint wifi_networks;
};

LksBoardStatus *lks_board_status_new         (const char           *port) G_GNUC_WARN_UNUSED_RESULT;
LksBoardStatus *lks_board_status_copy        (const LksBoardStatus *self) G_GNUC_WARN_UNUSED_RESULT;

void            lks_board_status_set_key     (LksBoardStatus       *self,
                                              LksCapabilityKey     *key);
void            lks_board_status_set_known   (LksBoardStatus       *self,
                                              LksFactId             id);
void            lks_board_status_take_error  (LksBoardStatus       *self,
                                              LksFactId             id,
                                              LksFactState          state,
                                              GError               *error);
void            lks_board_status_clear_images (LksBoardStatus      *self);

/* lks-board-restart.c */
void            lks_board_status_compare     (const LksBoardStatus *before,
                                              const LksBoardStatus *after,
                                              LksRestartFacts      *facts);

G_END_DECLS
