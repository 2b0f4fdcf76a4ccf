/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-recipe.h"

G_BEGIN_DECLS

#define LKS_WAIVER_REASON_CHARACTERS_MAX 500
#define LKS_WAIVER_DAYS_MAX 30

/**
 * LksWaiverRole:
 * @LKS_WAIVER_ROLE_OPERATOR: whoever works at the station
 * @LKS_WAIVER_ROLE_ENGINEER: somebody who has proven to be an engineer
 *
 * Who may waive a check. Each may do what those before it may. Nicks: "operator", "engineer".
 */
typedef enum {
  LKS_WAIVER_ROLE_OPERATOR,
  LKS_WAIVER_ROLE_ENGINEER,
} LksWaiverRole;

#define LKS_TYPE_WAIVER_ROLE (lks_waiver_role_get_type ())
GType lks_waiver_role_get_type (void);

/**
 * LksWaiverFields:
 * @check: the name of a check, such as "os-version"
 * @device_id: (nullable): for this board only
 * @batch: (nullable): for the boards of this batch only; one of the two must be there
 * @reason: why, in the words of whoever answers for it
 * @given_by: who answers for it
 * @role: as what
 * @until_us: when it ends, Unix time in microseconds
 *
 * What a waiver says.
 */
typedef struct {
  const char    *check;
  const char    *device_id;
  const char    *batch;
  const char    *reason;
  const char    *given_by;
  LksWaiverRole  role;
  gint64         until_us;
} LksWaiverFields;

/**
 * LksWaiver:
 *
 * Somebody's word that a board may pass although one check failed. Immutable, counted, any thread.
 */
typedef struct _LksWaiver LksWaiver;

LksWaiver             *lks_waiver_new        (LksRecipe              *recipe,
                                              const LksWaiverFields  *fields,
                                              GError                **error) G_GNUC_WARN_UNUSED_RESULT;
LksWaiver             *lks_waiver_ref        (LksWaiver              *self);
void                   lks_waiver_unref      (LksWaiver              *self);
const LksWaiverFields *lks_waiver_get_fields (const LksWaiver        *self);
const char            *lks_waiver_find_objection (const LksWaiver    *self,
                                              LksRecipe              *recipe,
                                              const char             *device_id,
                                              const char             *batch,
                                              gint64                  now_us);
JsonObject            *lks_waiver_to_json    (const LksWaiver        *self) G_GNUC_WARN_UNUSED_RESULT;

gboolean               lks_waiver_is_possible (const char            *check);
gboolean               lks_recipe_has_waivers (LksRecipe             *self);
gboolean               lks_recipe_may_waive  (LksRecipe              *self,
                                              const char             *check,
                                              LksWaiverRole          *out_role);

#define LKS_TYPE_WAIVER (lks_waiver_get_type ())
GType                  lks_waiver_get_type   (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksWaiver, lks_waiver_unref)

G_END_DECLS
