/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a person says which devices: short lists are seen and changed, long ones are only counted.
 */
#include "lks-device-csv.h"
#include "lks-device-field.h"

#include "wait-until.h"
#include "widgets.h"

#include <glib/gstdio.h>
#include <string.h>

#define N_LONG 100000

typedef struct
{
  GtkWindow *window;
  LksDeviceField *field;
  GtkTextBuffer *buffer;
  char *path; /* (owned): a list */
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->path = g_build_filename (g_get_user_runtime_dir (), "devices.csv", NULL);
  f->field = g_object_new (LKS_TYPE_DEVICE_FIELD, NULL);
  f->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_child (f->window, GTK_WIDGET (f->field));
  gtk_window_present (f->window);
  f->buffer = gtk_text_view_get_buffer (
      GTK_TEXT_VIEW (widget_find (GTK_WIDGET (f->field), GTK_TYPE_TEXT_VIEW)));
  g_object_add_weak_pointer (G_OBJECT (f->field), (gpointer *) &f->field);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  gtk_window_destroy (f->window);
  WAIT_UNTIL (f->field == NULL);
  g_unlink (f->path);
  g_free (f->path);
}

static char *
make_list (guint n_devices, const char *last_line)
{
  GString *text = g_string_new (NULL);

  for (guint i = 1; i <= n_devices; i++)
    g_string_append_printf (text, "%0128x\n", i);
  return g_string_free (g_string_append (text, last_line), FALSE);
}

static void
load (Fixture *f, guint n_devices, const char *last_line)
{
  g_autofree char *text = make_list (n_devices, last_line);

  g_assert_true (g_file_set_contents (f->path, text, -1, NULL));
  lks_device_field_load (f->field, f->path);
}

static guint
count (Fixture *f)
{
  GPtrArray *rows = lks_device_field_get_rows (f->field);

  return rows != NULL ? rows->len : 0;
}

static gboolean
shows (Fixture *f, const char *text)
{
  return widget_shows (GTK_WIDGET (f->field), text);
}

static void
press (Fixture *f, const char *label)
{
  GtkWidget *button = widget_find (GTK_WIDGET (f->field), GTK_TYPE_BUTTON);

  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (button)), ==, label);
  g_signal_emit_by_name (button, "clicked");
}

static void
test_short (Fixture *f, gconstpointer unused)
{
  load (f, 3, "");
  WAIT_UNTIL (count (f) == 3);
  g_assert_cmpint (gtk_text_buffer_get_line_count (f->buffer), >=, 3);
  g_assert_true (shows (f, "3 devices"));
  load (f, 3, "odd");
  WAIT_UNTIL (shows (f, "expected a device ID")); /* there is something to mend */
  g_assert_cmpuint (count (f), ==, 0);
  g_assert_cmpint (gtk_text_buffer_get_line_count (f->buffer), >=, 4);
}

static void
test_long (Fixture *f, gconstpointer unused)
{
  load (f, N_LONG, "");
  WAIT_UNTIL (count (f) == N_LONG);
  g_assert_cmpint (gtk_text_buffer_get_char_count (f->buffer), ==, 0);
  g_assert_true (shows (f, "A list of 100000 devices"));

  lks_device_field_set_limit (f->field, 500);
  g_assert_cmpuint (count (f), ==, 0);
  g_assert_true (shows (f, "At most 500 devices at once."));
  lks_device_field_set_limit (f->field, G_MAXUINT);
  g_assert_cmpuint (count (f), ==, N_LONG);

  load (f, N_LONG, "odd"); /* what is there stays */
  WAIT_UNTIL (shows (f, "expected a device ID"));
  g_assert_cmpuint (count (f), ==, N_LONG);

  press (f, "Remove the List");
  g_assert_cmpuint (count (f), ==, 0);
  g_assert_false (shows (f, "A list of"));
  g_assert_true (shows (f, "One device ID of 128 digits on each line"));
}

static void
test_add_to_long (Fixture *f, gconstpointer unused)
{
  g_autofree char *known = g_strdup_printf ("%0128x", 7);
  g_autofree char *added = g_strnfill (128, 'a');
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  const LksDeviceRow *last;

  g_ptr_array_add (ids, known);
  g_ptr_array_add (ids, added);
  load (f, 2000, "");
  WAIT_UNTIL (count (f) == 2000);
  lks_device_field_append (f->field, ids);
  WAIT_UNTIL (count (f) == 2001);
  last = g_ptr_array_index (lks_device_field_get_rows (f->field), 2000);
  g_assert_cmpstr (last->device_id, ==, added);
  g_assert_true (shows (f, "A list of 2001 devices"));

  load (f, 2, "");
  WAIT_UNTIL (count (f) == 2);
  g_assert_false (shows (f, "A list of"));
}

/* A long text is not looked through at each key, but once, when nothing more comes. */
static void
test_pasted (Fixture *f, gconstpointer unused)
{
  g_autofree char *text = make_list (N_LONG, "");
  g_autofree char *odd = make_list (2000, "odd");

  gtk_text_buffer_set_text (f->buffer, text, -1);
  g_assert_cmpuint (count (f), ==, 0);
  g_assert_true (shows (f, "Reading the list…"));
  WAIT_UNTIL (count (f) == N_LONG);
  g_assert_true (shows (f, "A list of 100000 devices"));
  press (f, "Remove the List");

  gtk_text_buffer_set_text (f->buffer, odd, -1);
  g_assert_true (shows (f, "Reading the list…"));
  WAIT_UNTIL (shows (f, "line 2001"));
  g_assert_cmpint (gtk_text_buffer_get_char_count (f->buffer), ==, (int) strlen (odd));

  gtk_text_buffer_set_text (f->buffer, odd, -1);
  gtk_text_buffer_set_text (f->buffer, "", -1);
  g_assert_true (shows (f, "One device ID of 128 digits on each line"));
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  TEST ("/device-field/short", test_short);
  TEST ("/device-field/long", test_long);
  TEST ("/device-field/add-to-long", test_add_to_long);
  TEST ("/device-field/pasted", test_pasted);

  return g_test_run ();
}
