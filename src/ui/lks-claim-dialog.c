/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-claim-dialog.h"

#include "lks-claim-plan.h"
#include "lks-cloud-claim.h"
#include "lks-cloud-device.h"
#include "lks-cloud-error.h"
#include "lks-device-field.h"
#include "lks-error-note.h"
#include "lks-error-text.h"
#include "lks-send.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ID_SHOWN 20

/* More devices are planned by a thread, and not shown one by one before they are claimed. */
#define TARGETS_SHOWN_MAX 1000

/* What became of a device. */
typedef enum
{
  FATE_THERE,
  FATE_NOT,
  FATE_UNKNOWN,
  N_FATES,
} FateKind;

typedef struct
{
  FateKind kind;
  char *text; /* (owned) */
  guint pass; /* in which it was told */
} Fate;

struct _LksClaimDialog
{
  LksCloudDialog parent_instance;

  GtkStack *stack;          /* template child */
  LksDeviceField *devices;  /* template child */
  GtkLabel *plan_label;     /* template child */
  GtkWidget *target_frame;  /* template child */
  GtkListView *target_view; /* template child */
  GtkLabel *warning_label;  /* template child */
  AdwEntryRow *name_row;    /* template child */
  GtkLabel *role_label;     /* template child */
  GtkLabel *summary;        /* template child */
  GtkListView *result_view; /* template child */
  LksErrorNote *error_note; /* template child */
  GtkWidget *go_on_button;  /* template child */
  GtkSpinner *spinner;      /* template child */

  LksCloudScope *scope;         /* (owned): a device group, or the catalog for it alone */
  GPtrArray *targets;           /* (owned) (nullable): what is in the field, and may be claimed */
  GtkStringList *target_places; /* (owned): a line for each of the first devices of @targets */
  GCancellable *planning;       /* (owned) (nullable): while @targets are found */

  GPtrArray *begun;       /* (owned) (nullable): what was confirmed */
  GtkStringList *results; /* (owned) */
  GHashTable *fates;      /* (owned): device ID → Fate, as it was told last */
  guint pass;             /* from 1: how often it was begun, or gone on with */
};

G_DEFINE_FINAL_TYPE (LksClaimDialog, lks_claim_dialog, LKS_TYPE_CLOUD_DIALOG)

static void
fate_free (gpointer data)
{
  Fate *self = data;

  g_free (self->text);
  g_free (self);
}

static const char *
shorten (const char *device_id)
{
  return device_id + strlen (device_id) - ID_SHOWN;
}

static gboolean
is_none (const char *product)
{
  return product == NULL || lks_cloud_name_is_unassigned (product);
}

static char *
describe_place (const char *product, const char *group)
{
  if (is_none (product))
    return g_strdup (_ ("no device group"));
  /* Translators: a product and a device group in it */
  return g_strdup_printf (_ ("%s › %s"), product, group);
}

/* ---- what shall be claimed ---- */

static gboolean
is_confirmed (LksClaimDialog *self)
{
  return g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (self->name_row)), self->scope->catalog) ==
         0;
}

static void
update_claim_action (LksClaimDialog *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "claim.claim",
                                 self->targets != NULL && is_confirmed (self));
}

static void
show_target (GPtrArray *lines, const LksClaimTarget *target)
{
  g_autofree char *place = describe_place (target->product, target->group);

  for (guint i = 0; i < target->ids->len && lines->len < TARGETS_SHOWN_MAX; i++)
    /* Translators: the end of a device ID, and where the device will be */
    g_ptr_array_add (lines, g_strdup_printf (_ ("…%s → %s"),
                                             shorten (g_ptr_array_index (target->ids, i)), place));
}

static void
show_targets (LksClaimDialog *self)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_null_terminated (0, g_free, TRUE);
  guint n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->target_places));
  guint n_devices = 0;

  for (guint i = 0; self->targets != NULL && i < self->targets->len; i++)
    {
      const LksClaimTarget *target = g_ptr_array_index (self->targets, i);

      n_devices += target->ids->len;
      show_target (lines, target);
    }
  if (n_devices > lines->len)
    g_ptr_array_add (lines, g_strdup_printf (_ ("… and %u more"), n_devices - lines->len));
  gtk_string_list_splice (self->target_places, 0, n_shown, (const char *const *) lines->pdata);
  gtk_widget_set_visible (self->target_frame, lines->len > 0);
}

static void
set_targets (LksClaimDialog *self, GPtrArray *targets, const GError *error)
{
  g_autofree char *problem = lks_error_to_text (error);

  g_clear_pointer (&self->targets, g_ptr_array_unref);
  self->targets = targets != NULL ? g_ptr_array_ref (targets) : NULL;
  gtk_label_set_label (self->plan_label, problem);
  gtk_widget_set_visible (GTK_WIDGET (self->plan_label), error != NULL);
  show_targets (self);
  update_claim_action (self);
}

static void
planned_cb (GObject *source, GAsyncResult *result, gpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) targets = lks_claim_plan_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* there are other devices in the field, or the dialog is gone */
  set_targets (LKS_CLAIM_DIALOG (source), targets, error);
}

static void
stop_planning (LksClaimDialog *self)
{
  g_cancellable_cancel (self->planning);
  g_clear_object (&self->planning);
}

/* A list may say where each device shall go; the others go where the dialog was opened. */
static void
devices_changed_cb (LksClaimDialog *self)
{
  GPtrArray *rows = lks_device_field_get_rows (self->devices);
  const gboolean is_long = rows != NULL && rows->len > TARGETS_SHOWN_MAX;
  const gboolean is_alone = is_none (self->scope->product);
  const char *product = is_alone ? NULL : self->scope->product;
  const char *group = is_alone ? NULL : self->scope->group;
  g_autoptr (GPtrArray) targets = NULL;
  g_autoptr (GError) error = NULL;

  stop_planning (self);
  if (rows != NULL && !is_long)
    targets = lks_claim_plan (rows, product, group, &error);
  set_targets (self, targets, error);
  if (!is_long)
    return;

  self->planning = g_cancellable_new ();
  lks_claim_plan_async (self, rows, product, group, self->planning, planned_cb, NULL);
}

/* ---- claiming ---- */

typedef struct
{
  LksClaimDialog *dialog; /* (owned) */
  LksCloudScope *catalog; /* (owned) */
  GPtrArray *targets;     /* (owned) (element-type LksClaimTarget) */
} Claim;

static void
claim_free (gpointer data)
{
  Claim *self = data;

  g_object_unref (self->dialog);
  lks_cloud_scope_free (self->catalog);
  g_ptr_array_unref (self->targets);
  g_free (self);
}

/* What became of one, on its way to the main thread. */
typedef struct
{
  LksClaimDialog *dialog; /* (owned) */
  char *id;               /* (owned) */
  Fate *fate;             /* (owned) (nullable): NULL once the dialog has it */
} Outcome;

static void
outcome_free (gpointer data)
{
  Outcome *self = data;

  g_object_unref (self->dialog);
  g_free (self->id);
  g_clear_pointer (&self->fate, fate_free);
  g_free (self);
}

static gboolean
outcome_cb (gpointer user_data)
{
  Outcome *outcome = user_data;
  LksClaimDialog *self = outcome->dialog;

  if (lks_cloud_dialog_is_gone (LKS_CLOUD_DIALOG (self)))
    return G_SOURCE_REMOVE;
  gtk_string_list_append (self->results, outcome->fate->text);
  outcome->fate->pass = self->pass;
  g_hash_table_insert (self->fates, g_strdup (outcome->id), g_steal_pointer (&outcome->fate));
  return G_SOURCE_REMOVE;
}

static char *
describe_unknown (const char *device_id)
{
  return g_strdup_printf (
      /* Translators: the end of a device ID */
      _ ("…%s: not known. The cloud may have claimed it. Go on with those that are missing: its "
         "state is found first."),
      shorten (device_id));
}

static char *
describe_missing (const LksCloudClaimResult *result)
{
  g_autofree char *problem = lks_error_to_text (result->error);
  g_autofree char *unknown = describe_unknown (result->device_id);

  if (g_error_matches (result->error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_STILL_RUNNING))
    return g_strdup_printf (_ ("…%s: not seen in the catalog yet. %s"), shorten (result->device_id),
                            problem);
  if (!result->is_unknown)
    return g_strdup_printf (_ ("…%s: not claimed. %s"), shorten (result->device_id), problem);
  /* What ends everything is told once, above. */
  return lks_cloud_error_concerns_all (result->error) ? g_steal_pointer (&unknown)
                                                      : g_strdup_printf ("%s %s", unknown, problem);
}

static char *
describe (const LksCloudClaimResult *result)
{
  g_autofree char *place = NULL;

  if (result->place == NULL)
    return describe_missing (result);
  place = describe_place (result->place->product, result->place->group);
  if (result->was_there)
    /* Translators: the end of a device ID, and where the device is */
    return g_strdup_printf (_ ("…%s: was in the catalog already, in %s"),
                            shorten (result->device_id), place);
  /* Translators: the end of a device ID, and where the device is now */
  return g_strdup_printf (_ ("…%s: claimed, into %s"), shorten (result->device_id), place);
}

static gboolean
take_result (const LksCloudClaimResult *result, gpointer user_data, GError **error)
{
  Claim *claim = user_data;
  Outcome *outcome = g_new0 (Outcome, 1);

  outcome->dialog = g_object_ref (claim->dialog);
  outcome->id = g_strdup (result->device_id);
  outcome->fate = g_new0 (Fate, 1);
  outcome->fate->text = describe (result);
  outcome->fate->kind = result->place != NULL ? FATE_THERE
                        : result->is_unknown  ? FATE_UNKNOWN
                                              : FATE_NOT;
  lks_send (NULL, outcome_cb, outcome, outcome_free);
  return TRUE;
}

static GPtrArray *
list_ids (GPtrArray *targets)
{
  GPtrArray *ids = g_ptr_array_new ();

  for (guint i = 0; i < targets->len; i++)
    g_ptr_array_extend (ids, ((LksClaimTarget *) g_ptr_array_index (targets, i))->ids, NULL, NULL);
  return ids;
}

static gboolean
claim_in_thread (LksCloudClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  Claim *claim = data;
  g_autoptr (GPtrArray) ids = list_ids (claim->targets);
  g_autoptr (GHashTable) places =
      lks_cloud_device_locate (client, claim->catalog, ids, cancellable, error);

  if (places == NULL)
    return FALSE;
  for (guint i = 0; i < claim->targets->len; i++)
    {
      const LksClaimTarget *target = g_ptr_array_index (claim->targets, i);
      g_autoptr (LksCloudScope) group =
          lks_cloud_scope_dup_group (claim->catalog, target->product, target->group);

      if (!lks_cloud_claim (client, group, target->ids, places, take_result, claim, cancellable,
                            error))
        return FALSE;
    }
  return TRUE;
}

/* What was told before and was not reached this time is still true, as far as anybody knows. */
static void
recall (LksClaimDialog *self, GPtrArray *ids)
{
  for (guint i = 0; i < ids->len; i++)
    {
      const Fate *fate = g_hash_table_lookup (self->fates, g_ptr_array_index (ids, i));

      if (fate != NULL && fate->pass < self->pass)
        gtk_string_list_append (self->results, fate->text);
    }
}

static void
count_fates (LksClaimDialog *self, guint counts[N_FATES])
{
  GHashTableIter iter;
  gpointer fate;

  memset (counts, 0, N_FATES * sizeof counts[0]);
  g_hash_table_iter_init (&iter, self->fates);
  while (g_hash_table_iter_next (&iter, NULL, &fate))
    counts[((const Fate *) fate)->kind]++;
}

static char *
summarize (const guint counts[N_FATES], guint n_all)
{
  guint n_left = n_all - counts[FATE_THERE] - counts[FATE_NOT] - counts[FATE_UNKNOWN];

  if (counts[FATE_UNKNOWN] == 0 && n_left == 0)
    /* Translators: how many devices */
    return g_strdup_printf (_ ("In the catalog: %u. Not: %u."), counts[FATE_THERE],
                            counts[FATE_NOT]);
  /* Translators: how many devices; not reached are those that nothing was done with */
  return g_strdup_printf (_ ("In the catalog: %u. Not: %u. Not known: %u. Not reached: %u."),
                          counts[FATE_THERE], counts[FATE_NOT], counts[FATE_UNKNOWN], n_left);
}

static void
claimed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksClaimDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ids = NULL;
  g_autofree char *summary = NULL;
  guint counts[N_FATES];

  lks_cloud_desk_run_finish (LKS_CLOUD_DESK (source), result, &error);
  if (lks_cloud_dialog_is_gone (LKS_CLOUD_DIALOG (self)))
    return;
  ids = list_ids (self->begun);
  recall (self, ids);
  count_fates (self, counts);
  gtk_spinner_stop (self->spinner);
  lks_error_note_set_error (self->error_note, error);
  gtk_widget_set_visible (self->go_on_button, error != NULL || counts[FATE_THERE] < ids->len);
  summary = summarize (counts, ids->len);
  gtk_label_set_label (self->summary, summary);
}

/* Also after an interruption: what was done before is found. */
static void
begin (LksClaimDialog *self)
{
  Claim *claim = g_new0 (Claim, 1);

  claim->dialog = g_object_ref (self);
  claim->catalog = lks_cloud_scope_dup_catalog (self->scope);
  claim->targets = g_ptr_array_ref (self->begun);
  self->pass++;
  gtk_string_list_splice (self->results, 0, g_list_model_get_n_items (G_LIST_MODEL (self->results)),
                          NULL);
  gtk_label_set_label (self->summary, _ ("Claiming…"));
  lks_error_note_set_error (self->error_note, NULL);
  gtk_widget_set_visible (self->go_on_button, FALSE);
  gtk_spinner_start (self->spinner);
  gtk_stack_set_visible_child_name (self->stack, "results");
  lks_cloud_dialog_run (LKS_CLOUD_DIALOG (self), claim_in_thread, claim, claim_free, claimed_cb);
}

/* What the field may become later, such as by a list that is still read, was not confirmed. */
static void
claim_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksClaimDialog *self = LKS_CLAIM_DIALOG (widget);

  if (self->targets == NULL || self->begun != NULL || !is_confirmed (self))
    return;
  self->begun = g_ptr_array_ref (self->targets);
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
lks_claim_dialog_dispose (GObject *object)
{
  stop_planning (LKS_CLAIM_DIALOG (object));
  G_OBJECT_CLASS (lks_claim_dialog_parent_class)->dispose (object);
}

static void
lks_claim_dialog_finalize (GObject *object)
{
  LksClaimDialog *self = LKS_CLAIM_DIALOG (object);

  g_clear_object (&self->results);
  g_clear_object (&self->target_places);
  g_clear_pointer (&self->targets, g_ptr_array_unref);
  g_clear_pointer (&self->begun, g_ptr_array_unref);
  g_clear_pointer (&self->fates, g_hash_table_unref);
  g_clear_pointer (&self->scope, lks_cloud_scope_free);
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
  gtk_widget_class_bind_template_child (widget_class, LksClaimDialog, plan_label);
  gtk_widget_class_bind_template_child (widget_class, LksClaimDialog, target_frame);
  gtk_widget_class_bind_template_child (widget_class, LksClaimDialog, target_view);
  gtk_widget_class_bind_template_child (widget_class, LksClaimDialog, warning_label);
  gtk_widget_class_bind_template_child (widget_class, LksClaimDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, LksClaimDialog, role_label);
  gtk_widget_class_bind_template_child (widget_class, LksClaimDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, LksClaimDialog, result_view);
  gtk_widget_class_bind_template_child (widget_class, LksClaimDialog, error_note);
  gtk_widget_class_bind_template_child (widget_class, LksClaimDialog, go_on_button);
  gtk_widget_class_bind_template_child (widget_class, LksClaimDialog, spinner);
  gtk_widget_class_bind_template_callback (widget_class, bind_row_cb);
  gtk_widget_class_bind_template_callback (widget_class, devices_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, set_up_row_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_claim_action);
}

static void
lks_claim_dialog_class_init (LksClaimDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_claim_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = lks_claim_dialog_finalize;
  bind_template (widget_class);

  gtk_widget_class_install_action (widget_class, "claim.claim", NULL, claim_action);
  gtk_widget_class_install_action (widget_class, "claim.go-on", NULL, go_on_action);
}

static void
show_in (GtkListView *view, GtkStringList *lines)
{
  g_autoptr (GtkNoSelection) selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (lines)));

  gtk_list_view_set_model (view, GTK_SELECTION_MODEL (selection));
}

static void
lks_claim_dialog_init (LksClaimDialog *self)
{
  self->results = gtk_string_list_new (NULL);
  self->target_places = gtk_string_list_new (NULL);
  self->fates = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, fate_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  show_in (self->result_view, self->results);
  show_in (self->target_view, self->target_places);
}

static void
warn (LksClaimDialog *self)
{
  g_autoptr (LksCloudScope) catalog = lks_cloud_scope_dup_catalog (self->scope);
  g_autofree char *id = lks_cloud_scope_dup_id (catalog);
  g_autofree char *place = describe_place (self->scope->product, self->scope->group);
  /* Translators: the name of a catalog, and where devices go in it: a product and a device group,
   * or no device group; then the ID of the catalog */
  g_autofree char *text = g_strdup_printf (
      _ ("A claim is for ever: a device can never leave the catalog again. These devices go into "
         "the catalog %s, into %s where a list names nothing else:\n%s"),
      self->scope->catalog, place, id);

  gtk_label_set_label (self->warning_label, text);
}

/**
 * lks_claim_dialog_new:
 * @parent: (nullable): the window in front of which it is shown
 * @desk: where to work with the cloud
 * @scope: the device group into which devices shall go; or a catalog, which shall own them without
 *   a device group
 *
 * Creates the dialog. A list that names products and device groups is obeyed.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksClaimDialog *
lks_claim_dialog_new (GtkWindow *parent, LksCloudDesk *desk, const LksCloudScope *scope)
{
  LksClaimDialog *self = g_object_new (LKS_TYPE_CLAIM_DIALOG, "transient-for", parent, NULL);

  lks_cloud_dialog_set_desk (LKS_CLOUD_DIALOG (self), desk);
  lks_cloud_dialog_tell_role (LKS_CLOUD_DIALOG (self), self->role_label, LKS_CLOUD_ACTION_CLAIM);
  self->scope = lks_cloud_scope_copy (scope);
  warn (self);
  devices_changed_cb (self);
  return self;
}
