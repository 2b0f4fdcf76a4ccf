/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-name.h"

#include "lks-cloud-error.h"

#include <string.h>

/* The rules of the contract (2024-04-01), as sentences and as classes of characters. */
static const struct
{
  const char *what;
  gsize min;
  gsize max;
  const char *inside; /* allowed beside letters and digits */
  const char *edges;  /* of these, allowed as the first and the last character */
  const char *sentence;
} rules[] = {
  [LKS_CLOUD_NAME_RESOURCE_GROUP] = { "resource group", 1, 90, "-_.() ", "-_()",
                                      "1 to 90 letters, digits, and - _ . ( )" },
  [LKS_CLOUD_NAME_CATALOG] = { "catalog", 1, 50, "-_", "-_", "1 to 50 letters, digits, - and _" },
  [LKS_CLOUD_NAME_PRODUCT] = { "product", 3, 50, "_ ", "_",
                               "3 to 50 letters, digits, _ and blanks, no blank at the ends" },
  [LKS_CLOUD_NAME_GROUP] = { "device group", 1, 50, " ", "",
                             "1 to 50 letters, digits and blanks, no blank at the ends" },
};

static gboolean
is_allowed (char character, const char *others)
{
  return g_ascii_isalnum (character) || (character != '\0' && strchr (others, character) != NULL);
}

/**
 * lks_cloud_name_judge:
 * @kind: what the name is for
 * @name: a name, perhaps half typed
 *
 * Judges a name by the service's rules. Names that begin with a dot are reserved: nothing can be
 * called so.
 *
 * Returns: what is wrong with it first
 */
LksCloudNameFlaw
lks_cloud_name_judge (LksCloudNameKind kind, const char *name)
{
  gsize length = strlen (name);

  for (const char *at = name; *at != '\0'; at++)
    if (!is_allowed (*at, rules[kind].inside))
      return LKS_CLOUD_NAME_CHARACTER;
  if (length < rules[kind].min)
    return LKS_CLOUD_NAME_SHORT;
  if (length > rules[kind].max)
    return LKS_CLOUD_NAME_LONG;
  return is_allowed (name[0], rules[kind].edges) && is_allowed (name[length - 1], rules[kind].edges)
             ? LKS_CLOUD_NAME_GOOD
             : LKS_CLOUD_NAME_EDGE;
}

/**
 * lks_cloud_name_get_bounds:
 * @kind: what the name is for
 * @out_min: (out): how many characters it has at least
 * @out_max: (out): and at most
 */
void
lks_cloud_name_get_bounds (LksCloudNameKind kind, guint *out_min, guint *out_max)
{
  *out_min = (guint) rules[kind].min;
  *out_max = (guint) rules[kind].max;
}

/**
 * lks_cloud_name_check:
 * @kind: what the name is for
 * @name: a name that somebody chose for something new
 * @error: return location for a [error@Lks.CloudError], INVALID_ARGUMENT
 *
 * Checks a name as lks_cloud_name_judge() does, so that the person learns at once what is wrong.
 *
 * Returns: whether the service will accept it
 */
gboolean
lks_cloud_name_check (LksCloudNameKind kind, const char *name, GError **error)
{
  if (lks_cloud_name_judge (kind, name) == LKS_CLOUD_NAME_GOOD)
    return TRUE;

  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT,
               "“%s” cannot be the name of a %s: it has %s", name, rules[kind].what,
               rules[kind].sentence);
  return FALSE;
}
