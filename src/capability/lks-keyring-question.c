/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-keyring-question-private.h"

void
lks_keyring_question_unref (LksKeyringQuestion *self)
{
  if (--self->refs > 0)
    return;

  g_clear_object (&self->cancellable);
  g_clear_object (&self->inner);
  g_clear_object (&self->result);
  g_free (self);
}

/* Two references: one for who asks, one for lks_keyring_answered_cb(). libsecret 0.20 waits for
 * itself when the opening of its file is cancelled, so that is never done: who asks just stops
 * waiting. */
LksKeyringQuestion *
lks_keyring_ask (LksKeyring *keyring, GCancellable *cancellable)
{
  LksKeyringQuestion *self = g_new0 (LksKeyringQuestion, 1);

  self->refs = 2;
  self->keyring = keyring;
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  if (lks_keyring_is_open (keyring))
    self->inner = g_cancellable_new ();
  return self;
}

void
lks_keyring_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksKeyringQuestion) self = user_data;

  self->result = g_object_ref (result);
}

/* Any thread. */
static void
wake_cb (GCancellable *cancellable, gpointer context)
{
  g_main_context_wakeup (context);
}

/* Waits for the answer, which belongs to @self, or until cancelled. Then libsecret is told from
 * this thread, because its handlers are not made for another one. GLib's source for a cancellable
 * may be left behind when it ends while another thread cancels. */
GAsyncResult *
lks_keyring_await (LksKeyringQuestion *self, GError **error)
{
  GMainContext *context = self->keyring->context;
  gulong handler = 0;

  if (self->cancellable != NULL)
    handler = g_cancellable_connect (self->cancellable, G_CALLBACK (wake_cb), context, NULL);
  while (self->result == NULL && !g_cancellable_is_cancelled (self->cancellable))
    g_main_context_iteration (context, TRUE);
  g_cancellable_disconnect (self->cancellable, handler);

  if (self->result != NULL)
    return self->result;
  if (self->inner != NULL)
    g_cancellable_cancel (self->inner);
  g_cancellable_set_error_if_cancelled (self->cancellable, error);
  return NULL;
}
