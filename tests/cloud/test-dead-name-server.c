/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A name server that does not answer: getaddrinfo() cannot be ended, so nobody may wait for it. */
#include "cloud-fixture.h"

#include <netdb.h>

/* Longer than anybody who has given up may take. */
#define PATIENCE_S 30

static GMutex mutex;
static GCond cond;
static gboolean is_asked;
static gboolean is_over;

/* Takes the place of the C library's. */
int
getaddrinfo (const char *node,
             const char *service,
             const struct addrinfo *hints,
             struct addrinfo **result)
{
  g_mutex_lock (&mutex);
  is_asked = TRUE;
  g_cond_broadcast (&cond);
  while (!is_over)
    g_cond_wait (&cond, &mutex);
  g_mutex_unlock (&mutex);
  return EAI_AGAIN;
}

static void
end_name_server (void)
{
  is_over = TRUE;
  g_cond_broadcast (&cond);
}

/* Cancels when the name server was asked, and ends it when that does not help. */
static gpointer
cancel_when_asked (gpointer cancellable)
{
  gint64 end_us;

  g_mutex_lock (&mutex);
  while (!is_asked)
    g_cond_wait (&cond, &mutex);
  g_cancellable_cancel (cancellable);
  end_us = g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC;
  while (!is_over)
    if (!g_cond_wait_until (&cond, &mutex, end_us))
      end_name_server ();
  g_mutex_unlock (&mutex);
  return NULL;
}

static void
test_cancel (void)
{
  CloudServer *server = cloud_server_new ();
  g_autoptr (TestSource) source = test_source_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (LksCloudAnswer) answer = { 0 };
  const LksCloudCall call = { .method = "GET", .path = "/x" };
  LksCloudClient *client =
      lks_cloud_client_new ("https://dead.example", LKS_TOKEN_SOURCE (source),
                            cloud_server_get_trust (server), &impatient, &error);
  GThread *thread;

  g_assert_no_error (error);
  thread = g_thread_new ("canceller", cancel_when_asked, cancellable);
  g_assert_false (lks_cloud_client_call (client, &call, cancellable, &answer, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  lks_cloud_client_free (client);

  g_mutex_lock (&mutex);
  g_assert_false (is_over);
  end_name_server ();
  g_mutex_unlock (&mutex);
  g_thread_join (thread);
  cloud_server_free (server);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cloud/dead-name-server/cancel", test_cancel);
  return g_test_run ();
}
