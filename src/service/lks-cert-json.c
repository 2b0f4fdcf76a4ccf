/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cert-store.h"

#include "lks-json-member-private.h"

/**
 * lks_cert_notices_to_json:
 * @notices: flags of [flags@Lks.CertNotice]
 *
 * Returns: (transfer full): an array of objects
 */
JsonNode *
lks_cert_notices_to_json (guint notices)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < LKS_N_CERT_NOTICES; i++)
    {
      LksExplanation why;

      if ((notices & (1u << i)) == 0)
        continue;
      why = lks_cert_notice_explain (1u << i);
      json_builder_begin_object (builder);
      lks_json_add_text (builder, "meaning", why.meaning);
      lks_json_add_text (builder, "advice", why.advice);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  return json_builder_get_root (builder);
}

static void
add_cert (JsonBuilder *builder, const LksStoredCert *cert)
{
  json_builder_begin_object (builder);
  lks_json_add_text (builder, "id", cert->info->id);
  lks_json_add_text (builder, "subject", cert->info->subject);
  lks_json_add_text (builder, "issuer", cert->info->issuer);
  lks_json_add_text (builder, "notBefore", cert->info->not_before);
  lks_json_add_text (builder, "notAfter", cert->info->not_after);
  json_builder_set_member_name (builder, "daysLeft");
  if (cert->has_dates)
    json_builder_add_int_value (builder, cert->days_left);
  else
    json_builder_add_null_value (builder);
  lks_json_add_flag (builder, "looksLikeRootCa", cert->looks_like_ca);
  lks_json_add_texts (builder, "usedBy", cert->used_by);
  json_builder_set_member_name (builder, "notices");
  json_builder_add_value (builder, lks_cert_notices_to_json (cert->notices));
  json_builder_end_object (builder);
}

/**
 * lks_cert_store_to_json:
 * @self: a certificate store
 *
 * Returns: (transfer full): an object
 */
JsonNode *
lks_cert_store_to_json (const LksCertStore *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  gboolean is_unset = self->knows_clock && !self->is_clock_set;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "certificates");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->certs->len; i++)
    add_cert (builder, g_ptr_array_index (self->certs, i));
  json_builder_end_array (builder);
  lks_json_add_int (builder, "spaceBytes", (gint64) self->space_bytes);
  lks_json_add_flag (builder, "clockUnset", is_unset);
  lks_json_add_flag (builder, "usersKnown", self->knows_users);
  json_builder_set_member_name (builder, "notices");
  json_builder_add_value (builder,
                          lks_cert_notices_to_json (is_unset ? LKS_CERT_NOTICE_CLOCK_UNSET : 0));
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}
