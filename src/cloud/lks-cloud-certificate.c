/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-certificate.h"

#include "lks-cloud-error.h"

#include <string.h>

#define AT(member) G_STRUCT_OFFSET (LksCloudCertificate, member)
static const LksCloudField fields[] = {
  { "status", "STATUS", LKS_CLOUD_FIELD_TEXT, AT (status) },
  { "subject", "SUBJECT", LKS_CLOUD_FIELD_TEXT, AT (subject) },
  { "thumbprint", NULL, LKS_CLOUD_FIELD_TEXT, AT (thumbprint) },
  { "notBeforeUtc", NULL, LKS_CLOUD_FIELD_TEXT, AT (not_before) },
  { "expiryUtc", "EXPIRES", LKS_CLOUD_FIELD_TEXT, AT (expiry) },
  { "certificate", NULL, LKS_CLOUD_FIELD_TEXT, AT (certificate) },
};
#undef AT

const LksCloudKind lks_cloud_certificate_kind = {
  .name = "certificate",
  .size = sizeof (LksCloudCertificate),
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
};

/* What the two actions answer. */
typedef struct
{
  LksCloudResource resource;
  char *bytes;
} Answer;

static const LksCloudField chain_fields[] = {
  { "certificateChain", NULL, LKS_CLOUD_FIELD_TEXT, G_STRUCT_OFFSET (Answer, bytes) },
};
static const LksCloudField proof_fields[] = {
  { "certificate", NULL, LKS_CLOUD_FIELD_TEXT, G_STRUCT_OFFSET (Answer, bytes) },
};
static const LksCloudKind chain_kind = {
  .name = "chain of certificates",
  .size = sizeof (Answer),
  .fields = chain_fields,
  .n_fields = G_N_ELEMENTS (chain_fields),
  .is_flat = TRUE,
};
static const LksCloudKind proof_kind = {
  .name = "proof of possession",
  .size = sizeof (Answer),
  .fields = proof_fields,
  .n_fields = G_N_ELEMENTS (proof_fields),
  .is_flat = TRUE,
};

/* DER begins with a SEQUENCE; everything else is no certificate and no chain of them. */
static GBytes *
decode (const char *base64, GError **error)
{
  gsize n_bytes = 0;
  g_autofree guchar *bytes = base64 != NULL ? g_base64_decode (base64, &n_bytes) : NULL;

  if (n_bytes > 2 && bytes[0] == 0x30)
    return g_bytes_new_take (g_steal_pointer (&bytes), n_bytes);
  g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER,
                       "the service's answer has no certificate in it");
  return NULL;
}

/**
 * lks_cloud_certificate_list:
 * @client: a client
 * @catalog: a catalog
 * @func: (scope call): takes each
 * @user_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_list() or of @func
 *
 * Lists the certificates of a catalog. Blocks; worker threads only.
 *
 * Returns: whether the list is complete
 */
gboolean
lks_cloud_certificate_list (LksCloudClient *client,
                            const LksCloudScope *catalog,
                            LksCloudResourceFunc func,
                            gpointer user_data,
                            GCancellable *cancellable,
                            GError **error)
{
  const LksCloudCall call = { .method = "GET", .scope = catalog, .below = "certificates" };

  return lks_cloud_resource_list (client, &lks_cloud_certificate_kind, &call, 0, func, user_data,
                                  cancellable, error);
}

/**
 * lks_cloud_certificate_download:
 * @client: a client
 * @certificate: which one
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_call()
 *
 * Blocks; worker threads only.
 *
 * Returns: (transfer full): the certificate, DER (a `.cer` file), or NULL with @error set
 */
GBytes *
lks_cloud_certificate_download (LksCloudClient *client,
                                const LksCloudScope *certificate,
                                GCancellable *cancellable,
                                GError **error)
{
  g_autoptr (LksCloudResource) resource =
      lks_cloud_resource_get (client, &lks_cloud_certificate_kind, certificate, cancellable, error);

  return resource != NULL ? decode (((LksCloudCertificate *) resource)->certificate, error) : NULL;
}

static GBytes *
post (LksCloudClient *client,
      const LksCloudScope *certificate,
      const char *action,
      const char *body,
      const LksCloudKind *kind,
      GCancellable *cancellable,
      GError **error)
{
  const LksCloudCall call = { .method = "POST",
                              .scope = certificate,
                              .below = action,
                              .body = body,
                              .body_bytes = body != NULL ? strlen (body) : 0,
                              .is_repeatable = TRUE };
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (LksCloudResource) resource = NULL;

  if (!lks_cloud_client_call (client, &call, cancellable, &answer, error))
    return NULL;
  resource = lks_cloud_resource_parse (kind, answer.body, error);
  return resource != NULL ? decode (((Answer *) resource)->bytes, error) : NULL;
}

/**
 * lks_cloud_certificate_fetch_chain:
 * @client: a client
 * @certificate: which one
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_call()
 *
 * Blocks; worker threads only.
 *
 * Returns: (transfer full): the certificates up to the root, PKCS #7 (a `.p7b` file), or NULL with
 *   @error set
 */
GBytes *
lks_cloud_certificate_fetch_chain (LksCloudClient *client,
                                   const LksCloudScope *certificate,
                                   GCancellable *cancellable,
                                   GError **error)
{
  return post (client, certificate, "retrieveCertChain", NULL, &chain_kind, cancellable, error);
}

/**
 * lks_cloud_certificate_prove:
 * @client: a client
 * @certificate: which one
 * @nonce: what somebody wants to see in the proof
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_call()
 *
 * Proves to somebody else that the catalog is in these hands: a certificate for @nonce, signed by
 * the catalog's, good for about an hour. Blocks; worker threads only.
 *
 * Returns: (transfer full): the certificate, DER (a `.cer` file), or NULL with @error set
 */
GBytes *
lks_cloud_certificate_prove (LksCloudClient *client,
                             const LksCloudScope *certificate,
                             const char *nonce,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autoptr (JsonObject) body = json_object_new ();
  g_autofree char *text = NULL;

  json_object_set_string_member (body, "proofOfPossessionNonce", nonce);
  text = lks_cloud_body_to_text (body);
  return post (client, certificate, "retrieveProofOfPossessionNonce", text, &proof_kind,
               cancellable, error);
}
