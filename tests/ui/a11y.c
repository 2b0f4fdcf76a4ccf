/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "a11y.h"

#include <gio/gio.h>
#include <stdio.h>

#define DEPTH_MAX 60
#define POLL_US (50 * 1000)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtspiAction, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtspiEditableText, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtspiSelection, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtspiStateSet, g_object_unref)

static AtspiAccessible *application;
static const char *pictures; /* (nullable): folder for pictures */

char *
a11y_get_name (AtspiAccessible *object)
{
  char *name = atspi_accessible_get_name (object, NULL);

  return name != NULL ? name : g_strdup ("");
}

static gboolean
is_match (AtspiAccessible *object, AtspiRole role, const char *pattern)
{
  g_autofree char *name = NULL;

  if (role != ATSPI_ROLE_INVALID && atspi_accessible_get_role (object, NULL) != role)
    return FALSE; /* every question goes over the bus: not asked for its name */

  name = a11y_get_name (object);
  return g_pattern_match_simple (pattern, name);
}

/* What is on a hidden page of a stack is no object for a person; GTK 4.8 does not say SHOWING,
 * but it says VISIBLE. */
static gboolean
is_visible (AtspiAccessible *object)
{
  g_autoptr (AtspiStateSet) states = atspi_accessible_get_state_set (object);

  return states == NULL || atspi_state_set_contains (states, ATSPI_STATE_VISIBLE) ||
         atspi_accessible_get_role (object, NULL) == ATSPI_ROLE_APPLICATION;
}

typedef gboolean (*Visit) (AtspiAccessible *object, int depth, gpointer user_data);

/* Depth first, until @visit says that it has seen enough. */
static gboolean
walk (AtspiAccessible *object, int depth, Visit visit, gpointer user_data)
{
  int n_children;

  if (visit (object, depth, user_data))
    return TRUE;

  n_children = depth < DEPTH_MAX ? atspi_accessible_get_child_count (object, NULL) : 0;
  for (int i = 0; i < n_children; i++)
    {
      g_autoptr (AtspiAccessible) child = atspi_accessible_get_child_at_index (object, i, NULL);

      if (child != NULL && is_visible (child) && walk (child, depth + 1, visit, user_data))
        return TRUE;
    }
  return FALSE;
}

typedef struct
{
  AtspiRole role;
  const char *pattern;
  AtspiAccessible *found; /* (owned) (nullable) */
  guint count;
} Search;

static gboolean
find_cb (AtspiAccessible *object, int depth, gpointer user_data)
{
  Search *search = user_data;

  if (!is_match (object, search->role, search->pattern))
    return FALSE;

  search->found = g_object_ref (object);
  return TRUE;
}

static gboolean
count_cb (AtspiAccessible *object, int depth, gpointer user_data)
{
  Search *search = user_data;

  search->count += is_match (object, search->role, search->pattern);
  return FALSE;
}

static gboolean
dump_cb (AtspiAccessible *object, int depth, gpointer user_data)
{
  g_autofree char *name = a11y_get_name (object);
  g_autofree char *role = atspi_accessible_get_role_name (object, NULL);

  fprintf (stderr, "# %*s[%s] '%s'\n", 2 * depth, "", role, name);
  return FALSE;
}

static gboolean
find_focused_cb (AtspiAccessible *object, int depth, gpointer user_data)
{
  Search *search = user_data;
  g_autoptr (AtspiStateSet) states = NULL;

  if (!is_match (object, search->role, search->pattern))
    return FALSE;

  states = atspi_accessible_get_state_set (object);
  return states != NULL && atspi_state_set_contains (states, ATSPI_STATE_FOCUSED);
}

gboolean
a11y_is_focused (AtspiAccessible *below, AtspiRole role, const char *pattern)
{
  Search search = { .role = role, .pattern = pattern };

  atspi_accessible_clear_cache (below);
  return walk (below, 0, find_focused_cb, &search);
}

/* Asks this object alone, which is much quicker than looking for it. */
gboolean
a11y_has_focus (AtspiAccessible *object)
{
  g_autoptr (AtspiStateSet) states = NULL;

  atspi_accessible_clear_cache (object);
  states = atspi_accessible_get_state_set (object);
  return states != NULL && atspi_state_set_contains (states, ATSPI_STATE_FOCUSED);
}

void
a11y_dump (void)
{
  atspi_accessible_clear_cache (application);
  walk (application, 0, dump_cb, NULL);
}

static AtspiAccessible *
wait_below (AtspiAccessible *below, AtspiRole role, const char *pattern)
{
  gint64 end_us = g_get_monotonic_time () + A11Y_WAIT_S * G_USEC_PER_SEC;

  while (g_get_monotonic_time () < end_us)
    {
      Search search = { .role = role, .pattern = pattern };

      atspi_accessible_clear_cache (below);
      walk (below, 0, find_cb, &search);
      if (search.found != NULL)
        return search.found;
      g_usleep (POLL_US);
    }
  return NULL;
}

AtspiAccessible *
a11y_wait (AtspiAccessible *below, AtspiRole role, const char *pattern)
{
  AtspiAccessible *found = wait_below (below, role, pattern);

  if (found == NULL)
    {
      a11y_dump ();
      g_error ("nothing with role %d is called '%s'", role, pattern);
    }
  return found;
}

void
a11y_init (const char *application_name)
{
  g_autoptr (AtspiAccessible) desktop = NULL;

  /* libatspi 2.46 warns when a program without an object cache appears: that is every GTK program.
   */
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  atspi_init ();
  atspi_set_timeout (3000, 15000);
  desktop = atspi_get_desktop (0);
  application = wait_below (desktop, ATSPI_ROLE_APPLICATION, application_name);
  if (application == NULL)
    g_error ("the program did not appear on the accessibility bus");
}

AtspiAccessible *
a11y_wait_window (const char *name)
{
  return a11y_wait (application, ATSPI_ROLE_FRAME, name);
}

AtspiAccessible *
a11y_wait_dialog (const char *name)
{
  return a11y_wait (application, ATSPI_ROLE_DIALOG, name);
}

/* GTK 4.8 gives its file chooser no better role. */
AtspiAccessible *
a11y_wait_chooser (const char *title)
{
  return a11y_wait (application, ATSPI_ROLE_FILLER, title);
}

static guint
count_windows (const char *name)
{
  return a11y_count (application, ATSPI_ROLE_FRAME, name) +
         a11y_count (application, ATSPI_ROLE_DIALOG, name) +
         a11y_count (application, ATSPI_ROLE_FILLER, name);
}

void
a11y_wait_gone (const char *window_name)
{
  gint64 end_us = g_get_monotonic_time () + A11Y_WAIT_S * G_USEC_PER_SEC;

  while (count_windows (window_name) > 0)
    {
      if (g_get_monotonic_time () > end_us)
        g_error ("the window '%s' stays open", window_name);
      g_usleep (POLL_US);
    }
}

guint
a11y_count (AtspiAccessible *below, AtspiRole role, const char *pattern)
{
  Search search = { .role = role, .pattern = pattern };

  atspi_accessible_clear_cache (below);
  walk (below, 0, count_cb, &search);
  return search.count;
}

void
a11y_press (AtspiAccessible *below, AtspiRole role, const char *pattern)
{
  gint64 end_us = g_get_monotonic_time () + A11Y_WAIT_S * G_USEC_PER_SEC;

  /* A button may be there before it can be pressed. */
  while (g_get_monotonic_time () < end_us)
    {
      g_autoptr (AtspiAccessible) object = a11y_wait (below, role, pattern);
      g_autoptr (AtspiStateSet) states = atspi_accessible_get_state_set (object);
      g_autoptr (AtspiAction) action = atspi_accessible_get_action_iface (object);

      if (action != NULL && atspi_state_set_contains (states, ATSPI_STATE_SENSITIVE) &&
          atspi_action_do_action (action, 0, NULL))
        return;
      g_usleep (POLL_US);
    }
  a11y_dump ();
  g_error ("'%s' cannot be pressed", pattern);
}

void
a11y_select (AtspiAccessible *list, int index)
{
  g_autoptr (AtspiSelection) selection = atspi_accessible_get_selection_iface (list);

  if (selection == NULL || !atspi_selection_select_child (selection, index, NULL))
    g_error ("row %d cannot be selected", index);
}

void
a11y_type (AtspiAccessible *below, const char *pattern, const char *text)
{
  g_autoptr (AtspiAccessible) object = a11y_wait (below, ATSPI_ROLE_TEXT, pattern);
  g_autoptr (AtspiEditableText) editable = atspi_accessible_get_editable_text_iface (object);

  if (editable == NULL || !atspi_editable_text_set_text_contents (editable, text, NULL))
    g_error ("nothing can be typed into '%s'", pattern);
}

/* Nobody needs pictures for a verdict: they are for people to look at. */
void
a11y_set_pictures (const char *folder)
{
  pictures = folder;
}

void
a11y_take_picture (const char *name)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) import = NULL;

  if (pictures == NULL)
    return;

  g_usleep (700 * 1000); /* the last frame; nothing is judged by it */
  path = g_strdup_printf ("%s/%s.png", pictures, name);
  import = g_subprocess_new (0, &error, "import", "-window", "root", path, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (import, NULL, &error));
  g_assert_no_error (error);
}
