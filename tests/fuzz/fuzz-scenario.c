/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "emu-scenario.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EmuScenario) value = emu_scenario_parse ("fuzz", data, size, 0, &error);

  FUZZ_ASSERT_VALUE_OR_ERROR (value, error);
  return 0;
}
