/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-scan-keys.h"

#include "lks-scanner.h"
#include "lks-widget.h"

/* Listens to a window while a widget of it can be seen. */
typedef struct
{
  GtkWidget *widget; /* (unowned): owns this */
  LksScanFunc scanned;
  LksScanner *scanner;            /* (owned) */
  GtkEventController *controller; /* (owned) (nullable): while it listens */

  GtkEditable *editable; /* (nullable) (weak): where the keys have gone meanwhile */
  char *before;          /* (owned) (nullable): what stood there before the first of them */
  int position;
} Listener;

static void
forget_editable (Listener *self)
{
  g_clear_weak_pointer (&self->editable);
  g_clear_pointer (&self->before, g_free);
}

/* The keys of a scan go into an entry that has the focus until the Enter shows what they were. */
static void
remember_editable (Listener *self)
{
  GtkWidget *focus = lks_widget_get_focus (self->widget);

  forget_editable (self);
  if (!GTK_IS_EDITABLE (focus))
    return;
  g_set_weak_pointer (&self->editable, GTK_EDITABLE (focus));
  self->before = g_strdup (gtk_editable_get_text (self->editable));
  self->position = gtk_editable_get_position (self->editable);
}

static void
restore_editable (Listener *self)
{
  if (self->editable != NULL)
    {
      gtk_editable_set_text (self->editable, self->before);
      gtk_editable_set_position (self->editable, self->position);
    }
  forget_editable (self);
}

static gboolean
enter_pressed (Listener *self, guint32 time_ms)
{
  g_autofree char *as_us = NULL;
  g_autofree char *text = lks_scanner_enter (self->scanner, time_ms, &as_us);

  if (text == NULL)
    {
      forget_editable (self);
      return GDK_EVENT_PROPAGATE;
    }
  restore_editable (self);
  self->scanned (self->widget, text, as_us);
  return GDK_EVENT_STOP;
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint keyval,
                guint keycode,
                GdkModifierType state,
                gpointer user_data)
{
  Listener *self = user_data;
  guint32 time_ms = gtk_event_controller_get_current_event_time (GTK_EVENT_CONTROLLER (controller));
  gunichar typed = gdk_keyval_to_unicode (keyval);
  gboolean is_scan;

  if (keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_ISO_Enter ||
      keyval == GDK_KEY_Linefeed)
    return enter_pressed (self, time_ms);
  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) != 0 || typed == 0 ||
      !g_unichar_isprint (typed))
    return GDK_EVENT_PROPAGATE;

  is_scan = lks_scanner_key (self->scanner, typed, keycode, (state & GDK_SHIFT_MASK) != 0, time_ms);
  if (!is_scan)
    remember_editable (self);
  /* A space among them must not press the button that has the focus. */
  return is_scan && self->editable == NULL ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;
}

static void
map_cb (GtkWidget *widget, Listener *self)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (widget));

  if (root == NULL || self->controller != NULL)
    return;
  self->controller = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (self->controller, GTK_PHASE_CAPTURE);
  g_signal_connect (self->controller, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (root, g_object_ref (self->controller));
}

static void
stop_listening (Listener *self)
{
  GtkWidget *root;

  if (self->controller == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->controller, self);
  root = gtk_event_controller_get_widget (self->controller);
  if (root != NULL)
    gtk_widget_remove_controller (root, self->controller);
  g_clear_object (&self->controller);
  lks_scanner_reset (self->scanner);
  forget_editable (self);
}

static void
unmap_cb (GtkWidget *widget, Listener *self)
{
  stop_listening (self);
}

static void
listener_free (gpointer data)
{
  Listener *self = data;

  stop_listening (self);
  forget_editable (self);
  lks_scanner_free (self->scanner);
  g_free (self);
}

/**
 * lks_scan_keys_listen:
 * @widget: a widget
 * @scanned: called with what was scanned
 *
 * As long as @widget can be seen, it gets what a scanner types in its window, wherever the focus
 * is; what a person types goes where it always goes.
 */
void
lks_scan_keys_listen (GtkWidget *widget, LksScanFunc scanned)
{
  Listener *self = g_new0 (Listener, 1);

  self->widget = widget;
  self->scanned = scanned;
  self->scanner = lks_scanner_new ();
  g_signal_connect (widget, "map", G_CALLBACK (map_cb), self);
  g_signal_connect (widget, "unmap", G_CALLBACK (unmap_cb), self);
  g_object_set_data_full (G_OBJECT (widget), "lks-scan-keys", self, listener_free);
}
