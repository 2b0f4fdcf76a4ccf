/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-board-private.h"
#include "emu-capability.h"
#include "emu-error.h"
#include "emu-rest.h"

#include "lks-capability-file.h"
#include "lks-peripheral.h"

#include <string.h>

/* The runtimes that this OS has; images that need more are refused. */
#define SECURE_WORLD_RUNTIME 1
#define OS_RUNTIME 4
#define APPLICATION_RUNTIME 16

void
emu_rest_get_abi_versions (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuWire *wire = emu_wire_new ();

  emu_wire_open (wire, NULL, '{');
  emu_wire_number (wire, "SecureWorldRuntime", SECURE_WORLD_RUNTIME);
  emu_wire_number (wire, "OSRuntime", OS_RUNTIME);
  emu_wire_number (wire, "ApplicationRuntime", APPLICATION_RUNTIME);
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
}

static gboolean
needs_restart (guint image_type)
{
  return image_type != LKS_IMAGE_TYPE_APPLICATION && image_type != LKS_IMAGE_TYPE_TRUSTED_KEYSTORE;
}

static EmuStaged *
find_staged (EmuBoard *board, const char *component_id)
{
  for (guint i = 0; i < board->staged->len; i++)
    {
      EmuStaged *staged = g_ptr_array_index (board->staged, i);

      if (g_str_equal (staged->metadata->component_id, component_id))
        return staged;
    }

  return NULL;
}

static gboolean
has_restart_staged (EmuBoard *board)
{
  for (guint i = 0; i < board->staged->len; i++)
    if (needs_restart (((EmuStaged *) g_ptr_array_index (board->staged, i))->metadata->image_type))
      return TRUE;

  return FALSE;
}

static void
write_component (EmuBoard *board, EmuWire *wire, const EmuComponent *component)
{
  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "uid", component->component_id);
  emu_wire_number (wire, "image_type", component->image_type);
  emu_wire_bool (wire, "is_update_staged", find_staged (board, component->component_id) != NULL);
  emu_wire_bool (wire, "does_image_type_require_restart", needs_restart (component->image_type));
  emu_wire_open (wire, "images", '[');
  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "uid", component->image_id);
  emu_wire_number (wire, "length_in_bytes", component->size_bytes);
  emu_wire_number (wire, "uncompressed_length_in_bytes", component->size_bytes);
  emu_wire_number (wire, "replica_type", 0);
  emu_wire_close (wire, '}');
  emu_wire_close (wire, ']');
  emu_wire_text (wire, "name", component->name);
  emu_wire_close (wire, '}');
}

void
emu_rest_get_images (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuWire *wire = emu_wire_new ();

  emu_wire_open (wire, NULL, '{');
  emu_wire_bool (wire, "is_ota_update_in_progress", board->ota.in_progress);
  emu_wire_bool (wire, "has_staged_updates", board->staged->len > 0);
  emu_wire_bool (wire, "restart_required", has_restart_staged (board));
  emu_wire_open (wire, "components", '[');
  for (guint i = 0; i < board->components->len; i++)
    write_component (board, wire, g_ptr_array_index (board->components, i));
  emu_wire_close (wire, ']');
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
}

/* What images beside the operating system's take. */
static gsize
get_used_bytes (EmuBoard *board)
{
  gsize used = 0;

  for (guint i = 0; i < board->components->len; i++)
    {
      const EmuComponent *component = g_ptr_array_index (board->components, i);

      if (component->image_type == LKS_IMAGE_TYPE_APPLICATION)
        used += component->size_bytes;
    }
  for (guint i = 0; i < board->staged->len; i++)
    used += g_bytes_get_size (((EmuStaged *) g_ptr_array_index (board->staged, i))->bytes);

  return used;
}

static gboolean
is_type_sideloadable (guint image_type)
{
  return image_type == LKS_IMAGE_TYPE_APPLICATION || image_type == LKS_IMAGE_TYPE_CAPABILITY ||
         image_type == LKS_IMAGE_TYPE_BOARD_CONFIG || image_type == LKS_IMAGE_TYPE_TRUSTED_KEYSTORE;
}

/* Everything the emulator wants to know of an image; NULL when it is none. */
static EmuStaged *
parse_image (GBytes *bytes)
{
  EmuStaged *staged = g_new0 (EmuStaged, 1);

  staged->bytes = g_bytes_ref (bytes);
  staged->metadata = lks_image_metadata_parse (bytes, NULL);
  if (staged->metadata != NULL && staged->metadata->image_type == LKS_IMAGE_TYPE_APPLICATION)
    staged->package = lks_image_package_parse (bytes, NULL);
  if (staged->metadata != NULL &&
      (staged->metadata->image_type != LKS_IMAGE_TYPE_APPLICATION || staged->package != NULL))
    return staged;

  emu_staged_free (staged);
  return NULL;
}

static gint64
check_stage (EmuBoard *board, const EmuStaged *staged)
{
  const EmuStaged *earlier = find_staged (board, staged->metadata->component_id);
  gsize freed = earlier != NULL ? g_bytes_get_size (earlier->bytes) : 0;

  if (!is_type_sideloadable (staged->metadata->image_type))
    return EMU_ERROR_UNSUPPORTED_IMAGE_TYPE;
  if (earlier != NULL && !board->config->behaviour.stage_again_replaces)
    return EMU_ERROR_ALREADY_STAGED;
  if (get_used_bytes (board) - freed + g_bytes_get_size (staged->bytes) >
      (gsize) board->config->flash_kib * 1024)
    return EMU_ERROR_NO_FREE_SPACE;

  return 0;
}

void
emu_rest_put_stage (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuStaged *staged;
  gint64 number;

  if (board->ota.in_progress)
    {
      emu_answer_set_error (answer, 400, EMU_ERROR_OTA_IN_PROGRESS);
      return;
    }
  staged = parse_image (request->body);
  if (staged == NULL)
    {
      emu_answer_set_error (answer, 400, EMU_ERROR_STAGING_FAILED);
      return;
    }
  number = check_stage (board, staged);
  if (number != 0)
    {
      emu_staged_free (staged);
      emu_answer_set_error (answer, 400, number);
      return;
    }

  g_ptr_array_remove (board->staged, find_staged (board, staged->metadata->component_id));
  g_ptr_array_add (board->staged, staged);
  emu_log_add (board->log, emu_board_get_uptime_ms (board), EMU_LOG_INFO, EMU_LOG_GATEWAYD, 148,
               "ggu", staged->metadata->component_id, staged->metadata->image_id,
               (guint32) staged->metadata->image_type);
  emu_answer_set_empty (answer);
}

static guint32
get_runtime (guint32 kind)
{
  switch (kind)
    {
    case LKS_ABI_KIND_SECURE_WORLD:
      return SECURE_WORLD_RUNTIME;
    case LKS_ABI_KIND_OS:
      return OS_RUNTIME;
    case LKS_ABI_KIND_APPLICATION:
      return APPLICATION_RUNTIME;
    default:
      return 0;
    }
}

static gboolean
has_runtimes (const LksImageMetadata *metadata)
{
  for (guint i = 0; i < metadata->needs->len; i++)
    {
      const LksAbiVersion *need = &g_array_index (metadata->needs, LksAbiVersion, i);

      if (need->version > get_runtime (need->kind))
        return FALSE;
    }

  return TRUE;
}

static gint64
check_trust (EmuBoard *board, const EmuStaged *staged, guint64 granted)
{
  EmuSigner signer = emu_board_identify_signer (board, staged->bytes, staged->metadata);
  gboolean development = EMU_HAS (granted, EMU_CAPABILITY_APP_DEVELOPMENT);

  switch (signer)
    {
    case EMU_SIGNER_UNKNOWN:
      return EMU_ERROR_VERIFICATION_FAILED;
    case EMU_SIGNER_DEVELOPMENT:
      return development ? 0 : EMU_ERROR_NOT_TRUSTED;
    case EMU_SIGNER_PRODUCTION:
      break;
    }

  if (board->keystore_old && staged->metadata->image_type != LKS_IMAGE_TYPE_TRUSTED_KEYSTORE)
    return EMU_ERROR_VERIFICATION_FAILED;
  if (emu_board_is_locked (board, FALSE) && !development &&
      !board->config->behaviour.sideload_with_servicing)
    return EMU_ERROR_PERMISSION_DENIED;

  return 0;
}

/* A peripheral belongs to one application; an ISU block is one of UART, I2C and SPI. */
static gboolean
takes_what_others_have (EmuBoard *board, const EmuStaged *staged)
{
  char **wanted = staged->package != NULL ? staged->package->manifest->peripherals : NULL;

  for (guint i = 0; wanted != NULL && i < board->components->len; i++)
    {
      const EmuComponent *component = g_ptr_array_index (board->components, i);

      if (component->peripherals != NULL &&
          !g_str_equal (component->component_id, staged->metadata->component_id) &&
          lks_peripherals_exclude ((const char *const *) wanted,
                                   (const char *const *) component->peripherals))
        return TRUE;
    }

  return FALSE;
}

/* One image of the install call: the HTTP status and number of its refusal, 0 for none. */
static gint64
check_install (EmuBoard *board, const EmuStaged *staged, guint64 granted, guint *out_status)
{
  g_autoptr (LksCapabilityFile) file = NULL;
  gint64 number = check_trust (board, staged, granted);

  *out_status = 403;
  if (number != 0)
    return number;

  *out_status = 400;
  if (!has_runtimes (staged->metadata))
    return EMU_ERROR_INCOMPATIBLE_RUNTIME;
  if (takes_what_others_have (board, staged))
    return EMU_ERROR_PINS_ALREADY_USED;
  if (staged->metadata->image_type != LKS_IMAGE_TYPE_CAPABILITY)
    return 0;

  file = lks_capability_file_parse (staged->bytes, NULL);
  return file != NULL && g_str_equal (file->device_id, board->device_id) ? 0
                                                                         : EMU_ERROR_INSTALL_FAILED;
}

static gboolean
has_peripherals (char **peripherals)
{
  return peripherals != NULL && peripherals[0] != NULL;
}

/* Whether an application asks for other peripherals than the one it replaces. */
static gboolean
changes_peripherals (const EmuComponent *old, const LksManifest *manifest)
{
  if (manifest == NULL || !has_peripherals (manifest->peripherals))
    return old != NULL && has_peripherals (old->peripherals);

  return old == NULL || old->peripherals == NULL ||
         !lks_peripherals_are_equal ((const char *const *) old->peripherals,
                                     (const char *const *) manifest->peripherals);
}

static void
store_capabilities (EmuBoard *board, GBytes *bytes)
{
  g_autoptr (LksCapabilityFile) file = lks_capability_file_parse (bytes, NULL);

  board->stored = 0;
  for (guint i = 0; i < file->capabilities->len; i++)
    if (g_array_index (file->capabilities, guint, i) < 64)
      board->stored |= G_GUINT64_CONSTANT (1) << g_array_index (file->capabilities, guint, i);
}

static EmuComponent *
ensure_component (EmuBoard *board, const LksImageMetadata *metadata)
{
  EmuComponent *component = emu_board_find_component (board, metadata->component_id);

  if (component != NULL)
    return component;

  component = g_new0 (EmuComponent, 1);
  component->component_id = g_strdup (metadata->component_id);
  g_ptr_array_add (board->components, component);
  return component;
}

static void
install_component (EmuBoard *board, const EmuStaged *staged, gboolean start)
{
  EmuComponent *component = ensure_component (board, staged->metadata);
  const LksManifest *manifest = staged->package != NULL ? staged->package->manifest : NULL;

  emu_board_end_debug (board, component);
  g_free (component->image_id);
  g_free (component->name);
  g_strfreev (component->peripherals);
  component->image_id = g_strdup (staged->metadata->image_id);
  component->name = g_strdup (staged->metadata->name != NULL ? staged->metadata->name : "");
  component->image_type = staged->metadata->image_type;
  component->size_bytes = (guint) g_bytes_get_size (staged->bytes);
  component->peripherals = manifest != NULL ? g_strdupv (manifest->peripherals) : NULL;
  component->storage_kib = manifest != NULL ? manifest->storage_kib : 0;
  component->real_time =
      manifest != NULL && manifest->type == LKS_APPLICATION_TYPE_REAL_TIME_CAPABLE;
  component->state = start ? EMU_APP_RUNNING : EMU_APP_STOPPED;
}

/* Returns whether the system has to restart for it. */
static gboolean
install_one (EmuBoard *board, const EmuStaged *staged, gboolean start)
{
  const EmuComponent *old = emu_board_find_component (board, staged->metadata->component_id);
  gboolean restart = needs_restart (staged->metadata->image_type);

  if (staged->package != NULL)
    restart = board->peripherals_locked && changes_peripherals (old, staged->package->manifest);
  if (staged->metadata->image_type == LKS_IMAGE_TYPE_CAPABILITY)
    {
      store_capabilities (board, staged->bytes);
      return restart;
    }
  if (staged->metadata->image_type == LKS_IMAGE_TYPE_TRUSTED_KEYSTORE)
    board->keystore_old = FALSE;

  install_component (board, staged, start);
  return restart;
}

static gboolean
parse_mode (const EmuRequest *request, gboolean *out_start, EmuAnswer *answer)
{
  g_autoptr (LksJson) json = NULL;
  JsonObject *object;
  const char *mode;

  *out_start = TRUE;
  if (request->body == NULL || g_bytes_get_size (request->body) == 0)
    return TRUE;

  json = emu_request_parse_json (request, &object, answer);
  if (json == NULL)
    return FALSE;
  if (!emu_json_get_text (object, "appControlMode", &mode) ||
      (mode != NULL && !g_str_equal (mode, "Auto") && !g_str_equal (mode, "Manual")))
    {
      emu_answer_set_error (answer, 400, EMU_ERROR_INVALID_JSON_DATA);
      return FALSE;
    }

  *out_start = mode == NULL || g_str_equal (mode, "Auto");
  return TRUE;
}

static gboolean
check_all (EmuBoard *board, guint64 granted, EmuAnswer *answer)
{
  for (guint i = 0; i < board->staged->len; i++)
    {
      guint status;
      gint64 number = check_install (board, g_ptr_array_index (board->staged, i), granted, &status);

      if (number != 0)
        {
          g_ptr_array_set_size (board->staged, 0);
          emu_answer_set_error (answer, status, number);
          return FALSE;
        }
    }

  return TRUE;
}

void
emu_rest_post_install (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  gboolean restart = FALSE;
  gboolean start;

  if (!parse_mode (request, &start, answer))
    return;
  if (board->ota.in_progress)
    {
      emu_answer_set_error (answer, 400, EMU_ERROR_OTA_IN_PROGRESS);
      return;
    }
  if (!check_all (board, request->granted, answer))
    return;

  for (guint i = 0; i < board->staged->len; i++)
    restart |= install_one (board, g_ptr_array_index (board->staged, i), start);
  g_ptr_array_set_size (board->staged, 0);

  if (restart && board->config->behaviour.install_reports_restart)
    emu_rest_post_restart (board, request, answer);
  else
    emu_answer_set_empty (answer);
  answer->restart = restart;
}
