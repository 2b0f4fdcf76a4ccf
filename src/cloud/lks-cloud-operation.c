/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-operation.h"

#include "lks-cloud-error-private.h"
#include "lks-cloud-retry.h"
#include "lks-cloud-url.h"
#include "lks-secret-json.h"

#define STATUS_MAX_BYTES (256 * 1024)
#define WORD_MAX_BYTES 100

/* What a body tells about an operation. Everything may be missing. */
typedef struct
{
  char *word;              /* (owned) (nullable): top-level "status" */
  char *provisioning;      /* (owned) (nullable): properties.provisioningState */
  char *target_id;         /* (owned) (nullable) */
  LksCloudProblem problem; /* error.code and error.message */
} Report;

static void
report_clear (Report *self)
{
  g_free (self->word);
  g_free (self->provisioning);
  g_free (self->target_id);
  lks_cloud_problem_clear (&self->problem);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Report, report_clear)

static char *
dup_text (JsonObject *object, const char *member, gsize bytes_max)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return lks_cloud_clean_text (json_node_get_string (node), bytes_max);
}

static JsonObject *
get_object (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* FALSE: it is not a JSON object; the live service answers some calls with "null". The answer may
 * be a capability as well, of which no copy may be made here. */
static gboolean
read_report (Report *self, const LksCloudAnswer *answer)
{
  static const char *const members[] = { "image", NULL };
  const LksSecret *const secrets[] = { answer->authorization, NULL };
  g_autoptr (LksSecret) image = NULL;
  g_autoptr (LksJson) json =
      lks_secret_json_parse ("operation", answer->body, STATUS_MAX_BYTES, members, &image, NULL);
  JsonObject *root = json != NULL ? lks_json_get_root_object (json, NULL) : NULL;
  JsonObject *properties;

  if (root == NULL)
    return FALSE;

  properties = get_object (root, "properties");
  self->word = dup_text (root, "status", WORD_MAX_BYTES);
  self->provisioning = dup_text (properties, "provisioningState", WORD_MAX_BYTES);
  self->target_id = dup_text (properties, "targetResourceId", LKS_CLOUD_URL_BYTES_MAX);
  if (get_object (root, "error") != NULL)
    lks_cloud_problem_parse (&self->problem, answer->status, answer->body, secrets);
  return TRUE;
}

static gboolean
is_word (const char *text, const char *word)
{
  return g_ascii_strcasecmp (text, word) == 0;
}

static gboolean
is_given_up (const char *word)
{
  return is_word (word, "Canceled") || is_word (word, "Cancelled");
}

static LksCloudOperationState
judge_word (const char *word)
{
  if (is_word (word, "Succeeded"))
    return LKS_CLOUD_OPERATION_SUCCEEDED;
  if (is_word (word, "Failed") || is_given_up (word))
    return LKS_CLOUD_OPERATION_FAILED;
  return LKS_CLOUD_OPERATION_RUNNING;
}

static void
set_failure (GError **error, const Report *report, const char *word)
{
  const char *text = report->problem.text;
  GError *made = NULL;

  if (report->problem.code != NULL)
    {
      /* The code may be one that we know; what failed is the operation all the same. */
      lks_cloud_error_set_problem (&made, &report->problem);
      made->code = is_given_up (word) ? LKS_CLOUD_ERROR_ABANDONED : LKS_CLOUD_ERROR_FAILED;
      g_propagate_error (error, made);
      return;
    }
  if (is_given_up (word))
    g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_ABANDONED,
                 "the service gave the operation up%s%s", text != NULL ? ": " : "",
                 text != NULL ? text : "");
  else
    g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_FAILED, "the operation failed%s%s",
                 text != NULL ? ": " : "", text != NULL ? text : ", the service does not say why");
}

static void
take_retry (LksCloudOperation *self, const LksCloudAnswer *answer)
{
  self->retry_ms = 0;
  lks_cloud_retry_parse_after (answer->retry_after, g_get_real_time () / G_USEC_PER_SEC,
                               &self->retry_ms);
}

/**
 * lks_cloud_operation_new:
 * @poll_url: where to ask about it
 * @read: how the answers are read
 *
 * Returns: (transfer full): an operation that nobody asked about yet
 */
LksCloudOperation *
lks_cloud_operation_new (const char *poll_url, LksCloudOperationRead read)
{
  LksCloudOperation *self = g_new0 (LksCloudOperation, 1);

  self->read = read;
  self->poll_url = g_strdup (poll_url);
  return self;
}

static LksCloudOperation *
operation_new (const char *poll_url, const LksCloudAnswer *answer)
{
  LksCloudOperation *self = lks_cloud_operation_new (poll_url, lks_cloud_operation_read);

  take_retry (self, answer);
  return self;
}

/* The answer to a POST is no resource. */
static gboolean
is_unfinished (const LksCloudAnswer *answer, gboolean is_post)
{
  g_auto (Report) report = { 0 };

  return answer->status == 202 ||
         (!is_post && read_report (&report, answer) && report.provisioning != NULL &&
          judge_word (report.provisioning) == LKS_CLOUD_OPERATION_RUNNING);
}

/**
 * lks_cloud_operation_begin:
 * @method: the method of the request
 * @url: where it went
 * @answer: a good answer to it
 * @out_operation: (out) (transfer full) (nullable): what goes on; NULL when all is done
 * @error: return location for a [error@Lks.CloudError], STILL_RUNNING when the service does not
 *   say how to follow what it has begun
 *
 * Finds out whether an answer is the end or only the beginning. Live: claims, images and
 * deployments answer 201 with `Azure-AsyncOperation` alone, moves 202 with `Location` as well,
 * everything else is finished at once, whatever its contract says.
 *
 * Returns: whether @out_operation was set
 */
gboolean
lks_cloud_operation_begin (const char *method,
                           const char *url,
                           const LksCloudAnswer *answer,
                           LksCloudOperation **out_operation,
                           GError **error)
{
  gboolean is_post = g_str_equal (method, "POST");

  *out_operation = NULL;
  if (answer->async_url != NULL && answer->status != 204)
    {
      *out_operation = operation_new (answer->async_url, answer);
      if (is_post && answer->location != NULL && !g_str_equal (answer->location, answer->async_url))
        (*out_operation)->result_url = g_strdup (answer->location);
      return TRUE;
    }
  if (!is_unfinished (answer, is_post))
    return TRUE;
  if (answer->location != NULL)
    {
      *out_operation = operation_new (answer->location, answer);
      return TRUE;
    }
  if (g_str_equal (method, "PUT") || g_str_equal (method, "PATCH"))
    {
      *out_operation = operation_new (url, answer);
      (*out_operation)->is_resource = TRUE;
      return TRUE;
    }

  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_STILL_RUNNING,
               "the service has begun it and does not say how to follow it");
  return FALSE;
}

/* A 202 without a new address leaves the old one. */
static void
follow_location (LksCloudOperation *self, const LksCloudAnswer *answer)
{
  if (answer->status != 202 || answer->location == NULL)
    return;
  g_free (self->poll_url);
  self->poll_url = g_strdup (answer->location);
}

/**
 * lks_cloud_operation_read:
 * @self: an operation
 * @answer: a good answer from its address
 * @out_state: (out): how far it is
 * @error: return location for a [error@Lks.CloudError]: FAILED, ABANDONED
 *
 * Judges by `status` alone: the live service sends an `error` object also on success. Without
 * `status` the HTTP status decides, or the state of the resource.
 *
 * Returns: FALSE with @error set when the operation failed
 */
gboolean
lks_cloud_operation_read (LksCloudOperation *self,
                          const LksCloudAnswer *answer,
                          LksCloudOperationState *out_state,
                          GError **error)
{
  g_auto (Report) report = { 0 };
  const char *word;

  self->questions++;
  take_retry (self, answer);
  follow_location (self, answer);
  *out_state = answer->status == 202 ? LKS_CLOUD_OPERATION_RUNNING : LKS_CLOUD_OPERATION_SUCCEEDED;
  if (!read_report (&report, answer))
    return TRUE;

  word = report.provisioning != NULL ? report.provisioning : report.word;
  if (word == NULL)
    return TRUE;
  g_free (self->word);
  self->word = g_strdup (word);
  if (report.target_id != NULL)
    {
      g_free (self->target_id);
      self->target_id = g_steal_pointer (&report.target_id);
    }

  *out_state = judge_word (word);
  if (*out_state != LKS_CLOUD_OPERATION_FAILED)
    return TRUE;
  set_failure (error, &report, word);
  return FALSE;
}

void
lks_cloud_operation_free (LksCloudOperation *self)
{
  if (self == NULL)
    return;

  g_free (self->poll_url);
  g_free (self->result_url);
  g_free (self->target_id);
  g_free (self->word);
  g_free (self);
}
