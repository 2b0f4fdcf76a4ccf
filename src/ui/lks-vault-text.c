/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-vault-text.h"

#include "lks-capability.h"
#include "lks-device-id.h"

#include <glib/gi18n-lib.h>

static char *
dup_name (guint capability)
{
  const char *name = lks_capability_get_name (capability);

  /* Translators: a capability that nobody knows, by its number */
  return name != NULL ? g_strdup (name) : g_strdup_printf (_ ("unknown (%u)"), capability);
}

/**
 * lks_key_names_to_text:
 * @capabilities: (element-type guint): capability numbers
 *
 * Returns: (transfer full): their names, in the field's spelling
 */
char *
lks_key_names_to_text (const GArray *capabilities)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;

  if (capabilities->len == 0)
    return g_strdup (_ ("nothing"));
  for (guint i = 0; i < capabilities->len; i++)
    {
      g_autofree char *name = dup_name (g_array_index (capabilities, guint, i));

      g_strv_builder_add (builder, name);
    }
  names = g_strv_builder_end (builder);
  return g_strjoinv (", ", names);
}

/**
 * lks_key_meaning:
 * @capability: a capability number
 *
 * Returns: (transfer none): what a key with it opens, as a sentence
 */
const char *
lks_key_meaning (guint capability)
{
  if (capability == LKS_CAPABILITY_FIELD_SERVICING)
    return _ ("Opens the service port of this board for Wi-Fi, images, logs and restarts, while a "
              "session lasts.");
  if (capability == LKS_CAPABILITY_APP_DEVELOPMENT)
    return _ ("Opens the service port and lets development software in, to be started and "
              "debugged. More than most servicing needs.");
  if (capability == LKS_CAPABILITY_RF_TEST_MODE)
    return _ ("Opens the radio’s test mode.");
  if (lks_capability_get_risk (capability) == LKS_CAPABILITY_RISK_INTERNAL)
    return _ ("Internal to the chip’s maker. Nobody else should have such a file.");
  return _ ("This number is not known. Ask who issued the file before you use it.");
}

/**
 * lks_sign_for_key:
 * @capabilities: (element-type guint): capability numbers
 *
 * Judges a key by the gravest of its capabilities.
 *
 * Returns: its sign
 */
LksSign
lks_sign_for_key (const GArray *capabilities)
{
  LksSign gravest = { "lks-skipped-symbolic", _ ("No key"), "", LKS_TONE_PLAIN };

  for (guint i = 0; i < capabilities->len; i++)
    {
      LksSign sign = lks_sign_for_capability (g_array_index (capabilities, guint, i));

      if (i == 0 || sign.tone > gravest.tone)
        gravest = sign;
    }
  return gravest;
}

/**
 * lks_sign_for_signature:
 * @signature: what can be said of a signature
 *
 * Returns: its sign
 */
LksSign
lks_sign_for_signature (LksSignature signature)
{
  switch (signature)
    {
    case LKS_SIGNATURE_KNOWN:
      return (LksSign){ "lks-pass-symbolic", _ ("Good signature"),
                        _ ("It was made by the signer whom the file names."), LKS_TONE_GOOD };
    case LKS_SIGNATURE_SDK:
      return (LksSign){ "lks-warning-symbolic", _ ("Test signature"),
                        _ ("It was made with the SDK’s key, which everybody has. No finished board "
                           "accepts it."),
                        LKS_TONE_WARNING };
    case LKS_SIGNATURE_WRONG:
      return (LksSign){ "lks-fail-symbolic", _ ("Wrong signature"),
                        _ ("It was not made by the signer whom the file names."), LKS_TONE_BAD };
    case LKS_SIGNATURE_UNKNOWN_SIGNER:
      break;
    }
  return (
      LksSign){ "lks-unknown-symbolic", _ ("Not checked"),
                _ ("The signer’s key is not known here, as is usual for files from the vendor’s "
                   "cloud. The board decides."),
                LKS_TONE_PLAIN };
}

/**
 * lks_sign_for_place:
 * @place: (nullable): where the board of a key is plugged in
 *
 * Returns: the sign of an attached board; without a word when it is not
 */
LksSign
lks_sign_for_place (const char *place)
{
  if (place == NULL)
    return (LksSign){ "", "", "", LKS_TONE_PLAIN };
  return (LksSign){ "lks-board-symbolic", _ ("Attached"), "", LKS_TONE_NOTICE };
}

/**
 * lks_key_time_to_text:
 * @unix_s: Unix seconds; 0 for never
 *
 * Returns: (transfer full): local date and time, the year first
 */
char *
lks_key_time_to_text (gint64 unix_s)
{
  g_autoptr (GDateTime) time = unix_s > 0 ? g_date_time_new_from_unix_local (unix_s) : NULL;

  return time != NULL ? g_date_time_format (time, "%F %R") : g_strdup (_ ("never"));
}

/**
 * lks_vault_item_to_title:
 * @item: an item of the vault
 *
 * Returns: (transfer full): the user's name for it, or its board's
 */
char *
lks_vault_item_to_title (LksVaultItem *item)
{
  const char *label = lks_vault_item_get_label (item);

  if (*label != '\0')
    return g_strdup (label);
  /* Translators: the last digits of a board's device ID */
  return g_strdup_printf (_ ("Board %s"),
                          lks_device_id_get_short (lks_vault_item_get_device_id (item)));
}

/**
 * lks_vault_item_to_subtitle:
 * @item: an item of the vault
 *
 * Returns: (transfer full): for which board, and what it grants
 */
char *
lks_vault_item_to_subtitle (LksVaultItem *item)
{
  g_autofree char *names = lks_key_names_to_text (lks_vault_item_get_capabilities (item));

  if (*lks_vault_item_get_label (item) == '\0')
    return g_steal_pointer (&names);
  /* Translators: the last digits of a board's device ID, and the names of capabilities */
  return g_strdup_printf (_ ("Board %s · %s"),
                          lks_device_id_get_short (lks_vault_item_get_device_id (item)), names);
}

/**
 * lks_vault_item_to_file_name:
 * @item: an item of the vault
 *
 * Files are named by their board, so that one for another board never takes their place.
 *
 * Returns: (transfer full): a name for a file
 */
char *
lks_vault_item_to_file_name (LksVaultItem *item)
{
  const GArray *capabilities = lks_vault_item_get_capabilities (item);
  const char *name = lks_capability_get_name (g_array_index (capabilities, guint, 0));

  return g_strdup_printf ("board-%s-%s.cap",
                          lks_device_id_get_short (lks_vault_item_get_device_id (item)),
                          name != NULL ? name : "capability");
}

/**
 * lks_capability_info_to_text:
 * @info: what a capability file says
 * @file_name: the name of the file
 * @place: (nullable): where its board is plugged in
 *
 * Returns: (transfer full): two sentences for a person who decides whether to import it
 */
char *
lks_capability_info_to_text (const LksCapabilityInfo *info,
                             const char *file_name,
                             const char *place)
{
  gint64 signed_s = (gint64) MIN (info->file->metadata->built_unix_s, (guint64) G_MAXINT64);
  g_autofree char *time = lks_key_time_to_text (signed_s);
  const char *signer =
      info->signer_name != NULL ? info->signer_name : _ ("somebody whose key is not known here");
  g_autofree char *origin =
      /* Translators: the name of a file, a time, and a person or an organisation */
      g_strdup_printf (_ ("%s, signed %s by %s."), file_name, time, signer);

  if (place == NULL)
    return g_steal_pointer (&origin);
  /* Translators: a sentence about a file, and a USB place */
  return g_strdup_printf (_ ("%s It fits the board at place %s."), origin, place);
}
