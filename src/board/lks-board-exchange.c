/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-board-exchange.h"

G_DEFINE_BOXED_TYPE (LksBoardExchange,
                     lks_board_exchange,
                     lks_board_exchange_copy,
                     lks_board_exchange_free)

#define HTTP_FORBIDDEN 403

/* What a technician takes away from a board, for people elsewhere to read. */
static gboolean
takes_data (const LksDeviceExchange *exchange)
{
  return g_str_equal (exchange->path, "/log") || g_str_equal (exchange->path, "/telemetry");
}

/**
 * lks_board_exchange_is_notable:
 * @exchange: what a device client observed
 *
 * Returns: whether it may have changed the board, has taken its log or telemetry with a key, or
 *   tells that the board does not accept a key
 */
gboolean
lks_board_exchange_is_notable (const LksDeviceExchange *exchange)
{
  return !g_str_equal (exchange->method, "GET") ||
         (exchange->with_key && (exchange->http_status == HTTP_FORBIDDEN || takes_data (exchange)));
}

/**
 * lks_board_exchange_new:
 * @exchange: what a device client observed
 * @device_id: (nullable): of which board
 *
 * Returns: (transfer full): what is worth keeping of it
 */
LksBoardExchange *
lks_board_exchange_new (const LksDeviceExchange *exchange, const char *device_id)
{
  LksBoardExchange *self = g_new0 (LksBoardExchange, 1);

  self->device_id = g_strdup (device_id);
  self->method = g_strdup (exchange->method);
  self->path = g_strdup (exchange->path);
  self->http_status = exchange->http_status;
  self->started_at_us = exchange->started_at_us;
  self->duration_us = exchange->duration_us;
  self->with_key = exchange->with_key;
  self->problem = exchange->error != NULL ? g_strdup (exchange->error->message) : NULL;
  return self;
}

/**
 * lks_board_exchange_copy:
 * @self: an exchange
 *
 * Returns: (transfer full): a copy
 */
LksBoardExchange *
lks_board_exchange_copy (const LksBoardExchange *self)
{
  LksBoardExchange *copy = g_memdup2 (self, sizeof *self);

  copy->device_id = g_strdup (self->device_id);
  copy->method = g_strdup (self->method);
  copy->path = g_strdup (self->path);
  copy->problem = g_strdup (self->problem);
  return copy;
}

/**
 * lks_board_exchange_free:
 * @self: (transfer full) (nullable): an exchange
 */
void
lks_board_exchange_free (LksBoardExchange *self)
{
  if (self == NULL)
    return;

  g_free (self->device_id);
  g_free (self->method);
  g_free (self->path);
  g_free (self->problem);
  g_free (self);
}
