/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service-packages.h"

#include "emu-capability.h"
#include "emu-image.h"

#include <glib/gstdio.h>
#include <string.h>

static EmuKeys *keys;
static char *own_dir; /* (owned) (nullable): removed at the end */

/* Those of the bench's boards; without a bench, of nobody. */
static EmuKeys *
get_keys (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *bench_dir = NULL;

  if (keys != NULL)
    return keys;

  if (g_getenv ("LOCKSMITH_BENCH_DIR") != NULL)
    bench_dir = g_build_filename (g_getenv ("LOCKSMITH_BENCH_DIR"), "state", NULL);
  else
    own_dir = g_dir_make_tmp ("locksmith-keys-XXXXXX", &error);
  g_assert_no_error (error);
  keys = emu_keys_open (bench_dir != NULL ? bench_dir : own_dir, &error);
  g_assert_no_error (error);
  return keys;
}

void
packages_clean_up (void)
{
  g_autoptr (GDir) dir = own_dir != NULL ? g_dir_open (own_dir, 0, NULL) : NULL;
  const char *name;

  g_clear_pointer (&keys, emu_keys_unref);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (own_dir, name, NULL);

      g_unlink (path);
    }
  if (own_dir != NULL)
    g_rmdir (own_dir);
  g_clear_pointer (&own_dir, g_free);
}

GBytes *
packages_build_app (const PackageSpec *spec)
{
  const char *component_id = spec->component_id != NULL ? spec->component_id : PACKAGES_APP;
  const char *name = spec->name != NULL ? spec->name : "Test";
  const EmuImageSpec image = {
    .signer = spec->sdk ? EMU_SIGNER_DEVELOPMENT : EMU_SIGNER_PRODUCTION,
    .image_type = LKS_IMAGE_TYPE_APPLICATION,
    .component_id = component_id,
    .name = name,
    .application_runtime = spec->runtime != 0 ? spec->runtime : 12,
    .under_development = spec->sdk,
    .built_unix_s = spec->built_unix_s,
  };
  g_autofree char *manifest = g_strdup_printf (
      "{\"SchemaVersion\":1,\"Name\":\"%s\",\"ComponentId\":\"%s\",\"EntryPoint\":\"/bin/app\","
      "\"Capabilities\":{%s},\"ApplicationType\":\"%s\"}",
      name, component_id, spec->capabilities != NULL ? spec->capabilities : "",
      spec->type != NULL ? spec->type : "Default");
  gsize program_bytes = spec->program_bytes != 0 ? spec->program_bytes : 100;
  g_autoptr (GBytes) manifest_bytes = g_bytes_new (manifest, strlen (manifest));
  g_autoptr (GBytes) program = g_bytes_new_take (g_malloc0 (program_bytes), program_bytes);
  g_autoptr (GError) error = NULL;
  GBytes *package = emu_image_build (get_keys (), &image, manifest_bytes, program, &error);

  g_assert_no_error (error);
  return package;
}

GBytes *
packages_build_other (guint16 image_type, gint64 built_unix_s)
{
  const EmuImageSpec image = {
    .signer = EMU_SIGNER_PRODUCTION,
    .image_type = image_type,
    .component_id = "cccccccc-0000-4000-8000-000000000001",
    .name = "Other",
    .built_unix_s = built_unix_s,
  };
  g_autoptr (GBytes) content = g_bytes_new_static ("0123456789", 10);
  g_autoptr (GError) error = NULL;
  GBytes *package = emu_image_sign (get_keys (), &image, content, &error);

  g_assert_no_error (error);
  return package;
}

GBytes *
packages_build_key (const char *device_id, guint16 capability)
{
  g_autoptr (GError) error = NULL;
  GBytes *file =
      emu_capability_build (get_keys (), device_id, &capability, capability != 0 ? 1 : 0, &error);

  g_assert_no_error (error);
  return file;
}

LksSideloadPackage *
packages_new (GBytes *bytes)
{
  g_autoptr (GBytes) owned = bytes;
  g_autoptr (GError) error = NULL;
  LksSideloadPackage *package = lks_sideload_package_new ("file", bytes, &error);

  g_assert_no_error (error);
  return package;
}

LksSideloadPackage *
packages_new_app (const PackageSpec *spec)
{
  return packages_new (packages_build_app (spec));
}
