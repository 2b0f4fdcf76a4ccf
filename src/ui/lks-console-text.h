/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-console-job.h"
#include "lks-labels.h"

G_BEGIN_DECLS

LksSign  lks_sign_for_console      (LksConsoleState  state);
char    *lks_console_to_text       (LksConsoleJob   *job) G_GNUC_WARN_UNUSED_RESULT;
char    *lks_console_ports_to_text (LksConsoleJob   *job) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
