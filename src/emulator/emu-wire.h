/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * EmuWire:
 *
 * Writes JSON as the board writes it: compact, members in the order of the calls, every slash
 * escaped. Names are NULL inside a list and at the root.
 */
typedef struct _EmuWire EmuWire;

EmuWire *emu_wire_new       (void) G_GNUC_WARN_UNUSED_RESULT;
EmuWire *emu_wire_new_plain (void) G_GNUC_WARN_UNUSED_RESULT;
GBytes  *emu_wire_end       (EmuWire            *self) G_GNUC_WARN_UNUSED_RESULT;

void     emu_wire_open      (EmuWire            *self,
                             const char         *name,
                             char                bracket);
void     emu_wire_close     (EmuWire            *self,
                             char                bracket);
void     emu_wire_text      (EmuWire            *self,
                             const char         *name,
                             const char         *value);
void     emu_wire_text_or_null (EmuWire         *self,
                             const char         *name,
                             const char         *value);
void     emu_wire_null      (EmuWire            *self,
                             const char         *name);
void     emu_wire_number    (EmuWire            *self,
                             const char         *name,
                             gint64              value);
void     emu_wire_bool      (EmuWire            *self,
                             const char         *name,
                             gboolean            value);
void     emu_wire_texts     (EmuWire            *self,
                             const char         *name,
                             const char *const  *values);

G_END_DECLS
