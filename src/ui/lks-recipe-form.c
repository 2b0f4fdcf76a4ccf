/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The form of a recipe, made of the table of its fields. It has no recipe of its own: it shows one
 * and tells what a person wants to be different. */
#include "lks-recipe-form.h"

#include "lks-error-text.h"
#include "lks-json-text.h"
#include "lks-recipe-beside.h"
#include "lks-recipe-list.h"
#include "lks-recipe-os.h"
#include "lks-recipe-row.h"
#include "lks-recipe-sample.h"
#include "lks-recipe-tools.h"
#include "lks-whole-file.h"
#include "lks-widget.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _LksRecipeForm
{
  AdwPreferencesPage parent_instance;

  GPtrArray *rows;         /* (owned) (element-type LksRecipeRow): children that are in no list */
  GPtrArray *lists;        /* (owned) (element-type LksRecipeList): children */
  LksRecipeSample *sample; /* (unowned): a child */
  JsonNode *root;          /* (owned) (nullable): what is shown */
  char *folder;            /* (owned) (nullable): where files lie that it names */
  gboolean is_waiting;     /* for a text that can be read */

  /* Packages that somebody has chosen. */
  GCancellable *closed; /* (owned): nobody waits for them any more */
  guint n_reading;
  GPtrArray *read;     /* (owned) (element-type utf8): what a recipe says of them */
  GString *unreadable; /* (owned): why some cannot be used, a line each */
};

G_DEFINE_FINAL_TYPE (LksRecipeForm, lks_recipe_form, ADW_TYPE_PREFERENCES_PAGE)

typedef enum
{
  SIGNAL_EDITED,
  N_SIGNALS,
} LksRecipeFormSignal;

static guint signals[N_SIGNALS];

static void
emit_edited (LksRecipeForm *self, const char *path, const char *value)
{
  g_signal_emit (self, signals[SIGNAL_EDITED], 0, path, value);
}

/* ---- waivers: a list in the recipe, a row for each check here ---- */

static JsonArray *
get_waivers (LksRecipeForm *self, const char *path)
{
  JsonNode *node = self->root != NULL ? lks_json_text_follow (self->root, path) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/* Returns its place, or how many there are. */
static guint
find_waiver (JsonArray *waivers, const char *check)
{
  guint n_waivers = waivers != NULL ? json_array_get_length (waivers) : 0;

  for (guint i = 0; i < n_waivers; i++)
    {
      JsonNode *named = lks_json_text_follow (json_array_get_element (waivers, i), "check");

      if (named != NULL && json_node_get_value_type (named) == G_TYPE_STRING &&
          g_str_equal (json_node_get_string (named), check))
        return i;
    }
  return n_waivers;
}

/* Somebody who is not named is an engineer. */
static void
load_waiver (LksRecipeForm *self, LksRecipeRow *row)
{
  const LksRecipeField *field = lks_recipe_row_get_field (row);
  JsonArray *waivers = get_waivers (self, field->path);
  guint place = find_waiver (waivers, field->waived);
  gboolean is_there = waivers != NULL && place < json_array_get_length (waivers);
  g_autofree char *path = g_strdup_printf (is_there ? "%s.%u.by" : "%s.%u", field->path, place);
  g_autoptr (JsonNode) engineer = json_node_init_string (json_node_alloc (), "engineer");
  JsonNode *node =
      is_there ? lks_json_text_follow (json_array_get_element (waivers, place), "by") : NULL;

  lks_recipe_row_set_path (row, path);
  lks_recipe_row_load (row, is_there && node == NULL ? engineer : node);
}

static void
edit_waiver (LksRecipeForm *self, LksRecipeRow *row)
{
  const LksRecipeField *field = lks_recipe_row_get_field (row);
  JsonArray *waivers = get_waivers (self, field->path);
  guint n_waivers = waivers != NULL ? json_array_get_length (waivers) : 0;
  guint place = find_waiver (waivers, field->waived);
  g_autofree char *who = lks_recipe_row_dup_value (row);
  g_autofree char *path = g_strdup_printf ("%s.%u", field->path, place);
  g_autofree char *thing =
      g_strdup_printf ("{ \"check\": \"%s\", \"by\": %s }", field->waived, who != NULL ? who : "");

  if (place < n_waivers && who != NULL)
    emit_edited (self, lks_recipe_row_get_path (row), who);
  else if (who != NULL)
    emit_edited (self, path, thing);
  else
    emit_edited (self, n_waivers == 1 ? field->path : path, NULL);
}

/* ---- what a person does ---- */

static void
row_edited_cb (LksRecipeForm *self, LksRecipeRow *row)
{
  g_autofree char *value = NULL;

  if (lks_recipe_row_get_field (row)->waived != NULL)
    {
      edit_waiver (self, row);
      return;
    }
  value = lks_recipe_row_dup_value (row);
  emit_edited (self, lks_recipe_row_get_path (row), value);
}

static void
list_edited_cb (LksRecipeForm *self, const char *path, const char *value)
{
  emit_edited (self, path, value);
}

/* ---- what is wrong ---- */

static gboolean
is_under (const char *path, const char *parent)
{
  gsize length = strlen (parent);

  return g_str_has_prefix (path, parent) && (path[length] == '\0' || path[length] == '.');
}

/* The row of the value that is meant, or the first of what belongs to it. */
static LksRecipeRow *
find_row (LksRecipeForm *self, const char *path)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_copy (self->rows, NULL, NULL);
  LksRecipeRow *found = NULL;

  g_ptr_array_set_free_func (rows, NULL);
  for (guint i = 0; i < self->lists->len; i++)
    lks_recipe_list_collect_rows (self->lists->pdata[i], rows);
  for (guint i = 0; i < rows->len; i++)
    {
      const char *place = lks_recipe_row_get_path (rows->pdata[i]);

      if (g_str_equal (place, path))
        return rows->pdata[i];
      /* Whatever is wrong with a waiver that has no row is not the first row's. */
      if (found == NULL && is_under (place, path) &&
          lks_recipe_row_get_field (rows->pdata[i])->waived == NULL)
        found = rows->pdata[i];
    }
  return found;
}

static LksRecipeList *
find_list (LksRecipeForm *self, const char *path)
{
  for (guint i = 0; i < self->lists->len; i++)
    if (g_str_equal (lks_recipe_list_get_path (self->lists->pdata[i]), path))
      return self->lists->pdata[i];
  return NULL;
}

/**
 * lks_recipe_form_find:
 * @self: a form
 * @path: a value of a recipe
 *
 * Returns: (transfer none) (nullable): what shows the value, or the smallest thing that it belongs
 *   to: an `LksRecipeRow` or an `LksRecipeList`
 */
GtkWidget *
lks_recipe_form_find (LksRecipeForm *self, const char *path)
{
  g_autofree char *place = g_strdup (path);

  for (guint i = 0; i < self->lists->len; i++)
    lks_recipe_list_prepare (self->lists->pdata[i], path);
  while (*place != '\0')
    {
      LksRecipeList *list = find_list (self, place);
      LksRecipeRow *row = list == NULL ? find_row (self, place) : NULL;
      char *dot = strrchr (place, '.');

      if (list != NULL)
        return GTK_WIDGET (list);
      if (row != NULL)
        return GTK_WIDGET (row);
      *(dot != NULL ? dot : place) = '\0';
    }
  return NULL;
}

static void
clear_flaws (LksRecipeForm *self)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_copy (self->rows, NULL, NULL);

  g_ptr_array_set_free_func (rows, NULL);
  for (guint i = 0; i < self->lists->len; i++)
    {
      lks_recipe_list_collect_rows (self->lists->pdata[i], rows);
      lks_recipe_list_set_flaw (self->lists->pdata[i], NULL);
    }
  for (guint i = 0; i < rows->len; i++)
    lks_recipe_row_set_flaw (rows->pdata[i], NULL);
}

static void
show_flaw (LksRecipeForm *self, const char *path, const char *flaw)
{
  GtkWidget *found = lks_recipe_form_find (self, path);

  for (guint i = 0; i < self->lists->len; i++)
    lks_recipe_list_reveal (self->lists->pdata[i], path);
  if (LKS_IS_RECIPE_ROW (found))
    lks_recipe_row_set_flaw (LKS_RECIPE_ROW (found), flaw);
  else if (LKS_IS_RECIPE_LIST (found))
    lks_recipe_list_set_flaw (LKS_RECIPE_LIST (found), flaw);
}

/* What was read while the text could be read by nobody, or while others were, is put in at once. */
static void
take_packages (LksRecipeForm *self)
{
  g_autoptr (GPtrArray) read = NULL;

  if (self->is_waiting || self->n_reading > 0 ||
      (self->read->len == 0 && self->unreadable->len == 0))
    return;

  read = g_steal_pointer (&self->read);
  self->read = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < read->len; i++)
    lks_recipe_list_append (find_list (self, "images"), read->pdata[i]);
  if (self->unreadable->len > 0)
    lks_recipe_list_set_flaw (find_list (self, "images"), self->unreadable->str);
  g_string_truncate (self->unreadable, 0);
}

/**
 * lks_recipe_form_load:
 * @self: a form
 * @root: (nullable): a draft of a recipe; NULL when its text cannot be read
 * @flaw_path: (nullable): which value makes it illegal
 * @flaw: (nullable): why
 *
 * Shows a draft. Without one the form waits and shows what it has shown.
 */
void
lks_recipe_form_load (LksRecipeForm *self, JsonNode *root, const char *flaw_path, const char *flaw)
{
  if (root == NULL)
    lks_widget_drop_focus (GTK_WIDGET (self));
  gtk_widget_set_sensitive (GTK_WIDGET (self), root != NULL);
  self->is_waiting = root == NULL;
  if (root == NULL)
    return;

  json_node_ref (root);
  g_clear_pointer (&self->root, json_node_unref);
  self->root = root;
  for (guint i = 0; i < self->rows->len; i++)
    {
      LksRecipeRow *row = self->rows->pdata[i];
      const LksRecipeField *field = lks_recipe_row_get_field (row);

      if (field->waived != NULL)
        load_waiver (self, row);
      else
        lks_recipe_row_load (row, lks_json_text_follow (root, field->path));
    }
  for (guint i = 0; i < self->lists->len; i++)
    lks_recipe_list_load (self->lists->pdata[i],
                          lks_json_text_follow (root,
                                                lks_recipe_list_get_path (self->lists->pdata[i])));
  lks_recipe_sample_load (self->sample, root);
  clear_flaws (self);
  if (flaw_path != NULL)
    show_flaw (self, flaw_path, flaw);
  take_packages (self);
}

/* ---- files ---- */

typedef struct
{
  LksRecipeForm *form; /* (owned) */
  char *folder;        /* (owned) */
} Reading;

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Reading *reading = user_data;
  g_autoptr (LksRecipeForm) self = reading->form;
  g_autofree char *folder = reading->folder;
  g_autoptr (GError) error = NULL;
  char *thing = lks_recipe_beside_read_image_finish (result, &error);
  g_autofree char *text = error != NULL ? lks_error_to_text (error) : NULL;

  g_free (reading);
  self->n_reading--;
  if (thing != NULL)
    {
      if (self->folder == NULL)
        self->folder = g_steal_pointer (&folder);
      g_ptr_array_add (self->read, thing);
    }
  else
    g_string_append_printf (self->unreadable, "%s%s", self->unreadable->len > 0 ? "\n" : "", text);
  if (!g_cancellable_is_cancelled (self->closed))
    take_packages (self);
}

/* A recipe that was never saved lies where the first file does that it can use. */
static char *
find_folder (LksRecipeForm *self, const char *path)
{
  return self->folder != NULL ? g_strdup (self->folder) : g_path_get_dirname (path);
}

/**
 * lks_recipe_form_add_packages:
 * @self: a form
 * @paths: (array zero-terminated=1): image packages
 *
 * Does what a person does who chooses @paths: they are read, and then stand in the list of images.
 */
void
lks_recipe_form_add_packages (LksRecipeForm *self, const char *const *paths)
{
  for (; *paths != NULL; paths++)
    {
      Reading *reading = g_new0 (Reading, 1);

      reading->form = g_object_ref (self);
      reading->folder = find_folder (self, *paths);
      self->n_reading++;
      lks_recipe_beside_read_image_async (*paths, reading->folder, self->closed, read_cb, reading);
    }
}

/**
 * lks_recipe_form_is_reading:
 * @self: a form
 *
 * Returns: whether packages are being read
 */
gboolean
lks_recipe_form_is_reading (LksRecipeForm *self)
{
  return self->n_reading > 0;
}

static void
emit_text (LksRecipeForm *self, const char *path, const char *words)
{
  g_autofree char *quoted = lks_json_text_quote (words);

  emit_edited (self, path, quoted);
}

/**
 * lks_recipe_form_set_os_list:
 * @self: a form
 * @path: a list of OS versions
 *
 * Does what a person does who chooses @path: the recipe names it, with its hash.
 */
void
lks_recipe_form_set_os_list (LksRecipeForm *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = find_folder (self, path);
  g_autofree char *name = lks_recipe_beside_find_name (path, folder, &error);
  g_autoptr (GBytes) bytes =
      name != NULL ? lks_whole_file_read (path, LKS_OS_LIST_SIZE_MAX_BYTES, NULL, &error) : NULL;
  g_autofree char *text = error != NULL ? lks_error_to_text (error) : NULL;
  g_autofree char *hash = NULL;

  if (bytes == NULL)
    {
      lks_recipe_row_set_flaw (find_row (self, "osList"), text);
      return;
    }
  if (self->folder == NULL)
    self->folder = g_steal_pointer (&folder);
  hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  emit_text (self, "osList", name);
  emit_text (self, "osListSha256", hash);
}

static void
os_list_opened_cb (GtkWidget *widget, const char *const *paths)
{
  lks_recipe_form_set_os_list (LKS_RECIPE_FORM (widget), paths[0]);
}

static void
choose_os_list_cb (GtkWidget *form)
{
  lks_file_opener_ask (form, _ ("Choose the List of Versions"), _ ("Lists (*.json)"), "*.json",
                       FALSE, os_list_opened_cb);
}

static void
add_os_list_button (LksRecipeForm *self, LksRecipeRow *row)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("folder-open-symbolic");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Choose the List of Versions"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Choose the List of Versions"), -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (choose_os_list_cb), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

static void
packages_opened_cb (GtkWidget *list, const char *const *paths)
{
  GtkWidget *form = gtk_widget_get_ancestor (list, LKS_TYPE_RECIPE_FORM);

  if (form != NULL)
    lks_recipe_form_add_packages (LKS_RECIPE_FORM (form), paths);
}

/**
 * lks_recipe_form_get_folder:
 * @self: a form
 *
 * Returns: (transfer none) (nullable): where files lie that the recipe names
 */
const char *
lks_recipe_form_get_folder (LksRecipeForm *self)
{
  return self->folder;
}

/**
 * lks_recipe_form_set_folder:
 * @self: a form
 * @folder: (nullable): where files lie that the recipe names
 */
void
lks_recipe_form_set_folder (LksRecipeForm *self, const char *folder)
{
  g_free (self->folder);
  self->folder = g_strdup (folder);
}

/**
 * lks_recipe_form_get_sample:
 * @self: a form
 *
 * Returns: (transfer none): where a label can be tried: an `LksRecipeSample`
 */
GtkWidget *
lks_recipe_form_get_sample (LksRecipeForm *self)
{
  return GTK_WIDGET (self->sample);
}

/* ---- the class ---- */

static GtkWidget *
build_group (LksRecipeForm *self, const LksRecipeGroup *group)
{
  GtkWidget *widget = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (widget), _ (group->title));
  if (group->description != NULL)
    adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (widget), _ (group->description));
  for (const LksRecipeField *field = group->fields; field->path != NULL; field++)
    {
      LksRecipeRow *row = lks_recipe_row_new (field);

      g_signal_connect_object (row, "edited", G_CALLBACK (row_edited_cb), self, G_CONNECT_SWAPPED);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (widget), GTK_WIDGET (row));
      g_ptr_array_add (self->rows, row);
      if (g_str_equal (field->path, "osList"))
        add_os_list_button (self, row);
    }
  if (g_str_has_prefix (group->fields[0].path, "label."))
    {
      self->sample = LKS_RECIPE_SAMPLE (lks_recipe_sample_new ());
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (widget), GTK_WIDGET (self->sample));
    }
  return widget;
}

static GtkWidget *
build_list (LksRecipeForm *self, const LksRecipeGroup *group)
{
  LksRecipeList *list = lks_recipe_list_new (group);

  g_signal_connect_object (list, "edited", G_CALLBACK (list_edited_cb), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->lists, list);
  if (g_str_equal (group->list, "allowedOsVersions"))
    lks_recipe_tools_offer_versions (list);
  else if (g_str_equal (group->list, "absentComponents"))
    lks_recipe_tools_offer_components (list);
  else if (g_str_equal (group->list, "images"))
    lks_recipe_tools_offer_packages (list, packages_opened_cb);
  return GTK_WIDGET (list);
}

/* Whoever waits holds the form: it is not disposed of before. */
static void
lks_recipe_form_unroot (GtkWidget *widget)
{
  g_cancellable_cancel (LKS_RECIPE_FORM (widget)->closed);
  GTK_WIDGET_CLASS (lks_recipe_form_parent_class)->unroot (widget);
}

static void
lks_recipe_form_finalize (GObject *object)
{
  LksRecipeForm *self = LKS_RECIPE_FORM (object);

  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->lists);
  g_object_unref (self->closed);
  g_ptr_array_unref (self->read);
  g_string_free (self->unreadable, TRUE);
  g_free (self->folder);
  g_clear_pointer (&self->root, json_node_unref);
  G_OBJECT_CLASS (lks_recipe_form_parent_class)->finalize (object);
}

static void
lks_recipe_form_class_init (LksRecipeFormClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = lks_recipe_form_finalize;
  GTK_WIDGET_CLASS (klass)->unroot = lks_recipe_form_unroot;

  signals[SIGNAL_EDITED] = g_signal_new ("edited", LKS_TYPE_RECIPE_FORM, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
lks_recipe_form_init (LksRecipeForm *self)
{
  guint n_groups;
  const LksRecipeGroup *groups = lks_recipe_group_list_all (&n_groups);

  self->closed = g_cancellable_new ();
  self->read = g_ptr_array_new_with_free_func (g_free);
  self->unreadable = g_string_new (NULL);
  self->rows = g_ptr_array_new ();
  self->lists = g_ptr_array_new ();
  for (guint i = 0; i < n_groups; i++)
    adw_preferences_page_add (ADW_PREFERENCES_PAGE (self),
                              ADW_PREFERENCES_GROUP (groups[i].list != NULL
                                                         ? build_list (self, &groups[i])
                                                         : build_group (self, &groups[i])));
}
