/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing a recipe in the window: what can be added, what is said about it, what can be saved. */
#include "lks-recipe-draft.h"
#include "lks-recipe-editor.h"
#include "lks-recipe-field.h"
#include "lks-recipe-list.h"
#include "lks-recipe-beside.h"
#include "lks-recipe-row.h"
#include "lks-recipe-sample.h"
#include "lks-recipe-text.h"
#include "lks-recipe.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "wait-until.h"

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

/* ---- the form ---- */

static char *pictures; /* a folder for people to look at; nothing is judged by it */

static void
run_frames (guint n_frames)
{
  for (guint i = 0; i < n_frames; i++)
    while (g_main_context_iteration (NULL, FALSE))
      ;
}

static void
take_picture (LksRecipeEditor *editor, const char *name)
{
  g_autofree char *path = NULL;
  g_autoptr (GSubprocess) import = NULL;
  gint64 end_us = g_get_monotonic_time () + 900 * 1000;

  if (pictures == NULL)
    return;

  while (g_get_monotonic_time () < end_us)
    g_main_context_iteration (NULL, FALSE);
  path = g_strdup_printf ("%s/%s.png", pictures, name);
  import = g_subprocess_new (0, NULL, "import", "-window", "root", path, NULL);
  g_assert_true (g_subprocess_wait_check (import, NULL, NULL));
}

static char *
dup_text (LksRecipeEditor *editor)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (lks_recipe_editor_get_buffer (editor), &start, &end);
  return gtk_text_buffer_get_text (lks_recipe_editor_get_buffer (editor), &start, &end, TRUE);
}

static void
undo_all (LksRecipeEditor *editor)
{
  GtkTextBuffer *buffer = lks_recipe_editor_get_buffer (editor);

  g_assert_true (gtk_text_buffer_get_can_undo (buffer));
  while (gtk_text_buffer_get_can_undo (buffer))
    g_assert_true (gtk_widget_activate_action (GTK_WIDGET (editor), "editor.undo", NULL));
}

static LksRecipeRow *
find_row (LksRecipeEditor *editor, const char *path)
{
  GtkWidget *row = lks_recipe_form_find (lks_recipe_editor_get_form (editor), path);

  g_assert_true (LKS_IS_RECIPE_ROW (row));
  return LKS_RECIPE_ROW (row);
}

static void
enter (LksRecipeRow *row, const char *value)
{
  GtkWidget *control = lks_recipe_row_get_control (row);

  if (GTK_IS_SWITCH (control))
    gtk_switch_set_active (GTK_SWITCH (control), g_str_equal (value, "on"));
  else if (GTK_IS_DROP_DOWN (control))
    gtk_drop_down_set_selected (GTK_DROP_DOWN (control),
                                (guint) g_ascii_strtoull (value, NULL, 10));
  else
    gtk_editable_set_text (GTK_EDITABLE (control), value);
}

/* Each kind of value, in the form and in the text; cleared again it leaves no trace. */
static void
test_fields (void)
{
  static const struct
  {
    const char *path;
    const char *value;
    const char *json;
    const char *none; /* NULL: it stays */
  } rows[] = {
    { "name", "Quotes \" and ü", "\"name\": \"Quotes \\\" and ü\"", NULL },
    { "product", "Thermostat", ",\n  \"product\": \"Thermostat\"", "" },
    { "targetState", "1", "\"targetState\": \"Module1Complete\"", NULL },
    { "allowArmed", "on", ",\n  \"allowArmed\": true", NULL },
    { "noWifiNetworks", "off", ",\n  \"noWifiNetworks\": false", NULL },
    { "label.pattern", "[0-9]+", ",\n  \"label\": { \"pattern\": \"[0-9]+\" }", "" },
    { "limits.stepSeconds", "20", ",\n  \"limits\": { \"stepSeconds\": 20 }", "" },
    { "minimumRestApiVersion", "4.6.0", ",\n  \"minimumRestApiVersion\": \"4.6.0\"", "" },
    { "allowedOsVersions.0", "24.09", "\"allowedOsVersions\": [\"24.09\"]", NULL },
    { "claim.policy", "2", ",\n  \"claim\": { \"policy\": \"queue\" }", NULL },
  };

  LksRecipeEditor *editor = lks_recipe_editor_new (NULL, LEGAL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      LksRecipeRow *row = find_row (editor, rows[i].path);
      g_autofree char *text = NULL;
      g_autofree char *cleared = NULL;

      g_test_message ("%s", rows[i].path);
      set_text (editor, LEGAL);
      enter (row, rows[i].value);
      text = dup_text (editor);
      g_assert_nonnull (strstr (text, rows[i].json));
      if (rows[i].none != NULL)
        {
          enter (row, rows[i].none);
          cleared = dup_text (editor);
          g_assert_cmpstr (cleared, ==, LEGAL);
        }
    }
  gtk_window_destroy (GTK_WINDOW (editor));
}

static LksRecipeList *
find_list (LksRecipeEditor *editor, const char *path)
{
  GtkWidget *list = lks_recipe_form_find (lks_recipe_editor_get_form (editor), path);

  g_assert_true (LKS_IS_RECIPE_LIST (list));
  return LKS_RECIPE_LIST (list);
}

static GtkWidget *
find_button (GtkWidget *widget, const char *tooltip)
{
  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_widget_get_tooltip_text (widget), tooltip) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, tooltip);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GtkWidget *
find_flawed (GtkWidget *widget)
{
  GtkWidget *found = NULL;

  if (gtk_widget_has_css_class (widget, "flawed"))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_flawed (child);
  return found;
}

static void
press (GtkWidget *below, const char *tooltip)
{
  GtkWidget *button = find_button (below, tooltip);

  g_test_message ("press %s", tooltip);
  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
}

/* Things of lists are added, filled in and removed; the last one takes the list with it. */
static void
test_lists (void)
{
  LksRecipeEditor *editor = lks_recipe_editor_new (NULL, LEGAL, NULL);
  GtkWidget *list = GTK_WIDGET (find_list (editor, "wifiNetworks"));
  g_autofree char *text = NULL;
  g_autofree char *rest = NULL;
  g_autofree char *none = NULL;

  gtk_window_present (GTK_WINDOW (editor));
  press (list, "Add Network");
  g_assert_false (lks_recipe_editor_get_legal (editor));
  g_assert_true (
      gtk_widget_has_css_class (GTK_WIDGET (find_row (editor, "wifiNetworks.0.ssid")), "flawed"));
  enter (find_row (editor, "wifiNetworks.0.ssid"), "workshop");
  enter (find_row (editor, "wifiNetworks.0.security"), "2");
  g_assert_true (lks_recipe_editor_get_legal (editor));
  press (list, "Add Network");
  enter (find_row (editor, "wifiNetworks.1.ssid"), "guests");
  text = dup_text (editor);
  g_assert_nonnull (strstr (text, "\"wifiNetworks\": [{ \"ssid\": \"workshop\", \"security\": "
                                  "\"psk\" }, { \"ssid\": \"guests\" }]"));

  press (list, "Remove Network 1");
  rest = dup_text (editor);
  g_assert_nonnull (strstr (rest, "\"wifiNetworks\": [{ \"ssid\": \"guests\" }]"));
  press (list, "Remove Network 1");
  none = dup_text (editor);
  g_assert_cmpstr (none, ==, LEGAL);
  gtk_window_destroy (GTK_WINDOW (editor));
}

/* An image that is only an ID stays one, until something else is said of it. */
static void
test_shorthand (void)
{
  const char *id = "aa11aa11-0000-4000-8000-000000000001";
  g_autofree char *images = g_strdup_printf ("\"images\": [\"%s\"]", id);
  g_autoptr (GString) legal = g_string_new (LEGAL);
  g_autofree char *text = NULL;
  LksRecipeEditor *editor;

  g_string_replace (legal, "\"images\": []", images, 1);
  editor = lks_recipe_editor_new (NULL, legal->str, NULL);
  enter (find_row (editor, "images.0"), "AA11AA11-0000-4000-8000-000000000002");
  g_clear_pointer (&text, g_free);
  text = dup_text (editor);
  g_assert_nonnull (strstr (text, "\"images\": [\"AA11AA11-0000-4000-8000-000000000002\"]"));
  enter (find_row (editor, "images.0.name"), "main");
  g_clear_pointer (&text, g_free);
  text = dup_text (editor);
  g_assert_nonnull (strstr (text, "\"images\": [{ \"imageId\": "
                                  "\"AA11AA11-0000-4000-8000-000000000002\", \"name\": "
                                  "\"main\" }]"));
  gtk_window_destroy (GTK_WINDOW (editor));
}

static LksRecipeRow *
find_waiver (LksRecipeEditor *editor, const char *check)
{
  g_autofree char *text = dup_text (editor);
  g_autoptr (JsonNode) root = json_from_string (text, NULL);
  JsonArray *waivers = json_object_get_array_member (json_node_get_object (root), "mayWaive");

  for (guint i = 0; i < json_array_get_length (waivers); i++)
    {
      JsonObject *waiver = json_array_get_object_element (waivers, i);
      g_autofree char *path = g_strdup_printf ("mayWaive.%u.by", i);

      if (g_str_equal (json_object_get_string_member (waiver, "check"), check))
        return find_row (editor, path);
    }
  g_assert_not_reached ();
}

/* One row for each check, in whatever order the recipe names them. */
static void
test_waivers (void)
{
  LksRecipeEditor *editor = lks_recipe_editor_new (NULL, LEGAL, NULL);
  g_autofree char *one = NULL;
  g_autofree char *other = NULL;
  g_autofree char *none = NULL;

  enter (find_row (editor, "mayWaive.0"), "1"); /* the first check: the REST version */
  g_assert_true (lks_recipe_editor_get_legal (editor));
  one = dup_text (editor);
  g_assert_nonnull (
      strstr (one, "\"mayWaive\": [{ \"check\": \"rest-version\", \"by\": \"engineer\" }]"));
  enter (find_row (editor, "mayWaive.1"), "2"); /* the next one: the label */
  enter (find_waiver (editor, "rest-version"), "0");
  other = dup_text (editor);
  g_assert_nonnull (
      strstr (other, "\"mayWaive\": [{ \"check\": \"label\", \"by\": \"operator\" }]"));
  enter (find_waiver (editor, "label"), "0");
  none = dup_text (editor);
  g_assert_cmpstr (none, ==, LEGAL);

  set_text (editor, "{ \"name\": \"r\", \"targetState\": \"DeviceComplete\", "
                    "\"allowedOsVersions\": [\"1\"], \"images\": [], "
                    "\"mayWaive\": [{ \"check\": \"images\" }] }");
  g_assert_cmpuint (gtk_drop_down_get_selected (GTK_DROP_DOWN (
                        lks_recipe_row_get_control (find_waiver (editor, "images")))),
                    ==, 1);
  gtk_window_destroy (GTK_WINDOW (editor));
}

/* What is wrong is said where it is. */
static void
test_flaws (void)
{
  static const struct
  {
    const char *path;
    const char *value;
    const char *flaw;
  } rows[] = {
    { "name", "", "character" },
    { "limits.checkSeconds", "soon", "number" },
    { "limits.checkSeconds", "0", "1" },
    { "label.pattern", "(", "expression" },
    { "minimumRestApiVersion", "3.0.0", "at least" },
    { "boardConfiguration.componentId", "no", "GUID" },
    { "allowedOsVersions.0", "", "character" },
    { "claim.policy", "1", "catalog" },
    { "deviceGroup",
      "way too long a name, way too long a name, way too long a name, way too long "
      "a name, way too long a name",
      "100" },
  };

  LksRecipeEditor *editor = lks_recipe_editor_new (NULL, LEGAL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      LksRecipeRow *row = find_row (editor, rows[i].path);
      const char *flaw;

      set_text (editor, LEGAL);
      enter (row, rows[i].value);
      flaw = adw_action_row_get_subtitle (ADW_ACTION_ROW (row));
      g_test_message ("%s: %s", rows[i].path, flaw);
      g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (row), "flawed"));
      g_assert_nonnull (strstr (flaw, rows[i].flaw));
      g_assert_false (lks_recipe_editor_get_legal (editor));

      undo_all (editor);
      g_assert_true (lks_recipe_editor_get_legal (editor));
      g_assert_false (
          gtk_widget_has_css_class (GTK_WIDGET (find_row (editor, rows[i].path)), "flawed"));
    }
  gtk_window_destroy (GTK_WINDOW (editor));
}

/* Returns NULL for what is no recipe. */
static char *
load_recipe (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (LksRecipe) recipe = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL) ||
      !g_utf8_validate (text, (gssize) length, NULL))
    return NULL;
  bytes = g_bytes_new (text, length);
  recipe = lks_recipe_parse ("r", folder, bytes, NULL);
  return recipe != NULL ? g_steal_pointer (&text) : NULL;
}

static void
assert_untouched (LksRecipeEditor *editor, const char *text)
{
  LksRecipeRow *row = find_row (editor, "name");
  g_autofree char *shown = NULL;
  g_autofree char *undone = NULL;

  set_text (editor, text);
  shown = dup_text (editor);
  g_assert_cmpstr (shown, ==, text);
  WAIT_UNTIL (lks_recipe_editor_get_legal (editor));
  enter (row, "another name");
  undo_all (editor);
  undone = dup_text (editor);
  g_assert_true (g_str_equal (undone, text));
}

/* To look at a recipe changes none of its bytes. */
static void
test_untouched (void)
{
  static const char *const folders[][3] = {
    { "finalize", "recipes", NULL },
    { "fuzz", "corpus", "recipe" },
    { "crash", NULL, NULL },
    { "benchmarks", NULL, NULL },
  };
  guint n_recipes = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = g_build_filename (g_getenv ("LKS_TEST_DATA"), folders[i][0],
                                                  folders[i][1], folders[i][2], NULL);
      g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
      LksRecipeEditor *editor = lks_recipe_editor_new (NULL, NULL, folder);
      const char *name;

      while ((name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *text = load_recipe (folder, name);

          if (text == NULL)
            continue;
          g_test_message ("%s", name);
          assert_untouched (editor, text);
          n_recipes++;
        }
      gtk_window_destroy (GTK_WINDOW (editor));
    }
  g_assert_cmpuint (n_recipes, >=, 5);
}

/* A text that cannot be read makes the form wait, with what it had. */
static void
test_waiting (void)
{
  LksRecipeEditor *editor = lks_recipe_editor_new (NULL, LEGAL, NULL);
  GtkWidget *form = GTK_WIDGET (lks_recipe_editor_get_form (editor));

  gtk_window_present (GTK_WINDOW (editor));
  gtk_widget_grab_focus (lks_recipe_row_get_control (find_row (editor, "product")));
  run_frames (5);
  set_text (editor, "{ \"name\": ");
  g_assert_false (gtk_widget_get_sensitive (form));
  g_assert_nonnull (strstr (lks_recipe_editor_get_message (editor), "The form waits"));
  set_text (editor, LEGAL);
  g_assert_true (gtk_widget_get_sensitive (form));
  gtk_window_destroy (GTK_WINDOW (editor));
}

/* What the form has no place for is not overwritten, and the form does not pretend that it was. */
static void
test_other_kind (void)
{
  const char *odd = "{ \"name\": \"r\", \"label\": 5, \"limits\": { \"checkSeconds\": \"x\" } }";
  LksRecipeEditor *editor = lks_recipe_editor_new (NULL, LEGAL, NULL);
  LksRecipeRow *row = find_row (editor, "label.pattern");
  g_autofree char *text = NULL;

  set_text (editor, odd);
  enter (row, "TH");
  text = dup_text (editor);
  g_assert_cmpstr (text, ==, odd);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (lks_recipe_row_get_control (row))), ==, "");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (
                       lks_recipe_row_get_control (find_row (editor, "limits.checkSeconds")))),
                   ==, "x");
  gtk_window_destroy (GTK_WINDOW (editor));
}

/* Nobody has signed what was changed, and nothing says so any more. */
static void
test_signature (void)
{
  g_autofree char *folder = g_dir_make_tmp ("lks-editor-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "recipe.json", NULL);
  g_autofree char *signature = g_strconcat (path, ".sig", NULL);
  LksRecipeEditor *editor = lks_recipe_editor_new (NULL, LEGAL, folder);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, LEGAL, -1, NULL));
  g_assert_true (g_file_set_contents (signature, "x\n", -1, NULL));
  g_assert_true (lks_recipe_editor_save (editor, path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_test (signature, G_FILE_TEST_EXISTS)); /* it is the same text */

  enter (find_row (editor, "product"), "Thermostat");
  g_assert_true (lks_recipe_editor_save (editor, path, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (signature, G_FILE_TEST_EXISTS));
  gtk_window_destroy (GTK_WINDOW (editor));
  g_unlink (path);
  g_rmdir (folder);
}

/* A package says who it is; what the form writes is legal at once. */
static void
test_packages (void)
{
  g_autofree char *folder = recipes_folder ();
  g_autofree char *empty_folder = g_dir_make_tmp ("lks-editor-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "app.imagepackage", NULL);
  g_autofree char *wrong = g_build_filename (folder, "shipping.json", NULL);
  const char *const paths[] = { path, NULL };
  const char *const wrong_paths[] = { wrong, NULL };
  LksRecipeEditor *editor = lks_recipe_editor_new (NULL, LEGAL, NULL);
  LksRecipeForm *form = lks_recipe_editor_get_form (editor);
  GtkWidget *list = GTK_WIDGET (find_list (editor, "images"));
  g_autofree char *text = NULL;
  g_autofree char *elsewhere = NULL;
  g_autoptr (GError) error = NULL;

  lks_recipe_form_add_packages (form, paths);
  while ((text = dup_text (editor)) != NULL && strstr (text, "packageSha256") == NULL)
    {
      g_clear_pointer (&text, g_free);
      g_main_context_iteration (NULL, TRUE);
    }
  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, "\"package\": \"app.imagepackage\""));
  g_assert_cmpstr (lks_recipe_form_get_folder (form), ==, folder);
  WAIT_UNTIL (lks_recipe_editor_get_legal (editor));
  press (list, "Remove Image 1");
  WAIT_UNTIL (lks_recipe_editor_get_legal (editor));

  lks_recipe_form_add_packages (form, wrong_paths);
  while (find_flawed (list) == NULL)
    g_main_context_iteration (NULL, TRUE);

  elsewhere = lks_recipe_beside_image_to_json (path, empty_folder, &error);
  g_assert_null (elsewhere);
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
  g_assert_nonnull (strstr (error->message, "lies elsewhere"));
  g_rmdir (empty_folder);
  gtk_window_destroy (GTK_WINDOW (editor));
}

/* Images are not read between two keys: the form follows at once, and the text that was typed last
 * is what is checked. */
static void
test_packages_typed (void)
{
  g_autofree char *folder = recipes_folder ();
  g_autofree char *path = g_build_filename (folder, "app.imagepackage", NULL);
  g_autofree char *image = lks_recipe_beside_image_to_json (path, folder, NULL);
  g_autofree char *bare = lks_recipe_draft_set (LEGAL, "name", "\"typed\"");
  g_autofree char *good = lks_recipe_draft_set (LEGAL, "images.0", image);
  g_autofree char *bad =
      lks_recipe_draft_set (good, "images.0.packageSha256",
                            "\"0000000000000000000000000000000000000000000000000000000000000000\"");
  LksRecipeEditor *editor = lks_recipe_editor_new (NULL, LEGAL, folder);

  set_text (editor, good);
  g_assert_false (lks_recipe_editor_get_legal (editor));
  g_assert_nonnull (strstr (lks_recipe_editor_get_message (editor), "being checked"));
  set_text (editor, bad);
  WAIT_UNTIL (strstr (lks_recipe_editor_get_message (editor), "it is another file") != NULL);
  g_assert_nonnull (find_flawed (GTK_WIDGET (lks_recipe_editor_get_form (editor))));

  set_text (editor, bad);
  set_text (editor, good);
  WAIT_UNTIL (lks_recipe_editor_get_legal (editor));
  g_assert_null (find_flawed (GTK_WIDGET (lks_recipe_editor_get_form (editor))));

  set_text (editor, bad);
  set_text (editor, bare);
  g_assert_true (lks_recipe_editor_get_legal (editor));
  gtk_window_destroy (GTK_WINDOW (editor));
}

/* What is read while the source cannot be read waits, and a wrong package beside it is told. */
static void
test_packages_late (void)
{
  g_autofree char *folder = recipes_folder ();
  g_autofree char *path = g_build_filename (folder, "app.imagepackage", NULL);
  g_autofree char *wrong = g_build_filename (folder, "shipping.json", NULL);
  const char *const paths[] = { wrong, path, NULL };
  LksRecipeEditor *editor = lks_recipe_editor_new (NULL, LEGAL, NULL);
  LksRecipeForm *form = lks_recipe_editor_get_form (editor);
  g_autofree char *text = NULL;
  g_autofree char *good = NULL;

  set_text (editor, "{ \"images\"");
  lks_recipe_form_add_packages (form, paths);
  while (lks_recipe_form_is_reading (form))
    g_main_context_iteration (NULL, TRUE);
  text = dup_text (editor);
  g_assert_cmpstr (text, ==, "{ \"images\"");
  g_assert_cmpstr (lks_recipe_form_get_folder (form), ==, folder);

  set_text (editor, LEGAL);
  good = dup_text (editor);
  g_assert_nonnull (strstr (good, "\"package\": \"app.imagepackage\""));
  g_assert_nonnull (find_flawed (GTK_WIDGET (find_list (editor, "images"))));
  gtk_window_destroy (GTK_WINDOW (editor));
}

/* An entry has no history of its own, which would take back what was loaded. */
static void
test_entry_undo (void)
{
  LksRecipeEditor *editor = lks_recipe_editor_new (NULL, LEGAL, NULL);
  GtkWidget *entry = lks_recipe_row_get_control (find_row (editor, "name"));
  GtkEditable *inner = gtk_editable_get_delegate (GTK_EDITABLE (entry));
  g_autofree char *text = NULL;

  gtk_widget_activate_action (GTK_WIDGET (inner), "text.undo", NULL);
  text = dup_text (editor);
  g_assert_cmpstr (text, ==, LEGAL);
  gtk_window_destroy (GTK_WINDOW (editor));
}

/* A list is named with its hash, and is read at once. */
static void
test_os_list (void)
{
  g_autofree char *folder = recipes_folder ();
  g_autofree char *path = g_build_filename (folder, "os-versions.json", NULL);
  g_autofree char *elsewhere = g_build_filename (folder, "..", "test-recipe.c", NULL);
  LksRecipeEditor *editor = lks_recipe_editor_new (NULL, LEGAL, NULL);
  LksRecipeForm *form = lks_recipe_editor_get_form (editor);
  g_autofree char *text = NULL;

  lks_recipe_form_set_os_list (form, path);
  text = dup_text (editor);
  g_test_message ("%s", lks_recipe_editor_get_message (editor));
  g_assert_nonnull (strstr (text, "\"osList\": \"os-versions.json\",\n  \"osListSha256\": \""
                                  "d08aebbcab4340eda5d6ad5f394ab2a16076ba7eefd9513c3ec91ca6086d6fde"
                                  "\""));
  g_assert_true (lks_recipe_editor_get_legal (editor));

  lks_recipe_form_set_os_list (form, elsewhere);
  g_assert_nonnull (
      strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (find_row (editor, "osList"))),
              "elsewhere"));
  gtk_window_destroy (GTK_WINDOW (editor));
}

static void
assert_sample (LksRecipeSample *sample, const char *label, const char *words)
{
  gtk_editable_set_text (GTK_EDITABLE (lks_recipe_sample_get_entry (sample)), label);
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (sample)), words));
}

/* A pattern can be tried, even while the rest is not legal yet. */
static void
test_sample (void)
{
  LksRecipeEditor *editor = lks_recipe_editor_new (NULL, NULL, NULL);
  LksRecipeSample *sample =
      LKS_RECIPE_SAMPLE (lks_recipe_form_get_sample (lks_recipe_editor_get_form (editor)));

  assert_sample (sample, "anything", "accepted");
  enter (find_row (editor, "label.pattern"), "TH-[0-9]{2}");
  assert_sample (sample, "TH-12", "accepted");
  assert_sample (sample, "TH-123", "refused");
  assert_sample (sample, "", "Type or scan");
  enter (find_row (editor, "label.pattern"), "(");
  assert_sample (sample, "TH-12", "cannot be used yet");
  gtk_window_destroy (GTK_WINDOW (editor));
}

/* What the vendor names need not be typed. */
static void
test_known (void)
{
  LksRecipeEditor *editor = lks_recipe_editor_new (NULL, LEGAL, NULL);
  GtkWidget *list = GTK_WIDGET (find_list (editor, "absentComponents"));
  g_autofree char *text = NULL;

  g_assert_true (gtk_widget_activate_action (list, "known.append", "s",
                                             "8548b129-b16f-4f84-8dbe-d2c847862e78"));
  text = dup_text (editor);
  g_assert_nonnull (
      strstr (text, "\"absentComponents\": [\"8548b129-b16f-4f84-8dbe-d2c847862e78\"]"));
  g_assert_true (lks_recipe_editor_get_legal (editor));
  gtk_window_destroy (GTK_WINDOW (editor));
}

static guint
count_windows (void)
{
  return g_list_model_get_n_items (gtk_window_get_toplevels ());
}

/* Who leaves with changes is asked. */
static void
test_leaving (void)
{
  LksRecipeEditor *editor = lks_recipe_editor_new (NULL, LEGAL, NULL);
  guint n_before;
  GtkWindow *dialog = NULL;

  g_object_add_weak_pointer (G_OBJECT (editor), (gpointer *) &editor);
  gtk_window_present (GTK_WINDOW (editor));
  enter (find_row (editor, "product"), "Thermostat");
  n_before = count_windows ();
  gtk_window_close (GTK_WINDOW (editor));
  run_frames (2);
  g_assert_cmpuint (count_windows (), ==, n_before + 1);
  for (guint i = 0; dialog == NULL; i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (gtk_window_get_toplevels (), i);

      if (ADW_IS_MESSAGE_DIALOG (window))
        dialog = window; /* GTK owns it */
    }
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "discard");
  run_frames (2);
  g_assert_null (editor);
  gtk_window_destroy (dialog);
}

static void
scroll_to (LksRecipeEditor *editor, const char *path)
{
  GtkWidget *found = lks_recipe_form_find (lks_recipe_editor_get_form (editor), path);

  run_frames (20);
  gtk_widget_grab_focus (
      LKS_IS_RECIPE_ROW (found) ? lks_recipe_row_get_control (LKS_RECIPE_ROW (found)) : found);
}

static void
load_style (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("LKS_TEST_DATA"), "..", "data", "style.css", NULL);
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_path (provider, path);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static void
test_pictures (void)
{
  static const char *const places[] = { "name",           "images.0.imageId",
                                        "noCertificates", "interfaces.0.name",
                                        "mayWaive.1.by",  NULL };
  g_autofree char *path =
      g_build_filename (g_getenv ("LKS_TEST_DATA"), "fuzz", "corpus", "recipe", "everything", NULL);
  g_autofree char *text = NULL;
  LksRecipeEditor *editor;

  if (pictures == NULL)
    {
      g_test_skip ("nobody looks");
      return;
    }
  load_style ();
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  editor = lks_recipe_editor_new (NULL, text, NULL);
  lks_recipe_editor_set_signature (editor, "quality, with the key 12ab12ab");
  gtk_window_present (GTK_WINDOW (editor));
  for (guint i = 0; places[i] != NULL; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u-%s", i, places[i]);

      scroll_to (editor, places[i]);
      take_picture (editor, name);
    }
  enter (find_row (editor, "claim.policy"), "1");
  lks_recipe_list_append (find_list (editor, "wifiNetworks"), "{ \"ssid\": \"\" }");
  scroll_to (editor, "wifiNetworks.2.ssid");
  take_picture (editor, "6-flaw");
  set_text (editor, "{ \"name\": ");
  take_picture (editor, "7-waiting");
  gtk_window_destroy (GTK_WINDOW (editor));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  pictures = argc > 1 ? argv[1] : NULL;

  g_test_add_func ("/recipe-editor/members", test_members);
  g_test_add_func ("/recipe-editor/find-line", test_find_line);
  g_test_add_func ("/recipe-editor/demands", test_demands);
  g_test_add_func ("/recipe-editor/editor", test_editor);
  g_test_add_func ("/recipe-editor/beside", test_beside);
  g_test_add_func ("/recipe-editor/fields", test_fields);
  g_test_add_func ("/recipe-editor/lists", test_lists);
  g_test_add_func ("/recipe-editor/shorthand", test_shorthand);
  g_test_add_func ("/recipe-editor/waivers", test_waivers);
  g_test_add_func ("/recipe-editor/flaws", test_flaws);
  g_test_add_func ("/recipe-editor/untouched", test_untouched);
  g_test_add_func ("/recipe-editor/waiting", test_waiting);
  g_test_add_func ("/recipe-editor/other-kind", test_other_kind);
  g_test_add_func ("/recipe-editor/signature", test_signature);
  g_test_add_func ("/recipe-editor/packages", test_packages);
  g_test_add_func ("/recipe-editor/packages-typed", test_packages_typed);
  g_test_add_func ("/recipe-editor/packages-late", test_packages_late);
  g_test_add_func ("/recipe-editor/entry-undo", test_entry_undo);
  g_test_add_func ("/recipe-editor/os-list", test_os_list);
  g_test_add_func ("/recipe-editor/sample", test_sample);
  g_test_add_func ("/recipe-editor/known", test_known);
  g_test_add_func ("/recipe-editor/leaving", test_leaving);
  g_test_add_func ("/recipe-editor/pictures", test_pictures);
  return g_test_run ();
}
