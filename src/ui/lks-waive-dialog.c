/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-waive-dialog.h"

#include "lks-error-note.h"
#include "lks-format.h"
#include "lks-operator-gate.h"
#include "lks-sign-in-dialog.h"
#include "lks-waiver.h"

#include <glib/gi18n-lib.h>

struct _LksWaiveDialog
{
  AdwWindow parent_instance;

  LksErrorNote *error_note;  /* template child */
  AdwActionRow *board_row;   /* template child */
  AdwActionRow *check_row;   /* template child */
  AdwActionRow *person_row;  /* template child */
  GtkBox *role_box;          /* template child */
  GtkLabel *role_text;       /* template child */
  GtkWidget *sign_in_button; /* template child */
  AdwEntryRow *reason;       /* template child */
  GtkLabel *reason_flaw;     /* template child */
  AdwComboRow *until;        /* template child */
  AdwComboRow *scope;        /* template child */
  GtkWidget *waive_button;   /* template child */

  LksLockJob *job;       /* (owned) */
  LksBoardRun *run;      /* (owned) */
  char *check;           /* (owned) */
  LksOperatorGate *gate; /* (owned) */
};

G_DEFINE_FINAL_TYPE (LksWaiveDialog, lks_waive_dialog, ADW_TYPE_WINDOW)

enum
{
  SCOPE_BOARD,
  SCOPE_BATCH,
};

/**
 * lks_waive_until_to_us:
 * @until: the end that was chosen
 * @now: local time
 *
 * Returns: when that is, Unix time in microseconds
 */
gint64
lks_waive_until_to_us (LksWaiveUntil until, GDateTime *now)
{
  g_autoptr (GTimeZone) zone = g_time_zone_ref (g_date_time_get_timezone (now));
  g_autoptr (GDateTime) day =
      g_date_time_new (zone, g_date_time_get_year (now), g_date_time_get_month (now),
                       g_date_time_get_day_of_month (now), 0, 0, 0);
  g_autoptr (GDateTime) end = NULL;

  switch (until)
    {
    case LKS_WAIVE_UNTIL_TODAY:
      end = g_date_time_add_days (day, 1);
      break;
    case LKS_WAIVE_UNTIL_WEEK:
      end = g_date_time_add_days (day, 8 - g_date_time_get_day_of_week (now));
      break;
    case LKS_WAIVE_UNTIL_LONGEST:
      /* In hours: a waiver must not last an hour too long where the clocks are put back. */
      end = g_date_time_add_hours (now, LKS_WAIVER_DAYS_MAX * 24);
      break;
    }
  return g_date_time_to_unix (end) * G_USEC_PER_SEC;
}

/* ---- who ---- */

/* (nullable): who has signed in, when somebody has */
static LksOperatorSession *
get_signed_in (LksWaiveDialog *self)
{
  LksOperatorSession *session = lks_operator_gate_get_session (self->gate);

  return session != NULL && lks_operator_session_get_signed_in (session) ? session : NULL;
}

/* Whoever has not proven to be an engineer is none, whatever the station permits. */
static LksWaiverRole
get_role (LksWaiveDialog *self)
{
  LksOperatorSession *session = get_signed_in (self);

  return session != NULL && lks_operator_session_get_role (session) == LKS_OPERATOR_ROLE_ENGINEER
             ? LKS_WAIVER_ROLE_ENGINEER
             : LKS_WAIVER_ROLE_OPERATOR;
}

static const char *
get_person (LksWaiveDialog *self)
{
  LksOperatorSession *session = get_signed_in (self);
  const char *preferred = lks_lock_job_get_order (self->job)->operator_name;

  if (session != NULL)
    return lks_operator_session_get_name (session);
  return preferred != NULL ? preferred : g_get_user_name ();
}

static gboolean
is_role_enough (LksWaiveDialog *self)
{
  LksWaiverRole needed;

  return lks_operator_may (LKS_OPERATOR_ACT_WAIVE) &&
         lks_recipe_may_waive (lks_lock_job_get_recipe (self->job), self->check, &needed) &&
         get_role (self) >= needed;
}

static void
update_person (LksWaiveDialog *self)
{
  g_autofree char *person = g_strdup_printf (
      /* Translators: a person */
      get_role (self) == LKS_WAIVER_ROLE_ENGINEER ? _ ("%s, engineer") : _ ("%s, operator"),
      get_person (self));
  LksOperatorSession *session = lks_operator_gate_get_session (self->gate);

  adw_action_row_set_subtitle (self->person_row, person);
  gtk_widget_set_visible (GTK_WIDGET (self->role_box), !is_role_enough (self));
  gtk_widget_set_visible (self->sign_in_button, session != NULL);
  gtk_label_set_label (
      self->role_text,
      session != NULL
          ? _ ("Only an engineer may waive this check, and nobody has signed in as one.")
          : _ ("Only an engineer may waive this check, and nobody can sign in here. Let an "
               "engineer do it with locksmithctl."));
}

/* ---- what is said ---- */

static char *
dup_reason (LksWaiveDialog *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->reason))));
}

static void
update (LksWaiveDialog *self)
{
  g_autofree char *reason = dup_reason (self);
  gboolean is_long = g_utf8_strlen (reason, -1) > LKS_WAIVER_REASON_CHARACTERS_MAX;

  update_person (self);
  gtk_widget_set_visible (GTK_WIDGET (self->reason_flaw), is_long);
  if (is_long)
    gtk_widget_add_css_class (GTK_WIDGET (self->reason), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->reason), "error");
  gtk_widget_set_sensitive (self->waive_button,
                            *reason != '\0' && !is_long && is_role_enough (self));
}

static LksWaiver *
make_waiver (LksWaiveDialog *self, GError **error)
{
  g_autofree char *reason = dup_reason (self);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  gboolean is_batch = adw_combo_row_get_selected (self->scope) == SCOPE_BATCH;
  const LksRunOrder *order = lks_lock_job_get_order (self->job);
  LksFinalizer *finalizer = lks_board_run_get_finalizer (self->run);
  LksWaiveUntil until = (LksWaiveUntil) adw_combo_row_get_selected (self->until);

  return lks_waiver_new (lks_finalizer_get_recipe (finalizer),
                         &(LksWaiverFields){
                             .check = self->check,
                             .device_id = is_batch ? NULL : lks_finalizer_get_device_id (finalizer),
                             .batch = is_batch ? order->batch : NULL,
                             .reason = reason,
                             .given_by = get_person (self),
                             .role = get_role (self),
                             .until_us = lks_waive_until_to_us (until, now),
                         },
                         error);
}

static void
waive_clicked_cb (LksWaiveDialog *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksWaiver) waiver = NULL;

  update (self);
  if (!gtk_widget_get_sensitive (self->waive_button) || lks_lock_job_get_busy (self->job))
    return;

  waiver = make_waiver (self, &error);
  if (waiver == NULL)
    {
      lks_error_note_set_error (self->error_note, error);
      return;
    }
  lks_lock_job_waive (self->job, waiver);
  gtk_window_close (GTK_WINDOW (self));
}

static void
sign_in_clicked_cb (LksWaiveDialog *self)
{
  LksOperatorSession *session = lks_operator_gate_get_session (self->gate);

  if (session != NULL)
    lks_sign_in_dialog_present (GTK_WINDOW (self), session, TRUE);
}

/* ---- what it is about ---- */

static LksRunStep *
find_step (LksWaiveDialog *self)
{
  GListModel *steps = lks_finalizer_get_steps (lks_board_run_get_finalizer (self->run));

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (LksRunStep) step = g_list_model_get_item (steps, i);

      if (g_str_equal (lks_run_step_get_name (step), self->check))
        return g_steal_pointer (&step);
    }
  return NULL;
}

static void
show_check (LksWaiveDialog *self)
{
  g_autoptr (LksRunStep) step = find_step (self);
  g_autofree char *board = NULL;
  g_autofree char *found = NULL;

  g_object_get (self->run, "title", &board, NULL);
  adw_action_row_set_subtitle (self->board_row, board);
  if (step == NULL)
    return;
  found = lks_format_sentence (lks_run_step_get_message (step));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->check_row),
                                 lks_run_step_get_title (step));
  adw_action_row_set_subtitle (self->check_row, found);
}

/* A choice of one is none. */
static void
fill_scope (LksWaiveDialog *self)
{
  const char *batch = lks_lock_job_get_order (self->job)->batch;
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  gtk_string_list_append (names, _ ("This board only"));
  if (batch != NULL)
    /* Translators: the number of a batch */
    gtk_string_list_take (names, g_strdup_printf (_ ("Every board of batch %s"), batch));
  adw_combo_row_set_model (self->scope, G_LIST_MODEL (names));
  gtk_widget_set_visible (GTK_WIDGET (self->scope), batch != NULL);
}

static void
lks_waive_dialog_dispose (GObject *object)
{
  LksWaiveDialog *self = LKS_WAIVE_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_WAIVE_DIALOG);
  g_clear_object (&self->job);
  g_clear_object (&self->run);
  g_clear_object (&self->gate);
  G_OBJECT_CLASS (lks_waive_dialog_parent_class)->dispose (object);
}

static void
lks_waive_dialog_finalize (GObject *object)
{
  g_free (LKS_WAIVE_DIALOG (object)->check);
  G_OBJECT_CLASS (lks_waive_dialog_parent_class)->finalize (object);
}

static void
lks_waive_dialog_class_init (LksWaiveDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (LKS_TYPE_ERROR_NOTE);
  object_class->dispose = lks_waive_dialog_dispose;
  object_class->finalize = lks_waive_dialog_finalize;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-waive-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksWaiveDialog, error_note);
  gtk_widget_class_bind_template_child (widget_class, LksWaiveDialog, board_row);
  gtk_widget_class_bind_template_child (widget_class, LksWaiveDialog, check_row);
  gtk_widget_class_bind_template_child (widget_class, LksWaiveDialog, person_row);
  gtk_widget_class_bind_template_child (widget_class, LksWaiveDialog, role_box);
  gtk_widget_class_bind_template_child (widget_class, LksWaiveDialog, role_text);
  gtk_widget_class_bind_template_child (widget_class, LksWaiveDialog, sign_in_button);
  gtk_widget_class_bind_template_child (widget_class, LksWaiveDialog, reason);
  gtk_widget_class_bind_template_child (widget_class, LksWaiveDialog, reason_flaw);
  gtk_widget_class_bind_template_child (widget_class, LksWaiveDialog, until);
  gtk_widget_class_bind_template_child (widget_class, LksWaiveDialog, scope);
  gtk_widget_class_bind_template_child (widget_class, LksWaiveDialog, waive_button);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, waive_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, sign_in_clicked_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lks_waive_dialog_init (LksWaiveDialog *self)
{
  self->gate = lks_operator_gate_ref_default ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_waive_dialog_new:
 * @job: what the wizard works on
 * @run: the board
 * @check: the name of the check that failed
 *
 * Returns: (transfer none): a new window, owned by GTK
 */
LksWaiveDialog *
lks_waive_dialog_new (LksLockJob *job, LksBoardRun *run, const char *check)
{
  LksWaiveDialog *self = g_object_new (LKS_TYPE_WAIVE_DIALOG, NULL);
  LksOperatorSession *session = lks_operator_gate_get_session (self->gate);

  self->job = g_object_ref (job);
  self->run = g_object_ref (run);
  self->check = g_strdup (check);
  show_check (self);
  fill_scope (self);
  if (session != NULL)
    g_signal_connect_object (session, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->reason));
  return self;
}
