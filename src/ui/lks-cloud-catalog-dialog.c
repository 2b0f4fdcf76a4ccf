/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-catalog-dialog.h"

#include "lks-cloud-catalog.h"
#include "lks-cloud-name.h"
#include "lks-cloud-site-rows.h"
#include "lks-cloud-tags.h"
#include "lks-error-note.h"

#include <glib/gi18n-lib.h>

struct _LksCloudCatalogDialog
{
  LksCloudDialog parent_instance;

  GtkButton *apply_button;     /* template child */
  GtkLabel *place_label;       /* template child */
  GtkStack *stack;             /* template child */
  LksCloudSiteRows *site_rows; /* template child */
  GtkWidget *name_group;       /* template child */
  AdwEntryRow *name_row;       /* template child */
  GtkLabel *name_note;         /* template child */
  GtkWidget *ever_label;       /* template child */
  GtkTextView *tags_view;      /* template child */
  GtkLabel *tags_note;         /* template child */
  GtkLabel *role_label;        /* template child */
  LksErrorNote *error_note;    /* template child */
  GtkSpinner *spinner;         /* template child */

  LksCloudScope *catalog; /* (owned) (nullable): what is changed */
  GHashTable *kept;       /* (owned) (element-type utf8 utf8): tags that cannot be typed */
  gboolean is_busy;
};

G_DEFINE_FINAL_TYPE (LksCloudCatalogDialog, lks_cloud_catalog_dialog, LKS_TYPE_CLOUD_DIALOG)

/* ---- what is typed ---- */

static const char *
get_name (LksCloudCatalogDialog *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->name_row));
}

static GHashTable *
parse_tags (LksCloudCatalogDialog *self, GError **error)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->tags_view);
  g_autofree char *text = NULL;

  g_object_get (buffer, "text", &text, NULL);
  return lks_cloud_tags_parse (text, error);
}

/* Returns whether what is typed are tags. */
static gboolean
show_tags (LksCloudCatalogDialog *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) tags = parse_tags (self, &error);

  gtk_label_set_label (self->tags_note, error != NULL ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->tags_note), error != NULL);
  return tags != NULL;
}

static gboolean
is_named (LksCloudCatalogDialog *self)
{
  return lks_cloud_site_rows_get_subscription (self->site_rows) != NULL &&
         lks_cloud_site_rows_get_group (self->site_rows) != NULL &&
         lks_cloud_name_judge (LKS_CLOUD_NAME_CATALOG, get_name (self)) == LKS_CLOUD_NAME_GOOD;
}

static void
update (LksCloudCatalogDialog *self)
{
  gboolean is_form = g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "form") == 0;
  gboolean are_tags = show_tags (self);

  lks_cloud_dialog_show_name (self->name_row, self->name_note, LKS_CLOUD_NAME_CATALOG);
  gtk_spinner_set_spinning (self->spinner, self->is_busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), self->is_busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->stack), !self->is_busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "catalog.apply",
                                 is_form && are_tags && !self->is_busy &&
                                     (self->catalog != NULL || is_named (self)));
}

static void
changed_cb (LksCloudCatalogDialog *self)
{
  if (!lks_cloud_dialog_is_gone (LKS_CLOUD_DIALOG (self)))
    update (self);
}

/* ---- doing it ---- */

typedef struct
{
  LksCloudScope *scope; /* (owned) */
  GHashTable *tags;     /* (owned) (nullable) */
  gboolean is_new;
  LksCloudResource *catalog; /* (owned) (nullable): as the service has it */
} Work;

static void
work_free (gpointer data)
{
  Work *self = data;

  lks_cloud_scope_free (self->scope);
  g_clear_pointer (&self->tags, g_hash_table_unref);
  g_clear_pointer (&self->catalog, lks_cloud_resource_unref);
  g_free (self);
}

static gboolean
apply_in_thread (LksCloudClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  Work *work = data;

  work->catalog =
      work->is_new ? lks_cloud_catalog_create (client, work->scope, work->tags, cancellable, error)
                   : lks_cloud_catalog_update (client, work->scope, work->tags, cancellable, error);
  return work->catalog != NULL;
}

static void
applied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksCloudCatalogDialog) self = user_data;
  gpointer data;

  if (!lks_cloud_dialog_run_finish (LKS_CLOUD_DIALOG (self), result, self->error_note, &data))
    return;
  self->is_busy = FALSE;
  update (self);
  if (data != NULL)
    lks_cloud_dialog_done (LKS_CLOUD_DIALOG (self));
}

static void
apply_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudCatalogDialog *self = LKS_CLOUD_CATALOG_DIALOG (widget);
  Work *work = g_new0 (Work, 1);

  work->is_new = self->catalog == NULL;
  work->scope =
      work->is_new
          ? lks_cloud_scope_new (lks_cloud_site_rows_get_subscription (self->site_rows),
                                 lks_cloud_site_rows_get_group (self->site_rows), get_name (self))
          : lks_cloud_scope_copy (self->catalog);
  work->tags = parse_tags (self, NULL);
  lks_cloud_tags_add_all (work->tags, self->kept);
  lks_error_note_set_error (self->error_note, NULL);
  lks_cloud_dialog_run (LKS_CLOUD_DIALOG (self), apply_in_thread, work, work_free, applied_cb);
  self->is_busy = TRUE;
  update (self);
}

/* ---- how it is ---- */

static gboolean
look_in_thread (LksCloudClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  Work *work = data;

  work->catalog =
      lks_cloud_resource_get (client, &lks_cloud_catalog_kind, work->scope, cancellable, error);
  return work->catalog != NULL;
}

static void
show_catalog (LksCloudCatalogDialog *self, const LksCloudCatalog *catalog)
{
  g_autoptr (GHashTable) plain = lks_cloud_tags_new ();
  g_auto (GStrv) list = NULL;
  g_autofree char *lines = NULL;
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  g_hash_table_iter_init (&iter, catalog->tags);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_insert (lks_cloud_tag_is_plain (name, value) ? plain : self->kept, g_strdup (name),
                         g_strdup (value));
  list = lks_cloud_tags_to_list (plain);
  lines = g_strjoinv ("\n", list);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->tags_view), lines, -1);
  gtk_stack_set_visible_child_name (self->stack, "form");
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksCloudCatalogDialog) self = user_data;
  const Work *work;
  gpointer data;

  if (!lks_cloud_dialog_run_finish (LKS_CLOUD_DIALOG (self), result, self->error_note, &data))
    return;
  work = data;
  self->is_busy = FALSE;
  if (work != NULL)
    show_catalog (self, (const LksCloudCatalog *) work->catalog);
  update (self);
}

static void
look (LksCloudCatalogDialog *self)
{
  Work *work = g_new0 (Work, 1);

  work->scope = lks_cloud_scope_copy (self->catalog);
  self->is_busy = TRUE;
  lks_cloud_dialog_run (LKS_CLOUD_DIALOG (self), look_in_thread, work, work_free, looked_cb);
}

/* ---- the window ---- */

static void
lks_cloud_catalog_dialog_finalize (GObject *object)
{
  LksCloudCatalogDialog *self = LKS_CLOUD_CATALOG_DIALOG (object);

  g_clear_pointer (&self->catalog, lks_cloud_scope_free);
  g_hash_table_unref (self->kept);
  G_OBJECT_CLASS (lks_cloud_catalog_dialog_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cloud-catalog-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCloudCatalogDialog, apply_button);
  gtk_widget_class_bind_template_child (widget_class, LksCloudCatalogDialog, place_label);
  gtk_widget_class_bind_template_child (widget_class, LksCloudCatalogDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, LksCloudCatalogDialog, site_rows);
  gtk_widget_class_bind_template_child (widget_class, LksCloudCatalogDialog, name_group);
  gtk_widget_class_bind_template_child (widget_class, LksCloudCatalogDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, LksCloudCatalogDialog, name_note);
  gtk_widget_class_bind_template_child (widget_class, LksCloudCatalogDialog, ever_label);
  gtk_widget_class_bind_template_child (widget_class, LksCloudCatalogDialog, tags_view);
  gtk_widget_class_bind_template_child (widget_class, LksCloudCatalogDialog, tags_note);
  gtk_widget_class_bind_template_child (widget_class, LksCloudCatalogDialog, role_label);
  gtk_widget_class_bind_template_child (widget_class, LksCloudCatalogDialog, error_note);
  gtk_widget_class_bind_template_child (widget_class, LksCloudCatalogDialog, spinner);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
}

static void
lks_cloud_catalog_dialog_class_init (LksCloudCatalogDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lks_cloud_catalog_dialog_finalize;

  g_type_ensure (LKS_TYPE_CLOUD_SITE_ROWS);
  g_type_ensure (LKS_TYPE_ERROR_NOTE);
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "catalog.apply", NULL, apply_action);
}

static void
lks_cloud_catalog_dialog_init (LksCloudCatalogDialog *self)
{
  self->kept = lks_cloud_tags_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

static LksCloudCatalogDialog *
create (GtkWindow *parent, LksCloudDesk *desk, const LksCloudScope *catalog)
{
  LksCloudCatalogDialog *self =
      g_object_new (LKS_TYPE_CLOUD_CATALOG_DIALOG, "transient-for", parent, NULL);
  gboolean is_new = catalog == NULL;

  lks_cloud_dialog_set_desk (LKS_CLOUD_DIALOG (self), desk);
  lks_cloud_dialog_tell_role (LKS_CLOUD_DIALOG (self), self->role_label, LKS_CLOUD_ACTION_CHANGE);
  self->catalog = is_new ? NULL : lks_cloud_scope_copy (catalog);
  gtk_window_set_default_size (GTK_WINDOW (self), 560, is_new ? 720 : 480);
  gtk_window_set_title (GTK_WINDOW (self), is_new ? _ ("New Catalog") : _ ("Change Catalog"));
  gtk_button_set_label (self->apply_button, is_new ? _ ("Create") : _ ("Change"));
  gtk_label_set_label (self->place_label, is_new ? "" : catalog->catalog);
  gtk_widget_set_visible (GTK_WIDGET (self->place_label), !is_new);
  gtk_widget_set_visible (GTK_WIDGET (self->site_rows), is_new);
  gtk_widget_set_visible (self->name_group, is_new);
  gtk_widget_set_visible (self->ever_label, is_new);
  gtk_stack_set_visible_child_name (self->stack, is_new ? "form" : "loading");
  if (is_new)
    lks_cloud_site_rows_set_desk (self->site_rows, desk);
  else
    look (self);
  update (self);
  return self;
}

/**
 * lks_cloud_catalog_dialog_new_to_create:
 * @parent: (nullable): the window in front of which it is shown
 * @desk: where to work with the cloud, by an account of the Integrated service
 *
 * Creates the dialog.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksCloudCatalogDialog *
lks_cloud_catalog_dialog_new_to_create (GtkWindow *parent, LksCloudDesk *desk)
{
  return create (parent, desk, NULL);
}

/**
 * lks_cloud_catalog_dialog_new_to_change:
 * @parent: (nullable): the window in front of which it is shown
 * @desk: where to work with the cloud
 * @catalog: a catalog; it is asked for how it is now
 *
 * Creates the dialog.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksCloudCatalogDialog *
lks_cloud_catalog_dialog_new_to_change (GtkWindow *parent,
                                        LksCloudDesk *desk,
                                        const LksCloudScope *catalog)
{
  return create (parent, desk, catalog);
}
