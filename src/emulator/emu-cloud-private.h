/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-cloud-auth.h"
#include "emu-cloud-certs.h"
#include "emu-cloud-operation.h"
#include "emu-cloud-store.h"
#include "emu-cloud.h"
#include "emu-keys.h"
#include "emu-tls.h"
#include "emu-wire.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

#define EMU_CLOUD_API_VERSION "2024-04-01"
#define EMU_CLOUD_PROVIDER "Microsoft.AzureSphere"
#define EMU_CLOUD_REGION "WESTCENTRALUS"

/* How many requests of one kind are still granted. */
typedef struct {
  double left;
  gint64 filled_at_us;
  gint64 refused_until_us;
} EmuBucket;

typedef enum {
  EMU_BUCKET_READS,
  EMU_BUCKET_WRITES,
  EMU_BUCKET_DELETES,
} EmuBucketKind;

#define EMU_N_BUCKETS (EMU_BUCKET_DELETES + 1)

struct _EmuCloud {
  EmuCloudConfig *config;    /* (owned) */
  EmuCloudStore *store;      /* (owned) */
  EmuCloudAuth *auth;        /* (owned) */
  EmuCloudCerts *certs;      /* (owned) */
  EmuCloudOperations *operations; /* (owned) */
  EmuKeys *keys;             /* (owned) */
  EmuTls *tls;               /* (owned) */
  EmuTrace *trace;           /* (owned) (nullable) */
  SoupServer *server;        /* (owned): sign-in and resources */
  SoupServer *blobs;         /* (owned): images */
  char *base;                /* (owned): https://HOST:PORT */
  char *blob_base;           /* (owned) */
  EmuBucket buckets[EMU_N_BUCKETS];
  gint64 throttled_until_us; /* by a fault */
  guint throttle_seconds;
};

#define EMU_CLOUD_PARAMS_MAX 6

/**
 * EmuCall:
 *
 * One request to the resource API while it is answered.
 */
typedef struct {
  EmuCloud *cloud;
  const char *method;
  const char *path;                         /* as it came, still escaped */
  GHashTable *query;                        /* (nullable) */
  const char *raw_query;                    /* (nullable): byte for byte */
  char *request_id;                         /* (owned): also that of an operation it begins */
  JsonObject *body;                         /* (nullable) */
  gboolean is_legacy;                       /* by the Legacy interface */
  JsonNode *document;                       /* (nullable): of the Legacy interface: any JSON */
  GBytes *bytes;                            /* (nullable): the body as it came */
  const char *continuation;                 /* (nullable): which page is meant */
  const char *authorization;                /* (nullable): what proves who asks */
  gboolean is_partial;                      /* what it begins succeeds only in part */
  char *params[EMU_CLOUD_PARAMS_MAX];       /* (owned): what stands in place of {} */
  EmuCatalog *catalog;                      /* (nullable): what the path names */
  EmuProduct *product;
  EmuGroup *group;
  gboolean is_ungrouped;                    /* .default or .unassigned for product and group */
  const EmuCloudFault *fault;               /* (nullable): strikes this one */

  guint status;
  GBytes *answer;                           /* (owned) (nullable) */
  char *async_url;                          /* (owned) (nullable) */
  gboolean has_location;                    /* the same address in Location, too */
  gboolean has_async;                       /* and in Azure-AsyncOperation */
  gboolean from_gateway;                    /* the error is the front door's */
} EmuCall;

typedef void (*EmuCallFunc) (EmuCall *call);

/* What an account needs to be allowed a call. */
typedef enum {
  EMU_RIGHT_READ,        /* readers, publishers and above */
  EMU_RIGHT_DEPLOYMENTS, /* readers, not publishers */
  EMU_RIGHT_PROOF,       /* publishers, not readers */
  EMU_RIGHT_PUBLISH,     /* publishers and above */
  EMU_RIGHT_ALL,         /* contributors and owners */
} EmuRight;

/* emu-cloud-arm.c */
void        emu_arm_answer           (EmuCall        *call);
void        emu_arm_fail             (EmuCall        *call,
                                      guint           status,
                                      const char     *code,
                                      const char     *format,
                                      ...) G_GNUC_PRINTF (4, 5);
gboolean    emu_arm_match            (const char     *pattern,
                                      char          **parts,
                                      EmuCall        *call);
gboolean    emu_arm_is_reserved      (const char     *name);
void        emu_arm_shape_by_fault   (EmuCall        *call,
                                      EmuCloudOperation *operation);
void        emu_arm_echo             (EmuCall        *call,
                                      EmuCloudOperation *operation);
void        emu_arm_reply            (EmuCall        *call,
                                      guint           status,
                                      EmuWire        *wire);
void        emu_arm_reply_null       (EmuCall        *call,
                                      guint           status);
void        emu_arm_begin            (EmuCall        *call,
                                      const char     *kind,
                                      const char     *target_id,
                                      EmuApplyFunc    apply,
                                      gpointer        data,
                                      GDestroyNotify  free_data);
const char *emu_arm_get_text         (EmuCall        *call,
                                      const char     *member);
JsonObject *emu_arm_get_properties   (EmuCall        *call);
char       *emu_arm_dup_catalog_id   (EmuCatalog     *catalog);
char       *emu_arm_dup_group_id     (EmuCatalog     *catalog,
                                      EmuGroup       *group);
void        emu_arm_write_head       (EmuWire        *wire,
                                      const char     *id,
                                      const char     *name,
                                      const char     *type);
void        emu_arm_write_made_state (EmuCall        *call,
                                      EmuWire        *wire);
void        emu_arm_write_state      (EmuWire        *wire,
                                      const char     *state);

/* emu-cloud-legacy.c */
void        emu_legacy_answer        (EmuCall        *call);
void        emu_legacy_write_error   (EmuWire        *wire,
                                      const char     *code,
                                      const char     *message);
void        emu_legacy_begin         (EmuCall        *call,
                                      const char     *kind,
                                      EmuApplyFunc    apply,
                                      gpointer        data,
                                      GDestroyNotify  free_data);
GBytes     *emu_legacy_write_operation (EmuCall      *call,
                                      EmuCloudOperation *operation) G_GNUC_WARN_UNUSED_RESULT;

/* emu-cloud-page.c */
typedef void (*EmuItemFunc) (EmuCall *call, EmuWire *wire, gpointer item);

void        emu_page_reply           (EmuCall        *call,
                                      GPtrArray      *items,
                                      gboolean        has_filter,
                                      EmuItemFunc     write);
void        emu_page_reply_devices   (EmuCall        *call,
                                      gboolean        in_group_only);

/* the operations, by what they are about */
void        emu_arm_operations       (EmuCall *call);
void        emu_arm_tenants          (EmuCall *call);
void        emu_arm_subscriptions    (EmuCall *call);
void        emu_arm_resource_groups  (EmuCall *call);
GPtrArray  *emu_arm_collect_resource_groups
                                     (EmuCall *call) G_GNUC_WARN_UNUSED_RESULT;
void        emu_arm_provider         (EmuCall *call);
void        emu_arm_status           (EmuCall *call);
void        emu_catalogs_list        (EmuCall *call);
void        emu_catalog_get          (EmuCall *call);
void        emu_catalog_put          (EmuCall *call);
void        emu_catalog_patch        (EmuCall *call);
void        emu_catalog_delete       (EmuCall *call);
void        emu_catalog_count        (EmuCall *call);
void        emu_catalog_deployments  (EmuCall *call);
void        emu_catalog_groups       (EmuCall *call);
void        emu_catalog_insights     (EmuCall *call);
GPtrArray  *emu_catalog_collect_troubled
                                     (EmuCatalog *catalog);
gboolean    emu_catalog_is_crash     (const char *device_id);
void        emu_catalog_devices      (EmuCall *call);
void        emu_catalog_upload       (EmuCall *call);
void        emu_certs_list           (EmuCall *call);
void        emu_cert_get             (EmuCall *call);
void        emu_cert_chain           (EmuCall *call);
void        emu_cert_proof           (EmuCall *call);
void        emu_images_list          (EmuCall *call);
void        emu_image_get            (EmuCall *call);
void        emu_image_put            (EmuCall *call);
void        emu_image_delete         (EmuCall *call);
void        emu_products_list        (EmuCall *call);
void        emu_product_get          (EmuCall *call);
void        emu_product_put          (EmuCall *call);
void        emu_product_patch        (EmuCall *call);
void        emu_product_delete       (EmuCall *call);
void        emu_product_count        (EmuCall *call);
void        emu_product_defaults     (EmuCall *call);
void        emu_groups_list          (EmuCall *call);
void        emu_group_get            (EmuCall *call);
void        emu_group_put            (EmuCall *call);
void        emu_group_patch          (EmuCall *call);
void        emu_group_delete         (EmuCall *call);
void        emu_group_claim          (EmuCall *call);
void        emu_group_count          (EmuCall *call);
void        emu_deployments_list     (EmuCall *call);
void        emu_deployment_get       (EmuCall *call);
void        emu_deployment_put       (EmuCall *call);
void        emu_deployment_delete    (EmuCall *call);
void        emu_devices_list         (EmuCall *call);
void        emu_device_get           (EmuCall *call);
void        emu_device_put           (EmuCall *call);
void        emu_device_patch         (EmuCall *call);
void        emu_device_delete        (EmuCall *call);
void        emu_device_capability    (EmuCall *call);

EmuImage   *emu_image_read           (EmuCall *call,
                                      GBytes  *package);
void        emu_image_begin          (EmuCall  *call,
                                      EmuImage *image);
void        emu_devices_begin        (EmuCall    *call,
                                      const char *kind,
                                      GPtrArray  *ids,
                                      guint       n_done);
gboolean    emu_device_is_elsewhere  (EmuCall    *call,
                                      const char *id);
char       *emu_device_make_capability (EmuCall  *call,
                                      const char *id) G_GNUC_WARN_UNUSED_RESULT;
void        emu_group_write          (EmuCall *call,
                                      EmuWire *wire,
                                      gpointer item);
void        emu_device_write         (EmuCall             *call,
                                      EmuWire             *wire,
                                      const EmuDeviceView *view,
                                      gboolean             in_group_list);
void        emu_image_write          (EmuCall *call,
                                      EmuWire *wire,
                                      gpointer item);
void        emu_deployment_write     (EmuCall       *call,
                                      EmuWire       *wire,
                                      EmuGroup      *group,
                                      EmuDeployment *deployment,
                                      const char    *name);

/* emu-cloud-fault.c */
const EmuCloudFault *emu_cloud_next_fault (EmuCloud     *self,
                                           const char   *method,
                                           const char   *path);
gboolean    emu_cloud_grant          (EmuCloud       *self,
                                      EmuBucketKind   kind,
                                      guint          *out_retry_s);
gboolean    emu_cloud_is_throttled   (EmuCloud       *self,
                                      guint          *out_retry_s);
void        emu_cloud_throttle       (EmuCloud       *self,
                                      guint           seconds);

/* emu-cloud-around.c */
GBytes     *emu_cloud_write_os_versions (void) G_GNUC_WARN_UNUSED_RESULT;

/* emu-cloud-server.c */
void        emu_cloud_serve          (EmuCloud       *self);

G_END_DECLS
