/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cert-plan.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksStoredCert:
 * @info: what the board tells
 * @has_dates: whether its dates were readable; then the next two are set
 * @days_left: whole days until it expires, negative afterwards
 * @notices: flags of [flags@Lks.CertNotice], by this computer's clock
 * @looks_like_ca: it names itself as its issuer; a board does not tell which type it was stored as
 * @used_by: (array zero-terminated=1): names of the stored networks that use it
 *
 * A certificate in a board's store.
 */
typedef struct {
  LksCertInfo *info;
  gboolean has_dates;
  gint64 not_before_s;
  gint64 not_after_s;
  int days_left;
  guint notices;
  gboolean looks_like_ca;
  char **used_by;
} LksStoredCert;

/**
 * LksCertStore:
 * @certs: (element-type LksStoredCert): the certificates
 * @space_bytes: what is left
 * @knows_clock: whether the board told about its time
 * @is_clock_set: whether it has network time
 * @knows_users: whether the stored networks were readable (wlan0 is up)
 *
 * A board's certificate store.
 */
typedef struct {
  GPtrArray *certs;
  guint64 space_bytes;
  gboolean knows_clock;
  gboolean is_clock_set;
  gboolean knows_users;
} LksCertStore;

LksCertStore        *lks_cert_store_read    (LksDevice            *device,
                                             gint64                now_s,
                                             GCancellable         *cancellable,
                                             GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void                 lks_cert_store_free    (LksCertStore         *self);
const LksStoredCert *lks_cert_store_find    (const LksCertStore   *self,
                                             const char           *id);
JsonNode            *lks_cert_store_to_json (const LksCertStore   *self) G_GNUC_WARN_UNUSED_RESULT;
JsonNode            *lks_cert_notices_to_json (guint               notices) G_GNUC_WARN_UNUSED_RESULT;

gboolean             lks_cert_store_add     (LksDevice            *device,
                                             const LksCertPlan    *plan,
                                             gboolean              replace,
                                             GCancellable         *cancellable,
                                             GError              **error);
gboolean             lks_cert_store_remove  (LksDevice            *device,
                                             const char           *id,
                                             gboolean              also_if_used,
                                             GCancellable         *cancellable,
                                             GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksCertStore, lks_cert_store_free)

G_END_DECLS
