/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a recipe says, whether this station may use it, and who answers for it. */
#include "lks-cli-output.h"
#include "lks-cli-secret.h"
#include "lks-cli.h"
#include "lks-enums.h"
#include "lks-json.h"
#include "lks-recipe-claim.h"
#include "lks-recipe-signature.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define KEY_MAX_BYTES 16384
#define PASSPHRASE_MAX_BYTES 1024

/* ---- check, show ---- */

static JsonNode *
build_recipe (LksRecipe *recipe, const GError *refusal)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  lks_json_set_text (object, "name", lks_recipe_get_name (recipe));
  lks_json_set_text (object, "hash", lks_recipe_get_hash (recipe));
  lks_json_set_text (object, "signature",
                     lks_enum_to_nick (LKS_TYPE_RECIPE_SIGNATURE,
                                       (int) lks_recipe_get_signature (recipe)));
  lks_json_set_text (object, "signer", lks_recipe_get_signer (recipe));
  lks_json_set_text (object, "signerKey", lks_recipe_get_signer_key (recipe));
  json_object_set_boolean_member (object, "isAllowedHere", refusal == NULL);
  json_object_set_member (object, "recipe", json_from_string (lks_recipe_get_text (recipe), NULL));
  json_object_set_member (object, "error", lks_cli_error_to_json (refusal));
  json_node_set_object (node, object);
  return node;
}

static void
print_field (const char *label, const char *text)
{
  g_autofree char *clean = text != NULL ? lks_cli_clean (text) : g_strdup ("–");

  printf ("%-13s %s\n", label, clean);
}

static void
print_signature (LksRecipe *recipe)
{
  switch (lks_recipe_get_signature (recipe))
    {
    case LKS_RECIPE_SIGNATURE_NONE:
      print_field ("Signature", "none");
      break;
    case LKS_RECIPE_SIGNATURE_UNCHECKED:
      print_field ("Signature", "not checked: this station knows no key for recipes");
      break;
    case LKS_RECIPE_SIGNATURE_GOOD:
      print_field ("Signed by", lks_recipe_get_signer (recipe));
      print_field ("With the key", lks_recipe_get_signer_key (recipe));
      break;
    }
}

static void
print_claim (LksRecipe *recipe)
{
  const LksRecipeClaim *claim = lks_recipe_get_claim (recipe);
  g_autofree char *place = claim != NULL ? lks_recipe_claim_tell (claim) : NULL;
  g_autofree char *text = NULL;

  if (claim == NULL)
    return;
  text = g_strdup_printf ("%s: %s", lks_enum_to_nick (LKS_TYPE_CLAIM_POLICY, (int) claim->policy),
                          place);
  print_field ("Claim", text);
  print_field ("Catalog", claim->catalog_id);
}

static void
print_recipe (LksRecipe *recipe)
{
  g_autofree char *versions =
      g_strjoinv (", ", (char **) lks_recipe_get_allowed_os_versions (recipe));

  print_field ("Recipe", lks_recipe_get_name (recipe));
  print_field ("Product", lks_recipe_get_product (recipe));
  print_field ("Device group", lks_recipe_get_device_group (recipe));
  print_field ("Target state", lks_enum_to_nick (LKS_TYPE_TARGET_STATE,
                                                 (int) lks_recipe_get_target_state (recipe)));
  print_field ("OS versions", versions);
  print_claim (recipe);
  print_field ("Hash", lks_recipe_get_hash (recipe));
  print_signature (recipe);
}

/* "show" is for people who want to see it, "check" for scripts that want to use it. */
static int
look_at (int argc, char **argv, const char *command, const char *summary, gboolean is_check)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print a JSON object", NULL },
    { NULL },
  };
  g_autoptr (LksRecipe) recipe = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) refusal = NULL;

  if (!lks_cli_parse (entries, command, summary, &argc, &argv, &error))
    return (int) lks_cli_report_error (error, json);
  if (argc != 2)
    {
      g_set_error_literal (&error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                           "The file of one recipe is needed");
      return (int) lks_cli_report_error (error, json);
    }
  if ((recipe = lks_recipe_load (argv[1], &error)) == NULL)
    return (int) lks_cli_report_error (error, json);

  lks_recipe_check_station (recipe, &refusal);
  if (json)
    {
      g_autoptr (JsonNode) node = build_recipe (recipe, refusal);

      lks_cli_print_json (node);
    }
  else if (is_check)
    printf ("%s: a legal recipe\n", lks_recipe_get_name (recipe));
  else
    print_recipe (recipe);
  if (refusal == NULL)
    return LKS_CLI_EXIT_DONE;

  lks_cli_print_error (argv[1], refusal);
  return is_check ? (int) lks_cli_exit_for_error (refusal) : LKS_CLI_EXIT_DONE;
}

static int
check (int argc, char **argv)
{
  return look_at (argc, argv, "recipe check FILE",
                  "Checks whether a recipe is legal, and whether this station may use it.", TRUE);
}

static int
show (int argc, char **argv)
{
  return look_at (argc, argv, "recipe show FILE", "Shows what a recipe says and who signed it.",
                  FALSE);
}

/* ---- sign, new-key ---- */

typedef struct
{
  char *key;
  LksCliSecretSource source;
  gboolean json;
} SignOptions;

static void
sign_options_clear (SignOptions *self)
{
  g_free (self->key);
  lks_cli_secret_source_clear (&self->source);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SignOptions, sign_options_clear)

static LksSecret *
read_passphrase (const SignOptions *options, const char *prompt, GError **error)
{
  return lks_cli_secret_read (&options->source, prompt,
                              "--passphrase-file FILE or --passphrase-stdin", PASSPHRASE_MAX_BYTES,
                              error);
}

/* A passphrase is asked for only when the file is encrypted. */
static LksStationKey *
load_key (const SignOptions *options, GError **error)
{
  g_autoptr (LksSecret) pem = lks_station_key_read_file (options->key, error);
  g_autoptr (LksSecret) passphrase = NULL;

  if (pem == NULL)
    return NULL;
  if (lks_station_key_is_encrypted (pem) &&
      (passphrase = read_passphrase (options, "Passphrase of the key", error)) == NULL)
    return NULL;

  return lks_station_key_unlock (pem, passphrase, options->key, error);
}

static int
sign (int argc, char **argv)
{
  g_auto (SignOptions) options = { NULL };
  const GOptionEntry entries[] = {
    { "key", 'k', 0, G_OPTION_ARG_FILENAME, &options.key, "The private key, a PEM file", "FILE" },
    { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &options.source.file,
      "Read the key's passphrase from a file or a pipe", "FILE" },
    { "passphrase-stdin", 0, 0, G_OPTION_ARG_NONE, &options.source.from_stdin,
      "Read the key's passphrase from standard input", NULL },
    { "passphrase", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_CALLBACK, lks_cli_secret_refuse_cb, NULL,
      NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print a JSON object", NULL },
    { NULL },
  };
  g_autoptr (LksStationKey) key = NULL;
  g_autofree char *signature_path = NULL;
  g_autoptr (GError) error = NULL;

  if (lks_cli_parse (entries, "recipe sign FILE",
                     "Signs a recipe: writes FILE.sig. An illegal recipe is not signed.", &argc,
                     &argv, &error) &&
      (argc != 2 || options.key == NULL))
    g_set_error_literal (&error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                         "The file of one recipe and --key FILE are needed");
  if (error != NULL || (key = load_key (&options, &error)) == NULL ||
      !lks_recipe_sign_file (argv[1], key, &error))
    return (int) lks_cli_report_error (error, options.json);

  signature_path = lks_recipe_dup_signature_path (argv[1]);
  if (options.json)
    {
      g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

      json_node_take_object (node, json_object_new ());
      lks_json_set_text (json_node_get_object (node), "signatureFile", signature_path);
      lks_json_set_text (json_node_get_object (node), "signerKey",
                         lks_station_key_get_fingerprint (key));
      lks_cli_print_json (node);
    }
  else
    printf ("%s: signed with the key %s\n", signature_path, lks_station_key_get_fingerprint (key));
  return LKS_CLI_EXIT_DONE;
}

static gboolean
save_key (const SignOptions *options,
          const LksStationKey *key,
          const char *path,
          gboolean is_encrypted,
          GError **error)
{
  g_autoptr (LksSecret) passphrase = NULL;
  g_autofree char *public_path = g_strconcat (path, ".pub", NULL);

  if (is_encrypted &&
      (passphrase = read_passphrase (options, "Passphrase for the new key", error)) == NULL)
    return FALSE;
  if (!lks_station_key_save_protected (key, path, passphrase, error))
    return FALSE;
  if (g_file_set_contents_full (public_path, lks_station_key_get_pem (key), -1,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644,
                                error))
    return TRUE;

  g_unlink (path);
  return FALSE;
}

static int
new_key (int argc, char **argv)
{
  g_auto (SignOptions) options = { NULL };
  gboolean is_encrypted = FALSE;
  const GOptionEntry entries[] = {
    { "encrypt", 0, 0, G_OPTION_ARG_NONE, &is_encrypted, "Protect it with a passphrase", NULL },
    { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &options.source.file,
      "Read the passphrase from a file or a pipe", "FILE" },
    { "passphrase-stdin", 0, 0, G_OPTION_ARG_NONE, &options.source.from_stdin,
      "Read the passphrase from standard input", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print a JSON object", NULL },
    { NULL },
  };
  g_autoptr (LksStationKey) key = NULL;
  g_autoptr (GError) error = NULL;

  if (lks_cli_parse (entries, "recipe new-key FILE",
                     "Makes a key that signs recipes: FILE for whoever signs, FILE.pub for the "
                     "stations.",
                     &argc, &argv, &error) &&
      argc != 2)
    g_set_error_literal (&error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                         "The name of one new file is needed");
  if (error != NULL || (key = lks_station_key_generate (&error)) == NULL ||
      !save_key (&options, key, argv[1], is_encrypted, &error))
    return (int) lks_cli_report_error (error, options.json);

  if (options.json)
    {
      g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

      json_node_take_object (node, json_object_new ());
      lks_json_set_text (json_node_get_object (node), "signerKey",
                         lks_station_key_get_fingerprint (key));
      lks_json_set_text (json_node_get_object (node), "publicKey", lks_station_key_get_pem (key));
      lks_cli_print_json (node);
    }
  else
    printf ("%s: keep it to yourself\n%s.pub: copy it to every station, as "
            "/etc/xdg/locksmith/recipe-keys.d/NAME.pem\nKey: %s\n",
            argv[1], argv[1], lks_station_key_get_fingerprint (key));
  return LKS_CLI_EXIT_DONE;
}

/* ---- the command ---- */

static const struct
{
  const char *verb;
  const char *summary;
  int (*run) (int argc, char **argv);
} verbs[] = {
  { "check", "Is it legal, and may this station use it?", check },
  { "show", "What it says and who signed it", show },
  { "sign", "Sign it with a key", sign },
  { "new-key", "Make a key that signs recipes", new_key },
};

static void
print_help (FILE *stream)
{
  fputs ("Usage: locksmithctl recipe check|show|sign|new-key FILE [OPTION…]\n\n", stream);
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    fprintf (stream, "  %-8s  %s\n", verbs[i].verb, verbs[i].summary);
}

/**
 * lks_cli_recipe:
 * @argc: how many arguments
 * @argv: the arguments; the first is the command, the second what to do with a recipe
 *
 * Checks, shows and signs recipes.
 *
 * Returns: the exit status
 */
int
lks_cli_recipe (int argc, char **argv)
{
  gboolean help;

  for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (verbs[i].verb, argv[1]) == 0)
      return verbs[i].run (argc - 1, argv + 1);

  help = argc > 1 && (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0);
  print_help (help ? stdout : stderr);
  return help ? LKS_CLI_EXIT_DONE : LKS_CLI_EXIT_USAGE;
}
