/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-preparer.h"

#include "lks-cloud-catalog.h"
#include "lks-cloud-client.h"
#include "lks-cloud-preparation.h"

struct _LksCloudPreparer
{
  LksDevelopmentCloud functions;
  LksCloudPlace *place;   /* (owned): which service */
  LksTokenSource *source; /* (owned): of the account, for any thread */
  LksCloudTrust *trust;   /* (owned) */
  char *catalog_name;     /* (owned) (nullable) */
  char *product;          /* (owned) (nullable) */
  char *group;            /* (owned) (nullable) */

  LksCloudClient *client; /* (owned) (nullable): of the thread of the work */
  LksCloudScope *catalog; /* (owned) (nullable) */
};

/* Only who names a catalog lets it be looked for before: without, all are. */
static gboolean
open_service (LksCloudPreparer *self, GCancellable *cancellable, GError **error)
{
  if (self->client == NULL)
    self->client = lks_cloud_client_new_for (self->place, self->source, self->trust, NULL, error);
  if (self->client == NULL)
    return FALSE;
  if (self->catalog_name != NULL && self->catalog == NULL)
    self->catalog =
        lks_cloud_catalog_find (self->client, NULL, NULL, self->catalog_name, cancellable, error);
  return self->catalog_name == NULL || self->catalog != NULL;
}

static LksCloudScope *
find_device (LksCloudPreparer *self,
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
  LksCloudPreparer *self = data;
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
  LksCloudPreparer *self = data;
  g_autoptr (LksCloudScope) device = find_device (self, device_id, cancellable, error);
  g_auto (LksCloudPlacing) placing = { 0 };
  gboolean is_moved;

  if (device == NULL)
    return FALSE;
  if (back_to != NULL)
    is_moved =
        lks_cloud_preparation_return (self->client, device, back_to, &placing, cancellable, error);
  else
    is_moved = lks_cloud_preparation_place (self->client, device, self->product,
                                            self->group != NULL ? self->group : group, &placing,
                                            cancellable, error);
  take_placing (out_moved, &placing);
  return is_moved;
}

/**
 * lks_cloud_preparer_new:
 * @account: somebody who is signed in, a person or a station
 * @trust: whose certificates count
 * @wish: where the board is and where it shall be; copied
 *
 * Nothing is asked yet. Any thread; its functions are for one thread at a time.
 *
 * Returns: (transfer full): what the cloud does on behalf of @account
 */
LksCloudPreparer *
lks_cloud_preparer_new (LksCloudAccount *account,
                        LksCloudTrust *trust,
                        const LksCloudPreparerWish *wish)
{
  LksCloudPreparer *self = g_new0 (LksCloudPreparer, 1);

  self->functions = (LksDevelopmentCloud){ fetch_file, move, wish->group != NULL, self };
  self->place = lks_cloud_place_copy (lks_cloud_account_get_place (account));
  self->source = LKS_TOKEN_SOURCE (g_object_ref (account));
  self->trust = lks_cloud_trust_ref (trust);
  self->catalog_name = g_strdup (wish->catalog);
  self->product = g_strdup (wish->product);
  self->group = g_strdup (wish->group);
  return self;
}

/**
 * lks_cloud_preparer_free:
 * @self: (transfer full) (nullable): what the cloud does, not in use any more
 */
void
lks_cloud_preparer_free (LksCloudPreparer *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->client, lks_cloud_client_free);
  g_clear_pointer (&self->catalog, lks_cloud_scope_free);
  g_clear_pointer (&self->place, lks_cloud_place_free);
  g_clear_object (&self->source);
  g_clear_pointer (&self->trust, lks_cloud_trust_unref);
  g_free (self->catalog_name);
  g_free (self->product);
  g_free (self->group);
  g_free (self);
}

/**
 * lks_cloud_preparer_get_functions:
 * @self: what the cloud does
 *
 * Returns: (transfer none): the same for lks_development_set_cloud(), for as long as @self lives
 */
const LksDevelopmentCloud *
lks_cloud_preparer_get_functions (LksCloudPreparer *self)
{
  return &self->functions;
}
