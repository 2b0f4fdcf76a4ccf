/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-claimer.h"

#include "lks-cloud-claim.h"
#include "lks-cloud-device.h"
#include "lks-cloud-error.h"

struct _LksCloudClaimer
{
  GObject parent_instance;

  LksCloudTrust *trust;   /* (owned) */
  LksSecretStore *store;  /* (owned) (nullable): where to look for somebody who is signed in */
  GMutex mutex;           /* of what follows, until it is known: then it does not change */
  LksTokenSource *source; /* (owned) (nullable): the account */
  LksCloudPlace *place;   /* (owned) (nullable): which service */
  char *user;             /* (owned) (nullable) */
};

static void lks_cloud_claimer_iface_init (LksClaimerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LksCloudClaimer,
                               lks_cloud_claimer,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LKS_TYPE_CLAIMER,
                                                      lks_cloud_claimer_iface_init))

/* ---- on whose behalf ---- */

static void
set_account (LksCloudClaimer *self, LksCloudAccount *account)
{
  self->source = LKS_TOKEN_SOURCE (g_object_ref (account));
  self->place = lks_cloud_place_copy (lks_cloud_account_get_place (account));
  self->user = g_strdup (lks_cloud_account_get_user (account));
}

/* Recipes name catalogs of the present interface: a Legacy account would only say that. */
static LksCloudAccount *
choose (GPtrArray *accounts)
{
  for (guint i = 0; i < accounts->len; i++)
    if (lks_cloud_account_get_place (accounts->pdata[i])->service == LKS_CLOUD_SERVICE_INTEGRATED)
      return accounts->pdata[i];

  return accounts->len > 0 ? accounts->pdata[0] : NULL;
}

static gboolean
has_account (LksCloudClaimer *self)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->source != NULL;
}

/* The keyring is asked without the lock: it may take as long as a person does. */
static gboolean
ensure_account (LksCloudClaimer *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) accounts = NULL;
  LksCloudAccount *account;

  if (has_account (self))
    return TRUE;
  accounts = lks_cloud_account_list (self->store, self->trust, cancellable, error);
  if (accounts == NULL)
    return FALSE;
  account = choose (accounts);
  if (account == NULL)
    {
      g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN, "nobody is signed in");
      return FALSE;
    }
  g_mutex_lock (&self->mutex);
  if (self->source == NULL)
    set_account (self, account);
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

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
  g_autoptr (GError) reason = NULL;
  g_autoptr (LksCloudScope) place =
      lks_cloud_device_find_in (client, catalog, device_id, cancellable, &reason);

  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
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
      group != NULL ? lks_cloud_claimer_create_client (self, cancellable, error) : NULL;
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

static gboolean
take_result (const LksCloudClaimResult *result, gpointer user_data, GError **error)
{
  Result *taken = user_data;

  taken->place = result->place != NULL ? lks_cloud_scope_dup_id (result->place) : NULL;
  taken->error = result->error != NULL ? g_error_copy (result->error) : NULL;
  return TRUE;
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
    {
      g_clear_error (&result.error);
      return FALSE;
    }

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
      group != NULL ? lks_cloud_claimer_create_client (self, cancellable, error) : NULL;
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
  g_clear_pointer (&self->store, lks_secret_store_unref);
  g_mutex_clear (&self->mutex);
  g_clear_pointer (&self->place, lks_cloud_place_free);
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
  g_mutex_init (&self->mutex);
}

/**
 * lks_cloud_claimer_new:
 * @account: somebody who is signed in, a person or a station
 * @trust: whose certificates count
 *
 * Returns: (transfer full): a claimer on behalf of @account
 */
LksCloudClaimer *
lks_cloud_claimer_new (LksCloudAccount *account, LksCloudTrust *trust)
{
  LksCloudClaimer *self = g_object_new (LKS_TYPE_CLOUD_CLAIMER, NULL);

  self->trust = lks_cloud_trust_ref (trust);
  set_account (self, account);
  return self;
}

/**
 * lks_cloud_claimer_new_from_keyring:
 * @trust: whose certificates count
 *
 * For who has not looked yet whether anybody is signed in: the keyring is asked at the first
 * question, and its first account is taken, one of the present interface rather than a Legacy one.
 *
 * Returns: (transfer full): a claimer
 */
LksCloudClaimer *
lks_cloud_claimer_new_from_keyring (LksCloudTrust *trust)
{
  LksCloudClaimer *self = g_object_new (LKS_TYPE_CLOUD_CLAIMER, NULL);

  self->trust = lks_cloud_trust_ref (trust);
  self->store = lks_secret_store_new ("sign-in");
  return self;
}

/**
 * lks_cloud_claimer_create_client:
 * @self: a claimer
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.CloudError], SIGN_IN when nobody is signed in, or an
 *   error of the keyring
 *
 * Blocks when the keyring has to be asked; worker threads only.
 *
 * Returns: (transfer full): a client for the calling thread, or NULL with @error set
 */
LksCloudClient *
lks_cloud_claimer_create_client (LksCloudClaimer *self, GCancellable *cancellable, GError **error)
{
  if (!ensure_account (self, cancellable, error))
    return NULL;
  return lks_cloud_client_new_for (self->place, self->source, self->trust, NULL, error);
}

/**
 * lks_cloud_claimer_get_user:
 * @self: a claimer
 *
 * Returns: (transfer none) (nullable): who is signed in, once a client was created
 */
const char *
lks_cloud_claimer_get_user (LksCloudClaimer *self)
{
  return self->user;
}
