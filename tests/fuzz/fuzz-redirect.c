/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-redirect.h"

/* Any program of this computer can come in the place of a browser. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_auto (LksRedirect) redirect = { 0 };

  lks_redirect_parse (&redirect, (const char *) data, size, "s-1");
  g_assert_true ((redirect.code != NULL) == (redirect.kind == LKS_REDIRECT_CODE));
  g_assert_true (redirect.text == NULL || g_utf8_validate (redirect.text, -1, NULL));
  return 0;
}
