/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device-cert.h"

#include "lks-device-private.h"
#include "lks-enums.h"
#include "lks-number.h"

#include <string.h>

G_DEFINE_ENUM_TYPE (LksCertType,
                    lks_cert_type,
                    G_DEFINE_ENUM_VALUE (LKS_CERT_TYPE_CLIENT, "client"),
                    G_DEFINE_ENUM_VALUE (LKS_CERT_TYPE_ROOT_CA, "rootca"))

typedef struct
{
  char **ids;
} CertList;

typedef struct
{
  char *available;
} CertSpace;

static void
cert_list_free (gpointer data)
{
  CertList *self = data;

  g_strfreev (self->ids);
  g_free (self);
}

static const LksDeviceShapeField cert_list_fields[] = {
  LKS_FIELD (CertList, TEXTS, "identifiers", ids),
  LKS_FIELD_END,
};
static const LksDeviceShape cert_list_record = {
  .size = sizeof (CertList),
  .free_func = cert_list_free,
  .fields = cert_list_fields,
};

static const LksDeviceShapeField cert_info_fields[] = {
  LKS_FIELD (LksCertInfo, TEXT, "id", id),
  LKS_FIELD (LksCertInfo, TEXT, "notBefore", not_before),
  LKS_FIELD (LksCertInfo, TEXT, "notAfter", not_after),
  LKS_FIELD (LksCertInfo, TEXT, "subjectName", subject),
  LKS_FIELD (LksCertInfo, TEXT, "issuerName", issuer),
  LKS_FIELD_END,
};
static const LksDeviceShape cert_info_record = {
  .size = sizeof (LksCertInfo),
  .free_func = (GDestroyNotify) lks_cert_info_free,
  .fields = cert_info_fields,
};

static void
cert_space_free (gpointer data)
{
  CertSpace *self = data;

  g_free (self->available);
  g_free (self);
}

static const LksDeviceShapeField cert_space_fields[] = {
  LKS_FIELD (CertSpace, TEXT, "AvailableSpace", available),
  LKS_FIELD_END,
};
static const LksDeviceShape cert_space_record = {
  .size = sizeof (CertSpace),
  .free_func = cert_space_free,
  .fields = cert_space_fields,
};

const LksAnswerType lks_answer_types_cert[] = {
  { "GET /certstore/certs", &cert_list_record },
  { "GET /certstore/certs/{id}", &cert_info_record },
  { "GET /certstore/space", &cert_space_record },
  { NULL, NULL },
};

/**
 * lks_cert_info_free:
 * @self: (transfer full) (nullable): a certificate's data
 */
void
lks_cert_info_free (LksCertInfo *self)
{
  lks_device_shape_free (&cert_info_record, self);
}

/**
 * lks_cert_id_is_valid:
 * @id: (nullable): what claims to be an identifier of the certificate store
 *
 * Returns: whether @id is 1 to 16 of letters, digits, ".", "-" and "_", and not "." or ".."
 */
gboolean
lks_cert_id_is_valid (const char *id)
{
  gsize length = id != NULL ? strlen (id) : 0;

  if (length < 1 || length > LKS_CERT_ID_MAX || strcmp (id, ".") == 0 || strcmp (id, "..") == 0)
    return FALSE;

  return strspn (id, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS ".-_") == length;
}

static char *
build_path (const char *id, GError **error)
{
  if (!lks_device_check (lks_cert_id_is_valid (id), error,
                         "a certificate identifier has 1 to %d letters, digits, dots, hyphens and "
                         "underscores",
                         LKS_CERT_ID_MAX))
    return NULL;

  return g_strconcat ("/certstore/certs/", id, NULL);
}

/**
 * lks_device_get_certs:
 * @self: a device
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /certstore/certs`. Blocks; worker threads only.
 *
 * Returns: (transfer full) (array zero-terminated=1): the identifiers in the store, or NULL with
 *   @error set
 */
char **
lks_device_get_certs (LksDevice *self, GCancellable *cancellable, GError **error)
{
  const LksCall call = { .method = "GET", .path = "/certstore/certs" };
  CertList list = { 0 };

  if (!lks_device_call_read (self, &call, &cert_list_record, &list, cancellable, error))
    return NULL;

  return list.ids;
}

/**
 * lks_device_get_cert:
 * @self: a device
 * @id: identifier in the store
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /certstore/certs/{id}`. Blocks; worker threads only.
 *
 * Returns: (transfer full): names and dates of the certificate, or NULL with @error set
 */
LksCertInfo *
lks_device_get_cert (LksDevice *self, const char *id, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = build_path (id, error);
  const LksCall call = { .method = "GET", .path = path };

  if (path == NULL)
    return NULL;

  return lks_device_call_new (self, &call, &cert_info_record, cancellable, error);
}

static gboolean
check_request (const LksCertRequest *request, GError **error)
{
  gboolean is_client = request->type == LKS_CERT_TYPE_CLIENT;

  return lks_device_check_text ("the certificate", request->public_pem, 1, LKS_CERT_PEM_MAX,
                                error) &&
         lks_device_check (is_client == (request->private_pem != NULL), error,
                           "a client certificate needs its private key, a root CA has none") &&
         lks_device_check (is_client || request->password == NULL, error,
                           "a root CA certificate has no password") &&
         (!is_client || lks_device_check_text ("the private key", request->private_pem, 1,
                                               LKS_CERT_PEM_MAX, error)) &&
         lks_device_check_text ("the password", request->password, 0, LKS_CERT_PASSWORD_MAX, error);
}

/**
 * lks_device_add_cert:
 * @self: a device
 * @id: identifier it gets in the store
 * @request: the certificate
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `POST /certstore/certs/{id}`. Replaces one of the same identifier. Blocks; worker threads
 * only.
 *
 * Returns: whether the board accepted
 */
gboolean
lks_device_add_cert (LksDevice *self,
                     const char *id,
                     const LksCertRequest *request,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autofree char *path = build_path (id, error);
  g_auto (LksDeviceBody) body = { 0 };
  const LksCall call = { .method = "POST", .path = path, .body = &body };

  if (path == NULL || !check_request (request, error))
    return FALSE;

  lks_device_body_add_text (&body, "certType",
                            lks_enum_to_nick (LKS_TYPE_CERT_TYPE, (int) request->type));
  lks_device_body_add_text (&body, "publicCert", request->public_pem);
  if (request->private_pem != NULL)
    lks_device_body_add_text (&body, "privateKey", request->private_pem);
  if (request->password != NULL)
    lks_device_body_add_text (&body, "password", request->password);
  lks_device_body_end (&body);

  return lks_device_call_done (self, &call, NULL, cancellable, error);
}

/**
 * lks_device_delete_cert:
 * @self: a device
 * @id: identifier in the store
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `DELETE /certstore/certs/{id}`. Blocks; worker threads only.
 *
 * Returns: whether the board accepted
 */
gboolean
lks_device_delete_cert (LksDevice *self, const char *id, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = build_path (id, error);
  const LksCall call = { .method = "DELETE", .path = path };

  if (path == NULL)
    return FALSE;

  return lks_device_call_done (self, &call, NULL, cancellable, error);
}

/**
 * lks_device_get_cert_space:
 * @self: a device
 * @out_bytes: (out): free bytes in the certificate store
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /certstore/space`. On the wire the number is a text. Blocks; worker threads only.
 *
 * Returns: whether the board answered
 */
gboolean
lks_device_get_cert_space (LksDevice *self,
                           guint64 *out_bytes,
                           GCancellable *cancellable,
                           GError **error)
{
  const LksCall call = { .method = "GET", .path = "/certstore/space" };
  CertSpace space = { 0 };
  gboolean ok;

  if (!lks_device_call_read (self, &call, &cert_space_record, &space, cancellable, error))
    return FALSE;

  ok = lks_number_read_unsigned (space.available, 0, G_MAXUINT32, out_bytes);
  if (!ok)
    g_set_error_literal (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BAD_ANSWER,
                         "GET /certstore/space: “AvailableSpace” is not a number");
  g_free (space.available);
  return ok;
}
