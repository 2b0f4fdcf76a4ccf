/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keyboard.h"

#define TABS_MAX 80

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

/* Letter by letter, into what has the focus. */
void
keyboard_type (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    keyboard_press (*c);
}

/* Goes there with Tab. */
void
keyboard_tab_to (AtspiAccessible *below, AtspiRole role, const char *pattern)
{
  g_object_unref (a11y_wait (below, role, pattern));
  for (guint i = 0; i < TABS_MAX; i++)
    {
      if (a11y_is_focused (below, role, pattern))
        return;
      keyboard_press (KEY_TAB);
      g_usleep (20 * 1000); /* the focus follows the key; looking again is what counts */
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
