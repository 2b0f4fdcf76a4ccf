/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-board.h"

#include <glib/gstdio.h>

/* A fresh board in which everything is possible. Keys are made once in a folder that is gone
 * as soon as they are read. */
static inline EmuBoard *
fuzz_board_new (void)
{
  static const char text[]
      = "{\"defaults\":{\"capabilities\":[11],\"ethernetAddress\":\"02:00:00:00:00:01\","
        "\"wifiNetworks\":[{\"ssid\":\"Factory\"}],\"wifiFailures\":[{\"ssid\":\"Guest\"}],"
        "\"images\":[{\"name\":\"gdbserver\","
        "\"componentId\":\"e0000000-0000-4000-8000-00000000000e\"}]}}";
  static EmuKeys *keys;
  static EmuScenario *scenario;

  if (keys == NULL)
    {
      g_autofree char *folder = g_dir_make_tmp ("fuzz-emulator-XXXXXX", NULL);
      g_autofree char *production = g_build_filename (folder, "signer-production.pem", NULL);
      g_autofree char *signer = g_build_filename (folder, EMU_KEYS_SIGNER_FILE, NULL);
      g_autofree char *sdk = g_build_filename (folder, "signer-sdk.pem", NULL);

      keys = emu_keys_open (folder, NULL);
      scenario = emu_scenario_parse ("fuzz", text, sizeof text - 1, 0, NULL);
      g_assert_nonnull (keys);
      g_assert_nonnull (scenario);
      g_unlink (production);
      g_unlink (sdk);
      g_unlink (signer);
      g_rmdir (folder);
    }

  return emu_board_new (scenario, 0, keys, NULL);
}

static inline void
fuzz_board_free (EmuBoard *board)
{
  emu_board_power_off (board);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (board);
}
