/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-problem.h"

#include "lks-cloud-withhold.h"
#include "lks-json.h"

#include <string.h>

#define BODY_MAX_BYTES (256 * 1024)
#define CODE_MAX_BYTES 100
#define TEXT_MAX_BYTES 2000
#define DETAILS_MAX 4

void
lks_cloud_trace_clear (LksCloudTrace *self)
{
  g_clear_pointer (&self->request_id, g_free);
  g_clear_pointer (&self->correlation_id, g_free);
  g_clear_pointer (&self->routing_id, g_free);
  g_clear_pointer (&self->client_id, g_free);
  g_clear_pointer (&self->failure_cause, g_free);
  g_clear_pointer (&self->date, g_free);
}

void
lks_cloud_problem_clear (LksCloudProblem *self)
{
  g_clear_pointer (&self->code, g_free);
  g_clear_pointer (&self->text, g_free);
}

/* Text of strangers as one line of at most @bytes_max bytes, or NULL when nothing is left. */
char *
lks_cloud_clean_text (const char *text, gsize bytes_max)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GString) line = g_string_new (NULL);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (line->len + 4 > bytes_max)
        {
          g_string_append (line, "…");
          break;
        }
      if (g_unichar_isprint (character))
        g_string_append_unichar (line, character);
      else if (line->len > 0 && line->str[line->len - 1] != ' ')
        g_string_append_c (line, ' ');
    }

  g_strstrip (line->str);
  return line->str[0] != '\0' ? g_strdup (line->str) : NULL;
}

static const char *
get_text (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static JsonObject *
get_object (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonNode *
get_first (JsonNode *node)
{
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node) ||
      json_array_get_length (json_node_get_array (node)) == 0)
    return NULL;
  return json_array_get_element (json_node_get_array (node), 0);
}

/* The reasons below the reason, where they say more. */
static void
append_details (GString *text, JsonObject *error)
{
  JsonNode *node = json_object_get_member (error, "details");
  JsonArray *details;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return;

  details = json_node_get_array (node);
  for (guint i = 0; i < MIN (json_array_get_length (details), DETAILS_MAX); i++)
    {
      JsonObject *detail = get_object (json_array_get_element (details, i));
      const char *message = detail != NULL ? get_text (detail, "message") : NULL;

      if (message != NULL && strstr (text->str, message) == NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", message);
    }
}

/* Fills the zeroed @self. Both texts are looked at before they are cut: of a secret that is longer
 * than what is left of them, only the whole text has enough to know it by. */
void
lks_cloud_problem_take (LksCloudProblem *self,
                        const char *code,
                        const char *text,
                        const LksSecret *const *secrets)
{
  if (code != NULL && !lks_cloud_repeats_secret (code, secrets))
    self->code = lks_cloud_clean_text (code, CODE_MAX_BYTES);
  if (text != NULL)
    self->text = lks_cloud_repeats_secret (text, secrets)
                     ? lks_cloud_dup_withheld (text)
                     : lks_cloud_clean_text (text, TEXT_MAX_BYTES);
}

/* {"error": {"code", "message", "details"}} from the resource API; {"error": "word",
 * "error_description"} from the sign-in service; {"ErrorCode", "Detail"} from the legacy API. */
static void
read_object (LksCloudProblem *self, JsonObject *root, const LksSecret *const *secrets)
{
  JsonObject *error = get_object (json_object_get_member (root, "error"));
  g_autoptr (GString) text = NULL;

  if (error == NULL)
    {
      const char *code = get_text (root, "error");
      const char *message = get_text (root, "error_description");

      if (code == NULL)
        code = get_text (root, "code") != NULL ? get_text (root, "code")
                                               : get_text (root, "ErrorCode");
      if (message == NULL)
        message = get_text (root, "message") != NULL ? get_text (root, "message")
                                                     : get_text (root, "Detail");
      lks_cloud_problem_take (self, code, message, secrets);
      return;
    }

  text = g_string_new (get_text (error, "message"));
  append_details (text, error);
  lks_cloud_problem_take (self, get_text (error, "code"), text->str, secrets);
}

/* Fills the zeroed @self with what a failing answer says. A body that is not what it should be
 * only says nothing: the status is enough to know that it failed. The legacy API sends lists.
 * @secrets (nullable, ends with NULL) are what the request held; no text that repeats one is kept.
 */
void
lks_cloud_problem_parse (LksCloudProblem *self,
                         guint http_status,
                         GBytes *body,
                         const LksSecret *const *secrets)
{
  gsize size_bytes = 0;
  gconstpointer data = body != NULL ? g_bytes_get_data (body, &size_bytes) : NULL;
  g_autoptr (LksJson) json = NULL;
  JsonObject *root;

  self->http_status = http_status;
  if (data == NULL)
    return;
  json = lks_json_parse ("error", data, size_bytes, BODY_MAX_BYTES, NULL);
  if (json == NULL)
    return;

  root = get_object (lks_json_get_root (json));
  if (root == NULL)
    root = get_object (get_first (lks_json_get_root (json)));
  if (root != NULL)
    read_object (self, root, secrets);
}
