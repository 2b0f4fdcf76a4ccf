/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is kept of a PIN is a verifier, from which the PIN cannot be read:
 *
 *     scrypt:COST:BLOCK:PARALLEL:SALT:HASH
 *
 * with the numbers of RFC 7914 (N is 2 to the power of COST) and salt and hash in base64. Trying
 * a million PINs with the numbers below takes a day on one core.
 */
#include "lks-pin.h"

#include "lks-number.h"
#include "lks-operator-error.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <string.h>

#define NAME "scrypt"
#define PARTS 6
#define COST 15
#define BLOCK 8
#define PARALLEL 1
#define COST_MAX 18
#define BLOCK_MAX 16
#define PARALLEL_MAX 4
#define SALT_BYTES 16
#define SALT_MAX_BYTES 64
#define HASH_BYTES 32

typedef struct
{
  guint cost, block, parallel;
  guchar *salt; /* (owned) */
  gsize salt_bytes;
  guchar *hash; /* (owned) */
  gsize hash_bytes;
} Verifier;

static void
verifier_clear (Verifier *self)
{
  g_free (self->salt);
  g_free (self->hash);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Verifier, verifier_clear)

static gboolean
read_number (const char *text, guint max, guint *out_value)
{
  guint64 value;

  if (!lks_number_read_unsigned (text, 1, max, &value))
    return FALSE;
  *out_value = (guint) value;
  return TRUE;
}

/* Only what encodes to the same text again is base64. */
static gboolean
read_bytes (const char *text, guchar **out_bytes, gsize *out_size_bytes)
{
  g_autofree guchar *bytes = g_base64_decode (text, out_size_bytes);
  g_autofree char *again = g_base64_encode (bytes, *out_size_bytes);

  if (!g_str_equal (again, text))
    return FALSE;
  *out_bytes = g_steal_pointer (&bytes);
  return TRUE;
}

static gboolean
parse (const char *text, Verifier *self)
{
  g_auto (GStrv) parts = NULL;

  if (strlen (text) > LKS_PIN_VERIFIER_BYTES_MAX)
    return FALSE;

  parts = g_strsplit (text, ":", PARTS + 1);
  return g_strv_length (parts) == PARTS && g_str_equal (parts[0], NAME) &&
         read_number (parts[1], COST_MAX, &self->cost) &&
         read_number (parts[2], BLOCK_MAX, &self->block) &&
         read_number (parts[3], PARALLEL_MAX, &self->parallel) &&
         read_bytes (parts[4], &self->salt, &self->salt_bytes) &&
         read_bytes (parts[5], &self->hash, &self->hash_bytes) && self->cost >= COST - 1 &&
         self->salt_bytes >= SALT_BYTES && self->salt_bytes <= SALT_MAX_BYTES &&
         self->hash_bytes == HASH_BYTES;
}

static gboolean
derive (const LksSecret *pin, const Verifier *verifier, guchar *out_hash, GError **error)
{
  const guint64 n = G_GUINT64_CONSTANT (1) << verifier->cost;
  const guint64 memory_bytes = 2 * 128 * n * verifier->block + (1 << 20);
  gsize pin_bytes;
  const char *data = lks_secret_get_data (pin, &pin_bytes);

  if (EVP_PBE_scrypt (data, pin_bytes, verifier->salt, verifier->salt_bytes, n, verifier->block,
                      verifier->parallel, memory_bytes, out_hash, HASH_BYTES) == 1)
    return TRUE;

  g_set_error_literal (error, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_FAILED,
                       "the PIN cannot be checked: there is not enough memory");
  return FALSE;
}

static gboolean
check_form (const LksSecret *pin, GError **error)
{
  gsize size_bytes;
  const char *text = lks_secret_get_data (pin, &size_bytes);

  if (size_bytes <= LKS_PIN_BYTES_MAX && g_utf8_validate_len (text, size_bytes, NULL) &&
      g_utf8_strlen (text, (gssize) size_bytes) >= LKS_PIN_CHARACTERS_MIN)
    return TRUE;

  g_set_error (error, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_INVALID,
               "a PIN has at least %d characters and at most %d bytes", LKS_PIN_CHARACTERS_MIN,
               LKS_PIN_BYTES_MAX);
  return FALSE;
}

/**
 * lks_pin_make_verifier:
 * @pin: a new PIN
 * @error: return location for a [error@Lks.OperatorError]
 *
 * Blocks for as long as one try takes, about 0.1 s.
 *
 * Returns: (transfer full): what to keep of it, or NULL with @error set
 */
char *
lks_pin_make_verifier (const LksSecret *pin, GError **error)
{
  guchar salt[SALT_BYTES], hash[HASH_BYTES];
  const Verifier verifier = {
    .cost = COST,
    .block = BLOCK,
    .parallel = PARALLEL,
    .salt = salt,
    .salt_bytes = sizeof salt,
  };
  g_autofree char *salt_text = NULL;
  g_autofree char *hash_text = NULL;

  if (!check_form (pin, error))
    return NULL;
  if (RAND_bytes (salt, sizeof salt) != 1)
    {
      g_set_error_literal (error, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_FAILED,
                           "this computer has no random numbers");
      return NULL;
    }
  if (!derive (pin, &verifier, hash, error))
    return NULL;

  salt_text = g_base64_encode (salt, sizeof salt);
  hash_text = g_base64_encode (hash, sizeof hash);
  return g_strdup_printf (NAME ":%d:%d:%d:%s:%s", COST, BLOCK, PARALLEL, salt_text, hash_text);
}

/**
 * lks_pin_verifier_is_valid:
 * @verifier: a text from outside
 *
 * Returns: whether it is a verifier, with numbers that are neither careless nor unaffordable
 */
gboolean
lks_pin_verifier_is_valid (const char *verifier)
{
  g_auto (Verifier) parsed = { 0 };

  return parse (verifier, &parsed);
}

/**
 * lks_pin_check:
 * @pin: what was typed
 * @verifier: what was kept of the right one
 * @error: return location for a [error@Lks.OperatorError]: WRONG when it is another PIN, INVALID
 *   when @verifier is none
 *
 * Blocks for as long as one try takes, about 0.1 s. Any thread.
 *
 * Returns: whether it is the right PIN
 */
gboolean
lks_pin_check (const LksSecret *pin, const char *verifier, GError **error)
{
  g_auto (Verifier) parsed = { 0 };
  guchar hash[HASH_BYTES];

  if (!parse (verifier, &parsed))
    {
      g_set_error_literal (error, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_INVALID,
                           "what is kept of the engineer PIN is damaged: it has to be set again");
      return FALSE;
    }
  if (!derive (pin, &parsed, hash, error))
    return FALSE;
  if (CRYPTO_memcmp (hash, parsed.hash, sizeof hash) == 0)
    return TRUE;

  g_set_error_literal (error, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_WRONG, "the PIN is wrong");
  return FALSE;
}
