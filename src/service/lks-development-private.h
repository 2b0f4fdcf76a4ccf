/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-development.h"

G_BEGIN_DECLS

/* The two capabilities that can be stored on a board. */
typedef struct {
  gboolean development;
  gboolean servicing;
} LksStoredCapabilities;

typedef struct {
  LksDevelopmentState state;
  const char *note; /* (nullable): an English sentence for translation */
  char *subject;    /* (owned) (nullable): what the note is about, as it is */
} LksDevelopmentReport;

struct _LksDevelopment {
  LksDevelopmentGoal goal;
  LksDevelopmentFunc func; /* (nullable) */
  gpointer user_data;
  guint restart_limit_s;
  LksSecret *file;         /* (owned) (nullable): to be applied */
  LksDevelopmentReport reports[LKS_DEVELOPMENT_STEPS];
  const LksDevelopmentCloud *cloud; /* (unowned) (nullable) */
  char *group_before;      /* (owned) (nullable): where the cloud had the device */
  gboolean is_moved;       /* it is not there any more, or may not be */
  gboolean is_begun_elsewhere; /* the way there was another sequence's */

  char *device_id;         /* (owned) (nullable): NULL until the board was read */
  LksStoredCapabilities before;
  GPtrArray *apps;         /* (owned) (nullable) (element-type LksDevelopmentApp): on the board
                              before; NULL when that is not known */
};

/* An application that was on the board before. */
typedef struct {
  char *component_id;
  char *name;
} LksDevelopmentApp;

/* The board as one run or one way back sees it. */
typedef struct {
  LksDevelopment *development;
  LksDevice *device;
  LksPeripheralLock lock;
  GCancellable *cancellable;
} LksDevelopmentWork;

typedef gboolean (*LksDevelopmentStepFunc) (const LksDevelopmentWork  *work,
                                            LksDevelopmentStep         step,
                                            LksDevelopmentState       *out_state,
                                            GError                   **error);

void     lks_development_note        (LksDevelopment               *self,
                                      LksDevelopmentStep            step,
                                      const char                   *note,
                                      const char                   *subject);
void     lks_development_preview     (LksDevelopment               *self);
void     lks_development_take_apps   (LksDevelopment               *self,
                                      const LksSoftware            *software);
char    *lks_development_dup_names   (const LksDevelopment         *self,
                                      const LksSoftware            *without) G_GNUC_WARN_UNUSED_RESULT;

gboolean lks_development_is_wanted   (const LksDevelopment         *self,
                                      const LksStoredCapabilities  *stored);
gboolean lks_development_read_stored (const LksDevelopmentWork     *work,
                                      LksStoredCapabilities        *out_stored,
                                      GError                      **error);
gboolean lks_development_check_board (const LksDevelopmentWork     *work,
                                      GError                      **error);
gboolean lks_development_install     (const LksDevelopmentWork     *work,
                                      GError                      **error);

gboolean lks_development_fetch_file  (const LksDevelopmentWork     *work,
                                      guint                         capability,
                                      GError                      **error);
gboolean lks_development_move        (const LksDevelopmentWork     *work,
                                      LksDevelopmentState          *out_state,
                                      GError                      **error);
gboolean lks_development_can_move_back (const LksDevelopment       *self);
gboolean lks_development_move_back   (const LksDevelopmentWork     *work,
                                      LksDevelopmentState          *out_state,
                                      GError                      **error);

gboolean lks_development_do          (const LksDevelopmentWork     *work,
                                      LksDevelopmentStep            step,
                                      LksDevelopmentState          *out_state,
                                      GError                      **error);
gboolean lks_development_undo        (const LksDevelopmentWork     *work,
                                      LksDevelopmentStep            step,
                                      LksDevelopmentState          *out_state,
                                      GError                      **error);

G_END_DECLS
