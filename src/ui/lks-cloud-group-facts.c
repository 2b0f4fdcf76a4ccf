/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-group-facts.h"

#include "lks-cloud-group-form.h"
#include "lks-error-note.h"

#include <glib/gi18n-lib.h>

struct _LksCloudGroupFacts
{
  AdwBin parent_instance;

  AdwPreferencesGroup *group; /* template child */
  AdwActionRow *policy_row;   /* template child */
  AdwActionRow *feed_row;     /* template child */
  LksErrorNote *error_note;   /* template child */

  GCancellable *cancellable; /* (owned) (nullable): of what was asked last */
};

G_DEFINE_FINAL_TYPE (LksCloudGroupFacts, lks_cloud_group_facts, ADW_TYPE_BIN)

typedef struct
{
  LksCloudScope *place;    /* (owned) */
  LksCloudResource *group; /* (owned) (nullable) */
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  lks_cloud_scope_free (self->place);
  g_clear_pointer (&self->group, lks_cloud_resource_unref);
  g_free (self);
}

static gboolean
ask_in_thread (LksCloudClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  Question *question = data;

  question->group =
      lks_cloud_resource_get (client, &lks_cloud_group_kind, question->place, cancellable, error);
  return question->group != NULL;
}

static void
show_rows (LksCloudGroupFacts *self, gboolean are_there)
{
  gtk_widget_set_visible (GTK_WIDGET (self->policy_row), are_there);
  gtk_widget_set_visible (GTK_WIDGET (self->feed_row), are_there);
}

static void
show_setting (AdwActionRow *row, const char *member, const char *value)
{
  const char *meaning;
  const char *title = lks_cloud_group_form_get_words (member, value, &meaning);
  g_autofree char *text =
      meaning != NULL ? g_strdup_printf ("%s\n%s", title, meaning) : g_strdup (title);

  adw_action_row_set_subtitle (row, text);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksCloudGroupFacts) self = user_data;
  g_autoptr (GError) error = NULL;
  const Question *question = lks_cloud_desk_run_finish (LKS_CLOUD_DESK (source), result, &error);
  const LksCloudGroup *group;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  lks_error_note_set_error (self->error_note, error);
  show_rows (self, question != NULL);
  if (question == NULL)
    return;
  group = (const LksCloudGroup *) question->group;
  show_setting (self->policy_row, "updatePolicy", group->update_policy);
  show_setting (self->feed_row, "osFeedType", group->os_feed);
}

static void
forget (LksCloudGroupFacts *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/**
 * lks_cloud_group_facts_show:
 * @self: the facts
 * @desk: where to work with the cloud
 * @device: where the device is
 *
 * Asks the cloud about the device's group and shows the answer, in place of that about another one.
 */
void
lks_cloud_group_facts_show (LksCloudGroupFacts *self,
                            LksCloudDesk *desk,
                            const LksCloudScope *device)
{
  Question *question;
  g_autofree char *name = NULL;

  g_return_if_fail (LKS_IS_CLOUD_GROUP_FACTS (self));

  forget (self);
  lks_error_note_set_error (self->error_note, NULL);
  if (!lks_cloud_scope_is_assigned (device))
    {
      show_rows (self, FALSE);
      adw_preferences_group_set_description (
          self->group, _ ("The device is in no device group: nothing is deployed to it."));
      return;
    }

  /* Translators: a product and a device group */
  name = g_strdup_printf (_ ("%s › %s"), device->product, device->group);
  adw_preferences_group_set_description (self->group, name);
  show_rows (self, TRUE);
  adw_action_row_set_subtitle (self->policy_row, _ ("Asking the cloud…"));
  adw_action_row_set_subtitle (self->feed_row, _ ("Asking the cloud…"));
  question = g_new0 (Question, 1);
  question->place = lks_cloud_scope_dup_group (device, device->product, device->group);
  self->cancellable = g_cancellable_new ();
  lks_cloud_desk_run_async (desk, ask_in_thread, question, question_free, self->cancellable,
                            answered_cb, g_object_ref (self));
}

/* ---- the widget ---- */

static void
lks_cloud_group_facts_dispose (GObject *object)
{
  LksCloudGroupFacts *self = LKS_CLOUD_GROUP_FACTS (object);

  forget (self);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_CLOUD_GROUP_FACTS);
  G_OBJECT_CLASS (lks_cloud_group_facts_parent_class)->dispose (object);
}

static void
lks_cloud_group_facts_class_init (LksCloudGroupFactsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_cloud_group_facts_dispose;

  g_type_ensure (LKS_TYPE_ERROR_NOTE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cloud-group-facts.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCloudGroupFacts, group);
  gtk_widget_class_bind_template_child (widget_class, LksCloudGroupFacts, policy_row);
  gtk_widget_class_bind_template_child (widget_class, LksCloudGroupFacts, feed_row);
  gtk_widget_class_bind_template_child (widget_class, LksCloudGroupFacts, error_note);
}

static void
lks_cloud_group_facts_init (LksCloudGroupFacts *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
