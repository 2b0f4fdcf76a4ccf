/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-cloud-config.h"
#include "emu-wire.h"

G_BEGIN_DECLS

/* Makes the change that an operation is about, once it has succeeded. */
typedef void (*EmuApplyFunc) (gpointer data);

/**
 * EmuCloudOperation:
 *
 * Something that goes on after its request was answered.
 */
typedef struct {
  char *key;              /* (owned): path and query of its address, as they must come back */
  char *name;             /* (owned): GUID, asterisk, 64 digits */
  char *kind;             /* (owned): "DeviceClaim" … */
  gboolean is_partial;    /* only a part of it succeeds */
  guint questions;        /* how often it was asked about */
  char *resource_id;      /* (owned) */
  char *target_id;        /* (owned) (nullable) */
  gint64 begun_us;
  gint64 due_us;
  EmuCloudFaultKind end;  /* how it ends, NONE: well */
  char *code;             /* (owned) (nullable) */
  char *message;          /* (owned) (nullable) */
  gboolean by_location;   /* answers as a Location does */
  GBytes *result;         /* (owned) (nullable): what a Location gives at the end */
  EmuApplyFunc apply;
  gpointer data;
  GDestroyNotify free_data;
  gboolean is_applied;
} EmuCloudOperation;

typedef struct _EmuCloudOperations EmuCloudOperations;

EmuCloudOperations *emu_cloud_operations_new  (void) G_GNUC_WARN_UNUSED_RESULT;
void                emu_cloud_operations_free (EmuCloudOperations  *self);

EmuCloudOperation  *emu_cloud_operations_add  (EmuCloudOperations  *self,
                                               const char          *subscription,
                                               const char          *request_id);
EmuCloudOperation  *emu_cloud_operations_add_at (EmuCloudOperations *self,
                                               const char          *key,
                                               const char          *request_id);
EmuCloudOperation  *emu_cloud_operations_find (EmuCloudOperations  *self,
                                               const char          *key);
void                emu_cloud_operations_run  (EmuCloudOperations  *self,
                                               gint64               now_us);
gboolean            emu_cloud_operation_is_due (const EmuCloudOperation *self,
                                                gint64               now_us);
gboolean            emu_cloud_operation_succeeds (const EmuCloudOperation *self);
GBytes             *emu_cloud_operation_write (EmuCloudOperation   *self,
                                               const char          *subscription,
                                               gint64               now_us) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuCloudOperations, emu_cloud_operations_free)

G_END_DECLS
