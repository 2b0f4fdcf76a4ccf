/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-claimer.h"

G_DEFINE_INTERFACE (LksClaimer, lks_claimer, G_TYPE_OBJECT)

static void
lks_claimer_default_init (LksClaimerInterface *iface)
{
}

/**
 * lks_claim_answer_clear:
 * @self: an answer
 *
 * Frees what is in it, so that it says: nothing.
 */
void
lks_claim_answer_clear (LksClaimAnswer *self)
{
  g_clear_pointer (&self->place, g_free);
  g_clear_pointer (&self->account, g_free);
}

/**
 * lks_claimer_look:
 * @self: a claimer
 * @claim: which catalog
 * @device_id: which board, 128 digits in lower case
 * @answer: gets where it is
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of the cloud, or of whoever keeps the sign-in
 *
 * Asks the catalog whether it has the board, in whichever product. Changes nothing. Blocks for
 * exchanges with the cloud; worker threads only.
 *
 * Returns: whether the catalog answered; that it has not got the board is an answer
 */
gboolean
lks_claimer_look (LksClaimer *self,
                  const LksRecipeClaim *claim,
                  const char *device_id,
                  LksClaimAnswer *answer,
                  GCancellable *cancellable,
                  GError **error)
{
  return LKS_CLAIMER_GET_IFACE (self)->look (self, claim, device_id, answer, cancellable, error);
}

/**
 * lks_claimer_claim:
 * @self: a claimer
 * @claim: into which catalog, product and device group
 * @device_id: which board, 128 digits in lower case
 * @answer: gets where it is now
 * @cancellable: (nullable): a cancellable; an order that was sent goes on without us
 * @error: return location for an error of the cloud, or of whoever keeps the sign-in
 *
 * Claims the board, for ever, and looks at it afterwards. After a failure it may be claimed or not:
 * lks_claimer_look() tells. Blocks for exchanges with the cloud, up to some minutes; worker threads
 * only.
 *
 * Returns: whether the board was seen in the catalog
 */
gboolean
lks_claimer_claim (LksClaimer *self,
                   const LksRecipeClaim *claim,
                   const char *device_id,
                   LksClaimAnswer *answer,
                   GCancellable *cancellable,
                   GError **error)
{
  return LKS_CLAIMER_GET_IFACE (self)->claim (self, claim, device_id, answer, cancellable, error);
}
