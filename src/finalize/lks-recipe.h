/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define LKS_RECIPE_SIZE_MAX_BYTES (1024 * 1024)
#define LKS_RECIPE_LABEL_CHARACTERS_MAX 100

/**
 * LksRecipeError:
 * @LKS_RECIPE_ERROR_LABEL_MISSING: the recipe demands a label and there is none
 * @LKS_RECIPE_ERROR_LABEL_MISMATCH: a label is not as the recipe demands
 * @LKS_RECIPE_ERROR_UNSIGNED: this station takes only signed recipes, and this one is not
 * @LKS_RECIPE_ERROR_BAD_SIGNATURE: it was changed after it was signed, or an unknown one signed it
 * @LKS_RECIPE_ERROR_SETTING: what the administrator says about recipes cannot be read
 * @LKS_RECIPE_ERROR_WAIVER: a check may not be waived, or not so
 *
 * Why a recipe may not be used. Nicks: "label-missing", "label-mismatch", "unsigned",
 * "bad-signature", "setting",
 * "waiver".
 */
typedef enum {
  LKS_RECIPE_ERROR_LABEL_MISSING = 1,
  LKS_RECIPE_ERROR_LABEL_MISMATCH,
  LKS_RECIPE_ERROR_UNSIGNED,
  LKS_RECIPE_ERROR_BAD_SIGNATURE,
  LKS_RECIPE_ERROR_SETTING,
  LKS_RECIPE_ERROR_WAIVER,
} LksRecipeError;

#define LKS_RECIPE_ERROR (lks_recipe_error_quark ())
GQuark lks_recipe_error_quark (void);

#define LKS_TYPE_RECIPE_ERROR (lks_recipe_error_get_type ())
GType  lks_recipe_error_get_type (void);

/**
 * LksTargetState:
 * @LKS_TARGET_STATE_MODULE1_COMPLETE: "Module1Complete"
 * @LKS_TARGET_STATE_DEVICE_COMPLETE: "DeviceComplete"
 *
 * The manufacturing states that can be set. Nicks are the device's own words.
 */
typedef enum {
  LKS_TARGET_STATE_MODULE1_COMPLETE = 1,
  LKS_TARGET_STATE_DEVICE_COMPLETE,
} LksTargetState;

#define LKS_TYPE_TARGET_STATE (lks_target_state_get_type ())
GType lks_target_state_get_type (void);

/**
 * LksRecipeImage:
 * @image_id: a GUID, lower case
 * @component_id: (nullable): a GUID, lower case
 * @name: (nullable): for people
 * @package_file: (nullable): the file from which it is loaded when it is missing, as the recipe
 *   names it
 * @package_sha256: (nullable): the hash of @package, 64 lower-case digits; checked
 * @package: (nullable): what is in that file
 */
typedef struct {
  char   *image_id;
  char   *component_id;
  char   *name;
  char   *package_file;
  char   *package_sha256;
  GBytes *package;
} LksRecipeImage;

/**
 * LksRecipeOs:
 * @name: the version as people say it, for example "24.06"
 * @images: (element-type LksRecipeImage): the pairs of which it is made
 */
typedef struct {
  char      *name;
  GPtrArray *images;
} LksRecipeOs;

/**
 * LksRecipeSpec:
 *
 * What somebody wants a recipe to say, before it is checked: the wizard fills this in. NULL and
 * 0 mean "the default". Nothing is owned by the struct.
 */
typedef struct {
  const char         *name;
  const char         *product;
  LksTargetState      target_state;
  const char *const  *allowed_os_versions;
  const char *const  *images;
  const char *const  *absent_components;
  gboolean            allow_networks;
  gboolean            allow_certificates;
  gboolean            allow_capabilities;
  gboolean            allow_skip_module1;
} LksRecipeSpec;

/**
 * LksRecipe:
 *
 * What must be true of a board, and what is to be made true. Immutable; an illegal one cannot
 * exist. May be shared between threads.
 */
#define LKS_TYPE_RECIPE (lks_recipe_get_type ())
G_DECLARE_FINAL_TYPE (LksRecipe, lks_recipe, LKS, RECIPE, GObject)

LksRecipe          *lks_recipe_load                     (const char           *path,
                                                         GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void                lks_recipe_load_async               (const char           *path,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
LksRecipe          *lks_recipe_load_finish              (GAsyncResult         *result,
                                                         GError              **error) G_GNUC_WARN_UNUSED_RESULT;
LksRecipe          *lks_recipe_parse                    (const char           *name,
                                                         const char           *folder,
                                                         GBytes               *text,
                                                         GError              **error) G_GNUC_WARN_UNUSED_RESULT;
LksRecipe          *lks_recipe_new                      (const LksRecipeSpec  *spec,
                                                         GError              **error) G_GNUC_WARN_UNUSED_RESULT;

const char         *lks_recipe_get_text                 (LksRecipe            *self);
char               *lks_recipe_to_json                  (LksRecipe            *self) G_GNUC_WARN_UNUSED_RESULT;
const char         *lks_recipe_get_hash                 (LksRecipe            *self);

const char         *lks_recipe_get_name                 (LksRecipe            *self);
const char         *lks_recipe_get_product              (LksRecipe            *self);
const char         *lks_recipe_get_device_group         (LksRecipe            *self);
LksTargetState      lks_recipe_get_target_state         (LksRecipe            *self);
const char *const  *lks_recipe_get_allowed_os_versions  (LksRecipe            *self);
GPtrArray          *lks_recipe_get_os_list              (LksRecipe            *self);
const char         *lks_recipe_get_os_list_hash         (LksRecipe            *self);
GPtrArray          *lks_recipe_get_images               (LksRecipe            *self);
guint               lks_recipe_count_packages           (LksRecipe            *self);
const char *const  *lks_recipe_get_absent_components    (LksRecipe            *self);
gboolean            lks_recipe_get_no_networks          (LksRecipe            *self);
gboolean            lks_recipe_get_no_certificates      (LksRecipe            *self);
gboolean            lks_recipe_get_no_capabilities      (LksRecipe            *self);
const char         *lks_recipe_get_minimum_rest_version (LksRecipe            *self);
gboolean            lks_recipe_get_allow_skip_module1   (LksRecipe            *self);
gboolean            lks_recipe_get_allow_armed          (LksRecipe            *self);
const char         *lks_recipe_get_label_pattern        (LksRecipe            *self);
gboolean            lks_recipe_get_label_required       (LksRecipe            *self);
gboolean            lks_recipe_uses_labels              (LksRecipe            *self);
gboolean            lks_recipe_match_label              (LksRecipe            *self,
                                                         const char           *label,
                                                         GError              **error);
guint               lks_recipe_get_restart_wait_s       (LksRecipe            *self);
guint               lks_recipe_get_power_cycle_wait_s   (LksRecipe            *self);
gboolean            lks_recipe_get_always_prove_restart (LksRecipe            *self);

G_END_DECLS
