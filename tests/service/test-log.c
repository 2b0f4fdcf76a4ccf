/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cursor.h"
#include "lks-log-writer.h"

#include <string.h>

#define BANK LKS_LOG_BANK_BYTES
#define ROOM (BANK - 4)

/* ---- making logs ---- */

#define ERASED -1

/* A log of @n empty banks with the counters given. */
static GByteArray *
make_banks (const int *counters, guint n)
{
  GByteArray *log = g_byte_array_new ();

  g_byte_array_set_size (log, n * BANK);
  memset (log->data, 0xff, log->len);
  for (guint i = 0; i < n; i++)
    if (counters[i] != ERASED)
      {
        guint8 *footer = log->data + i * BANK + ROOM;

        footer[0] = counters[i] & 0xff;
        footer[1] = (guint8) (counters[i] >> 8);
        footer[2] = footer[3] = 0;
      }
  return log;
}

static void
put_record_of (GByteArray *log,
               guint at,
               guint16 length,
               guint8 priority,
               guint16 category,
               guint16 message,
               guint32 time_ms)
{
  const guint8 header[12] = {
    length & 0xff,
    length >> 8,
    0,
    priority,
    category & 0xff,
    category >> 8,
    message & 0xff,
    message >> 8,
    time_ms & 0xff,
    time_ms >> 8 & 0xff,
    time_ms >> 16 & 0xff,
    time_ms >> 24,
  };

  memcpy (log->data + at, header, MIN (sizeof header, log->len - at));
}

static guint
put_record (GByteArray *log, guint at, guint16 message, guint32 time_ms)
{
  put_record_of (log, at, 12, LKS_LOG_PRIORITY_INFO, 2, message, time_ms);
  return at + 12;
}

static LksLogRing *
parse (GByteArray *log)
{
  g_autoptr (GBytes) bytes = g_bytes_new (log->data, log->len);
  g_autoptr (GError) error = NULL;
  LksLogRing *ring = lks_log_ring_parse (bytes, &error);

  g_assert_no_error (error);
  return ring;
}

/* The numbers of the messages, in the order in which they were read: "1 2 3". */
static char *
list_messages (LksLogRing *ring)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < lks_log_ring_get_length (ring); i++)
    g_string_append_printf (list, "%s%u", i == 0 ? "" : " ",
                            lks_log_ring_get_record (ring, i)->message);
  return g_string_free (list, FALSE);
}

/* ---- order of the banks ---- */

typedef struct
{
  const char *name;
  int counters[5];
  guint n;
  const char *order; /* bank i holds the message i + 1 */
  gboolean is_uncertain;
} Order;

static const Order orders[] = {
  { "one", { 7 }, 1, "1", FALSE },
  { "not-full-yet", { 1, 2, 3, ERASED, ERASED }, 5, "1 2 3", FALSE },
  { "wrapped", { 5, 6, 2, 3, 4 }, 5, "3 4 5 1 2", FALSE },
  { "wrapped-by-one", { 6, 2, 3, 4, 5 }, 5, "2 3 4 5 1", FALSE },
  { "in-order", { 11, 12, 13 }, 3, "1 2 3", FALSE },
  { "runs-over", { 65534, 65535, 0, 1 }, 4, "1 2 3 4", FALSE },
  { "runs-over-and-wraps", { 0, 1, 65533, 65534, 65535 }, 5, "3 4 5 1 2", FALSE },
  { "gap", { 4, 5, 9, 10 }, 4, "1 2 3 4", TRUE },
  { "twice-the-same", { 4, 4, 4 }, 3, "1 2 3", TRUE },
  { "shuffled", { 9, 3, 7 }, 3, "2 3 1", TRUE },
};

static void
test_order (gconstpointer data)
{
  const Order *order = data;
  g_autoptr (GByteArray) log = make_banks (order->counters, order->n);
  g_autoptr (LksLogRing) ring = NULL;
  g_autofree char *messages = NULL;

  for (guint i = 0; i < order->n; i++)
    if (order->counters[i] != ERASED)
      put_record (log, i * BANK, i + 1, 1000);

  ring = parse (log);
  messages = list_messages (ring);
  g_assert_cmpstr (messages, ==, order->order);
  g_assert_cmpuint (lks_log_ring_get_problems (ring), ==, order->is_uncertain ? 1 : 0);
  if (order->is_uncertain)
    g_assert_nonnull (strstr (lks_log_ring_get_problem (ring, 0)->message, "uncertain"));
}

/* ---- what a bank may hold ---- */

static void
test_fields (void)
{
  static const int counters[] = { 1 };
  g_autoptr (GByteArray) log = make_banks (counters, 1);
  g_autoptr (LksLogRing) ring = NULL;
  const LksLogRecord *record;

  put_record_of (log, 0, 16, LKS_LOG_PRIORITY_ERROR, 0x0201, 0x0403, 0x08070605);
  memcpy (log->data + 12, "\x0a\x0b\x0c\x0d", 4);
  put_record (log, 16, 9, 0x08070606);
  ring = parse (log);

  g_assert_cmpuint (lks_log_ring_get_length (ring), ==, 2);
  g_assert_cmpuint (lks_log_ring_get_problems (ring), ==, 0);
  record = lks_log_ring_get_record (ring, 0);
  g_assert_cmpuint (record->priority, ==, LKS_LOG_PRIORITY_ERROR);
  g_assert_cmpuint (record->category, ==, 0x0201);
  g_assert_cmpuint (record->message, ==, 0x0403);
  g_assert_cmpuint (record->time_ms, ==, 0x08070605);
  g_assert_cmpuint (record->offset_bytes, ==, 0);
  g_assert_cmpmem (record->parameters, record->n_parameter_bytes, "\x0a\x0b\x0c\x0d", 4);
  g_assert_cmpuint (lks_log_ring_get_record (ring, 1)->offset_bytes, ==, 16);
}

/* A bank is read up to its last 16 bytes; a record that ends with the room is whole. */
static void
test_end_of_bank (void)
{
  static const int counters[] = { 1, 2 };
  g_autoptr (GByteArray) log = make_banks (counters, 2);
  g_autoptr (LksLogRing) ring = NULL;
  g_autofree char *messages = NULL;

  put_record_of (log, 0, 4000, LKS_LOG_PRIORITY_INFO, 2, 1, 1);
  put_record_of (log, 4000, ROOM - 4000, LKS_LOG_PRIORITY_INFO, 2, 2, 1);
  put_record_of (log, BANK, 4080, LKS_LOG_PRIORITY_INFO, 2, 3, 1);
  put_record (log, BANK + 4080, 99, 1); /* too late: no record begins here */
  ring = parse (log);
  messages = list_messages (ring);
  g_assert_cmpstr (messages, ==, "1 2 3");
  g_assert_cmpuint (lks_log_ring_get_problems (ring), ==, 0);
}

typedef struct
{
  const char *name;
  guint at; /* where the wrong record stands, in the first of two banks */
  guint16 length;
  guint lost_bytes;
  const char *message;
} Wrong;

static const Wrong wrongs[] = {
  { "length-zero", 24, 0, ROOM - 24, "claims 0 bytes, less than its own header" },
  { "length-eleven", 24, 11, ROOM - 24, "claims 11 bytes, less than its own header" },
  { "past-the-bank", 24, ROOM - 24 + 1, ROOM - 24, "its bank ends before" },
  { "into-the-footer", 4079, 14, 13, "claims 14 bytes, its bank ends before" },
  { "huge", 24, 0xfffe, ROOM - 24, "claims 65534 bytes" },
};

/* What is wrong costs the rest of its bank, and no more. */
static void
test_wrong (gconstpointer data)
{
  static const int counters[] = { 1, 2 };
  const Wrong *wrong = data;
  g_autoptr (GByteArray) log = make_banks (counters, 2);
  g_autoptr (LksLogRing) ring = NULL;
  g_autofree char *messages = NULL;
  const LksLogProblem *problem;

  put_record_of (log, 0, wrong->at - 12, LKS_LOG_PRIORITY_INFO, 2, 1, 1);
  put_record (log, wrong->at - 12, 2, 1);
  put_record_of (log, wrong->at, wrong->length, LKS_LOG_PRIORITY_INFO, 2, 3, 1);
  put_record (log, BANK, 4, 1);
  ring = parse (log);
  messages = list_messages (ring);
  g_assert_cmpstr (messages, ==, "1 2 4");
  g_assert_cmpuint (lks_log_ring_get_problems (ring), ==, 1);
  problem = lks_log_ring_get_problem (ring, 0);
  g_assert_cmpuint (problem->n_before, ==, 2);
  g_assert_cmpuint (problem->offset_bytes, ==, wrong->at);
  g_assert_cmpuint (problem->lost_bytes, ==, wrong->lost_bytes);
  g_assert_nonnull (strstr (problem->message, wrong->message));
}

/* A log that was cut short is read up to its end, at every possible end. */
static void
test_cut (void)
{
  static const int counters[] = { 3, 1, 2 };
  g_autoptr (GByteArray) log = make_banks (counters, 3);

  for (guint bank = 0; bank < 3; bank++)
    put_record (log, put_record (log, bank * BANK, 10 * bank + 1, 1), 10 * bank + 2, 1);

  for (guint size = 2 * BANK + 1; size < 3 * BANK; size++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (log->data, size);
      g_autoptr (LksLogRing) ring = lks_log_ring_parse (bytes, NULL);
      guint whole = MIN (2, (size - 2 * BANK) / 12);
      guint left = size - 2 * BANK - 12 * whole;
      gboolean is_torn = whole < 2 ? left > 0 : left > 0 && left < 12;
      g_autofree char *messages = list_messages (ring);

      /* The cut bank is the one that follows the bank before it: 1, 2, then 3. */
      g_assert_cmpstr (messages, ==,
                       whole == 0   ? "11 12 1 2"
                       : whole == 1 ? "11 12 21 1 2"
                                    : "11 12 21 22 1 2");
      g_assert_cmpuint (lks_log_ring_get_problems (ring), ==, is_torn ? 2 : 1);
      g_assert_nonnull (strstr (lks_log_ring_get_problem (ring, 0)->message, "cut short"));
    }
}

static void
test_empty_and_huge (void)
{
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  g_autofree char *zeros = g_malloc0 (LKS_LOG_RING_MAX_BYTES + 1);
  g_autoptr (GBytes) most = g_bytes_new_static (zeros, LKS_LOG_RING_MAX_BYTES);
  g_autoptr (GBytes) too_much = g_bytes_new_static (zeros, LKS_LOG_RING_MAX_BYTES + 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksLogRing) empty = lks_log_ring_parse (nothing, &error);
  g_autoptr (LksLogRing) blank = lks_log_ring_parse (most, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (lks_log_ring_get_length (empty), ==, 0);
  g_assert_cmpuint (lks_log_ring_get_problems (empty), ==, 0);
  g_assert_cmpuint (lks_log_ring_get_length (blank), ==, 0);
  g_assert_cmpuint (lks_log_ring_get_problems (blank), ==, 1 + LKS_LOG_RING_MAX_BYTES / BANK);

  g_assert_null (lks_log_ring_parse (too_much, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE);
}

static void
test_starts (void)
{
  static const guint32 times_ms[] = { 800, 5000, 4200, 9000, 700, 650, 0xfffff000, 100, 200 };
  static const guint starts[] = { 0, 0, 0, 0, 1, 1, 1, 1, 1 };
  static const int counters[] = { 1 };
  g_autoptr (GByteArray) log = make_banks (counters, 1);
  g_autoptr (LksLogRing) ring = NULL;
  guint at = 0;

  for (guint i = 0; i < G_N_ELEMENTS (times_ms); i++)
    at = put_record (log, at, i, times_ms[i]);
  ring = parse (log);
  for (guint i = 0; i < G_N_ELEMENTS (times_ms); i++)
    g_assert_cmpuint (lks_log_ring_get_record (ring, i)->start, ==, starts[i]);
}

/* ---- words ---- */

static LksLogMessages *
load_definitions (const char *folder)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "log-definitions", folder, NULL);
  g_autoptr (GError) error = NULL;
  LksLogMessages *messages = lks_log_messages_load (path, &error);

  g_assert_no_error (error);
  return messages;
}

typedef struct
{
  const char *name;
  LksLogRecord record;
  const char *parameters;
  gsize size;
  const char *plain;   /* the line without definitions */
  const char *defined; /* the line with them */
} Line;

#define RECORD(priority_, category_, message_, time_)                                              \
  .record = {                                                                                      \
    .priority = (priority_), .category = (category_), .message = (message_), .time_ms = (time_)    \
  }
#define BYTES(literal) .parameters = (literal), .size = sizeof (literal) - 1

static const Line lines[] = {
  { "nothing", RECORD (4, 3, 1, 812), BYTES (""),
    "[    0.812000] Info appman_init(1):", "[    0.812000] Info appman_init(1):" },
  { "number", RECORD (4, 2, 1, 1044), BYTES ("\xe9\x03\0\0"),
    "[    1.044000] Info networkd(1): e9 03 00 00",
    "[    1.044000] Info networkd(1): The network service starts (uid: 1001)" },
  { "text", RECORD (4, 2, 78, 61000), BYTES ("Pump Room\0"),
    "[   61.000000] Info networkd(78): 50 75 6d 70 20 52 6f 6f 6d 00 |Pump Room.|",
    "[   61.000000] Info networkd(78): Connected to a network (SSID: Pump Room)" },
  { "each-kind", RECORD (2, 2, 500, 4294967295u),
    BYTES ("\xff\xff\xff\xff"
           "\xff\xff\xff\xff"
           "\xc0\xa8\x23\x02"
           "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10"
           "\x05\0\xa0\0"
           "a\0"
           "\x07\0\0\0"),
    NULL,
    "[4294967.295000] Error networkd(500): One of each (signed: -1, unsigned: 4294967295, "
    "address: 192.168.35.2, component: 04030201-0605-0807-090a-0b0c0d0e0f10, "
    "error: interface busy, try again (RestError/InterfaceIsBusy, 10485765), text: a, last: 7)" },
  { "defined-without-parameters", RECORD (3, 2, 501, 0), BYTES (""),
    "[    0.000000] Warning networkd(501):",
    "[    0.000000] Warning networkd(501): Nothing more to say" },
  { "too-many-parameters", RECORD (3, 2, 501, 0), BYTES ("\x01"), NULL,
    "[    0.000000] Warning networkd(501): Nothing more to say 01 [the record has more parameters "
    "than its definition]" },
  { "too-few-parameters", RECORD (4, 2, 1, 0), BYTES ("\x01\x02"), NULL,
    "[    0.000000] Info networkd(1): The network service starts 01 02 [the record ends before its "
    "parameters do]" },
  { "no-nul", RECORD (4, 2, 78, 0), BYTES ("Pump"), NULL,
    "[    0.000000] Info networkd(78): Connected to a network (SSID: Pump) [a text has no end]" },
  { "not-text", RECORD (4, 2, 78, 0), BYTES ("a\x1b[2J\xff\xc3\xa4\0"), NULL,
    "[    0.000000] Info networkd(78): Connected to a network (SSID: a\\x1b[2J\\xffä)" },
  { "unknown-message", RECORD (4, 2, 79, 0), BYTES ("\x01"), "[    0.000000] Info networkd(79): 01",
    "[    0.000000] Info networkd(79): 01" },
  { "unknown-category", RECORD (5, 99, 1, 0), BYTES (""),
    "[    0.000000] Debug category 99(1):", "[    0.000000] Debug category 99(1):" },
  { "unknown-priority", RECORD (9, 2, 501, 0), BYTES (""),
    "[    0.000000] priority 9 networkd(501):",
    "[    0.000000] priority 9 networkd(501): Nothing more to say" },
  { "key-in-json", RECORD (6, 6, 158, 0), BYTES ("{\"PSK\":\"secret\"}\0"),
    "[    0.000000] Trace gatewayd(158): (left out: it may hold a key or a password)", NULL },
  { "key-in-text", RECORD (6, 2, 78, 0), BYTES ("psk=secret\0"), NULL,
    "[    0.000000] Trace networkd(78): Connected to a network (SSID: (left out: it may hold a key "
    "or a password))" },
};

static void
test_line (gconstpointer data)
{
  const Line *line = data;
  g_autoptr (LksLogMessages) messages = load_definitions ("good");
  LksLogRecord record = line->record;
  g_autoptr (LksLogEntry) plain = NULL;
  g_autoptr (LksLogEntry) defined = NULL;
  g_autofree char *plain_line = NULL;
  g_autofree char *defined_line = NULL;

  record.parameters = (const guint8 *) line->parameters;
  record.n_parameter_bytes = (guint) line->size;
  plain = lks_log_entry_new (&record, NULL);
  defined = lks_log_entry_new (&record, messages);
  plain_line = lks_log_entry_to_line (plain);
  defined_line = lks_log_entry_to_line (defined);
  if (line->plain != NULL)
    g_assert_cmpstr (plain_line, ==, line->plain);
  if (line->defined != NULL)
    g_assert_cmpstr (defined_line, ==, line->defined);
}

static char *
write_log (LksLogRing *ring, const LksLogWish *wish, LksLogFormat format)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  g_assert_true (lks_log_write (ring, wish, format, stream, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_output_stream_write_all (stream, "", 1, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (stream));
}

static LksLogRing *
make_sample (void)
{
  static const int counters[] = { 1, 2 };
  g_autoptr (GByteArray) log = make_banks (counters, 2);

  put_record_of (log, 0, 12, LKS_LOG_PRIORITY_ERROR, 3, 1, 90000);
  put_record_of (log, 12, 5, LKS_LOG_PRIORITY_INFO, 3, 2, 90000);
  put_record_of (log, BANK, 12, LKS_LOG_PRIORITY_DEBUG, 3, 3, 812);
  put_record_of (log, BANK + 12, 12, LKS_LOG_PRIORITY_FATAL, 3, 4, 900);
  return parse (log);
}

static void
test_written (void)
{
  g_autoptr (LksLogRing) ring = make_sample ();
  const LksLogWish all = { 0 };
  const LksLogWish grave = { .least = LKS_LOG_PRIORITY_ERROR };
  g_autofree char *text = write_log (ring, &all, LKS_LOG_FORMAT_TEXT);
  g_autofree char *grave_text = write_log (ring, &grave, LKS_LOG_FORMAT_TEXT);
  g_autofree char *jsonl = write_log (ring, &all, LKS_LOG_FORMAT_JSONL);
  g_auto (GStrv) json_lines = g_strsplit (jsonl, "\n", -1);

  g_assert_cmpstr (text, ==,
                   "[   90.000000] Error appman_init(1):\n"
                   "# at byte 12: a record claims 5 bytes, less than its own header; 4080 bytes "
                   "could not be read\n"
                   "# the system started again\n"
                   "[    0.812000] Debug appman_init(3):\n"
                   "[    0.900000] Fatal appman_init(4):\n");
  g_assert_cmpstr (grave_text, ==,
                   "[   90.000000] Error appman_init(1):\n"
                   "# at byte 12: a record claims 5 bytes, less than its own header; 4080 bytes "
                   "could not be read\n"
                   "# the system started again\n"
                   "[    0.900000] Fatal appman_init(4):\n");

  g_assert_cmpuint (g_strv_length (json_lines), ==, 5); /* the last one is empty */
  g_assert_cmpstr (json_lines[0], ==,
                   "{\"timeMs\":90000,\"start\":0,\"priority\":\"Error\",\"priorityNumber\":2,"
                   "\"category\":\"appman_init\",\"categoryNumber\":3,\"message\":1,\"text\":null,"
                   "\"values\":[],\"rest\":null,\"remark\":null}");
  g_assert_nonnull (strstr (json_lines[1], "\"lostBytes\":4080"));
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (JsonNode) node = json_from_string (json_lines[i], NULL);

      g_assert_true (JSON_NODE_HOLDS_OBJECT (node));
    }
}

static void
test_json (void)
{
  g_autoptr (LksLogRing) ring = make_sample ();
  const LksLogWish grave = { .least = LKS_LOG_PRIORITY_ERROR };
  g_autoptr (JsonNode) node = lks_log_to_json (ring, &grave);
  JsonObject *object = json_node_get_object (node);
  JsonArray *records = json_object_get_array_member (object, "records");

  g_assert_cmpuint (json_array_get_length (records), ==, 2);
  g_assert_cmpint (json_object_get_int_member (json_array_get_object_element (records, 1), "start"),
                   ==, 1);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "problems")), ==,
                    1);
}

static void
test_raw_is_untouched (void)
{
  g_autoptr (LksLogRing) ring = make_sample ();
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GBytes) written = NULL;

  g_assert_true (lks_log_write (ring, NULL, LKS_LOG_FORMAT_RAW, stream, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  written = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
  g_assert_true (g_bytes_equal (written, lks_log_ring_get_bytes (ring)));
}

/* ---- definitions ---- */

static void
test_definitions (void)
{
  g_autoptr (LksLogMessages) good = load_definitions ("good");
  g_autoptr (LksLogMessages) vendor = load_definitions ("vendor");
  const LksLogMessage *message = lks_log_messages_find (good, 2, 78);

  g_assert_cmpuint (lks_log_messages_get_length (good), ==, 4);
  g_assert_cmpstr (lks_log_messages_get_category (good, 11), ==, "applaunch");
  g_assert_cmpstr (message->name, ==, "ConnectedToNewNetwork");
  g_assert_cmpuint (message->parameters->len, ==, 1);
  g_assert_null (lks_log_messages_find (good, 2, 79));
  g_assert_null (lks_log_messages_find (good, 3, 78));
  g_assert_cmpuint (lks_log_messages_get_length (vendor), ==, 4);
}

#define HEAD "{\"version\":\"1.0\",\"categoryId\":2,\"categoryName\":\"networkd\",\n\"msgIds\":["
#define TAIL "]}"

typedef struct
{
  const char *name;
  const char *text;
  const char *message;
} Refused;

static const Refused refuseds[] = {
  { "not-json", "{", "defs:1: " },
  { "no-object", "[]", "defs:1: " },
  { "other-version", "{\"version\":\"2.0\",\"categoryId\":2,\"categoryName\":\"x\",\"msgIds\":[]}",
    "defs:1: version “2.0”" },
  { "no-version", "{\"categoryId\":2,\"categoryName\":\"x\",\"msgIds\":[]}", "“version”" },
  { "unknown-member", "{\"version\":\"1.0\",\"more\":1}", "defs:1: “more” is not known here" },
  { "category-too-large",
    "{\"version\":\"1.0\",\"categoryId\":65536,\"categoryName\":\"x\",\"msgIds\":[]}", "defs:1: " },
  { "message-no-object", HEAD "\n7" TAIL, "defs:3: " },
  { "message-without-id", HEAD "{\"msgString\":\"x\"}" TAIL, "“msgId”" },
  { "message-without-text", HEAD "\n{\"msgId\":1}" TAIL, "“msgString”" },
  { "message-twice",
    HEAD "{\"msgId\":1,\"msgString\":\"x\"},\n{\"msgId\":1,\"msgString\":\"y\"}" TAIL,
    "defs:3: message 1 is defined twice" },
  { "message-unknown-member", HEAD "{\"msgId\":1,\"msgString\":\"x\",\n\"what\":0}" TAIL,
    "defs:3: “what”" },
  { "bad-priority", HEAD "{\"msgId\":1,\"msgString\":\"x\",\"msgPriority\":\"Loud\"}" TAIL,
    "“msgPriority”" },
  { "bad-type",
    HEAD "{\"msgId\":1,\"msgString\":\"x\",\n\"params\":[{\"paramName\":\"p\",\n"
         "\"paramType\":\"float\"}]}" TAIL,
    "defs:4: “paramType”" },
  { "parameter-without-name",
    HEAD "{\"msgId\":1,\"msgString\":\"x\",\"params\":[{\"paramType\":\"string\"}]}" TAIL,
    "“paramName”" },
};

static void
test_refused (gconstpointer data)
{
  const Refused *refused = data;
  g_autoptr (GError) error = NULL;

  g_assert_null (lks_log_messages_parse ("defs", refused->text, strlen (refused->text), &error));
  g_assert_error (error, LKS_PARSE_ERROR, error->code);
  if (strstr (error->message, refused->message) == NULL)
    g_error ("“%s” does not say “%s”", error->message, refused->message);
}

static char *
make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("lks-log-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

static void
put_file (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
remove_folder (const char *folder)
{
  const char *const command[] = { "rm", "-rf", folder, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
}

static void
test_refused_folders (void)
{
  g_autofree char *folder = make_folder ();
  g_autoptr (GError) error = NULL;

  g_assert_null (lks_log_messages_load ("/nowhere", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);

  put_file (folder, "readme.txt", "no definitions");
  g_assert_null (lks_log_messages_load (folder, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID);
  g_clear_error (&error);

  put_file (folder, "a.json", HEAD TAIL);
  put_file (folder, "b.json", HEAD "{\"msgId\":1,\"msgString\":\"x\"}" TAIL);
  g_assert_null (lks_log_messages_load (folder, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==, "b.json:1: category 2 is also defined in a.json");
  remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autofree char *path = g_strdup_printf ("/log/order/%s", orders[i].name);

      g_test_add_data_func (path, &orders[i], test_order);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (wrongs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/log/wrong/%s", wrongs[i].name);

      g_test_add_data_func (path, &wrongs[i], test_wrong);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *path = g_strdup_printf ("/log/line/%s", lines[i].name);

      g_test_add_data_func (path, &lines[i], test_line);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refuseds); i++)
    {
      g_autofree char *path = g_strdup_printf ("/log/definitions/refused/%s", refuseds[i].name);

      g_test_add_data_func (path, &refuseds[i], test_refused);
    }
  g_test_add_func ("/log/fields", test_fields);
  g_test_add_func ("/log/end-of-bank", test_end_of_bank);
  g_test_add_func ("/log/cut", test_cut);
  g_test_add_func ("/log/empty-and-huge", test_empty_and_huge);
  g_test_add_func ("/log/starts", test_starts);
  g_test_add_func ("/log/written", test_written);
  g_test_add_func ("/log/json", test_json);
  g_test_add_func ("/log/raw", test_raw_is_untouched);
  g_test_add_func ("/log/definitions/good", test_definitions);
  g_test_add_func ("/log/definitions/refused-folders", test_refused_folders);

  return g_test_run ();
}
