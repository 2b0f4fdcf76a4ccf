/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board.h"
#include "lks-log-messages.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksBundleHolds:
 * @LKS_BUNDLE_HOLDS_DEVICE_ID: the identity of the board, or where it is plugged in
 * @LKS_BUNDLE_HOLDS_NETWORK_NAMES: names of networks
 * @LKS_BUNDLE_HOLDS_HARDWARE_ADDRESSES: hardware addresses (MAC)
 * @LKS_BUNDLE_HOLDS_IP_ADDRESSES: addresses in the network, or names of computers
 * @LKS_BUNDLE_HOLDS_PERSONS: names of persons or organisations: certificates, accounts
 * @LKS_BUNDLE_HOLDS_UNKNOWN: data that only the vendor can read
 *
 * What a part of a support bundle tells about people and places. Nicks: "device-id",
 * "network-names", "hardware-addresses", "ip-addresses", "persons", "unknown".
 */
typedef enum {
  LKS_BUNDLE_HOLDS_DEVICE_ID          = 1u << 0,
  LKS_BUNDLE_HOLDS_NETWORK_NAMES      = 1u << 1,
  LKS_BUNDLE_HOLDS_HARDWARE_ADDRESSES = 1u << 2,
  LKS_BUNDLE_HOLDS_IP_ADDRESSES       = 1u << 3,
  LKS_BUNDLE_HOLDS_PERSONS            = 1u << 4,
  LKS_BUNDLE_HOLDS_UNKNOWN            = 1u << 5,
} LksBundleHolds;

#define LKS_BUNDLE_N_HOLDS 6

const char *lks_bundle_holds_get_nick  (LksBundleHolds holds);
const char *lks_bundle_holds_get_title (LksBundleHolds holds);

/**
 * LksBundleWish:
 * @hide_names: names of networks are replaced, and the texts of the log masked
 * @hide_addresses: hardware addresses are replaced
 * @messages: (nullable): what the numbers in a log mean
 *
 * How a support bundle is to be written.
 */
typedef struct {
  gboolean hide_names;
  gboolean hide_addresses;
  LksLogMessages *messages;
} LksBundleWish;

/**
 * LksBundleEntry:
 * @name: (owned): the file's name in the archive
 * @title: what it is, a text for gettext
 * @bytes: (owned): its contents
 * @holds: flags of [flags@Lks.BundleHolds]: what is left in it
 * @error: (owned) (nullable): why the part is missing; the file says so then
 *
 * One file of a support bundle.
 */
typedef struct {
  char *name;
  const char *title;
  GBytes *bytes;
  guint holds;
  GError *error;
} LksBundleEntry;

/**
 * LksBundle:
 *
 * What was read of a board for those who shall help. One thread at a time.
 */
typedef struct _LksBundle LksBundle;

LksBundle *lks_bundle_new       (void) G_GNUC_WARN_UNUSED_RESULT;
void       lks_bundle_free      (LksBundle              *self);

gboolean   lks_bundle_read      (LksBundle              *self,
                                 LksDevice              *device,
                                 GCancellable           *cancellable,
                                 GError                **error);
void       lks_bundle_set_board (LksBundle              *self,
                                 LksBoardStatus         *status,
                                 const LksLinkCounters  *counters);
guint      lks_bundle_get_read  (LksBundle              *self);
guint      lks_bundle_get_missing (LksBundle            *self);

char      *lks_bundle_dup_file_name (LksBundle          *self) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *lks_bundle_list      (LksBundle              *self,
                                 const LksBundleWish    *wish) G_GNUC_WARN_UNUSED_RESULT;
gboolean   lks_bundle_write     (LksBundle              *self,
                                 const LksBundleWish    *wish,
                                 GOutputStream          *stream,
                                 GCancellable           *cancellable,
                                 GError                **error);
gboolean   lks_bundle_save      (LksBundle              *self,
                                 const LksBundleWish    *wish,
                                 GFile                  *file,
                                 GCancellable           *cancellable,
                                 GError                **error);
JsonNode  *lks_bundle_entries_to_json (GPtrArray        *entries) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksBundle, lks_bundle_free)

G_END_DECLS
