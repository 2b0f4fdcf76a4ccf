/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cert-plan.h"

#include "lks-service-check-private.h"
#include "lks-words-private.h"

#include <string.h>

#define SECONDS_PER_DAY (24 * 60 * 60)

static gsize
get_secret_size (const LksSecret *secret)
{
  gsize size_bytes = 0;

  if (secret != NULL)
    lks_secret_get_data (secret, &size_bytes);
  return size_bytes;
}

/**
 * lks_cert_plan_get_size:
 * @plan: a certificate to store
 *
 * Returns: about how many bytes of the store it needs
 */
gsize
lks_cert_plan_get_size (const LksCertPlan *plan)
{
  return strlen (plan->cert->pem) + get_secret_size (plan->key);
}

static gboolean
check_key (const LksCertPlan *plan, GError **error)
{
  if (plan->type == LKS_CERT_TYPE_ROOT_CA)
    return lks_service_check (plan->key == NULL, error,
                              "a root CA is stored without a private key") &&
           lks_service_check (plan->password == NULL, error,
                              "a root CA has no private key, so it needs no password");

  return lks_service_check (plan->key != NULL, error,
                            "a client certificate needs its private key") &&
         lks_service_check (get_secret_size (plan->key) <= LKS_CERT_PEM_MAX, error,
                            "the private key has more than %d bytes", LKS_CERT_PEM_MAX) &&
         lks_service_check (get_secret_size (plan->password) <= LKS_CERT_PASSWORD_MAX, error,
                            "the password has more than %d bytes", LKS_CERT_PASSWORD_MAX) &&
         lks_pem_key_check (plan->key, plan->password, plan->cert, error);
}

/**
 * lks_cert_plan_check:
 * @plan: a certificate to store
 * @error: return location for %LKS_SERVICE_ERROR_INVALID; it never repeats key or password
 *
 * Checks what can be checked without a board. Any thread.
 * Source: Azure Sphere device REST API 4.6, POST /certstore/certs/{id}.
 *
 * Returns: whether a board could accept @plan
 */
gboolean
lks_cert_plan_check (const LksCertPlan *plan, GError **error)
{
  return lks_service_check (lks_cert_id_is_valid (plan->id), error,
                            "an identifier of the certificate store has 1 to %d letters, digits, "
                            "dots, hyphens and underscores",
                            LKS_CERT_ID_MAX) &&
         lks_service_check (strlen (plan->cert->pem) <= LKS_CERT_PEM_MAX, error,
                            "the certificate has %" G_GSIZE_FORMAT
                            " bytes as PEM text, but may have %d",
                            strlen (plan->cert->pem), LKS_CERT_PEM_MAX) &&
         check_key (plan, error);
}

/**
 * lks_cert_judge_dates:
 * @not_before_s: begin of validity, seconds since 1970 UTC
 * @not_after_s: end of validity
 * @now_s: the time now
 *
 * Pure.
 *
 * Returns: none or one of the flags of [flags@Lks.CertNotice] that are about dates
 */
guint
lks_cert_judge_dates (gint64 not_before_s, gint64 not_after_s, gint64 now_s)
{
  if (now_s > not_after_s)
    return LKS_CERT_NOTICE_EXPIRED;
  if (now_s < not_before_s)
    return LKS_CERT_NOTICE_NOT_YET_VALID;
  return not_after_s - now_s <= LKS_CERT_SOON_DAYS * SECONDS_PER_DAY ? LKS_CERT_NOTICE_EXPIRES_SOON
                                                                     : 0;
}

/**
 * lks_cert_plan_get_notices:
 * @plan: a certificate to store
 * @now_s: the time now
 *
 * Pure.
 *
 * Returns: flags of [flags@Lks.CertNotice]
 */
guint
lks_cert_plan_get_notices (const LksCertPlan *plan, gint64 now_s)
{
  const LksPemCert *cert = plan->cert;
  guint notices = lks_cert_judge_dates (cert->not_before_s, cert->not_after_s, now_s);

  if (plan->type == LKS_CERT_TYPE_ROOT_CA && !cert->is_ca)
    notices |= LKS_CERT_NOTICE_NO_CA;
  if (plan->type == LKS_CERT_TYPE_CLIENT && !cert->is_for_clients)
    notices |= LKS_CERT_NOTICE_NOT_FOR_CLIENTS;
  if (cert->is_key_short)
    notices |= LKS_CERT_NOTICE_SHORT_KEY;
  return notices;
}

/**
 * lks_cert_notice_explain:
 * @notice: one notice
 *
 * Returns: what it means and what to do
 */
LksExplanation
lks_cert_notice_explain (LksCertNotice notice)
{
  switch (notice)
    {
    case LKS_CERT_NOTICE_EXPIRED:
      return (LksExplanation){ N_ ("The certificate has expired."),
                               N_ ("Replace it by a new one.") };
    case LKS_CERT_NOTICE_EXPIRES_SOON:
      return (LksExplanation){ N_ ("The certificate expires within 30 days."),
                               N_ ("Replace it by a new one in time.") };
    case LKS_CERT_NOTICE_NOT_YET_VALID:
      return (LksExplanation){ N_ ("The certificate is not valid yet."),
                               N_ ("Check this computer’s clock, or wait until it is valid.") };
    case LKS_CERT_NOTICE_CLOCK_UNSET:
      return (LksExplanation){
        N_ ("The board’s clock is not set: by it, every certificate may be not valid yet."),
        N_ ("Let the board get the time over a network that needs no certificate first, such as "
            "one with a key or an Ethernet cable.")
      };
    case LKS_CERT_NOTICE_NO_CA:
      return (LksExplanation){
        N_ ("The certificate may not issue others, so it is no root CA."),
        N_ ("Check that this is the certificate of the issuer, not of the server.")
      };
    case LKS_CERT_NOTICE_NOT_FOR_CLIENTS:
      return (LksExplanation){
        N_ ("The certificate is not made to prove who a client is."),
        N_ ("Get one with the purpose “client authentication”; servers may refuse this one.")
      };
    case LKS_CERT_NOTICE_SHORT_KEY:
      return (LksExplanation){ N_ ("The certificate’s key is short; many servers refuse it."),
                               N_ ("Get one with an RSA key of 2048 bits or more, or an elliptic "
                                   "curve key.") };
    }
  return (LksExplanation){ "", "" };
}
