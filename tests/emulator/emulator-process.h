/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* locksmith-emulator as a child process, with a state directory and a control socket of its own. */
typedef struct {
  GSubprocess *process;
  char *dir;
  char *address;
  char *cloud; /* where the cloud answers, NULL without one */
  GSocketConnection *control;
} EmulatorProcess;

void        emulator_process_start   (EmulatorProcess *self,
                                      const char      *program,
                                      const char      *scenario);
void        emulator_process_start_with_cloud (EmulatorProcess *self,
                                               const char      *program,
                                               const char      *scenario);
void        emulator_process_stop    (EmulatorProcess *self);
char       *emulator_process_get_path (EmulatorProcess *self,
                                      const char      *name);
JsonObject *emulator_process_command (EmulatorProcess *self,
                                      const char      *request);

G_END_DECLS
