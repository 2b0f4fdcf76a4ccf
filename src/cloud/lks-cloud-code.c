/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-code.h"

#define REPORT "This is a fault of this program: please report it with the details."

#define CONSENT                                                                                    \
  "Sign in again and agree, or ask the administrator of the directory to agree for all."
#define REGISTER                                                                                    \
  "Check directory and application ID. The registration needs “Allow public client flows” and " \
  "the "                                                                                            \
  "permission “Azure Service Management / user_impersonation”."

/* The words of Azure Resource Manager and of the Azure Sphere provider. Sources: the recordings of
 * the live service for InvalidParameters and ResourceNotFound; the vendor's pages on Resource
 * Manager errors for the others. */
static const LksCloudCode codes[] = {
  { "InvalidAuthenticationToken", LKS_CLOUD_ERROR_SIGN_IN, "the sign-in is not valid (any more)",
    NULL },
  { "ExpiredAuthenticationToken", LKS_CLOUD_ERROR_SIGN_IN, "the sign-in has expired", NULL },
  { "AuthenticationFailed", LKS_CLOUD_ERROR_SIGN_IN, "the sign-in was not accepted", NULL },
  { "InvalidAuthenticationTokenTenant", LKS_CLOUD_ERROR_SIGN_IN,
    "the sign-in is for another directory than the subscription's",
    "Sign in to the directory (tenant) that the subscription belongs to." },
  { "AuthorizationFailed", LKS_CLOUD_ERROR_FORBIDDEN, "the account lacks the role for this", NULL },
  { "LinkedAuthorizationFailed", LKS_CLOUD_ERROR_FORBIDDEN,
    "the account has no rights on the target that the request names",
    "A move needs rights on the device and on the device group it goes to." },
  { "RequestDisallowedByPolicy", LKS_CLOUD_ERROR_SETUP, "a policy of the company forbids this",
    NULL },
  { "ScopeLocked", LKS_CLOUD_ERROR_SETUP, "a lock is set on the catalog or its resource group",
    "Ask the administrator to take the delete or read-only lock away." },
  { "ReadOnlyDisabledSubscription", LKS_CLOUD_ERROR_SETUP, "the subscription is disabled",
    "Ask the administrator: disabled subscriptions are usually a matter of billing." },
  { "SubscriptionNotFound", LKS_CLOUD_ERROR_NOT_FOUND,
    "there is no such subscription, or the account has no access to it",
    "Check the subscription ID and the directory that you signed in to." },
  { "ResourceGroupNotFound", LKS_CLOUD_ERROR_NOT_FOUND,
    "there is no such resource group, or the account has no access to it",
    "Check the name of the resource group." },
  { "ResourceNotFound", LKS_CLOUD_ERROR_NOT_FOUND, "there is no such thing at that place", NULL },
  { "NotFound", LKS_CLOUD_ERROR_NOT_FOUND, "there is no such thing at that place", NULL },
  { "ParentResourceNotFound", LKS_CLOUD_ERROR_NOT_FOUND,
    "the catalog, product or device group above it does not exist", NULL },
  { "MissingSubscriptionRegistration", LKS_CLOUD_ERROR_SETUP,
    "the subscription is not prepared for Azure Sphere",
    "Ask the administrator to register the provider Microsoft.AzureSphere in the subscription." },
  { "NoRegisteredProviderFound", LKS_CLOUD_ERROR_SETUP,
    "the subscription is not prepared for Azure Sphere",
    "Ask the administrator to register the provider Microsoft.AzureSphere in the subscription." },
  { "InvalidSubscriptionRegistrationState", LKS_CLOUD_ERROR_SETUP,
    "the subscription is not prepared for Azure Sphere",
    "Ask the administrator to register the provider Microsoft.AzureSphere in the subscription." },
  { "Conflict", LKS_CLOUD_ERROR_CONFLICT, "something else is being done to it", NULL },
  { "AnotherOperationInProgress", LKS_CLOUD_ERROR_CONFLICT, "something else is being done to it",
    NULL },
  { "TooManyRequests", LKS_CLOUD_ERROR_THROTTLED, "too many requests", NULL },
  { "SubscriptionRequestsThrottled", LKS_CLOUD_ERROR_THROTTLED,
    "too many requests for this subscription", NULL },
  { "OperationNotAllowed", LKS_CLOUD_ERROR_THROTTLED, "too many requests", NULL },
  { "InvalidRequestContent", LKS_CLOUD_ERROR_REJECTED,
    "the service does not understand the request", REPORT },
  { "InvalidRequestFormat", LKS_CLOUD_ERROR_REJECTED, "the service does not understand the request",
    REPORT },
  { "LocationRequired", LKS_CLOUD_ERROR_REJECTED, "the service does not understand the request",
    REPORT },
  { "InvalidApiVersionParameter", LKS_CLOUD_ERROR_REJECTED,
    "the service does not know this version of its interface (any more)",
    "Look for a newer version of this program." },
  { "InvalidResourceType", LKS_CLOUD_ERROR_REJECTED, "the service does not know this kind of thing",
    REPORT },
  { "InvalidResourceNamespace", LKS_CLOUD_ERROR_SETUP,
    "Azure Sphere is not offered where this subscription is", NULL },
  { "InternalServerError", LKS_CLOUD_ERROR_UNAVAILABLE, "the service failed", NULL },
  { "ServiceUnavailable", LKS_CLOUD_ERROR_UNAVAILABLE, "the service is not available", NULL },
  { "GatewayTimeout", LKS_CLOUD_ERROR_UNAVAILABLE, "the service did not answer in time", NULL },

  /* The words of the sign-in service. Source: the vendor's pages on its token endpoint. */
  { "invalid_grant", LKS_CLOUD_ERROR_SIGN_IN, "the sign-in is not accepted (any more)", NULL },
  { "interaction_required", LKS_CLOUD_ERROR_SIGN_IN, "a person must sign in again", NULL },
  { "login_required", LKS_CLOUD_ERROR_SIGN_IN, "a person must sign in again", NULL },
  { "consent_required", LKS_CLOUD_ERROR_SIGN_IN,
    "somebody must consent that this application acts for the account", CONSENT },
  { "access_denied", LKS_CLOUD_ERROR_SIGN_IN, "the sign-in was declined", NULL },
  { "authorization_declined", LKS_CLOUD_ERROR_SIGN_IN, "the sign-in was declined", NULL },
  { "expired_token", LKS_CLOUD_ERROR_SIGN_IN, "the code is too old", "Ask for a new code." },
  { "bad_verification_code", LKS_CLOUD_ERROR_SIGN_IN, "the code is not known",
    "Ask for a new code." },
  { "authorization_pending", LKS_CLOUD_ERROR_SIGN_IN, "nobody has entered the code yet", NULL },
  { "slow_down", LKS_CLOUD_ERROR_SIGN_IN, "the sign-in service asks for patience", NULL },
  { "invalid_client", LKS_CLOUD_ERROR_SETUP,
    "the application's secret or certificate is not accepted",
    "Ask the administrator for a new secret or certificate of the application." },
  { "unauthorized_client", LKS_CLOUD_ERROR_SETUP,
    "the application is not registered in this directory, or not allowed to do this", REGISTER },
  { "invalid_request", LKS_CLOUD_ERROR_SETUP, "the sign-in service does not accept the request",
    REGISTER },
  { "invalid_scope", LKS_CLOUD_ERROR_SETUP, "the application may not ask for this", REGISTER },
  { "invalid_resource", LKS_CLOUD_ERROR_SETUP, "the directory does not know what is asked for",
    REGISTER },
  { "unsupported_grant_type", LKS_CLOUD_ERROR_SETUP,
    "the directory does not allow this way of signing in", REGISTER },
  { "temporarily_unavailable", LKS_CLOUD_ERROR_UNAVAILABLE, "the sign-in service is not available",
    NULL },
  { "server_error", LKS_CLOUD_ERROR_UNAVAILABLE, "the sign-in service failed", NULL },
};

/* Live: 404 with this code means that the device group does not exist, 400 that the message says
 * what is wrong. */
static const LksCloudCode invalid_parameters_404 = {
  "InvalidParameters",
  LKS_CLOUD_ERROR_NOT_FOUND,
  "there is no such device group",
  "Check the names of product and device group.",
};

static const LksCloudCode *
find_by_status (guint http_status)
{
  static const LksCloudCode rejected = { NULL, LKS_CLOUD_ERROR_REJECTED,
                                         "the service does not accept the request", NULL };
  static const LksCloudCode sign_in = { NULL, LKS_CLOUD_ERROR_SIGN_IN,
                                        "the sign-in was not accepted", NULL };
  static const LksCloudCode forbidden = { NULL, LKS_CLOUD_ERROR_FORBIDDEN,
                                          "the account may not do this", NULL };
  static const LksCloudCode not_found = { NULL, LKS_CLOUD_ERROR_NOT_FOUND,
                                          "there is no such thing at that place", NULL };
  static const LksCloudCode conflict = { NULL, LKS_CLOUD_ERROR_CONFLICT,
                                         "the state of the thing does not allow this now", NULL };
  static const LksCloudCode throttled = { NULL, LKS_CLOUD_ERROR_THROTTLED, "too many requests",
                                          NULL };
  static const LksCloudCode unavailable = { NULL, LKS_CLOUD_ERROR_UNAVAILABLE,
                                            "the service, or a proxy before it, failed", NULL };
  static const LksCloudCode proxy = { NULL, LKS_CLOUD_ERROR_UNREACHABLE,
                                      "the proxy demands a sign-in of its own",
                                      "Give the proxy's user name and password in the system's "
                                      "network settings." };
  static const LksCloudCode redirected = { NULL, LKS_CLOUD_ERROR_BAD_ANSWER,
                                           "the answer leads elsewhere, where no sign-in is sent",
                                           "A network with a log-in page of its own may be in "
                                           "between: open a web page and log in there." };

  switch (http_status)
    {
    case 401:
      return &sign_in;
    case 403:
      return &forbidden;
    case 404:
    case 410:
      return &not_found;
    case 407:
      return &proxy;
    case 409:
    case 412:
      return &conflict;
    case 408:
      return &unavailable;
    case 429:
      return &throttled;
    default:
      if (http_status >= 300 && http_status < 400)
        return &redirected;
      return http_status >= 500 ? &unavailable : &rejected;
    }
}

/**
 * lks_cloud_code_find:
 * @code: (nullable): the service's word
 * @http_status: the HTTP status beside it
 *
 * Translates what the service answered: by the word first, by the number only when the word is
 * not known.
 *
 * Returns: (transfer none): what it means
 */
const LksCloudCode *
lks_cloud_code_find (const char *code, guint http_status)
{
  if (code != NULL && http_status == 404 && g_ascii_strcasecmp (code, "InvalidParameters") == 0)
    return &invalid_parameters_404;
  for (gsize i = 0; code != NULL && i < G_N_ELEMENTS (codes); i++)
    if (g_ascii_strcasecmp (codes[i].code, code) == 0)
      return &codes[i];

  return find_by_status (http_status);
}
