/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define LKS_STATION_IDLE_MINUTES_DEFAULT 15
#define LKS_STATION_IDLE_MINUTES_MAX     1440

/**
 * LksStationConfig:
 * @key_file: (nullable): where the key lies that signs the records
 * @pin_file: (nullable): where the verifier of the engineer PIN lies
 * @requires_sign_in: whether people have to sign in
 * @starts_as_station: whether the window starts in station mode
 * @is_demanding: whether the system's files demand that people sign in or that recipes are signed,
 *   so that the user's files name neither people nor keys
 * @idle_minutes: how long nobody may touch anything before the operator is signed out; 0: for ever
 * @operators: (nullable): who may sign in; with neither these nor badges anybody may
 * @badges: (element-type utf8 utf8): what a badge says → whose it is
 *
 * What the administrator says about this station, in files `station.d/NAME.conf` of a
 * configuration directory. Where several say something, the system's win over the user's.
 */
typedef struct {
  char        *key_file;
  char        *pin_file;
  gboolean     requires_sign_in;
  gboolean     starts_as_station;
  gboolean     is_demanding;
  guint        idle_minutes;
  char       **operators;
  GHashTable  *badges;
} LksStationConfig;

#define LKS_TYPE_STATION_CONFIG (lks_station_config_get_type ())
GType             lks_station_config_get_type      (void);

LksStationConfig *lks_station_config_new           (void) G_GNUC_WARN_UNUSED_RESULT;
LksStationConfig *lks_station_config_load          (GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
LksStationConfig *lks_station_config_ref           (LksStationConfig        *self);
void              lks_station_config_unref         (LksStationConfig        *self);

const char       *lks_station_config_find_operator (const LksStationConfig  *self,
                                                    const char              *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksStationConfig, lks_station_config_unref)

G_END_DECLS
