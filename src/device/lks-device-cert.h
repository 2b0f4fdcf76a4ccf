/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device.h"

G_BEGIN_DECLS

#define LKS_CERT_ID_MAX 16
#define LKS_CERT_PEM_MAX 8192
#define LKS_CERT_PASSWORD_MAX 256

typedef enum {
  LKS_CERT_TYPE_CLIENT,
  LKS_CERT_TYPE_ROOT_CA,
} LksCertType;

#define LKS_TYPE_CERT_TYPE (lks_cert_type_get_type ())
GType lks_cert_type_get_type (void);

/**
 * LksCertInfo:
 * @id: the identifier in the store
 * @not_before: begin of validity as the board writes it ("2022-06-17T09:12:46", no time zone)
 * @not_after: end of validity
 * @subject: subject name ("/CN=…")
 * @issuer: issuer name
 */
typedef struct {
  char *id;
  char *not_before;
  char *not_after;
  char *subject;
  char *issuer;
} LksCertInfo;

/**
 * LksCertRequest:
 * @type: a client certificate with its key, or a root CA without one
 * @public_pem: the certificate, PEM, at most 8192 bytes
 * @private_pem: (nullable): the key, PEM, at most 8192 bytes; client certificates only
 * @password: (nullable): what decrypts the key, at most 256 bytes
 *
 * A certificate to install. Borrowed texts; wipe them yourself.
 */
typedef struct {
  LksCertType type;
  const char *public_pem;
  const char *private_pem;
  const char *password;
} LksCertRequest;

void          lks_cert_info_free        (LksCertInfo           *self);
gboolean      lks_cert_id_is_valid      (const char            *id);

char        **lks_device_get_certs      (LksDevice             *self,
                                         GCancellable          *cancellable,
                                         GError               **error);
LksCertInfo  *lks_device_get_cert       (LksDevice             *self,
                                         const char            *id,
                                         GCancellable          *cancellable,
                                         GError               **error);
gboolean      lks_device_add_cert       (LksDevice             *self,
                                         const char            *id,
                                         const LksCertRequest  *request,
                                         GCancellable          *cancellable,
                                         GError               **error);
gboolean      lks_device_delete_cert    (LksDevice             *self,
                                         const char            *id,
                                         GCancellable          *cancellable,
                                         GError               **error);
gboolean      lks_device_get_cert_space (LksDevice             *self,
                                         guint64               *out_bytes,
                                         GCancellable          *cancellable,
                                         GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksCertInfo, lks_cert_info_free)

G_END_DECLS
