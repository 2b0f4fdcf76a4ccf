/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-focus-place.h"

#include "lks-widget.h"

#include <adwaita.h>

struct LksFocusPlace
{
  GtkWidget *list;   /* weak: stays when its rows go */
  char *row_title;   /* (owned) */
  char *action_name; /* (owned) (nullable): NULL: the row itself */
  GVariant *target;  /* (owned) (nullable): of the action */
};

/**
 * lks_focus_place_take:
 * @below: a widget whose lists may be made anew
 *
 * Remembers which row of a list below @below has the focus.
 *
 * Returns: (transfer full) (nullable): for lks_focus_place_restore(); %NULL when the focus is not
 *   in such a row
 */
LksFocusPlace *
lks_focus_place_take (GtkWidget *below)
{
  GtkWidget *focus = lks_widget_get_focus (below);
  GtkWidget *row = focus != NULL ? gtk_widget_get_ancestor (focus, ADW_TYPE_PREFERENCES_ROW) : NULL;
  GtkWidget *list = row != NULL ? gtk_widget_get_ancestor (row, GTK_TYPE_LIST_BOX) : NULL;
  LksFocusPlace *self;

  if (list == NULL || !gtk_widget_is_ancestor (list, below))
    return NULL;

  self = g_new0 (LksFocusPlace, 1);
  g_set_weak_pointer (&self->list, list);
  self->row_title = g_strdup (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));
  if (focus != row && GTK_IS_ACTIONABLE (focus))
    {
      GVariant *target = gtk_actionable_get_action_target_value (GTK_ACTIONABLE (focus));

      self->action_name = g_strdup (gtk_actionable_get_action_name (GTK_ACTIONABLE (focus)));
      self->target = target != NULL ? g_variant_ref (target) : NULL;
    }
  return self;
}

static gboolean
is_same_target (GVariant *a, GVariant *b)
{
  return a == b || (a != NULL && b != NULL && g_variant_equal (a, b));
}

static gboolean
is_control (const LksFocusPlace *self, GtkWidget *widget)
{
  GtkActionable *actionable = GTK_IS_ACTIONABLE (widget) ? GTK_ACTIONABLE (widget) : NULL;

  return actionable != NULL && self->action_name != NULL &&
         g_strcmp0 (gtk_actionable_get_action_name (actionable), self->action_name) == 0 &&
         is_same_target (gtk_actionable_get_action_target_value (actionable), self->target);
}

static gboolean
is_row (const LksFocusPlace *self, GtkWidget *widget)
{
  return ADW_IS_PREFERENCES_ROW (widget) &&
         g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)),
                    self->row_title) == 0;
}

/* (nullable): the first below @widget that is what was remembered */
static GtkWidget *
find (const LksFocusPlace *self,
      GtkWidget *widget,
      gboolean (*is_it) (const LksFocusPlace *, GtkWidget *))
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = is_it (self, child) ? child : find (self, child, is_it);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
is_focus_lost (GtkWidget *list)
{
  GtkRoot *root = gtk_widget_get_root (list);
  GtkWidget *focus = lks_widget_get_focus (list);

  return root != NULL && (focus == NULL || gtk_widget_get_root (focus) != root);
}

/**
 * lks_focus_place_restore:
 * @self: (transfer full) (nullable): where the focus was
 *
 * Gives the focus back if it was lost with its row: to the button that does the same to the same;
 * where there is none any more, to the row of that name, so that Tab goes on from there.
 */
void
lks_focus_place_restore (LksFocusPlace *self)
{
  GtkWidget *widget = NULL;

  if (self == NULL)
    return;

  if (self->list != NULL && is_focus_lost (self->list))
    {
      widget = find (self, self->list, is_control);
      if (widget == NULL)
        widget = find (self, self->list, is_row);
    }
  if (widget != NULL)
    gtk_widget_grab_focus (widget);

  g_clear_weak_pointer (&self->list);
  g_clear_pointer (&self->target, g_variant_unref);
  g_free (self->action_name);
  g_free (self->row_title);
  g_free (self);
}
