/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-deploy-dialog.h"

#include "lks-cloud-deploy-look.h"
#include "lks-cloud-deployment.h"
#include "lks-cloud-text.h"
#include "lks-error-note.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* An image that can be chosen. */
typedef struct
{
  const LksCloudImage *image; /* of the catalog */
  GtkCheckButton *check;      /* (unowned): in the list */
  gboolean is_deployed;       /* to the group at present */
} Choice;

struct _LksCloudDeployDialog
{
  LksCloudDialog parent_instance;

  GtkLabel *place_label;        /* template child */
  GtkSearchEntry *search_entry; /* template child */
  GtkListBox *list;             /* template child */
  GtkLabel *summary;            /* template child */
  GtkWidget *twice_label;       /* template child */
  GtkLabel *role_label;         /* template child */
  LksErrorNote *error_note;     /* template child */
  GtkSpinner *spinner;          /* template child */

  LksCloudScope *group;      /* (owned) */
  LksCloudDeployLook *found; /* (owned) (nullable) once it is known */
  GArray *choices;           /* (owned) of Choice, in the order of @list */
  gboolean is_busy;
};

G_DEFINE_FINAL_TYPE (LksCloudDeployDialog, lks_cloud_deploy_dialog, LKS_TYPE_CLOUD_DIALOG)

/* ---- what is chosen, and what that means ---- */

static const Choice *
get_choice (LksCloudDeployDialog *self, guint position)
{
  return &g_array_index (self->choices, Choice, position);
}

static gboolean
is_chosen (LksCloudDeployDialog *self, guint position)
{
  return gtk_check_button_get_active (get_choice (self, position)->check);
}

static const char *
get_name (const LksCloudImage *image)
{
  return image->image_name != NULL ? image->image_name : image->image_id;
}

/* The names of the images that were (or not) and will be (or not) deployed. */
static char *
join_names (LksCloudDeployDialog *self, gboolean was, gboolean will)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;

  for (guint i = 0; i < self->choices->len; i++)
    if (!get_choice (self, i)->is_deployed == !was && !is_chosen (self, i) == !will)
      g_strv_builder_add (builder, get_name (get_choice (self, i)->image));
  if (was && !will)
    lks_cloud_deploy_look_add_lost (self->found, builder);
  names = g_strv_builder_end (builder);
  return names[0] != NULL ? g_strjoinv (", ", names) : g_strdup (_ ("nothing"));
}

/* A board has each component once: two images of one are nearly always a mistake. */
static gboolean
has_component_twice (LksCloudDeployDialog *self)
{
  g_autoptr (GHashTable) components = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->choices->len; i++)
    {
      char *component = get_choice (self, i)->image->component_id;

      if (component != NULL && is_chosen (self, i) && !g_hash_table_add (components, component))
        return TRUE;
    }
  return FALSE;
}

static guint
count_chosen (LksCloudDeployDialog *self)
{
  guint n_chosen = 0;

  for (guint i = 0; i < self->choices->len; i++)
    n_chosen += is_chosen (self, i);
  return n_chosen;
}

static char *
describe (LksCloudDeployDialog *self)
{
  g_autofree char *comes = NULL;
  g_autofree char *stays = NULL;
  g_autofree char *goes = NULL;

  if (self->found == NULL)
    return g_strdup (self->is_busy ? _ ("Asking the cloud what there is…") : "");
  if (self->choices->len == 0)
    return g_strdup (_ ("No image was uploaded into this catalog."));
  comes = join_names (self, FALSE, TRUE);
  stays = join_names (self, TRUE, TRUE);
  goes = join_names (self, TRUE, FALSE);
  /* Translators: names of images, or “nothing”, three times */
  return g_strdup_printf (_ ("New on the devices: %s\nStays: %s\nIs taken off them: %s"), comes,
                          stays, goes);
}

static void
update (LksCloudDeployDialog *self)
{
  g_autofree char *text = describe (self);

  gtk_label_set_label (self->summary, text);
  gtk_spinner_set_spinning (self->spinner, self->is_busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), self->is_busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->list), !self->is_busy);
  gtk_widget_set_visible (GTK_WIDGET (self->list), self->choices->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->search_entry), self->choices->len > 8);
  gtk_widget_set_visible (self->twice_label, has_component_twice (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "deploy.do",
                                 !self->is_busy && count_chosen (self) > 0);
}

/* ---- what there is ---- */

static void
add_choice (LksCloudDeployDialog *self, const LksCloudImage *image)
{
  GtkWidget *row = adw_action_row_new ();
  Choice choice = { image, GTK_CHECK_BUTTON (gtk_check_button_new ()),
                    lks_cloud_deploy_look_is_deployed (self->found, image->image_id) };
  /* Translators: the ID of an image */
  g_autofree char *subtitle = choice.is_deployed
                                  ? g_strdup_printf (_ ("Deployed now · %s"), image->image_id)
                                  : g_strdup (image->image_id);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), get_name (image));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_check_button_set_active (choice.check, choice.is_deployed);
  gtk_widget_set_valign (GTK_WIDGET (choice.check), GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (choice.check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  get_name (image), -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), GTK_WIDGET (choice.check));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), GTK_WIDGET (choice.check));
  g_signal_connect_object (choice.check, "toggled", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_array_append_val (self->choices, choice);
  gtk_list_box_append (self->list, row);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksCloudDeployDialog) self = user_data;
  LksCloudDeployLook *look;
  gpointer data;

  if (!lks_cloud_dialog_run_finish (LKS_CLOUD_DIALOG (self), result, self->error_note, &data))
    return;
  look = data;
  self->is_busy = FALSE;
  if (look != NULL)
    {
      self->found = lks_cloud_deploy_look_ref (look);
      for (guint i = 0; i < look->images->len; i++)
        add_choice (self, g_ptr_array_index (look->images, i));
    }
  update (self);
}

static void
look (LksCloudDeployDialog *self)
{
  self->is_busy = TRUE;
  lks_cloud_dialog_run (LKS_CLOUD_DIALOG (self), lks_cloud_deploy_look_run,
                        lks_cloud_deploy_look_new (self->group), lks_cloud_deploy_look_unref,
                        looked_cb);
}

/* ---- doing it ---- */

typedef struct
{
  LksCloudScope *group; /* (owned) */
  char **image_ids;     /* (owned) */
} Deployment;

static void
deployment_free (gpointer data)
{
  Deployment *self = data;

  lks_cloud_scope_free (self->group);
  g_strfreev (self->image_ids);
  g_free (self);
}

static gboolean
deploy_in_thread (LksCloudClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  Deployment *deployment = data;
  g_autoptr (LksCloudResource) resource =
      lks_cloud_deployment_create (client, deployment->group,
                                   (const char *const *) deployment->image_ids, cancellable, error);

  return resource != NULL;
}

static void
deployed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksCloudDeployDialog) self = user_data;
  gpointer data;

  if (!lks_cloud_dialog_run_finish (LKS_CLOUD_DIALOG (self), result, self->error_note, &data))
    return;
  self->is_busy = FALSE;
  update (self);
  if (data != NULL)
    lks_cloud_dialog_done (LKS_CLOUD_DIALOG (self));
}

static void
deploy_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudDeployDialog *self = LKS_CLOUD_DEPLOY_DIALOG (widget);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  Deployment *deployment = g_new0 (Deployment, 1);

  for (guint i = 0; i < self->choices->len; i++)
    if (is_chosen (self, i))
      g_strv_builder_add (builder, get_choice (self, i)->image->image_id);
  deployment->group = lks_cloud_scope_copy (self->group);
  deployment->image_ids = g_strv_builder_end (builder);
  self->is_busy = TRUE;
  lks_error_note_set_error (self->error_note, NULL);
  lks_cloud_dialog_run (LKS_CLOUD_DIALOG (self), deploy_in_thread, deployment, deployment_free,
                        deployed_cb);
  update (self);
}

/* ---- the window ---- */

static gboolean
is_row_wanted (GtkListBoxRow *row, gpointer user_data)
{
  LksCloudDeployDialog *self = user_data;
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  const char *title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row));
  const char *subtitle = adw_action_row_get_subtitle (ADW_ACTION_ROW (row));
  g_autofree char *wanted = g_utf8_casefold (text, -1);
  g_autofree char *found = g_strconcat (title, "\n", subtitle, NULL);
  g_autofree char *folded = g_utf8_casefold (found, -1);

  return strstr (folded, wanted) != NULL;
}

static void
lks_cloud_deploy_dialog_finalize (GObject *object)
{
  LksCloudDeployDialog *self = LKS_CLOUD_DEPLOY_DIALOG (object);

  g_clear_pointer (&self->group, lks_cloud_scope_free);
  g_clear_pointer (&self->found, lks_cloud_deploy_look_unref);
  g_array_unref (self->choices);
  G_OBJECT_CLASS (lks_cloud_deploy_dialog_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cloud-deploy-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCloudDeployDialog, place_label);
  gtk_widget_class_bind_template_child (widget_class, LksCloudDeployDialog, search_entry);
  gtk_widget_class_bind_template_child (widget_class, LksCloudDeployDialog, list);
  gtk_widget_class_bind_template_child (widget_class, LksCloudDeployDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, LksCloudDeployDialog, twice_label);
  gtk_widget_class_bind_template_child (widget_class, LksCloudDeployDialog, role_label);
  gtk_widget_class_bind_template_child (widget_class, LksCloudDeployDialog, error_note);
  gtk_widget_class_bind_template_child (widget_class, LksCloudDeployDialog, spinner);
}

static void
lks_cloud_deploy_dialog_class_init (LksCloudDeployDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lks_cloud_deploy_dialog_finalize;

  g_type_ensure (LKS_TYPE_ERROR_NOTE);
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "deploy.do", NULL, deploy_action);
}

static void
lks_cloud_deploy_dialog_init (LksCloudDeployDialog *self)
{
  self->choices = g_array_new (FALSE, FALSE, sizeof (Choice));
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_filter_func (self->list, is_row_wanted, self, NULL);
  g_signal_connect_object (self->search_entry, "search-changed",
                           G_CALLBACK (gtk_list_box_invalidate_filter), self->list,
                           G_CONNECT_SWAPPED);
}

/**
 * lks_cloud_deploy_dialog_new:
 * @parent: (nullable): the window in front of which it is shown
 * @desk: where to work with the cloud
 * @group: a device group
 *
 * Creates the dialog, which asks for the images of the catalog and for what is deployed.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksCloudDeployDialog *
lks_cloud_deploy_dialog_new (GtkWindow *parent, LksCloudDesk *desk, const LksCloudScope *group)
{
  LksCloudDeployDialog *self =
      g_object_new (LKS_TYPE_CLOUD_DEPLOY_DIALOG, "transient-for", parent, NULL);
  g_autofree char *place = lks_cloud_scope_to_text (group);
  /* Translators: the names on the way to a device group */
  g_autofree char *text = g_strdup_printf (
      _ ("Every device of %s gets exactly the images that you choose, and loses its other "
         "applications, when it asks for updates next: after a start, and about once a day."),
      place);

  lks_cloud_dialog_set_desk (LKS_CLOUD_DIALOG (self), desk);
  lks_cloud_dialog_tell_role (LKS_CLOUD_DIALOG (self), self->role_label, LKS_CLOUD_ACTION_DEPLOY);
  self->group = lks_cloud_scope_copy (group);
  gtk_label_set_label (self->place_label, text);
  look (self);
  update (self);
  return self;
}
