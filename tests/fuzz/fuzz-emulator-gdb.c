/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "emu-gdb.h"

static void
wish_cb (EmuGdbWish wish, gpointer user_data)
{
  (*(guint *) user_data)++;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  guint wishes = 0;
  g_autoptr (EmuGdb) gdb = emu_gdb_new (wish_cb, &wishes);
  g_autoptr (GByteArray) reply = g_byte_array_new ();

  /* In two pieces: a packet may come in any. */
  emu_gdb_feed (gdb, data, size / 2, reply);
  emu_gdb_feed (gdb, data + size / 2, size - size / 2, reply);
  g_assert_cmpuint (wishes, <=, size);
  return 0;
}
