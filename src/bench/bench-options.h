/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BENCH_EXIT_USAGE 2
#define BENCH_EXIT_FAILED 125    /* of the launcher itself, as env(1) and timeout(1) do it */
#define BENCH_EXIT_NOT_FOUND 127 /* PROGRAM */

/* All owned; NULL, 0 or FALSE when not given. */
typedef struct {
  int n_boards;
  char *scenario;
  char *trace;
  char *control;
  char *cloud;
  char *state_dir;
  gboolean is_private;
  char *usbip;
  char *ca;
  char *join;
  char **deny;
  char **allow;
  char **unplug;
  char **plug;
  char **command;
} BenchOptions;

gboolean bench_options_parse (BenchOptions  *self,
                              int            argc,
                              char         **argv,
                              GError       **error);
void     bench_options_clear (BenchOptions  *self);

G_END_DECLS
