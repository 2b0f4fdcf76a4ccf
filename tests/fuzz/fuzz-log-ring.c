/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-log-writer.h"

/* Definitions for messages of category 2, so that their parameters are decoded, too. */
static const char definitions[] =
    "{\"version\":\"1.0\",\"categoryId\":2,\"categoryName\":\"networkd\",\"msgIds\":["
    "{\"msgId\":1,\"msgString\":\"all\",\"params\":["
    "{\"paramName\":\"a\",\"paramType\":\"string\"},{\"paramName\":\"b\",\"paramType\":\"integer\"}"
    ","
    "{\"paramName\":\"c\",\"paramType\":\"commonError\"},"
    "{\"paramName\":\"d\",\"paramType\":\"ipAddress\"},"
    "{\"paramName\":\"e\",\"paramType\":\"uniqueId\"},"
    "{\"paramName\":\"f\",\"paramType\":\"string\"}]},"
    "{\"msgId\":78,\"msgString\":\"text\",\"params\":["
    "{\"paramName\":\"s\",\"paramType\":\"string\"}]}]}";

/* Every byte of the log is a record's, a problem's, a footer's, or after the last record. */
static void
check (LksLogRing *ring, gsize size)
{
  guint64 used = 0;
  guint previous = 0;

  for (guint i = 0; i < lks_log_ring_get_length (ring); i++)
    {
      const LksLogRecord *record = lks_log_ring_get_record (ring, i);

      g_assert_cmpuint (record->offset_bytes + 12 + record->n_parameter_bytes, <=, size);
      used += 12 + record->n_parameter_bytes;
    }
  for (guint i = 0; i < lks_log_ring_get_problems (ring); i++)
    {
      const LksLogProblem *problem = lks_log_ring_get_problem (ring, i);

      g_assert_cmpuint (problem->n_before, >=, previous);
      g_assert_cmpuint (problem->offset_bytes + problem->lost_bytes, <=, size);
      previous = problem->n_before;
      used += problem->lost_bytes;
    }
  g_assert_cmpuint (used, <=, size);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksLogRing) ring = lks_log_ring_parse (bytes, &error);
  g_autoptr (LksLogMessages) messages =
      lks_log_messages_parse ("definitions", definitions, sizeof definitions - 1, NULL);
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  LksLogWish wish = { .messages = messages };

  FUZZ_ASSERT_VALUE_OR_ERROR (ring, error);
  if (ring == NULL)
    return 0;

  check (ring, size);
  g_assert_true (lks_log_write (ring, &wish, LKS_LOG_FORMAT_TEXT, stream, NULL, NULL));
  g_assert_true (lks_log_write (ring, &wish, LKS_LOG_FORMAT_JSONL, stream, NULL, NULL));
  g_assert_true (
      g_utf8_validate_len (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                           g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)),
                           NULL));
  return 0;
}
