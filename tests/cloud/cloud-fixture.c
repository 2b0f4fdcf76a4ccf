/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-fixture.h"

#include <string.h>

/* ---- somebody who is signed in ---- */

struct _TestSource
{
  GObject parent_instance;

  guint n_renewals;
  char *token; /* (owned) (nullable): in place of the two */
};

static void test_source_iface_init (LksTokenSourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestSource,
                               test_source,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LKS_TYPE_TOKEN_SOURCE,
                                                      test_source_iface_init))

static LksSecret *
test_source_get_authorization (LksTokenSource *source,
                               gboolean renew,
                               GCancellable *cancellable,
                               GError **error)
{
  TestSource *self = TEST_SOURCE (source);
  g_autofree char *line = NULL;

  self->n_renewals += renew ? 1 : 0;
  line = g_strconcat ("Authorization: Bearer ",
                      self->token != NULL    ? self->token
                      : self->n_renewals > 0 ? SECOND_TOKEN
                                             : FIRST_TOKEN,
                      NULL);
  return lks_secret_new (line, strlen (line));
}

static void
test_source_iface_init (LksTokenSourceInterface *iface)
{
  iface->get_authorization = test_source_get_authorization;
}

static void
test_source_finalize (GObject *object)
{
  g_free (TEST_SOURCE (object)->token);
  G_OBJECT_CLASS (test_source_parent_class)->finalize (object);
}

static void
test_source_class_init (TestSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_source_finalize;
}

static void
test_source_init (TestSource *self)
{
}

TestSource *
test_source_new (void)
{
  return g_object_new (TEST_TYPE_SOURCE, NULL);
}

guint
test_source_get_n_renewals (TestSource *self)
{
  return self->n_renewals;
}

void
test_source_set_token (TestSource *self, const char *token)
{
  g_free (self->token);
  self->token = g_strdup (token);
}

/* ---- the client ---- */

/* Waits that nobody notices; what a service demands is waited for all the same. */
const LksCloudPolicy impatient = {
  .tries_max = 3,
  .backoff_ms = 1,
  .backoff_max_ms = 4,
  .retry_after_max_ms = 2000,
  .poll_ms = { 1, 1, 1, 1, 1, 1 },
  .wait_max_ms = 60 * 1000,
};

void
fixture_set_up (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  f->server = cloud_server_new ();
  f->source = test_source_new ();
  f->client = lks_cloud_client_new (cloud_server_get_base (f->server), LKS_TOKEN_SOURCE (f->source),
                                    cloud_server_get_trust (f->server), &impatient, &error);
  g_assert_no_error (error);
}

void
fixture_tear_down (Fixture *f, gconstpointer unused)
{
  lks_cloud_client_free (f->client);
  g_assert_finalize_object (f->source);
  cloud_server_free (f->server);
}

gboolean
fixture_call (Fixture *f,
              const char *method,
              const char *path,
              const char *body,
              LksCloudAnswer *answer,
              GError **error)
{
  const LksCloudCall call = {
    .method = method, .path = path, .body = body, .body_bytes = body != NULL ? strlen (body) : 0
  };

  return lks_cloud_client_call (f->client, &call, NULL, answer, error);
}
