/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-cloud.h"

#include "emu-cloud-private.h"

#include "lks-json.h"
#include "lks-number.h"

#include <string.h>

/* ---- listening ---- */

static gboolean
parse_address (const char *text, char **out_host, guint16 *out_port, GError **error)
{
  const char *colon = strrchr (text, ':');
  guint64 port;

  if (colon == NULL || colon == text ||
      !lks_number_read_unsigned (colon + 1, 0, G_MAXUINT16, &port))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "“%s” is not an address: expected ADDRESS:PORT", text);
      return FALSE;
    }
  *out_host = g_strndup (text, (gsize) (colon - text));
  *out_port = (guint16) port;
  return TRUE;
}

static SoupServer *
make_server (EmuTls *tls)
{
  return g_object_new (SOUP_TYPE_SERVER, "tls-certificate",
                       emu_tls_get_certificate (tls, EMU_TLS_CLOUD), "raw-paths", TRUE, NULL);
}

/* Returns https://HOST:PORT with the port that it got. */
static char *
listen_at (SoupServer *server, const char *host, guint16 port, GError **error)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (host, port);
  GSList *uris;
  char *base;

  if (address == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is not an IP address",
                   host);
      return NULL;
    }
  if (!soup_server_listen (server, address, SOUP_SERVER_LISTEN_HTTPS, error))
    return NULL;

  uris = soup_server_get_uris (server);
  base = g_strdup_printf ("https://%s:%d", host, g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return base;
}

/**
 * emu_cloud_new:
 * @config: (transfer full): what there is
 * @board_ids: (element-type utf8): device IDs of the emulated boards that are claimed
 * @address: ADDRESS:PORT where to listen; port 0 takes a free one
 * @state_dir: (type filename): the emulator's state directory: the keys that boards trust
 * @trace: (nullable): where to write what was asked
 * @error: return location for a `G_IO_ERROR`, `G_FILE_ERROR` or `G_TLS_ERROR`
 *
 * Returns: (transfer full): a cloud that answers, or NULL with @error set
 */
EmuCloud *
emu_cloud_new (EmuCloudConfig *config,
               GPtrArray *board_ids,
               const char *address,
               const char *state_dir,
               EmuTrace *trace,
               GError **error)
{
  g_autoptr (EmuCloud) self = g_new0 (EmuCloud, 1);
  g_autofree char *host = NULL;
  guint16 port;

  self->config = config;
  self->store = emu_cloud_store_new (config, board_ids);
  self->auth = emu_cloud_auth_new (config);
  self->certs = emu_cloud_certs_new ();
  self->operations = emu_cloud_operations_new ();
  self->trace = trace != NULL ? emu_trace_ref (trace) : NULL;
  self->keys = emu_keys_open (state_dir, error);
  self->tls = self->keys != NULL ? emu_tls_open (state_dir, error) : NULL;
  if (self->tls == NULL || !parse_address (address, &host, &port, error))
    return NULL;

  self->server = make_server (self->tls);
  self->blobs = make_server (self->tls);
  emu_cloud_serve (self);
  self->base = listen_at (self->server, host, port, error);
  self->blob_base = self->base != NULL ? listen_at (self->blobs, host, 0, error) : NULL;
  return self->blob_base != NULL ? g_steal_pointer (&self) : NULL;
}

static void
stop (SoupServer **server, EmuCloud *self)
{
  if (*server == NULL)
    return;
  soup_server_disconnect (*server);
  g_signal_handlers_disconnect_by_data (*server, self);
  soup_server_remove_handler (*server, NULL);
  g_clear_object (server);
}

/**
 * emu_cloud_free:
 * @self: (transfer full): a cloud
 *
 * Ends every connection.
 */
void
emu_cloud_free (EmuCloud *self)
{
  stop (&self->server, self);
  stop (&self->blobs, self);
  g_clear_pointer (&self->operations, emu_cloud_operations_free);
  g_clear_pointer (&self->store, emu_cloud_store_free);
  g_clear_pointer (&self->auth, emu_cloud_auth_free);
  g_clear_pointer (&self->certs, emu_cloud_certs_free);
  g_clear_pointer (&self->keys, emu_keys_unref);
  g_clear_pointer (&self->tls, emu_tls_free);
  g_clear_pointer (&self->trace, emu_trace_unref);
  g_clear_pointer (&self->config, emu_cloud_config_free);
  g_free (self->base);
  g_free (self->blob_base);
  g_free (self);
}

/**
 * emu_cloud_get_base:
 * @self: a cloud
 *
 * Returns: (transfer none): `https://ADDRESS:PORT`, where it answers
 */
const char *
emu_cloud_get_base (EmuCloud *self)
{
  return self->base;
}

/* ---- the control socket ---- */

static const char *const commands[] = { "cloud",         "cloud-fault",
                                        "cloud-clear",   "cloud-approve",
                                        "cloud-decline", "cloud-expire",
                                        "cloud-revoke",  NULL };

/**
 * emu_cloud_has_command:
 * @command: a command of the control socket
 *
 * Returns: whether it is for the cloud
 */
gboolean
emu_cloud_has_command (const char *command)
{
  return g_strv_contains (commands, command);
}

static void
describe (EmuCloud *self, JsonBuilder *builder)
{
  const struct
  {
    const char *name;
    const char *value;
  } texts[] = {
    { "base", self->base },
    { "tenant", self->config->tenant },
    { "subscription", self->config->subscription },
    { "resourceGroup", self->config->resource_group },
    { "clientId", self->config->client_id },
  };

  json_builder_set_member_name (builder, "cloud");
  json_builder_begin_object (builder);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      json_builder_set_member_name (builder, texts[i].name);
      json_builder_add_string_value (builder, texts[i].value);
    }
  json_builder_set_member_name (builder, "catalogs");
  json_builder_begin_object (builder);
  for (guint i = 0; i < self->store->catalogs->len; i++)
    {
      EmuCatalog *catalog = g_ptr_array_index (self->store->catalogs, i);

      json_builder_set_member_name (builder, catalog->name);
      json_builder_add_int_value (builder, emu_catalog_count_devices (catalog));
    }
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static gboolean
add_fault (EmuCloud *self, LksJson *json, JsonObject *request, GError **error)
{
  JsonObject *object;
  EmuCloudFault *fault;

  if (!lks_json_read_object (json, request, "fault", &object, error))
    return FALSE;
  fault = emu_cloud_fault_parse (json, object, error);
  if (fault == NULL)
    return FALSE;
  g_ptr_array_add (self->config->faults, fault);
  return TRUE;
}

static gboolean
decide (EmuCloud *self, gboolean approve, LksJson *json, JsonObject *request, GError **error)
{
  g_autofree char *code = NULL;

  if (!lks_json_read_string (json, request, "userCode", &code, error))
    return FALSE;
  if (emu_cloud_auth_decide (self->auth, code, approve))
    return TRUE;
  lks_json_set_error (json, json_object_get_member (request, "userCode"), error,
                      "“userCode”: no sign-in waits for “%s”", code);
  return FALSE;
}

/**
 * emu_cloud_run_command:
 * @self: a cloud
 * @command: one that emu_cloud_has_command() knows
 * @json: the request
 * @request: its root
 * @builder: an object that the answer goes into
 * @error: return location for a [error@Lks.ParseError]
 *
 * Does what the control socket was asked for.
 *
 * Returns: whether it was done
 */
gboolean
emu_cloud_run_command (EmuCloud *self,
                       const char *command,
                       LksJson *json,
                       JsonObject *request,
                       JsonBuilder *builder,
                       GError **error)
{
  emu_cloud_operations_run (self->operations, g_get_real_time ());
  if (g_str_equal (command, "cloud-fault"))
    return add_fault (self, json, request, error);
  if (g_str_equal (command, "cloud-approve") || g_str_equal (command, "cloud-decline"))
    return decide (self, g_str_equal (command, "cloud-approve"), json, request, error);

  if (g_str_equal (command, "cloud-clear"))
    g_ptr_array_set_size (self->config->faults, 0);
  else if (g_str_equal (command, "cloud-expire"))
    emu_cloud_auth_expire (self->auth);
  else if (g_str_equal (command, "cloud-revoke"))
    emu_cloud_auth_revoke (self->auth);
  else
    describe (self, builder);
  return TRUE;
}
