/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-secret.h"

#include <gio/gio.h>

G_BEGIN_DECLS

LksSecret *lks_vault_file_load (GFile *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
