/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-prepare-cloud.h"

#include "lks-cli-cloud-work.h"
#include "lks-cloud-catalog.h"
#include "lks-cloud-preparation.h"

struct _LksCliPrepareCloud
{
  LksDevelopmentCloud functions;
  LksCliPrepareWish wish;
  LksCliCloud cloud;
  LksCloudAccount *account; /* (owned) (nullable) */
  LksCloudClient *client;   /* (owned) (nullable): of the thread of the work */
  LksCloudScope *catalog;   /* (owned) (nullable) */
};

/* ---- on the thread of the work ---- */

/* Only who names a catalog lets it be looked for before: without, all are. */
static gboolean
open_service (LksCliPrepareCloud *self, GCancellable *cancellable, GError **error)
{
  if (self->client == NULL && lks_cloud_account_is_legacy (self->account))
    lks_cli_cloud_warn_of_end ();
  if (self->client == NULL)
    self->client =
        lks_cloud_client_new_for (lks_cloud_account_get_place (self->account),
                                  LKS_TOKEN_SOURCE (self->account), self->cloud.trust, NULL, error);
  if (self->client == NULL)
    return FALSE;
  if (self->wish.catalog != NULL && self->catalog == NULL)
    self->catalog =
        lks_cloud_catalog_find (self->client, NULL, NULL, self->wish.catalog, cancellable, error);
  return self->wish.catalog == NULL || self->catalog != NULL;
}

static LksCloudScope *
find_device (LksCliPrepareCloud *self,
             const char *device_id,
             GCancellable *cancellable,
             GError **error)
{
  g_autofree char *id = g_ascii_strdown (device_id, -1);

  return open_service (self, cancellable, error)
             ? lks_cloud_device_find_place (self->client, self->catalog, id, cancellable, error)
             : NULL;
}

static LksSecret *
fetch_file (gpointer data,
            const char *device_id,
            guint capability,
            GCancellable *cancellable,
            GError **error)
{
  LksCliPrepareCloud *self = data;
  g_autoptr (LksCloudScope) device = find_device (self, device_id, cancellable, error);

  return device != NULL
             ? lks_cloud_preparation_fetch (self->client, device, capability, cancellable, error)
             : NULL;
}

static int
flag_to_int (LksCloudFlag flag)
{
  return flag == LKS_CLOUD_FLAG_UNKNOWN ? -1 : flag == LKS_CLOUD_FLAG_YES;
}

static void
take_placing (LksDevelopmentMoved *moved, LksCloudPlacing *placing)
{
  moved->before = g_steal_pointer (&placing->before);
  moved->from = g_steal_pointer (&placing->from);
  moved->to = g_steal_pointer (&placing->to);
  moved->is_same = placing->is_same;
  moved->gets_apps = flag_to_int (placing->gets_apps);
  moved->has_deployment = flag_to_int (placing->has_deployment);
}

static gboolean
move (gpointer data,
      const char *device_id,
      const char *group,
      const char *back_to,
      LksDevelopmentMoved *out_moved,
      GCancellable *cancellable,
      GError **error)
{
  LksCliPrepareCloud *self = data;
  g_autoptr (LksCloudScope) device = find_device (self, device_id, cancellable, error);
  g_auto (LksCloudPlacing) placing = { 0 };
  gboolean is_moved;

  if (device == NULL)
    return FALSE;
  if (back_to != NULL)
    is_moved =
        lks_cloud_preparation_return (self->client, device, back_to, &placing, cancellable, error);
  else
    is_moved = lks_cloud_preparation_place (self->client, device, self->wish.product,
                                            self->wish.group != NULL ? self->wish.group : group,
                                            &placing, cancellable, error);
  take_placing (out_moved, &placing);
  return is_moved;
}

/* ---- on the main thread ---- */

/* The account lives as long as its store and trust: these are not those of this one call. */
static gboolean
find_account (LksCliCloud *cloud, gpointer data, GError **error)
{
  LksCliPrepareCloud *self = data;
  LksCliCloud lasting = { self->cloud.trust, self->cloud.store, cloud->cancellable };

  self->account = lks_cli_cloud_find_account (&lasting, self->wish.account, error);
  return self->account != NULL;
}

/**
 * lks_cli_prepare_cloud_new:
 * @wish: what stands on the command line; must live as long as this
 * @error: return location for an error, SIGN_IN when nobody is signed in
 *
 * Finds out who is signed in, which may ask for the keyring's password.
 *
 * Returns: (transfer full): what the cloud does, or NULL with @error set
 */
LksCliPrepareCloud *
lks_cli_prepare_cloud_new (const LksCliPrepareWish *wish, GError **error)
{
  LksCliPrepareCloud *self = g_new0 (LksCliPrepareCloud, 1);

  self->wish = *wish;
  self->functions.fetch_file = fetch_file;
  self->functions.move = move;
  self->functions.names_group = wish->group != NULL;
  self->functions.data = self;
  self->cloud.store = lks_secret_store_new ("sign-in");
  self->cloud.trust = lks_cloud_trust_load_default (error);
  if (self->cloud.trust != NULL && lks_cli_cloud_run (find_account, self, error))
    return self;
  lks_cli_prepare_cloud_free (self);
  return NULL;
}

/**
 * lks_cli_prepare_cloud_free:
 * @self: (transfer full) (nullable): what the cloud does, not in use any more
 */
void
lks_cli_prepare_cloud_free (LksCliPrepareCloud *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->client, lks_cloud_client_free);
  g_clear_pointer (&self->catalog, lks_cloud_scope_free);
  g_clear_object (&self->account);
  g_clear_pointer (&self->cloud.store, lks_secret_store_unref);
  g_clear_pointer (&self->cloud.trust, lks_cloud_trust_unref);
  g_free (self);
}

/**
 * lks_cli_prepare_cloud_get:
 * @self: what the cloud does
 *
 * Returns: (transfer none): the same for a development sequence
 */
const LksDevelopmentCloud *
lks_cli_prepare_cloud_get (LksCliPrepareCloud *self)
{
  return &self->functions;
}
