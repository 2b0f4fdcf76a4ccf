/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* How long the main loop is kept from answering. A thread asks it every millisecond, with the
 * priority of input, and the longest wait for its answer is the longest stall that a person could
 * feel. Main thread only. */
typedef struct _LoopWatch LoopWatch;

LoopWatch *loop_watch_new         (void);
void       loop_watch_free        (LoopWatch *self);

void       loop_watch_stop        (LoopWatch *self);
void       loop_watch_begin_frame (LoopWatch *self);
void       loop_watch_end_frame   (LoopWatch *self);

guint      loop_watch_get_count   (LoopWatch *self);
double     loop_watch_get_ms      (LoopWatch *self,
                                   double     part);
double     loop_watch_get_work_ms (LoopWatch *self);
