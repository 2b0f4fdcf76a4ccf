/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-operator-session.h"

void sign_in_and_wait (LksOperatorSession     *session,
                       const LksOperatorProof *proof);
