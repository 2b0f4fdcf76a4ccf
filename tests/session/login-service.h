/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* A small login manager and a small screen saver on a bus of the test's own: they answer what
 * Locksmith asks, and say what they are told to say. */

typedef struct _LoginService LoginService;

LoginService *login_service_new              (const char   *address);
void          login_service_free             (LoginService *self);

void          login_service_set_saver        (LoginService *self,
                                              const char   *interface,
                                              gboolean      is_active);
void          login_service_lock             (LoginService *self);
void          login_service_hint             (LoginService *self,
                                              gboolean      is_own,
                                              gboolean      is_locked);
void          login_service_prepare          (LoginService *self,
                                              const char   *member,
                                              gboolean      begins);
void          login_service_remove_session   (LoginService *self,
                                              gboolean      is_own);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LoginService, login_service_free)
