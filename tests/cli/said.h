/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

/* What a program said to the person and to the script. */
typedef struct {
  int status;
  char *output;
  char *errors;
  JsonNode *json; /* (nullable): when --json was given */
} Said;

void        said_clear        (Said        *self);
Said        said_by           (const char  *program,
                               const char  *arguments);

JsonObject *said_get_object   (const Said  *self);
JsonArray  *said_get_array    (const Said  *self);
void        said_assert_error (const Said  *self,
                               int          status,
                               const char  *domain,
                               const char  *code);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Said, said_clear)
