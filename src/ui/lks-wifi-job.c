/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-wifi-job.h"

#include "lks-device-cert.h"
#include "lks-wifi-add.h"
#include "lks-wifi-change.h"

#include <string.h>

typedef enum
{
  KIND_ADD,
  KIND_KEY,
  KIND_ENABLED,
  KIND_FORGET,
} Kind;

struct _LksWifiJob
{
  Kind kind;
  LksWifiRequest request; /* its texts are owned, but for the key */
  LksSecret *psk;         /* (owned) (nullable) */
  int network_id;
  gboolean enabled;
  LksWifiJoin *join; /* (owned) (nullable): what became of it */
};

/**
 * lks_wifi_view_new:
 *
 * Returns: (transfer full): an empty view for lks_wifi_view_job()
 */
LksWifiView *
lks_wifi_view_new (void)
{
  return g_new0 (LksWifiView, 1);
}

/**
 * lks_wifi_view_free:
 * @self: (transfer full): a view
 */
void
lks_wifi_view_free (gpointer self)
{
  LksWifiView *view = self;

  g_clear_pointer (&view->report, lks_wifi_report_free);
  g_strfreev (view->cert_ids);
  g_free (view);
}

/**
 * lks_wifi_view_job:
 * @device: a board
 * @view: an empty view
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Reads what the page shows. Worker thread.
 *
 * Returns: whether the board told it
 */
gboolean
lks_wifi_view_job (LksDevice *device, gpointer view, GCancellable *cancellable, GError **error)
{
  LksWifiView *self = view;

  self->report = lks_wifi_report_read (device, cancellable, error);
  if (self->report == NULL)
    return FALSE;

  self->cert_ids = lks_device_get_certs (device, cancellable, error);
  return self->cert_ids != NULL;
}

static LksWifiJob *
job_new (Kind kind, int network_id)
{
  LksWifiJob *self = g_new0 (LksWifiJob, 1);

  self->kind = kind;
  self->network_id = network_id;
  return self;
}

static void
take_psk (LksWifiJob *self, const char *psk)
{
  if (psk == NULL)
    return;

  self->psk = lks_secret_new (psk, strlen (psk));
  self->request.psk = lks_secret_get_text (self->psk);
}

/**
 * lks_wifi_job_new_add:
 * @request: a network; copied
 *
 * Returns: (transfer full): the job to add it
 */
LksWifiJob *
lks_wifi_job_new_add (const LksWifiRequest *request)
{
  LksWifiJob *self = job_new (KIND_ADD, 0);

  self->request = *request;
  self->request.ssid = g_strdup (request->ssid);
  self->request.config_name = g_strdup (request->config_name);
  self->request.client_identity = g_strdup (request->client_identity);
  self->request.client_cert_id = g_strdup (request->client_cert_id);
  self->request.root_ca_cert_id = g_strdup (request->root_ca_cert_id);
  self->request.psk = NULL;
  take_psk (self, request->psk);
  return self;
}

/**
 * lks_wifi_job_new_key:
 * @network_id: a stored network
 * @psk: its new key; copied into memory for secrets
 *
 * Returns: (transfer full): the job to change it
 */
LksWifiJob *
lks_wifi_job_new_key (int network_id, const char *psk)
{
  LksWifiJob *self = job_new (KIND_KEY, network_id);

  take_psk (self, psk);
  return self;
}

/**
 * lks_wifi_job_new_enabled:
 * @network_id: a stored network
 * @enabled: whether it shall be used
 *
 * Returns: (transfer full): the job to change it
 */
LksWifiJob *
lks_wifi_job_new_enabled (int network_id, gboolean enabled)
{
  LksWifiJob *self = job_new (KIND_ENABLED, network_id);

  self->enabled = enabled;
  return self;
}

/**
 * lks_wifi_job_new_forget:
 * @network_id: a stored network
 *
 * Returns: (transfer full): the job to remove it
 */
LksWifiJob *
lks_wifi_job_new_forget (int network_id)
{
  return job_new (KIND_FORGET, network_id);
}

/**
 * lks_wifi_job_free:
 * @self: (transfer full): a job
 */
void
lks_wifi_job_free (gpointer self)
{
  LksWifiJob *job = self;

  g_free ((char *) job->request.ssid);
  g_free ((char *) job->request.config_name);
  g_free ((char *) job->request.client_identity);
  g_free ((char *) job->request.client_cert_id);
  g_free ((char *) job->request.root_ca_cert_id);
  g_clear_pointer (&job->psk, lks_secret_unref);
  g_clear_pointer (&job->join, lks_wifi_join_free);
  g_free (job);
}

static gboolean
change (LksWifiJob *self, LksDevice *device, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksWifiNetwork) network = NULL;

  switch (self->kind)
    {
    case KIND_ADD:
      network = lks_wifi_add (device, &self->request, FALSE, cancellable, error);
      if (network != NULL)
        self->network_id = network->id;
      return network != NULL;
    case KIND_KEY:
      return lks_wifi_set_key (device, self->network_id, self->request.psk, cancellable, error);
    case KIND_ENABLED:
      return lks_wifi_set_enabled (device, self->network_id, self->enabled, cancellable, error);
    case KIND_FORGET:
      return lks_wifi_forget (device, self->network_id, cancellable, error);
    }
  return FALSE;
}

/**
 * lks_wifi_job_run:
 * @device: a board
 * @self: a job
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Does it, and waits for the connection that may come of it. Worker thread.
 *
 * Returns: whether it was done; what became of the connection stands in the job
 */
gboolean
lks_wifi_job_run (LksDevice *device, gpointer self, GCancellable *cancellable, GError **error)
{
  LksWifiJob *job = self;
  const LksWifiPatience patience = LKS_WIFI_PATIENCE_DEFAULT;
  g_autoptr (GPtrArray) known = lks_device_get_wifi_failures (device, cancellable, error);

  if (known == NULL || !change (job, device, cancellable, error))
    return FALSE;
  if (job->kind == KIND_FORGET || (job->kind == KIND_ENABLED && !job->enabled))
    return TRUE;

  job->join =
      lks_wifi_wait (device, job->network_id, known, &patience, NULL, NULL, cancellable, error);
  return job->join != NULL;
}

/**
 * lks_wifi_job_get_join:
 * @self: a job that was run
 *
 * Returns: (transfer none) (nullable): what became of the connection
 */
const LksWifiJoin *
lks_wifi_job_get_join (const LksWifiJob *self)
{
  return self->join;
}
