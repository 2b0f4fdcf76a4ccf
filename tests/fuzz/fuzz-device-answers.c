/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-device-private.h"

#include <string.h>

static void
check_error (gboolean ok, const GError *error)
{
  g_assert_cmpint (ok, ==, error == NULL);
  if (!ok)
    g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BAD_ANSWER);
}

static void
try_type (const LksAnswerType *type, GBytes *body)
{
  gpointer base = g_malloc0 (type->record->size);
  g_autoptr (GError) error = NULL;
  gboolean ok = lks_answer_read (type->name, body, type->record, base, &error);

  check_error (ok, error);
  if (ok)
    lks_device_shape_clear (type->record, base);
  g_free (base);
}

static void
try_types (const LksAnswerType *types, GBytes *body)
{
  for (; types->name != NULL; types++)
    try_type (types, body);
}

static void
try_other_answers (GBytes *body)
{
  g_autoptr (GError) done_error = NULL;
  g_autoptr (GError) list_error = NULL;
  gboolean is_restarting;
  gboolean is_done = lks_answer_read_done ("done", body, &is_restarting, &done_error);
  g_autoptr (GArray) numbers = lks_answer_read_capabilities (body, &list_error);
  guint32 number = 0;

  check_error (is_done, done_error);
  check_error (numbers != NULL, list_error);
  if (lks_answer_find_number (body, &number))
    g_assert_cmpuint (number, !=, 0);
}

/* A board may answer any request with any bytes. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) body = g_bytes_new (data, size);
  g_autofree char *text = g_strndup ((const char *) data, size);

  try_types (lks_answer_types_app, body);
  try_types (lks_answer_types_cert, body);
  try_types (lks_answer_types_diag, body);
  try_types (lks_answer_types_images, body);
  try_types (lks_answer_types_net, body);
  try_types (lks_answer_types_state, body);
  try_types (lks_answer_types_wifi, body);
  try_other_answers (body);
  g_assert_cmpuint (lks_answer_parse_version (text), <, 1u << 24);
  return 0;
}
