/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device-csv.h"

#include "lks-cursor.h"
#include "lks-device-id.h"
#include "lks-whole-file.h"

#include <string.h>

#define CELL_MAX_BYTES 1024
#define CELLS_MAX 64
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* Which cell of a line is what; -1: none. */
typedef struct
{
  int device_id;
  int product;
  int group;
} Columns;

typedef struct
{
  const char *at;
  const char *end;
  guint line;
} Reader;

/**
 * lks_device_row_new:
 * @device_id: 128 digits, lower case
 * @product: (nullable): name of a product
 * @group: (nullable): name of a device group
 *
 * Returns: (transfer full): a row
 */
LksDeviceRow *
lks_device_row_new (const char *device_id, const char *product, const char *group)
{
  LksDeviceRow *self = g_new0 (LksDeviceRow, 1);

  self->device_id = g_strdup (device_id);
  self->product = g_strdup (product);
  self->group = g_strdup (group);
  return self;
}

/**
 * lks_device_row_free:
 * @self: (transfer full): a row
 */
void
lks_device_row_free (LksDeviceRow *self)
{
  g_free (self->device_id);
  g_free (self->product);
  g_free (self->group);
  g_free (self);
}

/* ---- lines and cells, RFC 4180 ---- */

static gboolean
set_error (GError **error, const Reader *reader, const char *message)
{
  g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID, "line %u: %s", reader->line,
               message);
  return FALSE;
}

static gboolean
is_end_of_cell (const Reader *reader)
{
  return reader->at == reader->end || memchr (",\r\n", *reader->at, 3) != NULL;
}

/* A doubled quotation mark stands for one. */
static gboolean
read_quoted (Reader *reader, GString *cell, GError **error)
{
  guint first_line = reader->line;

  for (reader->at++; reader->at < reader->end && cell->len <= CELL_MAX_BYTES; reader->at++)
    {
      if (*reader->at == '"')
        {
          if (reader->at + 1 == reader->end || reader->at[1] != '"')
            {
              reader->at++;
              return is_end_of_cell (reader) ||
                     set_error (error, reader, "something follows a quoted cell");
            }
          reader->at++;
        }
      reader->line += *reader->at == '\n';
      g_string_append_c (cell, *reader->at);
    }
  reader->line = first_line;
  return set_error (error, reader, "a quotation mark is not closed");
}

static gboolean
read_cell (Reader *reader, GPtrArray *cells, GError **error)
{
  g_autoptr (GString) cell = g_string_new (NULL);

  if (reader->at < reader->end && *reader->at == '"')
    {
      if (!read_quoted (reader, cell, error))
        return FALSE;
    }
  else
    for (; !is_end_of_cell (reader) && cell->len <= CELL_MAX_BYTES; reader->at++)
      g_string_append_c (cell, *reader->at);

  if (cell->len > CELL_MAX_BYTES || cells->len == CELLS_MAX)
    return set_error (error, reader, "a cell is too long, or there are too many");
  g_strstrip (cell->str);
  g_ptr_array_add (cells, g_strdup (cell->str));
  return TRUE;
}

/* One line, however many lines its quoted cells have. */
static gboolean
read_line (Reader *reader, GPtrArray *cells, GError **error)
{
  g_ptr_array_set_size (cells, 0);
  for (;;)
    {
      if (!read_cell (reader, cells, error))
        return FALSE;
      if (reader->at == reader->end || *reader->at != ',')
        break;
      reader->at++;
    }
  if (reader->at < reader->end && *reader->at == '\r')
    reader->at++;
  if (reader->at < reader->end && *reader->at == '\n')
    reader->at++;
  return TRUE;
}

/* ---- is it text at all? ---- */

static gboolean
is_utf_16 (const char *text, gsize size_bytes)
{
  return size_bytes >= 2 &&
         (memcmp (text, "\xff\xfe", 2) == 0 || memcmp (text, "\xfe\xff", 2) == 0 ||
          (text[0] == '\0') != (text[1] == '\0'));
}

/* Says about the byte @at in which line it stands. */
static gboolean
refuse_byte (const char *text, const char *at, const char *message, GError **error)
{
  Reader reader = { .line = 1 };

  for (; text < at; text++)
    reader.line += *text == '\n';
  return set_error (error, &reader, message);
}

/* A zero byte stands in no list; where one comes from decides what to do. */
static gboolean
check_is_text (const char *text, gsize size_bytes, GError **error)
{
  const char *zero = size_bytes > 0 ? memchr (text, '\0', size_bytes) : NULL;

  return zero == NULL ||
         refuse_byte (
             text, zero,
             is_utf_16 (text, size_bytes)
                 ? "this looks like UTF-16 text; save it as CSV in UTF-8"
                 : "there is a zero byte; the file may not have been written to its end, get "
                   "a complete copy of it",
             error);
}

/* ---- what the cells are ---- */

static const char *
get_cell (GPtrArray *cells, int column)
{
  const char *cell =
      column >= 0 && (guint) column < cells->len ? g_ptr_array_index (cells, column) : NULL;

  return cell != NULL && cell[0] != '\0' ? cell : NULL;
}

/* The vendor's own list for assigning devices has "DeviceId,ProductName,DeviceGroupName"; exports
 * of this program have "deviceId", "product" and "group" among others. */
static gboolean
read_heading (GPtrArray *cells, Columns *columns)
{
  *columns = (Columns){ -1, -1, -1 };
  for (guint i = 0; i < cells->len; i++)
    {
      const char *cell = g_ptr_array_index (cells, i);

      if (g_ascii_strcasecmp (cell, "DeviceId") == 0)
        columns->device_id = (int) i;
      else if (g_ascii_strcasecmp (cell, "ProductName") == 0 ||
               g_ascii_strcasecmp (cell, "product") == 0)
        columns->product = (int) i;
      else if (g_ascii_strcasecmp (cell, "DeviceGroupName") == 0 ||
               g_ascii_strcasecmp (cell, "group") == 0)
        columns->group = (int) i;
    }
  return columns->device_id >= 0;
}

static gboolean
is_empty (GPtrArray *cells)
{
  return cells->len == 1 && ((char *) g_ptr_array_index (cells, 0))[0] == '\0';
}

/* Where a device is named again without a place, nothing speaks against the one of before. */
static gboolean
is_same_place (const LksDeviceRow *row, const char *product, const char *group)
{
  return product == NULL ||
         (g_strcmp0 (row->product, product) == 0 && g_strcmp0 (row->group, group) == 0);
}

static gboolean
take_row (GPtrArray *rows,
          GHashTable *seen,
          const Reader *reader,
          GPtrArray *cells,
          const Columns *columns,
          GError **error)
{
  const char *cell = get_cell (cells, columns->device_id);
  g_autofree char *id = cell != NULL ? lks_device_id_normalize (cell, NULL) : NULL;
  const char *group = get_cell (cells, columns->group);
  LksDeviceRow *row;

  if (id == NULL)
    return set_error (error, reader, "expected a device ID of 128 hexadecimal digits");
  if ((cell = get_cell (cells, columns->product)) == NULL && group != NULL)
    return set_error (error, reader, "a device group is named without its product");
  if (!g_utf8_validate (cell != NULL ? cell : "", -1, NULL) ||
      !g_utf8_validate (group != NULL ? group : "", -1, NULL))
    return set_error (error, reader, "a name is not UTF-8; save the list as CSV in UTF-8");
  row = g_hash_table_lookup (seen, id);
  if (row != NULL)
    return is_same_place (row, cell, group) ||
           set_error (error, reader, "this device was named before, for another place");

  row = lks_device_row_new (id, cell, group);
  g_hash_table_insert (seen, row->device_id, row);
  g_ptr_array_add (rows, row);
  return TRUE;
}

/**
 * lks_device_csv_parse:
 * @text: comma-separated values (RFC 4180)
 * @size_bytes: how much
 * @error: return location for a [error@Lks.ParseError]
 *
 * Reads a list of devices. The first line may say what is in which column, `DeviceId` at least,
 * in any case; without such a line the first column has the device IDs. Empty lines are passed
 * over, and so is a device that was named before; for another place, that is an error. Everything
 * else that is no device is an error with its line, a zero byte as well: nothing is left out
 * silently.
 *
 * Returns: (transfer full) (element-type LksDeviceRow): the devices, at least one, or NULL with
 *   @error set
 */
GPtrArray *
lks_device_csv_parse (const char *text, gsize size_bytes, GError **error)
{
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lks_device_row_free);
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  Reader reader = { .at = text, .end = text + size_bytes, .line = 1 };
  Columns columns = { 0, -1, -1 };
  Columns named;

  if (size_bytes > LKS_DEVICE_CSV_BYTES_MAX)
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE,
                   "%" G_GSIZE_FORMAT " bytes are too many for a list of devices", size_bytes);
      return NULL;
    }
  if (!check_is_text (text, size_bytes, error))
    return NULL;
  if (size_bytes >= strlen (BYTE_ORDER_MARK) &&
      memcmp (text, BYTE_ORDER_MARK, strlen (BYTE_ORDER_MARK)) == 0)
    reader.at += strlen (BYTE_ORDER_MARK);

  for (gboolean is_first = TRUE; reader.at < reader.end; reader.line++)
    {
      if (!read_line (&reader, cells, error))
        return NULL;
      if (is_empty (cells))
        continue;
      if (is_first && read_heading (cells, &named))
        columns = named;
      else if (!take_row (rows, seen, &reader, cells, &columns, error))
        return NULL;
      is_first = FALSE;
    }
  if (rows->len > 0)
    return g_steal_pointer (&rows);
  g_set_error_literal (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID, "there is no device in it");
  return NULL;
}

/**
 * lks_device_csv_load:
 * @path: a file
 * @error: return location for a [error@Lks.ParseError] or a `G_IO_ERROR`
 *
 * lks_device_csv_parse() from a file. Blocks; any thread.
 *
 * Returns: (transfer full) (element-type LksDeviceRow): the devices, at least one, or NULL with
 *   @error set
 */
GPtrArray *
lks_device_csv_load (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = lks_whole_file_read (path, LKS_DEVICE_CSV_BYTES_MAX, NULL, error);
  g_autofree char *shown = g_filename_display_name (path);
  GPtrArray *rows;
  gsize size_bytes;
  const char *text;

  if (bytes == NULL)
    return NULL;
  text = g_bytes_get_data (bytes, &size_bytes);
  rows = lks_device_csv_parse (text, size_bytes, error);
  if (rows == NULL)
    g_prefix_error (error, "%s: ", shown);
  return rows;
}

/**
 * lks_device_csv_read:
 * @path: a file
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ParseError] or a `G_IO_ERROR`
 *
 * Reads a list for somebody who wants to see and change it. Whether it is one is not looked at, but
 * that it is text. Blocks; any thread.
 *
 * Returns: (transfer full): the text, UTF-8, at most %LKS_DEVICE_CSV_BYTES_MAX; or NULL with @error
 *   set
 */
char *
lks_device_csv_read (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) bytes =
      lks_whole_file_read (path, LKS_DEVICE_CSV_BYTES_MAX, cancellable, error);
  gsize size_bytes;
  const char *text;
  const char *end;

  if (bytes == NULL)
    return NULL;
  text = g_bytes_get_data (bytes, &size_bytes);
  if (size_bytes == 0)
    return g_strdup ("");
  if (!check_is_text (text, size_bytes, error))
    return NULL;
  if (g_utf8_validate_len (text, size_bytes, &end))
    return g_strndup (text, size_bytes);
  refuse_byte (text, end, "this is not UTF-8; save the list as CSV in UTF-8", error);
  return NULL;
}
