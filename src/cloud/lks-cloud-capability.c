/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-capability.h"

#include "lks-capability.h"
#include "lks-cloud-error.h"
#include "lks-secret-json.h"

#include <string.h>

#define ANSWER_MAX_BYTES (64 * 1024)

/* The service's words (contract 2024-04-01). It makes no others. */
static const struct
{
  guint capability;
  const char *word;
} words[] = {
  { LKS_CAPABILITY_APP_DEVELOPMENT, "ApplicationDevelopment" },
  { LKS_CAPABILITY_FIELD_SERVICING, "FieldServicing" },
};

static const char *
get_word (guint capability, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i].capability == capability)
      return words[i].word;
  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT,
               "the service makes no capability %u: expected appDevelopment or fieldServicing",
               capability);
  return NULL;
}

/* ---- is it what was asked for? ---- */

static gboolean
set_unfit (GError **error, const char *message)
{
  g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNFIT, message);
  return FALSE;
}

/* More than was asked for would be a key that the technician does not expect to carry. */
static gboolean
check_key (LksCapabilityKey *key, const char *device_id, guint capability, GError **error)
{
  const LksCapabilityFile *file = lks_capability_key_get_file (key);

  if (!lks_capability_key_is_for (key, device_id))
    return set_unfit (error, "the service made a capability for another device");
  if (!lks_capability_file_has (file, capability))
    return set_unfit (error, "the service made another capability than the one asked for");
  if (file->capabilities->len != 1)
    return set_unfit (error, "the service made a capability that grants more than was asked for");
  return TRUE;
}

static LksCapabilityFile *
parse_file (LksSecret *bytes)
{
  g_autoptr (GBytes) shared = lks_secret_share_bytes (bytes);

  return lks_capability_file_parse (shared, NULL);
}

/* Of no bytes, or a good file that grants nothing. */
static gboolean
is_empty (LksSecret *bytes)
{
  g_autoptr (LksCapabilityFile) file = parse_file (bytes);
  gsize n_bytes;

  lks_secret_get_data (bytes, &n_bytes);
  return n_bytes == 0 || (file != NULL && file->capabilities->len == 0);
}

static LksCapabilityKey *
read_key (LksSecret *text, GError **error)
{
  g_autoptr (LksSecret) bytes = lks_secret_new_decoded (text);
  g_autoptr (GError) reason = NULL;
  LksCapabilityKey *key;

  if (bytes != NULL && is_empty (bytes))
    {
      set_unfit (error, "the service made an EMPTY capability: it would open nothing");
      return NULL;
    }
  key = bytes != NULL ? lks_capability_key_new (bytes, &reason) : NULL;
  if (key == NULL)
    g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNFIT,
                 "what the service made is no capability: %s",
                 reason != NULL ? reason->message : "it is not base64");
  return key;
}

/**
 * lks_cloud_capability_read_text:
 * @answer: what the service answered, in memory that is wiped
 * @member: which member of it the capability is, as base64
 * @error: return location for a BAD_ANSWER when there is none
 *
 * Returns: (transfer full): the base64, or NULL with @error set
 */
LksSecret *
lks_cloud_capability_read_text (GBytes *answer, const char *member, GError **error)
{
  const char *const members[] = { member, NULL };
  LksSecret *found[1] = { NULL };
  g_autoptr (GError) reason = NULL;
  g_autoptr (LksJson) json =
      lks_secret_json_parse ("capability", answer, ANSWER_MAX_BYTES, members, found, &reason);
  g_autoptr (LksSecret) text = found[0];

  if (json != NULL && text != NULL)
    return g_steal_pointer (&text);
  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER,
               "the service's answer has no capability in it%s%s", reason != NULL ? ": " : "",
               reason != NULL ? reason->message : "");
  return NULL;
}

/**
 * lks_cloud_capability_parse:
 * @answer: what the service answered, in memory that is wiped
 * @device_id: for which device it was asked
 * @capability: for which capability
 * @error: return location for a [error@Lks.CloudError], UNFIT when it is not that; BAD_ANSWER when
 *   it is not understood
 *
 * Reads a capability out of an answer and checks it before anybody can use it.
 *
 * Returns: (transfer full): the key, or NULL with @error set
 */
LksCapabilityKey *
lks_cloud_capability_parse (GBytes *answer, const char *device_id, guint capability, GError **error)
{
  g_autoptr (LksSecret) text = lks_cloud_capability_read_text (answer, "image", error);
  g_autoptr (LksCapabilityKey) key = text != NULL ? read_key (text, error) : NULL;

  return key != NULL && check_key (key, device_id, capability, error) ? g_steal_pointer (&key)
                                                                      : NULL;
}

static gboolean
ask (LksCloudClient *client,
     const LksCloudScope *device,
     const char *body,
     LksCloudAnswer *answer,
     GCancellable *cancellable,
     GError **error)
{
  const LksCloudCall call = { .method = "POST",
                              .scope = device,
                              .below = "generateCapabilityImage",
                              .body = body,
                              .body_bytes = strlen (body),
                              .is_repeatable = TRUE,
                              .is_secret = TRUE };

  return lks_cloud_client_change (client, &call, cancellable, answer, NULL, error);
}

/**
 * lks_cloud_capability_fetch:
 * @client: a client
 * @device: where the device is: a wrong device group is refused by the service
 * @capability: which capability
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_change() or
 *   lks_cloud_capability_parse()
 *
 * Lets the service make a capability. Its bytes are in wiped memory from the socket on. Blocks;
 * worker threads only.
 *
 * Returns: (transfer full): the key, or NULL with @error set
 */
LksCapabilityKey *
lks_cloud_capability_fetch (LksCloudClient *client,
                            const LksCloudScope *device,
                            guint capability,
                            GCancellable *cancellable,
                            GError **error)
{
  const char *word = get_word (capability, error);
  g_autofree char *body = g_strdup_printf ("{\"capabilities\":[\"%s\"]}", word);
  g_auto (LksCloudAnswer) answer = { 0 };

  return word != NULL && ask (client, device, body, &answer, cancellable, error)
             ? lks_cloud_capability_parse (answer.body, device->leaf, capability, error)
             : NULL;
}

static gboolean
check_empty (LksSecret *bytes, const char *device_id, GError **error)
{
  g_autoptr (LksCapabilityFile) file = bytes != NULL ? parse_file (bytes) : NULL;

  if (file == NULL)
    return set_unfit (error, "what the service made is no capability file");
  if (g_ascii_strcasecmp (file->device_id, device_id) != 0)
    return set_unfit (error, "the service made a capability file for another device");
  if (file->capabilities->len > 0)
    return set_unfit (error, "the service made a file that grants something, not an empty one");
  return TRUE;
}

/**
 * lks_cloud_capability_fetch_empty:
 * @client: a client
 * @device: where the device is
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_change(), UNFIT when it is not that
 *
 * Lets the service make the file that takes stored capabilities away from a device. An empty list
 * is what is sent when no capability is named for a download; the contract does not tell what comes
 * of it, so the answer is checked. Blocks; worker threads only.
 *
 * Returns: (transfer full): the file, or NULL with @error set
 */
LksSecret *
lks_cloud_capability_fetch_empty (LksCloudClient *client,
                                  const LksCloudScope *device,
                                  GCancellable *cancellable,
                                  GError **error)
{
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (LksSecret) text = NULL;
  g_autoptr (LksSecret) bytes = NULL;

  if (!ask (client, device, "{\"capabilities\":[]}", &answer, cancellable, error))
    return NULL;
  text = lks_cloud_capability_read_text (answer.body, "image", error);
  if (text == NULL)
    return NULL;
  bytes = lks_secret_new_decoded (text);
  return check_empty (bytes, device->leaf, error) ? g_steal_pointer (&bytes) : NULL;
}
