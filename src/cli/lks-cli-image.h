/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-image-inspection.h"
#include "lks-restart-forecast.h"
#include "lks-sideload.h"

G_BEGIN_DECLS

int  lks_cli_image_inspect           (int                        argc,
                                      char                     **argv);
int  lks_cli_image_install           (int                        argc,
                                      char                     **argv);
int  lks_cli_image_remove_capability (int                        argc,
                                      char                     **argv);
int  lks_cli_image_delete            (int                        argc,
                                      char                     **argv);
int  lks_cli_image_keep_only         (int                        argc,
                                      char                     **argv);

void lks_cli_print_inspection        (const char                *file,
                                      const LksImageInspection  *inspection);
void lks_cli_print_forecast          (const char                *what,
                                      LksRestartForecast         forecast,
                                      const char                *reason);
void lks_cli_tell_sideload           (const LksSideloadProgress *progress,
                                      gpointer                   user_data);

G_END_DECLS
