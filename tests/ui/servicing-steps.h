/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "a11y.h"

/* What a technician does outside the window, with the board of servicing.json. */

#define SERVICING_DEVICE                                                                           \
  "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e"                               \
  "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5ec0ffee"

char        *servicing_make_capability   (const char         *emulator);
GBytes      *servicing_import_capability (const char         *emulator,
                                          const char         *locksmithctl);

GSubprocess *servicing_start_program     (const char         *locksmith,
                                          const char         *locksmithctl,
                                          const char         *log_path);

void         servicing_select_board      (AtspiAccessible    *window,
                                          int                 row);

void         servicing_run               (const char *const  *argv,
                                          char              **out_text);
