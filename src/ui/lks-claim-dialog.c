/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-claim-dialog.h"

#include "lks-cloud-claim.h"
#include "lks-cloud-device.h"
#include "lks-cloud-error.h"
#include "lks-device-csv.h"
#include "lks-device-field.h"
#include "lks-error-note.h"
#include "lks-error-text.h"
#include "lks-file-opener.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ID_SHOWN 20

struct _LksClaimDialog
{
  LksCloudDialog parent_instance;

  GtkStack *stack;          /* template child */
  LksDeviceField *devices;  /* template child */
  GtkLabel *warning_label;  /* template child */
  AdwEntryRow *name_row;    /* template child */
  GtkLabel *role_label;     /* template child */
  GtkLabel *summary;        /* template child */
  GtkListView *result_view; /* template child */
  LksErrorNote *error_note; /* template child */
  GtkWidget *go_on_button;  /* template child */
  GtkSpinner *spinner;      /* template child */

  LksCloudScope *group;   /* (owned) */
  GtkStringList *results; /* (owned) */
  guint n_done;           /* are in the catalog */
  guint n_failed;
};

G_DEFINE_FINAL_TYPE (LksClaimDialog, lks_claim_dialog, LKS_TYPE_CLOUD_DIALOG)

static gboolean
is_confirmed (LksClaimDialog *self)
{
  return g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (self->name_row)), self->group->catalog) ==
         0;
}

static void
update_claim_action (LksClaimDialog *self)
{
  GPtrArray *rows = lks_device_field_get_rows (self->devices);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "claim.claim",
                                 rows != NULL && rows->len > 0 && is_confirmed (self));
}

/* ---- claiming ---- */

typedef struct
{
  LksClaimDialog *dialog; /* (owned) */
  LksCloudScope *group;   /* (owned) */
  GPtrArray *ids;         /* (owned) (element-type utf8) */
} Claim;

static void
claim_free (gpointer data)
{
  Claim *self = data;

  g_object_unref (self->dialog);
  lks_cloud_scope_free (self->group);
  g_ptr_array_unref (self->ids);
  g_free (self);
}

/* What became of one, on its way to the main thread. */
typedef struct
{
  LksClaimDialog *dialog; /* (owned) */
  char *text;             /* (owned) */
  gboolean is_done;
} Outcome;

static void
outcome_free (gpointer data)
{
  Outcome *self = data;

  g_object_unref (self->dialog);
  g_free (self->text);
  g_free (self);
}

static gboolean
outcome_cb (gpointer user_data)
{
  Outcome *outcome = user_data;
  LksClaimDialog *self = outcome->dialog;

  if (lks_cloud_dialog_is_gone (LKS_CLOUD_DIALOG (self)))
    return G_SOURCE_REMOVE;
  gtk_string_list_append (self->results, outcome->text);
  if (outcome->is_done)
    self->n_done++;
  else
    self->n_failed++;
  return G_SOURCE_REMOVE;
}

static char *
describe (const LksCloudClaimResult *result)
{
  const char *id = result->device_id + strlen (result->device_id) - ID_SHOWN;
  g_autofree char *problem = NULL;

  if (result->was_there)
    /* Translators: the end of a device ID, a product and a device group */
    return g_strdup_printf (_ ("…%s: was in the catalog already, in %s › %s"), id,
                            result->place->product, result->place->group);
  if (result->place != NULL)
    /* Translators: the end of a device ID, a product and a device group */
    return g_strdup_printf (_ ("…%s: claimed, into %s › %s"), id, result->place->product,
                            result->place->group);
  problem = lks_error_to_text (result->error);
  if (g_error_matches (result->error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_STILL_RUNNING))
    return g_strdup_printf (_ ("…%s: not seen in the catalog yet. %s"), id, problem);
  return g_strdup_printf (_ ("…%s: not claimed. %s"), id, problem);
}

static gboolean
take_result (const LksCloudClaimResult *result, gpointer user_data, GError **error)
{
  Claim *claim = user_data;
  Outcome *outcome = g_new0 (Outcome, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  outcome->dialog = g_object_ref (claim->dialog);
  outcome->text = describe (result);
  outcome->is_done = result->place != NULL;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, outcome_cb, outcome, outcome_free);
  g_source_attach (source, NULL);
  return TRUE;
}

static gboolean
claim_in_thread (LksCloudClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  Claim *claim = data;
  g_autoptr (LksCloudScope) catalog = lks_cloud_scope_dup_catalog (claim->group);
  g_autoptr (GHashTable) places =
      lks_cloud_device_locate (client, catalog, claim->ids, cancellable, error);

  return places != NULL && lks_cloud_claim (client, claim->group, claim->ids, places, take_result,
                                            claim, cancellable, error);
}

static void
claimed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksClaimDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *summary = NULL;

  lks_cloud_desk_run_finish (LKS_CLOUD_DESK (source), result, &error);
  if (lks_cloud_dialog_is_gone (LKS_CLOUD_DIALOG (self)))
    return;
  gtk_spinner_stop (self->spinner);
  lks_error_note_set_error (self->error_note, error);
  gtk_widget_set_visible (self->go_on_button, error != NULL || self->n_failed > 0);
  /* Translators: how many devices */
  summary = g_strdup_printf (_ ("In the catalog: %u. Not: %u."), self->n_done,
                             lks_device_field_get_rows (self->devices)->len - self->n_done);
  gtk_label_set_label (self->summary, summary);
}

/* Also after an interruption: what was done before is found. */
static void
begin (LksClaimDialog *self)
{
  GPtrArray *rows = lks_device_field_get_rows (self->devices);
  Claim *claim = g_new0 (Claim, 1);

  claim->dialog = g_object_ref (self);
  claim->group = lks_cloud_scope_copy (self->group);
  claim->ids = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (claim->ids,
                     g_strdup (((LksDeviceRow *) g_ptr_array_index (rows, i))->device_id));
  self->n_done = self->n_failed = 0;
  gtk_string_list_splice (self->results, 0, g_list_model_get_n_items (G_LIST_MODEL (self->results)),
                          NULL);
  gtk_label_set_label (self->summary, _ ("Claiming…"));
  lks_error_note_set_error (self->error_note, NULL);
  gtk_widget_set_visible (self->go_on_button, FALSE);
  gtk_spinner_start (self->spinner);
  gtk_stack_set_visible_child_name (self->stack, "results");
  lks_cloud_dialog_run (LKS_CLOUD_DIALOG (self), claim_in_thread, claim, claim_free, claimed_cb);
}

static void
claim_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksClaimDialog *self = LKS_CLAIM_DIALOG (widget);

  if (lks_device_field_get_rows (self->devices) != NULL && is_confirmed (self))
    begin (self);
}

static void
go_on_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  begin (LKS_CLAIM_DIALOG (widget));
}

/* ---- the window ---- */

static void
set_up_row_cb (LksClaimDialog *self, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_list_item_set_child (item, label);
}

static void
bind_row_cb (LksClaimDialog *self, GtkListItem *item)
{
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

static void
lks_claim_dialog_finalize (GObject *object)
{
  LksClaimDialog *self = LKS_CLAIM_DIALOG (object);

  g_clear_object (&self->results);
  g_clear_pointer (&self->group, lks_cloud_scope_free);
  G_OBJECT_CLASS (lks_claim_dialog_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (LKS_TYPE_DEVICE_FIELD);
  g_type_ensure (LKS_TYPE_ERROR_NOTE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-claim-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksClaimDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, LksClaimDialog, devices);
  gtk_widget_class_bind_template_child (widget_class, LksClaimDialog, warning_label);
  gtk_widget_class_bind_template_child (widget_class, LksClaimDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, LksClaimDialog, role_label);
  gtk_widget_class_bind_template_child (widget_class, LksClaimDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, LksClaimDialog, result_view);
  gtk_widget_class_bind_template_child (widget_class, LksClaimDialog, error_note);
  gtk_widget_class_bind_template_child (widget_class, LksClaimDialog, go_on_button);
  gtk_widget_class_bind_template_child (widget_class, LksClaimDialog, spinner);
  gtk_widget_class_bind_template_callback (widget_class, bind_row_cb);
  gtk_widget_class_bind_template_callback (widget_class, set_up_row_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_claim_action);
}

static void
lks_claim_dialog_class_init (LksClaimDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lks_claim_dialog_finalize;
  bind_template (widget_class);

  gtk_widget_class_install_action (widget_class, "claim.claim", NULL, claim_action);
  gtk_widget_class_install_action (widget_class, "claim.go-on", NULL, go_on_action);
}

static void
lks_claim_dialog_init (LksClaimDialog *self)
{
  g_autoptr (GtkNoSelection) selection = NULL;

  self->results = gtk_string_list_new (NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->results)));
  gtk_list_view_set_model (self->result_view, GTK_SELECTION_MODEL (selection));
}

static void
warn (LksClaimDialog *self)
{
  g_autoptr (LksCloudScope) catalog = lks_cloud_scope_dup_catalog (self->group);
  g_autofree char *id = lks_cloud_scope_dup_id (catalog);
  /* Translators: the name of a catalog, its product and device group, and its ID */
  g_autofree char *text = g_strdup_printf (
      _ ("A claim is for ever: a device can never leave the catalog again. These devices go into "
         "the catalog %s, into %s › %s:\n%s"),
      self->group->catalog, self->group->product, self->group->group, id);

  gtk_label_set_label (self->warning_label, text);
}

/**
 * lks_claim_dialog_new:
 * @parent: (nullable): the window in front of which it is shown
 * @desk: where to work with the cloud
 * @group: the device group into which devices shall go
 *
 * Creates the dialog.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksClaimDialog *
lks_claim_dialog_new (GtkWindow *parent, LksCloudDesk *desk, const LksCloudScope *group)
{
  LksClaimDialog *self = g_object_new (LKS_TYPE_CLAIM_DIALOG, "transient-for", parent, NULL);

  lks_cloud_dialog_set_desk (LKS_CLOUD_DIALOG (self), desk);
  lks_cloud_dialog_tell_role (LKS_CLOUD_DIALOG (self), self->role_label, LKS_CLOUD_ACTION_CLAIM);
  self->group = lks_cloud_scope_copy (group);
  warn (self);
  update_claim_action (self);
  return self;
}
