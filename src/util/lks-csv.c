/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-csv.h"

#include <string.h>

/* Whether the next cell is the first of its line; else its comma is written. */
static gboolean
begin_cell (GString *line)
{
  if (line->len == 0 || line->str[line->len - 1] == '\n')
    return TRUE;

  g_string_append_c (line, ',');
  return FALSE;
}

static gboolean
is_formula (const char *text)
{
  return *text != '\0' && strchr ("=+-@\t\r", *text) != NULL;
}

static void
append_quoted (GString *line, const char *text)
{
  g_string_append_c (line, '"');
  if (is_formula (text))
    g_string_append_c (line, '\'');
  for (const char *quote = strchr (text, '"'); quote != NULL;
       text = quote + 1, quote = strchr (text, '"'))
    {
      g_string_append_len (line, text, quote + 1 - text);
      g_string_append_c (line, '"');
    }
  g_string_append (line, text);
  g_string_append_c (line, '"');
}

/**
 * lks_csv_append_cell:
 * @line: a line of a table, without its end
 * @text: (nullable): the next cell
 *
 * Appends a cell in quotation marks, with a comma before it unless it is the first (RFC 4180, 2). A
 * text that a spreadsheet would take for a formula gets an apostrophe in front: some of the texts
 * come from a board, or from anybody.
 */
void
lks_csv_append_cell (GString *line, const char *text)
{
  if (begin_cell (line) && text == NULL)
    text = ""; /* or the next cell would be the first */
  if (text != NULL)
    append_quoted (line, text);
}

/**
 * lks_csv_append_short_cell:
 * @line: a line of a table, without its end
 * @text: (nullable): the next cell
 *
 * lks_csv_append_cell() without the quotation marks where a text can do without them.
 */
void
lks_csv_append_short_cell (GString *line, const char *text)
{
  const gboolean is_first = begin_cell (line);
  const gboolean is_empty = text == NULL || *text == '\0';

  if (is_empty ? is_first : is_formula (text) || strpbrk (text, ",\"\r\n") != NULL)
    append_quoted (line, is_empty ? "" : text);
  else if (!is_empty)
    g_string_append (line, text);
}
