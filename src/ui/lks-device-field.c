/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device-field.h"

#include "lks-attached.h"
#include "lks-device-csv.h"
#include "lks-error-text.h"
#include "lks-file-opener.h"
#include "lks-worker.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A list of more devices is not edited by hand, and is kept as it was read. */
#define SHOWN_MAX 1000

/* A text of more characters is looked through by a thread, when nothing was typed for so long. */
#define LONG_CHARS (SHOWN_MAX * 130)
#define PAUSE_MS 300

struct _LksDeviceField
{
  AdwBin parent_instance;

  GtkStack *stack;      /* template child */
  GtkTextView *view;    /* template child */
  GtkLabel *list_label; /* template child */
  GtkLabel *note;       /* template child */

  GPtrArray *rows; /* (owned) (nullable) (element-type LksDeviceRow): NULL: none that can be used */
  GPtrArray *list; /* (owned) (nullable) (element-type LksDeviceRow): shown instead of the text */
  guint limit;     /* G_MAXUINT: none */

  GCancellable *reading; /* (owned) (nullable): of a list that is read, or looked through */
  guint pause;           /* the timer until a long text is looked through */
};

G_DEFINE_FINAL_TYPE (LksDeviceField, lks_device_field, ADW_TYPE_BIN)

static guint changed_signal;

/* What a thread is given, and what it makes of it. */
typedef struct
{
  char *path;      /* (owned) (nullable): of a file */
  char *text;      /* (owned) (nullable): without a file; then that of the file */
  GPtrArray *list; /* (owned) (nullable): with neither: a list to which @ids are added */
  GPtrArray *ids;  /* (owned) (nullable) */
  GPtrArray *rows; /* (owned) (nullable): the result */
  GError *flaw;    /* (owned) (nullable): why there is none */
} Reading;

static void
reading_free (gpointer data)
{
  Reading *self = data;

  g_free (self->path);
  g_free (self->text);
  g_clear_pointer (&self->list, g_ptr_array_unref);
  g_clear_pointer (&self->ids, g_ptr_array_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_error (&self->flaw);
  g_free (self);
}

static char *
dup_text (LksDeviceField *self)
{
  GtkTextIter start, end;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static char *
describe (LksDeviceField *self, const GError *error)
{
  guint count = self->rows != NULL ? self->rows->len : 0;

  if (error != NULL)
    return lks_error_to_text (error);
  if (self->rows == NULL)
    return g_strdup (_ ("One device ID of 128 digits on each line, or a CSV list."));
  if (count > self->limit)
    return g_strdup_printf (ngettext ("At most %u device at once.", "At most %u devices at once.",
                                      self->limit),
                            self->limit);
  return g_strdup_printf (ngettext ("%u device", "%u devices", count), count);
}

static void
set_rows (LksDeviceField *self, GPtrArray *rows, const GError *error)
{
  g_autofree char *note = NULL;

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  self->rows = rows != NULL ? g_ptr_array_ref (rows) : NULL;
  note = describe (self, error);
  if (rows != NULL && rows->len > self->limit)
    g_clear_pointer (&self->rows, g_ptr_array_unref);
  gtk_label_set_label (self->note, note);
  g_signal_emit (self, changed_signal, 0);
}

static void
set_text (LksDeviceField *self, const char *text)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->view), text, -1);
}

static void
stop_reading (LksDeviceField *self)
{
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_handle_id (&self->pause, g_source_remove);
}

/* ---- a list that is kept instead of a text ---- */

static void
drop_list (LksDeviceField *self)
{
  g_clear_pointer (&self->list, g_ptr_array_unref);
  gtk_stack_set_visible_child_name (self->stack, "text");
}

static void
replace_text (LksDeviceField *self, const char *text)
{
  drop_list (self);
  set_text (self, text);
  if (text[0] == '\0') /* which is not always a change */
    set_rows (self, NULL, NULL);
}

static void
take_list (LksDeviceField *self, GPtrArray *rows)
{
  g_autofree char *text = NULL;

  replace_text (self, "");
  self->list = g_ptr_array_ref (rows);
  text = g_strdup_printf (ngettext ("A list of %u device", "A list of %u devices", rows->len),
                          rows->len);
  gtk_label_set_label (self->list_label, text);
  gtk_stack_set_visible_child_name (self->stack, "list");
  set_rows (self, rows, NULL);
}

static void
remove_list_cb (LksDeviceField *self)
{
  stop_reading (self);
  replace_text (self, "");
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

/* ---- what takes its time ---- */

static GPtrArray *
parse (const char *text, GError **error)
{
  return text[0] != '\0' ? lks_device_csv_parse (text, strlen (text), error) : NULL;
}

static GPtrArray *
copy_and_add (GPtrArray *list, GPtrArray *ids)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) lks_device_row_free);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < list->len; i++)
    {
      const LksDeviceRow *row = g_ptr_array_index (list, i);

      g_ptr_array_add (rows, lks_device_row_new (row->device_id, row->product, row->group));
      g_hash_table_add (known, row->device_id);
    }
  for (guint i = 0; i < ids->len; i++)
    if (g_hash_table_add (known, g_ptr_array_index (ids, i)))
      g_ptr_array_add (rows, lks_device_row_new (g_ptr_array_index (ids, i), NULL, NULL));
  return rows;
}

static void
read_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Reading *reading = task_data;
  GError *error = NULL;

  if (reading->path != NULL)
    reading->text = lks_device_csv_read (reading->path, cancellable, &error);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (reading->text != NULL)
    reading->rows = parse (g_strstrip (reading->text), &reading->flaw);
  else
    reading->rows = copy_and_add (reading->list, reading->ids);
  g_task_return_boolean (task, TRUE);
}

/* One who is gone, or has chosen or typed something else meanwhile, has cancelled it. */
static void
read_cb (GObject *source, GAsyncResult *result, gpointer unused)
{
  LksDeviceField *self = LKS_DEVICE_FIELD (source);
  const Reading *reading = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autofree char *note = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->reading);
  if (error == NULL && reading->rows != NULL && reading->rows->len > SHOWN_MAX)
    take_list (self, reading->rows);
  else if (error == NULL && reading->path == NULL)
    set_rows (self, reading->rows, reading->flaw);
  else if (error == NULL && strlen (reading->text) <= LONG_CHARS)
    replace_text (self, reading->text);
  else
    {
      note = lks_error_to_text (error != NULL ? error : reading->flaw);
      gtk_label_set_label (self->note, note);
    }
}

static void
start_reading (LksDeviceField *self, Reading *reading)
{
  g_autoptr (GTask) task = NULL;

  stop_reading (self);
  self->reading = g_cancellable_new ();
  task = g_task_new (self, self->reading, read_cb, NULL);
  g_task_set_task_data (task, reading, reading_free);
  gtk_label_set_label (self->note, _ ("Reading the list…"));
  lks_worker_run_alone (task, read_in_thread);
}

/* ---- what is typed ---- */

static gboolean
pause_over_cb (gpointer user_data)
{
  LksDeviceField *self = user_data;
  Reading *reading = g_new0 (Reading, 1);

  self->pause = 0;
  reading->text = dup_text (self);
  start_reading (self, reading);
  return G_SOURCE_REMOVE;
}

/* Checked while it is typed. */
static void
text_changed_cb (LksDeviceField *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  const gboolean is_long = gtk_text_buffer_get_char_count (buffer) > LONG_CHARS;
  g_autofree char *text = is_long ? NULL : dup_text (self);
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  stop_reading (self);
  drop_list (self);
  if (!is_long)
    rows = parse (g_strstrip (text), &error);
  set_rows (self, rows, error);
  if (!is_long)
    return;

  gtk_label_set_label (self->note, _ ("Reading the list…"));
  self->pause = g_timeout_add (PAUSE_MS, pause_over_cb, self);
}

static void
attached_cb (LksDeviceField *self)
{
  g_autoptr (LksAttached) attached = lks_attached_ref_default ();
  g_autoptr (GPtrArray) ids = lks_attached_list_ids (attached);

  lks_device_field_append (self, ids);
  if (ids->len == 0)
    gtk_label_set_label (self->note, _ ("No attached board has told its device ID."));
}

/* ---- a list from a file ---- */

static void
list_opened_cb (GtkWidget *owner, const char *const *paths)
{
  lks_device_field_load (LKS_DEVICE_FIELD (owner), paths[0]);
}

static void
open_cb (LksDeviceField *self)
{
  lks_file_opener_ask (GTK_WIDGET (self), _ ("Choose a List of Devices"), _ ("Lists (*.csv)"),
                       "*.csv", FALSE, list_opened_cb);
}

static void
lks_device_field_dispose (GObject *object)
{
  LksDeviceField *self = LKS_DEVICE_FIELD (object);

  stop_reading (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_DEVICE_FIELD);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->list, g_ptr_array_unref);
  G_OBJECT_CLASS (lks_device_field_parent_class)->dispose (object);
}

static void
lks_device_field_class_init (LksDeviceFieldClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_device_field_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-device-field.ui");
  gtk_widget_class_bind_template_child (widget_class, LksDeviceField, stack);
  gtk_widget_class_bind_template_child (widget_class, LksDeviceField, view);
  gtk_widget_class_bind_template_child (widget_class, LksDeviceField, list_label);
  gtk_widget_class_bind_template_child (widget_class, LksDeviceField, note);
  gtk_widget_class_bind_template_callback (widget_class, attached_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_list_cb);

  changed_signal = g_signal_new ("changed", LKS_TYPE_DEVICE_FIELD, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
lks_device_field_init (LksDeviceField *self)
{
  self->limit = G_MAXUINT;
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (gtk_text_view_get_buffer (self->view), "changed",
                           G_CALLBACK (text_changed_cb), self, G_CONNECT_SWAPPED);
  text_changed_cb (self);
}

/**
 * lks_device_field_get_rows:
 * @self: a field
 *
 * Returns: (transfer none) (nullable) (element-type LksDeviceRow): the devices; NULL when there are
 *   none, too many, or what is there is no list of devices
 */
GPtrArray *
lks_device_field_get_rows (LksDeviceField *self)
{
  g_return_val_if_fail (LKS_IS_DEVICE_FIELD (self), NULL);

  return self->rows;
}

/**
 * lks_device_field_set_limit:
 * @self: a field
 * @n_devices: how many there may be at most
 *
 * Sets a limit; there is none when nobody does.
 */
void
lks_device_field_set_limit (LksDeviceField *self, guint n_devices)
{
  g_return_if_fail (LKS_IS_DEVICE_FIELD (self));

  self->limit = n_devices;
  if (self->list != NULL)
    set_rows (self, self->list, NULL);
  else
    text_changed_cb (self);
}

static gpointer
copy_id (gconstpointer id, gpointer unused)
{
  return g_strdup (id);
}

static void
append_to_list (LksDeviceField *self, GPtrArray *ids)
{
  Reading *reading = g_new0 (Reading, 1);

  reading->list = g_ptr_array_ref (self->list);
  reading->ids = g_ptr_array_copy (ids, copy_id, NULL);
  g_ptr_array_set_free_func (reading->ids, g_free);
  start_reading (self, reading);
}

/**
 * lks_device_field_append:
 * @self: a field
 * @ids: (element-type utf8): device IDs
 *
 * Adds those that are not there yet, a line each.
 */
void
lks_device_field_append (LksDeviceField *self, GPtrArray *ids)
{
  g_autofree char *before = NULL;
  g_autoptr (GString) text = NULL;

  g_return_if_fail (LKS_IS_DEVICE_FIELD (self));

  if (self->list != NULL)
    {
      append_to_list (self, ids);
      return;
    }
  before = dup_text (self);
  text = g_string_new (g_strstrip (before));
  for (guint i = 0; i < ids->len; i++)
    {
      const char *id = g_ptr_array_index (ids, i);

      if (strstr (text->str, id) == NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", id);
    }
  set_text (self, text->str);
}

/**
 * lks_device_field_load:
 * @self: a field
 * @path: a file with a list
 *
 * Puts the list into the field when it was read, in place of what is there: a long one as a whole,
 * which is not shown. What is too large, no text, or long and no list, is refused below the field,
 * which stays as it is.
 */
void
lks_device_field_load (LksDeviceField *self, const char *path)
{
  Reading *reading;

  g_return_if_fail (LKS_IS_DEVICE_FIELD (self));

  reading = g_new0 (Reading, 1);
  reading->path = g_strdup (path);
  start_reading (self, reading);
}
