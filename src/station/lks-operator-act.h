/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksOperatorRole:
 * @LKS_OPERATOR_ROLE_NONE: "none": nobody has signed in
 * @LKS_OPERATOR_ROLE_OPERATOR: "operator": works at the station
 * @LKS_OPERATOR_ROLE_ENGINEER: "engineer": says how the station works
 *
 * Each role may do what those before it may do.
 */
typedef enum {
  LKS_OPERATOR_ROLE_NONE,
  LKS_OPERATOR_ROLE_OPERATOR,
  LKS_OPERATOR_ROLE_ENGINEER,
} LksOperatorRole;

#define LKS_TYPE_OPERATOR_ROLE (lks_operator_role_get_type ())
GType           lks_operator_role_get_type (void);

/**
 * LksOperatorAct:
 * @LKS_OPERATOR_ACT_LOOK: "look": see boards, their state and the records
 * @LKS_OPERATOR_ACT_FINALIZE: "finalize": check and lock boards
 * @LKS_OPERATOR_ACT_SERVICE: "service": servicing sessions and what is done in them
 * @LKS_OPERATOR_ACT_WAIVE: "waive": let a board through although a check failed
 * @LKS_OPERATOR_ACT_CHANGE_RECIPE: "change-recipe": make, edit and choose recipes
 * @LKS_OPERATOR_ACT_TEACH: "teach": teach the places of the jig
 * @LKS_OPERATOR_ACT_CAPABILITIES: "capabilities": use the vault
 * @LKS_OPERATOR_ACT_CLOUD: "cloud": sign in to the cloud and change things there
 * @LKS_OPERATOR_ACT_DEVELOP: "develop": prepare boards for development
 * @LKS_OPERATOR_ACT_PREFERENCES: "preferences": change how this station works
 * @LKS_OPERATOR_ACT_LEAVE: "leave": leave the station mode
 *
 * What can be done at a station, as far as it matters who does it.
 */
typedef enum {
  LKS_OPERATOR_ACT_LOOK,
  LKS_OPERATOR_ACT_FINALIZE,
  LKS_OPERATOR_ACT_SERVICE,
  LKS_OPERATOR_ACT_WAIVE,
  LKS_OPERATOR_ACT_CHANGE_RECIPE,
  LKS_OPERATOR_ACT_TEACH,
  LKS_OPERATOR_ACT_CAPABILITIES,
  LKS_OPERATOR_ACT_CLOUD,
  LKS_OPERATOR_ACT_DEVELOP,
  LKS_OPERATOR_ACT_PREFERENCES,
  LKS_OPERATOR_ACT_LEAVE,
} LksOperatorAct;

#define LKS_TYPE_OPERATOR_ACT (lks_operator_act_get_type ())
GType           lks_operator_act_get_type (void);

LksOperatorRole lks_operator_act_get_role    (LksOperatorAct act);
const char     *lks_operator_act_get_refusal (LksOperatorAct act);

G_END_DECLS
