/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-cloud-store.h"

G_BEGIN_DECLS

/**
 * EmuCloudCerts:
 *
 * The certificate authorities of the catalogs, made when they are first asked for.
 */
typedef struct _EmuCloudCerts EmuCloudCerts;

/**
 * EmuCertInfo:
 *
 * What the service tells about a certificate. Everything is (owned).
 */
typedef struct {
  char *serial;      /* hex, upper case */
  char *der_base64;
  char *subject;
  char *thumbprint;  /* SHA-1, 40 digits, upper case */
  char *not_before;
  char *not_after;
} EmuCertInfo;

EmuCloudCerts *emu_cloud_certs_new   (void) G_GNUC_WARN_UNUSED_RESULT;
void           emu_cloud_certs_free  (EmuCloudCerts  *self);

gboolean       emu_cloud_certs_get   (EmuCloudCerts  *self,
                                      EmuCatalog     *catalog,
                                      EmuCertInfo    *out_info);
char          *emu_cloud_certs_chain (EmuCloudCerts  *self,
                                      EmuCatalog     *catalog) G_GNUC_WARN_UNUSED_RESULT;
char          *emu_cloud_certs_prove (EmuCloudCerts  *self,
                                      EmuCatalog     *catalog,
                                      const char     *nonce) G_GNUC_WARN_UNUSED_RESULT;
void           emu_cert_info_clear   (EmuCertInfo    *info);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EmuCertInfo, emu_cert_info_clear)

G_END_DECLS
