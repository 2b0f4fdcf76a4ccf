/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench-description.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* A board that was just imported: an open connection and what the board says about itself. */
typedef struct {
  int fd;                        /* (owned) -1 once taken */
  guint32 devid;                 /* to be put into every header */
  BenchDescription *description; /* (owned) bus, device and place are for the owner to fill in */
} BenchImport;

GStrv        bench_usbip_list   (const char          *server,
                                 GError             **error) G_GNUC_WARN_UNUSED_RESULT;
BenchImport *bench_usbip_import (const char          *server,
                                 const char          *busid,
                                 GError             **error) G_GNUC_WARN_UNUSED_RESULT;
void         bench_import_free  (BenchImport         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchImport, bench_import_free)

G_END_DECLS
