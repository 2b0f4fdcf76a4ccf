/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-secret.h"
#include "lks-wifi-join.h"
#include "lks-wifi-report.h"

G_BEGIN_DECLS

/**
 * LksWifiView:
 * @report: networks, failures, radio
 * @cert_ids: (array zero-terminated=1): what is in the certificate store
 *
 * What the page Wi-Fi reads.
 */
typedef struct {
  LksWifiReport *report;
  char **cert_ids;
} LksWifiView;

LksWifiView *lks_wifi_view_new  (void) G_GNUC_WARN_UNUSED_RESULT;
void         lks_wifi_view_free (gpointer             self);
gboolean     lks_wifi_view_job  (LksDevice           *device,
                                 gpointer             view,
                                 GCancellable        *cancellable,
                                 GError             **error);

/**
 * LksWifiJob:
 *
 * A change of one network on its way to the board's worker and back, with its own copies of the
 * texts; the key is wiped with it.
 */
typedef struct _LksWifiJob LksWifiJob;

LksWifiJob  *lks_wifi_job_new_add     (const LksWifiRequest  *request) G_GNUC_WARN_UNUSED_RESULT;
LksWifiJob  *lks_wifi_job_new_key     (int                    network_id,
                                       const char            *psk) G_GNUC_WARN_UNUSED_RESULT;
LksWifiJob  *lks_wifi_job_new_enabled (int                    network_id,
                                       gboolean               enabled) G_GNUC_WARN_UNUSED_RESULT;
LksWifiJob  *lks_wifi_job_new_forget  (int                    network_id) G_GNUC_WARN_UNUSED_RESULT;
void         lks_wifi_job_free        (gpointer               self);
gboolean     lks_wifi_job_run         (LksDevice             *device,
                                       gpointer               self,
                                       GCancellable          *cancellable,
                                       GError               **error);
const LksWifiJoin *lks_wifi_job_get_join (const LksWifiJob   *self);

G_END_DECLS
