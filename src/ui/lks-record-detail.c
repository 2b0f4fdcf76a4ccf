/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-record-detail.h"

#include "lks-error-text.h"
#include "lks-format.h"
#include "lks-message-page.h"
#include "lks-record-text.h"
#include "lks-sign-label.h"
#include "lks-step-row.h"

#include <glib/gi18n-lib.h>

struct _LksRecordDetail
{
  AdwBin parent_instance;

  GtkStack *stack;             /* template child */
  GtkLabel *title;             /* template child */
  GtkLabel *subtitle;          /* template child */
  LksSignLabel *sign;          /* template child */
  GtkLabel *summary;           /* template child */
  GtkListBox *steps;           /* template child */
  GtkLabel *steps_error;       /* template child */
  AdwActionRow *device_row;    /* template child */
  AdwActionRow *place_row;     /* template child */
  AdwActionRow *time_row;      /* template child */
  AdwActionRow *person_row;    /* template child */
  AdwActionRow *label_row;     /* template child */
  AdwActionRow *batch_row;     /* template child */
  AdwActionRow *recipe_row;    /* template child */
  AdwActionRow *record_row;    /* template child */
  AdwActionRow *signature_row; /* template child */

  LksRecord *record;         /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable) of the reading of the steps */
};

G_DEFINE_FINAL_TYPE (LksRecordDetail, lks_record_detail, ADW_TYPE_BIN)

static GtkWidget *
create_step_row_cb (gpointer item, gpointer user_data)
{
  return lks_step_row_new (item);
}

static void
show_steps_error (LksRecordDetail *self, const GError *error)
{
  g_autofree char *sentence = error != NULL ? lks_error_to_sentence (error) : NULL;

  gtk_label_set_label (self->steps_error, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->steps_error), error != NULL);
}

static void
got_record_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecord) record = lks_ledger_get_finish (LKS_LEDGER (source), result, &error);
  g_autoptr (GListStore) steps = NULL;
  LksRecordDetail *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* another record is shown by now, or the widget is gone */

  if (record != NULL)
    steps = lks_record_read_steps (record, &error);
  gtk_list_box_bind_model (self->steps, G_LIST_MODEL (steps), create_step_row_cb, NULL, NULL);
  show_steps_error (self, error);
}

static char *
describe_end (const LksRecordFields *fields)
{
  if (fields->summary != NULL && *fields->summary != '\0')
    return lks_format_sentence (fields->summary);
  if (g_strcmp0 (fields->outcome, "finalized") == 0)
    return g_strdup (_ ("Locked, restarted, and proven."));
  if (g_strcmp0 (fields->outcome, "verified") == 0)
    return g_strdup (_ ("It already was in this state, and it is as it should be."));
  if (g_strcmp0 (fields->outcome, "ready") == 0)
    return g_strdup (fields->waived > 0 ? _ ("Every other check passed. Nothing was changed.")
                                        : _ ("Every check passed. Nothing was changed."));
  return g_strdup ("");
}

static char *
describe_outcome (const LksRecordFields *fields)
{
  g_autofree char *end = describe_end (fields);
  g_autofree char *waived = lks_format_waived (fields->waived);

  return fields->waived > 0 ? g_strstrip (g_strjoin (" ", waived, end, NULL))
                            : g_steal_pointer (&end);
}

static char *
describe_signature (const LksRecordFields *fields)
{
  if (fields->signer != NULL)
    /* Translators: the fingerprint of a key */
    return g_strdup_printf (_ ("Signed by the station key\n%s"), fields->signer);
  if (fields->unsigned_reason == NULL)
    return g_strdup (_ ("Not signed"));
  /* Translators: the reason in English, as it stands in the record */
  return g_strdup_printf (_ ("Not signed: %s"), fields->unsigned_reason);
}

static char *
describe_person (const LksRecordFields *fields)
{
  if (g_strcmp0 (fields->operator_role, "engineer") == 0)
    /* Translators: a person and a computer */
    return g_strdup_printf (_ ("%s, engineer, on %s"), fields->operator_name, fields->station);
  if (fields->operator_role != NULL)
    /* Translators: a person and a computer */
    return g_strdup_printf (_ ("%s, operator, on %s"), fields->operator_name, fields->station);
  /* Translators: a person and a computer */
  return g_strdup_printf (_ ("%s on %s"), fields->operator_name, fields->station);
}

static void
show_row (AdwActionRow *row, const char *text)
{
  adw_action_row_set_subtitle (row, text);
  gtk_widget_set_visible (GTK_WIDGET (row), text != NULL);
}

static void
show_fields (LksRecordDetail *self)
{
  const LksRecordFields *fields = lks_record_get_fields (self->record);
  g_autofree char *title = lks_record_to_title (self->record);
  g_autofree char *started = lks_record_format_time (fields->started_us);
  g_autofree char *finished = lks_record_format_time (fields->finished_us);
  g_autofree char *duration =
      lks_format_duration (MAX (0, fields->finished_us - fields->started_us) / G_USEC_PER_SEC);
  g_autofree char *device_id = lks_format_device_id (fields->device_id);
  g_autofree char *summary = describe_outcome (fields);
  /* Translators: two times and a length of time */
  g_autofree char *times = g_strdup_printf (_ ("%s to %s (%s)"), started, finished, duration);
  g_autofree char *person = describe_person (fields);
  g_autofree char *recipe = g_strdup_printf ("%s\n%s", fields->recipe_name, fields->recipe_hash);
  g_autofree char *signature = describe_signature (fields);
  LksSign sign = lks_sign_for_record (self->record);

  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->subtitle, started);
  gtk_label_set_label (self->summary, summary);
  lks_sign_label_set_sign (self->sign, &sign);
  adw_action_row_set_subtitle (self->device_row,
                               *device_id != '\0' ? device_id : _ ("It could not be read."));
  show_row (self->label_row, fields->label);
  show_row (self->batch_row, fields->batch);
  adw_action_row_set_subtitle (self->place_row, fields->port);
  adw_action_row_set_subtitle (self->time_row, times);
  adw_action_row_set_subtitle (self->person_row, person);
  adw_action_row_set_subtitle (self->recipe_row, recipe);
  adw_action_row_set_subtitle (self->record_row, fields->id);
  adw_action_row_set_subtitle (self->signature_row, signature);
}

static void
lks_record_detail_dispose (GObject *object)
{
  LksRecordDetail *self = LKS_RECORD_DETAIL (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->record);
  adw_bin_set_child (ADW_BIN (self), NULL); /* the template would unparent it behind its back */
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_RECORD_DETAIL);
  G_OBJECT_CLASS (lks_record_detail_parent_class)->dispose (object);
}

static void
lks_record_detail_class_init (LksRecordDetailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_record_detail_dispose;

  g_type_ensure (LKS_TYPE_MESSAGE_PAGE);
  g_type_ensure (LKS_TYPE_SIGN_LABEL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-record-detail.ui");
  gtk_widget_class_bind_template_child (widget_class, LksRecordDetail, stack);
  gtk_widget_class_bind_template_child (widget_class, LksRecordDetail, title);
  gtk_widget_class_bind_template_child (widget_class, LksRecordDetail, subtitle);
  gtk_widget_class_bind_template_child (widget_class, LksRecordDetail, sign);
  gtk_widget_class_bind_template_child (widget_class, LksRecordDetail, summary);
  gtk_widget_class_bind_template_child (widget_class, LksRecordDetail, steps);
  gtk_widget_class_bind_template_child (widget_class, LksRecordDetail, steps_error);
  gtk_widget_class_bind_template_child (widget_class, LksRecordDetail, device_row);
  gtk_widget_class_bind_template_child (widget_class, LksRecordDetail, place_row);
  gtk_widget_class_bind_template_child (widget_class, LksRecordDetail, time_row);
  gtk_widget_class_bind_template_child (widget_class, LksRecordDetail, person_row);
  gtk_widget_class_bind_template_child (widget_class, LksRecordDetail, label_row);
  gtk_widget_class_bind_template_child (widget_class, LksRecordDetail, batch_row);
  gtk_widget_class_bind_template_child (widget_class, LksRecordDetail, recipe_row);
  gtk_widget_class_bind_template_child (widget_class, LksRecordDetail, record_row);
  gtk_widget_class_bind_template_child (widget_class, LksRecordDetail, signature_row);
}

static void
lks_record_detail_init (LksRecordDetail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_record_detail_show:
 * @self: a detail view
 * @ledger: where the record is kept
 * @record: (nullable): a record of a list, without its document
 *
 * Shows a record; its steps follow as soon as they are read.
 */
void
lks_record_detail_show (LksRecordDetail *self, LksLedger *ledger, LksRecord *record)
{
  g_return_if_fail (LKS_IS_RECORD_DETAIL (self));

  if (!g_set_object (&self->record, record))
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_stack_set_visible_child_name (self->stack, record != NULL ? "record" : "none");
  if (record == NULL)
    return;

  show_fields (self);
  show_steps_error (self, NULL);
  gtk_list_box_bind_model (self->steps, NULL, NULL, NULL, NULL);
  self->cancellable = g_cancellable_new ();
  lks_ledger_get_async (ledger, lks_record_get_id (record), self->cancellable, got_record_cb, self);
}
