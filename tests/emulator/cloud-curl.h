/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emulator-process.h"

G_BEGIN_DECLS

#define VERSION "api-version=2024-04-01"

extern const char *cloud_emulator;

/* The emulated cloud, and curl that is signed in to it. */
typedef struct {
  EmulatorProcess process;
  char *ca;
  char *tenant;
  char *subscription;
  char *client_id;
  char *catalogs; /* path of the catalogs */
  char *token;
} Fixture;

/* What curl got. */
typedef struct {
  guint status;
  char *headers;
  char *body;
  JsonNode *json; /* (nullable) */
} Reply;

void        start_scenario (Fixture      *f,
                            const char   *scenario);
void        start          (Fixture      *f,
                            const char   *cloud);
void        stop           (Fixture      *f);
void        command        (Fixture      *f,
                            const char   *request);

void        set_option     (GString      *config,
                            const char   *option,
                            const char   *value);
void        set_token      (Fixture      *f,
                            GString      *config);
Reply       run_curl       (Fixture      *f,
                            GString      *config);
Reply       ask_url_as     (Fixture      *f,
                            const char   *method,
                            const char   *url,
                            const char   *type,
                            const char   *body);
Reply       ask_url        (Fixture      *f,
                            const char   *method,
                            const char   *url,
                            const char   *body);
Reply       ask            (Fixture      *f,
                            const char   *method,
                            const char   *path,
                            const char   *body);
Reply       post_form      (Fixture      *f,
                            const char   *endpoint,
                            const char   *form);
char       *follow         (Fixture      *f,
                            const Reply  *reply,
                            Reply        *out_last);

void        reply_clear    (Reply        *self);
JsonObject *get_object     (const Reply  *reply);
JsonObject *get_properties (const Reply  *reply);
const char *get_text       (JsonObject   *object,
                            const char   *member);
char       *get_header     (const Reply  *reply,
                            const char   *name);
void        assert_error   (const Reply  *reply,
                            guint         status,
                            const char   *code);

char       *make_id        (const char   *four);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, stop)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reply, reply_clear)

G_END_DECLS
