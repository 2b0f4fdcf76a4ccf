/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-cloud-rows.h"

#include "lks-cli-json-list.h"
#include "lks-cli-output.h"
#include "lks-cloud-line.h"

#include <stdio.h>
#include <string.h>

/* So many rows are measured together; then they are printed. */
#define TABLE_ROWS 200
#define COLUMNS_MAX 16
#define SHORT_ID_CHARACTERS 20

struct _LksCliRows
{
  const LksCloudKind *kind;
  LksCliJsonList list;
  gboolean json;
  gboolean csv;
  LksCliTable *table; /* (owned) (nullable) */
  guint n_rows;
};

/* ---- one resource ---- */

static void
print_line (const char *label, const char *text)
{
  g_autofree char *clean = lks_cli_clean (text);

  printf ("%-26s %s\n", label, clean);
}

/**
 * lks_cli_resource_print:
 * @resource: anything that the service lists
 * @json: whether as a JSON document
 *
 * Prints it on stdout with all that is known.
 */
void
lks_cli_resource_print (const LksCloudResource *resource, gboolean json)
{
  LksCloudPlaceName places[LKS_CLOUD_N_PLACE_NAMES];

  if (json)
    {
      lks_cli_print_object (lks_cloud_line_to_json (resource));
      return;
    }
  lks_cloud_line_get_places (resource, places);
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    if (places[i].value != NULL)
      print_line (places[i].member, places[i].value);
  for (gsize i = 0; i < resource->kind->n_fields; i++)
    {
      g_autofree char *cell = lks_cloud_line_dup_cell (resource, &resource->kind->fields[i]);

      print_line (resource->kind->fields[i].member, cell);
    }
  if (resource->state != NULL)
    print_line ("provisioningState", resource->state);
}

static void
print_deleted (const LksCliCloudWork *work)
{
  if (work->json)
    {
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "deleted", work->arguments[0]);
      json_object_set_null_member (object, "error");
      lks_cli_print_object (object);
    }
  fprintf (stderr, "Deleted: %s\n", work->arguments[0]);
}

/**
 * lks_cli_resource_finish:
 * @work: what the command line says; what is deleted is its first argument
 * @func: does the work, in a thread
 * @func_data: for @func
 * @resource: where @func leaves what came of it, nothing when it was deleted
 * @error: (transfer full) (nullable): why the work is not even begun
 *
 * Does the work of a command about one resource and prints what came of it.
 *
 * Returns: the exit status
 */
int
lks_cli_resource_finish (LksCliCloudWork *work,
                         LksCliCloudFunc func,
                         gpointer func_data,
                         LksCloudResource **resource,
                         GError *error)
{
  g_autoptr (GError) failure = error;

  if (failure != NULL || !lks_cli_cloud_run (func, func_data, &failure))
    return (int) lks_cli_report_error (failure, work->json);
  if (*resource != NULL)
    lks_cli_resource_print (*resource, work->json);
  else
    print_deleted (work);
  return LKS_CLI_EXIT_DONE;
}

/* ---- CSV ---- */

static void
print_csv_heading (LksCliRows *self)
{
  g_autoptr (GString) line = g_string_new (NULL);

  lks_cloud_line_append_csv_heading (self->kind, line);
  fputs (line->str, stdout);
}

static void
print_csv_row (const LksCloudResource *resource)
{
  g_autoptr (GString) line = g_string_new (NULL);

  lks_cloud_line_append_csv (resource, line);
  fputs (line->str, stdout);
}

/* ---- a table ---- */

static LksCliTable *
make_table (LksCliRows *self)
{
  const char *headings[COLUMNS_MAX + 1] = { NULL };
  guint n = 0;

  if (!self->kind->is_flat)
    {
      headings[n++] = "NAME";
      headings[n++] = "PRODUCT";
      headings[n++] = "GROUP";
    }
  for (gsize i = 0; i < self->kind->n_fields && n < COLUMNS_MAX; i++)
    if (self->kind->fields[i].heading != NULL)
      headings[n++] = self->kind->fields[i].heading;
  return lks_cli_table_new (headings);
}

static void
print_table (LksCliRows *self)
{
  g_autofree char *text = NULL;

  if (self->table == NULL)
    return;
  text = lks_cli_table_format (self->table);
  fputs (text, stdout);
  g_clear_pointer (&self->table, lks_cli_table_free);
}

/* The end of a long name tells devices apart. */
static char *
dup_short_name (const char *name)
{
  gsize length = name != NULL ? strlen (name) : 0;

  return length > 2 * SHORT_ID_CHARACTERS
             ? g_strdup_printf ("…%s", name + length - SHORT_ID_CHARACTERS)
             : g_strdup (name);
}

static void
add_to_table (LksCliRows *self, const LksCloudResource *resource)
{
  const char *cells[COLUMNS_MAX + 1] = { NULL };
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  guint n = 0;

  if (self->table == NULL)
    self->table = make_table (self);
  if (resource->scope != NULL)
    {
      g_ptr_array_add (texts, dup_short_name (resource->name));
      cells[n++] = g_ptr_array_index (texts, 0);
      cells[n++] = resource->scope->product;
      cells[n++] = resource->scope->group;
    }
  for (gsize i = 0; i < self->kind->n_fields && n < COLUMNS_MAX; i++)
    if (self->kind->fields[i].heading != NULL)
      {
        g_ptr_array_add (texts, lks_cloud_line_dup_cell (resource, &self->kind->fields[i]));
        cells[n++] = g_ptr_array_index (texts, texts->len - 1);
      }
  lks_cli_table_add (self->table, cells);
  if (self->n_rows % TABLE_ROWS == 0)
    print_table (self);
}

/* ---- the list ---- */

/**
 * lks_cli_rows_new:
 * @work: says in which form to print
 * @kind: of what the list is
 * @member: what the list is called in JSON
 *
 * Returns: (transfer full): a list without rows
 */
LksCliRows *
lks_cli_rows_new (const LksCliCloudWork *work, const LksCloudKind *kind, const char *member)
{
  LksCliRows *self = g_new0 (LksCliRows, 1);

  self->kind = kind;
  self->list.member = member;
  self->json = work->json;
  self->csv = work->csv;
  return self;
}

/**
 * lks_cli_rows_free:
 * @self: a list
 */
void
lks_cli_rows_free (LksCliRows *self)
{
  g_clear_pointer (&self->table, lks_cli_table_free);
  g_clear_pointer (&self->list.left_out, json_array_unref);
  g_free (self);
}

/**
 * lks_cli_rows_take:
 * @resource: the next one
 * @self: a list
 * @error: unused
 *
 * Returns: %TRUE
 */
gboolean
lks_cli_rows_take (LksCloudResource *resource, gpointer self, GError **error)
{
  LksCliRows *rows = self;

  rows->n_rows++;
  if (rows->json)
    lks_cli_json_list_add (&rows->list, lks_cloud_line_to_json (resource));
  else if (!rows->csv)
    add_to_table (rows, resource);
  else
    {
      if (rows->n_rows == 1)
        print_csv_heading (rows);
      print_csv_row (resource);
    }
  return TRUE;
}

/**
 * lks_cli_rows_leave_out:
 * @self: a list
 * @gaps: (element-type LksCloudGap): what could not be looked into, perhaps nothing
 *
 * Tells the person on stderr what is not in the list, and the script at the document's end.
 */
void
lks_cli_rows_leave_out (LksCliRows *self, GPtrArray *gaps)
{
  for (guint i = 0; i < gaps->len; i++)
    {
      const LksCloudGap *gap = g_ptr_array_index (gaps, i);
      g_autofree char *what =
          g_strdup_printf ("%s %s", lks_cloud_gap_kind_get_word (gap->kind), gap->name);
      g_autofree char *heading = lks_cli_clean (what);

      fprintf (stderr, "Left out, because it could not be looked into:\n");
      lks_cli_print_error (heading, gap->error);
    }
  g_clear_pointer (&self->list.left_out, json_array_unref);
  self->list.left_out = lks_cloud_gaps_to_json (gaps);
}

/**
 * lks_cli_rows_end:
 * @self: a list
 * @error: (nullable): why there are no more rows; NULL when that is all
 *
 * Prints what is left, so that the document is whole however the reading ended.
 *
 * Returns: the exit status
 */
int
lks_cli_rows_end (LksCliRows *self, const GError *error)
{
  if (self->json)
    lks_cli_json_list_end (&self->list, error);
  else if (self->csv && self->n_rows == 0 && error == NULL)
    print_csv_heading (self);
  else
    print_table (self);

  if (error != NULL)
    return (int) lks_cli_report_error (error, FALSE);
  if (self->n_rows == 0 && !self->json)
    fprintf (stderr, "There is no %s.\n", self->kind->name);
  return LKS_CLI_EXIT_DONE;
}
