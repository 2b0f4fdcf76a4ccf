/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cert-text.h"

#include "lks-service-row.h"

#include <glib/gi18n-lib.h>

/**
 * lks_sign_for_stored_cert:
 * @cert: a certificate in a board's store
 *
 * Returns: its validity by this computer's clock, in a word
 */
LksSign
lks_sign_for_stored_cert (const LksStoredCert *cert)
{
  if (!cert->has_dates)
    return (LksSign){ "lks-unknown-symbolic", _ ("Unknown dates"), "", LKS_TONE_PLAIN };
  if (cert->notices & LKS_CERT_NOTICE_EXPIRED)
    return (LksSign){ "lks-fail-symbolic", _ ("Expired"), "", LKS_TONE_BAD };
  if (cert->notices & LKS_CERT_NOTICE_NOT_YET_VALID)
    return (LksSign){ "lks-warning-symbolic", _ ("Not yet valid"), "", LKS_TONE_WARNING };
  if (cert->notices & LKS_CERT_NOTICE_EXPIRES_SOON)
    return (LksSign){ "lks-clock-symbolic", _ ("Expires soon"), "", LKS_TONE_WARNING };

  return (LksSign){ "lks-pass-symbolic", _ ("Valid"), "", LKS_TONE_GOOD };
}

static char *
validity_to_text (const LksStoredCert *cert)
{
  if (!cert->has_dates)
    return g_strdup_printf (_ ("from %s to %s"), cert->info->not_before, cert->info->not_after);
  if (cert->notices & LKS_CERT_NOTICE_NOT_YET_VALID)
    /* Translators: a date and time as the board writes it */
    return g_strdup_printf (_ ("valid from %s"), cert->info->not_before);
  if (cert->notices & LKS_CERT_NOTICE_EXPIRED)
    return g_strdup_printf (_ ("expired on %s"), cert->info->not_after);

  return g_strdup_printf (ngettext ("%d day left, until %s", "%d days left, until %s",
                                    (gulong) MAX (cert->days_left, 0)),
                          cert->days_left, cert->info->not_after);
}

/**
 * lks_stored_cert_to_text:
 * @store: a board's certificate store
 * @cert: a certificate in it
 *
 * Returns: (transfer full): names, dates and users
 */
char *
lks_stored_cert_to_text (const LksCertStore *store, const LksStoredCert *cert)
{
  g_autofree char *issuer = cert->looks_like_ca
                                ? g_strdup (_ ("issued by itself"))
                                : g_strdup_printf (_ ("issued by %s"), cert->info->issuer);
  g_autofree char *validity = validity_to_text (cert);
  g_autofree char *names = g_strjoinv (", ", cert->used_by);
  g_autofree char *users = names[0] != '\0'
                               ? g_strdup_printf (_ ("used by %s"), names)
                               : g_strdup (store->knows_users ? _ ("used by no network") : "");
  g_autofree char *who = lks_service_row_join (" · ", cert->info->subject, issuer, NULL);
  g_autofree char *rest = lks_service_row_join (" · ", validity, users, NULL);

  return lks_service_row_join ("\n", who, rest, NULL);
}

/**
 * lks_pem_cert_to_text:
 * @cert: a certificate from a file
 *
 * Returns: (transfer full): whom it names, who issued it, until when it is valid
 */
char *
lks_pem_cert_to_text (const LksPemCert *cert)
{
  g_autoptr (GDateTime) until = g_date_time_new_from_unix_local (cert->not_after_s);
  g_autofree char *date = until != NULL ? g_date_time_format (until, "%x") : g_strdup ("");
  g_autofree char *issuer = g_strdup_printf (_ ("issued by %s"), cert->issuer);
  g_autofree char *validity = g_strdup_printf (_ ("valid until %s"), date);

  return lks_service_row_join (" · ", cert->subject, issuer, validity, NULL);
}

/**
 * lks_cert_notices_to_text:
 * @notices: flags of [flags@Lks.CertNotice]
 *
 * Returns: (transfer full): a line for each, empty for none
 */
char *
lks_cert_notices_to_text (guint notices)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < LKS_N_CERT_NOTICES; i++)
    {
      LksExplanation why = lks_cert_notice_explain (1u << i);

      if (notices & (1u << i))
        g_string_append_printf (text, "%s%s %s", text->len > 0 ? "\n" : "", _ (why.meaning),
                                _ (why.advice));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
