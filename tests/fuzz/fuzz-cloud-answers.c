/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-capability.h"
#include "lks-cloud-capability.h"
#include "lks-cloud-catalog.h"
#include "lks-cloud-certificate.h"
#include "lks-cloud-client.h"
#include "lks-cloud-deployment.h"
#include "lks-cloud-device.h"
#include "lks-cloud-error.h"
#include "lks-cloud-group.h"
#include "lks-cloud-image.h"
#include "lks-cloud-insight.h"
#include "lks-cloud-legacy-operation.h"
#include "lks-cloud-legacy-shape.h"
#include "lks-cloud-product.h"
#include "lks-cloud-url.h"
#include "lks-cloud-withhold.h"
#include "lks-secret-json.h"
#include "lks-sign-in-hint.h"
#include "lks-tokens.h"

#include <string.h>

static void
try_lists (GBytes *body)
{
  for (int paging = LKS_CLOUD_PAGING_LINK; paging <= LKS_CLOUD_PAGING_CONTINUATION; paging++)
    {
      g_auto (LksCloudPage) page = { 0 };
      g_autoptr (GError) error = NULL;
      gboolean ok = lks_cloud_page_parse (&page, (LksCloudPaging) paging, body, &error);

      g_assert_cmpint (ok, ==, error == NULL);
      g_assert_cmpint (ok, ==, page.json != NULL);
      if (!ok)
        g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER);
    }
}

static void
try_operation (GBytes *body)
{
  g_auto (LksCloudAnswer) answer = { .status = 201, .body = g_bytes_ref (body) };
  g_autoptr (LksCloudOperation) operation = NULL;
  g_autoptr (GError) error = NULL;
  LksCloudOperationState state;

  g_assert_true (lks_cloud_operation_begin ("PUT", "https://h/x", &answer, &operation, &error));
  if (operation == NULL)
    return;
  answer.status = 200;
  g_assert_cmpint (lks_cloud_operation_read (operation, &answer, &state, &error), ==,
                   error == NULL);
}

static void
try_problem (GBytes *body)
{
  static const char line[] = "Authorization: Bearer eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9";
  g_auto (LksCloudProblem) problem = { 0 };
  g_autoptr (LksSecret) token = lks_secret_new (line, strlen (line));
  const LksSecret *const secrets[] = { token, NULL };

  lks_cloud_problem_parse (&problem, 400, body, secrets);
  g_assert_true (problem.text == NULL || !lks_cloud_repeats_secret (problem.text, secrets));
  g_assert_true (problem.code == NULL || !lks_cloud_repeats_secret (problem.code, secrets));
  g_assert_true (problem.code == NULL || g_utf8_validate (problem.code, -1, NULL));
  g_assert_true (problem.text == NULL || g_utf8_validate (problem.text, -1, NULL));
  g_assert_true (problem.text == NULL || strchr (problem.text, '\n') == NULL);
}

static void
try_tokens (GBytes *body)
{
  static const char *const members[] = { "access_token", "image", NULL };
  LksSecret *secrets[2] = { NULL, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (LksJson) json =
      lks_secret_json_parse ("tokens", body, 1 << 20, members, secrets, &error);

  FUZZ_ASSERT_VALUE_OR_ERROR (json, error);
  lks_secret_unref (secrets[0]);
  lks_secret_unref (secrets[1]);
}

static void
try_sign_in (GBytes *body, const char *text)
{
  g_auto (LksTokens) tokens = { 0 };
  g_auto (LksDeviceCode) code = { 0 };
  g_autoptr (GError) tokens_error = NULL;
  g_autoptr (GError) code_error = NULL;
  gboolean has_tokens = lks_tokens_parse (&tokens, body, &tokens_error);
  gboolean has_code = lks_device_code_parse (&code, body, &code_error);

  g_assert_cmpint (has_tokens, ==, tokens_error == NULL);
  g_assert_cmpint (has_tokens, ==, tokens.access != NULL);
  g_assert_cmpint (has_code, ==, code_error == NULL);
  g_assert_cmpint (has_code, ==, code.device_code != NULL);
  lks_sign_in_get_hint (text);
}

/* As header lines, one after the other. */
static void
try_headers (const char *text)
{
  g_auto (LksCloudAnswer) answer = { 0 };
  g_auto (GStrv) lines = g_strsplit (text, "\n", 100);
  guint wait_ms;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      lks_cloud_answer_take_header (&answer, lines[i], strlen (lines[i]));
      if (lks_cloud_retry_parse_after (lines[i], 0, &wait_ms))
        g_assert_cmpuint (wait_ms, <=, 24 * 60 * 60 * 1000);
    }
}

static void
try_address (const char *text)
{
  g_autofree char *shown = lks_cloud_url_dup_shown (text);
  g_autoptr (GError) error = NULL;
  g_autofree char *base = lks_cloud_url_normalize_base (text, &error);

  FUZZ_ASSERT_VALUE_OR_ERROR (base, error);
  if (base != NULL)
    g_assert_true (lks_cloud_url_is_same_origin (base, text));
  lks_cloud_url_is_loopback (text);
}

static void
try_resources (GBytes *body)
{
  static const LksCloudKind *const kinds[] = {
    &lks_cloud_catalog_kind,     &lks_cloud_product_kind, &lks_cloud_group_kind,
    &lks_cloud_device_kind,      &lks_cloud_image_kind,   &lks_cloud_deployment_kind,
    &lks_cloud_certificate_kind, &lks_cloud_insight_kind
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LksCloudResource) resource = lks_cloud_resource_parse (kinds[i], body, &error);

      FUZZ_ASSERT_VALUE_OR_ERROR (resource, error);
    }
}

static void
try_capability (GBytes *body)
{
  g_autofree char *id = g_strnfill (128, 'a');
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCapabilityKey) key =
      lks_cloud_capability_parse (body, id, LKS_CAPABILITY_FIELD_SERVICING, &error);

  FUZZ_ASSERT_VALUE_OR_ERROR (key, error);
  if (key != NULL)
    g_assert_true (lks_capability_key_is_for (key, id));
}

/* What is read as a place is written as the same place. */
static void
try_scope (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCloudScope) scope = lks_cloud_scope_parse (text, &error);
  g_autofree char *id = scope != NULL ? lks_cloud_scope_dup_id (scope) : NULL;

  FUZZ_ASSERT_VALUE_OR_ERROR (scope, error);
  if (id != NULL)
    g_assert_cmpint (g_ascii_strcasecmp (id, text), ==, 0);
}

/* ---- the Legacy interface ---- */

#define GUID "11111111-2222-4333-8444-555555555555"

static LksCloudScope *
find_place (gpointer data, const char *product, const char *group)
{
  const LksCloudScope *tenant = data;

  return product != NULL && group == NULL ? lks_cloud_scope_dup_product (tenant, product)
                                          : lks_cloud_scope_dup_group (tenant, product, group);
}

static char *
find_image (gpointer data, const char *id)
{
  return g_strdup (id);
}

/* What was understood is a resource of the Integrated interface; at most its own rules refuse it.
 */
static void
try_shape (LksJson *json, LksLegacyShape shape, const LksCloudKind *kind)
{
  g_autoptr (LksCloudScope) tenant = lks_cloud_scope_new_tenant (GUID, "plant");
  g_autoptr (LksCloudScope) group = lks_cloud_scope_dup_group (tenant, "p", "g");
  const LksLegacyNames names = { group, find_place, find_image, tenant };
  JsonObject *root = lks_json_get_root_object (json, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) shaped = root != NULL ? shape (json, root, &names, &error) : NULL;
  g_autoptr (LksCloudResource) resource = NULL;

  g_assert_true (shaped == NULL || error == NULL);
  if (shaped == NULL)
    return;
  resource = lks_cloud_resource_read (kind, json, shaped, &error);
  FUZZ_ASSERT_VALUE_OR_ERROR (resource, error);
}

static void
try_legacy (const guint8 *data, gsize size)
{
  static const struct
  {
    LksLegacyShape shape;
    const LksCloudKind *kind;
  } shapes[] = {
    { lks_legacy_shape_tenant, &lks_cloud_catalog_kind },
    { lks_legacy_shape_product, &lks_cloud_product_kind },
    { lks_legacy_shape_group, &lks_cloud_group_kind },
    { lks_legacy_shape_current, &lks_cloud_deployment_kind },
    { lks_legacy_shape_device, &lks_cloud_device_kind },
    { lks_legacy_shape_image, &lks_cloud_image_kind },
    { lks_legacy_shape_deployment, &lks_cloud_deployment_kind },
    { lks_legacy_shape_certificate, &lks_cloud_certificate_kind },
    { lks_legacy_shape_insight, &lks_cloud_insight_kind },
  };
  g_autoptr (LksJson) json = lks_json_parse ("answer", data, size, 1 << 20, NULL);

  for (gsize i = 0; json != NULL && i < G_N_ELEMENTS (shapes); i++)
    try_shape (json, shapes[i].shape, shapes[i].kind);
}

static void
try_legacy_operation (GBytes *body)
{
  g_auto (LksCloudAnswer) answer = { .status = 202, .body = g_bytes_ref (body) };
  g_autoptr (LksCloudOperation) operation = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) read_error = NULL;
  LksCloudOperationState state;

  lks_legacy_operation_begin (GUID, &answer, &operation, &error);
  FUZZ_ASSERT_VALUE_OR_ERROR (operation, error);
  if (operation != NULL)
    g_assert_cmpint (operation->read (operation, &answer, &state, &read_error), ==,
                     read_error == NULL);
}

/* The service, or a proxy in its place, may answer any call with any bytes. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) body = g_bytes_new (data, size);
  g_autofree char *text = g_strndup ((const char *) data, size);

  try_lists (body);
  try_operation (body);
  try_problem (body);
  try_tokens (body);
  try_sign_in (body, text);
  try_headers (text);
  try_address (text);
  try_resources (body);
  try_scope (text);
  try_capability (body);
  try_legacy (data, size);
  try_legacy_operation (body);
  return 0;
}
