/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-window.h"

#include "lks-boards-page.h"
#include "lks-claim-book.h"
#include "lks-cloud-home.h"
#include "lks-error-text.h"
#include "lks-file-opener.h"
#include "lks-install-dialog.h"
#include "lks-operator-gate.h"
#include "lks-operator-view.h"
#include "lks-os-dialog.h"
#include "lks-page-slot.h"
#include "lks-records-page.h"
#include "lks-route-dialog.h"
#include "lks-route.h"
#include "lks-session-banner.h"
#include "lks-session-dialog.h"
#include "lks-usb-buses.h"
#include "lks-vault-page.h"
#include "lks-wall-page.h"
#include "lks-window-leave.h"
#include "lks-wizard.h"

#include <glib/gi18n-lib.h>

struct _LksWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toast_overlay; /* template child */
  AdwViewStack *stack;            /* template child */
  GtkWidget *back_button;         /* template child */
  LksBoardsPage *boards_page;     /* template child */
  LksPageSlot *records_slot;      /* template child */
  AdwBin *banner_place;           /* template child */
  LksPageSlot *vault_slot;        /* template child */
  LksPageSlot *wall_slot;         /* template child */
  LksPageSlot *cloud_slot;        /* template child */
  AdwBin *operator_place;         /* template child */
  AdwBin *sign_in_place;          /* template child */
  GtkWidget *switcher_title;      /* template child */
  GtkWidget *switcher_bar;        /* template child */

  GSettings *settings;  /* (owned) */
  GListModel *boards;   /* (owned) (nullable) of LksBoard */
  LksLedger *ledger;    /* (owned) (nullable) */
  LksClaimBook *claims; /* (owned) */
  GError *ledger_error; /* (owned) (nullable) why there is no ledger */

  LksSessionKeeper *keeper;       /* (owned) (nullable) */
  GError *keeper_error;           /* (owned) (nullable) why there is none */
  LksWindowLeave *leave;          /* (owned) */
  LksVault *vault;                /* (owned) (nullable) */
  LksOperatorView *operator_view; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (LksWindow, lks_window, ADW_TYPE_APPLICATION_WINDOW)

static void
explain_missing_ledger (LksWindow *self)
{
  g_autofree char *text = lks_error_to_text (self->ledger_error);
  GtkWidget *dialog =
      adw_message_dialog_new (GTK_WINDOW (self), _ ("No Board Can Be Finalized"), text);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
toast (LksWindow *self, const char *text)
{
  adw_toast_overlay_add_toast (self->toast_overlay, adw_toast_new (text));
}

static void
toast_error (LksWindow *self, const GError *error)
{
  g_autofree char *sentence = lks_error_to_sentence (error);

  toast (self, sentence);
}

static void
choose_ready_boards (LksLockJob *job)
{
  GListModel *boards = lks_lock_job_get_boards (job);

  for (guint i = 0; i < g_list_model_get_n_items (boards); i++)
    {
      g_autoptr (LksBoard) board = g_list_model_get_item (boards, i);

      if (lks_lock_job_can_choose (board))
        lks_lock_job_set_chosen (job, board, TRUE);
    }
}

/* @only: (nullable): the one board to start with; NULL for all that are ready */
static void
open_wizard (LksWindow *self, LksBoard *only)
{
  g_autoptr (LksRunOrder) order = NULL;
  g_autoptr (LksLockJob) job = NULL;
  LksWizard *wizard;

  if (self->ledger == NULL && self->ledger_error != NULL)
    explain_missing_ledger (self);
  if (self->ledger == NULL || self->boards == NULL ||
      !lks_operator_permit (GTK_WIDGET (self), LKS_OPERATOR_ACT_FINALIZE))
    return;

  order = lks_operator_dup_order (self->settings);
  job = lks_lock_job_new (self->boards, self->ledger, order);
  if (only == NULL)
    choose_ready_boards (job);
  else if (lks_lock_job_can_choose (only))
    lks_lock_job_set_chosen (job, only, TRUE);

  wizard = lks_wizard_new (job, self->settings);
  gtk_window_set_transient_for (GTK_WINDOW (wizard), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (wizard));
}

static void
finalize_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  open_wizard (LKS_WINDOW (widget), NULL);
}

static void
finalize_selected_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWindow *self = LKS_WINDOW (widget);
  LksBoard *board = lks_boards_page_get_selected (self->boards_page);

  if (board != NULL)
    open_wizard (self, board);
}

/* Image packages tell what they are without a board. */
static void
packages_opened_cb (GtkWidget *owner, const char *const *paths)
{
  LksInstallDialog *dialog =
      lks_install_dialog_new (GTK_WINDOW (owner), NULL, LKS_INSTALL_KIND_IMAGES, paths);

  gtk_window_present (GTK_WINDOW (dialog));
}

static void
inspect_images_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  lks_file_opener_ask (widget, _ ("Choose Image Packages"), _ ("Image packages (*.imagepackage)"),
                       "*.imagepackage", TRUE, packages_opened_cb);
}

/* The tabs of these pages are hidden from whoever may not, keys are not. */
static gboolean
may_show_page (GtkWidget *widget, const char *name)
{
  if (g_str_equal (name, "capabilities"))
    return lks_operator_permit (widget, LKS_OPERATOR_ACT_CAPABILITIES);
  if (g_str_equal (name, "cloud"))
    return lks_operator_permit (widget, LKS_OPERATOR_ACT_CLOUD);
  return TRUE;
}

static void
show_page_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  const char *name = g_variant_get_string (parameter, NULL);

  if (may_show_page (widget, name))
    adw_view_stack_set_visible_child_name (LKS_WINDOW (widget)->stack, name);
}

/* The page of the visible slot, NULL on another page. */
static GtkWidget *
get_visible_page (LksWindow *self, LksPageSlot *slot)
{
  return adw_view_stack_get_visible_child (self->stack) == GTK_WIDGET (slot)
             ? lks_page_slot_get_page (slot)
             : NULL;
}

static void
search_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWindow *self = LKS_WINDOW (widget);
  GtkWidget *vault_page = get_visible_page (self, self->vault_slot);
  GtkWidget *cloud_page = get_visible_page (self, self->cloud_slot);

  if (cloud_page != NULL)
    {
      lks_cloud_home_show_search (LKS_CLOUD_HOME (cloud_page));
      return;
    }
  if (vault_page != NULL)
    {
      lks_vault_page_show_search (LKS_VAULT_PAGE (vault_page));
      return;
    }
  adw_view_stack_set_visible_child_name (self->stack, "records");
  lks_records_page_show_search (LKS_RECORDS_PAGE (lks_page_slot_ensure_page (self->records_slot)));
}

/* The board's key is looked for among all keys. */
static void
show_capability_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWindow *self = LKS_WINDOW (widget);
  GtkWidget *page;

  if (!may_show_page (widget, "capabilities"))
    return;

  page = lks_page_slot_ensure_page (self->vault_slot);
  adw_view_stack_set_visible_child_name (self->stack, "capabilities");
  lks_vault_page_show_board (LKS_VAULT_PAGE (page), g_variant_get_string (parameter, NULL));
}

static void
import_capability_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWindow *self = LKS_WINDOW (widget);
  GtkWidget *page;

  if (!may_show_page (widget, "capabilities"))
    return;

  page = lks_page_slot_ensure_page (self->vault_slot);
  adw_view_stack_set_visible_child_name (self->stack, "capabilities");
  gtk_widget_activate_action (page, "vault.import", NULL);
}

/* What is there can be checked without anybody who is signed in. */
static void
show_route_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWindow *self = LKS_WINDOW (widget);
  g_autofree char *folder = lks_route_dup_folder ();
  g_autofree char *address = g_settings_get_string (self->settings, "cloud-os-address");
  LksCloudDesk *desk;

  if (!lks_operator_permit (widget, LKS_OPERATOR_ACT_CAPABILITIES))
    return;

  desk = lks_cloud_home_get_desk (LKS_CLOUD_HOME (lks_page_slot_ensure_page (self->cloud_slot)));
  if (desk != NULL && lks_cloud_desk_get_vault (desk) != NULL)
    gtk_window_present (
        GTK_WINDOW (lks_route_dialog_new (GTK_WINDOW (self), desk, folder, address)));
}

static void
show_os_versions_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWindow *self = LKS_WINDOW (widget);
  g_autofree char *address = g_settings_get_string (self->settings, "cloud-os-address");

  gtk_window_present (GTK_WINDOW (lks_os_dialog_new (GTK_WINDOW (self), address)));
}

static void
show_toast_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  toast (LKS_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
go_back_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWindow *self = LKS_WINDOW (widget);
  GtkWidget *records_page = get_visible_page (self, self->records_slot);
  GtkWidget *vault_page = get_visible_page (self, self->vault_slot);
  GtkWidget *cloud_page = get_visible_page (self, self->cloud_slot);

  if (cloud_page != NULL)
    lks_cloud_home_go_back (LKS_CLOUD_HOME (cloud_page));
  else if (records_page != NULL)
    lks_list_page_go_back (LKS_LIST_PAGE (records_page));
  else if (vault_page != NULL)
    lks_list_page_go_back (LKS_LIST_PAGE (vault_page));
  else
    lks_boards_page_go_back (self->boards_page);
}

/* The keys belong to the window, the actions to the panel of the selected board. */
static void
board_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  static const struct
  {
    const char *window_action, *panel_action;
  } forwards[] = {
    { "win.identify-board", "board.identify" },
    { "win.copy-board-id", "board.copy-id" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (forwards); i++)
    if (g_str_equal (action_name, forwards[i].window_action))
      lks_boards_page_activate_board_action (LKS_WINDOW (widget)->boards_page,
                                             forwards[i].panel_action);
}

static void
refresh_board_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWindow *self = LKS_WINDOW (widget);
  GtkWidget *vault_page = get_visible_page (self, self->vault_slot);
  GtkWidget *cloud_page = get_visible_page (self, self->cloud_slot);

  if (cloud_page != NULL)
    lks_cloud_home_refresh (LKS_CLOUD_HOME (cloud_page));
  else if (vault_page != NULL)
    lks_vault_page_refresh (LKS_VAULT_PAGE (vault_page));
  else
    lks_boards_page_refresh (self->boards_page);
}

static void
show_board_page_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWindow *self = LKS_WINDOW (widget);

  adw_view_stack_set_visible_child_name (self->stack, "boards");
  lks_boards_page_show_board_page (self->boards_page, g_variant_get_string (parameter, NULL));
}

static void
update_back_button (LksWindow *self)
{
  GtkWidget *page = get_visible_page (self, self->records_slot);
  gboolean can_go_back;

  if (page == NULL)
    page = get_visible_page (self, self->vault_slot);
  if (page == NULL)
    page = get_visible_page (self, self->cloud_slot);
  if (page == NULL)
    page = GTK_WIDGET (self->boards_page);

  g_object_get (page, "can-go-back", &can_go_back, NULL);
  gtk_widget_set_visible (self->back_button, can_go_back);
}

static void
show_ledger (LksWindow *self)
{
  LksRecordsPage *page = (LksRecordsPage *) lks_page_slot_get_page (self->records_slot);

  if (page != NULL && self->ledger != NULL)
    lks_records_page_set_ledger (page, self->ledger);
  if (page != NULL && self->ledger_error != NULL)
    lks_records_page_set_problem (page, self->ledger_error);
}

static void
records_built_cb (LksWindow *self)
{
  g_signal_connect_object (lks_page_slot_get_page (self->records_slot), "notify::can-go-back",
                           G_CALLBACK (update_back_button), self, G_CONNECT_SWAPPED);
  show_ledger (self);
}

static void
start_session_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWindow *self = LKS_WINDOW (widget);
  LksBoard *board = lks_boards_page_get_selected (self->boards_page);
  LksSessionDialog *dialog;

  if (self->keeper_error != NULL)
    toast_error (self, self->keeper_error);
  if (self->keeper == NULL || board == NULL || lks_board_get_device_id (board) == NULL ||
      !lks_operator_permit (widget, LKS_OPERATOR_ACT_SERVICE))
    return;

  dialog = lks_session_dialog_new (self->keeper, board, self->settings);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
end_session_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWindow *self = LKS_WINDOW (widget);
  g_autoptr (GError) error = NULL;

  if (self->keeper != NULL && lks_session_keeper_get_session (self->keeper) != NULL &&
      !lks_session_keeper_end (self->keeper, LKS_SESSION_END_USER, &error))
    toast_error (self, error);
}

static gboolean
lks_window_close_request (GtkWindow *window)
{
  return !lks_window_leave_request (LKS_WINDOW (window)->leave) ||
         GTK_WINDOW_CLASS (lks_window_parent_class)->close_request (window);
}

static void
show_vault (LksWindow *self)
{
  LksVaultPage *page = (LksVaultPage *) lks_page_slot_get_page (self->vault_slot);

  LksCloudHome *cloud_page = (LksCloudHome *) lks_page_slot_get_page (self->cloud_slot);

  if (page != NULL && self->vault != NULL)
    lks_vault_page_set_vault (page, self->vault);
  if (cloud_page != NULL && lks_cloud_home_get_desk (cloud_page) != NULL)
    lks_cloud_desk_set_vault (lks_cloud_home_get_desk (cloud_page), self->vault);
}

static void
vault_built_cb (LksWindow *self)
{
  g_signal_connect_object (lks_page_slot_get_page (self->vault_slot), "notify::can-go-back",
                           G_CALLBACK (update_back_button), self, G_CONNECT_SWAPPED);
  show_vault (self);
}

static void
show_wall (LksWindow *self)
{
  LksWallPage *page = (LksWallPage *) lks_page_slot_get_page (self->wall_slot);

  if (page == NULL)
    return;
  lks_wall_page_set_boards (page, self->boards);
  lks_wall_page_set_ledger (page, self->ledger, self->ledger_error);
}

static void
wall_built_cb (LksWindow *self)
{
  LksWallPage *page = LKS_WALL_PAGE (lks_page_slot_get_page (self->wall_slot));

  lks_wall_page_set_settings (page, self->settings);
  lks_wall_page_set_sysfs (page, LKS_USB_SYSFS);
  show_wall (self);
}

static void
cloud_built_cb (LksWindow *self)
{
  GtkWidget *page = lks_page_slot_get_page (self->cloud_slot);

  g_signal_connect_object (page, "notify::can-go-back", G_CALLBACK (update_back_button), self,
                           G_CONNECT_SWAPPED);
  lks_cloud_home_set_settings (LKS_CLOUD_HOME (page), self->settings);
  if (lks_cloud_home_get_desk (LKS_CLOUD_HOME (page)) != NULL)
    lks_claim_book_set_desk (self->claims, lks_cloud_home_get_desk (LKS_CLOUD_HOME (page)));
  show_vault (self);
}

static void
lks_window_dispose (GObject *object)
{
  LksWindow *self = LKS_WINDOW (object);

  g_clear_object (&self->operator_view);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_WINDOW);
  g_clear_object (&self->settings);
  g_clear_object (&self->boards);
  g_clear_object (&self->ledger);
  g_clear_object (&self->claims);
  g_clear_object (&self->vault);
  g_clear_error (&self->ledger_error);
  g_clear_object (&self->keeper);
  g_clear_error (&self->keeper_error);
  g_clear_object (&self->leave);
  G_OBJECT_CLASS (lks_window_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.finalize", NULL, finalize_action);
  gtk_widget_class_install_action (widget_class, "win.finalize-selected", NULL,
                                   finalize_selected_action);
  gtk_widget_class_install_action (widget_class, "win.inspect-images", NULL, inspect_images_action);
  gtk_widget_class_install_action (widget_class, "win.show-page", "s", show_page_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "win.show-os-versions", NULL,
                                   show_os_versions_action);
  gtk_widget_class_install_action (widget_class, "win.show-route", NULL, show_route_action);
  gtk_widget_class_install_action (widget_class, "win.show-toast", "s", show_toast_action);
  gtk_widget_class_install_action (widget_class, "win.show-capability", "s",
                                   show_capability_action);
  gtk_widget_class_install_action (widget_class, "win.import-capability", NULL,
                                   import_capability_action);
  gtk_widget_class_install_action (widget_class, "win.go-back", NULL, go_back_action);
  gtk_widget_class_install_action (widget_class, "win.refresh-board", NULL, refresh_board_action);
  gtk_widget_class_install_action (widget_class, "win.show-board-page", "s",
                                   show_board_page_action);
  gtk_widget_class_install_action (widget_class, "win.start-session", NULL, start_session_action);
  gtk_widget_class_install_action (widget_class, "win.end-session", NULL, end_session_action);
  gtk_widget_class_install_action (widget_class, "win.identify-board", NULL, board_action);
  gtk_widget_class_install_action (widget_class, "win.copy-board-id", NULL, board_action);
}

static void
lks_window_class_init (LksWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lks_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = lks_window_close_request;

  g_type_ensure (LKS_TYPE_BOARDS_PAGE);
  g_type_ensure (LKS_TYPE_CLOUD_HOME);
  g_type_ensure (LKS_TYPE_PAGE_SLOT);
  g_type_ensure (LKS_TYPE_RECORDS_PAGE);
  g_type_ensure (LKS_TYPE_VAULT_PAGE);
  g_type_ensure (LKS_TYPE_WALL_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/locksmith/Locksmith/ui/lks-window.ui");
  gtk_widget_class_bind_template_child (widget_class, LksWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, LksWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, LksWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, LksWindow, boards_page);
  gtk_widget_class_bind_template_child (widget_class, LksWindow, records_slot);
  gtk_widget_class_bind_template_child (widget_class, LksWindow, banner_place);
  gtk_widget_class_bind_template_child (widget_class, LksWindow, vault_slot);
  gtk_widget_class_bind_template_child (widget_class, LksWindow, wall_slot);
  gtk_widget_class_bind_template_child (widget_class, LksWindow, cloud_slot);
  gtk_widget_class_bind_template_callback (widget_class, cloud_built_cb);
  gtk_widget_class_bind_template_child (widget_class, LksWindow, operator_place);
  gtk_widget_class_bind_template_child (widget_class, LksWindow, sign_in_place);
  gtk_widget_class_bind_template_child (widget_class, LksWindow, switcher_title);
  gtk_widget_class_bind_template_child (widget_class, LksWindow, switcher_bar);
  gtk_widget_class_bind_template_callback (widget_class, records_built_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_back_button);
  gtk_widget_class_bind_template_callback (widget_class, vault_built_cb);
  gtk_widget_class_bind_template_callback (widget_class, wall_built_cb);
  install_actions (widget_class);
}

static void
lks_window_init (LksWindow *self)
{
  self->leave = lks_window_leave_new (GTK_WINDOW (self));
  self->claims = lks_claim_book_ref_default ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_window_new:
 * @application: the program
 * @settings: its settings; the size of the window is kept there
 *
 * Creates the main window.
 *
 * Returns: (transfer none): a new window, owned by GTK
 */
LksWindow *
lks_window_new (GtkApplication *application, GSettings *settings)
{
  LksWindow *self = g_object_new (LKS_TYPE_WINDOW, "application", application, NULL);

  self->settings = g_object_ref (settings);
  g_settings_bind (settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
  return self;
}

/**
 * lks_window_set_boards:
 * @self: a window
 * @boards: (nullable): a list model of [class@Lks.Board]
 * @error: (nullable): why boards cannot be found at all
 *
 * Shows the attached boards, or why there are none.
 */
void
lks_window_set_boards (LksWindow *self, GListModel *boards, const GError *error)
{
  g_autofree char *sentence = NULL;
  g_autofree char *advice = NULL;
  g_autofree char *problem = NULL;

  g_return_if_fail (LKS_IS_WINDOW (self));

  if (error != NULL)
    {
      sentence = lks_error_to_sentence (error);
      advice = lks_error_to_advice (error);
      problem = g_strdup_printf ("%s\n%s\n\n%s", sentence, advice, error->message);
    }
  g_set_object (&self->boards, boards);
  g_object_set (self->boards_page, "boards", boards, "problem", problem, NULL);
  show_wall (self);
}

/**
 * lks_window_set_ledger:
 * @self: a window without a ledger
 * @ledger: (nullable): where the records are kept
 * @error: (nullable): why there is no ledger; without one no board can be finalized
 *
 * Shows the records, or why there are none.
 */
void
lks_window_set_ledger (LksWindow *self, LksLedger *ledger, const GError *error)
{
  g_return_if_fail (LKS_IS_WINDOW (self));

  g_clear_error (&self->ledger_error);
  if (error != NULL)
    self->ledger_error = g_error_copy (error);
  if (g_set_object (&self->ledger, ledger) && ledger != NULL)
    lks_claim_book_set_ledger (self->claims, ledger);
  show_ledger (self);
  show_wall (self);
}

/**
 * lks_window_set_keeper:
 * @self: a window without a keeper
 * @keeper: (nullable): what keeps the servicing session of this user
 * @error: (nullable): why there is none; without one no session can be started here
 *
 * Shows the servicing session, and lets one be started.
 */
void
lks_window_set_keeper (LksWindow *self, LksSessionKeeper *keeper, const GError *error)
{
  g_autoptr (LksSessionBanner) banner = NULL;

  g_return_if_fail (LKS_IS_WINDOW (self));
  g_return_if_fail (self->keeper == NULL);

  g_clear_error (&self->keeper_error);
  if (error != NULL)
    self->keeper_error = g_error_copy (error);
  if (!g_set_object (&self->keeper, keeper))
    return;

  lks_window_leave_set_keeper (self->leave, keeper);
  banner = lks_session_banner_new (keeper);
  adw_bin_set_child (self->banner_place, GTK_WIDGET (banner));
  lks_boards_page_set_keeper (self->boards_page, keeper);
  g_signal_connect_object (keeper, "trouble", G_CALLBACK (toast_error), self, G_CONNECT_SWAPPED);
}

/**
 * lks_window_set_operator_session:
 * @self: a window without one
 * @session: who is at the station
 * @problem: (nullable): why the station's configuration is not understood
 *
 * Shows who is at the station, and asks for it where people have to sign in.
 */
void
lks_window_set_operator_session (LksWindow *self,
                                 LksOperatorSession *session,
                                 const GError *problem)
{
  const LksOperatorPlaces places = {
    .chip = self->operator_place,
    .sign_in = self->sign_in_place,
    .content = GTK_WIDGET (self->stack),
    .switcher = self->switcher_title,
    .narrow_switcher = self->switcher_bar,
  };

  g_return_if_fail (LKS_IS_WINDOW (self));
  g_return_if_fail (self->operator_view == NULL);

  self->operator_view = lks_operator_view_new (GTK_WINDOW (self), &places, session, problem);
}

/**
 * lks_window_build_ahead:
 * @self: a window
 *
 * Builds what the first board will need, so that its arrival does not keep anybody waiting.
 */
void
lks_window_build_ahead (LksWindow *self)
{
  g_return_if_fail (LKS_IS_WINDOW (self));

  lks_boards_page_build_ahead (self->boards_page);
}

/**
 * lks_window_set_vault:
 * @self: a window
 * @vault: the capabilities of this user
 *
 * Hands the vault in. It is opened when somebody looks.
 */
void
lks_window_set_vault (LksWindow *self, LksVault *vault)
{
  g_return_if_fail (LKS_IS_WINDOW (self));

  if (g_set_object (&self->vault, vault))
    show_vault (self);
}

/**
 * lks_window_import:
 * @self: a window with a vault
 * @files: (element-type GFile): capability files, or what somebody takes for them
 *
 * Shows what the files are on the page of capabilities and lets the person import them.
 */
void
lks_window_import (LksWindow *self, GPtrArray *files)
{
  g_return_if_fail (LKS_IS_WINDOW (self));

  if (!may_show_page (GTK_WIDGET (self), "capabilities"))
    return;

  adw_view_stack_set_visible_child_name (self->stack, "capabilities");
  lks_vault_page_import (LKS_VAULT_PAGE (lks_page_slot_ensure_page (self->vault_slot)), files);
}

/**
 * lks_window_close_unasked:
 * @self: a window
 *
 * Closes the window in order, but without a question, see lks_window_leave_unasked().
 */
void
lks_window_close_unasked (LksWindow *self)
{
  g_return_if_fail (LKS_IS_WINDOW (self));

  lks_window_leave_unasked (self->leave);
}
