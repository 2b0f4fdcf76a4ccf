/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-verify-dialog.h"

#include "lks-error-text.h"
#include "lks-format.h"
#include "lks-message-page.h"
#include "lks-sign-label.h"
#include "lks-station-end.h"
#include "lks-verify-text.h"

#include <glib/gi18n-lib.h>

/* So many problems of one kind are listed; locksmithctl lists all. */
#define ROWS_MAX 20

struct _LksVerifyDialog
{
  AdwWindow parent_instance;

  GtkStack *stack;              /* template child */
  GtkButton *close_button;      /* template child */
  GtkProgressBar *progress_bar; /* template child */
  GtkLabel *progress_label;     /* template child */
  LksMessagePage *problem_page; /* template child */
  LksSignLabel *sign;           /* template child */
  GtkLabel *summary;            /* template child */
  GtkBox *findings;             /* template child */
  AdwActionRow *records_row;    /* template child */
  AdwActionRow *older_row;      /* template child */
  AdwActionRow *end_row;        /* template child */
  AdwActionRow *unsigned_row;   /* template child */
  AdwActionRow *signer_row;     /* template child */
  AdwActionRow *head_row;       /* template child */

  LksLedger *ledger;         /* (owned) */
  GCancellable *cancellable; /* (owned) */
  char *head;                /* (owned) (nullable) */
  char *not_asked;           /* (owned) (nullable): why the shared ledger says nothing */
};

G_DEFINE_FINAL_TYPE (LksVerifyDialog, lks_verify_dialog, ADW_TYPE_WINDOW)

static void
progress_cb (guint64 n_done, guint64 n_all, gpointer data)
{
  LksVerifyDialog *self = data;
  g_autofree char *done = g_strdup_printf ("%" G_GUINT64_FORMAT, n_done);
  g_autofree char *all = g_strdup_printf ("%" G_GUINT64_FORMAT, n_all);
  /* Translators: how many of how many entries of the ledger were checked */
  g_autofree char *text = g_strdup_printf (_ ("%s of %s"), done, all);

  gtk_progress_bar_set_fraction (self->progress_bar,
                                 n_all > 0 ? MIN (1.0, (double) n_done / (double) n_all) : 0);
  gtk_label_set_label (self->progress_label, text);
}

/* ---- what was found ---- */

static GtkWidget *
create_row (const char *text)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), text);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  return row;
}

/* One kind of problem: what it means and what to do once, then which entries, in English. */
static void
add_findings (LksVerifyDialog *self, const LksVerifyReport *report, LksVerifyFault fault)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  g_autofree char *title = NULL;
  g_autofree char *more = NULL;
  guint count = 0;

  for (guint i = 0; i < report->problems->len; i++)
    {
      const LksVerifyProblem *problem = report->problems->pdata[i];
      g_autofree char *sentence = lks_format_sentence (problem->text);

      if (problem->fault == fault && count++ < ROWS_MAX)
        adw_preferences_group_add (group, create_row (sentence));
    }
  if (count == 0)
    {
      g_object_ref_sink (group);
      g_object_unref (group);
      return;
    }

  title = lks_verify_fault_to_title (fault, count);
  adw_preferences_group_set_title (group, title);
  adw_preferences_group_set_description (group, lks_verify_fault_to_advice (fault));
  if (count > ROWS_MAX)
    {
      more = g_strdup_printf (_ ("… and %u more; “locksmithctl records verify” lists them."),
                              count - ROWS_MAX);
      adw_preferences_group_add (group, create_row (more));
    }
  gtk_box_append (self->findings, GTK_WIDGET (group));
}

static void
set_number (AdwActionRow *row, guint64 number)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, number);

  adw_action_row_set_subtitle (row, text);
}

/* The fingerprint, and whether it is this station's: the ledger may have been written elsewhere. */
static char *
describe_signers (LksVerifyDialog *self, const LksVerifyReport *report)
{
  g_autofree char *reason = NULL;
  const LksStationKey *own = lks_ledger_get_station_key (self->ledger, &reason);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < report->signers->len; i++)
    {
      const LksVerifySigner *signer = report->signers->pdata[i];
      const char *whose = _ ("whose it is cannot be said: this station’s key is not at hand");

      if (own != NULL)
        whose = g_str_equal (lks_station_key_get_fingerprint (own), signer->key)
                    ? _ ("the key of this station")
                    : _ ("not the key of this station: ask whose it is");
      /* Translators: the fingerprint of a key, and whose it is */
      g_string_append_printf (text, _ ("%s%s (%s)"), i > 0 ? "\n" : "", signer->key, whose);
    }
  if (report->signers->len == 0)
    g_string_append (text, _ ("Nobody"));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
show_report (LksVerifyDialog *self, const LksVerifyReport *report)
{
  const LksSign sign = lks_sign_for_verify_report (report);
  g_autofree char *summary = lks_verify_report_to_text (report);
  g_autofree char *end = lks_verify_end_to_text (report, self->not_asked);
  g_autofree char *signers = describe_signers (self, report);

  lks_sign_label_set_sign (self->sign, &sign);
  gtk_label_set_label (self->summary, summary);
  for (int fault = LKS_VERIFY_FAULT_CHANGED; fault <= LKS_VERIFY_FAULT_SIGNATURE; fault++)
    add_findings (self, report, (LksVerifyFault) fault);
  gtk_widget_set_visible (GTK_WIDGET (self->findings), report->n_problems > 0);
  set_number (self->records_row, report->n_records);
  set_number (self->older_row, report->n_migrated);
  gtk_widget_set_visible (GTK_WIDGET (self->older_row), report->n_migrated > 0);
  adw_action_row_set_subtitle (self->end_row, end);
  set_number (self->unsigned_row, report->n_unsigned);
  adw_action_row_set_subtitle (self->signer_row, signers);
  adw_action_row_set_subtitle (self->head_row, report->head);
  self->head = g_strdup (report->head);
  gtk_stack_set_visible_child_name (self->stack, "done");
}

static void
show_problem (LksVerifyDialog *self, const GError *error)
{
  g_autofree char *text = lks_error_to_text (error);

  lks_message_page_set_description (self->problem_page, text);
  gtk_stack_set_visible_child_name (self->stack, "problem");
}

/* Whoever signs here counts; what was never signed is told as that. */
static void
believe_own_key (LksVerifyDialog *self, LksVerifyReport *report)
{
  g_autofree char *reason = NULL;
  const LksStationKey *own = lks_ledger_get_station_key (self->ledger, &reason);

  if (own != NULL && report->signers->len > 0)
    lks_verify_report_believe (report, lks_station_key_get_fingerprint (own));
}

static void
verified_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksVerifyReport) report =
      lks_ledger_verify_finish (LKS_LEDGER (source), result, &error);
  LksVerifyDialog *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* closed */

  gtk_button_set_label (self->close_button, _ ("Close"));
  if (report == NULL)
    {
      show_problem (self, error);
      return;
    }

  believe_own_key (self, report);
  show_report (self, report);
}

/* What the shared ledger knows is compared, when it answers. */
static void
end_asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksVerifyDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LksShareEnd) end = lks_station_ask_end_finish (result, &error);
  const LksVerifyEnd shared = {
    .sequence = end != NULL ? end->sequence : 0,
    .hash = end != NULL ? end->hash : NULL,
  };
  const LksVerifyOptions options = {
    .shared = shared.sequence > 0 ? &shared : NULL,
    .progress = progress_cb,
    .progress_data = self,
  };

  if (g_cancellable_is_cancelled (self->cancellable))
    return; /* closed */

  if (error != NULL)
    self->not_asked = lks_error_to_text (error);
  lks_ledger_verify_async (self->ledger, &options, self->cancellable, verified_cb, self);
}

static void
copy_head_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksVerifyDialog *self = LKS_VERIFY_DIALOG (widget);

  if (self->head != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), self->head);
}

static void
lks_verify_dialog_dispose (GObject *object)
{
  LksVerifyDialog *self = LKS_VERIFY_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (object), LKS_TYPE_VERIFY_DIALOG);
  g_clear_object (&self->ledger);
  G_OBJECT_CLASS (lks_verify_dialog_parent_class)->dispose (object);
}

static void
lks_verify_dialog_finalize (GObject *object)
{
  LksVerifyDialog *self = LKS_VERIFY_DIALOG (object);

  g_object_unref (self->cancellable);
  g_free (self->head);
  g_free (self->not_asked);
  G_OBJECT_CLASS (lks_verify_dialog_parent_class)->finalize (object);
}

static void
lks_verify_dialog_class_init (LksVerifyDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_verify_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = lks_verify_dialog_finalize;

  g_type_ensure (LKS_TYPE_MESSAGE_PAGE);
  g_type_ensure (LKS_TYPE_SIGN_LABEL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-verify-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksVerifyDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, LksVerifyDialog, close_button);
  gtk_widget_class_bind_template_child (widget_class, LksVerifyDialog, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, LksVerifyDialog, progress_label);
  gtk_widget_class_bind_template_child (widget_class, LksVerifyDialog, problem_page);
  gtk_widget_class_bind_template_child (widget_class, LksVerifyDialog, sign);
  gtk_widget_class_bind_template_child (widget_class, LksVerifyDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, LksVerifyDialog, findings);
  gtk_widget_class_bind_template_child (widget_class, LksVerifyDialog, records_row);
  gtk_widget_class_bind_template_child (widget_class, LksVerifyDialog, older_row);
  gtk_widget_class_bind_template_child (widget_class, LksVerifyDialog, end_row);
  gtk_widget_class_bind_template_child (widget_class, LksVerifyDialog, unsigned_row);
  gtk_widget_class_bind_template_child (widget_class, LksVerifyDialog, signer_row);
  gtk_widget_class_bind_template_child (widget_class, LksVerifyDialog, head_row);
  gtk_widget_class_install_action (widget_class, "verify.copy-head", NULL, copy_head_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lks_verify_dialog_init (LksVerifyDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_verify_dialog_new:
 * @parent: the window in front of which it is shown
 * @ledger: where the records are kept
 *
 * Creates the dialog and begins to check. Closing it ends the check.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksVerifyDialog *
lks_verify_dialog_new (GtkWindow *parent, LksLedger *ledger)
{
  LksVerifyDialog *self = g_object_new (LKS_TYPE_VERIFY_DIALOG, "transient-for", parent, NULL);

  self->ledger = g_object_ref (ledger);
  lks_ledger_want_key (ledger);
  lks_station_ask_end_async (ledger, end_asked_cb, g_object_ref (self));
  return self;
}
