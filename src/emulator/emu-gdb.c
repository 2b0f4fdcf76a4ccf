/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-gdb.h"

#include <string.h>

/* Source: "GDB Remote Serial Protocol", appendix of the GDB manual. */
#define INTERRUPT 0x03
#define REGISTER_BYTES 168 /* sixteen of four, eight of twelve, and two status words */
#define MEMORY_MAX_BYTES 1024
#define STOPPED_BY_TRAP "S05"
#define STOPPED_BY_INTERRUPT "S02"

typedef enum
{
  IN_NOTHING,
  IN_PACKET,
  IN_CHECKSUM_1,
  IN_CHECKSUM_2,
} Place;

struct _EmuGdb
{
  EmuGdbFunc func;
  gpointer user_data;
  Place place;
  GString *packet; /* (owned) */
  guint8 sum;      /* of what was received */
  guint8 wanted;   /* as the debugger says */
  gboolean no_ack;
};

static void
append_text (GByteArray *reply, const char *text)
{
  g_byte_array_append (reply, (const guint8 *) text, strlen (text));
}

static void
send_packet (GByteArray *reply, const char *text)
{
  g_autofree char *end = NULL;
  guint8 sum = 0;

  for (const char *c = text; *c != '\0'; c++)
    sum += (guint8) *c;
  end = g_strdup_printf ("#%02x", sum);
  append_text (reply, "$");
  append_text (reply, text);
  append_text (reply, end);
}

static void
send_zeros (GByteArray *reply, guint64 size_bytes)
{
  g_autofree char *zeros = g_strnfill (2 * MIN (size_bytes, MEMORY_MAX_BYTES), '0');

  send_packet (reply, zeros);
}

/* "m ADDRESS,LENGTH" */
static void
send_memory (GByteArray *reply, const char *arguments)
{
  const char *comma = strchr (arguments, ',');

  if (comma == NULL)
    send_packet (reply, "E01");
  else
    send_zeros (reply, g_ascii_strtoull (comma + 1, NULL, 16));
}

static void
answer_query (EmuGdb *self, const char *packet, GByteArray *reply)
{
  static const struct
  {
    const char *prefix;
    const char *answer;
  } answers[] = {
    { "qSupported", "PacketSize=1000;QStartNoAckMode+;vContSupported+" },
    { "QStartNoAckMode", "OK" },
    { "qAttached", "0" }, /* the program was started for this */
    { "qC", "QC1" },
    { "qfThreadInfo", "m1" },
    { "qsThreadInfo", "l" },
    { "vCont?", "vCont;c;C;s;S" },
    { "vKill", "OK" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    if (g_str_has_prefix (packet, answers[i].prefix))
      {
        send_packet (reply, answers[i].answer);
        return;
      }

  send_packet (reply, ""); /* not known, which every debugger takes */
}

static gboolean
is_one_of (const char *packet, const char *const *prefixes)
{
  for (gsize i = 0; prefixes[i] != NULL; i++)
    if (g_str_has_prefix (packet, prefixes[i]))
      return TRUE;

  return FALSE;
}

static void
answer (EmuGdb *self, const char *packet, GByteArray *reply)
{
  static const char *const run[] = { "vCont;c", "vCont;C", "c", "C", NULL };
  static const char *const step[] = { "vCont;s", "vCont;S", "s", "S", NULL };
  static const char *const set[] = { "H", "G", "P", "M", "X", "T", NULL };

  if (is_one_of (packet, run))
    self->func (EMU_GDB_RUN, self->user_data);
  else if (is_one_of (packet, step) || packet[0] == '?')
    send_packet (reply, STOPPED_BY_TRAP);
  else if (packet[0] == 'g')
    send_zeros (reply, REGISTER_BYTES);
  else if (packet[0] == 'm')
    send_memory (reply, packet + 1);
  else if (is_one_of (packet, set))
    send_packet (reply, "OK");
  else if (packet[0] == 'D')
    {
      send_packet (reply, "OK");
      self->func (EMU_GDB_DETACH, self->user_data);
    }
  else
    {
      gboolean kill = packet[0] == 'k' || g_str_has_prefix (packet, "vKill");

      if (packet[0] != 'k')
        answer_query (self, packet, reply);
      if (kill)
        self->func (EMU_GDB_KILL, self->user_data);
    }
}

static void
end_packet (EmuGdb *self, GByteArray *reply)
{
  gboolean is_whole = self->sum == self->wanted;
  gboolean stops_acks = g_str_has_prefix (self->packet->str, "QStartNoAckMode");

  if (!self->no_ack)
    append_text (reply, is_whole ? "+" : "-");
  if (is_whole)
    answer (self, self->packet->str, reply);
  self->no_ack |= is_whole && stops_acks;
}

static void
feed_byte (EmuGdb *self, guint8 byte, GByteArray *reply)
{
  switch (self->place)
    {
    case IN_NOTHING:
      if (byte == INTERRUPT)
        {
          self->func (EMU_GDB_HALT, self->user_data);
          send_packet (reply, STOPPED_BY_INTERRUPT);
        }
      else if (byte == '$')
        {
          g_string_truncate (self->packet, 0);
          self->sum = 0;
          self->place = IN_PACKET;
        }
      break; /* acknowledgements and rubbish */
    case IN_PACKET:
      if (byte == '#')
        self->place = IN_CHECKSUM_1;
      else if (byte == '$' || self->packet->len >= EMU_GDB_PACKET_MAX_BYTES)
        self->place = IN_NOTHING;
      else
        {
          g_string_append_c (self->packet, byte != '\0' ? (char) byte : '?');
          self->sum += byte;
        }
      break;
    case IN_CHECKSUM_1:
      self->wanted = (guint8) (g_ascii_xdigit_value ((char) byte) << 4);
      self->place = IN_CHECKSUM_2;
      break;
    case IN_CHECKSUM_2:
      self->wanted |= (guint8) g_ascii_xdigit_value ((char) byte);
      self->place = IN_NOTHING;
      end_packet (self, reply);
      break;
    }
}

/**
 * emu_gdb_new:
 * @func: called for what the debugger wants, from within emu_gdb_feed()
 * @user_data: for @func
 *
 * Returns: (transfer full): the board's end of a new connection
 */
EmuGdb *
emu_gdb_new (EmuGdbFunc func, gpointer user_data)
{
  EmuGdb *self = g_new0 (EmuGdb, 1);

  self->func = func;
  self->user_data = user_data;
  self->packet = g_string_new (NULL);
  return self;
}

/**
 * emu_gdb_free:
 * @self: (transfer full) (nullable): an end
 */
void
emu_gdb_free (EmuGdb *self)
{
  if (self == NULL)
    return;

  g_string_free (self->packet, TRUE);
  g_free (self);
}

/**
 * emu_gdb_feed:
 * @self: an end
 * @data: bytes from the debugger
 * @size_bytes: how many
 * @reply: gets what is to be sent back
 */
void
emu_gdb_feed (EmuGdb *self, const guint8 *data, gsize size_bytes, GByteArray *reply)
{
  for (gsize i = 0; i < size_bytes; i++)
    feed_byte (self, data[i], reply);
}

/**
 * emu_gdb_report:
 * @self: an end
 * @stop: what happened to the program, such as "W00" for its end
 * @reply: gets what is to be sent
 */
void
emu_gdb_report (EmuGdb *self, const char *stop, GByteArray *reply)
{
  send_packet (reply, stop);
}
