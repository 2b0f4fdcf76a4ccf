/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-restart-watch.h"
#include "lks-sideload.h"

G_BEGIN_DECLS

#define LKS_SIDELOAD_SAMPLES 16

/* How fast a package goes out: the newest samples, a fifth of a second apart. */
typedef struct {
  gint64 at_us[LKS_SIDELOAD_SAMPLES];
  guint64 bytes[LKS_SIDELOAD_SAMPLES];
  guint n;
} LksSideloadRate;

/* One installation while it lasts. */
typedef struct {
  LksDevice *device;                 /* (unowned) */
  const LksSideloadPlan *plan;       /* (unowned) */
  const LksSideloadOptions *options; /* (unowned) */
  LksSideloadResult *result;         /* (owned) (nullable) */
  LksRestartWatch watch;
  LksSideloadProgress progress;
  LksSideloadRate rate;
  gint64 told_us;                    /* when progress was told last */
  guint staged;                      /* packages the board has taken */
  gboolean announced;                /* the board said that it restarts */
  GError *uncertain;                 /* (owned) (nullable): the answer to the installation was lost */
} LksSideload;

void      lks_sideload_enter     (LksSideload            *self,
                                  LksSideloadStep         step);
void      lks_sideload_note_sent (LksSideload            *self,
                                  guint64                 sent_bytes);
double    lks_sideload_rate_add  (LksSideloadRate        *self,
                                  gint64                  now_us,
                                  guint64                 sent_bytes);

gboolean  lks_sideload_verify    (LksSideload            *self,
                                  GCancellable           *cancellable,
                                  GError                **error);
gboolean  lks_sideload_start     (LksSideload            *self,
                                  GCancellable           *cancellable,
                                  GError                **error);

gboolean  lks_sideload_was_there (const GError           *error);
void      lks_sideload_explain   (const LksSideloadPlan  *plan,
                                  int                     package,
                                  GError                **error);

G_END_DECLS
