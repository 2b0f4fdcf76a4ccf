/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status-builder.h"

#include "lks-board-status-private.h"
#include "lks-device-error.h"
#include "lks-device-id.h"

LksBoardStatus *
status_of_state (LksBoardState state)
{
  LksBoardStatus *status = lks_board_status_new ("1-2.3");

  status->usb_serial = g_strdup ("AS1234567");
  status->state = state;
  return status;
}

/* A board of which all open facts are known. */
LksBoardStatus *
status_of_board (const char *manufacturing_state)
{
  LksBoardStatus *status = status_of_state (LKS_BOARD_STATE_READY);
  g_autofree char *digits = g_strnfill (LKS_DEVICE_ID_DIGITS - LKS_DEVICE_ID_SHORT_DIGITS, '0');

  status->device_id = g_strconcat (digits, "c0ffee", NULL);
  status->manufacturing_state = g_strdup (manufacturing_state);
  status->security_state = g_strdup ("SECURE");
  status->os_version = g_strdup ("24.06");
  status->rest_version = g_strdup ("4.6.0");
  status->uptime_s = 7260;
  status->net_status.device_authentication_is_ready = TRUE;
  status->net_status.network_time_sync = g_strdup ("incomplete");
  status->net_status.proxy = g_strdup ("disabled");
  for (LksFactId id = 0; id <= LKS_FACT_ID_ABI_VERSIONS; id++)
    lks_board_status_set_known (status, id);
  return status;
}

void
status_set_error (LksBoardStatus *status, GError *error)
{
  g_clear_error (&status->error);
  status->error = error;
}

void
status_refuse (LksBoardStatus *status, LksFactId id)
{
  lks_board_status_take_error (status, id, LKS_FACT_STATE_REFUSED,
                               g_error_new (LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED,
                                            "HTTP 403"));
}

void
status_make_old (LksBoardStatus *status, LksFactId id, gint64 age_us)
{
  status->facts[id].read_us -= age_us;
}

/* An application. */
void
status_add_image (LksBoardStatus *status, const char *name, const char *image_id)
{
  const LksBoardImage image = {
    .component_id = g_strdup ("25025d2c-66da-4448-bae1-ac26fcdd3627"),
    .image_id = g_strdup (image_id),
    .image_type = LKS_IMAGE_TYPE_APPLICATION,
    .name = g_strdup (name),
  };

  g_array_append_val (status->images, image);
  lks_board_status_set_known (status, LKS_FACT_ID_IMAGES);
}

void
status_add_capability (LksBoardStatus *status, guint32 number)
{
  g_array_append_val (status->capabilities, number);
}

void
status_set_state (LksBoardStatus *status, LksBoardState state)
{
  status->state = state;
}
