/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LksFieldKind:
 * @LKS_FIELD_TEXT: a text
 * @LKS_FIELD_ID: a GUID
 * @LKS_FIELD_NUMBER: a whole number, or nothing
 * @LKS_FIELD_SWITCH: true or false
 * @LKS_FIELD_CHOICE: one of a few words
 *
 * How a value is edited.
 */
typedef enum {
  LKS_FIELD_TEXT,
  LKS_FIELD_ID,
  LKS_FIELD_NUMBER,
  LKS_FIELD_SWITCH,
  LKS_FIELD_CHOICE,
} LksFieldKind;

/**
 * LksFieldChoice:
 * @value: (nullable): what stands in the recipe; NULL: nothing does
 * @title: what it means, to be translated
 */
typedef struct {
  const char *value;
  const char *title;
} LksFieldChoice;

/**
 * LksRecipeField:
 * @path: where the value stands, from the root or from the thing of a list on; "" is that thing
 * @kind: how it is edited
 * @title: what it is called, to be translated
 * @hint: (nullable): what it means, to be translated
 * @choices: (nullable): up to one without a title; the first is what counts when nothing stands
 *   there
 * @is_required: whether it stays, empty, when it is emptied
 * @is_on: a switch: what counts when nothing stands there
 * @waived: (nullable): a check: the value is who may waive it
 *
 * A value of a recipe.
 */
typedef struct {
  const char           *path;
  LksFieldKind          kind;
  const char           *title;
  const char           *hint;
  const LksFieldChoice *choices;
  gboolean              is_required;
  gboolean              is_on;
  const char           *waived;
} LksRecipeField;

/**
 * LksRecipeGroup:
 * @title: what it is called, to be translated
 * @description: (nullable): what it is about, to be translated
 * @fields: up to one without a path
 * @list: (nullable): path of a list; the fields are those of each thing in it
 * @thing: (nullable): what one more of the list is called, to be translated
 * @example: (nullable): what is added to the list, as JSON
 * @shorthand: (nullable): the member that a thing is which is only a text
 * @unlisted: (nullable): what counts without the list, to be translated
 * @none: (nullable): what an empty list means, to be translated
 * @is_required: whether the list stays when its last thing is removed
 *
 * What belongs together.
 */
typedef struct {
  const char           *title;
  const char           *description;
  const LksRecipeField *fields;
  const char           *list;
  const char           *thing;
  const char           *example;
  const char           *shorthand;
  const char           *unlisted;
  const char           *none;
  gboolean              is_required;
} LksRecipeGroup;

const LksRecipeGroup *lks_recipe_group_list_all (guint *out_groups);

G_END_DECLS
