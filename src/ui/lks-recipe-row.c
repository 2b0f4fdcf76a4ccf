/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-recipe-row.h"

#include "lks-json-text.h"
#include "lks-number.h"

#include <glib/gi18n-lib.h>

#define TEXT_CHARACTERS 24
#define ID_CHARACTERS 36
#define NUMBER_CHARACTERS 6

struct _LksRecipeRow
{
  AdwActionRow parent_instance;

  const LksRecipeField *field;
  GtkWidget *control; /* (unowned): a child: GtkEntry, GtkSwitch or GtkDropDown */
  GtkWidget *sign;    /* (unowned): a child */
  char *path;         /* (owned): where the value stands now, from the root on */
  gboolean is_loading;
};

G_DEFINE_FINAL_TYPE (LksRecipeRow, lks_recipe_row, ADW_TYPE_ACTION_ROW)

typedef enum
{
  SIGNAL_EDITED,
  N_SIGNALS,
} LksRecipeRowSignal;

static guint signals[N_SIGNALS];

static void
edited_cb (LksRecipeRow *self)
{
  if (!self->is_loading)
    g_signal_emit (self, signals[SIGNAL_EDITED], 0);
}

/* ---- what stands in the row, and in the recipe ---- */

static char *
dup_number (const char *text)
{
  guint64 number;

  /* What is no number is written as it is: the checker of recipes tells what is wrong with it. */
  return lks_number_read_unsigned (text, 0, G_MAXINT64, &number)
             ? g_strdup_printf ("%" G_GUINT64_FORMAT, number)
             : lks_json_text_quote (text);
}

static char *
dup_words (LksRecipeRow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->control));

  if (*text == '\0' && !self->field->is_required)
    return NULL;
  return self->field->kind == LKS_FIELD_NUMBER ? dup_number (text) : lks_json_text_quote (text);
}

static char *
dup_choice (LksRecipeRow *self)
{
  guint position = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->control));
  const char *value =
      position != GTK_INVALID_LIST_POSITION ? self->field->choices[position].value : NULL;

  return value != NULL ? lks_json_text_quote (value) : NULL;
}

/**
 * lks_recipe_row_dup_value:
 * @self: a row
 *
 * Returns: (transfer full) (nullable): its value as JSON; NULL: nothing shall stand in the recipe
 */
char *
lks_recipe_row_dup_value (LksRecipeRow *self)
{
  switch (self->field->kind)
    {
    case LKS_FIELD_SWITCH:
      return g_strdup (gtk_switch_get_active (GTK_SWITCH (self->control)) ? "true" : "false");
    case LKS_FIELD_CHOICE:
      return dup_choice (self);
    case LKS_FIELD_TEXT:
    case LKS_FIELD_ID:
    case LKS_FIELD_NUMBER:
      break;
    }
  return dup_words (self);
}

static guint
find_choice (LksRecipeRow *self, JsonNode *node)
{
  const LksFieldChoice *choices = self->field->choices;
  const char *value = node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
                          ? json_node_get_string (node)
                          : NULL;

  if (node == NULL)
    return 0;
  for (guint i = 0; choices[i].title != NULL; i++)
    if (value != NULL && g_strcmp0 (choices[i].value, value) == 0)
      return i;
  return GTK_INVALID_LIST_POSITION;
}

static void
load_words (LksRecipeRow *self, JsonNode *node)
{
  g_autofree char *shown = dup_words (self);
  g_autofree char *json = node != NULL ? json_to_string (node, FALSE) : NULL;
  gboolean is_text = node != NULL && json_node_get_value_type (node) == G_TYPE_STRING;

  /* What says the same is left as it was typed, and the cursor where it is. */
  if (g_strcmp0 (shown, json) == 0)
    return;
  gtk_editable_set_text (GTK_EDITABLE (self->control), is_text        ? json_node_get_string (node)
                                                       : json != NULL ? json
                                                                      : "");
}

/**
 * lks_recipe_row_load:
 * @self: a row
 * @node: (nullable): its value in the recipe; NULL when nothing stands there
 *
 * Shows a value. Nothing is edited by it.
 */
void
lks_recipe_row_load (LksRecipeRow *self, JsonNode *node)
{
  self->is_loading = TRUE;
  switch (self->field->kind)
    {
    case LKS_FIELD_SWITCH:
      gtk_switch_set_active (GTK_SWITCH (self->control),
                             node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN
                                 ? json_node_get_boolean (node)
                                 : self->field->is_on);
      break;
    case LKS_FIELD_CHOICE:
      gtk_drop_down_set_selected (GTK_DROP_DOWN (self->control), find_choice (self, node));
      break;
    case LKS_FIELD_TEXT:
    case LKS_FIELD_ID:
    case LKS_FIELD_NUMBER:
      load_words (self, node);
      break;
    }
  self->is_loading = FALSE;
}

/**
 * lks_recipe_row_set_flaw:
 * @self: a row
 * @flaw: (nullable): what is wrong with its value
 *
 * Shows @flaw in the place of the hint, with a sign and a colour.
 */
void
lks_recipe_row_set_flaw (LksRecipeRow *self, const char *flaw)
{
  const char *hint = self->field->hint != NULL ? _ (self->field->hint) : "";
  const char *text = flaw != NULL ? flaw : hint;

  gtk_widget_set_visible (self->sign, flaw != NULL);
  if (g_strcmp0 (adw_action_row_get_subtitle (ADW_ACTION_ROW (self)), text) != 0)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
  if (flaw != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "flawed");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "flawed");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->control),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->control), GTK_ACCESSIBLE_STATE_INVALID,
                               flaw != NULL ? GTK_ACCESSIBLE_INVALID_TRUE
                                            : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

/* ---- the control ---- */

static GtkWidget *
build_entry (LksRecipeRow *self)
{
  GtkWidget *entry = gtk_entry_new ();
  int width = self->field->kind == LKS_FIELD_ID       ? ID_CHARACTERS
              : self->field->kind == LKS_FIELD_NUMBER ? NUMBER_CHARACTERS
                                                      : TEXT_CHARACTERS;

  /* The text of the recipe has the history; that of an entry would take back what was loaded. */
  gtk_editable_set_enable_undo (GTK_EDITABLE (entry), FALSE);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), width);
  if (self->field->kind == LKS_FIELD_NUMBER)
    gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_DIGITS);
  g_signal_connect_object (entry, "changed", G_CALLBACK (edited_cb), self, G_CONNECT_SWAPPED);
  return entry;
}

static GtkWidget *
build_switch (LksRecipeRow *self)
{
  GtkWidget *control = gtk_switch_new ();

  g_signal_connect_object (control, "notify::active", G_CALLBACK (edited_cb), self,
                           G_CONNECT_SWAPPED);
  return control;
}

static GtkWidget *
build_choice (LksRecipeRow *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) titles = NULL;
  GtkWidget *control;

  for (const LksFieldChoice *choice = self->field->choices; choice->title != NULL; choice++)
    g_strv_builder_add (builder, _ (choice->title));
  titles = g_strv_builder_end (builder);
  control = gtk_drop_down_new_from_strings ((const char *const *) titles);
  g_signal_connect_object (control, "notify::selected", G_CALLBACK (edited_cb), self,
                           G_CONNECT_SWAPPED);
  return control;
}

static GtkWidget *
build_control (LksRecipeRow *self)
{
  switch (self->field->kind)
    {
    case LKS_FIELD_SWITCH:
      return build_switch (self);
    case LKS_FIELD_CHOICE:
      return build_choice (self);
    case LKS_FIELD_TEXT:
    case LKS_FIELD_ID:
    case LKS_FIELD_NUMBER:
      break;
    }
  return build_entry (self);
}

/* ---- the class ---- */

static void
lks_recipe_row_finalize (GObject *object)
{
  g_free (LKS_RECIPE_ROW (object)->path);
  G_OBJECT_CLASS (lks_recipe_row_parent_class)->finalize (object);
}

static void
lks_recipe_row_class_init (LksRecipeRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lks_recipe_row_finalize;
  signals[SIGNAL_EDITED] = g_signal_new ("edited", LKS_TYPE_RECIPE_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
}

static void
lks_recipe_row_init (LksRecipeRow *self)
{
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
}

/**
 * lks_recipe_row_new:
 * @field: what it edits
 *
 * Returns: (transfer floating): a row without a value
 */
LksRecipeRow *
lks_recipe_row_new (const LksRecipeField *field)
{
  LksRecipeRow *self = g_object_new (LKS_TYPE_RECIPE_ROW, "title", _ (field->title), NULL);

  self->field = field;
  self->path = g_strdup (field->path);
  self->sign = gtk_image_new_from_icon_name ("dialog-error-symbolic");
  gtk_widget_add_css_class (self->sign, "tone-bad");
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->sign);
  self->control = build_control (self);
  gtk_widget_set_valign (self->control, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->control), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (field->title), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->control);
  lks_recipe_row_set_flaw (self, NULL);
  return self;
}

/**
 * lks_recipe_row_get_field:
 * @self: a row
 *
 * Returns: (transfer none): what it edits
 */
const LksRecipeField *
lks_recipe_row_get_field (LksRecipeRow *self)
{
  return self->field;
}

/**
 * lks_recipe_row_get_control:
 * @self: a row
 *
 * Returns: (transfer none): what a person handles
 */
GtkWidget *
lks_recipe_row_get_control (LksRecipeRow *self)
{
  return self->control;
}

/**
 * lks_recipe_row_get_path:
 * @self: a row
 *
 * Returns: (transfer none): where its value stands in the recipe, from the root on
 */
const char *
lks_recipe_row_get_path (LksRecipeRow *self)
{
  return self->path;
}

/**
 * lks_recipe_row_set_path:
 * @self: a row
 * @path: where its value stands in the recipe, from the root on
 */
void
lks_recipe_row_set_path (LksRecipeRow *self, const char *path)
{
  g_autofree char *old = self->path;

  self->path = g_strdup (path);
}
