/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-recipe-page.h"

#include "lks-error-text.h"
#include "lks-operator-gate.h"
#include "lks-recipe-editor.h"
#include "lks-recipe-signature.h"
#include "lks-recipe-text.h"
#include "lks-whole-file.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _LksRecipePage
{
  LksWizardPage parent_instance;

  GtkToggleButton *form_button;        /* template child */
  GtkToggleButton *file_button;        /* template child */
  AdwEntryRow *name_row;               /* template child */
  AdwComboRow *target_row;             /* template child */
  AdwEntryRow *versions_row;           /* template child */
  GtkTextBuffer *images_buffer;        /* template child */
  GtkSwitch *no_networks;              /* template child */
  GtkSwitch *no_capabilities;          /* template child */
  GtkSwitch *no_certificates;          /* template child */
  GtkSwitch *skip_module1;             /* template child */
  AdwActionRow *skip_module1_row;      /* template child */
  AdwActionRow *file_row;              /* template child */
  GtkSpinner *file_spinner;            /* template child */
  AdwPreferencesGroup *summary_group;  /* template child */
  AdwActionRow *summary_target_row;    /* template child */
  AdwActionRow *summary_versions_row;  /* template child */
  AdwActionRow *summary_images_row;    /* template child */
  AdwActionRow *summary_demands_row;   /* template child */
  AdwActionRow *summary_signature_row; /* template child */
  AdwActionRow *summary_hash_row;      /* template child */
  GtkLabel *error_label;               /* template child */

  LksRecipe *loaded;             /* (owned) (nullable) the recipe of the file */
  char *path;                    /* (owned) (nullable) of the file */
  GCancellable *loading;         /* (owned) (nullable) of the file that is being read */
  char *loading_path;            /* (owned) (nullable) */
  gboolean is_offer;             /* whether that file was used last, and nobody chose it */
  GtkFileChooserNative *chooser; /* (owned) (nullable) while it is open */
};

G_DEFINE_FINAL_TYPE (LksRecipePage, lks_recipe_page, LKS_TYPE_WIZARD_PAGE)

static const char *
target_label (LksTargetState target)
{
  return target == LKS_TARGET_STATE_MODULE1_COMPLETE ? _ ("Module 1 complete")
                                                     : _ ("Device complete");
}

/* Words separated by white space or commas. */
static char **
split_words (const char *text)
{
  g_auto (GStrv) pieces = g_strsplit_set (text, " ,;\t\r\n", -1);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  for (guint i = 0; pieces[i] != NULL; i++)
    if (*pieces[i] != '\0')
      g_strv_builder_add (words, pieces[i]);
  return g_strv_builder_end (words);
}

static char *
dup_images_text (LksRecipePage *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->images_buffer, &start, &end);
  return gtk_text_buffer_get_text (self->images_buffer, &start, &end, FALSE);
}

static LksTargetState
get_target (LksRecipePage *self)
{
  return adw_combo_row_get_selected (self->target_row) == 0 ? LKS_TARGET_STATE_DEVICE_COMPLETE
                                                            : LKS_TARGET_STATE_MODULE1_COMPLETE;
}

static LksRecipe *
build_recipe (LksRecipePage *self, GError **error)
{
  g_autofree char *images_text = dup_images_text (self);
  g_auto (GStrv) images = split_words (images_text);
  g_auto (GStrv) versions = split_words (gtk_editable_get_text (GTK_EDITABLE (self->versions_row)));
  LksTargetState target = get_target (self);
  LksRecipeSpec spec = {
    .name = gtk_editable_get_text (GTK_EDITABLE (self->name_row)),
    .target_state = target,
    .allowed_os_versions = (const char *const *) versions,
    .images = (const char *const *) images,
    .allow_networks = !gtk_switch_get_active (self->no_networks),
    .allow_certificates = !gtk_switch_get_active (self->no_certificates),
    .allow_capabilities = !gtk_switch_get_active (self->no_capabilities),
    .allow_skip_module1 =
        target == LKS_TARGET_STATE_DEVICE_COMPLETE && gtk_switch_get_active (self->skip_module1),
  };

  return lks_recipe_new (&spec, error);
}

static char *
join_or (const char *const *texts, const char *separator, const char *otherwise)
{
  if (texts == NULL || texts[0] == NULL)
    return g_strdup (otherwise);
  return g_strjoinv (separator, (char **) texts);
}

static char *
images_to_text (LksRecipe *recipe)
{
  GPtrArray *images = lks_recipe_get_images (recipe);
  GString *text = g_string_new (NULL);

  for (guint i = 0; images != NULL && i < images->len; i++)
    {
      const LksRecipeImage *image = images->pdata[i];

      if (i > 0)
        g_string_append_c (text, '\n');
      g_string_append (text, image->image_id);
      if (image->name != NULL)
        g_string_append_printf (text, "  %s", image->name);
    }
  if (text->len == 0)
    g_string_append (text, _ ("No application may be installed."));
  return g_string_free (text, FALSE);
}

static void
show_summary (LksRecipePage *self)
{
  g_autofree char *signature = lks_recipe_signature_to_text (self->loaded);
  g_autofree char *versions = NULL;
  g_autofree char *images = NULL;
  g_autofree char *demands = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->summary_group), self->loaded != NULL);
  if (self->loaded == NULL)
    return;

  versions = join_or (lks_recipe_get_allowed_os_versions (self->loaded), ", ", _ ("any version"));
  images = images_to_text (self->loaded);
  demands = lks_recipe_demands_to_text (self->loaded);
  adw_preferences_group_set_title (self->summary_group, lks_recipe_get_name (self->loaded));
  adw_action_row_set_subtitle (self->summary_target_row,
                               target_label (lks_recipe_get_target_state (self->loaded)));
  adw_action_row_set_subtitle (self->summary_versions_row, versions);
  adw_action_row_set_subtitle (self->summary_images_row, images);
  adw_action_row_set_subtitle (self->summary_demands_row, demands);
  adw_action_row_set_subtitle (self->summary_signature_row, signature);
  adw_action_row_set_subtitle (self->summary_hash_row, lks_recipe_get_hash (self->loaded));
}

static void
show_error (LksRecipePage *self, const GError *error)
{
  g_autofree char *sentence = error != NULL ? lks_error_to_sentence (error) : g_strdup ("");
  /* Translators: what is wrong, then the English details */
  g_autofree char *text =
      error != NULL ? g_strdup_printf (_ ("%s\n%s"), sentence, error->message) : g_strdup ("");

  gtk_label_set_label (self->error_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), error != NULL);
}

static void
update_complete (LksRecipePage *self)
{
  gboolean from_file = gtk_toggle_button_get_active (self->file_button);

  lks_wizard_page_set_complete (LKS_WIZARD_PAGE (self),
                                !from_file || (self->loaded != NULL && self->loading == NULL));
  gtk_widget_set_sensitive (GTK_WIDGET (self->skip_module1_row),
                            get_target (self) == LKS_TARGET_STATE_DEVICE_COMPLETE);
}

static void
show_file (LksRecipePage *self)
{
  const gboolean is_loading = self->loading != NULL;
  g_autofree char *text = NULL;

  if (is_loading)
    /* Translators: the name of a file */
    text = g_strdup_printf (_ ("%s is being read…"), self->loading_path);
  else
    text = g_strdup (self->path != NULL ? self->path : _ ("No file is chosen yet."));
  adw_action_row_set_subtitle (self->file_row, text);
  gtk_widget_set_visible (GTK_WIDGET (self->file_spinner), is_loading);
  gtk_spinner_set_spinning (self->file_spinner, is_loading);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->file_row), GTK_ACCESSIBLE_STATE_BUSY,
                               is_loading, -1);
}

static void
stop_loading (LksRecipePage *self)
{
  if (self->loading == NULL)
    return;

  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  show_file (self);
}

/* Filling in is the newer choice. */
static void
changed_cb (LksRecipePage *self)
{
  if (!gtk_toggle_button_get_active (self->file_button))
    stop_loading (self);
  show_error (self, NULL);
  update_complete (self);
}

/* ---- reading a file ---- */

/* A file that has gone or has changed for the worse is simply not offered. */
static void
show_failure (LksRecipePage *self, const GError *error)
{
  if (!self->is_offer)
    {
      show_error (self, error);
      return;
    }

  g_debug ("the last recipe is not used: %s", error->message);
  if (self->loaded == NULL && gtk_widget_get_sensitive (GTK_WIDGET (self->form_button)))
    gtk_toggle_button_set_active (self->form_button, TRUE);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksRecipePage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecipe) recipe = lks_recipe_load_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* another choice was made */

  g_clear_object (&self->loading);
  if (recipe != NULL)
    {
      g_set_object (&self->loaded, recipe);
      g_free (self->path);
      self->path = g_steal_pointer (&self->loading_path);
      show_summary (self);
    }
  show_file (self);
  changed_cb (self);
  if (recipe == NULL)
    show_failure (self, error);
}

static void
load_file (LksRecipePage *self, const char *path, gboolean is_offer)
{
  stop_loading (self);
  self->loading = g_cancellable_new ();
  self->is_offer = is_offer;
  g_free (self->loading_path);
  self->loading_path = g_strdup (path);
  gtk_toggle_button_set_active (self->file_button, TRUE);
  show_file (self);
  changed_cb (self);
  lks_recipe_load_async (path, self->loading, loaded_cb, g_object_ref (self));
}

static char *
source_page_name (gpointer unused, gboolean from_file)
{
  return g_strdup (from_file ? "file" : "form");
}

static void
chosen_to_open_cb (LksRecipePage *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = NULL;

  if (response != GTK_RESPONSE_ACCEPT)
    return;

  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (g_file_peek_path (file) != NULL)
    lks_recipe_page_load_file (self, g_file_peek_path (file));
}

static void
chosen_to_save_cb (LksRecipePage *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (LksRecipe) recipe = NULL;
  g_autoptr (GFile) file = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *json = NULL;

  if (response != GTK_RESPONSE_ACCEPT)
    return;

  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  recipe = build_recipe (self, &error);
  if (recipe != NULL)
    json = lks_recipe_to_json (recipe);
  if (json != NULL)
    bytes = g_bytes_new (json, strlen (json));
  if (bytes == NULL || !lks_whole_file_write_bytes (file, G_FILE_CREATE_NONE, bytes, NULL, &error))
    show_error (self, error);
}

static void
open_chooser (LksRecipePage *self,
              const char *title,
              GtkFileChooserAction action,
              GCallback response_cb)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  if (self->chooser != NULL)
    return;

  self->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (root), action, NULL, NULL);
  gtk_file_filter_set_name (filter, _ ("Recipes"));
  gtk_file_filter_add_suffix (filter, "json");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  if (action == GTK_FILE_CHOOSER_ACTION_SAVE)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), "recipe.json");
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", response_cb, self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
open_file_cb (LksRecipePage *self)
{
  open_chooser (self, _ ("Open Recipe"), GTK_FILE_CHOOSER_ACTION_OPEN,
                G_CALLBACK (chosen_to_open_cb));
}

static void
open_editor (LksRecipePage *self, const char *text, const char *folder, const char *signature)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  LksRecipeEditor *editor;

  if (!lks_operator_permit (GTK_WIDGET (self), LKS_OPERATOR_ACT_CHANGE_RECIPE))
    return;

  editor = lks_recipe_editor_new (GTK_WINDOW (root), text, folder);
  lks_recipe_editor_set_signature (editor, signature);
  g_signal_connect_object (editor, "saved", G_CALLBACK (lks_recipe_page_load_file), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (editor));
}

static void
new_recipe_cb (LksRecipePage *self)
{
  open_editor (self, NULL, NULL, NULL);
}

static void
edit_copy_cb (LksRecipePage *self)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *signature = lks_recipe_get_signature (self->loaded) == LKS_RECIPE_SIGNATURE_NONE
                                   ? NULL
                                   : lks_recipe_signature_to_text (self->loaded);

  open_editor (self, lks_recipe_get_text (self->loaded), folder, signature);
}

static void
save_file_cb (LksRecipePage *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecipe) recipe = build_recipe (self, &error);

  show_error (self, error);
  if (recipe != NULL)
    open_chooser (self, _ ("Save Recipe"), GTK_FILE_CHOOSER_ACTION_SAVE,
                  G_CALLBACK (chosen_to_save_cb));
}

static void
lks_recipe_page_bind_job (LksWizardPage *page, LksLockJob *job)
{
  update_complete (LKS_RECIPE_PAGE (page));
}

static gboolean
lks_recipe_page_apply (LksWizardPage *page, GError **error)
{
  LksRecipePage *self = LKS_RECIPE_PAGE (page);
  g_autoptr (LksRecipe) recipe = NULL;

  if (gtk_toggle_button_get_active (self->file_button))
    recipe = g_object_ref (self->loaded);
  else
    recipe = build_recipe (self, error);
  if (recipe == NULL || !lks_recipe_check_station (recipe, error))
    return FALSE;

  lks_lock_job_set_recipe (lks_wizard_page_get_job (page), recipe);
  return TRUE;
}

static void
lks_recipe_page_dispose (GObject *object)
{
  LksRecipePage *self = LKS_RECIPE_PAGE (object);

  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_object (&self->loaded);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_RECIPE_PAGE);
  G_OBJECT_CLASS (lks_recipe_page_parent_class)->dispose (object);
}

static void
lks_recipe_page_finalize (GObject *object)
{
  LksRecipePage *self = LKS_RECIPE_PAGE (object);

  g_free (self->path);
  g_free (self->loading_path);
  G_OBJECT_CLASS (lks_recipe_page_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, LksRecipePage, form_button);
  gtk_widget_class_bind_template_child (widget_class, LksRecipePage, file_button);
  gtk_widget_class_bind_template_child (widget_class, LksRecipePage, name_row);
  gtk_widget_class_bind_template_child (widget_class, LksRecipePage, target_row);
  gtk_widget_class_bind_template_child (widget_class, LksRecipePage, versions_row);
  gtk_widget_class_bind_template_child (widget_class, LksRecipePage, images_buffer);
  gtk_widget_class_bind_template_child (widget_class, LksRecipePage, no_networks);
  gtk_widget_class_bind_template_child (widget_class, LksRecipePage, no_capabilities);
  gtk_widget_class_bind_template_child (widget_class, LksRecipePage, no_certificates);
  gtk_widget_class_bind_template_child (widget_class, LksRecipePage, skip_module1);
  gtk_widget_class_bind_template_child (widget_class, LksRecipePage, skip_module1_row);
  gtk_widget_class_bind_template_child (widget_class, LksRecipePage, file_row);
  gtk_widget_class_bind_template_child (widget_class, LksRecipePage, file_spinner);
  gtk_widget_class_bind_template_child (widget_class, LksRecipePage, summary_group);
  gtk_widget_class_bind_template_child (widget_class, LksRecipePage, summary_target_row);
  gtk_widget_class_bind_template_child (widget_class, LksRecipePage, summary_versions_row);
  gtk_widget_class_bind_template_child (widget_class, LksRecipePage, summary_images_row);
  gtk_widget_class_bind_template_child (widget_class, LksRecipePage, summary_demands_row);
  gtk_widget_class_bind_template_child (widget_class, LksRecipePage, summary_signature_row);
  gtk_widget_class_bind_template_child (widget_class, LksRecipePage, summary_hash_row);
  gtk_widget_class_bind_template_child (widget_class, LksRecipePage, error_label);
}

static void
lks_recipe_page_class_init (LksRecipePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lks_recipe_page_dispose;
  object_class->finalize = lks_recipe_page_finalize;
  LKS_WIZARD_PAGE_CLASS (klass)->bind_job = lks_recipe_page_bind_job;
  LKS_WIZARD_PAGE_CLASS (klass)->apply = lks_recipe_page_apply;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-recipe-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, new_recipe_cb);
  gtk_widget_class_bind_template_callback (widget_class, edit_copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_file_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_file_cb);
  gtk_widget_class_bind_template_callback (widget_class, source_page_name);
}

static void
lks_recipe_page_init (LksRecipePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  if (lks_operator_may (LKS_OPERATOR_ACT_CHANGE_RECIPE))
    return;

  /* Filling a recipe in is making one. */
  gtk_toggle_button_set_active (self->file_button, TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->form_button), FALSE);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->form_button),
                               _ (lks_operator_act_get_refusal (LKS_OPERATOR_ACT_CHANGE_RECIPE)));
}

/**
 * lks_recipe_page_load_file:
 * @self: a page
 * @path: a recipe file
 *
 * Begins to read a recipe, and shows it or what is wrong with it; until then the page is not
 * complete. The last file that was asked for counts. A file that cannot be used changes nothing.
 */
void
lks_recipe_page_load_file (LksRecipePage *self, const char *path)
{
  g_return_if_fail (LKS_IS_RECIPE_PAGE (self));

  load_file (self, path, FALSE);
}

/**
 * lks_recipe_page_offer_file:
 * @self: a page
 * @path: the recipe file that was used last
 *
 * lks_recipe_page_load_file() for a file that nobody has asked for: what is wrong with it is not
 * shown.
 */
void
lks_recipe_page_offer_file (LksRecipePage *self, const char *path)
{
  g_return_if_fail (LKS_IS_RECIPE_PAGE (self));

  load_file (self, path, TRUE);
}

/**
 * lks_recipe_page_get_path:
 * @self: a page
 *
 * Returns: (nullable): the file of the recipe that is used; NULL for one that was filled in
 */
const char *
lks_recipe_page_get_path (LksRecipePage *self)
{
  g_return_val_if_fail (LKS_IS_RECIPE_PAGE (self), NULL);

  return gtk_toggle_button_get_active (self->file_button) ? self->path : NULL;
}
