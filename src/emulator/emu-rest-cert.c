/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-board-private.h"
#include "emu-error.h"
#include "emu-rest.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#define ID_MAX_BYTES 16
#define PEM_MAX_BYTES 8192
#define PASSWORD_MAX_BYTES 256

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)

/* What a request to add a certificate says. */
typedef struct
{
  const char *id;
  const char *type;
  const char *public_cert;
  const char *private_key; /* (nullable) */
  const char *password;    /* (nullable) */
} NewCert;

static guint
get_space (EmuBoard *board)
{
  guint used = 0;

  for (guint i = 0; i < board->certs->len; i++)
    used += ((EmuCert *) g_ptr_array_index (board->certs, i))->size_bytes;

  return used < board->config->cert_space_bytes ? board->config->cert_space_bytes - used : 0;
}

static gboolean
check_id (const char *id, EmuAnswer *answer)
{
  if (id[0] == '\0' || strlen (id) > ID_MAX_BYTES)
    emu_answer_set_error (answer, 400, EMU_ERROR_CERT_ID_TOO_LONG);
  else if (!g_regex_match_simple ("^[A-Za-z0-9._-]+$", id, G_REGEX_DOLLAR_ENDONLY, 0))
    emu_answer_set_error (answer, 400, EMU_ERROR_CERT_ID_INVALID);
  else
    return TRUE;

  return FALSE;
}

static EmuCert *
find_cert_or_refuse (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuCert *cert;

  if (!check_id (request->argument, answer))
    return NULL;

  cert = emu_board_find_cert (board, request->argument);
  if (cert == NULL)
    emu_answer_set_error (answer, 404, EMU_ERROR_CERT_NOT_FOUND);
  return cert;
}

void
emu_rest_get_certs (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuWire *wire = emu_wire_new ();

  emu_wire_open (wire, NULL, '{');
  emu_wire_open (wire, "identifiers", '[');
  for (guint i = 0; i < board->certs->len; i++)
    emu_wire_text (wire, NULL, ((EmuCert *) g_ptr_array_index (board->certs, i))->id);
  emu_wire_close (wire, ']');
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
}

void
emu_rest_get_cert (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  const EmuCert *cert = find_cert_or_refuse (board, request, answer);
  EmuWire *wire;

  if (cert == NULL)
    return;

  wire = emu_wire_new ();
  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "id", cert->id);
  emu_wire_text (wire, "notBefore", cert->not_before);
  emu_wire_text (wire, "notAfter", cert->not_after);
  emu_wire_text (wire, "subjectName", cert->subject_name);
  emu_wire_text (wire, "issuerName", cert->issuer_name);
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
}

static char *
format_time (const ASN1_TIME *time, gint64 *out_unix_s)
{
  struct tm parts = { 0 };

  ASN1_TIME_to_tm (time, &parts);
  *out_unix_s = timegm (&parts);
  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d", parts.tm_year + 1900, parts.tm_mon + 1,
                          parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

static char *
format_name (X509_NAME *name)
{
  char *openssl_text = X509_NAME_oneline (name, NULL, 0);
  char *text = g_utf8_make_valid (openssl_text, -1);

  OPENSSL_free (openssl_text);
  return text;
}

static X509 *
parse_pem (const char *pem)
{
  g_autoptr (BIO) bio = BIO_new_mem_buf (pem, -1);
  X509 *x509 = PEM_read_bio_X509 (bio, NULL, NULL, NULL);

  ERR_clear_error ();
  return x509;
}

static EmuCert *
describe (const char *id, X509 *x509, gboolean root_ca, gsize size_bytes)
{
  EmuCert *cert = g_new0 (EmuCert, 1);

  g_ref_count_init (&cert->refs);
  cert->id = g_strdup (id);
  cert->root_ca = root_ca;
  cert->not_before = format_time (X509_get0_notBefore (x509), &cert->not_before_s);
  cert->not_after = format_time (X509_get0_notAfter (x509), &cert->not_after_s);
  cert->subject_name = format_name (X509_get_subject_name (x509));
  cert->issuer_name = format_name (X509_get_issuer_name (x509));
  cert->size_bytes = (guint) size_bytes;
  return cert;
}

/* Certificates of the scenario; one that is not readable is left out. */
void
emu_board_load_certs (EmuBoard *self)
{
  for (guint i = 0; i < self->config->certs->len; i++)
    {
      const EmuCertConfig *config = g_ptr_array_index (self->config->certs, i);
      g_autoptr (X509) x509 = parse_pem (config->public_cert);

      if (x509 != NULL)
        g_ptr_array_add (self->certs, describe (config->id, x509, config->root_ca,
                                                strlen (config->public_cert)));
      else
        g_message ("board %u: certificate “%s” of the scenario is no PEM certificate; left out",
                   self->config->index, config->id);
    }
}

static gint64
check_lengths (const NewCert *cert)
{
  if (cert->public_cert == NULL || cert->public_cert[0] == '\0')
    return EMU_ERROR_CERT_PUBLIC_INVALID;
  if (strlen (cert->public_cert) > PEM_MAX_BYTES)
    return EMU_ERROR_CERT_PUBLIC_TOO_LONG;
  if (cert->private_key != NULL && strlen (cert->private_key) > PEM_MAX_BYTES)
    return EMU_ERROR_CERT_KEY_TOO_LONG;
  if (cert->password != NULL && strlen (cert->password) > PASSWORD_MAX_BYTES)
    return EMU_ERROR_CERT_PASSWORD_TOO_LONG;

  return 0;
}

/* OpenSSL asks for the password only when the key is encrypted. */
typedef struct
{
  const char *password;
  gboolean asked;
} Password;

static int
password_cb (char *buffer, int size, int writing, void *user_data)
{
  Password *self = user_data;
  gsize length = self->password != NULL ? strlen (self->password) : 0;

  self->asked = TRUE;
  if (length == 0 || length > (gsize) size)
    return -1;

  memcpy (buffer, self->password, length);
  return (int) length;
}

static gint64
check_key (const NewCert *cert, X509 *x509)
{
  Password password = { .password = cert->password };
  g_autoptr (BIO) bio = NULL;
  g_autoptr (EVP_PKEY) key = NULL;

  if (cert->private_key == NULL || cert->private_key[0] == '\0')
    return EMU_ERROR_CERT_KEY_INVALID;

  bio = BIO_new_mem_buf (cert->private_key, -1);
  key = PEM_read_bio_PrivateKey (bio, NULL, password_cb, &password);
  ERR_clear_error ();
  if (key == NULL)
    return EMU_ERROR_CERT_KEY_INVALID;
  if (!password.asked && cert->password != NULL && cert->password[0] != '\0')
    return EMU_ERROR_CERT_PASSWORD_NOT_NEEDED;
  if (X509_check_private_key (x509, key) != 1)
    {
      ERR_clear_error ();
      return EMU_ERROR_CERT_KEY_MISMATCH;
    }

  return 0;
}

static gboolean
is_type (const NewCert *cert, const char *type)
{
  return cert->type != NULL && g_ascii_strcasecmp (cert->type, type) == 0;
}

static gint64
check_new_cert (const NewCert *cert, X509 **out_x509)
{
  gboolean root_ca = is_type (cert, "rootca");
  gboolean client = is_type (cert, "client");
  gint64 number;

  if (!root_ca && !client)
    return EMU_ERROR_CERT_TYPE;
  number = check_lengths (cert);
  if (number != 0)
    return number;
  *out_x509 = parse_pem (cert->public_cert);
  if (*out_x509 == NULL)
    return EMU_ERROR_CERT_PUBLIC_INVALID;
  if (client)
    return check_key (cert, *out_x509);
  if (cert->private_key != NULL)
    return EMU_ERROR_CERT_KEY_NOT_ALLOWED;
  if (cert->password != NULL)
    return EMU_ERROR_CERT_PASSWORD_NOT_ALLOWED;

  return 0;
}

static void
store (EmuBoard *board, const NewCert *cert, X509 *x509, EmuAnswer *answer)
{
  EmuCert *old = emu_board_find_cert (board, cert->id);
  gsize size_bytes =
      strlen (cert->public_cert) + (cert->private_key != NULL ? strlen (cert->private_key) : 0);

  if (size_bytes > get_space (board) + (old != NULL ? old->size_bytes : 0))
    {
      emu_answer_set_error (answer, 400, EMU_ERROR_CERT_NO_SPACE);
      return;
    }

  g_ptr_array_remove (board->certs, old);
  g_ptr_array_add (board->certs, describe (cert->id, x509, is_type (cert, "rootca"), size_bytes));
  emu_answer_set_empty (answer);
}

void
emu_rest_post_cert (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  JsonObject *object;
  g_autoptr (LksJson) json = emu_request_parse_json (request, &object, answer);
  g_autoptr (X509) x509 = NULL;
  NewCert cert = { .id = request->argument };
  gint64 number;

  if (json == NULL || !check_id (cert.id, answer))
    return;
  if (!emu_json_get_text (object, "certType", &cert.type) ||
      !emu_json_get_text (object, "publicCert", &cert.public_cert) ||
      !emu_json_get_text (object, "privateKey", &cert.private_key) ||
      !emu_json_get_text (object, "password", &cert.password))
    {
      emu_answer_set_error (answer, 400, EMU_ERROR_INVALID_JSON_DATA);
      return;
    }

  number = check_new_cert (&cert, &x509);
  if (number != 0)
    emu_answer_set_error (answer, 400, number);
  else
    store (board, &cert, x509, answer);
}

void
emu_rest_delete_cert (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuCert *cert = find_cert_or_refuse (board, request, answer);

  if (cert == NULL)
    return;

  g_ptr_array_remove (board->certs, cert);
  emu_answer_set_empty (answer);
}

void
emu_rest_get_cert_space (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  g_autofree char *space = g_strdup_printf ("%u", get_space (board));
  EmuWire *wire = emu_wire_new ();

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "AvailableSpace", space);
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
}
