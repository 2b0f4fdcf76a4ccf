/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What locksmithctl said. */
typedef struct {
  int status;
  char *output;
  char *errors;
  JsonNode *json; /* (nullable): when --json was given */
} Said;

void        said_clear        (Said        *self);
JsonObject *said_get_object   (const Said  *self,
                               const char  *member);
void        said_assert_error (const Said  *self,
                               int          status,
                               const char  *domain,
                               const char  *code);

/* The program, and what "@" stands for in its command lines. */
void        cli_program_init  (const char  *path,
                               const char  *folder);
Said        cli_program_run   (const char  *format,
                               ...) G_GNUC_PRINTF (1, 2);

/* Does something while the program runs. */
typedef void (*CliProgramFunc) (void);
Said        cli_program_run_and (CliProgramFunc func,
                                 const char    *format,
                                 ...) G_GNUC_PRINTF (2, 3);

/* The control socket of the bench. */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Said, said_clear)

G_END_DECLS
