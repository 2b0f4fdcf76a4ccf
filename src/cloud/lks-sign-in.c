/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-sign-in-private.h"

#include "lks-assertion.h"
#include "lks-cloud-error-private.h"
#include "lks-sign-in-hint.h"
#include "lks-wait.h"

#define FORM_TYPE "application/x-www-form-urlencoded"
#define STATION_GRANT "client_credentials"
#define DEVICE_GRANT "urn:ietf:params:oauth:grant-type:device_code"
#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#define EXCHANGE_LIMIT_MS 30000
#define SLOW_DOWN_S 5
#define FIELDS_MAX 8

/* ---- one exchange ---- */

/* The service's text may repeat what it was sent: the hint is made of its number alone. */
static void
set_refusal (GError **error,
             const LksCloudAnswer *answer,
             const LksFormField *fields,
             gsize n_fields)
{
  const LksSecret *secrets[FIELDS_MAX + 1] = { NULL };
  gsize n_secrets = 0;
  g_auto (LksCloudProblem) problem = { 0 };
  const char *hint;
  GError *made = NULL;

  for (gsize i = 0; i < n_fields; i++)
    if (fields[i].secret != NULL && n_secrets < FIELDS_MAX)
      secrets[n_secrets++] = fields[i].secret;
  lks_cloud_problem_parse (&problem, answer->status, answer->body, secrets);
  hint = lks_sign_in_get_hint (problem.text);
  lks_cloud_error_set_problem (&made, &problem);
  lks_cloud_error_add_trace (made, &answer->trace);
  if (hint != NULL)
    g_prefix_error (&made, "%s; ", hint);
  g_propagate_error (error, made);
}

/* @answer is filled also on failure; the caller clears it. */
static gboolean
post_once (LksSignIn *self,
           const char *endpoint,
           const LksFormField *fields,
           gsize n_fields,
           GCancellable *cancellable,
           LksCloudAnswer *answer,
           GError **error)
{
  g_autofree char *url = lks_cloud_place_dup_endpoint (self->place, endpoint);
  g_autoptr (LksSecret) form = lks_secret_form_new (fields, n_fields);
  gsize n_bytes;
  const LksCloudRequest request = {
    .method = "POST",
    .url = url,
    .content_type = FORM_TYPE,
    .body = lks_secret_get_data (form, &n_bytes),
    .body_bytes = n_bytes,
    .is_secret = TRUE,
    .limit_ms = EXCHANGE_LIMIT_MS,
  };

  if (!lks_cloud_http_exchange (self->http, &request, cancellable, answer, error))
    return FALSE;
  if (answer->status == 200)
    return TRUE;
  set_refusal (error, answer, fields, n_fields);
  return FALSE;
}

/* What passes by itself. Nothing that was refused for a reason is asked again: the service takes
 * that for a loop. */
static gboolean
is_passing (const LksCloudAnswer *answer, const GError *error)
{
  return g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNREACHABLE) ||
         g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNAVAILABLE) ||
         answer->status == 429;
}

static gboolean
post (LksSignIn *self,
      const char *endpoint,
      const LksFormField *fields,
      gsize n_fields,
      GCancellable *cancellable,
      LksCloudAnswer *answer,
      GError **error)
{
  for (guint failures = 1;; failures++)
    {
      g_autoptr (GError) reason = NULL;
      guint wait_ms = lks_cloud_retry_get_wait_ms (&self->policy, failures, g_random_double ());
      guint demanded_ms = 0;

      lks_cloud_answer_clear (answer);
      if (post_once (self, endpoint, fields, n_fields, cancellable, answer, &reason))
        return TRUE;
      lks_cloud_retry_parse_after (answer->retry_after, g_get_real_time () / G_USEC_PER_SEC,
                                   &demanded_ms);
      if (!is_passing (answer, reason) || failures >= self->policy.tries_max ||
          demanded_ms > self->policy.retry_after_max_ms)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      if (!lks_wait_ms (MAX (wait_ms, demanded_ms), cancellable, error))
        return FALSE;
    }
}

/* What every request for tokens begins with. Returns how many fields there are. */
static gsize
put_fields (LksSignIn *self,
            const char *grant,
            const char *scope,
            const LksFormField *own,
            gsize n_own,
            LksFormField fields[FIELDS_MAX])
{
  gsize n = 0;

  fields[n++] = (LksFormField){ .name = "client_id", .text = self->place->client_id };
  fields[n++] = (LksFormField){ .name = "grant_type", .text = grant };
  if (scope != NULL)
    fields[n++] = (LksFormField){ .name = "scope", .text = scope };
  for (gsize i = 0; i < n_own && n < FIELDS_MAX; i++)
    fields[n++] = own[i];
  return n;
}

/* Gets tokens by a grant; @own are the fields that only this grant has. */
gboolean
lks_sign_in_get_tokens (LksSignIn *self,
                        const char *grant,
                        const char *scope,
                        const LksFormField *own,
                        gsize n_own,
                        GCancellable *cancellable,
                        LksTokens *out_tokens,
                        GError **error)
{
  LksFormField fields[FIELDS_MAX];
  gsize n_fields = put_fields (self, grant, scope, own, n_own, fields);
  g_auto (LksCloudAnswer) answer = { 0 };

  return post (self, "token", fields, n_fields, cancellable, &answer, error) &&
         lks_tokens_parse (out_tokens, answer.body, error);
}

/* ---- a person, elsewhere ---- */

/**
 * lks_sign_in_begin:
 * @self: a sign-in service
 * @cancellable: (nullable): a cancellable
 * @out_code: (out caller-allocates): zeroed; what to show to the person
 * @error: return location for a [error@Lks.CloudError] or `G_IO_ERROR_CANCELLED`
 *
 * Begins a sign-in that a person confirms in a browser anywhere (RFC 8628). Blocks.
 *
 * Returns: whether there is a code
 */
gboolean
lks_sign_in_begin (LksSignIn *self,
                   GCancellable *cancellable,
                   LksDeviceCode *out_code,
                   GError **error)
{
  g_autofree char *scope = lks_cloud_place_dup_scope (self->place, FALSE);
  const LksFormField fields[] = {
    { .name = "client_id", .text = self->place->client_id },
    { .name = "scope", .text = scope },
  };
  g_auto (LksCloudAnswer) answer = { 0 };

  return post (self, "devicecode", fields, G_N_ELEMENTS (fields), cancellable, &answer, error) &&
         lks_device_code_parse (out_code, answer.body, error);
}

static gboolean
is_code (const GError *error, const char *code)
{
  return g_strcmp0 (lks_cloud_error_get_code (error), code) == 0;
}

/**
 * lks_sign_in_await:
 * @self: a sign-in service
 * @code: what lks_sign_in_begin() gave
 * @cancellable: (nullable): a cancellable
 * @out_tokens: (out caller-allocates): zeroed
 * @error: return location for a [error@Lks.CloudError], SIGN_IN when the person declined or the
 *   code is too old, or `G_IO_ERROR_CANCELLED`
 *
 * Asks as often as the service permits until the person has confirmed. Trouble on the way is
 * waited out. Blocks.
 *
 * Returns: whether the person signed in
 */
gboolean
lks_sign_in_await (LksSignIn *self,
                   const LksDeviceCode *code,
                   GCancellable *cancellable,
                   LksTokens *out_tokens,
                   GError **error)
{
  const LksFormField own = { .name = "device_code", .secret = code->device_code };
  LksFormField fields[FIELDS_MAX];
  gsize n_fields = put_fields (self, DEVICE_GRANT, NULL, &own, 1, fields);
  gint64 deadline_us = g_get_monotonic_time () + (gint64) code->expires_in_s * G_USEC_PER_SEC;
  guint interval_s = code->interval_s;

  while (g_get_monotonic_time () < deadline_us)
    {
      g_auto (LksCloudAnswer) answer = { 0 };
      g_autoptr (GError) reason = NULL;

      if (!lks_wait_ms (MAX (interval_s * 1000, self->policy.backoff_ms), cancellable, error))
        return FALSE;
      if (post_once (self, "token", fields, n_fields, cancellable, &answer, &reason))
        return lks_tokens_parse (out_tokens, answer.body, error);
      if (is_code (reason, "slow_down"))
        interval_s += SLOW_DOWN_S;
      else if (!is_code (reason, "authorization_pending") && !is_passing (&answer, reason) &&
               reason->code != LKS_CLOUD_ERROR_LOST && reason->code != LKS_CLOUD_ERROR_TIMED_OUT)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
    }

  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN,
               "nobody entered the code within %u minutes", (code->expires_in_s + 59) / 60);
  return FALSE;
}

/* ---- an unattended station ---- */

static gboolean
check_tenant (LksSignIn *self, GError **error)
{
  if (lks_cloud_place_names_tenant (self->place))
    return TRUE;
  g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT,
                       "a sign-in without a person needs the directory (tenant) to be named");
  return FALSE;
}

/**
 * lks_sign_in_with_secret:
 * @self: a sign-in service
 * @secret: the application's secret
 * @cancellable: (nullable): a cancellable
 * @out_tokens: (out caller-allocates): zeroed; without a refresh token
 * @error: return location for a [error@Lks.CloudError] or `G_IO_ERROR_CANCELLED`
 *
 * Signs the application itself in. Blocks.
 *
 * Returns: whether it is signed in
 */
gboolean
lks_sign_in_with_secret (LksSignIn *self,
                         const LksSecret *secret,
                         GCancellable *cancellable,
                         LksTokens *out_tokens,
                         GError **error)
{
  g_autofree char *scope = lks_cloud_place_dup_scope (self->place, TRUE);
  const LksFormField own = { .name = "client_secret", .secret = secret };

  return check_tenant (self, error) && lks_sign_in_get_tokens (self, STATION_GRANT, scope, &own, 1,
                                                               cancellable, out_tokens, error);
}

/**
 * lks_sign_in_with_certificate:
 * @self: a sign-in service
 * @pem: a private key and its certificate, see lks_assertion_new()
 * @cancellable: (nullable): a cancellable
 * @out_tokens: (out caller-allocates): zeroed; without a refresh token
 * @error: return location for a [error@Lks.CloudError] or `G_IO_ERROR_CANCELLED`
 *
 * Signs the application itself in, by a certificate: nothing that could be used again is sent.
 * Blocks.
 *
 * Returns: whether it is signed in
 */
gboolean
lks_sign_in_with_certificate (LksSignIn *self,
                              const LksSecret *pem,
                              GCancellable *cancellable,
                              LksTokens *out_tokens,
                              GError **error)
{
  g_autofree char *scope = lks_cloud_place_dup_scope (self->place, TRUE);
  g_autofree char *audience = lks_cloud_place_dup_endpoint (self->place, "token");
  g_autoptr (LksSecret) assertion = NULL;

  if (!check_tenant (self, error))
    return FALSE;
  assertion = lks_assertion_new (pem, self->place->client_id, audience,
                                 g_get_real_time () / G_USEC_PER_SEC, error);
  if (assertion == NULL)
    return FALSE;

  {
    const LksFormField own[] = {
      { .name = "client_assertion_type", .text = ASSERTION_TYPE },
      { .name = "client_assertion", .secret = assertion },
    };

    return lks_sign_in_get_tokens (self, STATION_GRANT, scope, own, G_N_ELEMENTS (own), cancellable,
                                   out_tokens, error);
  }
}

/* ---- later ---- */

/**
 * lks_sign_in_refresh:
 * @self: a sign-in service
 * @refresh: the newest refresh token
 * @cancellable: (nullable): a cancellable
 * @out_tokens: (out caller-allocates): zeroed; when it has a refresh token, that one counts from
 *   now on
 * @error: return location for a [error@Lks.CloudError], SIGN_IN when a person must sign in again,
 *   or `G_IO_ERROR_CANCELLED`
 *
 * Gets another access token for a person who signed in before. Blocks.
 *
 * Returns: whether there is one
 */
gboolean
lks_sign_in_refresh (LksSignIn *self,
                     const LksSecret *refresh,
                     GCancellable *cancellable,
                     LksTokens *out_tokens,
                     GError **error)
{
  g_autofree char *scope = lks_cloud_place_dup_scope (self->place, FALSE);
  const LksFormField own = { .name = "refresh_token", .secret = refresh };

  return lks_sign_in_get_tokens (self, "refresh_token", scope, &own, 1, cancellable, out_tokens,
                                 error);
}

/**
 * lks_sign_in_new:
 * @place: which cloud and application
 * @trust: whose certificates count beside the system's
 * @policy: (nullable): how patient to be, NULL for the ordinary policy
 *
 * Returns: (transfer full): a sign-in service
 */
LksSignIn *
lks_sign_in_new (const LksCloudPlace *place, LksCloudTrust *trust, const LksCloudPolicy *policy)
{
  LksSignIn *self = g_new0 (LksSignIn, 1);

  self->place = lks_cloud_place_copy (place);
  self->http = lks_cloud_http_new (trust);
  self->policy = policy != NULL ? *policy : lks_cloud_policy_default;
  return self;
}

/**
 * lks_sign_in_free:
 * @self: (transfer full): a sign-in service
 */
void
lks_sign_in_free (LksSignIn *self)
{
  lks_cloud_http_free (self->http);
  lks_cloud_place_free (self->place);
  g_free (self);
}
