/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-net-job.h"

#include "lks-net-interface.h"
#include "lks-proxy-change.h"
#include "lks-secret.h"

#include <string.h>

typedef enum
{
  KIND_SWITCH,
  KIND_MAC,
  KIND_PROXY,
  KIND_REMOVE_PROXY,
} Kind;

struct _LksNetJob
{
  Kind kind;
  char *name;             /* (owned) (nullable): of an interface */
  char *hardware_address; /* (owned) (nullable) */
  gboolean up;
  LksProxyRequest request; /* its texts are owned, but for the password */
  LksSecret *password;     /* (owned) (nullable) */
};

/**
 * lks_net_view_new:
 *
 * Returns: (transfer full): an empty view for lks_net_view_job()
 */
LksNetView *
lks_net_view_new (void)
{
  return g_new0 (LksNetView, 1);
}

/**
 * lks_net_view_free:
 * @self: (transfer full): a view
 */
void
lks_net_view_free (gpointer self)
{
  LksNetView *view = self;

  g_clear_pointer (&view->facts, lks_net_facts_free);
  g_clear_pointer (&view->interfaces, g_ptr_array_unref);
  g_clear_pointer (&view->proxy, lks_proxy_free);
  g_clear_pointer (&view->rulesets, g_ptr_array_unref);
  g_free (view);
}

/* An old system leaves a gap; anything else ends the reading. */
static gboolean
forgive (gconstpointer value, GError *local, GError **error)
{
  if (value != NULL)
    return TRUE;
  if (g_error_matches (local, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNSUPPORTED) ||
      g_error_matches (local, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_NOT_FOUND))
    {
      g_error_free (local);
      return TRUE;
    }

  g_propagate_error (error, local);
  return FALSE;
}

/**
 * lks_net_view_job:
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
lks_net_view_job (LksDevice *device, gpointer view, GCancellable *cancellable, GError **error)
{
  LksNetView *self = view;
  GError *local = NULL;

  self->interfaces = lks_device_get_interfaces (device, cancellable, error);
  if (self->interfaces == NULL)
    return FALSE;

  self->facts = lks_net_facts_read (device, cancellable, error);
  if (self->facts == NULL)
    return FALSE;

  self->proxy = lks_device_get_proxy (device, cancellable, &local);
  if (!forgive (self->proxy, local, error))
    return FALSE;

  local = NULL;
  self->rulesets = lks_device_get_firewall_rulesets (device, cancellable, &local);
  return forgive (self->rulesets, local, error);
}

static LksNetJob *
job_new (Kind kind, const char *name)
{
  LksNetJob *self = g_new0 (LksNetJob, 1);

  self->kind = kind;
  self->name = g_strdup (name);
  return self;
}

/**
 * lks_net_job_new_switch:
 * @name: an interface
 * @up: whether it shall be up
 *
 * Returns: (transfer full): the job to switch it
 */
LksNetJob *
lks_net_job_new_switch (const char *name, gboolean up)
{
  LksNetJob *self = job_new (KIND_SWITCH, name);

  self->up = up;
  return self;
}

/**
 * lks_net_job_new_mac:
 * @name: an Ethernet interface
 * @hardware_address: what it shall have
 *
 * Returns: (transfer full): the job to change it
 */
LksNetJob *
lks_net_job_new_mac (const char *name, const char *hardware_address)
{
  LksNetJob *self = job_new (KIND_MAC, name);

  self->hardware_address = g_strdup (hardware_address);
  return self;
}

/**
 * lks_net_job_new_proxy:
 * @request: a proxy; copied, its password into memory for secrets
 *
 * Returns: (transfer full): the job to use it
 */
LksNetJob *
lks_net_job_new_proxy (const LksProxyRequest *request)
{
  LksNetJob *self = job_new (KIND_PROXY, NULL);

  self->request = *request;
  self->request.address = g_strdup (request->address);
  self->request.username = g_strdup (request->username);
  self->request.no_proxy_addresses =
      (const char *const *) g_strdupv ((char **) request->no_proxy_addresses);
  self->request.password = NULL;
  if (request->password != NULL)
    {
      self->password = lks_secret_new (request->password, strlen (request->password));
      self->request.password = lks_secret_get_text (self->password);
    }
  return self;
}

/**
 * lks_net_job_new_remove_proxy:
 *
 * Returns: (transfer full): the job to use none
 */
LksNetJob *
lks_net_job_new_remove_proxy (void)
{
  return job_new (KIND_REMOVE_PROXY, NULL);
}

/**
 * lks_net_job_free:
 * @self: (transfer full): a job
 */
void
lks_net_job_free (gpointer self)
{
  LksNetJob *job = self;

  g_free (job->name);
  g_free (job->hardware_address);
  g_free ((char *) job->request.address);
  g_free ((char *) job->request.username);
  g_strfreev ((char **) job->request.no_proxy_addresses);
  g_clear_pointer (&job->password, lks_secret_unref);
  g_free (job);
}

static gboolean
apply_proxy (LksNetJob *self, LksDevice *device, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksProxy) proxy = lks_proxy_apply (device, &self->request, cancellable, error);

  return proxy != NULL;
}

/**
 * lks_net_job_run:
 * @device: a board
 * @self: a job
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Does it, and sees that the board shows it. Worker thread.
 *
 * Returns: whether it was done
 */
gboolean
lks_net_job_run (LksDevice *device, gpointer self, GCancellable *cancellable, GError **error)
{
  LksNetJob *job = self;

  switch (job->kind)
    {
    case KIND_SWITCH:
      return lks_net_interface_switch (device, job->name, job->up, cancellable, error);
    case KIND_MAC:
      return lks_net_interface_set_mac (device, job->name, job->hardware_address, cancellable,
                                        error);
    case KIND_PROXY:
      return apply_proxy (job, device, cancellable, error);
    case KIND_REMOVE_PROXY:
      return lks_proxy_remove (device, cancellable, error);
    }
  return FALSE;
}
