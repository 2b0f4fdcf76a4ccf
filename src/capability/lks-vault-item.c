/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-vault-item.h"

#include "lks-capability.h"
#include "lks-vault-fields-private.h"

#include <string.h>

G_DEFINE_ENUM_TYPE (LksVaultSource,
                    lks_vault_source,
                    G_DEFINE_ENUM_VALUE (LKS_VAULT_SOURCE_FILE, "file"),
                    G_DEFINE_ENUM_VALUE (LKS_VAULT_SOURCE_CLOUD, "cloud"))

struct _LksVaultItem
{
  GObject parent_instance;

  LksVaultFields *fields; /* (owned) */
};

G_DEFINE_FINAL_TYPE (LksVaultItem, lks_vault_item, G_TYPE_OBJECT)

typedef enum
{
  PROP_DEVICE_ID = 1,
  PROP_FINGERPRINT,
  PROP_LABEL,
  PROP_SIGNED,
  PROP_ADDED,
  PROP_LAST_USED,
} LksVaultItemProperty;

static GParamSpec *properties[PROP_LAST_USED + 1];

static void
lks_vault_item_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  const LksVaultFields *fields = LKS_VAULT_ITEM (object)->fields;

  switch ((LksVaultItemProperty) prop_id)
    {
    case PROP_DEVICE_ID:
      g_value_set_string (value, fields->device_id);
      break;
    case PROP_FINGERPRINT:
      g_value_set_string (value, fields->fingerprint);
      break;
    case PROP_LABEL:
      g_value_set_string (value, fields->label);
      break;
    case PROP_SIGNED:
      g_value_set_int64 (value, fields->signed_s);
      break;
    case PROP_ADDED:
      g_value_set_int64 (value, fields->added_s);
      break;
    case PROP_LAST_USED:
      g_value_set_int64 (value, fields->last_used_s);
      break;
    }
}

static void
lks_vault_item_finalize (GObject *object)
{
  lks_vault_fields_free (LKS_VAULT_ITEM (object)->fields);
  G_OBJECT_CLASS (lks_vault_item_parent_class)->finalize (object);
}

static void
lks_vault_item_class_init (LksVaultItemClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lks_vault_item_get_property;
  object_class->finalize = lks_vault_item_finalize;

  properties[PROP_DEVICE_ID] = g_param_spec_string ("device-id", NULL, NULL, NULL, flags);
  properties[PROP_FINGERPRINT] = g_param_spec_string ("fingerprint", NULL, NULL, NULL, flags);
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  properties[PROP_SIGNED] = g_param_spec_int64 ("signed", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_ADDED] = g_param_spec_int64 ("added", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_LAST_USED] =
      g_param_spec_int64 ("last-used", NULL, NULL, 0, G_MAXINT64, 0, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
lks_vault_item_init (LksVaultItem *self)
{
}

/* Takes @fields. */
LksVaultItem *
lks_vault_item_new (LksVaultFields *fields)
{
  LksVaultItem *self = g_object_new (LKS_TYPE_VAULT_ITEM, NULL);

  self->fields = fields;
  return self;
}

/* (transfer none), until they are set */
const LksVaultFields *
lks_vault_item_get_fields (LksVaultItem *self)
{
  return self->fields;
}

/* Takes @fields, which are about the same file: only label and last use may have changed. */
void
lks_vault_item_set_fields (LksVaultItem *self, LksVaultFields *fields)
{
  g_autoptr (LksVaultFields) old = g_steal_pointer (&self->fields);

  self->fields = fields;
  if (g_strcmp0 (old->label, fields->label) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LABEL]);
  if (old->last_used_s != fields->last_used_s)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_USED]);
}

/**
 * lks_vault_item_get_device_id:
 * @self: an item
 *
 * Returns: (transfer none): the board it is for, 128 digits, lower case
 */
const char *
lks_vault_item_get_device_id (LksVaultItem *self)
{
  g_return_val_if_fail (LKS_IS_VAULT_ITEM (self), NULL);

  return self->fields->device_id;
}

/**
 * lks_vault_item_get_capabilities:
 * @self: an item
 *
 * Returns: (transfer none) (element-type guint): the capability numbers, at least one
 */
const GArray *
lks_vault_item_get_capabilities (LksVaultItem *self)
{
  g_return_val_if_fail (LKS_IS_VAULT_ITEM (self), NULL);

  return self->fields->capabilities;
}

/**
 * lks_vault_item_has:
 * @self: an item
 * @capability: a capability number
 *
 * Returns: whether it grants @capability
 */
gboolean
lks_vault_item_has (LksVaultItem *self, guint capability)
{
  const GArray *capabilities;

  g_return_val_if_fail (LKS_IS_VAULT_ITEM (self), FALSE);

  capabilities = self->fields->capabilities;
  for (guint i = 0; i < capabilities->len; i++)
    if (g_array_index (capabilities, guint, i) == capability)
      return TRUE;
  return FALSE;
}

static gboolean
has_named (LksVaultItem *self, const char *folded)
{
  const GArray *capabilities = self->fields->capabilities;

  for (guint i = 0; i < capabilities->len; i++)
    {
      const char *name = lks_capability_get_name (g_array_index (capabilities, guint, i));
      g_autofree char *folded_name = name != NULL ? g_utf8_casefold (name, -1) : NULL;

      if (folded_name != NULL && g_str_has_prefix (folded_name, folded))
        return TRUE;
    }
  return FALSE;
}

/**
 * lks_vault_item_matches:
 * @self: an item
 * @text: what somebody looks for
 *
 * Whether @self is meant by any of these: the last digits of the device ID, however few; a part of
 * the label; the beginning of the fingerprint or of the name of a capability. Case is ignored, an
 * empty text means all.
 *
 * Returns: whether it is meant
 */
gboolean
lks_vault_item_matches (LksVaultItem *self, const char *text)
{
  g_autofree char *folded = NULL;
  g_autofree char *folded_label = NULL;

  g_return_val_if_fail (LKS_IS_VAULT_ITEM (self), FALSE);

  folded = g_strstrip (g_utf8_casefold (text, -1));
  folded_label = g_utf8_casefold (self->fields->label, -1);
  return g_str_has_suffix (self->fields->device_id, folded) ||
         strstr (folded_label, folded) != NULL ||
         g_str_has_prefix (self->fields->fingerprint, folded) || has_named (self, folded);
}

/**
 * lks_vault_item_get_label:
 * @self: an item
 *
 * Returns: (transfer none): the user's name for it, may be empty
 */
const char *
lks_vault_item_get_label (LksVaultItem *self)
{
  g_return_val_if_fail (LKS_IS_VAULT_ITEM (self), NULL);

  return self->fields->label;
}

/**
 * lks_vault_item_get_fingerprint:
 * @self: an item
 *
 * Returns: (transfer none): SHA-256 of the file, 64 digits: names it without telling it
 */
const char *
lks_vault_item_get_fingerprint (LksVaultItem *self)
{
  g_return_val_if_fail (LKS_IS_VAULT_ITEM (self), NULL);

  return self->fields->fingerprint;
}

/**
 * lks_vault_item_get_signer:
 * @self: an item
 *
 * Returns: (transfer none) (nullable): SHA-1 of the signer's certificate, 40 digits
 */
const char *
lks_vault_item_get_signer (LksVaultItem *self)
{
  g_return_val_if_fail (LKS_IS_VAULT_ITEM (self), NULL);

  return self->fields->signer;
}

/**
 * lks_vault_item_get_source:
 * @self: an item
 *
 * Returns: where it came from
 */
LksVaultSource
lks_vault_item_get_source (LksVaultItem *self)
{
  g_return_val_if_fail (LKS_IS_VAULT_ITEM (self), LKS_VAULT_SOURCE_FILE);

  return self->fields->source;
}

/**
 * lks_vault_item_get_signed:
 * @self: an item
 *
 * Returns: when it was signed, Unix seconds; 0 when the file does not say
 */
gint64
lks_vault_item_get_signed (LksVaultItem *self)
{
  g_return_val_if_fail (LKS_IS_VAULT_ITEM (self), 0);

  return self->fields->signed_s;
}

/**
 * lks_vault_item_get_added:
 * @self: an item
 *
 * Returns: when it came into the vault, Unix seconds
 */
gint64
lks_vault_item_get_added (LksVaultItem *self)
{
  g_return_val_if_fail (LKS_IS_VAULT_ITEM (self), 0);

  return self->fields->added_s;
}

/**
 * lks_vault_item_get_last_used:
 * @self: an item
 *
 * Returns: when a session last used it, Unix seconds; 0 for never
 */
gint64
lks_vault_item_get_last_used (LksVaultItem *self)
{
  g_return_val_if_fail (LKS_IS_VAULT_ITEM (self), 0);

  return self->fields->last_used_s;
}
