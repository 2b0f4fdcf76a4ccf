/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-run-target.h"

G_BEGIN_DECLS

#define SCRIPTED_APP "aa11aa11-0000-4000-8000-000000000001"
#define SCRIPTED_APP_COMPONENT "cc11cc11-0000-4000-8000-000000000001"
#define SCRIPTED_OLD_APP "aa11aa11-0000-4000-8000-000000000000"
#define SCRIPTED_LIST_MAX 8

/* recipes/app.imagepackage holds SCRIPTED_APP of SCRIPTED_APP_COMPONENT. */
#define SCRIPTED_PACKAGE                                                                           \
  "{\"imageId\":\"" SCRIPTED_APP "\",\"package\":\"app.imagepackage\","                           \
  "\"packageSha256\":\"a0df7cfbb5882108b975c50d56ccb688eba837ab34e4d2717e08eebea78f5761\"}"

typedef enum {
  PUT_WORKS,
  PUT_IS_IGNORED,        /* answers {}, changes nothing */
  PUT_IS_REFUSED,        /* 403 */
  PUT_NEVER_ARRIVES,     /* the connection breaks before the order is out */
  PUT_LOSES_ANSWER,      /* takes effect, the connection breaks */
  PUT_LOSES_ANSWER_LATE, /* the same, and the effect comes 600 ms later */
  PUT_TIMES_OUT_UNSENT,  /* no effect, no answer */
  PUT_UNREACHABLE,       /* certainly not sent */
  PUT_MAKES_UNKNOWN,     /* the board becomes Unknown */
} PutBehaviour;

typedef enum {
  RESTART_WORKS,
  RESTART_IS_IGNORED,   /* answers, never restarts */
  RESTART_LOSES_ANSWER, /* restarts, the connection breaks */
  RESTART_NEVER_RETURNS,
  RESTART_IS_QUICK,     /* answers again before anybody asks */
} RestartBehaviour;

typedef enum {
  LOAD_WORKS,
  LOAD_HAS_NO_SPACE,      /* the package is refused */
  LOAD_IS_NOT_TRUSTED,    /* the installation is refused; what was staged is gone */
  LOAD_IS_FORBIDDEN,      /* 403 */
  LOAD_LOSES_ANSWER,      /* takes effect, the connection breaks */
  LOAD_NEVER_ARRIVES,     /* the connection breaks before the order is out */
  LOAD_IS_IGNORED,        /* answers {}, changes nothing */
  LOAD_RESTARTS,          /* and says so */
  LOAD_RESTARTS_SILENTLY, /* loses its answer, too */
  LOAD_NEVER_RETURNS,
} LoadBehaviour;

typedef struct {
  const char *component_id;
  const char *image_id;
  int         image_type;
} ScriptedComponent;

/**
 * ScriptedBoard:
 *
 * A board on a clock of its own, which passes only when the run asks or waits. Plain data
 * without pointers to the heap: it may live in memory that several processes share, so that a
 * run can be killed and the board remembers.
 */
typedef struct {
  /* what it is */
  char                  device_id[129];
  char                  second_device_id[129]; /* "": the same at every reading */
  LksManufacturingState state;
  gint32                capabilities[SCRIPTED_LIST_MAX];
  guint                 n_capabilities;
  char                  os_version[32]; /* "": the endpoint does not exist */
  char                  rest_version[16];
  ScriptedComponent     components[SCRIPTED_LIST_MAX];
  guint                 n_components;
  gboolean              is_ota_in_progress;
  gboolean              has_staged_updates;
  gboolean              is_restart_required;
  guint                 n_networks;      /* "workshop", then "guests" */
  gboolean              has_open_networks;
  gboolean              has_open_twins;  /* each once more, and open */
  guint                 n_certificates;  /* "cert", then "cert-2" */
  int                   certificate_days; /* how long they are valid yet */
  gboolean              has_ethernet;
  gboolean              is_ethernet_up;

  /* how it behaves */
  PutBehaviour          put;
  RestartBehaviour      restart;
  LoadBehaviour         load;
  gboolean              locks_at_once;   /* else at the next start of the system */
  gboolean              never_locks;
  gboolean              refuses_all;     /* 403 on everything that may be refused */
  gint64                call_us;         /* how long a call takes; 0: some milliseconds */
  guint                 lost_reads;      /* so many reads break */
  GCancellable         *cancel;          /* (nullable): cancelled at … */
  guint                 cancel_at_call;  /* … this one */
  guint                 unplug_at_call;  /* 0: never */
  guint                 swap_at_call;    /* another board in its place; 0: never */
  gint64                power_cycle_at_us; /* somebody presses reset then; 0: never; -1: soon after being asked */
  gint32                capability_after_restart; /* 0: none */
  gboolean              blank_after_restart;

  /* how it went */
  char                  clock[32];
  gint64                now_us;
  gint64                booted_us;
  gint64                silent_until_us;
  gint64                late_effect_us; /* 0: none pending */
  LksManufacturingState late_state;
  gboolean              is_unplugged;
  gboolean              is_locked;
  guint                 calls;
  guint                 puts;    /* orders that arrived */
  guint                 writes;  /* orders that changed the state */
  guint                 orders_in_vain; /* orders to become what it is, or is just becoming */
  guint                 restarts;
  ScriptedComponent     staged;     /* what waits for its installation … */
  gboolean              has_staged; /* … if anything does */
  guint                 installs;   /* that changed what is installed */

  /* when the process dies: at the n-th call, before or after its effect; 0: never */
  guint                 die_at_call;
  gboolean              die_after_effect;
} ScriptedBoard;

void scripted_board_init    (ScriptedBoard *board);
void scripted_board_boot    (ScriptedBoard *board);
void scripted_board_target  (ScriptedBoard *board,
                             LksRunTarget  *out_target);

G_END_DECLS
