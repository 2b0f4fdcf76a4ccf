/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-capability.h"
#include "emu-image.h"
#include "emu-wire.h"

#include "lks-device-id.h"
#include "lks-image-metadata.h"

#include <string.h>

#define EXIT_DONE 0
#define EXIT_FAILED 1
#define EXIT_USAGE 2
#define DEFAULT_RUNTIME 12

/* The words of --kind, as the vendor's command line spells them. */
static const struct
{
  const char *word;
  guint16 number;
} kinds[] = {
  { "none", EMU_CAPABILITY_NONE },
  { "appDevelopment", EMU_CAPABILITY_APP_DEVELOPMENT },
  { "fieldServicing", EMU_CAPABILITY_FIELD_SERVICING },
};

/* The words of --type. */
static const struct
{
  const char *word;
  guint16 number;
} types[] = {
  { "application", LKS_IMAGE_TYPE_APPLICATION },
  { "board-configuration", LKS_IMAGE_TYPE_BOARD_CONFIG },
  { "trusted-keystore", LKS_IMAGE_TYPE_TRUSTED_KEYSTORE },
};

static int
usage (const char *message)
{
  g_printerr ("locksmith-emulator: %s\n", message);
  return EXIT_USAGE;
}

static gboolean
parse_options (int *argc, char ***argv, const char *summary, const GOptionEntry *entries)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error))
    {
      usage (error->message);
      return FALSE;
    }
  if (*argc > 1)
    {
      g_printerr ("locksmith-emulator: “%s” is not expected here\n", (*argv)[1]);
      return FALSE;
    }

  return TRUE;
}

static EmuKeys *
open_keys (const char *state_dir, GError **error)
{
  g_autofree char *default_dir = emu_keys_get_default_dir ();

  return emu_keys_open (state_dir != NULL ? state_dir : default_dir, error);
}

/* Whole or not at all, for its owner only: a capability file is a key to its board. */
static int
write_output (const char *path, GBytes *bytes, GError **error)
{
  if (bytes != NULL && g_file_set_contents_full (path, g_bytes_get_data (bytes, NULL),
                                                 (gssize) g_bytes_get_size (bytes),
                                                 G_FILE_SET_CONTENTS_CONSISTENT, 0600, error))
    return EXIT_DONE;

  g_printerr ("locksmith-emulator: %s\n", (*error)->message);
  return EXIT_FAILED;
}

static gboolean
find_kind (const char *word, guint16 *out_number)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_ascii_strcasecmp (kinds[i].word, word) == 0)
      {
        *out_number = kinds[i].number;
        return TRUE;
      }

  return FALSE;
}

/**
 * emu_capability_main:
 * @argc: number of arguments
 * @argv: arguments; the first is the name of the command
 *
 * `locksmith-emulator capability`: writes a capability file that emulated boards accept.
 *
 * Returns: exit status: 0 done, 1 failed, 2 usage
 */
int
emu_capability_main (int argc, char **argv)
{
  g_autofree char *device = NULL;
  g_autofree char *kind = NULL;
  g_autofree char *output = NULL;
  g_autofree char *state_dir = NULL;
  gint64 signed_unix_s = 0;
  const GOptionEntry entries[] = {
    { "device", 0, 0, G_OPTION_ARG_STRING, &device, "Device ID, 128 hex digits", "ID" },
    { "kind", 0, 0, G_OPTION_ARG_STRING, &kind, "fieldServicing, appDevelopment or none", "KIND" },
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &output, "File to write", "FILE" },
    { "time", 0, 0, G_OPTION_ARG_INT64, &signed_unix_s,
      "When it says that it was signed, Unix seconds (default: now)", "SECONDS" },
    { "state-dir", 0, 0, G_OPTION_ARG_FILENAME, &state_dir, "Where the emulator keeps its keys",
      "DIR" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (EmuKeys) keys = NULL;
  g_autoptr (GBytes) file = NULL;
  guint16 number;

  if (!parse_options (&argc, &argv, "capability: makes a capability file for an emulated board.",
                      entries))
    return EXIT_USAGE;
  if (device == NULL || kind == NULL || output == NULL)
    return usage ("capability needs --device, --kind and --output");
  if (!lks_device_id_is_valid (device))
    return usage ("--device: expected a device ID of 128 hex digits, as a board shows it");
  if (!find_kind (kind, &number))
    return usage ("--kind: expected fieldServicing, appDevelopment or none");

  keys = open_keys (state_dir, &error);
  if (keys != NULL)
    file = emu_capability_build_at (keys, device, &number, number != EMU_CAPABILITY_NONE ? 1 : 0,
                                    signed_unix_s, &error);
  return write_output (output, file, &error);
}

static gboolean
find_type (const char *word, guint16 *out_type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_ascii_strcasecmp (types[i].word, word) == 0)
      {
        *out_type = types[i].number;
        return TRUE;
      }

  return FALSE;
}

static GBytes *
build_default_manifest (const char *component_id, const char *name)
{
  EmuWire *wire = emu_wire_new ();

  emu_wire_open (wire, NULL, '{');
  emu_wire_number (wire, "SchemaVersion", 1);
  emu_wire_text (wire, "Name", name);
  emu_wire_text (wire, "ComponentId", component_id);
  emu_wire_text (wire, "EntryPoint", "/bin/app");
  emu_wire_texts (wire, "CmdArgs", NULL);
  emu_wire_open (wire, "Capabilities", '{');
  emu_wire_close (wire, '}');
  emu_wire_text (wire, "ApplicationType", "Default");
  emu_wire_number (wire, "TargetApplicationRuntimeVersion", DEFAULT_RUNTIME);
  emu_wire_close (wire, '}');
  return emu_wire_end (wire);
}

static GBytes *
load_file (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize size_bytes;

  if (!g_file_get_contents (path, &text, &size_bytes, error))
    return NULL;

  return g_bytes_new_take (g_steal_pointer (&text), size_bytes);
}

typedef struct
{
  char *component;
  char *image;
  char *name;
  char *manifest;
  char *program;
  char *signer;
  char *type;
  char *output;
  char *state_dir;
  gint64 built_unix_s;
  int runtime;
} ImageOptions;

static void
image_options_clear (ImageOptions *self)
{
  g_free (self->component);
  g_free (self->image);
  g_free (self->name);
  g_free (self->manifest);
  g_free (self->program);
  g_free (self->signer);
  g_free (self->type);
  g_free (self->output);
  g_free (self->state_dir);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ImageOptions, image_options_clear)

static GBytes *
build_image (const ImageOptions *options, guint16 type, GError **error)
{
  static const char placeholder[] = "This application does nothing; emulated boards run it.\n";
  gboolean sdk = options->signer == NULL || g_str_equal (options->signer, "sdk");
  const EmuImageSpec spec = {
    .signer = sdk ? EMU_SIGNER_DEVELOPMENT : EMU_SIGNER_PRODUCTION,
    .image_type = type,
    .component_id = options->component,
    .image_id = options->image,
    .name = options->name,
    .application_runtime = (guint32) options->runtime,
    .under_development = sdk,
    .built_unix_s = options->built_unix_s,
  };
  g_autoptr (EmuKeys) keys = open_keys (options->state_dir, error);
  g_autoptr (GBytes) manifest = NULL;
  g_autoptr (GBytes) program = NULL;

  if (keys == NULL)
    return NULL;
  manifest = options->manifest != NULL ? load_file (options->manifest, error)
                                       : build_default_manifest (options->component, options->name);
  if (manifest == NULL)
    return NULL;
  program = options->program != NULL ? load_file (options->program, error)
                                     : g_bytes_new_static (placeholder, strlen (placeholder));
  if (program == NULL)
    return NULL;
  if (type != LKS_IMAGE_TYPE_APPLICATION)
    return emu_image_sign (keys, &spec, program, error);

  return emu_image_build (keys, &spec, manifest, program, error);
}

/**
 * emu_image_main:
 * @argc: number of arguments
 * @argv: arguments; the first is the name of the command
 *
 * `locksmith-emulator image`: writes an image that emulated boards accept: an application package,
 * or one of the other kinds with the program as its content.
 *
 * Returns: exit status: 0 done, 1 failed, 2 usage
 */
int
emu_image_main (int argc, char **argv)
{
  g_auto (ImageOptions) options = { .runtime = DEFAULT_RUNTIME };
  const GOptionEntry entries[] = {
    { "component", 0, 0, G_OPTION_ARG_STRING, &options.component, "Component ID", "GUID" },
    { "image", 0, 0, G_OPTION_ARG_STRING, &options.image, "Image ID, a new one by default",
      "GUID" },
    { "name", 0, 0, G_OPTION_ARG_STRING, &options.name, "Name of the application", "NAME" },
    { "manifest", 0, 0, G_OPTION_ARG_FILENAME, &options.manifest, "app_manifest.json to pack",
      "FILE" },
    { "program", 0, 0, G_OPTION_ARG_FILENAME, &options.program, "File to pack as bin/app", "FILE" },
    { "signer", 0, 0, G_OPTION_ARG_STRING, &options.signer, "sdk (default) or production",
      "SIGNER" },
    { "type", 0, 0, G_OPTION_ARG_STRING, &options.type,
      "application (default), board-configuration or trusted-keystore", "TYPE" },
    { "runtime", 0, 0, G_OPTION_ARG_INT, &options.runtime, "Application runtime it needs, 0: none",
      "VERSION" },
    { "time", 0, 0, G_OPTION_ARG_INT64, &options.built_unix_s,
      "When it says that it was built, Unix seconds (default: now)", "SECONDS" },
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &options.output, "File to write", "FILE" },
    { "state-dir", 0, 0, G_OPTION_ARG_FILENAME, &options.state_dir,
      "Where the emulator keeps its keys", "DIR" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) image = NULL;
  guint16 type = LKS_IMAGE_TYPE_APPLICATION;

  if (!parse_options (&argc, &argv, "image: makes an application package for emulated boards.",
                      entries))
    return EXIT_USAGE;
  if (options.component == NULL || options.name == NULL || options.output == NULL)
    return usage ("image needs --component, --name and --output");
  if (options.signer != NULL && !g_str_equal (options.signer, "sdk") &&
      !g_str_equal (options.signer, "production"))
    return usage ("--signer: expected sdk or production");
  if (options.type != NULL && !find_type (options.type, &type))
    return usage ("--type: expected application, board-configuration or trusted-keystore");
  if (options.runtime < 0)
    return usage ("--runtime: expected a version");

  image = build_image (&options, type, &error);
  return write_output (options.output, image, &error);
}
