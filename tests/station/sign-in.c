/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sign-in.h"

#include "wait-until.h"

static void
signed_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  lks_operator_session_sign_in_finish (LKS_OPERATOR_SESSION (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

/* Of somebody who may. */
void
sign_in_and_wait (LksOperatorSession *session, const LksOperatorProof *proof)
{
  gboolean is_done = FALSE;

  lks_operator_session_sign_in_async (session, proof, NULL, signed_in_cb, &is_done);
  WAIT_UNTIL (is_done);
}
