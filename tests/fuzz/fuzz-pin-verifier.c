/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-pin.h"

/* What an administrator's file or the keyring holds in place of the engineer PIN. Nothing that is
 * tried here may cost memory or time: deriving is left out. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);

  if (lks_pin_verifier_is_valid (text))
    {
      g_assert_true (g_str_has_prefix (text, "scrypt:"));
      g_assert_cmpuint (strlen (text), <=, LKS_PIN_VERIFIER_BYTES_MAX);
    }
  return 0;
}
