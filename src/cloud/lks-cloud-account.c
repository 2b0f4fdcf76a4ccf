/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-account.h"

#include "lks-bounded.h"
#include "lks-cloud-error.h"
#include "lks-cloud-unsaved.h"
#include "lks-enums.h"
#include "lks-json.h"
#include "lks-secret-form.h"
#include "lks-turn.h"

#include <string.h>

#define DETAILS_MAX_BYTES 4096
#define RENEW_BEFORE_S (5 * 60)
#define LATE_SAVE_LIMIT_S 5

struct _LksCloudAccount
{
  GObject parent_instance;

  LksSecretStore *store; /* (owned) */
  LksCloudPlace *place;  /* (owned) */
  LksSignIn *sign_in;    /* (owned) */
  LksAccountKind kind;
  char *id;                 /* (owned) */
  char *user;               /* (owned) */
  LksSecret *authorization; /* (owned) (nullable): header line */
  gint64 renew_us;          /* when another one is to be fetched */
};

static void token_source_iface_init (LksTokenSourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LksCloudAccount,
                               lks_cloud_account,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LKS_TYPE_TOKEN_SOURCE,
                                                      token_source_iface_init))

G_DEFINE_ENUM_TYPE (LksAccountKind,
                    lks_account_kind,
                    G_DEFINE_ENUM_VALUE (LKS_ACCOUNT_KIND_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_ACCOUNT_KIND_PERSON, "person"),
                    G_DEFINE_ENUM_VALUE (LKS_ACCOUNT_KIND_SECRET, "secret"),
                    G_DEFINE_ENUM_VALUE (LKS_ACCOUNT_KIND_CERTIFICATE, "certificate"))

/* ---- what the keyring shows of it ---- */

static void
add_member (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

/* Accounts of the Integrated interface are written as they were before there was another one: the
 * ID follows from it. */
static char *
build_details (LksCloudAccount *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  const struct
  {
    const char *name;
    const char *value;
  } members[] = {
    { "kind", lks_enum_to_nick (LKS_TYPE_ACCOUNT_KIND, (int) self->kind) },
    { "user", self->user },
    { "tenant", self->place->tenant },
    { "application", self->place->client_id },
    { "signIn", self->place->sign_in },
    { "resources", self->place->resources },
  };

  json_builder_begin_object (builder);
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    add_member (builder, members[i].name, members[i].value);
  if (self->place->service != LKS_CLOUD_SERVICE_INTEGRATED)
    add_member (builder, "service",
                lks_enum_to_nick (LKS_TYPE_CLOUD_SERVICE, (int) self->place->service));
  if (self->place->scope != NULL)
    add_member (builder, "scope", self->place->scope);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/* The same account signed in again replaces the old one. */
static char *
build_id (LksCloudAccount *self)
{
  g_autofree char *details = build_details (self);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, details, -1);
}

static gboolean
save (LksCloudAccount *self, const LksSecret *secret, GCancellable *cancellable, GError **error)
{
  g_autofree char *label = g_strdup_printf ("Locksmith sign-in %s", self->user);
  g_autofree char *details = build_details (self);
  const LksSecretEntry entry = { self->id, label, details };

  return lks_secret_store_save (self->store, &entry, secret, cancellable, error);
}

/* What is gone from the keyring was signed out, here or by another program. */
static LksSecret *
look_up (LksCloudAccount *self, GCancellable *cancellable, GError **error)
{
  GError *reason = NULL;
  LksSecret *secret = lks_secret_store_look_up (self->store, self->id, cancellable, &reason);

  if (secret != NULL)
    return secret;

  if (!g_error_matches (reason, LKS_VAULT_ERROR, LKS_VAULT_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, reason);
      return NULL;
    }
  g_error_free (reason);
  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN, "%s was signed out meanwhile",
               self->user);
  return NULL;
}

/* Only who signs in puts something into the keyring: what another program took out of it meanwhile
 * does not come back. */
static gboolean
replace (LksCloudAccount *self, const LksSecret *secret, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksSecret) existing = look_up (self, cancellable, error);

  return existing != NULL && save (self, secret, cancellable, error);
}

static LksCloudAccount *
account_new (LksSecretStore *store,
             LksCloudPlace *place,
             LksCloudTrust *trust,
             LksAccountKind kind,
             const char *user)
{
  LksCloudAccount *self = g_object_new (LKS_TYPE_CLOUD_ACCOUNT, NULL);

  self->store = lks_secret_store_ref (store);
  self->place = place;
  self->sign_in = lks_sign_in_new (place, trust, NULL);
  self->kind = kind;
  self->user = g_strdup (user);
  self->id = build_id (self);
  return self;
}

static gboolean
read_texts (LksJson *json, JsonObject *root, char **out_texts, GError **error)
{
  static const char *const names[] = { "user", "tenant", "application", "signIn", "resources" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (!lks_json_read_string (json, root, names[i], &out_texts[i], error))
      return FALSE;
  return TRUE;
}

static LksCloudPlace *
parse_place (LksJson *json, JsonObject *root, char **texts, GError **error)
{
  int service = LKS_CLOUD_SERVICE_INTEGRATED;
  g_autofree char *scope = NULL;

  if ((lks_json_has (root, "service") &&
       !lks_json_read_enum (json, root, "service", LKS_TYPE_CLOUD_SERVICE, &service, error)) ||
      (lks_json_has (root, "scope") && !lks_json_read_string (json, root, "scope", &scope, error)))
    return NULL;
  return lks_cloud_place_new_for ((LksCloudService) service, texts[3], texts[4], texts[1], texts[2],
                                  scope, error);
}

/* An item that another version of this program, or another program, has written may be anything. */
static LksCloudAccount *
parse_entry (LksSecretStore *store,
             const LksSecretEntry *entry,
             LksCloudTrust *trust,
             GError **error)
{
  g_autoptr (LksJson) json =
      lks_json_parse ("sign-in", entry->details, strlen (entry->details), DETAILS_MAX_BYTES, error);
  JsonObject *root = json != NULL ? lks_json_get_root_object (json, error) : NULL;
  g_auto (GStrv) texts = g_new0 (char *, 6);
  int kind;
  LksCloudPlace *place;
  LksCloudAccount *self;

  if (root == NULL ||
      !lks_json_read_enum (json, root, "kind", LKS_TYPE_ACCOUNT_KIND, &kind, error) ||
      !read_texts (json, root, texts, error))
    return NULL;
  place = parse_place (json, root, texts, error);
  if (place == NULL)
    return NULL;

  self = account_new (store, place, trust, (LksAccountKind) kind, texts[0]);
  g_free (self->id);
  self->id = g_strdup (entry->id);
  return self;
}

/* ---- tokens ---- */

static void
take_access (LksCloudAccount *self, const LksTokens *tokens)
{
  guint margin_s = MIN (RENEW_BEFORE_S, tokens->expires_in_s / 2);

  g_clear_pointer (&self->authorization, lks_secret_unref);
  self->authorization = lks_secret_new_joined ("Authorization: Bearer ", tokens->access);
  self->renew_us =
      g_get_monotonic_time () + (gint64) (tokens->expires_in_s - margin_s) * G_USEC_PER_SEC;
}

static gboolean
fetch_with (LksCloudAccount *self,
            const LksSecret *secret,
            GCancellable *cancellable,
            LksTokens *out_tokens,
            GError **error)
{
  switch (self->kind)
    {
    case LKS_ACCOUNT_KIND_PERSON:
      return lks_sign_in_refresh (self->sign_in, secret, cancellable, out_tokens, error);
    case LKS_ACCOUNT_KIND_SECRET:
      return lks_sign_in_with_secret (self->sign_in, secret, cancellable, out_tokens, error);
    case LKS_ACCOUNT_KIND_CERTIFICATE:
      return lks_sign_in_with_certificate (self->sign_in, secret, cancellable, out_tokens, error);
    case LKS_ACCOUNT_KIND_UNKNOWN:
      break;
    }
  g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN,
                       "this sign-in was made by a newer version of this program");
  return FALSE;
}

/* The sign-in service may kill a refresh token when it gives another: another program of this
 * user may just have been faster, and has stored the new one. */
static gboolean
fetch (LksCloudAccount *self, GCancellable *cancellable, LksTokens *out_tokens, GError **error)
{
  g_autoptr (LksSecret) unsaved = lks_cloud_unsaved_dup (self->id);
  g_autoptr (LksSecret) secret =
      unsaved != NULL ? lks_secret_ref (unsaved) : look_up (self, cancellable, error);
  g_autoptr (LksSecret) newer = NULL;
  g_autoptr (GError) reason = NULL;

  if (secret == NULL)
    return FALSE;
  if (fetch_with (self, secret, cancellable, out_tokens, &reason))
    return TRUE;
  if (g_error_matches (reason, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN))
    newer = look_up (self, cancellable, NULL);
  if (newer != NULL && !lks_secret_equal (newer, secret))
    return fetch_with (self, newer, cancellable, out_tokens, error);

  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
renew_access (LksCloudAccount *self, GCancellable *cancellable, GError **error)
{
  g_auto (LksTokens) tokens = { 0 };

  if (!fetch (self, cancellable, &tokens, error))
    return FALSE;
  take_access (self, &tokens);
  if (tokens.refresh != NULL)
    lks_cloud_unsaved_set (self->id, tokens.refresh);
  return TRUE;
}

static gboolean
forget_tokens (LksCloudAccount *self)
{
  g_clear_pointer (&self->authorization, lks_secret_unref);
  lks_cloud_unsaved_set (self->id, NULL);
  return FALSE;
}

typedef struct
{
  LksCloudAccount *account; /* (owned) */
  LksSecret *secret;        /* (owned) */
} LateSave;

static void
late_save_free (gpointer data)
{
  LateSave *self = data;

  g_object_unref (self->account);
  lks_secret_unref (self->secret);
  g_free (self);
}

/* Listing asks nobody: a locked keyring stays locked. */
static void
save_late_in_thread (GTask *task, gpointer unused, gpointer data, GCancellable *cancellable)
{
  LateSave *late = data;
  GError *error = NULL;
  g_autoptr (GPtrArray) entries = lks_secret_store_list (late->account->store, cancellable, &error);

  if (entries != NULL && replace (late->account, late->secret, cancellable, &error))
    g_task_return_pointer (task, GUINT_TO_POINTER (TRUE), NULL);
  else
    g_task_return_error (task, error);
}

/* Whoever gave up waiting does not mean to be signed out: an open keyring gets it all the same. */
static gboolean
save_late (LksCloudAccount *self, LksSecret *secret)
{
  g_autoptr (GError) error = NULL;
  LateSave *late = g_new0 (LateSave, 1);

  late->account = g_object_ref (self);
  late->secret = lks_secret_ref (secret);
  if (lks_bounded_run (LATE_SAVE_LIMIT_S, save_late_in_thread, late, late_save_free, &error) !=
      NULL)
    return TRUE;

  g_info ("a sign-in that was renewed is not kept yet: %s", error->message);
  return FALSE;
}

static gboolean
replace_or_save_late (LksCloudAccount *self,
                      LksSecret *secret,
                      GCancellable *cancellable,
                      GError **error)
{
  GError *reason = NULL;

  if (replace (self, secret, cancellable, &reason))
    return TRUE;
  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED) && save_late (self, secret))
    {
      g_error_free (reason);
      return TRUE;
    }
  g_propagate_error (error, reason);
  return FALSE;
}

/* Lost, it would have to be replaced by a person, who is told before that happens: nothing goes on
 * until the keyring has it. */
static gboolean
save_unsaved (LksCloudAccount *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksSecret) unsaved = lks_cloud_unsaved_dup (self->id);
  GError *reason = NULL;

  if (unsaved == NULL)
    return TRUE;
  if (!replace_or_save_late (self, unsaved, cancellable, &reason))
    {
      gboolean is_signed_out = g_error_matches (reason, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN);

      g_propagate_error (error, reason);
      if (is_signed_out)
        return forget_tokens (self);
      g_prefix_error (error, "the sign-in was renewed, and is lost with this program unless the "
                             "keyring takes it: ");
      return FALSE;
    }
  lks_cloud_unsaved_set (self->id, NULL);
  return TRUE;
}

/* Its turn is that of its ID: other objects for the same account share what lies in the keyring. */
static LksSecret *
lks_cloud_account_get_authorization (LksTokenSource *source,
                                     gboolean renew,
                                     GCancellable *cancellable,
                                     GError **error)
{
  LksCloudAccount *self = LKS_CLOUD_ACCOUNT (source);
  LksSecret *authorization = NULL;

  if (!lks_turn_take (self->id, cancellable, error))
    return NULL;
  if (((!renew && self->authorization != NULL && g_get_monotonic_time () < self->renew_us) ||
       renew_access (self, cancellable, error)) &&
      save_unsaved (self, cancellable, error))
    authorization = lks_secret_ref (self->authorization);
  lks_turn_end (self->id);
  return authorization;
}

static void
token_source_iface_init (LksTokenSourceInterface *iface)
{
  iface->get_authorization = lks_cloud_account_get_authorization;
}

/* ---- the object ---- */

static void
lks_cloud_account_finalize (GObject *object)
{
  LksCloudAccount *self = LKS_CLOUD_ACCOUNT (object);

  g_clear_pointer (&self->authorization, lks_secret_unref);
  g_clear_pointer (&self->sign_in, lks_sign_in_free);
  g_clear_pointer (&self->place, lks_cloud_place_free);
  g_clear_pointer (&self->store, lks_secret_store_unref);
  g_free (self->id);
  g_free (self->user);

  G_OBJECT_CLASS (lks_cloud_account_parent_class)->finalize (object);
}

static void
lks_cloud_account_class_init (LksCloudAccountClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lks_cloud_account_finalize;
}

static void
lks_cloud_account_init (LksCloudAccount *self)
{
}

/**
 * lks_cloud_account_add:
 * @store: where sign-ins are kept
 * @place: where it is signed in
 * @trust: whose certificates count beside the system's
 * @kind: what @secret is
 * @secret: (nullable): of a station; of a person the refresh token of @tokens is kept
 * @tokens: what the sign-in gave
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.CloudError] or a [error@Lks.VaultError]
 *
 * Keeps a sign-in that just succeeded, in place of an older one of the same account. Blocks.
 *
 * Returns: (transfer full): the account, or NULL with @error set
 */
LksCloudAccount *
lks_cloud_account_add (LksSecretStore *store,
                       const LksCloudPlace *place,
                       LksCloudTrust *trust,
                       LksAccountKind kind,
                       const LksSecret *secret,
                       LksTokens *tokens,
                       GCancellable *cancellable,
                       GError **error)
{
  const LksSecret *kept = kind == LKS_ACCOUNT_KIND_PERSON ? tokens->refresh : secret;
  g_autoptr (LksCloudAccount) self = NULL;
  LksCloudPlace *own;
  gboolean is_kept;

  if (kept == NULL)
    {
      g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SETUP,
                           "the sign-in service gave nothing to stay signed in with: the "
                           "application's registration must allow offline access");
      return NULL;
    }

  own = lks_cloud_place_copy (place);
  if (tokens->tenant != NULL && !lks_cloud_place_names_tenant (own))
    {
      g_free (own->tenant);
      own->tenant = g_strdup (tokens->tenant);
    }
  self =
      account_new (store, own, trust, kind, tokens->user != NULL ? tokens->user : place->client_id);
  take_access (self, tokens);
  if (!lks_turn_take (self->id, cancellable, error))
    return NULL;
  is_kept = save (self, kept, cancellable, error);
  if (is_kept)
    lks_cloud_unsaved_set (self->id, NULL);
  lks_turn_end (self->id);
  return is_kept ? g_steal_pointer (&self) : NULL;
}

/**
 * lks_cloud_account_list:
 * @store: where sign-ins are kept
 * @trust: whose certificates count beside the system's
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Blocks.
 *
 * Returns: (transfer full) (element-type LksCloudAccount): the accounts, by user
 */
GPtrArray *
lks_cloud_account_list (LksSecretStore *store,
                        LksCloudTrust *trust,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GPtrArray) entries = lks_secret_store_list (store, cancellable, error);
  GPtrArray *accounts;

  if (entries == NULL)
    return NULL;

  accounts = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < entries->len; i++)
    {
      g_autoptr (GError) reason = NULL;
      LksCloudAccount *account =
          parse_entry (store, g_ptr_array_index (entries, i), trust, &reason);

      if (account != NULL)
        g_ptr_array_add (accounts, account);
      else
        g_info ("a sign-in of the keyring is left out: %s", reason->message);
    }
  return accounts;
}

/**
 * lks_cloud_account_forget:
 * @self: an account
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Removes it from the keyring, and wipes the access token. Blocks.
 *
 * Returns: whether it is forgotten
 */
gboolean
lks_cloud_account_forget (LksCloudAccount *self, GCancellable *cancellable, GError **error)
{
  gboolean is_gone;

  if (!lks_turn_take (self->id, cancellable, error))
    return FALSE;
  g_clear_pointer (&self->authorization, lks_secret_unref);
  is_gone = lks_secret_store_remove (self->store, self->id, cancellable, error);
  if (is_gone)
    lks_cloud_unsaved_set (self->id, NULL);
  lks_turn_end (self->id);
  return is_gone;
}

/**
 * lks_cloud_account_get_id:
 * @self: an account
 *
 * Returns: (transfer none): 64 digits
 */
const char *
lks_cloud_account_get_id (LksCloudAccount *self)
{
  return self->id;
}

/**
 * lks_cloud_account_get_user:
 * @self: an account
 *
 * Returns: (transfer none): the person's address, or the application's ID
 */
const char *
lks_cloud_account_get_user (LksCloudAccount *self)
{
  return self->user;
}

/**
 * lks_cloud_account_get_kind:
 * @self: an account
 *
 * Returns: who signed in
 */
LksAccountKind
lks_cloud_account_get_kind (LksCloudAccount *self)
{
  return self->kind;
}

/**
 * lks_cloud_account_is_legacy:
 * @self: an account
 *
 * Returns: whether it works by the Legacy interface, which ends
 */
gboolean
lks_cloud_account_is_legacy (LksCloudAccount *self)
{
  return self->place->service == LKS_CLOUD_SERVICE_LEGACY;
}

/**
 * lks_cloud_account_get_place:
 * @self: an account
 *
 * Returns: (transfer none): where it is signed in
 */
const LksCloudPlace *
lks_cloud_account_get_place (LksCloudAccount *self)
{
  return self->place;
}
