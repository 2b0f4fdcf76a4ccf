/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-secret.h"

G_BEGIN_DECLS

/**
 * LksTokens:
 * @access: (owned): what proves the sign-in to the resource API, for @expires_in_s
 * @refresh: (owned) (nullable): what gets another one later
 * @expires_in_s: how long @access is good
 * @user: (owned) (nullable): who signed in, as an address
 * @tenant: (owned) (nullable): GUID of the directory
 *
 * What the sign-in service gives.
 */
typedef struct {
  LksSecret *access;
  LksSecret *refresh;
  guint expires_in_s;
  char *user;
  char *tenant;
} LksTokens;

/**
 * LksDeviceCode:
 * @device_code: (owned): what this program asks with; a secret
 * @user_code: (owned): what the person types in
 * @address: (owned): where
 * @expires_in_s: how long it is good
 * @interval_s: how often the service may be asked
 *
 * A sign-in that a person confirms elsewhere.
 */
typedef struct {
  LksSecret *device_code;
  char *user_code;
  char *address;
  guint expires_in_s;
  guint interval_s;
} LksDeviceCode;

gboolean lks_tokens_parse       (LksTokens      *self,
                                 GBytes         *body,
                                 GError        **error);
void     lks_tokens_clear       (LksTokens      *self);

gboolean lks_device_code_parse  (LksDeviceCode  *self,
                                 GBytes         *body,
                                 GError        **error);
void     lks_device_code_clear  (LksDeviceCode  *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LksTokens, lks_tokens_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LksDeviceCode, lks_device_code_clear)

G_END_DECLS
