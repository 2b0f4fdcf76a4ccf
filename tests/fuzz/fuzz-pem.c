/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-pem.h"

/* What encrypts the keys of the corpus. */
#define PASSWORD "open sesame"

/* Files that a person chooses as certificate or as key. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) cert_error = NULL;
  g_autoptr (GError) key_error = NULL;
  g_autoptr (LksPemCert) cert = lks_pem_cert_parse ((const char *) data, size, &cert_error);
  g_autoptr (LksSecret) file = lks_secret_new (data, size);
  g_autoptr (LksSecret) password = lks_secret_new (PASSWORD, sizeof PASSWORD - 1);
  LksPemCert of_nobody = { .pem = (char *) "" };
  gboolean is_encrypted = FALSE;
  g_autoptr (LksSecret) key = lks_pem_key_parse (file, &is_encrypted, &key_error);

  FUZZ_ASSERT_VALUE_OR_ERROR (cert, cert_error);
  FUZZ_ASSERT_VALUE_OR_ERROR (key, key_error);
  if (key != NULL)
    g_assert_false (lks_pem_key_check (key, is_encrypted ? password : NULL, &of_nobody, NULL));
  return 0;
}
