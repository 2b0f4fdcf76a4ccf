/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing a recipe in the window: what can be added, what is said about it, what can be saved. */
#include "lks-recipe-draft.h"
#include "lks-recipe-editor.h"
#include "lks-recipe-text.h"
#include "lks-recipe.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define LEGAL                                                                                      \
  "{\n  \"name\": \"r\",\n  \"targetState\": \"DeviceComplete\",\n"                                \
  "  \"allowedOsVersions\": [\"24.06\"],\n  \"images\": []\n}\n"

static char *
recipes_folder (void)
{
  return g_build_filename (g_getenv ("LKS_TEST_DATA"), "finalize", "recipes", NULL);
}

/* Every member that the schema knows can be added, and its example is legal. */
static void
test_members (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("LKS_TEST_DATA"), "..", "data", "recipe.schema.json", NULL);
  g_autofree char *draft = lks_recipe_draft_new ();
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GList) known = NULL;
  guint n_members;
  const LksDraftMember *members = lks_recipe_draft_list_members (&n_members);

  g_assert_true (json_parser_load_from_file (parser, path, NULL));
  known = json_object_get_members (
      json_object_get_object_member (json_node_get_object (json_parser_get_root (parser)),
                                     "properties"));
  for (GList *l = known; l != NULL; l = l->next)
    {
      guint found = lks_recipe_draft_has (draft, l->data) || g_str_equal (l->data, "$schema");

      for (guint i = 0; i < n_members; i++)
        found += g_str_equal (members[i].member, l->data);
      g_test_message ("%s", (char *) l->data);
      g_assert_cmpuint (found, ==, 1);
    }

  for (guint i = 0; i < n_members; i++)
    {
      g_autofree char *text = lks_recipe_draft_add (LEGAL, members[i].member);
      g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
      g_autoptr (GError) error = NULL;
      g_autoptr (LksRecipe) recipe = lks_recipe_parse ("r", NULL, bytes, &error);

      g_test_message ("%s", text);
      g_assert_true (lks_recipe_draft_has (text, members[i].member));
      if (g_str_equal (members[i].member, "osList"))
        g_assert_nonnull (strstr (error->message, "mt3620an.json")); /* a file to get first */
      else if (g_str_equal (members[i].member, "osListSha256"))
        g_assert_nonnull (strstr (error->message, "only with “osList”"));
      else
        g_assert_no_error (error);
    }
}

static void
test_find_line (void)
{
  const char *reason;

  g_assert_cmpuint (lks_recipe_draft_find_line ("recipe", "recipe:12: no good", &reason), ==, 12);
  g_assert_cmpstr (reason, ==, "no good");
  g_assert_cmpuint (lks_recipe_draft_find_line ("recipe", "recipe: no good", &reason), ==, 0);
  g_assert_cmpstr (reason, ==, "no good");
  g_assert_cmpuint (lks_recipe_draft_find_line ("recipe", "no good", &reason), ==, 0);
  g_assert_cmpstr (reason, ==, "no good");
}

/* The summary leaves nothing out that a board can fail by. */
static void
test_demands (void)
{
  static const char *const wanted[] = {
    "exactly 2 Wi-Fi networks",
    "no capabilities",
    "exactly 1 certificate",
    "1 network interface",
    "a board configuration",
    "a label that matches “TH-[0-9]{6}”",
    "checks within 60 s",
    "each check within 20 s",
    "some checks may be waived",
    "may start when",
    NULL,
  };
  g_autofree char *folder = recipes_folder ();
  g_autofree char *path = g_build_filename (folder, "shipping.json", NULL);
  g_autoptr (LksRecipe) recipe = lks_recipe_load (path, NULL);
  g_autofree char *text = lks_recipe_demands_to_text (recipe);
  g_autofree char *signature = lks_recipe_signature_to_text (recipe);

  for (gsize i = 0; wanted[i] != NULL; i++)
    g_assert_nonnull (strstr (text, wanted[i]));
  g_assert_cmpstr (signature, ==, "Nobody has signed it.");
}

static void
saved_cb (LksRecipeEditor *editor, const char *path, char **out_path)
{
  *out_path = g_strdup (path);
}

static void
set_text (LksRecipeEditor *editor, const char *text)
{
  gtk_text_buffer_set_text (lks_recipe_editor_get_buffer (editor), text, -1);
}

/* What is illegal is said with its line, and is not saved. */
static void
test_editor (void)
{
  g_autofree char *folder = g_dir_make_tmp ("lks-editor-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "recipe.json", NULL);
  LksRecipeEditor *editor = lks_recipe_editor_new (NULL, NULL, folder);
  g_autofree char *saved = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_signal_connect (editor, "saved", G_CALLBACK (saved_cb), &saved);
  gtk_window_present (GTK_WINDOW (editor));
  g_assert_false (lks_recipe_editor_get_legal (editor));
  g_assert_nonnull (strstr (lks_recipe_editor_get_message (editor), "Line 4"));
  g_assert_nonnull (strstr (lks_recipe_editor_get_message (editor), "at least one version"));
  g_assert_false (lks_recipe_editor_save (editor, path, &error));
  g_assert_nonnull (error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_null (saved);

  set_text (editor, LEGAL);
  g_assert_true (lks_recipe_editor_get_legal (editor));
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (editor), "editor.add", "s", "wifiNetworks"));
  g_assert_true (lks_recipe_editor_get_legal (editor));
  g_clear_error (&error);
  g_assert_true (lks_recipe_editor_save (editor, path, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (saved, ==, path);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\"wifiNetworks\": [{"));

  set_text (editor, "{ \"name\": ");
  g_assert_false (lks_recipe_editor_get_legal (editor));
  gtk_window_destroy (GTK_WINDOW (editor));
  g_unlink (path);
  g_rmdir (folder);
}

/* Files that a recipe names are looked for beside it. */
static void
test_beside (void)
{
  g_autofree char *folder = recipes_folder ();
  g_autofree char *path = g_build_filename (folder, "shipping.json", NULL);
  g_autofree char *elsewhere = g_build_filename (g_get_tmp_dir (), "lks-elsewhere.json", NULL);
  g_autofree char *text = NULL;
  LksRecipeEditor *editor;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  editor = lks_recipe_editor_new (NULL, text, folder);
  g_assert_true (lks_recipe_editor_get_legal (editor));
  g_assert_false (lks_recipe_editor_save (editor, elsewhere, &error));
  g_assert_nonnull (strstr (error->message, "os-versions.json"));
  gtk_window_destroy (GTK_WINDOW (editor));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/recipe-editor/members", test_members);
  g_test_add_func ("/recipe-editor/find-line", test_find_line);
  g_test_add_func ("/recipe-editor/demands", test_demands);
  g_test_add_func ("/recipe-editor/editor", test_editor);
  g_test_add_func ("/recipe-editor/beside", test_beside);
  return g_test_run ();
}
