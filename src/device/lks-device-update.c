/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device-update.h"

#include "lks-device-error.h"
#include "lks-device-private.h"
#include "lks-enums.h"

/* Flash is slow: the board is silent while it erases, writes and checks. The slowest line that
 * still makes sense carries 2 KiB/s. */
#define STAGE_BASE_LIMIT_MS 60000
#define STAGE_BYTES_PER_MS 2
#define STAGE_QUIET_LIMIT_MS 30000
#define INSTALL_LIMIT_MS 120000

G_DEFINE_ENUM_TYPE (LksAppControl,
                    lks_app_control,
                    G_DEFINE_ENUM_VALUE (LKS_APP_CONTROL_AUTO, "Auto"),
                    G_DEFINE_ENUM_VALUE (LKS_APP_CONTROL_MANUAL, "Manual"))

/**
 * lks_device_stage_stream:
 * @self: a device
 * @package: the image package, read from where it stands
 * @size_bytes: its size, 1 to %LKS_IMAGE_PACKAGE_MAX
 * @progress: (nullable) (scope call): told how much went out
 * @user_data: for @progress
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError], an error of @package, or
 *   `G_IO_ERROR_CANCELLED`
 *
 * `PUT /update/stage`, REST 3.0.0: gives the board a package to install later. A busy board is
 * tried again if @package can seek. Blocks; worker threads only.
 *
 * Returns: whether the board took the package
 */
gboolean
lks_device_stage_stream (LksDevice *self,
                         GInputStream *package,
                         guint64 size_bytes,
                         LksDeviceProgress progress,
                         gpointer user_data,
                         GCancellable *cancellable,
                         GError **error)
{
  const LksCall call = {
    .method = "PUT",
    .path = "/update/stage",
    .since = LKS_REST_VERSION (3, 0, 0),
    .upload = package,
    .upload_bytes = size_bytes,
    .progress = progress,
    .progress_data = user_data,
    .limit_ms = STAGE_BASE_LIMIT_MS +
                (guint) (MIN (size_bytes, LKS_IMAGE_PACKAGE_MAX) / STAGE_BYTES_PER_MS),
    .quiet_ms = STAGE_QUIET_LIMIT_MS,
  };

  if (!lks_device_check (size_bytes >= 1 && size_bytes <= LKS_IMAGE_PACKAGE_MAX, error,
                         "an image package has 1 byte to %d MiB",
                         LKS_IMAGE_PACKAGE_MAX / (1024 * 1024)))
    return FALSE;

  return lks_device_call_done (self, &call, NULL, cancellable, error);
}

/**
 * lks_device_stage_image:
 * @self: a device
 * @package: the whole image package
 * @progress: (nullable) (scope call): told how much went out
 * @user_data: for @progress
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * As lks_device_stage_stream(), from memory.
 *
 * Returns: whether the board took the package
 */
gboolean
lks_device_stage_image (LksDevice *self,
                        GBytes *package,
                        LksDeviceProgress progress,
                        gpointer user_data,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (package);

  return lks_device_stage_stream (self, stream, g_bytes_get_size (package), progress, user_data,
                                  cancellable, error);
}

/**
 * lks_device_install:
 * @self: a device
 * @control: whether installed applications start by themselves
 * @out_restarting: (out) (optional): whether the board restarts because of it
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `POST /update/install`, REST 3.0.0: installs what is staged; nothing staged is no error.
 * Blocks; worker threads only.
 *
 * Returns: whether the board accepted
 */
gboolean
lks_device_install (LksDevice *self,
                    LksAppControl control,
                    gboolean *out_restarting,
                    GCancellable *cancellable,
                    GError **error)
{
  g_auto (LksDeviceBody) body = { 0 };
  const LksCall call = {
    .method = "POST",
    .path = "/update/install",
    .since = LKS_REST_VERSION (3, 0, 0),
    .body = &body,
    .limit_ms = INSTALL_LIMIT_MS,
    .quiet_ms = INSTALL_LIMIT_MS,
  };

  lks_device_body_add_text (&body, "appControlMode",
                            lks_enum_to_nick (LKS_TYPE_APP_CONTROL, (int) control));
  lks_device_body_end (&body);

  return lks_device_call_done (self, &call, out_restarting, cancellable, error);
}

/* The board's error numbers; which of them it gives for what is seen, not documented. */
static const struct
{
  guint32 number;
  LksUpdateRefusal refusal;
} refusals[] = {
  { 13, LKS_UPDATE_REFUSAL_NOT_PERMITTED },      /* permission denied */
  { 1048596, LKS_UPDATE_REFUSAL_NOT_PERMITTED }, /* DeviceNotDevUnlocked */
  { 1048601, LKS_UPDATE_REFUSAL_CLASH },         /* RequestedPinsAlreadyUsed */
  { 2097187, LKS_UPDATE_REFUSAL_CLASH },         /* RequestedPeripheralsRequireSamePin */
  { 3145729, LKS_UPDATE_REFUSAL_ALREADY_THERE }, /* AppAlreadyExists */
  { 3145748, LKS_UPDATE_REFUSAL_CLASH },         /* DuplicateTcpUdpPortDetected */
  { 3145750, LKS_UPDATE_REFUSAL_RUNTIME },       /* IncompatibleApplicationRuntime */
  { 4194306, LKS_UPDATE_REFUSAL_ALREADY_THERE }, /* AlreadyMounted */
  { 5242884, LKS_UPDATE_REFUSAL_CLASH },         /* RequestedGpioAlreadyInUse */
  { 5242888, LKS_UPDATE_REFUSAL_CLASH },         /* RequestedPeripheralAlreadyInUse */
  { 5242895, LKS_UPDATE_REFUSAL_CLASH },         /* GpioBlockConflict */
  { 5242896, LKS_UPDATE_REFUSAL_CLASH },         /* PwmOpenFailed */
  { 7340033, LKS_UPDATE_REFUSAL_ALREADY_THERE }, /* ImageAlreadyLoaded */
  { 7340034, LKS_UPDATE_REFUSAL_NO_SPACE },      /* FailedToFindFreeSpace */
  { 7340047, LKS_UPDATE_REFUSAL_NOT_TRUSTED },   /* VerificationFailed */
  { 7340050, LKS_UPDATE_REFUSAL_BAD_PACKAGE },   /* ImageStagingFailed */
  { 7340069, LKS_UPDATE_REFUSAL_NOT_PERMITTED }, /* PermissionDenied */
  { 7340071, LKS_UPDATE_REFUSAL_OTA },           /* OTAUpdateInProgress */
  { 14680081, LKS_UPDATE_REFUSAL_NOT_TRUSTED },  /* CannotCommitImage */
  { 14680082, LKS_UPDATE_REFUSAL_NO_SPACE },     /* NotEnoughFreeSpace */
  { 16777219, LKS_UPDATE_REFUSAL_BAD_PACKAGE },  /* InvalidImage */
};

/**
 * lks_update_refusal_from_error:
 * @error: (nullable): what lks_device_stage_image() or lks_device_install() failed with
 *
 * Whether what the board says is true is for the next reading to tell.
 *
 * Returns: why the board did not take an image
 */
LksUpdateRefusal
lks_update_refusal_from_error (const GError *error)
{
  guint32 number;

  if (!lks_device_error_get_number (error, &number))
    return LKS_UPDATE_REFUSAL_UNKNOWN;

  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (refusals[i].number == number)
      return refusals[i].refusal;
  return LKS_UPDATE_REFUSAL_UNKNOWN;
}
