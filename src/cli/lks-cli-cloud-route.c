/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-capability.h"
#include "lks-cli-cloud-route-report.h"
#include "lks-cli-cloud-work.h"
#include "lks-cli-device-source.h"
#include "lks-cli-output.h"
#include "lks-cli-vault.h"
#include "lks-cli-work.h"
#include "lks-device-id.h"
#include "lks-json.h"
#include "lks-os-shelf.h"
#include "lks-os-versions.h"

#include <stdio.h>

typedef struct
{
  LksCliCloudWork work;
  LksCliDeviceSource source;
  char **kinds;     /* (owned) (nullable) */
  char **wanted;    /* (owned) (nullable) */
  char *keystore;   /* (owned) (nullable) */
  char *folder;     /* (owned) */
  char *os_address; /* (owned) (nullable) */
  char *os_path;    /* (owned) */
  char *until;      /* (owned) (nullable) */
  gint64 leave_unix_s;
  LksRoute *route;     /* (owned) (nullable) */
  LksCliVault *vault;  /* (owned) (nullable) */
  LksVaultDoor *door;  /* (owned) (nullable) */
  char *vault_problem; /* (owned) (nullable) */
  JsonArray *results;  /* (owned) (nullable): only to be printed */
  GPtrArray *findings; /* (owned) (nullable) (element-type LksRouteFinding) */
  int status;          /* of the first that failed */
} Route;

static void
route_clear (Route *self)
{
  lks_cli_cloud_work_clear (&self->work);
  lks_cli_device_source_clear (&self->source);
  g_strfreev (self->kinds);
  g_strfreev (self->wanted);
  g_free (self->keystore);
  g_free (self->folder);
  g_free (self->os_address);
  g_free (self->os_path);
  g_free (self->until);
  g_free (self->vault_problem);
  lks_route_free (self->route);
  g_clear_pointer (&self->door, lks_vault_door_unref);
  g_clear_pointer (&self->vault, lks_cli_vault_close);
  g_clear_pointer (&self->results, json_array_unref);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Route, route_clear)

#define ROUTE_ENTRIES(self)                                                                        \
  { "folder",                                                                                      \
    0,                                                                                             \
    0,                                                                                             \
    G_OPTION_ARG_FILENAME,                                                                         \
    &(self).folder,                                                                                \
    "Where the route is (default: in the application's data)",                                     \
    "FOLDER" },                                                                                    \
  {                                                                                                \
    "until", 0, 0, G_OPTION_ARG_STRING, &(self).until,                                             \
        "Until which day it must do: 2026-12-24 (default: today)", "DATE"                          \
  }

/* ---- places and days ---- */

static gboolean
read_until (Route *self, GError **error)
{
  g_autofree char *text = g_strconcat (self->until, "T23:59:59", NULL);
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, zone);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  if (time != NULL && g_date_time_to_unix (time) >= now)
    {
      self->leave_unix_s = g_date_time_to_unix (time);
      return TRUE;
    }
  g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
               time != NULL ? "--until %s is over" : "--until %s is no day; write 2026-12-24",
               self->until);
  return FALSE;
}

static gboolean
complete (Route *self, GError **error)
{
  self->os_path = lks_os_shelf_dup_path ();
  self->leave_unix_s = g_get_real_time () / G_USEC_PER_SEC;
  if (self->folder == NULL)
    self->folder = lks_route_dup_folder ();
  return self->until == NULL || read_until (self, error);
}

/* ---- what shall be in it ---- */

static gboolean
add_devices (Route *self, GError **error)
{
  g_autoptr (GPtrArray) rows = lks_cli_device_source_read (&self->source, error);

  if (rows == NULL)
    return FALSE;
  if (rows->len > LKS_ROUTE_DEVICES_MAX)
    {
      g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                   "A route has at most %d devices, these are %u", LKS_ROUTE_DEVICES_MAX,
                   rows->len);
      return FALSE;
    }
  g_ptr_array_set_size (self->route->devices, 0);
  for (guint i = 0; i < rows->len; i++)
    lks_route_add_device (self->route, ((LksDeviceRow *) g_ptr_array_index (rows, i))->device_id);
  self->route->made_unix_s = 0;
  return TRUE;
}

static gboolean
add_capabilities (Route *self, GError **error)
{
  guint capability = LKS_CAPABILITY_FIELD_SERVICING;

  if (self->kinds != NULL)
    g_array_set_size (self->route->capabilities, 0);
  for (guint i = 0; self->kinds != NULL && self->kinds[i] != NULL; i++)
    {
      if (!lks_route_capability_from_name (self->kinds[i], &capability))
        {
          g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                               "--kind is fieldServicing, which ends with the session, or "
                               "appDevelopment, which stays on the board");
          return FALSE;
        }
      g_array_append_val (self->route->capabilities, capability);
    }
  if (self->route->capabilities->len == 0)
    g_array_append_val (self->route->capabilities, capability);
  return TRUE;
}

static void
add_wanted (Route *self)
{
  if (self->wanted == NULL)
    return;
  g_ptr_array_set_size (self->route->wanted, 0);
  for (guint i = 0; self->wanted[i] != NULL; i++)
    g_ptr_array_add (self->route->wanted, g_strdup (self->wanted[i]));
}

/* A route that is there already goes on; its images need not be fetched again. */
static gboolean
open_route (Route *self, GError **error)
{
  gboolean has_devices =
      self->source.attached || self->source.ids != NULL || self->source.csv_file != NULL;
  g_autoptr (GError) reason = NULL;

  self->route = lks_route_load (self->folder, &reason);
  if (self->route != NULL)
    return !has_devices || add_devices (self, error);
  if (!has_devices && g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                         "There is no route yet: say which devices are visited, with one of "
                         "--attached, --device and --csv");
  else if (!g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&reason));
  else
    {
      self->route = lks_route_new ();
      return add_devices (self, error);
    }
  return FALSE;
}

static gboolean
take_keystore (Route *self, GError **error)
{
  gboolean taken;

  if (self->keystore == NULL)
    return TRUE;
  if (!lks_route_take_keystore (self->route, self->folder, self->keystore, &taken, error))
    return FALSE;
  if (!taken)
    fputs ("The route has a newer trusted keystore already; that one stays.\n", stderr);
  return TRUE;
}

static gboolean
open_vault (Route *self, GError **error)
{
  self->vault = lks_cli_vault_open (error);
  if (self->vault == NULL)
    return FALSE;
  self->door = lks_vault_door_new (lks_cli_vault_get (self->vault));
  return TRUE;
}

/* ---- the work, on its thread ---- */

static void
take_event (const LksRouteEvent *event, gpointer user_data)
{
  Route *self = user_data;

  if (event->error != NULL && self->status == LKS_CLI_EXIT_DONE)
    self->status = (int) lks_cli_exit_for_error (event->error);
  if (self->work.json)
    json_array_add_object_element (self->results, lks_cli_route_event_to_object (event));
  else
    lks_cli_route_print_event (event);
  if (event->error != NULL)
    lks_cli_print_error (event->device_id != NULL ? lks_device_id_get_short (event->device_id)
                                                  : lks_cli_route_get_subject (event),
                         event->error);
}

static gboolean
check_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Route *self = data;
  const LksRouteLook look = { .folder = self->folder,
                              .door = self->door,
                              .vault_problem = self->vault_problem,
                              .os_path = self->os_path,
                              .leave_unix_s = self->leave_unix_s };

  self->findings = lks_route_check (self->route, &look, cloud->cancellable, error);
  return self->findings != NULL;
}

/* What is there is told also when packing had to end. */
static gboolean
pack_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Route *self = data;
  LksRoutePacking packing = { .trust = cloud->trust,
                              .door = self->door,
                              .folder = self->folder,
                              .os_address = self->os_address,
                              .os_path = self->os_path,
                              .func = take_event,
                              .user_data = self };
  gboolean is_packed = lks_cli_cloud_work_find (&self->work, cloud, error);

  if (!is_packed)
    return FALSE;
  packing.client = self->work.client;
  packing.catalog = self->work.scope;
  is_packed = lks_route_pack (self->route, &packing, cloud->cancellable, error);
  return check_in_thread (cloud, data, is_packed ? error : NULL) && is_packed;
}

/* ---- what is said ---- */

static void
print_json (Route *self, const GError *error)
{
  JsonObject *object = json_object_new ();
  g_autofree char *shown = g_filename_display_name (self->folder);
  gboolean is_ready =
      self->findings != NULL && error == NULL && lks_route_is_ready (self->findings);

  json_object_set_string_member (object, "folder", shown);
  lks_json_set_text (object, "catalog", self->route->catalog);
  json_object_set_boolean_member (object, "ready", is_ready);
  if (self->findings != NULL)
    {
      json_object_set_array_member (object, "findings",
                                    lks_cli_route_findings_to_array (self->findings, NULL));
      json_object_set_array_member (object, "devices",
                                    lks_cli_route_to_array (self->route, self->findings));
    }
  if (self->results != NULL)
    json_object_set_array_member (object, "results", g_steal_pointer (&self->results));
  json_object_set_member (object, "error", lks_cli_error_to_json (error));
  lks_cli_print_object (object);
}

/* A script wants to know both: that something failed, and that one must not leave. */
static int
finish (Route *self, const GError *error)
{
  if (self->route == NULL || (self->findings == NULL && error != NULL))
    return (int) lks_cli_report_error (error, self->work.json);
  if (self->work.json)
    print_json (self, error);
  else
    lks_cli_route_print (self->route, self->findings);
  if (error != NULL)
    return (int) lks_cli_report_error (error, FALSE);
  if (self->status != LKS_CLI_EXIT_DONE)
    return self->status;
  return lks_route_is_ready (self->findings) ? LKS_CLI_EXIT_DONE : LKS_CLI_EXIT_FAIL;
}

/* ---- the commands ---- */

static gboolean
prepare (Route *self, GError **error)
{
  return complete (self, error) && open_route (self, error) && add_capabilities (self, error) &&
         take_keystore (self, error) && open_vault (self, error);
}

static int
pack (int argc, char **argv)
{
  g_auto (Route) self = { 0 };
  const GOptionEntry entries[] = {
    LKS_CLI_DEVICE_SOURCE_ENTRIES (self.source),
    { "kind", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self.kinds,
      "fieldServicing (default) or appDevelopment; may be given twice", "KIND" },
    { "image", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self.wanted,
      "An image beside those of the device groups; may be given several times", "NAME-OR-ID" },
    { "keystore", 0, 0, G_OPTION_ARG_FILENAME, &self.keystore,
      "A trusted keystore to be taken along, from the recovery images of a newer OS", "FILE" },
    ROUTE_ENTRIES (self),
    { "os-address", 0, 0, G_OPTION_ARG_STRING, &self.os_address,
      "Who publishes the list of OS versions (default: " LKS_OS_VERSIONS_PUBLIC ")", "URL" },
    { NULL },
  };
  const LksCliCloudUsage usage = {
    "cloud route pack [" LKS_CLI_DEVICE_SOURCE_USAGE "]",
    "Fetches what a day without a network needs, and tells whether that is all. Without devices, "
    "packing goes on where it ended.",
    0,
    0,
    LKS_CLOUD_ACTION_CAPABILITY,
    entries
  };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error) ||
      !prepare (&self, &error))
    return (int) lks_cli_report_error (error, self.work.json);

  add_wanted (&self);
  self.results = self.work.json ? json_array_new () : NULL;
  lks_cli_cloud_run (pack_in_thread, &self, &error);
  return finish (&self, error);
}

/* A vault that does not open is found, and is no reason to tell nothing else. */
static void
try_vault (Route *self)
{
  g_autoptr (GError) reason = NULL;

  if (!open_vault (self, &reason))
    self->vault_problem = g_strdup (reason->message);
}

static int
check (int argc, char **argv)
{
  g_auto (Route) self = { 0 };
  const GOptionEntry entries[] = {
    ROUTE_ENTRIES (self),
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.work.json, "Print a JSON document", NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_parse (entries, "cloud route check",
                      "Ready to leave? Looks at what was packed, without a network.", &argc, &argv,
                      &error) ||
      !lks_cli_refuse_arguments (argc, argv, &error) || !complete (&self, &error))
    return (int) lks_cli_report_error (error, self.work.json);
  self.route = lks_route_load (self.folder, &error);
  if (self.route == NULL)
    return (int) lks_cli_report_error (error, self.work.json);

  try_vault (&self);
  lks_cli_cloud_run (check_in_thread, &self, &error);
  return finish (&self, error);
}

static const LksCliCommand verbs[] = {
  { "pack", "[OPTION…]", "Fetch everything, and tell whether that is all", pack },
  { "check", "[OPTION…]", "Ready to leave?", check },
};

/**
 * lks_cli_cloud_route:
 * @argc: how many arguments
 * @argv: the arguments, the first is the command
 *
 * `locksmithctl cloud route`.
 *
 * Returns: the exit status
 */
int
lks_cli_cloud_route (int argc, char **argv)
{
  return lks_cli_run_verb ("cloud route", verbs, G_N_ELEMENTS (verbs),
                           "All that a day without a network needs.", argc, argv);
}
