/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-image-metadata.h"

G_BEGIN_DECLS

/* A real file has 392 bytes; the device's decoder takes at most 1024. */
#define LKS_CAPABILITY_FILE_BYTES_MAX 1024

/**
 * LksCapabilityFile:
 * @device_id: (owned): the board it is for, 128 digits, lower case
 * @capabilities: (owned) (element-type guint): the capability numbers, in file order, no zeros;
 *   empty for a file that takes capabilities away
 * @metadata: (owned): who signed it and when
 *
 * What a capability file says. The file itself is a key to that board and is not kept here.
 */
typedef struct {
  char *device_id;
  GArray *capabilities;
  LksImageMetadata *metadata;
} LksCapabilityFile;

LksCapabilityFile *lks_capability_file_parse (GBytes                  *file,
                                              GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
void               lks_capability_file_free  (LksCapabilityFile       *self);

gboolean           lks_capability_file_has   (const LksCapabilityFile *self,
                                              guint                    capability);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksCapabilityFile, lks_capability_file_free)

G_END_DECLS
