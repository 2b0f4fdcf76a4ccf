/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-trust.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksNetworkKind:
 * @LKS_NETWORK_HTTPS: a certificate that counts, and any answer but that of a proxy
 * @LKS_NETWORK_TCP: a connection
 * @LKS_NETWORK_PAGE: a page of which the text is known, without TLS
 * @LKS_NETWORK_TIME: an answer of a time server (NTP)
 *
 * What must be had at a place. Nicks: "https", "tcp", "page", "time".
 */
typedef enum {
  LKS_NETWORK_HTTPS,
  LKS_NETWORK_TCP,
  LKS_NETWORK_PAGE,
  LKS_NETWORK_TIME,
} LksNetworkKind;

/**
 * LksNetworkVerdict:
 * @LKS_NETWORK_REACHED: it can be used
 * @LKS_NETWORK_NO_NAME: its name leads to no address
 * @LKS_NETWORK_REFUSED: a connection was refused
 * @LKS_NETWORK_SILENT: nothing answered in time, or there is no way to it
 * @LKS_NETWORK_UNTRUSTED: what answers has no certificate that counts
 * @LKS_NETWORK_PROXY: the proxy does not let it through, or is not there
 * @LKS_NETWORK_ODD: something answered that is not what was asked for
 * @LKS_NETWORK_WRONG_CLOCK: it can be reached, but the clocks differ too much for a sign-in
 *
 * What came of one test. Nicks: "reached", "no-name", "refused", "silent", "untrusted", "proxy",
 * "odd", "wrong-clock".
 */
typedef enum {
  LKS_NETWORK_REACHED,
  LKS_NETWORK_NO_NAME,
  LKS_NETWORK_REFUSED,
  LKS_NETWORK_SILENT,
  LKS_NETWORK_UNTRUSTED,
  LKS_NETWORK_PROXY,
  LKS_NETWORK_ODD,
  LKS_NETWORK_WRONG_CLOCK,
} LksNetworkVerdict;

#define LKS_TYPE_NETWORK_KIND (lks_network_kind_get_type ())
#define LKS_TYPE_NETWORK_VERDICT (lks_network_verdict_get_type ())
GType lks_network_kind_get_type    (void);
GType lks_network_verdict_get_type (void);

/**
 * LksNetworkResult:
 * @host: (owned): which host
 * @port: which port
 * @kind: what must be had there
 * @is_for_boards: boards need it in their network, not this computer for itself
 * @purpose: what for, an English sentence that is marked for translation
 * @verdict: what came of it
 * @elapsed_ms: how long it took
 * @has_clock: whether @clock_ahead_s is known
 * @clock_ahead_s: by how much the clock there is ahead of this computer's
 * @detail: (owned) (nullable): what exactly went wrong, English
 *
 * A place that online work needs, and how it is reached from here.
 */
typedef struct {
  char *host;
  guint16 port;
  LksNetworkKind kind;
  gboolean is_for_boards;
  const char *purpose;
  LksNetworkVerdict verdict;
  guint elapsed_ms;
  gboolean has_clock;
  gint64 clock_ahead_s;
  char *detail;
} LksNetworkResult;

LksNetworkResult *lks_network_result_new    (const char             *host,
                                             guint16                 port,
                                             LksNetworkKind          kind,
                                             const char             *purpose) G_GNUC_WARN_UNUSED_RESULT;
void              lks_network_result_free   (LksNetworkResult       *self);

GPtrArray        *lks_network_plan          (const char             *sign_in,
                                             const char             *resources,
                                             const char             *legacy,
                                             gboolean                with_boards) G_GNUC_WARN_UNUSED_RESULT;
gboolean          lks_network_test          (GPtrArray              *plan,
                                             LksCloudTrust          *trust,
                                             GProxyResolver         *resolver,
                                             GCancellable           *cancellable,
                                             GError                **error);

gboolean          lks_network_is_page       (const char             *reply,
                                             gsize                   size_bytes);
const char       *lks_network_get_sentence  (LksNetworkVerdict       verdict);
const char       *lks_network_get_advice    (LksNetworkVerdict       verdict);

G_END_DECLS
