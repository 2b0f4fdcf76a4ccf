/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-log-ring.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksRedaction:
 *
 * What must not be seen in what is handed on: names of networks, hardware addresses. Learns the
 * names and addresses that occur, then takes them out of texts, JSON and logs.
 */
typedef struct _LksRedaction LksRedaction;

LksRedaction *lks_redaction_new        (gboolean       hide_names,
                                        gboolean       hide_addresses) G_GNUC_WARN_UNUSED_RESULT;
void          lks_redaction_free       (LksRedaction  *self);

void          lks_redaction_learn      (LksRedaction  *self,
                                        JsonNode      *node);

char         *lks_redaction_clean_text (LksRedaction  *self,
                                        const char    *text) G_GNUC_WARN_UNUSED_RESULT;
void          lks_redaction_clean_json (LksRedaction  *self,
                                        JsonNode      *node);
GBytes       *lks_redaction_clean_log  (LksRedaction  *self,
                                        LksLogRing    *ring) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksRedaction, lks_redaction_free)

G_END_DECLS
