/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images: staged, installed, refused, and what they change. */
#include "world.h"

#include "emu-capability.h"

#include "lks-image-metadata.h"

#include <string.h>

#define APP "c0000000-0000-4000-8000-00000000000c"
#define DEVELOPMENT "\"capabilities\":[11]"
#define PINS "{\"Gpio\":[8]}"
#define RUNNING "{\"state\":\"running\"}"
#define RESTARTING "{\"restartingSystem\":true}"

static void
install (World *world, guint status, const char *text)
{
  world_expect (world, "POST /update/install", "{\"appControlMode\":\"Auto\"}", status, text);
}

static void
install_error (World *world, guint status, int number)
{
  world_expect_error (world, "POST /update/install", NULL, status, number);
}

static void
test_nothing_staged (void)
{
  g_autoptr (World) world = world_new ("");

  world_expect (world, "POST /update/install", NULL, 200, "{}");
  world_expect (world, "POST /update/install", "{\"appControlMode\":\"Manual\"}", 200, "{}");
  world_expect_error (world, "POST /update/install", "{\"appControlMode\":\"Now\"}", 400, 10485762);
}

static void
test_install (void)
{
  g_autoptr (World) world = world_new (DEVELOPMENT);
  g_autoptr (GBytes) app =
      world_build_app (EMU_SIGNER_DEVELOPMENT, APP, "{\"MutableStorage\":{\"SizeKB\":8}}");
  g_autoptr (HttpReply) images = NULL;

  world_stage (world, app, 200, "{}");
  world_expect (world, "GET /app/status/" APP, NULL, 200, "{\"state\":\"notPresent\"}");
  install (world, 200, "{}");
  world_expect (world, "GET /app/status/" APP, NULL, 200, RUNNING);
  world_expect (world, "GET /app/quota/" APP, NULL, 200, "{\"UsageKB\":0,\"LimitKB\":8}");
  images = world_ask (world, "GET /images", NULL, NULL);
  g_assert_nonnull (strstr (images->body, "{\"uid\":\"" APP "\",\"image_type\":10,"));
  g_assert_nonnull (strstr (images->body, "\"uid\":\"a0000000-0000-4000-8000-00000000000a\""));
  g_assert_nonnull (strstr (images->body, "\"name\":\"TestApp\"}"));

  world_expect (world, "DELETE /app/image/" APP, NULL, 200, "{}");
  world_expect (world, "DELETE /app/image/" APP, NULL, 200, "{}");
  world_expect (world, "GET /app/status/" APP, NULL, 200, "{\"state\":\"notPresent\"}");
  world_expect_error (world, "GET /app/quota/" APP, NULL, 404, 14680076);
}

static void
test_install_manual (void)
{
  g_autoptr (World) world = world_new (DEVELOPMENT);
  g_autoptr (GBytes) app = world_build_app (EMU_SIGNER_DEVELOPMENT, APP, "{}");

  world_stage (world, app, 200, "{}");
  world_expect (world, "POST /update/install", "{\"appControlMode\":\"Manual\"}", 200, "{}");
  world_expect (world, "GET /app/status/" APP, NULL, 200, "{\"state\":\"stopped\"}");
}

static void
test_stage_twice (void)
{
  g_autoptr (World) replacing = world_new (DEVELOPMENT);
  g_autoptr (World) refusing =
      world_new (DEVELOPMENT ",\"behaviour\":{\"stageAgainReplaces\":false}");
  g_autoptr (GBytes) app = world_build_app (EMU_SIGNER_DEVELOPMENT, APP, "{}");

  world_stage (replacing, app, 200, "{}");
  world_stage (replacing, app, 200, "{}");
  install (replacing, 200, "{}");
  world_stage (refusing, app, 200, "{}");
  world_stage (refusing, app, 400, "{\"error\":7340075}");
}

/* Who may install an image signed by whom: the sheet of the vendor's documentation. */
static void
test_trust (void)
{
  static const struct
  {
    const char *members;
    guint production; /* error number, 0: accepted */
    guint development;
  } cases[] = {
    { "\"manufacturingState\":\"Blank\"", 0, 14680081 },
    { "\"manufacturingState\":\"Module1Complete\"", 0, 14680081 },
    { "\"manufacturingState\":\"Module1Complete\",\"capabilities\":[11]", 0, 0 },
    { "\"manufacturingState\":\"DeviceComplete\",\"capabilities\":[13]", 0, 14680081 },
    { "\"manufacturingState\":\"DeviceComplete\",\"capabilities\":[13],"
      "\"behaviour\":{\"sideloadWithServicing\":false}",
      7340069, 14680081 },
    { "\"manufacturingState\":\"DeviceComplete\",\"capabilities\":[11]", 0, 0 },
    { "\"keystore\":\"old\"", 7340047, 14680081 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (EmuSigner signer = EMU_SIGNER_PRODUCTION; signer <= EMU_SIGNER_DEVELOPMENT; signer++)
      {
        g_autoptr (World) world = world_new (cases[i].members);
        g_autoptr (GBytes) app = world_build_app (signer, APP, "{}");
        guint number = signer == EMU_SIGNER_PRODUCTION ? cases[i].production : cases[i].development;

        g_test_message ("%s, signer %u", cases[i].members, signer);
        world_stage (world, app, 200, "{}");
        if (number == 0)
          install (world, 200, "{}");
        else
          install_error (world, 403, (int) number);
        world_expect (world, "GET /app/status/" APP, NULL, 200,
                      number == 0 ? RUNNING : "{\"state\":\"notPresent\"}");
      }
}

static void
test_deletion_rights (void)
{
#define WITH_APP "\"images\":[{\"name\":\"A\",\"componentId\":\"" APP "\"}]"
  g_autoptr (World) open = world_new (WITH_APP);
  g_autoptr (World) strict =
      world_new (WITH_APP ",\"behaviour\":{\"deleteWithoutDevelopment\":false}");
  g_autoptr (World) locked =
      world_new (WITH_APP ",\"manufacturingState\":\"DeviceComplete\",\"capabilities\":[13]");
  g_autoptr (World) lenient =
      world_new (WITH_APP ",\"manufacturingState\":\"DeviceComplete\",\"capabilities\":[13],"
                          "\"behaviour\":{\"deleteWithServicing\":true}");
  const EmuBoardConfig *config = emu_board_get_config (open->board);
  const EmuComponentConfig *system = g_ptr_array_index (config->components, 0);
  g_autofree char *delete_system = g_strdup_printf ("DELETE /app/image/%s", system->component_id);

  world_expect_error (open, delete_system, NULL, 403, 7340069);
  world_expect (open, "DELETE /app/image/" APP, NULL, 200, "{}");
  world_expect_error (strict, "DELETE /app/image/" APP, NULL, 403, 7340069);
  world_expect_error (locked, "DELETE /app/image/" APP, NULL, 403, 7340069);
  world_expect (lenient, "DELETE /app/image/" APP, NULL, 200, "{}");
}

/* A locked peripheral configuration changes by a restart only. */
static void
test_peripheral_lock (void)
{
  static const char members[] = "\"manufacturingState\":\"DeviceComplete\",\"capabilities\":[13],"
                                "\"behaviour\":{\"deleteWithServicing\":true}";
  g_autoptr (World) world = world_new (members);
  g_autoptr (World) silent =
      world_new ("\"manufacturingState\":\"DeviceComplete\",\"capabilities\":[13],"
                 "\"behaviour\":{\"installReportsRestart\":false}");
  g_autoptr (GBytes) plain = world_build_app (EMU_SIGNER_PRODUCTION, APP, "{}");
  g_autoptr (GBytes) pins = world_build_app (EMU_SIGNER_PRODUCTION, APP, PINS);

  world_stage (world, plain, 200, "{}");
  install (world, 200, "{}");
  world_stage (world, pins, 200, "{}");
  install (world, 200, RESTARTING);
  world_wait_running (world, FALSE);
  world_wait_running (world, TRUE);
  world_expect (world, "GET /app/status/" APP, NULL, 200, RUNNING);
  world_stage (world, pins, 200, "{}");
  install (world, 200, "{}");
  world_expect (world, "DELETE /app/image/" APP, NULL, 200, RESTARTING);
  world_wait_running (world, FALSE);
  world_wait_running (world, TRUE);
  world_expect (world, "GET /app/status/" APP, NULL, 200, "{\"state\":\"notPresent\"}");

  world_stage (silent, pins, 200, "{}");
  install (silent, 200, "{}");
  world_wait_running (silent, FALSE);
}

static void
test_peripherals_open (void)
{
  g_autoptr (World) world = world_new ("\"manufacturingState\":\"DeviceComplete\"," DEVELOPMENT);
  g_autoptr (GBytes) pins = world_build_app (EMU_SIGNER_DEVELOPMENT, APP, PINS);

  world_stage (world, pins, 200, "{}");
  install (world, 200, "{}");
  g_assert_true (emu_board_get_running (world->board));
}

/* A peripheral has one owner; an update takes its own along. */
static void
test_taken_peripherals (void)
{
#define OWNER(peripheral)                                                                          \
  "\"images\":[{\"name\":\"Owner\",\"componentId\":"                                               \
  "\"e0000000-0000-4000-8000-00000000000e\",\"peripherals\":[\"" peripheral "\"]}]"
  g_autoptr (World) pin = world_new (OWNER ("Gpio 8"));
  g_autoptr (World) block = world_new (OWNER ("Uart ISU0"));
  g_autoptr (GBytes) pins = world_build_app (EMU_SIGNER_PRODUCTION, APP, PINS);
  g_autoptr (GBytes) bus =
      world_build_app (EMU_SIGNER_PRODUCTION, APP, "{\"I2cMaster\":[\"ISU0\"]}");

  world_stage (pin, pins, 200, "{}");
  install_error (pin, 400, 1048601);
  world_stage (pin, bus, 200, "{}");
  install (pin, 200, "{}");
  world_stage (pin, bus, 200, "{}");
  install (pin, 200, "{}");
  world_stage (block, bus, 200, "{}");
  install_error (block, 400, 1048601);
  world_stage (block, pins, 200, "{}");
  install (block, 200, "{}");
}

static GBytes *
build_capability (const char *device_id, guint16 number)
{
  return emu_capability_build (world_get_keys (), device_id, &number, number != 0 ? 1 : 0, NULL);
}

/* A capability that is sideloaded stays until another file, maybe an empty one, comes. */
static void
test_capability_file (void)
{
  g_autoptr (World) world = world_new ("");
  const EmuBoardConfig *config = emu_board_get_config (world->board);
  g_autoptr (GBytes) development = build_capability (config->device_id, 11);
  g_autoptr (GBytes) none = build_capability (config->device_id, 0);
  g_autoptr (GBytes) others = build_capability (config->other_device_id, 11);

  world_stage (world, others, 200, "{}");
  install_error (world, 400, 7340056);
  world_expect (world, "GET /device/capabilities", NULL, 200, "{\"device_capabilities\":[]}");

  world_stage (world, development, 200, "{}");
  install (world, 200, RESTARTING);
  world_wait_running (world, FALSE);
  world_wait_running (world, TRUE);
  world_expect (world, "GET /device/capabilities", NULL, 200, "{\"device_capabilities\":[11]}");
  world_expect_status (world, "GET /stats/memory/groups/applications", NULL, 200);

  world_stage (world, none, 200, "{}");
  install (world, 200, RESTARTING);
  world_wait_running (world, FALSE);
  world_wait_running (world, TRUE);
  world_expect (world, "GET /device/capabilities", NULL, 200, "{\"device_capabilities\":[]}");
}

static GBytes *
build_image (guint16 type, EmuSigner signer)
{
  const EmuImageSpec spec = {
    .signer = signer,
    .image_type = type,
    .component_id = "f0000000-0000-4000-8000-00000000000f",
    .name = "Thing",
  };
  g_autoptr (GBytes) content = g_bytes_new_static ("0123456789", 10);
  g_autoptr (GError) error = NULL;
  GBytes *image = emu_image_sign (world_get_keys (), &spec, content, &error);

  g_assert_no_error (error);
  return image;
}

static void
test_board_configuration (void)
{
  g_autoptr (World) world = world_new ("");
  g_autoptr (GBytes) image = build_image (LKS_IMAGE_TYPE_BOARD_CONFIG, EMU_SIGNER_PRODUCTION);
  g_autoptr (HttpReply) staged = NULL;
  g_autoptr (HttpReply) images = NULL;

  world_stage (world, image, 200, "{}");
  staged = world_ask (world, "GET /images", NULL, NULL);
  g_assert_nonnull (strstr (staged->body, "\"has_staged_updates\":true,\"restart_required\":true"));
  install (world, 200, RESTARTING);
  world_wait_running (world, FALSE);
  world_wait_running (world, TRUE);
  images = world_ask (world, "GET /images", NULL, NULL);
  g_assert_nonnull (strstr (images->body, "\"image_type\":21,"));
}

/* The cure for an old keystore is a new one. */
static void
test_keystore (void)
{
  g_autoptr (World) world = world_new ("\"keystore\":\"old\"");
  const char *device_id = emu_board_get_device_id (world->board);
  g_autoptr (GBytes) keystore =
      build_image (LKS_IMAGE_TYPE_TRUSTED_KEYSTORE, EMU_SIGNER_PRODUCTION);
  g_autoptr (GBytes) capability = build_capability (device_id, 11);
  g_autofree char *header = world_build_header (world_get_keys (), device_id, 11);

  world_stage (world, capability, 200, "{}");
  install_error (world, 403, 7340047);
  world_expect_status (world, "GET /stats/memory/groups/applications", header, 403);
  world_stage (world, keystore, 200, "{}");
  install (world, 200, "{}");
  world_expect_status (world, "GET /stats/memory/groups/applications", header, 200);
}

static void
test_refused_at_stage (void)
{
  g_autoptr (World) world = world_new ("");
  g_autoptr (World) updating = world_new ("\"otaInProgress\":true");
  g_autoptr (World) full = world_new ("\"flashKib\":4");
  g_autoptr (GBytes) app = world_build_app (EMU_SIGNER_PRODUCTION, APP, "{}");
  g_autoptr (GBytes) kernel = build_image (7, EMU_SIGNER_PRODUCTION);
  g_autoptr (GBytes) cut = g_bytes_new_from_bytes (app, 0, g_bytes_get_size (app) - 1);
  g_autoptr (GBytes) rubbish = g_bytes_new_static ("rubbish", 7);
  g_autoptr (HttpReply) images = NULL;

  world_stage (world, rubbish, 400, "{\"error\":7340050}");
  world_stage (world, cut, 400, "{\"error\":7340050}");
  world_stage (world, kernel, 400, "{\"error\":16777218}");
  world_stage (updating, app, 400, "{\"error\":7340071}");
  install_error (updating, 400, 7340071);
  images = world_ask (updating, "GET /images", NULL, NULL);
  g_assert_true (g_str_has_prefix (images->body, "{\"is_ota_update_in_progress\":true,"));
  world_stage (full, app, 400, "{\"error\":14680082}");
}

static void
test_wrong_signature (void)
{
  g_autoptr (World) world = world_new (DEVELOPMENT);
  g_autoptr (GBytes) app = world_build_app (EMU_SIGNER_PRODUCTION, APP, "{}");
  gsize size_bytes;
  const guint8 *data = g_bytes_get_data (app, &size_bytes);
  g_autofree guint8 *copy = g_memdup2 (data, size_bytes);
  g_autoptr (GBytes) forged = NULL;

  copy[size_bytes - 1] ^= 0x01;
  forged = g_bytes_new (copy, size_bytes);
  world_stage (world, forged, 200, "{}");
  install_error (world, 403, 7340047);
  install (world, 200, "{}");
}

static void
test_runtime_too_new (void)
{
  const EmuImageSpec spec = {
    .signer = EMU_SIGNER_PRODUCTION,
    .image_type = LKS_IMAGE_TYPE_BOARD_CONFIG,
    .component_id = APP,
    .name = "Newer",
    .application_runtime = 99,
  };
  g_autoptr (World) world = world_new ("");
  g_autoptr (GBytes) content = g_bytes_new_static ("0123456789", 10);
  g_autoptr (GBytes) image = emu_image_sign (world_get_keys (), &spec, content, NULL);

  world_stage (world, image, 200, "{}");
  install_error (world, 400, 3145750);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/emulator/sideload/nothing-staged", test_nothing_staged);
  g_test_add_func ("/emulator/sideload/install", test_install);
  g_test_add_func ("/emulator/sideload/install-manual", test_install_manual);
  g_test_add_func ("/emulator/sideload/stage-twice", test_stage_twice);
  g_test_add_func ("/emulator/sideload/trust", test_trust);
  g_test_add_func ("/emulator/sideload/deletion-rights", test_deletion_rights);
  g_test_add_func ("/emulator/sideload/peripheral-lock", test_peripheral_lock);
  g_test_add_func ("/emulator/sideload/peripherals-open", test_peripherals_open);
  g_test_add_func ("/emulator/sideload/taken-peripherals", test_taken_peripherals);
  g_test_add_func ("/emulator/sideload/capability-file", test_capability_file);
  g_test_add_func ("/emulator/sideload/board-configuration", test_board_configuration);
  g_test_add_func ("/emulator/sideload/keystore", test_keystore);
  g_test_add_func ("/emulator/sideload/refused-at-stage", test_refused_at_stage);
  g_test_add_func ("/emulator/sideload/wrong-signature", test_wrong_signature);
  g_test_add_func ("/emulator/sideload/runtime-too-new", test_runtime_too_new);

  return world_run ();
}
