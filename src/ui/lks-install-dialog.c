/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-install-dialog.h"

#include "lks-aspect-row.h"
#include "lks-error-text.h"
#include "lks-file-opener.h"
#include "lks-install-job.h"
#include "lks-package-row.h"
#include "lks-service-row.h"
#include "lks-software-text.h"
#include "lks-widget.h"

#include <glib/gi18n-lib.h>

typedef enum
{
  STEP_LOADING,    /* the files are read */
  STEP_INSPECTED,  /* what they are is shown, and no more can be said */
  STEP_PLANNING,   /* the board is asked */
  STEP_READY,      /* the person decides */
  STEP_INSTALLING, /* under way */
  STEP_DONE,       /* proven */
} Step;

struct _LksInstallDialog
{
  AdwWindow parent_instance;

  GtkLabel *note;             /* template child */
  GtkListBox *packages_list;  /* template child */
  GtkWidget *plan_box;        /* template child */
  LksAspectRow *forecast_row; /* template child */
  GtkWidget *findings_group;  /* template child */
  GtkListBox *findings_list;  /* template child */
  GtkWidget *start_row;       /* template child */
  GtkSwitch *start_switch;    /* template child */
  GtkWidget *force_row;       /* template child */
  GtkSwitch *force_switch;    /* template child */
  GtkWidget *progress_box;    /* template child */
  GtkLabel *progress_label;   /* template child */
  GtkProgressBar *progress;   /* template child */
  GtkLabel *problem;          /* template child */
  GtkButton *close_button;    /* template child */
  GtkButton *known_button;    /* template child */
  GtkButton *install_button;  /* template child */

  LksBoard *board; /* (owned) (nullable) */
  LksInstallKind kind;
  GPtrArray *packages;       /* (owned) (nullable) of LksSideloadPackage */
  LksSideloadPlan *plan;     /* (owned) (nullable): for @packages */
  LksSideloadResult *result; /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned): of what is under way */
  Step step;
};

G_DEFINE_FINAL_TYPE (LksInstallDialog, lks_install_dialog, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_INSTALLED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* ---- what is shown ---- */

static const char *
describe_step (LksInstallDialog *self)
{
  switch (self->step)
    {
    case STEP_LOADING:
      return _ ("Reading the files…");
    case STEP_INSPECTED:
      return self->board == NULL ? _ ("This is what the files say about themselves.")
                                 : _ ("The board was not asked, or did not answer.");
    case STEP_PLANNING:
      return _ ("Asking the board what is installed…");
    case STEP_READY:
      if (gtk_widget_get_visible (GTK_WIDGET (self->problem)))
        return _ ("The reason why it was not done stands below. The board was asked again since.");
      return self->kind == LKS_INSTALL_KIND_REMOVAL
                 ? _ ("Nothing was sent yet. The empty capability file takes away what is stored "
                      "on this board, and the board restarts.")
                 : _ ("Nothing was sent yet. Look what the images are and what they will do.");
    case STEP_INSTALLING:
      return _ ("Leave the cable in. Up to the installation it can be stopped; afterwards only the "
                "waiting can.");
    case STEP_DONE:
      break;
    }

  if (self->kind == LKS_INSTALL_KIND_REMOVAL)
    return _ ("Done. The board has restarted, and lists no stored capability any more.");

  return self->result->has_restarted
             ? _ ("Done. The board has restarted, and says that it has these very images.")
             : _ ("Done. The board says that it has these very images.");
}

static gboolean
has_app (LksInstallDialog *self)
{
  for (guint i = 0; self->packages != NULL && i < self->packages->len; i++)
    {
      const LksSideloadPackage *package = g_ptr_array_index (self->packages, i);

      if (package->inspection->metadata->image_type == LKS_IMAGE_TYPE_APPLICATION)
        return TRUE;
    }

  return FALSE;
}

/* What must never be done is not offered; what will fail only when the person insists. */
static gboolean
can_install (LksInstallDialog *self)
{
  LksFindingLevel level;

  if (self->step != STEP_READY)
    return FALSE;

  level = lks_sideload_plan_get_level (self->plan);
  return level <= LKS_FINDING_LEVEL_WARNING ||
         (level == LKS_FINDING_LEVEL_PROBLEM && gtk_switch_get_active (self->force_switch));
}

static const char *
describe_consent (LksInstallDialog *self)
{
  LksRestartForecast forecast = self->plan != NULL ? self->plan->forecast : LKS_RESTART_FORECAST_NO;

  if (self->kind == LKS_INSTALL_KIND_REMOVAL)
    return _ ("Remove and Restart Board");
  if (forecast == LKS_RESTART_FORECAST_YES)
    return _ ("Install and Restart Board");

  return forecast == LKS_RESTART_FORECAST_CANNOT_TELL ? _ ("Install, Even If It Restarts")
                                                      : _ ("Install");
}

static void
update_buttons (LksInstallDialog *self)
{
  gboolean is_open = self->step == STEP_READY || self->step == STEP_PLANNING;

  gtk_button_set_label (self->close_button,
                        self->step == STEP_INSTALLING                             ? _ ("Stop")
                        : self->step == STEP_DONE || self->step == STEP_INSPECTED ? _ ("Close")
                                                                                  : _ ("Cancel"));
  gtk_button_set_label (self->install_button, describe_consent (self));
  gtk_widget_set_visible (GTK_WIDGET (self->install_button), is_open);
  gtk_widget_set_sensitive (GTK_WIDGET (self->install_button), can_install (self));
  gtk_widget_set_visible (GTK_WIDGET (self->known_button),
                          self->step == STEP_READY && has_app (self) &&
                              self->plan->forecast == LKS_RESTART_FORECAST_CANNOT_TELL);
}

static void
update (LksInstallDialog *self)
{
  gboolean is_ready = self->step == STEP_READY;

  gtk_label_set_label (self->note, describe_step (self));
  gtk_widget_set_visible (self->plan_box, is_ready);
  gtk_widget_set_visible (self->start_row, is_ready && has_app (self));
  gtk_widget_set_visible (self->force_row, is_ready && lks_sideload_plan_get_level (self->plan) ==
                                                           LKS_FINDING_LEVEL_PROBLEM);
  gtk_widget_set_visible (self->progress_box, self->step == STEP_INSTALLING);
  update_buttons (self);
}

static void
set_step (LksInstallDialog *self, Step step)
{
  self->step = step;
  update (self);
}

static void
show_problem (LksInstallDialog *self, const GError *error)
{
  g_autofree char *text = lks_error_to_text (error);

  gtk_label_set_label (self->problem, text);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), error != NULL);
}

static void
show_packages (LksInstallDialog *self)
{
  lks_widget_clear_list (self->packages_list);
  for (guint i = 0; self->packages != NULL && i < self->packages->len; i++)
    {
      const LksSideloadPackage *package = g_ptr_array_index (self->packages, i);
      const LksSideloadOutcome *outcome =
          self->result != NULL ? g_ptr_array_index (self->result->outcomes, i) : NULL;

      gtk_list_box_append (self->packages_list,
                           lks_package_row_new (package, self->plan != NULL, outcome));
    }
}

static const char *
find_reason (const LksSideloadPlan *plan)
{
  for (guint i = 0; i < plan->packages->len; i++)
    {
      const LksSideloadPackage *package = g_ptr_array_index (plan->packages, i);

      if (package->forecast == plan->forecast)
        return _ (package->forecast_reason);
    }

  return "";
}

static void
show_plan (LksInstallDialog *self)
{
  const LksSideloadPlan *plan = self->plan;
  LksSign sign = lks_sign_for_restart_forecast (plan->forecast);

  lks_aspect_row_set_sign (self->forecast_row, &sign);
  lks_aspect_row_set_explanation (self->forecast_row, find_reason (plan));
  lks_widget_clear_list (self->findings_list);
  for (guint i = 0; i < plan->findings->len; i++)
    {
      const LksFinding *finding = g_ptr_array_index (plan->findings, i);
      LksSign level = lks_sign_for_finding_level (finding->level);

      gtk_list_box_append (self->findings_list,
                           lks_service_row_new (_ (lks_finding_code_get_title (finding->code)),
                                                finding->detail, &level));
    }
  gtk_widget_set_visible (self->findings_group, plan->findings->len > 0);
}

/* ---- planning ---- */

static void
renew_cancellable (LksInstallDialog *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
}

static void
planned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksInstallDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  LksSideloadPlan *plan = lks_packages_plan_finish (result, &error);

  if (self->board == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_pointer (&plan, lks_sideload_plan_free);
      return;
    }

  self->plan = plan;
  if (error != NULL)
    show_problem (self, error);
  else
    show_plan (self);
  show_packages (self);
  set_step (self, plan != NULL ? STEP_READY : STEP_INSPECTED);
}

static void
start_planning (LksInstallDialog *self)
{
  renew_cancellable (self);
  g_clear_pointer (&self->plan, lks_sideload_plan_free);
  show_packages (self);
  set_step (self, STEP_PLANNING);
  lks_packages_plan_async (self->board, self->packages, self->cancellable, planned_cb,
                           g_object_ref (self));
}

/* ---- reading files ---- */

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksInstallDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  self->packages = lks_packages_load_finish (result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  show_problem (self, error);
  if (self->packages != NULL && self->board != NULL)
    {
      start_planning (self);
      return;
    }
  show_packages (self);
  set_step (self, STEP_INSPECTED);
}

static void
known_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksInstallDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) known = lks_packages_load_finish (result, &error);

  if (self->step != STEP_READY)
    return;

  show_problem (self, error);
  if (known != NULL)
    start_planning (self);
}

static void
known_opened_cb (GtkWidget *owner, const char *const *paths)
{
  lks_packages_load_async (paths, FALSE, NULL, known_loaded_cb, g_object_ref (owner));
}

/* Packages of what is installed now tell what it uses. */
static void
known_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  lks_file_opener_ask (widget, _ ("Packages of What Is Installed"),
                       _ ("Image packages (*.imagepackage)"), "*.imagepackage", TRUE,
                       known_opened_cb);
}

/* ---- installing ---- */

static void
progress_cb (const LksSideloadProgress *progress, gpointer user_data)
{
  LksInstallDialog *self = user_data;
  g_autofree char *text = lks_sideload_progress_to_text (progress, self->plan);

  gtk_label_set_label (self->progress_label, text);
  if (progress->step == LKS_SIDELOAD_STEP_SEND && progress->total_bytes > 0)
    gtk_progress_bar_set_fraction (self->progress,
                                   (double) progress->sent_bytes / (double) progress->total_bytes);
  else
    gtk_progress_bar_pulse (self->progress);
}

static void
installed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksInstallDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  self->result = lks_plan_install_finish (result, &error);
  if (self->board == NULL)
    return; /* the window is gone; the page reads by itself what became of it */

  g_signal_emit (self, signals[SIGNAL_INSTALLED], 0);
  show_problem (self, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? NULL : error);
  if (self->result == NULL)
    {
      start_planning (self); /* the board may be another one by now */
      return;
    }
  show_packages (self);
  set_step (self, STEP_DONE);
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->close_button));
}

static void
install_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksInstallDialog *self = LKS_INSTALL_DIALOG (widget);

  if (!can_install (self))
    return;

  renew_cancellable (self);
  show_problem (self, NULL);
  gtk_progress_bar_set_fraction (self->progress, 0);
  gtk_label_set_label (self->progress_label, "");
  set_step (self, STEP_INSTALLING);
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->close_button));
  lks_plan_install_async (self->board, self->plan, gtk_switch_get_active (self->start_switch),
                          gtk_switch_get_active (self->force_switch), progress_cb, self,
                          self->cancellable, installed_cb, g_object_ref (self));
}

/* ---- the window ---- */

static void
close_clicked_cb (LksInstallDialog *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

/* While something is under way, closing means stopping: what became of it must be seen. */
static gboolean
lks_install_dialog_close_request (GtkWindow *window)
{
  LksInstallDialog *self = LKS_INSTALL_DIALOG (window);

  g_cancellable_cancel (self->cancellable);
  if (self->step == STEP_INSTALLING)
    return GDK_EVENT_STOP;

  return GTK_WINDOW_CLASS (lks_install_dialog_parent_class)->close_request (window);
}

static void
lks_install_dialog_dispose (GObject *object)
{
  LksInstallDialog *self = LKS_INSTALL_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->board);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_INSTALL_DIALOG);
  G_OBJECT_CLASS (lks_install_dialog_parent_class)->dispose (object);
}

/* Plan and packages stay until the work that uses them has called back. */
static void
lks_install_dialog_finalize (GObject *object)
{
  LksInstallDialog *self = LKS_INSTALL_DIALOG (object);

  g_clear_pointer (&self->result, lks_sideload_result_free);
  g_clear_pointer (&self->plan, lks_sideload_plan_free);
  g_clear_pointer (&self->packages, g_ptr_array_unref);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (lks_install_dialog_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, LksInstallDialog, note);
  gtk_widget_class_bind_template_child (widget_class, LksInstallDialog, packages_list);
  gtk_widget_class_bind_template_child (widget_class, LksInstallDialog, plan_box);
  gtk_widget_class_bind_template_child (widget_class, LksInstallDialog, forecast_row);
  gtk_widget_class_bind_template_child (widget_class, LksInstallDialog, findings_group);
  gtk_widget_class_bind_template_child (widget_class, LksInstallDialog, findings_list);
  gtk_widget_class_bind_template_child (widget_class, LksInstallDialog, start_row);
  gtk_widget_class_bind_template_child (widget_class, LksInstallDialog, start_switch);
  gtk_widget_class_bind_template_child (widget_class, LksInstallDialog, force_row);
  gtk_widget_class_bind_template_child (widget_class, LksInstallDialog, force_switch);
  gtk_widget_class_bind_template_child (widget_class, LksInstallDialog, progress_box);
  gtk_widget_class_bind_template_child (widget_class, LksInstallDialog, progress_label);
  gtk_widget_class_bind_template_child (widget_class, LksInstallDialog, progress);
  gtk_widget_class_bind_template_child (widget_class, LksInstallDialog, problem);
  gtk_widget_class_bind_template_child (widget_class, LksInstallDialog, close_button);
  gtk_widget_class_bind_template_child (widget_class, LksInstallDialog, known_button);
  gtk_widget_class_bind_template_child (widget_class, LksInstallDialog, install_button);
}

static void
lks_install_dialog_class_init (LksInstallDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_install_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = lks_install_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = lks_install_dialog_close_request;

  /**
   * LksInstallDialog::installed:
   * @self: the dialog
   *
   * The board's software may have changed.
   */
  signals[SIGNAL_INSTALLED] = g_signal_new ("installed", G_TYPE_FROM_CLASS (klass),
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (LKS_TYPE_ASPECT_ROW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-install-dialog.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, close_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_buttons);
  gtk_widget_class_install_action (widget_class, "install.run", NULL, install_action);
  gtk_widget_class_install_action (widget_class, "install.add-known", NULL, known_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lks_install_dialog_init (LksInstallDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

static const char *
get_title (const LksInstallDialog *self)
{
  if (self->kind == LKS_INSTALL_KIND_REMOVAL)
    return _ ("Remove the Stored Capability");

  return self->board != NULL ? _ ("Install Images") : _ ("Image Packages");
}

/**
 * lks_install_dialog_new:
 * @parent: the window in front of which it is shown
 * @board: (nullable): the board; NULL to look at the files only
 * @kind: what the files are for
 * @paths: (array zero-terminated=1): image packages, or what somebody takes for them
 *
 * Creates the dialog, which begins to read the files.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksInstallDialog *
lks_install_dialog_new (GtkWindow *parent,
                        LksBoard *board,
                        LksInstallKind kind,
                        const char *const *paths)
{
  LksInstallDialog *self = g_object_new (LKS_TYPE_INSTALL_DIALOG, "transient-for", parent, NULL);

  g_set_object (&self->board, board);
  self->kind = kind;
  gtk_window_set_title (GTK_WINDOW (self), get_title (self));
  set_step (self, STEP_LOADING);
  lks_packages_load_async (paths, kind == LKS_INSTALL_KIND_REMOVAL, self->cancellable, loaded_cb,
                           g_object_ref (self));
  return self;
}
