/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-session.h"

/* What is read as a session is written as the same one. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = g_bytes_new (data, size);
  g_autoptr (LksSession) session = lks_session_parse (text, &error);
  g_autoptr (GBytes) built = NULL;
  g_autoptr (LksSession) again = NULL;
  g_autoptr (GBytes) rebuilt = NULL;

  FUZZ_ASSERT_VALUE_OR_ERROR (session, error);
  if (session == NULL)
    return 0;

  built = lks_session_build (session);
  again = lks_session_parse (built, NULL);
  g_assert (again != NULL);
  rebuilt = lks_session_build (again);
  g_assert (g_bytes_equal (built, rebuilt));
  return 0;
}
