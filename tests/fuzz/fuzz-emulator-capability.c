/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Input: the value of the capability header. None can be signed by the right key. */
#include "fuzz.h"

#include "emu-board-private.h"

#include "emulator-board.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *header = g_strndup ((const char *) data, size);
  g_autofree char *encoded = g_base64_encode (data, size);
  EmuBoard *board = fuzz_board_new ();
  gboolean bad = FALSE;

  g_assert_cmpuint (emu_board_read_header (board, header, &bad), ==, 0);
  g_assert_true (bad);
  bad = FALSE;
  g_assert_cmpuint (emu_board_read_header (board, encoded, &bad), ==, 0);
  g_assert_true (bad);
  fuzz_board_free (board);
  return 0;
}
