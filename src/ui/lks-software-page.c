/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-software-page.h"

#include "lks-app-control.h"
#include "lks-board-view.h"
#include "lks-console-window.h"
#include "lks-delete-dialog.h"
#include "lks-development-dialog.h"
#include "lks-enums.h"
#include "lks-file-opener.h"
#include "lks-install-dialog.h"
#include "lks-operator-gate.h"
#include "lks-service-row.h"
#include "lks-software-delete.h"
#include "lks-software-text.h"
#include "lks-value-item.h"

#include <glib/gi18n-lib.h>

struct _LksSoftwarePage
{
  LksServicePage parent_instance;

  GtkLabel *notes_label;      /* template child */
  AdwPreferencesGroup *apps;  /* template child */
  GtkListBox *apps_list;      /* template child */
  GtkWidget *empty_label;     /* template child */
  GtkWidget *stored_group;    /* template child */
  AdwActionRow *stored_row;   /* template child */
  AdwActionRow *memory_row;   /* template child */
  AdwExpanderRow *system_row; /* template child */
  GListStore *items;          /* (owned) of LksValueItem with LksSoftwareItem: the applications */
  GPtrArray *parts;           /* (owned) of GtkWidget (unowned): rows of @system_row */
  LksSoftwareView *view;      /* (owned) (nullable): what is shown */
};

G_DEFINE_FINAL_TYPE (LksSoftwarePage, lks_software_page, LKS_TYPE_SERVICE_PAGE)

/* ---- what is shown ---- */

static void
nothing_to_free (gpointer unused)
{
}

static void
add_button (GtkWidget *row,
            const LksSoftwareItem *item,
            const char *label,
            const char *format,
            const char *action_name)
{
  g_autofree char *title = lks_software_item_to_title (item);
  g_autofree char *spoken = g_strdup_printf ("%s %s", format, title);

  lks_service_row_add_button (row, label, spoken, action_name,
                              g_variant_new_string (item->component_id));
}

/* The debug server starts and stops with what is debugged. */
static GtkWidget *
create_app_row (gpointer value_item, gpointer unused)
{
  const LksSoftwareItem *item = lks_value_item_get_value (value_item);
  LksSign sign = lks_sign_for_app_state (item->state);
  g_autofree char *title = lks_software_item_to_title (item);
  g_autofree char *text = lks_software_item_to_text (item);
  GtkWidget *row = lks_service_row_new (title, text, &sign);

  if (lks_software_item_is_debugger (item))
    ;
  else if (item->state == LKS_APP_STATE_STOPPED)
    add_button (row, item, _ ("Start"), _ ("Start"), "software.start");
  else
    add_button (row, item, _ ("Stop"), _ ("Stop"), "software.stop");
  if (!lks_software_item_is_debugger (item))
    add_button (row, item, _ ("Output"), _ ("Show the output of"), "software.output");
  add_button (row, item, _ ("Delete…"), _ ("Delete"), "software.delete");
  return row;
}

static void
clear_parts (LksSoftwarePage *self)
{
  for (guint i = 0; i < self->parts->len; i++)
    adw_expander_row_remove (self->system_row, g_ptr_array_index (self->parts, i));
  g_ptr_array_set_size (self->parts, 0);
}

static void
add_part (LksSoftwarePage *self, const LksSoftwareItem *item)
{
  g_autofree char *title = lks_software_item_to_title (item);
  g_autofree char *text = lks_software_item_to_text (item);
  GtkWidget *row = lks_service_row_new (title, text, NULL);

  adw_expander_row_add_row (self->system_row, row);
  g_ptr_array_add (self->parts, row);
}

static void
show_items (LksSoftwarePage *self, const LksSoftware *software)
{
  g_autofree char *summary = lks_software_to_summary (software);
  g_autofree char *parts = NULL;
  guint n;

  for (guint i = 0; i < software->items->len; i++)
    {
      LksSoftwareItem *item = g_ptr_array_index (software->items, i);

      if (lks_software_item_is_app (item))
        lks_value_item_append (self->items, item, nothing_to_free);
      else
        add_part (self, item);
    }

  n = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  adw_preferences_group_set_description (self->apps, summary);
  gtk_widget_set_visible (GTK_WIDGET (self->apps_list), n > 0);
  gtk_widget_set_visible (self->empty_label, n == 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "software.delete-several", n > 0);
  parts = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u component", "%u components",
                                        self->parts->len),
                           self->parts->len);
  adw_expander_row_set_subtitle (self->system_row, parts);
}

/* As just read: what the board's status knows may be from before a change. */
static void
show_stored (LksSoftwarePage *self)
{
  const GArray *stored = self->view->stored;
  gsize n_numbers = stored != NULL ? stored->len : 0;
  const guint32 *numbers = stored != NULL ? (const guint32 *) (gconstpointer) stored->data : NULL;
  g_autofree char *names = lks_capabilities_to_text (numbers, n_numbers);

  gtk_widget_set_visible (self->stored_group, n_numbers > 0);
  adw_action_row_set_subtitle (self->stored_row, names);
}

static void
lks_software_page_clear (LksServicePage *page)
{
  LksSoftwarePage *self = LKS_SOFTWARE_PAGE (page);

  /* The rows go before what they show. */
  g_list_store_remove_all (self->items);
  clear_parts (self);
  g_clear_pointer (&self->view, lks_software_view_unref);
}

static void
viewed_cb (LksServicePage *page, gpointer job_data, gboolean is_ok)
{
  LksSoftwarePage *self = LKS_SOFTWARE_PAGE (page);
  LksSoftwareView *view = job_data;
  g_autofree char *notes = NULL;
  g_autofree char *memory = NULL;

  if (!is_ok)
    return;

  lks_software_page_clear (page);
  self->view = lks_software_view_ref (view);
  show_items (self, view->software);
  show_stored (self);
  notes = lks_software_to_notes (view->software);
  gtk_label_set_label (self->notes_label, notes);
  gtk_widget_set_visible (GTK_WIDGET (self->notes_label), notes[0] != '\0');
  memory = lks_software_view_memory_to_text (view);
  adw_action_row_set_subtitle (self->memory_row, memory);
}

static void
lks_software_page_refresh (LksServicePage *page)
{
  lks_service_page_read (page, lks_software_view_job, lks_software_view_new (),
                         lks_software_view_unref, viewed_cb);
}

/* ---- start, stop ---- */

typedef struct
{
  char *component_id; /* (owned) */
  LksAppTrigger trigger;
} Trigger;

static void
trigger_free (gpointer data)
{
  Trigger *trigger = data;

  g_free (trigger->component_id);
  g_free (trigger);
}

static gboolean
trigger_job (LksDevice *device, gpointer data, GCancellable *cancellable, GError **error)
{
  const Trigger *trigger = data;
  g_autoptr (LksAppStatus) status =
      lks_app_trigger (device, trigger->component_id, trigger->trigger, cancellable, error);

  return status != NULL;
}

static void
trigger_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gboolean is_start = g_str_equal (action_name, "software.start");
  Trigger *trigger = g_new0 (Trigger, 1);

  trigger->component_id = g_variant_dup_string (parameter, NULL);
  trigger->trigger = is_start ? LKS_APP_TRIGGER_START : LKS_APP_TRIGGER_STOP;
  lks_service_page_change (LKS_SERVICE_PAGE (widget),
                           is_start ? _ ("Starting the application…")
                                    : _ ("Stopping the application…"),
                           trigger_job, trigger, trigger_free, NULL);
}

/* ---- output ---- */

static GtkWindow *
open_console (LksSoftwarePage *self, LksBoard *board, const char *component_id)
{
  const LksSoftwareItem *item = lks_software_find (self->view->software, component_id);
  g_autofree char *title = lks_software_item_to_title (item);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  LksConsoleWindow *window = lks_console_window_new (GTK_WINDOW (root), board, component_id, title);

  g_signal_connect_object (window, "destroy", G_CALLBACK (lks_service_page_refresh), self,
                           G_CONNECT_SWAPPED);
  return GTK_WINDOW (window);
}

static void
output_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksSoftwarePage *self = LKS_SOFTWARE_PAGE (widget);
  LksBoard *board = lks_service_page_get_board (LKS_SERVICE_PAGE (self));
  const char *component_id = g_variant_get_string (parameter, NULL);
  LksConsoleWindow *window = lks_console_window_find (board, component_id);

  if (window != NULL)
    gtk_window_present (GTK_WINDOW (window));
  else if (self->view != NULL && lks_software_find (self->view->software, component_id) != NULL)
    gtk_window_present (open_console (self, board, component_id));
}

/* ---- delete ---- */

typedef struct
{
  char **component_ids; /* (owned) */
  LksPeripheralLock lock;
  LksDeletePlan *plan; /* (owned) (nullable) */
} Removal;

static void
removal_free (gpointer data)
{
  Removal *removal = data;

  g_strfreev (removal->component_ids);
  g_clear_pointer (&removal->plan, lks_delete_plan_free);
  g_free (removal);
}

/* What is installed is read again: the dialog may have been open for long. */
static gboolean
remove_job (LksDevice *device, gpointer data, GCancellable *cancellable, GError **error)
{
  Removal *removal = data;
  g_autoptr (LksSoftware) software = lks_software_read (device, NULL, cancellable, error);

  if (software == NULL)
    return FALSE;
  removal->plan = lks_delete_plan_new (software, removal->lock,
                                       (const char *const *) removal->component_ids, error);
  return removal->plan != NULL &&
         lks_delete_plan_run (removal->plan, device, TRUE, NULL, NULL, cancellable, error);
}

static void
removed_cb (LksServicePage *page, gpointer job_data, gboolean is_ok)
{
  const Removal *removal = job_data;

  if (is_ok)
    lks_service_page_toast (page, removal->plan->has_restarted
                                      ? _ ("Deleted; the board has restarted")
                                      : _ ("Deleted, and proven to be gone"));
}

static LksPeripheralLock
get_lock (LksServicePage *page)
{
  LksBoardStatus *status = lks_board_get_status (lks_service_page_get_board (page));

  return lks_board_status_get_peripheral_lock (status, NULL);
}

/* A question about one board; the answer may come when another one is selected. */
typedef struct
{
  LksServicePage *page; /* (owned) */
  LksBoard *board;      /* (owned) */
} Question;

static void
question_free (gpointer data, GClosure *unused)
{
  Question *question = data;

  g_object_unref (question->page);
  g_object_unref (question->board);
  g_free (question);
}

static void
apply_cb (LksDeleteDialog *dialog, gpointer user_data)
{
  Question *question = user_data;
  Removal *removal;

  if (lks_service_page_get_board (question->page) != question->board)
    return;

  removal = g_new0 (Removal, 1);
  removal->component_ids = lks_delete_dialog_dup_ids (dialog);
  removal->lock = get_lock (question->page);
  lks_service_page_change (question->page, _ ("Deleting from the board…"), remove_job, removal,
                           removal_free, removed_cb);
}

static void
ask_what_to_delete (LksSoftwarePage *self, const char *component_id)
{
  LksServicePage *page = LKS_SERVICE_PAGE (self);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  LksDeleteDialog *dialog;
  Question *question;

  if (self->view == NULL)
    return;

  dialog = lks_delete_dialog_new (GTK_WINDOW (root), self->view, get_lock (page), component_id);
  question = g_new0 (Question, 1);
  question->page = g_object_ref (page);
  question->board = g_object_ref (lks_service_page_get_board (page));
  g_signal_connect_data (dialog, "apply", G_CALLBACK (apply_cb), question, question_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
delete_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ask_what_to_delete (LKS_SOFTWARE_PAGE (widget),
                      parameter != NULL ? g_variant_get_string (parameter, NULL) : NULL);
}

/* ---- install ---- */

static void
open_install_dialog (LksSoftwarePage *self, LksInstallKind kind, const char *const *paths)
{
  LksBoard *board = lks_service_page_get_board (LKS_SERVICE_PAGE (self));
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  LksInstallDialog *dialog = lks_install_dialog_new (GTK_WINDOW (root), board, kind, paths);

  g_signal_connect_object (dialog, "installed", G_CALLBACK (lks_service_page_refresh), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
images_opened_cb (GtkWidget *owner, const char *const *paths)
{
  open_install_dialog (LKS_SOFTWARE_PAGE (owner), LKS_INSTALL_KIND_IMAGES, paths);
}

static void
install_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  lks_file_opener_ask (widget, _ ("Choose Images"), _ ("Image packages (*.imagepackage)"),
                       "*.imagepackage", TRUE, images_opened_cb);
}

static void
empty_file_opened_cb (GtkWidget *owner, const char *const *paths)
{
  open_install_dialog (LKS_SOFTWARE_PAGE (owner), LKS_INSTALL_KIND_REMOVAL, paths);
}

static void
remove_stored_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  lks_file_opener_ask (widget, _ ("The Empty Capability File of This Board"),
                       _ ("Capability files (*.cap)"), "*.cap", FALSE, empty_file_opened_cb);
}

/* ---- prepare ---- */

static void
prepare_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksServicePage *page = LKS_SERVICE_PAGE (widget);
  GtkWidget *view = gtk_widget_get_ancestor (widget, LKS_TYPE_BOARD_VIEW);
  LksVault *vault = view != NULL ? lks_board_view_get_vault (LKS_BOARD_VIEW (view)) : NULL;
  LksDevelopmentDialog *dialog;
  int goal;

  if (!lks_enum_from_nick (LKS_TYPE_DEVELOPMENT_GOAL, g_variant_get_string (parameter, NULL),
                           &goal) ||
      !lks_operator_permit (widget, LKS_OPERATOR_ACT_DEVELOP))
    return;

  dialog = lks_development_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)),
                                       lks_service_page_get_board (page), (LksDevelopmentGoal) goal,
                                       vault);
  g_signal_connect_object (dialog, "changed", G_CALLBACK (lks_service_page_refresh), page,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- the page ---- */

static void
lks_software_page_dispose (GObject *object)
{
  LksSoftwarePage *self = LKS_SOFTWARE_PAGE (object);

  if (self->items != NULL)
    lks_software_page_clear (LKS_SERVICE_PAGE (self));
  g_clear_object (&self->items);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_SOFTWARE_PAGE);
  G_OBJECT_CLASS (lks_software_page_parent_class)->dispose (object);
}

static void
lks_software_page_class_init (LksSoftwarePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_software_page_dispose;
  LKS_SERVICE_PAGE_CLASS (klass)->refresh = lks_software_page_refresh;
  LKS_SERVICE_PAGE_CLASS (klass)->clear = lks_software_page_clear;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-software-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LksSoftwarePage, notes_label);
  gtk_widget_class_bind_template_child (widget_class, LksSoftwarePage, apps);
  gtk_widget_class_bind_template_child (widget_class, LksSoftwarePage, apps_list);
  gtk_widget_class_bind_template_child (widget_class, LksSoftwarePage, empty_label);
  gtk_widget_class_bind_template_child (widget_class, LksSoftwarePage, stored_group);
  gtk_widget_class_bind_template_child (widget_class, LksSoftwarePage, stored_row);
  gtk_widget_class_bind_template_child (widget_class, LksSoftwarePage, memory_row);
  gtk_widget_class_bind_template_child (widget_class, LksSoftwarePage, system_row);
  gtk_widget_class_install_action (widget_class, "software.start", "s", trigger_action);
  gtk_widget_class_install_action (widget_class, "software.stop", "s", trigger_action);
  gtk_widget_class_install_action (widget_class, "software.output", "s", output_action);
  gtk_widget_class_install_action (widget_class, "software.delete", "s", delete_action);
  gtk_widget_class_install_action (widget_class, "software.delete-several", NULL, delete_action);
  gtk_widget_class_install_action (widget_class, "software.install", NULL, install_action);
  gtk_widget_class_install_action (widget_class, "software.remove-stored", NULL,
                                   remove_stored_action);
  gtk_widget_class_install_action (widget_class, "software.prepare", "s", prepare_action);
}

static void
lks_software_page_init (LksSoftwarePage *self)
{
  self->items = g_list_store_new (LKS_TYPE_VALUE_ITEM);
  self->parts = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_bind_model (self->apps_list, G_LIST_MODEL (self->items), create_app_row, self, NULL);
  lks_file_opener_accept_drop (GTK_WIDGET (self), images_opened_cb);
}
