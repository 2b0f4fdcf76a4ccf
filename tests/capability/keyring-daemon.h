/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* The real gnome-keyring-daemon on the bus of this session, with its files in a directory of its
 * own. The rig gives the bus; a test starts, stops and locks the daemon as it needs. */

#define KEYRING_PASSWORD "rig"

typedef struct _KeyringDaemon KeyringDaemon;

KeyringDaemon *keyring_daemon_new     (const char    *data_dir);
void           keyring_daemon_free    (KeyringDaemon *self);

void           keyring_daemon_start   (KeyringDaemon *self,
                                       const char    *password);
void           keyring_daemon_stop    (KeyringDaemon *self);
void           keyring_daemon_restart (KeyringDaemon *self);
void           keyring_daemon_lock    (KeyringDaemon *self);
void           keyring_daemon_freeze  (KeyringDaemon *self);
void           keyring_daemon_thaw    (KeyringDaemon *self);
