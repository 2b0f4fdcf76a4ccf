/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-board-line-private.h"

#include "lks-board-reader-private.h"
#include "lks-board-status-private.h"
#include "lks-capability.h"

struct _LksBoardLine
{
  LksIoThread *io_thread; /* (owned) */
  LksPort *port;          /* (owned) */
  LksTrust *trust;        /* (owned) */
  LksBoardLineFunc noted;
  gpointer user_data;

  /* The worker only. */
  char *device_id; /* (owned) (nullable): as last read over this line */

  GMutex mutex;          /* guards the rest, which the worker makes and others look at */
  LksLink *link;         /* (owned) (nullable) */
  LksDevice *device;     /* (owned) (nullable) */
  LksCapabilityKey *key; /* (owned) (nullable): to be shown to the board */
  LksLockHistory history;
  guint handshakes;       /* of @device, as last seen */
  gboolean has_restarted; /* seen, and not yet told … */
  gboolean was_ordered;   /* … and whether we had ordered it */
};

/* Worker thread: a job is as good a witness as our own readings. A new handshake means that
 * the connection before had broken. */
static void
watch_cb (const LksDeviceExchange *exchange, gpointer user_data)
{
  LksBoardLine *self = user_data;
  gint64 now_us = g_get_monotonic_time ();
  guint handshakes = lks_device_get_handshakes (self->device);
  gboolean was_ordered;

  g_mutex_lock (&self->mutex);
  was_ordered = self->history.ordered_us != 0;
  if (handshakes != self->handshakes)
    lks_lock_history_see_loss (&self->history, now_us);
  self->handshakes = handshakes;
  if (lks_lock_history_see_exchange (&self->history, exchange, now_us))
    {
      self->has_restarted = TRUE;
      self->was_ordered = was_ordered;
    }
  g_mutex_unlock (&self->mutex);

  if (lks_board_exchange_is_notable (exchange))
    self->noted (lks_board_exchange_new (exchange, self->device_id), self->user_data);
}

/* Whoever still borrows the device does not report to this board any more. */
static void
drop_device (LksDevice **device)
{
  if (*device != NULL)
    lks_device_set_watcher (*device, NULL, NULL);
  g_clear_object (device);
}

static gboolean
ensure_device (LksBoardLine *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksByteStream) stream = NULL;
  g_autoptr (LksDevice) device = NULL;
  g_autoptr (LksLink) link = NULL;
  g_autoptr (LksDevice) old_device = NULL;
  g_autoptr (LksLink) old_link = NULL;

  if (self->link != NULL && lks_link_is_open (self->link))
    return TRUE;

  g_mutex_lock (&self->mutex);
  old_device = g_steal_pointer (&self->device);
  old_link = g_steal_pointer (&self->link);
  g_mutex_unlock (&self->mutex);
  drop_device (&old_device);
  g_clear_object (&old_link); /* gives the adapter back before it is opened again */

  stream = lks_port_open_uart (self->port, cancellable, error);
  if (stream == NULL)
    return FALSE;
  link = lks_link_new (self->io_thread, stream, error);
  if (link == NULL)
    return FALSE;
  device = lks_device_new (LKS_CONNECTOR (link), self->trust);
  lks_device_set_watcher (device, watch_cb, self);

  g_mutex_lock (&self->mutex);
  self->link = g_steal_pointer (&link);
  self->device = g_steal_pointer (&device);
  self->handshakes = 0;
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

/* The device shows the key to no other board; here it is only handed in. */
static gboolean
prepare_device (LksBoardLine *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksCapabilityKey) key = NULL;

  if (!ensure_device (self, cancellable, error))
    return FALSE;

  g_mutex_lock (&self->mutex);
  key = self->key != NULL ? lks_capability_key_ref (self->key) : NULL;
  g_mutex_unlock (&self->mutex);
  lks_device_set_key (self->device, key);
  return TRUE;
}

/* Tells whether the board has restarted since the last call. */
static void
steal_restarted (LksBoardLine *self, LksBoardReading *reading)
{
  g_mutex_lock (&self->mutex);
  if (self->has_restarted)
    {
      reading->has_restarted = TRUE;
      reading->was_ordered |= self->was_ordered;
    }
  self->has_restarted = FALSE;
  g_mutex_unlock (&self->mutex);
}

static gboolean
would_lock (const LksBoardStatus *status)
{
  return g_strcmp0 (lks_board_status_get_manufacturing_state (status), "DeviceComplete") == 0 &&
         !lks_board_status_has_capability (status, LKS_CAPABILITY_APP_DEVELOPMENT);
}

/* Another board answers now. What was seen before was not this one. */
static void
begin_history (LksBoardLine *self, const LksBoardStatus *status)
{
  const LksFactRecord *uptime = &status->facts[LKS_FACT_ID_UPTIME];

  g_mutex_lock (&self->mutex);
  self->history = (LksLockHistory){ 0 };
  if (uptime->state == LKS_FACT_STATE_KNOWN)
    lks_lock_history_see_uptime (&self->history, status->uptime_s, uptime->read_us,
                                 uptime->read_us);
  if (lks_board_status_get_manufacturing_state (status) != NULL &&
      status->facts[LKS_FACT_ID_CAPABILITIES].state == LKS_FACT_STATE_KNOWN)
    lks_lock_history_see_conditions (&self->history, would_lock (status), uptime->read_us);
  g_mutex_unlock (&self->mutex);
}

static gboolean
read_all (LksBoardLine *self, LksBoardReading *reading, GCancellable *cancellable, GError **error)
{
  g_autofree char *id_before = g_strdup (lks_board_status_get_device_id (reading->status));
  const char *id;

  if (!lks_board_reader_read_all (self->device, reading->status, cancellable, error))
    return FALSE;

  id = lks_board_status_get_device_id (reading->status);
  if (id_before != NULL && id != NULL && !g_str_equal (id_before, id))
    begin_history (self, reading->status);
  g_free (self->device_id);
  self->device_id = g_strdup (id);
  steal_restarted (self, reading);
  return TRUE;
}

/* The board is the one whose ID was read only as long as the connection lasts: over a new one,
 * and after a restart, everything may be different. */
static gboolean
read_board (LksBoardLine *self, LksBoardReading *reading, GCancellable *cancellable, GError **error)
{
  guint handshakes;

  if (!prepare_device (self, cancellable, error))
    return FALSE;

  if (!reading->is_full)
    {
      handshakes = lks_device_get_handshakes (self->device);
      if (!lks_board_reader_read_uptime (self->device, reading->status, cancellable, error))
        return FALSE;
      steal_restarted (self, reading);
      if (!reading->has_restarted && lks_device_get_handshakes (self->device) == handshakes)
        return TRUE;
      reading->is_full = TRUE;
    }

  return read_all (self, reading, cancellable, error);
}

/**
 * lks_board_line_read:
 * @self: a line
 * @reading: what to read, and the place for it
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of the rooms below
 *
 * Opens the line when it is not, and reads the board. After a failure the next attempt starts with
 * a new connection. Blocks; worker thread.
 *
 * Returns: whether the board answered
 */
gboolean
lks_board_line_read (LksBoardLine *self,
                     LksBoardReading *reading,
                     GCancellable *cancellable,
                     GError **error)
{
  if (read_board (self, reading, cancellable, error))
    return TRUE;

  if (self->device != NULL)
    lks_device_disconnect (self->device);
  return FALSE;
}

/**
 * lks_board_line_run:
 * @self: a line
 * @func: a job
 * @func_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for the job's error, or for what kept it from running
 *
 * Blocks; worker thread.
 *
 * Returns: what the job returned
 */
gboolean
lks_board_line_run (LksBoardLine *self,
                    LksBoardFunc func,
                    gpointer func_data,
                    GCancellable *cancellable,
                    GError **error)
{
  return prepare_device (self, cancellable, error) &&
         func (self->device, func_data, cancellable, error);
}

/**
 * lks_board_line_close:
 * @self: a line
 *
 * Ends the line while nothing of this board runs, and gives the adapter back. Worker thread.
 */
void
lks_board_line_close (LksBoardLine *self)
{
  g_autoptr (LksDevice) device = NULL;
  g_autoptr (LksLink) link = NULL;

  g_mutex_lock (&self->mutex);
  device = g_steal_pointer (&self->device);
  link = g_steal_pointer (&self->link);
  g_mutex_unlock (&self->mutex);
  drop_device (&device);
  if (link != NULL)
    lks_link_close (link);
}

/**
 * lks_board_line_new:
 * @io_thread: the thread of USB and IP
 * @port: the adapter
 * @trust: whose certificates are accepted
 * @noted: told of every exchange worth noting
 * @user_data: for @noted
 *
 * Nothing is opened before the first reading or job.
 *
 * Returns: (transfer full): a line
 */
LksBoardLine *
lks_board_line_new (LksIoThread *io_thread,
                    LksPort *port,
                    LksTrust *trust,
                    LksBoardLineFunc noted,
                    gpointer user_data)
{
  LksBoardLine *self = g_new0 (LksBoardLine, 1);

  g_mutex_init (&self->mutex);
  self->io_thread = g_object_ref (io_thread);
  self->port = g_object_ref (port);
  self->trust = lks_trust_ref (trust);
  self->noted = noted;
  self->user_data = user_data;
  return self;
}

/**
 * lks_board_line_free:
 * @self: (transfer full): a line whose worker has ended
 */
void
lks_board_line_free (LksBoardLine *self)
{
  drop_device (&self->device);
  g_clear_object (&self->link);
  g_clear_pointer (&self->key, lks_capability_key_unref);
  g_free (self->device_id);
  lks_trust_unref (self->trust);
  g_object_unref (self->port);
  g_object_unref (self->io_thread);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * lks_board_line_set_key:
 * @self: a line
 * @key: (nullable): shown from the next reading or job on, to the board that it names
 *
 * Any thread.
 */
void
lks_board_line_set_key (LksBoardLine *self, LksCapabilityKey *key)
{
  LksCapabilityKey *old;

  g_mutex_lock (&self->mutex);
  old = self->key;
  self->key = key != NULL ? lks_capability_key_ref (key) : NULL;
  g_mutex_unlock (&self->mutex);
  lks_capability_key_unref (old);
}

static LksLink *
ref_link (LksBoardLine *self)
{
  LksLink *link;

  g_mutex_lock (&self->mutex);
  link = self->link != NULL ? g_object_ref (self->link) : NULL;
  g_mutex_unlock (&self->mutex);
  return link;
}

/**
 * lks_board_line_abort:
 * @self: a line
 *
 * Whoever waits for the board returns at once. Any thread.
 */
void
lks_board_line_abort (LksBoardLine *self)
{
  g_autoptr (LksLink) link = ref_link (self);

  if (link != NULL)
    lks_connector_abort (LKS_CONNECTOR (link));
}

/**
 * lks_board_line_identify:
 * @self: a line
 *
 * Makes the adapter's activity light blink once. Any thread.
 */
void
lks_board_line_identify (LksBoardLine *self)
{
  g_autoptr (LksLink) link = ref_link (self);

  if (link != NULL)
    lks_link_identify (link);
}

/**
 * lks_board_line_connect:
 * @self: a line
 * @port: a TCP port of the board
 * @timeout_ms: time allowed for it, in milliseconds
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * As lks_link_connect(), or [error@Lks.BoardError] without a line. Blocks; any thread that may.
 *
 * Returns: a blocking stream socket the caller closes, -1 on error
 */
int
lks_board_line_connect (LksBoardLine *self,
                        guint16 port,
                        guint timeout_ms,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (LksLink) link = ref_link (self);

  if (link != NULL)
    return lks_link_connect (link, port, timeout_ms, cancellable, error);

  g_set_error_literal (error, LKS_BOARD_ERROR, LKS_BOARD_ERROR_NOT_READY,
                       "there is no line to the board");
  return -1;
}

/**
 * lks_board_line_get_counters:
 * @self: a line
 * @out_counters: (out caller-allocates): what the line did so far
 *
 * Any thread.
 *
 * Returns: whether the line is open
 */
gboolean
lks_board_line_get_counters (LksBoardLine *self, LksLinkCounters *out_counters)
{
  g_autoptr (LksLink) link = ref_link (self);

  if (link == NULL)
    return FALSE;

  lks_link_get_counters (link, out_counters);
  return TRUE;
}

/**
 * lks_board_line_derive_lock:
 * @self: a line
 * @status: what is known of the board
 * @out_reason: (out) (transfer none): why, as an English sentence
 *
 * Any thread.
 *
 * Returns: the peripheral lock by what was seen of the board so far
 */
LksPeripheralLock
lks_board_line_derive_lock (LksBoardLine *self,
                            const LksBoardStatus *status,
                            const char **out_reason)
{
  LksLockFacts facts = {
    .manufacturing_state = lks_board_status_get_manufacturing_state (status),
    .capabilities_known = status->facts[LKS_FACT_ID_CAPABILITIES].state == LKS_FACT_STATE_KNOWN,
    .app_development = lks_board_status_has_capability (status, LKS_CAPABILITY_APP_DEVELOPMENT),
  };

  g_mutex_lock (&self->mutex);
  lks_lock_history_fill (&self->history, &facts);
  g_mutex_unlock (&self->mutex);
  return lks_peripheral_lock_derive (&facts, out_reason);
}

/**
 * lks_board_line_order_restart:
 * @self: a line
 *
 * Notes that the board was told to restart. Any thread.
 */
void
lks_board_line_order_restart (LksBoardLine *self)
{
  g_mutex_lock (&self->mutex);
  lks_lock_history_order_restart (&self->history, g_get_monotonic_time ());
  g_mutex_unlock (&self->mutex);
}

/**
 * lks_board_line_get_history:
 * @self: a line
 * @out_history: (out caller-allocates): what was seen of the board
 *
 * Any thread.
 */
void
lks_board_line_get_history (LksBoardLine *self, LksLockHistory *out_history)
{
  g_mutex_lock (&self->mutex);
  *out_history = self->history;
  g_mutex_unlock (&self->mutex);
}

/**
 * lks_board_line_continue_history:
 * @self: a line
 * @earlier: what was seen of the same board on another line
 *
 * Any thread.
 */
void
lks_board_line_continue_history (LksBoardLine *self, const LksLockHistory *earlier)
{
  g_mutex_lock (&self->mutex);
  lks_lock_history_continue (&self->history, earlier);
  g_mutex_unlock (&self->mutex);
}
