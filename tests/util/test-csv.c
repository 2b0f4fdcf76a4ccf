/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-csv.h"

#include <string.h>

typedef void (*Append) (GString *line, const char *text);

static void
assert_line (Append append, const char *const cells[3], const char *expected)
{
  g_autoptr (GString) text = g_string_new ("heading\r\n");

  for (guint i = 0; i < 3; i++)
    append (text, cells[i]);
  g_assert_cmpstr (text->str + strlen ("heading\r\n"), ==, expected);
}

static void
test_cells (void)
{
  static const struct
  {
    const char *cells[3];
    const char *quoted;
    const char *terse;
  } rows[] = {
    { { "a", "b", "c" }, "\"a\",\"b\",\"c\"", "a,b,c" },
    { { "a", NULL, "" }, "\"a\",,\"\"", "a,," },
    { { NULL, "b", NULL }, "\"\",\"b\",", "\"\",b," },
    { { "", "b", "c" }, "\"\",\"b\",\"c\"", "\"\",b,c" },
    { { "a \"b\"", "c,d", "e\nf" },
      "\"a \"\"b\"\"\",\"c,d\",\"e\nf\"",
      "\"a \"\"b\"\"\",\"c,d\",\"e\nf\"" },
    { { "=1+1", "-2", "1-2" }, "\"'=1+1\",\"'-2\",\"1-2\"", "\"'=1+1\",\"'-2\",1-2" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      assert_line (lks_csv_append_cell, rows[i].cells, rows[i].quoted);
      assert_line (lks_csv_append_short_cell, rows[i].cells, rows[i].terse);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/csv/cells", test_cells);
  return g_test_run ();
}
