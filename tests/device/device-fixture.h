/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "board-server.h"
#include "lks-device.h"

G_BEGIN_DECLS

/* One server and one device that trusts it. */
typedef struct {
  Identity *ca;
  Identity *identity;
  BoardServer *server;
  LksTrust *trust;
  LksDevice *device;
} Fixture;

void fixture_set_up    (Fixture       *f,
                        gconstpointer  unused);
void fixture_tear_down (Fixture       *f,
                        gconstpointer  unused);
/* One GET /status, so that the board's REST version is known. */
void fixture_say_hello (Fixture       *f);

#define add_test(path, func) \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

G_END_DECLS
