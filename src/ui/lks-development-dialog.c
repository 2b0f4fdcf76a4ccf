/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-development-dialog.h"

#include "lks-aspect-row.h"
#include "lks-capability.h"
#include "lks-development-text.h"
#include "lks-error-text.h"
#include "lks-file-opener.h"

#include <glib/gi18n-lib.h>

typedef enum
{
  WORK_NONE,
  WORK_LOOK,
  WORK_FETCH, /* the key comes from the vault */
  WORK_RUN,
  WORK_BACK,
} Work;

struct _LksDevelopmentDialog
{
  AdwWindow parent_instance;

  GtkLabel *note;                            /* template child */
  GtkWidget *file_group;                     /* template child */
  AdwActionRow *file_row;                    /* template child */
  GtkListBox *steps_list;                    /* template child */
  GtkLabel *problem;                         /* template child */
  GtkSpinner *spinner;                       /* template child */
  GtkButton *close_button;                   /* template child */
  GtkButton *back_button;                    /* template child */
  GtkButton *begin_button;                   /* template child */
  LksAspectRow *rows[LKS_DEVELOPMENT_STEPS]; /* (unowned) */

  LksBoard *board;             /* (owned) (nullable): NULL once the window is gone */
  LksVault *vault;             /* (owned) (nullable) */
  LksDevelopment *development; /* (owned): touched by the board's worker while @work lasts */
  LksSecret *file;             /* (owned) (nullable): what the person has chosen */
  char *file_text;             /* (owned) (nullable): what it is */
  GCancellable *cancellable;   /* (owned): of what is under way */
  Work work;
  Work wanted;          /* what the key is fetched for */
  gboolean may_be_done; /* the board was read, and this may be done to it */
  gboolean was_put_back;
  gboolean is_file_new; /* chosen since the last begin */
};

G_DEFINE_FINAL_TYPE (LksDevelopmentDialog, lks_development_dialog, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static gboolean
is_for_development (LksDevelopmentDialog *self)
{
  return lks_development_get_goal (self->development) == LKS_DEVELOPMENT_GOAL_DEVELOPMENT;
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

static void
show_steps (LksDevelopmentDialog *self)
{
  for (guint step = 0; step < LKS_DEVELOPMENT_STEPS; step++)
    show_step (self, step, lks_development_get_state (self->development, step),
               lks_development_get_note (self->development, step),
               lks_development_get_subject (self->development, step));
}

static void
show_problem (LksDevelopmentDialog *self, const GError *error)
{
  g_autofree char *text = lks_error_to_text (error);

  gtk_label_set_label (self->problem, text);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), error != NULL);
}

static const char *
describe_rest (LksDevelopmentDialog *self)
{
  if (lks_development_is_done (self->development))
    return _ ("Done on the board. What is left to do by hand stands below.");
  if (lks_development_is_half_done (self->development))
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
  switch (self->work)
    {
    case WORK_LOOK:
      return _ ("Asking the board…");
    case WORK_FETCH:
      return _ ("Fetching the capability from the vault…");
    case WORK_RUN:
      return _ ("Leave the cable in. The board restarts on the way.");
    case WORK_BACK:
      return _ ("Leave the cable in. The board is put back.");
    case WORK_NONE:
      break;
    }

  return describe_rest (self);
}

static LksVaultItem *
find_item (LksDevelopmentDialog *self)
{
  if (self->vault == NULL || self->board == NULL)
    return NULL;

  return lks_vault_find_for (self->vault, lks_board_get_device_id (self->board),
                             LKS_CAPABILITY_APP_DEVELOPMENT);
}

/* Only a key can be in the vault, never the empty file. */
static gboolean
takes_key (LksDevelopmentDialog *self, Work work)
{
  return is_for_development (self) ? work == WORK_RUN : work == WORK_BACK;
}

static void
show_file (LksDevelopmentDialog *self)
{
  const char *text;

  if (self->file_text != NULL)
    text = self->file_text;
  else if (self->work == WORK_NONE && lks_development_is_done (self->development))
    text = is_for_development (self) ? _ ("The way back takes the empty one for this board.")
                                     : _ ("The way back takes the one with what was stored before, "
                                          "if anything was.");
  else if (takes_key (self, WORK_RUN) && find_item (self) != NULL)
    text = _ ("The vault has the one for this board. It is fetched when you begin.");
  else
    text = is_for_development (self)
               ? _ ("Choose the one with app development for this board.")
               : _ ("Choose the empty one for this board: the cloud gives it when no capability "
                    "is named for the download.");
  adw_action_row_set_subtitle (self->file_row, text);
}

/* A board that is so already, or that this is not done to, takes none. */
static gboolean
is_file_asked (LksDevelopmentDialog *self)
{
  return self->file != NULL || lks_development_needs_file (self->development) ||
         lks_development_may_go_back (self->development);
}

static const char *
describe_begin (LksDevelopmentDialog *self)
{
  if (!self->may_be_done || lks_development_is_half_done (self->development))
    return _ ("Try Again");

  return is_file_asked (self) ? _ ("Begin and Restart Board") : _ ("Begin");
}

static void
update (LksDevelopmentDialog *self)
{
  gboolean is_idle = self->work == WORK_NONE;
  gboolean may_go_back = is_idle && lks_development_may_go_back (self->development);
  gboolean is_done = is_idle && lks_development_is_done (self->development);

  gtk_label_set_label (self->note, describe (self));
  show_file (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self->file_row), is_idle);
  if (is_idle)
    gtk_widget_set_visible (self->file_group, is_file_asked (self));
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), !is_idle);
  gtk_spinner_set_spinning (self->spinner, !is_idle);
  gtk_button_set_label (self->close_button,
                        is_idle || self->work == WORK_LOOK ? _ ("Close") : _ ("Stop"));
  gtk_widget_set_visible (GTK_WIDGET (self->back_button), may_go_back);
  if (is_idle)
    gtk_button_set_label (self->begin_button, describe_begin (self));
  gtk_widget_set_visible (GTK_WIDGET (self->begin_button), !is_done);
  gtk_widget_set_sensitive (GTK_WIDGET (self->begin_button), is_idle);
}

/* ---- the work ---- */

typedef struct
{
  LksDevelopmentDialog *self; /* (owned) */
  LksDevelopmentStep step;
  LksDevelopmentState state;
  const char *note;
  char *subject; /* (owned) */
} Update;

static gboolean
show_update_cb (gpointer data)
{
  Update *news = data;

  if (news->self->board != NULL)
    show_step (news->self, news->step, news->state, news->note, news->subject);
  return G_SOURCE_REMOVE;
}

static void
update_free (gpointer data)
{
  Update *news = data;

  g_object_unref (news->self);
  g_free (news->subject);
  g_free (news);
}

/* The board's worker thread. */
static void
stepped_cb (const LksDevelopment *development, LksDevelopmentStep step, gpointer user_data)
{
  Update *news = g_new0 (Update, 1);

  news->self = g_object_ref (user_data);
  news->step = step;
  news->state = lks_development_get_state (development, step);
  news->note = lks_development_get_note (development, step);
  news->subject = g_strdup (lks_development_get_subject (development, step));
  g_idle_add_full (G_PRIORITY_DEFAULT, show_update_cb, news, update_free);
}

typedef struct
{
  LksDevelopmentDialog *self; /* (unowned): the callback holds it */
  Work work;
  LksPeripheralLock lock;
} Job;

/* The board's worker thread. */
static gboolean
job_cb (LksDevice *device, gpointer data, GCancellable *cancellable, GError **error)
{
  const Job *job = data;
  LksDevelopment *development = job->self->development;

  if (job->work == WORK_LOOK)
    return lks_development_look (development, device, job->lock, cancellable, error);
  if (job->work == WORK_BACK)
    return lks_development_put_back (development, device, job->lock, cancellable, error);
  return lks_development_run (development, device, job->lock, cancellable, error);
}

static void
worked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksDevelopmentDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_ok = lks_board_run_finish (LKS_BOARD (source), result, &error);
  Work work = self->work;

  self->work = WORK_NONE;
  if (self->board == NULL)
    return; /* the window is gone */

  if (is_ok || lks_development_get_state (self->development, LKS_DEVELOPMENT_STEP_CHECK) !=
                   LKS_DEVELOPMENT_STATE_FAILED)
    self->may_be_done = TRUE;
  self->was_put_back = is_ok && work == WORK_BACK;
  show_steps (self);
  show_problem (self, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? NULL : error);
  update (self);
  if (work == WORK_LOOK)
    return;

  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  if (is_ok)
    gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->close_button));
}

static void
renew_cancellable (LksDevelopmentDialog *self)
{
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
}

static void
start (LksDevelopmentDialog *self, Work work)
{
  Job *job = g_new0 (Job, 1);

  job->self = self;
  job->work = work;
  job->lock = lks_board_status_get_peripheral_lock (lks_board_get_status (self->board), NULL);
  self->work = work;
  show_problem (self, NULL);
  update (self);
  lks_board_run_async (self->board, job_cb, job, g_free, self->cancellable, worked_cb,
                       g_object_ref (self));
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksDevelopmentDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCapabilityKey) key =
      lks_vault_fetch_key_finish (LKS_VAULT (source), result, &error);
  g_autoptr (LksSecret) bytes = key != NULL ? lks_capability_key_dup_bytes (key) : NULL;

  self->work = WORK_NONE;
  if (self->board == NULL)
    return;
  if (bytes != NULL)
    {
      lks_development_set_file (self->development, bytes);
      start (self, self->wanted);
      return;
    }

  show_problem (self, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? NULL : error);
  update (self);
}

/* What the person has chosen goes before what the vault has. The file that led there does not lead
 * back. */
static gboolean
takes_chosen (LksDevelopmentDialog *self, Work work)
{
  return self->file != NULL && (work != WORK_BACK || self->is_file_new);
}

static void
begin (LksDevelopmentDialog *self, Work work)
{
  LksVaultItem *item =
      takes_key (self, work) && !takes_chosen (self, work) ? find_item (self) : NULL;

  if (self->work != WORK_NONE)
    return;

  renew_cancellable (self);
  self->was_put_back = FALSE;
  self->is_file_new = FALSE;
  lks_development_set_file (self->development, self->file);
  if (item == NULL)
    {
      start (self, work);
      return;
    }

  self->work = WORK_FETCH;
  self->wanted = work;
  update (self);
  lks_vault_fetch_key_async (self->vault, item, self->cancellable, fetched_cb, g_object_ref (self));
}

static void
begin_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksDevelopmentDialog *self = LKS_DEVELOPMENT_DIALOG (widget);

  begin (self, self->may_be_done ? WORK_RUN : WORK_LOOK);
}

static void
back_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  begin (LKS_DEVELOPMENT_DIALOG (widget), WORK_BACK);
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

  g_clear_pointer (&self->file, lks_secret_unref);
  g_free (self->file_text);
  self->file = g_steal_pointer (&bytes);
  self->is_file_new = TRUE;
  self->file_text = lks_development_file_to_text (self->file, name);
  update (self);
}

static void
opened_cb (GtkWidget *owner, const char *const *paths)
{
  LksDevelopmentDialog *self = LKS_DEVELOPMENT_DIALOG (owner);

  if (self->board != NULL && self->work == WORK_NONE)
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

  g_cancellable_cancel (self->cancellable);
  if (self->work == WORK_RUN || self->work == WORK_BACK)
    return GDK_EVENT_STOP;

  return GTK_WINDOW_CLASS (lks_development_dialog_parent_class)->close_request (window);
}

static void
lks_development_dialog_dispose (GObject *object)
{
  LksDevelopmentDialog *self = LKS_DEVELOPMENT_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->vault);
  g_clear_object (&self->board);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_DEVELOPMENT_DIALOG);
  G_OBJECT_CLASS (lks_development_dialog_parent_class)->dispose (object);
}

/* The sequence stays until the work on it has called back. */
static void
lks_development_dialog_finalize (GObject *object)
{
  LksDevelopmentDialog *self = LKS_DEVELOPMENT_DIALOG (object);

  g_clear_pointer (&self->development, lks_development_free);
  g_clear_pointer (&self->file, lks_secret_unref);
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

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-development-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentDialog, note);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentDialog, file_group);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentDialog, file_row);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentDialog, steps_list);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentDialog, problem);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentDialog, close_button);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentDialog, back_button);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentDialog, begin_button);
  gtk_widget_class_bind_template_callback (widget_class, close_clicked_cb);
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

  self->board = g_object_ref (board);
  self->development = lks_development_new (goal);
  lks_development_set_func (self->development, stepped_cb, self);
  if (g_set_object (&self->vault, vault))
    {
      g_signal_connect_object (lks_vault_get_items (vault), "items-changed", G_CALLBACK (show_file),
                               self, G_CONNECT_SWAPPED);
      lks_vault_open_async (vault, self->cancellable, NULL, NULL); /* its list tells */
    }
  show_steps (self);
  start (self, WORK_LOOK);
  return self;
}
