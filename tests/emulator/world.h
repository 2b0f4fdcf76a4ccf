/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-board.h"
#include "emu-image.h"

#include "http-client.h"

G_BEGIN_DECLS

#define WORLD_JSON "application/json"
#define WORLD_BINARY "application/octet-stream"

/**
 * World:
 *
 * One board of a scenario that loses no time, and a client on a connection to it.
 */
typedef struct {
  EmuScenario *scenario;
  EmuBoard *board;
  HttpClient *client;
} World;

EmuKeys    *world_get_keys        (void);
const char *world_get_state_dir   (void);
int         world_run             (void);

World      *world_new             (const char       *members);
void        world_free            (World            *self);

HttpReply  *world_ask             (World            *self,
                                   const char       *request,
                                   const char       *header_lines,
                                   const char       *body);
void        world_expect          (World            *self,
                                   const char       *request,
                                   const char       *body,
                                   guint             status,
                                   const char       *text);
void        world_expect_error    (World            *self,
                                   const char       *request,
                                   const char       *body,
                                   guint             status,
                                   gint64            number);
void        world_expect_status   (World            *self,
                                   const char       *request,
                                   const char       *header_lines,
                                   guint             status);
void        world_stage           (World            *self,
                                   GBytes           *image,
                                   guint             status,
                                   const char       *text);
void        world_wait_running    (World            *self,
                                   gboolean          running);

GBytes     *world_build_app       (EmuSigner         signer,
                                   const char       *component_id,
                                   const char       *capabilities);
char       *world_build_header    (EmuKeys          *keys,
                                   const char       *device_id,
                                   guint16           capability);
char       *world_encode_header   (GBytes           *file);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

G_END_DECLS
