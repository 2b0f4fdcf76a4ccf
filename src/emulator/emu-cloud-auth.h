/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-cloud-config.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Every token is full of these words, so that it can be searched for. They are too many for a
 * processor's register, which may leave what it held anywhere. */
#define EMU_CLOUD_TOKEN_MARK "EMUTOKEN-keep-this-secret"

/**
 * EmuCloudAuth:
 *
 * The sign-in service: who may have which token.
 */
typedef struct _EmuCloudAuth EmuCloudAuth;

/**
 * EmuAuthReply:
 * @status: HTTP status
 * @type: content type
 * @body: (owned)
 * @location: (owned) (nullable): where a browser is sent
 */
typedef struct {
  guint status;
  const char *type;
  GBytes *body;
  char *location;
} EmuAuthReply;

EmuCloudAuth *emu_cloud_auth_new          (const EmuCloudConfig *config) G_GNUC_WARN_UNUSED_RESULT;
void          emu_cloud_auth_free         (EmuCloudAuth         *self);

gboolean      emu_cloud_auth_handle       (EmuCloudAuth         *self,
                                           const char           *base,
                                           const char           *method,
                                           const char           *path,
                                           GHashTable           *query,
                                           const char           *form,
                                           EmuAuthReply         *reply);
gboolean      emu_cloud_is_sign_in_path   (const char           *path);
gboolean      emu_cloud_auth_fail         (const EmuCloudFault  *fault,
                                           const char           *form,
                                           EmuAuthReply         *reply);
void          emu_auth_reply_clear        (EmuAuthReply         *reply);

gboolean      emu_cloud_auth_check_token  (EmuCloudAuth         *self,
                                           const char           *authorization,
                                           gboolean              is_legacy,
                                           gboolean             *out_expired);
gboolean      emu_cloud_auth_decide       (EmuCloudAuth         *self,
                                           const char           *user_code,
                                           gboolean              approve);
void          emu_cloud_auth_expire       (EmuCloudAuth         *self);
void          emu_cloud_auth_revoke       (EmuCloudAuth         *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EmuAuthReply, emu_auth_reply_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuCloudAuth, emu_cloud_auth_free)

G_END_DECLS
