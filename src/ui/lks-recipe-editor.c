/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-recipe-editor.h"

#include "lks-error-text.h"
#include "lks-file-saver.h"
#include "lks-recipe-draft.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DRAFT_NAME "recipe"
#define FILE_MODE 0644

struct _LksRecipeEditor
{
  AdwWindow parent_instance;

  GtkTextView *view;     /* template child */
  GtkTextBuffer *buffer; /* template child */
  GtkLabel *status;      /* template child */
  GtkMenuButton *add;    /* template child */

  char *folder;                  /* (owned) (nullable): where files that it names lie */
  LksRecipe *recipe;             /* (owned) (nullable): what the text is when it is legal */
  GtkTextTag *wrong;             /* (unowned): belongs to @buffer */
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

static char *
dup_text (LksRecipeEditor *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return gtk_text_buffer_get_text (self->buffer, &start, &end, TRUE);
}

/* ---- live checks ---- */

static void
mark_line (LksRecipeEditor *self, guint line)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_remove_tag (self->buffer, self->wrong, &start, &end);
  if (line == 0)
    return;

  gtk_text_buffer_get_iter_at_line (self->buffer, &start, (int) line - 1);
  end = start;
  if (!gtk_text_iter_ends_line (&end))
    gtk_text_iter_forward_to_line_end (&end);
  gtk_text_buffer_apply_tag (self->buffer, self->wrong, &start, &end);
}

static char *
describe_flaw (LksRecipeEditor *self, const GError *error)
{
  const char *reason;
  guint line = lks_recipe_draft_find_line (DRAFT_NAME, error->message, &reason);

  mark_line (self, line);
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
changed_cb (LksRecipeEditor *self)
{
  g_autofree char *text = dup_text (self);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  gboolean was_legal = self->recipe != NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *status = NULL;

  g_clear_object (&self->recipe);
  self->recipe = lks_recipe_parse (DRAFT_NAME, self->folder, bytes, &error);
  if (self->recipe != NULL)
    {
      mark_line (self, 0);
      /* Translators: the SHA-256 of a text */
      status =
          g_strdup_printf (_ ("A legal recipe. SHA-256: %s"), lks_recipe_get_hash (self->recipe));
    }
  else
    status = describe_flaw (self, error);
  set_status (self, status, self->recipe != NULL);
  if (was_legal != (self->recipe != NULL))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LEGAL]);
}

/* ---- adding ---- */

/* As one step, which can be undone. */
static void
replace_text (LksRecipeEditor *self, const char *text)
{
  GtkTextIter start, end;

  gtk_text_buffer_begin_user_action (self->buffer);
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_delete (self->buffer, &start, &end);
  gtk_text_buffer_insert (self->buffer, &start, text, -1);
  gtk_text_buffer_end_user_action (self->buffer);
}

static void
add_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LksRecipeEditor *self = LKS_RECIPE_EDITOR (widget);
  const char *member = g_variant_get_string (parameter, NULL);
  g_autofree char *text = dup_text (self);
  g_autofree char *longer = NULL;
  GtkTextIter iter;

  if (lks_recipe_draft_has (text, member))
    {
      g_autofree char *quoted = g_strdup_printf ("\"%s\"", member);

      gtk_text_buffer_get_start_iter (self->buffer, &iter);
      gtk_text_iter_forward_search (&iter, quoted, 0, &iter, NULL, NULL);
    }
  else
    {
      longer = lks_recipe_draft_add (text, member);
      replace_text (self, longer);
      gtk_text_buffer_get_end_iter (self->buffer, &iter);
      gtk_text_iter_backward_lines (&iter, 2);
    }
  gtk_text_buffer_place_cursor (self->buffer, &iter);
  gtk_text_view_scroll_mark_onscreen (self->view, gtk_text_buffer_get_insert (self->buffer));
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
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
  if (lks_recipe_editor_save (self, g_file_peek_path (file), &error))
    {
      gtk_window_close (GTK_WINDOW (self));
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
  g_autoptr (GFile) folder = self->folder != NULL ? g_file_new_for_path (self->folder) : NULL;

  if (self->chooser != NULL)
    return;

  self->chooser = lks_file_saver_open (widget, _ ("Save Recipe"), "recipe.json");
  if (folder != NULL)
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (self->chooser), folder, NULL);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
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
  g_clear_object (&self->recipe);
  if (self->buffer != NULL)
    g_signal_handlers_disconnect_by_func (self->buffer, changed_cb, self);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_RECIPE_EDITOR);
  G_OBJECT_CLASS (lks_recipe_editor_parent_class)->dispose (object);
}

static void
lks_recipe_editor_finalize (GObject *object)
{
  g_free (LKS_RECIPE_EDITOR (object)->folder);
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
  gtk_widget_class_bind_template_child (widget_class, LksRecipeEditor, view);
  gtk_widget_class_bind_template_child (widget_class, LksRecipeEditor, buffer);
  gtk_widget_class_bind_template_child (widget_class, LksRecipeEditor, status);
  gtk_widget_class_bind_template_child (widget_class, LksRecipeEditor, add);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_install_action (widget_class, "editor.add", "s", add_cb);
  gtk_widget_class_install_action (widget_class, "editor.save", NULL, save_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "editor.save",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lks_recipe_editor_init (LksRecipeEditor *self)
{
  g_autoptr (GMenuModel) menu = build_menu ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->wrong =
      gtk_text_buffer_create_tag (self->buffer, NULL, "underline", PANGO_UNDERLINE_ERROR, NULL);
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
  g_autofree char *draft = text != NULL ? g_strdup (text) : lks_recipe_draft_new ();

  self->folder = g_strdup (folder);
  gtk_text_buffer_set_text (self->buffer, draft, -1);
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
  return self->buffer;
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

/**
 * lks_recipe_editor_save:
 * @self: an editor
 * @path: where to
 * @error: return location for a [error@Lks.ParseError] or a `G_FILE_ERROR`
 *
 * Saves a legal recipe: the file has the whole of it, or is as it was before. Relative files that
 * it names are looked for beside @path from now on, so it is parsed once more for that place.
 *
 * Returns: whether it was saved
 */
gboolean
lks_recipe_editor_save (LksRecipeEditor *self, const char *path, GError **error)
{
  g_autofree char *text = dup_text (self);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (LksRecipe) recipe = lks_recipe_parse (DRAFT_NAME, folder, bytes, error);

  if (recipe == NULL ||
      !g_file_set_contents_full (path, text, -1,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                 FILE_MODE, error))
    return FALSE;

  g_signal_emit (self, signals[SIGNAL_SAVED], 0, path);
  return TRUE;
}
