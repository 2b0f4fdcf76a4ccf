/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-claimer.h"

#include "lks-cloud-claim.h"
#include "lks-cloud-device.h"
#include "lks-cloud-error.h"
#include "lks-shared-source.h"

struct _LksCloudClaimer
{
  GObject parent_instance;

  LksTokenSource *source; /* (owned): of the account, for any thread */
  LksCloudTrust *trust;   /* (owned) */
  LksCloudPlace *place;   /* (owned): which service */
  char *user;             /* (owned) */
};

static void lks_cloud_claimer_iface_init (LksClaimerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LksCloudClaimer,
                               lks_cloud_claimer,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LKS_TYPE_CLAIMER,
                                                      lks_cloud_claimer_iface_init))

/* ---- ask ---- */

static LksCloudScope *
parse_place (const LksRecipeClaim *claim, GError **error)
{
  g_autoptr (LksCloudScope) catalog = lks_cloud_scope_parse (claim->catalog_id, error);

  return catalog != NULL ? lks_cloud_scope_dup_group (catalog, claim->product, claim->device_group)
                         : NULL;
}

/* In the device group where it is wanted, which is one question; *@out_place is NULL when it is not
 * there. */
static gboolean
look_in_group (LksCloudClient *client,
               const LksCloudScope *group,
               const char *device_id,
               char **out_place,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (LksCloudScope) scope = lks_cloud_scope_dup_leaf (group, "devices", device_id);
  g_autoptr (GError) reason = NULL;
  g_autoptr (LksCloudResource) device =
      lks_cloud_resource_get (client, &lks_cloud_device_kind, scope, cancellable, &reason);

  if (device != NULL)
    *out_place = lks_cloud_scope_dup_id (device->scope);
  if (device != NULL || g_error_matches (reason, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

/* Wherever it is: the service has no question for that but the list of all devices. */
static gboolean
look_everywhere (LksCloudClient *client,
                 const LksCloudScope *group,
                 const char *device_id,
                 char **out_place,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (LksCloudScope) catalog = lks_cloud_scope_dup_catalog (group);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autoptr (GHashTable) places = NULL;
  const LksCloudScope *place;

  g_ptr_array_add (ids, (char *) device_id);
  places = lks_cloud_device_locate (client, catalog, ids, cancellable, error);
  if (places == NULL)
    return FALSE;

  place = g_hash_table_lookup (places, device_id);
  *out_place = place != NULL ? lks_cloud_scope_dup_id (place) : NULL;
  return TRUE;
}

static gboolean
lks_cloud_claimer_look (LksClaimer *claimer,
                        const LksRecipeClaim *claim,
                        const char *device_id,
                        LksClaimAnswer *answer,
                        GCancellable *cancellable,
                        GError **error)
{
  LksCloudClaimer *self = LKS_CLOUD_CLAIMER (claimer);
  g_autoptr (LksCloudScope) group = parse_place (claim, error);
  g_autoptr (LksCloudClient) client =
      group != NULL ? lks_cloud_claimer_create_client (self, error) : NULL;
  g_autofree char *place = NULL;

  if (client == NULL || !look_in_group (client, group, device_id, &place, cancellable, error) ||
      (place == NULL && !look_everywhere (client, group, device_id, &place, cancellable, error)))
    return FALSE;

  lks_claim_answer_clear (answer);
  answer->place = g_steal_pointer (&place);
  answer->account = g_strdup (self->user);
  return TRUE;
}

/* ---- claim ---- */

typedef struct
{
  char *place;   /* (owned) (nullable) */
  GError *error; /* (owned) (nullable) */
} Result;

static void
take_result (const LksCloudClaimResult *result, gpointer user_data)
{
  Result *taken = user_data;

  taken->place = result->place != NULL ? lks_cloud_scope_dup_id (result->place) : NULL;
  taken->error = result->error != NULL ? g_error_copy (result->error) : NULL;
}

static gboolean
claim_one (LksCloudClient *client,
           const LksCloudScope *group,
           const char *device_id,
           char **out_place,
           GCancellable *cancellable,
           GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autoptr (GHashTable) nowhere = g_hash_table_new (g_str_hash, g_str_equal);
  Result result = { 0 };

  g_ptr_array_add (ids, (char *) device_id);
  if (!lks_cloud_claim (client, group, ids, nowhere, take_result, &result, cancellable, error))
    return FALSE;

  *out_place = result.place;
  if (result.error != NULL)
    g_propagate_error (error, result.error);
  return result.place != NULL;
}

static gboolean
lks_cloud_claimer_claim (LksClaimer *claimer,
                         const LksRecipeClaim *claim,
                         const char *device_id,
                         LksClaimAnswer *answer,
                         GCancellable *cancellable,
                         GError **error)
{
  LksCloudClaimer *self = LKS_CLOUD_CLAIMER (claimer);
  g_autoptr (LksCloudScope) group = parse_place (claim, error);
  g_autoptr (LksCloudClient) client =
      group != NULL ? lks_cloud_claimer_create_client (self, error) : NULL;
  g_autofree char *place = NULL;

  if (client == NULL || !claim_one (client, group, device_id, &place, cancellable, error))
    return FALSE;

  lks_claim_answer_clear (answer);
  answer->place = g_steal_pointer (&place);
  answer->account = g_strdup (self->user);
  return TRUE;
}

static void
lks_cloud_claimer_iface_init (LksClaimerInterface *iface)
{
  iface->look = lks_cloud_claimer_look;
  iface->claim = lks_cloud_claimer_claim;
}

/* ---- object ---- */

static void
lks_cloud_claimer_finalize (GObject *object)
{
  LksCloudClaimer *self = LKS_CLOUD_CLAIMER (object);

  g_clear_object (&self->source);
  g_clear_pointer (&self->trust, lks_cloud_trust_unref);
  lks_cloud_place_free (self->place);
  g_free (self->user);

  G_OBJECT_CLASS (lks_cloud_claimer_parent_class)->finalize (object);
}

static void
lks_cloud_claimer_class_init (LksCloudClaimerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lks_cloud_claimer_finalize;
}

static void
lks_cloud_claimer_init (LksCloudClaimer *self)
{
}

/**
 * lks_cloud_claimer_new:
 * @account: somebody who is signed in, a person or a station; the store it came from outlives this
 * @trust: whose certificates count
 *
 * Returns: (transfer full): a claimer on behalf of @account
 */
LksCloudClaimer *
lks_cloud_claimer_new (LksCloudAccount *account, LksCloudTrust *trust)
{
  LksCloudClaimer *self = g_object_new (LKS_TYPE_CLOUD_CLAIMER, NULL);

  self->source = lks_shared_source_new (LKS_TOKEN_SOURCE (account));
  self->trust = lks_cloud_trust_ref (trust);
  self->place = lks_cloud_place_copy (lks_cloud_account_get_place (account));
  self->user = g_strdup (lks_cloud_account_get_user (account));
  return self;
}

/**
 * lks_cloud_claimer_create_client:
 * @self: a claimer
 * @error: return location for a [error@Lks.CloudError]
 *
 * Returns: (transfer full): a client for the calling thread, or NULL with @error set
 */
LksCloudClient *
lks_cloud_claimer_create_client (LksCloudClaimer *self, GError **error)
{
  return lks_cloud_client_new_for (self->place, self->source, self->trust, NULL, error);
}

/**
 * lks_cloud_claimer_get_user:
 * @self: a claimer
 *
 * Returns: (transfer none): who is signed in
 */
const char *
lks_cloud_claimer_get_user (LksCloudClaimer *self)
{
  return self->user;
}
