/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-verdict-book.h"

#include <glib/gi18n-lib.h>

struct _LksVerdictBook
{
  GObject parent_instance;

  GHashTable *verdicts; /* (owned) device ID → LksVerdict */
  GQueue ids;           /* (unowned): the keys of @verdicts, the one that came first at the head */
};

G_DEFINE_FINAL_TYPE (LksVerdictBook, lks_verdict_book, G_TYPE_OBJECT)

static guint changed_signal;

static void
lks_verdict_book_finalize (GObject *object)
{
  g_queue_clear (&LKS_VERDICT_BOOK (object)->ids);
  g_hash_table_unref (LKS_VERDICT_BOOK (object)->verdicts);
  G_OBJECT_CLASS (lks_verdict_book_parent_class)->finalize (object);
}

static void
lks_verdict_book_class_init (LksVerdictBookClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lks_verdict_book_finalize;

  changed_signal = g_signal_new ("changed", LKS_TYPE_VERDICT_BOOK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
lks_verdict_book_init (LksVerdictBook *self)
{
  self->verdicts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_queue_init (&self->ids);
}

/**
 * lks_verdict_book_ref_default:
 *
 * Gets the book that all windows share. Main thread only.
 *
 * Returns: (transfer full): the book
 */
LksVerdictBook *
lks_verdict_book_ref_default (void)
{
  static LksVerdictBook *shared; /* (unowned) */

  if (shared != NULL)
    return g_object_ref (shared);

  g_set_weak_pointer (&shared, g_object_new (LKS_TYPE_VERDICT_BOOK, NULL));
  return shared;
}

/**
 * lks_verdict_book_look_up:
 * @self: a book
 * @device_id: (nullable): a device ID
 *
 * Looks up the last verdict on a board.
 *
 * Returns: the verdict; NONE when there is none
 */
LksVerdict
lks_verdict_book_look_up (LksVerdictBook *self, const char *device_id)
{
  g_return_val_if_fail (LKS_IS_VERDICT_BOOK (self), LKS_VERDICT_NONE);

  if (device_id == NULL)
    return LKS_VERDICT_NONE;
  return GPOINTER_TO_INT (g_hash_table_lookup (self->verdicts, device_id));
}

static void
add_page (LksVerdictBook *self, char *device_id)
{
  if (g_queue_get_length (&self->ids) == LKS_VERDICT_BOOK_MAX)
    g_hash_table_remove (self->verdicts, g_queue_pop_head (&self->ids));
  g_queue_push_tail (&self->ids, device_id);
}

/**
 * lks_verdict_book_enter:
 * @self: a book
 * @device_id: (nullable): a device ID; without one nothing is entered
 * @verdict: the verdict on that board
 *
 * Enters a verdict. In a full book that of the board that came first makes room.
 */
void
lks_verdict_book_enter (LksVerdictBook *self, const char *device_id, LksVerdict verdict)
{
  char *key;

  g_return_if_fail (LKS_IS_VERDICT_BOOK (self));

  if (device_id == NULL || lks_verdict_book_look_up (self, device_id) == verdict)
    return;

  key = g_strdup (device_id);
  if (!g_hash_table_contains (self->verdicts, key))
    add_page (self, key);
  g_hash_table_insert (self->verdicts, key, GINT_TO_POINTER (verdict)); /* keeps a key it has */
  g_signal_emit (self, changed_signal, 0);
}

/**
 * lks_verdict_book_enter_run:
 * @self: a book
 * @finalizer: whose run has ended
 *
 * Enters its verdict, unless it is only that the board is ready.
 */
void
lks_verdict_book_enter_run (LksVerdictBook *self, LksFinalizer *finalizer)
{
  if (lks_finalizer_get_outcome (finalizer) != LKS_OUTCOME_READY)
    lks_verdict_book_enter (self, lks_finalizer_get_device_id (finalizer),
                            lks_finalizer_get_verdict (finalizer));
}

/**
 * lks_sign_for_verdict:
 * @verdict: a verdict
 *
 * Shows a verdict; the words are those of the records and are not translated.
 *
 * Returns: its sign; without a word for NONE
 */
LksSign
lks_sign_for_verdict (LksVerdict verdict)
{
  switch (verdict)
    {
    case LKS_VERDICT_PASS:
      return (LksSign){ "lks-pass-symbolic", "PASS", "", LKS_TONE_GOOD };
    case LKS_VERDICT_FAIL:
      return (LksSign){ "lks-fail-symbolic", "FAIL", "", LKS_TONE_BAD };
    case LKS_VERDICT_STOPPED:
      return (LksSign){ "lks-stopped-symbolic", "STOPPED", "", LKS_TONE_WARNING };
    case LKS_VERDICT_NONE:
      break;
    }
  return (LksSign){ "", "", "", LKS_TONE_PLAIN };
}

/**
 * lks_sign_for_step_result:
 * @result: how a step came out
 *
 * Shows how a step came out.
 *
 * Returns: its sign
 */
LksSign
lks_sign_for_step_result (LksStepResult result)
{
  switch (result)
    {
    case LKS_STEP_RESULT_RUNNING:
      break;
    case LKS_STEP_RESULT_PASS:
      return (LksSign){ "lks-pass-symbolic", _ ("Passed"), "", LKS_TONE_GOOD };
    case LKS_STEP_RESULT_WARNING:
      return (LksSign){ "lks-warning-symbolic", _ ("Passed, with a note"), "", LKS_TONE_WARNING };
    case LKS_STEP_RESULT_SKIP:
      return (LksSign){ "lks-skipped-symbolic", _ ("Skipped"), "", LKS_TONE_PLAIN };
    case LKS_STEP_RESULT_FAIL:
      return (LksSign){ "lks-fail-symbolic", _ ("Failed"), "", LKS_TONE_BAD };
    case LKS_STEP_RESULT_STOPPED:
      return (LksSign){ "lks-stopped-symbolic", _ ("Stopped"), "", LKS_TONE_WARNING };
    case LKS_STEP_RESULT_WAIVED:
      return (LksSign){ "lks-warning-symbolic", _ ("Failed, and waived"), "", LKS_TONE_WARNING };
    }
  return (LksSign){ "lks-pending-symbolic", _ ("Running…"), "", LKS_TONE_NOTICE };
}
