/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-recipe-sample.h"

#include "lks-recipe.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ENTRY_CHARACTERS 24

struct _LksRecipeSample
{
  AdwActionRow parent_instance;

  GtkWidget *entry; /* (unowned): a child */
  GtkWidget *sign;  /* (unowned): a child */

  LksRecipe *recipe; /* (owned) (nullable): one that is legal and says the same of labels */
};

G_DEFINE_FINAL_TYPE (LksRecipeSample, lks_recipe_sample, ADW_TYPE_ACTION_ROW)

static void
show (LksRecipeSample *self, const char *words, const char *icon_name, const char *tone)
{
  static const char *const tones[] = { "tone-good", "tone-bad" };

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), words);
  gtk_widget_set_visible (self->sign, icon_name != NULL);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->sign), icon_name);
  for (gsize i = 0; i < G_N_ELEMENTS (tones); i++)
    gtk_widget_remove_css_class (self->sign, tones[i]);
  if (tone != NULL)
    gtk_widget_add_css_class (self->sign, tone);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  words, -1);
}

static void
try_cb (LksRecipeSample *self)
{
  const char *label = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  if (self->recipe == NULL)
    show (self, _ ("The pattern cannot be used yet."), NULL, NULL);
  else if (*label == '\0')
    show (self, _ ("Type or scan one: nothing is kept."), NULL, NULL);
  else if (lks_recipe_match_label (self->recipe, label, NULL))
    show (self, _ ("A unit with this label is accepted."), "emblem-ok-symbolic", "tone-good");
  else
    show (self, _ ("A unit with this label is refused."), "dialog-error-symbolic", "tone-bad");
}

/* The rest of the draft may be illegal: labels are asked of a recipe with nothing else in it. */
static LksRecipe *
build_recipe (JsonNode *root)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  JsonNode *label = object != NULL ? json_object_get_member (object, "label") : NULL;
  g_autofree char *said = label != NULL ? json_to_string (label, FALSE) : g_strdup ("{}");
  g_autofree char *text = g_strdup_printf ("{ \"name\": \"sample\", \"images\": [], "
                                           "\"targetState\": \"DeviceComplete\", "
                                           "\"allowedOsVersions\": [\"any\"], \"label\": %s }",
                                           said);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return lks_recipe_parse ("sample", NULL, bytes, NULL);
}

/**
 * lks_recipe_sample_load:
 * @self: a row
 * @root: a draft of a recipe, legal or not
 *
 * Tries the label with what @root says about labels.
 */
void
lks_recipe_sample_load (LksRecipeSample *self, JsonNode *root)
{
  g_clear_object (&self->recipe);
  self->recipe = build_recipe (root);
  try_cb (self);
}

static void
lks_recipe_sample_finalize (GObject *object)
{
  g_clear_object (&LKS_RECIPE_SAMPLE (object)->recipe);
  G_OBJECT_CLASS (lks_recipe_sample_parent_class)->finalize (object);
}

static void
lks_recipe_sample_class_init (LksRecipeSampleClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lks_recipe_sample_finalize;
}

static void
lks_recipe_sample_init (LksRecipeSample *self)
{
  self->sign = gtk_image_new ();
  self->entry = gtk_entry_new ();
  gtk_widget_set_valign (self->entry, GTK_ALIGN_CENTER);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->entry), ENTRY_CHARACTERS);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Try a label"), -1);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _ ("Try a label"));
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->sign);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->entry);
  g_signal_connect_object (self->entry, "changed", G_CALLBACK (try_cb), self, G_CONNECT_SWAPPED);
}

/**
 * lks_recipe_sample_new:
 *
 * Returns: (transfer floating): a row without a label
 */
GtkWidget *
lks_recipe_sample_new (void)
{
  return g_object_new (LKS_TYPE_RECIPE_SAMPLE, NULL);
}

/**
 * lks_recipe_sample_get_entry:
 * @self: a row
 *
 * Returns: (transfer none): where the label is typed
 */
GtkWidget *
lks_recipe_sample_get_entry (LksRecipeSample *self)
{
  return self->entry;
}
