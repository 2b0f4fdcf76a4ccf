/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-waiver-book.h"

struct _LksWaiverBook
{
  GObject parent_instance;

  GPtrArray *waivers; /* (owned) (element-type LksWaiver): the newest last */
};

G_DEFINE_FINAL_TYPE (LksWaiverBook, lks_waiver_book, G_TYPE_OBJECT)

static void
lks_waiver_book_finalize (GObject *object)
{
  g_ptr_array_unref (LKS_WAIVER_BOOK (object)->waivers);
  G_OBJECT_CLASS (lks_waiver_book_parent_class)->finalize (object);
}

static void
lks_waiver_book_class_init (LksWaiverBookClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lks_waiver_book_finalize;
}

static void
lks_waiver_book_init (LksWaiverBook *self)
{
  self->waivers = g_ptr_array_new_with_free_func ((GDestroyNotify) lks_waiver_unref);
}

/**
 * lks_waiver_book_ref_default:
 *
 * Gets the book that all windows share. Main thread only.
 *
 * Returns: (transfer full): the book
 */
LksWaiverBook *
lks_waiver_book_ref_default (void)
{
  static LksWaiverBook *shared; /* (unowned) */

  if (shared != NULL)
    return g_object_ref (shared);

  g_set_weak_pointer (&shared, g_object_new (LKS_TYPE_WAIVER_BOOK, NULL));
  return shared;
}

/**
 * lks_waiver_book_enter:
 * @self: a book
 * @waiver: a waiver that somebody has given
 *
 * Adds a waiver.
 */
void
lks_waiver_book_enter (LksWaiverBook *self, LksWaiver *waiver)
{
  g_return_if_fail (LKS_IS_WAIVER_BOOK (self));

  g_ptr_array_add (self->waivers, lks_waiver_ref (waiver));
}

/**
 * lks_waiver_book_apply:
 * @self: a book
 * @finalizer: the runs of a board
 * @batch: (nullable): the batch that is worked on
 *
 * Sets the waivers of the next runs: those that hold now for this board, this recipe and this
 * batch. What was given for others is no business of this board's record.
 */
void
lks_waiver_book_apply (LksWaiverBook *self, LksFinalizer *finalizer, const char *batch)
{
  g_autoptr (GPtrArray) holding =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lks_waiver_unref);
  LksRecipe *recipe = lks_finalizer_get_recipe (finalizer);
  const char *device_id = lks_board_get_device_id (lks_finalizer_get_board (finalizer));
  gint64 now_us = g_get_real_time ();

  g_return_if_fail (LKS_IS_WAIVER_BOOK (self));

  for (guint i = 0; i < self->waivers->len; i++)
    if (lks_waiver_find_objection (self->waivers->pdata[i], recipe, device_id, batch, now_us) ==
        NULL)
      g_ptr_array_add (holding, lks_waiver_ref (self->waivers->pdata[i]));

  lks_finalizer_set_waivers (finalizer, holding->len > 0 ? holding : NULL);
}
