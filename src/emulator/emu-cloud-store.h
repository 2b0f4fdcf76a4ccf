/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-cloud-config.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _EmuCatalog EmuCatalog;
typedef struct _EmuProduct EmuProduct;
typedef struct _EmuGroup EmuGroup;

/* One build of software in a catalog. */
typedef struct {
  char *id;           /* (owned) */
  char *name;         /* (owned) */
  char *component_id; /* (owned) */
  char *boundary;     /* (owned) */
  guint image_type;
  GBytes *package;    /* (owned): signed for production */
} EmuImage;

/* What a device group was told to run. */
typedef struct {
  char *id;            /* (owned) */
  char *date;          /* (owned) */
  GPtrArray *images;   /* (owned) (element-type EmuImage): borrowed from the catalog */
} EmuDeployment;

struct _EmuGroup {
  EmuProduct *product;    /* (unowned) */
  char *name;             /* (owned) */
  char *description;      /* (owned) (nullable) */
  char *os_feed;          /* (owned) */
  char *update_policy;    /* (owned) */
  char *crash_dumps;      /* (owned) */
  char *boundary;         /* (owned) */
  GPtrArray *deployments; /* (owned) (element-type EmuDeployment): the newest last */
  int slot;               /* which share of the generated devices is born here, -1: none */
  guint n_devices;
};

struct _EmuProduct {
  EmuCatalog *catalog; /* (unowned) */
  char *name;          /* (owned) */
  char *description;   /* (owned) (nullable) */
  GPtrArray *groups;   /* (owned) (element-type EmuGroup) */
};

/* A device about which there is more to say than that it was generated. */
typedef struct {
  char *id;        /* (owned): 128 digits, lower case */
  EmuGroup *group; /* (unowned) (nullable): NULL: in none */
  gint64 index;    /* of a generated one, -1 for others */
} EmuCloudDevice;

struct _EmuCatalog {
  char *subscription;   /* (owned) */
  char *resource_group; /* (owned) */
  char *name;           /* (owned) */
  char *tenant_id;      /* (owned): of the device tenant below it */
  GHashTable *tags;     /* (owned): text to text */
  GPtrArray *products;  /* (owned) (element-type EmuProduct) */
  GPtrArray *images;    /* (owned) (element-type EmuImage) */
  GPtrArray *births;    /* (owned) (element-type EmuGroup): borrowed; where the shares are born */
  guint n_generated;
  GHashTable *devices;  /* (owned) (element-type EmuCloudDevice): by ID */
  GPtrArray *claimed;   /* (owned) (element-type EmuCloudDevice): borrowed, not generated */
  gboolean is_fresh;    /* its tenant is not told yet */
};

/* By what a catalog is found again that may be gone meanwhile. */
typedef struct {
  char *subscription;   /* (owned) */
  char *resource_group; /* (owned) */
  char *name;           /* (owned) */
} EmuCatalogKey;

/* A device as somebody sees it. */
typedef struct {
  char id[129];
  EmuGroup *group; /* (nullable) */
  gint64 index;
} EmuDeviceView;

typedef gboolean (*EmuDeviceFunc) (const EmuDeviceView *view, gpointer user_data);

typedef struct {
  GPtrArray *catalogs; /* (owned) (element-type EmuCatalog) */
} EmuCloudStore;

EmuCloudStore *emu_cloud_store_new         (const EmuCloudConfig *config,
                                            GPtrArray            *board_ids) G_GNUC_WARN_UNUSED_RESULT;
void           emu_cloud_store_free        (EmuCloudStore        *self);

EmuCatalog    *emu_cloud_store_find        (EmuCloudStore        *self,
                                            const char           *subscription,
                                            const char           *resource_group,
                                            const char           *name);
EmuCatalog    *emu_cloud_store_add         (EmuCloudStore        *self,
                                            const char           *subscription,
                                            const char           *resource_group,
                                            const char           *name);
EmuCatalog    *emu_cloud_store_find_again  (EmuCloudStore        *self,
                                            const EmuCatalogKey  *key);
EmuCatalog    *emu_cloud_store_find_owner  (EmuCloudStore        *self,
                                            const char           *device_id);

EmuProduct    *emu_catalog_find_product    (EmuCatalog           *self,
                                            const char           *name);
EmuProduct    *emu_catalog_add_product     (EmuCatalog           *self,
                                            const char           *name,
                                            const char           *description);
EmuImage      *emu_catalog_find_image      (EmuCatalog           *self,
                                            const char           *id);
guint          emu_catalog_count_devices   (EmuCatalog           *self);
gboolean       emu_catalog_find_device     (EmuCatalog           *self,
                                            const char           *device_id,
                                            EmuDeviceView        *out_view);
void           emu_catalog_put_device      (EmuCatalog           *self,
                                            const char           *device_id,
                                            EmuGroup             *group);
void           emu_catalog_remove_device   (EmuCatalog           *self,
                                            const char           *device_id);
guint64        emu_catalog_walk            (EmuCatalog           *self,
                                            EmuGroup             *group,
                                            gboolean              in_group_only,
                                            guint64               position,
                                            EmuDeviceFunc         func,
                                            gpointer              user_data);
void           emu_catalog_get_key         (const EmuCatalog     *self,
                                            EmuCatalogKey        *out_key);
void           emu_catalog_key_clear       (EmuCatalogKey        *self);
void           emu_catalog_free            (EmuCatalog           *self);

EmuGroup      *emu_product_find_group      (EmuProduct           *self,
                                            const char           *name);
EmuGroup      *emu_product_add_group       (EmuProduct           *self,
                                            const char           *name);
void           emu_product_add_default_groups (EmuProduct        *self);
guint          emu_product_count_devices   (EmuProduct           *self);

EmuDeployment *emu_group_get_deployment    (EmuGroup             *self,
                                            const char           *name);
EmuDeployment *emu_deployment_new          (GPtrArray            *images) G_GNUC_WARN_UNUSED_RESULT;
void           emu_deployment_free         (EmuDeployment        *self);

void           emu_image_info_free         (EmuImage             *self);

#define EMU_WALK_END G_MAXUINT64

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuCloudStore, emu_cloud_store_free)

G_END_DECLS
