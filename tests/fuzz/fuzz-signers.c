/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-signers.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) pem = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksSigners) signers = lks_signers_new ();
  gboolean added = lks_signers_add_pem (signers, "fuzz", pem, &error);

  FUZZ_ASSERT_VALUE_OR_ERROR (added ? signers : NULL, error);
  g_assert_true (added == (lks_signers_get_added (signers) > 0));
  return 0;
}
