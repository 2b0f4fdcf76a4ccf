/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Will this restart the board?": every line of the vendor's table on peripheral locking, and
 * everything that can be unknown. */
#include "lks-enums.h"
#include "lks-image-metadata.h"
#include "lks-restart-forecast.h"

#include <string.h>

#define NO LKS_RESTART_FORECAST_NO
#define YES LKS_RESTART_FORECAST_YES
#define CANNOT_TELL LKS_RESTART_FORECAST_CANNOT_TELL

#define LOCKED LKS_PERIPHERAL_LOCK_LOCKED
#define OPEN LKS_PERIPHERAL_LOCK_OPEN
#define LATER LKS_PERIPHERAL_LOCK_LOCKS_AT_RESTART
#define UNKNOWN LKS_PERIPHERAL_LOCK_UNKNOWN

#define SIDELOAD LKS_CHANGE_WAY_SIDELOAD
#define CLOUD LKS_CHANGE_WAY_CLOUD

#define NEW LKS_KNOWN_NO
#define UPDATE LKS_KNOWN_YES
#define MAYBE LKS_KNOWN_UNKNOWN

#define PLAIN ""
#define PIN "\"Gpio\":[8]"
#define PINS "\"Gpio\":[9,8]"
#define SNIP "\"Gpio\":[8,9]" /* as PINS, in another order */
#define BUS "\"Uart\":[\"ISU0\"]"

static LksManifest *
parse (const char *capabilities)
{
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  LksManifest *manifest;

  if (capabilities == NULL)
    return NULL;

  text = g_strdup_printf ("{\"SchemaVersion\":1,\"Name\":\"x\",\"ComponentId\":"
                          "\"11111111-2222-3333-4444-555555555555\",\"Capabilities\":{%s}}",
                          capabilities);
  bytes = g_bytes_new (text, strlen (text));
  manifest = lks_manifest_parse (bytes, &error);
  g_assert_no_error (error);
  return manifest;
}

static void
check (const char *name, const LksSoftwareChange *change, LksRestartForecast expected)
{
  const char *reason = NULL;
  LksRestartForecast forecast = lks_restart_forecast_derive (change, &reason);

  g_test_message ("%s: %s: %s", name, lks_enum_to_nick (LKS_TYPE_RESTART_FORECAST, (int) forecast),
                  reason);
  g_assert_cmpint ((int) forecast, ==, (int) expected);
  g_assert_nonnull (reason);
  g_assert_true (g_str_has_suffix (reason, "."));
  g_assert_cmpint ((int) lks_restart_forecast_derive (change, NULL), ==, (int) expected);
}

static void
test_install (void)
{
  static const struct
  {
    const char *name;
    LksPeripheralLock lock;
    LksChangeWay way;
    LksKnown is_installed;
    const char *new;       /* NULL: not known */
    const char *installed; /* NULL: not known */
    LksRestartForecast expected;
  } cases[] = {
    /* the table, while locked */
    { "new, uses peripherals, sideload", LOCKED, SIDELOAD, NEW, PIN, NULL, YES },
    { "new, uses peripherals, cloud", LOCKED, CLOUD, NEW, PIN, NULL, YES },
    { "new, uses none, sideload", LOCKED, SIDELOAD, NEW, PLAIN, NULL, NO },
    { "new, uses none, cloud", LOCKED, CLOUD, NEW, PLAIN, NULL, NO },
    { "update, other set", LOCKED, SIDELOAD, UPDATE, PINS, PIN, YES },
    { "update, other set by the cloud", LOCKED, CLOUD, UPDATE, PINS, PIN, YES },
    { "update, other kind", LOCKED, SIDELOAD, UPDATE, BUS, PIN, YES },
    { "update, gives up all", LOCKED, SIDELOAD, UPDATE, PLAIN, PIN, YES },
    { "update, takes the first", LOCKED, SIDELOAD, UPDATE, PIN, PLAIN, YES },
    { "update, same set", LOCKED, SIDELOAD, UPDATE, PIN, PIN, NO },
    { "update, same set in another order", LOCKED, SIDELOAD, UPDATE, PINS, SNIP, NO },
    { "update, same set by the cloud", LOCKED, CLOUD, UPDATE, PIN, PIN, NO },
    { "update, none as before", LOCKED, SIDELOAD, UPDATE, PLAIN, PLAIN, NO },
    /* not locked: none of these */
    { "open, new", OPEN, SIDELOAD, NEW, PIN, NULL, NO },
    { "open, other set", OPEN, SIDELOAD, UPDATE, PINS, PIN, NO },
    { "open, nothing known", OPEN, SIDELOAD, MAYBE, NULL, NULL, NO },
    { "locks at restart, new", LATER, SIDELOAD, NEW, PIN, NULL, NO },
    { "locks at restart, other set", LATER, CLOUD, UPDATE, PINS, PIN, NO },
    /* what is not known */
    { "lock unknown, new with peripherals", UNKNOWN, SIDELOAD, NEW, PIN, NULL, CANNOT_TELL },
    { "lock unknown, new without", UNKNOWN, SIDELOAD, NEW, PLAIN, NULL, NO },
    { "lock unknown, other set", UNKNOWN, SIDELOAD, UPDATE, PINS, PIN, CANNOT_TELL },
    { "lock unknown, same set", UNKNOWN, SIDELOAD, UPDATE, PIN, PIN, NO },
    { "installed unknown", LOCKED, SIDELOAD, UPDATE, PIN, NULL, CANNOT_TELL },
    { "installed unknown, new uses none", LOCKED, SIDELOAD, UPDATE, PLAIN, NULL, CANNOT_TELL },
    { "whether installed unknown", LOCKED, SIDELOAD, MAYBE, PIN, NULL, CANNOT_TELL },
    { "new manifest unknown", LOCKED, SIDELOAD, NEW, NULL, NULL, CANNOT_TELL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LksManifest) manifest = parse (cases[i].new);
      g_autoptr (LksManifest) installed = parse (cases[i].installed);
      const LksSoftwareChange change = {
        .kind = LKS_CHANGE_KIND_INSTALL,
        .way = cases[i].way,
        .image_type = LKS_IMAGE_TYPE_APPLICATION,
        .lock = cases[i].lock,
        .is_installed = cases[i].is_installed,
        .manifest = manifest,
        .installed_manifest = installed,
        .type_restarts = i % 2 == 0 ? LKS_KNOWN_NO : LKS_KNOWN_UNKNOWN,
      };

      check (cases[i].name, &change, cases[i].expected);
    }
}

static void
test_delete (void)
{
  static const struct
  {
    const char *name;
    LksPeripheralLock lock;
    LksChangeWay way;
    LksKnown is_installed;
    const char *installed;
    LksRestartForecast expected;
  } cases[] = {
    /* the table, while locked */
    { "cloud deletes one with peripherals", LOCKED, CLOUD, UPDATE, PIN, YES },
    { "cloud deletes one without", LOCKED, CLOUD, UPDATE, PLAIN, NO },
    /* not in the table */
    { "service port deletes one with peripherals", LOCKED, SIDELOAD, UPDATE, PIN, CANNOT_TELL },
    { "service port deletes one without", LOCKED, SIDELOAD, UPDATE, PLAIN, NO },
    { "open", OPEN, SIDELOAD, UPDATE, PIN, NO },
    { "open, cloud", OPEN, CLOUD, UPDATE, NULL, NO },
    { "locks at restart", LATER, CLOUD, UPDATE, PIN, NO },
    { "not installed", LOCKED, SIDELOAD, NEW, NULL, NO },
    /* what is not known */
    { "manifest unknown", LOCKED, CLOUD, UPDATE, NULL, CANNOT_TELL },
    { "lock unknown", UNKNOWN, CLOUD, UPDATE, PIN, CANNOT_TELL },
    { "lock unknown, uses none", UNKNOWN, CLOUD, UPDATE, PLAIN, NO },
    { "whether installed unknown", LOCKED, SIDELOAD, MAYBE, NULL, CANNOT_TELL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LksManifest) installed = parse (cases[i].installed);
      const LksSoftwareChange change = {
        .kind = LKS_CHANGE_KIND_DELETE,
        .way = cases[i].way,
        .image_type = LKS_IMAGE_TYPE_APPLICATION,
        .lock = cases[i].lock,
        .is_installed = cases[i].is_installed,
        .installed_manifest = installed,
      };

      check (cases[i].name, &change, cases[i].expected);
    }
}

static void
test_other_images (void)
{
  static const struct
  {
    guint image_type;
    LksKnown type_restarts;
    LksRestartForecast expected;
  } cases[] = {
    { LKS_IMAGE_TYPE_CAPABILITY, LKS_KNOWN_UNKNOWN, YES },
    { LKS_IMAGE_TYPE_CAPABILITY, LKS_KNOWN_NO, YES },
    { LKS_IMAGE_TYPE_BOARD_CONFIG, LKS_KNOWN_UNKNOWN, YES },
    { LKS_IMAGE_TYPE_BOARD_CONFIG, LKS_KNOWN_YES, YES },
    { LKS_IMAGE_TYPE_BOARD_CONFIG, LKS_KNOWN_NO, NO },
    { LKS_IMAGE_TYPE_TRUSTED_KEYSTORE, LKS_KNOWN_UNKNOWN, CANNOT_TELL },
    { LKS_IMAGE_TYPE_TRUSTED_KEYSTORE, LKS_KNOWN_NO, NO },
    { LKS_IMAGE_TYPE_TRUSTED_KEYSTORE, LKS_KNOWN_YES, YES },
    { 99, LKS_KNOWN_UNKNOWN, CANNOT_TELL },
    { LKS_IMAGE_TYPE_APPLICATION, LKS_KNOWN_YES, YES },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LksManifest) manifest =
          cases[i].image_type == LKS_IMAGE_TYPE_APPLICATION ? parse (PLAIN) : NULL;
      const LksSoftwareChange change = {
        .image_type = cases[i].image_type,
        .lock = OPEN,
        .is_installed = LKS_KNOWN_NO,
        .manifest = manifest,
        .type_restarts = cases[i].type_restarts,
      };

      check (lks_image_type_to_text (cases[i].image_type), &change, cases[i].expected);
    }
}

/* An installation takes along whatever else waits. */
static void
test_staged_before (void)
{
  g_autoptr (LksManifest) manifest = parse (PLAIN);
  const LksSoftwareChange change = {
    .image_type = LKS_IMAGE_TYPE_APPLICATION,
    .lock = OPEN,
    .is_installed = LKS_KNOWN_NO,
    .manifest = manifest,
    .waits_for_restart = TRUE,
  };

  check ("something waits", &change, YES);
}

static void
test_combine (void)
{
  g_assert_cmpint (lks_restart_forecast_combine (NO, NO), ==, NO);
  g_assert_cmpint (lks_restart_forecast_combine (NO, CANNOT_TELL), ==, CANNOT_TELL);
  g_assert_cmpint (lks_restart_forecast_combine (YES, CANNOT_TELL), ==, YES);
  g_assert_cmpint (lks_restart_forecast_combine (NO, YES), ==, YES);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/forecast/install", test_install);
  g_test_add_func ("/forecast/delete", test_delete);
  g_test_add_func ("/forecast/other-images", test_other_images);
  g_test_add_func ("/forecast/staged-before", test_staged_before);
  g_test_add_func ("/forecast/combine", test_combine);

  return g_test_run ();
}
