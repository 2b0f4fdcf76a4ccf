/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* Looks for the parts of a capability that make it one, or for what all tokens of a service contain,
 * in all forms in which they travel. */

typedef struct _Canary Canary;

Canary *canary_new           (GBytes     *capability);
Canary *canary_new_for_text  (const char *text);
void    canary_free          (Canary     *self);

guint   canary_count         (Canary     *self,
                              const char *bytes,
                              gsize       size);
guint   canary_count_file    (Canary     *self,
                              const char *path);
guint   canary_count_folder  (Canary     *self,
                              const char *path,
                              guint      *out_files);

/**
 * CanaryMemory:
 * @core: occurrences in what a core image of the process would hold
 * @excluded: occurrences in what the process has left out of core images
 */
typedef struct
{
  guint core;
  guint excluded;
} CanaryMemory;

CanaryMemory canary_count_memory (Canary *self,
                                  GPid    pid);
