/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-image-facts.h"

#include "lks-capability.h"
#include "lks-device-id.h"
#include "lks-words-private.h"

static void
fact_free (gpointer data)
{
  LksImageFact *fact = data;

  g_free (fact->value);
  g_free (fact);
}

static void
add_words (GPtrArray *facts, const char *title, const char *words)
{
  LksImageFact *fact = g_new0 (LksImageFact, 1);

  fact->title = title;
  fact->words = words;
  g_ptr_array_add (facts, fact);
}

/* An image that does not say it has no such fact. */
static void
take_value (GPtrArray *facts, const char *title, char *value)
{
  LksImageFact *fact;

  if (value == NULL || value[0] == '\0')
    {
      g_free (value);
      return;
    }

  fact = g_new0 (LksImageFact, 1);
  fact->title = title;
  fact->value = value;
  g_ptr_array_add (facts, fact);
}

static char *
ports_to_text (const GArray *ports)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ports->len; i++)
    g_string_append_printf (text, "%s%u", i == 0 ? "" : ", ", g_array_index (ports, guint, i));
  return g_string_free (text, FALSE);
}

static char *
runtimes_to_text (const GArray *versions)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < versions->len; i++)
    {
      const LksAbiVersion *abi = &g_array_index (versions, LksAbiVersion, i);

      g_string_append_printf (text, "%s%s %u", i == 0 ? "" : ", ", lks_abi_kind_to_text (abi->kind),
                              abi->version);
    }
  return g_string_free (text, FALSE);
}

static const char *
describe_signer (LksImageSigner signer)
{
  switch (signer)
    {
    case LKS_IMAGE_SIGNER_SDK:
      return N_ ("the public SDK, proven: for development only");
    case LKS_IMAGE_SIGNER_OTHER:
      return N_ ("another key than the SDK's, probably for production");
    case LKS_IMAGE_SIGNER_FORGED:
      return N_ ("not whom it names: damaged or forged");
    case LKS_IMAGE_SIGNER_UNKNOWN:
      break;
    }

  return N_ ("it does not tell");
}

static char *
built_to_text (const LksImageMetadata *metadata)
{
  g_autoptr (GDateTime) built =
      metadata->built_unix_s > 0 && metadata->built_unix_s < G_MAXINT64
          ? g_date_time_new_from_unix_utc ((gint64) metadata->built_unix_s)
          : NULL;

  return built != NULL ? g_date_time_format (built, "%Y-%m-%d %H:%M UTC") : NULL;
}

static void
add_metadata (GPtrArray *facts, const LksImageInspection *self)
{
  const LksImageMetadata *metadata = self->metadata;

  take_value (facts, N_ ("Name"), g_strdup (lks_image_inspection_get_name (self)));
  add_words (facts, N_ ("Kind"), lks_image_type_to_text (metadata->image_type));
  take_value (facts, N_ ("Component"), g_strdup (metadata->component_id));
  take_value (facts, N_ ("Image"), g_strdup (metadata->image_id));
  take_value (facts, N_ ("Size"), g_strdup_printf ("%" G_GSIZE_FORMAT " bytes", self->size_bytes));
  take_value (facts, N_ ("Built"), built_to_text (metadata));
  add_words (facts, N_ ("Signed by"), describe_signer (self->signer));
  take_value (facts, N_ ("Needs"), runtimes_to_text (metadata->needs));
  take_value (facts, N_ ("Provides"), runtimes_to_text (metadata->provides));
}

static void
add_manifest (GPtrArray *facts, const LksManifest *self)
{
  take_value (facts, N_ ("Peripherals"), g_strjoinv (", ", self->peripherals));
  take_value (facts, N_ ("Connects to"), g_strjoinv (", ", self->connections));
  take_value (facts, N_ ("TCP server ports"), ports_to_text (self->tcp_ports));
  take_value (facts, N_ ("UDP server ports"), ports_to_text (self->udp_ports));
  take_value (facts, N_ ("Talks with"), g_strjoinv (", ", self->partners));
  take_value (facts, N_ ("Storage"),
              self->storage_kib > 0 ? g_strdup_printf ("%u KiB", self->storage_kib) : NULL);
  take_value (facts, N_ ("Authenticates as"), g_strdup (self->authentication));
  take_value (facts, N_ ("Power controls"), g_strjoinv (", ", self->power_controls));
  take_value (facts, N_ ("May"), g_strjoinv (", ", self->permissions));
}

static void
add_capability (GPtrArray *facts, const LksCapabilityFile *self)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < self->capabilities->len; i++)
    {
      guint number = g_array_index (self->capabilities, guint, i);
      const char *name = lks_capability_get_name (number);

      g_string_append_printf (names, "%s%s (%u)", i == 0 ? "" : ", ",
                              name != NULL ? name : "unknown", number);
    }
  take_value (facts, N_ ("For the board"), g_strdup (lks_device_id_get_short (self->device_id)));
  if (names->len > 0)
    take_value (facts, N_ ("Grants"), g_strdup (names->str));
  else
    add_words (facts, N_ ("Grants"), N_ ("nothing: it takes stored capabilities away"));
}

/**
 * lks_image_inspection_list_facts:
 * @self: what an image says
 *
 * Lists it for a person: who the image is, what it needs and what it asks for. What is wrong with
 * it stands in its flaws, and is not listed.
 *
 * Returns: (transfer full) (element-type LksImageFact): facts, in the order to be read
 */
GPtrArray *
lks_image_inspection_list_facts (const LksImageInspection *self)
{
  GPtrArray *facts = g_ptr_array_new_with_free_func (fact_free);

  add_metadata (facts, self);
  if (self->manifest != NULL)
    add_manifest (facts, self->manifest);
  if (self->capability != NULL)
    add_capability (facts, self->capability);
  return facts;
}
