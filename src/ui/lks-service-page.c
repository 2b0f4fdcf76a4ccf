/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-service-page.h"

#include "lks-device-error.h"
#include "lks-error-text.h"
#include "lks-focus-place.h"
#include "lks-message-page.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  GtkRevealer *error_bar;  /* template child */
  GtkLabel *error_text;    /* template child */
  GtkLabel *error_advice;  /* template child */
  GtkLabel *error_details; /* template child */
  GtkExpander *expander;   /* template child */

  LksBoard *board;           /* (owned) (nullable) */
  GtkWidget *content;        /* (owned) (nullable) */
  LksCapabilityKey *key;     /* (owned) (nullable): with which the page was read */
  GCancellable *cancellable; /* (owned): of all work for this board */
  char *work;                /* (owned) (nullable) */
  guint n_jobs;
  const char *state;
  gboolean is_read;          /* the content shows this board */
  gboolean is_refused;       /* the board refused the last reading */
  gboolean is_stale;         /* to be read again when the page is visible */
  gboolean is_change_failed; /* the error above the content is of a change */
} LksServicePagePrivate;

G_DEFINE_TYPE_WITH_PRIVATE (LksServicePage, lks_service_page, ADW_TYPE_BIN)

typedef enum
{
  PROP_BOARD = 1,
  PROP_CONTENT,
  PROP_STATE,
  PROP_WORK,
} LksServicePageProperty;

static GParamSpec *properties[PROP_WORK + 1];

/* A job on its way through the worker. */
typedef struct
{
  LksServicePage *page;      /* (owned) */
  GCancellable *cancellable; /* (owned): the page's when it began; cancelled: another board */
  gpointer job_data;         /* (unowned): the job's */
  LksServicePageDone done;
  gboolean is_change;
} Work;

static LksServicePagePrivate *
get_private (LksServicePage *self)
{
  return lks_service_page_get_instance_private (self);
}

static gboolean
has_text (gpointer unused, const char *text)
{
  return text != NULL;
}

static gboolean
is_available (LksServicePagePrivate *priv)
{
  return lks_board_get_state (priv->board) == LKS_BOARD_STATE_READY;
}

static const char *
find_state (LksServicePagePrivate *priv)
{
  if (priv->board == NULL)
    return "none";
  if (priv->is_refused)
    return "locked";
  if (priv->is_read)
    return "content";
  return is_available (priv) || priv->n_jobs > 0 ? "loading" : "unavailable";
}

static void
update_state (LksServicePage *self)
{
  LksServicePagePrivate *priv = get_private (self);
  const char *state = find_state (priv);

  if (g_strcmp0 (priv->state, state) == 0)
    return;

  priv->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
set_work (LksServicePage *self, const char *work)
{
  LksServicePagePrivate *priv = get_private (self);

  if (g_strcmp0 (priv->work, work) == 0)
    return;

  g_free (priv->work);
  priv->work = g_strdup (work);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "service.cancel", work != NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WORK]);
}

static void
renew_cancellable (LksServicePagePrivate *priv)
{
  g_cancellable_cancel (priv->cancellable);
  g_object_unref (priv->cancellable);
  priv->cancellable = g_cancellable_new ();
}

static void
hide_error (LksServicePagePrivate *priv)
{
  priv->is_change_failed = FALSE;
  gtk_revealer_set_reveal_child (priv->error_bar, FALSE);
}

static void
take_key (LksServicePagePrivate *priv)
{
  LksCapabilityKey *key =
      priv->board != NULL ? lks_board_status_get_key (lks_board_get_status (priv->board)) : NULL;

  g_clear_pointer (&priv->key, lks_capability_key_unref);
  if (key != NULL)
    priv->key = lks_capability_key_ref (key);
}

static void
refresh_if_visible (LksServicePage *self)
{
  LksServicePagePrivate *priv = get_private (self);

  if (!priv->is_stale || priv->board == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)) ||
      !is_available (priv))
    return;

  priv->is_stale = FALSE;
  take_key (priv);
  LKS_SERVICE_PAGE_GET_CLASS (self)->refresh (self);
}

/* A board that comes back after a silence, or with another key, may tell something else. */
static void
status_changed_cb (LksServicePage *self)
{
  LksServicePagePrivate *priv = get_private (self);
  LksBoardStatus *status = lks_board_get_status (priv->board);

  if (lks_board_status_get_key (status) != priv->key || !is_available (priv))
    priv->is_stale = TRUE;
  update_state (self);
  refresh_if_visible (self);
}

static void
set_board (LksServicePage *self, LksBoard *board)
{
  LksServicePagePrivate *priv = get_private (self);

  if (priv->board == board)
    return;

  renew_cancellable (priv);
  if (priv->board != NULL)
    g_signal_handlers_disconnect_by_func (priv->board, status_changed_cb, self);
  g_set_object (&priv->board, board);
  if (board != NULL)
    g_signal_connect_object (board, "notify::status", G_CALLBACK (status_changed_cb), self,
                             G_CONNECT_SWAPPED);

  hide_error (priv);
  priv->is_read = priv->is_refused = FALSE;
  priv->is_stale = TRUE;
  if (LKS_SERVICE_PAGE_GET_CLASS (self)->clear != NULL)
    LKS_SERVICE_PAGE_GET_CLASS (self)->clear (self);
  update_state (self);
  refresh_if_visible (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BOARD]);
}

static void
work_free (Work *work)
{
  g_object_unref (work->page);
  g_object_unref (work->cancellable);
  g_free (work);
}

static void
take_outcome (LksServicePage *self, Work *work, const GError *error)
{
  LksServicePagePrivate *priv = get_private (self);

  if (!work->is_change)
    {
      priv->is_refused = g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED);
      priv->is_read = priv->is_read || error == NULL;
    }
  /* The reading that follows a failed change must not take the reason away. */
  if (error == NULL && !priv->is_change_failed)
    hide_error (priv);
  else if (error != NULL && (!priv->is_refused || work->is_change))
    {
      lks_service_page_show_error (self, error);
      priv->is_change_failed = work->is_change;
    }

  if (work->done != NULL)
    {
      LksFocusPlace *place = lks_focus_place_take (GTK_WIDGET (self));

      work->done (self, work->job_data, error == NULL);
      lks_focus_place_restore (place);
    }
  if (work->is_change)
    priv->is_stale = TRUE;
}

static void
worked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Work *work = user_data;
  LksServicePage *self = work->page;
  LksServicePagePrivate *priv = get_private (self);
  g_autoptr (GError) error = NULL;

  lks_board_run_finish (LKS_BOARD (source), result, &error);
  priv->n_jobs--;
  if (priv->n_jobs == 0)
    set_work (self, NULL);
  if (work->cancellable == priv->cancellable && priv->board != NULL)
    take_outcome (self, work, error);
  update_state (self);
  refresh_if_visible (self);
  work_free (work);
}

static void
start (LksServicePage *self,
       const char *what,
       gboolean is_change,
       LksBoardFunc func,
       gpointer job_data,
       GDestroyNotify job_data_free,
       LksServicePageDone done)
{
  LksServicePagePrivate *priv = get_private (self);
  Work *work = g_new0 (Work, 1);

  if (g_cancellable_is_cancelled (priv->cancellable)) /* of what was cancelled before */
    renew_cancellable (priv);
  work->page = g_object_ref (self);
  work->cancellable = g_object_ref (priv->cancellable);
  work->job_data = job_data;
  work->done = done;
  work->is_change = is_change;
  priv->n_jobs++;
  set_work (self, what);
  update_state (self);
  lks_board_run_async (priv->board, func, job_data, job_data_free, priv->cancellable, worked_cb,
                       work);
}

static void
cancel_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksServicePagePrivate *priv = get_private (LKS_SERVICE_PAGE (widget));

  /* Not renewed: what the work leaves behind is still this board's, and is shown. */
  g_cancellable_cancel (priv->cancellable);
}

static void
dismiss_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  hide_error (get_private (LKS_SERVICE_PAGE (widget)));
}

static void
refresh_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  lks_service_page_refresh (LKS_SERVICE_PAGE (widget));
}

static void
lks_service_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lks_service_page_parent_class)->map (widget);
  refresh_if_visible (LKS_SERVICE_PAGE (widget));
}

static void
lks_service_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksServicePagePrivate *priv = get_private (LKS_SERVICE_PAGE (object));

  switch ((LksServicePageProperty) prop_id)
    {
    case PROP_BOARD:
      g_value_set_object (value, priv->board);
      break;
    case PROP_CONTENT:
      g_value_set_object (value, priv->content);
      break;
    case PROP_STATE:
      g_value_set_string (value, priv->state);
      break;
    case PROP_WORK:
      g_value_set_string (value, priv->work);
      break;
    }
}

static void
lks_service_page_set_property (GObject *object,
                               guint prop_id,
                               const GValue *value,
                               GParamSpec *pspec)
{
  LksServicePage *self = LKS_SERVICE_PAGE (object);

  switch ((LksServicePageProperty) prop_id)
    {
    case PROP_BOARD:
      set_board (self, g_value_get_object (value));
      break;
    case PROP_CONTENT:
      if (g_set_object (&get_private (self)->content, g_value_get_object (value)))
        g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_STATE:
    case PROP_WORK:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
lks_service_page_dispose (GObject *object)
{
  LksServicePage *self = LKS_SERVICE_PAGE (object);
  LksServicePagePrivate *priv = get_private (self);

  g_cancellable_cancel (priv->cancellable);
  if (priv->board != NULL)
    g_signal_handlers_disconnect_by_func (priv->board, status_changed_cb, self);
  g_clear_object (&priv->board);
  g_clear_object (&priv->content);
  /* GTK 4.8 knows only the template of the instance's own class. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  G_OBJECT_CLASS (lks_service_page_parent_class)->dispose (object);
}

static void
lks_service_page_finalize (GObject *object)
{
  LksServicePagePrivate *priv = get_private (LKS_SERVICE_PAGE (object));

  g_clear_pointer (&priv->key, lks_capability_key_unref);
  g_object_unref (priv->cancellable);
  g_free (priv->work);
  G_OBJECT_CLASS (lks_service_page_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags writable = readable | G_PARAM_WRITABLE;

  properties[PROP_BOARD] = g_param_spec_object ("board", NULL, NULL, LKS_TYPE_BOARD, writable);
  properties[PROP_CONTENT] = g_param_spec_object ("content", NULL, NULL, GTK_TYPE_WIDGET, writable);
  properties[PROP_STATE] = g_param_spec_string ("state", NULL, NULL, "none", readable);
  properties[PROP_WORK] = g_param_spec_string ("work", NULL, NULL, NULL, readable);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
lks_service_page_class_init (LksServicePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lks_service_page_get_property;
  object_class->set_property = lks_service_page_set_property;
  object_class->dispose = lks_service_page_dispose;
  object_class->finalize = lks_service_page_finalize;
  widget_class->map = lks_service_page_map;
  install_properties (object_class);

  g_type_ensure (LKS_TYPE_MESSAGE_PAGE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-service-page.ui");
  gtk_widget_class_bind_template_child_private (widget_class, LksServicePage, error_bar);
  gtk_widget_class_bind_template_child_private (widget_class, LksServicePage, error_text);
  gtk_widget_class_bind_template_child_private (widget_class, LksServicePage, error_advice);
  gtk_widget_class_bind_template_child_private (widget_class, LksServicePage, error_details);
  gtk_widget_class_bind_template_child_private (widget_class, LksServicePage, expander);
  gtk_widget_class_bind_template_callback (widget_class, has_text);
  gtk_widget_class_install_action (widget_class, "service.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "service.dismiss", NULL, dismiss_action);
  gtk_widget_class_install_action (widget_class, "service.refresh", NULL, refresh_action);
}

static void
lks_service_page_init (LksServicePage *self)
{
  LksServicePagePrivate *priv = get_private (self);

  priv->state = "none";
  priv->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "service.cancel", FALSE);
}

/**
 * lks_service_page_get_board:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): the board it shows
 */
LksBoard *
lks_service_page_get_board (LksServicePage *self)
{
  return get_private (self)->board;
}

/**
 * lks_service_page_is_working:
 * @self: a page
 *
 * Returns: whether a job of this page waits or runs
 */
gboolean
lks_service_page_is_working (LksServicePage *self)
{
  return get_private (self)->n_jobs > 0;
}

/**
 * lks_service_page_refresh:
 * @self: a page
 *
 * Reads everything again, now or as soon as the page is visible and the board answers.
 */
void
lks_service_page_refresh (LksServicePage *self)
{
  get_private (self)->is_stale = TRUE;
  refresh_if_visible (self);
}

/**
 * lks_service_page_read:
 * @self: a page with a board
 * @func: a blocking job on the board's worker that only reads
 * @job_data: for @func, and for @done afterwards
 * @job_data_free: (nullable): frees @job_data, after @done
 * @done: (nullable): shows what was read; not called when another board is selected by then
 *
 * Reads what the page shows. A refusal by the board turns the page into the explanation that it
 * is locked; any other failure is shown above the content.
 */
void
lks_service_page_read (LksServicePage *self,
                       LksBoardFunc func,
                       gpointer job_data,
                       GDestroyNotify job_data_free,
                       LksServicePageDone done)
{
  g_return_if_fail (LKS_IS_SERVICE_PAGE (self));
  g_return_if_fail (get_private (self)->board != NULL);

  start (self, NULL, FALSE, func, job_data, job_data_free, done);
}

/**
 * lks_service_page_change:
 * @self: a page with a board
 * @what: what is being done, as a translated phrase such as “Adding the network…”
 * @func: a blocking job on the board's worker
 * @job_data: for @func, and for @done afterwards
 * @job_data_free: (nullable): frees @job_data, after @done
 * @done: (nullable): told how it went; not called when another board is selected by then
 *
 * Changes something on the board. Meanwhile @what is shown, with a way to cancel; afterwards the
 * page is read again.
 */
void
lks_service_page_change (LksServicePage *self,
                         const char *what,
                         LksBoardFunc func,
                         gpointer job_data,
                         GDestroyNotify job_data_free,
                         LksServicePageDone done)
{
  LksServicePagePrivate *priv = get_private (self);

  g_return_if_fail (LKS_IS_SERVICE_PAGE (self));
  g_return_if_fail (priv->board != NULL);

  hide_error (priv);
  start (self, what, TRUE, func, job_data, job_data_free, done);
}

/**
 * lks_service_page_show_error:
 * @self: a page
 * @error: what went wrong
 *
 * Shows it above the content, with what to do next, until it is dismissed or another change
 * begins; one of a reading also until a reading succeeds.
 * A cancellation is not shown.
 */
void
lks_service_page_show_error (LksServicePage *self, const GError *error)
{
  LksServicePagePrivate *priv = get_private (self);
  g_autofree char *sentence = NULL;
  g_autofree char *advice = NULL;

  g_return_if_fail (LKS_IS_SERVICE_PAGE (self));

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  sentence = lks_error_to_sentence (error);
  advice = lks_error_to_advice (error);
  gtk_label_set_label (priv->error_text, sentence);
  gtk_label_set_label (priv->error_advice, advice);
  gtk_label_set_label (priv->error_details, error->message);
  gtk_expander_set_expanded (priv->expander, FALSE);
  gtk_revealer_set_reveal_child (priv->error_bar, TRUE);
}

/**
 * lks_service_page_toast:
 * @self: a page in a window
 * @text: a translated sentence
 *
 * Says that something was done.
 */
void
lks_service_page_toast (LksServicePage *self, const char *text)
{
  g_autofree char *markup = g_markup_escape_text (text, -1); /* a toast takes markup */

  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-toast", "s", markup);
}
