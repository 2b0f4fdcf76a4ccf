/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-recipe-editor.h"

#include "lks-draft-check.h"
#include "lks-error-text.h"
#include "lks-file-saver.h"
#include "lks-recipe-draft.h"
#include "lks-recipe-form.h"
#include "lks-recipe-signature.h"
#include "lks-recipe-source.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define DRAFT_NAME "recipe"
#define FILE_MODE 0644

struct _LksRecipeEditor
{
  AdwWindow parent_instance;

  AdwViewStack *stack;     /* template child */
  LksRecipeForm *form;     /* template child */
  LksRecipeSource *source; /* template child */
  GtkLabel *signature;     /* template child */
  GtkLabel *status;        /* template child */
  GtkMenuButton *add;      /* template child */

  char *saved;            /* (owned): the text that needs no saving */
  LksRecipe *recipe;      /* (owned) (nullable): what the text is when it is legal */
  GCancellable *checking; /* (owned) (nullable): while a text that brings images is checked */
  gboolean is_outdated;   /* whether the text has changed since that began */
  GtkFileChooserNative *chooser; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (LksRecipeEditor, lks_recipe_editor, ADW_TYPE_WINDOW)

typedef enum
{
  PROP_LEGAL = 1,
} LksRecipeEditorProperty;

typedef enum
{
  SIGNAL_SAVED,
  N_SIGNALS,
} LksRecipeEditorSignal;

static GParamSpec *properties[PROP_LEGAL + 1];
static guint signals[N_SIGNALS];

/* ---- live checks ---- */

static char *
describe_flaw (LksRecipeEditor *self, const GError *error, gboolean is_readable)
{
  const char *reason;
  guint line = lks_recipe_draft_find_line (DRAFT_NAME, error->message, &reason);

  lks_recipe_source_mark_line (self->source, line);
  if (!is_readable && line == 0)
    /* Translators: the English reason */
    return g_strdup_printf (_ ("The form waits until the source can be read: %s"), reason);
  if (!is_readable)
    /* Translators: the number of a line, then the English reason */
    return g_strdup_printf (_ ("The form waits until the source can be read. Line %u: %s"), line,
                            reason);
  /* Translators: the number of a line, then the English reason */
  return line > 0 ? g_strdup_printf (_ ("Line %u cannot stay like this: %s"), line, reason)
                  : g_strdup_printf (_ ("This is no recipe yet: %s"), reason);
}

static void
set_status (LksRecipeEditor *self, const char *text, gboolean is_legal)
{
  gtk_label_set_label (self->status, text);
  if (is_legal)
    gtk_widget_remove_css_class (GTK_WIDGET (self->status), "tone-bad");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->status), "tone-bad");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.save", is_legal);
}

static void
load_form (LksRecipeEditor *self, JsonNode *root, const char *path, const GError *error)
{
  const char *reason = NULL;

  if (error != NULL)
    lks_recipe_draft_find_line (DRAFT_NAME, error->message, &reason);
  lks_recipe_form_load (self->form, root, path, reason);
}

static void
set_recipe (LksRecipeEditor *self, LksRecipe *recipe)
{
  const gboolean was_legal = self->recipe != NULL;

  g_set_object (&self->recipe, recipe);
  if (was_legal != (recipe != NULL))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LEGAL]);
}

static void
show_check (LksRecipeEditor *self, const LksDraftCheck *check)
{
  g_autofree char *status = NULL;

  if (check->recipe != NULL)
    {
      lks_recipe_source_mark_line (self->source, 0);
      /* Translators: the SHA-256 of a text */
      status =
          g_strdup_printf (_ ("A legal recipe. SHA-256: %s"), lks_recipe_get_hash (check->recipe));
    }
  else
    {
      status = describe_flaw (self, check->flaw, check->root != NULL);
    }
  set_status (self, status, check->recipe != NULL);
  set_recipe (self, check->recipe);
}

static void changed_cb (LksRecipeEditor *self);

/* The form shows the draft already, but not what is wrong with it. */
static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksRecipeEditor) self = user_data;
  g_autoptr (LksDraftCheck) check = lks_draft_check_finish (result);

  if (check == NULL)
    return; /* the window is gone, or the text needs no such check any more */

  g_clear_object (&self->checking);
  if (self->is_outdated)
    {
      changed_cb (self);
      return;
    }
  show_check (self, check);
  if (check->flaw != NULL)
    load_form (self, check->root, check->path, check->flaw);
}

/* One check at a time: images are read for each. */
static void
check_slowly (LksRecipeEditor *self)
{
  g_autofree char *text = NULL;

  set_status (self, _ ("The images of the recipe are being checked…"), FALSE);
  gtk_widget_remove_css_class (GTK_WIDGET (self->status), "tone-bad");
  set_recipe (self, NULL);
  self->is_outdated = self->checking != NULL;
  if (self->is_outdated)
    return;

  self->checking = g_cancellable_new ();
  text = lks_recipe_source_dup_text (self->source);
  lks_draft_check_async (text, lks_recipe_form_get_folder (self->form), self->checking, checked_cb,
                         g_object_ref (self));
}

static void
changed_cb (LksRecipeEditor *self)
{
  GtkTextBuffer *buffer = lks_recipe_source_get_buffer (self->source);
  g_autofree char *text = lks_recipe_source_dup_text (self->source);
  g_autoptr (JsonNode) slow = lks_recipe_draft_read_slow (text);

  if (slow != NULL)
    {
      check_slowly (self);
      load_form (self, slow, NULL, NULL);
    }
  else
    {
      g_autoptr (LksDraftCheck) check =
          lks_draft_check_new (text, lks_recipe_form_get_folder (self->form));

      g_cancellable_cancel (self->checking);
      g_clear_object (&self->checking);
      show_check (self, check);
      load_form (self, check->root, check->path, check->flaw);
    }
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.undo",
                                 gtk_text_buffer_get_can_undo (buffer));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.redo",
                                 gtk_text_buffer_get_can_redo (buffer));
}

/* ---- changing it ---- */

static void
edited_cb (LksRecipeEditor *self, const char *path, const char *value)
{
  g_autofree char *text = lks_recipe_source_dup_text (self->source);
  g_autofree char *changed = lks_recipe_draft_set (text, path, value);

  if (changed != NULL)
    {
      lks_recipe_source_replace (self->source, changed);
      return;
    }

  /* Where something else stands in the source there is no place for it: the form shows the draft.
   */
  gtk_widget_error_bell (GTK_WIDGET (self));
  changed_cb (self);
}

static void
undo_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lks_recipe_source_undo (LKS_RECIPE_EDITOR (widget)->source);
}

static void
redo_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lks_recipe_source_redo (LKS_RECIPE_EDITOR (widget)->source);
}

static void
add_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LksRecipeEditor *self = LKS_RECIPE_EDITOR (widget);
  const char *member = g_variant_get_string (parameter, NULL);
  g_autofree char *text = lks_recipe_source_dup_text (self->source);

  if (!lks_recipe_draft_has (text, member))
    {
      g_autofree char *longer = lks_recipe_draft_add (text, member);

      lks_recipe_source_replace (self->source, longer);
    }
  lks_recipe_source_show_member (self->source, member);
}

static void
view_changed_cb (LksRecipeEditor *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->add), adw_view_stack_get_visible_child (self->stack) ==
                                                      GTK_WIDGET (self->source));
}

static GMenuModel *
build_menu (void)
{
  GMenu *menu = g_menu_new ();
  guint n_members;
  const LksDraftMember *members = lks_recipe_draft_list_members (&n_members);

  for (guint i = 0; i < n_members; i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (_ (members[i].title), NULL);

      g_menu_item_set_action_and_target (item, "editor.add", "s", members[i].member);
      g_menu_append_item (menu, item);
    }
  return G_MENU_MODEL (menu);
}

/* ---- saving ---- */

static void
chosen_cb (LksRecipeEditor *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (response != GTK_RESPONSE_ACCEPT)
    return;

  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (g_file_peek_path (file) == NULL)
    g_set_error_literal (&error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                         "this place is not in the file system of this computer");
  else if (lks_recipe_editor_save (self, g_file_peek_path (file), &error))
    {
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }
  text = lks_error_to_text (error);
  gtk_label_set_label (self->status, text);
  gtk_widget_add_css_class (GTK_WIDGET (self->status), "tone-bad");
}

static void
save_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LksRecipeEditor *self = LKS_RECIPE_EDITOR (widget);
  const char *path = lks_recipe_form_get_folder (self->form);
  g_autoptr (GFile) folder = path != NULL ? g_file_new_for_path (path) : NULL;

  if (self->chooser != NULL)
    return;

  self->chooser = lks_file_saver_open (widget, _ ("Save Recipe"), "recipe.json");
  if (folder != NULL)
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (self->chooser), folder, NULL);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- leaving ---- */

/* The dialog goes first: a window must not vanish under one that is in front of it. */
static void
discarded_cb (AdwMessageDialog *dialog, const char *response, LksRecipeEditor *self)
{
  if (!g_str_equal (response, "discard"))
    return;

  gtk_window_set_transient_for (GTK_WINDOW (dialog), NULL);
  gtk_window_destroy (GTK_WINDOW (self));
}

static gboolean
close_request_cb (LksRecipeEditor *self)
{
  g_autofree char *text = lks_recipe_source_dup_text (self->source);
  AdwMessageDialog *dialog;

  if (g_str_equal (text, self->saved))
    return GDK_EVENT_PROPAGATE;

  dialog = ADW_MESSAGE_DIALOG (
      adw_message_dialog_new (GTK_WINDOW (self), _ ("Discard the Changes?"),
                              _ ("What you have changed in this recipe is not saved.")));
  adw_message_dialog_add_responses (dialog, "edit", _ ("Go on Editing"), "discard", _ ("Discard"),
                                    NULL);
  adw_message_dialog_set_response_appearance (dialog, "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "edit");
  adw_message_dialog_set_close_response (dialog, "edit");
  g_signal_connect_object (dialog, "response", G_CALLBACK (discarded_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  return GDK_EVENT_STOP;
}

/* ---- the class ---- */

static void
lks_recipe_editor_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((LksRecipeEditorProperty) prop_id)
    {
    case PROP_LEGAL:
      g_value_set_boolean (value, lks_recipe_editor_get_legal (LKS_RECIPE_EDITOR (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lks_recipe_editor_dispose (GObject *object)
{
  LksRecipeEditor *self = LKS_RECIPE_EDITOR (object);

  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  g_cancellable_cancel (self->checking);
  g_clear_object (&self->checking);
  g_clear_object (&self->recipe);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_RECIPE_EDITOR);
  G_OBJECT_CLASS (lks_recipe_editor_parent_class)->dispose (object);
}

static void
lks_recipe_editor_finalize (GObject *object)
{
  g_free (LKS_RECIPE_EDITOR (object)->saved);
  G_OBJECT_CLASS (lks_recipe_editor_parent_class)->finalize (object);
}

static void
lks_recipe_editor_class_init (LksRecipeEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lks_recipe_editor_get_property;
  object_class->dispose = lks_recipe_editor_dispose;
  object_class->finalize = lks_recipe_editor_finalize;

  properties[PROP_LEGAL] =
      g_param_spec_boolean ("legal", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
  signals[SIGNAL_SAVED] = g_signal_new ("saved", LKS_TYPE_RECIPE_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-recipe-editor.ui");
  g_type_ensure (LKS_TYPE_RECIPE_FORM);
  g_type_ensure (LKS_TYPE_RECIPE_SOURCE);
  gtk_widget_class_bind_template_child (widget_class, LksRecipeEditor, stack);
  gtk_widget_class_bind_template_child (widget_class, LksRecipeEditor, form);
  gtk_widget_class_bind_template_child (widget_class, LksRecipeEditor, source);
  gtk_widget_class_bind_template_child (widget_class, LksRecipeEditor, signature);
  gtk_widget_class_bind_template_child (widget_class, LksRecipeEditor, status);
  gtk_widget_class_bind_template_child (widget_class, LksRecipeEditor, add);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_request_cb);
  gtk_widget_class_install_action (widget_class, "editor.add", "s", add_cb);
  gtk_widget_class_install_action (widget_class, "editor.save", NULL, save_cb);
  gtk_widget_class_install_action (widget_class, "editor.undo", NULL, undo_cb);
  gtk_widget_class_install_action (widget_class, "editor.redo", NULL, redo_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "editor.undo",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "editor.redo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "editor.save",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lks_recipe_editor_init (LksRecipeEditor *self)
{
  g_autoptr (GMenuModel) menu = build_menu ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_menu_model (self->add, menu);
}

/**
 * lks_recipe_editor_new:
 * @parent: (nullable): the window in front of which it is shown
 * @text: (nullable): the text to begin with; NULL for a new recipe
 * @folder: (nullable): where files lie that the recipe names
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksRecipeEditor *
lks_recipe_editor_new (GtkWindow *parent, const char *text, const char *folder)
{
  LksRecipeEditor *self = g_object_new (LKS_TYPE_RECIPE_EDITOR, "transient-for", parent, NULL);

  lks_recipe_form_set_folder (self->form, folder);
  self->saved = text != NULL ? g_strdup (text) : lks_recipe_draft_new ();
  gtk_text_buffer_set_text (lks_recipe_source_get_buffer (self->source), self->saved, -1);
  return self;
}

/**
 * lks_recipe_editor_get_buffer:
 * @self: an editor
 *
 * Returns: (transfer none): the text
 */
GtkTextBuffer *
lks_recipe_editor_get_buffer (LksRecipeEditor *self)
{
  return lks_recipe_source_get_buffer (self->source);
}

/**
 * lks_recipe_editor_set_signature:
 * @self: an editor
 * @signature: (nullable): who has signed the recipe as it was; NULL: nobody
 *
 * Tells beforehand what becomes of a signature.
 */
void
lks_recipe_editor_set_signature (LksRecipeEditor *self, const char *signature)
{
  g_autofree char *text = NULL;

  if (signature != NULL)
    /* Translators: who has signed a recipe, such as "Quality, with the key 12ab…" */
    text = g_strdup_printf (_ ("Signed: %s. The signature is for the recipe as it was: a changed "
                               "one has none until it is signed again."),
                            signature);
  gtk_label_set_label (self->signature, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->signature), text != NULL);
}

/**
 * lks_recipe_editor_get_form:
 * @self: an editor
 *
 * Returns: (transfer none): the draft as a form
 */
LksRecipeForm *
lks_recipe_editor_get_form (LksRecipeEditor *self)
{
  return self->form;
}

/**
 * lks_recipe_editor_get_message:
 * @self: an editor
 *
 * Returns: (transfer none): what is said about the text
 */
const char *
lks_recipe_editor_get_message (LksRecipeEditor *self)
{
  return gtk_label_get_label (self->status);
}

/**
 * lks_recipe_editor_get_legal:
 * @self: an editor
 *
 * Returns: whether the text is a legal recipe
 */
gboolean
lks_recipe_editor_get_legal (LksRecipeEditor *self)
{
  return self->recipe != NULL;
}

static void
remove_signature (const char *path)
{
  g_autofree char *signature_path = lks_recipe_dup_signature_path (path);

  g_unlink (signature_path);
}

/**
 * lks_recipe_editor_save:
 * @self: an editor
 * @path: where to
 * @error: return location for a [error@Lks.ParseError] or a `G_FILE_ERROR`
 *
 * Saves a legal recipe: the file has the whole of it, or is as it was before. Relative files that
 * it names are looked for beside @path from now on, so it is parsed once more for that place. A
 * signature of another text that was there is removed: nobody has signed this one.
 *
 * Returns: whether it was saved
 */
gboolean
lks_recipe_editor_save (LksRecipeEditor *self, const char *path, GError **error)
{
  g_autofree char *text = lks_recipe_source_dup_text (self->source);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (LksRecipe) recipe = lks_recipe_parse (DRAFT_NAME, folder, bytes, error);
  g_autofree char *old = NULL;

  if (recipe == NULL)
    return FALSE;

  g_file_get_contents (path, &old, NULL, NULL);
  if (!g_file_set_contents_full (path, text, -1,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                 FILE_MODE, error))
    return FALSE;
  if (g_strcmp0 (old, text) != 0)
    remove_signature (path);

  g_free (self->saved);
  self->saved = g_steal_pointer (&text);
  g_signal_emit (self, signals[SIGNAL_SAVED], 0, path);
  return TRUE;
}
