/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-trust.h"

#include "lks-config-files.h"
#include "lks-device-error.h"
#include "lks-trust-private.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#define FILE_MAX_BYTES (1024 * 1024)
#define SIGNATURE_MIN_BITS 112

/* Both stand in the certificate that boards present; a label in place of the asterisk is what
 * X509_check_host() compares the wildcard with. */
#define BOARD_NAME "board.devices.sphere.azure.local"
#define BOARD_ADDRESS "192.168.35.2"

/* The public key of the CA “Azure Sphere Device” (P-256, uncompressed point), as published in
 * the vendor's open-source clients for the device REST API. */
static const guint8 vendor_point[] = {
  0x04, 0x7b, 0x2d, 0xb7, 0x7a, 0xa1, 0x7e, 0xd9, 0xc3, 0x17, 0x7c, 0x6f, 0xf6,
  0xa9, 0xcb, 0xff, 0xa3, 0x8f, 0xe3, 0xbd, 0x39, 0x09, 0x5f, 0x2d, 0x8f, 0xc4,
  0x47, 0xea, 0x31, 0x03, 0x50, 0x94, 0x21, 0xad, 0x2f, 0x6e, 0x54, 0x91, 0xfe,
  0xe0, 0xe1, 0xb2, 0x2e, 0x8a, 0x71, 0x0b, 0x2f, 0x97, 0x67, 0xc5, 0xde, 0xf7,
  0x7c, 0xe7, 0xac, 0x5f, 0xa3, 0xa0, 0x22, 0x58, 0x34, 0xcf, 0x4a, 0x8b, 0x7d,
};

struct _LksTrust
{
  gatomicrefcount refs;
  EVP_PKEY *vendor_key; /* (owned) */
  X509_STORE *store;    /* (owned): the anchors from files, and nothing else */
  guint anchors;
};

G_DEFINE_BOXED_TYPE (LksTrust, lks_trust, lks_trust_ref, lks_trust_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_STORE_CTX, X509_STORE_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY_CTX, EVP_PKEY_CTX_free)

static EVP_PKEY *
build_vendor_key (void)
{
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, "EC", NULL);
  EVP_PKEY *key = NULL;
  OSSL_PARAM parameters[] = {
    OSSL_PARAM_construct_utf8_string (OSSL_PKEY_PARAM_GROUP_NAME, (char *) "prime256v1", 0),
    OSSL_PARAM_construct_octet_string (OSSL_PKEY_PARAM_PUB_KEY, (void *) vendor_point,
                                       sizeof vendor_point),
    OSSL_PARAM_construct_end (),
  };

  if (context == NULL || EVP_PKEY_fromdata_init (context) <= 0 ||
      EVP_PKEY_fromdata (context, &key, EVP_PKEY_PUBLIC_KEY, parameters) <= 0)
    g_error ("libcrypto does not know the curve P-256");

  return key;
}

/* Trusts the owner of @key, which is consumed, as the CA of the boards. */
LksTrust *
lks_trust_new_for_key (EVP_PKEY *key)
{
  LksTrust *self = g_new0 (LksTrust, 1);

  g_atomic_ref_count_init (&self->refs);
  self->vendor_key = key;
  self->store = X509_STORE_new ();
  return self;
}

/* (transfer none) */
EVP_PKEY *
lks_trust_get_key (LksTrust *self)
{
  return self->vendor_key;
}

/**
 * lks_trust_new:
 *
 * Trusts the vendor's published CA key: certificates that it signed, and the CA's own
 * certificate presented by a board.
 *
 * Returns: (transfer full): a trust
 */
LksTrust *
lks_trust_new (void)
{
  return lks_trust_new_for_key (build_vendor_key ());
}

/**
 * lks_trust_ref:
 * @self: a trust
 *
 * Returns: (transfer full): @self
 */
LksTrust *
lks_trust_ref (LksTrust *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * lks_trust_unref:
 * @self: (transfer full): a trust
 */
void
lks_trust_unref (LksTrust *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  X509_STORE_free (self->store);
  EVP_PKEY_free (self->vendor_key);
  g_free (self);
}

/* Adds every certificate of the PEM text; returns how many, 0 also when one is unreadable. */
static guint
add_pem (LksTrust *self, const char *pem, gsize size_bytes)
{
  g_autoptr (BIO) bio = BIO_new_mem_buf (pem, (int) size_bytes);
  guint added = 0;
  gulong reason;

  for (;;)
    {
      g_autoptr (X509) anchor = PEM_read_bio_X509 (bio, NULL, NULL, NULL);

      if (anchor == NULL)
        break;
      if (X509_STORE_add_cert (self->store, anchor) != 1)
        return 0;
      added++;
    }

  reason = ERR_peek_last_error ();
  ERR_clear_error ();
  return ERR_GET_REASON (reason) == PEM_R_NO_START_LINE ? added : 0;
}

/**
 * lks_trust_add_file:
 * @self: a trust that no device uses yet
 * @path: a file with one or more certificates in PEM form
 * @error: return location for a [error@Lks.DeviceError] (UNTRUSTED) or a `G_FILE_ERROR`
 *
 * Also trusts boards whose certificate was signed by, or is, a certificate of this file. The
 * names of a board are still demanded.
 *
 * Returns: whether the file was read
 */
gboolean
lks_trust_add_file (LksTrust *self, const char *path, GError **error)
{
  g_autofree char *pem = NULL;
  gsize size_bytes;
  guint added;

  if (!g_file_get_contents (path, &pem, &size_bytes, error))
    return FALSE;

  added = size_bytes <= FILE_MAX_BYTES ? add_pem (self, pem, size_bytes) : 0;
  if (added == 0)
    {
      g_set_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNTRUSTED,
                   "%s: holds no readable certificate in PEM form; remove the file or replace it",
                   path);
      return FALSE;
    }

  self->anchors += added;
  return TRUE;
}

/**
 * lks_trust_load_default:
 * @error: return location for an error of lks_trust_add_file(), or a #GFileError
 *
 * The vendor's key and every `*.pem` in `locksmith/trust.d` of the user's configuration
 * directory and the system's. An unreadable file is an error, so that nobody wonders why a
 * board is not trusted.
 *
 * Returns: (transfer full): a trust, or NULL with @error set
 */
LksTrust *
lks_trust_load_default (GError **error)
{
  g_autoptr (LksTrust) self = lks_trust_new ();
  g_autoptr (GPtrArray) paths = lks_config_files_list ("trust.d", ".pem", error);

  if (paths == NULL)
    return NULL;
  for (guint i = 0; i < paths->len; i++)
    if (!lks_trust_add_file (self, g_ptr_array_index (paths, i), error))
      return NULL;

  return g_steal_pointer (&self);
}

/**
 * lks_trust_get_anchors:
 * @self: a trust
 *
 * Returns: how many certificates from files are trusted beside the vendor's key
 */
guint
lks_trust_get_anchors (LksTrust *self)
{
  return self->anchors;
}

static gboolean
is_vendor_key (LksTrust *self, X509 *certificate)
{
  EVP_PKEY *key = X509_get0_pubkey (certificate);

  return key != NULL && EVP_PKEY_eq (key, self->vendor_key) == 1;
}

static gboolean
is_signed_by_vendor (LksTrust *self, X509 *leaf)
{
  int strength_bits = 0;

  return X509_get_signature_info (leaf, NULL, NULL, &strength_bits, NULL) == 1 &&
         strength_bits >= SIGNATURE_MIN_BITS && X509_verify (leaf, self->vendor_key) == 1 &&
         X509_check_purpose (leaf, X509_PURPOSE_SSL_SERVER, 0) == 1;
}

/* Builds a chain to the anchors from files. Dates are judged afterwards, with better words. */
static gboolean
has_chain_to_file (LksTrust *self, X509 *leaf, STACK_OF (X509) * chain, const char **out_reason)
{
  g_autoptr (X509_STORE_CTX) context = X509_STORE_CTX_new ();
  X509_VERIFY_PARAM *parameters;

  if (X509_STORE_CTX_init (context, self->store, leaf, chain) != 1)
    return FALSE;

  parameters = X509_STORE_CTX_get0_param (context);
  X509_VERIFY_PARAM_set_flags (parameters, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
  X509_VERIFY_PARAM_set_purpose (parameters, X509_PURPOSE_SSL_SERVER);
  X509_VERIFY_PARAM_set_auth_level (parameters, 2);
  if (X509_verify_cert (context) == 1)
    return TRUE;

  *out_reason = X509_verify_cert_error_string (X509_STORE_CTX_get_error (context));
  return FALSE;
}

static gboolean
has_board_name (X509 *leaf)
{
  return X509_check_host (leaf, BOARD_NAME, 0, 0, NULL) == 1 ||
         X509_check_host (leaf, BOARD_ADDRESS, 0, 0, NULL) == 1 ||
         X509_check_ip_asc (leaf, BOARD_ADDRESS, 0) == 1;
}

static char *
dup_date (const ASN1_TIME *date)
{
  struct tm tm;

  if (ASN1_TIME_to_tm (date, &tm) != 1)
    return g_strdup ("an unreadable date");

  return g_strdup_printf ("%04d-%02d-%02d %02d:%02d UTC", tm.tm_year + 1900, tm.tm_mon + 1,
                          tm.tm_mday, tm.tm_hour, tm.tm_min);
}

static gboolean
check_dates (X509 *leaf, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *clock = g_date_time_format (now, "%Y-%m-%d %H:%M UTC");
  g_autofree char *begin = dup_date (X509_get0_notBefore (leaf));
  g_autofree char *end = dup_date (X509_get0_notAfter (leaf));

  if (X509_cmp_current_time (X509_get0_notBefore (leaf)) >= 0)
    {
      g_set_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNTRUSTED,
                   "the board's certificate is valid from %s on, but this computer's clock says "
                   "%s; set the clock",
                   begin, clock);
      return FALSE;
    }
  if (X509_cmp_current_time (X509_get0_notAfter (leaf)) <= 0)
    {
      g_set_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNTRUSTED,
                   "the board's certificate expired on %s and this computer's clock says %s; check "
                   "the clock first",
                   end, clock);
      return FALSE;
    }

  return TRUE;
}

/* Decides about the certificate a board presented; @chain is what it sent beside it. Errors are
 * LKS_DEVICE_ERROR_UNTRUSTED and say which of issuer, name and date is wrong. */
gboolean
lks_trust_verify (LksTrust *self, X509 *leaf, STACK_OF (X509) * chain, GError **error)
{
  const char *reason = "the issuer is not known";
  gboolean is_vendor_ca = is_vendor_key (self, leaf);
  gboolean trusted = is_vendor_ca || is_signed_by_vendor (self, leaf) ||
                     has_chain_to_file (self, leaf, chain, &reason);

  ERR_clear_error ();
  if (!trusted)
    {
      g_set_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNTRUSTED,
                   "the certificate was not issued by the boards' CA nor by one in trust.d (%s); "
                   "this may not be a board",
                   reason);
      return FALSE;
    }
  if (!is_vendor_ca && !has_board_name (leaf))
    {
      g_set_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNTRUSTED,
                   "the certificate carries another name than a board's (*%s or %s)",
                   strchr (BOARD_NAME, '.'), BOARD_ADDRESS);
      return FALSE;
    }

  return check_dates (leaf, error);
}
