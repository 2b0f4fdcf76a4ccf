/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksKeystoreFit:
 * @LKS_KEYSTORE_FIT_UNKNOWN: a date is missing or is not understood
 * @LKS_KEYSTORE_FIT_FITS: no change of the signing keys is known in between
 * @LKS_KEYSTORE_FIT_MAY_BE_TOO_OLD: the keys were, or may have been, changed in between
 *
 * Whether a board's trusted keystore can know the key that a file is signed with. Derived from
 * dates, never read: no board tells what its keystore holds. Nicks: "unknown", "fits",
 * "may-be-too-old".
 */
typedef enum {
  LKS_KEYSTORE_FIT_UNKNOWN,
  LKS_KEYSTORE_FIT_FITS,
  LKS_KEYSTORE_FIT_MAY_BE_TOO_OLD,
} LksKeystoreFit;

#define LKS_TYPE_KEYSTORE_FIT (lks_keystore_fit_get_type ())
GType              lks_keystore_fit_get_type (void);

LksKeystoreFit     lks_keystore_judge        (guint64      signed_unix_s,
                                              const char  *os_version,
                                              char       **out_reason);
const char *const *lks_keystore_get_cure     (void);

G_END_DECLS
