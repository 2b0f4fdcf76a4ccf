/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-scenario.h"

#include "lks-json.h"

G_BEGIN_DECLS

typedef enum {
  EMU_FIELD_TEXT,
  EMU_FIELD_COUNT,  /* guint */
  EMU_FIELD_LONG,   /* guint64 or gint64 */
  EMU_FIELD_SIGNED,
  EMU_FIELD_BOOL,
  EMU_FIELD_ENUM,
  EMU_FIELD_TEXTS,
  EMU_FIELD_OTHER,  /* read by code of its own */
} EmuFieldKind;

/**
 * EmuField:
 * @min: of a text: its fewest characters
 * @max: of a text: its most characters
 *
 * One member of an object: how to read it and where it goes.
 */
typedef struct {
  const char *name;
  EmuFieldKind kind;
  gsize offset;
  gint64 min;
  gint64 max;
  GType (*get_type) (void);
} EmuField;

#define EMU_FIELD_OF_COUNT(member, place, low, high) \
  { .name = member, .kind = EMU_FIELD_COUNT, .offset = place, .min = low, .max = high }
#define EMU_FIELD_OF_TEXT(member, place, low, high) \
  { .name = member, .kind = EMU_FIELD_TEXT, .offset = place, .min = low, .max = high }
#define EMU_FIELD_OF_BOOL(member, place) \
  { .name = member, .kind = EMU_FIELD_BOOL, .offset = place }
#define EMU_FIELD_OF_ENUM(member, place, type) \
  { .name = member, .kind = EMU_FIELD_ENUM, .offset = place, .get_type = type }
#define EMU_FIELD_OF_OTHER(member) \
  { .name = member, .kind = EMU_FIELD_OTHER }

typedef gboolean (*EmuReadFunc) (LksJson         *json,
                                 JsonNode        *node,
                                 EmuBoardConfig  *config,
                                 GError         **error);

gboolean emu_scenario_read_fields (LksJson            *json,
                                   JsonObject         *object,
                                   const EmuField     *fields,
                                   gsize               n_fields,
                                   gpointer            base,
                                   GError            **error);
gboolean emu_scenario_read_list   (LksJson            *json,
                                   JsonObject         *object,
                                   const char         *member,
                                   GPtrArray          *list,
                                   EmuReadFunc         read,
                                   EmuBoardConfig     *config,
                                   GError            **error);
gboolean emu_scenario_require     (LksJson            *json,
                                   JsonNode           *node,
                                   gconstpointer       value,
                                   const char         *member,
                                   GError            **error);
gboolean emu_scenario_check_word  (LksJson            *json,
                                   JsonNode           *node,
                                   const char         *member,
                                   const char         *value,
                                   const char *const  *words,
                                   GError            **error);

G_END_DECLS
