/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may do what at a station that asks people to sign in. This table is all there is to it. */
#include "lks-operator-act.h"

#include <glib/gi18n-lib.h>

G_DEFINE_ENUM_TYPE (LksOperatorRole,
                    lks_operator_role,
                    G_DEFINE_ENUM_VALUE (LKS_OPERATOR_ROLE_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (LKS_OPERATOR_ROLE_OPERATOR, "operator"),
                    G_DEFINE_ENUM_VALUE (LKS_OPERATOR_ROLE_ENGINEER, "engineer"))

G_DEFINE_ENUM_TYPE (LksOperatorAct,
                    lks_operator_act,
                    G_DEFINE_ENUM_VALUE (LKS_OPERATOR_ACT_LOOK, "look"),
                    G_DEFINE_ENUM_VALUE (LKS_OPERATOR_ACT_FINALIZE, "finalize"),
                    G_DEFINE_ENUM_VALUE (LKS_OPERATOR_ACT_SERVICE, "service"),
                    G_DEFINE_ENUM_VALUE (LKS_OPERATOR_ACT_WAIVE, "waive"),
                    G_DEFINE_ENUM_VALUE (LKS_OPERATOR_ACT_CHANGE_RECIPE, "change-recipe"),
                    G_DEFINE_ENUM_VALUE (LKS_OPERATOR_ACT_TEACH, "teach"),
                    G_DEFINE_ENUM_VALUE (LKS_OPERATOR_ACT_CAPABILITIES, "capabilities"),
                    G_DEFINE_ENUM_VALUE (LKS_OPERATOR_ACT_CLOUD, "cloud"),
                    G_DEFINE_ENUM_VALUE (LKS_OPERATOR_ACT_DEVELOP, "develop"),
                    G_DEFINE_ENUM_VALUE (LKS_OPERATOR_ACT_PREFERENCES, "preferences"),
                    G_DEFINE_ENUM_VALUE (LKS_OPERATOR_ACT_LEAVE, "leave"))

static const struct
{
  LksOperatorRole role; /* the least that is needed */
  const char *refusal;  /* (nullable): what whoever lacks it is told */
} acts[] = {
  [LKS_OPERATOR_ACT_LOOK] = { LKS_OPERATOR_ROLE_NONE, NULL },
  [LKS_OPERATOR_ACT_FINALIZE] = { LKS_OPERATOR_ROLE_OPERATOR,
                                  N_ ("Sign in to check and lock boards.") },
  [LKS_OPERATOR_ACT_SERVICE] = { LKS_OPERATOR_ROLE_OPERATOR, N_ ("Sign in to work on boards.") },
  [LKS_OPERATOR_ACT_WAIVE] = { LKS_OPERATOR_ROLE_OPERATOR, /* the recipe may want an engineer */
                               N_ ("Sign in to let a board through that failed a check.") },
  [LKS_OPERATOR_ACT_CHANGE_RECIPE] = { LKS_OPERATOR_ROLE_ENGINEER,
                                       N_ ("Only an engineer may change recipes.") },
  [LKS_OPERATOR_ACT_TEACH] = { LKS_OPERATOR_ROLE_ENGINEER,
                               N_ ("Only an engineer may teach the places of the jig.") },
  [LKS_OPERATOR_ACT_CAPABILITIES] = { LKS_OPERATOR_ROLE_ENGINEER,
                                      N_ ("Only an engineer may use the vault.") },
  [LKS_OPERATOR_ACT_CLOUD] = { LKS_OPERATOR_ROLE_ENGINEER,
                               N_ ("Only an engineer may work with the cloud.") },
  [LKS_OPERATOR_ACT_DEVELOP] = { LKS_OPERATOR_ROLE_ENGINEER,
                                 N_ ("Only an engineer may prepare boards for development.") },
  [LKS_OPERATOR_ACT_PREFERENCES] = { LKS_OPERATOR_ROLE_ENGINEER,
                                     N_ ("Only an engineer may change how this station works.") },
  [LKS_OPERATOR_ACT_LEAVE] = { LKS_OPERATOR_ROLE_ENGINEER,
                               N_ ("Only an engineer may leave the station mode.") },
};

/**
 * lks_operator_act_get_role:
 * @act: what is to be done
 *
 * Returns: the least role that may do it where people have to sign in
 */
LksOperatorRole
lks_operator_act_get_role (LksOperatorAct act)
{
  g_return_val_if_fail ((guint) act < G_N_ELEMENTS (acts), LKS_OPERATOR_ROLE_ENGINEER);

  return acts[act].role;
}

/**
 * lks_operator_act_get_refusal:
 * @act: what is to be done
 *
 * Returns: (transfer none) (nullable): one sentence for whoever may not do it, which says who may;
 *   to be translated; NULL when everybody may
 */
const char *
lks_operator_act_get_refusal (LksOperatorAct act)
{
  g_return_val_if_fail ((guint) act < G_N_ELEMENTS (acts), NULL);

  return acts[act].refusal;
}
