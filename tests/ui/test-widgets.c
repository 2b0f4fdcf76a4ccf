/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-application.h"
#include "lks-board-browser.h"
#include "lks-clock.h"
#include "lks-fact-row.h"
#include "lks-import-dialog.h"
#include "lks-message-page.h"
#include "lks-os-book.h"
#include "lks-os-dialog.h"
#include "lks-page-slot.h"
#include "lks-route-dialog.h"
#include "lks-sign-label.h"
#include "lks-status-panel.h"
#include "lks-vault-page.h"
#include "lks-wall-tile.h"
#include "lks-window.h"
#include "status-builder.h"
#include "wait-until.h"

static void
shown_cb (gpointer unused, gboolean *out_was_shown)
{
  *out_was_shown = TRUE;
}

/* Finds the first widget of @type below @widget. */
static GtkWidget *
find_widget (GtkWidget *widget, GType type)
{
  GtkWidget *found = g_type_is_a (G_OBJECT_TYPE (widget), type) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_widget (child, type);
  return found;
}

/* Every page of the window but the first is a slot, and no slot has its page before it is shown. */
static void
check_other_pages (GtkWidget *window)
{
  GtkWidget *stack = find_widget (window, ADW_TYPE_VIEW_STACK);
  g_autoptr (GtkSelectionModel) pages = adw_view_stack_get_pages (ADW_VIEW_STACK (stack));
  guint n_pages = g_list_model_get_n_items (G_LIST_MODEL (pages));

  g_assert_cmpuint (n_pages, >, 1);
  for (guint i = 1; i < n_pages; i++)
    {
      g_autoptr (AdwViewStackPage) page = g_list_model_get_item (G_LIST_MODEL (pages), i);
      LksPageSlot *slot = LKS_PAGE_SLOT (adw_view_stack_page_get_child (page));

      g_assert_null (lks_page_slot_get_page (slot));
      gtk_widget_activate_action (window, "win.show-page", "s",
                                  adw_view_stack_page_get_name (page));
      g_assert_nonnull (lks_page_slot_get_page (slot));
      g_assert_true (gtk_widget_get_mapped (lks_page_slot_get_page (slot)));
    }
}

static GtkWindow *
find_dialog (GType type)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) toplevel = g_list_model_get_item (toplevels, i);

      if (g_type_is_a (G_OBJECT_TYPE (toplevel), type))
        return toplevel; /* GTK keeps it alive */
    }
  return NULL;
}

/* Also with a keyring that does not answer, and nobody who is signed in. */
static void
check_dialogs (GtkWidget *window)
{
  g_autoptr (LksVault) vault = lks_vault_new ();

  lks_window_set_vault (LKS_WINDOW (window), vault);
  gtk_widget_activate_action (window, "win.show-route", NULL);
  g_assert_nonnull (find_dialog (LKS_TYPE_ROUTE_DIALOG));
  gtk_window_close (find_dialog (LKS_TYPE_ROUTE_DIALOG));
  gtk_widget_activate_action (window, "win.show-os-versions", NULL);
  g_assert_nonnull (find_dialog (LKS_TYPE_OS_DIALOG));
  gtk_window_close (find_dialog (LKS_TYPE_OS_DIALOG));
}

static void
test_window_opens (void)
{
  g_autoptr (LksApplication) application = lks_application_new (NULL);
  g_autoptr (GError) error = NULL;
  gboolean was_shown = FALSE;
  GtkWindow *window;

  g_signal_connect (application, "shown", G_CALLBACK (shown_cb), &was_shown);
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, &error));
  g_assert_no_error (error);
  g_application_activate (G_APPLICATION (application));

  window = gtk_application_get_active_window (GTK_APPLICATION (application));
  g_assert_true (LKS_IS_WINDOW (window));
  WAIT_UNTIL (was_shown);
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (window)));
  g_assert_null (find_widget (GTK_WIDGET (window), LKS_TYPE_BOARD_BROWSER));
  check_other_pages (GTK_WIDGET (window));
  check_dialogs (GTK_WIDGET (window));
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);

  g_action_group_activate_action (G_ACTION_GROUP (application), "quit", NULL);
  WAIT_UNTIL (window == NULL);
}

static void
test_clock_is_shared_and_ends (void)
{
  LksClock *first = lks_clock_ref_default ();
  LksClock *second = lks_clock_ref_default ();
  gint64 before_us = lks_clock_get_now (first);

  g_assert_true (first == second);
  g_object_unref (second);
  g_object_add_weak_pointer (G_OBJECT (first), (gpointer *) &second);
  second = first;

  lks_clock_tick (first);
  g_assert_cmpint (lks_clock_get_now (first), >=, before_us);
  g_object_unref (first);
  g_assert_null (second);
}

/* Finds the first label below @widget that is shown and says @text. */
static GtkWidget *
find_label (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_visible (widget) &&
      g_strcmp0 (gtk_label_get_label (GTK_LABEL (widget)), text) == 0)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_label (child, text);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
test_message_page (void)
{
  GtkWidget *button = gtk_button_new ();
  LksMessagePage *page = g_object_ref_sink (
      g_object_new (LKS_TYPE_MESSAGE_PAGE, "title", "Nothing", "child", button, NULL));

  g_object_add_weak_pointer (G_OBJECT (button), (gpointer *) &button);
  g_assert_nonnull (find_label (GTK_WIDGET (page), "Nothing"));
  g_assert_true (gtk_widget_is_ancestor (button, GTK_WIDGET (page)));
  g_assert_null (find_label (GTK_WIDGET (page), ""));

  lks_message_page_set_description (page, "a < b & c");
  g_assert_nonnull (find_label (GTK_WIDGET (page), "a < b & c"));
  lks_message_page_set_description (page, NULL);
  g_assert_null (find_label (GTK_WIDGET (page), ""));

  g_assert_finalize_object (page);
  g_assert_null (button);
}

static const char *
get_page_name (LksStatusPanel *panel)
{
  GtkWidget *stack = adw_bin_get_child (ADW_BIN (panel));

  return gtk_stack_get_visible_child_name (GTK_STACK (stack));
}

static void
test_panel_shows_a_locked_board (void)
{
  LksStatusPanel *panel = g_object_ref_sink (g_object_new (LKS_TYPE_STATUS_PANEL, NULL));
  g_autoptr (LksBoardStatus) status = status_of_board ("DeviceComplete");

  g_assert_cmpstr (get_page_name (panel), ==, "none");
  status_refuse (status, LKS_FACT_ID_IMAGES);
  status_make_old (status, LKS_FACT_ID_OS_VERSION, 200 * G_TIME_SPAN_SECOND);
  g_object_set (panel, "status", status, NULL);

  g_assert_cmpstr (get_page_name (panel), ==, "facts");
  g_assert_nonnull (find_label (GTK_WIDGET (panel), "Board c0ffee"));
  g_assert_nonnull (find_label (GTK_WIDGET (panel), "USB place 1-2.3 · adapter AS1234567"));
  g_assert_nonnull (find_label (GTK_WIDGET (panel), "24.06"));
  g_assert_nonnull (find_label (GTK_WIDGET (panel), "Refused"));
  g_assert_nonnull (find_label (GTK_WIDGET (panel), "Stale"));
  g_assert_nonnull (find_label (GTK_WIDGET (panel), "GET /osversion · 3 min ago"));
  g_assert_nonnull (find_label (GTK_WIDGET (panel), "None: the board has no special rights."));

  g_assert_finalize_object (panel);
}

static void
test_panel_shows_capabilities (void)
{
  LksStatusPanel *panel = g_object_ref_sink (g_object_new (LKS_TYPE_STATUS_PANEL, NULL));
  g_autoptr (LksBoardStatus) status = status_of_board ("Blank");
  g_autoptr (LksBoardStatus) without = status_of_board ("Module1Complete");

  status_add_capability (status, 12);
  status_add_capability (status, 77);
  g_object_set (panel, "status", status, NULL);
  g_assert_nonnull (find_label (GTK_WIDGET (panel), "enableRfTestMode · number 12"));
  g_assert_nonnull (find_label (GTK_WIDGET (panel), "Unknown capability · number 77"));
  g_assert_nonnull (find_label (GTK_WIDGET (panel), "Unknown risk"));

  g_object_set (panel, "status", without, NULL);
  g_assert_null (find_label (GTK_WIDGET (panel), "enableRfTestMode · number 12"));
  g_assert_finalize_object (panel);
}

static void
test_panel_shows_problems (void)
{
  static const struct
  {
    LksBoardState state;
    const char *word;
  } rows[] = {
    { LKS_BOARD_STATE_NO_PERMISSION, "No permission" },
    { LKS_BOARD_STATE_NOT_PROGRAMMED, "Adapter not programmed" },
    { LKS_BOARD_STATE_NO_ANSWER, "Does not answer" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      LksStatusPanel *panel = g_object_ref_sink (g_object_new (LKS_TYPE_STATUS_PANEL, NULL));
      g_autoptr (LksBoardStatus) status = status_of_state (rows[i].state);

      status_set_error (status, g_error_new (LKS_BOARD_ERROR, LKS_BOARD_ERROR_NOT_PROGRAMMED,
                                             "the detail of %u", i));
      g_object_set (panel, "status", status, NULL);
      g_assert_cmpstr (get_page_name (panel), ==, "problem");
      g_assert_nonnull (find_label (GTK_WIDGET (panel), rows[i].word));
      g_assert_finalize_object (panel);
    }
}

/* A board that falls silent keeps what was known, with a notice above it. */
static void
test_panel_keeps_facts_of_a_silent_board (void)
{
  LksStatusPanel *panel = g_object_ref_sink (g_object_new (LKS_TYPE_STATUS_PANEL, NULL));
  g_autoptr (LksBoardStatus) status = status_of_board ("Blank");

  status_set_state (status, LKS_BOARD_STATE_NO_ANSWER);
  g_object_set (panel, "status", status, NULL);
  g_assert_cmpstr (get_page_name (panel), ==, "facts");
  g_assert_nonnull (
      find_label (GTK_WIDGET (panel),
                  "The adapter is there, but the board behind it is silent. Locksmith "
                  "keeps trying."));
  g_assert_finalize_object (panel);
}

static void
test_sign_label_needs_a_word (void)
{
  LksSignLabel *label = g_object_ref_sink (g_object_new (LKS_TYPE_SIGN_LABEL, NULL));
  LksSign good = { "lks-pass-symbolic", "Good", "", LKS_TONE_GOOD };
  LksSign wordless = { "lks-fail-symbolic", "", "", LKS_TONE_BAD };

  lks_sign_label_set_sign (label, &good);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (label)));
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (label), "tone-good"));

  lks_sign_label_set_sign (label, &wordless);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (label)));
  g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (label), "tone-good"));
  g_assert_finalize_object (label);
}

static char *
dup_word (GtkWidget *row)
{
  char *word;

  g_object_get (find_widget (row, LKS_TYPE_SIGN_LABEL), "word", &word, NULL);
  return word;
}

static void
imported_cb (GObject *book, GAsyncResult *result, gpointer unused)
{
  g_autoptr (GError) error = NULL;

  lks_os_book_finish (LKS_OS_BOOK (book), result, &error);
  g_assert_no_error (error);
}

static void
import_versions (LksOsBook *book, const char *newest)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "versions.json", NULL);
  g_autofree char *text = g_strdup_printf ("{\"versions\":[{\"name\":\"%s\",\"images\":[{"
                                           "\"cid\":\"0e2d6f2b-6f0f-4c40-9a0c-0d3c1f4a9b01\","
                                           "\"iid\":\"0e2d6f2b-6f0f-4c40-9a0c-0d3c1f4a9b02\"}]}]}",
                                           newest);
  const LksOsShelf *before = lks_os_book_get_shelf (book);

  g_mkdir_with_parents (g_get_user_data_dir (), 0700);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  lks_os_book_import_async (book, path, NULL, imported_cb, NULL);
  WAIT_UNTIL (lks_os_book_get_shelf (book) != before);
}

/* Without a list, and with one that knows nothing newer, a version is as good as any. */
static void
test_fact_row_tells_an_old_version (void)
{
  g_autoptr (LksOsBook) book = lks_os_book_ref_default ();
  LksBoardStatus *status = status_of_board ("DeviceComplete");
  GtkWidget *row = g_object_ref_sink (
      g_object_new (LKS_TYPE_FACT_ROW, "fact", LKS_FACT_ID_OS_VERSION, "status", status, NULL));
  g_autofree char *without = dup_word (row);
  g_autofree char *same = NULL;
  g_autofree char *older = NULL;

  g_assert_cmpstr (without, ==, "");
  import_versions (book, "24.06");
  same = dup_word (row);
  g_assert_cmpstr (same, ==, "");
  import_versions (book, "24.06.1");
  older = dup_word (row);
  g_assert_cmpstr (older, ==, "Newer known");
  g_object_unref (row);
  lks_board_status_unref (status);
}

static GtkEventController *
find_drop_target (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        return controller; /* the widget keeps it alive */
    }
  return NULL;
}

/* Returns whether the page took the files, as GTK asks it when something falls on it. */
static gboolean
drop (GtkWidget *page, GSList *files)
{
  GtkEventController *target = find_drop_target (page);
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean was_taken = FALSE;

  g_assert_nonnull (target);
  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_set_boxed (&value, files);
  g_signal_emit_by_name (target, "drop", &value, 1.0, 1.0, &was_taken);
  return was_taken;
}

static GtkWindow *
find_import_dialog (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *at = windows; at != NULL; at = at->next)
    if (LKS_IS_IMPORT_DIALOG (at->data))
      return at->data;
  return NULL;
}

/* Many files at once, some of them no capabilities; all of them are shown before anything is
 * imported. */
static void
test_vault_page_takes_drops (void)
{
  g_autoptr (LksVault) vault = lks_vault_new ();
  GtkWidget *window = g_object_ref_sink (gtk_window_new ());
  GtkWidget *page = g_object_new (LKS_TYPE_VAULT_PAGE, NULL);
  g_autoptr (GFile) one = g_file_new_for_path ("/nonexistent/one.cap");
  g_autoptr (GFile) other = g_file_new_for_path ("/nonexistent/other.cap");
  g_autoptr (GSList) files = g_slist_append (g_slist_append (NULL, one), other);
  GtkWidget *list;

  gtk_window_set_child (GTK_WINDOW (window), page);
  lks_vault_page_set_vault (LKS_VAULT_PAGE (page), vault);
  g_assert_false (drop (page, NULL));
  g_assert_null (find_import_dialog ());
  g_assert_true (drop (page, files));
  g_assert_nonnull (find_import_dialog ());

  list = find_widget (GTK_WIDGET (find_import_dialog ()), GTK_TYPE_LIST_BOX);
  WAIT_UNTIL (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 1) != NULL);
  g_assert_null (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 2));
  gtk_window_destroy (find_import_dialog ());
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_unref (window);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* A place tells several times a second that something has changed, mostly the time alone. */
static void
test_tile_keeps_what_is_the_same (void)
{
  g_autoptr (LksJigPlace) jig_place = lks_jig_place_new ("1-2.3", "A1", 0, 0, TRUE);
  g_autoptr (LksWallPlace) place = lks_wall_place_new (jig_place);
  GtkWidget *tile = g_object_ref_sink (lks_wall_tile_new (place));
  GtkWidget *icon = find_widget (tile, GTK_TYPE_IMAGE);
  GtkWidget *progress = find_widget (tile, GTK_TYPE_PROGRESS_BAR);
  guint n_notified = 0;

  g_signal_connect_swapped (icon, "notify", G_CALLBACK (count_cb), &n_notified);
  g_signal_connect_swapped (progress, "notify::fraction", G_CALLBACK (count_cb), &n_notified);
  g_signal_emit_by_name (place, "changed");
  g_assert_cmpuint (n_notified, ==, 0);
  g_object_unref (tile);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/ui/window/opens", test_window_opens);
  g_test_add_func ("/ui/clock/is-shared-and-ends", test_clock_is_shared_and_ends);
  g_test_add_func ("/ui/message-page", test_message_page);
  g_test_add_func ("/ui/panel/shows-a-locked-board", test_panel_shows_a_locked_board);
  g_test_add_func ("/ui/panel/shows-capabilities", test_panel_shows_capabilities);
  g_test_add_func ("/ui/panel/shows-problems", test_panel_shows_problems);
  g_test_add_func ("/ui/panel/keeps-facts-of-a-silent-board",
                   test_panel_keeps_facts_of_a_silent_board);
  g_test_add_func ("/ui/fact-row/tells-an-old-version", test_fact_row_tells_an_old_version);
  g_test_add_func ("/ui/sign-label/needs-a-word", test_sign_label_needs_a_word);
  g_test_add_func ("/ui/tile/keeps-what-is-the-same", test_tile_keeps_what_is_the_same);
  g_test_add_func ("/ui/vault-page/takes-drops", test_vault_page_takes_drops);
  return g_test_run ();
}
