/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-session-dialog.h"

#include "lks-capability.h"
#include "lks-device-id.h"
#include "lks-error-note.h"
#include "lks-keystore.h"
#include "lks-labels.h"
#include "lks-operator-gate.h"
#include "lks-record-text.h"
#include "lks-service-text.h"

#include <glib/gi18n-lib.h>

struct _LksSessionDialog
{
  AdwWindow parent_instance;

  AdwActionRow *board_row;      /* template child */
  AdwComboRow *task_row;        /* template child */
  AdwActionRow *capability_row; /* template child */
  GtkSpinButton *minutes;       /* template child */
  AdwEntryRow *note_row;        /* template child */
  GtkLabel *warning;            /* template child */
  LksErrorNote *error_note;     /* template child */
  GtkButton *unlock_button;     /* template child */
  GtkButton *start_button;      /* template child */
  GtkSpinner *spinner;          /* template child */

  LksSessionKeeper *keeper;  /* (owned) */
  LksBoard *board;           /* (owned) */
  GSettings *settings;       /* (owned) */
  LksVaultItem *item;        /* (owned) (nullable): the capability to be used */
  GCancellable *cancellable; /* (owned) */
  gboolean is_starting;
};

G_DEFINE_FINAL_TYPE (LksSessionDialog, lks_session_dialog, ADW_TYPE_WINDOW)

/* In the order a technician looks for them. */
static const LksServiceTask tasks[] = {
  LKS_SERVICE_TASK_WIFI,        LKS_SERVICE_TASK_NETWORK, LKS_SERVICE_TASK_CERTIFICATES,
  LKS_SERVICE_TASK_LOGS,        LKS_SERVICE_TASK_RESTART, LKS_SERVICE_TASK_APPLICATION,
  LKS_SERVICE_TASK_KEYSTORE,    LKS_SERVICE_TASK_CONTROL, LKS_SERVICE_TASK_REMOVE,
  LKS_SERVICE_TASK_DEVELOPMENT, LKS_SERVICE_TASK_DEBUG,   LKS_SERVICE_TASK_MEMORY,
  LKS_SERVICE_TASK_OTHER,
};

static LksServiceTask
get_task (LksSessionDialog *self)
{
  guint selected = adw_combo_row_get_selected (self->task_row);

  return selected < G_N_ELEMENTS (tasks) ? tasks[selected] : LKS_SERVICE_TASK_OTHER;
}

static LksVault *
get_vault (LksSessionDialog *self)
{
  return lks_session_keeper_get_vault (self->keeper);
}

static char *
describe_item (LksVaultItem *item, LksServiceChoice choice)
{
  const GArray *capabilities = lks_vault_item_get_capabilities (item);
  const char *label = lks_vault_item_get_label (item);
  g_autofree char *signed_at =
      lks_record_format_time (lks_vault_item_get_signed (item) * G_USEC_PER_SEC);
  g_autofree char *names =
      lks_capabilities_to_text ((const guint32 *) capabilities->data, capabilities->len);
  GString *text = g_string_new (names);

  if (label != NULL && *label != '\0')
    /* Translators: follows the names of capabilities: what the user calls this one */
    g_string_append_printf (text, _ (" · “%s”"), label);
  /* Translators: follows the names of capabilities: a time */
  g_string_append_printf (text, _ (" · signed %s"), signed_at);
  switch (choice)
    {
    case LKS_SERVICE_CHOICE_WEAKEST:
      g_string_append_printf (text, "\n%s", _ ("The weakest that suffices for this task."));
      break;
    case LKS_SERVICE_CHOICE_STRONGER:
      g_string_append_printf (text, "\n%s",
                              _ ("It opens more than this task needs, but the vault has no weaker "
                                 "one for this board."));
      break;
    case LKS_SERVICE_CHOICE_UNCONFIRMED:
      g_string_append_printf (
          text, "\n%s",
          _ ("The weakest that should suffice. Whether the board thinks so, too, "
             "is not confirmed and must be tried."));
      break;
    case LKS_SERVICE_CHOICE_NONE:
      break;
    }
  return g_string_free (text, FALSE);
}

/* What the person should know before the capability is shown to the board. */
static char *
find_warning (LksSessionDialog *self)
{
  LksBoardStatus *status = lks_board_get_status (self->board);
  g_autofree char *reason = NULL;

  if (lks_keystore_judge ((guint64) MAX (0, lks_vault_item_get_signed (self->item)),
                          lks_board_status_get_os_version (status),
                          &reason) == LKS_KEYSTORE_FIT_MAY_BE_TOO_OLD)
    /* Translators: an English explanation follows */
    return g_strdup_printf (_ ("The board may be too old to know who signed this capability. %s"),
                            reason);
  if (lks_vault_item_has (self->item, LKS_CAPABILITY_APP_DEVELOPMENT))
    return g_strdup (_ ("This capability lets software of any developer run on a finished product. "
                        "End the session as soon as the work is done."));
  return NULL;
}

static gboolean
choose_item (LksSessionDialog *self, LksServiceChoice *out_choice)
{
  g_autoptr (GPtrArray) items =
      lks_vault_find (get_vault (self), lks_board_get_device_id (self->board));
  g_autoptr (GPtrArray) choices = g_ptr_array_new ();
  guint index = 0;

  g_clear_object (&self->item);
  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (choices,
                     (gpointer) lks_vault_item_get_capabilities (g_ptr_array_index (items, i)));
  *out_choice = lks_service_task_choose (get_task (self), choices, &index);
  if (*out_choice == LKS_SERVICE_CHOICE_NONE)
    return FALSE;

  self->item = g_object_ref (g_ptr_array_index (items, index));
  return TRUE;
}

static void
show_vault_state (LksSessionDialog *self)
{
  LksVaultState state = lks_vault_get_state (get_vault (self));

  gtk_widget_set_visible (GTK_WIDGET (self->unlock_button), state == LKS_VAULT_STATE_LOCKED);
  if (state == LKS_VAULT_STATE_OPEN)
    adw_action_row_set_subtitle (self->capability_row,
                                 _ ("The vault has none for this board and this task. Import the "
                                    "capability file that was made for it."));
  else if (state == LKS_VAULT_STATE_UNKNOWN)
    adw_action_row_set_subtitle (self->capability_row, _ ("Looking into the vault…"));
  else if (state == LKS_VAULT_STATE_LOCKED)
    adw_action_row_set_subtitle (self->capability_row, _ ("The keyring is locked."));
  else
    lks_error_note_set_error (self->error_note, lks_vault_get_error (get_vault (self)));
}

static void
update (LksSessionDialog *self)
{
  LksServiceChoice choice;
  g_autofree char *text = NULL;
  g_autofree char *warning = NULL;
  gboolean has_item = choose_item (self, &choice);

  if (has_item)
    {
      text = describe_item (self->item, choice);
      warning = find_warning (self);
      adw_action_row_set_subtitle (self->capability_row, text);
      gtk_widget_set_visible (GTK_WIDGET (self->unlock_button), FALSE);
    }
  else
    show_vault_state (self);
  gtk_label_set_label (self->warning, warning != NULL ? warning : "");
  gtk_widget_set_visible (GTK_WIDGET (self->warning), warning != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->start_button), has_item && !self->is_starting);
  gtk_spinner_set_spinning (self->spinner,
                            self->is_starting || lks_vault_is_busy (get_vault (self)));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksSessionDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (lks_vault_open_finish (LKS_VAULT (source), result, &error) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_LOCKED))
    return; /* the state tells */
  lks_error_note_set_error (self->error_note, error);
}

static void
unlocked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksSessionDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!lks_vault_unlock_finish (LKS_VAULT (source), result, &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    lks_error_note_set_error (self->error_note, error);
}

static void
unlock_cb (LksSessionDialog *self)
{
  lks_error_note_set_error (self->error_note, NULL);
  lks_vault_unlock_async (get_vault (self), self->cancellable, unlocked_cb, g_object_ref (self));
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksSessionDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_ok = lks_session_keeper_start_finish (LKS_SESSION_KEEPER (source), result, &error);

  self->is_starting = FALSE;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  if (is_ok || lks_session_keeper_get_session (self->keeper) != NULL)
    {
      gtk_window_close (GTK_WINDOW (self)); /* what is wrong then stands in the banner */
      return;
    }
  lks_error_note_set_error (self->error_note, error);
  update (self);
}

static void
start_cb (LksSessionDialog *self)
{
  g_autoptr (LksRunOrder) order = lks_operator_dup_order (self->settings);
  const char *note = gtk_editable_get_text (GTK_EDITABLE (self->note_row));
  const LksSessionRequest request = {
    .board = self->board,
    .item = self->item,
    .task = get_task (self),
    .note = *note != '\0' ? note : NULL,
    .operator_name = order->operator_name != NULL ? order->operator_name : g_get_user_name (),
    .operator_role = order->operator_role,
    .batch = order->batch,
    .minutes = (guint) gtk_spin_button_get_value_as_int (self->minutes),
    .grace_s = g_settings_get_uint (self->settings, "session-grace-seconds"),
    .survives_program = g_settings_get_boolean (self->settings, "session-survives-program"),
    .ends_on_lock = g_settings_get_boolean (self->settings, "session-ends-on-lock"),
  };

  if (self->item == NULL || self->is_starting)
    return;

  self->is_starting = TRUE;
  lks_error_note_set_error (self->error_note, NULL);
  update (self);
  lks_session_keeper_start_async (self->keeper, &request, self->cancellable, started_cb,
                                  g_object_ref (self));
}

static void
lks_session_dialog_dispose (GObject *object)
{
  LksSessionDialog *self = LKS_SESSION_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_SESSION_DIALOG);
  g_clear_object (&self->item);
  G_OBJECT_CLASS (lks_session_dialog_parent_class)->dispose (object);
}

static void
lks_session_dialog_finalize (GObject *object)
{
  LksSessionDialog *self = LKS_SESSION_DIALOG (object);

  g_clear_object (&self->keeper);
  g_clear_object (&self->board);
  g_clear_object (&self->settings);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (lks_session_dialog_parent_class)->finalize (object);
}

static void
lks_session_dialog_class_init (LksSessionDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (LKS_TYPE_ERROR_NOTE);
  object_class->dispose = lks_session_dialog_dispose;
  object_class->finalize = lks_session_dialog_finalize;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-session-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksSessionDialog, board_row);
  gtk_widget_class_bind_template_child (widget_class, LksSessionDialog, task_row);
  gtk_widget_class_bind_template_child (widget_class, LksSessionDialog, capability_row);
  gtk_widget_class_bind_template_child (widget_class, LksSessionDialog, minutes);
  gtk_widget_class_bind_template_child (widget_class, LksSessionDialog, note_row);
  gtk_widget_class_bind_template_child (widget_class, LksSessionDialog, warning);
  gtk_widget_class_bind_template_child (widget_class, LksSessionDialog, error_note);
  gtk_widget_class_bind_template_child (widget_class, LksSessionDialog, unlock_button);
  gtk_widget_class_bind_template_child (widget_class, LksSessionDialog, start_button);
  gtk_widget_class_bind_template_child (widget_class, LksSessionDialog, spinner);
  gtk_widget_class_bind_template_callback (widget_class, start_cb);
  gtk_widget_class_bind_template_callback (widget_class, unlock_cb);
}

static void
lks_session_dialog_init (LksSessionDialog *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (tasks); i++)
    gtk_string_list_append (titles, lks_service_task_title (tasks[i]));
  adw_combo_row_set_model (self->task_row, G_LIST_MODEL (titles));
}

/**
 * lks_session_dialog_new:
 * @keeper: what keeps the session
 * @board: a finished board that answers
 * @settings: the settings of the program
 *
 * Creates the dialog and looks into the vault.
 *
 * Returns: (transfer none): a new window, owned by GTK
 */
LksSessionDialog *
lks_session_dialog_new (LksSessionKeeper *keeper, LksBoard *board, GSettings *settings)
{
  LksSessionDialog *self = g_object_new (LKS_TYPE_SESSION_DIALOG, NULL);
  /* Translators: the last six digits of a device ID, and a USB place */
  g_autofree char *title =
      g_strdup_printf (_ ("%s at %s"), lks_device_id_get_short (lks_board_get_device_id (board)),
                       lks_board_get_path (board));

  self->keeper = g_object_ref (keeper);
  self->board = g_object_ref (board);
  self->settings = g_object_ref (settings);
  adw_action_row_set_subtitle (self->board_row, title);
  gtk_spin_button_set_value (self->minutes, g_settings_get_uint (settings, "session-minutes"));
  g_signal_connect_object (self->task_row, "notify::selected", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (lks_vault_get_items (get_vault (self)), "items-changed",
                           G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (get_vault (self), "notify", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
  lks_vault_open_async (get_vault (self), self->cancellable, opened_cb, g_object_ref (self));
  return self;
}
