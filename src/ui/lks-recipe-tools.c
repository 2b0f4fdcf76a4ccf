/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the computer knows already and nobody has to type into a recipe. */
#include "lks-recipe-tools.h"

#include "lks-json-text.h"
#include "lks-os-book.h"
#include "lks-recipe-os.h"

#include <glib/gi18n-lib.h>

/* By the vendor's documentation of what a locked board must not have. */
#define RF_TEST_SERVER "508eddf2-b8c3-4a99-93d9-a045d9a060eb"
#define DEBUG_SERVER "8548b129-b16f-4f84-8dbe-d2c847862e78"

static void
append_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autofree char *thing = lks_json_text_quote (g_variant_get_string (parameter, NULL));

  lks_recipe_list_append (LKS_RECIPE_LIST (user_data), thing);
}

/* "known.append" adds the text that it is given. */
static void
add_action (LksRecipeList *list)
{
  static const GActionEntry entries[] = { { "append", append_cb, "s", NULL, NULL, { 0 } } };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), list);
  gtk_widget_insert_action_group (GTK_WIDGET (list), "known", G_ACTION_GROUP (group));
}

static void
append_item (GMenu *menu, const char *title, const char *text)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (title, NULL);

  g_menu_item_set_action_and_target (item, "known.append", "s", text);
  g_menu_append_item (menu, item);
}

static GtkWidget *
add_menu (LksRecipeList *list, const char *label, GMenu *menu)
{
  GtkWidget *button = gtk_menu_button_new ();

  gtk_menu_button_set_label (GTK_MENU_BUTTON (button), label);
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button),
                                  menu != NULL ? G_MENU_MODEL (menu) : NULL);
  gtk_widget_add_css_class (button, "flat");
  add_action (list);
  lks_recipe_list_add_tool (list, button);
  return button;
}

/* ---- versions ---- */

static void
fill_versions_cb (GtkMenuButton *button, LksOsBook *book)
{
  const LksOsShelf *shelf = lks_os_book_get_shelf (book);
  g_autoptr (GMenu) menu = g_menu_new ();

  for (guint i = 0; shelf != NULL && i < shelf->versions->len; i++)
    {
      const LksRecipeOs *version = shelf->versions->pdata[i];

      append_item (menu, version->name, version->name);
    }
  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
  gtk_widget_set_visible (GTK_WIDGET (button), shelf != NULL && shelf->versions->len > 0);
}

/**
 * lks_recipe_tools_offer_versions:
 * @list: the versions that a recipe allows
 *
 * Offers those of the list that is kept on this computer, if there is one.
 */
void
lks_recipe_tools_offer_versions (LksRecipeList *list)
{
  g_autoptr (LksOsBook) book = lks_os_book_ref_default ();
  GtkWidget *button = add_menu (list, _ ("Known Versions"), NULL);

  /* The button keeps the book, which is one for all that ask at the same time. */
  g_object_set_data_full (G_OBJECT (button), "book", g_object_ref (book), g_object_unref);
  g_signal_connect_object (book, "changed", G_CALLBACK (fill_versions_cb), button,
                           G_CONNECT_SWAPPED);
  fill_versions_cb (GTK_MENU_BUTTON (button), book);
}

/**
 * lks_recipe_tools_offer_components:
 * @list: the components that must be absent
 *
 * Offers those that are not on a board that is locked as the vendor says.
 */
void
lks_recipe_tools_offer_components (LksRecipeList *list)
{
  g_autoptr (GMenu) menu = g_menu_new ();

  append_item (menu, _ ("RF test server"), RF_TEST_SERVER);
  append_item (menu, _ ("Debug server"), DEBUG_SERVER);
  add_menu (list, _ ("Known Components"), menu);
}

/* ---- packages ---- */

static void
choose_cb (GtkWidget *list, GtkWidget *button)
{
  LksOpenedFunc opened = (LksOpenedFunc) g_object_get_data (G_OBJECT (button), "opened");

  lks_file_opener_ask (list, _ ("Choose Images"), _ ("Image packages (*.imagepackage)"),
                       "*.imagepackage", TRUE, opened);
}

/**
 * lks_recipe_tools_offer_packages:
 * @list: the images that must be on the board
 * @opened: told which files were chosen, or dropped on the list
 *
 * Offers to read image packages.
 */
void
lks_recipe_tools_offer_packages (LksRecipeList *list, LksOpenedFunc opened)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("From Packages…"));

  gtk_widget_add_css_class (button, "flat");
  g_object_set_data (G_OBJECT (button), "opened", (gpointer) opened);
  g_signal_connect_object (button, "clicked", G_CALLBACK (choose_cb), list, G_CONNECT_SWAPPED);
  lks_file_opener_accept_drop (GTK_WIDGET (list), opened);
  lks_recipe_list_add_tool (list, button);
}
