/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Input: "METHOD /path content-type" and a line end, then the body. */
#include "fuzz.h"

#include "emu-rest.h"

#include "emulator-board.h"

#include <string.h>

/* Whatever was asked, there is an answer, and JSON is JSON. */
static void
check_answer (const EmuAnswer *answer)
{
  gsize size_bytes;
  const char *data;

  g_assert_cmpuint (answer->status, >=, 200);
  g_assert_cmpuint (answer->status, <=, 599);
  g_assert_nonnull (answer->body);
  data = g_bytes_get_data (answer->body, &size_bytes);
  if (g_str_equal (answer->content_type, "application/json"))
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LksJson) json =
          lks_json_parse ("answer", data, size_bytes, 16 * 1024 * 1024, &error);

      g_assert_no_error (error);
      g_assert_nonnull (json);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const guint8 *end = size > 0 ? memchr (data, '\n', size) : NULL;
  g_autofree char *line = end != NULL ? g_strndup ((const char *) data, end - data) : NULL;
  g_auto (GStrv) words = line != NULL ? g_strsplit (line, " ", 3) : NULL;
  EmuRequest request = { 0 };
  EmuAnswer answer;
  EmuBoard *board;

  if (words == NULL || words[0] == NULL || words[1] == NULL)
    return 0;

  board = fuzz_board_new ();
  request.method = words[0];
  request.path = words[1];
  request.content_type = words[2];
  request.body = g_bytes_new (end + 1, size - (gsize) (end + 1 - data));
  emu_rest_answer (board, &request, &answer);
  check_answer (&answer);
  emu_answer_clear (&answer);
  g_free (request.argument);
  g_bytes_unref (request.body);
  fuzz_board_free (board);
  return 0;
}
