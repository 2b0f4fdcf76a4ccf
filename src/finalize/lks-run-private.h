/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-lock-plan.h"
#include "lks-restart-wait.h"
#include "lks-run-history.h"
#include "lks-run.h"
#include "lks-waiver.h"

G_BEGIN_DECLS

/**
 * LksRun:
 *
 * One run while it runs: on one thread, on the stack of its function.
 */
typedef struct {
  LksRunTarget         *target;
  LksRecipe            *recipe;
  LksLedger            *ledger;      /* (nullable) */
  LksConsent           *consent;     /* (nullable) */
  const LksRunObserver *observer;    /* (nullable) */
  GCancellable         *cancellable; /* (nullable) */
  LksRunResult         *result;

  LksRunPhase           phase;
  guint                 phase_start; /* index of its first step */
  gboolean              keeps_journal;
  gboolean              is_announced; /* the journal has an intent of this phase, no evidence yet */
  const char           *step;        /* (nullable): the one that runs */
  guint                 step_index;
  gint64                started_us;  /* by the target's clock: from when on the checks count */
  gint64                begun_us;    /* when its first step began; 0: not yet */
  gint64                step_started_us;
  const char           *slowest_step; /* (nullable): of those that took longer than allowed */
  double                slowest_step_s;
  gboolean              is_claimed;
  char                 *run_id;      /* (owned) */
  LksRunHistory         history;
  char                 *label;       /* (owned) (nullable): what stands on the unit */
  gboolean              is_label_claimed;
  gboolean              is_label_refused;
  GPtrArray            *waivers;     /* (owned) (nullable): of the run that is gone on with */

  LksManufacturingState state;
  char                 *state_text;  /* (owned) (nullable): the board's word */
  LksLockAction         action;
  gboolean              has_capabilities;
  gboolean              is_service_refused;
  gboolean              has_loaded;
  gboolean              has_written;
  gboolean              has_failed;
  GError               *ledger_error; /* (owned) (nullable): evidence that could not be kept */
} LksRun;

/* lks-run-context.c: steps, phases, journal */
gboolean      lks_run_enter        (LksRun         *run,
                                    LksRunPhase     phase) G_GNUC_WARN_UNUSED_RESULT;
GCancellable *lks_run_cancellable  (LksRun         *run);
void          lks_run_begin        (LksRun         *run,
                                    const char     *step);
void          lks_run_end          (LksRun         *run,
                                    LksStepResult   result,
                                    JsonObject     *evidence,
                                    const char     *format,
                                    ...) G_GNUC_PRINTF (4, 5);
gboolean      lks_run_stop         (LksRun         *run,
                                    GError         *error);
gboolean      lks_run_stop_new     (LksRun         *run,
                                    LksRunError     code,
                                    JsonObject     *evidence,
                                    const char     *format,
                                    ...) G_GNUC_PRINTF (4, 5);
void          lks_run_set_needs    (LksRun         *run,
                                    const char     *needs);
gboolean      lks_run_try_again    (LksRun         *run,
                                    guint          *tries,
                                    GError        **error);
gboolean      lks_run_journal      (LksRun         *run,
                                    LksRunPhase     phase,
                                    const char     *kind,
                                    JsonObject     *data,
                                    GError        **error);
void          lks_run_journal_evidence (LksRun     *run,
                                    LksRunPhase     phase,
                                    JsonObject     *data);
gboolean      lks_run_announce     (LksRun         *run);
gboolean      lks_run_announce_data (LksRun        *run,
                                    JsonObject     *data,
                                    GError        **error);
void          lks_run_keep_results (LksRun         *run);

const char   *lks_run_target_text  (LksRun         *run);
LksManufacturingState
              lks_run_target_state (LksRun         *run);

/* lks-run-read.c: steps that read what stays readable on a locked board */
gboolean      lks_run_read_identity     (LksRun     *run,
                                         const char *step);
gboolean      lks_run_read_state        (LksRun     *run,
                                         const char *step);
gboolean      lks_run_read_capabilities (LksRun     *run,
                                         const char *step);
gboolean      lks_run_read_os_version   (LksRun     *run,
                                         const char *step);
gboolean      lks_run_read_service_lock (LksRun     *run);

/* lks-run-load.c: what the recipe brings along and the board lacks */
gboolean      lks_run_load_images       (LksRun     *run);

/* lks-run-check.c: the ready checks */
gboolean      lks_run_check_ready       (LksRun     *run);

/* lks-run-catalog.c: the claim into a catalog */
gboolean      lks_run_claim_board       (LksRun     *run);
gboolean      lks_run_look_for_claim    (LksRun     *run);

/* lks-run-label.c */
gboolean      lks_run_bind_label        (LksRun     *run);
void          lks_run_check_label       (LksRun     *run);

/* lks-run-expect.c: the checks of the configuration and of the time they took */
gboolean      lks_run_check_networks    (LksRun     *run);
gboolean      lks_run_check_certificates (LksRun    *run);
gboolean      lks_run_check_interfaces  (LksRun     *run);
void          lks_run_check_limits      (LksRun     *run);
void          lks_run_note_duration     (LksRun     *run);
gboolean      lks_run_is_overdue        (LksRun     *run,
                                         LksRunPhase next);
guint         lks_run_limit_wait        (LksRun     *run,
                                         guint       wait_s);

/* lks-run-components.c: the checks of GET /images */
gboolean      lks_run_check_components  (LksRun     *run);
gboolean      lks_run_has_image         (LksComponents        *list,
                                         const LksRecipeImage *image);

/* lks-run-write.c: the irreversible step */
gboolean      lks_run_check_earlier_recipe (LksRun  *run);
gboolean      lks_run_resolve_history   (LksRun     *run);
gboolean      lks_run_write_state       (LksRun     *run);
gboolean      lks_run_check_alone       (LksRun     *run,
                                         GError    **error);
gboolean      lks_run_check_still_the_board (LksRun *run,
                                         GError    **error);

/* lks-run-restart.c */
gboolean      lks_run_read_provable_uptime (LksRun  *run,
                                         guint64    *out_uptime_s,
                                         GError    **error);
gboolean      lks_run_wait_for_restart  (LksRun          *run,
                                         const LksUptime *before,
                                         guint            limit_s,
                                         LksRestartProof *out_proof,
                                         guint64         *out_uptime_s,
                                         GError         **error);
gboolean      lks_run_restart_board     (LksRun     *run);

/* lks-waiver.c */
void          lks_run_resume_waivers    (LksRun     *run);
const LksWaiver *lks_run_find_waiver    (LksRun     *run,
                                         JsonObject *evidence);

/* lks-run-record.c */
void          lks_run_record            (LksRun     *run);
gint64        lks_run_time_to_us        (GDateTime  *time);

/* lks-run-claims.c: who runs what in this program */
gboolean      lks_run_claim             (const char *device_id,
                                         const char *port,
                                         char      **out_other_port);
gboolean      lks_run_is_contested      (LksRun     *run);
void          lks_run_release           (const char *device_id);
gboolean      lks_run_claim_label       (const char *label,
                                         const char *device_id,
                                         char      **out_other_id);
void          lks_run_release_label     (const char *label);

/* lks-run.c */
LksRunResult *lks_run_result_new        (const char   *kind,
                                         LksRunTarget *target,
                                         LksRecipe    *recipe) G_GNUC_WARN_UNUSED_RESULT;
gboolean      lks_consent_covers        (LksConsent   *self,
                                         LksRecipe    *recipe,
                                         const char   *device_id);
JsonObject   *lks_consent_to_json       (LksConsent   *self) G_GNUC_WARN_UNUSED_RESULT;
JsonNode     *lks_run_error_to_json     (const GError *error) G_GNUC_WARN_UNUSED_RESULT;

/* lks-run-context.c */
void          lks_json_set_time         (JsonObject   *object,
                                         const char   *member,
                                         gint64        us);
void          lks_json_set_texts        (JsonObject        *object,
                                         const char        *member,
                                         const char *const *texts);

G_END_DECLS
