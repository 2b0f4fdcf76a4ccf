/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <atspi/atspi.h>
#include <gio/gio.h>

/* What a person does, through the accessibility bus. Everything waits for its object, at most
 * A11Y_WAIT_S; what does not come is a failed test, with the tree of the program on stderr. */

#define A11Y_WAIT_S 60

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtspiAccessible, g_object_unref)

GSubprocess     *a11y_start       (const char      *path,
                                   const char      *option);
void             a11y_init        (const char      *application_name);

AtspiAccessible *a11y_wait_window (const char      *name);
AtspiAccessible *a11y_wait_dialog (const char      *name);
AtspiAccessible *a11y_wait_chooser
                                  (const char      *title);
AtspiAccessible *a11y_wait        (AtspiAccessible *below,
                                   AtspiRole        role,
                                   const char      *pattern);
AtspiAccessible *a11y_wait_counted
                                  (AtspiAccessible *below,
                                   AtspiRole        role,
                                   const char      *pattern,
                                   guint           *out_count);
void             a11y_wait_gone   (const char      *window_name);
void             a11y_settle      (void);
guint            a11y_count       (AtspiAccessible *below,
                                   AtspiRole        role,
                                   const char      *pattern);

void             a11y_press       (AtspiAccessible *below,
                                   AtspiRole        role,
                                   const char      *pattern);
void             a11y_select       (AtspiAccessible *list,
                                    int              index);
void             a11y_type        (AtspiAccessible *below,
                                   const char      *pattern,
                                   const char      *text);
gboolean         a11y_is_focused  (AtspiAccessible *below,
                                   AtspiRole        role,
                                   const char      *pattern);
gboolean         a11y_has_focus   (AtspiAccessible *object);
char            *a11y_get_name    (AtspiAccessible *object);
void             a11y_dump        (void);

void             a11y_set_pictures
                                  (const char      *folder);
void             a11y_take_picture
                                  (const char      *name);
