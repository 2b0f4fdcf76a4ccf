/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of a recipe while somebody writes it: legal or not. */
#include "lks-recipe-draft.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ID "\"00000000-0000-0000-0000-000000000000\""

/* Everything that data/recipe.schema.json knows beyond what every recipe has. */
static const LksDraftMember members[] = {
  { "product", N_ ("Product"), "\"Product\"" },
  { "deviceGroup", N_ ("Device group"), "\"Device group\"" },
  { "allowSkipModule1", N_ ("Blank to DeviceComplete in one step"), "true" },
  { "osList", N_ ("List of OS versions"), "\"mt3620an.json\"" },
  { "osListSha256", N_ ("SHA-256 of that list"), "\"\"" },
  { "absentComponents", N_ ("Components that must be absent"), "[" ID "]" },
  { "boardConfiguration", N_ ("Board configuration"), "{ \"componentId\": " ID " }" },
  { "noWifiNetworks", N_ ("No Wi-Fi networks"), "true" },
  { "wifiNetworks", N_ ("Wi-Fi networks"), "[{ \"ssid\": \"name\", \"security\": \"psk\" }]" },
  { "noCertificates", N_ ("No certificates"), "true" },
  { "certificates", N_ ("Certificates"), "[{ \"id\": \"root-ca\", \"validDays\": 365 }]" },
  { "interfaces", N_ ("Network interfaces"), "[{ \"name\": \"eth0\", \"up\": true }]" },
  { "noCapabilities", N_ ("No capabilities"), "true" },
  { "minimumRestApiVersion", N_ ("Oldest REST version"), "\"4.0.0\"" },
  { "label", N_ ("Label of the unit"), "{ \"pattern\": \"[0-9]{6}\", \"required\": true }" },
  { "allowArmed", N_ ("Start when a board is plugged in"), "true" },
  { "mayWaive", N_ ("Checks that may be waived"),
    "[{ \"check\": \"certificates\", \"by\": \"engineer\" }]" },
  { "claim", N_ ("Claim into a catalog"),
    "{ \"policy\": \"before-lock\", \"catalog\": "
    "\"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/GROUP/providers/"
    "Microsoft.AzureSphere/catalogs/CATALOG\" }" },
  { "limits", N_ ("Time limits"), "{ \"checkSeconds\": 60, \"stepSeconds\": 20 }" },
  { "restart", N_ ("Proof of the restart"),
    "{ \"waitSeconds\": 60, \"powerCycleSeconds\": 120, \"alwaysProve\": false }" },
};

/**
 * lks_recipe_draft_list_members:
 * @out_members: (out): how many
 *
 * Returns: (transfer none) (array length=out_members): what can be added to a recipe
 */
const LksDraftMember *
lks_recipe_draft_list_members (guint *out_members)
{
  *out_members = G_N_ELEMENTS (members);
  return members;
}

/**
 * lks_recipe_draft_new:
 *
 * Returns: (transfer full): what every recipe has; no version is guessed, so it is not legal yet
 */
char *
lks_recipe_draft_new (void)
{
  return g_strdup ("{\n"
                   "  \"name\": \"New recipe\",\n"
                   "  \"targetState\": \"DeviceComplete\",\n"
                   "  \"allowedOsVersions\": [],\n"
                   "  \"images\": []\n"
                   "}\n");
}

static const LksDraftMember *
find_member (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    if (g_str_equal (members[i].member, name))
      return &members[i];

  return NULL;
}

/**
 * lks_recipe_draft_add:
 * @text: a draft
 * @member: one that can be added
 *
 * Adds an example of @member behind everything else. Nothing else of the text is touched, be it
 * legal or not.
 *
 * Returns: (transfer full): the new text
 */
char *
lks_recipe_draft_add (const char *text, const char *member)
{
  const LksDraftMember *found = find_member (member);
  const char *brace = strrchr (text, '}');
  gsize length = brace != NULL ? (gsize) (brace - text) : strlen (text);
  g_autofree char *before = NULL;
  gboolean is_first;

  g_return_val_if_fail (found != NULL, NULL);

  before = g_strchomp (g_strndup (text, length));
  is_first = g_str_has_suffix (before, "{") || g_str_has_suffix (before, ",");
  return g_strdup_printf ("%s%s\n  \"%s\": %s\n%s", before, is_first ? "" : ",", found->member,
                          found->example, brace != NULL ? brace : "}\n");
}

/**
 * lks_recipe_draft_has:
 * @text: a draft
 * @member: the name of a member
 *
 * Returns: whether the text seems to have it already
 */
gboolean
lks_recipe_draft_has (const char *text, const char *member)
{
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", member);

  return strstr (text, quoted) != NULL;
}

/**
 * lks_recipe_draft_find_line:
 * @name: what the draft was called when it was parsed
 * @message: why it is not legal, "NAME:LINE: reason" or "NAME: reason"
 * @out_reason: (out) (transfer none): the reason alone
 *
 * Returns: the line that is meant, from 1; 0 when it is the draft as a whole
 */
guint
lks_recipe_draft_find_line (const char *name, const char *message, const char **out_reason)
{
  char *end;
  guint64 line;

  *out_reason = message;
  if (!g_str_has_prefix (message, name) || message[strlen (name)] != ':')
    return 0;

  message += strlen (name) + 1;
  line = g_ascii_strtoull (message, &end, 10);
  *out_reason = end > message && *end == ':' ? end + 1 : message;
  while (**out_reason == ' ')
    (*out_reason)++;
  return end > message && line <= G_MAXUINT ? (guint) line : 0;
}
