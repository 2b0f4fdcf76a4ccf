/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-cloud-config.h"
#include "emu-fault.h"

G_BEGIN_DECLS

#define EMU_SCENARIO_BOARDS_MAX 64
#define EMU_SCENARIO_SIZE_MAX_BYTES (4 * 1024 * 1024)
#define EMU_LINE_BYTES_PER_SECOND 92160

/* What is on the USB side of the place: a board's adapter, or an FT4232H with a blank EEPROM. */
typedef enum {
  EMU_ADAPTER_BOARD,
  EMU_ADAPTER_UNPROGRAMMED,
} EmuAdapter;

#define EMU_TYPE_ADAPTER (emu_adapter_get_type ())
GType emu_adapter_get_type (void);

/* In the order in which a board can go through them; never back. */
typedef enum {
  EMU_STATE_UNKNOWN,
  EMU_STATE_BLANK,
  EMU_STATE_MODULE1_COMPLETE,
  EMU_STATE_DEVICE_COMPLETE,
} EmuManufacturingState;

#define EMU_TYPE_MANUFACTURING_STATE (emu_manufacturing_state_get_type ())
GType emu_manufacturing_state_get_type (void);

/* From when on a board that was set to DeviceComplete refuses. */
typedef enum {
  EMU_LOCK_ALL_BUT_RESTART, /* at once, but POST /restart works until the next start */
  EMU_LOCK_ALL,             /* at once */
  EMU_LOCK_AT_RESTART,      /* from the next start on */
} EmuLockEffect;

#define EMU_TYPE_LOCK_EFFECT (emu_lock_effect_get_type ())
GType emu_lock_effect_get_type (void);

/* What a board does with a capability header that is broken or another board's. */
typedef enum {
  EMU_HEADER_IGNORE, /* as if it were not there */
  EMU_HEADER_REFUSE, /* refuses the request, open endpoints included */
} EmuHeaderEffect;

#define EMU_TYPE_HEADER_EFFECT (emu_header_effect_get_type ())
GType emu_header_effect_get_type (void);

/* Which number a new Wi-Fi network gets. */
typedef enum {
  EMU_IDS_AFTER_HIGHEST, /* one more than the highest in use, as wpa_supplicant does */
  EMU_IDS_LOWEST_FREE,
  EMU_IDS_NEVER_AGAIN,
} EmuIdRule;

#define EMU_TYPE_ID_RULE (emu_id_rule_get_type ())
GType emu_id_rule_get_type (void);

/* When the dates of certificates for Wi-Fi count. */
typedef enum {
  EMU_DATES_WHEN_CLOCK_IS_SET,
  EMU_DATES_ALWAYS, /* also by the clock's first value, in the year 2000 */
} EmuDateRule;

#define EMU_TYPE_DATE_RULE (emu_date_rule_get_type ())
GType emu_date_rule_get_type (void);

/* What lies behind an access point. */
typedef enum {
  EMU_INTERNET_YES,
  EMU_INTERNET_NO,
  EMU_INTERNET_PROXY, /* only through the board's web proxy */
} EmuInternet;

#define EMU_TYPE_INTERNET (emu_internet_get_type ())
GType emu_internet_get_type (void);

/* What applications write while they are debugged. */
typedef struct {
  char **lines;          /* (owned) (array zero-terminated=1): one after the other, again and again;
                            {n} stands for the number of the line */
  guint per_second;
  guint exit_after_lines; /* the program ends then, 0: never */
  guint exit_code;
  guint exit_signal;      /* of a crash instead, as debug servers number signals; 0: none */
} EmuOutputConfig;

/* Answers to what nobody outside the vendor knows for certain; the defaults are the likeliest. */
typedef struct {
  guint refusal_status;
  gint64 refusal_number;
  gboolean list_header_capabilities;
  EmuHeaderEffect bad_header;
  guint backward_status;
  gint64 backward_number;
  gboolean skip_to_device_complete;
  EmuLockEffect lock_effect;
  gboolean sideload_with_servicing;
  gboolean delete_with_servicing;
  gboolean delete_without_development;
  gboolean stage_again_replaces;
  gboolean staged_survive_restart;
  guint telemetry_clear_ms;
  EmuIdRule network_ids;
  gboolean unique_config_names;
  EmuDateRule certificate_dates;
  gboolean install_reports_restart;
  gboolean restart_resets_connections;
  gboolean debug_waits;
  gboolean ping;
  guint mtu_bytes;
  guint connections_max;
} EmuBehaviour;

typedef struct {
  char *component_id;  /* (owned) */
  char *image_id;      /* (owned) */
  char *name;          /* (owned) */
  guint image_type;
  guint size_bytes;
  guint storage_kib;   /* MutableStorage of its manifest */
  guint usage_kib;
  char **peripherals;  /* (owned) (array zero-terminated=1): as lks_manifest_parse() writes them */
  gboolean sdk_signed;
  gboolean running;
} EmuComponentConfig;

typedef struct {
  char *ssid;                /* (owned) */
  char *config_name;         /* (owned) (nullable) */
  char *security;            /* (owned): open, psk, eaptls */
  char *key;                 /* (owned) (nullable): NULL: the right one */
  char *client_cert_id;      /* (owned) (nullable) */
  char *client_identity;     /* (owned) (nullable) */
  char *root_ca_id;          /* (owned) (nullable) */
  gboolean enabled;
  gboolean connected;
  gboolean targeted_scan;
} EmuNetworkConfig;

/* An access point, and what lies behind it. */
typedef struct {
  char *ssid;              /* (owned) */
  char *bssid;             /* (owned) */
  char *security;          /* (owned): unknown for what a board cannot use */
  guint freq_mhz;
  int signal_dbm;
  gboolean hidden;         /* found by name only */
  char *key;               /* (owned) (nullable): NULL: takes any */
  char *failure;           /* (owned) (nullable): why no board gets a connection */
  char *server_cert_error; /* (owned) (nullable): what is wrong with its certificate */
  char *server_subject;    /* (owned) (nullable) */
  char *client_identity;   /* (owned) (nullable): the only one it takes */
  gboolean address;        /* gives addresses */
  EmuInternet internet;
  gboolean time_server;    /* network time gets through */
  gboolean device_authentication;
} EmuScanConfig;

typedef struct {
  char *timestamp;    /* (owned) */
  char *ssid;         /* (owned) */
  char *error;        /* (owned) */
  char *cert_subject; /* (owned) (nullable) */
  char *cert_error;   /* (owned) (nullable) */
  guint cert_depth;
  guint network_id;
} EmuFailureConfig;

typedef struct {
  char *id;          /* (owned) */
  char *public_cert; /* (owned): PEM */
  gboolean root_ca;
} EmuCertConfig;

EmuFailureConfig *emu_failure_config_copy (const EmuFailureConfig *self) G_GNUC_WARN_UNUSED_RESULT;
void              emu_failure_config_free (EmuFailureConfig       *self);

/**
 * EmuBoardConfig:
 *
 * Everything a scenario says about one board, defaults filled in.
 */
typedef struct {
  guint index;

  /* the place and the line */
  EmuAdapter adapter;
  char *usb_serial;             /* (owned) */
  gboolean plugged;             /* in at start */
  guint line_bytes_per_second;
  gboolean self_powered;        /* keeps running while the cable is out */
  gboolean claimed;             /* by the cloud's catalog that owns the boards */

  /* the board */
  char *device_id;              /* (owned): 128 lower-case hex digits */
  char *other_device_id;        /* (owned): what the faults with another identity show */
  char *security_state;         /* (owned) */
  EmuManufacturingState state;
  GArray *capabilities;         /* (owned) (element-type guint16): of the stored capability file */
  char *os_version;             /* (owned) */
  char *rest_version;           /* (owned): major.minor.patch */
  guint64 uptime_s;             /* when the emulator starts */
  guint boot_ms;                /* from power to the first answer */
  guint restart_delay_ms;       /* from the answer of POST /restart to silence */
  guint interface_delay_ms;     /* until a network interface follows a request */
  guint scan_ms;
  guint wifi_join_ms;           /* from a request to a connection or the reason against it */
  guint wifi_address_ms;        /* the others: from the connection on */
  guint wifi_online_ms;
  guint wifi_authentication_ms;
  guint wifi_retry_ms;          /* from one failed attempt to the next */
  gboolean ota_in_progress;
  guint ota_ms;                 /* until it is over and the board restarts, 0: never */
  char *ota_os_version;         /* (owned) (nullable): what it installs, NULL: the same */
  gboolean keystore_old;        /* trusts no production signature until a keystore image comes */
  guint flash_kib;              /* for images beside the system's */
  guint cert_space_bytes;
  char *wifi_address;           /* (owned): MAC */
  char *ethernet_address;       /* (owned) (nullable): MAC; there is an eth0 */
  gboolean ethernet_cable;      /* leads to a network */
  char *time_sync;              /* (owned) */
  gboolean device_auth_ready;
  GPtrArray *components;        /* (owned) (element-type EmuComponentConfig) */
  GPtrArray *networks;          /* (owned) (element-type EmuNetworkConfig) */
  GPtrArray *scan;              /* (owned) (element-type EmuScanConfig) */
  GPtrArray *failures;          /* (owned) (element-type EmuFailureConfig) */
  GPtrArray *certs;             /* (owned) (element-type EmuCertConfig) */

  EmuOutputConfig output;
  EmuBehaviour behaviour;
  GPtrArray *faults;            /* (owned) (element-type EmuFault) */
} EmuBoardConfig;

/**
 * EmuScenario:
 *
 * Which boards there are and how they behave; immutable, counted.
 */
typedef struct _EmuScenario EmuScenario;

EmuScenario          *emu_scenario_new          (guint           n_boards) G_GNUC_WARN_UNUSED_RESULT;
EmuScenario          *emu_scenario_parse        (const char     *name,
                                                 gconstpointer   data,
                                                 gsize           size_bytes,
                                                 guint           n_boards,
                                                 GError        **error) G_GNUC_WARN_UNUSED_RESULT;
EmuScenario          *emu_scenario_load         (const char     *path,
                                                 guint           n_boards,
                                                 GError        **error) G_GNUC_WARN_UNUSED_RESULT;
EmuScenario          *emu_scenario_ref          (EmuScenario    *self);
void                  emu_scenario_unref        (EmuScenario    *self);

guint                 emu_scenario_get_n_boards (EmuScenario    *self);
const EmuBoardConfig *emu_scenario_get_board    (EmuScenario    *self,
                                                 guint           index);

EmuCloudConfig       *emu_scenario_steal_cloud (EmuScenario    *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuScenario, emu_scenario_unref)

G_END_DECLS
