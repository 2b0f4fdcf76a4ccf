/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-vault-fields-private.h"

#include "lks-device-id.h"
#include "lks-enums.h"
#include "lks-number.h"
#include "lks-vault-error.h"

#include <string.h>

#define FORMAT_VERSION "1"
#define NOBODY "unknown" /* keyrings treat empty values in different ways */
#define CAPABILITIES_MAX 128
#define FINGERPRINT_DIGITS 64
#define THUMBPRINT_DIGITS 40

/**
 * lks_vault_fields_copy:
 * @self: fields
 *
 * Returns: (transfer full): a copy
 */
LksVaultFields *
lks_vault_fields_copy (const LksVaultFields *self)
{
  LksVaultFields *copy = g_new (LksVaultFields, 1);

  *copy = *self;
  copy->label = g_strdup (self->label);
  copy->device_id = g_strdup (self->device_id);
  copy->capabilities = g_array_copy (self->capabilities);
  copy->fingerprint = g_strdup (self->fingerprint);
  copy->signer = g_strdup (self->signer);
  return copy;
}

/**
 * lks_vault_fields_free:
 * @self: (transfer full) (nullable): fields
 */
void
lks_vault_fields_free (LksVaultFields *self)
{
  if (self == NULL)
    return;

  g_free (self->label);
  g_free (self->device_id);
  g_clear_pointer (&self->capabilities, g_array_unref);
  g_free (self->fingerprint);
  g_free (self->signer);
  g_free (self);
}

static gboolean
is_lower_hex (const char *text, gsize digits)
{
  return strlen (text) == digits && strspn (text, "0123456789abcdef") == digits;
}

/* An attribute must be there; what is wrong with it names it. */
static const char *
get_attribute (GHashTable *attributes, const char *name, GError **error)
{
  const char *value = g_hash_table_lookup (attributes, name);

  if (value == NULL)
    g_set_error (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_DAMAGED, "the item has no attribute “%s”",
                 name);
  return value;
}

static gboolean
fail (const char *name, GError **error)
{
  g_set_error (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_DAMAGED,
               "the item's attribute “%s” makes no sense", name);
  return FALSE;
}

static gboolean
read_time (GHashTable *attributes, const char *name, gint64 *out_time_s, GError **error)
{
  const char *text = get_attribute (attributes, name, error);

  if (text == NULL)
    return FALSE;
  return lks_number_read_signed (text, 0, G_MAXINT64, out_time_s) || fail (name, error);
}

static gboolean
read_hex (GHashTable *attributes, const char *name, gsize digits, char **out_text, GError **error)
{
  const char *text = get_attribute (attributes, name, error);

  if (text == NULL)
    return FALSE;
  if (!is_lower_hex (text, digits))
    return fail (name, error);

  *out_text = g_strdup (text);
  return TRUE;
}

static gboolean
read_signer (LksVaultFields *self, GHashTable *attributes, GError **error)
{
  return g_strcmp0 (g_hash_table_lookup (attributes, "signer"), NOBODY) == 0 ||
         read_hex (attributes, "signer", THUMBPRINT_DIGITS, &self->signer, error);
}

static gboolean
read_source (LksVaultFields *self, GHashTable *attributes, GError **error)
{
  const char *text = get_attribute (attributes, "source", error);
  int source;

  if (text == NULL)
    return FALSE;
  if (!lks_enum_from_nick (LKS_TYPE_VAULT_SOURCE, text, &source))
    return fail ("source", error);

  self->source = (LksVaultSource) source;
  return TRUE;
}

static gboolean
read_capabilities (LksVaultFields *self, GHashTable *attributes, GError **error)
{
  const char *text = get_attribute (attributes, "capabilities", error);
  g_auto (GStrv) words = NULL;

  if (text == NULL)
    return FALSE;

  words = g_strsplit (text, ",", CAPABILITIES_MAX + 1);
  if (words[0] == NULL || g_strv_length (words) > CAPABILITIES_MAX)
    return fail ("capabilities", error);
  for (char **word = words; *word != NULL; word++)
    {
      guint64 number;
      guint capability;

      if (!lks_number_read_unsigned (*word, 1, G_MAXUINT32, &number))
        return fail ("capabilities", error);
      capability = (guint) number;
      g_array_append_val (self->capabilities, capability);
    }
  return TRUE;
}

static gboolean
check_version (GHashTable *attributes, GError **error)
{
  const char *text = get_attribute (attributes, "version", error);

  if (text == NULL)
    return FALSE;
  return g_str_equal (text, FORMAT_VERSION) || fail ("version", error);
}

/**
 * lks_vault_fields_from_attributes:
 * @attributes: (element-type utf8 utf8): what the keyring says about an item
 * @label: (nullable): the item's label
 * @error: return location for LKS_VAULT_ERROR_DAMAGED
 *
 * Other programs of the same user may write into the keyring, too: everything is checked.
 *
 * Returns: (transfer full): the fields, or NULL with @error set
 */
LksVaultFields *
lks_vault_fields_from_attributes (GHashTable *attributes, const char *label, GError **error)
{
  g_autoptr (LksVaultFields) self = g_new0 (LksVaultFields, 1);

  self->label = g_utf8_make_valid (label != NULL ? label : "", -1);
  self->capabilities = g_array_new (FALSE, FALSE, sizeof (guint));
  if (!check_version (attributes, error) ||
      !read_hex (attributes, "device-id", LKS_DEVICE_ID_DIGITS, &self->device_id, error) ||
      !read_capabilities (self, attributes, error) || !read_source (self, attributes, error) ||
      !read_hex (attributes, "fingerprint", FINGERPRINT_DIGITS, &self->fingerprint, error) ||
      !read_signer (self, attributes, error) ||
      !read_time (attributes, "signed", &self->signed_s, error) ||
      !read_time (attributes, "added", &self->added_s, error) ||
      !read_time (attributes, "last-used", &self->last_used_s, error))
    return NULL;

  return g_steal_pointer (&self);
}

static void
put (GHashTable *attributes, const char *name, char *value)
{
  g_hash_table_insert (attributes, (char *) name, value);
}

static void
put_time (GHashTable *attributes, const char *name, gint64 time_s)
{
  put (attributes, name, g_strdup_printf ("%" G_GINT64_FORMAT, time_s));
}

static char *
format_capabilities (const GArray *capabilities)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < capabilities->len; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? "," : "", g_array_index (capabilities, guint, i));
  return g_string_free (text, FALSE);
}

/**
 * lks_vault_fields_to_attributes:
 * @self: fields
 *
 * Every attribute is always there, so that the attributes of an item select no other one.
 *
 * Returns: (transfer full) (element-type utf8 utf8): the attributes for the keyring
 */
GHashTable *
lks_vault_fields_to_attributes (const LksVaultFields *self)
{
  GHashTable *attributes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  put (attributes, "version", g_strdup (FORMAT_VERSION));
  put (attributes, "device-id", g_strdup (self->device_id));
  put (attributes, "capabilities", format_capabilities (self->capabilities));
  put (attributes, "source", g_strdup (lks_enum_to_nick (LKS_TYPE_VAULT_SOURCE, self->source)));
  put (attributes, "fingerprint", g_strdup (self->fingerprint));
  put (attributes, "signer", g_strdup (self->signer != NULL ? self->signer : NOBODY));
  put_time (attributes, "signed", self->signed_s);
  put_time (attributes, "added", self->added_s);
  put_time (attributes, "last-used", self->last_used_s);
  return attributes;
}
