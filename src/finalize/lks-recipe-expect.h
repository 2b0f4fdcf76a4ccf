/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-wifi.h"
#include "lks-recipe.h"

G_BEGIN_DECLS

/**
 * LksRecipeNetwork:
 * @ssid: its name, 1 to 32 bytes
 * @security: how it is protected; %LKS_WIFI_SECURITY_UNKNOWN: any way will do
 *
 * A Wi-Fi network that a unit is shipped with.
 */
typedef struct {
  char            *ssid;
  LksWifiSecurity  security;
} LksRecipeNetwork;

/**
 * LksRecipeCertificate:
 * @id: its identifier in the certificate store
 * @subject: (nullable): its subject, as the board writes it ("/CN=…")
 * @valid_days: for how many days from now it must still be valid; 0: dates do not matter
 *
 * A certificate that a unit is shipped with.
 */
typedef struct {
  char *id;
  char *subject;
  guint valid_days;
} LksRecipeCertificate;

/**
 * LksRecipeInterface:
 * @name: its name, such as "eth0"
 * @is_up: whether it must be up, or else down
 *
 * A network interface and the state in which a unit is shipped.
 */
typedef struct {
  char     *name;
  gboolean  is_up;
} LksRecipeInterface;

GPtrArray            *lks_recipe_get_networks            (LksRecipe *self);
GPtrArray            *lks_recipe_get_certificates        (LksRecipe *self);
GPtrArray            *lks_recipe_get_interfaces          (LksRecipe *self);
const LksRecipeImage *lks_recipe_get_board_configuration (LksRecipe *self);
guint                 lks_recipe_get_check_limit_s       (LksRecipe *self);
guint                 lks_recipe_get_step_limit_s        (LksRecipe *self);
guint                 lks_recipe_get_run_limit_s         (LksRecipe *self);

G_END_DECLS
