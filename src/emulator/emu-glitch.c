/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-glitch.h"

typedef struct
{
  EmuFault *fault;     /* (owned) */
  guint64 countdown;   /* bytes until it strikes */
  gboolean over;       /* it struck for the last time */
  gint64 stalls_until; /* 0: not now; G_MAXINT64: for ever */
  guint occasions;
  guint strikes;
} Glitch;

struct _EmuGlitches
{
  GRand *random;   /* (owned) */
  GPtrArray *list; /* (owned) (element-type Glitch) */
};

static void
glitch_free (gpointer data)
{
  Glitch *glitch = data;

  emu_fault_free (glitch->fault);
  g_free (glitch);
}

/**
 * emu_glitches_new:
 * @seed: of the random numbers; the same seed makes the same faults
 *
 * Returns: (transfer full): a line without faults
 */
EmuGlitches *
emu_glitches_new (guint32 seed)
{
  EmuGlitches *self = g_new0 (EmuGlitches, 1);

  self->random = g_rand_new_with_seed (seed);
  self->list = g_ptr_array_new_with_free_func (glitch_free);
  return self;
}

/**
 * emu_glitches_free:
 * @self: (transfer full) (nullable): the faults of a line
 */
void
emu_glitches_free (EmuGlitches *self)
{
  if (self == NULL)
    return;

  g_rand_free (self->random);
  g_ptr_array_unref (self->list);
  g_free (self);
}

/* Somewhere between 1 and twice the mean, so that faults do not beat in time with packets. */
static guint64
draw_distance (EmuGlitches *self, guint64 mean)
{
  return 1 + (guint64) (g_rand_double (self->random) * (2 * mean - 1));
}

static gboolean
is_recurring (EmuFaultKind kind)
{
  return kind == EMU_FAULT_DROP_BYTES || kind == EMU_FAULT_CORRUPT_BYTES ||
         kind == EMU_FAULT_DUPLICATE_BYTES;
}

/**
 * emu_glitches_add:
 * @self: the faults of a line
 * @fault: one of the line's kinds; others are ignored
 *
 * From now on this goes wrong, too.
 */
void
emu_glitches_add (EmuGlitches *self, const EmuFault *fault)
{
  Glitch *glitch;

  if (!emu_fault_is_line (fault))
    return;

  glitch = g_new0 (Glitch, 1);
  glitch->fault = emu_fault_copy (fault);
  glitch->countdown = is_recurring (fault->kind) ? draw_distance (self, MAX (fault->every_bytes, 1))
                                                 : fault->after_bytes;
  g_ptr_array_add (self->list, glitch);
}

/**
 * emu_glitches_clear:
 * @self: the faults of a line
 *
 * Nothing goes wrong from now on; a stall ends.
 */
void
emu_glitches_clear (EmuGlitches *self)
{
  g_ptr_array_set_size (self->list, 0);
}

static gboolean
looks_at (const Glitch *glitch, gboolean to_host)
{
  EmuFaultKind kind = glitch->fault->kind;

  if (kind == EMU_FAULT_UNPLUG || kind == EMU_FAULT_OVERRUN)
    return to_host;
  return is_recurring (kind) || kind == EMU_FAULT_STALL;
}

/* One byte on its way: 0, 1 or 2 bytes come out of it. */
typedef struct
{
  guint8 byte;
  guint copies;
  EmuGlitchEvents events;
} Passing;

static void
strike_once (Glitch *glitch, gint64 now_us, Passing *passing)
{
  const EmuFault *fault = glitch->fault;

  glitch->over = TRUE;
  if (fault->kind == EMU_FAULT_UNPLUG)
    passing->events |= EMU_GLITCH_UNPLUG;
  else if (fault->kind == EMU_FAULT_OVERRUN)
    {
      passing->events |= EMU_GLITCH_OVERRUN;
      passing->copies = 0;
    }
  else /* EMU_FAULT_STALL */
    {
      passing->events |= EMU_GLITCH_STALL;
      glitch->stalls_until =
          fault->duration_ms == 0 ? G_MAXINT64 : now_us + (gint64) fault->duration_ms * 1000;
    }
}

static void
strike (EmuGlitches *self, Glitch *glitch, gint64 now_us, Passing *passing)
{
  const EmuFault *fault = glitch->fault;

  if (!is_recurring (fault->kind))
    {
      strike_once (glitch, now_us, passing);
      return;
    }

  glitch->countdown = draw_distance (self, MAX (fault->every_bytes, 1));
  if (fault->kind == EMU_FAULT_DROP_BYTES)
    passing->copies = 0;
  else if (fault->kind == EMU_FAULT_DUPLICATE_BYTES)
    passing->copies = 2;
  else /* EMU_FAULT_CORRUPT_BYTES */
    passing->byte ^= 1u << g_rand_int_range (self->random, 0, 8);
}

/**
 * emu_glitches_pass:
 * @self: the faults of a line
 * @to_host: the direction
 * @in: bytes that go in at one end
 * @in_bytes: how many
 * @out: room for %EMU_GLITCH_OUT_MAX_BYTES (@in_bytes)
 * @now_us: monotonic time
 * @out_events: (out): what happened
 *
 * Sends bytes through the faults. With %EMU_GLITCH_UNPLUG the rest of the bytes is gone.
 *
 * Returns: how many bytes come out at the other end
 */
gsize
emu_glitches_pass (EmuGlitches *self,
                   gboolean to_host,
                   const guint8 *in,
                   gsize in_bytes,
                   guint8 *out,
                   gint64 now_us,
                   EmuGlitchEvents *out_events)
{
  EmuGlitchEvents events = 0;
  gsize n = 0;

  for (gsize i = 0; i < in_bytes && (events & EMU_GLITCH_UNPLUG) == 0; i++)
    {
      Passing passing = { .byte = in[i], .copies = 1 };

      for (guint k = 0; k < self->list->len; k++)
        {
          Glitch *glitch = g_ptr_array_index (self->list, k);

          if (glitch->over || !looks_at (glitch, to_host))
            continue;
          if (glitch->countdown <= 1)
            strike (self, glitch, now_us, &passing);
          else
            glitch->countdown--;
        }
      for (guint copy = 0; copy < passing.copies; copy++)
        out[n++] = passing.byte;
      events |= passing.events;
    }

  *out_events = events;
  return n;
}

/**
 * emu_glitches_get_stall:
 * @self: the faults of a line
 * @now_us: monotonic time
 *
 * Returns: until when nothing moves; 0 when it does
 */
gint64
emu_glitches_get_stall (EmuGlitches *self, gint64 now_us)
{
  gint64 until = 0;

  for (guint i = 0; i < self->list->len; i++)
    {
      const Glitch *glitch = g_ptr_array_index (self->list, i);

      if (glitch->stalls_until > now_us)
        until = MAX (until, glitch->stalls_until);
    }
  return until;
}

/**
 * emu_glitches_get_pace:
 * @self: the faults of a line
 * @bytes_per_second: the pace of the sound line, 0 for no limit
 *
 * Returns: the pace of the line as it is
 */
guint
emu_glitches_get_pace (EmuGlitches *self, guint bytes_per_second)
{
  for (guint i = 0; i < self->list->len; i++)
    {
      const EmuFault *fault = ((Glitch *) g_ptr_array_index (self->list, i))->fault;

      if (fault->kind == EMU_FAULT_SLOW_LINE &&
          (bytes_per_second == 0 || fault->bytes_per_second < bytes_per_second))
        bytes_per_second = fault->bytes_per_second;
    }
  return bytes_per_second;
}

/**
 * emu_glitches_strike:
 * @self: the faults of a line
 * @kind: a fault that strikes connections, not bytes
 *
 * Asks at every connection; counts "skip" and "times".
 *
 * Returns: whether the fault strikes this one
 */
gboolean
emu_glitches_strike (EmuGlitches *self, EmuFaultKind kind)
{
  for (guint i = 0; i < self->list->len; i++)
    {
      Glitch *glitch = g_ptr_array_index (self->list, i);

      if (glitch->fault->kind != kind || glitch->occasions++ < glitch->fault->skip ||
          (glitch->fault->times != EMU_FAULT_FOREVER && glitch->strikes >= glitch->fault->times))
        continue;

      glitch->strikes++;
      return TRUE;
    }
  return FALSE;
}
