/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-rest.h"

#include "emu-board-private.h"
#include "emu-capability.h"
#include "emu-error.h"

#include "lks-guid.h"
#include "lks-number.h"

#include <string.h>

#define JSON_TYPE "application/json"
#define BINARY_TYPE "application/octet-stream"

typedef enum
{
  AUTH_NONE,
  AUTH_REST,
  AUTH_APP_DEVELOPMENT,
} Auth;

typedef enum
{
  BODY_NONE, /* ignored when there is one */
  BODY_JSON, /* must be there */
  BODY_JSON_OPTIONAL,
  BODY_BINARY, /* must be there */
  BODY_TEXT,   /* must be empty */
} Body;

typedef struct
{
  const char *method;
  const char *path; /* "{}" stands for one variable segment */
  Auth auth;
  guint since; /* first version of the API that has it */
  Body body;
  EmuHandler handler;
} Route;

/* Method, path, authorizer, first version: Azure Sphere device REST API 4.6. */
static const Route routes[] = {
  { "GET", "/abi_versions", AUTH_NONE, EMU_VERSION (3, 1), BODY_NONE, emu_rest_get_abi_versions },
  { "GET", "/app/status/{}", AUTH_REST, EMU_VERSION (2, 0), BODY_NONE, emu_rest_get_app_status },
  { "PATCH", "/app/status/{}", AUTH_REST, EMU_VERSION (2, 0), BODY_JSON,
    emu_rest_patch_app_status },
  { "DELETE", "/app/image/{}", AUTH_REST, EMU_VERSION (2, 0), BODY_NONE, emu_rest_delete_image },
  { "GET", "/app/quota/{}", AUTH_REST, EMU_VERSION (3, 1), BODY_NONE, emu_rest_get_quota },
  { "GET", "/certstore/certs", AUTH_REST, 0, BODY_NONE, emu_rest_get_certs },
  { "GET", "/certstore/certs/{}", AUTH_REST, 0, BODY_NONE, emu_rest_get_cert },
  { "POST", "/certstore/certs/{}", AUTH_REST, 0, BODY_JSON, emu_rest_post_cert },
  { "DELETE", "/certstore/certs/{}", AUTH_REST, 0, BODY_NONE, emu_rest_delete_cert },
  { "GET", "/certstore/space", AUTH_REST, 0, BODY_NONE, emu_rest_get_cert_space },
  { "GET", "/device/capabilities", AUTH_NONE, EMU_VERSION (3, 1), BODY_NONE,
    emu_rest_get_capabilities },
  { "GET", "/device/security_state", AUTH_NONE, 0, BODY_NONE, emu_rest_get_security_state },
  { "GET", "/device/manufacturing_state", AUTH_NONE, EMU_VERSION (3, 1), BODY_NONE,
    emu_rest_get_manufacturing_state },
  { "PUT", "/device/manufacturing_state", AUTH_REST, EMU_VERSION (3, 1), BODY_JSON,
    emu_rest_put_manufacturing_state },
  { "GET", "/images", AUTH_REST, 0, BODY_NONE, emu_rest_get_images },
  { "GET", "/log", AUTH_REST, EMU_VERSION (1, 2), BODY_NONE, emu_rest_get_log },
  { "GET", "/net/firewall/rulesets", AUTH_REST, EMU_VERSION (4, 1), BODY_NONE,
    emu_rest_get_firewall },
  { "GET", "/net/interfaces", AUTH_REST, EMU_VERSION (3, 1), BODY_NONE, emu_rest_get_interfaces },
  { "GET", "/net/interfaces/{}", AUTH_REST, EMU_VERSION (3, 1), BODY_NONE, emu_rest_get_interface },
  { "PATCH", "/net/interfaces/{}", AUTH_REST, EMU_VERSION (4, 3), BODY_JSON,
    emu_rest_patch_interface },
  { "GET", "/net/proxy", AUTH_REST, 0, BODY_NONE, emu_rest_get_proxy },
  { "POST", "/net/proxy", AUTH_REST, 0, BODY_JSON, emu_rest_post_proxy },
  { "DELETE", "/net/proxy", AUTH_REST, 0, BODY_NONE, emu_rest_delete_proxy },
  { "GET", "/net/status", AUTH_NONE, EMU_VERSION (3, 1), BODY_NONE, emu_rest_get_net_status },
  { "GET", "/osversion", AUTH_NONE, EMU_VERSION (4, 5), BODY_NONE, emu_rest_get_os_version },
  { "POST", "/restart", AUTH_REST, 0, BODY_TEXT, emu_rest_post_restart },
  { "GET", "/stats/memory/groups/applications", AUTH_APP_DEVELOPMENT, EMU_VERSION (4, 3), BODY_NONE,
    emu_rest_get_memory },
  { "GET", "/status", AUTH_NONE, 0, BODY_NONE, emu_rest_get_status },
  { "GET", "/telemetry", AUTH_REST, EMU_VERSION (3, 1), BODY_NONE, emu_rest_get_telemetry },
  { "DELETE", "/telemetry", AUTH_REST, EMU_VERSION (3, 1), BODY_NONE, emu_rest_delete_telemetry },
  { "PUT", "/update/stage", AUTH_REST, EMU_VERSION (3, 0), BODY_BINARY, emu_rest_put_stage },
  { "POST", "/update/install", AUTH_REST, EMU_VERSION (3, 0), BODY_JSON_OPTIONAL,
    emu_rest_post_install },
  { "GET", "/wifi/config/networks", AUTH_REST, 0, BODY_NONE, emu_rest_get_networks },
  { "POST", "/wifi/config/networks", AUTH_REST, 0, BODY_JSON, emu_rest_post_network },
  { "GET", "/wifi/config/networks/{}", AUTH_REST, 0, BODY_NONE, emu_rest_get_network },
  { "PATCH", "/wifi/config/networks/{}", AUTH_REST, 0, BODY_JSON, emu_rest_patch_network },
  { "DELETE", "/wifi/config/networks/{}", AUTH_REST, EMU_VERSION (3, 0), BODY_NONE,
    emu_rest_delete_network },
  { "GET", "/wifi/diagnostics/networks", AUTH_REST, 0, BODY_NONE, emu_rest_get_failures },
  { "GET", "/wifi/diagnostics/networks/{}", AUTH_REST, 0, BODY_NONE, emu_rest_get_failure },
  { "GET", "/wifi/interface", AUTH_REST, 0, BODY_NONE, emu_rest_get_wifi_interface },
  { "PATCH", "/wifi/interface", AUTH_REST, 0, BODY_JSON, emu_rest_patch_wifi_interface },
  { "GET", "/wifi/scan", AUTH_REST, 0, BODY_NONE, emu_rest_get_scan },
};

/**
 * emu_answer_clear:
 * @self: an answer
 */
void
emu_answer_clear (EmuAnswer *self)
{
  g_clear_pointer (&self->body, g_bytes_unref);
}

/**
 * emu_answer_set_wire:
 * @self: an answer
 * @wire: (transfer full): its JSON
 *
 * Success with JSON.
 */
void
emu_answer_set_wire (EmuAnswer *self, EmuWire *wire)
{
  emu_answer_clear (self);
  self->status = 200;
  self->content_type = JSON_TYPE;
  self->body = emu_wire_end (wire);
}

/**
 * emu_answer_set_empty:
 * @self: an answer
 *
 * Success with nothing to tell: an empty object.
 */
void
emu_answer_set_empty (EmuAnswer *self)
{
  EmuWire *wire = emu_wire_new ();

  emu_wire_open (wire, NULL, '{');
  emu_wire_close (wire, '}');
  emu_answer_set_wire (self, wire);
}

/**
 * emu_answer_set_binary:
 * @self: an answer
 * @body: (transfer full): bytes
 *
 * Success with bytes.
 */
void
emu_answer_set_binary (EmuAnswer *self, GBytes *body)
{
  emu_answer_clear (self);
  self->status = 200;
  self->content_type = BINARY_TYPE;
  self->body = body;
}

/**
 * emu_answer_set_error:
 * @self: an answer
 * @status: HTTP status
 * @number: device error number
 */
void
emu_answer_set_error (EmuAnswer *self, guint status, gint64 number)
{
  EmuWire *wire = emu_wire_new ();

  emu_wire_open (wire, NULL, '{');
  emu_wire_number (wire, "error", number);
  emu_wire_close (wire, '}');
  emu_answer_set_wire (self, wire);
  self->status = status;
  self->restart = FALSE;
}

/**
 * emu_request_parse_json:
 * @request: a request with a JSON body
 * @out_object: (out) (transfer none): its root object; lives as long as the document
 * @answer: gets the refusal when the body is no JSON object
 *
 * Returns: (transfer full): the document, or NULL with @answer set
 */
LksJson *
emu_request_parse_json (const EmuRequest *request, JsonObject **out_object, EmuAnswer *answer)
{
  gsize size_bytes = 0;
  gconstpointer data = request->body != NULL ? g_bytes_get_data (request->body, &size_bytes) : NULL;
  g_autoptr (LksJson) json =
      lks_json_parse ("request", data, size_bytes, EMU_REST_JSON_SIZE_MAX_BYTES, NULL);
  JsonObject *object = json != NULL ? lks_json_get_root_object (json, NULL) : NULL;

  if (object == NULL)
    {
      emu_answer_set_error (answer, 400, EMU_ERROR_INVALID_JSON);
      return NULL;
    }

  *out_object = object;
  return g_steal_pointer (&json);
}

/**
 * emu_json_get_text:
 * @object: a JSON object
 * @member: name of a member
 * @out_text: (out) (transfer none) (nullable): its text; NULL when it is not there
 *
 * Returns: FALSE when the member is there and is no text
 */
gboolean
emu_json_get_text (JsonObject *object, const char *member, const char **out_text)
{
  JsonNode *node = json_object_get_member (object, member);

  *out_text = NULL;
  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return FALSE;

  *out_text = json_node_get_string (node);
  return TRUE;
}

/**
 * emu_json_get_bool:
 * @object: a JSON object
 * @member: name of a member
 * @out_value: (out): its value; unchanged when it is not there
 *
 * Returns: FALSE when the member is there and is neither true nor false
 */
gboolean
emu_json_get_bool (JsonObject *object, const char *member, gboolean *out_value)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return FALSE;

  *out_value = json_node_get_boolean (node);
  return TRUE;
}

static gboolean
is_int32 (const char *text)
{
  gint64 value;

  return lks_number_read_signed (text, G_MININT32, G_MAXINT32, &value);
}

/* Whether @path is that of @route; gives the variable segment. */
static gboolean
matches (const Route *route, const char *path, char **out_argument)
{
  const char *hole = strstr (route->path, "{}");
  gsize fixed = hole != NULL ? (gsize) (hole - route->path) : 0;
  g_autofree char *argument = NULL;

  if (hole == NULL)
    return g_str_equal (route->path, path);
  if (strncmp (route->path, path, fixed) != 0 || path[fixed] == '\0' ||
      strchr (path + fixed, '/') != NULL)
    return FALSE;

  argument = g_strdup (path + fixed);
  if (!g_utf8_validate (argument, -1, NULL))
    return FALSE;
  if (g_str_has_prefix (route->path, "/app/") && !lks_guid_is_valid (argument))
    return FALSE;
  if (g_str_has_prefix (route->path, "/wifi/") && !is_int32 (argument))
    return FALSE;

  *out_argument = g_steal_pointer (&argument);
  return TRUE;
}

static const Route *
find_route (EmuBoard *board, EmuRequest *request, EmuAnswer *answer)
{
  gboolean known_path = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      g_autofree char *argument = NULL;

      if (routes[i].since > board->version || !matches (&routes[i], request->path, &argument))
        continue;
      known_path = TRUE;
      if (!g_str_equal (routes[i].method, request->method))
        continue;

      request->argument = g_steal_pointer (&argument);
      return &routes[i];
    }

  if (known_path)
    emu_answer_set_error (answer, 400, EMU_ERROR_METHOD);
  else
    emu_answer_set_error (answer, 404, EMU_ERROR_URI);
  return NULL;
}

/* Capabilities of this request: those stored on the board and those of the header. */
static gboolean
authorize (EmuBoard *board, const Route *route, EmuRequest *request)
{
  gboolean bad_header = FALSE;
  gboolean for_restart = route->handler == emu_rest_post_restart;

  request->granted = board->stored;
  if (request->capability != NULL)
    request->granted |= emu_board_read_header (board, request->capability, &bad_header);
  if (bad_header && board->config->behaviour.bad_header == EMU_HEADER_REFUSE)
    return FALSE;

  switch (route->auth)
    {
    case AUTH_NONE:
      return TRUE;
    case AUTH_REST:
      return !emu_board_is_locked (board, for_restart) ||
             EMU_HAS (request->granted, EMU_CAPABILITY_APP_DEVELOPMENT) ||
             EMU_HAS (request->granted, EMU_CAPABILITY_FIELD_SERVICING);
    case AUTH_APP_DEVELOPMENT:
      return EMU_HAS (request->granted, EMU_CAPABILITY_APP_DEVELOPMENT);
    }

  return FALSE;
}

static gboolean
is_type_allowed (EmuBoard *board, const Route *route, const char *content_type)
{
  if (content_type == NULL || board->version < EMU_VERSION (4, 2))
    return TRUE;

  switch (route->body)
    {
    case BODY_NONE:
      return TRUE;
    case BODY_JSON:
    case BODY_JSON_OPTIONAL:
      return g_str_equal (content_type, JSON_TYPE);
    case BODY_BINARY:
      return g_str_equal (content_type, BINARY_TYPE);
    case BODY_TEXT:
      return g_str_equal (content_type, "text/plain");
    }

  return FALSE;
}

static gboolean
check_body (EmuBoard *board, const Route *route, const EmuRequest *request, EmuAnswer *answer)
{
  gsize size_bytes = request->body != NULL ? g_bytes_get_size (request->body) : 0;
  gboolean json = route->body == BODY_JSON || route->body == BODY_JSON_OPTIONAL;

  if (route->body == BODY_NONE)
    return TRUE;
  if (request->chunked)
    emu_answer_set_error (answer, 400, EMU_ERROR_LENGTH_EXPECTED);
  else if (request->too_large || (json && size_bytes > EMU_REST_JSON_SIZE_MAX_BYTES))
    emu_answer_set_error (answer, 400, EMU_ERROR_CONTENT_LENGTH);
  else if (size_bytes == 0 && (route->body == BODY_JSON || route->body == BODY_BINARY))
    emu_answer_set_error (answer, 400, EMU_ERROR_BODY_EXPECTED);
  else if (!is_type_allowed (board, route, request->content_type))
    emu_answer_set_error (answer, 415, EMU_ERROR_INVALID_JSON);
  else
    return TRUE;

  return FALSE;
}

/* Before 3.0.0 success with nothing to tell was an error object with the number 0. */
static void
age_answer (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  gsize size_bytes;
  const char *data;

  if (board->version >= EMU_VERSION (3, 0) || g_str_equal (request->method, "GET"))
    return;

  data = g_bytes_get_data (answer->body, &size_bytes);
  if (size_bytes == 2 && strncmp (data, "{}", 2) == 0)
    emu_answer_set_error (answer, answer->status, 0);
}

/**
 * emu_rest_answer:
 * @board: a board whose system runs
 * @request: a request; its @argument and @granted are filled in
 * @out_answer: (out): the answer; free it with emu_answer_clear()
 *
 * Answers one request: route, version, authorizer, body, handler, in this order.
 * Source: Azure Sphere device REST API 4.6 and the tests of the official client libraries.
 */
void
emu_rest_answer (EmuBoard *board, EmuRequest *request, EmuAnswer *out_answer)
{
  const Route *route;

  memset (out_answer, 0, sizeof *out_answer);
  emu_wifi_advance (board);
  if (request->header_bytes > EMU_REST_HEADER_SIZE_MAX_BYTES)
    {
      emu_answer_set_error (out_answer, 400, EMU_ERROR_HEADER_TOO_LARGE);
      return;
    }

  route = find_route (board, request, out_answer);
  if (route == NULL)
    return;
  if (!authorize (board, route, request))
    {
      emu_answer_set_error (out_answer, board->config->behaviour.refusal_status,
                            board->config->behaviour.refusal_number);
      return;
    }
  if (!check_body (board, route, request, out_answer))
    return;

  route->handler (board, request, out_answer);
  age_answer (board, request, out_answer);
}
