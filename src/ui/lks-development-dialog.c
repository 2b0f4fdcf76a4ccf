/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-development-dialog.h"

#include "lks-aspect-row.h"
#include "lks-capability.h"
#include "lks-development-job.h"
#include "lks-development-place.h"
#include "lks-development-text.h"
#include "lks-error-note.h"
#include "lks-file-opener.h"

#include <glib/gi18n-lib.h>

#define ROW_MARGIN 12 /* pixels, around the row that is scrolled to */

struct _LksDevelopmentDialog
{
  AdwWindow parent_instance;

  GtkScrolledWindow *scroller;               /* template child */
  GtkLabel *note;                            /* template child */
  LksDevelopmentPlace *place;                /* template child */
  GtkWidget *file_group;                     /* template child */
  AdwActionRow *file_row;                    /* template child */
  GtkListBox *steps_list;                    /* template child */
  LksErrorNote *error_note;                  /* template child */
  GtkSpinner *spinner;                       /* template child */
  GtkButton *close_button;                   /* template child */
  GtkButton *back_button;                    /* template child */
  GtkButton *begin_button;                   /* template child */
  LksAspectRow *rows[LKS_DEVELOPMENT_STEPS]; /* (unowned) */

  LksDevelopmentJob *job;    /* (owned) (nullable): NULL once the window is gone */
  char *file_text;           /* (owned) (nullable): what the chosen file is */
  GCancellable *cancellable; /* (owned): of the look into the vault */
  GtkWidget *current;        /* (unowned) (nullable): the row of the sub-step that is looked at */
  gboolean may_be_done;      /* the board was read, and this may be done to it */
  gboolean was_put_back;
};

G_DEFINE_FINAL_TYPE (LksDevelopmentDialog, lks_development_dialog, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const LksDevelopment *
get_sequence (LksDevelopmentDialog *self)
{
  return lks_development_job_get_sequence (self->job);
}

static gboolean
is_idle (LksDevelopmentDialog *self)
{
  return lks_development_job_get_phase (self->job) == LKS_DEVELOPMENT_PHASE_IDLE;
}

static gboolean
is_for_development (LksDevelopmentDialog *self)
{
  return lks_development_get_goal (get_sequence (self)) == LKS_DEVELOPMENT_GOAL_DEVELOPMENT;
}

/* ---- what is shown ---- */

static void
show_step (LksDevelopmentDialog *self,
           LksDevelopmentStep step,
           LksDevelopmentState state,
           const char *note,
           const char *subject)
{
  LksSign sign = lks_sign_for_development_state (state);
  g_autofree char *words = lks_development_to_words (note, subject);

  lks_aspect_row_set_sign (self->rows[step], &sign);
  lks_aspect_row_set_explanation (self->rows[step], words);
}

/* What is under way, or failed, is seen although what is wanted stands above it. */
static void
show_current (LksDevelopmentDialog *self)
{
  GtkWidget *content;
  graphene_rect_t row;

  if (self->current == NULL)
    return;
  content = gtk_viewport_get_child (GTK_VIEWPORT (gtk_scrolled_window_get_child (self->scroller)));
  if (gtk_widget_compute_bounds (self->current, content, &row))
    gtk_adjustment_clamp_page (gtk_scrolled_window_get_vadjustment (self->scroller),
                               row.origin.y - ROW_MARGIN,
                               row.origin.y + row.size.height + ROW_MARGIN);
}

static gboolean
show_current_cb (gpointer user_data)
{
  show_current (user_data);
  return G_SOURCE_REMOVE;
}

/* It changes while the window is laid out, which must be over before something is scrolled. */
static void
resized_cb (LksDevelopmentDialog *self)
{
  if (self->current != NULL)
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, show_current_cb, g_object_ref (self), g_object_unref);
}

static void
show_steps (LksDevelopmentDialog *self)
{
  const LksDevelopment *sequence = get_sequence (self);

  for (guint step = 0; step < LKS_DEVELOPMENT_STEPS; step++)
    show_step (self, step, lks_development_get_state (sequence, step),
               lks_development_get_note (sequence, step),
               lks_development_get_subject (sequence, step));
}

static void
show_problem (LksDevelopmentDialog *self, const GError *error)
{
  lks_error_note_set_error (self->error_note,
                            g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? NULL
                                                                                      : error);
}

static const char *
describe_rest (LksDevelopmentDialog *self)
{
  const LksDevelopment *sequence = get_sequence (self);

  if (lks_development_is_done (sequence))
    return lks_development_get_state (sequence, LKS_DEVELOPMENT_STEP_GROUP) !=
                   LKS_DEVELOPMENT_STATE_BY_HAND
               ? _ ("Done, on the board and in the cloud.")
               : _ ("Done on the board. What is left to do by hand stands below.");
  if (lks_development_is_half_done (sequence))
    return _ ("The board is half prepared. Try again to go on where it stopped, or put it back.");
  if (self->was_put_back)
    return _ ("The board was put back. What does not come back by itself stands below.");
  if (!self->may_be_done)
    return _ ("Nothing was changed on the board.");

  return is_for_development (self)
             ? _ ("The board will take software from this computer. Nothing was changed yet.")
             : _ ("The board will take software from the cloud only, as in the field. Nothing was "
                  "changed yet.");
}

static const char *
describe (LksDevelopmentDialog *self)
{
  switch (lks_development_job_get_phase (self->job))
    {
    case LKS_DEVELOPMENT_PHASE_LOOK:
      return _ ("Asking the board…");
    case LKS_DEVELOPMENT_PHASE_FETCH:
      return _ ("Fetching the capability from the vault…");
    case LKS_DEVELOPMENT_PHASE_RUN:
      return _ ("Leave the cable in. The board restarts on the way.");
    case LKS_DEVELOPMENT_PHASE_BACK:
      return _ ("Leave the cable in. The board is put back.");
    case LKS_DEVELOPMENT_PHASE_IDLE:
      break;
    }

  return describe_rest (self);
}

static void
show_file (LksDevelopmentDialog *self)
{
  const char *text;

  if (self->file_text != NULL)
    text = self->file_text;
  else if (is_idle (self) && lks_development_is_done (get_sequence (self)))
    text = is_for_development (self) ? _ ("The way back takes the empty one for this board.")
                                     : _ ("The way back takes the one with what was stored before, "
                                          "if anything was.");
  else if (lks_development_job_has_key (self->job))
    text = _ ("The vault has the one for this board. It is fetched when you begin.");
  else
    text = is_for_development (self)
               ? _ ("Choose the one with app development for this board.")
               : _ ("Choose the empty one for this board: the cloud gives it when no capability "
                    "is named for the download.");
  adw_action_row_set_subtitle (self->file_row, text);
}

/* A board that is so already, or that this is not done to, takes none. The cloud makes it. */
static gboolean
is_file_asked (LksDevelopmentDialog *self)
{
  const LksDevelopment *sequence = get_sequence (self);

  return lks_development_job_get_file (self->job) != NULL ||
         lks_development_needs_file (sequence) ||
         (lks_development_may_go_back (sequence) && !lks_development_place_is_wanted (self->place));
}

static const char *
describe_begin (LksDevelopmentDialog *self)
{
  const LksDevelopment *sequence = get_sequence (self);

  if (!self->may_be_done || lks_development_is_half_done (sequence))
    return _ ("Try Again");

  return lks_development_will_restart (sequence) ? _ ("Begin and Restart Board") : _ ("Begin");
}

static void
show_buttons (LksDevelopmentDialog *self, gboolean is_ready)
{
  const LksDevelopment *sequence = get_sequence (self);
  gboolean is_here = is_idle (self);

  gtk_widget_set_visible (GTK_WIDGET (self->back_button),
                          is_here && lks_development_may_go_back (sequence));
  gtk_widget_set_sensitive (GTK_WIDGET (self->back_button), is_ready);
  if (is_here)
    gtk_button_set_label (self->begin_button, describe_begin (self));
  gtk_widget_set_visible (GTK_WIDGET (self->begin_button),
                          !is_here || !lks_development_is_done (sequence));
  gtk_widget_set_sensitive (GTK_WIDGET (self->begin_button), is_here && is_ready);
}

/* Who wants the cloud and is not signed in can begin nothing yet. */
static gboolean
is_ready (LksDevelopmentDialog *self)
{
  return !lks_development_place_is_wanted (self->place) ||
         lks_development_place_is_signed_in (self->place);
}

static void
update (LksDevelopmentDialog *self)
{
  LksDevelopmentPhase phase = lks_development_job_get_phase (self->job);
  gboolean is_here = phase == LKS_DEVELOPMENT_PHASE_IDLE;

  gtk_label_set_label (self->note, describe (self));
  show_file (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self->file_row), is_here);
  gtk_widget_set_sensitive (GTK_WIDGET (self->place), is_here);
  if (is_here)
    gtk_widget_set_visible (self->file_group, is_file_asked (self));
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), !is_here);
  gtk_spinner_set_spinning (self->spinner, !is_here);
  gtk_button_set_label (self->close_button,
                        is_here || phase == LKS_DEVELOPMENT_PHASE_LOOK ? _ ("Close") : _ ("Stop"));
  show_buttons (self, is_ready (self));
}

/* ---- the work ---- */

static void
stepped_cb (LksDevelopmentDialog *self, int step, int state, const char *note, const char *subject)
{
  show_step (self, (LksDevelopmentStep) step, (LksDevelopmentState) state, note, subject);
  if (lks_development_job_get_phase (self->job) == LKS_DEVELOPMENT_PHASE_LOOK)
    return;
  self->current = GTK_WIDGET (self->rows[step]);
  show_current (self);
}

static void
ended_cb (LksDevelopmentDialog *self, int phase, const GError *error)
{
  if (error == NULL ||
      (phase != LKS_DEVELOPMENT_PHASE_FETCH &&
       lks_development_get_state (get_sequence (self), LKS_DEVELOPMENT_STEP_CHECK) !=
           LKS_DEVELOPMENT_STATE_FAILED))
    self->may_be_done = TRUE;
  self->was_put_back = error == NULL && phase == LKS_DEVELOPMENT_PHASE_BACK;
  show_steps (self);
  show_problem (self, error);
  update (self);
  if (phase != LKS_DEVELOPMENT_PHASE_RUN && phase != LKS_DEVELOPMENT_PHASE_BACK)
    return;

  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  if (error == NULL)
    gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->close_button));
}

static void
begin (LksDevelopmentDialog *self, LksDevelopmentPhase phase)
{
  if (!is_idle (self) || !is_ready (self))
    return;

  self->was_put_back = FALSE;
  show_problem (self, NULL);
  lks_development_job_take_cloud (self->job, lks_development_place_create_preparer (self->place));
  lks_development_job_begin (self->job, phase);
}

static void
begin_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksDevelopmentDialog *self = LKS_DEVELOPMENT_DIALOG (widget);

  begin (self, self->may_be_done ? LKS_DEVELOPMENT_PHASE_RUN : LKS_DEVELOPMENT_PHASE_LOOK);
}

static void
back_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  begin (LKS_DEVELOPMENT_DIALOG (widget), LKS_DEVELOPMENT_PHASE_BACK);
}

/* ---- the cloud ---- */

/* Where nothing was done yet, the sub-steps say now what the cloud will do. */
static void
place_changed_cb (LksDevelopmentDialog *self)
{
  if (self->job == NULL || !is_idle (self))
    return;

  self->current = NULL;
  lks_development_job_take_cloud (self->job, lks_development_place_create_preparer (self->place));
  show_steps (self);
  update (self);
}

/* ---- the file ---- */

static void
take_file (LksDevelopmentDialog *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksSecret) bytes = lks_secret_load (path, LKS_CAPABILITY_FILE_BYTES_MAX, &error);
  g_autofree char *name = g_filename_display_basename (path);

  show_problem (self, error);
  if (bytes == NULL)
    return;

  g_free (self->file_text);
  self->file_text = lks_development_file_to_text (bytes, name);
  lks_development_job_set_file (self->job, bytes);
  update (self);
}

static void
opened_cb (GtkWidget *owner, const char *const *paths)
{
  LksDevelopmentDialog *self = LKS_DEVELOPMENT_DIALOG (owner);

  if (self->job != NULL && is_idle (self))
    take_file (self, paths[0]);
}

static void
choose_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  lks_file_opener_ask (widget, _ ("Choose the Capability File"), _ ("Capability files (*.cap)"),
                       "*.cap", FALSE, opened_cb);
}

/* ---- the window ---- */

static void
close_clicked_cb (LksDevelopmentDialog *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

/* While the board is changed, closing means stopping: what became of it must be seen. */
static gboolean
lks_development_dialog_close_request (GtkWindow *window)
{
  LksDevelopmentDialog *self = LKS_DEVELOPMENT_DIALOG (window);
  LksDevelopmentPhase phase = lks_development_job_get_phase (self->job);

  g_cancellable_cancel (self->cancellable);
  lks_development_job_stop (self->job);
  if (phase == LKS_DEVELOPMENT_PHASE_RUN || phase == LKS_DEVELOPMENT_PHASE_BACK)
    return GDK_EVENT_STOP;

  return GTK_WINDOW_CLASS (lks_development_dialog_parent_class)->close_request (window);
}

static void
lks_development_dialog_dispose (GObject *object)
{
  LksDevelopmentDialog *self = LKS_DEVELOPMENT_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  if (self->job != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->job, self);
      lks_development_job_stop (self->job);
    }
  g_clear_object (&self->job);
  self->current = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_DEVELOPMENT_DIALOG);
  G_OBJECT_CLASS (lks_development_dialog_parent_class)->dispose (object);
}

static void
lks_development_dialog_finalize (GObject *object)
{
  LksDevelopmentDialog *self = LKS_DEVELOPMENT_DIALOG (object);

  g_free (self->file_text);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (lks_development_dialog_parent_class)->finalize (object);
}

static void
lks_development_dialog_class_init (LksDevelopmentDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_development_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = lks_development_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = lks_development_dialog_close_request;

  /**
   * LksDevelopmentDialog::changed:
   * @self: the dialog
   *
   * The board may be another one now.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (LKS_TYPE_DEVELOPMENT_PLACE);
  g_type_ensure (LKS_TYPE_ERROR_NOTE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-development-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentDialog, scroller);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentDialog, note);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentDialog, place);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentDialog, file_group);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentDialog, file_row);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentDialog, steps_list);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentDialog, error_note);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentDialog, close_button);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentDialog, back_button);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentDialog, begin_button);
  gtk_widget_class_bind_template_callback (widget_class, close_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, place_changed_cb);
  gtk_widget_class_install_action (widget_class, "development.begin", NULL, begin_action);
  gtk_widget_class_install_action (widget_class, "development.put-back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "development.choose", NULL, choose_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lks_development_dialog_init (LksDevelopmentDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (self->scroller), "changed",
                           G_CALLBACK (resized_cb), self, G_CONNECT_SWAPPED);
  for (guint step = 0; step < LKS_DEVELOPMENT_STEPS; step++)
    {
      self->rows[step] = lks_aspect_row_new (_ (lks_development_step_get_title (step)));
      gtk_list_box_append (self->steps_list, GTK_WIDGET (self->rows[step]));
    }
}

/**
 * lks_development_dialog_new:
 * @parent: the window in front of which it is shown
 * @board: a board that answers
 * @goal: what it is prepared for
 * @vault: (nullable): where the capability may be
 *
 * Creates the dialog, which begins to read the board. Nothing is changed before the person says
 * so.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksDevelopmentDialog *
lks_development_dialog_new (GtkWindow *parent,
                            LksBoard *board,
                            LksDevelopmentGoal goal,
                            LksVault *vault)
{
  LksDevelopmentDialog *self =
      g_object_new (LKS_TYPE_DEVELOPMENT_DIALOG, "transient-for", parent, "title",
                    goal == LKS_DEVELOPMENT_GOAL_DEVELOPMENT ? _ ("Prepare for Development")
                                                             : _ ("Prepare for Cloud Tests"),
                    NULL);

  self->job = lks_development_job_new (board, goal, vault);
  g_signal_connect_swapped (self->job, "stepped", G_CALLBACK (stepped_cb), self);
  g_signal_connect_swapped (self->job, "phase-changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (self->job, "ended", G_CALLBACK (ended_cb), self);
  lks_development_place_set_goal (self->place, goal);
  if (vault != NULL)
    {
      g_signal_connect_object (lks_vault_get_items (vault), "items-changed", G_CALLBACK (show_file),
                               self, G_CONNECT_SWAPPED);
      lks_vault_open_async (vault, self->cancellable, NULL, NULL); /* its list tells */
    }
  show_steps (self);
  begin (self, LKS_DEVELOPMENT_PHASE_LOOK);
  return self;
}
