/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "a11y.h"

/* What a person does who has no mouse: Tab, Enter, Escape, text. */

#define KEY_RIGHT  0xff53
#define KEY_TAB    0xff09
#define KEY_RETURN 0xff0d

/* Hardware codes on X11. */
#define KEYCODE_CONTROL 37
#define KEYCODE_ALT     64

void keyboard_init         (void);

void keyboard_press        (int              key);
void keyboard_press_with   (int              modifier_code,
                            int              key);
void keyboard_type         (const char      *text);
void keyboard_tab_to       (AtspiAccessible *below,
                            AtspiRole        role,
                            const char      *pattern);
void keyboard_activate     (AtspiAccessible *below,
                            const char      *button_pattern);
void keyboard_enter_file   (const char      *title,
                            const char      *path);
void keyboard_choose_file  (const char      *title,
                            const char      *path);
void keyboard_save_file    (const char      *title,
                            const char      *path);
