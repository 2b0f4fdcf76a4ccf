/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "a11y.h"
#include "a11y-tree.h"

#include <gio/gio.h>
#include <stdio.h>

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
is_match (const A11yNode *node, AtspiRole role, const char *pattern)
{
  return (role == ATSPI_ROLE_INVALID || node->role == role) &&
         g_pattern_match_simple (pattern, node->name);
}

typedef struct
{
  AtspiRole role;
  const char *pattern;
  gboolean focused;      /* only what has the focus */
  gboolean all;          /* not only the first */
  const A11yNode *found; /* (nullable): the first */
  guint count;
} Search;

static gboolean
find_cb (const A11yNode *node, int depth, gpointer user_data)
{
  Search *search = user_data;

  if (!is_match (node, search->role, search->pattern) ||
      (search->focused && !a11y_node_has_state (node, ATSPI_STATE_FOCUSED)))
    return FALSE;

  search->found = search->found != NULL ? search->found : node;
  search->count++;
  return !search->all;
}

static gboolean
dump_cb (const A11yNode *node, int depth, gpointer user_data)
{
  g_autofree char *role = atspi_role_get_name (node->role);

  fprintf (stderr, "# %*s[%s] '%s'\n", 2 * depth, "", role, node->name);
  return FALSE;
}

/* (nullable): NULL: it is gone */
static A11yTree *
read_below (AtspiAccessible *below)
{
  AtspiObject *object = ATSPI_OBJECT (below);

  return a11y_tree_read (object->app->bus_name, object->path);
}

static gboolean
walk_below (AtspiAccessible *below, A11yVisit visit, gpointer user_data)
{
  g_autoptr (A11yTree) tree = read_below (below);

  return tree != NULL && a11y_tree_walk (tree, visit, user_data);
}

static gboolean
is_node (AtspiAccessible *object, const A11yNode *node)
{
  return object != NULL && strcmp (ATSPI_OBJECT (object)->path, node->path) == 0;
}

/* (nullable) (transfer full). One by one GTK 4.8 tells a GtkStack's pages, which hold the children
 * that it tells when asked for all. */
static AtspiAccessible *
find_child (AtspiAccessible *parent, const A11yNode *node)
{
  int n_children = atspi_accessible_get_child_count (parent, NULL);

  for (int i = 0; i < n_children; i++)
    {
      int index = (node->index + i) % n_children; /* most often the first */
      g_autoptr (AtspiAccessible) child = NULL;
      g_autoptr (AtspiAccessible) inner = NULL;

      child = atspi_accessible_get_child_at_index (parent, index, NULL);
      if (is_node (child, node))
        return g_steal_pointer (&child);
      inner = child != NULL ? atspi_accessible_get_child_at_index (child, 0, NULL) : NULL;
      if (is_node (inner, node))
        return g_steal_pointer (&inner);
    }
  return NULL;
}

/* (nullable) (transfer full): libatspi's own object for @node; NULL: it went meanwhile */
static AtspiAccessible *
get_object (AtspiAccessible *below, const A11yNode *node)
{
  g_autoptr (AtspiAccessible) parent = NULL;

  if (is_node (below, node))
    return g_object_ref (below);
  if (node->parent == NULL)
    return NULL;

  parent = get_object (below, node->parent);
  return parent != NULL ? find_child (parent, node) : NULL;
}

gboolean
a11y_is_focused (AtspiAccessible *below, AtspiRole role, const char *pattern)
{
  Search search = { .role = role, .pattern = pattern, .focused = TRUE };

  return walk_below (below, find_cb, &search);
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
  walk_below (application, dump_cb, NULL);
}

static AtspiAccessible *
find_below (AtspiAccessible *below, AtspiRole role, const char *pattern, guint *out_count)
{
  Search search = { .role = role, .pattern = pattern, .all = out_count != NULL };
  g_autoptr (A11yTree) tree = read_below (below);

  if (tree == NULL)
    return NULL;

  a11y_tree_walk (tree, find_cb, &search);
  if (out_count != NULL)
    *out_count = search.count;
  if (search.found == NULL)
    return NULL;

  atspi_accessible_clear_cache (below);
  return get_object (below, search.found);
}

/* Looking takes the program's time: at most half of it. */
static void
pause_after (gint64 begin_us)
{
  g_usleep (MAX (POLL_US, g_get_monotonic_time () - begin_us));
}

/* @out_count: (nullable): how many there are, which takes no second look */
AtspiAccessible *
a11y_wait_counted (AtspiAccessible *below, AtspiRole role, const char *pattern, guint *out_count)
{
  gint64 end_us = g_get_monotonic_time () + A11Y_WAIT_S * G_USEC_PER_SEC;

  while (g_get_monotonic_time () < end_us)
    {
      gint64 begin_us = g_get_monotonic_time ();
      AtspiAccessible *found = find_below (below, role, pattern, out_count);

      if (found != NULL)
        return found;
      pause_after (begin_us);
    }
  a11y_dump ();
  g_error ("nothing with role %d is called '%s'", role, pattern);
}

AtspiAccessible *
a11y_wait (AtspiAccessible *below, AtspiRole role, const char *pattern)
{
  return a11y_wait_counted (below, role, pattern, NULL);
}

/* (nullable) (transfer full) */
static AtspiAccessible *
find_application (const char *name)
{
  g_autoptr (AtspiAccessible) desktop = atspi_get_desktop (0);
  int n_applications;

  atspi_accessible_clear_cache (desktop);
  n_applications = atspi_accessible_get_child_count (desktop, NULL);
  for (int i = 0; i < n_applications; i++)
    {
      g_autoptr (AtspiAccessible) child = atspi_accessible_get_child_at_index (desktop, i, NULL);
      g_autofree char *child_name = child != NULL ? a11y_get_name (child) : NULL;

      if (g_strcmp0 (child_name, name) == 0)
        return g_steal_pointer (&child);
    }
  return NULL;
}

/* Where people sign in, the tabs of the header bar change with them, and libadwaita 1.2 lays the
 * form that it does not show out with a height of -1 for once, of which GTK warns. Of bugs,
 * criticals stay fatal.
 *
 * @option: (nullable)
 *
 * (transfer full): the program, for tests of such stations; others start it themselves */
GSubprocess *
a11y_start (const char *path, const char *option)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (0);
  g_autoptr (GError) error = NULL;
  GSubprocess *program;

  g_subprocess_launcher_setenv (launcher, "G_DEBUG", "gc-friendly,fatal-criticals", TRUE);
  program = g_subprocess_launcher_spawn (launcher, &error, path, option, NULL);
  g_assert_no_error (error);
  return program;
}

void
a11y_init (const char *application_name)
{
  gint64 end_us = g_get_monotonic_time () + A11Y_WAIT_S * G_USEC_PER_SEC;

  /* libatspi 2.46 warns when a program without an object cache appears: that is every GTK program.
   */
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  atspi_init ();
  /* What a program is asked and answers late is done all the same, and must not be asked twice. */
  atspi_set_timeout (A11Y_WAIT_S * 1000, A11Y_WAIT_S * 1000);
  while ((application = find_application (application_name)) == NULL)
    {
      if (g_get_monotonic_time () > end_us)
        g_error ("the program did not appear on the accessibility bus");
      g_usleep (POLL_US);
    }
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

static gboolean
window_cb (const A11yNode *node, int depth, gpointer user_data)
{
  return is_match (node, ATSPI_ROLE_FRAME, user_data) ||
         is_match (node, ATSPI_ROLE_DIALOG, user_data) ||
         is_match (node, ATSPI_ROLE_FILLER, user_data);
}

static gboolean
is_open (const char *window_name)
{
  return walk_below (application, window_cb, (gpointer) window_name);
}

void
a11y_wait_gone (const char *window_name)
{
  gint64 end_us = g_get_monotonic_time () + A11Y_WAIT_S * G_USEC_PER_SEC;
  gint64 begin_us = g_get_monotonic_time ();

  while (is_open (window_name))
    {
      if (g_get_monotonic_time () > end_us)
        g_error ("the window '%s' stays open", window_name);
      pause_after (begin_us);
      begin_us = g_get_monotonic_time ();
    }
}

/* Returns when the program has done what the keys demand that it was sent before. */
void
a11y_settle (void)
{
  AtspiObject *object = ATSPI_OBJECT (application);

  a11y_tree_settle (object->app->bus_name, object->path);
}

guint
a11y_count (AtspiAccessible *below, AtspiRole role, const char *pattern)
{
  Search search = { .role = role, .pattern = pattern, .all = TRUE };

  walk_below (below, find_cb, &search);
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
