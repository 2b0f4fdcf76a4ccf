/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-share-place.h"

G_DEFINE_BOXED_TYPE (LksSharePlace, lks_share_place, lks_share_place_copy, lks_share_place_free)

/**
 * lks_share_place_new:
 * @host: a name, an address, or the folder of a Unix socket
 * @port: a TCP port; 0: %LKS_SHARE_PORT_DEFAULT
 * @database: name of the database
 * @user: whom the server knows
 *
 * Returns: (transfer full): a place that is only trusted with a certificate of its own name
 */
LksSharePlace *
lks_share_place_new (const char *host, guint port, const char *database, const char *user)
{
  LksSharePlace *self = g_new0 (LksSharePlace, 1);

  self->host = g_strdup (host);
  self->port = port != 0 ? port : LKS_SHARE_PORT_DEFAULT;
  self->database = g_strdup (database);
  self->user = g_strdup (user);
  self->ssl_mode = g_strdup ("verify-full");
  return self;
}

/**
 * lks_share_place_copy:
 * @self: a place
 *
 * Returns: (transfer full): the same place
 */
LksSharePlace *
lks_share_place_copy (const LksSharePlace *self)
{
  LksSharePlace *copy = lks_share_place_new (self->host, self->port, self->database, self->user);

  g_free (copy->ssl_mode);
  copy->ssl_mode = g_strdup (self->ssl_mode);
  copy->ssl_root_cert = g_strdup (self->ssl_root_cert);
  return copy;
}

/**
 * lks_share_place_free:
 * @self: (transfer full): a place
 */
void
lks_share_place_free (LksSharePlace *self)
{
  g_free (self->host);
  g_free (self->database);
  g_free (self->user);
  g_free (self->ssl_mode);
  g_free (self->ssl_root_cert);
  g_free (self);
}

/**
 * lks_share_place_dup_name:
 * @self: a place
 *
 * Returns: (transfer full): what people and the outbox know it by, "host:5432/database"; it does
 *   not depend on who asks
 */
char *
lks_share_place_dup_name (const LksSharePlace *self)
{
  return g_strdup_printf ("%s:%u/%s", self->host, self->port, self->database);
}
