/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-application.h"
#include "lks-clock.h"
#include "lks-window.h"

/* Turns the main context until @condition holds; the test's own time limit is the bound. */
#define wait_until(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    while (!(condition))                                                                           \
      g_main_context_iteration (NULL, TRUE);                                                       \
  }                                                                                                \
  G_STMT_END

static void
test_window_opens (void)
{
  g_autoptr (LksApplication) application = lks_application_new (NULL);
  g_autoptr (GError) error = NULL;
  GtkWindow *window;

  g_assert_true (g_application_register (G_APPLICATION (application), NULL, &error));
  g_assert_no_error (error);
  g_application_activate (G_APPLICATION (application));

  window = gtk_application_get_active_window (GTK_APPLICATION (application));
  g_assert_true (LKS_IS_WINDOW (window));
  wait_until (gtk_widget_get_mapped (GTK_WIDGET (window)));
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);

  g_action_group_activate_action (G_ACTION_GROUP (application), "quit", NULL);
  wait_until (window == NULL);
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/ui/window/opens", test_window_opens);
  g_test_add_func ("/ui/clock/is-shared-and-ends", test_clock_is_shared_and_ends);
  return g_test_run ();
}
