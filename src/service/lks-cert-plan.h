/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-cert.h"
#include "lks-explanation.h"
#include "lks-pem.h"

G_BEGIN_DECLS

/**
 * LksCertNotice:
 * @LKS_CERT_NOTICE_EXPIRED: it has expired
 * @LKS_CERT_NOTICE_EXPIRES_SOON: it expires within %LKS_CERT_SOON_DAYS
 * @LKS_CERT_NOTICE_NOT_YET_VALID: it is not valid yet
 * @LKS_CERT_NOTICE_CLOCK_UNSET: the board's clock is not set, so it may judge the dates wrongly
 * @LKS_CERT_NOTICE_NO_CA: it shall be a root CA, but may not issue others
 * @LKS_CERT_NOTICE_NOT_FOR_CLIENTS: it shall be a client certificate, but is not made for that
 * @LKS_CERT_NOTICE_SHORT_KEY: its key is too short for many servers
 *
 * What a person should know about a certificate that a board would take.
 */
typedef enum {
  LKS_CERT_NOTICE_EXPIRED         = 1u << 0,
  LKS_CERT_NOTICE_EXPIRES_SOON    = 1u << 1,
  LKS_CERT_NOTICE_NOT_YET_VALID   = 1u << 2,
  LKS_CERT_NOTICE_CLOCK_UNSET     = 1u << 3,
  LKS_CERT_NOTICE_NO_CA           = 1u << 4,
  LKS_CERT_NOTICE_NOT_FOR_CLIENTS = 1u << 5,
  LKS_CERT_NOTICE_SHORT_KEY       = 1u << 6,
} LksCertNotice;

#define LKS_CERT_SOON_DAYS 30
#define LKS_N_CERT_NOTICES 7

/**
 * LksCertPlan:
 * @id: identifier it gets in the board's store
 * @cert: the certificate
 * @key: (nullable): its private key, as PEM text; client certificates only
 * @password: (nullable): what decrypts the key
 *
 * A certificate to store. Borrowed.
 */
typedef struct {
  const char *id;
  LksCertType type;
  const LksPemCert *cert;
  const LksSecret *key;
  const LksSecret *password;
} LksCertPlan;

gboolean       lks_cert_plan_check     (const LksCertPlan  *plan,
                                        GError            **error);
guint          lks_cert_plan_get_notices (const LksCertPlan *plan,
                                        gint64              now_s);
guint          lks_cert_judge_dates    (gint64              not_before_s,
                                        gint64              not_after_s,
                                        gint64              now_s);
LksExplanation lks_cert_notice_explain (LksCertNotice       notice);
gsize          lks_cert_plan_get_size  (const LksCertPlan  *plan);

G_END_DECLS
