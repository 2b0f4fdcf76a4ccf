/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-board.h"
#include "emu-debug.h"
#include "emu-log.h"
#include "emu-ota.h"
#include "emu-wifi.h"

#include "lks-image-package.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

#define EMU_VERSION(major, minor) ((major) * 1000 + (minor))
#define EMU_HAS(granted, number) (((granted) >> (number)) & 1)

typedef enum {
  EMU_APP_STOPPED,
  EMU_APP_RUNNING,
  EMU_APP_DEBUGGING,
} EmuAppState;

typedef struct {
  char *component_id;  /* (owned): lower case */
  char *image_id;      /* (owned): lower case */
  char *name;          /* (owned) */
  guint image_type;
  guint size_bytes;
  guint storage_kib;
  guint usage_kib;
  char **peripherals;  /* (owned) (nullable) (array zero-terminated=1) */
  gboolean real_time;
  EmuAppState state;
} EmuComponent;

/* An image that waits for POST /update/install. */
typedef struct {
  GBytes *bytes;            /* (owned) */
  LksImagePackage *package; /* (owned) (nullable): NULL for what is not a file system */
  LksImageMetadata *metadata; /* (owned) */
} EmuStaged;

/* A network interface that can be switched: what it was, what it is told to be, from when. */
typedef struct {
  gboolean was_up;
  gboolean wanted_up;
  gint64 changes_at_us;
} EmuSwitch;

typedef struct {
  gboolean enabled;
  char *address;        /* (owned) */
  guint port;
  char *authentication; /* (owned) */
  char *username;       /* (owned) (nullable) */
  char *password;       /* (owned) (nullable) */
  char **no_proxy;      /* (owned) */
} EmuProxy;

struct _EmuBoard {
  GObject parent_instance;

  EmuScenario *scenario;        /* (owned) */
  const EmuBoardConfig *config; /* (unowned): inside @scenario */
  EmuKeys *keys;                /* (owned) */
  EmuTrace *trace;              /* (owned) (nullable) */
  guint version;                /* EMU_VERSION of the REST API */

  /* power */
  gboolean powered;
  gboolean running;
  gboolean restarting;          /* said so; answers nothing any more */
  guint timer_id;               /* restart delay or boot */
  gint64 started_at_us;         /* monotonic, moved back by the scenario's uptime */
  SoupServer *server;           /* (owned) (nullable): of this run of the system */
  int silent_fd;                /* while @server runs */
  GPtrArray *faults;            /* (owned) (element-type EmuFault): those of HTTP and restart */

  /* what survives a restart */
  char *device_id;              /* (owned) */
  EmuManufacturingState state;
  guint64 stored;               /* bit n: capability n of the stored file */
  gboolean keystore_old;
  EmuOta ota;
  GPtrArray *components;        /* (owned) (element-type EmuComponent) */
  GPtrArray *certs;             /* (owned) (element-type EmuCert) */
  GPtrArray *networks;          /* (owned) (element-type EmuNetwork) */
  int next_network_id;
  char *ethernet_address;       /* (owned) (nullable) */
  EmuProxy *proxy;              /* (owned) (nullable) */
  gboolean power_savings;
  GByteArray *telemetry;        /* (owned): the data behind its header */
  gint64 telemetry_cleared_at_us; /* from then on it reads as empty */
  EmuLog *log;                  /* (owned) */

  /* what does not */
  EmuManufacturingState state_at_start;
  gboolean peripherals_locked;
  GPtrArray *staged;            /* (owned) (element-type EmuStaged) */
  EmuDebug *debug;              /* (owned) (nullable): while an application is debugged */
  char *debugged;               /* (owned) (nullable): its component ID */
  EmuSwitch wlan;
  EmuSwitch eth;
  EmuWifi wifi;
};

gint64        emu_board_now_us            (void);
guint64       emu_board_get_uptime_ms     (EmuBoard         *self);
gboolean      emu_board_is_locked         (EmuBoard         *self,
                                           gboolean          for_restart);
gboolean      emu_board_header_fits       (EmuBoard         *self,
                                           const char       *header);
guint64       emu_board_read_header       (EmuBoard         *self,
                                           const char       *header,
                                           gboolean         *out_bad);
EmuFault     *emu_board_find_fault        (EmuBoard         *self,
                                           EmuFaultKind      kind,
                                           const char       *method,
                                           const char       *path);
EmuFault     *emu_board_next_http_fault   (EmuBoard         *self,
                                           const char       *method,
                                           const char       *path);
void          emu_board_restart           (EmuBoard         *self);
void          emu_board_start_debug       (EmuBoard         *self,
                                           EmuComponent     *component);
void          emu_board_end_debug         (EmuBoard         *self,
                                           EmuComponent     *component);

EmuSigner     emu_board_identify_signer   (EmuBoard               *self,
                                           GBytes                 *image,
                                           const LksImageMetadata *metadata);

EmuComponent *emu_board_find_component    (EmuBoard         *self,
                                           const char       *component_id);
void          emu_component_free          (EmuComponent     *self);
void          emu_staged_free             (EmuStaged        *self);
void          emu_proxy_free              (EmuProxy         *self);

gboolean      emu_switch_is_up            (const EmuSwitch  *self);
void          emu_switch_set              (EmuSwitch        *self,
                                           gboolean          up,
                                           guint             delay_ms);

EmuCert      *emu_board_find_cert         (EmuBoard         *self,
                                           const char       *id);
EmuNetwork   *emu_board_find_network      (EmuBoard         *self,
                                           gint64            id);
void          emu_board_load_certs        (EmuBoard         *self);

void          emu_http_start              (EmuBoard         *self);
void          emu_http_stop               (EmuBoard         *self);
void          emu_http_serve              (EmuBoard         *self,
                                           GIOStream        *stream);

G_END_DECLS
