/* SPDX-License-Identifier: GPL-3.0-or-later */
/* benchmark-cloud EMULATOR DEVICES DOWNLOADS: a catalog of DEVICES devices at the emulated service:
 * the time until the first page, the time for all and how much memory that needs on top, and the
 * time to find the last one by its ID; and DOWNLOADS capabilities, without limits and with a
 * service that grants 10 writes a second after the first 200, as the vendor's does. */
#include "emulator-process.h"

#include "lks-capability.h"
#include "lks-cloud-capability.h"
#include "lks-cloud-catalog.h"
#include "lks-cloud-device.h"
#include "lks-sign-in.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define CLIENT "11111111-2222-4333-8444-555555555555"
#define TENANT "aaaaaaaa-2222-4333-8444-555555555555"
#define SECRET "emulated-client-secret"

/* ---- who is signed in ---- */

#define BENCH_TYPE_SOURCE (bench_source_get_type ())
G_DECLARE_FINAL_TYPE (BenchSource, bench_source, BENCH, SOURCE, GObject)

struct _BenchSource
{
  GObject parent_instance;

  LksSecret *line; /* (owned) */
};

static void bench_source_iface_init (LksTokenSourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BenchSource,
                               bench_source,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LKS_TYPE_TOKEN_SOURCE,
                                                      bench_source_iface_init))

static LksSecret *
get_authorization (LksTokenSource *source,
                   gboolean renew,
                   GCancellable *cancellable,
                   GError **error)
{
  return lks_secret_ref (BENCH_SOURCE (source)->line);
}

static void
bench_source_iface_init (LksTokenSourceInterface *iface)
{
  iface->get_authorization = get_authorization;
}

static void
bench_source_finalize (GObject *object)
{
  lks_secret_unref (BENCH_SOURCE (object)->line);
  G_OBJECT_CLASS (bench_source_parent_class)->finalize (object);
}

static void
bench_source_class_init (BenchSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bench_source_finalize;
}

static void
bench_source_init (BenchSource *self)
{
}

/* ---- the service ---- */

typedef struct
{
  EmulatorProcess process;
  BenchSource *source;
  LksCloudClient *client;
  LksCloudScope *catalog;
} World;

static void
sign_in (World *world, LksCloudTrust *trust)
{
  g_autoptr (LksCloudPlace) place = NULL;
  g_autoptr (LksSignIn) service = NULL;
  g_autoptr (LksSecret) secret = lks_secret_new (SECRET, strlen (SECRET));
  g_auto (LksTokens) tokens = { 0 };
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;

  place = lks_cloud_place_new (world->process.cloud, world->process.cloud, TENANT, CLIENT, &error);
  g_assert_no_error (error);
  service = lks_sign_in_new (place, trust, NULL);
  lks_sign_in_with_secret (service, secret, NULL, &tokens, &error);
  g_assert_no_error (error);
  line = g_strconcat ("Authorization: Bearer ", lks_secret_get_text (tokens.access), NULL);
  world->source = g_object_new (BENCH_TYPE_SOURCE, NULL);
  world->source->line = lks_secret_new (line, strlen (line));
}

static void
world_start (World *world, const char *emulator, guint n_devices, guint n_writes)
{
  g_autofree char *scenario = g_strdup_printf (
      "{\"cloud\":{\"clientId\":\"" CLIENT "\",\"tenant\":\"" TENANT
      "\",\"writesMax\":%u,\"writesPerSecond\":10,\"catalogs\":[{\"name\":\"plant\",\"products\":["
      "\"Pump\"],\"devices\":%u}]}}",
      n_writes, n_devices);
  g_autoptr (LksCloudTrust) trust = lks_cloud_trust_new ();
  g_autofree char *ca = NULL;
  g_autoptr (GError) error = NULL;

  emulator_process_start_with_cloud (&world->process, emulator, scenario);
  ca = emulator_process_get_path (&world->process, "ca.pem");
  g_assert_true (lks_cloud_trust_add_file (trust, ca, &error));
  sign_in (world, trust);
  world->client = lks_cloud_client_new (world->process.cloud, LKS_TOKEN_SOURCE (world->source),
                                        trust, NULL, &error);
  g_assert_no_error (error);
  world->catalog = lks_cloud_catalog_find (world->client, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
world_stop (World *world)
{
  lks_cloud_scope_free (world->catalog);
  lks_cloud_client_free (world->client);
  g_object_unref (world->source);
  emulator_process_stop (&world->process);
}

/* ---- what is measured ---- */

static double
get_s_since (gint64 start_us)
{
  return (g_get_monotonic_time () - start_us) / 1e6;
}

static long
get_peak_kib (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

typedef struct
{
  gint64 start_us;
  double first_s;
  guint n_seen;
  GPtrArray *places; /* (nullable) */
  char *last_id;     /* (owned) (nullable) */
} Listing;

static gboolean
take (LksCloudResource *resource, gpointer user_data, GError **error)
{
  Listing *listing = user_data;

  if (listing->n_seen++ == 0)
    listing->first_s = get_s_since (listing->start_us);
  g_free (listing->last_id);
  listing->last_id = g_strdup (resource->name);
  if (listing->places != NULL)
    g_ptr_array_add (listing->places, lks_cloud_scope_copy (resource->scope));
  return TRUE;
}

static void
list (World *world, guint devices_max, Listing *listing)
{
  g_autoptr (GError) error = NULL;

  listing->start_us = g_get_monotonic_time ();
  lks_cloud_device_list (world->client, world->catalog, devices_max, take, listing, NULL, &error);
  g_assert_no_error (error);
}

static double
find_last (World *world, const char *device_id)
{
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCloudScope) place =
      lks_cloud_device_find_in (world->client, world->catalog, device_id, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (place);
  g_assert_cmpstr (place->leaf, ==, device_id);
  return get_s_since (start_us);
}

static void
measure_listing (const char *emulator, guint n_devices)
{
  World world = { 0 };
  Listing page = { 0 };
  Listing all = { 0 };
  long before_kib;
  long peak_kib;
  double all_s;

  world_start (&world, emulator, n_devices, 1000000);
  list (&world, 100, &page);
  before_kib = get_peak_kib ();
  list (&world, 0, &all);
  all_s = get_s_since (all.start_us);
  peak_kib = get_peak_kib ();
  g_assert_cmpuint (all.n_seen, ==, n_devices);
  printf ("{\"benchmark\":\"cloud-list\",\"devices\":%u,\"firstPageMs\":%.1f,\"allSeconds\":%.2f,"
          "\"memoryOnTopKib\":%ld,\"findLastMs\":%.1f}\n",
          n_devices, all.first_s * 1e3, all_s, peak_kib - before_kib,
          find_last (&world, all.last_id) * 1e3);
  g_free (page.last_id);
  g_free (all.last_id);
  world_stop (&world);
}

static void
measure_downloads (const char *emulator, guint n_downloads, guint n_writes)
{
  World world = { 0 };
  Listing listing = { .places =
                          g_ptr_array_new_with_free_func ((GDestroyNotify) lks_cloud_scope_free) };
  gint64 start_us;

  world_start (&world, emulator, n_downloads, n_writes);
  list (&world, 0, &listing);
  start_us = g_get_monotonic_time ();
  for (guint i = 0; i < n_downloads; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LksCapabilityKey) key =
          lks_cloud_capability_fetch (world.client, g_ptr_array_index (listing.places, i),
                                      LKS_CAPABILITY_FIELD_SERVICING, NULL, &error);

      g_assert_no_error (error);
      g_assert_nonnull (key);
    }
  printf ("{\"benchmark\":\"cloud-capabilities\",\"downloads\":%u,\"writesGranted\":%u,"
          "\"seconds\":%.2f}\n",
          n_downloads, n_writes, get_s_since (start_us));
  g_ptr_array_unref (listing.places);
  g_free (listing.last_id);
  world_stop (&world);
}

int
main (int argc, char **argv)
{
  guint n_devices;
  guint n_downloads;

  g_assert_cmpint (argc, ==, 4);
  n_devices = (guint) g_ascii_strtoull (argv[2], NULL, 10);
  n_downloads = (guint) g_ascii_strtoull (argv[3], NULL, 10);

  measure_listing (argv[1], n_devices);
  measure_downloads (argv[1], n_downloads, 1000000);
  measure_downloads (argv[1], n_downloads, 200);
  return 0;
}
