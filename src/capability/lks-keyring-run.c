/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One operation at a time. Of the file that libsecret has in a sandbox there is one in the process,
 * which all keyrings of ours share and no lock of libsecret's guards. A service is not shared in
 * this way: there one keyring may wait for a person while the others go on. */
#include "lks-keyring-question-private.h"

#include "lks-keyring-error-private.h"
#include "lks-turn.h"

/* Installed and documented, but libsecret/secret.h leaves it out. */
#define __SECRET_INSIDE_HEADER__
#include <libsecret/secret-backend.h>
#undef __SECRET_INSIDE_HEADER__

/* Of the file, and of finding out whether there is one. */
#define FILE_TURN "keyring"

typedef enum
{
  BACKEND_UNKNOWN,
  BACKEND_SERVICE,
  BACKEND_FILE,
} Backend;

static int backend;           /* (atomic): a #Backend; once it is known it stays so */
static gboolean is_file_open; /* an operation of before has opened it; guarded by %FILE_TURN */

static gboolean
is_service (void)
{
  return g_atomic_int_get (&backend) == BACKEND_SERVICE;
}

/* Whether the keyring is a file, and no service; known within an operation. */
gboolean
lks_keyring_is_file (void)
{
  return g_atomic_int_get (&backend) == BACKEND_FILE;
}

/* Whether a question may be cancelled at libsecret: not while it connects, or opens its file. */
gboolean
lks_keyring_is_open (LksKeyring *self)
{
  return self->has_service || (lks_keyring_is_file () && is_file_open);
}

/* Asks libsecret, which looks at its surroundings. It connects, or opens the file, as any other
 * question would. */
static gboolean
ensure_backend (LksKeyring *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksKeyringQuestion) question = NULL;
  GAsyncResult *result;
  gpointer found; /* not given back: of a new one, libsecret keeps the same reference for itself */

  if (g_atomic_int_get (&backend) != BACKEND_UNKNOWN)
    return TRUE;

  question = lks_keyring_ask (self, cancellable);
  secret_backend_get (SECRET_BACKEND_NONE, question->inner, lks_keyring_answered_cb, question);
  result = lks_keyring_await (question, error);
  found = result != NULL ? secret_backend_get_finish (result, error) : NULL;
  if (found == NULL)
    return FALSE;

  g_atomic_int_set (&backend, SECRET_IS_SERVICE (found) ? BACKEND_SERVICE : BACKEND_FILE);
  return TRUE;
}

/* libsecret lets go of its connection, or of its file. */
void
lks_keyring_disconnect (void)
{
  secret_service_disconnect ();
  if (!is_service ())
    is_file_open = FALSE;
}

static gboolean
try_once (LksKeyring *self,
          gboolean *has_file_turn,
          LksKeyringAttempt attempt,
          gpointer data,
          GCancellable *cancellable,
          GError **error)
{
  if (!ensure_backend (self, cancellable, error))
    return FALSE;
  if (*has_file_turn && is_service ())
    {
      lks_turn_end (FILE_TURN);
      *has_file_turn = FALSE;
    }
  return attempt (self, data, cancellable, error);
}

/* Proxies that were dropped give their parts back in the context that they were made in. */
static void
settle (LksKeyring *self)
{
  while (g_main_context_iteration (self->context, FALSE))
    ;
}

/* libsecret keeps its connection for good. When the other end was replaced, it is dropped and
 * the operation done again, once; all of them may be repeated. */
static gboolean
run_in_turn (LksKeyring *self,
             LksKeyringAttempt attempt,
             gpointer data,
             GCancellable *cancellable,
             GError **error)
{
  gboolean has_file_turn = !is_service ();
  GError *local_error = NULL;
  gboolean done;

  if (has_file_turn && !lks_turn_take (FILE_TURN, cancellable, error))
    return FALSE;

  g_main_context_push_thread_default (self->context);
  done = try_once (self, &has_file_turn, attempt, data, cancellable, &local_error);
  if (!done && lks_keyring_error_is_stale (local_error))
    {
      g_info ("connecting to the keyring again: %s", local_error->message);
      g_clear_error (&local_error);
      lks_keyring_disconnect ();
      done = try_once (self, &has_file_turn, attempt, data, cancellable, &local_error);
    }
  settle (self);
  g_main_context_pop_thread_default (self->context);

  self->has_service |= done && is_service ();
  if (has_file_turn)
    {
      is_file_open |= done;
      lks_turn_end (FILE_TURN);
    }
  if (!done)
    g_propagate_error (error, local_error);
  return done;
}

/* Waits for who uses this keyring, or the file that all of them share. */
gboolean
lks_keyring_run (LksKeyring *self,
                 LksKeyringAttempt attempt,
                 gpointer data,
                 GCancellable *cancellable,
                 GError **error)
{
  GError *local_error = NULL;
  gboolean done;

  if (!lks_turn_take (self->turn, cancellable, error))
    return FALSE;
  done = run_in_turn (self, attempt, data, cancellable, &local_error);
  lks_turn_end (self->turn);
  if (done)
    return TRUE;

  if (g_cancellable_is_cancelled (cancellable))
    g_propagate_error (error, local_error);
  else
    lks_keyring_error_translate (local_error, error);
  return FALSE;
}
