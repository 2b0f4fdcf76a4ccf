/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-cloud-private.h"

G_BEGIN_DECLS

/* The Legacy interface: tenants are catalogs, and everything has a GUID. */

/* emu-cloud-legacy.c */
char       *emu_legacy_dup_product_id (EmuProduct *product) G_GNUC_WARN_UNUSED_RESULT;
char       *emu_legacy_dup_group_id   (EmuGroup   *group) G_GNUC_WARN_UNUSED_RESULT;
EmuProduct *emu_legacy_find_product   (EmuCatalog *catalog,
                                       const char *id);
EmuGroup   *emu_legacy_find_group     (EmuCatalog *catalog,
                                       const char *id);
void        emu_legacy_reply_items    (EmuCall     *call,
                                       GPtrArray   *items,
                                       EmuItemFunc  write);
void        emu_legacy_reply_item     (EmuCall     *call,
                                       EmuItemFunc  write,
                                       gpointer     item);
void        emu_legacy_reply_devices  (EmuCall     *call,
                                       EmuProduct  *product,
                                       EmuGroup    *group);
void        emu_legacy_reply_text     (EmuCall     *call,
                                       const char  *text);
void        emu_legacy_reply_number   (EmuCall     *call,
                                       gint64       number);

/* emu-cloud-legacy-things.c */
void        emu_legacy_write_device   (EmuCall *call, EmuWire *wire, const EmuDeviceView *view);
void        emu_legacy_write_product  (EmuCall *call, EmuWire *wire, gpointer item);
void        emu_legacy_write_group    (EmuCall *call, EmuWire *wire, gpointer item);
void        emu_legacy_tenants        (EmuCall *call);
void        emu_legacy_tenant         (EmuCall *call);
void        emu_legacy_certificates   (EmuCall *call);
void        emu_legacy_cert           (EmuCall *call);
void        emu_legacy_certchain      (EmuCall *call);
void        emu_legacy_devices        (EmuCall *call);
void        emu_legacy_device         (EmuCall *call);
void        emu_legacy_device_images  (EmuCall *call);
void        emu_legacy_count          (EmuCall *call);
void        emu_legacy_products       (EmuCall *call);
void        emu_legacy_product        (EmuCall *call);
void        emu_legacy_groups         (EmuCall *call);
void        emu_legacy_group          (EmuCall *call);
void        emu_legacy_deployments    (EmuCall *call);
void        emu_legacy_images         (EmuCall *call);
void        emu_legacy_image          (EmuCall *call);
void        emu_legacy_image_metadata (EmuCall *call);
void        emu_legacy_image_status   (EmuCall *call);
void        emu_legacy_insights       (EmuCall *call);
void        emu_legacy_users          (EmuCall *call);
void        emu_legacy_role           (EmuCall *call);

/* emu-cloud-legacy-acts.c */
void        emu_legacy_claim          (EmuCall *call);
void        emu_legacy_claim_all      (EmuCall *call);
void        emu_legacy_move           (EmuCall *call);
void        emu_legacy_capability     (EmuCall *call);
void        emu_legacy_product_post   (EmuCall *call);
void        emu_legacy_product_patch  (EmuCall *call);
void        emu_legacy_product_delete (EmuCall *call);
void        emu_legacy_product_groups (EmuCall *call);
void        emu_legacy_group_post     (EmuCall *call);
void        emu_legacy_group_patch    (EmuCall *call);
void        emu_legacy_group_delete   (EmuCall *call);
void        emu_legacy_deploy         (EmuCall *call);
void        emu_legacy_image_post     (EmuCall *call);

G_END_DECLS
