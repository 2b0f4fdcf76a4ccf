/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-recipe-list.h"

#include "lks-json-text.h"
#include "lks-recipe-row.h"
#include "lks-widget.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* One of the list: a row, or one that can be opened when it has several fields. Its rows are made
 * when it is opened first: a list may be long. */
typedef struct
{
  GtkWidget *top;  /* (unowned): a child of the group */
  GPtrArray *rows; /* (owned) (element-type LksRecipeRow): children of it; empty until then */
} Thing;

struct _LksRecipeList
{
  AdwPreferencesGroup parent_instance;

  const LksRecipeGroup *group;
  GPtrArray *things;   /* (owned) (element-type Thing) */
  GtkWidget *tools;    /* (unowned): a child: a GtkBox, the last in it adds a thing */
  GtkWidget *note;     /* (unowned): a child: an AdwActionRow */
  GtkWidget *sign;     /* (unowned): a child of @note */
  JsonNode *node;      /* (owned) (nullable): the list as it is shown */
  gboolean opens_last; /* whether a person has just added one */
};

G_DEFINE_FINAL_TYPE (LksRecipeList, lks_recipe_list, ADW_TYPE_PREFERENCES_GROUP)

typedef enum
{
  SIGNAL_EDITED,
  N_SIGNALS,
} LksRecipeListSignal;

static guint signals[N_SIGNALS];

static void
thing_free (gpointer data)
{
  Thing *self = data;

  g_ptr_array_unref (self->rows);
  g_free (self);
}

static guint
count (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_ARRAY (node)
             ? json_array_get_length (json_node_get_array (node))
             : 0;
}

static JsonNode *
get_thing (LksRecipeList *self, guint place)
{
  return json_array_get_element (json_node_get_array (self->node), place);
}

static void
emit_edited (LksRecipeList *self, const char *path, const char *value)
{
  g_signal_emit (self, signals[SIGNAL_EDITED], 0, path, value);
}

/* ---- what a person does ---- */

/* A thing that is only a text becomes an object when something else is said of it. */
static void
unfold (LksRecipeList *self, guint place, const char *member, const char *value)
{
  g_autofree char *path = g_strdup_printf ("%s.%u", self->group->list, place);
  g_autofree char *text = json_to_string (get_thing (self, place), FALSE);
  g_autofree char *thing =
      g_strdup_printf ("{ \"%s\": %s, \"%s\": %s }", self->group->shorthand, text, member, value);

  emit_edited (self, path, thing);
}

static void
row_edited_cb (LksRecipeList *self, LksRecipeRow *row)
{
  const char *path = lks_recipe_row_get_path (row);
  const char *member = lks_recipe_row_get_field (row)->path;
  guint place = (guint) g_ascii_strtoull (path + strlen (self->group->list) + 1, NULL, 10);
  g_autofree char *value = lks_recipe_row_dup_value (row);

  if (self->group->shorthand != NULL && value != NULL &&
      !g_str_equal (member, self->group->shorthand) && place < count (self->node) &&
      JSON_NODE_HOLDS_VALUE (get_thing (self, place)))
    unfold (self, place, member, value);
  else
    emit_edited (self, path, value);
}

static void
remove_cb (LksRecipeList *self, GtkWidget *button)
{
  guint place = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "place"));
  g_autofree char *path = g_strdup_printf ("%s.%u", self->group->list, place);

  if (count (self->node) == 1 && !self->group->is_required)
    emit_edited (self, self->group->list, NULL);
  else
    emit_edited (self, path, NULL);
}

/**
 * lks_recipe_list_append:
 * @self: a list
 * @thing: one more, as JSON
 *
 * Does what a person does who adds @thing.
 */
void
lks_recipe_list_append (LksRecipeList *self, const char *thing)
{
  g_autofree char *path = g_strdup_printf ("%s.%u", self->group->list, count (self->node));

  self->opens_last = TRUE;
  emit_edited (self, path, thing);
}

static void
add_cb (LksRecipeList *self)
{
  lks_recipe_list_append (self, self->group->example);
}

/* ---- what it looks like ---- */

static GtkWidget *
build_button (LksRecipeList *self, const char *icon_name, char *name, GCallback clicked_cb)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);
  g_autofree char *label = name;

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect_object (button, "clicked", clicked_cb, self, G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *
build_remove (LksRecipeList *self, guint place)
{
  /* Translators: what is removed, such as "Network", then its number in the list */
  char *name = g_strdup_printf (_ ("Remove %s %u"), _ (self->group->thing), place + 1);
  GtkWidget *button = build_button (self, "user-trash-symbolic", name, G_CALLBACK (remove_cb));

  g_object_set_data (G_OBJECT (button), "place", GUINT_TO_POINTER (place));
  return button;
}

static LksRecipeRow *
build_row (LksRecipeList *self, Thing *thing, const LksRecipeField *field)
{
  LksRecipeRow *row = lks_recipe_row_new (field);

  g_signal_connect_object (row, "edited", G_CALLBACK (row_edited_cb), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (thing->rows, row);
  return row;
}

static void
load_row (LksRecipeList *self, LksRecipeRow *row, guint place)
{
  const LksRecipeField *field = lks_recipe_row_get_field (row);
  JsonNode *thing = get_thing (self, place);
  gboolean is_whole =
      *field->path == '\0' ||
      (JSON_NODE_HOLDS_VALUE (thing) && g_strcmp0 (field->path, self->group->shorthand) == 0);
  g_autofree char *path = is_whole
                              ? g_strdup_printf ("%s.%u", self->group->list, place)
                              : g_strdup_printf ("%s.%u.%s", self->group->list, place, field->path);

  lks_recipe_row_set_path (row, path);
  lks_recipe_row_load (row, is_whole ? thing : lks_json_text_follow (thing, field->path));
}

static void
fill (LksRecipeList *self, guint place)
{
  Thing *thing = self->things->pdata[place];

  if (thing->rows->len > 0)
    return;

  for (const LksRecipeField *field = self->group->fields; field->path != NULL; field++)
    adw_expander_row_add_row (ADW_EXPANDER_ROW (thing->top),
                              GTK_WIDGET (build_row (self, thing, field)));
  for (guint i = 0; i < thing->rows->len; i++)
    load_row (self, thing->rows->pdata[i], place);
}

static void
expanded_cb (LksRecipeList *self, GParamSpec *unused, GtkWidget *top)
{
  for (guint i = 0; i < self->things->len; i++)
    if (((Thing *) self->things->pdata[i])->top == top)
      fill (self, i);
}

static void
add_thing (LksRecipeList *self, guint place)
{
  const LksRecipeField *fields = self->group->fields;
  GtkWidget *remove = build_remove (self, place);
  Thing *thing = g_new0 (Thing, 1);

  thing->rows = g_ptr_array_new ();
  if (*fields[0].path == '\0')
    {
      thing->top = GTK_WIDGET (build_row (self, thing, fields));
      adw_action_row_add_suffix (ADW_ACTION_ROW (thing->top), remove);
    }
  else
    {
      thing->top = adw_expander_row_new ();
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (thing->top), FALSE);
      adw_expander_row_add_action (ADW_EXPANDER_ROW (thing->top), remove);
      g_signal_connect_object (thing->top, "notify::expanded", G_CALLBACK (expanded_cb), self,
                               G_CONNECT_SWAPPED);
    }
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), thing->top);
  g_ptr_array_add (self->things, thing);
}

static void
rebuild (LksRecipeList *self)
{
  for (guint i = 0; i < self->things->len; i++)
    lks_widget_drop_focus (((Thing *) self->things->pdata[i])->top);
  for (guint i = 0; i < self->things->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self),
                                  ((Thing *) self->things->pdata[i])->top);
  g_ptr_array_set_size (self->things, 0);
  for (guint i = 0; i < count (self->node); i++)
    add_thing (self, i);
}

/* The first field that says something, (transfer full). */
static char *
find_words (LksRecipeList *self, JsonNode *thing)
{
  if (json_node_get_value_type (thing) == G_TYPE_STRING)
    return json_node_dup_string (thing);
  for (const LksRecipeField *field = self->group->fields; field->path != NULL; field++)
    {
      JsonNode *node = lks_json_text_follow (thing, field->path);

      if (node != NULL && json_node_get_value_type (node) == G_TYPE_STRING &&
          *json_node_get_string (node) != '\0')
        return json_node_dup_string (node);
    }
  return g_strdup ("");
}

static void
load_thing (LksRecipeList *self, Thing *thing, guint place)
{
  g_autofree char *title = g_strdup_printf ("%s %u", _ (self->group->thing), place + 1);
  g_autofree char *words = find_words (self, get_thing (self, place));

  for (guint i = 0; i < thing->rows->len; i++)
    load_row (self, thing->rows->pdata[i], place);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (thing->top), title);
  if (ADW_IS_EXPANDER_ROW (thing->top))
    adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (thing->top), words);
  else
    gtk_accessible_update_property (GTK_ACCESSIBLE (
                                        lks_recipe_row_get_control (thing->rows->pdata[0])),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
}

static void
open_last (LksRecipeList *self)
{
  Thing *thing;

  if (!self->opens_last || self->things->len == 0)
    return;

  self->opens_last = FALSE;
  thing = self->things->pdata[self->things->len - 1];
  if (ADW_IS_EXPANDER_ROW (thing->top))
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (thing->top), TRUE);
  gtk_widget_grab_focus (lks_recipe_row_get_control (thing->rows->pdata[0]));
}

/**
 * lks_recipe_list_load:
 * @self: a list
 * @node: (nullable): the list in the recipe; NULL when it has none
 *
 * Shows a list. What a person is about to type in stays, unless things were added or removed.
 */
void
lks_recipe_list_load (LksRecipeList *self, JsonNode *node)
{
  g_clear_pointer (&self->node, json_node_unref);
  self->node = node != NULL ? json_node_ref (node) : NULL;
  if (count (node) != self->things->len)
    rebuild (self);
  for (guint i = 0; i < self->things->len; i++)
    load_thing (self, self->things->pdata[i], i);
  open_last (self);
}

/**
 * lks_recipe_list_collect_rows:
 * @self: a list
 * @rows: (element-type LksRecipeRow): where the rows of all its things are added to
 */
void
lks_recipe_list_collect_rows (LksRecipeList *self, GPtrArray *rows)
{
  for (guint i = 0; i < self->things->len; i++)
    {
      Thing *thing = self->things->pdata[i];

      for (guint j = 0; j < thing->rows->len; j++)
        g_ptr_array_add (rows, thing->rows->pdata[j]);
    }
}

/**
 * lks_recipe_list_set_flaw:
 * @self: a list
 * @flaw: (nullable): what is wrong with it as a whole
 *
 * Shows @flaw, or else what it means that nothing is listed.
 */
void
lks_recipe_list_set_flaw (LksRecipeList *self, const char *flaw)
{
  const char *unlisted = self->node == NULL && self->group->unlisted != NULL ? self->group->unlisted
                                                                             : self->group->none;

  gtk_widget_set_visible (self->note, flaw != NULL || self->things->len == 0);
  gtk_widget_set_visible (self->sign, flaw != NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->note),
                                 flaw != NULL ? flaw : _ (unlisted));
  if (flaw != NULL)
    gtk_widget_add_css_class (self->note, "flawed");
  else
    gtk_widget_remove_css_class (self->note, "flawed");
}

/* Returns whether @path is in a thing of the list, and in which one. */
static gboolean
find_place (LksRecipeList *self, const char *path, guint *out_place)
{
  gsize length = strlen (self->group->list);

  if (strncmp (path, self->group->list, length) != 0 || path[length] != '.')
    return FALSE;

  *out_place = (guint) g_ascii_strtoull (path + length + 1, NULL, 10);
  return *out_place < self->things->len;
}

/**
 * lks_recipe_list_prepare:
 * @self: a list
 * @path: a value somewhere in it, or elsewhere
 *
 * Makes the rows of the thing that @path belongs to.
 */
void
lks_recipe_list_prepare (LksRecipeList *self, const char *path)
{
  guint place;

  if (find_place (self, path, &place))
    fill (self, place);
}

/**
 * lks_recipe_list_reveal:
 * @self: a list
 * @path: a value somewhere in it, or elsewhere
 *
 * Opens the thing that @path belongs to.
 */
void
lks_recipe_list_reveal (LksRecipeList *self, const char *path)
{
  guint place;
  GtkWidget *top;

  if (!find_place (self, path, &place))
    return;
  top = ((Thing *) self->things->pdata[place])->top;
  if (ADW_IS_EXPANDER_ROW (top))
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (top), TRUE);
}

/* ---- the class ---- */

static void
lks_recipe_list_finalize (GObject *object)
{
  LksRecipeList *self = LKS_RECIPE_LIST (object);

  g_ptr_array_unref (self->things);
  g_clear_pointer (&self->node, json_node_unref);
  G_OBJECT_CLASS (lks_recipe_list_parent_class)->finalize (object);
}

static void
lks_recipe_list_class_init (LksRecipeListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lks_recipe_list_finalize;
  signals[SIGNAL_EDITED] = g_signal_new ("edited", LKS_TYPE_RECIPE_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
lks_recipe_list_init (LksRecipeList *self)
{
  self->things = g_ptr_array_new_with_free_func (thing_free);
  self->note = adw_action_row_new ();
  self->sign = gtk_image_new_from_icon_name ("dialog-error-symbolic");
  gtk_widget_add_css_class (self->sign, "tone-bad");
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->note), FALSE);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self->note), 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self->note), self->sign);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), self->note);
  self->tools = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (self), self->tools);
}

/**
 * lks_recipe_list_new:
 * @group: what it is a list of
 *
 * Returns: (transfer floating): an empty list
 */
LksRecipeList *
lks_recipe_list_new (const LksRecipeGroup *group)
{
  LksRecipeList *self = g_object_new (LKS_TYPE_RECIPE_LIST, "title", _ (group->title), NULL);
  /* Translators: what is added, such as "Network" */
  char *name = g_strdup_printf (_ ("Add %s"), _ (group->thing));

  self->group = group;
  if (group->description != NULL)
    adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), _ (group->description));
  gtk_box_append (GTK_BOX (self->tools),
                  build_button (self, "list-add-symbolic", name, G_CALLBACK (add_cb)));
  lks_recipe_list_set_flaw (self, NULL);
  return self;
}

/**
 * lks_recipe_list_get_path:
 * @self: a list
 *
 * Returns: (transfer none): where it stands in the recipe
 */
const char *
lks_recipe_list_get_path (LksRecipeList *self)
{
  return self->group->list;
}

/**
 * lks_recipe_list_add_tool:
 * @self: a list
 * @tool: another way to add things
 */
void
lks_recipe_list_add_tool (LksRecipeList *self, GtkWidget *tool)
{
  gtk_widget_set_valign (tool, GTK_ALIGN_CENTER);
  gtk_box_prepend (GTK_BOX (self->tools), tool);
}
