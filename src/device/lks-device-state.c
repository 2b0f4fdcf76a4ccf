/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device-state.h"

#include "lks-device-id.h"
#include "lks-device-private.h"
#include "lks-enums.h"

#include <string.h>

#define OS_VERSION_MAX_BYTES 64

G_DEFINE_ENUM_TYPE (LksManufacturingState,
                    lks_manufacturing_state,
                    G_DEFINE_ENUM_VALUE (LKS_MANUFACTURING_STATE_UNKNOWN, "Unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_MANUFACTURING_STATE_BLANK, "Blank"),
                    G_DEFINE_ENUM_VALUE (LKS_MANUFACTURING_STATE_MODULE1_COMPLETE,
                                         "Module1Complete"),
                    G_DEFINE_ENUM_VALUE (LKS_MANUFACTURING_STATE_DEVICE_COMPLETE, "DeviceComplete"))

G_DEFINE_ENUM_TYPE (LksSecurityState,
                    lks_security_state,
                    G_DEFINE_ENUM_VALUE (LKS_SECURITY_STATE_UNKNOWN, "UNKNOWN"),
                    G_DEFINE_ENUM_VALUE (LKS_SECURITY_STATE_TEST, "TEST"),
                    G_DEFINE_ENUM_VALUE (LKS_SECURITY_STATE_BLANK, "BLANK"),
                    G_DEFINE_ENUM_VALUE (LKS_SECURITY_STATE_SECURE, "SECURE"),
                    G_DEFINE_ENUM_VALUE (LKS_SECURITY_STATE_EOL, "EOL"))

typedef struct
{
  gint64 uptime_s;
} Status;

typedef struct
{
  char *text;
} OsVersion;

static const LksDeviceShapeField status_fields[] = {
  LKS_FIELD (Status, INT64, "uptime", uptime_s),
  LKS_FIELD_END,
};
static const LksDeviceShape status_record = {
  .size = sizeof (Status),
  .free_func = g_free,
  .fields = status_fields,
};

static const LksDeviceShapeField security_fields[] = {
  LKS_FIELD_WORD_OF (LksDeviceSecurity,
                     "securityState",
                     state,
                     lks_security_state_get_type,
                     .is_optional = TRUE),
  LKS_FIELD (LksDeviceSecurity, TEXT, "deviceIdentifier", device_id, .is_optional = TRUE),
  LKS_FIELD (LksDeviceSecurity,
             TEXT,
             "deviceIdentityPublicKey",
             identity_public_key,
             .is_optional = TRUE),
  LKS_FIELD_END,
};
static const LksDeviceShape security_record = {
  .size = sizeof (LksDeviceSecurity),
  .free_func = (GDestroyNotify) lks_device_security_free,
  .fields = security_fields,
};

static const LksDeviceShapeField manufacturing_fields[] = {
  LKS_FIELD_WORD_OF (LksDeviceManufacturing,
                     "manufacturingState",
                     state,
                     lks_manufacturing_state_get_type),
  LKS_FIELD_END,
};
static const LksDeviceShape manufacturing_record = {
  .size = sizeof (LksDeviceManufacturing),
  .free_func = (GDestroyNotify) lks_device_manufacturing_free,
  .fields = manufacturing_fields,
};

static void
os_version_free (gpointer data)
{
  OsVersion *self = data;

  g_free (self->text);
  g_free (self);
}

static const LksDeviceShapeField os_version_fields[] = {
  LKS_FIELD (OsVersion, TEXT, "osversion", text),
  LKS_FIELD_END,
};
static const LksDeviceShape os_version_record = {
  .size = sizeof (OsVersion),
  .free_func = os_version_free,
  .fields = os_version_fields,
};

const LksAnswerType lks_answer_types_state[] = {
  { "GET /status", &status_record },
  { "GET /device/security_state", &security_record },
  { "GET /device/manufacturing_state", &manufacturing_record },
  { "GET /osversion", &os_version_record },
  { NULL, NULL },
};

/**
 * lks_device_security_free:
 * @self: (transfer full) (nullable): a security state
 */
void
lks_device_security_free (LksDeviceSecurity *self)
{
  lks_device_shape_free (&security_record, self);
}

/**
 * lks_device_manufacturing_free:
 * @self: (transfer full) (nullable): a manufacturing state
 */
void
lks_device_manufacturing_free (LksDeviceManufacturing *self)
{
  lks_device_shape_free (&manufacturing_record, self);
}

/**
 * lks_device_get_status:
 * @self: a device
 * @out_uptime_s: (out): seconds since the board started
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /status`. Open also on a locked board. Blocks; worker threads only.
 *
 * Returns: whether the board answered
 */
gboolean
lks_device_get_status (LksDevice *self,
                       guint64 *out_uptime_s,
                       GCancellable *cancellable,
                       GError **error)
{
  const LksCall call = { .method = "GET", .path = "/status" };
  Status status = { 0 };

  if (!lks_device_call_read (self, &call, &status_record, &status, cancellable, error))
    return FALSE;

  *out_uptime_s = (guint64) status.uptime_s;
  return TRUE;
}

/* A device ID is believed only in its full form, and kept in lower case. */
static gboolean
normalize_id (LksDeviceSecurity *security, GError **error)
{
  g_autofree char *id = g_steal_pointer (&security->device_id);

  if (id == NULL || lks_device_id_is_valid (id))
    {
      security->device_id = id != NULL ? lks_device_id_normalize (id, NULL) : NULL;
      return TRUE;
    }

  g_set_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BAD_ANSWER,
               "GET /device/security_state: the board tells a device ID that is none (%d "
               "hexadecimal digits are expected)",
               LKS_DEVICE_ID_DIGITS);
  return FALSE;
}

/* The device ID in an answer to `GET /device/security_state`, empty when the board names none. */
char *
lks_answer_read_device_id (GBytes *body, GError **error)
{
  g_autoptr (LksDeviceSecurity) security = g_new0 (LksDeviceSecurity, 1);

  if (!lks_answer_read ("GET /device/security_state", body, &security_record, security, error) ||
      !normalize_id (security, error))
    return NULL;

  return security->device_id != NULL ? g_steal_pointer (&security->device_id) : g_strdup ("");
}

/**
 * lks_device_get_security_state:
 * @self: a device
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /device/security_state`: who the board is. Open also on a locked board. The answer is
 * the only proof of identity there is; read it twice before something depends on it. Blocks;
 * worker threads only.
 *
 * Returns: (transfer full): security state and device ID, or NULL with @error set
 */
LksDeviceSecurity *
lks_device_get_security_state (LksDevice *self, GCancellable *cancellable, GError **error)
{
  const LksCall call = { .method = "GET", .path = "/device/security_state" };
  g_autoptr (LksDeviceSecurity) security =
      lks_device_call_new (self, &call, &security_record, cancellable, error);

  if (security == NULL || !normalize_id (security, error))
    return NULL;

  return g_steal_pointer (&security);
}

/**
 * lks_device_get_manufacturing_state:
 * @self: a device
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /device/manufacturing_state`, REST 3.1.0. Open also on a locked board. Blocks; worker
 * threads only.
 *
 * Returns: (transfer full): the state, or NULL with @error set
 */
LksDeviceManufacturing *
lks_device_get_manufacturing_state (LksDevice *self, GCancellable *cancellable, GError **error)
{
  const LksCall call = {
    .method = "GET",
    .path = "/device/manufacturing_state",
    .since = LKS_REST_VERSION (3, 1, 0),
  };

  return lks_device_call_new (self, &call, &manufacturing_record, cancellable, error);
}

/**
 * lks_device_set_manufacturing_state:
 * @self: a device
 * @state: Module1Complete or DeviceComplete; nothing else can be asked for
 * @cancellable: (nullable): a cancellable; better none: once sent, it cannot be called back
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `PUT /device/manufacturing_state`, REST 3.1.0. Permanent: no board ever goes back to an
 * earlier state. The request is sent at most once unless the board answers that it is busy.
 * Success means that the board said so: read the state back. After LOST, TIMED_OUT or
 * BAD_ANSWER it is unknown what the board did; ask it. Blocks; worker threads only.
 *
 * Returns: whether the board accepted
 */
gboolean
lks_device_set_manufacturing_state (LksDevice *self,
                                    LksManufacturingState state,
                                    GCancellable *cancellable,
                                    GError **error)
{
  g_auto (LksDeviceBody) body = { 0 };
  const LksCall call = {
    .method = "PUT",
    .path = "/device/manufacturing_state",
    .since = LKS_REST_VERSION (3, 1, 0),
    .body = &body,
  };

  if (!lks_device_check (state == LKS_MANUFACTURING_STATE_MODULE1_COMPLETE ||
                             state == LKS_MANUFACTURING_STATE_DEVICE_COMPLETE,
                         error, "a board can only be set to Module1Complete or DeviceComplete"))
    return FALSE;

  lks_device_body_add_text (&body, "manufacturingState",
                            lks_enum_to_nick (LKS_TYPE_MANUFACTURING_STATE, (int) state));
  lks_device_body_end (&body);

  return lks_device_call_done (self, &call, NULL, cancellable, error);
}

static GArray *
read_capabilities (LksJson *json, GError **error)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint32));
  JsonObject *object = lks_json_get_root_object (json, error);
  JsonArray *array;

  if (object == NULL || !lks_json_read_array (json, object, "device_capabilities", &array, error))
    return NULL;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      gint64 value = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : G_MAXINT64;
      gint32 number = (gint32) value;

      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64 ||
          value != number)
        {
          lks_json_set_error (json, node, error, "“device_capabilities”: expected numbers");
          return NULL;
        }
      g_array_append_val (numbers, number);
    }

  return g_steal_pointer (&numbers);
}

/* The numbers of an answer to GET /device/capabilities. */
GArray *
lks_answer_read_capabilities (GBytes *body, GError **error)
{
  g_autoptr (LksJson) json = lks_answer_parse ("GET /device/capabilities", body, error);
  g_autoptr (GError) local = NULL;
  GArray *numbers;

  if (json == NULL)
    return NULL;

  numbers = read_capabilities (json, &local);
  if (numbers == NULL)
    g_set_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BAD_ANSWER,
                 "the board's answer is not usable: %s", local->message);
  return numbers;
}

/**
 * lks_device_get_capabilities:
 * @self: a device
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /device/capabilities`, REST 3.1.0. Open also on a locked board. Blocks; worker threads
 * only.
 *
 * Returns: (transfer full) (element-type gint32): the numbers in the board's order, also those
 *   that are not known here, or NULL with @error set
 */
GArray *
lks_device_get_capabilities (LksDevice *self, GCancellable *cancellable, GError **error)
{
  const LksCall call = {
    .method = "GET",
    .path = "/device/capabilities",
    .since = LKS_REST_VERSION (3, 1, 0),
  };
  g_autoptr (GBytes) body = lks_device_call (self, &call, cancellable, error);

  return body != NULL ? lks_answer_read_capabilities (body, error) : NULL;
}

/**
 * lks_device_get_os_version:
 * @self: a device
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /osversion`, REST 4.5.0. Open also on a locked board. Blocks; worker threads only.
 *
 * Returns: (transfer full): the version, such as "24.06", or NULL with @error set
 */
char *
lks_device_get_os_version (LksDevice *self, GCancellable *cancellable, GError **error)
{
  const LksCall call = {
    .method = "GET",
    .path = "/osversion",
    .since = LKS_REST_VERSION (4, 5, 0),
  };
  OsVersion version = { 0 };

  if (!lks_device_call_read (self, &call, &os_version_record, &version, cancellable, error))
    return NULL;
  if (strlen (version.text) == 0 || strlen (version.text) > OS_VERSION_MAX_BYTES)
    {
      g_set_error_literal (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BAD_ANSWER,
                           "GET /osversion: the board tells no usable version");
      g_free (version.text);
      return NULL;
    }

  return version.text;
}

/**
 * lks_device_restart:
 * @self: a device
 * @out_restarting: (out) (optional): whether the board said that it restarts
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `POST /restart`. The connection ends with it. A board that restarts before its answer is out
 * gives LOST: compare the uptime. Never sent twice. Blocks; worker threads only.
 *
 * Returns: whether the board accepted
 */
gboolean
lks_device_restart (LksDevice *self,
                    gboolean *out_restarting,
                    GCancellable *cancellable,
                    GError **error)
{
  const LksCall call = { .method = "POST", .path = "/restart" };

  if (!lks_device_call_done (self, &call, out_restarting, cancellable, error))
    return FALSE;

  lks_device_disconnect (self);
  return TRUE;
}
