/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-json.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define EMU_FAULT_FOREVER 0

/**
 * EmuFaultKind:
 *
 * What can go wrong with an emulated board. The first group happens below HTTP and is played by
 * the line; the second happens in one answer of the REST service; the third at a restart.
 * The nicks are the words of the scenario file and of the control socket.
 */
typedef enum {
  EMU_FAULT_UNKNOWN,

  EMU_FAULT_UNPLUG,              /* the cable goes out after `after_bytes` from the board */
  EMU_FAULT_DROP_BYTES,          /* one byte of `every_bytes` is lost, both directions */
  EMU_FAULT_CORRUPT_BYTES,       /* one byte of `every_bytes` changes */
  EMU_FAULT_DUPLICATE_BYTES,     /* one byte of `every_bytes` comes twice */
  EMU_FAULT_STALL,               /* after `after_bytes` silence for `duration_ms`, 0: for ever */
  EMU_FAULT_OVERRUN,             /* after `after_bytes` one packet reports an overrun */
  EMU_FAULT_SLOW_LINE,           /* the line carries `bytes_per_second` */
  EMU_FAULT_REFUSE_CONNECTION,   /* connections to port 443 are reset */
  EMU_FAULT_NO_HANDSHAKE,        /* connections open, the TLS server stays silent */
  EMU_FAULT_WRONG_CERTIFICATE,   /* the leaf is signed by a CA nobody knows */
  EMU_FAULT_WRONG_NAME,          /* the leaf names another host */
  EMU_FAULT_EXPIRED_CERTIFICATE, /* the leaf ended long ago */

  EMU_FAULT_STATUS,              /* answers `status` with `number` */
  EMU_FAULT_BUSY,                /* answers 500 with 10485765 */
  EMU_FAULT_NO_ANSWER,           /* takes the request and never answers */
  EMU_FAULT_SLOW_ANSWER,         /* answers after `duration_ms` */
  EMU_FAULT_RESET_IN_BODY,       /* the connection is reset after `after_bytes` of the body */
  EMU_FAULT_TRUNCATED_BODY,      /* the connection ends after `after_bytes` of the body */
  EMU_FAULT_OVERSIZED_BODY,      /* a body of `size_bytes` */
  EMU_FAULT_MALFORMED_JSON,      /* the answer with its last bracket missing */
  EMU_FAULT_ENDLESS_HEADER,      /* header lines without end */
  EMU_FAULT_LOWER_CASE_HEADER,   /* header names in lower case; the connection ends after it */
  EMU_FAULT_HTML_BODY,           /* 200 with a page of HTML */
  EMU_FAULT_EMPTY_BODY,          /* 200 without a body */
  EMU_FAULT_WRONG_TYPES,         /* texts where numbers belong, numbers where texts belong */
  EMU_FAULT_OTHER_DEVICE_ID,     /* another board's device ID in the security state */
  EMU_FAULT_STATE_NOT_STORED,    /* PUT manufacturing state answers {} and changes nothing */
  EMU_FAULT_STATE_UNKNOWN,       /* the manufacturing state reads "Unknown" */

  EMU_FAULT_SLOW_RESTART,        /* the next start takes `duration_ms` */
  EMU_FAULT_NO_RESTART,          /* the board never comes back */
  EMU_FAULT_OTHER_BOARD,         /* the board comes back with another device ID */
} EmuFaultKind;

#define EMU_TYPE_FAULT_KIND (emu_fault_kind_get_type ())
GType emu_fault_kind_get_type (void);

/**
 * EmuFault:
 *
 * One fault, as the scenario or the control socket asks for it. Which numbers count depends on
 * @kind; emu_fault_parse() refuses the others.
 */
typedef struct {
  EmuFaultKind kind;
  guint times;            /* how often it strikes, EMU_FAULT_FOREVER: always */
  guint skip;             /* how many occasions pass unharmed before */
  char *method;           /* (owned) (nullable): only requests with this method */
  char *path;             /* (owned) (nullable): only requests to this path; a last '*' matches any end */
  guint status;           /* HTTP status */
  gint64 number;          /* device error number */
  guint64 after_bytes;
  guint64 every_bytes;
  guint64 size_bytes;
  guint duration_ms;
  guint bytes_per_second;
} EmuFault;

EmuFault *emu_fault_parse   (LksJson         *json,
                             JsonObject      *object,
                             GError         **error) G_GNUC_WARN_UNUSED_RESULT;
EmuFault *emu_fault_copy    (const EmuFault  *self) G_GNUC_WARN_UNUSED_RESULT;
void      emu_fault_free    (EmuFault        *self);

gboolean  emu_fault_is_line (const EmuFault  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuFault, emu_fault_free)

G_END_DECLS
