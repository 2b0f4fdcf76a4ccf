/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-tokens.h"

#include "lks-cloud-error.h"
#include "lks-cloud-problem.h"
#include "lks-guid.h"
#include "lks-secret-json.h"

#include <string.h>

#define BODY_MAX_BYTES (256 * 1024)
#define CLAIMS_MAX_BYTES (64 * 1024)
#define USER_MAX_BYTES 200
#define ADDRESS_MAX_BYTES 500
#define DAY_S (24 * 60 * 60)
#define INTERVAL_DEFAULT_S 5
#define INTERVAL_MAX_S 120

static gboolean
set_bad_answer (GError **error, const GError *reason)
{
  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER,
               "the sign-in service's answer is not understood: %s", reason->message);
  return FALSE;
}

/* A token goes into a header: nothing in it may begin another one. */
static gboolean
is_token (const LksSecret *secret)
{
  gsize n_bytes;
  const char *text = lks_secret_get_data (secret, &n_bytes);

  for (gsize i = 0; i < n_bytes; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  return n_bytes > 0;
}

/* ---- who it is: the middle part of the ID token, which opens nothing ---- */

static char *
decode_claims (const LksSecret *id_token, gsize *out_bytes)
{
  const char *text = lks_secret_get_text (id_token);
  const char *start = strchr (text, '.');
  const char *end = start != NULL ? strchr (start + 1, '.') : NULL;
  g_autoptr (GString) base64 = NULL;

  if (end == NULL || end - start > CLAIMS_MAX_BYTES)
    return NULL;
  base64 = g_string_new_len (start + 1, end - start - 1);
  g_string_replace (base64, "-", "+", 0);
  g_string_replace (base64, "_", "/", 0);
  while (base64->len % 4 != 0)
    g_string_append_c (base64, '=');
  return (char *) g_base64_decode (base64->str, out_bytes);
}

static void
read_claims (LksTokens *self, const LksSecret *id_token)
{
  gsize n_bytes = 0;
  g_autofree char *claims = decode_claims (id_token, &n_bytes);
  g_autoptr (LksJson) json =
      claims != NULL ? lks_json_parse ("claims", claims, n_bytes, CLAIMS_MAX_BYTES, NULL) : NULL;
  JsonObject *root = json != NULL ? lks_json_get_root_object (json, NULL) : NULL;
  g_autofree char *user = NULL;
  g_autofree char *tenant = NULL;

  if (root == NULL)
    return;
  if (lks_json_read_string (json, root, "preferred_username", &user, NULL))
    self->user = lks_cloud_clean_text (user, USER_MAX_BYTES);
  if (lks_json_read_string (json, root, "tid", &tenant, NULL))
    self->tenant = lks_guid_normalize (tenant, NULL);
}

/* ---- answers ---- */

/* Reads an answer of the token endpoint into the zeroed @self. The body's memory is wiped by who
 * made it; no copy of a token is left elsewhere. */
gboolean
lks_tokens_parse (LksTokens *self, GBytes *body, GError **error)
{
  static const char *const members[] = { "access_token", "refresh_token", "id_token", NULL };
  LksSecret *secrets[3] = { NULL };
  g_autoptr (GError) reason = NULL;
  g_autoptr (LksJson) json =
      lks_secret_json_parse ("tokens", body, BODY_MAX_BYTES, members, secrets, &reason);
  JsonObject *root = json != NULL ? lks_json_get_root_object (json, &reason) : NULL;
  gint64 expires_in_s = 0;

  self->access = secrets[0];
  self->refresh = secrets[1];
  if (root != NULL &&
      lks_json_read_int (json, root, "expires_in", 0, 365 * DAY_S, &expires_in_s, &reason) &&
      (self->access == NULL || !is_token (self->access)))
    g_set_error_literal (&reason, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER, "there is no token");
  if (reason == NULL && secrets[2] != NULL)
    read_claims (self, secrets[2]);
  lks_secret_unref (secrets[2]);
  if (reason != NULL)
    {
      lks_tokens_clear (self);
      return set_bad_answer (error, reason);
    }
  self->expires_in_s = (guint) expires_in_s;
  return TRUE;
}

void
lks_tokens_clear (LksTokens *self)
{
  g_clear_pointer (&self->access, lks_secret_unref);
  g_clear_pointer (&self->refresh, lks_secret_unref);
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->tenant, g_free);
}

static gboolean
read_device_code (LksDeviceCode *self, LksJson *json, GError **error)
{
  JsonObject *root = lks_json_get_root_object (json, error);
  g_autofree char *user_code = NULL;
  g_autofree char *address = NULL;
  gint64 expires_in_s;
  gint64 interval_s = INTERVAL_DEFAULT_S;

  if (root == NULL || !lks_json_read_string (json, root, "user_code", &user_code, error) ||
      !lks_json_read_string (json, root, "verification_uri", &address, error) ||
      !lks_json_read_int (json, root, "expires_in", 1, DAY_S, &expires_in_s, error) ||
      (lks_json_has (root, "interval") &&
       !lks_json_read_int (json, root, "interval", 0, INTERVAL_MAX_S, &interval_s, error)))
    return FALSE;

  self->user_code = lks_cloud_clean_text (user_code, USER_MAX_BYTES);
  self->address = lks_cloud_clean_text (address, ADDRESS_MAX_BYTES);
  self->expires_in_s = (guint) expires_in_s;
  self->interval_s = (guint) interval_s;
  if (self->user_code != NULL && self->address != NULL &&
      g_str_has_prefix (self->address, "https://"))
    return TRUE;
  lks_json_set_error (json, lks_json_get_root (json), error,
                      "there is no code, or no address for it");
  return FALSE;
}

/* Reads an answer of the device-code endpoint into the zeroed @self. */
gboolean
lks_device_code_parse (LksDeviceCode *self, GBytes *body, GError **error)
{
  static const char *const members[] = { "device_code", NULL };
  g_autoptr (GError) reason = NULL;
  g_autoptr (LksJson) json = lks_secret_json_parse ("device code", body, BODY_MAX_BYTES, members,
                                                    &self->device_code, &reason);

  if (json != NULL && read_device_code (self, json, &reason) && self->device_code == NULL)
    g_set_error_literal (&reason, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER, "there is no code");
  if (reason == NULL)
    return TRUE;
  lks_device_code_clear (self);
  return set_bad_answer (error, reason);
}

void
lks_device_code_clear (LksDeviceCode *self)
{
  g_clear_pointer (&self->device_code, lks_secret_unref);
  g_clear_pointer (&self->user_code, g_free);
  g_clear_pointer (&self->address, g_free);
}
