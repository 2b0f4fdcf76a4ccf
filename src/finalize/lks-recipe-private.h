/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-json.h"
#include "lks-recipe-claim.h"
#include "lks-recipe-signature.h"
#include "lks-recipe.h"

G_BEGIN_DECLS

struct _LksRecipe
{
  GObject parent_instance;

  char *text; /* (owned): exactly what the hash is of */
  char *hash; /* (owned) */
  char *name;
  char *product; /* (nullable) */
  LksRecipeSignature signature;
  char *signer;     /* (nullable) */
  char *signer_key; /* (nullable) */
  LksTargetState target_state;
  char **allowed_os_versions;
  GPtrArray *os_list; /* (nullable) (element-type LksRecipeOs) */
  char *os_list_hash; /* (nullable) */
  GPtrArray *images;  /* (element-type LksRecipeImage) */
  char **absent_components;
  char *minimum_rest_version;
  char *device_group;  /* (nullable) */
  char *label_pattern; /* (nullable) */
  GRegex *label_regex; /* (nullable): @label_pattern, compiled */
  gboolean is_label_required;
  GPtrArray *networks;     /* (nullable) (element-type LksRecipeNetwork) */
  GPtrArray *certificates; /* (nullable) (element-type LksRecipeCertificate) */
  GPtrArray *interfaces;   /* (nullable) (element-type LksRecipeInterface) */
  LksRecipeImage *board_configuration; /* (nullable) */
  LksRecipeClaim *claim;   /* (nullable) */
  GHashTable *may_waive;   /* (nullable) (element-type utf8 LksWaiverRole) */
  gint64 check_limit_s;    /* 0: none */
  gint64 step_limit_s;     /* 0: none */
  gint64 run_limit_s;      /* 0: none */
  gboolean allow_armed;
  gboolean no_networks;
  gboolean no_certificates;
  gboolean no_capabilities;
  gboolean allow_skip_module1;
  gboolean always_prove_restart;
  gint64 restart_wait_s;
  gint64 power_cycle_wait_s;
};

/* lks-recipe-parse.c */
gboolean lks_recipe_read         (LksRecipe   *self,
                                  LksJson     *json,
                                  const char  *folder,
                                  GError     **error);
gboolean lks_recipe_check_length (LksJson     *json,
                                  JsonNode    *node,
                                  const char  *text,
                                  glong        max,
                                  GError     **error);

gboolean lks_recipe_read_list    (LksJson     *json,
                                  JsonObject  *root,
                                  const char  *member,
                                  JsonArray  **out_list,
                                  GError     **error);

char    *lks_recipe_read_guid    (LksJson     *json,
                                  JsonNode    *node,
                                  GError     **error);

/* lks-recipe-package.c */
gboolean lks_recipe_read_package (LksRecipeImage  *image,
                                  LksJson         *json,
                                  JsonObject      *object,
                                  const char      *folder,
                                  GError         **error);

/* lks-recipe-expect.c */
gboolean lks_recipe_read_expectations (LksRecipe   *self,
                                       LksJson     *json,
                                       JsonObject  *root,
                                       GError     **error);

/* lks-recipe-claim.c */
void     lks_recipe_claim_free   (LksRecipeClaim *self);
gboolean lks_recipe_read_claim   (LksRecipe   *self,
                                  LksJson     *json,
                                  JsonObject  *root,
                                  GError     **error);

/* lks-waiver.c */
gboolean lks_recipe_read_permissions (LksRecipe   *self,
                                      LksJson     *json,
                                      JsonObject  *root,
                                      GError     **error);

/* lks-recipe-signature.c */
gboolean lks_recipe_verify       (LksRecipe   *self,
                                  const char  *path,
                                  GError     **error);

/* lks-recipe.c */
LksRecipe *lks_recipe_load_unverified (const char  *path,
                                       GError     **error);

/* lks-recipe-label.c */
gboolean lks_recipe_read_label   (LksRecipe   *self,
                                  LksJson     *json,
                                  JsonObject  *root,
                                  GError     **error);

G_END_DECLS
