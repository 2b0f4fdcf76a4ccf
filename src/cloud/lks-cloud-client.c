/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-client.h"

#include "lks-cloud-back.h"
#include "lks-cloud-error-private.h"
#include "lks-cloud-url.h"
#include "lks-wait.h"

/* What the vendor's page on request limits grants anew every second. */
#define READS_PER_S 25
#define WRITES_PER_S 10
#define DELETES_PER_S 10

/* So many calls in a row that end in UNAVAILABLE, each after all its tries, are no accident: with
 * the ordinary policy that is known after a good minute. */
#define UNAVAILABLE_MAX 5

/* A list of a million devices on pages of ten; more can only be a loop. */
#define PAGES_MAX 100000

struct _LksCloudClient
{
  const LksCloudBack *back;
  gpointer back_data;     /* (owned) (nullable): what @back knows */
  GPtrArray *gaps;        /* (owned) (element-type LksCloudGap) */
  char *base;             /* (owned) */
  LksTokenSource *source; /* (owned) (nullable) */
  LksCloudHttp *http;     /* (owned) */
  LksCloudPolicy policy;
  LksCloudBudget reads;
  LksCloudBudget writes;
  LksCloudBudget deletes;
  guint n_unavailable; /* calls in a row that ended so */
};

/* One call while it lasts. */
typedef struct
{
  LksCloudClient *client;
  const LksCloudCall *call;
  const char *extra_header; /* (nullable) */
  char *url;                /* (owned) */
  guint failures;
  gboolean is_renewed; /* a second token was asked for */
  gboolean has_lost;   /* an exchange failed that may have had an effect */
  GCancellable *cancellable;
} Course;

static gboolean
is_method (const LksCloudCall *call, const char *method)
{
  return g_str_equal (call->method, method);
}

static gboolean
is_repeatable (const LksCloudCall *call)
{
  return !is_method (call, "POST") || call->is_repeatable;
}

/* ---- how many requests the service still grants ---- */

static void
note_budgets (LksCloudClient *self, const LksCloudAnswer *answer)
{
  lks_cloud_budget_note (&self->reads, answer->left_reads);
  lks_cloud_budget_note (&self->writes, answer->left_writes);
  lks_cloud_budget_note (&self->deletes, answer->left_deletes);
}

/* Every POST is a write, also one that only lists or counts. */
static gboolean
pause_for_budget (Course *course, GError **error)
{
  LksCloudClient *self = course->client;
  guint pause_ms = 0;

  if (course->call->is_open)
    return TRUE;
  if (is_method (course->call, "GET"))
    pause_ms = lks_cloud_budget_get_pause_ms (&self->reads, READS_PER_S);
  else if (is_method (course->call, "DELETE"))
    pause_ms = lks_cloud_budget_get_pause_ms (&self->deletes, DELETES_PER_S);
  else
    pause_ms = lks_cloud_budget_get_pause_ms (&self->writes, WRITES_PER_S);
  return pause_ms == 0 || lks_wait_ms (pause_ms, course->cancellable, error);
}

/* ---- one exchange ---- */

static gboolean
check_status (const LksCloudAnswer *answer, GError **error)
{
  const LksSecret *const secrets[] = { answer->authorization, NULL };
  g_auto (LksCloudProblem) problem = { 0 };
  GError *made = NULL;

  if (answer->status >= 200 && answer->status < 300)
    return TRUE;

  lks_cloud_problem_parse (&problem, answer->status, answer->body, secrets);
  lks_cloud_error_set_problem (&made, &problem);
  lks_cloud_error_add_trace (made, &answer->trace);
  g_propagate_error (error, made);
  return FALSE;
}

static gboolean
exchange (Course *course, gboolean renew, LksCloudAnswer *answer, GError **error)
{
  LksCloudClient *self = course->client;
  const LksCloudCall *call = course->call;
  g_autoptr (LksSecret) authorization = NULL;
  LksCloudRequest request = {
    .method = call->method,
    .url = course->url,
    .extra_header = course->extra_header,
    .content_type = call->body == NULL           ? NULL
                    : call->content_type != NULL ? call->content_type
                                                 : "application/json",
    .body = call->body,
    .body_bytes = call->body_bytes,
    .is_repeatable = is_repeatable (call),
    .is_secret = call->is_secret,
    .limit_ms = call->limit_ms,
    .answer_max_bytes = call->answer_max_bytes,
  };

  if (!call->is_open && self->source != NULL)
    {
      authorization =
          lks_token_source_get_authorization (self->source, renew, course->cancellable, error);
      if (authorization == NULL)
        return FALSE;
      request.authorization = authorization;
    }
  if (!pause_for_budget (course, error) ||
      !lks_cloud_http_exchange (self->http, &request, course->cancellable, answer, error))
    return FALSE;

  if (!call->is_open)
    note_budgets (self, answer);
  answer->authorization = g_steal_pointer (&authorization);
  answer->is_after_loss = course->has_lost;
  return check_status (answer, error);
}

/* ---- when it is worth trying again ---- */

static gboolean
is_transient_status (guint status)
{
  return status == 408 || status == 429 || (status >= 500 && status != 501 && status != 505);
}

/* Whether the service may have done what was asked, although the exchange failed. */
static gboolean
is_loss (const LksCloudAnswer *answer, const GError *error)
{
  return answer->status == 0
             ? error->code == LKS_CLOUD_ERROR_LOST || error->code == LKS_CLOUD_ERROR_TIMED_OUT
             : answer->status != 429 && is_transient_status (answer->status);
}

/* @error is from this room; what is asked is whether the same request may succeed soon, and
 * whether it does no harm if the first one had an effect after all. */
static gboolean
is_worth_repeating (const Course *course, const LksCloudAnswer *answer, const GError *error)
{
  if (error->domain != LKS_CLOUD_ERROR)
    return FALSE;
  if (answer->status == 429)
    return TRUE;
  if (error->code == LKS_CLOUD_ERROR_CONFLICT && lks_cloud_error_get_code (error) != NULL)
    return !course->call->is_conflict_final;
  if (answer->status == 0 && error->code == LKS_CLOUD_ERROR_UNREACHABLE)
    return TRUE;
  if (!is_repeatable (course->call))
    return FALSE;
  return is_loss (answer, error);
}

/* Waits before the next try. FALSE: the service demands more patience than we have. */
static gboolean
wait_for_next (Course *course, const LksCloudAnswer *answer, const GError *reason, GError **error)
{
  const LksCloudPolicy *policy = &course->client->policy;
  guint wait_ms = lks_cloud_retry_get_wait_ms (policy, course->failures, g_random_double ());
  guint demanded_ms = 0;

  if (lks_cloud_retry_parse_after (answer->retry_after, g_get_real_time () / G_USEC_PER_SEC,
                                   &demanded_ms))
    {
      if (demanded_ms > policy->retry_after_max_ms)
        {
          g_propagate_prefixed_error (error, g_error_copy (reason),
                                      "The service asks to wait for %u seconds: ",
                                      demanded_ms / 1000);
          return FALSE;
        }
      /* Coming back early starts the wait again. */
      wait_ms = MAX (wait_ms, demanded_ms + (guint) (100 * g_random_double ()));
    }

  g_debug ("waiting for %u ms after failure %u: %s", wait_ms, course->failures, reason->message);
  return lks_wait_ms (wait_ms, course->cancellable, error);
}

/* The last word of a call about @reason (nullable: it went well). */
static void
note_end (LksCloudClient *self, GError **reason)
{
  if (!g_error_matches (*reason, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNAVAILABLE))
    {
      self->n_unavailable = 0;
      return;
    }
  if (++self->n_unavailable < UNAVAILABLE_MAX)
    return;
  lks_cloud_error_set_lasting (*reason);
  g_prefix_error (reason, "%u calls in a row: ", self->n_unavailable);
}

static gboolean
run_course (Course *course, LksCloudAnswer *answer, GError **error)
{
  gboolean renew = FALSE;

  for (;;)
    {
      g_autoptr (GError) reason = NULL;

      lks_cloud_answer_clear (answer);
      *answer = (LksCloudAnswer){ 0 };
      if (exchange (course, renew, answer, &reason))
        return TRUE;

      renew = answer->status == 401 && !course->is_renewed && course->client->source != NULL &&
              !course->call->is_open;
      if (renew)
        {
          course->is_renewed = TRUE;
          continue;
        }
      if (!is_worth_repeating (course, answer, reason) ||
          ++course->failures >= course->client->policy.tries_max)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      course->has_lost = course->has_lost || is_loss (answer, reason);
      if (!wait_for_next (course, answer, reason, error))
        return FALSE;
    }
}

/* ---- addresses ---- */

/* The whole address of a call. An address from outside must lead to the service itself: a
 * sign-in goes along. */
static char *
build_url (LksCloudClient *self, const LksCloudCall *call, GError **error)
{
  g_autofree char *shown = NULL;

  if (call->path[0] == '/')
    return g_strconcat (self->base, call->path, NULL);
  if (call->is_open || lks_cloud_url_is_same_origin (self->base, call->path))
    return g_strdup (call->path);

  shown = lks_cloud_url_dup_shown (call->path);
  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_FOREIGN_HOST,
               "the service's answer leads to another place, which would receive the sign-in: %s",
               shown);
  return NULL;
}

static gboolean
call_with_header (LksCloudClient *self,
                  const LksCloudCall *call,
                  const char *extra_header,
                  GCancellable *cancellable,
                  LksCloudAnswer *answer,
                  GError **error)
{
  g_autofree char *url = build_url (self, call, error);
  Course course = { .client = self,
                    .call = call,
                    .extra_header = extra_header,
                    .url = url,
                    .cancellable = cancellable };
  GError *reason = NULL;

  if (url == NULL)
    return FALSE;
  run_course (&course, answer, &reason);
  note_end (self, &reason);
  if (reason == NULL)
    return TRUE;
  g_propagate_error (error, reason);
  return FALSE;
}

/**
 * lks_cloud_client_call:
 * @self: a client
 * @call: what to call
 * @cancellable: (nullable): a cancellable
 * @answer: (inout): zeroed; filled also on failure, the caller clears it
 * @error: return location for a [error@Lks.CloudError] or `G_IO_ERROR_CANCELLED`
 *
 * Calls the service until it gives a good answer: repeats after failures that pass, never earlier
 * than the service permits, and what changes something only when that does no harm; gets a new
 * token once when the service does not accept the one at hand. Blocks; worker threads only.
 *
 * Returns: whether the answer is good (2xx)
 */
gboolean
lks_cloud_client_call (LksCloudClient *self,
                       const LksCloudCall *call,
                       GCancellable *cancellable,
                       LksCloudAnswer *answer,
                       GError **error)
{
  return call->path == NULL ? self->back->call (self, call, cancellable, answer, error)
                            : call_with_header (self, call, NULL, cancellable, answer, error);
}

/**
 * lks_cloud_answer_proves_gone:
 * @answer: the answer to a DELETE
 * @error: (nullable): why that failed
 *
 * Returns: whether what was to be deleted is gone all the same: an earlier try was not heard of,
 * and there is no such thing any more
 */
gboolean
lks_cloud_answer_proves_gone (const LksCloudAnswer *answer, const GError *error)
{
  return answer->is_after_loss &&
         g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND);
}

/* ---- operations ---- */

/* Trouble on the way to the service says nothing about the operation. */
static gboolean
is_passing (const GError *error)
{
  return g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNREACHABLE) ||
         g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_LOST) ||
         g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_TIMED_OUT) ||
         g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_THROTTLED) ||
         g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNAVAILABLE);
}

static gboolean
ask (LksCloudClient *self,
     LksCloudOperation *operation,
     GCancellable *cancellable,
     LksCloudAnswer *answer,
     LksCloudOperationState *out_state,
     GError **error)
{
  const LksCloudCall call = { .method = "GET",
                              .path = operation->poll_url,
                              .is_secret = operation->is_secret };
  g_autoptr (GError) reason = NULL;

  *out_state = LKS_CLOUD_OPERATION_RUNNING;
  if (lks_cloud_client_call (self, &call, cancellable, answer, &reason))
    return operation->read (operation, answer, out_state, error);
  if (is_passing (reason))
    {
      operation->questions++;
      g_debug ("asking about an operation: %s", reason->message);
      return TRUE;
    }
  if (!operation->is_resource &&
      g_error_matches (reason, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND))
    {
      g_set_error (
          error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_STILL_RUNNING,
          "the service does not know the operation any more; whether it succeeded shows in "
          "its result");
      return FALSE;
    }
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
fetch_result (LksCloudClient *self,
              LksCloudOperation *operation,
              GCancellable *cancellable,
              LksCloudAnswer *answer,
              GError **error)
{
  const LksCloudCall call = { .method = "GET",
                              .path = operation->result_url,
                              .is_secret = operation->is_secret };

  return operation->result_url == NULL ||
         lks_cloud_client_call (self, &call, cancellable, answer, error);
}

/**
 * lks_cloud_client_wait:
 * @self: a client
 * @operation: work that goes on; keeps what is learnt about it
 * @cancellable: (nullable): ends the waiting; the service goes on
 * @answer: (inout): zeroed or used; becomes the last answer, which is the result of a POST
 * @error: return location for a [error@Lks.CloudError]: FAILED or ABANDONED when the operation
 *   ended so, STILL_RUNNING when it did not end in time; or `G_IO_ERROR_CANCELLED`
 *
 * Waits until an operation has ended. There is no call that stops one. Blocks; worker threads
 * only.
 *
 * Returns: whether it succeeded
 */
gboolean
lks_cloud_client_wait (LksCloudClient *self,
                       LksCloudOperation *operation,
                       GCancellable *cancellable,
                       LksCloudAnswer *answer,
                       GError **error)
{
  gint64 deadline_us = g_get_monotonic_time () + (gint64) self->policy.wait_max_ms * 1000;
  LksCloudOperationState state = LKS_CLOUD_OPERATION_RUNNING;

  while (state == LKS_CLOUD_OPERATION_RUNNING)
    {
      guint wait_ms = operation->retry_ms != 0
                          ? operation->retry_ms
                          : lks_cloud_retry_get_poll_ms (&self->policy, operation->questions);

      if (g_get_monotonic_time () + (gint64) wait_ms * 1000 > deadline_us)
        {
          g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_STILL_RUNNING,
                       "the service is not done after %u seconds", self->policy.wait_max_ms / 1000);
          return FALSE;
        }
      if (!lks_wait_ms (wait_ms, cancellable, error) ||
          !ask (self, operation, cancellable, answer, &state, error))
        return FALSE;
    }
  return fetch_result (self, operation, cancellable, answer, error);
}

/**
 * lks_cloud_client_change:
 * @self: a client
 * @call: what to call
 * @cancellable: (nullable): a cancellable
 * @answer: (inout): zeroed; the first answer when that was the end, otherwise the last one
 * @out_operation: (out) (optional) (nullable): what the service went on with, also when the waiting
 *   for it failed
 * @error: return location for an error of lks_cloud_client_call() or lks_cloud_client_wait()
 *
 * Calls, and waits until all of it is done. Blocks; worker threads only.
 *
 * Returns: whether it is done
 */
gboolean
lks_cloud_client_change (LksCloudClient *self,
                         const LksCloudCall *call,
                         GCancellable *cancellable,
                         LksCloudAnswer *answer,
                         LksCloudOperation **out_operation,
                         GError **error)
{
  g_autofree char *url = NULL;
  g_autoptr (LksCloudOperation) operation = NULL;
  gboolean is_done;

  if (call->path == NULL)
    return self->back->change (self, call, cancellable, answer, out_operation, error);
  url = build_url (self, call, error);
  if (url == NULL || !lks_cloud_client_call (self, call, cancellable, answer, error) ||
      !lks_cloud_operation_begin (call->method, url, answer, &operation, error))
    return FALSE;
  if (operation == NULL)
    return TRUE;

  operation->is_secret = call->is_secret;
  is_done = lks_cloud_client_wait (self, operation, cancellable, answer, error);
  if (out_operation != NULL)
    *out_operation = g_steal_pointer (&operation);
  return is_done;
}

/* ---- lists ---- */

/* Where a listing is. */
typedef struct
{
  LksCloudItemFunc func;
  gpointer user_data;
  guint items_left; /* G_MAXUINT: no limit */
} Listing;

static gboolean
take_items (Listing *listing, LksCloudPage *page, GError **error)
{
  guint n_items = json_array_get_length (page->items);

  for (guint i = 0; i < n_items && listing->items_left > 0; i++)
    {
      if (!listing->func (page->json, json_array_get_object_element (page->items, i),
                          listing->user_data, error))
        return FALSE;
      if (listing->items_left != G_MAXUINT)
        listing->items_left--;
    }
  return TRUE;
}

/* Pages are fetched with GET, also those of a list that began with a POST: so do the vendor's own
 * clients; the live service has never been seen to send a second page. */
static gboolean
fetch_page (LksCloudClient *self,
            const LksCloudCall *first,
            const char *next,
            GCancellable *cancellable,
            LksCloudPage *out_page,
            GError **error)
{
  LksCloudCall call = *first;
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autofree char *header = NULL;

  call.is_repeatable = TRUE;
  if (next != NULL && first->paging == LKS_CLOUD_PAGING_LINK)
    call = (LksCloudCall){ .method = "GET", .path = next };
  else if (next != NULL)
    header = g_strconcat ("Sphere-Continuation: ", next, NULL);

  return call_with_header (self, &call, header, cancellable, &answer, error) &&
         lks_cloud_page_parse (out_page, first->paging, answer.body, error);
}

/**
 * lks_cloud_client_list:
 * @self: a client
 * @first: the call that gives the first page
 * @items_max: after how many elements to stop, 0 for none
 * @func: (scope call): takes each element; runs on this thread
 * @user_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_call() or of @func
 *
 * Goes through a list page by page, and keeps none of them. Blocks; worker threads only.
 *
 * Returns: whether the list was read to its end, or to @items_max
 */
gboolean
lks_cloud_client_list (LksCloudClient *self,
                       const LksCloudCall *first,
                       guint items_max,
                       LksCloudItemFunc func,
                       gpointer user_data,
                       GCancellable *cancellable,
                       GError **error)
{
  Listing listing = { func, user_data, items_max != 0 ? items_max : G_MAXUINT };
  g_autofree char *next = NULL;

  if (first->path == NULL)
    return self->back->list (self, first, items_max, func, user_data, cancellable, error);
  for (guint i = 0; i < PAGES_MAX; i++)
    {
      g_auto (LksCloudPage) page = { 0 };

      if (!fetch_page (self, first, next, cancellable, &page, error) ||
          !take_items (&listing, &page, error))
        return FALSE;
      if (page.next == NULL || listing.items_left == 0)
        return TRUE;
      if (g_strcmp0 (page.next, next) == 0)
        break;
      g_free (next);
      next = g_steal_pointer (&page.next);
    }

  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER, "the service's list has no end");
  return FALSE;
}

static LksCloudClient *
client_new (const LksCloudBack *back,
            const char *base_url,
            LksTokenSource *source,
            LksCloudTrust *trust,
            const LksCloudPolicy *policy,
            GError **error)
{
  g_autofree char *base = lks_cloud_url_normalize_base (base_url, error);
  LksCloudClient *self;

  if (base == NULL)
    return NULL;

  self = g_new0 (LksCloudClient, 1);
  self->back = back;
  self->back_data = back->open != NULL ? back->open () : NULL;
  self->gaps = lks_cloud_gaps_new ();
  self->base = g_steal_pointer (&base);
  self->source = source != NULL ? g_object_ref (source) : NULL;
  self->http = lks_cloud_http_new (trust);
  self->policy = policy != NULL ? *policy : lks_cloud_policy_default;
  return self;
}

/**
 * lks_cloud_client_new:
 * @base_url: where the service is, `https://HOST[:PORT]`
 * @source: (nullable): who is signed in; NULL for calls without a sign-in
 * @trust: whose certificates count beside the system's
 * @policy: (nullable): how patient to be, NULL for the ordinary policy
 * @error: return location for a [error@Lks.CloudError], INVALID_ARGUMENT
 *
 * Returns: (transfer full): a client for the Integrated interface, or NULL with @error set
 */
LksCloudClient *
lks_cloud_client_new (const char *base_url,
                      LksTokenSource *source,
                      LksCloudTrust *trust,
                      const LksCloudPolicy *policy,
                      GError **error)
{
  return client_new (&lks_cloud_back_integrated, base_url, source, trust, policy, error);
}

/**
 * lks_cloud_client_new_for:
 * @place: which service, and by which interface
 * @source: who is signed in there
 * @trust: whose certificates count beside the system's
 * @policy: (nullable): how patient to be, NULL for the ordinary policy
 * @error: return location for a [error@Lks.CloudError], INVALID_ARGUMENT
 *
 * Returns: (transfer full): a client, or NULL with @error set
 */
LksCloudClient *
lks_cloud_client_new_for (const LksCloudPlace *place,
                          LksTokenSource *source,
                          LksCloudTrust *trust,
                          const LksCloudPolicy *policy,
                          GError **error)
{
  return client_new (place->service == LKS_CLOUD_SERVICE_LEGACY ? &lks_cloud_back_legacy
                                                                : &lks_cloud_back_integrated,
                     place->resources, source, trust, policy, error);
}

gpointer
lks_cloud_client_get_back_data (LksCloudClient *self)
{
  return self->back_data;
}

/**
 * lks_cloud_client_free:
 * @self: (transfer full): a client that nobody uses
 */
void
lks_cloud_client_free (LksCloudClient *self)
{
  if (self->back->close != NULL)
    self->back->close (self->back_data);
  g_clear_object (&self->source);
  lks_cloud_http_free (self->http);
  g_ptr_array_unref (self->gaps);
  g_free (self->base);
  g_free (self);
}

/**
 * lks_cloud_client_get_base:
 * @self: a client
 *
 * Returns: (transfer none): where the service is
 */
const char *
lks_cloud_client_get_base (LksCloudClient *self)
{
  return self->base;
}

/**
 * lks_cloud_client_get_gaps:
 * @self: a client
 *
 * Lists of all catalogs and searches in all of them go on when a part of the cloud cannot be looked
 * into; what they left out is noted here. On the client's thread only.
 *
 * Returns: (transfer none) (element-type LksCloudGap): what was left out so far
 */
GPtrArray *
lks_cloud_client_get_gaps (LksCloudClient *self)
{
  return self->gaps;
}
