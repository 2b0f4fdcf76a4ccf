/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-gdb-runner.h"

#include <string.h>

/* The GDB remote serial protocol, as GDB's manual describes it: a packet is $PAYLOAD#CC with the
 * sum of the payload's bytes in two hex digits, answered by + or by - when the sum is wrong. */
#define ASK_WHY_IT_STOPPED "?"

static const char *const wishes[] = {
  [LKS_GDB_WISH_RUN] = "c",
  [LKS_GDB_WISH_DETACH] = "D",
  [LKS_GDB_WISH_KILL] = "k",
};

/* A line that damages this often what it carries is none; ours has checksums of its own. */
#define REPEAT_MAX 8

typedef enum
{
  EXPECT_PACKET,
  EXPECT_PAYLOAD,
  EXPECT_HIGH_DIGIT,
  EXPECT_LOW_DIGIT,
} Expect;

struct _LksGdbRunner
{
  LksGdbWish wish;
  LksGdbFunc func;
  gpointer user_data;
  Expect expect;
  GString *payload;  /* (owned) */
  guint8 sum;        /* of the payload so far */
  int told_sum;      /* -1 when it is no number */
  const char *asked; /* (nullable): what was asked last */
  guint n_repeated;
  gboolean has_wished;
};

/**
 * lks_gdb_runner_new:
 * @wish: what is wanted
 * @func: told what becomes of the program
 * @user_data: for @func
 *
 * Returns: (transfer full): a debugger
 */
LksGdbRunner *
lks_gdb_runner_new (LksGdbWish wish, LksGdbFunc func, gpointer user_data)
{
  LksGdbRunner *self = g_new0 (LksGdbRunner, 1);

  self->wish = wish;
  self->func = func;
  self->user_data = user_data;
  self->payload = g_string_new (NULL);
  return self;
}

/**
 * lks_gdb_runner_free:
 * @self: (transfer full) (nullable): a debugger
 */
void
lks_gdb_runner_free (LksGdbRunner *self)
{
  if (self == NULL)
    return;

  g_string_free (self->payload, TRUE);
  g_free (self);
}

static void
send_packet (LksGdbRunner *self, const char *payload, GByteArray *to_send)
{
  g_autofree char *packet = NULL;
  guint8 sum = 0;

  for (const char *at = payload; *at != '\0'; at++)
    sum = (guint8) (sum + (guint8) *at);
  packet = g_strdup_printf ("$%s#%02x", payload, sum);
  g_byte_array_append (to_send, (const guint8 *) packet, (guint) strlen (packet));
  self->asked = payload;
}

/**
 * lks_gdb_runner_ask:
 * @self: a debugger that has just been connected
 * @to_send: gets what is to be sent
 *
 * Begins: asks where the program stands. The wish is told when the answer says that it waits.
 */
void
lks_gdb_runner_ask (LksGdbRunner *self, GByteArray *to_send)
{
  g_byte_array_append (to_send, (const guint8 *) "+", 1);
  send_packet (self, ASK_WHY_IT_STOPPED, to_send);
}

static void
tell_wish (LksGdbRunner *self, GByteArray *to_send)
{
  self->has_wished = TRUE;
  send_packet (self, wishes[self->wish], to_send);
  self->func (LKS_GDB_NEWS_WISHED, 0, self->user_data);
}

/* Two hex digits after the letter; FALSE when there are none. */
static gboolean
read_number (const GString *packet, guint *out_number)
{
  const char *payload = packet->str;

  if (packet->len < 3 || !g_ascii_isxdigit (payload[1]) || !g_ascii_isxdigit (payload[2]))
    return FALSE;

  *out_number =
      (guint) (g_ascii_xdigit_value (payload[1]) * 16 + g_ascii_xdigit_value (payload[2]));
  return TRUE;
}

/* The first stop is the one in which the debug server holds the program. */
static void
take_packet (LksGdbRunner *self, GByteArray *to_send)
{
  const char *payload = self->payload->str;
  guint number;

  if (!read_number (self->payload, &number))
    return; /* text of the server, or an answer to what was not asked */

  switch (payload[0])
    {
    case 'S':
    case 'T':
      if (!self->has_wished)
        tell_wish (self, to_send);
      else
        self->func (LKS_GDB_NEWS_STOPPED, number, self->user_data);
      break;
    case 'W':
      self->func (LKS_GDB_NEWS_EXITED, number, self->user_data);
      break;
    case 'X':
      self->func (LKS_GDB_NEWS_KILLED, number, self->user_data);
      break;
    case 'E':
      self->func (LKS_GDB_NEWS_REFUSED, number, self->user_data);
      break;
    default:
      break;
    }
}

static void
end_packet (LksGdbRunner *self, GByteArray *to_send)
{
  gboolean is_whole = self->told_sum == self->sum;

  self->expect = EXPECT_PACKET;
  g_byte_array_append (to_send, (const guint8 *) (is_whole ? "+" : "-"), 1);
  if (is_whole)
    take_packet (self, to_send);
}

static void
begin_packet (LksGdbRunner *self)
{
  self->expect = EXPECT_PAYLOAD;
  self->sum = 0;
  g_string_truncate (self->payload, 0);
}

static void
take_between_packets (LksGdbRunner *self, guint8 byte, GByteArray *to_send)
{
  if (byte == '$')
    begin_packet (self);
  else if (byte == '-' && self->asked != NULL && self->n_repeated++ < REPEAT_MAX)
    send_packet (self, self->asked, to_send);
}

/* What is longer than any answer is counted, not kept. */
static void
take_payload (LksGdbRunner *self, guint8 byte)
{
  if (byte == '#')
    {
      self->expect = EXPECT_HIGH_DIGIT;
      return;
    }
  if (byte == '$')
    {
      begin_packet (self); /* the server begins anew */
      return;
    }

  self->sum = (guint8) (self->sum + byte);
  if (self->payload->len < LKS_GDB_PACKET_MAX_BYTES)
    g_string_append_c (self->payload, (char) byte);
}

static void
take_byte (LksGdbRunner *self, guint8 byte, GByteArray *to_send)
{
  switch (self->expect)
    {
    case EXPECT_PACKET:
      take_between_packets (self, byte, to_send);
      break;
    case EXPECT_PAYLOAD:
      take_payload (self, byte);
      break;
    case EXPECT_HIGH_DIGIT:
      self->told_sum = g_ascii_isxdigit (byte) ? g_ascii_xdigit_value ((char) byte) * 16 : -1;
      self->expect = EXPECT_LOW_DIGIT;
      break;
    case EXPECT_LOW_DIGIT:
      if (self->told_sum >= 0 && g_ascii_isxdigit (byte))
        self->told_sum += g_ascii_xdigit_value ((char) byte);
      else
        self->told_sum = -1;
      end_packet (self, to_send);
      break;
    }
}

/**
 * lks_gdb_runner_feed:
 * @self: a debugger
 * @data: (array length=size_bytes): what the debug server said, in pieces of any size
 * @size_bytes: how much
 * @to_send: gets what is to be sent
 *
 * Takes more of what the debug server says.
 */
void
lks_gdb_runner_feed (LksGdbRunner *self, const guint8 *data, gsize size_bytes, GByteArray *to_send)
{
  for (gsize i = 0; i < size_bytes; i++)
    take_byte (self, data[i], to_send);
}

/**
 * lks_gdb_signal_to_name:
 * @number: a signal as debug servers number them, which is not as the system does
 *
 * Returns: (nullable): its name, such as "SIGSEGV"
 */
const char *
lks_gdb_signal_to_name (guint number)
{
  static const char *const names[] = {
    NULL,     "SIGHUP",  "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGEMT",
    "SIGFPE", "SIGKILL", "SIGBUS", "SIGSEGV", "SIGSYS", "SIGPIPE", "SIGALRM", "SIGTERM",
  };

  return number < G_N_ELEMENTS (names) ? names[number] : NULL;
}
