/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-cloud EMULATOR: the emulated cloud, asked by curl, held against what was recorded of the
 * live service. */
#include "cloud-curl.h"

#include "lks-capability-file.h"

#include <glib/gstdio.h>
#include <string.h>

/* ---- sign-in ---- */

static void
test_device_code (void)
{
  g_auto (Fixture) f = { 0 };
  g_auto (Reply) begun = { 0 };
  g_auto (Reply) early = { 0 };
  g_auto (Reply) tokens = { 0 };
  g_auto (Reply) again = { 0 };
  g_autofree char *form = NULL;
  g_autofree char *approve = NULL;

  start (&f, "\"person\":\"waits\",\"pollSeconds\":0");
  begun = post_form (&f, "devicecode", "scope=x%20offline_access%20openid");
  g_assert_cmpuint (begun.status, ==, 200);
  form = g_strdup_printf ("grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=%s",
                          get_text (get_object (&begun), "device_code"));
  early = post_form (&f, "token", form);
  g_assert_cmpuint (early.status, ==, 400);
  g_assert_cmpstr (get_text (get_object (&early), "error"), ==, "authorization_pending");

  approve = g_strdup_printf ("{\"command\":\"cloud-approve\",\"userCode\":\"%s\"}",
                             get_text (get_object (&begun), "user_code"));
  command (&f, approve);
  tokens = post_form (&f, "token", form);
  g_assert_cmpuint (tokens.status, ==, 200);
  g_assert_nonnull (get_text (get_object (&tokens), "refresh_token"));
  g_assert_nonnull (get_text (get_object (&tokens), "id_token"));
  again = post_form (&f, "token", form);
  g_assert_cmpstr (get_text (get_object (&again), "error"), ==, "bad_verification_code");
}

static void
test_device_code_ends (void)
{
  g_auto (Fixture) f = { 0 };
  g_auto (Reply) begun = { 0 };
  g_auto (Reply) declined = { 0 };
  g_auto (Reply) hasty = { 0 };
  g_autofree char *form = NULL;

  start (&f, "\"person\":\"declines\",\"pollSeconds\":5");
  begun = post_form (&f, "devicecode", "scope=x");
  form = g_strdup_printf ("grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=%s",
                          get_text (get_object (&begun), "device_code"));
  declined = post_form (&f, "token", form);
  g_assert_cmpstr (get_text (get_object (&declined), "error"), ==, "authorization_declined");
  hasty = post_form (&f, "token", form);
  g_assert_cmpstr (get_text (get_object (&hasty), "error"), ==, "slow_down");
}

/* The old refresh token is dead once it was used. */
static void
test_refresh (void)
{
  g_auto (Fixture) f = { 0 };
  g_auto (Reply) begun = { 0 };
  g_auto (Reply) tokens = { 0 };
  g_auto (Reply) fresh = { 0 };
  g_auto (Reply) stale = { 0 };
  g_autofree char *form = NULL;
  g_autofree char *refresh = NULL;

  start (&f, "\"pollSeconds\":0");
  begun = post_form (&f, "devicecode", "scope=x%20offline_access");
  form = g_strdup_printf ("grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=%s",
                          get_text (get_object (&begun), "device_code"));
  tokens = post_form (&f, "token", form);
  refresh = g_strdup_printf ("grant_type=refresh_token&refresh_token=%s",
                             get_text (get_object (&tokens), "refresh_token"));
  fresh = post_form (&f, "token", refresh);
  g_assert_cmpuint (fresh.status, ==, 200);
  stale = post_form (&f, "token", refresh);
  g_assert_cmpstr (get_text (get_object (&stale), "error"), ==, "invalid_grant");
}

/* The pair of RFC 7636. */
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define REDIRECT "http://localhost:4711"

static char *
get_code (Fixture *f)
{
  g_autofree char *url = g_strdup_printf (
      "%s/%s/oauth2/v2.0/authorize?client_id=%s&response_type=code&redirect_uri=" REDIRECT
      "&state=abc&scope=x%%20offline_access&code_challenge=" CHALLENGE
      "&code_challenge_method=S256",
      f->process.cloud, f->tenant, f->client_id);
  g_auto (Reply) page = ask_url (f, "GET", url, NULL);
  g_autofree char *location = get_header (&page, "Location");
  const char *code;

  g_assert_cmpuint (page.status, ==, 302);
  g_assert_true (g_str_has_prefix (location, "http://localhost:4711/?code="));
  g_assert_nonnull (strstr (location, "&state=abc"));
  code = strstr (location, "code=") + strlen ("code=");
  return g_strndup (code, strcspn (code, "&"));
}

static void
test_browser (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *code = NULL;
  g_autofree char *good = NULL;
  g_autofree char *bad = NULL;
  g_auto (Reply) refused = { 0 };
  g_auto (Reply) tokens = { 0 };
  g_auto (Reply) again = { 0 };

  start (&f, "\"pollSeconds\":0");
  code = get_code (&f);
  good = g_strdup_printf ("grant_type=authorization_code&redirect_uri=" REDIRECT
                          "&code_verifier=" VERIFIER "&code=%s",
                          code);
  bad = g_strdup_printf ("grant_type=authorization_code&redirect_uri=" REDIRECT
                         "&code_verifier=X" VERIFIER "&code=%s",
                         code);
  refused = post_form (&f, "token", bad);
  g_assert_cmpstr (get_text (get_object (&refused), "error"), ==, "invalid_grant");
  tokens = post_form (&f, "token", good);
  g_assert_cmpuint (tokens.status, ==, 200);
  again = post_form (&f, "token", good);
  g_assert_cmpstr (get_text (get_object (&again), "error"), ==, "invalid_grant");
}

static void
test_bad_sign_ins (void)
{
  g_auto (Fixture) f = { 0 };
  g_auto (Reply) secret = { 0 };
  g_auto (Reply) scope = { 0 };
  g_auto (Reply) client = { 0 };
  g_auto (Reply) anonymous = { 0 };
  g_auto (Reply) expired = { 0 };

  start (&f, "\"pollSeconds\":0");
  secret =
      post_form (&f, "token", "grant_type=client_credentials&client_secret=no&scope=x%2F.default");
  g_assert_cmpuint (secret.status, ==, 401);
  g_assert_cmpstr (get_text (get_object (&secret), "error"), ==, "invalid_client");
  scope = post_form (&f, "token", "grant_type=client_credentials&client_secret=no&scope=x");
  g_assert_cmpstr (get_text (get_object (&scope), "error"), ==, "invalid_scope");
  g_free (f.client_id);
  f.client_id = g_strdup ("11111111-1111-4111-8111-111111111111");
  client = post_form (&f, "devicecode", "scope=x");
  g_assert_cmpstr (get_text (get_object (&client), "error"), ==, "unauthorized_client");

  command (&f, "{\"command\":\"cloud-expire\"}");
  expired = ask (&f, "GET", "", NULL);
  assert_error (&expired, 401, "ExpiredAuthenticationToken");
  g_clear_pointer (&f.token, g_free);
  anonymous = ask (&f, "GET", "", NULL);
  assert_error (&anonymous, 401, "AuthenticationFailed");
}

/* ---- things ---- */

static void
test_things (void)
{
  g_auto (Fixture) f = { 0 };
  g_auto (Reply) put = { 0 };
  g_auto (Reply) group = { 0 };
  g_auto (Reply) defaults = { 0 };
  g_auto (Reply) single = { 0 };
  g_auto (Reply) occupied = { 0 };
  g_auto (Reply) missing = { 0 };
  g_auto (Reply) deleted = { 0 };
  g_auto (Reply) gone = { 0 };
  JsonArray *groups;

  start (&f, "\"catalogs\":[{\"name\":\"c\",\"products\":[\"Pump\"],\"devices\":5}]");
  put = ask (&f, "PUT", "/c/products/New%20One", "{\"properties\":{\"description\":\"d\"}}");
  g_assert_cmpuint (put.status, ==, 200); /* at once, whatever the contract says */
  g_assert_cmpstr (get_text (get_properties (&put), "provisioningState"), ==, "Succeeded");
  group = ask (&f, "PUT", "/c/products/New%20One/deviceGroups/Line%202", "{}");
  g_assert_cmpstr (get_text (get_object (&group), "type"), ==,
                   "microsoft.azuresphere/catalogs/products/devicegroups");
  g_assert_false (json_object_get_boolean_member (get_properties (&group), "hasDeployment"));
  single = ask (&f, "GET", "/c/products/New%20One/deviceGroups/Line%202", NULL);
  g_assert_true (json_object_get_null_member (get_properties (&single), "hasDeployment"));

  defaults = ask (&f, "POST", "/c/products/New%20One/generateDefaultDeviceGroups", NULL);
  groups = json_object_get_array_member (get_object (&defaults), "value");
  g_assert_cmpuint (json_array_get_length (groups), ==, 6);
  g_assert_true (json_object_get_null_member (get_object (&defaults), "nextLink"));

  occupied = ask (&f, "DELETE", "/c/products/Pump/deviceGroups/Development", NULL);
  assert_error (&occupied, 400, "InvalidParameters");
  missing = ask (&f, "POST", "/c/products/Pump/deviceGroups/Nope/countDevices", NULL);
  assert_error (&missing, 404, "InvalidParameters"); /* recorded so */
  deleted = ask (&f, "DELETE", "/c/products/New%20One", NULL);
  g_assert_cmpuint (deleted.status, ==, 200);
  g_assert_cmpstr (deleted.body, ==, "null");
  gone = ask (&f, "DELETE", "/c/products/New%20One", NULL);
  g_assert_cmpuint (gone.status, ==, 204);
}

static void
test_claim_and_move (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *id = make_id ("AB12");
  g_autofree char *lower = make_id ("ab12");
  g_autofree char *path = NULL;
  g_autofree char *moved_path = NULL;
  g_autofree char *target = NULL;
  g_autofree char *claim_state = NULL;
  g_autofree char *move_state = NULL;
  g_autofree char *poll_url = NULL;
  g_autofree char *request_id = NULL;
  g_auto (Reply) claim = { 0 };
  g_auto (Reply) claim_end = { 0 };
  g_auto (Reply) move = { 0 };
  g_auto (Reply) move_end = { 0 };
  g_auto (Reply) old = { 0 };
  g_auto (Reply) new = { 0 };
  g_auto (Reply) nowhere = { 0 };

  start (&f, "\"catalogs\":[{\"name\":\"c\",\"products\":[\"Pump\"]}]");
  path = g_strdup_printf ("/c/products/Pump/deviceGroups/Production/devices/%s", id);
  moved_path = g_strdup_printf ("/c/products/Pump/deviceGroups/Field%%20Test/devices/%s", lower);
  claim = ask (&f, "PUT", path, "{}");
  g_assert_cmpuint (claim.status, ==, 201);
  g_assert_cmpstr (get_text (get_properties (&claim), "provisioningState"), ==, "Accepted");
  g_assert_cmpstr (get_text (get_object (&claim), "name"), ==, id); /* as it was sent */
  g_assert_null (get_header (&claim, "Location"));
  g_assert_null (get_header (&claim, "Retry-After"));
  poll_url = get_header (&claim, "Azure-AsyncOperation");
  request_id = get_header (&claim, "x-ms-request-id");
  g_assert_cmpuint (strlen (poll_url), >, 3000);
  g_assert_nonnull (strchr (poll_url, '*'));
  g_assert_nonnull (strstr (poll_url, request_id));
  claim_state = follow (&f, &claim, &claim_end);
  g_assert_cmpstr (claim_state, ==, "Succeeded");
  g_assert_cmpstr (get_text (json_object_get_object_member (get_object (&claim_end), "error"),
                             "target"),
                   ==, "DeviceClaim"); /* an error object also on success */

  target = g_strdup_printf ("{\"properties\":{\"deviceGroupId\":\"%s/c/products/Pump/deviceGroups/"
                            "Field Test\"}}",
                            f.catalogs);
  move = ask (&f, "PATCH", path, target);
  g_assert_cmpuint (move.status, ==, 202);
  g_assert_cmpstr (move.body, ==, "null");
  g_assert_nonnull (strstr (move.headers, "\r\nLocation: "));
  move_state = follow (&f, &move, &move_end);
  g_assert_true (
      g_str_has_suffix (get_text (get_properties (&move_end), "targetResourceId"), lower));
  old = ask (&f, "GET", path, NULL);
  assert_error (&old, 404, "ResourceNotFound");
  new = ask (&f, "GET", moved_path, NULL);
  g_assert_cmpuint (new.status, ==, 200);
  g_assert_cmpstr (get_text (get_object (&new), "name"), ==, lower);
  nowhere =
      ask (&f, "PATCH", moved_path, "{\"properties\":{\"deviceGroupId\":\"/somewhere/else\"}}");
  assert_error (&nowhere, 400, "InvalidParameters");
}

static void
test_other_catalog (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *id = make_id ("ab12");
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *state = NULL;
  g_auto (Reply) claim = { 0 };
  g_auto (Reply) again = { 0 };

  start (&f, "\"catalogs\":[{\"name\":\"c\"},{\"name\":\"d\"}]");
  first = g_strdup_printf ("/c/products/.default/deviceGroups/.default/devices/%s", id);
  second = g_strdup_printf ("/d/products/.unassigned/deviceGroups/.unassigned/devices/%s", id);
  claim = ask (&f, "PUT", first, "{}");
  state = follow (&f, &claim, NULL);
  g_assert_cmpstr (state, ==, "Succeeded");
  again = ask (&f, "PUT", second, "{}");
  assert_error (&again, 409, "Conflict");
}

static char *
get_board_id (Fixture *f, guint index)
{
  g_autoptr (JsonObject) list = emulator_process_command (&f->process, "{\"command\":\"list\"}");
  JsonArray *boards = json_object_get_array_member (list, "boards");

  return g_strdup (get_text (json_array_get_object_element (boards, index), "deviceId"));
}

/* Of the emulated boards the catalog owns those that are claimed; others can be. */
static void
test_boards (void)
{
  static const char *const group = "/plant7/products/.default/deviceGroups/.default/devices/";
  g_auto (Fixture) f = { 0 };
  g_autofree char *owned_id = NULL;
  g_autofree char *new_id = NULL;
  g_autofree char *owned_path = NULL;
  g_autofree char *new_path = NULL;
  g_autofree char *state = NULL;
  g_auto (Reply) owned = { 0 };
  g_auto (Reply) unknown = { 0 };
  g_auto (Reply) claim = { 0 };
  g_auto (Reply) known = { 0 };

  start_scenario (&f, "{\"boards\":[{},{\"claimed\":false}],\"cloud\":{\"operationMs\":0}}");
  owned_id = get_board_id (&f, 0);
  new_id = get_board_id (&f, 1);
  owned_path =
      g_strconcat ("/plant7/products/Pump/deviceGroups/Production/devices/", owned_id, NULL);
  new_path = g_strconcat (group, new_id, NULL);

  owned = ask (&f, "GET", owned_path, NULL);
  g_assert_cmpuint (owned.status, ==, 200);
  unknown = ask (&f, "GET", new_path, NULL);
  assert_error (&unknown, 404, "ResourceNotFound");
  claim = ask (&f, "PUT", new_path, "{}");
  state = follow (&f, &claim, NULL);
  g_assert_cmpstr (state, ==, "Succeeded");
  known = ask (&f, "GET", new_path, NULL);
  g_assert_cmpuint (known.status, ==, 200);
}

/* A capability that the emulated boards accept: signed by the same key. */
static void
test_capability (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;
  g_autofree char *wrong = NULL;
  g_autoptr (GBytes) file = NULL;
  g_autoptr (LksCapabilityFile) capability = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Reply) reply = { 0 };
  g_auto (Reply) refused = { 0 };
  guchar *bytes;
  gsize n_bytes;

  start (&f, "\"pollSeconds\":0");
  id = get_board_id (&f, 0);
  path = g_strdup_printf ("/plant7/products/Pump/deviceGroups/Production/devices/%s/"
                          "generateCapabilityImage",
                          id);
  wrong = g_strdup_printf ("/plant7/products/Pump/deviceGroups/Development/devices/%s/"
                           "generateCapabilityImage",
                           id);
  reply = ask (&f, "POST", path, "{\"capabilities\":[\"FieldServicing\"]}");
  g_assert_cmpuint (reply.status, ==, 200);
  bytes = g_base64_decode (get_text (get_object (&reply), "image"), &n_bytes);
  g_assert_cmpuint (n_bytes, ==, 392);
  file = g_bytes_new_take (bytes, n_bytes);
  capability = lks_capability_file_parse (file, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (capability->device_id, ==, id);
  g_assert_true (lks_capability_file_has (capability, 13));
  refused = ask (&f, "POST", wrong, "{\"capabilities\":[\"FieldServicing\"]}");
  assert_error (&refused, 404, "ResourceNotFound");
}

/* A hundred thousand devices, of which only one page exists at a time. */
static void
test_many (void)
{
  g_auto (Fixture) f = { 0 };
  g_auto (Reply) count = { 0 };
  g_auto (Reply) first = { 0 };
  g_auto (Reply) next = { 0 };
  g_auto (Reply) group = { 0 };
  g_auto (Reply) device = { 0 };
  g_autofree char *path = NULL;
  JsonObject *one;

  start (&f, "\"pageSize\":50,\"catalogs\":[{\"name\":\"big\",\"products\":[\"A\",\"B\"],"
             "\"devices\":100000}]");
  count = ask (&f, "POST", "/big/countDevices", NULL);
  g_assert_cmpint (json_object_get_int_member (get_object (&count), "value"), ==, 100000);
  first = ask (&f, "POST", "/big/listDevices", NULL);
  g_assert_cmpuint (json_array_get_length (
                        json_object_get_array_member (get_object (&first), "value")),
                    ==, 50);
  next = ask_url (&f, "GET", get_text (get_object (&first), "nextLink"), NULL);
  g_assert_cmpuint (next.status, ==, 200);
  g_assert_cmpuint (json_array_get_length (
                        json_object_get_array_member (get_object (&next), "value")),
                    ==, 50);

  group = ask (&f, "GET", "/big/products/B/deviceGroups/Production/devices?$skip=99000", NULL);
  one = json_array_get_object_element (json_object_get_array_member (get_object (&group), "value"),
                                       0);
  g_assert_true (
      json_object_get_null_member (json_object_get_object_member (one, "properties"), "deviceId"));
  path = g_strdup_printf ("/big/products/B/deviceGroups/Production/devices/%s",
                          get_text (one, "name"));
  device = ask (&f, "GET", path, NULL);
  g_assert_cmpuint (device.status, ==, 200);
}

/* ---- images ---- */

static char *
make_image (Fixture *f)
{
  g_autofree char *path = emulator_process_get_path (&f->process, "image");
  g_autofree char *command_line = g_strdup_printf (
      "%s image --component 3d2c1b0a-9f8e-4d7c-8b6a-5f4e3d2c1b0a --image "
      "b1a29384-7566-4758-894a-3b2c1d0e0f1a --name PumpControl --output %s --state-dir %s",
      cloud_emulator, path, f->process.dir);
  g_autofree char *bytes = NULL;
  gsize n_bytes;

  g_assert_true (g_spawn_command_line_sync (command_line, NULL, NULL, NULL, NULL));
  g_assert_true (g_file_get_contents (path, &bytes, &n_bytes, NULL));
  g_unlink (path);
  return g_base64_encode ((const guchar *) bytes, n_bytes);
}

/* Signed for production, offered on another host that must not see the sign-in. */
static void
test_image (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *image = NULL;
  g_autofree char *body = NULL;
  g_autofree char *body_path = NULL;
  g_autofree char *body_argument = NULL;
  g_autofree char *state = NULL;
  g_autofree char *deployed = NULL;
  g_auto (Reply) put = { 0 };
  g_auto (Reply) end = { 0 };
  g_auto (Reply) got = { 0 };
  g_auto (Reply) with_token = { 0 };
  g_auto (Reply) deployment = { 0 };
  g_auto (Reply) current = { 0 };
  g_auto (Reply) used = { 0 };

  start (&f, "\"pollSeconds\":0");
  image = make_image (&f);
  body = g_strdup_printf ("{\"properties\":{\"image\":\"%s\"}}", image);
  body_path = emulator_process_get_path (&f.process, "body");
  g_assert_true (g_file_set_contents (body_path, body, -1, NULL));
  body_argument = g_strconcat ("@", body_path, NULL);
  put = ask (&f, "PUT", "/plant7/images/b1a29384-7566-4758-894a-3b2c1d0e0f1a", body_argument);
  g_unlink (body_path);
  g_assert_cmpuint (put.status, ==, 201);
  state = follow (&f, &put, &end);
  g_assert_cmpstr (state, ==, "Succeeded");

  got = ask (&f, "GET", "/plant7/images/b1a29384-7566-4758-894a-3b2c1d0e0f1a", NULL);
  g_assert_cmpstr (get_text (get_properties (&got), "image"), ==, "PumpControl");
  g_assert_cmpstr (get_text (get_properties (&got), "imageType"), ==, "Applications");
  with_token = ask_url (&f, "GET", get_text (get_properties (&got), "uri"), NULL);
  g_assert_cmpuint (with_token.status, ==, 400);

  deployment = ask (&f, "PUT", "/plant7/products/Pump/deviceGroups/Production/deployments/.default",
                    "{\"properties\":{\"deployedImages\":[{\"properties\":{\"imageId\":"
                    "\"b1a29384-7566-4758-894a-3b2c1d0e0f1a\"}}]}}");
  g_assert_cmpuint (deployment.status, ==, 201);
  g_assert_cmpstr (get_text (get_object (&deployment), "name"), ==, ".default");
  deployed = follow (&f, &deployment, NULL);
  g_assert_cmpstr (deployed, ==, "Succeeded");
  current =
      ask (&f, "GET", "/plant7/products/Pump/deviceGroups/Production/deployments/.default", NULL);
  g_assert_cmpuint (current.status, ==, 200);
  used = ask (&f, "DELETE", "/plant7/images/b1a29384-7566-4758-894a-3b2c1d0e0f1a", NULL);
  assert_error (&used, 400, "InvalidParameters");
}

/* ---- certificates ---- */

static void
test_certificates (void)
{
  g_auto (Fixture) f = { 0 };
  g_auto (Reply) chain = { 0 };
  g_auto (Reply) proof = { 0 };
  g_auto (Reply) list = { 0 };

  start (&f, "\"pollSeconds\":0");
  list = ask (&f, "GET", "/plant7/certificates", NULL);
  g_assert_cmpuint (list.status, ==, 200);
  chain = ask (&f, "POST", "/plant7/certificates/.default/retrieveCertChain", NULL);
  g_assert_true (g_str_has_prefix (get_text (get_object (&chain), "certificateChain"), "MII"));
  proof = ask (&f, "POST", "/plant7/certificates/.default/retrieveProofOfPossessionNonce",
               "{\"proofOfPossessionNonce\":\"A1B2C3\"}");
  g_assert_cmpuint (json_object_get_size (get_object (&proof)), ==, 1);
  g_assert_nonnull (get_text (get_object (&proof), "certificate"));
}

/* ---- rights and faults ---- */

static void
test_roles (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *id = make_id ("ab12");
  g_autofree char *path = NULL;
  g_auto (Reply) list = { 0 };
  g_auto (Reply) capability = { 0 };
  g_auto (Reply) deployments = { 0 };

  start (&f, "\"role\":\"publisher\"");
  path = g_strdup_printf ("/plant7/products/.default/deviceGroups/.default/devices/%s/"
                          "generateCapabilityImage",
                          id);
  list = ask (&f, "POST", "/plant7/listDevices", NULL);
  g_assert_cmpuint (list.status, ==, 200);
  capability = ask (&f, "POST", path, "{\"capabilities\":[\"FieldServicing\"]}");
  assert_error (&capability, 403, "AuthorizationFailed");
  g_assert_nonnull (strstr (capability.headers, "x-ms-failure-cause: gateway"));
  deployments = ask (&f, "POST", "/plant7/listDeployments", NULL);
  assert_error (&deployments, 403, "AuthorizationFailed");
}

/* Who comes back early waits anew. */
static void
test_throttle (void)
{
  g_auto (Fixture) f = { 0 };
  g_auto (Reply) first = { 0 };
  g_auto (Reply) early = { 0 };
  g_autofree char *retry = NULL;

  start (&f, "\"faults\":[{\"kind\":\"throttle\",\"seconds\":60}]");
  first = ask (&f, "GET", "", NULL);
  assert_error (&first, 429, "TooManyRequests");
  retry = get_header (&first, "Retry-After");
  g_assert_cmpstr (retry, ==, "60");
  early = ask (&f, "GET", "", NULL);
  g_assert_cmpuint (early.status, ==, 429);
}

static void
test_budget (void)
{
  g_auto (Fixture) f = { 0 };
  g_auto (Reply) first = { 0 };
  g_auto (Reply) second = { 0 };

  start (&f, "\"writesMax\":1,\"writesPerSecond\":1");
  first = ask (&f, "POST", "/plant7/countDevices", NULL);
  g_assert_cmpuint (first.status, ==, 200);
  g_assert_nonnull (strstr (first.headers, "x-ms-ratelimit-remaining-subscription-writes: 0\r\n"));
  second = ask (&f, "POST", "/plant7/countDevices", NULL);
  /* On a machine that sleeps for a second in between, the bucket is full again. */
  g_assert_true (second.status == 429 || second.status == 200);
}

static void
test_faults (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *path = NULL;
  g_autofree char *id = make_id ("ab12");
  g_autofree char *state = NULL;
  g_auto (Reply) page = { 0 };
  g_auto (Reply) cut = { 0 };
  g_auto (Reply) moved = { 0 };
  g_auto (Reply) fine = { 0 };
  g_auto (Reply) claim = { 0 };
  g_auto (Reply) end = { 0 };

  start (&f, "\"faults\":[{\"kind\":\"proxy-page\"},{\"kind\":\"cut\"},{\"kind\":\"redirect\"},"
             "{\"kind\":\"operation-fails\",\"method\":\"PUT\",\"path\":\"/devices/\",\"code\":"
             "\"DeviceBroken\",\"message\":\"no\"}]");
  page = ask (&f, "GET", "", NULL);
  g_assert_cmpuint (page.status, ==, 502);
  g_assert_true (g_str_has_prefix (page.body, "<html>"));
  cut = ask (&f, "GET", "", NULL);
  g_assert_null (cut.json);
  moved = ask (&f, "GET", "", NULL);
  g_assert_cmpuint (moved.status, ==, 302);
  fine = ask (&f, "GET", "", NULL);
  g_assert_cmpuint (fine.status, ==, 200);

  path = g_strdup_printf ("/plant7/products/.default/deviceGroups/.default/devices/%s", id);
  claim = ask (&f, "PUT", path, "{}");
  state = follow (&f, &claim, &end);
  g_assert_cmpstr (state, ==, "Failed");
  g_assert_cmpstr (get_text (json_object_get_object_member (get_object (&end), "error"), "code"),
                   ==, "DeviceBroken");
}

/* Half of a bulk claim is done, and it fails. */
static void
test_half (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *one = make_id ("ab12");
  g_autofree char *two = make_id ("cd34");
  g_autofree char *body = NULL;
  g_autofree char *state = NULL;
  g_auto (Reply) claim = { 0 };
  g_auto (Reply) count = { 0 };

  start (&f, "\"catalogs\":[{\"name\":\"c\"}],\"faults\":[{\"kind\":\"half\",\"path\":"
             "\"claimdevices\"}]");
  body = g_strdup_printf ("{\"deviceIdentifiers\":[\"%s\",\"%s\"]}", one, two);
  claim = ask (&f, "POST", "/c/products/.default/deviceGroups/.default/claimDevices", body);
  g_assert_cmpuint (claim.status, ==, 202);
  state = follow (&f, &claim, NULL);
  g_assert_cmpstr (state, ==, "Failed");
  count = ask (&f, "POST", "/c/countDevices", NULL);
  g_assert_cmpint (json_object_get_int_member (get_object (&count), "value"), ==, 1);
}

static void
test_around (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *versions_url = NULL;
  g_autofree char *subscriptions_url = NULL;
  g_autofree char *old_url = NULL;
  g_auto (Reply) versions = { 0 };
  g_auto (Reply) subscriptions = { 0 };
  g_auto (Reply) old_version = { 0 };
  g_auto (Reply) lost = { 0 };

  start (&f, "\"pollSeconds\":0");
  versions_url = g_strconcat (f.process.cloud, "/versions/mt3620an.json", NULL);
  versions = ask_url (&f, "GET", versions_url, NULL);
  g_assert_cmpuint (json_array_get_length (
                        json_object_get_array_member (get_object (&versions), "versions")),
                    ==, 3);
  subscriptions_url = g_strconcat (f.process.cloud, "/subscriptions?api-version=2022-12-01", NULL);
  subscriptions = ask_url (&f, "GET", subscriptions_url, NULL);
  g_assert_cmpuint (subscriptions.status, ==, 200);
  old_url = g_strconcat (f.process.cloud, f.catalogs, "?api-version=2001-01-01", NULL);
  old_version = ask_url (&f, "GET", old_url, NULL);
  g_assert_cmpuint (old_version.status, ==, 400);
  g_free (f.subscription);
  f.subscription = g_strdup ("x");
  g_free (f.catalogs);
  f.catalogs = g_strdup ("/subscriptions/x/providers/Microsoft.AzureSphere/catalogs");
  lost = ask (&f, "GET", "", NULL);
  assert_error (&lost, 404, "SubscriptionNotFound");
}

/* ---- the Legacy interface ---- */

static void
sign_in_to_legacy (Fixture *f)
{
  g_auto (Reply) reply =
      post_form (f, "token",
                 "grant_type=client_credentials&client_secret=emulated-client-secret&scope="
                 "https%3A%2F%2Ffirstparty.sphere.azure.net%2Fapi%2F.default");

  g_assert_cmpuint (reply.status, ==, 200);
  g_free (f->token);
  f->token = g_strdup (get_text (get_object (&reply), "access_token"));
}

static Reply
ask_legacy (Fixture *f, const char *method, const char *path, const char *body)
{
  g_autofree char *url = g_strdup_printf ("%s/v2/tenants%s", f->process.cloud, path);

  return ask_url (f, method, url, body);
}

/* A bare list of tenants; the name that follows the ID of the first one. */
static char *
find_tenant (Fixture *f)
{
  g_auto (Reply) reply = ask_legacy (f, "GET", "", NULL);
  JsonArray *tenants;

  g_assert_cmpuint (reply.status, ==, 200);
  g_assert_true (JSON_NODE_HOLDS_ARRAY (reply.json));
  tenants = json_node_get_array (reply.json);
  g_assert_cmpuint (json_array_get_length (tenants), ==, 1);
  g_assert_cmpstr (get_text (json_array_get_object_element (tenants, 0), "Name"), ==, "plant7");
  return g_strdup (get_text (json_array_get_object_element (tenants, 0), "Id"));
}

/* Pages follow each other by a header, and nothing in the address. */
static void
test_legacy_pages (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *tenant = NULL;
  g_autofree char *url = NULL;
  g_autofree char *token = NULL;
  guint n_pages = 0;
  guint n_devices = 0;

  start (&f, "\"pageSize\":4,\"catalogs\":[{\"name\":\"plant7\",\"devices\":10}]");
  sign_in_to_legacy (&f);
  tenant = find_tenant (&f);
  url = g_strdup_printf ("%s/v2/tenants/%s/devices", f.process.cloud, tenant);
  do
    {
      g_autoptr (GString) config = g_string_new (NULL);
      g_auto (Reply) page = { 0 };

      set_token (&f, config);
      if (token != NULL)
        {
          g_autofree char *header = g_strconcat ("Sphere-Continuation: ", token, NULL);

          set_option (config, "header", header);
        }
      set_option (config, "url", url);
      page = run_curl (&f, config);
      n_devices +=
          json_array_get_length (json_object_get_array_member (get_object (&page), "Items"));
      n_pages++;
      g_clear_pointer (&token, g_free);
      if (!json_object_get_null_member (get_object (&page), "ContinuationToken"))
        token = g_strdup (get_text (get_object (&page), "ContinuationToken"));
    }
  while (token != NULL);
  g_assert_cmpuint (n_pages, ==, 3);
  g_assert_cmpuint (n_devices, ==, 10);
}

/* Errors are lists; a token for Resource Manager is none here. */
static void
test_legacy_errors (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *tenant = NULL;
  g_autofree char *path = NULL;
  g_auto (Reply) refused = { 0 };
  g_auto (Reply) missing = { 0 };
  JsonObject *problem;

  start (&f, "\"pollSeconds\":0");
  refused = ask_legacy (&f, "GET", "", NULL);
  g_assert_cmpuint (refused.status, ==, 401);
  sign_in_to_legacy (&f);
  tenant = find_tenant (&f);
  path = g_strdup_printf ("/%s/devicegroups/11111111-2222-4333-8444-555555555555", tenant);
  missing = ask_legacy (&f, "GET", path, NULL);
  g_assert_cmpuint (missing.status, ==, 404);
  g_assert_true (JSON_NODE_HOLDS_ARRAY (missing.json));
  problem = json_array_get_object_element (json_node_get_array (missing.json), 0);
  g_assert_cmpstr (get_text (problem, "ErrorCode"), ==, "NotFound");
  g_assert_true (json_object_has_member (problem, "Detail"));
}

/* Operations have an ID, and go from not started over in progress to complete. */
static void
test_legacy_operation (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *tenant = NULL;
  g_autofree char *id = make_id ("cd34");
  g_autofree char *claim = NULL;
  g_autofree char *device = NULL;
  g_autofree char *path = NULL;
  g_auto (Reply) begun = { 0 };
  g_auto (Reply) claimed = { 0 };
  gint64 state = 0;
  gboolean was_in_progress = FALSE;

  start (&f, "\"faults\":[{\"kind\":\"operation-slow\",\"seconds\":1,\"method\":\"PUT\"}]");
  sign_in_to_legacy (&f);
  tenant = find_tenant (&f);
  claim = g_strdup_printf ("/%s/devices/%s/claim", tenant, id);
  begun = ask_legacy (&f, "PUT", claim, NULL);
  g_assert_cmpuint (begun.status, ==, 202);
  g_assert_cmpint (json_object_get_int_member (get_object (&begun), "State"), ==, 0);
  g_assert_cmpint (json_object_get_int_member (get_object (&begun), "OperationType"), ==, 0);
  path =
      g_strdup_printf ("/%s/operations/%s", tenant, get_text (get_object (&begun), "OperationId"));
  while (state < 2)
    {
      g_auto (Reply) poll = ask_legacy (&f, "GET", path, NULL);

      g_assert_cmpuint (poll.status, ==, 200);
      state = json_object_get_int_member (get_object (&poll), "State");
      was_in_progress = was_in_progress || state == 1;
    }
  g_assert_cmpint (state, ==, 2);
  g_assert_true (was_in_progress);
  device = g_strdup_printf ("/%s/devices/%s", tenant, id);
  claimed = ask_legacy (&f, "GET", device, NULL);
  g_assert_true (json_object_get_null_member (get_object (&claimed), "DeviceGroupId"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  cloud_emulator = argv[1];

  g_test_add_func ("/emulator/cloud/device-code", test_device_code);
  g_test_add_func ("/emulator/cloud/device-code-ends", test_device_code_ends);
  g_test_add_func ("/emulator/cloud/refresh", test_refresh);
  g_test_add_func ("/emulator/cloud/browser", test_browser);
  g_test_add_func ("/emulator/cloud/bad-sign-ins", test_bad_sign_ins);
  g_test_add_func ("/emulator/cloud/things", test_things);
  g_test_add_func ("/emulator/cloud/claim-and-move", test_claim_and_move);
  g_test_add_func ("/emulator/cloud/other-catalog", test_other_catalog);
  g_test_add_func ("/emulator/cloud/boards", test_boards);
  g_test_add_func ("/emulator/cloud/capability", test_capability);
  g_test_add_func ("/emulator/cloud/many", test_many);
  g_test_add_func ("/emulator/cloud/image", test_image);
  g_test_add_func ("/emulator/cloud/certificates", test_certificates);
  g_test_add_func ("/emulator/cloud/roles", test_roles);
  g_test_add_func ("/emulator/cloud/throttle", test_throttle);
  g_test_add_func ("/emulator/cloud/budget", test_budget);
  g_test_add_func ("/emulator/cloud/faults", test_faults);
  g_test_add_func ("/emulator/cloud/half", test_half);
  g_test_add_func ("/emulator/cloud/around", test_around);
  g_test_add_func ("/emulator/cloud/legacy-pages", test_legacy_pages);
  g_test_add_func ("/emulator/cloud/legacy-errors", test_legacy_errors);
  g_test_add_func ("/emulator/cloud/legacy-operation", test_legacy_operation);

  return g_test_run ();
}
