/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device-fixture.h"

#include "lks-device-state.h"

#include <glib/gstdio.h>

static Identity *
new_leaf (Identity *ca)
{
  const IdentityPlan plan = { .issuer = ca->leaf, .issuer_key = ca->key };

  return identity_new (&plan);
}

void
fixture_set_up (Fixture *f, gconstpointer unused)
{
  const IdentityPlan ca_plan = { .is_ca = TRUE };
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("lks-ca-XXXXXX.pem", &path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  f->ca = identity_new (&ca_plan);
  f->identity = new_leaf (f->ca);
  identity_save (f->ca, path);

  f->trust = lks_trust_new ();
  g_assert_true (lks_trust_add_file (f->trust, path, &error));
  g_assert_no_error (error);
  g_unlink (path);

  f->server = board_server_new ();
  board_server_set_identity (f->server, f->identity);
  f->device = lks_device_new (board_server_get_connector (f->server), f->trust);
}

void
fixture_tear_down (Fixture *f, gconstpointer unused)
{
  board_server_assert_done (f->server);
  g_assert_finalize_object (f->device);
  board_server_free (f->server);
  lks_trust_unref (f->trust);
  identity_free (f->identity);
  identity_free (f->ca);
}

void
fixture_say_hello (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  guint64 uptime_s = 0;

  board_server_expect (f->server, "GET /status", "", 200, "{\"uptime\":58}");
  g_assert_true (lks_device_get_status (f->device, &uptime_s, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (uptime_s, ==, 58);
}
