/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cert-store.h"

#include "lks-device-net.h"
#include "lks-device-number.h"
#include "lks-service-check-private.h"
#include "lks-service-error.h"
#include "lks-wifi-change.h"
#include "lks-wifi-report.h"
#include "lks-wifi-words.h"

#define SECONDS_PER_DAY (24 * 60 * 60)

static void
stored_cert_free (gpointer data)
{
  LksStoredCert *self = data;

  g_clear_pointer (&self->info, lks_cert_info_free);
  g_strfreev (self->used_by);
  g_free (self);
}

/**
 * lks_cert_store_free:
 * @self: (transfer full): a certificate store
 */
void
lks_cert_store_free (LksCertStore *self)
{
  g_clear_pointer (&self->certs, g_ptr_array_unref);
  g_free (self);
}

/**
 * lks_cert_store_find:
 * @self: a certificate store
 * @id: an identifier
 *
 * Returns: (transfer none) (nullable): the certificate of that name
 */
const LksStoredCert *
lks_cert_store_find (const LksCertStore *self, const char *id)
{
  for (guint i = 0; i < self->certs->len; i++)
    {
      const LksStoredCert *cert = g_ptr_array_index (self->certs, i);

      if (g_strcmp0 (cert->info->id, id) == 0)
        return cert;
    }

  return NULL;
}

static void
judge (LksStoredCert *self, gint64 now_s)
{
  self->looks_like_ca = g_strcmp0 (self->info->subject, self->info->issuer) == 0;
  self->has_dates = lks_board_time_parse (self->info->not_before, &self->not_before_s) &&
                    lks_board_time_parse (self->info->not_after, &self->not_after_s);
  if (!self->has_dates)
    return;

  self->notices = lks_cert_judge_dates (self->not_before_s, self->not_after_s, now_s);
  self->days_left = (int) CLAMP ((self->not_after_s - now_s) / SECONDS_PER_DAY, G_MININT, G_MAXINT);
}

static gboolean
read_certs (LksCertStore *self,
            LksDevice *device,
            gint64 now_s,
            GCancellable *cancellable,
            GError **error)
{
  g_auto (GStrv) ids = lks_device_get_certs (device, cancellable, error);

  for (guint i = 0; ids != NULL && ids[i] != NULL; i++)
    {
      LksCertInfo *info = lks_device_get_cert (device, ids[i], cancellable, error);
      LksStoredCert *cert;

      if (info == NULL)
        return FALSE;
      cert = g_new0 (LksStoredCert, 1);
      cert->info = info;
      judge (cert, now_s);
      g_ptr_array_add (self->certs, cert);
    }

  return ids != NULL;
}

static void
note_users (LksCertStore *self, GPtrArray *networks)
{
  for (guint i = 0; i < self->certs->len; i++)
    {
      LksStoredCert *cert = g_ptr_array_index (self->certs, i);
      g_autoptr (GStrvBuilder) users = g_strv_builder_new ();

      for (guint k = 0; networks != NULL && k < networks->len; k++)
        {
          const LksWifiNetwork *network = g_ptr_array_index (networks, k);

          if (g_strcmp0 (network->client_cert_id, cert->info->id) == 0 ||
              g_strcmp0 (network->root_ca_cert_id, cert->info->id) == 0)
            g_strv_builder_add (users, network->ssid != NULL ? network->ssid : "");
        }
      cert->used_by = g_strv_builder_end (users);
    }
}

/* With wlan0 down a board does not tell its networks; the store is readable all the same. */
static gboolean
read_users (LksCertStore *self, LksDevice *device, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GPtrArray) networks = lks_device_get_wifi_networks (device, cancellable, &local);
  guint32 number = 0;

  if (networks == NULL &&
      (!lks_device_error_get_number (local, &number) || number != LKS_DEVICE_NUMBER_WIFI_OFF))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  self->knows_users = networks != NULL;
  note_users (self, networks);
  return TRUE;
}

/* Without it the dates stay; only the warning about the clock is not possible. */
static gboolean
read_clock (LksCertStore *self, LksDevice *device, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (LksNetStatus) status = lks_device_get_net_status (device, cancellable, &local);

  if (status == NULL && !g_error_matches (local, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNSUPPORTED) &&
      !g_error_matches (local, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  self->knows_clock = status != NULL && status->time_sync != LKS_TIME_SYNC_UNKNOWN &&
                      status->time_sync != LKS_TIME_SYNC_DISABLED;
  self->is_clock_set = self->knows_clock && status->time_sync == LKS_TIME_SYNC_COMPLETE;
  return TRUE;
}

/**
 * lks_cert_store_read:
 * @device: a board
 * @now_s: the time now, seconds since 1970 UTC
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * Reads every certificate, what is left of the store, who uses them and whether the board knows
 * the time. Blocks; worker threads only.
 *
 * Returns: (transfer full): the store, or NULL with @error set
 */
LksCertStore *
lks_cert_store_read (LksDevice *device, gint64 now_s, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksCertStore) self = g_new0 (LksCertStore, 1);

  self->certs = g_ptr_array_new_with_free_func (stored_cert_free);
  if (!read_certs (self, device, now_s, cancellable, error) ||
      !lks_device_get_cert_space (device, &self->space_bytes, cancellable, error) ||
      !read_users (self, device, cancellable, error) ||
      !read_clock (self, device, cancellable, error))
    return NULL;

  return g_steal_pointer (&self);
}

static gboolean
check_room (LksDevice *device,
            const LksCertPlan *plan,
            gboolean replace,
            GCancellable *cancellable,
            GError **error)
{
  g_auto (GStrv) ids = lks_device_get_certs (device, cancellable, error);
  gboolean is_there;
  guint64 space_bytes;

  if (ids == NULL)
    return FALSE;
  is_there = g_strv_contains ((const char *const *) ids, plan->id);
  if (is_there && !replace)
    {
      g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_EXISTS,
                   "the board has a certificate “%s” already; choose another identifier, or say "
                   "that it shall be replaced",
                   plan->id);
      return FALSE;
    }
  if (!lks_device_get_cert_space (device, &space_bytes, cancellable, error))
    return FALSE;

  /* The board itself knows how much a replaced one gives back. */
  if (is_there || lks_cert_plan_get_size (plan) <= space_bytes)
    return TRUE;
  g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_FULL,
               "the board’s store has %" G_GUINT64_FORMAT
               " bytes left, the certificate needs about %" G_GSIZE_FORMAT "; remove others first",
               space_bytes, lks_cert_plan_get_size (plan));
  return FALSE;
}

static gboolean
check_stored (LksDevice *device, const LksCertPlan *plan, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksCertInfo) info = lks_device_get_cert (device, plan->id, cancellable, error);
  gint64 not_after_s = 0;

  if (info == NULL)
    return FALSE;
  if (lks_board_time_parse (info->not_after, &not_after_s) &&
      not_after_s == plan->cert->not_after_s)
    return TRUE;

  g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED,
               "the board agreed, but has another certificate as “%s”", plan->id);
  return FALSE;
}

/**
 * lks_cert_store_add:
 * @device: a board
 * @plan: the certificate
 * @replace: whether one of the same identifier may be replaced
 * @cancellable: (nullable): a cancellable
 * @error: return location for [error@Lks.ServiceError], [error@Lks.DeviceError] or
 *   `G_IO_ERROR_CANCELLED`; it never repeats key or password
 *
 * Checks everything, stores the certificate, reads it back and lets Wi-Fi load it, which
 * interrupts a Wi-Fi connection. Blocks; worker threads only.
 *
 * Returns: whether the board has it and uses it
 */
gboolean
lks_cert_store_add (LksDevice *device,
                    const LksCertPlan *plan,
                    gboolean replace,
                    GCancellable *cancellable,
                    GError **error)
{
  const LksCertRequest request = {
    .type = plan->type,
    .public_pem = plan->cert->pem,
    .private_pem = plan->key != NULL ? lks_secret_get_text (plan->key) : NULL,
    .password = plan->password != NULL ? lks_secret_get_text (plan->password) : NULL,
  };

  return lks_cert_plan_check (plan, error) &&
         check_room (device, plan, replace, cancellable, error) &&
         lks_device_add_cert (device, plan->id, &request, cancellable, error) &&
         check_stored (device, plan, cancellable, error) &&
         lks_wifi_reload (device, cancellable, error);
}

static gboolean
check_unused (LksDevice *device, const char *id, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksWifiReport) report = lks_wifi_report_read (device, cancellable, error);

  if (report == NULL)
    return FALSE;
  if (report->is_radio_off)
    {
      g_set_error_literal (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_UNSAFE,
                           "wlan0 is down, so the board does not tell whether a stored network "
                           "uses the certificate: bring wlan0 up, or say that it shall be removed "
                           "all the same");
      return FALSE;
    }

  for (guint i = 0; i < report->networks->len; i++)
    {
      const LksWifiNetwork *network = g_ptr_array_index (report->networks, i);

      if (g_strcmp0 (network->client_cert_id, id) != 0 &&
          g_strcmp0 (network->root_ca_cert_id, id) != 0)
        continue;
      g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_UNSAFE,
                   "the stored network “%s” uses the certificate “%s” and could not connect "
                   "without it: forget the network first, or say that it shall be removed all the "
                   "same",
                   network->ssid, id);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_gone (LksDevice *device, const char *id, GCancellable *cancellable, GError **error)
{
  g_auto (GStrv) ids = lks_device_get_certs (device, cancellable, error);

  if (ids == NULL)
    return FALSE;
  if (!g_strv_contains ((const char *const *) ids, id))
    return TRUE;

  g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED,
               "the board agreed, but still has the certificate “%s”", id);
  return FALSE;
}

/**
 * lks_cert_store_remove:
 * @device: a board
 * @id: an identifier
 * @also_if_used: remove it also when a stored network uses it, or when that cannot be told
 * @cancellable: (nullable): a cancellable
 * @error: return location for [error@Lks.ServiceError], [error@Lks.DeviceError] or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Removes a certificate, sees that it is gone and lets Wi-Fi know. Blocks; worker threads only.
 *
 * Returns: whether it is gone
 */
gboolean
lks_cert_store_remove (LksDevice *device,
                       const char *id,
                       gboolean also_if_used,
                       GCancellable *cancellable,
                       GError **error)
{
  return lks_service_check (lks_cert_id_is_valid (id), error,
                            "“%s” is no identifier of a certificate store", id) &&
         (also_if_used || check_unused (device, id, cancellable, error)) &&
         lks_device_delete_cert (device, id, cancellable, error) &&
         check_gone (device, id, cancellable, error) &&
         lks_wifi_reload (device, cancellable, error);
}
