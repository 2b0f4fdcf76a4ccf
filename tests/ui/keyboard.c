/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keyboard.h"

#include <glib/gstdio.h>

#define TABS_MAX 200
#define TABS_A_LOOK 20

/* Nobody manages windows here: keys go to the topmost window below the pointer. */
void
keyboard_init (void)
{
  atspi_generate_mouse_event (100, 100, "abs", NULL);
}

void
keyboard_press (int key)
{
  g_assert_true (atspi_generate_keyboard_event (key, NULL, ATSPI_KEY_SYM, NULL));
}

void
keyboard_press_with (int modifier_code, int key)
{
  g_assert_true (atspi_generate_keyboard_event (modifier_code, NULL, ATSPI_KEY_PRESS, NULL));
  keyboard_press (key);
  g_assert_true (atspi_generate_keyboard_event (modifier_code, NULL, ATSPI_KEY_RELEASE, NULL));
}

/* Letter by letter, into what has the focus. */
void
keyboard_type (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    keyboard_press (*c);
}

/* Asking one object is quick; of several, such as two buttons “Close”, any will do. */
static gboolean
is_there (AtspiAccessible *below, AtspiRole role, const char *pattern, AtspiAccessible *only)
{
  return only != NULL ? a11y_has_focus (only) : a11y_is_focused (below, role, pattern);
}

/* Goes there with Tab. What is read anew meanwhile is another object, so it is looked for again. */
void
keyboard_tab_to (AtspiAccessible *below, AtspiRole role, const char *pattern)
{
  for (guint i = 0; i < TABS_MAX / TABS_A_LOOK; i++)
    {
      guint count;
      g_autoptr (AtspiAccessible) object = a11y_wait_counted (below, role, pattern, &count);
      AtspiAccessible *only = count == 1 ? object : NULL;

      for (guint k = 0; k < TABS_A_LOOK; k++)
        {
          if (is_there (below, role, pattern, only))
            return;
          keyboard_press (KEY_TAB);
          a11y_settle (); /* a key that comes later would lead on from there */
        }
    }
  a11y_dump ();
  g_error ("'%s' cannot be reached with the keyboard", pattern);
}

void
keyboard_activate (AtspiAccessible *below, const char *button_pattern)
{
  keyboard_tab_to (below, ATSPI_ROLE_PUSH_BUTTON, button_pattern);
  keyboard_press (KEY_RETURN);
}

/* Writes a path into GTK's file chooser, where it opens a line for it at the first slash. */
void
keyboard_enter_file (const char *title, const char *path)
{
  g_autoptr (AtspiAccessible) chooser = a11y_wait_chooser (title);

  keyboard_press ('/');
  g_object_unref (a11y_wait (chooser, ATSPI_ROLE_TEXT, "*"));
  keyboard_type (path + 1);
  keyboard_press (KEY_RETURN);
}

/* The same, and waits until the chooser is gone. */
void
keyboard_choose_file (const char *title, const char *path)
{
  keyboard_enter_file (title, path);
  a11y_wait_gone (title);
}

/* Types a whole path where the chooser asks for the name, and waits until the file is there. */
void
keyboard_save_file (const char *title, const char *path)
{
  gint64 end_us = g_get_monotonic_time () + A11Y_WAIT_S * G_USEC_PER_SEC;
  g_autoptr (AtspiAccessible) chooser = a11y_wait_chooser (title);
  struct stat info;

  a11y_type (chooser, "Name:", path); /* GTK 4.8 gives its buttons no names */
  keyboard_press (KEY_RETURN);
  while (g_stat (path, &info) != 0 || info.st_size == 0)
    {
      if (g_get_monotonic_time () > end_us)
        g_error ("'%s' is not saved", path);
      g_usleep (50 * 1000);
    }
}
