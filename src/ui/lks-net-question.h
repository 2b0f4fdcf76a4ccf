/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-service-page.h"

G_BEGIN_DECLS

/* Questions of the page Network, and what follows from their answers. */

void lks_net_question_remove_proxy (LksServicePage  *page);
void lks_net_question_mac          (LksServicePage  *page,
                                    const char      *name);

G_END_DECLS
