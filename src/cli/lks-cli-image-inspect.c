/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-image.h"

#include "lks-cli-output.h"
#include "lks-cli-work.h"
#include "lks-image-facts.h"
#include "lks-peripheral.h"
#include "lks-sideload-plan.h"

#include <stdio.h>

static void
print_fact (const char *label, const char *text)
{
  g_autofree char *clean = lks_cli_clean (text);

  printf ("  %-17s %s\n", label, clean);
}

/**
 * lks_cli_print_inspection:
 * @file: the file's name
 * @inspection: what it says
 *
 * Prints everything about an image on stdout.
 */
void
lks_cli_print_inspection (const char *file, const LksImageInspection *inspection)
{
  g_autofree char *clean = lks_cli_clean (file);
  g_autoptr (GPtrArray) facts = lks_image_inspection_list_facts (inspection);

  printf ("%s\n", clean);
  for (guint i = 0; i < facts->len; i++)
    {
      const LksImageFact *fact = g_ptr_array_index (facts, i);

      print_fact (fact->title, fact->words != NULL ? fact->words : fact->value);
    }
  for (guint i = 0; i < inspection->flaws->len; i++)
    print_fact ("Wrong", ((const LksImageFlaw *) g_ptr_array_index (inspection->flaws, i))->detail);
}

/* ---- several packages ---- */

static GPtrArray *
find_clashes (const LksImageInspection *one, const LksImageInspection *other)
{
  return one->manifest != NULL && other->manifest != NULL
             ? lks_manifest_find_clashes (one->manifest, other->manifest)
             : g_ptr_array_new ();
}

static void
add_clash (JsonArray *array, guint one, guint other, const LksClash *clash)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "file", one);
  json_object_set_int_member (object, "otherFile", other);
  json_object_set_string_member (object, "peripheral", clash->one);
  json_object_set_string_member (object, "otherPeripheral", clash->other);
  json_object_set_boolean_member (object, "isCertain", clash->kind == LKS_CLASH_KIND_CERTAIN);
  json_array_add_object_element (array, object);
}

static void
print_clash (const LksSideloadPackage *one, const LksSideloadPackage *other, const LksClash *clash)
{
  g_autofree char *name = lks_cli_clean (lks_image_inspection_get_name (one->inspection));
  g_autofree char *other_name = lks_cli_clean (lks_image_inspection_get_name (other->inspection));
  g_autofree char *peripheral = lks_cli_clean (clash->one);
  g_autofree char *other_peripheral = lks_cli_clean (clash->other);

  printf ("“%s” and “%s” %s together: %s and %s.\n", name, other_name,
          clash->kind == LKS_CLASH_KIND_CERTAIN ? "cannot run" : "perhaps cannot run", peripheral,
          other_peripheral);
}

/* Two packages of one component replace each other. */
static gboolean
tell_clashes (GPtrArray *packages, JsonArray *array)
{
  gboolean is_certain = FALSE;

  for (guint one = 0; one < packages->len; one++)
    for (guint other = one + 1; other < packages->len; other++)
      {
        const LksSideloadPackage *first = g_ptr_array_index (packages, one);
        const LksSideloadPackage *second = g_ptr_array_index (packages, other);
        g_autoptr (GPtrArray) clashes = NULL;

        if (g_str_equal (first->inspection->metadata->component_id,
                         second->inspection->metadata->component_id))
          continue;
        clashes = find_clashes (first->inspection, second->inspection);
        for (guint i = 0; i < clashes->len; i++)
          {
            const LksClash *clash = g_ptr_array_index (clashes, i);

            is_certain |= clash->kind == LKS_CLASH_KIND_CERTAIN;
            if (array != NULL)
              add_clash (array, one, other, clash);
            else
              print_clash (first, second, clash);
          }
      }
  return is_certain;
}

static gboolean
load_all (char **files, GPtrArray *packages, GError **error)
{
  g_autoptr (LksManifestStore) store = NULL;
  g_autofree char *folder = lks_manifest_store_dup_default_path ();

  store = lks_manifest_store_new (folder);
  for (gsize i = 0; files[i] != NULL; i++)
    {
      LksSideloadPackage *package = lks_sideload_package_load (files[i], error);

      if (package == NULL)
        return FALSE;
      lks_manifest_store_add (store, package->bytes, package->inspection);
      g_ptr_array_add (packages, package);
    }
  return TRUE;
}

static gboolean
print_document (GPtrArray *packages)
{
  JsonObject *document = json_object_new ();
  JsonArray *images = json_array_new ();
  JsonArray *clashes = json_array_new ();
  gboolean is_clashing = tell_clashes (packages, clashes);

  for (guint i = 0; i < packages->len; i++)
    {
      const LksSideloadPackage *package = g_ptr_array_index (packages, i);
      g_autoptr (JsonNode) node = lks_image_inspection_to_json (package->inspection);
      JsonObject *image = json_node_dup_object (node);

      json_object_set_string_member (image, "file", package->name);
      json_array_add_object_element (images, image);
    }
  json_object_set_array_member (document, "images", images);
  json_object_set_array_member (document, "clashes", clashes);
  json_object_set_null_member (document, "error");
  lks_cli_print_object (document);
  return is_clashing;
}

static gboolean
print_all (GPtrArray *packages)
{
  for (guint i = 0; i < packages->len; i++)
    {
      const LksSideloadPackage *package = g_ptr_array_index (packages, i);

      if (i > 0)
        putchar ('\n');
      lks_cli_print_inspection (package->name, package->inspection);
    }
  return tell_clashes (packages, NULL);
}

/**
 * lks_cli_image_inspect:
 * @argc: how many arguments
 * @argv: the arguments; the first is the verb
 *
 * Says what image packages are, without a board.
 *
 * Returns: the exit status: %LKS_CLI_EXIT_FAIL when something is wrong with one of them, or when
 *   they cannot run together
 */
int
lks_cli_image_inspect (int argc, char **argv)
{
  g_autoptr (GPtrArray) packages = lks_sideload_packages_new ();
  g_autoptr (GError) error = NULL;
  gboolean json = FALSE;
  gboolean is_wrong;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print a JSON object", NULL },
    { NULL },
  };

  if (!lks_cli_parse (entries, "image inspect FILE…",
                      "Says what image packages are: what they need, what they use, who signed "
                      "them, and whether they can run together. Needs no board.",
                      &argc, &argv, &error))
    return (int) lks_cli_report_error (error, json);
  if (argc < 2)
    {
      g_set_error_literal (&error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE, "Name a file");
      return (int) lks_cli_report_error (error, json);
    }
  if (!load_all (argv + 1, packages, &error))
    return (int) lks_cli_report_error (error, json);

  is_wrong = json ? print_document (packages) : print_all (packages);
  for (guint i = 0; i < packages->len; i++)
    is_wrong |=
        ((LksSideloadPackage *) g_ptr_array_index (packages, i))->inspection->flaws->len > 0;
  return is_wrong ? LKS_CLI_EXIT_FAIL : LKS_CLI_EXIT_DONE;
}
