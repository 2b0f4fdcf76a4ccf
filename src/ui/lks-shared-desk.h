/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-desk.h"

G_BEGIN_DECLS

LksCloudDesk *lks_shared_desk_ref (GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
