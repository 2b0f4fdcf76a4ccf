/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-share-pusher.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksPreferences:
 *
 * What a station can set, and where its files are. The signal "share-changed" says that the shared
 * ledger is another one from now on: the owner tells of it by lks_preferences_set_share().
 */
#define LKS_TYPE_PREFERENCES (lks_preferences_get_type ())
G_DECLARE_FINAL_TYPE (LksPreferences, lks_preferences, LKS, PREFERENCES, AdwPreferencesWindow)

LksPreferences *lks_preferences_new (GSettings  *settings,
                                     const char *ledger_path) G_GNUC_WARN_UNUSED_RESULT;
void            lks_preferences_set_share
                                    (LksPreferences *self,
                                     LksSharePusher *pusher,
                                     const GError   *error);

G_END_DECLS
