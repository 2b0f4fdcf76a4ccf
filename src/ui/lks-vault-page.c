/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-vault-page.h"

#include "lks-attached.h"
#include "lks-device-id.h"
#include "lks-error-text.h"
#include "lks-import-dialog.h"
#include "lks-message-page.h"
#include "lks-signer-files.h"
#include "lks-vault-detail.h"
#include "lks-vault-row.h"
#include "lks-vault-text.h"

#include <glib/gi18n-lib.h>

struct _LksVaultPage
{
  LksListPage parent_instance;

  GtkStack *stack;               /* template child */
  LksMessagePage *problem_page;  /* template child */
  GtkButton *problem_button;     /* template child */
  AdwLeaflet *leaflet;           /* template child */
  GtkSearchEntry *search_entry;  /* template child */
  GtkWidget *locked_bar;         /* template child */
  GtkLabel *locked_label;        /* template child */
  GtkSingleSelection *selection; /* template child */
  GtkCustomFilter *filter;       /* (unowned) of the filter model */
  GtkSorter *sorter;             /* (unowned) of the sort model */
  LksVaultDetail *detail;        /* template child */

  LksVault *vault;               /* (owned) (nullable) */
  char *wanted;                  /* (owned) search text */
  GCancellable *cancellable;     /* (owned) of what the vault is asked by this page */
  GtkFileChooserNative *chooser; /* (owned) (nullable) while it is open */
};

G_DEFINE_FINAL_TYPE (LksVaultPage, lks_vault_page, LKS_TYPE_LIST_PAGE)

/* ---- what is shown ---- */

static void
show_problem (LksVaultPage *self, LksVaultState state)
{
  const GError *error = lks_vault_get_error (self->vault);
  g_autofree char *text = lks_error_to_text (error);
  gboolean is_locked = state == LKS_VAULT_STATE_LOCKED;

  g_object_set (self->problem_page, "icon-name",
                is_locked ? "lks-locked-symbolic" : "lks-warning-symbolic", "title",
                is_locked                          ? _ ("The Keyring Is Locked")
                : state == LKS_VAULT_STATE_UNKNOWN ? _ ("The Keyring Did Not Answer")
                                                   : _ ("There Is No Vault"),
                NULL);
  lks_message_page_set_description (self->problem_page,
                                    error != NULL ? text
                                                  : _ ("The vault was not looked into. Try again "
                                                       "when you are ready."));
  gtk_button_set_label (self->problem_button, is_locked ? _ ("Unlock…") : _ ("Try Again"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->problem_button),
                                  is_locked ? "vault.unlock" : "vault.retry");
  gtk_stack_set_visible_child_name (self->stack, "problem");
}

static void
show_locked_bar (LksVaultPage *self, LksVaultState state)
{
  const GError *error = lks_vault_get_error (self->vault);
  g_autofree char *sentence = error != NULL ? lks_error_to_sentence (error) : g_strdup ("");
  g_autofree char *advice = error != NULL ? lks_error_to_advice (error) : g_strdup ("");
  /* Translators: what is wrong, and what to do */
  g_autofree char *text = g_strdup_printf (_ ("%s %s"), sentence, advice);

  gtk_label_set_label (self->locked_label, text);
  gtk_widget_set_visible (self->locked_bar, state == LKS_VAULT_STATE_LOCKED);
}

static void
update (LksVaultPage *self)
{
  LksVaultState state = lks_vault_get_state (self->vault);
  guint n_items = g_list_model_get_n_items (lks_vault_get_items (self->vault));

  show_locked_bar (self, state);
  if (n_items > 0)
    gtk_stack_set_visible_child_name (self->stack, "items");
  else if (lks_vault_is_busy (self->vault) && state != LKS_VAULT_STATE_OPEN)
    gtk_stack_set_visible_child_name (self->stack, "waiting");
  else if (state == LKS_VAULT_STATE_OPEN)
    gtk_stack_set_visible_child_name (self->stack, "empty");
  else
    show_problem (self, state);
}

static gboolean
matches_cb (gpointer item, gpointer user_data)
{
  return lks_vault_item_matches (item, ((LksVaultPage *) user_data)->wanted);
}

static gboolean
is_attached_cb (LksVaultItem *item, LksAttached *attached)
{
  return lks_attached_get_place (attached, lks_vault_item_get_device_id (item)) != NULL;
}

static char *
get_title_cb (LksVaultItem *item, gpointer unused)
{
  return lks_vault_item_to_title (item);
}

/* Boards that are there first, then by name. What to sort by is made once for each item, not for
 * each comparison: with a thousand items that is ten times less. */
static GtkSorter *
create_sorter (LksAttached *attached)
{
  GtkMultiSorter *sorter = gtk_multi_sorter_new ();
  GtkExpression *is_attached =
      gtk_cclosure_expression_new (G_TYPE_BOOLEAN, NULL, 0, NULL, G_CALLBACK (is_attached_cb),
                                   g_object_ref (attached),
                                   (GClosureNotify) (GCallback) g_object_unref);
  GtkExpression *title = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL,
                                                      G_CALLBACK (get_title_cb), NULL, NULL);
  GtkNumericSorter *attached_first = gtk_numeric_sorter_new (is_attached);

  gtk_numeric_sorter_set_sort_order (attached_first, GTK_SORT_DESCENDING);
  gtk_multi_sorter_append (sorter, GTK_SORTER (attached_first));
  gtk_multi_sorter_append (sorter, GTK_SORTER (gtk_string_sorter_new (title)));
  return GTK_SORTER (sorter);
}

static void
attached_changed_cb (LksVaultPage *self)
{
  gtk_sorter_changed (self->sorter, GTK_SORTER_CHANGE_DIFFERENT);
}

static void
search_changed_cb (LksVaultPage *self)
{
  g_free (self->wanted);
  self->wanted = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
selected_cb (LksVaultPage *self)
{
  lks_vault_detail_show (self->detail, gtk_single_selection_get_selected_item (self->selection));
}

static void
row_activated_cb (LksVaultPage *self)
{
  lks_list_page_go_forward (LKS_LIST_PAGE (self));
}

/* ---- the vault ---- */

/* What came of it is the state of the vault, which is shown. */
static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksVaultPage) self = user_data;

  lks_vault_open_finish (LKS_VAULT (source), result, NULL);
  if (self->vault != NULL)
    update (self);
}

static void
refreshed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksVaultPage) self = user_data;

  lks_vault_refresh_finish (LKS_VAULT (source), result, NULL);
  if (self->vault != NULL)
    update (self);
}

static void
unlocked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksVaultPage) self = user_data;

  lks_vault_unlock_finish (LKS_VAULT (source), result, NULL);
  if (self->vault != NULL)
    update (self);
}

static void
renew_cancellable (LksVaultPage *self)
{
  if (!g_cancellable_is_cancelled (self->cancellable))
    return;

  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
}

/* Looking into the keyring waits until somebody looks at the page. */
static void
ensure_open (LksVaultPage *self)
{
  if (self->vault == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)) ||
      lks_vault_get_state (self->vault) == LKS_VAULT_STATE_OPEN)
    return;

  renew_cancellable (self);
  lks_vault_open_async (self->vault, self->cancellable, opened_cb, g_object_ref (self));
}

static void
unlock_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksVaultPage *self = LKS_VAULT_PAGE (widget);

  renew_cancellable (self);
  lks_vault_unlock_async (self->vault, self->cancellable, unlocked_cb, g_object_ref (self));
}

static void
retry_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  lks_vault_page_refresh (LKS_VAULT_PAGE (widget));
}

static void
stop_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_cancellable_cancel (LKS_VAULT_PAGE (widget)->cancellable);
}

/* ---- importing ---- */

static void
chosen_cb (LksVaultPage *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GListModel) chosen = NULL;
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

  if (response != GTK_RESPONSE_ACCEPT)
    return;

  chosen = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (chooser));
  for (guint i = 0; i < g_list_model_get_n_items (chosen); i++)
    g_ptr_array_add (files, g_list_model_get_item (chosen, i));
  lks_vault_page_import (self, files);
}

static void
add_filter (GtkFileChooser *chooser, const char *name, const char *pattern)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  gtk_file_filter_add_pattern (filter, pattern);
  gtk_file_chooser_add_filter (chooser, filter);
}

static void
import_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksVaultPage *self = LKS_VAULT_PAGE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);

  if (self->chooser != NULL || self->vault == NULL)
    return;

  self->chooser = gtk_file_chooser_native_new (_ ("Import Capabilities"), GTK_WINDOW (root),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->chooser), TRUE);
  add_filter (GTK_FILE_CHOOSER (self->chooser), _ ("Capability files (*.cap)"), "*.cap");
  add_filter (GTK_FILE_CHOOSER (self->chooser), _ ("All files"), "*");
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static gboolean
dropped_cb (LksVaultPage *self, const GValue *value)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

  for (GSList *file = g_value_get_boxed (value); file != NULL; file = file->next)
    g_ptr_array_add (files, g_object_ref (file->data));
  lks_vault_page_import (self, files);
  return files->len > 0;
}

static void
add_drop_target (LksVaultPage *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_swapped (target, "drop", G_CALLBACK (dropped_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/* ---- the widget ---- */

static void
lks_vault_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lks_vault_page_parent_class)->map (widget);
  ensure_open (LKS_VAULT_PAGE (widget));
}

static void
lks_vault_page_dispose (GObject *object)
{
  LksVaultPage *self = LKS_VAULT_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  g_clear_object (&self->vault);
  adw_bin_set_child (ADW_BIN (self), NULL); /* the template would unparent it behind its back */
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_VAULT_PAGE);
  G_OBJECT_CLASS (lks_vault_page_parent_class)->dispose (object);
}

static void
lks_vault_page_finalize (GObject *object)
{
  LksVaultPage *self = LKS_VAULT_PAGE (object);

  g_clear_object (&self->cancellable);
  g_free (self->wanted);
  G_OBJECT_CLASS (lks_vault_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-vault-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LksVaultPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LksVaultPage, problem_page);
  gtk_widget_class_bind_template_child (widget_class, LksVaultPage, problem_button);
  gtk_widget_class_bind_template_child (widget_class, LksVaultPage, leaflet);
  gtk_widget_class_bind_template_child (widget_class, LksVaultPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, LksVaultPage, locked_bar);
  gtk_widget_class_bind_template_child (widget_class, LksVaultPage, locked_label);
  gtk_widget_class_bind_template_child (widget_class, LksVaultPage, selection);
  gtk_widget_class_bind_template_child (widget_class, LksVaultPage, detail);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
}

static void
lks_vault_page_class_init (LksVaultPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lks_vault_page_dispose;
  object_class->finalize = lks_vault_page_finalize;
  widget_class->map = lks_vault_page_map;

  g_type_ensure (LKS_TYPE_MESSAGE_PAGE);
  g_type_ensure (LKS_TYPE_VAULT_DETAIL);
  g_type_ensure (LKS_TYPE_VAULT_ROW);
  bind_template (widget_class);

  gtk_widget_class_install_action (widget_class, "vault.import", NULL, import_action);
  gtk_widget_class_install_action (widget_class, "vault.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "vault.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "vault.unlock", NULL, unlock_action);
}

static void
lks_vault_page_init (LksVaultPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->wanted = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
  lks_list_page_set_leaflet (LKS_LIST_PAGE (self), self->leaflet);
  add_drop_target (self);
}

static void
set_items (LksVaultPage *self, GListModel *items)
{
  g_autoptr (LksAttached) attached = lks_attached_ref_default ();
  g_autoptr (GtkSortListModel) sorted = NULL;
  GtkFilterListModel *filtered;

  self->filter = gtk_custom_filter_new (matches_cb, self, NULL);
  filtered = gtk_filter_list_model_new (g_object_ref (items), GTK_FILTER (self->filter));
  self->sorter = create_sorter (attached);
  sorted = gtk_sort_list_model_new (G_LIST_MODEL (filtered), self->sorter);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (sorted));
  g_signal_connect_object (attached, "changed", G_CALLBACK (attached_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (items, "items-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}

/**
 * lks_vault_page_set_vault:
 * @self: a page without a vault
 * @vault: the vault of this user
 *
 * Gives the page its capabilities. The vault is opened when the page is first shown.
 */
void
lks_vault_page_set_vault (LksVaultPage *self, LksVault *vault)
{
  g_autoptr (LksSigners) signers = lks_signers_load_default (NULL); /* an import reports errors */

  g_return_if_fail (LKS_IS_VAULT_PAGE (self));
  g_return_if_fail (self->vault == NULL);

  self->vault = g_object_ref (vault);
  lks_vault_detail_set_vault (self->detail, vault, signers);
  set_items (self, lks_vault_get_items (vault));
  g_signal_connect_object (vault, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (vault, "notify::is-busy", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  ensure_open (self);
}

/**
 * lks_vault_page_import:
 * @self: a page with a vault
 * @files: (element-type GFile): capability files, or what somebody takes for them
 *
 * Shows what the files are and lets the person import them.
 */
void
lks_vault_page_import (LksVaultPage *self, GPtrArray *files)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  LksImportDialog *dialog;

  g_return_if_fail (LKS_IS_VAULT_PAGE (self));

  if (self->vault == NULL || files->len == 0)
    return;

  dialog = lks_import_dialog_new (self->vault, files);
  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (root));
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * lks_vault_page_refresh:
 * @self: a page
 *
 * Looks into the keyring again.
 */
void
lks_vault_page_refresh (LksVaultPage *self)
{
  g_return_if_fail (LKS_IS_VAULT_PAGE (self));

  if (self->vault == NULL)
    return;
  renew_cancellable (self);
  lks_vault_refresh_async (self->vault, self->cancellable, refreshed_cb, g_object_ref (self));
}

/**
 * lks_vault_page_show_board:
 * @self: a page
 * @device_id: a device ID, 128 digits
 *
 * Shows the capabilities of one board, as if its last digits had been searched for.
 */
void
lks_vault_page_show_board (LksVaultPage *self, const char *device_id)
{
  g_return_if_fail (LKS_IS_VAULT_PAGE (self));

  lks_list_page_go_back (LKS_LIST_PAGE (self));
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), lks_device_id_get_short (device_id));
  search_changed_cb (self);
}

/**
 * lks_vault_page_show_search:
 * @self: a page
 *
 * Puts the focus into the search entry.
 */
void
lks_vault_page_show_search (LksVaultPage *self)
{
  g_return_if_fail (LKS_IS_VAULT_PAGE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}
