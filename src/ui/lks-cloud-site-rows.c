/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-site-rows.h"

#include "lks-cloud-subscription.h"
#include "lks-error-note.h"

#include <glib/gi18n-lib.h>

struct _LksCloudSiteRows
{
  AdwBin parent_instance;

  AdwComboRow *subscription_row; /* template child */
  AdwComboRow *group_row;        /* template child */
  LksErrorNote *error_note;      /* template child */

  LksCloudDesk *desk;        /* (owned) (nullable) */
  GPtrArray *ids;            /* (owned) of the subscriptions, in the order of their row */
  GCancellable *cancellable; /* (owned) (nullable): of what was asked last */
};

G_DEFINE_FINAL_TYPE (LksCloudSiteRows, lks_cloud_site_rows, ADW_TYPE_BIN)

static guint changed_signal;

/* What one question to the cloud brings. */
typedef struct
{
  char *subscription; /* (owned) (nullable): whose groups are asked for */
  GPtrArray *ids;     /* (owned) */
  GPtrArray *titles;  /* (owned) */
} Answer;

static Answer *
answer_new (const char *subscription)
{
  Answer *self = g_new0 (Answer, 1);

  self->subscription = g_strdup (subscription);
  self->ids = g_ptr_array_new_with_free_func (g_free);
  self->titles = g_ptr_array_new_with_free_func (g_free);
  return self;
}

static void
answer_free (gpointer data)
{
  Answer *self = data;

  g_free (self->subscription);
  g_ptr_array_unref (self->ids);
  g_ptr_array_unref (self->titles);
  g_free (self);
}

static void
show_titles (AdwComboRow *row, GPtrArray *titles, const char *none)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  for (guint i = 0; i < titles->len; i++)
    gtk_string_list_append (list, g_ptr_array_index (titles, i));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), titles->len > 0 ? "" : none);
  adw_combo_row_set_model (row, G_LIST_MODEL (list));
}

static void
forget (LksCloudSiteRows *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
ask (LksCloudSiteRows *self, Answer *answer, LksCloudJobFunc func, GAsyncReadyCallback callback)
{
  forget (self);
  self->cancellable = g_cancellable_new ();
  lks_cloud_desk_run_async (self->desk, func, answer, answer_free, self->cancellable, callback,
                            g_object_ref (self));
}

/* ---- resource groups ---- */

static gboolean
take_group (LksCloudResource *resource, gpointer user_data, GError **error)
{
  g_ptr_array_add (user_data, g_strdup (((LksCloudResourceGroup *) resource)->title));
  return TRUE;
}

static gboolean
list_groups (LksCloudClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  Answer *answer = data;

  return lks_cloud_resource_group_list (client, answer->subscription, take_group, answer->titles,
                                        cancellable, error);
}

static void
groups_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksCloudSiteRows) self = user_data;
  g_autoptr (GError) error = NULL;
  const Answer *answer = lks_cloud_desk_run_finish (LKS_CLOUD_DESK (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  lks_error_note_set_error (self->error_note, error);
  if (answer != NULL)
    show_titles (self->group_row, answer->titles,
                 _ ("This account sees none here. Have one made in the Azure portal."));
  else
    adw_action_row_set_subtitle (ADW_ACTION_ROW (self->group_row), "");
  g_signal_emit (self, changed_signal, 0);
}

static void
subscription_changed_cb (LksCloudSiteRows *self)
{
  const char *subscription = lks_cloud_site_rows_get_subscription (self);

  if (self->desk == NULL)
    return;
  adw_combo_row_set_model (self->group_row, NULL);
  g_signal_emit (self, changed_signal, 0);
  if (subscription == NULL)
    return;
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->subscription_row), subscription);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->group_row), _ ("Asking the cloud…"));
  ask (self, answer_new (subscription), list_groups, groups_listed_cb);
}

static void
group_changed_cb (LksCloudSiteRows *self)
{
  g_signal_emit (self, changed_signal, 0);
}

/* ---- subscriptions ---- */

static gboolean
take_subscription (LksCloudResource *resource, gpointer user_data, GError **error)
{
  const LksCloudSubscription *subscription = (const LksCloudSubscription *) resource;
  Answer *answer = user_data;

  g_ptr_array_add (answer->ids, g_strdup (subscription->id));
  g_ptr_array_add (answer->titles,
                   g_strdup (subscription->title != NULL ? subscription->title : subscription->id));
  return TRUE;
}

static gboolean
list_subscriptions (LksCloudClient *client,
                    gpointer data,
                    GCancellable *cancellable,
                    GError **error)
{
  return lks_cloud_subscription_list (client, take_subscription, data, cancellable, error);
}

static void
subscriptions_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksCloudSiteRows) self = user_data;
  g_autoptr (GError) error = NULL;
  const Answer *answer = lks_cloud_desk_run_finish (LKS_CLOUD_DESK (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  lks_error_note_set_error (self->error_note, error);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->subscription_row), "");
  if (answer == NULL)
    return;
  for (guint i = 0; i < answer->ids->len; i++)
    g_ptr_array_add (self->ids, g_strdup (g_ptr_array_index (answer->ids, i)));
  show_titles (self->subscription_row, answer->titles, _ ("This account sees no subscription."));
}

/* ---- the widget ---- */

static void
lks_cloud_site_rows_dispose (GObject *object)
{
  LksCloudSiteRows *self = LKS_CLOUD_SITE_ROWS (object);

  forget (self);
  g_clear_object (&self->desk);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_CLOUD_SITE_ROWS);
  G_OBJECT_CLASS (lks_cloud_site_rows_parent_class)->dispose (object);
}

static void
lks_cloud_site_rows_finalize (GObject *object)
{
  g_ptr_array_unref (LKS_CLOUD_SITE_ROWS (object)->ids);
  G_OBJECT_CLASS (lks_cloud_site_rows_parent_class)->finalize (object);
}

static void
lks_cloud_site_rows_class_init (LksCloudSiteRowsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_cloud_site_rows_dispose;
  G_OBJECT_CLASS (klass)->finalize = lks_cloud_site_rows_finalize;

  changed_signal = g_signal_new ("changed", LKS_TYPE_CLOUD_SITE_ROWS, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (LKS_TYPE_ERROR_NOTE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cloud-site-rows.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCloudSiteRows, subscription_row);
  gtk_widget_class_bind_template_child (widget_class, LksCloudSiteRows, group_row);
  gtk_widget_class_bind_template_child (widget_class, LksCloudSiteRows, error_note);
  gtk_widget_class_bind_template_callback (widget_class, group_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, subscription_changed_cb);
}

static void
lks_cloud_site_rows_init (LksCloudSiteRows *self)
{
  self->ids = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_cloud_site_rows_set_desk:
 * @self: rows without a desk
 * @desk: where to work with the cloud
 *
 * Lists the subscriptions of whoever is signed in, and the resource groups of the chosen one.
 */
void
lks_cloud_site_rows_set_desk (LksCloudSiteRows *self, LksCloudDesk *desk)
{
  g_return_if_fail (LKS_IS_CLOUD_SITE_ROWS (self));
  g_return_if_fail (self->desk == NULL);

  self->desk = g_object_ref (desk);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->subscription_row), _ ("Asking the cloud…"));
  ask (self, answer_new (NULL), list_subscriptions, subscriptions_listed_cb);
}

/**
 * lks_cloud_site_rows_get_subscription:
 * @self: rows
 *
 * Returns: (transfer none) (nullable): ID of the chosen subscription
 */
const char *
lks_cloud_site_rows_get_subscription (LksCloudSiteRows *self)
{
  guint chosen = adw_combo_row_get_selected (self->subscription_row);

  return chosen < self->ids->len ? g_ptr_array_index (self->ids, chosen) : NULL;
}

/**
 * lks_cloud_site_rows_get_group:
 * @self: rows
 *
 * Returns: (transfer none) (nullable): name of the chosen resource group
 */
const char *
lks_cloud_site_rows_get_group (LksCloudSiteRows *self)
{
  GtkStringObject *chosen = adw_combo_row_get_selected_item (self->group_row);

  return chosen != NULL ? gtk_string_object_get_string (chosen) : NULL;
}
