/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-cloud.h"
#include "emu-jig.h"

G_BEGIN_DECLS

/**
 * EmuControl:
 *
 * A Unix socket on which scripts and tests lead a jig: one JSON object per line, one answer per
 * request.
 *
 * ```
 * {"command": "list"}                     → {"ok": true, "boards": [{"board": 0, …}, …]}
 * {"command": "state", "board": 0}        → {"ok": true, "board": {"board": 0, "busid": "1-1",
 *                                            "plugged": true, "imported": false,
 *                                            "recovery": false, "running": true, "blinks": 0,
 *                                            "deviceId": "…",
 *                                            "manufacturingState": "Blank", "locked": false,
 *                                            "uptime": 12}}
 * {"command": "plug", "board": 0}         → {"ok": true}
 * {"command": "unplug", "board": 0}
 * {"command": "swap", "board": 0, "with": 1}      the sockets of two boards that are unplugged
 * {"command": "renew", "board": 0}                the next unit, where the one before is unplugged
 * {"command": "reset", "board": 0}
 * {"command": "pace", "board": 0, "bytesPerSecond": 92160}     of its line; 0 for no limit
 * {"command": "fault", "board": 0, "fault": {"kind": "stall", "afterBytes": 1000}}
 * {"command": "clear", "board": 0}          every fault
 *
 * {"command": "cloud"}                    → {"ok": true, "cloud": {"base": "https://127.0.0.1:1234",
 *                                            "tenant": "…", "subscription": "…",
 *                                            "resourceGroup": "factory", "clientId": "…",
 *                                            "catalogs": {"plant7": 13}}}
 * {"command": "cloud-fault", "fault": {"kind": "throttle", "seconds": 2}}
 * {"command": "cloud-clear"}                every fault of the cloud
 * {"command": "cloud-approve", "userCode": "F7K2PQ9LM"}     also cloud-decline
 * {"command": "cloud-expire"}               all access tokens
 * {"command": "cloud-revoke"}               the refresh tokens as well
 * ```
 *
 * What cannot be done is answered with `{"ok": false, "error": "…"}`.
 */
typedef struct _EmuControl EmuControl;

EmuControl *emu_control_new    (EmuJig      *jig,
                                EmuCloud    *cloud,
                                const char  *path,
                                GError     **error) G_GNUC_WARN_UNUSED_RESULT;
void        emu_control_free   (EmuControl  *self);

char       *emu_control_answer (EmuJig      *jig,
                                EmuCloud    *cloud,
                                const char  *line,
                                gsize        size_bytes) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuControl, emu_control_free)

G_END_DECLS
