/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-json.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define EMU_CLOUD_CATALOGS_MAX 32
#define EMU_CLOUD_DEVICES_MAX 1000000

/* How an operation that takes its time is announced. */
typedef enum {
  EMU_CLOUD_ASYNC_RECORDED,    /* as the live service was seen to do it */
  EMU_CLOUD_ASYNC_RETRY_AFTER, /* the same with Retry-After */
  EMU_CLOUD_ASYNC_LOCATION,    /* Location alone, as the contract has it for most */
} EmuCloudAsync;

#define EMU_TYPE_CLOUD_ASYNC (emu_cloud_async_get_type ())
GType emu_cloud_async_get_type (void);

/* What the account may do: the built-in roles for Azure Sphere. */
typedef enum {
  EMU_CLOUD_ROLE_OWNER,
  EMU_CLOUD_ROLE_CONTRIBUTOR,
  EMU_CLOUD_ROLE_PUBLISHER,
  EMU_CLOUD_ROLE_READER,
  EMU_CLOUD_ROLE_NONE,
} EmuCloudRole;

#define EMU_TYPE_CLOUD_ROLE (emu_cloud_role_get_type ())
GType emu_cloud_role_get_type (void);

/* What a person does when asked to sign in. */
typedef enum {
  EMU_CLOUD_PERSON_APPROVES,
  EMU_CLOUD_PERSON_DECLINES,
  EMU_CLOUD_PERSON_WAITS, /* until the page of the service, or the control socket, is used */
} EmuCloudPerson;

#define EMU_TYPE_CLOUD_PERSON (emu_cloud_person_get_type ())
GType emu_cloud_person_get_type (void);

/* What goes wrong in one answer, or in one operation. */
typedef enum {
  EMU_CLOUD_FAULT_NONE,
  EMU_CLOUD_FAULT_STATUS,           /* `status` with `code` and `message` */
  EMU_CLOUD_FAULT_ECHO,             /* the same, and it repeats what proved who asks */
  EMU_CLOUD_FAULT_THROTTLE,         /* 429 with Retry-After of `seconds`; who comes earlier waits anew */
  EMU_CLOUD_FAULT_EXPIRED_TOKEN,    /* 401 */
  EMU_CLOUD_FAULT_PROXY_PAGE,       /* 502 with a page of HTML */
  EMU_CLOUD_FAULT_CUT,              /* the connection ends in the middle of the body */
  EMU_CLOUD_FAULT_SLOW,             /* the answer comes after `seconds` */
  EMU_CLOUD_FAULT_REDIRECT,         /* 302 to another host */
  EMU_CLOUD_FAULT_FOREIGN_LINK,     /* the next page is on another host */
  EMU_CLOUD_FAULT_FOREIGN_POLL,     /* the operation is to be asked about on another host */
  EMU_CLOUD_FAULT_EMPTY_CAPABILITY, /* a capability of no bytes */
  EMU_CLOUD_FAULT_BARE_CAPABILITY,  /* a capability file that grants nothing */
  EMU_CLOUD_FAULT_OTHER_CAPABILITY, /* a capability of another device */
  EMU_CLOUD_FAULT_OPERATION_FAILS,  /* ends as Failed with `code` and `message` */
  EMU_CLOUD_FAULT_OPERATION_ECHOES, /* the same, and it repeats the sign-in of who asks about it */
  EMU_CLOUD_FAULT_OPERATION_ENDS,   /* ends as Canceled */
  EMU_CLOUD_FAULT_OPERATION_STUCK,  /* never ends */
  EMU_CLOUD_FAULT_OPERATION_SLOW,   /* takes `seconds` */
  EMU_CLOUD_FAULT_OPERATION_LOST,   /* nobody knows it when asked */
  EMU_CLOUD_FAULT_HALF,             /* of several devices only the first half is claimed; it fails */
} EmuCloudFaultKind;

#define EMU_TYPE_CLOUD_FAULT_KIND (emu_cloud_fault_kind_get_type ())
GType emu_cloud_fault_kind_get_type (void);

/**
 * EmuCloudFault:
 *
 * One fault, as the scenario or the control socket asks for it.
 */
typedef struct {
  EmuCloudFaultKind kind;
  guint times;   /* how often it strikes, 0: always */
  guint skip;    /* how many occasions pass unharmed before */
  char *method;  /* (owned) (nullable): only requests with this method */
  char *path;    /* (owned) (nullable): only requests whose path holds this, without case */
  guint status;
  guint seconds;
  char *code;    /* (owned) (nullable) */
  char *message; /* (owned) (nullable) */
} EmuCloudFault;

EmuCloudFault *emu_cloud_fault_parse (LksJson        *json,
                                      JsonObject     *object,
                                      GError        **error) G_GNUC_WARN_UNUSED_RESULT;
void           emu_cloud_fault_free  (EmuCloudFault  *self);

/**
 * EmuCloudCatalogConfig:
 *
 * A catalog that is there when the service starts.
 */
typedef struct {
  char *name;           /* (owned) */
  char *subscription;   /* (owned) (nullable): GUID */
  char *resource_group; /* (owned) (nullable) */
  char **products;      /* (owned) (nullable): each with the five default groups */
  guint devices;        /* claimed long ago, spread over all groups */
  gboolean has_boards;  /* the emulated boards are among them */
} EmuCloudCatalogConfig;

/**
 * EmuCloudConfig:
 *
 * What a scenario says about the cloud, defaults filled in.
 */
typedef struct {
  char *tenant;             /* (owned): GUID of the directory */
  char *subscription;       /* (owned): GUID */
  char **more_subscriptions; /* (owned) (nullable): GUIDs of others that the account sees */
  char *resource_group;     /* (owned) */
  char *client_id;          /* (owned): GUID of the registered application */
  char *client_secret;      /* (owned) */
  char *client_certificate; /* (owned) (nullable): PEM */
  char *user;               /* (owned): who signs in */
  EmuCloudRole role;
  EmuCloudPerson person;
  EmuCloudAsync async;
  gboolean creates_slowly;      /* PUT of catalogs, products and groups is an operation, too */
  gboolean capabilities_slowly; /* generateCapabilityImage is one */
  guint token_seconds;
  guint code_seconds;
  guint poll_seconds;
  guint operation_ms;
  guint page_size;
  guint writes_max;
  guint writes_per_second;
  GPtrArray *catalogs;      /* (owned) (element-type EmuCloudCatalogConfig) */
  GPtrArray *faults;        /* (owned) (element-type EmuCloudFault) */
} EmuCloudConfig;

EmuCloudConfig *emu_cloud_config_new   (void) G_GNUC_WARN_UNUSED_RESULT;
EmuCloudConfig *emu_cloud_config_parse (LksJson         *json,
                                        JsonObject      *object,
                                        GError         **error) G_GNUC_WARN_UNUSED_RESULT;
void            emu_cloud_config_free  (EmuCloudConfig  *self);

gboolean        emu_cloud_config_has_subscription
                                       (const EmuCloudConfig *self,
                                        const char           *subscription);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuCloudConfig, emu_cloud_config_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuCloudFault, emu_cloud_fault_free)

G_END_DECLS
