/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emulator-process.h"

G_BEGIN_DECLS

#define CLOUD_USER_CLIENT "11111111-2222-4333-8444-555555555555"
#define CLOUD_USER_TENANT "aaaaaaaa-2222-4333-8444-555555555555"
#define CLOUD_USER_SUBSCRIPTION "bbbbbbbb-2222-4333-8444-555555555555"

/* Who uses the program against an emulated cloud. */
typedef struct {
  EmulatorProcess process;
  const char *program;
  char *trust_file;
  char *secret_file;
  gboolean debugs; /* the program tells all that it would log */
} CloudUser;

/* What the program said. */
typedef struct {
  int status;
  char *output;
  char *errors;
  JsonNode *json; /* (nullable) */
} CloudSaid;

void        cloud_user_set_up    (CloudUser   *self,
                                  const char  *program,
                                  const char  *emulator,
                                  const char  *settings);
void        cloud_user_tear_down (CloudUser   *self);
void        cloud_user_sign_in   (CloudUser   *self);
GSubprocess *
            cloud_user_start     (CloudUser   *self,
                                  const char  *line);
CloudSaid   cloud_user_run       (CloudUser   *self,
                                  const char  *line);

void        cloud_said_clear     (CloudSaid   *self);
JsonObject *cloud_said_object    (CloudSaid   *self);
const char *cloud_said_text      (CloudSaid   *self,
                                  const char  *member);
const char *cloud_said_error     (CloudSaid   *self,
                                  const char  *member);
JsonArray  *cloud_said_array     (CloudSaid   *self,
                                  const char  *member);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CloudSaid, cloud_said_clear)

G_END_DECLS
