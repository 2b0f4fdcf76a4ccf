/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-secret-store.h"
