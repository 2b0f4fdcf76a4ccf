/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-board.h"

G_BEGIN_DECLS

#define EMU_WIFI_IP_ADDRESS "192.168.1.20"

/**
 * EmuCert:
 *
 * A certificate in a board's store; immutable, counted. The Wi-Fi service keeps those it has
 * loaded, whatever happens in the store meanwhile.
 */
typedef struct {
  grefcount refs;
  char *id;              /* (owned) */
  char *not_before;      /* (owned): as the API writes it */
  char *not_after;       /* (owned) */
  gint64 not_before_s;   /* since 1970 UTC */
  gint64 not_after_s;
  char *subject_name;    /* (owned) */
  char *issuer_name;     /* (owned) */
  guint size_bytes;
  gboolean root_ca;
} EmuCert;

typedef struct {
  int id;
  char *ssid;            /* (owned) */
  char *config_name;     /* (owned) (nullable) */
  char *security;        /* (owned) */
  char *psk;             /* (owned) (nullable): NULL in a scenario's network: the right one */
  char *client_cert_id;  /* (owned) (nullable) */
  char *client_identity; /* (owned) (nullable) */
  char *root_ca_id;      /* (owned) (nullable) */
  gboolean enabled;
  gboolean targeted_scan;
  EmuCert *client_cert;  /* (owned) (nullable): as loaded; NULL: there was none of that name */
  EmuCert *root_ca;      /* (owned) (nullable): as loaded */
  gint64 attempt_at_us;  /* when the next attempt to connect ends */
  gboolean held_back;    /* after a wrong key or certificate, until the next attempt */
} EmuNetwork;

/**
 * EmuWifi:
 *
 * The radio of a board, and what it has reached.
 */
typedef struct {
  EmuNetwork *connected;      /* (unowned) (nullable) */
  const EmuScanConfig *point; /* (unowned) (nullable): NULL while connected: one without faults */
  gint64 since_us;            /* of the connection */
  gboolean clock_set;         /* by network time, in this run of the system */
  GPtrArray *failures;        /* (owned) (element-type EmuFailureConfig): the last of each network */
} EmuWifi;

/**
 * EmuUplink:
 *
 * A way to other machines: a Wi-Fi connection or an Ethernet cable.
 */
typedef struct {
  gboolean associated;
  const EmuScanConfig *point; /* (unowned) (nullable) */
  gint64 since_us;
} EmuUplink;

void        emu_cert_unref              (EmuCert            *self);
void        emu_network_free            (EmuNetwork         *self);
const char *emu_network_get_state       (const EmuNetwork   *self);

void        emu_wifi_start              (EmuBoard           *board);
void        emu_wifi_resume             (EmuBoard           *board);
void        emu_wifi_reload             (EmuBoard           *board);
void        emu_wifi_plan               (EmuBoard           *board,
                                         EmuNetwork         *network);
void        emu_wifi_forget             (EmuBoard           *board,
                                         EmuNetwork         *network);
void        emu_wifi_advance            (EmuBoard           *board);

EmuNetwork *emu_wifi_get_connected      (EmuBoard           *board);
const char *emu_wifi_get_state          (EmuBoard           *board);
EmuUplink   emu_wifi_get_uplink         (EmuBoard           *board);
EmuUplink   emu_ethernet_get_uplink     (EmuBoard           *board);

gboolean    emu_uplink_has_address      (EmuBoard           *board,
                                         const EmuUplink    *uplink);
gboolean    emu_uplink_has_internet     (EmuBoard           *board,
                                         const EmuUplink    *uplink);
gboolean    emu_uplink_is_authenticated (EmuBoard           *board,
                                         const EmuUplink    *uplink);

G_END_DECLS
