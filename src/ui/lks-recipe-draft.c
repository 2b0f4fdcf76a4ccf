/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of a recipe while somebody writes it: legal or not. */
#include "lks-recipe-draft.h"

#include "lks-json-text.h"
#include "lks-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DRAFT_NAME "recipe"
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

/* ---- one value of it ---- */

static gboolean
is_empty_object (const char *text, const char *path)
{
  gsize start, end;

  if (!lks_json_text_find (text, path, &start, &end) || text[start] != '{')
    return FALSE;
  start++;
  return start + strspn (text + start, " \t\r\n") + 1 == end;
}

/**
 * lks_recipe_draft_set:
 * @text: a draft that is valid JSON
 * @path: which value
 * @value: (nullable): its new JSON text; NULL: it is to go
 *
 * Changes one value and not a byte of anything else. A member that is an object and has nothing any
 * more goes with its last value; a thing of a list stays.
 *
 * Returns: (transfer full) (nullable): the new text; NULL when @path leads through something that
 *   is neither an object nor a list
 */
char *
lks_recipe_draft_set (const char *text, const char *path, const char *value)
{
  g_autofree char *parent = g_strdup (path);
  char *dot = strrchr (parent, '.');
  const char *name;
  g_autofree char *shorter = NULL;

  if (value != NULL)
    return lks_json_text_set (text, path, value);

  shorter = lks_json_text_remove (text, path);
  if (dot == NULL)
    return g_steal_pointer (&shorter);
  *dot = '\0';
  name = strrchr (parent, '.');
  if (g_ascii_isdigit (name != NULL ? name[1] : *parent))
    return g_steal_pointer (&shorter);
  return is_empty_object (shorter, parent) ? lks_json_text_remove (shorter, parent)
                                           : g_steal_pointer (&shorter);
}

static JsonNode *
read_root (const char *text)
{
  g_autoptr (LksJson) json =
      lks_json_parse (DRAFT_NAME, text, strlen (text), LKS_RECIPE_SIZE_MAX_BYTES, NULL);

  return json != NULL ? json_node_ref (lks_json_get_root (json)) : NULL;
}

/**
 * lks_recipe_draft_read_slow:
 * @text: a draft
 *
 * Returns: (transfer full) (nullable): what it says, when checking it takes long, because it seems
 *   to bring images along: some other thread should do that
 */
JsonNode *
lks_recipe_draft_read_slow (const char *text)
{
  return lks_recipe_draft_has (text, "package") ? read_root (text) : NULL;
}

/* The checker names a line: with one value on each it is a value that it names. */
static char *
find_flaw (JsonNode *root, const char *folder)
{
  g_autofree char *pretty = json_to_string (root, TRUE);
  g_autoptr (GBytes) bytes = g_bytes_new (pretty, strlen (pretty));
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecipe) recipe = lks_recipe_parse (DRAFT_NAME, folder, bytes, &error);
  const char *reason;
  guint line =
      recipe == NULL ? lks_recipe_draft_find_line (DRAFT_NAME, error->message, &reason) : 0;

  return lks_json_text_path_at_line (pretty, line);
}

/**
 * lks_recipe_draft_check:
 * @text: a draft
 * @folder: (nullable): where files lie that it names
 * @out_root: (out) (transfer full) (nullable): what it says, legal or not; NULL when it is not
 *   valid JSON
 * @out_path: (out) (transfer full) (nullable): which value makes it illegal; "" is all of it
 * @error: return location for a [error@Lks.ParseError]
 *
 * Asks the checker of recipe files. Reads the files that the draft names. Any thread; blocks.
 *
 * Returns: (transfer full): the recipe, or NULL with @error set
 */
LksRecipe *
lks_recipe_draft_check (const char *text,
                        const char *folder,
                        JsonNode **out_root,
                        char **out_path,
                        GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  LksRecipe *recipe = lks_recipe_parse (DRAFT_NAME, folder, bytes, error);

  *out_path = NULL;
  *out_root = read_root (text);
  if (recipe == NULL && *out_root != NULL)
    *out_path = find_flaw (*out_root, folder);
  return recipe;
}
