/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-list.h"

#include "lks-secret-trace.h"
#include "lks-send.h"

/**
 * Feed:
 * @mutex: guards what follows it
 * @wanted: until how many items to go on
 * @given: how many were found
 * @seen: how many were looked at
 * @is_stopped: nobody wants anything any more
 * @is_waiting: the thread waits until more is wanted
 * @is_told: the main thread will look
 * @is_ended: nothing more comes
 * @error: why it ended early
 * @items: what the main thread has not taken yet
 * @gaps: what the list leaves out, known when it ended
 *
 * What a list and its thread share. The thread waits in the middle of the listing while enough
 * items are there, so that a list that nobody scrolls through costs no call.
 */
typedef struct
{
  LksCloudClient *client; /* (owned): of the thread */
  LksCloudListFunc func;
  LksCloudScope *scope; /* (owned) (nullable) */
  char *folded;         /* (owned) (nullable): what is looked for */
  GCancellable *cancellable;
  GMainContext *context; /* (owned) of the list */
  LksCloudList *list;    /* (unowned) (nullable): main thread only */

  GMutex mutex;
  GCond cond;
  guint wanted;
  guint given;
  guint seen;
  gboolean is_stopped;
  gboolean is_waiting;
  gboolean is_told;
  gboolean is_ended;
  GError *error;    /* (owned) (nullable) */
  GPtrArray *items; /* (owned) of LksCloudItem */
  GPtrArray *gaps;  /* (owned) (nullable) (element-type LksCloudGap) */
} Feed;

struct _LksCloudList
{
  GObject parent_instance;

  GPtrArray *items; /* (owned) of LksCloudItem */
  Feed *feed;       /* (owned) */
  guint seen;
  LksCloudListState state;
  GError *error;   /* (owned) (nullable) */
  GPtrArray *gaps; /* (owned) (element-type LksCloudGap) */
};

static void lks_cloud_list_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LksCloudList,
                               lks_cloud_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, lks_cloud_list_iface_init))

typedef enum
{
  PROP_STATE = 1,
} LksCloudListProperty;

static GParamSpec *properties[PROP_STATE + 1];

G_DEFINE_ENUM_TYPE (LksCloudListState,
                    lks_cloud_list_state,
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_LIST_LOADING, "loading"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_LIST_PAUSED, "paused"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_LIST_COMPLETE, "complete"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_LIST_CUT, "cut"),
                    G_DEFINE_ENUM_VALUE (LKS_CLOUD_LIST_FAILED, "failed"))

/* ---- what list and thread share ---- */

static Feed *
feed_new (LksCloudClient *client, LksCloudListFunc func, const LksCloudScope *scope)
{
  Feed *self = g_atomic_rc_box_new0 (Feed);

  self->client = client;
  self->func = func;
  self->scope = scope != NULL ? lks_cloud_scope_copy (scope) : NULL;
  self->cancellable = g_cancellable_new ();
  self->context = g_main_context_ref_thread_default ();
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->wanted = LKS_CLOUD_LIST_STEP;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  return self;
}

static void
feed_clear (gpointer data)
{
  Feed *self = data;

  lks_cloud_client_free (self->client);
  g_clear_pointer (&self->scope, lks_cloud_scope_free);
  g_free (self->folded);
  g_object_unref (self->cancellable);
  g_main_context_unref (self->context);
  g_ptr_array_unref (self->items);
  g_clear_pointer (&self->gaps, g_ptr_array_unref);
  g_clear_error (&self->error);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
}

static void
feed_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, feed_clear);
}

static gboolean take_cb (gpointer user_data);

/* With the mutex held. */
static void
tell (Feed *self)
{
  if (self->is_told)
    return;
  self->is_told = TRUE;
  lks_send (self->context, take_cb, g_atomic_rc_box_acquire (self), feed_unref);
}

static gboolean
give (LksCloudResource *resource, gpointer user_data, GError **error)
{
  Feed *self = user_data;
  gboolean is_match = self->folded == NULL || lks_cloud_resource_matches (resource, self->folded);
  g_autoptr (LksCloudItem) item = is_match ? lks_cloud_item_new (resource) : NULL;
  gboolean is_stopped;
  gboolean is_full;

  g_mutex_lock (&self->mutex);
  self->seen++;
  while (!self->is_stopped && is_match && self->given >= self->wanted)
    {
      self->is_waiting = TRUE;
      tell (self);
      g_cond_wait (&self->cond, &self->mutex);
    }
  self->is_waiting = FALSE;
  is_stopped = self->is_stopped;
  is_full = is_match && self->given == LKS_CLOUD_LIST_ROWS_MAX;
  if (is_match && !is_full)
    {
      self->given++;
      g_ptr_array_add (self->items, g_steal_pointer (&item));
    }
  if (is_match || self->seen % LKS_CLOUD_LIST_STEP == 0)
    tell (self);
  g_mutex_unlock (&self->mutex);

  if (is_stopped)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the list was left");
  else if (is_full)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "there is more than can be shown");
  return !is_stopped && !is_full;
}

static void
stop (Feed *self)
{
  g_mutex_lock (&self->mutex);
  self->is_stopped = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_cancellable_cancel (self->cancellable);
}

static gpointer
run (gpointer data)
{
  Feed *self = data;
  GError *error = NULL;

  self->func (self->client, self->scope, give, self, self->cancellable, &error);
  lks_secret_burn_traces (); /* the C library keeps stacks for other threads */
  g_mutex_lock (&self->mutex);
  self->is_ended = TRUE;
  self->error = error;
  self->gaps = lks_cloud_gaps_copy (lks_cloud_client_get_gaps (self->client));
  tell (self);
  g_mutex_unlock (&self->mutex);
  feed_unref (self);
  return NULL;
}

/* ---- the list ---- */

static LksCloudListState
judge (Feed *feed)
{
  if (!feed->is_ended)
    return feed->is_waiting ? LKS_CLOUD_LIST_PAUSED : LKS_CLOUD_LIST_LOADING;
  if (feed->error == NULL)
    return LKS_CLOUD_LIST_COMPLETE;
  return g_error_matches (feed->error, G_IO_ERROR, G_IO_ERROR_CLOSED) ? LKS_CLOUD_LIST_CUT
                                                                      : LKS_CLOUD_LIST_FAILED;
}

/* Takes what the thread found; on the list's own thread. */
static gboolean
take_cb (gpointer user_data)
{
  Feed *feed = user_data;
  g_autoptr (LksCloudList) self = feed->list != NULL ? g_object_ref (feed->list) : NULL;
  g_autoptr (GPtrArray) items = NULL;
  LksCloudListState state;
  guint position;
  guint n_items;

  if (self == NULL)
    return G_SOURCE_REMOVE;

  g_mutex_lock (&feed->mutex);
  feed->is_told = FALSE;
  items = g_steal_pointer (&feed->items);
  feed->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->seen = feed->seen;
  state = judge (feed);
  if (state == LKS_CLOUD_LIST_FAILED && self->error == NULL)
    self->error = g_error_copy (feed->error);
  if (feed->gaps != NULL)
    lks_cloud_gaps_add_all (self->gaps, feed->gaps);
  g_mutex_unlock (&feed->mutex);

  position = self->items->len;
  n_items = items->len;
  g_ptr_array_extend_and_steal (self->items, g_steal_pointer (&items));
  if (n_items > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), position, 0, n_items);
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  return G_SOURCE_REMOVE;
}

static GType
lks_cloud_list_get_item_type (GListModel *model)
{
  return LKS_TYPE_CLOUD_ITEM;
}

static guint
lks_cloud_list_get_n_items (GListModel *model)
{
  return LKS_CLOUD_LIST (model)->items->len;
}

static gpointer
lks_cloud_list_get_item (GListModel *model, guint position)
{
  LksCloudList *self = LKS_CLOUD_LIST (model);

  return position < self->items->len ? g_object_ref (g_ptr_array_index (self->items, position))
                                     : NULL;
}

static void
lks_cloud_list_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = lks_cloud_list_get_item_type;
  iface->get_n_items = lks_cloud_list_get_n_items;
  iface->get_item = lks_cloud_list_get_item;
}

static void
lks_cloud_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((LksCloudListProperty) prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, (int) LKS_CLOUD_LIST (object)->state);
      break;
    }
}

/* The thread is not waited for: it may be in the middle of a call. */
static void
lks_cloud_list_dispose (GObject *object)
{
  LksCloudList *self = LKS_CLOUD_LIST (object);

  if (self->feed != NULL)
    {
      self->feed->list = NULL;
      stop (self->feed);
    }
  g_clear_pointer (&self->feed, feed_unref);
  G_OBJECT_CLASS (lks_cloud_list_parent_class)->dispose (object);
}

static void
lks_cloud_list_finalize (GObject *object)
{
  LksCloudList *self = LKS_CLOUD_LIST (object);

  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->gaps);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (lks_cloud_list_parent_class)->finalize (object);
}

static void
lks_cloud_list_class_init (LksCloudListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lks_cloud_list_get_property;
  object_class->dispose = lks_cloud_list_dispose;
  object_class->finalize = lks_cloud_list_finalize;

  properties[PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, LKS_TYPE_CLOUD_LIST_STATE, LKS_CLOUD_LIST_LOADING,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
lks_cloud_list_init (LksCloudList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->gaps = lks_cloud_gaps_new ();
}

/**
 * lks_cloud_list_new:
 * @client: (transfer full): a client that nobody else uses
 * @func: what to list
 * @scope: (nullable): where
 * @search: (nullable): what the rows must contain; NULL or empty for all
 *
 * Begins to list.
 *
 * Returns: (transfer full): a list
 */
LksCloudList *
lks_cloud_list_new (LksCloudClient *client,
                    LksCloudListFunc func,
                    const LksCloudScope *scope,
                    const char *search)
{
  LksCloudList *self = g_object_new (LKS_TYPE_CLOUD_LIST, NULL);

  self->feed = feed_new (client, func, scope);
  self->feed->list = self;
  if (search != NULL && search[0] != '\0')
    self->feed->folded = g_utf8_casefold (search, -1);
  g_thread_unref (g_thread_new ("cloud-list", run, g_atomic_rc_box_acquire (self->feed)));
  return self;
}

/**
 * lks_cloud_list_get_state:
 * @self: a list
 *
 * Returns: how far it is
 */
LksCloudListState
lks_cloud_list_get_state (LksCloudList *self)
{
  return self->state;
}

/**
 * lks_cloud_list_get_error:
 * @self: a list
 *
 * Returns: (transfer none) (nullable): why it FAILED
 */
const GError *
lks_cloud_list_get_error (LksCloudList *self)
{
  return self->error;
}

/**
 * lks_cloud_list_get_gaps:
 * @self: a list
 *
 * Returns: (transfer none) (element-type LksCloudGap): what a COMPLETE list leaves out, because it
 *   could not be looked into
 */
GPtrArray *
lks_cloud_list_get_gaps (LksCloudList *self)
{
  return self->gaps;
}

/**
 * lks_cloud_list_get_seen:
 * @self: a list
 *
 * Returns: how many were looked at, which in a search is more than were found
 */
guint
lks_cloud_list_get_seen (LksCloudList *self)
{
  return self->seen;
}

/**
 * lks_cloud_list_want_more:
 * @self: a list
 *
 * Lets a list that is PAUSED go on. Anything else needs no word.
 */
void
lks_cloud_list_want_more (LksCloudList *self)
{
  Feed *feed = self->feed;

  g_return_if_fail (LKS_IS_CLOUD_LIST (self));

  if (self->state != LKS_CLOUD_LIST_PAUSED)
    return;
  g_mutex_lock (&feed->mutex);
  feed->wanted = feed->given + LKS_CLOUD_LIST_STEP;
  feed->is_waiting = FALSE;
  g_cond_broadcast (&feed->cond);
  g_mutex_unlock (&feed->mutex);
  self->state = LKS_CLOUD_LIST_LOADING;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}
