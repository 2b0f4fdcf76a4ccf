/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device-field.h"

#include "lks-attached.h"
#include "lks-device-csv.h"
#include "lks-error-text.h"
#include "lks-file-opener.h"
#include "lks-worker.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _LksDeviceField
{
  AdwBin parent_instance;

  GtkTextView *view; /* template child */
  GtkLabel *note;    /* template child */

  GPtrArray *rows; /* (owned) (nullable) (element-type LksDeviceRow): NULL: none that can be used */
  guint limit;     /* G_MAXUINT: none */

  GCancellable *reading; /* (owned) (nullable): of a list that is read from its file */
};

G_DEFINE_FINAL_TYPE (LksDeviceField, lks_device_field, ADW_TYPE_BIN)

static guint changed_signal;

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

/* Checked while it is typed. */
static void
text_changed_cb (LksDeviceField *self)
{
  g_autofree char *text = dup_text (self);
  g_autofree char *note = NULL;
  g_autoptr (GError) error = NULL;

  g_strstrip (text);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  if (text[0] != '\0')
    self->rows = lks_device_csv_parse (text, strlen (text), &error);
  note = describe (self, error);
  if (self->rows != NULL && self->rows->len > self->limit)
    g_clear_pointer (&self->rows, g_ptr_array_unref);
  gtk_label_set_label (self->note, note);
  g_signal_emit (self, changed_signal, 0);
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
read_in_thread (GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
  GError *error = NULL;
  char *text = lks_device_csv_read (path, cancellable, &error);

  if (text != NULL)
    g_task_return_pointer (task, text, g_free);
  else
    g_task_return_error (task, error);
}

/* One who is gone, or has chosen another file meanwhile, has cancelled it. */
static void
read_cb (GObject *source, GAsyncResult *result, gpointer unused)
{
  LksDeviceField *self = LKS_DEVICE_FIELD (source);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_task_propagate_pointer (G_TASK (result), &error);
  g_autofree char *note = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->reading);
  if (text != NULL)
    {
      gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->view), text, -1);
      return;
    }
  note = lks_error_to_text (error);
  gtk_label_set_label (self->note, note);
}

static void
stop_reading (LksDeviceField *self)
{
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

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
  G_OBJECT_CLASS (lks_device_field_parent_class)->dispose (object);
}

static void
lks_device_field_class_init (LksDeviceFieldClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_device_field_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-device-field.ui");
  gtk_widget_class_bind_template_child (widget_class, LksDeviceField, view);
  gtk_widget_class_bind_template_child (widget_class, LksDeviceField, note);
  gtk_widget_class_bind_template_callback (widget_class, attached_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_cb);

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
  text_changed_cb (self);
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

  before = dup_text (self);
  text = g_string_new (g_strstrip (before));
  for (guint i = 0; i < ids->len; i++)
    {
      const char *id = g_ptr_array_index (ids, i);

      if (strstr (text->str, id) == NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", id);
    }
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->view), text->str, -1);
}

/**
 * lks_device_field_load:
 * @self: a field
 * @path: a file with a list
 *
 * Puts the list into the field when it was read, in place of what is there. One that is too large,
 * or is no text, is refused below the field, which stays as it is.
 */
void
lks_device_field_load (LksDeviceField *self, const char *path)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (LKS_IS_DEVICE_FIELD (self));

  stop_reading (self);
  self->reading = g_cancellable_new ();
  task = g_task_new (self, self->reading, read_cb, NULL);
  g_task_set_task_data (task, g_strdup (path), g_free);
  gtk_label_set_label (self->note, _ ("Reading the list…"));
  lks_worker_run_alone (task, read_in_thread);
}
