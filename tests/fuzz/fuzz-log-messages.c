/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-log-messages.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksLogMessages) value = lks_log_messages_parse ("definitions", data, size, &error);

  FUZZ_ASSERT_VALUE_OR_ERROR (value, error);
  return 0;
}
