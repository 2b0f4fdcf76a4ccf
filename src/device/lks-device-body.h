/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LksDeviceBody:
 *
 * The JSON body of a request: one flat object. It may hold a key or a password, so its memory
 * is wiped before it is given back, also when it grows. Initialise with { 0 }.
 */
typedef struct {
  char *text;
  gsize size;
  gsize capacity;
} LksDeviceBody;

void lks_device_body_add_text  (LksDeviceBody     *self,
                                const char        *member,
                                const char        *text);
void lks_device_body_add_texts (LksDeviceBody     *self,
                                const char        *member,
                                const char *const *texts);
void lks_device_body_add_flag  (LksDeviceBody     *self,
                                const char        *member,
                                gboolean           flag);
void lks_device_body_add_int   (LksDeviceBody     *self,
                                const char        *member,
                                gint64             value);
void lks_device_body_end       (LksDeviceBody     *self);
void lks_device_body_clear     (LksDeviceBody     *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LksDeviceBody, lks_device_body_clear)

G_END_DECLS
