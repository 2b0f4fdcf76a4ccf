/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-count.h"

#include "lks-cloud-resource.h"
#include "lks-error-text.h"

#include <glib/gi18n-lib.h>

struct _LksCloudCount
{
  AdwBin parent_instance;

  GtkLabel *label;           /* (unowned): the child */
  GCancellable *cancellable; /* (owned) (nullable): of what was asked last */
};

G_DEFINE_FINAL_TYPE (LksCloudCount, lks_cloud_count, ADW_TYPE_BIN)

typedef struct
{
  LksCloudScope *place; /* (owned) */
  gint64 n_devices;
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  lks_cloud_scope_free (self->place);
  g_free (self);
}

static gboolean
count_in_thread (LksCloudClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  Question *question = data;

  return lks_cloud_resource_count_devices (client, question->place, &question->n_devices,
                                           cancellable, error);
}

static char *
describe (const Question *question)
{
  const LksCloudScope *place = question->place;
  guint n = (guint) question->n_devices; /* the service's count is an int32 */

  if (place->group != NULL)
    return g_strdup_printf (ngettext ("%u device in this group", "%u devices in this group", n), n);
  if (place->product != NULL)
    return g_strdup_printf (ngettext ("%u device of this product", "%u devices of this product", n),
                            n);
  return g_strdup_printf (ngettext ("%u device belongs to this catalog",
                                    "%u devices belong to this catalog", n),
                          n);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksCloudCount) self = user_data;
  g_autoptr (GError) error = NULL;
  const Question *question = lks_cloud_desk_run_finish (LKS_CLOUD_DESK (source), result, &error);
  g_autofree char *sentence = NULL;
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (question != NULL)
    text = describe (question);
  else
    {
      sentence = lks_error_to_sentence (error);
      /* Translators: why devices could not be counted */
      text = g_strdup_printf (_ ("Devices could not be counted. %s"), sentence);
    }
  gtk_label_set_label (self->label, text);
}

static void
forget (LksCloudCount *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/**
 * lks_cloud_count_show:
 * @self: a count
 * @desk: where to work with the cloud
 * @place: (nullable): a catalog, a product or a device group; NULL for the whole cloud
 *
 * Lets the cloud count, which is one call that its limits take for a write. What was counted before
 * stays until the answer is there.
 */
void
lks_cloud_count_show (LksCloudCount *self, LksCloudDesk *desk, const LksCloudScope *place)
{
  gboolean can_count =
      place != NULL && (place->group == NULL || lks_cloud_scope_is_assigned (place));
  Question *question;

  g_return_if_fail (LKS_IS_CLOUD_COUNT (self));

  forget (self);
  gtk_widget_set_visible (GTK_WIDGET (self), can_count);
  if (!can_count)
    return;
  if (gtk_label_get_label (self->label)[0] == '\0')
    gtk_label_set_label (self->label, _ ("Counting devices…"));
  question = g_new0 (Question, 1);
  question->place = lks_cloud_scope_copy (place);
  self->cancellable = g_cancellable_new ();
  lks_cloud_desk_run_async (desk, count_in_thread, question, question_free, self->cancellable,
                            counted_cb, g_object_ref (self));
}

static void
lks_cloud_count_dispose (GObject *object)
{
  forget (LKS_CLOUD_COUNT (object));
  G_OBJECT_CLASS (lks_cloud_count_parent_class)->dispose (object);
}

static void
lks_cloud_count_class_init (LksCloudCountClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lks_cloud_count_dispose;
}

static void
lks_cloud_count_init (LksCloudCount *self)
{
  self->label = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS,
                              "xalign", 0.0f, "wrap", TRUE, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "dim-label");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->label));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
