/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-cloud-auth.h"

#include "emu-cloud-assertion.h"
#include "emu-wire.h"

#include <libsoup/soup.h>
#include <string.h>

#define CODE_SECONDS 600
#define TOKEN_FILLER 1500
#define USER_CODE_LETTERS "BCDFGHJKLMNPQRSTVWXZ"
#define USER_CODE_LENGTH 9
#define DEVICE_GRANT "urn:ietf:params:oauth:grant-type:device_code"
#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

typedef enum
{
  GRANT_PENDING,
  GRANT_APPROVED,
  GRANT_DECLINED,
} GrantState;

/* A sign-in under way: by a device code, or by a browser. */
typedef struct
{
  GrantState state;
  char *user_code;    /* (owned) (nullable) */
  char *challenge;    /* (owned) (nullable): of PKCE */
  char *redirect_uri; /* (owned) (nullable) */
  char *scope;        /* (owned) */
  gint64 ends_us;
  gint64 asked_us; /* when the device last asked */
  guint interval_s;
} Grant;

/* What an access token is good for. */
typedef struct
{
  gint64 ends_us;
  gboolean is_legacy; /* for the Public API, otherwise for Resource Manager */
} Access;

struct _EmuCloudAuth
{
  const EmuCloudConfig *config; /* (unowned) */
  GHashTable *device_codes;     /* (owned) (element-type Grant) */
  GHashTable *browser_codes;    /* (owned) (element-type Grant) */
  GHashTable *access;           /* (owned) (element-type utf8 Access): by token */
  GHashTable *refresh;          /* (owned): token to its scope */
  GHashTable *assertions;       /* (owned): jti of all that were used */
};

static void
grant_free (gpointer data)
{
  Grant *self = data;

  g_free (self->user_code);
  g_free (self->challenge);
  g_free (self->redirect_uri);
  g_free (self->scope);
  g_free (self);
}

EmuCloudAuth *
emu_cloud_auth_new (const EmuCloudConfig *config)
{
  EmuCloudAuth *self = g_new0 (EmuCloudAuth, 1);

  self->config = config;
  self->device_codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, grant_free);
  self->browser_codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, grant_free);
  self->access = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->refresh = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->assertions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
emu_cloud_auth_free (EmuCloudAuth *self)
{
  g_hash_table_unref (self->device_codes);
  g_hash_table_unref (self->browser_codes);
  g_hash_table_unref (self->access);
  g_hash_table_unref (self->refresh);
  g_hash_table_unref (self->assertions);
  g_free (self);
}

void
emu_auth_reply_clear (EmuAuthReply *reply)
{
  g_clear_pointer (&reply->body, g_bytes_unref);
  g_clear_pointer (&reply->location, g_free);
}

/* ---- replies ---- */

static void
reply_wire (EmuAuthReply *reply, guint status, EmuWire *wire)
{
  reply->status = status;
  reply->type = "application/json; charset=utf-8";
  reply->body = emu_wire_end (wire);
}

static void
reply_page (EmuAuthReply *reply, guint status, const char *text)
{
  g_autofree char *page =
      g_strdup_printf ("<!DOCTYPE html><title>Sign in (emulated)</title><p>%s</p>", text);

  reply->status = status;
  reply->type = "text/html; charset=utf-8";
  reply->body = g_bytes_new (page, strlen (page));
}

G_GNUC_PRINTF (5, 6)
static void
reply_error (EmuAuthReply *reply,
             guint status,
             const char *error,
             guint number,
             const char *format,
             ...)
{
  g_autofree char *text = NULL;
  g_autofree char *description = NULL;
  g_autofree char *trace_id = g_uuid_string_random ();
  g_autofree char *correlation_id = g_uuid_string_random ();
  EmuWire *wire = emu_wire_new_plain ();
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  description = g_strdup_printf ("AADSTS%u: %s", number, text);
  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "error", error);
  emu_wire_text (wire, "error_description", description);
  emu_wire_open (wire, "error_codes", '[');
  emu_wire_number (wire, NULL, number);
  emu_wire_close (wire, ']');
  emu_wire_text (wire, "trace_id", trace_id);
  emu_wire_text (wire, "correlation_id", correlation_id);
  emu_wire_close (wire, '}');
  reply_wire (reply, status, wire);
}

/* ---- tokens ---- */

/* As long as real ones, and marked all over: who searches for them finds every piece. */
static char *
make_token (const char *prefix)
{
  g_autoptr (GString) token = g_string_new (prefix);

  while (token->len < TOKEN_FILLER)
    {
      g_autofree char *part = g_uuid_string_random ();

      g_string_append_printf (token, EMU_CLOUD_TOKEN_MARK "%s", part);
    }
  return g_string_free (g_steal_pointer (&token), FALSE);
}

static gboolean
has_word (const char *scope, const char *word)
{
  g_auto (GStrv) words = g_strsplit (scope, " ", -1);

  return g_strv_contains ((const char *const *) words, word);
}

static char *
encode (const char *text)
{
  g_autofree char *base64 = g_base64_encode ((const guchar *) text, strlen (text));

  g_strdelimit (base64, "+", '-');
  g_strdelimit (base64, "/", '_');
  base64[strcspn (base64, "=")] = '\0';
  return g_steal_pointer (&base64);
}

static char *
make_id_token (EmuCloudAuth *self)
{
  EmuWire *wire = emu_wire_new_plain ();
  g_autoptr (GBytes) claims = NULL;
  g_autofree char *text = NULL;
  g_autofree char *head = encode ("{\"typ\":\"JWT\",\"alg\":\"RS256\"}");
  g_autofree char *body = NULL;

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "name", "Emulated Operator");
  emu_wire_text (wire, "preferred_username", self->config->user);
  emu_wire_text (wire, "tid", self->config->tenant);
  emu_wire_text (wire, "oid", self->config->subscription);
  emu_wire_close (wire, '}');
  claims = emu_wire_end (wire);
  text = g_strndup (g_bytes_get_data (claims, NULL), g_bytes_get_size (claims));
  body = encode (text);
  return g_strdup_printf ("%s.%s.%s", head, body, EMU_CLOUD_TOKEN_MARK "-unsigned");
}

static void
grant_tokens (EmuCloudAuth *self, const char *scope, gboolean is_user, EmuAuthReply *reply)
{
  g_autofree char *access = make_token ("eyJ0eXAiOiJKV1QiLCJ");
  Access *kept = g_new0 (Access, 1);
  EmuWire *wire = emu_wire_new_plain ();

  kept->ends_us = g_get_monotonic_time () + (gint64) self->config->token_seconds * G_USEC_PER_SEC;
  kept->is_legacy = strstr (scope, "sphere.azure.net/api/") != NULL;
  g_hash_table_insert (self->access, g_strdup (access), kept);
  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "token_type", "Bearer");
  emu_wire_text (wire, "scope", scope);
  emu_wire_number (wire, "expires_in", self->config->token_seconds);
  emu_wire_number (wire, "ext_expires_in", self->config->token_seconds);
  emu_wire_text (wire, "access_token", access);
  if (is_user && has_word (scope, "offline_access"))
    {
      char *refresh = make_token ("0.AX");

      emu_wire_text (wire, "refresh_token", refresh);
      g_hash_table_insert (self->refresh, refresh, g_strdup (scope));
    }
  if (is_user && has_word (scope, "openid"))
    {
      g_autofree char *id_token = make_id_token (self);

      emu_wire_text (wire, "id_token", id_token);
    }
  emu_wire_close (wire, '}');
  reply_wire (reply, 200, wire);
}

/* ---- a device code ---- */

static Grant *
grant_new (EmuCloudAuth *self, const char *scope, guint seconds)
{
  Grant *grant = g_new0 (Grant, 1);

  grant->state = self->config->person == EMU_CLOUD_PERSON_APPROVES   ? GRANT_APPROVED
                 : self->config->person == EMU_CLOUD_PERSON_DECLINES ? GRANT_DECLINED
                                                                     : GRANT_PENDING;
  grant->scope = g_strdup (scope != NULL ? scope : "");
  grant->ends_us = g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC;
  return grant;
}

static char *
make_user_code (void)
{
  char *code = g_malloc0 (USER_CODE_LENGTH + 1);

  for (guint i = 0; i < USER_CODE_LENGTH; i++)
    code[i] = USER_CODE_LETTERS[g_random_int_range (0, (gint32) strlen (USER_CODE_LETTERS))];
  return code;
}

static void
begin_device_code (EmuCloudAuth *self, const char *base, GHashTable *form, EmuAuthReply *reply)
{
  Grant *grant = grant_new (self, g_hash_table_lookup (form, "scope"), self->config->code_seconds);
  char *device_code = make_token ("BAQABIQ");
  g_autofree char *page = g_strconcat (base, "/devicelogin", NULL);
  g_autofree char *message = NULL;
  EmuWire *wire = emu_wire_new_plain ();

  grant->user_code = make_user_code ();
  grant->interval_s = self->config->poll_seconds;
  g_hash_table_insert (self->device_codes, device_code, grant);
  message = g_strdup_printf ("To sign in, open %s and enter the code %s", page, grant->user_code);
  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "device_code", device_code);
  emu_wire_text (wire, "user_code", grant->user_code);
  emu_wire_text (wire, "verification_uri", page);
  emu_wire_number (wire, "expires_in", self->config->code_seconds);
  emu_wire_number (wire, "interval", self->config->poll_seconds);
  emu_wire_text (wire, "message", message);
  emu_wire_close (wire, '}');
  reply_wire (reply, 200, wire);
}

static void
poll_device_code (EmuCloudAuth *self, GHashTable *form, EmuAuthReply *reply)
{
  const char *code = g_hash_table_lookup (form, "device_code");
  Grant *grant = code != NULL ? g_hash_table_lookup (self->device_codes, code) : NULL;
  gint64 now_us = g_get_monotonic_time ();
  g_autofree char *scope = NULL;

  if (grant == NULL)
    {
      reply_error (reply, 400, "bad_verification_code", 70018, "The device code is not known.");
      return;
    }
  if (now_us >= grant->ends_us)
    {
      reply_error (reply, 400, "expired_token", 70019, "The code has expired.");
      return;
    }
  if (grant->asked_us != 0 &&
      now_us < grant->asked_us + (gint64) grant->interval_s * G_USEC_PER_SEC * 9 / 10)
    {
      grant->interval_s += 5;
      grant->asked_us = now_us;
      reply_error (reply, 400, "slow_down", 70016, "Asked too early.");
      return;
    }

  grant->asked_us = now_us;
  if (grant->state == GRANT_PENDING)
    reply_error (reply, 400, "authorization_pending", 70016, "Nobody has entered the code yet.");
  else if (grant->state == GRANT_DECLINED)
    reply_error (reply, 400, "authorization_declined", 70020, "The person declined.");
  else
    {
      scope = g_strdup (grant->scope);
      g_hash_table_remove (self->device_codes, code);
      grant_tokens (self, scope, TRUE, reply);
    }
}

/* Answers for the person, by the code that the person was shown. */
gboolean
emu_cloud_auth_decide (EmuCloudAuth *self, const char *user_code, gboolean approve)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->device_codes);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Grant *grant = value;

      if (g_ascii_strcasecmp (grant->user_code, user_code) == 0)
        {
          grant->state = approve ? GRANT_APPROVED : GRANT_DECLINED;
          return TRUE;
        }
    }
  return FALSE;
}

/* The page that a person sees who follows verification_uri. */
static void
show_device_page (EmuCloudAuth *self, const char *method, GHashTable *form, EmuAuthReply *reply)
{
  const char *code = form != NULL ? g_hash_table_lookup (form, "code") : NULL;

  if (!g_str_equal (method, "POST"))
    reply_page (reply, 200,
                "<form method=\"post\"><label>Code <input name=\"code\" autofocus></label> "
                "<button name=\"answer\" value=\"yes\">Sign in</button> "
                "<button name=\"answer\" value=\"no\">Decline</button></form>");
  else if (code != NULL &&
           emu_cloud_auth_decide (self, code,
                                  g_strcmp0 (g_hash_table_lookup (form, "answer"), "no") != 0))
    reply_page (reply, 200, "Done. You can close this page.");
  else
    reply_page (reply, 404, "This code is not known, or has been used.");
}

/* ---- a browser ---- */

static gboolean
is_known_tenant (EmuCloudAuth *self, const char *tenant)
{
  return g_ascii_strcasecmp (tenant, self->config->tenant) == 0 ||
         g_str_equal (tenant, "organizations") || g_str_equal (tenant, "common");
}

/* Any port of localhost without a path, as the registration for desktop applications has it. */
static gboolean
is_registered (const char *redirect_uri)
{
  static const char registered[] = "http://localhost";
  const char *rest = redirect_uri + strlen (registered);

  return g_str_has_prefix (redirect_uri, registered) &&
         (*rest == '\0' || (*rest == ':' && strspn (rest + 1, "0123456789") == strlen (rest + 1)));
}

/* What the application learns of a request that is wrong, or NULL. */
static const char *
find_fault (GHashTable *query)
{
  const char *type = g_hash_table_lookup (query, "response_type");

  if (type != NULL && !g_str_equal (type, "code"))
    return "unsupported_response_type";
  if (type == NULL || g_hash_table_lookup (query, "code_challenge") == NULL ||
      g_strcmp0 (g_hash_table_lookup (query, "code_challenge_method"), "S256") != 0)
    return "invalid_request";
  return NULL;
}

/* Nobody is sent anywhere who comes to a tenant, or from an application, that is not known. */
static gboolean
check_browser (EmuCloudAuth *self, const char *tenant, GHashTable *query, EmuAuthReply *reply)
{
  const char *client = query != NULL ? g_hash_table_lookup (query, "client_id") : NULL;
  const char *redirect_uri = query != NULL ? g_hash_table_lookup (query, "redirect_uri") : NULL;

  if (!is_known_tenant (self, tenant))
    reply_page (reply, 400, "AADSTS90002: The tenant was not found.");
  else if (g_strcmp0 (client, self->config->client_id) != 0)
    reply_page (reply, 400, "AADSTS700016: The application was not found in the directory.");
  else if (redirect_uri == NULL || !is_registered (redirect_uri))
    reply_page (reply, 400, "AADSTS50011: The redirect address is not registered.");
  else
    return TRUE;
  return FALSE;
}

static void
begin_browser (EmuCloudAuth *self, const char *tenant, GHashTable *query, EmuAuthReply *reply)
{
  const char *redirect_uri;
  const char *fault;
  const char *state;
  g_autofree char *code = make_token ("0.CODE");
  g_autofree char *state_escaped = NULL;
  Grant *grant;

  if (!check_browser (self, tenant, query, reply))
    return;
  redirect_uri = g_hash_table_lookup (query, "redirect_uri");
  fault = find_fault (query);
  state = g_hash_table_lookup (query, "state");
  state_escaped = g_uri_escape_string (state != NULL ? state : "", NULL, FALSE);
  reply_page (reply, 302, "Back to the application.");
  if (fault != NULL)
    {
      reply->location =
          g_strdup_printf ("%s/?error=%s&state=%s", redirect_uri, fault, state_escaped);
      return;
    }
  if (self->config->person == EMU_CLOUD_PERSON_DECLINES)
    {
      reply->location = g_strdup_printf (
          "%s/?error=access_denied&error_description=The%%20person%%20declined&state=%s",
          redirect_uri, state_escaped);
      return;
    }

  grant = grant_new (self, g_hash_table_lookup (query, "scope"), CODE_SECONDS);
  grant->challenge = g_strdup (g_hash_table_lookup (query, "code_challenge"));
  grant->redirect_uri = g_strdup (redirect_uri);
  g_hash_table_insert (self->browser_codes, g_strdup (code), grant);
  reply->location = g_strdup_printf ("%s/?code=%s&state=%s", redirect_uri, code, state_escaped);
}

static gboolean
is_verified (const Grant *grant, const char *verifier)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize size = sizeof digest;
  g_autofree char *base64 = NULL;

  if (verifier == NULL || strlen (verifier) < 43 || strlen (verifier) > 128)
    return FALSE;
  g_checksum_update (sum, (const guchar *) verifier, -1);
  g_checksum_get_digest (sum, digest, &size);
  base64 = g_base64_encode (digest, size);
  g_strdelimit (base64, "+", '-');
  g_strdelimit (base64, "/", '_');
  base64[strcspn (base64, "=")] = '\0';
  return g_str_equal (base64, grant->challenge);
}

static void
redeem_browser_code (EmuCloudAuth *self, GHashTable *form, EmuAuthReply *reply)
{
  const char *code = g_hash_table_lookup (form, "code");
  Grant *grant = code != NULL ? g_hash_table_lookup (self->browser_codes, code) : NULL;
  g_autofree char *scope = NULL;

  if (g_hash_table_contains (form, "client_secret"))
    reply_error (reply, 400, "invalid_request", 700025, "The client is public; no secret, please.");
  else if (grant == NULL || g_get_monotonic_time () >= grant->ends_us)
    reply_error (reply, 400, "invalid_grant", 54005, "The code was redeemed already, or is old.");
  else if (g_strcmp0 (g_hash_table_lookup (form, "redirect_uri"), grant->redirect_uri) != 0)
    reply_error (reply, 400, "invalid_grant", 50011, "The redirect address is another one.");
  else if (!is_verified (grant, g_hash_table_lookup (form, "code_verifier")))
    reply_error (reply, 400, "invalid_grant", 501481, "The code verifier does not match.");
  else
    {
      scope = g_strdup (grant->scope);
      g_hash_table_remove (self->browser_codes, code);
      grant_tokens (self, scope, TRUE, reply);
    }
}

/* ---- refresh and service principals ---- */

static void
redeem_refresh_token (EmuCloudAuth *self, GHashTable *form, EmuAuthReply *reply)
{
  const char *token = g_hash_table_lookup (form, "refresh_token");
  const char *kept = token != NULL ? g_hash_table_lookup (self->refresh, token) : NULL;
  const char *wanted = g_hash_table_lookup (form, "scope");
  g_autofree char *scope = g_strdup (wanted != NULL ? wanted : kept);

  if (kept == NULL)
    {
      reply_error (reply, 400, "invalid_grant", 700082, "The refresh token has expired.");
      return;
    }
  g_hash_table_remove (self->refresh, token); /* the old one is dead */
  grant_tokens (self, scope, TRUE, reply);
}

static void
grant_to_client (EmuCloudAuth *self, const char *audience, GHashTable *form, EmuAuthReply *reply)
{
  const char *secret = g_hash_table_lookup (form, "client_secret");
  const char *assertion = g_hash_table_lookup (form, "client_assertion");
  const char *scope = g_hash_table_lookup (form, "scope");
  g_autofree char *jti = NULL;
  const char *problem = NULL;

  if (scope == NULL || !g_str_has_suffix (scope, "/.default"))
    {
      reply_error (reply, 400, "invalid_scope", 70011, "The scope must end in /.default.");
      return;
    }
  if (assertion != NULL)
    {
      if (g_strcmp0 (g_hash_table_lookup (form, "client_assertion_type"), ASSERTION_TYPE) != 0)
        problem = "its type is not named";
      else
        problem = emu_cloud_assertion_check (assertion,
                                             self->config->client_certificate != NULL
                                                 ? self->config->client_certificate
                                                 : "",
                                             self->config->client_id, audience, &jti);
      if (problem == NULL && !g_hash_table_add (self->assertions, g_steal_pointer (&jti)))
        problem = "it was used before";
      if (problem != NULL)
        {
          reply_error (reply, 401, "invalid_client", 700027, "The client assertion: %s.", problem);
          return;
        }
    }
  else if (g_strcmp0 (secret, self->config->client_secret) != 0)
    {
      reply_error (reply, 401, "invalid_client", secret != NULL ? 7000215 : 7000218,
                   "The client secret is %s.", secret != NULL ? "wrong" : "missing");
      return;
    }
  grant_tokens (self, scope, FALSE, reply);
}

/* ---- the endpoints ---- */

/* A body of another type than a form has no parameters at all. */
static gboolean
has_parameter (GHashTable *form, const char *name, EmuAuthReply *reply)
{
  if (form != NULL && g_hash_table_contains (form, name))
    return TRUE;
  reply_error (reply, 400, "invalid_request", 900144,
               "The request body must contain the following parameter: '%s'.", name);
  return FALSE;
}

static gboolean
check_client (EmuCloudAuth *self, const char *tenant, GHashTable *form, EmuAuthReply *reply)
{
  if (!is_known_tenant (self, tenant))
    reply_error (reply, 400, "invalid_request", 90002, "Tenant '%s' not found.", tenant);
  else if (!has_parameter (form, "client_id", reply))
    return FALSE;
  else if (!g_str_equal (g_hash_table_lookup (form, "client_id"), self->config->client_id))
    reply_error (reply, 400, "unauthorized_client", 700016,
                 "The application was not found in the directory.");
  else
    return TRUE;
  return FALSE;
}

static void
give_token (EmuCloudAuth *self,
            const char *tenant,
            const char *audience,
            GHashTable *form,
            EmuAuthReply *reply)
{
  const char *type = g_hash_table_lookup (form, "grant_type");

  if (!has_parameter (form, "grant_type", reply))
    return;
  if (g_strcmp0 (type, DEVICE_GRANT) == 0)
    poll_device_code (self, form, reply);
  else if (g_strcmp0 (type, "authorization_code") == 0)
    redeem_browser_code (self, form, reply);
  else if (g_strcmp0 (type, "refresh_token") == 0)
    redeem_refresh_token (self, form, reply);
  else if (g_strcmp0 (type, "client_credentials") == 0 &&
           g_ascii_strcasecmp (tenant, self->config->tenant) != 0)
    reply_error (reply, 400, "invalid_request", 50059, "No tenant was named.");
  else if (g_strcmp0 (type, "client_credentials") == 0)
    grant_to_client (self, audience, form, reply);
  else
    reply_error (reply, 400, "unsupported_grant_type", 70003, "The grant type is not supported.");
}

/* /{tenant}/oauth2/v2.0/… */
gboolean
emu_cloud_is_sign_in_path (const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  return g_strv_length (parts) == 5 && g_str_equal (parts[2], "oauth2") &&
         g_str_equal (parts[3], "v2.0");
}

/* A fault (nullable) that takes the place of the answer; FALSE: there is none. */
gboolean
emu_cloud_auth_fail (const EmuCloudFault *fault, const char *form, EmuAuthReply *reply)
{
  gboolean is_echo = fault != NULL && fault->kind == EMU_CLOUD_FAULT_ECHO;
  g_autofree char *sent = is_echo && form != NULL ? g_uri_unescape_string (form, NULL) : NULL;

  if (!is_echo && (fault == NULL || fault->kind != EMU_CLOUD_FAULT_STATUS))
    return FALSE;
  reply_error (reply, fault->status, fault->code != NULL ? fault->code : "temporarily_unavailable",
               90033, "%s%s", fault->message != NULL ? fault->message : "A fault. ",
               sent != NULL ? sent : "");
  return TRUE;
}

/* {devicecode,authorize,token}; FALSE: not a path of the sign-in service. */
gboolean
emu_cloud_auth_handle (EmuCloudAuth *self,
                       const char *base,
                       const char *method,
                       const char *path,
                       GHashTable *query,
                       const char *form_text,
                       EmuAuthReply *reply)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  g_autoptr (GHashTable) form = form_text != NULL ? soup_form_decode (form_text) : NULL;
  g_autofree char *audience = g_strconcat (base, path, NULL);

  if (g_str_equal (path, "/devicelogin"))
    {
      show_device_page (self, method, form, reply);
      return TRUE;
    }
  if (!emu_cloud_is_sign_in_path (path))
    return FALSE;

  if (g_str_equal (parts[4], "authorize") && g_str_equal (method, "GET"))
    begin_browser (self, parts[1], query, reply);
  else if (!g_str_equal (method, "POST"))
    reply_error (reply, 405, "invalid_request", 900561, "The endpoint only accepts POST.");
  else if (!check_client (self, parts[1], form, reply))
    return TRUE;
  else if (g_str_equal (parts[4], "devicecode"))
    begin_device_code (self, base, form, reply);
  else if (g_str_equal (parts[4], "token"))
    give_token (self, parts[1], audience, form, reply);
  else
    return FALSE;
  return TRUE;
}

/* ---- what the resource API asks ---- */

gboolean
emu_cloud_auth_check_token (EmuCloudAuth *self,
                            const char *authorization,
                            gboolean is_legacy,
                            gboolean *out_expired)
{
  const Access *access;

  *out_expired = FALSE;
  if (authorization == NULL || !g_str_has_prefix (authorization, "Bearer "))
    return FALSE;
  access = g_hash_table_lookup (self->access, authorization + strlen ("Bearer "));
  if (access == NULL || access->is_legacy != is_legacy)
    return FALSE;

  *out_expired = g_get_monotonic_time () >= access->ends_us;
  return !*out_expired;
}

/* All access tokens are old from now on. */
void
emu_cloud_auth_expire (EmuCloudAuth *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->access);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    ((Access *) value)->ends_us = 0;
}

/* So are the refresh tokens. */
void
emu_cloud_auth_revoke (EmuCloudAuth *self)
{
  emu_cloud_auth_expire (self);
  g_hash_table_remove_all (self->refresh);
}
