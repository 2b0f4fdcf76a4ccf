/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-http.h"

#include "lks-cloud-url.h"
#include "lks-number.h"

#include <string.h>

#define ID_MAX_BYTES 200
#define LEFT_MAX G_GINT64_CONSTANT (1000000000000)

typedef enum
{
  KIND_ID,
  KIND_ADDRESS,
  KIND_COUNT,
} HeaderKind;

/* Header names compare without case: HTTP/2 and proxies send them in lower case. */
static const struct
{
  const char *name;
  HeaderKind kind;
  gsize offset;
} headers[] = {
  { "x-ms-request-id", KIND_ID, G_STRUCT_OFFSET (LksCloudAnswer, trace.request_id) },
  { "x-ms-correlation-request-id", KIND_ID,
    G_STRUCT_OFFSET (LksCloudAnswer, trace.correlation_id) },
  { "x-ms-routing-request-id", KIND_ID, G_STRUCT_OFFSET (LksCloudAnswer, trace.routing_id) },
  { "x-ms-client-request-id", KIND_ID, G_STRUCT_OFFSET (LksCloudAnswer, trace.client_id) },
  { "x-ms-failure-cause", KIND_ID, G_STRUCT_OFFSET (LksCloudAnswer, trace.failure_cause) },
  { "date", KIND_ID, G_STRUCT_OFFSET (LksCloudAnswer, trace.date) },
  { "retry-after", KIND_ID, G_STRUCT_OFFSET (LksCloudAnswer, retry_after) },
  { "azure-asyncoperation", KIND_ADDRESS, G_STRUCT_OFFSET (LksCloudAnswer, async_url) },
  { "location", KIND_ADDRESS, G_STRUCT_OFFSET (LksCloudAnswer, location) },
  { "sphere-continuation", KIND_ADDRESS, G_STRUCT_OFFSET (LksCloudAnswer, continuation) },
  { "x-ms-ratelimit-remaining-subscription-reads", KIND_COUNT,
    G_STRUCT_OFFSET (LksCloudAnswer, left_reads) },
  { "x-ms-ratelimit-remaining-tenant-reads", KIND_COUNT,
    G_STRUCT_OFFSET (LksCloudAnswer, left_reads) },
  { "x-ms-ratelimit-remaining-subscription-writes", KIND_COUNT,
    G_STRUCT_OFFSET (LksCloudAnswer, left_writes) },
  { "x-ms-ratelimit-remaining-tenant-writes", KIND_COUNT,
    G_STRUCT_OFFSET (LksCloudAnswer, left_writes) },
  { "x-ms-ratelimit-remaining-subscription-deletes", KIND_COUNT,
    G_STRUCT_OFFSET (LksCloudAnswer, left_deletes) },
};

/* Only printable ASCII: nothing else can be sent back or shown. */
static gboolean
is_plain (const char *text)
{
  for (const char *at = text; *at != '\0'; at++)
    if (!g_ascii_isgraph (*at) && *at != ' ')
      return FALSE;
  return TRUE;
}

static void
set_text (char **place, char *value)
{
  g_free (*place);
  *place = value;
}

/* Reads one header line of an answer, ours or not. FALSE: it is one of ours and unusable, which
 * an answer that is to be believed cannot have. */
gboolean
lks_cloud_answer_take_header (LksCloudAnswer *self, const char *line, gsize size_bytes)
{
  const char *colon = memchr (line, ':', size_bytes);
  gsize name_bytes = colon != NULL ? (gsize) (colon - line) : 0;
  g_autofree char *value = NULL;
  gint64 number;

  for (gsize i = 0; name_bytes > 0 && i < G_N_ELEMENTS (headers); i++)
    {
      gpointer place = G_STRUCT_MEMBER_P (self, headers[i].offset);

      if (strlen (headers[i].name) != name_bytes ||
          g_ascii_strncasecmp (headers[i].name, line, name_bytes) != 0)
        continue;

      value = g_strstrip (g_strndup (colon + 1, size_bytes - name_bytes - 1));
      if (headers[i].kind == KIND_ADDRESS)
        {
          if (strlen (value) > LKS_CLOUD_URL_BYTES_MAX || !is_plain (value))
            return FALSE;
          set_text (place, g_steal_pointer (&value));
        }
      else if (headers[i].kind == KIND_ID && strlen (value) <= ID_MAX_BYTES && is_plain (value))
        set_text (place, g_steal_pointer (&value));
      else if (headers[i].kind == KIND_COUNT &&
               lks_number_read_signed (value, 0, LEFT_MAX, &number))
        *(gint64 *) place = number;
      return TRUE;
    }
  return TRUE;
}

void
lks_cloud_answer_clear (LksCloudAnswer *self)
{
  lks_cloud_trace_clear (&self->trace);
  g_clear_pointer (&self->async_url, g_free);
  g_clear_pointer (&self->location, g_free);
  g_clear_pointer (&self->retry_after, g_free);
  g_clear_pointer (&self->continuation, g_free);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->authorization, lks_secret_unref);
}
