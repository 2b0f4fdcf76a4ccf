/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-server.h"
#include "lks-cloud-client.h"
#include "lks-cloud-error.h"

G_BEGIN_DECLS

/* Two tokens: the first one, and the one that a renewal gives. */
#define FIRST_TOKEN "first.token-AAAA"
#define SECOND_TOKEN "second.token-BBBB"

/* Somebody who is signed in. */
#define TEST_TYPE_SOURCE (test_source_get_type ())
G_DECLARE_FINAL_TYPE (TestSource, test_source, TEST, SOURCE, GObject)

TestSource *test_source_new            (void);
guint       test_source_get_n_renewals (TestSource *self);
void        test_source_set_token      (TestSource *self,
                                        const char *token);

/* A client in front of a server that follows a script. */
typedef struct {
  CloudServer *server;
  TestSource *source;
  LksCloudClient *client;
} Fixture;

extern const LksCloudPolicy impatient;

void fixture_set_up    (Fixture       *f,
                        gconstpointer  unused);
void fixture_tear_down (Fixture       *f,
                        gconstpointer  unused);

#define FIXTURE_TEST(path, func) \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

gboolean fixture_call  (Fixture        *f,
                        const char     *method,
                        const char     *path,
                        const char     *body,
                        LksCloudAnswer *answer,
                        GError        **error);

G_END_DECLS
