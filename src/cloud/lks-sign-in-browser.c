/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-sign-in-private.h"

#include "lks-cloud-error-private.h"
#include "lks-cloud-error.h"
#include "lks-loopback.h"
#include "lks-sign-in-hint.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

/* 64 letters of 6 bits each; RFC 7636 asks for 43 to 128. */
#define VERIFIER_LETTERS 64
#define STATE_LETTERS 32
static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Letters that nobody can guess. */
static LksSecret *
make_letters (gsize n_letters, GError **error)
{
  char *text = lks_secret_heap_alloc_zero (1, n_letters + 1);
  LksSecret *secret = NULL;

  if (text != NULL && RAND_priv_bytes ((guchar *) text, (int) n_letters) == 1)
    {
      for (gsize i = 0; i < n_letters; i++)
        text[i] = letters[(guchar) text[i] % (sizeof letters - 1)];
      secret = lks_secret_new (text, n_letters);
    }
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                         "the system has no random numbers to give");
  lks_secret_heap_free (text);
  return secret;
}

/**
 * lks_sign_in_dup_challenge:
 * @verifier: what only this program knows
 *
 * Returns: (transfer full): what the sign-in service may know of it beforehand (RFC 7636, S256)
 */
char *
lks_sign_in_dup_challenge (const LksSecret *verifier)
{
  guchar digest[EVP_MAX_MD_SIZE];
  unsigned int n_digest = 0;
  gsize size_bytes;
  gconstpointer data = lks_secret_get_data (verifier, &size_bytes);
  char *text;

  EVP_Digest (data, size_bytes, digest, &n_digest, EVP_sha256 (), NULL);
  text = g_base64_encode (digest, n_digest);
  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  *strchrnul (text, '=') = '\0';
  return text;
}

static char *
build_url (LksSignIn *self,
           const char *redirect,
           const char *scope,
           const char *state,
           const char *challenge)
{
  const char *const pairs[][2] = {
    { "client_id", self->place->client_id },
    { "response_type", "code" },
    { "response_mode", "query" },
    { "redirect_uri", redirect },
    { "scope", scope },
    { "state", state },
    { "code_challenge", challenge },
    { "code_challenge_method", "S256" },
    { "prompt", "select_account" },
  };
  g_autofree char *endpoint = lks_cloud_place_dup_endpoint (self->place, "authorize");
  GString *url = g_string_new (endpoint);

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_string_append_printf (url, "%c%s=", i == 0 ? '?' : '&', pairs[i][0]);
      g_string_append_uri_escaped (url, pairs[i][1], NULL, FALSE);
    }
  return g_string_free (url, FALSE);
}

static void
set_refused (const LksRedirect *redirect, GError **error)
{
  const LksCloudProblem problem = { .http_status = 400,
                                    .code = redirect->problem,
                                    .text = redirect->text };
  const char *hint = lks_sign_in_get_hint (redirect->text);

  lks_cloud_error_set_problem (error, &problem);
  if (hint != NULL)
    g_prefix_error (error, "%s; ", hint);
}

static gboolean
redeem (LksSignIn *self,
        const LksSecret *code,
        const LksSecret *verifier,
        const char *redirect,
        const char *scope,
        GCancellable *cancellable,
        LksTokens *out_tokens,
        GError **error)
{
  const LksFormField own[] = {
    { .name = "code", .secret = code },
    { .name = "redirect_uri", .text = redirect },
    { .name = "code_verifier", .secret = verifier },
  };

  return lks_sign_in_get_tokens (self, "authorization_code", scope, own, G_N_ELEMENTS (own),
                                 cancellable, out_tokens, error);
}

/**
 * lks_sign_in_with_browser:
 * @self: a sign-in service
 * @open: (scope call): opens a browser on this computer, or tells the person to; runs on this
 *   thread
 * @user_data: for @open
 * @limit_s: how long to wait for the person, in seconds
 * @cancellable: (nullable): a cancellable
 * @out_tokens: (out caller-allocates): zeroed
 * @error: return location for a [error@Lks.CloudError], SIGN_IN when the person or the service
 *   refused or nobody came; or `G_IO_ERROR_CANCELLED`
 *
 * Signs a person in in a browser on this computer: authorization code with PKCE (RFC 7636), the
 * browser comes back to a port on loopback (RFC 8252). What it brings along is worth nothing
 * without the verifier, which never leaves wiped memory but for the sign-in service. Blocks.
 *
 * Returns: whether the person signed in
 */
gboolean
lks_sign_in_with_browser (LksSignIn *self,
                          LksSignInOpenFunc open,
                          gpointer user_data,
                          guint limit_s,
                          GCancellable *cancellable,
                          LksTokens *out_tokens,
                          GError **error)
{
  g_autofree char *scope = lks_cloud_place_dup_scope (self->place, FALSE);
  g_autoptr (LksSecret) verifier = make_letters (VERIFIER_LETTERS, error);
  g_autoptr (LksSecret) state = verifier != NULL ? make_letters (STATE_LETTERS, error) : NULL;
  g_autoptr (LksLoopback) loopback = state != NULL ? lks_loopback_new (error) : NULL;
  g_auto (LksRedirect) redirect = { 0 };
  g_autofree char *challenge = NULL;
  g_autofree char *url = NULL;

  if (loopback == NULL)
    return FALSE;
  challenge = lks_sign_in_dup_challenge (verifier);
  url = build_url (self, lks_loopback_get_address (loopback), scope, lks_secret_get_text (state),
                   challenge);
  open (url, user_data);
  if (!lks_loopback_await (loopback, lks_secret_get_text (state), limit_s, cancellable, &redirect,
                           error))
    return FALSE;
  if (redirect.kind == LKS_REDIRECT_CODE)
    return redeem (self, redirect.code, verifier, lks_loopback_get_address (loopback), scope,
                   cancellable, out_tokens, error);
  set_refused (&redirect, error);
  return FALSE;
}
