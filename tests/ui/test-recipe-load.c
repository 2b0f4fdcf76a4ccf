/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recipe that takes long to read, here a pipe that nobody has written to yet, where it is chosen
 * and where it is offered: nothing waits for it, and what is chosen meanwhile counts. */
#include "lks-recipe-page.h"
#include "lks-wall-page.h"

#include "wait-until.h"
#include "widgets.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECIPE(name)                                                                               \
  "{\"name\":\"" name "\",\"targetState\":\"DeviceComplete\",\"allowedOsVersions\":[\"24.06\"],"   \
  "\"images\":[]}"

typedef struct
{
  char *folder; /* (owned) */
  char *slow;   /* (owned): the pipe */
  char *quick;  /* (owned) */
  GtkWindow *window;
  LksRecipePage *page;
  guint n_refs; /* of the page, while nothing is read */
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->folder = g_dir_make_tmp ("lks-load-XXXXXX", NULL);
  f->slow = g_build_filename (f->folder, "slow.json", NULL);
  f->quick = g_build_filename (f->folder, "quick.json", NULL);
  g_assert_cmpint (mkfifo (f->slow, 0600), ==, 0);
  g_assert_true (g_file_set_contents (f->quick, RECIPE ("Quick"), -1, NULL));
  f->page = g_object_new (LKS_TYPE_RECIPE_PAGE, NULL);
  f->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_child (f->window, GTK_WIDGET (f->page));
  gtk_window_present (f->window);
  g_object_add_weak_pointer (G_OBJECT (f->page), (gpointer *) &f->page);
  f->n_refs = G_OBJECT (f->page)->ref_count;
}

/* A reading that is still under way keeps the page. */
static void
tear_down (Fixture *f, gconstpointer unused)
{
  gtk_window_destroy (f->window);
  WAIT_UNTIL (f->page == NULL);
  g_unlink (f->slow);
  g_unlink (f->quick);
  g_rmdir (f->folder);
  g_free (f->folder);
  g_free (f->slow);
  g_free (f->quick);
}

/* Blocks until somebody reads. */
static int
open_slow (Fixture *f)
{
  const int fd = g_open (f->slow, O_WRONLY | O_CLOEXEC, 0);

  g_assert_cmpint (fd, >=, 0);
  return fd;
}

static void
write_slow (int fd, const char *text)
{
  g_assert_cmpint (write (fd, text, strlen (text)), ==, (gssize) strlen (text));
  close (fd);
}

static gboolean
is_complete (Fixture *f)
{
  return lks_wizard_page_get_complete (LKS_WIZARD_PAGE (f->page));
}

static gboolean
shows (Fixture *f, const char *text)
{
  return widget_shows (GTK_WIDGET (f->page), text);
}

static void
press (Fixture *f, guint nth)
{
  GtkWidget *first = widget_find (GTK_WIDGET (f->page), GTK_TYPE_TOGGLE_BUTTON);
  GtkWidget *button = nth == 0 ? first : gtk_widget_get_next_sibling (first);

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
}

#define PRESS_FILL_IN(f) press ((f), 0)
#define PRESS_FROM_A_FILE(f) press ((f), 1)

static void
test_waits (Fixture *f, gconstpointer unused)
{
  lks_recipe_page_load_file (f->page, f->slow);
  g_assert_false (is_complete (f));
  g_assert_true (shows (f, "slow.json is being read"));

  write_slow (open_slow (f), RECIPE ("Slow"));
  WAIT_UNTIL (is_complete (f));
  g_assert_cmpstr (lks_recipe_page_get_path (f->page), ==, f->slow);
  g_assert_true (shows (f, "Slow"));
  g_assert_false (shows (f, "being read"));
}

static void
test_newer_wins (Fixture *f, gconstpointer unused)
{
  int fd;

  lks_recipe_page_load_file (f->page, f->slow);
  fd = open_slow (f);
  lks_recipe_page_load_file (f->page, f->quick);
  WAIT_UNTIL (is_complete (f));
  g_assert_cmpstr (lks_recipe_page_get_path (f->page), ==, f->quick);

  write_slow (fd, RECIPE ("Slow"));
  WAIT_UNTIL (G_OBJECT (f->page)->ref_count == f->n_refs);
  g_assert_cmpstr (lks_recipe_page_get_path (f->page), ==, f->quick);
  g_assert_true (shows (f, "Quick"));
}

static void
test_filling_in_wins (Fixture *f, gconstpointer unused)
{
  int fd;

  lks_recipe_page_offer_file (f->page, f->slow);
  fd = open_slow (f);
  g_assert_false (is_complete (f));
  PRESS_FILL_IN (f);
  g_assert_true (is_complete (f));

  write_slow (fd, RECIPE ("Slow"));
  WAIT_UNTIL (G_OBJECT (f->page)->ref_count == f->n_refs);
  g_assert_true (is_complete (f));
  g_assert_null (lks_recipe_page_get_path (f->page));
  PRESS_FROM_A_FILE (f);
  g_assert_false (is_complete (f));
  g_assert_true (shows (f, "No file is chosen yet."));
}

/* What was used last and is no recipe any more is not mentioned; what was chosen is. */
static void
test_no_recipe (Fixture *f, gconstpointer unused)
{
  lks_recipe_page_offer_file (f->page, f->slow);
  write_slow (open_slow (f), "nothing");
  WAIT_UNTIL (is_complete (f));
  g_assert_null (lks_recipe_page_get_path (f->page));
  g_assert_false (shows (f, "slow.json:1:"));

  lks_recipe_page_load_file (f->page, f->slow);
  write_slow (open_slow (f), "nothing");
  WAIT_UNTIL (shows (f, "slow.json:1:"));
  g_assert_false (is_complete (f));

  lks_recipe_page_load_file (f->page, f->quick);
  WAIT_UNTIL (is_complete (f));
  g_assert_false (shows (f, "slow.json:1:"));
}

static void
test_closed (Fixture *f, gconstpointer unused)
{
  int fd;

  lks_recipe_page_load_file (f->page, f->slow);
  fd = open_slow (f);
  gtk_window_set_child (f->window, NULL);
  write_slow (fd, RECIPE ("Slow"));
}

/* Nothing is armed or locked by a recipe that another one is about to take the place of. */
static void
test_wall (Fixture *f, gconstpointer unused)
{
  g_autoptr (GSettings) settings = g_settings_new ("io.github.locksmith.Locksmith");
  LksWallPage *page = g_object_new (LKS_TYPE_WALL_PAGE, NULL);
  GtkWidget *choose = widget_find_button (GTK_WIDGET (page), "wall.choose-recipe");
  GtkWidget *arm = widget_find_button (GTK_WIDGET (page), "wall.arm");

  gtk_window_set_child (f->window, GTK_WIDGET (page));
  WAIT_UNTIL (gtk_widget_get_sensitive (arm));
  g_settings_set_string (settings, "last-recipe", f->slow);
  lks_wall_page_set_settings (page, settings);
  g_assert_true (widget_shows (choose, "The recipe is being read"));
  g_assert_false (gtk_widget_get_sensitive (arm));

  write_slow (open_slow (f), RECIPE ("Slow"));
  WAIT_UNTIL (widget_shows (choose, "Slow"));
  g_assert_true (gtk_widget_get_sensitive (arm));
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  TEST ("/recipe-load/waits", test_waits);
  TEST ("/recipe-load/newer-wins", test_newer_wins);
  TEST ("/recipe-load/filling-in-wins", test_filling_in_wins);
  TEST ("/recipe-load/no-recipe", test_no_recipe);
  TEST ("/recipe-load/closed", test_closed);
  TEST ("/recipe-load/wall", test_wall);

  return g_test_run ();
}
