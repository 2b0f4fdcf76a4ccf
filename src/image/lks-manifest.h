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
 * @entry_point: (owned) (nullable): the program inside the package
 * @arguments: (owned) (array zero-terminated=1): what the program is called with
 * @type: what kind of application
 * @runtime_version: the application runtime it was built for, 0 when not said
 * @peripherals: (owned) (array zero-terminated=1): what it takes exclusively, sorted, each
 *   once, written as for example "Gpio 8", "Uart ISU0"; see lks-peripheral.h
 * @is_asked_twice: whether a peripheral stands there twice, which a board refuses
 * @connections: (owned) (array zero-terminated=1): hosts it may connect to
 * @tcp_ports: (owned) (element-type guint): TCP ports it may serve
 * @udp_ports: (owned) (element-type guint): UDP ports it may serve
 * @partners: (owned) (array zero-terminated=1): components it may talk to, lower case
 * @storage_kib: mutable storage it wants, in KiB
 * @authentication: (owned) (nullable): the tenant or catalog it authenticates to
 * @power_controls: (owned) (array zero-terminated=1): such as "ForceReboot"
 * @permissions: (owned) (array zero-terminated=1): every other capability it asks for, by the
 *   manifest's own words, sorted; also those not known here
 *
 * What an application package says about itself in app_manifest.json.
 */
typedef struct {
  char *name;
  char *component_id;
  char *entry_point;
  char **arguments;
  LksApplicationType type;
  guint runtime_version;
  char **peripherals;
  gboolean is_asked_twice;
  char **connections;
  GArray *tcp_ports;
  GArray *udp_ports;
  char **partners;
  guint storage_kib;
  char *authentication;
  char **power_controls;
  char **permissions;
} LksManifest;

LksManifest *lks_manifest_parse                (GBytes             *json,
                                                GError            **error) G_GNUC_WARN_UNUSED_RESULT;
void         lks_manifest_free                 (LksManifest        *self);

gboolean     lks_manifest_has_same_peripherals (const LksManifest  *self,
                                                const LksManifest  *other);
gboolean     lks_manifest_uses_peripherals     (const LksManifest  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksManifest, lks_manifest_free)

G_END_DECLS
