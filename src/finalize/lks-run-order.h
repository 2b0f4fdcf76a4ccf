/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksRunOrder:
 * @operator_name: (nullable): who has it done; the user of the computer when nobody signed in
 * @operator_role: (nullable): "operator" or "engineer", when somebody signed in
 * @batch: (nullable): the batch or order number that is being worked on
 * @label: (nullable): what stands on the unit's label, as it was scanned
 *
 * On whose behalf a run is made, and for what: it stands in the record beside the consent. It
 * permits nothing.
 */
typedef struct {
  const char *operator_name;
  const char *operator_role;
  const char *batch;
  const char *label;
} LksRunOrder;

LksRunOrder *lks_run_order_copy (const LksRunOrder *self) G_GNUC_WARN_UNUSED_RESULT;
void         lks_run_order_free (LksRunOrder       *self);

#define LKS_TYPE_RUN_ORDER (lks_run_order_get_type ())
GType        lks_run_order_get_type (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksRunOrder, lks_run_order_free)

G_END_DECLS
