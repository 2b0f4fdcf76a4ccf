/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-arrival-view.h"

#include "lks-attached.h"
#include "lks-capability.h"
#include "lks-cloud-arrival.h"
#include "lks-error-note.h"
#include "lks-service-row.h"
#include "lks-target-text.h"
#include "lks-widget.h"

#include <glib/gi18n-lib.h>

struct _LksCloudArrivalView
{
  AdwBin parent_instance;

  LksErrorNote *error_note; /* template child */
  GtkListBox *list;         /* template child */
  GtkWidget *image_box;     /* template child */
  GtkLabel *image_note;     /* template child */
  GtkListBox *image_list;   /* template child */

  LksCloudDesk *desk;        /* (owned) (nullable) */
  LksCloudScope *place;      /* (owned) (nullable): somewhere in its catalog */
  char *device_id;           /* (owned) (nullable) */
  LksAttached *attached;     /* (owned) */
  GCancellable *cancellable; /* (owned) */
};

G_DEFINE_FINAL_TYPE (LksCloudArrivalView, lks_cloud_arrival_view, ADW_TYPE_BIN)

typedef struct
{
  LksCloudScope *catalog; /* (owned) */
  char *device_id;        /* (owned) */
  LksCloudFlag is_development;
  LksArrival arrival;
} Why;

static void
why_free (gpointer data)
{
  Why *self = data;

  lks_cloud_scope_free (self->catalog);
  g_free (self->device_id);
  lks_arrival_clear (&self->arrival);
  g_free (self);
}

static gboolean
check_in_thread (LksCloudClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  Why *why = data;

  return lks_arrival_check (&why->arrival, client, why->catalog, why->device_id,
                            why->is_development, cancellable, error);
}

static const char *
get_question (LksArrivalTest test)
{
  switch (test)
    {
    case LKS_ARRIVAL_TEST_CLAIMED:
      return _ ("Does the catalog own the device?");
    case LKS_ARRIVAL_TEST_GROUP:
      return _ ("Is it in a device group?");
    case LKS_ARRIVAL_TEST_POLICY:
      return _ ("Does the group get updates of applications?");
    case LKS_ARRIVAL_TEST_DEPLOYMENT:
      return _ ("Is anything deployed to the group?");
    case LKS_ARRIVAL_TEST_CAPABILITY:
      return _ ("Is the board without a capability for development?");
    }
  return "";
}

static LksSign
get_sign (LksCloudFlag answer)
{
  switch (answer)
    {
    case LKS_CLOUD_FLAG_YES:
      return (LksSign){ "lks-pass-symbolic", _ ("Yes"), "", LKS_TONE_GOOD };
    case LKS_CLOUD_FLAG_NO:
      return (LksSign){ "lks-fail-symbolic", _ ("No"), "", LKS_TONE_BAD };
    case LKS_CLOUD_FLAG_UNKNOWN:
      break;
    }
  return (LksSign){ "lks-unknown-symbolic", _ ("Not known"), "", LKS_TONE_PLAIN };
}

static void
add_answer (LksCloudArrivalView *self, const LksArrival *arrival, LksArrivalTest test)
{
  LksCloudFlag answer = arrival->answers[test];
  const char *note = arrival->notes[test];
  g_autofree char *detail =
      note != NULL ? g_strjoin (" ", _ (note), arrival->subjects[test], NULL) : g_strdup ("");
  const char *advice = answer == LKS_CLOUD_FLAG_NO ? _ (lks_arrival_get_advice (test))
                       : answer == LKS_CLOUD_FLAG_UNKNOWN && test == LKS_ARRIVAL_TEST_CAPABILITY
                           ? _ ("Only the board itself knows: attach it and look at its status.")
                           : "";
  g_autofree char *text = lks_service_row_join ("\n", detail, advice, NULL);
  LksSign sign = get_sign (answer);

  gtk_list_box_append (self->list, lks_service_row_new (get_question (test), text, &sign));
}

static void
show_arrival (LksCloudArrivalView *self, const LksArrival *arrival)
{
  lks_widget_clear_list (self->list);
  for (int i = 0; i < LKS_ARRIVAL_N_TESTS; i++)
    add_answer (self, arrival, (LksArrivalTest) i);
  gtk_widget_set_visible (GTK_WIDGET (self->list), TRUE);
}

/* ---- what it shall have, and what it has ---- */

/* (nullable): what the board itself says, when it is attached */
static LksBoardStatus *
get_status (LksCloudArrivalView *self)
{
  LksBoard *board = lks_attached_get_board (self->attached, self->device_id);

  return board != NULL ? lks_board_get_status (board) : NULL;
}

static LksCloudFlag
read_development (LksCloudArrivalView *self)
{
  LksBoardStatus *status = get_status (self);

  if (status == NULL ||
      lks_board_status_get_fact (status, LKS_FACT_ID_CAPABILITIES).state != LKS_FACT_STATE_KNOWN)
    return LKS_CLOUD_FLAG_UNKNOWN;
  return lks_board_status_has_capability (status, LKS_CAPABILITY_APP_DEVELOPMENT)
             ? LKS_CLOUD_FLAG_YES
             : LKS_CLOUD_FLAG_NO;
}

/* @deployment: (nullable): NULL: nothing is deployed, or it is not known */
static void
show_images (LksCloudArrivalView *self, const LksCloudDeployment *deployment)
{
  LksBoardStatus *status = get_status (self);
  g_autoptr (GPtrArray) rows = NULL;

  lks_widget_clear_list (self->image_list);
  gtk_widget_set_visible (self->image_box, deployment != NULL);
  if (deployment == NULL)
    return;

  rows = lks_target_compare (deployment, status);
  for (guint i = 0; i < rows->len; i++)
    {
      const LksTargetRow *row = g_ptr_array_index (rows, i);

      gtk_list_box_append (self->image_list,
                           lks_service_row_new (row->title, row->detail, &row->sign));
    }
  gtk_label_set_label (self->image_note, status != NULL
                                             ? _ ("What the board has is what it said last.")
                                             : _ ("Attach the board to see what it has."));
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksCloudArrivalView) self = user_data;
  g_autoptr (GError) error = NULL;
  Why *why = lks_cloud_desk_run_finish (LKS_CLOUD_DESK (source), result, &error);

  if (self->desk == NULL)
    return;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "device.why", TRUE);
  lks_error_note_set_error (self->error_note, why != NULL ? why->arrival.error : error);
  if (why == NULL)
    return;
  show_arrival (self, &why->arrival);
  show_images (self, (const LksCloudDeployment *) why->arrival.deployment);
}

static void
why_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudArrivalView *self = LKS_CLOUD_ARRIVAL_VIEW (widget);
  Why *why = g_new0 (Why, 1);

  why->catalog = lks_cloud_scope_dup_catalog (self->place);
  why->device_id = g_strdup (self->device_id);
  why->is_development = read_development (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "device.why", FALSE);
  lks_cloud_desk_run_async (self->desk, check_in_thread, why, why_free, self->cancellable,
                            checked_cb, g_object_ref (self));
}

static void
lks_cloud_arrival_view_dispose (GObject *object)
{
  LksCloudArrivalView *self = LKS_CLOUD_ARRIVAL_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->desk);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_CLOUD_ARRIVAL_VIEW);
  G_OBJECT_CLASS (lks_cloud_arrival_view_parent_class)->dispose (object);
}

static void
lks_cloud_arrival_view_finalize (GObject *object)
{
  LksCloudArrivalView *self = LKS_CLOUD_ARRIVAL_VIEW (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->attached);
  g_clear_pointer (&self->place, lks_cloud_scope_free);
  g_free (self->device_id);
  G_OBJECT_CLASS (lks_cloud_arrival_view_parent_class)->finalize (object);
}

static void
lks_cloud_arrival_view_class_init (LksCloudArrivalViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_cloud_arrival_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = lks_cloud_arrival_view_finalize;

  g_type_ensure (LKS_TYPE_ERROR_NOTE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cloud-arrival-view.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCloudArrivalView, error_note);
  gtk_widget_class_bind_template_child (widget_class, LksCloudArrivalView, list);
  gtk_widget_class_bind_template_child (widget_class, LksCloudArrivalView, image_box);
  gtk_widget_class_bind_template_child (widget_class, LksCloudArrivalView, image_note);
  gtk_widget_class_bind_template_child (widget_class, LksCloudArrivalView, image_list);
  gtk_widget_class_install_action (widget_class, "device.why", NULL, why_action);
}

static void
lks_cloud_arrival_view_init (LksCloudArrivalView *self)
{
  self->cancellable = g_cancellable_new ();
  self->attached = lks_attached_ref_default ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_cloud_arrival_view_set_device:
 * @self: a view without a device
 * @desk: where to work with the cloud
 * @place: where the device is, or was: its catalog is what counts
 * @device_id: which one, 128 digits
 *
 * Tells what the view is about; to be called once. The cloud is asked when the person wants it.
 */
void
lks_cloud_arrival_view_set_device (LksCloudArrivalView *self,
                                   LksCloudDesk *desk,
                                   const LksCloudScope *place,
                                   const char *device_id)
{
  g_return_if_fail (LKS_IS_CLOUD_ARRIVAL_VIEW (self));
  g_return_if_fail (self->desk == NULL);

  self->desk = g_object_ref (desk);
  self->place = lks_cloud_scope_copy (place);
  self->device_id = g_strdup (device_id);
}
