/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define LKS_MANIFEST_BYTES_MAX 65536

/**
 * LksApplicationType:
 * @LKS_APPLICATION_TYPE_UNKNOWN: a word not known here
 * @LKS_APPLICATION_TYPE_DEFAULT: high-level application
 * @LKS_APPLICATION_TYPE_REAL_TIME_CAPABLE: for one of the real-time cores
 * @LKS_APPLICATION_TYPE_DEBUGGER: the debug server
 */
typedef enum {
  LKS_APPLICATION_TYPE_UNKNOWN,
  LKS_APPLICATION_TYPE_DEFAULT,
  LKS_APPLICATION_TYPE_REAL_TIME_CAPABLE,
  LKS_APPLICATION_TYPE_DEBUGGER,
} LksApplicationType;

#define LKS_TYPE_APPLICATION_TYPE (lks_application_type_get_type ())
GType lks_application_type_get_type (void);

/**
 * LksManifest:
 * @name: (owned): the application's name
 * @component_id: (owned): its component ID, lower case
 * @type: what kind of application
 * @runtime_version: the application runtime it was built for, 0 when not said
 * @peripherals: (owned) (array zero-terminated=1): what it takes exclusively, sorted, written
 *   as for example "Gpio 8", "Uart ISU0"; equal lists mean an equal peripheral configuration
 * @connections: (owned) (array zero-terminated=1): hosts it may connect to
 * @storage_kib: mutable storage it wants, in KiB
 *
 * What an application package says about itself in app_manifest.json.
 */
typedef struct {
  char *name;
  char *component_id;
  LksApplicationType type;
  guint runtime_version;
  char **peripherals;
  char **connections;
  guint storage_kib;
} LksManifest;

LksManifest *lks_manifest_parse                (GBytes             *json,
                                                GError            **error) G_GNUC_WARN_UNUSED_RESULT;
void         lks_manifest_free                 (LksManifest        *self);

gboolean     lks_manifest_has_same_peripherals (const LksManifest  *self,
                                                const LksManifest  *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksManifest, lks_manifest_free)

G_END_DECLS
