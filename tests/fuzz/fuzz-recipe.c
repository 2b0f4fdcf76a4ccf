/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-recipe-os.h"
#include "lks-recipe.h"

/* The first byte chooses: "v" a list of OS versions, anything else a recipe. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;

  if (size > 0 && data[0] == 'v')
    {
      g_autoptr (GBytes) text = g_bytes_new (data + 1, size - 1);
      g_autoptr (GPtrArray) list = lks_os_list_parse ("fuzz", text, &error);

      FUZZ_ASSERT_VALUE_OR_ERROR (list, error);
    }
  else
    {
      g_autoptr (GBytes) text = g_bytes_new (data, size);
      g_autoptr (LksRecipe) recipe = lks_recipe_parse ("fuzz", "/nowhere", text, &error);

      FUZZ_ASSERT_VALUE_OR_ERROR (recipe, error);
    }
  return 0;
}
