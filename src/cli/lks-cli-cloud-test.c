/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-cloud.h"

#include "lks-cli-output.h"
#include "lks-cli-work.h"
#include "lks-cloud-legacy.h"
#include "lks-cloud-place.h"
#include "lks-enums.h"
#include "lks-network-test.h"

#include <stdio.h>

#define HTTPS_PORT 443

typedef struct
{
  char *sign_in_address;  /* (owned) (nullable) */
  char *resource_address; /* (owned) (nullable) */
  char **hosts;           /* (owned) (nullable) */
  gboolean boards;
  gboolean legacy;
  gboolean json;
  GPtrArray *plan; /* (owned) (nullable) (element-type LksNetworkResult) */
} Test;

static void
test_clear (Test *self)
{
  g_free (self->sign_in_address);
  g_free (self->resource_address);
  g_strfreev (self->hosts);
  g_clear_pointer (&self->plan, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Test, test_clear)

/* ---- the plan ---- */

static gboolean
add_host (GPtrArray *plan, const char *text, GError **error)
{
  g_autoptr (GSocketConnectable) address = g_network_address_parse (text, HTTPS_PORT, error);

  if (address == NULL)
    {
      g_prefix_error (error, "--host %s: ", text);
      (*error)->domain = LKS_CLI_ERROR;
      (*error)->code = LKS_CLI_ERROR_USAGE;
      return FALSE;
    }
  g_ptr_array_add (
      plan, lks_network_result_new (g_network_address_get_hostname (G_NETWORK_ADDRESS (address)),
                                    g_network_address_get_port (G_NETWORK_ADDRESS (address)),
                                    LKS_NETWORK_HTTPS, "As asked for"));
  return TRUE;
}

static gboolean
make_plan (Test *self, GError **error)
{
  if (self->hosts == NULL)
    {
      self->plan = lks_network_plan (self->sign_in_address, self->resource_address,
                                     self->legacy ? LKS_CLOUD_LEGACY_PUBLIC : NULL, self->boards);
      return TRUE;
    }

  self->plan = g_ptr_array_new_with_free_func ((GDestroyNotify) lks_network_result_free);
  for (gsize i = 0; self->hosts[i] != NULL; i++)
    if (!add_host (self->plan, self->hosts[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
parse (Test *self, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "sign-in-address", 0, 0, G_OPTION_ARG_STRING, &self->sign_in_address,
      "Another sign-in service than the public one", "URL" },
    { "resource-address", 0, 0, G_OPTION_ARG_STRING, &self->resource_address,
      "Another resource API than the public one", "URL" },
    { "host", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->hosts,
      "Only this host, by HTTPS; may be repeated", "HOST[:PORT]" },
    { "boards", 0, 0, G_OPTION_ARG_NONE, &self->boards,
      "Also what boards need, as far as it is seen from this computer", NULL },
    { "legacy", 0, 0, G_OPTION_ARG_NONE, &self->legacy,
      "Also the Legacy service, until it ends on " LKS_CLOUD_LEGACY_END, NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, "Print a JSON document", NULL },
    { NULL },
  };

  return lks_cli_parse (entries, "cloud test",
                        "Tests whether the network lets online work through.", argc, argv, error) &&
         lks_cli_refuse_arguments (*argc, *argv, error) && make_plan (self, error);
}

/* ---- what came of it ---- */

static gboolean
is_usable (const LksNetworkResult *result)
{
  return result->verdict == LKS_NETWORK_REACHED;
}

/* Boards may be in another network than this computer. */
static gboolean
is_ready (Test *self)
{
  for (guint i = 0; i < self->plan->len; i++)
    {
      const LksNetworkResult *result = g_ptr_array_index (self->plan, i);

      if (!result->is_for_boards && !is_usable (result))
        return FALSE;
    }
  return TRUE;
}

static JsonObject *
result_to_object (const LksNetworkResult *result)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "host", result->host);
  json_object_set_int_member (object, "port", result->port);
  json_object_set_string_member (object, "kind",
                                 lks_enum_to_nick (LKS_TYPE_NETWORK_KIND, (int) result->kind));
  json_object_set_string_member (object, "neededBy", result->is_for_boards ? "board" : "computer");
  json_object_set_string_member (object, "purpose", result->purpose);
  json_object_set_string_member (object, "verdict",
                                 lks_enum_to_nick (LKS_TYPE_NETWORK_VERDICT,
                                                   (int) result->verdict));
  json_object_set_int_member (object, "elapsedMs", result->elapsed_ms);
  if (result->has_clock)
    json_object_set_int_member (object, "clockAheadSeconds", result->clock_ahead_s);
  if (result->detail != NULL)
    json_object_set_string_member (object, "detail", result->detail);
  if (!is_usable (result))
    json_object_set_string_member (object, "advice", lks_network_get_advice (result->verdict));
  return object;
}

static void
print_json (Test *self)
{
  JsonObject *document = json_object_new ();
  JsonArray *places = json_array_new ();

  for (guint i = 0; i < self->plan->len; i++)
    json_array_add_object_element (places, result_to_object (g_ptr_array_index (self->plan, i)));
  json_object_set_boolean_member (document, "ready", is_ready (self));
  json_object_set_array_member (document, "places", places);
  lks_cli_print_object (document);
}

static void
print_advice (const LksNetworkResult *result)
{
  g_autofree char *detail = result->detail != NULL ? lks_cli_clean (result->detail) : NULL;

  fprintf (stderr, "%s:%u: %s %s%s%s%s\n", result->host, result->port,
           lks_network_get_sentence (result->verdict), lks_network_get_advice (result->verdict),
           detail != NULL ? " (" : "", detail != NULL ? detail : "", detail != NULL ? ")" : "");
}

static void
print_table (Test *self)
{
  static const char *const headings[] = { "VERDICT", "PLACE", "MS", "WHAT FOR", NULL };
  g_autoptr (LksCliTable) table = lks_cli_table_new (headings);
  g_autofree char *text = NULL;

  for (guint i = 0; i < self->plan->len; i++)
    {
      const LksNetworkResult *result = g_ptr_array_index (self->plan, i);
      g_autofree char *place = g_strdup_printf ("%s:%u", result->host, result->port);
      g_autofree char *elapsed = g_strdup_printf ("%u", result->elapsed_ms);
      const char *const cells[] = {
        lks_enum_to_nick (LKS_TYPE_NETWORK_VERDICT, (int) result->verdict),
        place,
        elapsed,
        result->purpose,
        NULL,
      };

      lks_cli_table_add (table, cells);
    }
  text = lks_cli_table_format (table);
  fputs (text, stdout);
  for (guint i = 0; i < self->plan->len; i++)
    if (!is_usable (g_ptr_array_index (self->plan, i)))
      print_advice (g_ptr_array_index (self->plan, i));
}

static gboolean
test_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  return lks_network_test (((Test *) data)->plan, cloud->trust, NULL, cloud->cancellable, error);
}

/**
 * lks_cli_cloud_test:
 * @argc: how many arguments
 * @argv: the arguments, the first is the verb
 *
 * `locksmithctl cloud test`: does the network let online work through?
 *
 * Returns: the exit status
 */
int
lks_cli_cloud_test (int argc, char **argv)
{
  g_auto (Test) self = { 0 };
  g_autoptr (GError) error = NULL;

  if (!parse (&self, &argc, &argv, &error) || !lks_cli_cloud_run (test_in_thread, &self, &error))
    return lks_cli_report_error (error, self.json);

  if (self.json)
    print_json (&self);
  else
    print_table (&self);
  return is_ready (&self) ? LKS_CLI_EXIT_DONE : LKS_CLI_EXIT_CLOUD;
}
