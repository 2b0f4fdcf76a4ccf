/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-log-ring.h"

#include "lks-cursor.h"

/* Layout, as the vendor's open-source log parser reads it: banks of 4096 bytes, the last four of
 * which are a u16 counter and a u16 status. A record is a header (u16 length with the header, u8
 * unused, u8 priority, u16 category, u16 message, u32 milliseconds since the start) and its
 * parameters; it neither begins in the last 16 bytes of a bank nor crosses its end. Length 0xFFFF:
 * nothing more in this bank. */
#define HEADER_BYTES 12
#define FOOTER_BYTES 4
#define ROOM_BYTES (LKS_LOG_BANK_BYTES - FOOTER_BYTES)
#define NOTHING_MORE 0xffff

/* Services write side by side, so a record may be a little older than the one before it. */
#define DISORDER_MAX_MS 1000

/* The board's clock runs over after 49.7 days. */
#define RUNS_OVER_MS (60u * 60 * 1000)

struct _LksLogRing
{
  gatomicrefcount refs;
  GBytes *bytes;     /* (owned) */
  GArray *records;   /* (owned) (element-type LksLogRecord): in the order of time */
  GArray *problems;  /* (owned) (element-type LksLogProblem) */
  guint start;       /* while parsing: the present start of the system */
  guint32 latest_ms; /* while parsing: the time of the record before */
};

G_DEFINE_BOXED_TYPE (LksLogRing, lks_log_ring, lks_log_ring_ref, lks_log_ring_unref)

G_DEFINE_ENUM_TYPE (LksLogPriority,
                    lks_log_priority,
                    G_DEFINE_ENUM_VALUE (LKS_LOG_PRIORITY_NONE, "None"),
                    G_DEFINE_ENUM_VALUE (LKS_LOG_PRIORITY_FATAL, "Fatal"),
                    G_DEFINE_ENUM_VALUE (LKS_LOG_PRIORITY_ERROR, "Error"),
                    G_DEFINE_ENUM_VALUE (LKS_LOG_PRIORITY_WARNING, "Warning"),
                    G_DEFINE_ENUM_VALUE (LKS_LOG_PRIORITY_INFO, "Info"),
                    G_DEFINE_ENUM_VALUE (LKS_LOG_PRIORITY_DEBUG, "Debug"),
                    G_DEFINE_ENUM_VALUE (LKS_LOG_PRIORITY_TRACE, "Trace"))

/* The numbers of the services (the vendor's published message definitions). */
static const char *const category_names[] = {
  [2] = "networkd",
  [3] = "appman_init",
  [4] = "netsocket",
  [5] = "testagentd",
  [6] = "gatewayd",
  [7] = "appman",
  [8] = "appmanifest",
  [9] = "rftest_server",
  [10] = "azured",
  [11] = "applaunch",
  [12] = "deviceauth",
  [13] = "firewall",
  [14] = "uidmap",
  [15] = "ipc",
  [16] = "appman_apps",
  [17] = "appman_handlers",
  [18] = "appman_permissions",
  [19] = "appman_util",
  [20] = "rebooter",
  [21] = "quota",
  [22] = "netconfig",
  [24] = "spi",
  [25] = "i2c",
  [26] = "firewall_rules",
  [28] = "adctool",
  [29] = "httpd",
  [30] = "certstorage",
  [31] = "appman_sysevent",
  [32] = "peripheral",
  [33] = "skuser",
  [34] = "libwifi",
  [35] = "async_request",
};

/* One bank as it lies in the log. */
typedef struct
{
  guint offset_bytes;
  guint size_bytes; /* less than a bank at the end of a log that was cut short */
  guint16 counter;
  guint16 status;
} Bank;

typedef struct
{
  guint16 length;
  guint8 priority;
  guint16 category;
  guint16 message;
  guint32 time_ms;
} Header;

static void
problem_clear (gpointer problem)
{
  g_free (((LksLogProblem *) problem)->message);
}

static void G_GNUC_PRINTF (4, 5)
    add_problem (LksLogRing *self, guint offset_bytes, guint lost_bytes, const char *format, ...)
{
  LksLogProblem problem = {
    .n_before = self->records->len,
    .offset_bytes = offset_bytes,
    .lost_bytes = lost_bytes,
  };
  va_list values;

  va_start (values, format);
  problem.message = g_strdup_vprintf (format, values);
  va_end (values);
  g_array_append_val (self->problems, problem);
}

static gboolean
read_header (LksCursor *cursor, Header *out_header)
{
  guint8 unused;

  return lks_cursor_read_u16le (cursor, &out_header->length, NULL) &&
         lks_cursor_read_u8 (cursor, &unused, NULL) &&
         lks_cursor_read_u8 (cursor, &out_header->priority, NULL) &&
         lks_cursor_read_u16le (cursor, &out_header->category, NULL) &&
         lks_cursor_read_u16le (cursor, &out_header->message, NULL) &&
         lks_cursor_read_u32le (cursor, &out_header->time_ms, NULL);
}

/* A clock that goes back has been started anew. */
static void
count_starts (LksLogRing *self, guint32 time_ms)
{
  gboolean runs_over = self->latest_ms > G_MAXUINT32 - RUNS_OVER_MS && time_ms < RUNS_OVER_MS;

  gboolean goes_back = (gint64) time_ms + DISORDER_MAX_MS < self->latest_ms;

  if (goes_back && !runs_over)
    self->start++;
  if (goes_back || time_ms > self->latest_ms)
    self->latest_ms = time_ms;
}

static void
add_record (LksLogRing *self, const Header *header, guint offset_bytes, const guint8 *parameters)
{
  LksLogRecord record = {
    .time_ms = header->time_ms,
    .priority = header->priority,
    .category = header->category,
    .message = header->message,
    .offset_bytes = offset_bytes,
    .parameters = parameters,
    .n_parameter_bytes = header->length - HEADER_BYTES,
  };

  count_starts (self, header->time_ms);
  record.start = self->start;
  g_array_append_val (self->records, record);
}

/* Whether the record at the cursor was read; a problem is noted, the end of the bank is not. */
static gboolean
read_record (LksLogRing *self, const Bank *bank, LksCursor *cursor)
{
  gsize start = cursor->pos;
  guint at = bank->offset_bytes + (guint) start;
  guint left = (guint) lks_cursor_get_left (cursor);
  const guint8 *parameters;
  Header header;

  if (start >= LKS_LOG_BANK_BYTES - HEADER_BYTES - FOOTER_BYTES || left == 0)
    return FALSE;
  if (!read_header (cursor, &header))
    {
      add_problem (self, at, left, "the log ends within a record's header");
      return FALSE;
    }
  if (header.length == NOTHING_MORE)
    return FALSE;
  if (header.length < HEADER_BYTES)
    {
      add_problem (self, at, left, "a record claims %u bytes, less than its own header",
                   header.length);
      return FALSE;
    }
  if (!lks_cursor_read (cursor, header.length - HEADER_BYTES, &parameters, NULL))
    {
      add_problem (self, at, left,
                   bank->size_bytes < LKS_LOG_BANK_BYTES
                       ? "a record claims %u bytes, the log ends before"
                       : "a record claims %u bytes, its bank ends before",
                   header.length);
      return FALSE;
    }

  add_record (self, &header, at, parameters);
  return TRUE;
}

static void
read_bank (LksLogRing *self, const Bank *bank)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (self->bytes, &size);
  LksCursor cursor;

  lks_cursor_init (&cursor, data + bank->offset_bytes, MIN (bank->size_bytes, ROOM_BYTES));
  while (read_record (self, bank, &cursor))
    ;
}

/* An erased bank says nothing, and its counter nothing about its age. */
static gboolean
is_erased (LksCursor cursor, const Bank *bank)
{
  guint16 length = 0;

  return lks_cursor_seek (&cursor, bank->offset_bytes, NULL) &&
         lks_cursor_read_u16le (&cursor, &length, NULL) && length == NOTHING_MORE &&
         bank->counter == 0xffff && bank->status == 0xffff;
}

/* The last bank of a log that was cut short has lost its counter; likely it follows the one
 * before it. */
static void
note_cut_bank (LksLogRing *self, GArray *banks, Bank *bank)
{
  if (banks->len > 0)
    bank->counter = g_array_index (banks, Bank, banks->len - 1).counter + 1;
  add_problem (self, bank->offset_bytes + bank->size_bytes, 0,
               "the log was cut short: its last bank has %u bytes instead of %d", bank->size_bytes,
               LKS_LOG_BANK_BYTES);
}

/* The banks that hold something, in the order in which they lie. */
static GArray *
list_banks (LksLogRing *self)
{
  GArray *banks = g_array_new (FALSE, FALSE, sizeof (Bank));
  LksCursor cursor;

  lks_cursor_init_bytes (&cursor, self->bytes);
  for (guint offset = 0; offset < cursor.size; offset += LKS_LOG_BANK_BYTES)
    {
      Bank bank = { .offset_bytes = offset,
                    .size_bytes = MIN (LKS_LOG_BANK_BYTES, (guint) cursor.size - offset) };

      if (lks_cursor_seek (&cursor, offset + ROOM_BYTES, NULL) &&
          lks_cursor_read_u16le (&cursor, &bank.counter, NULL) &&
          lks_cursor_read_u16le (&cursor, &bank.status, NULL))
        {
          if (is_erased (cursor, &bank))
            continue;
        }
      else
        note_cut_bank (self, banks, &bank);
      g_array_append_val (banks, bank);
    }
  return banks;
}

static guint
find_smallest (GArray *banks)
{
  guint smallest = 0;

  for (guint i = 1; i < banks->len; i++)
    if (g_array_index (banks, Bank, i).counter < g_array_index (banks, Bank, smallest).counter)
      smallest = i;
  return smallest;
}

/* Counters follow each other around the ring, also when they run over from 65535 to 0; the one
 * place where they do not is where the newest bank meets the oldest. With more such places the
 * order is a guess: the smallest counter first, as the vendor's parser always takes it. */
static guint
find_oldest (LksLogRing *self, GArray *banks)
{
  guint oldest = 0;
  guint n_breaks = 0;

  for (guint i = 0; i < banks->len; i++)
    {
      guint next = (i + 1) % banks->len;
      guint16 expected = g_array_index (banks, Bank, i).counter + 1;

      if (g_array_index (banks, Bank, next).counter == expected)
        continue;
      oldest = next;
      n_breaks++;
    }
  if (n_breaks <= 1)
    return oldest;

  oldest = find_smallest (banks);
  add_problem (self, g_array_index (banks, Bank, oldest).offset_bytes, 0,
               "the counters of the %u banks do not follow each other: the order of time is "
               "uncertain",
               banks->len);
  return oldest;
}

/**
 * lks_log_ring_parse:
 * @bytes: a log as `GET /log` returned it
 * @error: return location for a [error@Lks.ParseError]
 *
 * Takes a log apart. What is wrong inside it is noted as a problem and skipped; only a log that
 * is too large is an error. Pure; any thread. Source: the vendor's open-source log parser.
 *
 * Returns: (transfer full): the log, or NULL with @error set
 */
LksLogRing *
lks_log_ring_parse (GBytes *bytes, GError **error)
{
  g_autoptr (LksLogRing) self = NULL;
  g_autoptr (GArray) banks = NULL;
  guint oldest;

  if (g_bytes_get_size (bytes) > LKS_LOG_RING_MAX_BYTES)
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE,
                   "a log of %" G_GSIZE_FORMAT " bytes, at most %d are accepted",
                   g_bytes_get_size (bytes), LKS_LOG_RING_MAX_BYTES);
      return NULL;
    }

  self = g_new0 (LksLogRing, 1);
  g_atomic_ref_count_init (&self->refs);
  self->bytes = g_bytes_ref (bytes);
  self->records = g_array_new (FALSE, FALSE, sizeof (LksLogRecord));
  self->problems = g_array_new (FALSE, FALSE, sizeof (LksLogProblem));
  g_array_set_clear_func (self->problems, problem_clear);

  banks = list_banks (self);
  oldest = banks->len > 0 ? find_oldest (self, banks) : 0;
  for (guint i = 0; i < banks->len; i++)
    read_bank (self, &g_array_index (banks, Bank, (oldest + i) % banks->len));
  return g_steal_pointer (&self);
}

/**
 * lks_log_ring_ref:
 * @self: a log
 *
 * Returns: (transfer full): @self
 */
LksLogRing *
lks_log_ring_ref (LksLogRing *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * lks_log_ring_unref:
 * @self: (transfer full): a log
 */
void
lks_log_ring_unref (LksLogRing *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_bytes_unref (self->bytes);
  g_array_unref (self->records);
  g_array_unref (self->problems);
  g_free (self);
}

/**
 * lks_log_ring_get_bytes:
 * @self: a log
 *
 * Returns: (transfer none): the log as it came
 */
GBytes *
lks_log_ring_get_bytes (LksLogRing *self)
{
  return self->bytes;
}

/**
 * lks_log_ring_get_length:
 * @self: a log
 *
 * Returns: how many records it holds
 */
guint
lks_log_ring_get_length (LksLogRing *self)
{
  return self->records->len;
}

/**
 * lks_log_ring_get_record:
 * @self: a log
 * @index: less than lks_log_ring_get_length()
 *
 * Returns: (transfer none): a record, the oldest first
 */
const LksLogRecord *
lks_log_ring_get_record (LksLogRing *self, guint index)
{
  g_return_val_if_fail (index < self->records->len, NULL);

  return &g_array_index (self->records, LksLogRecord, index);
}

/**
 * lks_log_ring_get_problems:
 * @self: a log
 *
 * Returns: how many places of it are not as they must be
 */
guint
lks_log_ring_get_problems (LksLogRing *self)
{
  return self->problems->len;
}

/**
 * lks_log_ring_get_problem:
 * @self: a log
 * @index: less than lks_log_ring_get_problems()
 *
 * Returns: (transfer none): a problem, in the order of the records
 */
const LksLogProblem *
lks_log_ring_get_problem (LksLogRing *self, guint index)
{
  g_return_val_if_fail (index < self->problems->len, NULL);

  return &g_array_index (self->problems, LksLogProblem, index);
}

/**
 * lks_log_category_get_name:
 * @category: the number of a category
 *
 * Returns: (transfer none) (nullable): the name of the service, NULL for one not known here
 */
const char *
lks_log_category_get_name (guint category)
{
  return category < G_N_ELEMENTS (category_names) ? category_names[category] : NULL;
}
