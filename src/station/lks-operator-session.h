/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-operator-act.h"
#include "lks-secret.h"
#include "lks-station-config.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define LKS_OPERATOR_NAME_CHARACTERS_MAX  64
#define LKS_OPERATOR_BATCH_CHARACTERS_MAX 64

/**
 * LksOperatorClock:
 * @real_us: Unix time in microseconds; any thread
 * @monotonic_us: a clock that never jumps back and goes on while the computer sleeps, in
 *   microseconds; main thread
 * @user_data: for both
 *
 * What a session knows of time.
 */
typedef struct {
  gint64 (*real_us)      (gpointer user_data);
  gint64 (*monotonic_us) (gpointer user_data);
  gpointer user_data;
} LksOperatorClock;

/**
 * LksOperatorProof:
 * @text: the name, typed, or what stands on the badge
 * @pin: (nullable): the engineer PIN
 * @key_path: (nullable): file of a recipe-signing key
 * @batch: (nullable): the batch or order number that is going to be worked on
 *
 * What somebody shows in order to be signed in: with a PIN or a key as engineer, else as operator.
 */
typedef struct {
  const char *text;
  LksSecret  *pin;
  const char *key_path;
  const char *batch;
} LksOperatorProof;

/**
 * LksOperatorSession:
 *
 * Who is at this station: main thread. Properties: "signed-in", "name", "role"
 * ([enum@Lks.OperatorRole]), "batch", "signed-in-since" (#GDateTime, local time), "required"
 * (whether people have to sign in), "busy" (somebody is being signed in). Not a servicing session
 * ([class@Lks.Session]), which opens one board.
 */
#define LKS_TYPE_OPERATOR_SESSION (lks_operator_session_get_type ())
G_DECLARE_FINAL_TYPE (LksOperatorSession, lks_operator_session, LKS, OPERATOR_SESSION, GObject)

LksOperatorSession *lks_operator_session_new            (LksStationConfig        *config,
                                                         const char              *journal_path,
                                                         const char              *tries_path) G_GNUC_WARN_UNUSED_RESULT;
LksOperatorSession *lks_operator_session_new_default    (LksStationConfig        *config) G_GNUC_WARN_UNUSED_RESULT;
void                lks_operator_session_set_clock      (LksOperatorSession      *self,
                                                         const LksOperatorClock  *clock);

LksStationConfig   *lks_operator_session_get_config     (LksOperatorSession      *self);
gboolean            lks_operator_session_get_required   (LksOperatorSession      *self);
void                lks_operator_session_set_required   (LksOperatorSession      *self,
                                                         gboolean                 required);
gboolean            lks_operator_session_get_signed_in  (LksOperatorSession      *self);
gboolean            lks_operator_session_get_busy       (LksOperatorSession      *self);
const char         *lks_operator_session_get_name       (LksOperatorSession      *self);
LksOperatorRole     lks_operator_session_get_role       (LksOperatorSession      *self);
const char         *lks_operator_session_get_batch      (LksOperatorSession      *self);
gboolean            lks_operator_session_set_batch      (LksOperatorSession      *self,
                                                         const char              *batch,
                                                         GError                 **error);
GDateTime          *lks_operator_session_get_since      (LksOperatorSession      *self);
gboolean            lks_operator_session_may            (LksOperatorSession      *self,
                                                         LksOperatorAct           act);

void                lks_operator_session_sign_in_async  (LksOperatorSession      *self,
                                                         const LksOperatorProof  *sign_in,
                                                         GCancellable            *cancellable,
                                                         GAsyncReadyCallback      callback,
                                                         gpointer                 user_data);
gboolean            lks_operator_session_sign_in_finish (LksOperatorSession      *self,
                                                         GAsyncResult            *result,
                                                         GError                 **error);
void                lks_operator_session_sign_out       (LksOperatorSession      *self);
void                lks_operator_session_touch          (LksOperatorSession      *self);
gboolean            lks_operator_session_check_idle     (LksOperatorSession      *self);
void                lks_operator_session_close          (LksOperatorSession      *self);

G_END_DECLS
