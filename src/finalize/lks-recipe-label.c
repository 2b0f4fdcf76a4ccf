/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-recipe-private.h"

/* A pattern comes from a file, and a label from a scanner: neither may keep a board's worker busy.
 * What a match may cost is said in the pattern itself (pcre2pattern(3), "Setting match resource
 * limits"); sane patterns need some dozens of steps. */
#define COST_LIMIT "(*LIMIT_MATCH=20000)(*LIMIT_DEPTH=2000)"
#define PATTERN_CHARACTERS_MAX 200

GQuark
lks_recipe_error_quark (void)
{
  return g_quark_from_static_string ("lks-recipe-error");
}

G_DEFINE_ENUM_TYPE (LksRecipeError,
                    lks_recipe_error,
                    G_DEFINE_ENUM_VALUE (LKS_RECIPE_ERROR_LABEL_MISSING, "label-missing"),
                    G_DEFINE_ENUM_VALUE (LKS_RECIPE_ERROR_LABEL_MISMATCH, "label-mismatch"),
                    G_DEFINE_ENUM_VALUE (LKS_RECIPE_ERROR_UNSIGNED, "unsigned"),
                    G_DEFINE_ENUM_VALUE (LKS_RECIPE_ERROR_BAD_SIGNATURE, "bad-signature"),
                    G_DEFINE_ENUM_VALUE (LKS_RECIPE_ERROR_SETTING, "setting"),
                    G_DEFINE_ENUM_VALUE (LKS_RECIPE_ERROR_WAIVER, "waiver"))

/* Alone first: in the parentheses that make it cover the whole label, “a)|(b” would be legal. */
static GRegex *
compile_pattern (const char *pattern, GError **error)
{
  g_autoptr (GRegex) alone = g_regex_new (pattern, 0, 0, error);
  g_autofree char *whole = g_strdup_printf (COST_LIMIT "\\A(?:%s)\\z", pattern);

  return alone != NULL ? g_regex_new (whole, G_REGEX_DOLLAR_ENDONLY, 0, error) : NULL;
}

static gboolean
read_pattern (LksRecipe *self, LksJson *json, JsonObject *label, GError **error)
{
  JsonNode *node = json_object_get_member (label, "pattern");
  g_autoptr (GError) local = NULL;

  if (node == NULL)
    return TRUE;
  if (!lks_json_read_string (json, label, "pattern", &self->label_pattern, error) ||
      !lks_recipe_check_length (json, node, self->label_pattern, PATTERN_CHARACTERS_MAX, error))
    return FALSE;

  /* A verb could lift the limit that is set in front of it. */
  if (g_str_has_prefix (self->label_pattern, "(*"))
    {
      lks_json_set_error (json, node, error, "a pattern must not begin with “(*”");
      return FALSE;
    }

  self->label_regex = compile_pattern (self->label_pattern, &local);
  if (self->label_regex == NULL)
    lks_json_set_error (json, node, error, "“%s” is no regular expression: %s", self->label_pattern,
                        local->message);
  return self->label_regex != NULL;
}

/* "label", when there is one. */
gboolean
lks_recipe_read_label (LksRecipe *self, LksJson *json, JsonObject *root, GError **error)
{
  static const char *const known[] = { "pattern", "required", NULL };
  JsonObject *label;

  if (!json_object_has_member (root, "label"))
    return TRUE;

  return lks_json_read_object (json, root, "label", &label, error) &&
         lks_json_check_members (json, label, known, error) &&
         read_pattern (self, json, label, error) &&
         (!json_object_has_member (label, "required") ||
          lks_json_read_boolean (json, label, "required", &self->is_label_required, error));
}

/* What a scanner sends ends up in records, tables and on screens. */
static gboolean
is_printable (const char *text)
{
  glong length = 0;

  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p), length++)
    if (!g_unichar_isprint (g_utf8_get_char (p)))
      return FALSE;

  return length <= LKS_RECIPE_LABEL_CHARACTERS_MAX;
}

static gboolean
match_pattern (LksRecipe *self, const char *label, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (self->label_regex == NULL ||
      g_regex_match_full (self->label_regex, label, -1, 0, 0, NULL, &local))
    return TRUE;

  if (local != NULL)
    g_set_error (error, LKS_RECIPE_ERROR, LKS_RECIPE_ERROR_LABEL_MISMATCH,
                 "the label “%s” cannot be compared with the recipe's pattern “%s”: %s", label,
                 self->label_pattern, local->message);
  else
    g_set_error (error, LKS_RECIPE_ERROR, LKS_RECIPE_ERROR_LABEL_MISMATCH,
                 "the label “%s” does not match the recipe's pattern “%s”", label,
                 self->label_pattern);
  return FALSE;
}

/**
 * lks_recipe_match_label:
 * @self: a recipe
 * @label: (nullable): the serial number or label of a unit, as it was scanned or typed; NULL or
 *   "" when there is none
 * @error: return location for a [error@Lks.RecipeError]
 *
 * Compares a label with the recipe's pattern, which must cover all of it. Any thread.
 *
 * Returns: whether a unit with this label may be finalized
 */
gboolean
lks_recipe_match_label (LksRecipe *self, const char *label, GError **error)
{
  if (label == NULL || *label == '\0')
    {
      if (!self->is_label_required)
        return TRUE;
      g_set_error_literal (error, LKS_RECIPE_ERROR, LKS_RECIPE_ERROR_LABEL_MISSING,
                           "the recipe demands the unit's label: scan it or type it");
      return FALSE;
    }
  if (!is_printable (label))
    {
      g_set_error (error, LKS_RECIPE_ERROR, LKS_RECIPE_ERROR_LABEL_MISMATCH,
                   "a label has at most %d characters, and only visible ones",
                   LKS_RECIPE_LABEL_CHARACTERS_MAX);
      return FALSE;
    }

  return match_pattern (self, label, error);
}

/**
 * lks_recipe_get_label_pattern:
 * @self: a recipe
 *
 * Returns: (transfer none) (nullable): the regular expression that labels match from beginning to
 *   end; NULL when any will do
 */
const char *
lks_recipe_get_label_pattern (LksRecipe *self)
{
  return self->label_pattern;
}

/**
 * lks_recipe_get_label_required:
 * @self: a recipe
 *
 * Returns: whether no unit may be finalized without a label
 */
gboolean
lks_recipe_get_label_required (LksRecipe *self)
{
  return self->is_label_required;
}

/**
 * lks_recipe_uses_labels:
 * @self: a recipe
 *
 * Returns: whether the recipe says anything about the labels of units: which they are, or that each
 *   has one
 */
gboolean
lks_recipe_uses_labels (LksRecipe *self)
{
  return self->label_pattern != NULL || self->is_label_required;
}
