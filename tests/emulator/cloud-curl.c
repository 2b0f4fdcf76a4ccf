/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-curl.h"

#include <glib/gstdio.h>
#include <string.h>

const char *cloud_emulator;

void
reply_clear (Reply *self)
{
  g_free (self->headers);
  g_free (self->body);
  g_clear_pointer (&self->json, json_node_unref);
}

/* ---- curl ---- */

/* One more line of curl's configuration. */
void
set_option (GString *config, const char *option, const char *value)
{
  g_string_append_printf (config, "%s = \"", option);
  for (const char *at = value; *at != '\0'; at++)
    if (*at == '\n')
      g_string_append (config, "\\n");
    else
      g_string_append_printf (config, strchr ("\\\"", *at) != NULL ? "\\%c" : "%c", *at);
  g_string_append (config, "\"\n");
}

/* The header that says who asks, once somebody has signed in. */
void
set_token (Fixture *f, GString *config)
{
  g_autofree char *header = g_strconcat ("Authorization: Bearer ", f->token, NULL);

  if (f->token != NULL)
    set_option (config, "header", header);
}

/* Tokens are no arguments: others may read the command line, and tests that run beside this one
 * look whether there is a token in any. */
Reply
run_curl (Fixture *f, GString *config)
{
  const char *const argv[] = { "curl", "-sSi", "--cacert", f->ca, "--config", "-", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) curl = NULL;
  g_autofree char *output = NULL;
  g_autofree char *complaint = NULL;
  Reply reply = { 0 };
  char *end;

  curl = g_subprocess_newv (argv,
                            G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                G_SUBPROCESS_FLAGS_STDERR_PIPE,
                            &error);
  g_assert_no_error (error);
  g_assert_true (
      g_subprocess_communicate_utf8 (curl, config->str, NULL, &output, &complaint, &error));
  g_assert_no_error (error);

  end = strstr (output, "\r\n\r\n");
  if (end == NULL)
    {
      reply.body = g_strdup (complaint);
      return reply;
    }
  reply.headers = g_strndup (output, (gsize) (end + 2 - output));
  reply.body = g_strdup (end + 4);
  reply.status = (guint) g_ascii_strtoull (strchr (reply.headers, ' ') + 1, NULL, 10);
  reply.json = json_from_string (reply.body, NULL);
  g_test_message ("%u %.300s", reply.status, reply.body);
  return reply;
}

/* @type NULL: the body is of no type. */
Reply
ask_url_as (Fixture *f, const char *method, const char *url, const char *type, const char *body)
{
  g_autoptr (GString) config = g_string_new (NULL);

  set_option (config, "request", method);
  set_token (f, config);
  if (body != NULL)
    {
      g_autofree char *header = g_strconcat ("Content-Type:", type, NULL);

      set_option (config, "header", header);
      set_option (config, "data", body);
    }
  set_option (config, "url", url);
  return run_curl (f, config);
}

Reply
ask_url (Fixture *f, const char *method, const char *url, const char *body)
{
  return ask_url_as (f, method, url, "application/json", body);
}

/* @path follows the path of the catalogs. */
Reply
ask (Fixture *f, const char *method, const char *path, const char *body)
{
  g_autofree char *url = g_strdup_printf ("%s%s%s%s" VERSION, f->process.cloud, f->catalogs, path,
                                          strchr (path, '?') != NULL ? "&" : "?");

  g_test_message ("%s %s %s", method, path, body != NULL ? body : "");
  return ask_url (f, method, url, body);
}

Reply
post_form (Fixture *f, const char *endpoint, const char *form)
{
  g_autoptr (GString) config = g_string_new (NULL);
  g_autofree char *data = g_strdup_printf ("client_id=%s&%s", f->client_id, form);
  g_autofree char *url =
      g_strdup_printf ("%s/%s/oauth2/v2.0/%s", f->process.cloud, f->tenant, endpoint);

  set_option (config, "data", data);
  set_option (config, "url", url);
  return run_curl (f, config);
}

/* ---- what is in a reply ---- */

JsonObject *
get_object (const Reply *reply)
{
  g_assert_nonnull (reply->json);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (reply->json));
  return json_node_get_object (reply->json);
}

JsonObject *
get_properties (const Reply *reply)
{
  return json_object_get_object_member (get_object (reply), "properties");
}

const char *
get_text (JsonObject *object, const char *member)
{
  return json_object_get_string_member (object, member);
}

char *
get_header (const Reply *reply, const char *name)
{
  g_autofree char *start = g_strdup_printf ("\r\n%s: ", name);
  const char *at = strstr (reply->headers, start);

  return at != NULL ? g_strndup (at + strlen (start), strcspn (at + strlen (start), "\r")) : NULL;
}

void
assert_error (const Reply *reply, guint status, const char *code)
{
  g_assert_cmpuint (reply->status, ==, status);
  g_assert_cmpstr (get_text (json_object_get_object_member (get_object (reply), "error"), "code"),
                   ==, code);
}

/* ---- the emulator ---- */

static void
sign_in (Fixture *f)
{
  g_auto (Reply) reply =
      post_form (f, "token",
                 "grant_type=client_credentials&client_secret=emulated-client-secret&scope="
                 "https%3A%2F%2Fmanagement.azure.com%2F.default");

  g_assert_cmpuint (reply.status, ==, 200);
  g_free (f->token);
  f->token = g_strdup (get_text (get_object (&reply), "access_token"));
}

void
start_scenario (Fixture *f, const char *scenario)
{
  g_autoptr (JsonObject) answer = NULL;
  JsonObject *about;

  emulator_process_start_with_cloud (&f->process, cloud_emulator, scenario);
  f->ca = emulator_process_get_path (&f->process, "ca.pem");
  answer = emulator_process_command (&f->process, "{\"command\":\"cloud\"}");
  about = json_object_get_object_member (answer, "cloud");
  f->tenant = g_strdup (get_text (about, "tenant"));
  f->subscription = g_strdup (get_text (about, "subscription"));
  f->client_id = g_strdup (get_text (about, "clientId"));
  f->catalogs = g_strdup_printf ("/subscriptions/%s/resourceGroups/factory/providers/"
                                 "Microsoft.AzureSphere/catalogs",
                                 f->subscription);
  sign_in (f);
}

void
start (Fixture *f, const char *cloud)
{
  g_autofree char *scenario = g_strdup_printf ("{\"cloud\":{\"operationMs\":0,%s}}", cloud);

  start_scenario (f, scenario);
}

void
stop (Fixture *f)
{
  g_unlink (f->ca);
  emulator_process_stop (&f->process);
  g_free (f->ca);
  g_free (f->tenant);
  g_free (f->subscription);
  g_free (f->client_id);
  g_free (f->catalogs);
  g_free (f->token);
}

void
command (Fixture *f, const char *request)
{
  g_autoptr (JsonObject) answer = emulator_process_command (&f->process, request);

  g_assert_true (json_object_get_boolean_member (answer, "ok"));
}

char *
make_id (const char *four)
{
  GString *id = g_string_new (NULL);

  for (guint i = 0; i < 32; i++)
    g_string_append (id, four);
  return g_string_free (id, FALSE);
}

/* Asks about an operation until it has ended. Its state at the end. */
char *
follow (Fixture *f, const Reply *reply, Reply *out_last)
{
  g_autofree char *url = get_header (reply, "Azure-AsyncOperation");

  g_assert_nonnull (url);
  for (;;)
    {
      g_auto (Reply) poll = ask_url (f, "GET", url, NULL);
      const char *status;

      g_assert_cmpuint (poll.status, ==, 200);
      status = get_text (get_object (&poll), "status");
      if (g_str_equal (status, "InProgress"))
        continue;
      if (out_last != NULL)
        {
          *out_last = poll;
          poll = (Reply){ 0 };
        }
      return g_strdup (status);
    }
}
