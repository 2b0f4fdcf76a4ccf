/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-error.h"

#include "lks-cloud-code.h"
#include "lks-cloud-error-private.h"
#include "lks-vault-error.h"

#include <gio/gio.h>

typedef struct
{
  guint http_status;
  char *code;           /* (owned) (nullable) */
  char *text;           /* (owned) (nullable) */
  char *request_id;     /* (owned) (nullable) */
  char *correlation_id; /* (owned) (nullable) */
  char *trace;          /* (owned) (nullable): all of it on one line */
  gboolean is_lasting;  /* the service has failed for other calls, too */
} LksCloudErrorPrivate;

static void
lks_cloud_error_private_init (LksCloudErrorPrivate *self)
{
}

static void
lks_cloud_error_private_copy (const LksCloudErrorPrivate *source, LksCloudErrorPrivate *copy)
{
  copy->http_status = source->http_status;
  copy->code = g_strdup (source->code);
  copy->text = g_strdup (source->text);
  copy->request_id = g_strdup (source->request_id);
  copy->correlation_id = g_strdup (source->correlation_id);
  copy->trace = g_strdup (source->trace);
  copy->is_lasting = source->is_lasting;
}

static void
lks_cloud_error_private_clear (LksCloudErrorPrivate *self)
{
  g_free (self->code);
  g_free (self->text);
  g_free (self->request_id);
  g_free (self->correlation_id);
  g_free (self->trace);
}

/* GLib allocates the private part itself, aligned; clang cannot see it through the macro. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-align"
G_DEFINE_EXTENDED_ERROR (LksCloudError, lks_cloud_error)
#pragma GCC diagnostic pop

G_DEFINE_ENUM_TYPE (LksCloudError,
                    lks_cloud_error,
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_ERROR_UNREACHABLE, "unreachable"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_ERROR_UNTRUSTED, "untrusted"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_ERROR_LOST, "lost"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_ERROR_TIMED_OUT, "timed-out"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_ERROR_BAD_ANSWER, "bad-answer"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_ERROR_FOREIGN_HOST, "foreign-host"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_ERROR_SIGN_IN, "sign-in"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_ERROR_FORBIDDEN, "forbidden"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_ERROR_NOT_FOUND, "not-found"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_ERROR_CONFLICT, "conflict"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_ERROR_THROTTLED, "throttled"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_ERROR_REJECTED, "rejected"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_ERROR_SETUP, "setup"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_ERROR_UNAVAILABLE, "unavailable"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_ERROR_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_ERROR_ABANDONED, "abandoned"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_ERROR_STILL_RUNNING, "still-running"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_ERROR_UNFIT, "unfit"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_ERROR_INVALID_ARGUMENT, "invalid-argument"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_ERROR_NOT_SUPPORTED, "not-supported"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_ERROR_INCOMPLETE, "incomplete"))

/* ---- what is attached to an error ---- */

static void
append_trace (GString *line, const char *name, const char *value)
{
  if (value != NULL)
    g_string_append_printf (line, "%s%s %s", line->len > 0 ? ", " : "", name, value);
}

/* Keeps the IDs by which the vendor's support finds a request. */
void
lks_cloud_error_add_trace (GError *error, const LksCloudTrace *trace)
{
  LksCloudErrorPrivate *self = lks_cloud_error_get_private (error);
  g_autoptr (GString) line = g_string_new (NULL);

  append_trace (line, "correlation", trace->correlation_id);
  append_trace (line, "request", trace->request_id);
  append_trace (line, "routing", trace->routing_id);
  append_trace (line, "client request", trace->client_id);
  append_trace (line, "reported by", trace->failure_cause);
  append_trace (line, "time", trace->date);
  g_free (self->request_id);
  self->request_id = g_strdup (trace->request_id);
  g_free (self->correlation_id);
  self->correlation_id = g_strdup (trace->correlation_id);
  g_free (self->trace);
  self->trace = line->len > 0 ? g_string_free (g_steal_pointer (&line), FALSE) : NULL;
}

/* It is not this call's trouble. */
void
lks_cloud_error_set_lasting (GError *error)
{
  lks_cloud_error_get_private (error)->is_lasting = TRUE;
}

/* Says in the operator's language what the service answered, its own words behind. */
void
lks_cloud_error_set_problem (GError **error, const LksCloudProblem *problem)
{
  const LksCloudCode *entry = lks_cloud_code_find (problem->code, problem->http_status);
  g_autoptr (GString) message = g_string_new (entry->sentence);
  GError *made;
  LksCloudErrorPrivate *self;

  if (problem->text != NULL)
    g_string_append_printf (message, ": %s", problem->text);
  if (problem->code != NULL)
    g_string_append_printf (message, " (%s)", problem->code);

  made = g_error_new_literal (LKS_CLOUD_ERROR, (int) entry->error, message->str);
  self = lks_cloud_error_get_private (made);
  self->http_status = problem->http_status;
  self->code = g_strdup (problem->code);
  self->text = g_strdup (problem->text);
  g_propagate_error (error, made);
}

/**
 * lks_cloud_error_get_http_status:
 * @error: any error
 *
 * Returns: the HTTP status of the service's answer, 0 when there was none or @error is not a
 *   [error@Lks.CloudError]
 */
guint
lks_cloud_error_get_http_status (const GError *error)
{
  return error->domain == LKS_CLOUD_ERROR ? lks_cloud_error_get_private (error)->http_status : 0;
}

/**
 * lks_cloud_error_get_code:
 * @error: any error
 *
 * Returns: (nullable): the service's own word for the error, such as "AuthorizationFailed"
 */
const char *
lks_cloud_error_get_code (const GError *error)
{
  return error->domain == LKS_CLOUD_ERROR ? lks_cloud_error_get_private (error)->code : NULL;
}

/**
 * lks_cloud_error_get_text:
 * @error: any error
 *
 * Returns: (nullable): what the service said, in its own words
 */
const char *
lks_cloud_error_get_text (const GError *error)
{
  return error->domain == LKS_CLOUD_ERROR ? lks_cloud_error_get_private (error)->text : NULL;
}

/**
 * lks_cloud_error_get_request_id:
 * @error: any error
 *
 * Returns: (nullable): the service's ID of the request
 */
const char *
lks_cloud_error_get_request_id (const GError *error)
{
  return error->domain == LKS_CLOUD_ERROR ? lks_cloud_error_get_private (error)->request_id : NULL;
}

/**
 * lks_cloud_error_get_correlation_id:
 * @error: any error
 *
 * Returns: (nullable): the ID that the vendor's support asks for
 */
const char *
lks_cloud_error_get_correlation_id (const GError *error)
{
  return error->domain == LKS_CLOUD_ERROR ? lks_cloud_error_get_private (error)->correlation_id
                                          : NULL;
}

/**
 * lks_cloud_error_get_trace:
 * @error: any error
 *
 * Returns: (nullable): all IDs of the request on one line, for a support case
 */
const char *
lks_cloud_error_get_trace (const GError *error)
{
  return error->domain == LKS_CLOUD_ERROR ? lks_cloud_error_get_private (error)->trace : NULL;
}

static const char *
advise (LksCloudError code)
{
  switch (code)
    {
    case LKS_CLOUD_ERROR_UNREACHABLE:
      return "Check the network connection and the proxy of this computer, then try again.";
    case LKS_CLOUD_ERROR_UNTRUSTED:
      return "Check this computer's clock first. A company's proxy that opens connections needs "
             "its "
             "certificate in the system's store, or in the folder locksmith/cloud-trust.d of your "
             "configuration.";
    case LKS_CLOUD_ERROR_LOST:
    case LKS_CLOUD_ERROR_TIMED_OUT:
      return "Look whether the change was made before repeating it.";
    case LKS_CLOUD_ERROR_BAD_ANSWER:
      return "Try again later. If it stays like this, a proxy may be answering in place of the "
             "service.";
    case LKS_CLOUD_ERROR_FOREIGN_HOST:
      return "Nothing was sent there. Check the address of the service in the settings, and report "
             "this if it is right.";
    case LKS_CLOUD_ERROR_SIGN_IN:
      return "Sign in again.";
    case LKS_CLOUD_ERROR_FORBIDDEN:
      return "Ask for the role Azure Sphere Contributor on this catalog, product or device group. "
             "A "
             "new role needs some minutes and a new sign-in. The general Reader role is not enough "
             "even for lists.";
    case LKS_CLOUD_ERROR_NOT_FOUND:
      return "Check names and IDs. A device may be in another device group: look for it in the "
             "whole catalog.";
    case LKS_CLOUD_ERROR_CONFLICT:
      return "Wait until the other change is done, then try again.";
    case LKS_CLOUD_ERROR_THROTTLED:
      return "Wait some minutes. Do not repeat it earlier: that starts the wait again.";
    case LKS_CLOUD_ERROR_REJECTED:
      return "Look at the message: the service says what it does not accept.";
    case LKS_CLOUD_ERROR_SETUP:
      return "Give the message to the administrator of the subscription.";
    case LKS_CLOUD_ERROR_UNAVAILABLE:
      return "Try again later; the vendor's status page may tell more.";
    case LKS_CLOUD_ERROR_FAILED:
    case LKS_CLOUD_ERROR_ABANDONED:
      return "Look at the message, correct the cause and start it again.";
    case LKS_CLOUD_ERROR_STILL_RUNNING:
      return "The service goes on by itself. Look at the result later; do not start it again.";
    case LKS_CLOUD_ERROR_UNFIT:
      return "Nothing was kept, and what was in the vault before is untouched. Try again; if it "
             "stays so, give the details to the vendor's support.";
    case LKS_CLOUD_ERROR_INVALID_ARGUMENT:
      return "Correct the value and try again; nothing was sent.";
    case LKS_CLOUD_ERROR_NOT_SUPPORTED:
      return "The Legacy interface cannot do this. Integrate the tenant into a catalog and sign in "
             "there; or use the vendor's azsphere command while it lasts.";
    case LKS_CLOUD_ERROR_INCOMPLETE:
      return "It may be in what could not be looked into: ask for the role Azure Sphere Reader "
             "there, or name the place that is meant. It is not certain that it is nowhere.";
    }
  return NULL;
}

/**
 * lks_cloud_error_get_advice:
 * @error: a [error@Lks.CloudError]
 *
 * Returns: (transfer none): what to do next, as an English sentence
 */
const char *
lks_cloud_error_get_advice (const GError *error)
{
  const LksCloudErrorPrivate *self = lks_cloud_error_get_private (error);
  const LksCloudCode *entry = lks_cloud_code_find (self->code, self->http_status);

  if (entry->advice != NULL && (int) entry->error == error->code)
    return entry->advice;
  return advise ((LksCloudError) error->code);
}

/* An item that is gone, damaged or there already says nothing of the others. */
static gboolean
is_of_keyring (const GError *error)
{
  return error->domain == LKS_VAULT_ERROR && error->code != LKS_VAULT_ERROR_NOT_FOUND &&
         error->code != LKS_VAULT_ERROR_DAMAGED && error->code != LKS_VAULT_ERROR_DUPLICATE;
}

/**
 * lks_cloud_error_concerns_all:
 * @error: any error
 *
 * For work on many things one after the other: whether the next one would meet the same, so that
 * it is better not tried. UNAVAILABLE may be about one thing, and passes: it concerns all once the
 * service has failed for several calls of the client in a row. What the keyring does not give, or
 * does not take, nobody can sign in with.
 *
 * Returns: whether to stop
 */
gboolean
lks_cloud_error_concerns_all (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
         g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN) ||
         g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNREACHABLE) ||
         g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNTRUSTED) ||
         g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_THROTTLED) ||
         (g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNAVAILABLE) &&
          lks_cloud_error_get_private (error)->is_lasting) ||
         is_of_keyring (error);
}
