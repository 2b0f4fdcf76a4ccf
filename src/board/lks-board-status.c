/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-board-status-private.h"

/* A value older than this is no longer taken for current. */
#define UPTIME_FRESH_US (10 * G_USEC_PER_SEC)
#define OTHERS_FRESH_US (150 * G_USEC_PER_SEC)

G_DEFINE_BOXED_TYPE (LksBoardStatus, lks_board_status, lks_board_status_ref, lks_board_status_unref)

G_DEFINE_ENUM_TYPE (LksBoardState,
                    lks_board_state,
                    G_DEFINE_ENUM_VALUE (LKS_BOARD_STATE_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_BOARD_STATE_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (LKS_BOARD_STATE_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (LKS_BOARD_STATE_RESTARTING, "restarting"),
                    G_DEFINE_ENUM_VALUE (LKS_BOARD_STATE_NO_ANSWER, "no-answer"),
                    G_DEFINE_ENUM_VALUE (LKS_BOARD_STATE_NOT_PROGRAMMED, "not-programmed"),
                    G_DEFINE_ENUM_VALUE (LKS_BOARD_STATE_NO_PERMISSION, "no-permission"),
                    G_DEFINE_ENUM_VALUE (LKS_BOARD_STATE_ERROR, "error"),
                    G_DEFINE_ENUM_VALUE (LKS_BOARD_STATE_GONE, "gone"))

G_DEFINE_ENUM_TYPE (LksFactId,
                    lks_fact_id,
                    G_DEFINE_ENUM_VALUE (LKS_FACT_ID_UPTIME, "uptime"),
                    G_DEFINE_ENUM_VALUE (LKS_FACT_ID_REST_VERSION, "rest-version"),
                    G_DEFINE_ENUM_VALUE (LKS_FACT_ID_DEVICE_ID, "device-id"),
                    G_DEFINE_ENUM_VALUE (LKS_FACT_ID_SECURITY_STATE, "security-state"),
                    G_DEFINE_ENUM_VALUE (LKS_FACT_ID_MANUFACTURING_STATE, "manufacturing-state"),
                    G_DEFINE_ENUM_VALUE (LKS_FACT_ID_CAPABILITIES, "capabilities"),
                    G_DEFINE_ENUM_VALUE (LKS_FACT_ID_OS_VERSION, "os-version"),
                    G_DEFINE_ENUM_VALUE (LKS_FACT_ID_NET_STATUS, "net-status"),
                    G_DEFINE_ENUM_VALUE (LKS_FACT_ID_ABI_VERSIONS, "abi-versions"),
                    G_DEFINE_ENUM_VALUE (LKS_FACT_ID_IMAGES, "images"),
                    G_DEFINE_ENUM_VALUE (LKS_FACT_ID_WIFI_NETWORKS, "wifi-networks"))

G_DEFINE_ENUM_TYPE (LksFactState,
                    lks_fact_state,
                    G_DEFINE_ENUM_VALUE (LKS_FACT_STATE_UNREAD, "unread"),
                    G_DEFINE_ENUM_VALUE (LKS_FACT_STATE_KNOWN, "known"),
                    G_DEFINE_ENUM_VALUE (LKS_FACT_STATE_REFUSED, "refused"),
                    G_DEFINE_ENUM_VALUE (LKS_FACT_STATE_UNSUPPORTED, "unsupported"),
                    G_DEFINE_ENUM_VALUE (LKS_FACT_STATE_FAILED, "failed"))

static const char *const sources[LKS_FACT_IDS] = {
  [LKS_FACT_ID_UPTIME] = "GET /status",
  [LKS_FACT_ID_REST_VERSION] = "REST-API-Version of GET /status",
  [LKS_FACT_ID_DEVICE_ID] = "GET /device/security_state, twice",
  [LKS_FACT_ID_SECURITY_STATE] = "GET /device/security_state",
  [LKS_FACT_ID_MANUFACTURING_STATE] = "GET /device/manufacturing_state",
  [LKS_FACT_ID_CAPABILITIES] = "GET /device/capabilities",
  [LKS_FACT_ID_OS_VERSION] = "GET /osversion",
  [LKS_FACT_ID_NET_STATUS] = "GET /net/status",
  [LKS_FACT_ID_ABI_VERSIONS] = "GET /abi_versions",
  [LKS_FACT_ID_IMAGES] = "GET /images",
  [LKS_FACT_ID_WIFI_NETWORKS] = "GET /wifi/config/networks",
};

static gboolean
is_known (const LksBoardStatus *self, LksFactId id)
{
  return self->facts[id].state == LKS_FACT_STATE_KNOWN;
}

/**
 * lks_board_status_new:
 * @port: the place
 *
 * Returns: (transfer full): a status in which nothing is known yet
 */
LksBoardStatus *
lks_board_status_new (const char *port)
{
  LksBoardStatus *self = g_new0 (LksBoardStatus, 1);

  g_atomic_ref_count_init (&self->refs);
  self->port = g_strdup (port);
  self->adapter = "unknown";
  self->capabilities = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->images = g_array_new (FALSE, TRUE, sizeof (LksBoardImage));
  self->lock = lks_peripheral_lock_derive (&(LksLockFacts){ 0 }, &self->lock_reason);
  return self;
}

static void
copy_images (const LksBoardStatus *from, LksBoardStatus *to)
{
  for (guint i = 0; i < from->images->len; i++)
    {
      LksBoardImage image = g_array_index (from->images, LksBoardImage, i);

      image.component_id = g_strdup (image.component_id);
      image.image_id = g_strdup (image.image_id);
      image.name = g_strdup (image.name);
      g_array_append_val (to->images, image);
    }
}

/**
 * lks_board_status_copy:
 * @self: a status
 *
 * Returns: (transfer full): one that may be written until it is shared
 */
LksBoardStatus *
lks_board_status_copy (const LksBoardStatus *self)
{
  LksBoardStatus *copy = g_memdup2 (self, sizeof *self);

  g_atomic_ref_count_init (&copy->refs);
  copy->port = g_strdup (self->port);
  copy->usb_serial = g_strdup (self->usb_serial);
  copy->moved_from = g_strdup (self->moved_from);
  copy->error = self->error != NULL ? g_error_copy (self->error) : NULL;
  copy->key = self->key != NULL ? lks_capability_key_ref (self->key) : NULL;
  for (guint i = 0; i < LKS_FACT_IDS; i++)
    if (self->facts[i].error != NULL)
      copy->facts[i].error = g_error_copy (self->facts[i].error);
  copy->rest_version = g_strdup (self->rest_version);
  copy->device_id = g_strdup (self->device_id);
  copy->security_state = g_strdup (self->security_state);
  copy->manufacturing_state = g_strdup (self->manufacturing_state);
  copy->capabilities = g_array_copy (self->capabilities);
  copy->os_version = g_strdup (self->os_version);
  copy->net_status.network_time_sync = g_strdup (self->net_status.network_time_sync);
  copy->net_status.proxy = g_strdup (self->net_status.proxy);
  copy->images = g_array_new (FALSE, TRUE, sizeof (LksBoardImage));
  copy_images (self, copy);
  return copy;
}

/**
 * lks_board_status_set_known:
 * @self: a status that is not shared yet
 * @id: a fact whose value was just set
 *
 * Notes that the board has just said so.
 */
void
lks_board_status_set_known (LksBoardStatus *self, LksFactId id)
{
  LksFactRecord *record = &self->facts[id];

  g_clear_error (&record->error);
  record->state = LKS_FACT_STATE_KNOWN;
  record->read_us = g_get_monotonic_time ();
  record->read_wall_us = g_get_real_time ();
}

/**
 * lks_board_status_take_error:
 * @self: a status that is not shared yet
 * @id: a fact that could not be read
 * @state: what that means when there is no older value, and for a refusal in any case
 * @error: (transfer full): why
 *
 * Keeps a refusal as a refusal: an older value that the board no longer tells is not current,
 * and must not look so. After a mere failure an older value stays, with the error beside it.
 */
void
lks_board_status_take_error (LksBoardStatus *self, LksFactId id, LksFactState state, GError *error)
{
  LksFactRecord *record = &self->facts[id];

  g_clear_error (&record->error);
  record->error = error;
  if (state == LKS_FACT_STATE_FAILED && record->state == LKS_FACT_STATE_KNOWN)
    return;

  record->state = state;
  record->read_us = g_get_monotonic_time ();
  record->read_wall_us = g_get_real_time ();
}

/**
 * lks_board_status_clear_images:
 * @self: a status that is not shared yet
 *
 * Forgets the list of images.
 */
void
lks_board_status_clear_images (LksBoardStatus *self)
{
  for (guint i = 0; i < self->images->len; i++)
    {
      LksBoardImage *image = &g_array_index (self->images, LksBoardImage, i);

      g_free ((char *) image->component_id);
      g_free ((char *) image->image_id);
      g_free ((char *) image->name);
    }
  g_array_set_size (self->images, 0);
}

/**
 * lks_board_status_ref:
 * @self: a status
 *
 * Any thread.
 *
 * Returns: (transfer full): @self
 */
LksBoardStatus *
lks_board_status_ref (LksBoardStatus *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * lks_board_status_unref:
 * @self: (transfer full): a status
 *
 * Any thread.
 */
void
lks_board_status_unref (LksBoardStatus *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_free (self->port);
  g_free (self->usb_serial);
  g_free (self->moved_from);
  g_clear_error (&self->error);
  g_clear_pointer (&self->key, lks_capability_key_unref);
  for (guint i = 0; i < LKS_FACT_IDS; i++)
    g_clear_error (&self->facts[i].error);
  g_free (self->rest_version);
  g_free (self->device_id);
  g_free (self->security_state);
  g_free (self->manufacturing_state);
  g_array_unref (self->capabilities);
  g_free (self->os_version);
  g_free ((char *) self->net_status.network_time_sync);
  g_free ((char *) self->net_status.proxy);
  lks_board_status_clear_images (self);
  g_array_unref (self->images);
  g_free (self);
}

/**
 * lks_board_status_get_port:
 * @self: a status
 *
 * Returns: (transfer none): the place, such as "1-2.3"
 */
const char *
lks_board_status_get_port (const LksBoardStatus *self)
{
  return self->port;
}

/**
 * lks_board_status_get_usb_serial:
 * @self: a status
 *
 * Returns: (transfer none) (nullable): the adapter's serial number, which does not identify
 *   the board and need not be unique
 */
const char *
lks_board_status_get_usb_serial (const LksBoardStatus *self)
{
  return self->usb_serial;
}

/**
 * lks_board_status_get_adapter:
 * @self: a status
 *
 * Returns: (transfer none): the nick of what is plugged in, "board" for a board
 */
const char *
lks_board_status_get_adapter (const LksBoardStatus *self)
{
  return self->adapter;
}

/**
 * lks_board_status_get_moved_from:
 * @self: a status
 *
 * Returns: (transfer none) (nullable): the place where this board was plugged in before,
 *   when that was another one
 */
const char *
lks_board_status_get_moved_from (const LksBoardStatus *self)
{
  return self->moved_from;
}

/**
 * lks_board_status_get_state:
 * @self: a status
 *
 * Returns: where the board stands
 */
LksBoardState
lks_board_status_get_state (const LksBoardStatus *self)
{
  return self->state;
}

/**
 * lks_board_status_get_error:
 * @self: a status
 *
 * Returns: (transfer none) (nullable): what is wrong with the board as a whole
 */
const GError *
lks_board_status_get_error (const LksBoardStatus *self)
{
  return self->error;
}

/**
 * lks_board_status_get_fact:
 * @self: a status
 * @id: which fact
 *
 * Returns: where the fact's value comes from and how old it is; its pointers belong to @self
 */
LksFact
lks_board_status_get_fact (const LksBoardStatus *self, LksFactId id)
{
  const LksFactRecord *record = &self->facts[id];

  return (LksFact){
    .state = record->state,
    .source = sources[id],
    .read_us = record->read_us,
    .read_wall_us = record->read_wall_us,
    .error = record->error,
  };
}

/**
 * lks_board_status_is_stale:
 * @self: a status
 * @id: which fact
 * @now_us: the monotonic time
 *
 * Returns: whether the value must not be taken for current: it is too old, could not be read
 *   again, or the board does not answer any more
 */
gboolean
lks_board_status_is_stale (const LksBoardStatus *self, LksFactId id, gint64 now_us)
{
  gint64 fresh_us = id == LKS_FACT_ID_UPTIME ? UPTIME_FRESH_US : OTHERS_FRESH_US;

  if (!is_known (self, id))
    return FALSE;
  return self->state == LKS_BOARD_STATE_NO_ANSWER || self->state == LKS_BOARD_STATE_RESTARTING ||
         self->state == LKS_BOARD_STATE_GONE || self->facts[id].error != NULL ||
         now_us - self->facts[id].read_us > fresh_us;
}

/**
 * lks_board_status_get_uptime:
 * @self: a status
 * @out_seconds: (out): seconds since the system's start, as last read
 *
 * Returns: whether it is known
 */
gboolean
lks_board_status_get_uptime (const LksBoardStatus *self, guint64 *out_seconds)
{
  if (!is_known (self, LKS_FACT_ID_UPTIME))
    return FALSE;

  *out_seconds = self->uptime_s;
  return TRUE;
}

/**
 * lks_board_status_get_rest_version:
 * @self: a status
 *
 * Returns: (transfer none) (nullable): such as "4.6.0"
 */
const char *
lks_board_status_get_rest_version (const LksBoardStatus *self)
{
  return is_known (self, LKS_FACT_ID_REST_VERSION) ? self->rest_version : NULL;
}

/**
 * lks_board_status_get_device_id:
 * @self: a status
 *
 * Returns: (transfer none) (nullable): 128 digits, lower case, read twice alike
 */
const char *
lks_board_status_get_device_id (const LksBoardStatus *self)
{
  return is_known (self, LKS_FACT_ID_DEVICE_ID) ? self->device_id : NULL;
}

/**
 * lks_board_status_get_security_state:
 * @self: a status
 *
 * Returns: (transfer none) (nullable): the board's word, "SECURE" on products
 */
const char *
lks_board_status_get_security_state (const LksBoardStatus *self)
{
  return is_known (self, LKS_FACT_ID_SECURITY_STATE) ? self->security_state : NULL;
}

/**
 * lks_board_status_get_manufacturing_state:
 * @self: a status
 *
 * Returns: (transfer none) (nullable): the board's word, such as "DeviceComplete"
 */
const char *
lks_board_status_get_manufacturing_state (const LksBoardStatus *self)
{
  return is_known (self, LKS_FACT_ID_MANUFACTURING_STATE) ? self->manufacturing_state : NULL;
}

/**
 * lks_board_status_get_capabilities:
 * @self: a status
 * @out_n: (out): how many there are
 *
 * Returns: (transfer none) (nullable) (array length=out_n): the numbers of the capabilities;
 *   NULL when they are not known, not NULL when there are none
 */
const guint32 *
lks_board_status_get_capabilities (const LksBoardStatus *self, gsize *out_n)
{
  static const guint32 none[1] = { 0 };

  *out_n = 0;
  if (!is_known (self, LKS_FACT_ID_CAPABILITIES))
    return NULL;

  *out_n = self->capabilities->len;
  return self->capabilities->len > 0 ? (const guint32 *) (gpointer) self->capabilities->data : none;
}

/**
 * lks_board_status_has_capability:
 * @self: a status
 * @number: a capability's number
 *
 * Returns: whether the board lists it; %FALSE also when the list is not known
 */
gboolean
lks_board_status_has_capability (const LksBoardStatus *self, guint32 number)
{
  gsize n;
  const guint32 *numbers = lks_board_status_get_capabilities (self, &n);

  for (gsize i = 0; i < n; i++)
    if (numbers[i] == number)
      return TRUE;
  return FALSE;
}

/**
 * lks_board_status_get_os_version:
 * @self: a status
 *
 * Returns: (transfer none) (nullable): such as "24.06"
 */
const char *
lks_board_status_get_os_version (const LksBoardStatus *self)
{
  return is_known (self, LKS_FACT_ID_OS_VERSION) ? self->os_version : NULL;
}

/**
 * lks_board_status_get_net_status:
 * @self: a status
 *
 * Returns: (transfer none) (nullable): how far the board's network is
 */
const LksBoardNetStatus *
lks_board_status_get_net_status (const LksBoardStatus *self)
{
  return is_known (self, LKS_FACT_ID_NET_STATUS) ? &self->net_status : NULL;
}

/**
 * lks_board_status_get_abi_versions:
 * @self: a status
 * @out_secure_world: (out): version of the secure world's runtime
 * @out_os: (out): version of the system's runtime
 * @out_application: (out): version of the applications' runtime
 *
 * Returns: whether they are known
 */
gboolean
lks_board_status_get_abi_versions (const LksBoardStatus *self,
                                   gint64 *out_secure_world,
                                   gint64 *out_os,
                                   gint64 *out_application)
{
  if (!is_known (self, LKS_FACT_ID_ABI_VERSIONS))
    return FALSE;

  *out_secure_world = self->abi_secure_world;
  *out_os = self->abi_os;
  *out_application = self->abi_application;
  return TRUE;
}

/**
 * lks_board_status_get_images:
 * @self: a status
 * @out_n: (out): how many there are
 *
 * Returns: (transfer none) (nullable) (array length=out_n): the installed components; NULL
 *   when they are not known
 */
const LksBoardImage *
lks_board_status_get_images (const LksBoardStatus *self, gsize *out_n)
{
  static const LksBoardImage none[1];

  *out_n = 0;
  if (!is_known (self, LKS_FACT_ID_IMAGES))
    return NULL;

  *out_n = self->images->len;
  return self->images->len > 0 ? (const LksBoardImage *) (gpointer) self->images->data : none;
}

/**
 * lks_board_status_get_update:
 * @self: a status
 *
 * Returns: whether the board was updating itself, or what it waited for, when its images were last
 *   listed
 */
LksUpdateState
lks_board_status_get_update (const LksBoardStatus *self)
{
  return is_known (self, LKS_FACT_ID_IMAGES) ? self->update : LKS_UPDATE_STATE_UNKNOWN;
}

/**
 * lks_board_status_get_last_restart:
 * @self: a status
 *
 * Returns: the last restart that was noticed while Locksmith watched, of kind
 *   %LKS_RESTART_KIND_NONE when none was
 */
LksRestartNote
lks_board_status_get_last_restart (const LksBoardStatus *self)
{
  return self->restart;
}

/**
 * lks_board_status_get_wifi_networks:
 * @self: a status
 * @out_networks: (out): how many Wi-Fi networks are configured
 *
 * Returns: whether it is known
 */
gboolean
lks_board_status_get_wifi_networks (const LksBoardStatus *self, guint *out_networks)
{
  if (!is_known (self, LKS_FACT_ID_WIFI_NETWORKS))
    return FALSE;

  *out_networks = self->wifi_networks;
  return TRUE;
}

/* @key: (nullable): counts only for the board that it names. */
void
lks_board_status_set_key (LksBoardStatus *self, LksCapabilityKey *key)
{
  g_clear_pointer (&self->key, lks_capability_key_unref);
  if (key != NULL && lks_capability_key_is_for (key, lks_board_status_get_device_id (self)))
    self->key = lks_capability_key_ref (key);
}

/**
 * lks_board_status_get_key:
 * @self: a status
 *
 * Returns: (transfer none) (nullable): the key of the board's servicing session, NULL without one
 */
LksCapabilityKey *
lks_board_status_get_key (const LksBoardStatus *self)
{
  return self->key;
}

/**
 * lks_board_status_get_peripheral_lock:
 * @self: a status
 * @out_reason: (out) (optional) (transfer none): why, as an English sentence
 *
 * Returns: whether the peripheral configuration is locked
 */
LksPeripheralLock
lks_board_status_get_peripheral_lock (const LksBoardStatus *self, const char **out_reason)
{
  if (out_reason != NULL)
    *out_reason = self->lock_reason;
  return self->lock;
}
