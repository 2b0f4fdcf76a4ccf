/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-capability-show.h"

#include "lks-capability.h"
#include "lks-cli-output.h"
#include "lks-device-id.h"
#include "lks-enums.h"
#include "lks-json.h"

#include <stdio.h>

#define FINGERPRINT_DIGITS_SHOWN 12

static char *
dup_name (guint capability)
{
  const char *name = lks_capability_get_name (capability);

  return name != NULL ? g_strdup (name) : g_strdup_printf ("unknown (%u)", capability);
}

static char *
dup_names (const GArray *capabilities)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;

  for (guint i = 0; i < capabilities->len; i++)
    {
      g_autofree char *name = dup_name (g_array_index (capabilities, guint, i));

      g_strv_builder_add (builder, name);
    }
  names = g_strv_builder_end (builder);
  return g_strjoinv (", ", names);
}

/* @local_format NULL: for programs, in UTC. NULL for a time that is not known. */
static char *
dup_time (gint64 unix_s, const char *local_format)
{
  g_autoptr (GDateTime) utc = unix_s > 0 ? g_date_time_new_from_unix_utc (unix_s) : NULL;
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  if (local == NULL)
    return NULL;
  return local_format != NULL ? g_date_time_format (local, local_format)
                              : g_date_time_format_iso8601 (utc);
}

static void
add_time (JsonObject *object, const char *name, gint64 unix_s)
{
  g_autofree char *text = dup_time (unix_s, NULL);

  lks_json_set_text (object, name, text);
}

static void
add_capabilities (JsonObject *object, const GArray *capabilities)
{
  JsonArray *numbers = json_array_new ();
  JsonArray *names = json_array_new ();

  for (guint i = 0; i < capabilities->len; i++)
    {
      guint capability = g_array_index (capabilities, guint, i);
      g_autofree char *name = dup_name (capability);

      json_array_add_int_element (numbers, capability);
      json_array_add_string_element (names, name);
    }
  json_object_set_array_member (object, "capabilities", numbers);
  json_object_set_array_member (object, "capabilityNames", names);
}

/**
 * lks_cli_vault_item_to_json:
 * @item: an item of the vault
 *
 * Returns: (transfer full): what is known of it, never its bytes
 */
JsonObject *
lks_cli_vault_item_to_json (LksVaultItem *item)
{
  JsonObject *object = json_object_new ();

  lks_json_set_text (object, "deviceId", lks_vault_item_get_device_id (item));
  add_capabilities (object, lks_vault_item_get_capabilities (item));
  lks_json_set_text (object, "label", lks_vault_item_get_label (item));
  lks_json_set_text (object, "fingerprint", lks_vault_item_get_fingerprint (item));
  lks_json_set_text (object, "signerThumbprint", lks_vault_item_get_signer (item));
  add_time (object, "signedAt", lks_vault_item_get_signed (item));
  lks_json_set_text (object, "source",
                     lks_enum_to_nick (LKS_TYPE_VAULT_SOURCE, lks_vault_item_get_source (item)));
  add_time (object, "addedAt", lks_vault_item_get_added (item));
  add_time (object, "lastUsedAt", lks_vault_item_get_last_used (item));
  return object;
}

/**
 * lks_cli_print_vault_items:
 * @items: a list model of [class@Lks.VaultItem]
 *
 * Prints a table on stdout.
 */
void
lks_cli_print_vault_items (GListModel *items)
{
  static const char *const headings[] = { "BOARD", "CAPABILITIES", "LABEL", "SIGNED",
                                          "USED",  "FINGERPRINT",  NULL };
  g_autoptr (LksCliTable) table = lks_cli_table_new (headings);
  g_autofree char *text = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (LksVaultItem) item = g_list_model_get_item (items, i);
      g_autofree char *names = dup_names (lks_vault_item_get_capabilities (item));
      g_autofree char *signed_at = dup_time (lks_vault_item_get_signed (item), "%Y-%m-%d");
      g_autofree char *used_at = dup_time (lks_vault_item_get_last_used (item), "%Y-%m-%d %H:%M");
      g_autofree char *fingerprint =
          g_strndup (lks_vault_item_get_fingerprint (item), FINGERPRINT_DIGITS_SHOWN);
      const char *label = lks_vault_item_get_label (item);
      const char *const cells[] = {
        lks_device_id_get_short (lks_vault_item_get_device_id (item)),
        names,
        *label != '\0' ? label : NULL,
        signed_at,
        used_at,
        fingerprint,
        NULL,
      };

      lks_cli_table_add (table, cells);
    }

  text = lks_cli_table_format (table);
  fputs (text, stdout);
}

static const char *
explain_signature (LksSignature signature)
{
  switch (signature)
    {
    case LKS_SIGNATURE_UNKNOWN_SIGNER:
      return "not checked: the signer's key is not known here, as is usual for files from the "
             "vendor's cloud; the board decides";
    case LKS_SIGNATURE_SDK:
      return "good, and made with the SDK's key, which everybody has: no finished board accepts it";
    case LKS_SIGNATURE_KNOWN:
      return "good";
    case LKS_SIGNATURE_WRONG:
      return "WRONG: not made by the signer whom the file names";
    }
  return "";
}

/**
 * lks_cli_capability_info_to_json:
 * @info: what a capability file says
 *
 * Returns: (transfer full): the same for programs
 */
JsonObject *
lks_cli_capability_info_to_json (const LksCapabilityInfo *info)
{
  const LksImageMetadata *metadata = info->file->metadata;
  JsonObject *object = json_object_new ();

  lks_json_set_text (object, "deviceId", info->file->device_id);
  add_capabilities (object, info->file->capabilities);
  json_object_set_boolean_member (object, "isKey", lks_capability_info_is_key (info));
  lks_json_set_text (object, "fingerprint", info->fingerprint);
  lks_json_set_text (object, "signature",
                     lks_enum_to_nick (LKS_TYPE_SIGNATURE, (int) info->signature));
  lks_json_set_text (object, "signerName", info->signer_name);
  lks_json_set_text (object, "signerThumbprint", metadata->signer_thumbprint);
  add_time (object, "signedAt", (gint64) MIN (metadata->built_unix_s, (guint64) G_MAXINT64));
  lks_json_set_text (object, "imageId", metadata->image_id);
  return object;
}

static void
print_field (const char *label, const char *text)
{
  g_autofree char *clean = lks_cli_clean (text);

  printf ("  %-12s %s\n", label, clean);
}

static void
print_capabilities (const GArray *capabilities)
{
  if (capabilities->len == 0)
    print_field ("Grants", "nothing: this is the empty capability, which takes away what is stored "
                           "on the board; it opens nothing and is no key");
  for (guint i = 0; i < capabilities->len; i++)
    {
      guint capability = g_array_index (capabilities, guint, i);
      g_autofree char *name = dup_name (capability);
      g_autofree char *text = g_strdup_printf ("%s (%u): %s", name, capability,
                                               lks_capability_get_meaning (capability));

      print_field (i == 0 ? "Grants" : "", text);
      if (lks_capability_get_risk (capability) == LKS_CAPABILITY_RISK_INTERNAL)
        print_field ("",
                     "DANGER: this is for the chip's maker only and must never be on a product");
    }
}

/**
 * lks_cli_print_capability_info:
 * @info: what a capability file says
 * @board: (nullable): which attached board it fits, in words; NULL when nobody looked
 *
 * Says it in plain words on stdout.
 */
void
lks_cli_print_capability_info (const LksCapabilityInfo *info, const char *board)
{
  const LksImageMetadata *metadata = info->file->metadata;
  g_autofree char *signed_at =
      dup_time ((gint64) MIN (metadata->built_unix_s, (guint64) G_MAXINT64), "%Y-%m-%d %H:%M:%S");
  g_autofree char *title = g_strdup_printf ("Capability file for board …%s",
                                            lks_device_id_get_short (info->file->device_id));

  puts (title);
  print_field ("Device ID", info->file->device_id);
  print_capabilities (info->file->capabilities);
  print_field ("Signed", signed_at);
  print_field ("Signer", info->signer_name);
  print_field ("Thumbprint", metadata->signer_thumbprint);
  print_field ("Signature", explain_signature (info->signature));
  print_field ("Fingerprint", info->fingerprint);
  if (board != NULL)
    print_field ("Attached", board);
}
