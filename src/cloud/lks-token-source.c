/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-token-source.h"

G_DEFINE_INTERFACE (LksTokenSource, lks_token_source, G_TYPE_OBJECT)

static void
lks_token_source_default_init (LksTokenSourceInterface *iface)
{
}

/**
 * lks_token_source_get_authorization:
 * @self: a source
 * @renew: the token that was given last is not accepted (any more); get another one
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.CloudError] or `G_IO_ERROR_CANCELLED`
 *
 * Gives the header line that proves the sign-in. Asks the sign-in service when the token at hand
 * is about to expire. Blocks; the worker of the client only.
 *
 * Returns: (transfer full): "Authorization: Bearer …", or NULL with @error set
 */
LksSecret *
lks_token_source_get_authorization (LksTokenSource *self,
                                    gboolean renew,
                                    GCancellable *cancellable,
                                    GError **error)
{
  return LKS_TOKEN_SOURCE_GET_IFACE (self)->get_authorization (self, renew, cancellable, error);
}
