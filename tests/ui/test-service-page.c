/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs under locksmith-bench, on a display, with the boards of service-boards.json plugged in. */
#include "emu-capability.h"
#include "lks-board-list.h"
#include "lks-board-view.h"
#include "lks-capability.h"
#include "lks-device-wifi.h"
#include "lks-service-page.h"
#include "wait-until.h"

/* ---- a page of servicing work ---- */

#define TEST_TYPE_PAGE (test_page_get_type ())
G_DECLARE_FINAL_TYPE (TestPage, test_page, TEST, PAGE, LksServicePage)

struct _TestPage
{
  LksServicePage parent_instance;

  guint n_networks;
  guint n_reads;
  guint n_clears;
};

G_DEFINE_FINAL_TYPE (TestPage, test_page, LKS_TYPE_SERVICE_PAGE)

static TestPage *last_page;

static gboolean
read_job (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  guint *n_networks = user_data;
  g_autoptr (GPtrArray) networks = lks_device_get_wifi_networks (device, cancellable, error);

  if (networks == NULL)
    return FALSE;
  *n_networks = networks->len;
  return TRUE;
}

static void
read_done (LksServicePage *page, gpointer job_data, gboolean is_ok)
{
  TestPage *self = TEST_PAGE (page);

  self->n_reads++;
  if (is_ok)
    self->n_networks = *(guint *) job_data;
}

static void
test_page_refresh (LksServicePage *page)
{
  lks_service_page_read (page, read_job, g_new0 (guint, 1), g_free, read_done);
}

static void
test_page_clear (LksServicePage *page)
{
  TEST_PAGE (page)->n_clears++;
}

static void
test_page_class_init (TestPageClass *klass)
{
  LKS_SERVICE_PAGE_CLASS (klass)->refresh = test_page_refresh;
  LKS_SERVICE_PAGE_CLASS (klass)->clear = test_page_clear;
}

static void
test_page_init (TestPage *self)
{
  last_page = self;
  g_object_set (self, "content", gtk_label_new ("content"), NULL);
}

/* ---- the world ---- */

typedef struct
{
  LksIoThread *io_thread;
  LksBoardList *list;
  LksBoard *open;      /* (unowned) */
  LksBoard *locked;    /* (unowned) */
  LksBoard *kept_open; /* (unowned): finished, with a capability stored on it */
  GtkWindow *window;
  LksBoardView *view;
} World;

static void
set_up (World *world, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksTrust) trust = lks_trust_load_default (&error);

  g_assert_no_error (error);
  world->io_thread = lks_io_thread_new ();
  world->list = lks_board_list_new (world->io_thread, trust, NULL, &error);
  g_assert_no_error (error);
  WAIT_UNTIL (lks_board_list_is_settled (world->list));
  world->open = lks_board_list_find (world->list, "1-1", &error);
  world->locked = lks_board_list_find (world->list, "1-2", &error);
  world->kept_open = lks_board_list_find (world->list, "1-3", &error);
  g_assert_no_error (error);

  world->window = GTK_WINDOW (gtk_window_new ());
  world->view = g_object_new (LKS_TYPE_BOARD_VIEW, NULL);
  lks_board_view_add_page (world->view, "test", "Test", TEST_TYPE_PAGE);
  gtk_window_set_child (world->window, GTK_WIDGET (world->view));
  gtk_window_present (world->window);
  last_page = NULL;
}

static void
tear_down (World *world, gconstpointer unused)
{
  gtk_window_destroy (world->window);
  lks_board_list_close (world->list);
  WAIT_FINALIZED (world->list);
  WAIT_FINALIZED (world->io_thread);
}

static const char *
get_state (void)
{
  g_autofree char *state = NULL;

  g_object_get (last_page, "state", &state, NULL);
  return g_intern_string (state);
}

static void
show (World *world, LksBoard *board)
{
  g_object_set (world->view, "board", board, "status",
                board != NULL ? lks_board_get_status (board) : NULL, NULL);
}

/* ---- tests ---- */

/* A page that nobody looks at is not there. */
static void
test_built_when_shown (World *world, gconstpointer unused)
{
  show (world, world->open);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (last_page);

  g_object_set (world->view, "page-name", "test", NULL);
  g_assert_nonnull (last_page);
  WAIT_UNTIL (g_str_equal (get_state (), "content"));
  g_assert_cmpuint (last_page->n_networks, ==, 1);
}

static void
test_boards (World *world, gconstpointer unused)
{
  guint n_clears;

  g_object_set (world->view, "page-name", "test", NULL);
  g_assert_cmpstr (get_state (), ==, "none");
  show (world, world->open);
  WAIT_UNTIL (last_page->n_reads == 1);
  g_assert_cmpstr (get_state (), ==, "content");
  n_clears = last_page->n_clears;

  show (world, world->locked);
  g_assert_cmpuint (last_page->n_clears, ==, n_clears + 1);
  WAIT_UNTIL (g_str_equal (get_state (), "locked"));
  show (world, NULL);
  g_assert_cmpstr (get_state (), ==, "none");

  show (world, world->open);
  WAIT_UNTIL (g_str_equal (get_state (), "content"));
  n_clears = last_page->n_reads;
  lks_board_view_refresh (world->view);
  WAIT_UNTIL (last_page->n_reads == n_clears + 1);
}

static LksCapabilityKey *
new_key (LksBoard *board)
{
  const guint16 capability = LKS_CAPABILITY_FIELD_SERVICING;
  g_autofree char *state_dir = g_build_filename (g_getenv ("LOCKSMITH_BENCH_DIR"), "state", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (EmuKeys) keys = emu_keys_open (state_dir, &error);
  g_autoptr (GBytes) file =
      emu_capability_build (keys, lks_board_get_device_id (board), &capability, 1, &error);
  g_autoptr (LksSecret) bytes =
      lks_secret_new (g_bytes_get_data (file, NULL), g_bytes_get_size (file));

  return lks_capability_key_new (bytes, &error);
}

/* A session that begins or ends is noticed by itself. */
static void
test_session (World *world, gconstpointer unused)
{
  g_autoptr (LksCapabilityKey) key = new_key (world->locked);

  g_object_set (world->view, "page-name", "test", NULL);
  show (world, world->locked);
  WAIT_UNTIL (g_str_equal (get_state (), "locked"));
  lks_board_set_key (world->locked, key);
  WAIT_UNTIL (g_str_equal (get_state (), "content"));
  lks_board_set_key (world->locked, NULL);
  WAIT_UNTIL (g_str_equal (get_state (), "locked"));
}

static gboolean
fail_job (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  g_set_error_literal (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BUSY, "busy with something else");
  return FALSE;
}

static gboolean
wait_job (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  GPollFD fd;

  g_assert_true (g_cancellable_make_pollfd (cancellable, &fd));
  g_poll (&fd, 1, -1);
  g_cancellable_release_fd (cancellable);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static gboolean
is_error_shown (void)
{
  GtkRevealer *bar = GTK_REVEALER (
      gtk_widget_get_template_child (GTK_WIDGET (last_page), LKS_TYPE_SERVICE_PAGE, "error_bar"));

  return gtk_revealer_get_reveal_child (bar);
}

static char *
dup_work (void)
{
  char *work;

  g_object_get (last_page, "work", &work, NULL);
  return work;
}

/* An error is shown until it is dismissed, not only until the page is read again; work can be
 * cancelled, which is no error. */
static void
test_changes (World *world, gconstpointer unused)
{
  LksServicePage *page;
  g_autofree char *work = NULL;
  guint n_reads;

  g_object_set (world->view, "page-name", "test", NULL);
  show (world, world->open);
  WAIT_UNTIL (g_str_equal (get_state (), "content"));
  page = LKS_SERVICE_PAGE (last_page);
  n_reads = last_page->n_reads;

  lks_service_page_change (page, "Failing…", fail_job, NULL, NULL, NULL);
  work = dup_work ();
  g_assert_cmpstr (work, ==, "Failing…");
  WAIT_UNTIL (is_error_shown ());
  g_assert_cmpstr (get_state (), ==, "content");
  WAIT_UNTIL (last_page->n_reads > n_reads && !lks_service_page_is_working (page));
  g_assert_true (is_error_shown ());
  gtk_widget_activate_action (GTK_WIDGET (page), "service.dismiss", NULL);
  g_assert_false (is_error_shown ());

  lks_service_page_change (page, "Waiting…", wait_job, NULL, NULL, NULL);
  g_assert_true (lks_service_page_is_working (page));
  gtk_widget_activate_action (GTK_WIDGET (page), "service.cancel", NULL);
  WAIT_UNTIL (!lks_service_page_is_working (page));
  g_assert_false (is_error_shown ());
  g_assert_null (dup_work ());

  /* And the next one works again. */
  n_reads = last_page->n_reads;
  lks_service_page_change (page, "Reading…", read_job, &(guint){ 0 }, NULL, NULL);
  WAIT_UNTIL (last_page->n_reads > n_reads);
}

static GtkWidget *
get_view_child (World *world, const char *name)
{
  return GTK_WIDGET (
      gtk_widget_get_template_child (GTK_WIDGET (world->view), LKS_TYPE_BOARD_VIEW, name));
}

/* A finished board that is open all the same is dangerous, and says so. */
static void
test_kept_open (World *world, gconstpointer unused)
{
  GtkRevealer *danger = GTK_REVEALER (get_view_child (world, "danger"));
  const char *text;

  show (world, world->open);
  g_assert_false (gtk_revealer_get_reveal_child (danger));
  show (world, world->locked);
  g_assert_false (gtk_revealer_get_reveal_child (danger));

  show (world, world->kept_open);
  g_assert_true (gtk_revealer_get_reveal_child (danger));
  text = gtk_label_get_label (GTK_LABEL (get_view_child (world, "danger_text")));
  g_assert_nonnull (strstr (text, "appDevelopment · number 11"));
  show (world, NULL);
  g_assert_false (gtk_revealer_get_reveal_child (danger));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/service-page/built-when-shown", World, NULL, set_up, test_built_when_shown,
              tear_down);
  g_test_add ("/service-page/boards", World, NULL, set_up, test_boards, tear_down);
  g_test_add ("/service-page/session", World, NULL, set_up, test_session, tear_down);
  g_test_add ("/service-page/changes", World, NULL, set_up, test_changes, tear_down);
  g_test_add ("/service-page/kept-open", World, NULL, set_up, test_kept_open, tear_down);
  return g_test_run ();
}
