/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-operator-view.h"

#include "lks-clock.h"
#include "lks-finalizer.h"
#include "lks-operator-chip.h"
#include "lks-sign-in-page.h"

struct _LksOperatorView
{
  GObject parent_instance;

  GtkWindow *window;           /* (unowned): it owns this view */
  LksOperatorPlaces places;    /* parts of the window */
  LksOperatorSession *session; /* (owned) */
  GError *problem;             /* (owned) (nullable): with the station's configuration */
  LksClock *clock;             /* (owned) (nullable): while somebody could go away */
};

G_DEFINE_FINAL_TYPE (LksOperatorView, lks_operator_view, G_TYPE_OBJECT)

static gboolean
is_closed (LksOperatorView *self)
{
  return lks_operator_session_get_required (self->session) &&
         !lks_operator_session_get_signed_in (self->session);
}

/* ---- somebody is there, or not ---- */

static LksSignInPage *
ensure_page (LksOperatorView *self)
{
  GtkWidget *page = adw_bin_get_child (self->places.sign_in);

  if (page == NULL)
    {
      page = GTK_WIDGET (lks_sign_in_page_new (self->session));
      lks_sign_in_page_set_problem (LKS_SIGN_IN_PAGE (page), self->problem);
      adw_bin_set_child (self->places.sign_in, page);
    }
  return LKS_SIGN_IN_PAGE (page);
}

/* Pages that are for engineers are not there for others. */
static void
show_pages (LksOperatorView *self)
{
  static const struct
  {
    const char *page;
    LksOperatorAct act;
  } pages[] = {
    { "capabilities", LKS_OPERATOR_ACT_CAPABILITIES },
    { "cloud", LKS_OPERATOR_ACT_CLOUD },
  };
  AdwViewStack *stack = ADW_VIEW_STACK (self->places.content);

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      GtkWidget *child = adw_view_stack_get_child_by_name (stack, pages[i].page);

      if (child != NULL)
        adw_view_stack_page_set_visible (adw_view_stack_get_page (stack, child),
                                         lks_operator_session_may (self->session, pages[i].act));
    }
}

static void
show_closed (LksOperatorView *self)
{
  const gboolean closed = is_closed (self);
  const gboolean was_closed = gtk_widget_get_visible (GTK_WIDGET (self->places.sign_in));

  show_pages (self);
  if (closed)
    ensure_page (self);
  gtk_widget_set_visible (self->places.content, !closed);
  gtk_widget_set_visible (GTK_WIDGET (self->places.sign_in), closed);
  gtk_widget_set_visible (self->places.switcher, !closed);
  gtk_widget_set_visible (self->places.narrow_switcher, !closed);
  if (closed && !was_closed)
    lks_sign_in_page_begin (ensure_page (self));
}

/* What somebody had open is not for the next person. A window in the middle of runs stays until
 * they are over; each window knows by itself whether it can be closed. */
static void
close_others (LksOperatorView *self)
{
  GtkApplication *application = gtk_window_get_application (self->window);
  g_autoptr (GList) windows = NULL;

  if (application == NULL || lks_finalizer_count_busy () > 0)
    return;

  windows = g_list_copy (gtk_application_get_windows (application));
  for (GList *window = windows; window != NULL; window = window->next)
    if (window->data != self->window)
      gtk_window_close (window->data);
}

static void
tick_cb (LksOperatorView *self)
{
  lks_operator_session_check_idle (self->session);
}

/* The clock runs only while there is somebody who could go away. */
static void
watch_idle (LksOperatorView *self)
{
  const gboolean needed = lks_operator_session_get_required (self->session) &&
                          lks_operator_session_get_signed_in (self->session);

  if (needed == (self->clock != NULL))
    return;
  if (!needed)
    {
      g_signal_handlers_disconnect_by_func (self->clock, tick_cb, self);
      g_clear_object (&self->clock);
      return;
    }
  self->clock = lks_clock_ref_default ();
  g_signal_connect_object (self->clock, "notify::now", G_CALLBACK (tick_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
session_changed_cb (LksOperatorView *self)
{
  const gboolean was_open = gtk_widget_get_visible (self->places.content);

  watch_idle (self);
  if (is_closed (self) && was_open)
    close_others (self);
  show_closed (self);
}

/* ---- somebody touches something ---- */

static gboolean
event_cb (GtkEventControllerLegacy *controller, GdkEvent *event, LksOperatorView *self)
{
  switch ((int) gdk_event_get_event_type (event))
    {
    case GDK_KEY_PRESS:
    case GDK_BUTTON_PRESS:
    case GDK_MOTION_NOTIFY:
    case GDK_SCROLL:
    case GDK_TOUCH_BEGIN:
      lks_operator_session_touch (self->session);
      break;
    default:
      break;
    }
  return GDK_EVENT_PROPAGATE;
}

static void
watch_window (LksOperatorView *self, GtkWindow *window)
{
  GtkEventController *controller = gtk_event_controller_legacy_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (controller, "event", G_CALLBACK (event_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (window), controller);
}

static void
window_added_cb (GtkApplication *application, GtkWindow *window, LksOperatorView *self)
{
  watch_window (self, window);
}

static void
lks_operator_view_dispose (GObject *object)
{
  LksOperatorView *self = LKS_OPERATOR_VIEW (object);

  g_clear_object (&self->clock);
  g_clear_object (&self->session);
  g_clear_error (&self->problem);
  G_OBJECT_CLASS (lks_operator_view_parent_class)->dispose (object);
}

static void
lks_operator_view_class_init (LksOperatorViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lks_operator_view_dispose;
}

static void
lks_operator_view_init (LksOperatorView *self)
{
}

/**
 * lks_operator_view_new:
 * @window: the main window of an application; it owns the view
 * @places: its parts
 * @session: who is at the station
 * @problem: (nullable): why the station's configuration is not understood
 *
 * Returns: (transfer full): a new view
 */
LksOperatorView *
lks_operator_view_new (GtkWindow *window,
                       const LksOperatorPlaces *places,
                       LksOperatorSession *session,
                       const GError *problem)
{
  LksOperatorView *self = g_object_new (LKS_TYPE_OPERATOR_VIEW, NULL);

  self->window = window;
  self->places = *places;
  self->session = g_object_ref (session);
  self->problem = problem != NULL ? g_error_copy (problem) : NULL;
  adw_bin_set_child (places->chip, GTK_WIDGET (lks_operator_chip_new (session)));
  watch_window (self, window);
  g_signal_connect_object (gtk_window_get_application (window), "window-added",
                           G_CALLBACK (window_added_cb), self, 0);
  g_signal_connect_object (session, "notify::name", G_CALLBACK (session_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::required", G_CALLBACK (session_changed_cb), self,
                           G_CONNECT_SWAPPED);
  session_changed_cb (self);
  return self;
}
