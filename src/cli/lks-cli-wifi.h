/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cli-work.h"
#include "lks-wifi-join.h"

G_BEGIN_DECLS

/* What the verbs of the command wifi share. */

/**
 * LksCliWifiWait:
 * @no_wait: --no-wait was given
 * @timeout_s: --timeout, 0 for the usual time
 *
 * Whether and how long to wait for a connection.
 */
typedef struct {
  gboolean no_wait;
  int timeout_s;
} LksCliWifiWait;

#define LKS_CLI_WIFI_WAIT_ENTRIES(wait) \
  { "no-wait", 0, 0, G_OPTION_ARG_NONE, &(wait)->no_wait, \
    "Do not wait until the board is connected", NULL }, \
  { "timeout", 0, 0, G_OPTION_ARG_INT, &(wait)->timeout_s, \
    "Wait so long instead of 45 seconds", "SECONDS" }

LksWifiJoin *lks_cli_wifi_wait       (LksDevice             *device,
                                      int                    network_id,
                                      GPtrArray             *known_failures,
                                      const LksCliWifiWait  *wait,
                                      GCancellable          *cancellable,
                                      GError               **error) G_GNUC_WARN_UNUSED_RESULT;
int          lks_cli_wifi_report     (LksCliWork            *work,
                                      const char            *done,
                                      LksWifiNetwork        *network,
                                      const LksWifiJoin     *join);
void         lks_cli_print_explained (const char            *meaning,
                                      const char            *advice);

int          lks_cli_wifi_add        (int                    argc,
                                      char                 **argv);

G_END_DECLS
