/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-state.h"
#include "lks-peripheral-lock.h"
#include "lks-software.h"

G_BEGIN_DECLS

/**
 * LksSideloadFacts:
 * @device_id: (owned) (nullable): who the board is
 * @state: its manufacturing state
 * @stored_development: whether appDevelopment is stored on it
 * @stored_servicing: whether fieldServicing is stored on it
 * @session_development: whether the servicing session gives appDevelopment
 * @os_version: (owned) (nullable): its OS version
 * @has_abi: whether it told its runtimes
 * @abi: its runtimes
 * @software: (owned): what is installed
 * @lock: whether its peripheral configuration is locked
 *
 * What decides about an installation on a board.
 */
typedef struct {
  char *device_id;
  LksManufacturingState state;
  gboolean stored_development;
  gboolean stored_servicing;
  gboolean session_development;
  char *os_version;
  gboolean has_abi;
  LksAbiVersions abi;
  LksSoftware *software;
  LksPeripheralLock lock;
} LksSideloadFacts;

LksSideloadFacts *lks_sideload_facts_read (LksDevice          *device,
                                           LksManifestStore   *store,
                                           LksPeripheralLock   lock,
                                           GCancellable       *cancellable,
                                           GError            **error) G_GNUC_WARN_UNUSED_RESULT;
void              lks_sideload_facts_free (LksSideloadFacts   *self);

gboolean          lks_capabilities_read   (LksDevice          *device,
                                           gboolean           *out_development,
                                           gboolean           *out_servicing,
                                           GCancellable       *cancellable,
                                           GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksSideloadFacts, lks_sideload_facts_free)

G_END_DECLS
