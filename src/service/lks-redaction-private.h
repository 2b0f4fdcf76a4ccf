/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-redaction.h"

G_BEGIN_DECLS

#define LKS_MAC_BYTES 6
#define LKS_MAC_TEXT_BYTES 17

struct _LksRedaction {
  gboolean hide_names;
  gboolean hide_addresses;
  GPtrArray *names;     /* (owned) (element-type utf8): in the order in which they were met */
  GPtrArray *addresses; /* (owned) (element-type utf8): six bytes as lower-case aa:bb:cc:dd:ee:ff */
};

/* Whether a hardware address in text form, with colons or dashes, stands at @text. */
gboolean lks_redaction_is_address (const char *text,
                                   gsize       left);

G_END_DECLS
